package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// CommandResult is what a person sees at once after a slash command.
type CommandResult struct {
	Text         string
	Blocks       json.RawMessage
	ResponseType string // "ephemeral" or "in_channel"; empty where the app only acknowledged
	Err          error
}

// Command types a slash command and waits for the app's acknowledgement. What
// the app answers with it becomes a message. The error is also in the result.
func (s *Sim) Command(user, channel, command, text string, opts ...PostOption) (CommandResult, error) {
	s.mu.Lock()
	r, e, err := s.commandEnvelope(user, channel, command, text, postingOf(opts))
	if err != nil {
		s.showError(user, channel, "slash_command", err)
		s.mu.Unlock()
		return CommandResult{Err: err}, err
	}
	e.team.app.send(e)
	s.mu.Unlock()

	a := <-e.answer
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.err != nil {
		err := fmt.Errorf("%s by %s: %w", command, user, a.err)
		s.showError(user, channel, "slash_command", a.err)
		return CommandResult{Err: err}, err
	}
	return s.commandReply(e.team, r, user, a.payload)
}

func (s *Sim) commandEnvelope(user, channel, command, text string, p posting) (*room, *envelope, error) {
	r, u, err := s.member(user, channel)
	if err != nil {
		return nil, nil, fmt.Errorf("command %s: %w", command, err)
	}
	t := r.teamOf(user)
	switch {
	case p.thread != "":
		return nil, nil, fmt.Errorf("command %s: %w", command, ErrInThread)
	case u.Foreign != "", t.app == nil, t.Commands != nil && !slices.Contains(t.Commands, command):
		return nil, nil, fmt.Errorf("command %s: %w", command, ErrNoSuchCommand)
	}
	payload := map[string]any{
		"token": "verification-token", "team_id": t.ID, "team_domain": t.Domain, "channel_id": r.ID,
		"channel_name": r.shownName(), "user_id": user, "user_name": u.Name, "command": command,
		"text": s.commandText(t, text), "api_app_id": t.AppID, "is_enterprise_install": "false",
		"response_url": s.newHook(t, r, user, nil), "trigger_id": s.newTrigger(t, user),
	}
	return r, &envelope{
		team: t, kind: "slash_commands", payload: rawJSON(payload), answer: make(chan answer, 1),
		note: Delivery{Kind: "slash_commands", Type: command, Channel: channel},
	}, nil
}

// commandText is the text of a command as Slack passes it on.
func (s *Sim) commandText(t *team, text string) string {
	text = strings.TrimSpace(text)
	if t.RawCommands {
		return text
	}
	var out strings.Builder
	s.scan(t, text, func(plain, live string, element map[string]any) {
		switch {
		case element == nil:
			live = escape(plain)
		case element["type"] == "user":
			id, _ := element["user_id"].(string)
			live = "<@" + id + "|" + s.nameOf(t, id) + ">"
		}
		out.WriteString(live)
	})
	return out.String()
}

// commandReply shows the message that came with the acknowledgement.
func (s *Sim) commandReply(t *team, r *room, user string, payload json.RawMessage) (CommandResult, error) {
	if len(payload) == 0 || string(payload) == "null" || string(payload) == "{}" {
		return CommandResult{}, nil
	}
	h := &hook{team: t, room: r, user: user}
	m, err := s.say(h, payload)
	if err != nil {
		s.showError(user, r.ID, "slash_command", err)
		return CommandResult{Err: err}, fmt.Errorf("command answer: %w", err)
	}
	if m == nil {
		return CommandResult{}, nil
	}
	kind := "in_channel"
	if m.For != "" {
		kind = "ephemeral"
	}
	return CommandResult{Text: m.Text, Blocks: m.Blocks, ResponseType: kind}, nil
}

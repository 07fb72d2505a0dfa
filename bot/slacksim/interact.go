package slacksim

import (
	"fmt"
	"maps"
)

// Click presses a button in a message, ephemeral ones included, and waits for
// the app's acknowledgement. The first element with that action id counts.
func (s *Sim) Click(user, channel, ts, actionID string) error {
	return s.act(user, channel, ts, func(e object) bool { return e["action_id"] == actionID }, "")
}

// ClickValue presses the button that has both action id and value, for lists
// with the same button in every row.
func (s *Sim) ClickValue(user, channel, ts, actionID, value string) error {
	return s.act(user, channel, ts, func(e object) bool { return e["action_id"] == actionID && e["value"] == value }, "")
}

// Select chooses in a menu, a picker or a text field of a message: the value of
// an option, an id, a date, a time or the text. Several choices are separated
// by commas. It waits for the app's acknowledgement.
func (s *Sim) Select(user, channel, ts, actionID, value string) error {
	return s.act(user, channel, ts, func(e object) bool { return e["action_id"] == actionID }, value)
}

func (s *Sim) act(user, channel, ts string, match func(object) bool, value string) error {
	s.mu.Lock()
	r, m, err := s.seen(user, channel, ts)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("use a message: %w", err)
	}
	action, ok := findElement(m, match)
	if ok {
		ok = s.choose(r, action, value)
	}
	if !ok {
		s.mu.Unlock()
		return fmt.Errorf("use message %s in %s: %w", ts, channel, ErrNoSuchElement)
	}
	t := r.installFor(m)
	if t.app == nil {
		s.mu.Unlock()
		return fmt.Errorf("use message %s in %s: %w", ts, channel, ErrNoConnection)
	}
	e := s.interaction(t, user, s.blockActions(r, m, user, action))
	t.app.send(e)
	s.mu.Unlock()
	return s.settle(e, user, channel)
}

// seen finds a message in a channel that the person can read.
func (s *Sim) seen(user, channel, ts string) (*room, *Message, error) {
	r := s.rooms[channel]
	if r == nil {
		return nil, nil, fmt.Errorf("channel %s: %w", channel, ErrNotFound)
	}
	u := r.person(user)
	if u == nil || u.Deleted {
		return nil, nil, fmt.Errorf("user %s: %w", user, ErrNotFound)
	}
	m := r.find(ts, user)
	if m == nil || !r.canSee(u) {
		return nil, nil, fmt.Errorf("message %s for %s: %w", ts, user, ErrNoSuchElement)
	}
	return r, m, nil
}

// interaction wraps a payload with what all interactions carry.
func (s *Sim) interaction(t *team, user string, payload map[string]any) *envelope {
	kind, _ := payload["type"].(string)
	trimState(payload)
	if view, ok := payload["view"].(map[string]any); ok {
		trimState(view)
	}
	maps.Copy(payload, map[string]any{
		"user": map[string]any{"id": user, "username": s.nameOf(t, user), "name": s.nameOf(t, user), "team_id": s.homeOf(t, user)},
		"team": s.teamShown(t, user, payload["view"] != nil), "api_app_id": t.AppID, "token": "verification-token",
		"enterprise": nil, "is_enterprise_install": false,
	})
	if kind != "block_suggestion" {
		payload["trigger_id"] = s.newTrigger(t, user)
	}
	return &envelope{
		team: t, kind: "interactive", payload: rawJSON(payload), answer: make(chan answer, 1),
		note: Delivery{Kind: "interactive", Type: kind},
	}
}

// trimState brings the values of fields into Slack's exact shape where they were
// given as whole elements.
func trimState(in map[string]any) {
	state, _ := in["state"].(map[string]any)
	values, _ := state["values"].(map[string]map[string]any)
	for _, actions := range values {
		for id, v := range actions {
			if e, ok := v.(object); ok {
				actions[id] = fieldState(e, "")
			}
		}
	}
}

// teamShown is the workspace that an interaction names: the installation's, but
// in views of people of another organisation their own. Their view says in
// app_installed_team_id where the app is installed.
func (s *Sim) teamShown(t *team, user string, inView bool) map[string]any {
	id, domain := t.ID, t.Domain
	if home := s.homeOf(t, user); inView && home != t.ID {
		id, domain = home, ""
		if other := s.team(home); other != nil {
			domain = other.Domain
		}
	}
	return map[string]any{"id": id, "domain": domain}
}

// settle waits for an interaction's answer; it is called without the lock.
func (s *Sim) settle(e *envelope, user, channel string) error {
	a := <-e.answer
	if a.err == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.showError(user, channel, e.note.Type, a.err)
	return fmt.Errorf("%s by %s: %w", e.note.Type, user, a.err)
}

// blockActions is the payload for one action in a message.
func (s *Sim) blockActions(r *room, m *Message, user string, action object) map[string]any {
	action["action_ts"] = r.nextTS(s.opts.Now())
	blockID, _ := action["block_id"].(string)
	actionID, _ := action["action_id"].(string)
	state := stateOf(rawJSON(messageBlocksOf(m)), nil)
	if now := fieldState(action, ""); now != nil {
		state.set(blockID, actionID, now)
	}
	payload := map[string]any{
		"type": "block_actions", "container": messageContainer(r, m), "channel": map[string]any{"id": r.ID, "name": r.shownName()},
		"actions": []any{action}, "response_url": s.newHook(r.installFor(m), r, user, m),
		"state": map[string]any{"values": state},
	}
	if m.For == "" {
		payload["message"] = s.messageJSON(r, m)
	}
	return payload
}

// messageContainer says where in a channel an element was used.
func messageContainer(r *room, m *Message) map[string]any {
	out := map[string]any{
		"type": "message", "message_ts": m.TS, "channel_id": r.ID, "is_ephemeral": m.For != "", "is_app_unfurl": false,
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
	}
	return out
}

// shownName is the channel name in payloads.
func (r *room) shownName() string {
	switch {
	case r.im != "":
		return "directmessage"
	case r.Private:
		return "privategroup"
	}
	return r.Name
}

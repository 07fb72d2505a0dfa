package slacksim

import (
	"slices"
	"strings"
)

// react adds or takes away one person's emoji and announces it.
func (s *Sim) react(r *room, m *Message, user, emoji string, on bool) error {
	emoji = strings.Trim(emoji, ":")
	i := slices.IndexFunc(m.Reactions, func(x Reaction) bool { return x.Name == emoji })
	has := i >= 0 && slices.Contains(m.Reactions[i].Users, user)
	switch {
	case emoji == "":
		return apiError("invalid_name")
	case on && has:
		return apiError("already_reacted")
	case !on && !has:
		return apiError("no_reaction")
	case on && i < 0:
		m.Reactions = append(m.Reactions, Reaction{Name: emoji, Users: []string{user}})
	case on:
		m.Reactions[i].Users = append(m.Reactions[i].Users, user)
	default:
		m.Reactions[i].Users = slices.DeleteFunc(m.Reactions[i].Users, func(u string) bool { return u == user })
		if len(m.Reactions[i].Users) == 0 {
			m.Reactions = slices.Delete(m.Reactions, i, i+1)
		}
	}
	kind := "reaction_added"
	if !on {
		kind = "reaction_removed"
	}
	s.touch()
	s.emitReaction(r, m, kind, user, emoji)
	return nil
}

func (q *request) reactionItem() (*room, *Message, error) {
	if q.args["timestamp"] == "" {
		return nil, nil, apiError("no_item_specified")
	}
	r, err := q.readable()
	if err != nil {
		return nil, nil, err
	}
	m := r.byTS[q.args["timestamp"]]
	if m == nil || m.Deleted {
		return nil, nil, apiError("message_not_found")
	}
	return r, m, nil
}

func (q *request) reactionsAdd() (map[string]any, error)    { return q.reactionChange(true) }
func (q *request) reactionsRemove() (map[string]any, error) { return q.reactionChange(false) }

func (q *request) reactionChange(on bool) (map[string]any, error) {
	r, m, err := q.reactionItem()
	if err != nil {
		return nil, err
	}
	if err := q.s.react(r, m, q.t.BotUser, q.args["name"], on); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}

func (q *request) reactionsGet() (map[string]any, error) {
	r, m, err := q.reactionItem()
	if err != nil {
		return nil, err
	}
	return map[string]any{"type": "message", "channel": r.ID, "message": q.s.messageJSON(r, m)}, nil
}

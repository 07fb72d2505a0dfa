package slacksim

import (
	"slices"
)

// ShareChannel shares a channel with another workspace of the simulator, as
// Slack Connect does, and adds members who belong to it; its bot user may be
// among them. The apps that are in the channel already hear channel_shared. It
// panics where channel or workspace is unknown, as a fixture must not be half-built.
func (s *Sim) ShareChannel(channel, teamID string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, t := s.rooms[channel], s.mustTeam(teamID)
	if r == nil || r.im != "" {
		panic("slacksim: no channel " + channel)
	}
	if r.in(t) {
		return
	}
	s.emitIn(r, map[string]any{
		"type": "channel_shared", "connected_team_id": t.ID, "channel": r.ID, "event_ts": r.nextTS(s.opts.Now()),
	})
	if len(r.guests) == 0 {
		s.shared = append(s.shared, r)
	}
	r.guests, r.ExtShared = append(r.guests, t), true
	for _, id := range members {
		if !r.has(id) {
			r.Members = append(r.Members, id)
		}
	}
	s.touch()
}

// teams lists the workspaces of a channel, its owner first.
func (r *room) teams() []*team { return append([]*team{r.team}, r.guests...) }

func (r *room) in(t *team) bool { return r.team == t || slices.Contains(r.guests, t) }

// teamOf is the workspace of the channel that a person belongs to; the owner's
// for people who belong to none.
func (r *room) teamOf(user string) *team {
	for _, t := range r.teams() {
		if u := t.user(user); u != nil && u.Foreign == "" {
			return t
		}
	}
	return r.team
}

// person finds a person of one of the channel's workspaces.
func (r *room) person(user string) *User { return r.teamOf(user).user(user) }

// installFor is the installation that posted a message, and thus hears of what
// people do with it; the owner's for messages of people.
func (r *room) installFor(m *Message) *team {
	for _, t := range r.teams() {
		if m.BotID != "" && t.BotID == m.BotID {
			return t
		}
	}
	return r.team
}

// installHeard is the installation that hears of a person's shortcut on a
// message: that of their own workspace.
func (r *room) installHeard(user string) *team {
	if t := r.teamOf(user); t.app != nil {
		return t
	}
	return r.team
}

// person finds a person whom a workspace knows: its own, and those of others who
// are in a channel with it.
func (s *Sim) person(t *team, user string) *User {
	if u := t.user(user); u != nil {
		return u
	}
	for _, r := range s.shared {
		if r.in(t) && r.has(user) {
			if u := r.person(user); u != nil {
				return u
			}
		}
	}
	return nil
}

// strangers lists the people of other workspaces whom a workspace knows.
func (s *Sim) strangers(t *team) []*User {
	var out []*User
	for _, r := range s.shared {
		if !r.in(t) {
			continue
		}
		for _, id := range r.Members {
			u := r.person(id)
			if u != nil && t.user(id) == nil && !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return out
}

// homeOf is the workspace a person belongs to, as another one sees it.
func (s *Sim) homeOf(t *team, user string) string {
	if u := t.user(user); u != nil {
		return t.homeOf(user)
	}
	for _, r := range s.shared {
		if r.in(t) && r.has(user) && r.person(user) != nil {
			return r.teamOf(user).homeOf(user)
		}
	}
	return t.ID
}

func (s *Sim) nameOf(t *team, user string) string {
	if u := s.person(t, user); u != nil {
		return u.Name
	}
	return user
}

// audience is one app that hears an event, with its installations that are
// entitled to it. Slack delivers once to each and shows the first.
type audience struct {
	app      *app
	installs []*team
}

// audiences lists who hears what happens in a channel.
func (r *room) audiences() []audience {
	var out []audience
	for _, t := range r.teams() {
		if t.app == nil || !r.hears(t) {
			continue
		}
		i := slices.IndexFunc(out, func(a audience) bool { return a.app == t.app })
		if i < 0 {
			out = append(out, audience{app: t.app})
			i = len(out) - 1
		}
		out[i].installs = append(out[i].installs, t)
	}
	return out
}

func (t *team) authorization() map[string]any {
	return map[string]any{
		"enterprise_id": nil, "team_id": t.ID, "user_id": t.BotUser, "is_bot": true, "is_enterprise_install": false,
	}
}

// authorizationsList answers apps.event.authorizations.list: every installation
// that an event was for.
func (q *request) authorizationsList() (map[string]any, error) {
	entitled, ok := q.s.entitled[q.args["event_context"]]
	if !ok || entitled.app != q.app {
		return nil, apiError("invalid_event_context")
	}
	page, cursor, err := paginate(q, entitled.installs, 1000, 1000)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, t := range page {
		list = append(list, t.authorization())
	}
	return map[string]any{"authorizations": list, "response_metadata": map[string]any{"next_cursor": cursor}}, nil
}

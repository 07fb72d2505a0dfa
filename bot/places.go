package bot

import (
	"context"
	"fmt"

	"gongdan/tickets"
)

// spot is where something can be said, and how it reads there.
type spot struct {
	said    Said
	direct  tickets.UserID // to whom, if it is said directly
	channel tickets.ChannelID
	thread  string
}

func (s Said) here() spot {
	if s.Channel == "" {
		return spot{said: s, direct: s.To}
	}
	return spot{said: s, channel: s.Channel, thread: s.Thread}
}

// places are where an entry can be said, the best first. A call that cannot reach its person or its level's channel goes to
// the ticket's thread, and one that cannot be heard there to whoever leads, then to who opened the ticket; a whisper goes to its
// person directly. The list is complete only as far as the entry has come.
func (a *Announcer) places(ctx context.Context, p *pending, t tickets.Ticket) ([]spot, error) {
	s, err := a.present(ctx, p.Workspace, p.said, t)
	if err != nil {
		return nil, err
	}
	if t.Assignee != "" && s.Channel == "" && s.follows() {
		s.To = t.Assignee
	}
	first := s.here()
	switch {
	case s.whispered() && s.Channel != "":
		return []spot{first, {said: s, direct: s.To}}, nil
	case !s.calls():
		return []spot{first}, nil
	}
	out := []spot{first}
	if s.Channel != t.Source.Channel && t.Source.Channel != "" {
		thread := s
		thread.Channel, thread.Thread, thread.Lang = t.Source.Channel, t.Source.Thread, t.Source.Lang
		out = append(out, thread.here())
	}
	if p.hop < len(out) {
		return out, nil // the others are looked for when they are needed
	}
	lead, err := a.lead(ctx, p.Workspace)
	if err != nil {
		return nil, err
	}
	for _, to := range []tickets.UserID{lead, t.Requester} {
		if direct := s; to != "" && to != s.To {
			direct.Channel, direct.Thread, direct.To = "", "", to
			out = append(out, direct.here())
		}
	}
	return out, nil
}

// follows tells whether a private ping goes to whoever has the ticket when it is said.
func (s Said) follows() bool {
	return s.What == SayReminder || s.What == SayBreach || s.What == SayUrged
}

// lead is who gets escalations; "" if nobody has been found yet.
func (a *Announcer) lead(ctx context.Context, ws tickets.WorkspaceID) (id tickets.UserID, err error) {
	policy, err := a.Policies.Policy(ctx, ws)
	if err != nil {
		return "", fmt.Errorf("policy of %s: %w", ws, err)
	}
	if id, err = leadOf(ctx, a.Store, ws, policy); err != nil || id != "" {
		return id, err
	}
	if id, err = a.People.Admin(ctx, ws); err != nil {
		a.Log.Warn("nobody known who leads", "workspace", ws, "err", err)
		return "", nil
	}
	return id, nil
}

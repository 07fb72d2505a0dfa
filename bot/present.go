package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gongdan/tickets"
)

// present is a call about its deadlines as they are now: what an earlier version of one has called, and what is still true, names the
// time that this one has. So said, it speaks of that time alone.
func (a *Announcer) present(ctx context.Context, ws tickets.WorkspaceID, s Said, t tickets.Ticket) (Said, error) {
	if !s.clocked() {
		return s, nil
	}
	marks := s.marks()
	for i := range marks {
		if err := a.presentMark(ctx, ws, &marks[i], t); err != nil {
			return s, err
		}
	}
	s.Due, s.Version, s.Moved, s.More = marks[0].Due, marks[0].Version, marks[0].Moved, nil
	if len(marks) > 1 {
		s.More = marks[1:]
	}
	return s, nil
}

func (a *Announcer) presentMark(ctx context.Context, ws tickets.WorkspaceID, m *Mark, t tickets.Ticket) error {
	d, ok := t.Deadline(m.Clock)
	if !ok || m.Version == 0 || !m.stands(d, a.Now()) {
		return nil
	}
	m.Version = 0
	if m.Due.Equal(d.Due) {
		return nil
	}
	policy, err := a.Policies.Policy(ctx, ws)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", ws, err)
	}
	m.Due, m.Moved = d.Due, false
	for _, planned := range policy.Plan(t, d) {
		m.Moved = m.Moved || planned.Step.Name == m.Step && planned.Moved
	}
	return nil
}

// presentParts is a merged message with the calls that get a row as they are now; once it stands in the chat, as it was said.
func (a *Announcer) presentParts(ctx context.Context, p *pending) (Said, error) {
	if p.heard != nil && p.heard.said != nil {
		return *p.heard.said, nil
	}
	rows := map[tickets.TicketID]tickets.Ticket{}
	for _, parts := range p.said.shown() {
		t, err := a.Store.Ticket(ctx, p.Workspace, parts[0].Ticket)
		if err == nil {
			rows[t.ID] = t
		} else if !errors.Is(err, tickets.ErrNotFound) {
			return Said{}, err
		}
	}
	s := p.said
	s.Parts = slices.Clone(s.Parts)
	for i, q := range s.Parts {
		t, ok := rows[q.Ticket]
		if !ok {
			continue
		}
		said, err := a.present(ctx, p.Workspace, q.Said, t)
		if err != nil {
			return Said{}, err
		}
		s.Parts[i].Said = said
	}
	return s, nil
}

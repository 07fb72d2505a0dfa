package memstore

import (
	"context"
	"fmt"

	"gongdan/tickets"
)

// Check looks at every ticket. Lists are derived from the tickets themselves here, so only wakes,
// timelines, unique keys and the outbox can disagree.
func (s *Store) Check(_ context.Context, ws tickets.WorkspaceID) ([]tickets.Torn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh, sp := s.shard(tickets.ShardOf(ws, s.o.Shards)), s.space(ws)
	var torn []tickets.Torn
	for id, t := range sp.tickets {
		torn = append(torn, sp.checkTicket(t)...)
		if due, ok := sh.wakes[tickets.TicketSubject(ws, id)]; ok == t.Wake.IsZero() || ok && due.Before(t.Wake) {
			torn = append(torn, tickets.Torn{Ticket: id, What: "wake_wrong", Detail: due.String()})
		}
	}
	for k, id := range sp.unique {
		if _, ok := sp.tickets[id]; !ok {
			torn = append(torn, tickets.Torn{Ticket: id, What: "index_stray", Detail: string(k.Kind)})
		}
	}
	for _, o := range sh.outbox {
		if _, ok := sp.tickets[o.Ticket]; o.Workspace == ws && o.Ticket != "" && !ok {
			torn = append(torn, tickets.Torn{Ticket: o.Ticket, What: "outbox_orphan", Detail: o.ID})
		}
	}
	return torn, nil
}

func (sp *space) checkTicket(t tickets.Ticket) []tickets.Torn {
	var torn []tickets.Torn
	for _, k := range t.Keys() {
		if k.Kind.Unique() && sp.unique[k] != t.ID {
			torn = append(torn, tickets.Torn{Ticket: t.ID, What: "index_missing", Detail: string(k.Kind)})
		}
	}
	version := int64(0)
	for _, e := range sp.events[t.ID] {
		if e.Version != version && e.Version != version+1 {
			torn = append(torn, tickets.Torn{Ticket: t.ID, What: "timeline_gap", Detail: fmt.Sprintf("%d after %d", e.Version, version)})
		}
		version = e.Version
	}
	if version != t.Version {
		torn = append(torn, tickets.Torn{Ticket: t.ID, What: "timeline_gap", Detail: fmt.Sprintf("ends at %d of %d", version, t.Version)})
	}
	return torn
}

package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongdan/tickets"
)

const (
	found        = 20  // ids behind one exact key
	candidates   = 500 // looked at for one page
	defaultLimit = 20
)

// Ticket returns one ticket.
func (s *Store) Ticket(_ context.Context, ws tickets.WorkspaceID, id tickets.TicketID) (tickets.Ticket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.space(ws).tickets[id]
	if !ok {
		return tickets.Ticket{}, fmt.Errorf("read ticket %s: %w", id, tickets.ErrNotFound)
	}
	return cloned(t)
}

// Tickets returns those of the ids that exist.
func (s *Store) Tickets(ctx context.Context, ws tickets.WorkspaceID, ids []tickets.TicketID) (map[tickets.TicketID]tickets.Ticket, error) {
	out := make(map[tickets.TicketID]tickets.Ticket, len(ids))
	for _, id := range ids {
		if t, err := s.Ticket(ctx, ws, id); err == nil {
			out[id] = t
		}
	}
	return out, nil
}

// Find returns the ids behind an exact key, newest first.
func (s *Store) Find(_ context.Context, ws tickets.WorkspaceID, k tickets.Key) ([]tickets.TicketID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hits []ranked
	for _, t := range s.space(ws).tickets {
		if slices.Contains(t.Keys(), k) {
			hits = append(hits, ranked{score: t.Created.UnixMilli(), id: t.ID})
		}
	}
	slices.SortFunc(hits, func(a, b ranked) int { return b.compare(a) })
	var ids []tickets.TicketID
	for _, h := range hits[:min(found, len(hits))] {
		ids = append(ids, h.id)
	}
	return ids, nil
}

// Timeline returns a ticket's events.
func (s *Store) Timeline(_ context.Context, ws tickets.WorkspaceID, id tickets.TicketID) ([]tickets.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	events, ok := s.space(ws).events[id]
	if !ok {
		return nil, fmt.Errorf("read timeline %s: %w", id, tickets.ErrNotFound)
	}
	return cloned(events)
}

// Doc returns a document.
func (s *Store) Doc(_ context.Context, ws tickets.WorkspaceID, key string) (tickets.Doc, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.space(ws).docs[key]
	if !ok {
		return tickets.Doc{}, fmt.Errorf("read document %s: %w", key, tickets.ErrNotFound)
	}
	d.Body = slices.Clone(d.Body)
	return d, nil
}

// Seen returns what became of a message, until tickets.SeenFor has passed.
func (s *Store) Seen(_ context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, ts string) (tickets.Seen, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sp, m := s.space(ws), message{ch, ts}
	r, ok := sp.seen[m]
	if ok && s.o.Now().Sub(r.at) >= tickets.SeenFor {
		delete(sp.seen, m)
		ok = false
	}
	if !ok {
		return tickets.Seen{}, false, nil
	}
	return r.seen, true, nil
}

// NextNumber is the number that the next new ticket must carry.
func (s *Store) NextNumber(_ context.Context, ws tickets.WorkspaceID) (tickets.Number, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.space(ws).number + 1, nil
}

// ranked is a place in an index.
type ranked struct {
	score int64
	id    tickets.TicketID
}

func (r ranked) compare(o ranked) int {
	return cmp.Or(cmp.Compare(r.score, o.score), cmp.Compare(r.id, o.id))
}

// List walks one index. The cursor names the last ticket looked at. Keep runs while nothing is locked.
func (s *Store) List(_ context.Context, ws tickets.WorkspaceID, q tickets.Query) (tickets.Page, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	places, docs := s.places(ws, q)
	if q.Desc {
		slices.Reverse(places)
	}
	start, err := after(places, q)
	if err != nil {
		return tickets.Page{}, err
	}
	var page tickets.Page
	for i, r := range places[start:] {
		if i == candidates || len(page.Tickets) == q.Limit {
			last := places[start+i-1]
			page.Cursor = strconv.FormatInt(last.score, 10) + "/" + string(last.id)
			break
		}
		t, err := cloned(docs[r.id])
		if err != nil {
			return page, err
		}
		if q.Keep == nil || q.Keep(t) {
			page.Tickets = append(page.Tickets, t)
		}
	}
	return page, nil
}

// places gives an index in ascending order with the tickets in it.
func (s *Store) places(ws tickets.WorkspaceID, q tickets.Query) ([]ranked, map[tickets.TicketID]tickets.Ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []ranked
	docs := map[tickets.TicketID]tickets.Ticket{}
	for id, t := range s.space(ws).tickets {
		for _, e := range t.Entries() {
			if e.By == q.By && e.Value == q.Value {
				out = append(out, ranked{e.Score, id})
				docs[id] = t
			}
		}
	}
	slices.SortFunc(out, ranked.compare)
	return out, docs
}

// after is the index of the first place behind the cursor.
func after(places []ranked, q tickets.Query) (int, error) {
	if q.Cursor == "" {
		return 0, nil
	}
	text, id, _ := strings.Cut(q.Cursor, "/")
	score, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id == "" {
		return 0, fmt.Errorf("list by %s: cursor %q: %w", q.By, q.Cursor, tickets.ErrInvalid)
	}
	at := ranked{score, tickets.TicketID(id)}
	i := slices.IndexFunc(places, func(r ranked) bool {
		if q.Desc {
			return r.compare(at) < 0
		}
		return r.compare(at) > 0
	})
	if i < 0 {
		return len(places), nil
	}
	return i, nil
}

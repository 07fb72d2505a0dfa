package redisstore

import (
	"fmt"
	"slices"
	"strconv"

	"gongdan/tickets"
)

// planTickets adds the checks and commands of the tickets of one change.
func planTickets(p *plan, k keys, writes []tickets.TicketWrite) error {
	shifts := make([]shift, len(writes))
	for i, w := range writes {
		shifts[i] = shiftOf(w)
	}
	m := movesOf(shifts)
	for _, s := range shifts {
		if err := planTicket(p, k, s, m); err != nil {
			return err
		}
	}
	planNumbers(p, k, writes)
	return nil
}

// shift is how one ticket's places change.
type shift struct {
	tickets.TicketWrite
	version     int64 // before; 0 = it is new
	wake        bool  // it is another
	had, have   []tickets.Entry
	gone, added []tickets.Key
}

func shiftOf(w tickets.TicketWrite) shift {
	s := shift{TicketWrite: w, wake: !w.After.Wake.IsZero(), have: w.After.Entries()}
	keys := w.After.Keys()
	if w.Before == nil {
		s.added = keys
		return s
	}
	s.version, s.wake, s.had = w.Before.Version, !w.After.Wake.Equal(w.Before.Wake), w.Before.Entries()
	if was := w.Before.Keys(); !slices.Equal(was, keys) {
		s.gone, s.added = without(was, keys), without(keys, was)
	}
	return s
}

// moves are the unique keys that tickets of one change give up and take, so that one may take in the same
// change what another gives up.
type moves struct {
	from, to map[tickets.Key]tickets.TicketID
}

func movesOf(shifts []shift) moves {
	m := moves{from: map[tickets.Key]tickets.TicketID{}, to: map[tickets.Key]tickets.TicketID{}}
	for _, s := range shifts {
		note(m.from, s.gone, s.After.ID)
		note(m.to, s.added, s.After.ID)
	}
	return m
}

func note(m map[tickets.Key]tickets.TicketID, keys []tickets.Key, id tickets.TicketID) {
	for _, x := range keys {
		if x.Kind.Unique() {
			m[x] = id
		}
	}
}

func planTicket(p *plan, k keys, s shift, m moves) error {
	body, err := encodeTicket(s.After)
	if err != nil {
		return err
	}
	doc := k.ticket(s.After.ID)
	p.expect(doc, s.version)
	p.write("SET", doc, body)
	planEntries(p, k, s)
	planKeys(p, k, s, m)
	if s.wake {
		planWake(p, k, tickets.Wake{Subject: tickets.TicketSubject(s.After.Workspace, s.After.ID), Due: s.After.Wake})
	}
	return planEvents(p, k.timeline(s.After.ID), s.Events)
}

func planEntries(p *plan, k keys, s shift) {
	for _, e := range s.have {
		if !slices.Contains(s.had, e) {
			p.write("ZADD", k.list(e.By, e.Value), strconv.FormatInt(e.Score, 10), string(s.After.ID))
		}
	}
	for _, e := range s.had {
		stays := slices.ContainsFunc(s.have, func(h tickets.Entry) bool { return h.By == e.By && h.Value == e.Value })
		if !stays {
			p.write("ZREM", k.list(e.By, e.Value), string(s.After.ID))
		}
	}
}

func planKeys(p *plan, k keys, s shift, m moves) {
	id := string(s.After.ID)
	for _, x := range s.gone {
		if !x.Kind.Unique() {
			p.write("ZREM", k.exact(x), id)
		} else if _, taken := m.to[x]; !taken {
			p.write("HDEL", k.unique(x), x.Value)
		}
	}
	created := strconv.FormatInt(s.After.Created.UnixMilli(), 10)
	for _, x := range s.added {
		if !x.Kind.Unique() {
			p.write("ZADD", k.exact(x), created, id)
			continue
		}
		holder := s.After.ID
		if from, ok := m.from[x]; ok {
			holder = from
		}
		p.check("u", k.unique(x), x.Value, string(holder))
		p.write("HSET", k.unique(x), x.Value, id)
	}
}

func planEvents(p *plan, key string, events []tickets.Event) error {
	args := make([]string, len(events))
	for i, e := range events {
		body, err := encodeEvent(events, i)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", e.Kind, err)
		}
		args[i] = string(body)
	}
	p.write("RPUSH", key, args...)
	return nil
}

// planNumbers moves the counter when tickets are new: the first must carry the number after it.
func planNumbers(p *plan, k keys, writes []tickets.TicketWrite) {
	first, last := tickets.Number(0), tickets.Number(0)
	for _, w := range writes {
		if w.Before != nil {
			continue
		}
		if first == 0 {
			first = w.After.Number
		}
		last = w.After.Number
	}
	if first == 0 {
		return
	}
	p.check("n", k.counter(), strconv.FormatInt(int64(first-1), 10), "")
	p.write("SET", k.counter(), strconv.FormatInt(int64(last), 10))
}

// without returns the keys of a that b lacks.
func without(a, b []tickets.Key) (out []tickets.Key) {
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

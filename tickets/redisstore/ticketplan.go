package redisstore

import (
	"fmt"
	"strconv"

	"gongdan/tickets"
)

// planTickets adds the checks and commands of the tickets of one change.
func planTickets(p *plan, k keys, writes []tickets.TicketWrite) error {
	moves := movesOf(writes)
	for _, w := range writes {
		if err := planTicket(p, k, w, moves); err != nil {
			return err
		}
	}
	planNumbers(p, k, writes)
	return nil
}

// moves are the unique keys that tickets of one change give up and take, so that one may take in the same
// change what another gives up.
type moves struct {
	from, to map[tickets.Key]tickets.TicketID
}

func movesOf(writes []tickets.TicketWrite) moves {
	m := moves{from: map[tickets.Key]tickets.TicketID{}, to: map[tickets.Key]tickets.TicketID{}}
	for _, w := range writes {
		if w.Before == nil {
			note(m.to, w.After.Keys(), w.After.ID)
			continue
		}
		note(m.from, without(w.Before.Keys(), w.After.Keys()), w.After.ID)
		note(m.to, without(w.After.Keys(), w.Before.Keys()), w.After.ID)
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

func planTicket(p *plan, k keys, w tickets.TicketWrite, m moves) error {
	var before tickets.Ticket
	var hadEntries []tickets.Entry
	var hadKeys []tickets.Key
	if w.Before != nil {
		before, hadEntries, hadKeys = *w.Before, w.Before.Entries(), w.Before.Keys()
	}
	body, err := encodeTicket(w.After)
	if err != nil {
		return err
	}
	doc := k.ticket(w.After.ID)
	p.expect(doc, before.Version)
	p.write("SET", doc, body)
	planEntries(p, k, w.After.ID, hadEntries, w.After.Entries())
	planKeys(p, k, w.After, without(hadKeys, w.After.Keys()), without(w.After.Keys(), hadKeys), m)
	if !w.After.Wake.Equal(before.Wake) {
		planWake(p, k, tickets.Wake{Subject: tickets.TicketSubject(w.After.Workspace, w.After.ID), Due: w.After.Wake})
	}
	return planEvents(p, k.timeline(w.After.ID), w.Events)
}

func planEntries(p *plan, k keys, id tickets.TicketID, had, have []tickets.Entry) {
	type place struct {
		by    tickets.ListBy
		value string
	}
	was := make(map[place]int64, len(had))
	for _, e := range had {
		was[place{e.By, e.Value}] = e.Score
	}
	for _, e := range have {
		score, stays := was[place{e.By, e.Value}]
		delete(was, place{e.By, e.Value})
		if !stays || score != e.Score {
			p.write("ZADD", k.list(e.By, e.Value), strconv.FormatInt(e.Score, 10), string(id))
		}
	}
	for _, e := range had {
		if _, left := was[place{e.By, e.Value}]; left {
			p.write("ZREM", k.list(e.By, e.Value), string(id))
		}
	}
}

func planKeys(p *plan, k keys, t tickets.Ticket, gone, added []tickets.Key, m moves) {
	for _, x := range gone {
		if !x.Kind.Unique() {
			p.write("ZREM", k.exact(x), string(t.ID))
		} else if _, taken := m.to[x]; !taken {
			p.write("HDEL", k.unique(x), x.Value)
		}
	}
	created := strconv.FormatInt(t.Created.UnixMilli(), 10)
	for _, x := range added {
		if !x.Kind.Unique() {
			p.write("ZADD", k.exact(x), created, string(t.ID))
			continue
		}
		holder := t.ID
		if from, ok := m.from[x]; ok {
			holder = from
		}
		p.check("u", k.unique(x), x.Value, string(holder))
		p.write("HSET", k.unique(x), x.Value, string(t.ID))
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
func without(a, b []tickets.Key) []tickets.Key {
	var out []tickets.Key
	for _, x := range a {
		found := false
		for _, y := range b {
			found = found || x == y
		}
		if !found {
			out = append(out, x)
		}
	}
	return out
}

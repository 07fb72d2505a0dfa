package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
)

// Commit writes a change; see tickets.Committer.
func (s *Store) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	if err := ctx.Err(); err != nil {
		return tickets.Committed{}, fmt.Errorf("commit %s: %w: %w", c.Cause.ID, tickets.ErrTemporary, err)
	}
	done, err := s.commit(c)
	if err != nil {
		return tickets.Committed{}, fmt.Errorf("commit %s: %w", c.Cause.ID, err)
	}
	return done, nil
}

// Prepare looks at a change; see tickets.Preparer.
func (s *Store) Prepare(c tickets.Change) (func(context.Context) (tickets.Committed, error), error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("commit %s: %w", c.Cause.ID, err)
	}
	return func(ctx context.Context) (tickets.Committed, error) { return s.Commit(ctx, c) }, nil
}

func (s *Store) commit(c tickets.Change) (tickets.Committed, error) {
	if err := c.Validate(); err != nil {
		return tickets.Committed{}, err
	}
	c, err := own(c)
	if err != nil {
		return tickets.Committed{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sh, sp := s.shard(tickets.ShardOf(c.Workspace, s.o.Shards)), s.space(c.Workspace)
	if err := check(sh, sp, c); err != nil {
		return tickets.Committed{}, err
	}
	s.apply(sh, sp, c)
	return tickets.Committed{Next: sh.earliest()}, nil
}

// own copies what the store keeps, so that the caller may go on using its own.
func own(c tickets.Change) (tickets.Change, error) {
	c.Tickets = slices.Clone(c.Tickets)
	for i, w := range c.Tickets {
		after, err := cloned(w.After)
		if err != nil {
			return c, err
		}
		events, err := cloned(w.Events)
		if err != nil {
			return c, err
		}
		c.Tickets[i].After, c.Tickets[i].Events = after, events
	}
	outbox, err := cloned(c.Outbox)
	c.Outbox = outbox
	return c, err
}

func check(sh *shard, sp *space, c tickets.Change) error {
	if c.Epoch != sh.epoch {
		return tickets.ErrStaleLease
	}
	if !present(sh, c.Cause) {
		return tickets.ErrApplied
	}
	for _, w := range c.Tickets {
		if sp.tickets[w.After.ID].Version != w.After.Version-1 {
			return fmt.Errorf("ticket %s: %w", w.After.ID, tickets.ErrConflict)
		}
	}
	for _, d := range c.Docs {
		if sp.docs[d.Key].Version != d.Expect {
			return fmt.Errorf("document %s: %w", d.Key, tickets.ErrConflict)
		}
	}
	if err := checkNumber(sp, c.Tickets); err != nil {
		return err
	}
	if err := checkWakes(sp, c); err != nil {
		return err
	}
	return checkUnique(sp, c.Tickets)
}

func present(sh *shard, cause tickets.Cause) bool {
	switch cause.Kind {
	case tickets.CauseInbox:
		return sh.inbox[cause.Entry]
	case tickets.CauseOutbox:
		held := map[string]bool{}
		for _, o := range sh.outbox {
			held[o.Entry] = true
		}
		return !slices.ContainsFunc(append([]string{cause.Entry}, cause.Also...), func(e string) bool { return !held[e] })
	}
	return true
}

func checkNumber(sp *space, writes []tickets.TicketWrite) error {
	for _, w := range writes {
		if w.Before != nil {
			continue
		}
		if w.After.Number != sp.number+1 {
			return fmt.Errorf("number %d: %w", w.After.Number, tickets.ErrConflict)
		}
		return nil
	}
	return nil
}

// checkWakes lets a ticket's wake be put right only to what its document says.
func checkWakes(sp *space, c tickets.Change) error {
	for _, w := range c.Wakes {
		id, ticket := w.Subject.Ticket(c.Workspace)
		if ticket && !sp.tickets[id].Wake.Equal(w.Due) {
			return fmt.Errorf("wake of ticket %s: %w", id, tickets.ErrConflict)
		}
	}
	return nil
}

// checkUnique looks at the holders of keys newly taken; one that gives its key up in the same change is no obstacle.
func checkUnique(sp *space, writes []tickets.TicketWrite) error {
	gives := map[tickets.Key]bool{}
	for _, w := range writes {
		for _, k := range sp.tickets[w.After.ID].Keys() {
			gives[k] = true
		}
	}
	for _, w := range writes {
		for _, k := range w.After.Keys() {
			if holder, held := sp.unique[k]; held && holder != w.After.ID && !gives[k] {
				return fmt.Errorf("%s of ticket %s: %w", k.Kind, w.After.ID, tickets.ErrConflict)
			}
		}
	}
	return nil
}

func (s *Store) apply(sh *shard, sp *space, c tickets.Change) {
	delete(sh.inbox, c.Cause.Entry)
	if c.Cause.Kind == tickets.CauseOutbox {
		sh.outbox = slices.DeleteFunc(sh.outbox, func(o tickets.Outgoing) bool {
			return o.Entry == c.Cause.Entry || slices.Contains(c.Cause.Also, o.Entry)
		})
	}
	sp.applyTickets(sh, c.Tickets)
	for _, d := range c.Docs {
		if d.Delete {
			delete(sp.docs, d.Key)
			continue
		}
		sp.docs[d.Key] = tickets.Doc{Key: d.Key, Version: d.Expect + 1, Body: slices.Clone(d.Body)}
	}
	for _, m := range c.Seen {
		sp.seen[message{m.Channel, m.TS}] = remembered{seen: m, at: s.o.Now()}
	}
	for _, w := range c.Wakes {
		sh.wake(w)
	}
	for _, o := range c.Outbox {
		o.Entry = sh.nextEntry()
		sh.outbox = append(sh.outbox, o)
	}
	for _, f := range c.Feed {
		sh.feed = append(sh.feed, tickets.FeedEntry{Ticket: f.Ticket, Body: slices.Clone(f.Body)})
	}
	if extra := len(sh.feed) - feedLen; extra > 0 {
		sh.feed = slices.Delete(sh.feed, 0, extra)
	}
}

func (sp *space) applyTickets(sh *shard, writes []tickets.TicketWrite) {
	for _, w := range writes {
		for _, k := range sp.tickets[w.After.ID].Keys() {
			if sp.unique[k] == w.After.ID {
				delete(sp.unique, k)
			}
		}
	}
	for _, w := range writes {
		t := w.After
		sp.tickets[t.ID] = t
		sp.events[t.ID] = append(sp.events[t.ID], w.Events...)
		sp.number = max(sp.number, t.Number)
		for _, k := range t.Keys() {
			if k.Kind.Unique() {
				sp.unique[k] = t.ID
			}
		}
		sh.wake(tickets.Wake{Subject: tickets.TicketSubject(t.Workspace, t.ID), Due: t.Wake})
	}
}

// wake keeps whole microseconds, rounded up so that nothing is due early, as the store on Redis does.
func (sh *shard) wake(w tickets.Wake) {
	if w.Due.IsZero() {
		delete(sh.wakes, w.Subject)
		return
	}
	due := time.UnixMicro(w.Due.UnixMicro())
	if due.Before(w.Due) {
		due = due.Add(time.Microsecond)
	}
	sh.wakes[w.Subject] = due
}

// earliest is the next due time; zero if there is none.
func (sh *shard) earliest() time.Time {
	var first time.Time
	for _, due := range sh.wakes {
		if first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return first
}

// sorted gives the wakes, earliest first.
func (sh *shard) sorted() []tickets.Wake {
	out := make([]tickets.Wake, 0, len(sh.wakes))
	for s, due := range sh.wakes {
		out = append(out, tickets.Wake{Subject: s, Due: due})
	}
	slices.SortFunc(out, func(a, b tickets.Wake) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}

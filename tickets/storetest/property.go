package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/tickets"
)

// testInterleavings commits random changes, among them repeats, old epochs, old versions, used causes and
// clashing unique keys, and compares every answer and the end state with a model that is too simple to be wrong.
func testInterleavings(t *testing.T, b *bench) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(newBench(t, b.Harness))
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			m.step(rt)
		}
		m.compare(rt)
	})
}

// model is what a workspace should hold.
type model struct {
	*bench
	stored  map[tickets.TicketID]tickets.Ticket
	older   []tickets.Ticket // every version that ever was
	used    map[string]bool  // inbox entries that took effect
	entries []string
	said    []string // ids in the outbox
	events  map[tickets.TicketID]int
	count   tickets.Number
	doc     int64
	sent    []tickets.Change
	serial  int
}

func newModel(b *bench) *model {
	return &model{
		bench: b, stored: map[tickets.TicketID]tickets.Ticket{}, used: map[string]bool{}, events: map[tickets.TicketID]int{},
	}
}

func (m *model) step(rt *rapid.T) {
	switch rapid.SampledFrom([]string{"new", "new", "new", "new", "repeat", "take"}).Draw(rt, "step") {
	case "take":
		m.epoch = m.Take(m.ws)
	case "repeat":
		if len(m.sent) > 0 {
			m.send(rt, rapid.SampledFrom(m.sent).Draw(rt, "repeated"))
		}
	case "new":
		c := m.draw(rt)
		m.sent = append(m.sent, c)
		m.send(rt, c)
	}
}

func (m *model) draw(rt *rapid.T) tickets.Change {
	m.serial++
	c := m.change()
	c.Cause = m.drawCause(rt)
	c.Epoch -= int64(rapid.SampledFrom([]int{0, 0, 0, 0, 0, 1}).Draw(rt, "epochs ago"))
	number := m.count + tickets.Number(rapid.SampledFrom([]int{1, 1, 1, 1, 2}).Draw(rt, "number"))
	for range rapid.IntRange(0, 3).Draw(rt, "writes") {
		w := m.drawWrite(rt, number)
		if m.clashes(c, w) {
			continue
		}
		if w.Before == nil {
			number++
		}
		c.Tickets = append(c.Tickets, w)
	}
	if rapid.Bool().Draw(rt, "doc") {
		off := int64(rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(rt, "doc ahead"))
		c.Docs = []tickets.DocWrite{{Key: "doc", Expect: m.doc + off, Body: []byte(fmt.Sprint(m.serial))}}
	}
	if len(c.Tickets) > 0 {
		c.Outbox = []tickets.Outgoing{m.outgoing(fmt.Sprint(m.serial), c.Tickets[0].After.ID)}
		c.Feed = []tickets.FeedEntry{{Body: []byte("1")}}
	}
	return c
}

func (m *model) drawCause(rt *rapid.T) tickets.Cause {
	kind := rapid.SampledFrom([]string{"fresh", "fresh", "fresh", "earlier", "wake", "none"}).Draw(rt, "cause")
	switch {
	case kind == "none":
		return tickets.Cause{ID: "upkeep"}
	case kind == "wake":
		return tickets.Cause{Kind: tickets.CauseWake, ID: "wake"}
	case kind == "earlier" && len(m.entries) > 0:
		return tickets.Cause{Kind: tickets.CauseInbox, Entry: rapid.SampledFrom(m.entries).Draw(rt, "entry"), ID: "event"}
	}
	entry := m.AddInbox(m.ws)
	m.entries = append(m.entries, entry)
	return tickets.Cause{Kind: tickets.CauseInbox, Entry: entry, ID: "event"}
}

func (m *model) drawWrite(rt *rapid.T, number tickets.Number) tickets.TicketWrite {
	thread := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(rt, "thread")
	if len(m.older) == 0 || rapid.IntRange(0, 2).Draw(rt, "create") == 0 {
		tk := m.fresh(number)
		tk.Source.Thread = thread
		return write(nil, tk, tickets.EvCreated)
	}
	before := rapid.SampledFrom(m.older).Draw(rt, "any version")
	if rapid.IntRange(0, 4).Draw(rt, "present version") > 0 {
		before = m.stored[before.ID]
	}
	return write(&before, changed(before, func(n *tickets.Ticket) {
		n.Source.Thread = thread
		n.Status = rapid.SampledFrom([]tickets.Status{tickets.StatusNew, tickets.StatusAssigned, tickets.StatusResolved, tickets.StatusArchived}).Draw(rt, "status")
		n.Assignee = rapid.SampledFrom([]tickets.UserID{"", "U2", "U3"}).Draw(rt, "assignee")
		n.Facts.Waybill = rapid.SampledFrom([]string{"", "SF1", "SF2"}).Draw(rt, "waybill")
		n.Wake = rapid.SampledFrom([]time.Time{{}, start(), start().Add(time.Hour)}).Draw(rt, "wake")
	}), tickets.EvNoted)
}

// clashes tells whether a write would make the change malformed: these are tested on their own.
func (m *model) clashes(c tickets.Change, w tickets.TicketWrite) bool {
	return slices.ContainsFunc(c.Tickets, func(o tickets.TicketWrite) bool {
		thread := o.After.Source.Thread
		return o.After.ID == w.After.ID || thread != "" && thread == w.After.Source.Thread
	})
}

func (m *model) send(rt *rapid.T, c tickets.Change) {
	want := m.verdict(c)
	_, err := m.Store.Commit(context.Background(), c)
	if !errors.Is(err, want) || want == nil && err != nil {
		rt.Fatalf("Commit(%+v) = %v, want %v", c, err, want)
	}
	if want == nil {
		m.apply(c)
	}
}

func (m *model) verdict(c tickets.Change) error {
	switch {
	case c.Epoch != m.epoch:
		return tickets.ErrStaleLease
	case m.used[c.Cause.Entry]:
		return tickets.ErrApplied
	case len(c.Docs) > 0 && c.Docs[0].Expect != m.doc:
		return tickets.ErrConflict
	}
	number := m.count
	for _, w := range c.Tickets {
		if m.stored[w.After.ID].Version != w.After.Version-1 || m.taken(c, w.After) {
			return tickets.ErrConflict
		}
		if w.Before == nil {
			if number++; w.After.Number != number {
				return tickets.ErrConflict
			}
		}
	}
	return nil
}

// taken tells whether a ticket outside the change, or one in it that keeps it, holds the thread.
func (m *model) taken(c tickets.Change, t tickets.Ticket) bool {
	for id, other := range m.stored {
		if id == t.ID || t.Source.Thread == "" || other.Source.Thread != t.Source.Thread {
			continue
		}
		gives := slices.ContainsFunc(c.Tickets, func(w tickets.TicketWrite) bool {
			return w.After.ID == id && w.After.Source.Thread != t.Source.Thread
		})
		if !gives {
			return true
		}
	}
	return false
}

func (m *model) apply(c tickets.Change) {
	if c.Cause.Entry != "" {
		m.used[c.Cause.Entry] = true
	}
	for _, w := range c.Tickets {
		m.stored[w.After.ID] = w.After
		m.older = append(m.older, w.After)
		m.events[w.After.ID] += len(w.Events)
		m.count = max(m.count, w.After.Number)
	}
	if len(c.Docs) > 0 {
		m.doc++
	}
	for _, o := range c.Outbox {
		m.said = append(m.said, o.ID)
	}
}

func (m *model) compare(rt *rapid.T) {
	ctx := context.Background()
	for id, want := range m.stored {
		got, err := m.Store.Ticket(ctx, m.ws, id)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			rt.Fatalf("Ticket(%s) = %v mismatch (-want +got):\n%s", id, err, diff)
		}
		events, err := m.Store.Timeline(ctx, m.ws, id)
		if err != nil || len(events) != m.events[id] {
			rt.Fatalf("Timeline(%s) = %d events, %v, want %d", id, len(events), err, m.events[id])
		}
	}
	said, err := m.Store.Pending(ctx, m.shard(), "", 1_000_000)
	var ids []string
	for _, o := range said {
		if o.Workspace == m.ws {
			ids = append(ids, o.ID)
		}
	}
	if diff := cmp.Diff(m.said, ids); err != nil || diff != "" {
		rt.Fatalf("Pending() = %v mismatch (-want +got):\n%s", err, diff)
	}
	for _, e := range m.entries {
		if m.Waiting(m.ws, e) == m.used[e] {
			rt.Fatalf("inbox entry %s waiting = %t, applied = %t", e, !m.used[e], m.used[e])
		}
	}
	if n, err := m.Store.NextNumber(ctx, m.ws); err != nil || n != m.count+1 {
		rt.Fatalf("NextNumber() = %d, %v, want %d", n, err, m.count+1)
	}
	m.whole(rt)
}

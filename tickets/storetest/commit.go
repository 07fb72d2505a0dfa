package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

func commitTests() map[string]func(*testing.T, *bench) {
	return map[string]func(*testing.T, *bench){
		"a ticket comes back as it was":     testRoundTrip,
		"a cause takes effect once":         testOnce,
		"an outbox entry takes effect once": testOnceOutbox,
		"several outbox entries at once":    testOutboxTogether,
		"a repeat reports applied":          testRepeatAfterConflict,
		"an old epoch writes nothing":       testStaleEpoch,
		"a changed version writes nothing":  testStaleVersion,
		"a taken number writes nothing":     testNumber,
		"many documents in one change":      testMany,
		"the earliest wake is returned":     testEarliest,
		"an unknown field is kept":          testUnknown,
	}
}

func refused(t *testing.T, b *bench, c tickets.Change, want error) {
	t.Helper()
	if _, err := b.Store.Commit(t.Context(), c); !errors.Is(err, want) {
		t.Fatalf("Commit(%s) = %v, want %v", c.Cause.ID, err, want)
	}
}

func testRoundTrip(t *testing.T, b *bench) {
	tk := b.store(t, func(tk *tickets.Ticket) { tk.Assignee, tk.Tags = "U2", []string{"vip"} })
	got, err := b.Store.Ticket(t.Context(), b.ws, tk.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tk, got); diff != "" {
		t.Errorf("Ticket() mismatch (-want +got):\n%s", diff)
	}
	events, err := b.Store.Timeline(t.Context(), b.ws, tk.ID)
	want := write(nil, tk, tickets.EvCreated).Events
	if diff := cmp.Diff(want, events); err != nil || diff != "" {
		t.Errorf("Timeline() = %v mismatch (-want +got):\n%s", err, diff)
	}
	b.whole(t)
}

func testOnce(t *testing.T, b *bench) {
	c := b.caused(write(nil, b.fresh(1), tickets.EvCreated))
	if !b.Waiting(b.ws, c.Cause.Entry) {
		t.Fatal("inbox entry absent before the commit")
	}
	b.commit(t, c)
	if b.Waiting(b.ws, c.Cause.Entry) {
		t.Error("inbox entry present after the commit")
	}
	for range 3 {
		refused(t, b, c, tickets.ErrApplied)
	}
	other := b.change(write(nil, b.fresh(2), tickets.EvCreated))
	other.Cause = c.Cause
	refused(t, b, other, tickets.ErrApplied)
	if n, err := b.Store.NextNumber(t.Context(), b.ws); n != 2 || err != nil {
		t.Errorf("NextNumber() = %d, %v, want 2", n, err)
	}
	b.whole(t)
}

func testOnceOutbox(t *testing.T, b *bench) {
	tk := b.fresh(1)
	c := b.change(write(nil, tk, tickets.EvCreated))
	c.Outbox = []tickets.Outgoing{b.outgoing("a|0", tk.ID), b.outgoing("a|1", tk.ID)}
	b.commit(t, c)
	said := b.pending(t, "", 10)
	if len(said) != 2 {
		t.Fatalf("Pending() = %d entries, want 2", len(said))
	}
	sent := b.change()
	sent.Cause = tickets.Cause{Kind: tickets.CauseOutbox, Entry: said[0].Entry, ID: "said"}
	sent.Docs = []tickets.DocWrite{{Key: "announce/" + string(tk.ID), Body: []byte(`{"ts":"1.2"}`)}}
	b.commit(t, sent)
	refused(t, b, sent, tickets.ErrApplied)
	if left := b.pending(t, "", 10); len(left) != 1 || left[0].ID != "a|1" {
		t.Errorf("Pending() = %+v, want a|1 alone", left)
	}
}

// testOutboxTogether: entries that are consumed together go all or not at all, and what replaces them comes with it.
func testOutboxTogether(t *testing.T, b *bench) {
	tk := b.fresh(1)
	c := b.change(write(nil, tk, tickets.EvCreated))
	for _, id := range []string{"a|0", "a|1", "a|2", "a|3"} {
		c.Outbox = append(c.Outbox, b.outgoing(id, tk.ID))
	}
	b.commit(t, c)
	said := b.pending(t, "", 10)
	together := func(id string, entries ...string) tickets.Change {
		c := b.change()
		c.Cause = tickets.Cause{Kind: tickets.CauseOutbox, Entry: entries[0], Also: entries[1:], ID: tickets.CauseID(id)}
		c.Outbox = []tickets.Outgoing{b.outgoing(id, "")}
		return c
	}
	first := together("both", said[0].Entry, said[2].Entry)
	b.commit(t, first)
	refused(t, b, first, tickets.ErrApplied)
	refused(t, b, together("half gone", said[1].Entry, said[2].Entry), tickets.ErrApplied)
	refused(t, b, together("first gone", said[0].Entry, said[3].Entry), tickets.ErrApplied)
	var left []string
	for _, o := range b.pending(t, "", 10) {
		left = append(left, o.ID)
	}
	if diff := cmp.Diff([]string{"a|1", "a|3", "both"}, left); diff != "" {
		t.Errorf("Pending() mismatch (-want +got):\n%s", diff)
	}
}

func testRepeatAfterConflict(t *testing.T, b *bench) {
	tk := b.store(t, nil)
	c := b.caused(write(&tk, changed(tk, func(*tickets.Ticket) {}), tickets.EvNoted))
	b.commit(t, c)
	refused(t, b, c, tickets.ErrApplied)
	c = b.caused(write(&tk, changed(tk, func(*tickets.Ticket) {}), tickets.EvNoted))
	refused(t, b, c, tickets.ErrConflict)
	if !b.Waiting(b.ws, c.Cause.Entry) {
		t.Error("a refused change consumed its cause")
	}
}

func testStaleEpoch(t *testing.T, b *bench) {
	c := b.caused(write(nil, b.fresh(1), tickets.EvCreated))
	was := b.epoch
	b.epoch = b.Take(b.ws)
	if b.epoch <= was {
		t.Fatalf("Take() = %d after %d, want more", b.epoch, was)
	}
	refused(t, b, c, tickets.ErrStaleLease)
	if !b.Waiting(b.ws, c.Cause.Entry) {
		t.Error("a refused change consumed its cause")
	}
	c.Epoch = b.epoch
	b.commit(t, c)
	c.Epoch = was
	refused(t, b, c, tickets.ErrStaleLease)
	b.whole(t)
}

func testStaleVersion(t *testing.T, b *bench) {
	tk := b.store(t, nil)
	b.commit(t, b.change(write(&tk, changed(tk, func(n *tickets.Ticket) { n.Assignee = "U2" }), tickets.EvAssigned)))
	late := b.caused(
		write(nil, b.fresh(2), tickets.EvCreated),
		write(&tk, changed(tk, func(n *tickets.Ticket) { n.Assignee = "U3" }), tickets.EvAssigned))
	late.Outbox = []tickets.Outgoing{b.outgoing("late|0", tk.ID)}
	late.Docs = []tickets.DocWrite{{Key: "k", Body: []byte(`1`)}}
	refused(t, b, late, tickets.ErrConflict)
	if _, err := b.Store.Doc(t.Context(), b.ws, "k"); !errors.Is(err, tickets.ErrNotFound) {
		t.Errorf("Doc() = %v, want not found: half a change was written", err)
	}
	if said := b.pending(t, "", 10); len(said) > 0 {
		t.Errorf("Pending() = %+v, want none: half a change was written", said)
	}
	again := b.change(write(nil, tk, tickets.EvCreated))
	refused(t, b, again, tickets.ErrConflict)
	b.whole(t)
}

func testNumber(t *testing.T, b *bench) {
	b.store(t, nil)
	refused(t, b, b.caused(write(nil, b.fresh(1), tickets.EvCreated)), tickets.ErrConflict)
	refused(t, b, b.caused(write(nil, b.fresh(3), tickets.EvCreated)), tickets.ErrConflict)
	b.commit(t, b.caused(write(nil, b.fresh(2), tickets.EvCreated), write(nil, b.fresh(3), tickets.EvCreated)))
	if n, err := b.Store.NextNumber(t.Context(), b.ws); n != 4 || err != nil {
		t.Errorf("NextNumber() = %d, %v, want 4", n, err)
	}
	b.whole(t)
}

func testMany(t *testing.T, b *bench) {
	var writes []tickets.TicketWrite
	for n := tickets.Number(1); n <= tickets.MaxWrites; n++ {
		writes = append(writes, write(nil, b.fresh(n), tickets.EvCreated))
	}
	c := b.caused(writes...)
	b.commit(t, c)
	b.whole(t)
	for i := range writes {
		was := writes[i].After
		writes[i] = write(&was, changed(was, func(n *tickets.Ticket) { n.Status, n.Wake = tickets.StatusArchived, time.Time{} }), tickets.EvArchived)
	}
	if done := b.commit(t, b.caused(writes...)); !b.alone(done) {
		t.Errorf("Commit() = %v, want no wake left", done.Next)
	}
	b.whole(t)
}

// alone tells that no wake of this workspace is the shard's next; others may share the shard.
func (b *bench) alone(done tickets.Committed) bool { return done.Next.IsZero() }

func testEarliest(t *testing.T, b *bench) {
	tk := b.fresh(1)
	c := b.change(write(nil, tk, tickets.EvCreated))
	if done := b.commit(t, c); !done.Next.Equal(tk.Wake) {
		t.Errorf("Commit().Next = %v, want %v", done.Next, tk.Wake)
	}
	c = b.change()
	sooner := tk.Wake.Add(-time.Microsecond)
	c.Wakes = []tickets.Wake{{Subject: "roster:" + tickets.Subject(b.ws), Due: sooner}}
	if done := b.commit(t, c); !done.Next.Equal(sooner) {
		t.Errorf("Commit().Next = %v, want %v", done.Next, sooner)
	}
}

func testUnknown(t *testing.T, b *bench) {
	tk := b.store(t, func(tk *tickets.Ticket) {
		tk.Unknown = map[string]jsonRaw{"mood": jsonRaw(`{"of":"buyer"}`)}
	})
	got, err := b.Store.Ticket(t.Context(), b.ws, tk.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.commit(t, b.change(write(&got, changed(got, func(n *tickets.Ticket) { n.Assignee = "U9" }), tickets.EvAssigned)))
	got, err = b.Store.Ticket(t.Context(), b.ws, tk.ID)
	if diff := cmp.Diff(tk.Unknown, got.Unknown); err != nil || diff != "" {
		t.Errorf("Ticket().Unknown mismatch (-want +got):\n%s\n%v", diff, err)
	}
}

package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

func streamTests() map[string]func(*testing.T, *bench) {
	return map[string]func(*testing.T, *bench){
		"due wakes, earliest first":               testDue,
		"a wake follows its ticket":               testWakeMoves,
		"a wake put right agrees with its ticket": testWakePutRight,
		"the outbox keeps its order":              testOutboxOrder,
	}
}

func (b *bench) outgoing(id string, tk tickets.TicketID) tickets.Outgoing {
	return tickets.Outgoing{
		ID: id, Workspace: b.ws, Ticket: tk, Class: tickets.ClassReply, Lane: "C1", At: start(), Body: []byte(`{"say":"好"}`),
	}
}

func (b *bench) pending(t *testing.T, after string, n int) []tickets.Outgoing {
	t.Helper()
	out, err := b.Store.Pending(t.Context(), b.shard(), after, n)
	if err != nil {
		t.Fatalf("Pending() = %v", err)
	}
	return out
}

func (b *bench) due(t *testing.T, now time.Time, n int, wantNext time.Time, want ...tickets.Wake) {
	t.Helper()
	got, next, err := b.Store.Due(t.Context(), b.shard(), now, n)
	if diff := cmp.Diff(want, got); err != nil || diff != "" || !next.Equal(wantNext) {
		t.Errorf("Due(%v, %d) = next %v, want %v, %v mismatch (-want +got):\n%s", now, n, next, wantNext, err, diff)
	}
}

func testDue(t *testing.T, b *bench) {
	at := start()
	wakes := []tickets.Wake{
		{Subject: "digest:a", Due: at}, {Subject: "digest:b", Due: at.Add(time.Microsecond)},
		{Subject: "digest:c", Due: at.Add(time.Second)}, {Subject: "digest:d", Due: at.Add(time.Hour)},
	}
	c := b.change()
	c.Wakes = wakes
	b.commit(t, c)
	b.due(t, at.Add(-time.Nanosecond), 10, at)
	b.due(t, at, 10, wakes[1].Due, wakes[0])
	b.due(t, at.Add(time.Second), 10, wakes[3].Due, wakes[:3]...)
	b.due(t, at.Add(time.Second), 2, wakes[3].Due, wakes[:2]...)
	b.due(t, at.Add(time.Hour), 10, time.Time{}, wakes...)
	c.Wakes = []tickets.Wake{{Subject: "digest:a"}, {Subject: "digest:b", Due: at.Add(2 * time.Hour)}, {Subject: "digest:none"}}
	b.commit(t, c)
	b.due(t, at.Add(time.Hour), 10, at.Add(2*time.Hour), wakes[2:]...)

	c.Wakes = []tickets.Wake{{Subject: "digest:a", Due: at.Add(1500 * time.Nanosecond)}}
	b.commit(t, c)
	b.due(t, at.Add(1900*time.Nanosecond), 10, at.Add(2*time.Microsecond))
}

func testWakeMoves(t *testing.T, b *bench) {
	tk := b.store(t, nil)
	subject := tickets.TicketSubject(b.ws, tk.ID)
	b.due(t, tk.Wake, 1, time.Time{}, tickets.Wake{Subject: subject, Due: tk.Wake})
	later := changed(tk, func(n *tickets.Ticket) { n.Wake = n.Wake.Add(time.Hour) })
	c := b.change(write(&tk, later, tickets.EvReminded))
	c.Cause = tickets.Cause{Kind: tickets.CauseWake, ID: "wake"}
	b.commit(t, c)
	refused(t, b, c, tickets.ErrConflict)
	b.due(t, tk.Wake, 1, later.Wake)
	never := changed(later, func(n *tickets.Ticket) { n.Wake = time.Time{} })
	b.commit(t, b.change(write(&later, never, tickets.EvResolved)))
	b.due(t, later.Wake, 1, time.Time{})
	b.whole(t)
}

func testOutboxOrder(t *testing.T, b *bench) {
	tk := b.fresh(1)
	c := b.change(write(nil, tk, tickets.EvCreated))
	want := []tickets.Outgoing{b.outgoing("a|0", tk.ID), b.outgoing("a|1", tk.ID), b.outgoing("a|2", "")}
	c.Outbox = want
	c.Feed = []tickets.FeedEntry{{Ticket: tk.ID, Body: []byte(`{"kind":"created"}`)}}
	b.commit(t, c)
	got := b.pending(t, "", 10)
	for i := range got {
		if got[i].Entry == "" {
			t.Errorf("entry %d has no id", i)
		}
	}
	ignore := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Entry" }, cmp.Ignore())
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Fatalf("Pending() mismatch (-want +got):\n%s", diff)
	}
	rest := b.pending(t, got[0].Entry, 1)
	if diff := cmp.Diff(got[1:2], rest); diff != "" {
		t.Errorf("Pending(after first) mismatch (-want +got):\n%s", diff)
	}
	b.whole(t)
}

func testWakePutRight(t *testing.T, b *bench) {
	tk := b.store(t, nil)
	right := func(due time.Time, id tickets.TicketID) tickets.Change {
		c := b.change()
		c.Wakes = []tickets.Wake{{Subject: tickets.TicketSubject(b.ws, id), Due: due}}
		return c
	}
	got, err := b.Store.Ticket(t.Context(), b.ws, tk.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.commit(t, right(got.Wake, tk.ID))
	refused(t, b, right(got.Wake.Add(time.Second), tk.ID), tickets.ErrConflict)
	refused(t, b, right(time.Time{}, tk.ID), tickets.ErrConflict)
	b.commit(t, right(time.Time{}, "gone"))
	refused(t, b, right(start(), "gone"), tickets.ErrConflict)
	never := changed(got, func(n *tickets.Ticket) { n.Wake = time.Time{} })
	b.commit(t, b.change(write(&got, never, tickets.EvResolved)))
	refused(t, b, right(got.Wake, tk.ID), tickets.ErrConflict)
	b.commit(t, right(time.Time{}, tk.ID))
	b.whole(t)
}

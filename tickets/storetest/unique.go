package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

func uniqueTests() map[string]func(*testing.T, *bench) {
	return map[string]func(*testing.T, *bench){
		"a source has one ticket":             testSourceTaken,
		"a thread has one ticket":             testThreadTaken,
		"a key given up can be taken":         testKeyFreed,
		"a key changes hands in one change":   testKeyHandedOver,
		"an update keeps its own unique keys": testKeyKept,
	}
}

func testSourceTaken(t *testing.T, b *bench) {
	first := b.store(t, nil)
	second := b.fresh(2)
	second.Source.TS = first.Source.TS
	refused(t, b, b.caused(write(nil, second, tickets.EvCreated)), tickets.ErrConflict)
	b.finds(t, tickets.Key{Kind: tickets.KeySource, Value: "C1/" + first.Source.TS}, first.ID)
	b.whole(t)
}

func testThreadTaken(t *testing.T, b *bench) {
	first := b.store(t, func(tk *tickets.Ticket) { tk.Source.Thread = "9.1" })
	second := b.store(t, nil)
	moved := changed(second, func(n *tickets.Ticket) { n.Source.Thread = "9.1" })
	refused(t, b, b.change(write(&second, moved, tickets.EvPosted)), tickets.ErrConflict)
	b.finds(t, tickets.Key{Kind: tickets.KeyThread, Value: "C1/9.1"}, first.ID)
	b.whole(t)
}

func testKeyFreed(t *testing.T, b *bench) {
	first := b.store(t, func(tk *tickets.Ticket) { tk.Source.Thread = "9.1" })
	b.commit(t, b.change(write(&first, changed(first, func(n *tickets.Ticket) { n.Source.Thread = "9.2" }), tickets.EvPosted)))
	second := b.store(t, func(tk *tickets.Ticket) { tk.Source.Thread = "9.1" })
	b.finds(t, tickets.Key{Kind: tickets.KeyThread, Value: "C1/9.1"}, second.ID)
	b.finds(t, tickets.Key{Kind: tickets.KeyThread, Value: "C1/9.2"}, first.ID)
	b.finds(t, tickets.Key{Kind: tickets.KeyThread, Value: "C1/9.3"})
	b.whole(t)
}

func testKeyHandedOver(t *testing.T, b *bench) {
	one := b.store(t, func(tk *tickets.Ticket) { tk.Source.Thread = "9.1" })
	two := b.store(t, func(tk *tickets.Ticket) { tk.Source.Thread = "9.2" })
	b.commit(t, b.change(
		write(&one, changed(one, func(n *tickets.Ticket) { n.Source.Thread = "9.2" }), tickets.EvPosted),
		write(&two, changed(two, func(n *tickets.Ticket) { n.Source.Thread = "9.1" }), tickets.EvPosted)))
	b.finds(t, tickets.Key{Kind: tickets.KeyThread, Value: "C1/9.1"}, two.ID)
	b.finds(t, tickets.Key{Kind: tickets.KeyThread, Value: "C1/9.2"}, one.ID)
	b.whole(t)
}

func testKeyKept(t *testing.T, b *bench) {
	tk := b.store(t, func(tk *tickets.Ticket) { tk.Source.Thread = "9.1" })
	for range 3 {
		next := changed(tk, func(*tickets.Ticket) {})
		b.commit(t, b.change(write(&tk, next, tickets.EvNoted)))
		tk = next
	}
	b.finds(t, tickets.Key{Kind: tickets.KeyNumber, Value: tk.Number.String()}, tk.ID)
	b.whole(t)
}

// finds compares what is behind an exact key.
func (b *bench) finds(t *testing.T, k tickets.Key, want ...tickets.TicketID) {
	t.Helper()
	got, err := b.Store.Find(t.Context(), b.ws, k)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Find(%v) = %v mismatch (-want +got):\n%s", k, err, diff)
	}
}

package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

func listTests() map[string]func(*testing.T, *bench) {
	return map[string]func(*testing.T, *bench){
		"each index holds its own":           testIndexes,
		"pages follow one another":           testPages,
		"pages survive a moving ticket":      testPagesMoving,
		"at most five hundred are looked at": testCandidates,
		"a strange cursor is refused":        testCursor,
	}
}

func numbers(p tickets.Page) []tickets.Number {
	var out []tickets.Number
	for _, t := range p.Tickets {
		out = append(out, t.Number)
	}
	return out
}

func (b *bench) lists(t *testing.T, q tickets.Query, want ...tickets.Number) {
	t.Helper()
	page, err := b.Store.List(t.Context(), b.ws, q)
	if diff := cmp.Diff(want, numbers(page)); err != nil || diff != "" || page.Cursor != "" {
		t.Errorf("List(%s %q) = cursor %q, %v mismatch (-want +got):\n%s", q.By, q.Value, page.Cursor, err, diff)
	}
}

func testIndexes(t *testing.T, b *bench) {
	one := b.store(t, func(tk *tickets.Ticket) { tk.Assignee = "U2" })
	two := b.store(t, func(tk *tickets.Ticket) {
		tk.Assignee, tk.Status, tk.Facts.Shop, tk.Deadlines = "U2", tickets.StatusAssigned, "B", nil
	})
	three := b.store(t, func(tk *tickets.Ticket) {
		tk.Assignee, tk.Requester = "U2", "U5"
		tk.Deadlines[0].Due = start().Add(time.Minute)
	})
	by := func(by tickets.ListBy, value string) tickets.Query { return tickets.Query{By: by, Value: value} }
	b.lists(t, by(tickets.ByCreated, ""), 1, 2, 3)
	b.lists(t, tickets.Query{By: tickets.ByCreated, Desc: true}, 3, 2, 1)
	b.lists(t, by(tickets.ByAssignee, "U2"), 3, 1, 2)
	b.lists(t, by(tickets.ByDue, ""), 3, 1, 2)
	b.lists(t, by(tickets.ByShop, "B"), 2)
	b.lists(t, by(tickets.ByRequester, "U5"), 3)
	b.lists(t, by(tickets.ByStatus, "new"), 1, 3)
	b.lists(t, tickets.Query{By: tickets.ByCreated, Keep: func(t tickets.Ticket) bool { return t.Number != 2 }}, 1, 3)

	done := changed(two, func(n *tickets.Ticket) { n.Status, n.Wake = tickets.StatusResolved, time.Time{} })
	moved := changed(one, func(n *tickets.Ticket) { n.Assignee = "U3" })
	gone := changed(three, func(n *tickets.Ticket) { n.Status, n.Wake = tickets.StatusArchived, time.Time{} })
	b.commit(t, b.change(write(&one, moved, tickets.EvAssigned), write(&two, done, tickets.EvResolved), write(&three, gone, tickets.EvArchived)))
	b.lists(t, by(tickets.ByAssignee, "U2"))
	b.lists(t, by(tickets.ByAssignee, "U3"), 1)
	b.lists(t, by(tickets.ByDue, ""), 1)
	b.lists(t, by(tickets.ByStatus, "resolved"), 2)
	b.lists(t, by(tickets.ByRequester, "U5"))
	b.lists(t, by(tickets.ByCreated, ""), 1, 2, 3)
	b.whole(t)
}

// testPages walks tickets of which many share one score.
func testPages(t *testing.T, b *bench) {
	const n = 23
	for range n {
		b.store(t, func(tk *tickets.Ticket) { tk.Deadlines = nil })
	}
	for _, by := range []tickets.ListBy{tickets.ByCreated, tickets.ByDue} {
		for _, desc := range []bool{false, true} {
			t.Run(fmt.Sprint(by, " desc ", desc), func(t *testing.T) {
				got := b.walk(t, tickets.Query{By: by, Desc: desc, Limit: 5}, func() {})
				if len(got) != n {
					t.Errorf("pages hold %d tickets, want %d", len(got), n)
				}
			})
		}
	}
}

// walk reads all pages and fails when a ticket appears twice.
func (b *bench) walk(t *testing.T, q tickets.Query, between func()) map[tickets.Number]bool {
	t.Helper()
	got := map[tickets.Number]bool{}
	for {
		page, err := b.Store.List(t.Context(), b.ws, q)
		if err != nil {
			t.Fatalf("List() = %v", err)
		}
		for _, n := range numbers(page) {
			if got[n] {
				t.Errorf("ticket %d on two pages", n)
			}
			got[n] = true
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return got
		}
		between()
	}
}

// testPagesMoving takes each page's tickets out of the index before the next page is read.
func testPagesMoving(t *testing.T, b *bench) {
	for range 12 {
		b.store(t, func(tk *tickets.Ticket) { tk.Deadlines = nil })
	}
	left := map[tickets.TicketID]bool{}
	got := b.walk(t, tickets.Query{By: tickets.ByDue, Limit: 5, Keep: func(tk tickets.Ticket) bool { left[tk.ID] = true; return true }}, func() {
		for id := range left {
			tk, err := b.Store.Ticket(t.Context(), b.ws, id)
			if err != nil {
				t.Fatal(err)
			}
			if tk.Status.Open() {
				b.commit(t, b.change(write(&tk, changed(tk, func(n *tickets.Ticket) { n.Status = tickets.StatusResolved }), tickets.EvResolved)))
			}
		}
	})
	if len(got) != 12 {
		t.Errorf("pages hold %d tickets, want 12", len(got))
	}
}

func testCandidates(t *testing.T, b *bench) {
	var writes []tickets.TicketWrite
	for n := tickets.Number(1); n <= 600; n++ {
		if writes = append(writes, write(nil, b.fresh(n), tickets.EvCreated)); len(writes) == tickets.MaxWrites {
			b.commit(t, b.change(writes...))
			writes = nil
		}
	}
	asked := 0
	q := tickets.Query{By: tickets.ByCreated, Keep: func(tk tickets.Ticket) bool { asked++; return tk.Number == 550 }}
	page, err := b.Store.List(t.Context(), b.ws, q)
	if err != nil || len(page.Tickets) != 0 || page.Cursor == "" || asked != 500 {
		t.Fatalf("List() = %d tickets, cursor %q, %v after %d candidates, want none after 500", len(page.Tickets), page.Cursor, err, asked)
	}
	q.Cursor = page.Cursor
	b.lists(t, q, 550)
}

func testCursor(t *testing.T, b *bench) {
	for _, c := range []string{"x", "12", "12/", "/a"} {
		if _, err := b.Store.List(t.Context(), b.ws, tickets.Query{By: tickets.ByCreated, Cursor: c}); !errors.Is(err, tickets.ErrInvalid) {
			t.Errorf("List(cursor %q) = %v, want invalid", c, err)
		}
	}
}

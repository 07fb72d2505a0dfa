package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"gongdan/tickets"
)

// testJoined compares changes of several tickets that are written as one with the same changes written one by one, each to a
// workspace of its own. Where one of them is refused, the joined change writes nothing at all.
func testJoined(t *testing.T, b *bench) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(rt, "tickets")
		moves := rapid.SliceOfN(rapid.IntRange(0, 5), n, n).Draw(rt, "moves")
		late := rapid.SampledFrom([]int{-1, -1, rapid.IntRange(0, n-1).Draw(rt, "which")}).Draw(rt, "refused")
		apart, joined := newBench(t, b.Harness), newBench(t, b.Harness)
		if apart.shard() == joined.shard() {
			apart.epoch = joined.epoch
		}
		for _, c := range apart.woken(rt, moves, late) {
			if _, err := apart.Store.Commit(context.Background(), c); err != nil && !errors.Is(err, tickets.ErrConflict) {
				rt.Fatalf("Commit(%s) = %v", c.Cause.ID, err)
			}
		}
		changes := joined.woken(rt, moves, late)
		before := joined.read(rt)
		_, err := joined.Store.Commit(context.Background(), tickets.Join(changes))
		want := apart.read(rt)
		if late >= 0 {
			want = before
		}
		if refused := errors.Is(err, tickets.ErrConflict); refused != (late >= 0) || !refused && err != nil {
			rt.Fatalf("Commit(joined) = %v, refused one: %d", err, late)
		}
		ids := cmpopts.IgnoreFields(tickets.Ticket{}, "ID", "Workspace", "Source.TS")
		if diff := cmp.Diff(want, joined.read(rt), ids); diff != "" {
			rt.Fatalf("joined (+) differs (-):\n%s", diff)
		}
		apart.whole(rt)
		joined.whole(rt)
	})
}

// woken makes tickets and the changes that wakes lead to: each moves its ticket's wake and places in other ways, and says
// something. The one that is late expects a version that has gone by.
func (b *bench) woken(rt *rapid.T, moves []int, late int) (changes []tickets.Change) {
	for i, move := range moves {
		tk := b.fresh(tickets.Number(i + 1))
		if _, err := b.Store.Commit(context.Background(), b.change(write(nil, tk, tickets.EvCreated))); err != nil {
			rt.Fatalf("store ticket: %v", err)
		}
		next := changed(tk, func(n *tickets.Ticket) {
			n.Status = []tickets.Status{tickets.StatusNew, tickets.StatusAssigned, tickets.StatusArchived}[move%3]
			n.Wake = []time.Time{{}, tk.Wake.Add(time.Duration(i) * time.Hour)}[move%2]
		})
		c := b.change(write(&tk, next, tickets.EvReminded))
		c.Cause = tickets.Cause{Kind: tickets.CauseWake, ID: tickets.CauseID(fmt.Sprint(i))}
		c.Docs = []tickets.DocWrite{{Key: fmt.Sprint(i), Body: []byte(fmt.Sprint(i))}}
		c.Outbox = []tickets.Outgoing{b.outgoing(fmt.Sprint(i, "|0"), ""), b.outgoing(fmt.Sprint(i, "|1"), "")}
		c.Wakes = []tickets.Wake{{Subject: tickets.Subject(fmt.Sprintf("card:%s/%d", b.ws, i)), Due: tk.Wake.Add(time.Duration(move) * time.Minute)}}
		changes = append(changes, c)
		if i == late {
			b.hurry(rt, tk)
		}
	}
	return changes
}

// hurry changes a ticket before anybody else does.
func (b *bench) hurry(rt *rapid.T, tk tickets.Ticket) {
	w := write(&tk, changed(tk, func(n *tickets.Ticket) { n.Assignee = "U7" }), tickets.EvAssigned)
	if _, err := b.Store.Commit(context.Background(), b.change(w)); err != nil {
		rt.Fatalf("change ticket: %v", err)
	}
}

// contents is what a workspace holds after [bench.woken], without what differs between workspaces.
type contents struct {
	Tickets []tickets.Ticket
	Events  [][]tickets.Event
	Said    []string
	Docs    []string
}

func (b *bench) read(rt *rapid.T) (c contents) {
	ctx := context.Background()
	page, err := b.Store.List(ctx, b.ws, tickets.Query{By: tickets.ByCreated, Limit: 100})
	if err != nil {
		rt.Fatalf("List() = %v", err)
	}
	c.Tickets = page.Tickets
	for i, tk := range page.Tickets {
		events, err := b.Store.Timeline(ctx, b.ws, tk.ID)
		if err != nil {
			rt.Fatalf("Timeline() = %v", err)
		}
		c.Events = append(c.Events, events)
		doc, err := b.Store.Doc(ctx, b.ws, fmt.Sprint(i))
		if err != nil && !errors.Is(err, tickets.ErrNotFound) {
			rt.Fatalf("Doc() = %v", err)
		}
		c.Docs = append(c.Docs, string(doc.Body))
	}
	said, err := b.Store.Pending(ctx, b.shard(), "", 1_000_000)
	if err != nil {
		rt.Fatalf("Pending() = %v", err)
	}
	for _, o := range said {
		if o.Workspace == b.ws {
			c.Said = append(c.Said, o.ID)
		}
	}
	return c
}

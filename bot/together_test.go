package bot_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
	"gongdan/tickets/timers"
)

// script is what happens in a world before and between the times at which everything due is done.
type script struct {
	tickets int
	acts    []string // typed before anything is due, in turns
	cards   bool     // cards are to be looked at again when the first clocks end
	gaps    []time.Duration
	leader  bool // somebody is configured to lead
}

func drawScript(rt *rapid.T) script {
	act := rapid.SampledFrom([]string{
		"assign %d 小李", "claim %d", "wait %d 仓库", "resolve %d", "replied %d", "ack %d", "severity %d urgent", "promise %d 2h", "cancel %d", "note %d 在查",
	})
	gap := rapid.SampledFrom([]time.Duration{time.Minute, 20 * time.Minute, 35 * time.Minute, 3 * time.Hour, 24 * time.Hour, 10 * 24 * time.Hour})
	return script{
		tickets: rapid.IntRange(2, 8).Draw(rt, "tickets"),
		acts:    rapid.SliceOfN(act, 0, 10).Draw(rt, "acts"),
		cards:   rapid.Bool().Draw(rt, "cards"),
		gaps:    rapid.SliceOfN(gap, 1, 4).Draw(rt, "gaps"),
		leader:  rapid.Bool().Draw(rt, "leader"),
	}
}

// play carries a script out. All tickets are made at one instant, so that their clocks come due together.
func (s script) play(w *world) {
	if s.leader {
		w.policy.Roster.Escalation = wang
	}
	for i := range s.tickets {
		kind := []string{"new 订单 20241122%011d 买家要退货", "new 天猫 20241122%06d 下协同工单了 origin=platform platform=tmall due=明天10:00"}[i%2]
		w.types(anna, fmt.Sprintf(kind, i))
	}
	for i, act := range s.acts {
		w.types(wang, fmt.Sprintf(act, 1+i%s.tickets))
	}
	if s.cards {
		w.cards(time.Now().Add(30 * time.Minute))
	}
	for i, gap := range s.gaps {
		if i%2 == 1 {
			w.waits(gap) // down, so that several marks of each are due
			w.wake()
			continue
		}
		w.until(time.Now().Add(gap))
	}
}

// cards lets every card be looked at again, as the announcer does when one will read differently.
func (w *world) cards(at time.Time) {
	w.t.Helper()
	c := tickets.Change{Workspace: ws}
	for _, k := range w.all() {
		c.Wakes = append(c.Wakes, tickets.Wake{Subject: tickets.Subject("card:" + string(ws) + "/" + string(k.ID)), Due: at})
	}
	if _, err := w.store.Commit(w.t.Context(), c); err != nil {
		w.t.Fatal(err)
	}
}

// outcome is all that wakes can change.
type outcome struct {
	Tickets []tickets.Ticket
	Events  map[tickets.TicketID][]tickets.Event
	Said    []tickets.Outgoing
	Wakes   []tickets.Wake
	Lead    tickets.Doc
}

func (w *world) outcome() outcome {
	w.t.Helper()
	w.sound()
	o := outcome{Tickets: w.all(), Events: map[tickets.TicketID][]tickets.Event{}, Said: w.outbox()}
	for _, k := range o.Tickets {
		o.Events[k.ID] = w.events(k.ID)
	}
	for i := range o.Said {
		o.Said[i].Entry = ""
	}
	// Between tickets there is no order to keep.
	slices.SortStableFunc(o.Said, func(a, b tickets.Outgoing) int { return cmp.Compare(a.Ticket, b.Ticket) })
	var err error
	if o.Wakes, _, err = w.store.Due(w.t.Context(), tickets.ShardOf(ws, 16), time.Now().AddDate(9, 0, 0), 1000); err != nil {
		w.t.Fatal(err)
	}
	if o.Lead, err = w.store.Doc(w.t.Context(), ws, "lead"); err != nil && !errors.Is(err, tickets.ErrNotFound) {
		w.t.Fatal(err)
	}
	return o
}

// TestTogetherIsAsOneByOne: whatever is due, doing it together leads to the same tickets, timelines, wakes and words.
func TestTogetherIsAsOneByOne(t *testing.T) {
	t.Parallel()
	catalogue(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := drawScript(rt)
		var alone outcome
		for i, mode := range []struct{ batch, ahead bool }{{}, {batch: true}, {batch: true, ahead: true}} {
			aWorld(t, func(_ *testing.T, w *world) {
				w.batch, w.ahead = mode.batch, mode.ahead
				s.play(w)
				if i == 0 {
					alone = w.outcome()
				} else if diff := gocmp.Diff(alone, w.outcome()); diff != "" {
					rt.Fatalf("together, ahead %v (+) differs from one by one (-):\n%s", mode.ahead, diff)
				}
			})
		}
	})
}

// TestTogetherAsksOnceWhoLeads: calls of one instant do not each wait for an answer that does not come.
func TestTogetherAsksOnceWhoLeads(t *testing.T) {
	for _, down := range []bool{false, true} {
		t.Run(fmt.Sprint(down), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.halfHour(5 * time.Minute)
				for i := range 8 {
					w.types(anna, fmt.Sprintf("new 订单 20241122%011d 买家要退货", i))
				}
				w.until(w.all()[0].Created.Add(30 * time.Minute))
				w.people.down, w.batch = down, true
				w.waits(5 * time.Minute)
				w.wake()
				if n := w.people.leads.Load(); n != 1 {
					t.Errorf("asked %d times who leads, want once", n)
				}
				for _, k := range w.all() {
					if h := w.history(k.ID); !strings.Contains(h, "escalated") {
						t.Errorf("%s: %s", k.Number, h)
					}
				}
				if _, err := w.store.Doc(t.Context(), ws, "lead"); (err == nil) == down {
					t.Errorf("who leads is kept: %v", err)
				}
				w.sound()
			})
		})
	}
}

// meddled is a store in which something happens between the load and the commit of what is woken together.
type meddled struct {
	*memstore.Store
	meddle  func(map[tickets.TicketID]tickets.Ticket)
	commits atomic.Int32
}

func (m *meddled) Tickets(ctx context.Context, ws tickets.WorkspaceID, ids []tickets.TicketID) (map[tickets.TicketID]tickets.Ticket, error) {
	got, err := m.Store.Tickets(ctx, ws, ids)
	m.meddle(got)
	return got, err
}

func (m *meddled) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	m.commits.Add(1)
	return m.Store.Commit(ctx, c)
}

func (m *meddled) Prepare(c tickets.Change) (func(context.Context) (tickets.Committed, error), error) {
	commit, err := m.Store.Prepare(c)
	return func(ctx context.Context) (tickets.Committed, error) {
		m.commits.Add(1)
		return commit(ctx)
	}, err
}

// TestDecidedAheadYields: what was decided ahead is not written once one of its tickets has changed, and each is done alone.
func TestDecidedAheadYields(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.types(anna, fmt.Sprintf("new 订单 20241122%011d 买家要退货", i))
		}
		due, _, err := w.store.Due(t.Context(), tickets.ShardOf(ws, 16), time.Now().Add(time.Hour), 5)
		if err != nil {
			t.Fatal(err)
		}
		w.waits(time.Until(due[0].Due) - time.Millisecond)
		do := w.talk.PrepareTogether(t.Context(), due, 0)
		if got := w.reminded(); slices.Max(got) != 0 {
			t.Errorf("reminded %v ahead of time", got)
		}
		w.types(wang, "note 3 在查")
		w.waits(time.Millisecond)
		if left := do(t.Context()); len(left) != 5 {
			t.Errorf("left %d, want all", len(left))
		}
		w.wake()
		if diff := gocmp.Diff([]int{1, 1, 0, 1, 1}, w.reminded()); diff != "" {
			t.Errorf("reminded mismatch (-want +got):\n%s", diff)
		}
		w.sound()
	})
}

// serves runs a wake loop as the shard's owner does, until nothing is due.
func (w *world) serves(talk *bot.Conversation) {
	w.t.Helper()
	loop := timers.New(timers.Options{Store: w.store, Shard: tickets.ShardOf(ws, 16), Clock: timers.SystemClock(nil),
		Handle: func(ctx context.Context, wake tickets.Wake) error { return talk.Wake(ctx, wake, 0) },
		Together: func(ctx context.Context, wakes []tickets.Wake) []tickets.Wake {
			return talk.WakeTogether(ctx, wakes, 0)
		},
	})
	if _, _, err := loop.RunOnce(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// reminded counts how often each ticket was.
func (w *world) reminded() (counts []int) {
	w.t.Helper()
	for _, k := range w.all() {
		n := 0
		for _, e := range w.events(k.ID) {
			if e.Kind == tickets.EvReminded {
				n++
			}
		}
		counts = append(counts, n)
	}
	return counts
}

// TestTogetherHarmsNoOther: five tickets are reminded of at one instant, and something is wrong with the third.
func TestTogetherHarmsNoOther(t *testing.T) {
	for _, tt := range []struct {
		name    string
		meddle  func(w *world, got map[tickets.TicketID]tickets.Ticket, third tickets.Ticket)
		commits int32 // together, and alone
		want    []int
	}{
		{"nothing", func(*world, map[tickets.TicketID]tickets.Ticket, tickets.Ticket) {}, 1, []int{1, 1, 1, 1, 1}},
		{"it changes meanwhile", func(w *world, _ map[tickets.TicketID]tickets.Ticket, _ tickets.Ticket) {
			w.types(wang, "tag 3 vip")
		}, 1 + 5, []int{1, 1, 1, 1, 1}},
		{"it is answered meanwhile", func(w *world, _ map[tickets.TicketID]tickets.Ticket, _ tickets.Ticket) {
			w.types(wang, "note 3 在查")
		}, 1 + 4, []int{1, 1, 0, 1, 1}},
		{"it cannot be read", func(_ *world, got map[tickets.TicketID]tickets.Ticket, third tickets.Ticket) {
			delete(got, third.ID)
		}, 1 + 1, []int{1, 1, 1, 1, 1}},
		{"it is malformed", func(_ *world, got map[tickets.TicketID]tickets.Ticket, third tickets.Ticket) {
			third.Number = 0
			got[third.ID] = third
		}, 5, []int{1, 1, 1, 1, 1}},
		{"it panics", func(_ *world, got map[tickets.TicketID]tickets.Ticket, third tickets.Ticket) {
			third.Status = "melted"
			got[third.ID] = third
		}, 1 + 1, []int{1, 1, 1, 1, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				for i := range 5 {
					w.types(anna, fmt.Sprintf("new 订单 20241122%011d 买家要退货", i))
				}
				w.waits(time.Until(w.all()[0].Wake))
				store := &meddled{Store: w.store, meddle: func(got map[tickets.TicketID]tickets.Ticket) { tt.meddle(w, got, w.all()[2]) }}
				w.serves(w.over(store))
				if diff := gocmp.Diff(tt.want, w.reminded()); diff != "" {
					t.Errorf("reminded mismatch (-want +got):\n%s", diff)
				}
				if got := store.commits.Load(); got != tt.commits {
					t.Errorf("%d commits, want %d", got, tt.commits)
				}
				w.sound()
			})
		})
	}
}

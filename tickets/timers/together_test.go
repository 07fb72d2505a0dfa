package timers_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
	"gongdan/tickets/timers"
)

// hands records who handled what, and takes several at once unless told to leave or to break.
type hands struct {
	*fixture
	batches []int // sizes of what was handled together
	done    map[tickets.Subject]int
	leaves  map[tickets.Subject]bool
	breaks  map[tickets.Subject]bool
	slow    chan struct{} // holds what is handled together up, once
}

// together runs a test in virtual time beside a loop that takes up to ten at once.
func together(t *testing.T, test func(*hands)) {
	t.Helper()
	h := &hands{done: map[tickets.Subject]int{}, leaves: map[tickets.Subject]bool{}, breaks: map[tickets.Subject]bool{}}
	running(t, func(o *timers.Options) { o.Batch, o.Together, o.Done = 10, h.take, h.told }, func(f *fixture) {
		h.fixture = f
		test(h)
	})
}

func (h *hands) told(w tickets.Wake) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done[w.Subject]++
}

func (h *hands) take(ctx context.Context, wakes []tickets.Wake) (left []tickets.Wake) {
	h.mu.Lock()
	h.batches = append(h.batches, len(wakes))
	wait := h.slow
	h.slow = nil
	h.mu.Unlock()
	if wait != nil {
		<-wait
	}
	c := tickets.Change{Workspace: ws}
	for _, w := range wakes {
		if time.Now().Before(w.Due) {
			h.t.Errorf("%s handled early", w.Subject)
		}
		if h.breaks[w.Subject] {
			panic("broken")
		}
		if h.leaves[w.Subject] {
			left = append(left, w)
			continue
		}
		c.Wakes = append(c.Wakes, tickets.Wake{Subject: w.Subject})
	}
	if _, err := h.store.Commit(ctx, c); err != nil {
		h.t.Errorf("Commit() = %v", err)
	}
	return left
}

// burst has n subjects due at one instant.
func (h *hands) burst(after time.Duration, n int) {
	var list []tickets.Subject
	for i := range n {
		list = append(list, tickets.Subject(fmt.Sprintf("burst:%d", i)))
	}
	h.set(after, list...)
}

// wants checks the sizes of what was handled together, in any order, and that everything else was handled alone.
func (h *hands) wants(batches []int, alone ...string) {
	h.t.Helper()
	h.mu.Lock()
	slices.Sort(h.batches)
	diff := cmp.Diff(batches, h.batches)
	slices.Sort(h.log)
	h.mu.Unlock()
	if diff != "" {
		h.t.Errorf("together mismatch (-want +got):\n%s", diff)
	}
	h.want(alone...)
}

// toldOnce checks that n subjects were told as done, each once.
func (h *hands) toldOnce(n int) {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for s, times := range h.done {
		if times != 1 {
			h.t.Errorf("%s done %d times", s, times)
		}
	}
	if len(h.done) != n {
		h.t.Errorf("%d done, want %d", len(h.done), n)
	}
}

func TestBurstIsHandledTogether(t *testing.T) {
	t.Parallel()
	together(t, func(h *hands) {
		h.burst(time.Second, 205)
		h.set(2*time.Second, "single:a")
		at(h.fixture, 999*time.Millisecond)
		h.toldOnce(0)
		at(h.fixture, time.Second)
		h.toldOnce(205)
		at(h.fixture, time.Minute)
		h.toldOnce(206)
		sizes := slices.Repeat([]int{10}, 20)
		h.wants(append([]int{5}, sizes...), "single:a@2")
	})
}

// TestPunctualWaitsForNoBurst: what comes due while several are handled together begins at its time.
func TestPunctualWaitsForNoBurst(t *testing.T) {
	t.Parallel()
	together(t, func(h *hands) {
		h.slow = make(chan struct{})
		free := h.slow
		h.burst(time.Second, 10)
		h.set(1001*time.Millisecond, "single:a")
		h.set(1002*time.Millisecond, "single:b", "single:c")
		at(h.fixture, 1002*time.Millisecond)
		h.toldOnce(3)
		close(free)
		synctest.Wait()
		h.wants([]int{2, 10}, "single:a@1.001")
		h.toldOnce(13)
	})
}

// TestLeftIsHandledAlone: at once, and never again together while it is due.
func TestLeftIsHandledAlone(t *testing.T) {
	t.Parallel()
	together(t, func(h *hands) {
		h.leaves["burst:3"], h.leaves["burst:7"] = true, true
		h.fail["burst:7"] = 2
		h.burst(time.Second, 10)
		h.set(1050*time.Millisecond, "later:a", "later:b")
		at(h.fixture, time.Minute)
		h.wants([]int{2, 10}, "burst:3@1", "burst:7@1", "burst:7@1.1", "burst:7@1.3")
		h.toldOnce(12)
	})
}

// TestPanicTogetherHarmsNoOther: all are tried alone at once, and only the broken one waits.
func TestPanicTogetherHarmsNoOther(t *testing.T) {
	t.Parallel()
	together(t, func(h *hands) {
		h.breaks["burst:1"] = true
		h.panics = map[tickets.Subject]bool{"burst:1": true}
		h.fail["burst:1"] = 1
		h.burst(time.Second, 3)
		at(h.fixture, time.Second)
		h.toldOnce(2)
		at(h.fixture, time.Minute)
		h.wants([]int{3}, "burst:0@1", "burst:1@1", "burst:1@1.1", "burst:2@1")
		h.toldOnce(3)
	})
}

// TestLeaseEndsWhileTogether: what is left after a commit under an old lease ends the loop when it is tried alone.
func TestLeaseEndsWhileTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(o *timers.Options) {
			o.Together = func(_ context.Context, wakes []tickets.Wake) []tickets.Wake { return wakes }
		})
		f.set(time.Second, "a:a", "b:b")
		f.store.Take(ws)
		if err := f.loop.Run(t.Context()); !errors.Is(err, tickets.ErrStaleLease) {
			t.Errorf("Run() = %v, want stale lease", err)
		}
	})
}

// TestBurstIsDecidedAhead: shortly before its time, done at it, and what was left is handled alone.
func TestBurstIsDecidedAhead(t *testing.T) {
	t.Parallel()
	h := &hands{done: map[tickets.Subject]int{}, leaves: map[tickets.Subject]bool{"burst:4": true}, breaks: map[tickets.Subject]bool{}}
	var decided, did []string
	since := func(n int) string { return fmt.Sprintf("%d@%g", n, time.Since(h.start).Seconds()) }
	running(t, func(o *timers.Options) {
		o.Batch, o.Together, o.Done = 10, h.take, h.told
		o.Ahead = func(_ context.Context, wakes []tickets.Wake) func(context.Context) []tickets.Wake {
			decided = append(decided, since(len(wakes)))
			return func(ctx context.Context) []tickets.Wake {
				h.mu.Lock()
				did = append(did, since(len(wakes)))
				h.mu.Unlock()
				return h.take(ctx, wakes)
			}
		}
	}, func(f *fixture) {
		h.fixture = f
		h.burst(time.Second, 25)
		h.set(2*time.Second, "single:a", "single:b")
		at(f, 999*time.Millisecond)
		h.toldOnce(0)
		if diff := cmp.Diff([]string{"10@0.9", "10@0.9", "5@0.9"}, decided); diff != "" {
			t.Errorf("decided mismatch (-want +got):\n%s", diff)
		}
		at(f, time.Minute)
		h.toldOnce(27)
		slices.Sort(did)
		if diff := cmp.Diff([]string{"10@1", "10@1", "5@1"}, did); diff != "" {
			t.Errorf("did mismatch (-want +got):\n%s", diff)
		}
		h.wants([]int{2, 5, 10, 10}, "burst:4@1")
	})
}

// behind is a clock that is behind the wall clock.
type behind struct {
	mu      sync.Mutex
	by      time.Duration
	changed chan struct{}
}

func (c *behind) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(-c.by)
}

func (c *behind) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }

func (c *behind) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

func (c *behind) catchUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = 0
	close(c.changed)
	c.changed = make(chan struct{})
}

// TestLateIsDecidedAnew: what was decided for an instant counts no more if the clock has jumped far beyond that.
func TestLateIsDecidedAnew(t *testing.T) {
	t.Parallel()
	var clock *behind
	h := &hands{done: map[tickets.Subject]int{}}
	decided := 0
	running(t, func(o *timers.Options) {
		clock = &behind{by: time.Hour, changed: make(chan struct{})}
		o.Clock, o.Batch, o.Together, o.Done = clock, 10, h.take, h.told
		o.Ahead = func(_ context.Context, wakes []tickets.Wake) func(context.Context) []tickets.Wake {
			decided += len(wakes)
			return func(context.Context) []tickets.Wake {
				t.Errorf("%d done as decided, an hour late", len(wakes))
				return wakes
			}
		}
	}, func(f *fixture) {
		h.fixture = f
		h.burst(time.Second, 25)
		at(f, time.Hour+950*time.Millisecond)
		h.toldOnce(0)
		clock.catchUp()
		synctest.Wait()
		h.toldOnce(25)
		h.wants([]int{5, 10, 10})
		if decided != 25 {
			t.Errorf("%d decided ahead, want 25", decided)
		}
	})
}

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
	"gongdan/tickets/memstore"
	"gongdan/tickets/timers"
)

const ws = tickets.WorkspaceID("W1")

// fixture is a loop over a store in memory; its handler removes what it handles.
type fixture struct {
	t     *testing.T
	store *memstore.Store
	loop  *timers.Loop
	start time.Time

	mu           sync.Mutex
	log          []string // subject@seconds since start
	fail         map[tickets.Subject]int
	panics       map[tickets.Subject]bool // in place of failing
	hold         map[tickets.Subject]chan struct{}
	leave        bool // handle without removing the wake
	active, most int
}

func newFixture(t *testing.T, edit func(*timers.Options)) *fixture {
	f := &fixture{t: t, store: memstore.New(memstore.Options{Shards: 1}), start: time.Now(),
		fail: map[tickets.Subject]int{}, hold: map[tickets.Subject]chan struct{}{}}
	o := timers.Options{Store: f.store, Clock: timers.SystemClock(nil), Handle: f.handle}
	if edit != nil {
		edit(&o)
	}
	f.loop = timers.New(o)
	return f
}

func (f *fixture) set(after time.Duration, subjects ...tickets.Subject) {
	f.t.Helper()
	c := tickets.Change{Workspace: ws}
	for _, s := range subjects {
		c.Wakes = append(c.Wakes, tickets.Wake{Subject: s, Due: f.start.Add(after)})
	}
	done, err := f.store.Commit(context.Background(), c)
	if err != nil {
		f.t.Errorf("Commit() = %v", err)
	}
	f.loop.Kick(done.Next)
}

func (f *fixture) handle(ctx context.Context, w tickets.Wake) error {
	f.mu.Lock()
	f.log = append(f.log, fmt.Sprintf("%s@%g", w.Subject, time.Since(f.start).Seconds()))
	f.active++
	f.most = max(f.most, f.active)
	wait := f.hold[w.Subject]
	f.mu.Unlock()
	defer func() { f.mu.Lock(); f.active--; f.mu.Unlock() }()
	if time.Now().Before(w.Due) {
		f.t.Errorf("%s handled early", w.Subject)
	}
	if wait != nil {
		<-wait
	}
	f.mu.Lock()
	f.fail[w.Subject]--
	failed, panics := f.fail[w.Subject] >= 0, f.panics[w.Subject]
	leave := f.leave
	f.mu.Unlock()
	if failed && panics {
		panic("broken")
	}
	if failed {
		return errors.New("not now")
	}
	if leave {
		return nil
	}
	_, err := f.store.Commit(ctx, tickets.Change{Workspace: ws, Wakes: []tickets.Wake{{Subject: w.Subject}}})
	return err
}

func (f *fixture) want(want ...string) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if diff := cmp.Diff(want, f.log); diff != "" {
		f.t.Errorf("handled mismatch (-want +got):\n%s", diff)
	}
}

// running runs a test in virtual time beside the loop.
func running(t *testing.T, edit func(*timers.Options), test func(*fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, edit)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- f.loop.Run(ctx) }()
		synctest.Wait()
		test(f)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run() = %v, want canceled", err)
		}
	})
}

func at(f *fixture, d time.Duration) {
	time.Sleep(time.Until(f.start.Add(d)))
	synctest.Wait()
}

func TestHandlesWhenDue(t *testing.T) {
	t.Parallel()
	running(t, nil, func(f *fixture) {
		f.set(time.Hour, "late:a")
		f.set(3*time.Second, "soon:a")
		f.set(2500*time.Millisecond, "sooner:a")
		at(f, 2*time.Second)
		f.want()
		at(f, 10*time.Second)
		f.want("sooner:a@2.5", "soon:a@3")
		f.set(5*time.Second, "overdue:a")
		at(f, 10*time.Second)
		f.want("sooner:a@2.5", "soon:a@3", "overdue:a@10")
		at(f, 2*time.Hour)
		f.want("sooner:a@2.5", "soon:a@3", "overdue:a@10", "late:a@3600")
	})
}

func TestErrorsPauseOneSubjectAlone(t *testing.T) {
	t.Parallel()
	running(t, nil, func(f *fixture) {
		f.fail["bad:a"] = 3
		f.set(time.Second, "bad:a")
		f.set(1050*time.Millisecond, "good:a")
		at(f, time.Minute)
		f.want("bad:a@1", "good:a@1.05", "bad:a@1.1", "bad:a@1.3", "bad:a@1.7")
	})
}

func TestPanicPausesOneSubjectAlone(t *testing.T) {
	t.Parallel()
	running(t, nil, func(f *fixture) {
		f.panics = map[tickets.Subject]bool{"bad:a": true}
		f.fail["bad:a"] = 3
		f.set(time.Second, "bad:a")
		f.set(1050*time.Millisecond, "good:a")
		at(f, time.Minute)
		f.want("bad:a@1", "good:a@1.05", "bad:a@1.1", "bad:a@1.3", "bad:a@1.7")
	})
}

func TestHandledButStillDueIsNotSpun(t *testing.T) {
	t.Parallel()
	running(t, nil, func(f *fixture) {
		f.leave = true
		f.set(time.Second, "stuck:a")
		at(f, 2*time.Second)
		f.want("stuck:a@1", "stuck:a@1.1", "stuck:a@1.3", "stuck:a@1.7")
	})
}

func TestSlowHandlerBlocksNoOther(t *testing.T) {
	t.Parallel()
	running(t, func(o *timers.Options) { o.Parallel = 2 }, func(f *fixture) {
		free := make(chan struct{})
		f.hold["slow:a"] = free
		f.set(time.Second, "slow:a")
		f.set(2*time.Second, "quick:a", "quick:b", "quick:c")
		at(f, 3*time.Second)
		slices.Sort(f.log[1:])
		f.want("slow:a@1", "quick:a@2", "quick:b@2", "quick:c@2")
		close(free)
		synctest.Wait()
		if f.most != 2 {
			f.t.Errorf("%d handlers at once, want 2", f.most)
		}
	})
}

func TestStaleLeaseEndsRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		f.set(time.Second, "a:a")
		f.store.Take(ws)
		if err := f.loop.Run(t.Context()); !errors.Is(err, tickets.ErrStaleLease) {
			t.Errorf("Run() = %v, want stale lease", err)
		}
		f.want("a:a@1")
	})
}

func TestRunOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(o *timers.Options) { o.Parallel = 3 })
		for i := range 10 {
			f.set(0, tickets.Subject(fmt.Sprintf("now:%d", i)))
		}
		f.fail["now:3"] = 1
		f.set(time.Minute, "later:a")
		n, next, err := f.loop.RunOnce(t.Context())
		if n != 10 || !next.Equal(f.start.Add(time.Minute)) || err != nil {
			t.Errorf("RunOnce() = %d, %v, %v, want 10 and one minute", n, next, err)
		}
		time.Sleep(time.Minute)
		if n, next, err := f.loop.RunOnce(t.Context()); n != 2 || !next.IsZero() || err != nil {
			t.Errorf("RunOnce() = %d, %v, %v, want 2", n, next, err)
		}
	})
}

// fast is a clock at sixty times the wall clock that can jump.
type fast struct {
	mu      sync.Mutex
	base    time.Time
	wall    time.Time
	changed chan struct{}
}

func (c *fast) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(60 * time.Since(c.wall))
}

func (c *fast) Until(t time.Time) time.Duration { return t.Sub(c.Now())/60 + 1 }

func (c *fast) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

func (c *fast) jump(d time.Duration) {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.wall = now.Add(d), time.Now()
	close(c.changed)
	c.changed = make(chan struct{})
}

func TestClockRunsFastAndJumps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := &fast{base: time.Now(), wall: time.Now(), changed: make(chan struct{})}
		var handled []time.Duration
		f := newFixture(t, func(o *timers.Options) {
			inner := o.Handle
			o.Clock = clock
			o.Handle = func(ctx context.Context, w tickets.Wake) error {
				if clock.Now().Before(w.Due) {
					t.Errorf("%s handled early", w.Subject)
				}
				w.Due = time.Time{} // the fixture compares with the wall clock
				handled = append(handled, time.Since(clock.wall).Truncate(time.Millisecond))
				return inner(ctx, w)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- f.loop.Run(ctx) }()
		f.set(time.Minute, "one:a")  // one second of the wall clock
		f.set(10*time.Hour, "two:a") // ten minutes, but for the jump
		at(f, 2*time.Second)
		clock.jump(10 * time.Hour)
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{time.Second, 0}, handled); diff != "" {
			t.Errorf("handled after mismatch (-want +got):\n%s", diff)
		}
		cancel()
		<-ended
	})
}

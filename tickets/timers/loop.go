package timers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"gongdan/tickets"
)

// Options of a [Loop]. Store, Clock and Handle are needed.
type Options struct {
	Store tickets.Wakes
	Shard tickets.Shard
	Clock Clock
	// Handle does what is due; its commit moves or removes the subject's wake. It runs for several subjects
	// at once, never twice at once for one. An error is tried again after a pause that grows, except
	// tickets.ErrStaleLease, which ends Run.
	Handle func(context.Context, tickets.Wake) error
	// Parallel is how many subjects are handled at once, default 16.
	Parallel int
	// Wall measures pauses after errors, default time.Now.
	Wall func() time.Time
	Log  *slog.Logger // nil = silent
}

const (
	firstPause = 100 * time.Millisecond
	lastPause  = 30 * time.Second
	// recheck bounds a sleep, so that a step of the machine's clock delays nothing by more. It is not how due
	// wakes are found.
	recheck = time.Minute
)

// Loop handles the wakes of one shard as they come due. Its methods are safe for concurrent use; one Run or
// RunOnce at a time.
type Loop struct {
	o    Options
	kick chan struct{} // something changed: look again

	mu    sync.Mutex
	next  time.Time // what the loop sleeps for; zero = nothing
	busy  map[tickets.Subject]bool
	tried map[tickets.Subject]attempt
	fatal error
}

// attempt is a wake that was handled and is due still.
type attempt struct {
	due   time.Time
	times int
	until time.Time // by the wall clock
}

// New makes a loop; Run starts it.
func New(o Options) *Loop {
	if o.Parallel == 0 {
		o.Parallel = 16
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Loop{o: o, kick: make(chan struct{}, 1), busy: map[tickets.Subject]bool{}, tried: map[tickets.Subject]attempt{}}
}

// Kick tells of a wake that a commit has set. One that is later than what the loop waits for costs nothing.
func (l *Loop) Kick(next time.Time) {
	l.mu.Lock()
	sooner := !next.IsZero() && (l.next.IsZero() || next.Before(l.next))
	l.mu.Unlock()
	if sooner {
		l.again()
	}
}

func (l *Loop) again() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// Run handles what comes due until ctx ends or the lease turns out to be stale. It returns after the last
// handler has returned.
func (l *Loop) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pause := firstPause
	for ctx.Err() == nil {
		changed := l.o.Clock.Changed() // asked before the time is read, so that no change is missed
		_, next, err := l.begin(ctx, &wg)
		if err != nil && ctx.Err() == nil {
			l.o.Log.Warn("wakes not read, trying again", "shard", int(l.o.Shard), "err", err)
			sleep(ctx, pause, nil, nil)
			pause = min(2*pause, lastPause)
			continue
		}
		pause = firstPause
		if err := l.stale(); err != nil {
			return err
		}
		l.await(ctx, next, changed)
	}
	if err := l.stale(); err != nil {
		return err
	}
	return ctx.Err()
}

// RunOnce handles what is due now, waits for it, and returns how many wakes were begun and when the next is
// due; zero if none. Errors of handlers are retried by later calls, not returned.
func (l *Loop) RunOnce(ctx context.Context) (n int, next time.Time, err error) {
	for {
		var wg sync.WaitGroup
		begun, after, err := l.begin(ctx, &wg)
		wg.Wait()
		n += begun
		if err != nil {
			return n, after, err
		}
		if err := l.stale(); err != nil {
			return n, after, err
		}
		if begun == 0 {
			return n, after, nil
		}
	}
}

// begin starts handlers for what is due and free, as many as may run at once.
func (l *Loop) begin(ctx context.Context, wg *sync.WaitGroup) (int, time.Time, error) {
	// Until the store has answered, any wake that a commit sets must lead to another look.
	l.sleepFor(time.Time{})
	now := l.o.Clock.Now()
	due, next, err := l.o.Store.Due(ctx, l.o.Shard, now, l.o.Parallel+l.held())
	if err != nil {
		return 0, time.Time{}, err
	}
	l.sleepFor(next)
	l.forget(due)
	n := 0
	for _, w := range due {
		if w.Due.After(l.o.Clock.Now()) || !l.claim(w) {
			continue
		}
		n++
		wg.Go(func() { l.handle(ctx, w) })
	}
	return n, next, nil
}

func (l *Loop) sleepFor(next time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = next
}

// held is how many due subjects are being handled or wait for another try: they stand before the others.
func (l *Loop) held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.busy) + len(l.tried)
}

// forget drops attempts at wakes that are no longer due.
func (l *Loop) forget(due []tickets.Wake) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tried) == 0 {
		return
	}
	still := make(map[tickets.Subject]time.Time, len(due))
	for _, w := range due {
		still[w.Subject] = w.Due
	}
	for s, a := range l.tried {
		if d, ok := still[s]; !ok || !d.Equal(a.due) {
			delete(l.tried, s)
		}
	}
}

// claim takes a subject for handling, unless it is taken, waits for another try, or all hands are busy.
func (l *Loop) claim(w tickets.Wake) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fatal != nil || l.busy[w.Subject] || len(l.busy) >= l.o.Parallel {
		return false
	}
	if a, ok := l.tried[w.Subject]; ok && l.o.Wall().Before(a.until) {
		return false
	}
	l.busy[w.Subject] = true
	return true
}

func (l *Loop) handle(ctx context.Context, w tickets.Wake) {
	defer l.again()
	err := l.try(ctx, w)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.busy, w.Subject)
	if errors.Is(err, tickets.ErrStaleLease) {
		l.fatal = err
		return
	}
	a := l.tried[w.Subject]
	a.due = w.Due
	a.until = l.o.Wall().Add(min(firstPause<<min(a.times, 10), lastPause))
	a.times++
	l.tried[w.Subject] = a
	if err != nil && ctx.Err() == nil {
		l.o.Log.Warn("wake not handled, trying again", "subject", string(w.Subject), "tries", a.times, "err", err)
	}
}

// try handles a wake. A panic is an error like any other: it must not end the process, which would find the same wake
// due when it comes back.
func (l *Loop) try(ctx context.Context, w tickets.Wake) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("handle %s: panic: %v\n%s", w.Subject, r, debug.Stack())
		}
	}()
	return l.o.Handle(ctx, w)
}

func (l *Loop) stale() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

// await sleeps until the next wake, another try, the end of a handler, a kick, or a change of the clock.
func (l *Loop) await(ctx context.Context, next time.Time, changed <-chan struct{}) {
	d := recheck
	if !next.IsZero() {
		d = min(d, l.o.Clock.Until(next))
	}
	sleep(ctx, min(d, l.retryIn()), l.kick, changed)
}

// retryIn is the time until the first subject may be tried again.
func (l *Loop) retryIn() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := recheck
	for s, a := range l.tried {
		if !l.busy[s] {
			d = min(d, a.until.Sub(l.o.Wall()))
		}
	}
	return d
}

func sleep(ctx context.Context, d time.Duration, kick, changed <-chan struct{}) {
	t := time.NewTimer(max(0, d))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-kick:
	case <-changed:
	}
}

package timers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
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
	// Together does what it can for several subjects in one step and returns those it left, for whatever reason: each of
	// them is then handled alone, as is one that is due by itself and one that was tried before. nil = always alone.
	Together func(context.Context, []tickets.Wake) []tickets.Wake
	// Ahead decides a moment ahead on several subjects that will be due at one instant. What it returns is called once that
	// instant has come, does what was decided unless that has changed by then, and returns what it left, as Together does.
	// It may never be called. nil = nothing is decided ahead.
	Ahead func(context.Context, []tickets.Wake) func(context.Context) []tickets.Wake
	// Batch is how many subjects Together gets at most, default 50.
	Batch int
	// Done is told of every wake that was handled without an error, right after. It may be called concurrently. nil = nobody.
	Done func(tickets.Wake)
	// Parallel is how many handlers run at once, default 16; one that has several subjects counts as one.
	Parallel int
	// Wall measures pauses after errors, default time.Now.
	Wall func() time.Time
	Log  *slog.Logger // nil = silent
}

const (
	firstPause = 100 * time.Millisecond
	lastPause  = 30 * time.Second
	// gather is how long a look may wait that most likely finds what is in hand already.
	gather = 20 * time.Millisecond
	// recheck bounds a sleep, so that a step of the machine's clock delays nothing by more. It is not how due
	// wakes are found.
	recheck = time.Minute
)

// Loop handles the wakes of one shard as they come due. Its methods are safe for concurrent use; one Run or
// RunOnce at a time.
type Loop struct {
	o     Options
	kick  chan struct{} // look again at what is due
	freed chan struct{} // a handler has ended: think again of how long to sleep

	mu     sync.Mutex
	looked time.Time // when it was last asked what is due, by the loop's clock
	next   time.Time // what the loop sleeps for; zero = nothing
	again  time.Time // when to look again, by the wall clock; zero = no need
	hands  int       // handlers at work
	more   bool      // something is due that no hand was free for
	busy   map[tickets.Subject]bool
	tried  map[tickets.Subject]attempt
	ahead  ahead
	fatal  error
}

// job is what one handler does.
type job struct {
	wakes []tickets.Wake
	do    func(context.Context) []tickets.Wake // as prepared; nil = it is not
}

// attempt is a wake that was handled and is due still.
type attempt struct {
	due   time.Time
	times int       // alone
	until time.Time // by the wall clock; zero = it was left by the others, and may be tried at once
}

// New makes a loop; Run starts it.
func New(o Options) *Loop {
	if o.Parallel == 0 {
		o.Parallel = 16
	}
	if o.Batch == 0 {
		o.Batch = 50
	}
	if o.Together == nil {
		o.Batch, o.Ahead = 1, nil
	}
	if o.Done == nil {
		o.Done = func(tickets.Wake) {}
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Loop{o: o, kick: make(chan struct{}, 1), freed: make(chan struct{}, 1), busy: map[tickets.Subject]bool{}, tried: map[tickets.Subject]attempt{}}
}

// Kick tells of a wake that a commit has set. One that is later than what the loop waits for costs nothing.
func (l *Loop) Kick(next time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case next.IsZero() || !l.next.IsZero() && !next.Before(l.next):
	case len(l.busy) == 0 || next.After(l.looked):
		nudge(l.kick)
	case l.again.IsZero(): // of several that are due most commits tell of one that is in hand already
		l.again = l.o.Wall().Add(gather)
		nudge(l.freed)
	}
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
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
			sleep(ctx, pause, nil, nil, nil)
			pause = min(2*pause, lastPause)
			continue
		}
		pause = firstPause
		if err := l.stale(); err != nil {
			return err
		}
		if l.timeToLookAhead(next) {
			wg.Go(func() { l.lookAhead(ctx) })
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
	now, n := l.o.Clock.Now(), 0
	start := func(jobs []job) {
		for _, j := range jobs {
			n += len(j.wakes)
			wg.Go(func() { l.handle(ctx, j) })
		}
	}
	start(l.prepared(now))
	room := l.look(now)
	due, next, err := l.o.Store.Due(ctx, l.o.Shard, now, room)
	if err != nil {
		return n, time.Time{}, err
	}
	start(l.claim(due, next, len(due) == room))
	return n, next, nil
}

// look prepares for asking what is due, and tells how many wakes are worth knowing: those that may be begun, and those that
// are being handled or wait for another try, which stand before the others. Until the store has answered, any wake that a
// commit sets leads to another look.
func (l *Loop) look(now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked, l.next, l.again = now, time.Time{}, time.Time{}
	return (l.o.Parallel-l.hands)*l.o.Batch + len(l.busy) + len(l.tried)
}

// forget drops attempts at wakes that are no longer due. It needs the lock.
func (l *Loop) forget(due []tickets.Wake) {
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

// claim takes subjects for handling, one handler's to a list, as long as there are free hands: those that are due for the
// first time together, up to a batch, every other alone. more tells that there may be others than those.
func (l *Loop) claim(due []tickets.Wake, next time.Time, more bool) (out []job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next, l.more = next, more
	l.forget(due)
	free, now, open := l.o.Parallel-l.hands, l.o.Clock.Now(), -1
	for _, w := range due {
		if w.Due.After(now) || !l.free(w.Subject) {
			continue
		}
		_, alone := l.tried[w.Subject]
		switch {
		case !alone && open >= 0 && len(out[open].wakes) < l.o.Batch:
			out[open].wakes = append(out[open].wakes, w)
		case len(out) == free:
			l.more = true
			continue
		default:
			out = append(out, job{wakes: []tickets.Wake{w}})
			if !alone {
				open = len(out) - 1
			}
		}
		l.busy[w.Subject] = true
	}
	l.hands += len(out)
	return out
}

// free tells whether a subject may be handled now: it is not, and does not wait for another try.
func (l *Loop) free(s tickets.Subject) bool {
	return l.fatal == nil && !l.busy[s] && !l.o.Wall().Before(l.tried[s].until)
}

func (l *Loop) handle(ctx context.Context, j job) {
	var left []tickets.Wake
	var err error
	wakes := j.wakes
	if len(wakes) > 1 {
		left = l.together(ctx, j)
	} else {
		err = l.try(ctx, wakes[0])
	}
	for _, w := range wakes {
		if err == nil && !among(left, w) {
			l.o.Done(w)
		}
	}
	l.settle(wakes, left, errors.Is(err, tickets.ErrStaleLease))
	if err != nil && ctx.Err() == nil {
		l.o.Log.Warn("wake not handled, trying again", "subject", string(wakes[0].Subject), "err", err)
	}
}

// settle gives a hand and its subjects back.
func (l *Loop) settle(wakes, left []tickets.Wake, stale bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hands--
	for _, w := range wakes {
		delete(l.busy, w.Subject)
		l.tried[w.Subject] = l.after(w, among(left, w))
	}
	if stale {
		l.fatal = tickets.ErrStaleLease
	}
	nudge(l.freed)
	if l.more || stale {
		nudge(l.kick)
	}
}

func among(list []tickets.Wake, w tickets.Wake) bool {
	return slices.ContainsFunc(list, func(o tickets.Wake) bool { return o.Subject == w.Subject })
}

// after is what is to be known of a subject should it be due still. One that was left may be handled at once, alone; any
// other waits, each time longer.
func (l *Loop) after(w tickets.Wake, left bool) attempt {
	if left {
		return attempt{due: w.Due}
	}
	n := l.tried[w.Subject].times
	return attempt{due: w.Due, times: n + 1, until: l.o.Wall().Add(min(firstPause<<min(n, 10), lastPause))}
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

// together handles several wakes and returns those that were left: after a panic all of them, as alone only the one that
// led to it is held up.
func (l *Loop) together(ctx context.Context, j job) (left []tickets.Wake) {
	defer func() {
		if r := recover(); r != nil {
			l.o.Log.Warn("wakes not handled together, trying each alone", "wakes", len(j.wakes), "panic", r, "stack", string(debug.Stack()))
			left = j.wakes
		}
	}()
	if j.do != nil {
		return j.do(ctx)
	}
	return l.o.Together(ctx, j.wakes)
}

func (l *Loop) stale() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

// await sleeps until the next wake, a look ahead, another try, a kick, or a change of the clock.
func (l *Loop) await(ctx context.Context, next time.Time, changed <-chan struct{}) {
	for again := true; again; {
		d := l.lookIn()
		if !next.IsZero() {
			d = min(d, l.o.Clock.Until(next))
		}
		if at := l.aheadAt(next); !at.IsZero() {
			d = min(d, l.o.Clock.Until(at))
		}
		again = sleep(ctx, d, l.kick, changed, l.freed)
	}
}

// lookIn is the time until the first subject may be tried again, or until a look that was put off.
func (l *Loop) lookIn() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, d := l.o.Wall(), recheck
	if !l.again.IsZero() {
		d = min(d, l.again.Sub(now))
	}
	for s, a := range l.tried {
		if !l.busy[s] {
			d = min(d, a.until.Sub(now))
		}
	}
	return d
}

// sleep returns true at once when a handler ends.
func sleep(ctx context.Context, d time.Duration, kick, changed, freed <-chan struct{}) bool {
	t := time.NewTimer(max(0, d))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-kick:
	case <-changed:
	case <-freed:
		return true
	}
	return false
}

package timers

import (
	"context"
	"slices"
	"time"

	"gongdan/tickets"
)

const (
	// lead is how long before their time several wakes of one instant are prepared, by the loop's clock: enough for some
	// thousand, and short enough that hardly any of them changes in between.
	lead = 100 * time.Millisecond
	// stale is how long after its time, by the loop's clock, what was prepared for it is of no use: it was decided as if the
	// time had only come.
	stale = time.Second
	// crowd is how many wakes of one instant are worth preparing.
	crowd = 10
)

// ahead is what is prepared for the near future. Its fields need the loop's lock.
type ahead struct {
	busy  bool      // it is being looked at
	at    time.Time // when it was last looked at
	until time.Time // what was looked at: wakes until then
	later time.Time // the first wake after that; zero = not known
	ready []job
}

// aheadAt is when to look ahead, by the loop's clock; zero = never. Wakes that follow closely do not each lead to a look.
func (l *Loop) aheadAt(next time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !next.After(l.ahead.until) {
		next = l.ahead.later
	}
	if l.o.Ahead == nil || next.IsZero() || l.ahead.busy {
		return time.Time{}
	}
	at := next.Add(-lead)
	if soonest := l.ahead.at.Add(lead / 2); at.Before(soonest) {
		return soonest
	}
	return at
}

// timeToLookAhead tells whether it is time to look; the caller then does.
func (l *Loop) timeToLookAhead(next time.Time) bool {
	now := l.o.Clock.Now()
	if at := l.aheadAt(next); at.IsZero() || at.After(now) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ahead.busy, l.ahead.at = true, now
	return true
}

// lookAhead prepares what comes due together within lead.
func (l *Loop) lookAhead(ctx context.Context) {
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.ahead.busy = false
		nudge(l.freed)
	}()
	now := l.o.Clock.Now()
	until := now.Add(lead)
	soon, later, err := l.o.Store.Due(ctx, l.o.Shard, until, l.o.Parallel*l.o.Batch)
	if err != nil {
		return // the look at what is due tells
	}
	l.mu.Lock()
	seen := l.ahead.until
	l.ahead.until, l.ahead.later = until, later
	l.mu.Unlock()
	if seen.Before(now) {
		seen = now
	}
	l.prepare(ctx, l.crowds(soon, seen))
}

// crowds are batches of wakes of one instant each, if they are many; those until seen have been looked at, or are due.
func (l *Loop) crowds(soon []tickets.Wake, seen time.Time) (out [][]tickets.Wake) {
	for len(soon) > 0 {
		n := 1
		for n < len(soon) && soon[n].Due.Equal(soon[0].Due) {
			n++
		}
		same := soon[:n]
		soon = soon[n:]
		for n >= crowd && len(same) > 0 && same[0].Due.After(seen) {
			b := min(len(same), l.o.Batch)
			out, same = append(out, same[:b:b]), same[b:]
		}
	}
	return out
}

// prepare works one after the other, so that what is due meanwhile finds a processor.
func (l *Loop) prepare(ctx context.Context, crowds [][]tickets.Wake) {
	for _, wakes := range crowds {
		if ctx.Err() != nil || !l.o.Clock.Now().Before(wakes[0].Due) {
			return
		}
		if do := l.tryAhead(ctx, wakes); do != nil {
			l.mu.Lock()
			l.ahead.ready = append(l.ahead.ready, job{wakes, do})
			l.mu.Unlock()
		}
	}
}

// tryAhead prepares several wakes; nil after a panic.
func (l *Loop) tryAhead(ctx context.Context, wakes []tickets.Wake) (do func(context.Context) []tickets.Wake) {
	defer func() {
		if r := recover(); r != nil {
			l.o.Log.Warn("wakes not prepared", "wakes", len(wakes), "panic", r)
		}
	}()
	return l.o.Ahead(ctx, wakes)
}

// prepared takes what was prepared for an instant that has just come, as long as there are free hands and none of its subjects is
// in hand or was tried already. What is prepared for another time stays; all else is dropped and handled like any other.
func (l *Loop) prepared(now time.Time) (out []job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var stay []job
	for _, j := range l.ahead.ready {
		switch {
		case j.wakes[0].Due.After(now):
			stay = append(stay, j)
		case now.Sub(j.wakes[0].Due) < stale && l.hands < l.o.Parallel && !slices.ContainsFunc(j.wakes, l.touched):
			out = append(out, j)
			l.hands++
			for _, w := range j.wakes {
				l.busy[w.Subject] = true
			}
		}
	}
	l.ahead.ready = stay
	return out
}

// touched tells whether a subject is in hand or was tried. It needs the lock.
func (l *Loop) touched(w tickets.Wake) bool {
	_, tried := l.tried[w.Subject]
	return tried || !l.free(w.Subject)
}

package tickets

import (
	"time"

	"gongdan/tickets/sla"
)

// What happens by itself.

// pending returns the steps of a clock that are yet to fire, in order of time; none for a clock that
// has stopped or that somebody has acknowledged.
func (a *act) pending(d Deadline) sla.Ladder {
	if !d.Running() || !d.AckedAt.IsZero() {
		return nil
	}
	return a.env.Policy.Ladder(a.t, d).Pending(d.Fired)
}

// ticking tells whether the clocks of a ticket are heard: those of a closed or cancelled one are not.
func (t Ticket) ticking() bool { return t.Status.Open() || t.Status == StatusResolved }

// wake fires what is due and does the housekeeping.
func (a *act) wake() error {
	planned := a.t.Wake
	if a.t.ticking() {
		for i := range a.t.Deadlines {
			a.fire(&a.t.Deadlines[i])
		}
	}
	if at := a.housekeeping(); !at.IsZero() && !at.After(a.now) {
		a.keepHouse()
	}
	if next := a.nextWake(); len(a.events) == 0 && !planned.IsZero() && !planned.After(a.now) && !next.Equal(planned) {
		// The rules have changed since this wake was planned. Without a new version it would stay due for ever.
		a.say(Event{Kind: EvMoved, From: planned.Format(time.RFC3339Nano), To: next.Format(time.RFC3339Nano)})
	}
	return nil
}

// fire uses up every step of a clock that is due. One mark and one call are made of them; the others are passed by.
func (a *act) fire(d *Deadline) {
	due := a.pending(*d).Until(d.Due, a.now)
	for _, s := range due {
		d.Fired = append(d.Fired, s.Name)
		d.Breached = d.Breached || s.Kind == sla.Breach
	}
	c := sla.Collapse(due)
	for _, s := range c.Skipped {
		a.step(EvSkipped, d, s)
	}
	if c.Mark != nil && c.Mark.Kind == sla.Breach {
		a.step(EvBreached, d, *c.Mark)
	} else if c.Mark != nil {
		a.step(EvReminded, d, *c.Mark)
	}
	if c.Call != nil {
		a.step(EvEscalated, d, *c.Call)
	}
}

func (a *act) step(k EventKind, d *Deadline, s sla.Step) {
	a.say(Event{Kind: k, Clock: d.Kind, Step: s.Name, Level: s.Level, Due: d.Due})
}

// housekeeping is when a finished ticket closes or is archived by itself; zero = never.
func (a *act) housekeeping() time.Time {
	p := a.env.Policy
	switch a.t.Status {
	case StatusResolved:
		if p.AutoClose > 0 {
			return later(instant(a.t.Updated.Add(p.AutoClose)), a.platformUntil())
		}
	case StatusClosed, StatusCancelled:
		if p.ArchiveAfter > 0 {
			return instant(a.t.Closed.Add(p.ArchiveAfter))
		}
	}
	return time.Time{}
}

func (a *act) keepHouse() {
	if a.t.Status == StatusResolved {
		a.shut(EvClosed, StatusClosed)
		return
	}
	a.say(Event{Kind: EvArchived, From: string(a.t.Status)})
	a.t.Status = StatusArchived
}

// platformUntil is when the platform clock has said its last word; zero if it does not run.
func (a *act) platformUntil() time.Time {
	d := a.clock(ClockPlatform)
	if d == nil || !d.Running() {
		return time.Time{}
	}
	until := d.Due
	for _, s := range a.pending(*d) {
		until = later(until, s.At(d.Due))
	}
	return until
}

// nextWake is when something next happens to the ticket by itself; zero = never.
func (a *act) nextWake() time.Time {
	next := a.housekeeping()
	if !a.t.ticking() {
		return next
	}
	for _, d := range a.t.Deadlines {
		if p := a.pending(d); len(p) > 0 {
			if at := wholeMilli(p[0].At(d.Due)); next.IsZero() || at.Before(next) {
				next = at
			}
		}
	}
	return next
}

// wholeMilli rounds up to the millisecond, in which wakes are kept, so that none comes early.
func wholeMilli(t time.Time) time.Time {
	if f := t.Truncate(time.Millisecond); !f.Equal(t) {
		return f.Add(time.Millisecond)
	}
	return t
}

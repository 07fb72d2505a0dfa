package tickets

import (
	"slices"
	"time"

	"gongdan/tickets/sla"
)

// What happens by itself.

// pending returns the marks of a clock that are yet to come, in order of time; none for a clock that has stopped,
// that pauses, or that somebody has acknowledged.
func (a *act) pending(d Deadline) []sla.Mark {
	if !d.Running() || d.Paused() || !d.AckedAt.IsZero() {
		return nil
	}
	return sla.Pending(a.env.Policy.Plan(a.t, d), d.Fired)
}

// ticking tells whether the clocks of a ticket are heard: those of a closed or cancelled one are not.
func (t Ticket) ticking() bool { return t.Status.Open() || t.Status == StatusResolved }

// wake fires what is due and does the housekeeping.
func (a *act) wake() error {
	if a.t.ticking() {
		a.lapse()
		a.fireAll()
	}
	if at := a.housekeeping(); !at.IsZero() && !at.After(a.now) {
		a.keepHouse()
	}
	if next := a.nextWake(); len(a.events) == 0 && a.overdue() && !next.Equal(a.planned) {
		// The rules have changed since this wake was planned. Without a new version it would stay due for ever.
		a.say(Event{Kind: EvMoved, From: a.planned.Format(time.RFC3339Nano), To: next.Format(time.RFC3339Nano)})
	}
	return nil
}

// overdue tells whether something was planned to happen by now.
func (a *act) overdue() bool { return !a.planned.IsZero() && !a.planned.After(a.now) }

// fireAll uses up what is due on every clock. Where one speaks, the reminders of the others that would follow soon are
// said with it, so that two ladders make one ping.
func (a *act) fireAll() {
	spoke := false
	for i := range a.t.Deadlines {
		spoke = a.fire(&a.t.Deadlines[i]) || spoke
	}
	if !spoke {
		return
	}
	for i := range a.t.Deadlines {
		a.join(&a.t.Deadlines[i])
	}
}

// fire uses up every mark of a clock that is due and tells whether one was said. One mark and one call are made of them; the
// others are passed by.
func (a *act) fire(d *Deadline) bool {
	var said []sla.Mark
	for _, m := range a.due(*d) {
		d.Fired = append(d.Fired, m.Step.Name)
		d.Breached = d.Breached || m.Step.Kind == sla.Breach
		if a.quiet(m) {
			a.step(EvSkipped, d, m, SkippedQuiet)
			continue
		}
		said = append(said, m)
	}
	c := sla.Collapse(said)
	for _, m := range c.Skipped {
		a.step(EvSkipped, d, m, "")
	}
	if c.Mark != nil && c.Mark.Step.Kind == sla.Breach {
		a.step(EvBreached, d, *c.Mark, "")
	} else if c.Mark != nil {
		a.step(EvReminded, d, *c.Mark, "")
	}
	if c.Call != nil {
		a.step(EvEscalated, d, *c.Call, "")
	}
	return c.Mark != nil
}

// due are the marks of a clock whose time has come. Snoozed reminders wait, unless the breach has overtaken them.
func (a *act) due(d Deadline) []sla.Mark {
	due := sla.Until(a.pending(d), a.now)
	breach := slices.ContainsFunc(due, func(m sla.Mark) bool { return m.Step.Kind == sla.Breach })
	if breach || !a.now.Before(a.snoozed()) {
		return due
	}
	return slices.DeleteFunc(slices.Clone(due), reminds)
}

func reminds(m sla.Mark) bool { return m.Step.Kind != sla.Breach && m.Step.Kind != sla.Escalate }

// snoozed is until when reminders wait: never beyond a platform deadline that still runs.
func (a *act) snoozed() time.Time {
	if d := a.clock(ClockPlatform); d != nil && d.Running() && d.Due.Before(a.t.Snoozed) {
		return d.Due
	}
	return a.t.Snoozed
}

// quiet tells whether a reminder is left out because the assignee was heard a moment ago. What must be done before the
// shift ends is said all the same: nothing follows it before the deadline.
func (a *act) quiet(m sla.Mark) bool {
	spoke := a.t.Spoke
	return reminds(m) && !m.Moved && !spoke.IsZero() && a.now.Before(spoke.Add(a.env.Policy.Quiet))
}

// join says the next reminder of a clock along with what is being said, if it would follow within MergeWithin.
func (a *act) join(d *Deadline) {
	next := a.pending(*d)
	if len(next) == 0 || a.saidNow(d.Kind) || !reminds(next[0]) || a.quiet(next[0]) || a.now.Before(a.snoozed()) {
		return
	}
	if next[0].At.After(a.now.Add(a.env.Policy.MergeWithin)) {
		return
	}
	d.Fired = append(d.Fired, next[0].Step.Name)
	a.step(EvReminded, d, next[0], "")
}

// saidNow tells whether a clock has its own line in what is being said.
func (a *act) saidNow(k ClockKind) bool {
	return slices.ContainsFunc(a.events, func(e Event) bool {
		return e.Clock == k && (e.Kind == EvReminded || e.Kind == EvBreached)
	})
}

func (a *act) step(k EventKind, d *Deadline, m sla.Mark, why string) {
	a.say(Event{Kind: k, Clock: d.Kind, Step: m.Step.Name, Level: m.Step.Level, Due: d.Due, Moved: m.Moved, Percent: m.Step.Percent, Reason: why})
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

// platformUntil is when the platform clock has said its last word, repeated reminders after the breach aside; zero if
// it does not run.
func (a *act) platformUntil() time.Time {
	d := a.clock(ClockPlatform)
	if d == nil || !d.Running() {
		return time.Time{}
	}
	until := d.Due
	for _, m := range a.pending(*d) {
		if !reminds(m) {
			until = later(until, instant(m.At))
		}
	}
	return until
}

// nextWake is when something next happens to the ticket by itself; zero = never.
func (a *act) nextWake() time.Time {
	next := a.housekeeping()
	sooner := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if !a.t.ticking() {
		return next
	}
	held := a.snoozed()
	for _, d := range a.t.Deadlines {
		sooner(a.lapses(d))
		for _, m := range a.pending(d) {
			if reminds(m) {
				m.At = later(m.At, held)
			}
			sooner(wholeMilli(m.At.UTC()))
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

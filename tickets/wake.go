package tickets

import (
	"slices"
	"time"

	"gongdan/tickets/sla"
)

// What happens by itself.

// silent tells whether a clock says nothing at present: it has stopped, it pauses, or somebody has acknowledged it.
func (d Deadline) silent() bool { return !d.Running() || d.Paused() || !d.AckedAt.IsZero() }

// pending returns the marks of a clock that are yet to come, in order of time; none for a silent one.
func (a *act) pending(d Deadline) []sla.Mark {
	if d.silent() {
		return nil
	}
	all := sla.Pending(a.marks(d), d.Fired)
	if next, ok := a.env.Policy.Climb(a.t, d); ok {
		all = append(slices.Clip(all), next) // what is kept of the marks stays as it is
		slices.SortStableFunc(all, func(m, n sla.Mark) int { return m.At.Compare(n.At) })
	}
	return all
}

// marks are those of a clock. A wake asks for them several times and changes nothing that they depend on but the clock
// and whether somebody has begun.
func (a *act) marks(d Deadline) []sla.Mark {
	if a.c.Kind != CmdWake {
		return a.env.Policy.Plan(a.t, d)
	}
	for _, p := range a.plans {
		if p.begun == a.t.begun() && p.of.alike(d) {
			return p.marks
		}
	}
	p := plannedClock{of: d, begun: a.t.begun(), marks: a.env.Policy.Plan(a.t, d)}
	a.plans = append(a.plans, p)
	return p.marks
}

// plannedClock is the marks of a clock as it was.
type plannedClock struct {
	of    Deadline
	begun bool
	marks []sla.Mark
}

// alike tells whether two states of a clock have the same marks.
func (d Deadline) alike(o Deadline) bool {
	return d.Kind == o.Kind && d.Rule == o.Rule && d.Fixed == o.Fixed && d.Held == o.Held && d.Start.Equal(o.Start) && d.Due.Equal(o.Due) &&
		slices.Equal(d.Pauses, o.Pauses)
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
	if len(a.events) > 0 || !a.overdue() {
		return nil
	}
	if next := a.nextWake(); !next.Equal(a.planned) {
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
		d.use(m)
		if why := a.passedBy(*d, m); why != "" {
			if why == SkippedLevel {
				d.pass(m.Step.Name)
			}
			a.step(EvSkipped, d, m, why)
			continue
		}
		said = append(said, m)
	}
	c := sla.Collapse(said)
	for _, m := range c.Skipped {
		d.pass(m.Step.Name)
		a.step(EvSkipped, d, m, "")
	}
	if c.Mark != nil && c.Mark.Step.Kind == sla.Breach {
		a.step(EvBreached, d, *c.Mark, "")
	} else if c.Mark != nil {
		a.step(EvReminded, d, *c.Mark, "")
	}
	if c.Call != nil {
		d.Called = d.Called.Again(c.Call.Step.Level, a.now)
		a.step(EvEscalated, d, *c.Call, "")
	}
	return c.Mark != nil
}

// passedBy is why a mark that is due is not said; "" if it is.
func (a *act) passedBy(d Deadline, m sla.Mark) string {
	switch {
	case a.quiet(m):
		return SkippedQuiet
	case m.Step.Kind == sla.Escalate && a.env.Policy.Roster.chain().Needless(m.Step.Level, a.now, d.Called, a.env.Policy.ClockOf(a.t, d).Duty):
		return SkippedLevel
	}
	return ""
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
	d.use(next[0])
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

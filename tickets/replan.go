package tickets

import (
	"slices"
	"strconv"

	"gongdan/tickets/sla"
)

// What a new revision of the policy does to a ticket.

// replan follows a new revision of the policy: the clocks are counted again from the same start. Reminders that only the new
// rules have put into the past are passed by, for a revision must not ping everybody at once; what was due already is still said.
func (a *act) replan() error {
	before := a.t.clone()
	if err := a.plan(); err != nil {
		return err
	}
	paused := a.pauseClocks()
	a.passBy()
	if len(a.events) == 0 && !paused && a.nextWake().Equal(a.planned) && slices.EqualFunc(before.Deadlines, a.t.Deadlines, sameRun) {
		a.t = before
		return nil
	}
	a.say(Event{Kind: EvReplanned, To: strconv.FormatInt(a.env.Policy.Revision, 10)})
	return nil
}

// planFirst plans a ticket that a new revision has yet to reach, so that the command finds it as it is by the rules that it goes by.
// Tickets that the revision leaves as they are were not written, and any later command may be the first to meet it. What cannot be
// planned stays, and so does what the clocks of a finished ticket say: that is planned on reopening.
func (a *act) planFirst() {
	if a.c.Kind == CmdReplan || !a.t.ticking() || a.t.Revision >= a.env.Policy.Revision {
		return
	}
	first := &act{t: a.t.clone(), planned: a.planned, c: Command{Kind: CmdReplan}, env: a.env, now: a.now}
	if first.replan() != nil {
		return
	}
	a.t, a.first = first.t, first.events
	a.t.Revision = a.env.Policy.Revision
	a.planned = a.nextWake()
}

// sameRun tells whether a clock runs as before.
func sameRun(d, e Deadline) bool {
	return d.Rule == e.Rule && d.Start.Equal(e.Start) && d.Due.Equal(e.Due) && d.Fixed == e.Fixed && len(d.Fired) == len(e.Fired) &&
		d.Called.At.Equal(e.Called.At)
}

// passBy uses up the reminders whose time has passed, unless something was due already: that may be among them. What is
// snoozed is yet to come.
func (a *act) passBy() {
	a.waitAnew()
	if a.overdue() || a.now.Before(a.snoozed()) {
		return
	}
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		for _, m := range sla.Until(a.pending(*d), a.now) {
			if reminds(m) {
				d.Fired = append(d.Fired, m.Step.Name)
			}
		}
	}
}

// waitAnew gives the levels that were called their time once more where only new rules have the next call in the past: before the old
// ones had anything to say. A clock that pauses, or that somebody is on, does so itself when it goes on.
func (a *act) waitAnew() {
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		on, lapse := *d, a.lapses(*d)
		switch {
		case d.silent() && (lapse.IsZero() || lapse.After(a.now)):
			continue
		case d.Called.At.Before(lapse):
			on.Called.At = lapse
		}
		next, ok := a.env.Policy.Climb(a.t, on)
		if at := wholeMilli(next.At); ok && !at.After(a.now) && (a.planned.IsZero() || at.Before(a.planned)) {
			d.Called.At = a.now
		}
	}
}

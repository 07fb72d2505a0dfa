package tickets

import (
	"slices"
	"strconv"
	"time"

	"gongdan/tickets/sla"
)

// What a new revision of the policy does to a ticket.

// replan follows a new revision of the policy.
func (a *act) replan() error {
	as, err := a.follow()
	if err == nil {
		a.t, a.events = as.t, as.events
	}
	return err
}

// planFirst plans a ticket that a new revision has yet to reach, so that the command finds it as it is by the rules that it goes by.
// Tickets that the revision leaves as they are were not written, and any later command may be the first to meet it. What cannot be
// planned stays; a finished ticket is planned on reopening.
func (a *act) planFirst() {
	if a.c.Kind == CmdReplan || !a.t.ticking() || a.t.Revision >= a.env.Policy.Revision {
		return
	}
	as, err := a.follow()
	if err != nil {
		return
	}
	a.t, a.first = as.t, as.events
	a.t.Revision = a.env.Policy.Revision
	a.planned = a.nextWake()
}

// follow is the planning of a ticket by a new revision, as of when that came into force or the ticket last changed: how long the
// ticket waits for its turn makes no difference.
func (a *act) follow() (*act, error) {
	as := &act{t: a.t.clone(), planned: a.planned, c: Command{Kind: CmdReplan}, env: a.env, now: a.now}
	if at := later(a.inForce(), a.t.Updated); at.Before(a.now) {
		as.now = at
	}
	return as, as.countAgain()
}

// inForce is when the rules came into force.
func (a *act) inForce() time.Time {
	if since := instant(a.env.Policy.Since); !since.IsZero() && since.Before(a.now) {
		return since
	}
	return a.now
}

// countAgain counts the clocks again from the same start. Reminders that only the new rules have put into the past are passed by,
// for a revision must not ping everybody at once; what was due already is still said.
func (a *act) countAgain() error {
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

// sameRun tells whether a clock runs as before.
func sameRun(d, e Deadline) bool {
	return d.Rule == e.Rule && d.Start.Equal(e.Start) && d.Due.Equal(e.Due) && d.Fixed == e.Fixed && len(d.Fired) == len(e.Fired) &&
		d.Called.At.Equal(e.Called.At)
}

// passBy uses up the reminders whose time had passed when the rules came, unless something was due already: that may be among them.
// What is snoozed is yet to come.
func (a *act) passBy() {
	a.waitAnew()
	if a.overdue() || a.now.Before(a.snoozed()) {
		return
	}
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		for _, m := range sla.Until(a.pending(*d), a.inForce()) {
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

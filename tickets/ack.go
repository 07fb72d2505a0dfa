package tickets

import "time"

// ack records that somebody is on it: the named clock, or each that has called, falls silent.
func (a *act) ack() error {
	named := a.c.Clock != ""
	if named && a.clock(a.c.Clock) == nil {
		return refuse(ReasonMissing, "clock")
	}
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		wanted := d.Kind == a.c.Clock || !named && len(d.Fired) > 0
		if !wanted || !d.Running() || !d.AckedAt.IsZero() {
			continue
		}
		d.AckedBy, d.AckedAt = a.c.Actor.ID, a.now
		a.say(Event{Kind: EvAcked, Clock: d.Kind, Due: d.Due})
	}
	if len(a.events) == 0 {
		return refuse(ReasonAlready, string(a.c.Clock))
	}
	return nil
}

// lapses is when an acknowledgement counts no more; zero if there is none or it never lapses. While the clock
// pauses there is nothing to be on, so it waits until the clock goes on.
func (a *act) lapses(d Deadline) time.Time {
	after := a.env.Policy.AckLapse
	if after <= 0 || d.AckedAt.IsZero() || !d.Running() || d.Paused() {
		return time.Time{}
	}
	return wholeMilli(later(d.AckedAt, d.AckKept).Add(after))
}

// lapse ends the acknowledgements that nothing came of: the steps that are still to fire go on.
func (a *act) lapse() {
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		if at := a.lapses(*d); at.IsZero() || at.After(a.now) {
			continue
		}
		a.say(Event{Kind: EvLapsed, Clock: d.Kind, Due: d.Due, From: string(d.AckedBy)})
		d.callOn(d.AckedAt, a.lapses(*d))
		d.AckedBy, d.AckedAt, d.AckKept = "", time.Time{}, time.Time{}
	}
}

// callOn has calls go on where they stood before a silence: the level that was called last has its time once more, and what is to come
// after the deadline keeps its distance.
func (d *Deadline) callOn(from, to time.Time) {
	if d.Called.Level > 0 && d.Called.At.Before(to) {
		d.Called.At = to
	}
	if from = later(from, d.Due); from.Before(to) {
		d.Held += to.Sub(from)
	}
}

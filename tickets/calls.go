package tickets

import "gongdan/tickets/sla"

// Who is called when nobody acts, and when.

// begun tells whether somebody has begun to work on the ticket.
func (t Ticket) begun() bool {
	return !t.Started.IsZero() || t.Status != StatusNew && t.Status != StatusAssigned
}

// unbegun is the ticket with all the steps that still can come, also those for work that nobody has begun: what waits or was sent back
// may be new once more.
func (t Ticket) unbegun() Ticket {
	if t.Started.IsZero() {
		t.Status = StatusNew
	}
	return t
}

// use records that a step is used up.
func (d *Deadline) use(m sla.Mark) {
	d.Fired = append(d.Fired, m.Step.Name)
	delete(d.SaidIn, m.Step.Name)
	d.Breached = d.Breached || m.Step.Kind == sla.Breach
}

// Climb is the call that follows the last one of a clock by the levels of escalation, if nobody answers that; false if none does.
func (p Policy) Climb(t Ticket, d Deadline) (sla.Mark, bool) {
	if d.Called.Level == 0 || len(p.Roster.Levels) == 0 {
		return sla.Mark{}, false
	}
	return p.Roster.chain().Next(d.Called, p.ClockOf(t, d).Duty)
}

// Unanswered is what one of the ticket's clocks says to the end if nobody ever acts: the marks of [Policy.Plan] with the calls that
// follow by the levels of escalation.
func (p Policy) Unanswered(t Ticket, d Deadline) []sla.Mark {
	return p.Roster.chain().Unanswered(p.Plan(t, d), p.ClockOf(t, d).Duty)
}

// takenUp ends the calls for want of somebody who takes the ticket up: now somebody has. What the deadline calls for begins afresh.
func (a *act) takenUp() {
	for i := range a.t.Deadlines {
		if d := &a.t.Deadlines[i]; d.Running() && d.Due.After(a.now) {
			d.Called = sla.Called{}
		}
	}
}

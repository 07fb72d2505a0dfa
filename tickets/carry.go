package tickets

import (
	"slices"

	"gongdan/tickets/sla"
)

// What stays of the steps of a deadline that moves.

// passedOver stands in SaidIn for a step that was not said: another one of its clock was in its place, or it was no longer true.
const passedOver = -1

// Said is the version of the deadline by which a step that is used up was called; 0 = it is not used up. What an earlier version
// called is true still, about the deadline as it is now, as long as the step is used up by that version.
func (d Deadline) Said(step string) int {
	switch in, ok := d.SaidIn[step]; {
	case !slices.Contains(d.Fired, step):
		return 0
	case ok:
		return in
	}
	return d.Version
}

// pass records that a step that is used up was not called, as another one was.
func (d *Deadline) pass(step string) { d.saidIn(step, passedOver) }

func (d *Deadline) saidIn(step string, version int) {
	if version == d.Version {
		return
	}
	if d.SaidIn == nil {
		d.SaidIn = map[string]int{}
	}
	d.SaidIn[step] = version
}

// carry keeps what has fired of a deadline and stays used up in its next version: steps whose time has passed by that too. One that
// was passed over stays only with what was called in its place, else nobody would hear of either; one that the rules no longer have,
// only where both deadlines have passed. Of the calls, those stay that follow from such a step. The level that was called last has
// its time once more, unless the deadline has passed all along.
func (a *act) carry(d Deadline, want *Deadline) {
	marks := a.env.Policy.Plan(a.t.unbegun(), *want)
	past := sla.Until(marks, a.now)
	late := !want.Due.After(a.now)
	var called sla.Called // as if only those had been made that stay
	rooted := false       // whether the last one stays
	for _, step := range d.Fired {
		m, ok := markOf(marks, step)
		switch level, climbs := sla.Climbs(step); {
		case climbs:
			if rooted {
				want.keep(d, step)
				called = called.Again(level, a.now)
			}
			continue
		case !ok:
			if late {
				want.keep(d, step)
				rooted = true
			}
			continue
		}
		calls := m.Step.Kind == sla.Escalate && d.Said(step) != passedOver
		switch {
		case m.At.After(a.now):
			rooted = rooted && !calls
		case d.Said(step) == passedOver && !d.replaced(m, past):
		default:
			want.keep(d, step)
			want.Breached = want.Breached || m.Step.Kind == sla.Breach
			rooted = rooted || calls
			if calls && m.At.After(a.t.Started) { // whoever began to work has answered those before
				called = called.Again(m.Step.Level, a.now)
			}
		}
	}
	switch {
	case d.Called.Level == 0:
	case !rooted:
		want.Called = called
	default:
		want.Called = d.Called
		if !late {
			want.callOn(a.now, a.now)
		}
	}
}

// keep takes a step over from an earlier version.
func (d *Deadline) keep(from Deadline, step string) {
	if !slices.Contains(d.Fired, step) {
		d.Fired = append(d.Fired, step)
	}
	d.saidIn(step, from.Said(step))
}

// replaced tells whether what was called in the place of a step is among the marks that have passed.
func (d Deadline) replaced(m sla.Mark, past []sla.Mark) bool {
	return slices.ContainsFunc(past, func(o sla.Mark) bool {
		switch said := d.Said(o.Step.Name); {
		case said == 0 || said == passedOver, (o.Step.Kind == sla.Escalate) != (m.Step.Kind == sla.Escalate):
			return false
		case m.Step.Kind == sla.Escalate:
			return o.Step.Level >= m.Step.Level
		}
		return o.Step.Kind == sla.Breach || !o.At.Before(m.At)
	})
}

func markOf(marks []sla.Mark, step string) (sla.Mark, bool) {
	i := slices.IndexFunc(marks, func(m sla.Mark) bool { return m.Step.Name == step })
	if i < 0 {
		return sla.Mark{}, false
	}
	return marks[i], true
}

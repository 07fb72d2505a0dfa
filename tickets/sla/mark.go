package sla

import (
	"slices"
	"time"
)

// Mark is a step of a ladder at its instant.
type Mark struct {
	Step Step
	At   time.Time
	// Moved says that nobody would be there at the step's own time, so that it is said before the end of the
	// handling hours before it.
	Moved bool
}

// Span is one clock under way, as far as its marks depend on it. Start is not after Due.
type Span struct {
	Clock      Clock
	Calendar   *Calendar // by which Clock counts
	Start, Due time.Time
	// Duration is how long the clock runs as it counts. Zero = Due was given: percentages are then of the time
	// between Start and Due.
	Duration time.Duration
	Pauses   []Pause
	Duty     *Calendar     // when somebody is there; nil = always
	Lead     time.Duration // how long before the end of handling hours a moved mark is said
	Begun    bool          // somebody has begun to work: steps for the unbegun do not come
	// Held is how long the calls at and after Due have stood still, because somebody was on it: they come that much later.
	Held time.Duration
}

// ShiftEnd names the mark that [Plan] adds before the last closing.
const ShiftEnd = "shift_end"

// Plan gives the marks of a clock in order of time. Where two steps have one name, the earlier counts.
//
// A reminder or call before the deadline at which nobody would be there is said Lead before the end of the last handling
// hours before it, but not before their opening nor before the clock's start; reminders that meet there are one, the one that
// was nearest to the deadline. If the clock has no handling hours before the mark, the mark stays. A deadline outside
// handling hours that nothing would announce so shortly before the last closing gets a mark of its own, [ShiftEnd]. The
// breach and what follows it stay.
func Plan(l Ladder, s Span) []Mark {
	steps := l.Expanded()
	all := make([]Mark, 0, len(steps)+1)
	for _, step := range steps {
		if !step.Unbegun || !s.Begun {
			all = append(all, Mark{Step: step, At: s.at(step)})
		}
	}
	inOrder(all)
	for i, m := range all {
		if at, ok := s.beforeClosing(m.At); ok && m.Step.Kind != Breach && !m.Step.Unbegun && m.At.Before(s.Due) {
			all[i].At, all[i].Moved = at, true
		}
	}
	all = s.announced(metAtOnce(all))
	inOrder(all)
	return named(all)
}

func inOrder(all []Mark) {
	slices.SortStableFunc(all, func(a, b Mark) int { return a.At.Compare(b.At) })
}

// at is a step's own time.
func (s Span) at(step Step) time.Time {
	switch {
	case step.Unbegun:
		return s.Duty.attended(s.Start, step.Offset, s.Pauses...)
	case step.Percent <= 0 && step.Kind == Escalate && step.Offset >= 0:
		return s.Due.Add(step.Offset + s.Held)
	case step.Percent <= 0:
		return s.Due.Add(step.Offset)
	}
	at := s.Start.Add(part(s.Due.Sub(s.Start), step.Percent))
	if s.Duration > 0 {
		if counted, err := s.Calendar.Add(s.Clock, s.Start, part(s.Duration, step.Percent), s.Pauses...); err == nil {
			at = counted
		}
	}
	if at.After(s.Due) {
		return s.Due
	}
	return at
}

// part is a percentage of d, however long d is.
func part(d time.Duration, percent int) time.Duration {
	p := time.Duration(percent)
	return d/100*p + d%100*p/100
}

// beforeClosing is when something is said that nobody would hear at the given time; false if somebody is there then, or if
// there were no handling hours since the clock's start.
func (s Span) beforeClosing(at time.Time) (time.Time, bool) {
	if s.Duty == nil || s.Duty.IsOpen(at) || !at.After(s.Start) {
		return at, false
	}
	closing, err := s.Duty.LastClose(at)
	if err != nil || !closing.After(s.Start) {
		return at, false
	}
	from := closing.Add(-s.Lead)
	if from.Before(s.Start) {
		from = s.Start
	}
	said, err := s.Duty.NextOpen(from) // of hours shorter than Lead the opening
	if err != nil || !said.Before(closing) {
		return at, false
	}
	return said, true
}

// metAtOnce leaves of the reminders that were moved to one instant the last. It uses all up.
func metAtOnce(all []Mark) []Mark {
	out := all[:0]
	for i, m := range all {
		same := func(n Mark) bool { return n.Moved && n.Step.Kind == m.Step.Kind && n.At.Equal(m.At) }
		if m.Moved && m.Step.Kind != Escalate && slices.ContainsFunc(all[i+1:], same) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// announced adds the mark before the last closing where none would be said between its time and the closing. A
// deadline at the very closing is within handling hours: somebody is there until then.
func (s Span) announced(all []Mark) []Mark {
	at, outside := s.beforeClosing(s.Due)
	if !outside {
		return all
	}
	closing, err := s.Duty.LastClose(s.Due)
	if err != nil || closing.Equal(s.Due) {
		return all
	}
	if slices.ContainsFunc(all, func(m Mark) bool { return m.Step.Kind == Remind && !m.At.Before(at) && m.At.Before(closing) }) {
		return all
	}
	return append(all, Mark{Step: Step{Name: ShiftEnd, Kind: Remind}, At: at, Moved: true})
}

// named drops the later of two marks with one name. It uses all up.
func named(all []Mark) []Mark {
	out := all[:0]
	for _, m := range all {
		if !slices.ContainsFunc(out, func(n Mark) bool { return n.Step.Name == m.Step.Name }) {
			out = append(out, m)
		}
	}
	return out
}

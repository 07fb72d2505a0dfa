package sla

import (
	"fmt"
	"slices"
	"time"
)

// Rung is how long one level of a chain is tried. The zero value is called once, and no call follows by itself.
type Rung struct {
	// Wait is how long a call waits for an answer, counted while somebody is there; zero = no call follows.
	Wait time.Duration
	// Times is how often the level is called before the next one is; below 1 = once.
	Times int
}

// Chain is the levels that are called one after the other while nobody answers, the first being level 1.
type Chain []Rung

// Called is the call that was made last. The zero value is none.
type Called struct {
	Level int       `json:"level"`
	Times int       `json:"times"` // how often this level has been called
	At    time.Time `json:"at"`
}

// Again is what Called becomes by a call of a level at an instant. A lower one, which is called only where there are no levels, leaves
// it: should there be levels again, what was called by them is not called twice.
func (c Called) Again(level int, at time.Time) Called {
	switch {
	case level < c.Level:
		return c
	case level > c.Level:
		return Called{Level: level, Times: 1, At: at}
	}
	return Called{Level: level, Times: c.Times + 1, At: at}
}

// Next is the call that follows the last one if nobody answers it; false if none does. A level comes as often as its rung says,
// then the one above it; after the last there is no more. Its step has a name that no ladder has, once for each call of a level.
func (c Chain) Next(last Called, duty *Calendar) (Mark, bool) {
	if last.Level < 1 || len(c) == 0 {
		return Mark{}, false
	}
	rung, level, times := c[min(last.Level, len(c))-1], last.Level, last.Times+1
	if last.Times >= max(1, rung.Times) {
		level, times = level+1, 1
	}
	if rung.Wait <= 0 || level > max(len(c), last.Level) {
		return Mark{}, false
	}
	return Mark{Step: Step{Name: fmt.Sprintf(climbName, level, times), Kind: Escalate, Level: level}, At: c.waited(last, duty)}, true
}

const climbName = "climb_%d_%d"

// Climbs is the level that a step calls which [Chain.Next] gave, by its name; false for any other.
func Climbs(step string) (level int, ok bool) {
	var times int
	n, err := fmt.Sscanf(step, climbName, &level, &times)
	return level, n == 2 && err == nil
}

// waited is until when the last call waits for an answer; zero if it does not wait.
func (c Chain) waited(last Called, duty *Calendar) time.Time {
	if last.Level < 1 || len(c) == 0 || c[min(last.Level, len(c))-1].Wait <= 0 {
		return time.Time{}
	}
	return duty.attended(last.At, c[min(last.Level, len(c))-1].Wait)
}

// Needless tells whether a call of a ladder is not to be made: a higher level has been called already, or the same one, and that call
// still waits for its answer. Without levels none is, as whoever is called does not depend on them.
func (c Chain) Needless(level int, at time.Time, last Called, duty *Calendar) bool {
	return len(c) > 0 && level < last.Level || level == last.Level && at.Before(c.waited(last, duty))
}

// attended is when somebody has been there for d since an instant, without the pauses, and still is. A nil calendar is always open; one
// that opens no more is of no account.
func (c *Calendar) attended(from time.Time, d time.Duration, pauses ...Pause) time.Time {
	clock := WorkingTime
	if c == nil {
		clock = CalendarTime
	}
	at, err := c.Add(clock, from, d, pauses...)
	if err == nil && c != nil {
		at, err = c.NextOpen(at)
	}
	if err != nil {
		return from.Add(d)
	}
	return at
}

// Unanswered is what happens to the end when nobody ever answers: the marks of a ladder, in order of time, with the calls that
// follow by the chain, without those that are needless.
func (c Chain) Unanswered(marks []Mark, duty *Calendar) []Mark {
	var out []Mark
	var last Called
	var made Mark // the call before
	for {
		next, climbs := c.Next(last, duty)
		switch {
		case len(marks) > 0 && !(climbs && next.overtakes(marks)):
			next, marks = marks[0], marks[1:]
		case !climbs:
			return out
		}
		if next.Step.Kind == Escalate {
			met := next.Step.Level < made.Step.Level && next.At.Equal(made.At) // of calls at one instant the highest is made
			if met || c.Needless(next.Step.Level, next.At, last, duty) || next.outdone(marks) {
				continue
			}
			last, made = last.Again(next.Step.Level, next.At), next
		}
		out = append(out, next)
	}
}

// overtakes tells whether a call by the chain comes before the next mark of the ladder, or in the place of one to a lower level at the
// same instant, unless a further mark calls at that instant as high a level. marks is not empty.
func (m Mark) overtakes(marks []Mark) bool {
	o := marks[0]
	return m.At.Before(o.At) || m.At.Equal(o.At) && o.Step.Kind == Escalate && o.Step.Level < m.Step.Level && !m.outdone(marks)
}

// outdone tells whether one of the marks that follow calls at the same instant as high a level.
func (m Mark) outdone(rest []Mark) bool {
	return slices.ContainsFunc(Until(rest, m.At), func(o Mark) bool { return o.Step.Kind == Escalate && o.Step.Level >= m.Step.Level })
}

package sla

import (
	"errors"
	"fmt"
	"time"
)

// Clock is a way of counting time.
type Clock string

// The clocks.
const (
	CalendarTime Clock = "calendar" // every second counts
	WorkingTime  Clock = "working"  // only handling hours count
	DeferredTime Clock = "deferred" // calendar, with the part beyond a closing moved to the next opening
)

// ErrClock is returned for a clock that cannot be computed.
var ErrClock = errors.New("clock cannot be computed")

// StepKind says what happens at a step of a ladder.
type StepKind string

// Kinds of step.
const (
	Remind   StepKind = "remind"   // tell the person who works on it
	Breach   StepKind = "breach"   // the deadline has passed
	Escalate StepKind = "escalate" // call the next level
)

// Step is one rung: what happens, and when, relative to the deadline (negative = before it).
// Name is stable within a ladder; a step fires at most once per version of a deadline.
type Step struct {
	Name   string        `json:"name"`
	Kind   StepKind      `json:"kind"`
	Offset time.Duration `json:"offset"`
	// Percent, from 1 to 99, puts the step where that part of the clock's own duration has been counted; Offset is
	// then of no account.
	Percent int `json:"percent,omitempty"`
	// Every and Times make of one step several: Times of them, at most MaxTimes, the first Every after Offset, named
	// Name_1 and so on.
	Every time.Duration `json:"every,omitempty"`
	Times int           `json:"times,omitempty"`
	Level int           `json:"level,omitempty"` // 1 = first supervisor; 0 for other kinds
	// Unbegun is a step for work that nobody has begun: it comes once somebody has been there for Offset since the clock's
	// start, its pauses aside, wherever the deadline is.
	Unbegun bool `json:"unbegun,omitempty"`
}

// MaxTimes is how often one step may be repeated, so that no ladder grows without end.
const MaxTimes = 100

// Ladder is the steps of one clock. Their order is of no account; of two with one name only the earlier happens.
type Ladder []Step

// Expanded returns the ladder with every repeated step as several.
func (l Ladder) Expanded() Ladder {
	out := make(Ladder, 0, len(l))
	for _, s := range l {
		if s.Every <= 0 || s.Times <= 0 {
			out = append(out, s)
			continue
		}
		one := s
		one.Every, one.Times = 0, 0
		for i := range min(s.Times, MaxTimes) {
			one.Name = fmt.Sprintf("%s_%d", s.Name, i+1)
			one.Offset = s.Offset + time.Duration(i+1)*s.Every
			out = append(out, one)
		}
	}
	return out
}

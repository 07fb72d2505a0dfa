package sla

import (
	"errors"
	"fmt"
	"sort"
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

// Add gives the instant d after start as the clock counts it. Durations are elapsed time, never negative.
func Add(c Clock, start time.Time, d time.Duration) (time.Time, error) {
	if d < 0 {
		return time.Time{}, fmt.Errorf("add %s: negative duration: %w", d, ErrClock)
	}
	if c != CalendarTime {
		return time.Time{}, fmt.Errorf("add by %q: %w", c, ErrClock)
	}
	return start.Add(d), nil
}

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
	// Every and Times make of one step several: Times of them, the first Every after Offset, named Name_1 and so on.
	Every time.Duration `json:"every,omitempty"`
	Times int           `json:"times,omitempty"`
	Level int           `json:"level,omitempty"` // 1 = first supervisor; 0 for other kinds
}

// At is the instant of the step for a deadline.
func (s Step) At(due time.Time) time.Time { return due.Add(s.Offset) }

// Ladder is the steps of one clock, in order of their offsets.
type Ladder []Step

// Sorted returns the ladder in order of time; steps of equal offset keep their order.
func (l Ladder) Sorted() Ladder {
	out := append(Ladder(nil), l...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Offset < out[j].Offset })
	return out
}

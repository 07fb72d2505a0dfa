package sla

import (
	"fmt"
	"math"
	"time"
)

// Add gives the instant at which d has been counted since start, as the clock counts and without the pauses. A start
// at which the clock does not count counts from the next instant at which it does. A result that falls together
// with a closing, or with the beginning of a pause, stays there. The cost grows with the days crossed.
//
// Errors: ErrDuration (negative), ErrClock (unknown), ErrNeverOpen, ErrPaused, ErrRange.
func (c *Calendar) Add(k Clock, start time.Time, d time.Duration, pauses ...Pause) (time.Time, error) {
	var buf [4]stretch
	m := c.meter(k, pauses, buf[:0])
	at, err := m.check(start, d)
	if err == nil {
		if k == DeferredTime {
			at, err = m.deferred(at, int64(d))
		} else {
			at, err = m.add(at, int64(d))
		}
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("add %s to %s by %.20q: %w", d, start.Format(time.RFC3339), k, err)
	}
	return c.timeOf(at, start.Location()), nil
}

// Subtract is Add backwards: the instant from which on d is counted until start. A start at which the clock does not
// count counts from the closing before. A result that falls together with an opening stays there. The deferred
// clock cannot be turned back: ErrClock. Other errors are Add's.
func (c *Calendar) Subtract(k Clock, start time.Time, d time.Duration, pauses ...Pause) (time.Time, error) {
	var buf [4]stretch
	m := c.meter(k, pauses, buf[:0])
	at, err := m.check(start, d)
	if err == nil {
		at, err = m.subtract(at, int64(d))
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("subtract %s from %s by %.20q: %w", d, start.Format(time.RFC3339), k, err)
	}
	return c.timeOf(at, start.Location()), nil
}

// Between gives how much the clock counts from from until to; negative if to lies before from. ErrClock for deferred
// and unknown clocks, ErrRange.
func (c *Calendar) Between(k Clock, from, to time.Time, pauses ...Pause) (time.Duration, error) {
	var buf [4]stretch
	m := c.meter(k, pauses, buf[:0])
	a, err := m.check(from, 0)
	b := a
	if err == nil {
		b, err = instantOf(to)
	}
	if err == nil && k == DeferredTime {
		err = errNotReversible
	}
	if err != nil {
		return 0, fmt.Errorf("between %s and %s by %.20q: %w", from.Format(time.RFC3339), to.Format(time.RFC3339), k, err)
	}
	if b < a {
		return -time.Duration(m.between(b, a)), nil
	}
	return time.Duration(m.between(a, b)), nil
}

var errNotReversible = fmt.Errorf("only adding is defined for it: %w", ErrClock)

// meter counts time: the calendar's handling time or, for the other clocks, all time, without the pauses.
type meter struct {
	clock  Clock
	hours  *Calendar // nil counts all time
	all    *Calendar // the calendar itself
	pauses cuts
}

func (c *Calendar) meter(k Clock, pauses []Pause, buf []stretch) meter {
	m := meter{clock: k, all: c}
	if k == WorkingTime {
		m.hours = c
	}
	for _, p := range pauses {
		buf = append(buf, p.stretch())
	}
	m.pauses = newCuts(buf)
	return m
}

// forever is the end of a pause that has none.
const forever = math.MaxInt64

// stretch gives the pause as instants; one that ends before it begins is empty.
func (p Pause) stretch() stretch {
	s := stretch{clamp(p.From), forever}
	if !p.To.IsZero() {
		s.to = clamp(p.To)
	}
	return s
}

// clamp moves an instant into the time covered.
func clamp(t time.Time) int64 {
	switch s := t.Unix(); {
	case s < 0:
		return 0
	case s >= lastSecond:
		return endOfTime
	}
	return t.UnixNano()
}

// check refuses clocks, instants and durations that cannot be counted.
func (m *meter) check(start time.Time, d time.Duration) (int64, error) {
	switch m.clock {
	case CalendarTime, WorkingTime, DeferredTime:
	default:
		return 0, ErrClock
	}
	if d < 0 {
		return 0, fmt.Errorf("negative: %w", ErrDuration)
	}
	return instantOf(start)
}

// add gives the first instant at which left has been counted since at.
func (m *meter) add(at, left int64) (int64, error) {
	end := int64(-1)
	m.hours.forward(at, func(a, b int64) bool {
		return m.pauses.forward(a, b, func(a, b int64) bool {
			if left <= b-a {
				end = a + left
				return false
			}
			left -= b - a
			return true
		})
	})
	if end < 0 {
		if n := len(m.pauses); n > 0 && m.pauses[n-1].to == forever {
			return 0, ErrPaused
		}
		return 0, m.hours.whyEnded()
	}
	return end, nil
}

// subtract gives the last instant from which on left is counted until at.
func (m *meter) subtract(at, left int64) (int64, error) {
	if m.clock == DeferredTime {
		return 0, errNotReversible
	}
	if left == 0 && m.counts(at) { // else 0 would lead from an opening to the closing before
		return at, nil
	}
	end := int64(-1)
	m.hours.backward(at, func(a, b int64) bool {
		return m.pauses.backward(a, b, func(a, b int64) bool {
			if left <= b-a {
				end = b - left
				return false
			}
			left -= b - a
			return true
		})
	})
	if end < 0 {
		return 0, m.hours.whyEnded()
	}
	return end, nil
}

// counts says whether time is counted at an instant.
func (m *meter) counts(at int64) bool { return m.hours.isOpen(at) && !m.pauses.cover(at) }

// between gives what is counted from a until b.
func (m *meter) between(from, to int64) int64 {
	sum := int64(0)
	m.hours.forward(from, func(a, b int64) bool {
		m.pauses.forward(a, min(b, to), func(a, b int64) bool {
			sum += b - a
			return true
		})
		return b < to
	})
	return sum
}

// deferred counts all time; while that ends in a closed period, the part beyond the closing counts from the next
// opening. Time before the start is nobody's, so of a closed period in which it began, the part since the start moves.
func (m *meter) deferred(at, left int64) (int64, error) {
	for {
		end, err := m.add(at, left)
		if err != nil || m.all.isOpen(end) {
			return end, err
		}
		closed, err := m.all.lastClose(end)
		if err == nil && closed == end {
			return end, nil
		}
		left = m.between(max(closed, at), end) // no closing before leaves closed 0
		if at, err = m.all.nextOpen(end); err != nil {
			return 0, err
		}
	}
}

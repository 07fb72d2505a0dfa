package sla_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongdan/tickets/sla"
)

// reach is how far a property goes. A test goes as far as there is time for; a fuzzer lives by many cheap tries.
type reach struct {
	calendar func(sla.Hours) (*sla.Calendar, error)
	days     int // that the oracle knows
	starts   int // from which it is asked
	far      int // one in so many questions to a hostile calendar is about any time from 1970 to 2200; 0 = each
}

var (
	wide   = reach{calendar: sla.NewCalendar, days: oracleDays, starts: 8}
	zones  sla.Zones
	narrow = reach{calendar: zones.NewCalendar, days: 12, starts: 2, far: 64}
)

// TestCalendarAgreesWithOracle compares every operation with a slow count, minute by minute.
func TestCalendarAgreesWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, wide.againstOracle)
}

func (r reach) againstOracle(t *rapid.T) {
	d := drawHours(t)
	c, err := r.calendar(d.hours)
	if errors.Is(err, sla.ErrNeverOpen) {
		return
	}
	if err != nil {
		t.Fatalf("NewCalendar(%+v) = %v", d.hours, err)
	}
	o := newOracle(d.hours, d.middle, r.days)
	for range r.starts {
		i := (r.days/2-4)*24*60 + rapid.IntRange(0, 9*24*60).Draw(t, "start")
		if rapid.Bool().Draw(t, "at an edge") { // where the rules are subtle
			i = max(o.nextClose(i), i)
		}
		compareQuestions(t, c, o, i)
		compareCounts(t, c, o, i)
	}
}

// compareQuestions asks about the minute i.
func compareQuestions(t *rapid.T, c *sla.Calendar, o *oracle, i int) {
	start := o.time(i)
	if got := c.IsOpen(start); got != o.open[i] {
		t.Fatalf("IsOpen(%s) = %v", start, got)
	}
	for _, q := range []struct {
		name string
		got  func(time.Time) (time.Time, error)
		want func(int) int
	}{
		{"NextOpen", c.NextOpen, o.nextOpen}, {"PrevOpen", c.PrevOpen, o.prevOpen},
		{"NextClose", c.NextClose, o.nextClose}, {"LastClose", c.LastClose, o.lastClose},
	} {
		got, err := q.got(start)
		agree(t, o, q.name, start, got, err, q.want(i))
	}
}

// compareCounts counts a drawn duration from the minute i by every clock.
func compareCounts(t *rapid.T, c *sla.Calendar, o *oracle, i int) {
	start := o.time(i)
	pauses := drawPauses(t, start)
	minutes := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 300), rapid.IntRange(0, 6000)).Draw(t, "minutes")
	length := time.Duration(minutes) * time.Minute
	j := rapid.IntRange(1, len(o.open)-1).Draw(t, "end")
	for _, clock := range []sla.Clock{sla.WorkingTime, sla.CalendarTime} {
		o := o.counting(clock, pauses)
		got, err := c.Add(clock, start, length, pauses...)
		agree(t, o.oracle, "Add "+string(clock), start, got, err, o.add(i, minutes))
		got, err = c.Subtract(clock, start, length, pauses...)
		agree(t, o.oracle, "Subtract "+string(clock), start, got, err, o.subtract(i, minutes))
		between, err := c.Between(clock, start, o.time(j), pauses...)
		if want := time.Duration(o.between(i, j)) * time.Minute; err != nil || between != want {
			t.Fatalf("Between(%s, %s, %s, %v) = %v, %v, want %v", clock, start, o.time(j), pauses, between, err, want)
		}
	}
	got, err := c.Add(sla.DeferredTime, start, length, pauses...)
	agree(t, o, "Add deferred", start, got, err, o.counting(sla.DeferredTime, pauses).deferred(i, minutes))
}

// agree compares an answer with the oracle's, where the oracle knows.
func agree(t *rapid.T, o *oracle, what string, start, got time.Time, err error, want int) {
	if want < 0 {
		return
	}
	if err != nil || !got.Equal(o.time(want)) {
		t.Fatalf("%s from %s = %s, %v, want %s", what, start, got.UTC(), err, o.time(want))
	}
}

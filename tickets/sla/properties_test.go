package sla_test

import (
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongdan/tickets/sla"
)

// counted is a drawn question of a drawn calendar.
type counted struct {
	c      *sla.Calendar
	h      sla.Hours
	start  time.Time
	d      time.Duration
	pauses []sla.Pause
	due    time.Time // start + d by the working clock
}

// drawCounted draws what the working clock can count: to the nanosecond, up to two months.
func drawCounted(t *rapid.T) counted {
	dr := drawHours(t)
	w := sla.Window{Open: at(9, 0), Close: at(17, 0)} // or it might never open again
	dr.hours.Week[rapid.IntRange(0, 6).Draw(t, "work")] = []sla.Window{w}
	q := counted{h: dr.hours, d: drawLength().Draw(t, "duration")}
	c, err := sla.NewCalendar(dr.hours)
	if errors.Is(err, sla.ErrOverlap) {
		t.Skip("the day of work fell into a night shift")
	}
	if err != nil {
		t.Fatal(err)
	}
	q.c = c
	noon := time.Date(dr.middle.Year, dr.middle.Month, dr.middle.Day, 12, 0, 0, 0, time.UTC)
	q.start = noon.Add(time.Duration(rapid.Int64Range(-int64(200*time.Hour), int64(200*time.Hour)).Draw(t, "start")))
	q.pauses = drawPauses(t, q.start)
	for i := range q.pauses {
		if q.pauses[i].To.IsZero() {
			q.pauses[i].To = q.start.Add(time.Hour)
		}
	}
	if q.due, err = c.Add(sla.WorkingTime, q.start, q.d, q.pauses...); err != nil {
		t.Fatal(err)
	}
	return q
}

func drawLength() *rapid.Generator[time.Duration] {
	length := func(most time.Duration) *rapid.Generator[time.Duration] {
		return rapid.Map(rapid.Int64Range(0, int64(most)), func(n int64) time.Duration { return time.Duration(n) })
	}
	return rapid.OneOf(length(time.Minute), length(24*time.Hour), length(60*8*time.Hour))
}

func (q counted) add(t *rapid.T, start time.Time, d time.Duration, pauses ...sla.Pause) time.Time {
	due, err := q.c.Add(sla.WorkingTime, start, d, pauses...)
	if err != nil {
		t.Fatal(err)
	}
	return due
}

func TestAddThenBetweenGivesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawCounted(t)
		back, err := q.c.Between(sla.WorkingTime, q.start, q.due, q.pauses...)
		if err != nil || back != q.d {
			t.Fatalf("Between(start, Add(start, %v)) = %v, %v", q.d, back, err)
		}
		began, err := q.c.Subtract(sla.WorkingTime, q.start, q.d, q.pauses...)
		if err != nil {
			t.Fatal(err)
		}
		if back, err = q.c.Between(sla.WorkingTime, q.start, began, q.pauses...); err != nil || back != -q.d {
			t.Fatalf("Between(start, Subtract(start, %v)) = %v, %v", q.d, back, err)
		}
	})
}

func TestAddNeverEndsInClosedTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawCounted(t)
		inside := q.due
		if q.d > 0 { // what was counted last
			inside = inside.Add(-1)
		}
		if !q.c.IsOpen(inside) {
			t.Fatalf("Add = %s, closed", q.due)
		}
		for _, p := range q.pauses {
			if !inside.Before(p.From) && inside.Before(p.To) {
				t.Fatalf("Add = %s, in the pause %v", q.due, p)
			}
		}
	})
}

func TestAddIsMonotonic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawCounted(t)
		more := drawLength().Draw(t, "more")
		if later := q.add(t, q.start.Add(more), q.d, q.pauses...); later.Before(q.due) {
			t.Fatalf("started %v later, due %s instead of %s", more, later, q.due)
		}
		if later := q.add(t, q.start, q.d+more, q.pauses...); later.Before(q.due) {
			t.Fatalf("%v longer, due %s instead of %s", more, later, q.due)
		}
	})
}

func TestPauseNeverMovesEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawCounted(t)
		for i := range q.pauses {
			fewer := slices.Delete(slices.Clone(q.pauses), i, i+1)
			if due := q.add(t, q.start, q.d, fewer...); due.After(q.due) {
				t.Fatalf("due %s without the pause %v, %s with it", due, q.pauses[i], q.due)
			}
		}
		twice := slices.Concat(q.pauses, q.pauses)
		if due := q.add(t, q.start, q.d, twice...); !due.Equal(q.due) {
			t.Fatalf("due %s with each pause told twice, %s once", due, q.due)
		}
	})
}

// TestZonesShiftTogether moves the calendar and the question by the same hours, and asks in the words of another zone.
func TestZonesShiftTogether(t *testing.T) {
	t.Parallel()
	zones := map[time.Duration]string{8: "Etc/GMT-8", -5: "Etc/GMT+5", 14: "Etc/GMT-14", -12: "Etc/GMT+12"}
	rapid.Check(t, func(t *rapid.T) {
		q := drawCounted(t)
		q.h.Zone = "UTC"
		utc := mustDrawn(t, q.h)
		hours := rapid.SampledFrom([]time.Duration{8, -5, 14, -12}).Draw(t, "hours")
		q.h.Zone = zones[hours]
		there := mustDrawn(t, q.h)
		want, err := utc.Add(sla.WorkingTime, q.start, q.d)
		if err != nil {
			t.Fatal(err)
		}
		start := q.start.Add(-hours * time.Hour)
		for _, start := range []time.Time{start, start.In(time.FixedZone("", 5*3600+1800))} {
			got, err := there.Add(sla.WorkingTime, start, q.d)
			if err != nil || got.Format(time.DateTime) != want.Format(time.DateTime) || !got.Add(hours*time.Hour).Equal(want) {
				t.Fatalf("Add from %s = %s, %v; at UTC %s", start, got, err, want)
			}
		}
	})
}

func mustDrawn(t *rapid.T, h sla.Hours) *sla.Calendar {
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDeferredJumps holds the deferred clock against the calendar clock: the same where that is open or at a closing,
// else later, and never in closed time.
func TestDeferredJumps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawCounted(t)
		plain, err := q.c.Add(sla.CalendarTime, q.start, q.d, q.pauses...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := q.c.Add(sla.DeferredTime, q.start, q.d, q.pauses...)
		if err != nil {
			t.Fatal(err)
		}
		fits := func(at time.Time) bool {
			closing, err := q.c.LastClose(at)
			return q.c.IsOpen(at) || err == nil && closing.Equal(at)
		}
		switch {
		case !fits(got):
			t.Fatalf("Add by deferred = %s, closed", got)
		case fits(plain) && !got.Equal(plain):
			t.Fatalf("Add by deferred = %s, by calendar %s, which is open", got, plain)
		case !fits(plain) && !got.After(plain):
			t.Fatalf("Add by deferred = %s, by calendar %s, which is closed", got, plain)
		}
	})
}

// named are all errors there may be.
var named = []error{
	sla.ErrZone, sla.ErrWindow, sla.ErrOverlap, sla.ErrDate, sla.ErrNeverOpen, sla.ErrNeverShut, sla.ErrPaused,
	sla.ErrDuration, sla.ErrRange, sla.ErrClock,
}

// anyTime is instants from before 1970 until after 2200, in seconds.
var anyTime = rapid.Int64Range(-400_000_000, 7_600_000_000)

// asked is a question about any time.
type asked struct {
	start, end time.Time
	d          time.Duration
	far        bool
}

// question draws one. The cost of an answer grows with the days crossed, so that but one in r.far crosses centuries; the others lie
// near the ends of what is covered, or near each other somewhere between.
func (r reach) question(t *rapid.T) asked {
	all := rapid.Map(rapid.Int64(), func(n int64) time.Duration { return time.Duration(n) })
	instant := func(s int64) time.Time { return time.Unix(s, 0) }
	if r.far == 0 || rapid.IntRange(0, r.far-1).Draw(t, "far") == r.far-1 {
		return asked{instant(anyTime.Draw(t, "start")), instant(anyTime.Draw(t, "end")), rapid.OneOf(drawLength(), all).Draw(t, "duration"), true}
	}
	const year, ends2200 = 366 * 24 * 3600, 7_289_654_400
	around := rapid.OneOf(rapid.SampledFrom([]int64{0, ends2200}), anyTime).Draw(t, "around")
	near := rapid.Int64Range(-year, year)
	q := asked{start: instant(around + near.Draw(t, "start")), end: instant(around + near.Draw(t, "end"))}
	if q.d = drawLength().Draw(t, "duration"); rapid.IntRange(0, 3).Draw(t, "negative") == 0 {
		q.d = -q.d
	}
	return q
}

// hostile asks a calendar of anything about anything: an answer that fits, or a named error.
func (r reach) hostile(t *rapid.T) {
	q := r.question(t)
	c, err := r.calendar(r.drawAnything(t))
	if err != nil {
		mustBeNamed(t, err)
		return
	}
	start, end, d := q.start, q.end, q.d
	clock := rapid.SampledFrom([]sla.Clock{sla.WorkingTime, sla.CalendarTime, sla.DeferredTime, "", "lunar"}).Draw(t, "clock")
	pauses := drawPauses(t, start)
	for _, ask := range []func(time.Time) (time.Time, error){c.NextOpen, c.PrevOpen, c.NextClose, c.LastClose} {
		_, err := ask(start)
		mustBeNamed(t, err)
	}
	_, err = c.Subtract(clock, start, d, pauses...)
	mustBeNamed(t, err)
	_, err = c.Between(clock, start, end, pauses...)
	mustBeNamed(t, err)
	due, err := c.Add(clock, start, d, pauses...)
	mustBeNamed(t, err)
	if err == nil && clock != sla.DeferredTime {
		if back, err := c.Between(clock, start, due, pauses...); err != nil || back != d {
			t.Fatalf("Between(%s, Add(start, %v)) = %v, %v", clock, d, back, err)
		}
	}
}

func mustBeNamed(t *rapid.T, err error) {
	if err != nil && !slices.ContainsFunc(named, func(n error) bool { return errors.Is(err, n) }) {
		t.Fatalf("an error without a name: %v", err)
	}
}

// drawAnything draws hours of which one thing in most is wrong, and dates may lie anywhere.
func (r reach) drawAnything(t *rapid.T) sla.Hours {
	h := drawHours(t).hours
	tod := rapid.Map(rapid.OneOf(rapid.IntRange(-1, 86401), rapid.SampledFrom([]int{0, 86399, 86400, math.MaxInt, math.MinInt})),
		func(n int) sla.TimeOfDay { return sla.TimeOfDay(n) })
	windows := []sla.Window{{Open: tod.Draw(t, "open"), Close: tod.Draw(t, "close")}, {Open: at(9, 0), Close: at(17, 0)}}
	date := sla.Date{Year: rapid.IntRange(1969, 2201).Draw(t, "year"), Month: time.Month(rapid.IntRange(0, 13).Draw(t, "month")), Day: rapid.IntRange(0, 31).Draw(t, "day")}
	switch rapid.IntRange(0, 11).Draw(t, "wrong") {
	case 0:
		h.Zone = rapid.SampledFrom([]string{"", "Local", "Mars/Base", "../etc/passwd", "\x00"}).Draw(t, "zone")
	case 1:
		h.Week[rapid.IntRange(0, 6).Draw(t, "day")] = windows
	case 2:
		h.Holidays = append(h.Holidays, date)
	case 3:
		h.Makeup[date] = time.Weekday(rapid.IntRange(-1, 7).Draw(t, "like"))
	case 4:
		h.Special[date] = windows
	case 5:
		h.Breaks[date] = windows
	case 6:
		to := sla.Date{Year: 2026, Month: 1, Day: 1}
		if r.far > 0 && rapid.IntRange(0, r.far-1).Draw(t, "long") < r.far-1 {
			to = sla.Date{Year: date.Year + rapid.IntRange(-1, 1).Draw(t, "years"), Month: 1, Day: 1}
		}
		h.Overlays = append(h.Overlays, sla.Overlay{From: date, To: to, Week: &h.Week})
	case 7:
		h.Known = date
	}
	return h
}

func TestHostileCalendars(t *testing.T) {
	t.Parallel()
	rapid.Check(t, wide.hostile)
}

// FuzzCalendar lets the fuzzer choose what rapid draws: hostile calendars, and sound ones against the oracle.
func FuzzCalendar(f *testing.F) {
	spareMinimizing(f)
	for seed := range uint64(8) { // long enough to draw a calendar from
		r := rand.New(rand.NewPCG(seed, 1))
		b := make([]byte, 8<<10)
		for i := range b {
			b[i] = byte(r.Uint32() >> (8 * (seed % 4)) % 251)
		}
		f.Add(b)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		if rapid.Bool().Draw(t, "hostile") {
			narrow.hostile(t)
		} else {
			narrow.againstOracle(t)
		}
	}))
}

// spareMinimizing keeps the fuzzer from shortening what it finds: what rapid draws from is spoilt by each byte that is left out, and
// the fuzzer would spend up to a minute on each find and hardly look for more. A time that was asked for stays.
func spareMinimizing(f *testing.F) {
	if m := flag.Lookup("test.fuzzminimizetime"); m != nil && m.Value.String() == m.DefValue {
		if err := m.Value.Set("1x"); err != nil {
			f.Fatal(err)
		}
	}
}

package sla_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/tickets/sla"
)

// handling is open 09:00–21:00 every day in Shanghai.
func handling(t testing.TB) *sla.Calendar {
	return openFor(t, sla.Window{Open: 9 * 3600, Close: 21 * 3600})
}

func openFor(t testing.TB, windows ...sla.Window) *sla.Calendar {
	h := sla.Hours{Zone: "Asia/Shanghai"}
	for i := range h.Week {
		h.Week[i] = windows
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatalf("NewCalendar: %v", err)
	}
	return c
}

// mark is a mark in words: "remind 24 20:30", with a star if it was moved.
func inWords(marks []sla.Mark) []string {
	var out []string
	for _, m := range marks {
		s := m.Step.Name + " " + m.At.In(china).Format("02 15:04:05")
		if m.Moved {
			s += " *"
		}
		out = append(out, s)
	}
	return out
}

var china = time.FixedZone("", 8*60*60)

func on(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, china) }

func TestPlan(t *testing.T) {
	t.Parallel()
	const m, h = time.Minute, time.Hour
	before := func(d time.Duration) sla.Step {
		return sla.Step{Name: "before_" + d.String(), Kind: sla.Remind, Offset: -d}
	}
	percent := func(p int) sla.Step { return sla.Step{Name: "half", Kind: sla.Remind, Percent: p} }
	breach := sla.Step{Name: "breach", Kind: sla.Breach}
	call := sla.Step{Name: "call", Kind: sla.Escalate, Level: 1}
	tests := []struct {
		name   string
		ladder sla.Ladder
		span   sla.Span
		want   []string
	}{
		{"a Doudian urgent request of 20:00: half of its time ends at the closing, so it moves", sla.Ladder{percent(50), before(30 * m), breach, call},
			sla.Span{Clock: sla.DeferredTime, Start: on(23, 20, 0), Due: on(24, 10, 0), Duration: 2 * h},
			[]string{"half 23 20:30:00 *", "before_30m0s 24 09:30:00", "breach 24 10:00:00", "call 24 10:00:00"}},
		{"due at night: the marks move before the end of the shift and are one", sla.Ladder{before(2 * h), before(30 * m), breach, call},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 2, 10), Due: on(24, 2, 10), Duration: day},
			[]string{"before_30m0s 23 20:30:00 *", "breach 24 02:10:00", "call 24 02:10:00"}},
		{"what is due in the morning is said in the evening where its mark falls before the opening", sla.Ladder{before(30 * m), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 9, 20), Due: on(24, 9, 20), Duration: day},
			[]string{"before_30m0s 23 20:30:00 *", "breach 24 09:20:00"}},
		{"a deadline at night without marks gets one", sla.Ladder{breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 2, 10), Due: on(24, 2, 10), Duration: day},
			[]string{"shift_end 23 20:30:00 *", "breach 24 02:10:00"}},
		{"a mark at noon is no warning before the end of the shift", sla.Ladder{percent(50), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 2, 10), Due: on(24, 2, 10), Duration: day},
			[]string{"half 23 14:10:00", "shift_end 23 20:30:00 *", "breach 24 02:10:00"}},
		{"a mark shortly before the closing is", sla.Ladder{before(5*h + 30*m), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 2, 10), Due: on(24, 2, 10), Duration: day},
			[]string{"before_5h30m0s 23 20:40:00", "breach 24 02:10:00"}},
		{"a deadline at the closing is within the hours", sla.Ladder{breach},
			sla.Span{Clock: sla.WorkingTime, Start: on(23, 20, 30), Due: on(23, 21, 0), Duration: 30 * m},
			[]string{"breach 23 21:00:00"}},
		{"never before the clock's start", sla.Ladder{before(30 * m), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 20, 50), Due: on(23, 22, 50), Duration: 2 * h},
			[]string{"before_30m0s 23 20:50:00 *", "breach 23 22:50:00"}},
		{"begun and due in one night: there is no earlier shift", sla.Ladder{before(30 * m), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 21, 0), Due: on(24, 3, 0), Duration: 6 * h},
			[]string{"before_30m0s 24 02:30:00", "breach 24 03:00:00"}},
		{"a call before the deadline moves too and stays a call", sla.Ladder{before(30 * m), {Name: "warn", Kind: sla.Escalate, Offset: -30 * m, Level: 1}, breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 2, 10), Due: on(24, 2, 10), Duration: day},
			[]string{"before_30m0s 23 20:30:00 *", "warn 23 20:30:00 *", "breach 24 02:10:00"}},
		{"what follows the breach stays", sla.Ladder{breach, {Name: "again", Kind: sla.Remind, Every: h, Times: 2}},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 20, 0), Due: on(23, 20, 30), Duration: 30 * m},
			[]string{"breach 23 20:30:00", "again_1 23 21:30:00", "again_2 23 22:30:00"}},
		{"half of working time leaves the night out", sla.Ladder{percent(50), breach},
			sla.Span{Clock: sla.WorkingTime, Start: on(23, 20, 0), Due: on(24, 12, 0), Duration: 4 * h},
			[]string{"half 24 10:00:00", "breach 24 12:00:00"}},
		{"and pauses", sla.Ladder{percent(50), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 10, 0), Due: on(23, 15, 0), Duration: 4 * h, Pauses: []sla.Pause{{From: on(23, 11, 0), To: on(23, 12, 0)}}},
			[]string{"half 23 13:00:00", "breach 23 15:00:00"}},
		{"of a given deadline it is the middle", sla.Ladder{percent(50), breach},
			sla.Span{Clock: sla.WorkingTime, Start: on(23, 10, 0), Due: on(23, 13, 0)},
			[]string{"half 23 11:30:00", "breach 23 13:00:00"}},
		{"never after the deadline", sla.Ladder{percent(90), breach},
			sla.Span{Clock: sla.CalendarTime, Start: on(23, 10, 0), Due: on(23, 11, 0), Duration: 10 * h},
			[]string{"half 23 11:00:00", "breach 23 11:00:00"}},
		{"marks of 100 and 180 seconds", sla.Ladder{before(80 * time.Second), breach},
			sla.Span{Clock: sla.WorkingTime, Start: on(23, 10, 0), Due: on(23, 10, 3), Duration: 3 * m},
			[]string{"before_1m20s 23 10:01:40", "breach 23 10:03:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tt.span
			s.Calendar, s.Duty, s.Lead = handling(t), handling(t), 30*m
			if s.Duration > 0 && tt.name != "never after the deadline" {
				if got, err := s.Calendar.Add(s.Clock, s.Start, s.Duration, s.Pauses...); err != nil || !got.Equal(s.Due) {
					t.Fatalf("the example is due %v (%v), not %v", got, err, s.Due)
				}
			}
			if diff := cmp.Diff(tt.want, inWords(sla.Plan(tt.ladder, s))); diff != "" {
				t.Errorf("marks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanOfSplitShifts(t *testing.T) {
	t.Parallel()
	duty := openFor(t, sla.Window{Open: 9 * 3600, Close: 12 * 3600}, sla.Window{Open: 18 * 3600, Close: 18*3600 + 600})
	s := sla.Span{Clock: sla.CalendarTime, Start: on(23, 9, 0), Due: on(23, 20, 0), Duration: 11 * time.Hour, Duty: duty, Lead: 30 * time.Minute}
	l := sla.Ladder{
		{Name: "noon", Kind: sla.Remind, Offset: -7 * time.Hour},       // 13:00, in the break
		{Name: "evening", Kind: sla.Remind, Offset: -90 * time.Minute}, // 18:30, after hours shorter than the lead
		{Name: "breach", Kind: sla.Breach},
	}
	want := []string{"noon 23 11:30:00 *", "evening 23 18:00:00 *", "breach 23 20:00:00"}
	if diff := cmp.Diff(want, inWords(sla.Plan(l, s))); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
}

// TestPlanKeepsItsPromises checks plans of any ladder over any stretch of days.
func TestPlanKeepsItsPromises(t *testing.T) {
	t.Parallel()
	duty := handling(t)
	rapid.Check(t, func(t *rapid.T) {
		l := steps().Draw(t, "ladder")
		for i := range l {
			l[i].Percent = rapid.SampledFrom([]int{0, 0, 1, 33, 99}).Draw(t, "percent")
		}
		start := on(23, 0, 0).Add(time.Duration(rapid.IntRange(0, 48*60).Draw(t, "start")) * time.Minute)
		length := time.Duration(rapid.IntRange(1, 72*60).Draw(t, "length")) * time.Minute
		k := rapid.SampledFrom([]sla.Clock{sla.CalendarTime, sla.WorkingTime, sla.DeferredTime}).Draw(t, "clock")
		end, err := duty.Add(k, start, length)
		if err != nil {
			t.Fatalf("Add: %v", err)
		}
		s := sla.Span{Clock: k, Calendar: duty, Start: start, Due: end, Duration: length, Duty: duty, Lead: 30 * time.Minute}
		seen := map[string]bool{}
		last := time.Time{}
		for _, m := range sla.Plan(l, s) {
			switch {
			case seen[m.Step.Name]:
				t.Fatalf("%s happens twice", m.Step.Name)
			case m.At.Before(last):
				t.Fatalf("%s is out of order", m.Step.Name)
			case m.Moved && (m.Step.Kind == sla.Breach || m.At.Before(start) || !m.At.Before(end)):
				t.Fatalf("%s was moved to %v, the clock runs from %v to %v", m.Step.Name, m.At, start, end)
			case m.Moved && !duty.IsOpen(m.At):
				t.Fatalf("%s was moved to %v, when nobody is there", m.Step.Name, m.At)
			case m.Step.Percent == 0 && m.Step.Name != sla.ShiftEnd && m.Moved == m.At.Equal(end.Add(m.Step.Offset)):
				t.Fatalf("%s is at %v, moved = %v, its own time %v", m.Step.Name, m.At, m.Moved, end.Add(m.Step.Offset))
			}
			seen[m.Step.Name], last = true, m.At
		}
		for _, s := range l {
			if s.Kind != sla.Remind && !seen[s.Name] {
				t.Fatalf("%s was left out", s.Name)
			}
		}
	})
}

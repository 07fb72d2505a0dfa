package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rickar/cal/v2"

	"gongdan/tickets/sla"
)

// both are the same hours in either library, as far as rickar/cal can express them: one window a day, 9 to 17, Monday
// to Friday, and holidays, without zones.
type both struct {
	ours   *sla.Calendar
	theirs *cal.BusinessCalendar
}

func newBoth(t testing.TB) both {
	t.Helper()
	h := sla.Hours{Zone: "UTC"}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Week[d] = []sla.Window{{Open: 9 * 3600, Close: 17 * 3600}}
	}
	b := both{theirs: cal.NewBusinessCalendar()}
	b.theirs.SetWorkHours(9*time.Hour, 17*time.Hour)
	for month := time.January; month <= time.December; month++ {
		b.theirs.AddHoliday(&cal.Holiday{Name: month.String(), Month: month, Day: 5, Func: cal.CalcDayOfMonth})
		for year := 2025; year <= 2029; year++ {
			h.Holidays = append(h.Holidays, sla.Date{Year: year, Month: month, Day: 5})
		}
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	b.ours = c
	return b
}

// TestCalendarsAgree makes sure that both compute the same before their times are compared.
func TestCalendarsAgree(t *testing.T) {
	t.Parallel()
	b := newBoth(t)
	r := rand.New(rand.NewPCG(1, 2))
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 2000 {
		start := begin.Add(time.Duration(r.IntN(365*24*60)) * time.Minute)
		d := time.Duration(1+r.IntN(60*8*60)) * time.Minute
		due, err := b.ours.Add(sla.WorkingTime, start, d)
		if err != nil {
			t.Fatal(err)
		}
		if theirs := b.theirs.AddWorkHours(start, d); !due.Equal(theirs) {
			t.Errorf("%s + %s = %s, rickar/cal %s", start, d, due, theirs)
		}
		between, err := b.ours.Between(sla.WorkingTime, start, due)
		if err != nil {
			t.Fatal(err)
		}
		if theirs := b.theirs.WorkHoursInRange(start, due); between != theirs || between != d {
			t.Errorf("from %s to %s = %s, rickar/cal %s, want %s", start, due, between, theirs, d)
		}
	}
}

func BenchmarkCalendar(b *testing.B) {
	two := newBoth(b)
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, span := range []struct {
		name string
		d    time.Duration
	}{{"week", 5 * 8 * time.Hour}, {"year", 250 * 8 * time.Hour}} {
		end, err := two.ours.Add(sla.WorkingTime, start, span.d)
		if err != nil {
			b.Fatal(err)
		}
		for _, side := range []struct {
			name string
			do   func()
		}{
			{"add/gongdan", func() { _, _ = two.ours.Add(sla.WorkingTime, start, span.d) }},
			{"add/rickar", func() { two.theirs.AddWorkHours(start, span.d) }},
			{"between/gongdan", func() { _, _ = two.ours.Between(sla.WorkingTime, start, end) }},
			{"between/rickar", func() { two.theirs.WorkHoursInRange(start, end) }},
		} {
			b.Run(span.name+"/"+side.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					side.do()
				}
			})
		}
	}
}

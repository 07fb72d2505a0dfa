package sla_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets/sla"
)

func workdays() (week [7][]sla.Window) {
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = []sla.Window{{Open: at(9, 0), Close: at(18, 0)}}
	}
	return week
}

// TestChina2026 goes through the year of DOMAIN section 4, day by day.
func TestChina2026(t *testing.T) {
	t.Parallel()
	off := ranges("01-01", "01-03", "02-15", "02-23", "04-04", "04-06", "05-01", "05-05", "06-19", "06-21", "09-25", "09-27", "10-01", "10-07")
	makeup := map[string]bool{"01-04": true, "02-14": true, "02-28": true, "05-09": true, "09-20": true, "10-10": true}
	p, err := sla.China()
	if err != nil {
		t.Fatal(err)
	}
	c := mustCalendar(t, sla.Hours{Zone: "Asia/Shanghai", Week: workdays()}.Observe(p))
	for day := local(t, "Asia/Shanghai", "2026-01-01 10:00"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		text := day.Format("01-02")
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		want := makeup[text] || !weekend && !off[text]
		if got := c.IsOpen(day); got != want {
			t.Errorf("open on %s %s: %v, want %v", text, day.Weekday(), got, want)
		}
	}
}

// ranges gives the days of 2026 from each first to each second, inclusive.
func ranges(edges ...string) map[string]bool {
	days := map[string]bool{}
	for i := 0; i < len(edges); i += 2 {
		for day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			if text := day.Format("01-02"); edges[i] <= text && text <= edges[i+1] {
				days[text] = true
			}
		}
	}
	return days
}

func TestChinaData(t *testing.T) {
	t.Parallel()
	tests := []struct {
		year, days, makeup int
		worked             sla.Date // one make-up day
		like               time.Weekday
	}{
		{2025, 28, 5, sla.Date{Year: 2025, Month: 1, Day: 26}, time.Monday},
		{2026, 33, 6, sla.Date{Year: 2026, Month: 2, Day: 14}, time.Friday},
	}
	for _, tt := range tests {
		p, err := sla.China(tt.year)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Holidays) != tt.days || len(p.Makeup) != tt.makeup || p.Makeup[tt.worked] != tt.like || len(p.Sources) != 1 {
			t.Errorf("China(%d) = %d days, %d make-up days, %s like %s, sources %q", tt.year, len(p.Holidays), len(p.Makeup), tt.worked, p.Makeup[tt.worked], p.Sources)
		}
		for d, like := range p.Makeup {
			if weekday := d.Weekday(); weekday != time.Saturday && weekday != time.Sunday {
				t.Errorf("make-up day %s is a %s", d, weekday)
			}
			if like == time.Saturday || like == time.Sunday {
				t.Errorf("make-up day %s is like a %s", d, like)
			}
		}
	}
	for _, year := range []int{2024, 2027, -1} {
		if _, err := sla.China(year); !errors.Is(err, sla.ErrNoData) {
			t.Errorf("China(%d) = %v, want ErrNoData", year, err)
		}
	}
}

func TestRunsOut(t *testing.T) {
	t.Parallel()
	p, err := sla.China()
	if err != nil {
		t.Fatal(err)
	}
	own := sla.Hours{Zone: "Asia/Shanghai", Week: workdays(), Makeup: map[sla.Date]time.Weekday{{Year: 2026, Month: 2, Day: 14}: time.Monday}}
	h := own.Observe(p)
	if diff := cmp.Diff([]any{time.Monday, 1}, []any{h.Makeup[sla.Date{Year: 2026, Month: 2, Day: 14}], len(own.Makeup)}); diff != "" {
		t.Errorf("own make-up days (-want +got):\n%s", diff)
	}
	got, ok := mustCalendar(t, h).RunsOut()
	if want := "2027-01-01T00:00:00+08:00"; !ok || got.Format(time.RFC3339) != want {
		t.Errorf("RunsOut = %s, %v, want %s", got, ok, want)
	}
	if got, ok := mustCalendar(t, own).RunsOut(); ok {
		t.Errorf("RunsOut without public holidays = %s", got)
	}
	h.Known = sla.Date{Year: 2026, Month: 6, Day: 30} // the team's own list ends first
	if got, _ := mustCalendar(t, h.Observe(p)).RunsOut(); got.Format(time.DateOnly) != "2026-07-01" {
		t.Errorf("RunsOut = %s, want 2026-07-01", got)
	}
}

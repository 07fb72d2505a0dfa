package sla_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"gongdan/tickets/sla"
)

func TestNewCalendarRefuses(t *testing.T) {
	t.Parallel()
	ok := sla.Window{Open: at(9, 0), Close: at(18, 0)}
	day := sla.Date{Year: 2026, Month: 2, Day: 14}
	with := func(change func(*sla.Hours)) sla.Hours {
		h := sla.Hours{Zone: "Asia/Shanghai", Week: everyDay(ok)}
		change(&h)
		return h
	}
	tests := []struct {
		name  string
		hours sla.Hours
		want  error
	}{
		{"empty", sla.Hours{Zone: "UTC"}, sla.ErrNeverOpen},
		{"only closed days", sla.Hours{Zone: "UTC", Special: map[sla.Date][]sla.Window{day: nil}}, sla.ErrNeverOpen},
		{"no zone", with(func(h *sla.Hours) { h.Zone = "" }), sla.ErrZone},
		{"the machine's zone", with(func(h *sla.Hours) { h.Zone = "Local" }), sla.ErrZone},
		{"unknown zone", with(func(h *sla.Hours) { h.Zone = "Asia/Peking" }), sla.ErrZone},
		{"a path for a zone", with(func(h *sla.Hours) { h.Zone = "../../etc/passwd" }), sla.ErrZone},
		{"same windows twice", with(func(h *sla.Hours) { h.Week[1] = []sla.Window{ok, ok} }), sla.ErrOverlap},
		{"overlapping windows", with(func(h *sla.Hours) { h.Week[1] = []sla.Window{{Open: at(17, 59), Close: at(20, 0)}, ok} }), sla.ErrOverlap},
		{"two nights", with(func(h *sla.Hours) {
			h.Week[1] = []sla.Window{{Open: at(20, 0), Close: at(2, 0)}, {Open: at(22, 0), Close: at(4, 0)}}
		}), sla.ErrOverlap},
		{"a night into the morning", with(func(h *sla.Hours) { h.Week[6] = []sla.Window{{Open: at(22, 0), Close: at(9, 1)}} }), sla.ErrOverlap},
		{"overlapping special hours", with(func(h *sla.Hours) { h.Special = map[sla.Date][]sla.Window{day: {ok, ok}} }), sla.ErrOverlap},
		{"an overlay that overlaps", with(func(h *sla.Hours) {
			week := everyDay(sla.Window{Open: at(9, 0), Close: at(9, 0)}, ok)
			h.Overlays = []sla.Overlay{{From: day, To: day, Week: &week}}
		}), sla.ErrOverlap},
		{"opens at 24:00", with(func(h *sla.Hours) { h.Week[1] = []sla.Window{{Open: at(24, 0), Close: at(2, 0)}} }), sla.ErrWindow},
		{"closes after 24:00", with(func(h *sla.Hours) { h.Week[1] = []sla.Window{{Open: at(20, 0), Close: at(26, 0)}} }), sla.ErrWindow},
		{"opens before midnight", with(func(h *sla.Hours) { h.Week[1] = []sla.Window{{Open: -1, Close: at(2, 0)}} }), sla.ErrWindow},
		{"a bad break", with(func(h *sla.Hours) { h.Breaks = map[sla.Date][]sla.Window{day: {{Open: at(25, 0)}}} }), sla.ErrWindow},
		{"a holiday that is no date", with(func(h *sla.Hours) { h.Holidays = []sla.Date{{}} }), sla.ErrDate},
		{"30 February", with(func(h *sla.Hours) { h.Holidays = []sla.Date{{Year: 2026, Month: 2, Day: 30}} }), sla.ErrDate},
		{"a holiday of 1969", with(func(h *sla.Hours) { h.Holidays = []sla.Date{{Year: 1969, Month: 12, Day: 31}} }), sla.ErrDate},
		{"a break in 2201", with(func(h *sla.Hours) { h.Breaks = map[sla.Date][]sla.Window{{Year: 2201, Month: 1, Day: 1}: {ok}} }), sla.ErrDate},
		{"special hours on no date", with(func(h *sla.Hours) { h.Special = map[sla.Date][]sla.Window{{}: {ok}} }), sla.ErrDate},
		{"a make-up day on no date", with(func(h *sla.Hours) { h.Makeup = map[sla.Date]time.Weekday{{}: 1} }), sla.ErrDate},
		{"a make-up day like no weekday", with(func(h *sla.Hours) { h.Makeup = map[sla.Date]time.Weekday{day: 7} }), sla.ErrDate},
		{"an overlay from no date", with(func(h *sla.Hours) { h.Overlays = []sla.Overlay{{To: day}} }), sla.ErrDate},
		{"an overlay to no date", with(func(h *sla.Hours) { h.Overlays = []sla.Overlay{{From: day}} }), sla.ErrDate},
		{"an overlay that ends first", with(func(h *sla.Hours) {
			h.Overlays = []sla.Overlay{{From: day, To: sla.Date{Year: 2026, Month: 2, Day: 13}}}
		}), sla.ErrDate},
		{"known until no date", with(func(h *sla.Hours) { h.Known = sla.Date{Year: 3000, Month: 1, Day: 1} }), sla.ErrDate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if c, err := sla.NewCalendar(tt.hours); !errors.Is(err, tt.want) || c != nil {
				t.Errorf("NewCalendar = %v, %v, want %v", c, err, tt.want)
			}
		})
	}
}

func TestOperationsRefuse(t *testing.T) {
	t.Parallel()
	c := mustCalendar(t, nineToNine)
	once := mustCalendar(t, sla.Hours{Zone: "UTC", Special: map[sla.Date][]sla.Window{{Year: 2026, Month: 6, Day: 18}: {{Open: at(9, 0), Close: at(10, 0)}}}})
	always := mustCalendar(t, sla.Hours{Zone: "UTC", Week: everyDay(sla.Window{})})
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	const century = 100 * 365 * 24 * time.Hour
	addTo := func(c *sla.Calendar, k sla.Clock, start time.Time, d time.Duration) error {
		_, err := c.Add(k, start, d)
		return err
	}
	only := func(_ any, err error) error { return err }
	tests := []struct {
		name string
		got  error
		want error
	}{
		{"unknown clock", addTo(c, "lunar", now, time.Hour), sla.ErrClock},
		{"no clock", addTo(c, "", now, time.Hour), sla.ErrClock},
		{"negative", addTo(c, sla.WorkingTime, now, -1), sla.ErrDuration},
		{"negative, calendar", addTo(nil, sla.CalendarTime, now, -1), sla.ErrDuration},
		{"a century, working", addTo(c, sla.WorkingTime, now, century), sla.ErrRange},
		{"the longest there is", addTo(c, sla.CalendarTime, now, math.MaxInt64), sla.ErrRange},
		{"the longest there is, deferred", addTo(c, sla.DeferredTime, now, math.MaxInt64), sla.ErrRange},
		{"from 1969", addTo(c, sla.WorkingTime, year(1970).Add(-1), 1), sla.ErrRange},
		{"from 2201", addTo(c, sla.CalendarTime, year(2201), 0), sla.ErrRange},
		{"from no time", addTo(c, sla.CalendarTime, time.Time{}, 0), sla.ErrRange},
		{"closes for ever", addTo(once, sla.WorkingTime, now, 1), sla.ErrNeverOpen},
		{"closes for ever, deferred", addTo(once, sla.DeferredTime, now, 1), sla.ErrNeverOpen},
		{"subtract from 1970", only(c.Subtract(sla.WorkingTime, year(1970), time.Hour)), sla.ErrRange},
		{"subtract by deferred", only(c.Subtract(sla.DeferredTime, now, time.Hour)), sla.ErrClock},
		{"subtract before the first hours", only(once.Subtract(sla.WorkingTime, now.AddDate(-1, 0, 0), 1)), sla.ErrNeverOpen},
		{"between by deferred", only(c.Between(sla.DeferredTime, now, now)), sla.ErrClock},
		{"between until 2201", only(c.Between(sla.WorkingTime, now, year(2201))), sla.ErrRange},
		{"next open of a calendar that closed for ever", only(once.NextOpen(now)), sla.ErrNeverOpen},
		{"next close of one that never does", only(always.NextClose(now)), sla.ErrNeverShut},
		{"last close of one that never did", only(always.LastClose(now)), sla.ErrNeverShut},
		{"next close without a calendar", only((*sla.Calendar)(nil).NextClose(now)), sla.ErrNeverShut},
		{"next open in 2201", only(c.NextOpen(year(2201))), sla.ErrRange},
		{"next open of the last evening", only(c.NextOpen(year(2201).Add(-time.Hour * 11))), sla.ErrRange},
	}
	for _, tt := range tests {
		if !errors.Is(tt.got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	if c.IsOpen(year(2201)) || c.IsOpen(time.Time{}) {
		t.Error("IsOpen outside 1970 to 2200")
	}
}

// TestEndsOfTime counts through all that is covered, in both directions.
func TestEndsOfTime(t *testing.T) {
	t.Parallel()
	c := mustCalendar(t, sla.Hours{Zone: "America/New_York", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(17, 0)})})
	first, last := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 12, 31, 23, 0, 0, 0, time.UTC)
	all, err := c.Between(sla.WorkingTime, first, last)
	if want := 84371 * 8 * time.Hour; err != nil || all != want { // days from 1970 to 2200
		t.Fatalf("Between = %v, %v, want %v", all, err, want)
	}
	if got, err := c.Add(sla.WorkingTime, first, all); err != nil || !got.Equal(last.Add(-time.Hour)) {
		t.Errorf("Add = %s, %v", got, err)
	}
	if got, err := c.Subtract(sla.WorkingTime, last, all); err != nil || !got.Equal(first.Add(14*time.Hour)) {
		t.Errorf("Subtract = %s, %v", got, err)
	}
}

// TestAlwaysOpen checks that no calendar counts like one that is always open, in the zone it is asked in.
func TestAlwaysOpen(t *testing.T) {
	t.Parallel()
	var none *sla.Calendar
	start := local(t, "Asia/Shanghai", "2026-11-22 20:00")
	for _, k := range []sla.Clock{sla.CalendarTime, sla.WorkingTime, sla.DeferredTime} {
		got, err := none.Add(k, start, 24*time.Hour)
		if want := "2026-11-23T20:00:00+08:00"; err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("Add by %s = %s, %v, want %s", k, got, err, want)
		}
	}
	if got, err := none.Subtract(sla.WorkingTime, start, time.Hour); err != nil || !got.Equal(start.Add(-time.Hour)) {
		t.Errorf("Subtract = %s, %v", got, err)
	}
	if got, err := none.NextOpen(start); err != nil || !got.Equal(start) || !none.IsOpen(start) {
		t.Errorf("NextOpen = %s, %v", got, err)
	}
	if _, ok := none.RunsOut(); ok {
		t.Error("RunsOut of no calendar")
	}
}

// TestAddDoesNotAllocate holds what the shards' owners rely on when they re-plan many tickets.
func TestAddDoesNotAllocate(t *testing.T) {
	c := mustCalendar(t, nineToNine)
	start := local(t, nineToNine.Zone, "2026-11-22 20:00")
	pause := sla.Pause{From: start.Add(time.Hour), To: start.Add(20 * time.Hour)}
	for _, k := range []sla.Clock{sla.CalendarTime, sla.WorkingTime, sla.DeferredTime} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := c.Add(k, start, 80*time.Hour, pause); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("Add by %s allocates %v times", k, n)
		}
	}
}

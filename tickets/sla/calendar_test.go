package sla_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gongdan/tickets/sla"
)

var nineToNine = sla.Hours{Zone: "Asia/Shanghai", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(21, 0)})}

// local reads a time in the zone of a calendar, as "2006-01-02 15:04" or with seconds.
func local(t testing.TB, zone, s string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	layout := "2006-01-02 15:04:05"
	at, err := time.ParseInLocation(layout[:len(s)], s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestClocks is the table of DOMAIN section 4, from a Sunday, and what follows from its words.
func TestClocks(t *testing.T) {
	t.Parallel()
	c := mustCalendar(t, nineToNine)
	tests := []struct {
		clock sla.Clock
		start string
		d     time.Duration
		want  string
	}{
		{sla.CalendarTime, "22 20:00", 24 * time.Hour, "23 20:00"},
		{sla.WorkingTime, "22 20:00", 2 * time.Hour, "23 10:00"},
		{sla.DeferredTime, "22 20:00", 12 * time.Hour, "23 20:00"},
		{sla.DeferredTime, "22 20:00", 24 * time.Hour, "23 20:00"},
		{sla.DeferredTime, "22 20:00", 25*time.Hour + 30*time.Minute, "24 09:30"},
		{sla.DeferredTime, "22 14:00", 36 * time.Hour, "24 14:00"},
		{sla.DeferredTime, "22 22:00", 24 * time.Hour, "24 10:00"},

		{sla.CalendarTime, "22 22:00", 0, "22 22:00"},
		{sla.WorkingTime, "22 20:00", time.Hour, "22 21:00"}, // stays at closing
		{sla.WorkingTime, "22 20:00", time.Hour + time.Second, "23 09:00:01"},
		{sla.WorkingTime, "22 20:58:20", 180 * time.Second, "23 09:01:20"},
		{sla.WorkingTime, "22 21:00", time.Hour, "23 10:00"},
		{sla.WorkingTime, "22 22:00", 0, "23 09:00"},
		{sla.DeferredTime, "22 20:00", time.Hour, "22 21:00"}, // stays at closing
		{sla.DeferredTime, "22 20:00", time.Hour + time.Second, "23 09:00:01"},
		{sla.DeferredTime, "22 20:00", 13 * time.Hour, "23 09:00"}, // the jump back: at opening nothing is beyond
		{sla.DeferredTime, "22 22:00", time.Hour, "23 10:00"},      // only what lies after the start
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %s + %s", tt.clock, tt.start, tt.d), func(t *testing.T) {
			t.Parallel()
			got, err := c.Add(tt.clock, local(t, nineToNine.Zone, "2026-11-"+tt.start), tt.d)
			if want := local(t, nineToNine.Zone, "2026-11-"+tt.want); err != nil || !got.Equal(want) {
				t.Errorf("Add = %s, %v, want %s", got, err, want)
			}
		})
	}
}

// mornings are open three hours a day, less than the nights are long.
var mornings = sla.Hours{Zone: "Europe/Berlin", Week: [7][]sla.Window{
	1: {{Open: at(9, 0), Close: at(12, 0)}}, 2: {{Open: at(9, 0), Close: at(12, 0)}}, 3: {{Open: at(9, 0), Close: at(12, 0)}},
	4: {{Open: at(9, 0), Close: at(12, 0)}}, 5: {{Open: at(9, 0), Close: at(12, 0)}},
}}

// question is an operation by name, for tables.
type question struct {
	name  string
	hours sla.Hours
	ask   func(*sla.Calendar, time.Time) (time.Time, error)
	from  string
	want  string // of the wall in the calendar's zone, with its offset where clocks are turned
}

func (q question) run(t *testing.T) {
	t.Parallel()
	got, err := q.ask(mustCalendar(t, q.hours), local(t, q.hours.Zone, q.from))
	if err != nil {
		t.Fatal(err)
	}
	if text := got.Format("2006-01-02 15:04:05 -0700"); text[:len(q.want)] != q.want {
		t.Errorf("from %s: %s, want %s", q.from, text, q.want)
	}
}

func add(k sla.Clock, d time.Duration) func(*sla.Calendar, time.Time) (time.Time, error) {
	return func(c *sla.Calendar, t time.Time) (time.Time, error) { return c.Add(k, t, d) }
}

func subtract(d time.Duration) func(*sla.Calendar, time.Time) (time.Time, error) {
	return func(c *sla.Calendar, t time.Time) (time.Time, error) { return c.Subtract(sla.WorkingTime, t, d) }
}

// TestRules are the rules of DESIGN section 4, each by an example.
func TestRules(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	night := sla.Hours{Zone: "Asia/Shanghai", Week: [7][]sla.Window{5: {{Open: at(22, 0), Close: at(6, 0)}}}}
	split := sla.Hours{Zone: "Asia/Shanghai", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(12, 0)}, sla.Window{Open: at(12, 0), Close: at(14, 0)}, sla.Window{Open: at(18, 0), Close: at(24, 0)})}
	newYork := sla.Hours{Zone: "America/New_York", Week: everyDay(sla.Window{Open: at(1, 30), Close: at(2, 30)})}
	friday := sla.Date{Year: 2026, Month: 11, Day: 20}
	saturday := sla.Date{Year: 2026, Month: 11, Day: 21}
	with := func(h sla.Hours, change func(*sla.Hours)) sla.Hours { change(&h); return h }
	tests := []question{
		{"next_open gives the start itself when open", nineToNine, (*sla.Calendar).NextOpen, "2026-11-22 09:00", "2026-11-22 09:00:00"},
		{"next_open at closing is the next opening", nineToNine, (*sla.Calendar).NextOpen, "2026-11-22 21:00", "2026-11-23 09:00:00"},
		{"prev_open gives the start itself when open", nineToNine, (*sla.Calendar).PrevOpen, "2026-11-22 09:00", "2026-11-22 09:00:00"},
		{"prev_open may give a closing", nineToNine, (*sla.Calendar).PrevOpen, "2026-11-22 08:59", "2026-11-21 21:00:00"},
		{"prev_open at closing stays", nineToNine, (*sla.Calendar).PrevOpen, "2026-11-22 21:00", "2026-11-22 21:00:00"},
		{"next_close when open", nineToNine, (*sla.Calendar).NextClose, "2026-11-22 20:59", "2026-11-22 21:00:00"},
		{"next_close at closing is the next", nineToNine, (*sla.Calendar).NextClose, "2026-11-22 21:00", "2026-11-23 21:00:00"},
		{"touching windows close once", split, (*sla.Calendar).NextClose, "2026-11-22 11:00", "2026-11-22 14:00:00"},
		{"24:00 is the next midnight", split, (*sla.Calendar).NextClose, "2026-11-22 18:00", "2026-11-23 00:00:00"},
		{"last_close when open is that of the hours before", split, (*sla.Calendar).LastClose, "2026-11-22 12:00", "2026-11-22 00:00:00"},
		{"subtract stays at opening", nineToNine, subtract(h), "2026-11-22 10:00", "2026-11-22 09:00:00"},
		{"subtract from a closed start counts from the closing before", nineToNine, subtract(h), "2026-11-22 08:00", "2026-11-21 20:00:00"},
		{"subtract nothing at opening stays", nineToNine, subtract(0), "2026-11-22 09:00", "2026-11-22 09:00:00"},
		{"overnight belongs to the opening day", night, add(sla.WorkingTime, 9*h), "2026-11-20 21:00", "2026-11-27 23:00:00"},
		{"a holiday removes the windows that open on it", with(night, func(h *sla.Hours) { h.Holidays = []sla.Date{friday} }), add(sla.WorkingTime, h), "2026-11-20 21:00", "2026-11-27 23:00:00"},
		{"a holiday leaves the night shift of the day before", with(night, func(h *sla.Hours) { h.Holidays = []sla.Date{saturday} }), add(sla.WorkingTime, 3*h), "2026-11-20 22:00", "2026-11-21 01:00:00"},
		{"a break cuts the night shift of the day before", with(night, func(h *sla.Hours) {
			h.Breaks = map[sla.Date][]sla.Window{saturday: {{Open: at(1, 0), Close: at(2, 0)}}}
		}), add(sla.WorkingTime, 4*h), "2026-11-20 22:00", "2026-11-21 03:00:00"},
		{"special hours replace the breaks", with(night, func(h *sla.Hours) {
			h.Breaks = map[sla.Date][]sla.Window{friday: {{Open: at(22, 0), Close: at(2, 0)}}}
			h.Special = map[sla.Date][]sla.Window{friday: {{Open: at(23, 0), Close: at(3, 0)}}}
		}), add(sla.WorkingTime, h), "2026-11-20 22:00", "2026-11-21 00:00:00"},
		{"special hours beat holidays", with(night, func(h *sla.Hours) {
			h.Holidays, h.Special = []sla.Date{friday}, map[sla.Date][]sla.Window{friday: {{Open: at(8, 0), Close: at(9, 0)}}}
		}), (*sla.Calendar).NextOpen, "2026-11-20 00:00", "2026-11-20 08:00:00"},
		{"special hours without any close the day", with(nineToNine, func(h *sla.Hours) { h.Special = map[sla.Date][]sla.Window{friday: nil} }), (*sla.Calendar).NextOpen, "2026-11-20 10:00", "2026-11-21 09:00:00"},
		{"an edge in a gap is the first instant after it", newYork, (*sla.Calendar).NextClose, "2026-03-08 01:30", "2026-03-08 03:00:00 -0400"},
		{"an opening that occurs twice is the first", newYork, (*sla.Calendar).NextOpen, "2026-11-01 00:00", "2026-11-01 01:30:00 -0400"},
		{"so the window is two hours long", newYork, add(sla.WorkingTime, 2*h), "2026-11-01 00:00", "2026-11-01 02:30:00 -0500"},
		{"a closing that occurs twice is the last", sla.Hours{Zone: "America/New_York", Week: everyDay(sla.Window{Open: at(0, 30), Close: at(1, 30)})}, (*sla.Calendar).NextClose, "2026-11-01 00:30", "2026-11-01 01:30:00 -0500"},
		{"deferred again and again", mornings, add(sla.DeferredTime, 10*h), "2026-11-20 11:00", "2026-11-25 12:00:00"},
		{"where the same minute opens and closes, a day", sla.Hours{Zone: "UTC", Week: [7][]sla.Window{1: {{Open: at(9, 0), Close: at(9, 0)}}}}, add(sla.WorkingTime, 24*h), "2026-11-22 00:00", "2026-11-24 09:00:00"},
	}
	for _, q := range tests {
		t.Run(q.name, q.run)
	}
}

func TestPauses(t *testing.T) {
	t.Parallel()
	c := mustCalendar(t, nineToNine)
	at := func(s string) time.Time { return local(t, nineToNine.Zone, "2026-11-"+s) }
	lunch := sla.Pause{From: at("22 12:00"), To: at("22 14:00")}
	tests := []struct {
		name   string
		clock  sla.Clock
		d      time.Duration // after 22 10:00
		pauses []sla.Pause
		want   string
	}{
		{"calendar", sla.CalendarTime, 4 * time.Hour, []sla.Pause{lunch}, "22 16:00"},
		{"working", sla.WorkingTime, 10 * time.Hour, []sla.Pause{lunch}, "23 10:00"},
		{"deferred", sla.DeferredTime, 10 * time.Hour, []sla.Pause{lunch}, "23 10:00"},
		{"stays where a pause begins", sla.WorkingTime, 2 * time.Hour, []sla.Pause{lunch}, "22 12:00"},
		{"overlapping ones are one", sla.WorkingTime, 4 * time.Hour, []sla.Pause{lunch, {From: at("22 11:00"), To: at("22 13:00")}}, "22 17:00"},
		{"spanning the night is counted once", sla.WorkingTime, 10 * time.Hour, []sla.Pause{{From: at("22 19:00"), To: at("23 11:00")}}, "23 12:00"},
		{"a closed part of it changes nothing", sla.WorkingTime, 10 * time.Hour, []sla.Pause{{From: at("22 22:00"), To: at("23 03:00")}}, "22 20:00"},
		{"from before the start", sla.WorkingTime, time.Hour, []sla.Pause{{From: at("21 12:00"), To: at("22 12:00")}}, "22 13:00"},
		{"ends before it begins", sla.WorkingTime, 4 * time.Hour, []sla.Pause{{From: lunch.To, To: lunch.From}}, "22 14:00"},
		{"without end, but late", sla.WorkingTime, 4 * time.Hour, []sla.Pause{{From: at("22 14:00")}}, "22 14:00"},
		{"five of them", sla.CalendarTime, time.Hour, []sla.Pause{
			{From: at("22 10:00"), To: at("22 10:10")}, {From: at("22 10:50"), To: at("22 11:00")}, {From: at("22 10:30"), To: at("22 10:40")},
			{From: at("22 10:10"), To: at("22 10:20")}, {From: at("22 11:10"), To: at("22 11:20")},
		}, "22 11:50"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.Add(tt.clock, at("22 10:00"), tt.d, tt.pauses...)
			if err != nil || !got.Equal(at(tt.want)) {
				t.Errorf("Add = %s, %v, want %s", got, err, at(tt.want))
			}
		})
	}
	if _, err := c.Add(sla.WorkingTime, at("22 10:00"), 5*time.Hour, sla.Pause{From: at("22 14:00")}); !errors.Is(err, sla.ErrPaused) {
		t.Errorf("Add with a pause without end = %v, want ErrPaused", err)
	}
	got, err := c.Between(sla.WorkingTime, at("22 10:00"), at("25 10:00"), sla.Pause{From: at("22 14:00")})
	if err != nil || got != 4*time.Hour {
		t.Errorf("Between with a pause without end = %v, %v, want 4 h", got, err)
	}
}

// TestPrecedence goes down the order in which Hours is documented; each day of the week opens at its own hour.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	date := func(month time.Month, day int) sla.Date { return sla.Date{Year: 2026, Month: month, Day: day} }
	var week, sale, saleWithoutMonday [7][]sla.Window
	for d := range week {
		week[d] = []sla.Window{{Open: at(10+d, 0), Close: at(20, 0)}}
		sale[d] = []sla.Window{{Open: at(d, 0), Close: at(24, 0)}}
	}
	saleWithoutMonday = sale
	saleWithoutMonday[time.Monday] = nil
	h := sla.Hours{Zone: "Asia/Shanghai", Week: week,
		Holidays: []sla.Date{date(6, 1), date(6, 2), date(6, 15), date(6, 16), date(6, 18)},
		Makeup:   map[sla.Date]time.Weekday{date(6, 2): time.Friday, date(6, 7): time.Monday, date(6, 14): time.Thursday},
		Special:  map[sla.Date][]sla.Window{date(6, 18): {{Open: at(7, 30), Close: at(8, 0)}}},
		Overlays: []sla.Overlay{
			{Name: "618", From: date(6, 10), To: date(6, 20), Week: &sale},
			{Name: "end of 618", From: date(6, 15), To: date(6, 20), Week: &saleWithoutMonday},
			{Name: "others stand by", From: date(6, 1), To: date(6, 30)},
		}}
	c := mustCalendar(t, h)
	tests := []struct{ name, from, want string }{
		{"week", "2026-06-03", "2026-06-03 13:00"},
		{"holiday", "2026-06-01", "2026-06-02 15:00"}, // and the make-up day after it is no holiday
		{"make-up day", "2026-06-07", "2026-06-07 11:00"},
		{"overlay", "2026-06-10", "2026-06-10 03:00"},
		{"make-up day in an overlay", "2026-06-14", "2026-06-14 04:00"},
		{"overlay beats holiday, the later wins, without windows it is closed", "2026-06-15", "2026-06-16 02:00"},
		{"special beats all", "2026-06-18", "2026-06-18 07:30"},
		{"the last day of an overlay", "2026-06-20", "2026-06-20 06:00"},
		{"an overlay expires", "2026-06-21", "2026-06-21 10:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.NextOpen(local(t, h.Zone, tt.from))
			if want := local(t, h.Zone, tt.want); err != nil || !got.Equal(want) {
				t.Errorf("NextOpen(%s) = %s, %v, want %s", tt.from, got, err, want)
			}
		})
	}
}

// TestNightMeetsOtherHours lets a night shift run into hours that are not those of the week: both count, once.
func TestNightMeetsOtherHours(t *testing.T) {
	t.Parallel()
	all := everyDay(sla.Window{Open: at(0, 0), Close: at(24, 0)})
	h := sla.Hours{Zone: "UTC", Week: everyDay(sla.Window{Open: at(22, 0), Close: at(6, 0)}),
		Special: map[sla.Date][]sla.Window{
			{Year: 2026, Month: 6, Day: 10}: {{Open: at(5, 0), Close: at(5, 30)}, {Open: at(6, 0), Close: at(7, 0)}},
		},
		Overlays: []sla.Overlay{{Name: "618", From: sla.Date{Year: 2026, Month: 6, Day: 18}, To: sla.Date{Year: 2026, Month: 6, Day: 18}, Week: &all}}}
	c := mustCalendar(t, h)
	tests := []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-06-17 12:00", "2026-06-20 12:00", (2 + 24 + 8) * time.Hour}, // 06-18 ends at 24:00, the next opens at 22:00
		{"2026-06-09 12:00", "2026-06-10 12:00", 9 * time.Hour},
	}
	for _, tt := range tests {
		got, err := c.Between(sla.WorkingTime, local(t, "UTC", tt.from), local(t, "UTC", tt.to))
		if err != nil || got != tt.want {
			t.Errorf("Between(%s, %s) = %v, %v, want %v", tt.from, tt.to, got, err, tt.want)
		}
		back, err := c.Subtract(sla.WorkingTime, local(t, "UTC", tt.to), tt.want)
		if want := local(t, "UTC", tt.from[:10]+" 22:00"); err != nil || !back.Equal(want) {
			t.Errorf("Subtract(%s, %v) = %s, %v, want %s", tt.to, tt.want, back, err, want)
		}
	}
}

// TestNightSwallowsTheNextDay lets special hours of a day and a night begin before hours of the week.
func TestNightSwallowsTheNextDay(t *testing.T) {
	t.Parallel()
	c := mustCalendar(t, sla.Hours{Zone: "UTC", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(12, 0)}),
		Special: map[sla.Date][]sla.Window{{Year: 2026, Month: 6, Day: 24}: {{Open: at(22, 0), Close: at(22, 0)}}}})
	from, to := local(t, "UTC", "2026-06-24 22:00"), local(t, "UTC", "2026-06-25 22:00")
	if got, err := c.Add(sla.WorkingTime, from, 24*time.Hour); err != nil || !got.Equal(to) {
		t.Errorf("Add = %s, %v, want %s", got, err, to)
	}
	if got, err := c.Subtract(sla.WorkingTime, to, 24*time.Hour); err != nil || !got.Equal(from) {
		t.Errorf("Subtract = %s, %v, want %s", got, err, from)
	}
}

// TestClocksTurnedBackOverMidnight is St. John's, where on 1990-10-28 at 00:01 it became 23:01 again: the dates go
// forth, back and forth.
func TestClocksTurnedBackOverMidnight(t *testing.T) {
	t.Parallel()
	const zone = "America/St_Johns"
	turn := time.Date(1990, 10, 28, 2, 31, 0, 0, time.UTC)
	date := func(day int) sla.Date { return sla.Date{Year: 1990, Month: 10, Day: day} }
	long := mustCalendar(t, sla.Hours{Zone: zone, Special: map[sla.Date][]sla.Window{date(26): {{Open: at(23, 45), Close: at(23, 45)}}}})
	if got, err := long.NextClose(turn.Add(-30 * time.Second)); err != nil || !got.Equal(turn.Add(44*time.Minute)) {
		t.Errorf("NextClose on the 28th of a window of the 26th = %s, %v", got, err)
	}
	early := mustCalendar(t, sla.Hours{Zone: zone, Special: map[sla.Date][]sla.Window{date(28): {{Open: at(0, 0), Close: at(2, 0)}}}})
	if got, err := early.Subtract(sla.WorkingTime, turn.Add(30*time.Minute), 31*time.Minute); err != nil || !got.Equal(turn.Add(-time.Minute)) {
		t.Errorf("Subtract on the 27th in a window of the 28th = %s, %v", got, err)
	}
}

// TestTouchingWindowsInADoubledHour lets the first close at the last 01:30 and the second open at the first.
func TestTouchingWindowsInADoubledHour(t *testing.T) {
	t.Parallel()
	const zone = "America/New_York"
	c := mustCalendar(t, sla.Hours{Zone: zone, Week: [7][]sla.Window{0: {{Open: 0, Close: at(1, 30)}, {Open: at(1, 30), Close: at(3, 0)}}}})
	from, to := local(t, zone, "2026-11-01 00:00"), local(t, zone, "2026-11-01 03:00")
	if got, err := c.Between(sla.WorkingTime, from, to); err != nil || got != 4*time.Hour {
		t.Errorf("Between = %v, %v, want 4 h", got, err)
	}
	if got, err := c.Subtract(sla.WorkingTime, to, 4*time.Hour); err != nil || !got.Equal(from) {
		t.Errorf("Subtract = %s, %v, want %s", got, err, from)
	}
}

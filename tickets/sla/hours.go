package sla

import (
	"fmt"
	"time"
)

// Hours is the plain data of a calendar: when a team handles tickets. What holds on a date is found in this order:
//
//  1. Special, if it names the date: these windows and no others, without the date's breaks; an empty list = closed.
//  2. The last overlay in the list that covers the date and has a Week: if the weekday has windows in it, these,
//     even on a holiday; if it has none, closed.
//  3. Makeup, if it names the date: the windows of the weekday it stands for, even on a holiday.
//  4. Holidays: closed.
//  5. Week.
//
// On a make-up day the overlay, too, is asked for the weekday that the day stands for. A window belongs to the date
// on which it opens: a holiday does not end the night shift of the day before.
//
// Windows of one date must not overlap, nor those of following days of a week. Where the hours of a date meet the
// night shift of a day before that follows other hours, both count, once.
type Hours struct {
	Zone     string                // IANA name; "" and "Local" are refused
	Week     [7][]Window           // by time.Weekday: 0 = Sunday
	Holidays []Date                // whole days on which no window opens
	Makeup   map[Date]time.Weekday // days that work like another weekday (调休)
	Special  map[Date][]Window
	Breaks   map[Date][]Window // cut out of whatever window they fall in, also of one that opened the day before; may overlap
	Overlays []Overlay         // of two that cover a date, the later in the list wins
	Known    Date              // the last day for which Holidays and Makeup are known; zero = they never run out
}

// Overlay replaces the hours of the week for a while and expires by itself (618, 双11, 春节).
type Overlay struct {
	Name     string
	From, To Date         // both inclusive
	Week     *[7][]Window // by time.Weekday; nil = the hours stay
}

// Window is one stretch of handling time, [Open, Close). Close ≤ Open = it ends the next day.
type Window struct{ Open, Close TimeOfDay }

// Pause is a stretch of time that a clock does not count, [From, To). A zero To = still paused. One that ends before
// it begins is empty; pauses may overlap.
type Pause struct{ From, To time.Time }

// TimeOfDay is the time on the wall in seconds since midnight, at most 24:00. Its text form is 15:04 or 15:04:05.
type TimeOfDay int

// endOfDay is 24:00.
const endOfDay TimeOfDay = 24 * 60 * 60

// String gives 15:04, or 15:04:05 where there are seconds.
func (o TimeOfDay) String() string {
	if o%60 == 0 {
		return fmt.Sprintf("%02d:%02d", o/3600, o/60%60)
	}
	return fmt.Sprintf("%02d:%02d:%02d", o/3600, o/60%60, o%60)
}

// MarshalText gives the text form.
func (o TimeOfDay) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads 15:04 or 15:04:05, up to 24:00. Anything else is ErrWindow.
func (o *TimeOfDay) UnmarshalText(text []byte) error {
	s := string(text)
	if s == "24:00" || s == "24:00:00" {
		*o = endOfDay
		return nil
	}
	layout := "15:04"
	if len(s) == len("15:04:05") {
		layout = "15:04:05"
	}
	t, err := time.Parse(layout, s)
	if err != nil || len(s) != len(layout) { // Parse takes 9:00 too
		return fmt.Errorf("time of day %.20q is not like 09:00: %w", s, ErrWindow)
	}
	*o = TimeOfDay(t.Hour()*3600 + t.Minute()*60 + t.Second())
	return nil
}

// Date is a day on the calendar, without zone. The zero value is no date. Its text form is 2006-01-02.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the date of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// String gives 2006-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalText gives the text form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2006-01-02, from 1970 to 2200. Anything else is ErrDate.
func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("date %.20q is not like 2006-01-02: %w", text, ErrDate)
	}
	if _, err := DateOf(t).number(); err != nil {
		return err
	}
	*d = DateOf(t)
	return nil
}

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// number counts the days since 1970-01-01.
func (d Date) number() (int, error) {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	if d.Year < 1970 || d.Year > 2200 || DateOf(t) != d {
		return 0, fmt.Errorf("date %s: %w", d, ErrDate)
	}
	return int(t.Unix() / daySeconds), nil
}

// weekdayOf gives the day of the week by the number of a day.
func weekdayOf(number int) time.Weekday {
	return time.Weekday(((number+int(time.Thursday))%7 + 7) % 7) // 1970-01-01 was a Thursday
}

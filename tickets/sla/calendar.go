package sla

import (
	"errors"
	"fmt"
	"time"
)

// Errors of calendars. Every one is wrapped with the operation and what was wrong.
var (
	ErrZone      = errors.New("unknown time zone")
	ErrWindow    = errors.New("bad window")
	ErrOverlap   = errors.New("windows overlap")
	ErrDate      = errors.New("date outside 1970 to 2200")
	ErrNeverOpen = errors.New("never open")
	ErrNeverShut = errors.New("never closed")
	ErrPaused    = errors.New("paused without an end")
	ErrDuration  = errors.New("bad duration")
	ErrRange     = errors.New("time outside 1970 to 2200")
	ErrNoData    = errors.New("no holidays announced")
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
type Hours struct {
	Zone     string                // IANA name; "" and "Local" are refused
	Week     [7][]Window           // by time.Weekday: 0 = Sunday
	Holidays []Date                // whole days on which no window opens
	Makeup   map[Date]time.Weekday // days that work like another weekday (调休)
	Special  map[Date][]Window
	Breaks   map[Date][]Window // cut out of whatever window they fall in, also of one that opened the day before
	Overlays []Overlay         // of two that cover a date, the later in the list wins
	Known    Date              // the last day for which Holidays and Makeup are known; zero = they never run out
}

// Window is one stretch of handling time, [Open, Close). Close ≤ Open = it ends the next day.
type Window struct{ Open, Close TimeOfDay }

// TimeOfDay is the time on the wall in seconds since midnight, at most 24:00. Its text form is 15:04 or 15:04:05.
type TimeOfDay int

// Date is a day on the calendar, without zone. The zero value is no date. Its text form is 2006-01-02.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Overlay replaces the hours of the week for a while and expires by itself (618, 双11, 春节).
type Overlay struct {
	Name     string
	From, To Date         // both inclusive
	Week     *[7][]Window // nil = the hours stay
}

// Pause is a stretch of time that a clock does not count, [From, To). A zero To = still paused.
type Pause struct{ From, To time.Time }

// Calendar answers questions about handling hours. It never changes and may be used concurrently. A nil *Calendar
// is always open. Times are answered in the calendar's zone (nil: in the zone of the time that was asked with).
type Calendar struct {
	loc *time.Location
}

// NewCalendar checks h and prepares a calendar. Errors: ErrZone, ErrWindow, ErrOverlap (within a date, or within
// the week), ErrDate, ErrNeverOpen (no window at all).
func NewCalendar(h Hours) (*Calendar, error) { return nil, errUnbuilt }

var errUnbuilt = fmt.Errorf("calendar: not built yet: %w", ErrClock)

// Add gives the instant at which d has been counted since start, as the clock counts and without the pauses. A start
// at which the clock does not count counts from the next instant at which it does. A result that falls together
// with a closing stays there.
func (c *Calendar) Add(k Clock, start time.Time, d time.Duration, pauses ...Pause) (time.Time, error) {
	return time.Time{}, errUnbuilt
}

// Subtract is Add backwards: the instant from which d is counted until start. A result that falls together with an
// opening stays there. The deferred clock cannot be turned back: ErrClock.
func (c *Calendar) Subtract(k Clock, start time.Time, d time.Duration, pauses ...Pause) (time.Time, error) {
	return time.Time{}, errUnbuilt
}

// Between gives how much is counted from from to to; negative if to lies before from. ErrClock for deferred.
func (c *Calendar) Between(k Clock, from, to time.Time, pauses ...Pause) (time.Duration, error) {
	return 0, errUnbuilt
}

// IsOpen says whether t lies inside handling hours; false at a closing.
func (c *Calendar) IsOpen(t time.Time) bool { return false }

// NextOpen gives t itself when open, else the next opening.
func (c *Calendar) NextOpen(t time.Time) (time.Time, error) { return time.Time{}, errUnbuilt }

// PrevOpen gives t itself when open, else the closing before it (t itself at a closing).
func (c *Calendar) PrevOpen(t time.Time) (time.Time, error) { return time.Time{}, errUnbuilt }

// NextClose gives the end of the present handling hours, or when closed, of the next ones.
func (c *Calendar) NextClose(t time.Time) (time.Time, error) { return time.Time{}, errUnbuilt }

// LastClose gives the end of the last handling hours that end at or before t.
func (c *Calendar) LastClose(t time.Time) (time.Time, error) { return time.Time{}, errUnbuilt }

// RunsOut gives the first instant for which the calendar's holidays are not known; false = they never run out.
func (c *Calendar) RunsOut() (time.Time, bool) { return time.Time{}, false }

package sla

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Errors of calendars. Every one is wrapped with the operation and what was wrong.
var (
	ErrZone      = errors.New("unknown time zone")
	ErrWindow    = errors.New("bad window")
	ErrOverlap   = errors.New("windows overlap")
	ErrDate      = errors.New("no such date from 1970 to 2200")
	ErrNeverOpen = errors.New("never open")
	ErrNeverShut = errors.New("never closed")
	ErrPaused    = errors.New("paused without an end")
	ErrDuration  = errors.New("bad duration")
	ErrRange     = errors.New("time outside 1970 to 2200")
	ErrNoData    = errors.New("no holidays known")
)

// Calendar answers questions about handling hours. It never changes and may be used concurrently. A nil *Calendar
// is always open. Times are answered in the calendar's zone (nil: in the zone of the time that was asked with).
// Instants from 1970-01-01 until the end of 2200 UTC are covered; what lies outside is ErrRange.
type Calendar struct {
	loc    *time.Location
	zone   zone
	week   [7][]span
	days   map[int32][]span // dates that do not follow week, by their number
	breaks cuts
	known  time.Time // zero = the holidays never run out
	// first and last are the dates on which a window may open: without hours of the week, no others than those in days.
	first, last int
}

// NewCalendar checks h and prepares a calendar. Errors: ErrZone, ErrWindow, ErrOverlap (within a date, or within
// the week), ErrDate, ErrNeverOpen (no window at all).
func NewCalendar(h Hours) (*Calendar, error) {
	c, err := newCalendar(h)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	return c, nil
}

func newCalendar(h Hours) (*Calendar, error) {
	loc, z, err := loadZone(h.Zone)
	if err != nil {
		return nil, err
	}
	return calendarIn(loc, z, h)
}

// calendarIn prepares a calendar in a zone that is loaded.
func calendarIn(loc *time.Location, z zone, h Hours) (*Calendar, error) {
	c := &Calendar{loc: loc, zone: z, days: map[int32][]span{}}
	var err error
	if c.week, err = weekSpans(h.Week); err != nil {
		return nil, err
	}
	for _, step := range []func(Hours) error{c.addHolidays, c.addMakeup, c.addOverlays, c.addSpecial, c.addBreaks, c.addKnown} {
		if err := step(h); err != nil {
			return nil, err
		}
	}
	c.settle()
	if !c.opens() {
		return nil, ErrNeverOpen
	}
	c.bound()
	return c, nil
}

// bound finds the dates between which there are handling hours.
func (c *Calendar) bound() {
	c.first, c.last = firstDay, lastDay
	if c.weekly() {
		return
	}
	c.first, c.last = lastDay, firstDay
	for n := range c.days {
		c.first, c.last = min(c.first, int(n)), max(c.last, int(n))
	}
}

func (c *Calendar) addHolidays(h Hours) error {
	for _, d := range h.Holidays {
		n, err := d.number()
		if err != nil {
			return fmt.Errorf("holiday: %w", err)
		}
		c.days[int32(n)] = nil
	}
	return nil
}

func (c *Calendar) addMakeup(h Hours) error {
	for d, like := range h.Makeup {
		n, err := d.number()
		if err != nil {
			return fmt.Errorf("make-up day: %w", err)
		}
		if like < time.Sunday || like > time.Saturday {
			return fmt.Errorf("make-up day %s: weekday %d: %w", d, int(like), ErrDate)
		}
		c.days[int32(n)] = c.week[like]
	}
	return nil
}

func (c *Calendar) addOverlays(h Hours) error {
	for _, o := range h.Overlays {
		if err := c.addOverlay(o, h.Makeup); err != nil {
			return fmt.Errorf("overlay %.60q: %w", o.Name, err)
		}
	}
	return nil
}

func (c *Calendar) addOverlay(o Overlay, makeup map[Date]time.Weekday) error {
	from, err := o.From.number()
	if err != nil {
		return err
	}
	to, err := o.To.number()
	if err != nil {
		return err
	}
	if to < from {
		return fmt.Errorf("ends on %s, before it begins on %s: %w", o.To, o.From, ErrDate)
	}
	if o.Week == nil {
		return nil
	}
	week, err := weekSpans(*o.Week)
	if err != nil {
		return err
	}
	for n := from; n <= to; n++ {
		c.days[int32(n)] = week[weekdayOf(n)]
	}
	for d, like := range makeup {
		if n, _ := d.number(); from <= n && n <= to {
			c.days[int32(n)] = week[like]
		}
	}
	return nil
}

func (c *Calendar) addSpecial(h Hours) error {
	for d, windows := range h.Special {
		n, err := d.number()
		if err != nil {
			return fmt.Errorf("special hours: %w", err)
		}
		spans, err := daySpans(windows)
		if err != nil {
			return fmt.Errorf("special hours of %s: %w", d, err)
		}
		c.days[int32(n)] = spans
	}
	return nil
}

func (c *Calendar) addBreaks(h Hours) error {
	var all []stretch
	for d, windows := range h.Breaks {
		n, err := d.number()
		if err != nil {
			return fmt.Errorf("break: %w", err)
		}
		if _, special := h.Special[d]; special {
			windows = nil
		}
		for _, w := range windows {
			s, err := w.span()
			if err != nil {
				return fmt.Errorf("break of %s: %w", d, err)
			}
			e := c.zone[0]
			a, b := c.edges(n, s, &e)
			all = append(all, stretch{a, b})
		}
	}
	c.breaks = newCuts(all)
	return nil
}

func (c *Calendar) addKnown(h Hours) error {
	if h.Known == (Date{}) {
		return nil
	}
	n, err := h.Known.number()
	if err != nil {
		return fmt.Errorf("holidays known until: %w", err)
	}
	c.known = time.Unix(c.zone.first(int64(n+1)*daySeconds), 0).In(c.loc)
	return nil
}

// opens says whether there is a moment of handling time at all, breaks or not.
func (c *Calendar) opens() bool {
	for _, s := range c.days {
		if len(s) > 0 {
			return true
		}
	}
	return c.weekly()
}

// weekly says whether there are handling hours in a week without exceptions.
func (c *Calendar) weekly() bool {
	return slices.ContainsFunc(c.week[:], func(s []span) bool { return len(s) > 0 })
}

// whyEnded tells why nothing was found before the end of the time covered.
func (c *Calendar) whyEnded() error {
	if c == nil || c.weekly() {
		return ErrRange
	}
	return ErrNeverOpen
}

// RunsOut gives the first instant for which the calendar's holidays are not known; false = they never run out.
func (c *Calendar) RunsOut() (time.Time, bool) {
	if c == nil {
		return time.Time{}, false
	}
	return c.known, !c.known.IsZero()
}

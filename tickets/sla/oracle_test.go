package sla_test

import (
	"time"

	"gongdan/tickets/sla"
)

// oracle answers the questions of a calendar from the rules alone, minute by minute, over some days around a date. It
// shares no code with the calendar: instants are found by asking package time what the wall shows at every minute.
// All its times are minutes since base; -1 = not within the days it knows.
type oracle struct {
	base time.Time
	wall []int64 // what the wall shows, in minutes since 1970 as if it were UTC
	open []bool
}

// oracleDays is how many days an oracle knows, its middle being where questions start.
const oracleDays = 18

func newOracle(h sla.Hours, middle sla.Date) *oracle {
	loc, err := time.LoadLocation(h.Zone)
	if err != nil {
		panic(err)
	}
	o := &oracle{base: time.Date(middle.Year, middle.Month, middle.Day-oracleDays/2, 0, 0, 0, 0, time.UTC)}
	for i := range oracleDays * 24 * 60 {
		t := o.time(i).In(loc)
		o.wall = append(o.wall, time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC).Unix()/60)
	}
	o.open = make([]bool, len(o.wall))
	for d := -3; d <= oracleDays+2; d++ {
		date := o.base.AddDate(0, 0, d)
		for _, w := range hoursOn(h, sla.DateOf(date)) {
			o.mark(date, w, true)
		}
	}
	for d := -3; d <= oracleDays+2; d++ {
		date := o.base.AddDate(0, 0, d)
		if _, special := h.Special[sla.DateOf(date)]; special {
			continue
		}
		for _, w := range h.Breaks[sla.DateOf(date)] {
			o.mark(date, w, false)
		}
	}
	return o
}

// hoursOn is the order of precedence in which Hours is documented.
func hoursOn(h sla.Hours, d sla.Date) []sla.Window {
	if w, ok := h.Special[d]; ok {
		return w
	}
	weekday, madeUp := h.Makeup[d]
	if !madeUp {
		weekday = d.Weekday()
	}
	text := d.String()
	for i := len(h.Overlays) - 1; i >= 0; i-- {
		o := h.Overlays[i]
		if o.Week != nil && o.From.String() <= text && text <= o.To.String() {
			return o.Week[weekday]
		}
	}
	for _, holiday := range h.Holidays {
		if holiday == d && !madeUp {
			return nil
		}
	}
	return h.Week[weekday]
}

// mark opens or closes the minutes of a window.
func (o *oracle) mark(date time.Time, w sla.Window, open bool) {
	from := date.Add(time.Duration(w.Open) * time.Second)
	to := date.Add(time.Duration(w.Close) * time.Second)
	if w.Close <= w.Open {
		to = to.AddDate(0, 0, 1)
	}
	for i, end := o.edge(from.Unix()/60, true), o.edge(to.Unix()/60, false); i < end; i++ {
		o.open[i] = open
	}
}

// edge finds the first or the last minute at which the wall shows a time, or the first after the gap that holds it.
func (o *oracle) edge(wall int64, first bool) int {
	found, after := -1, -1
	for i, w := range o.wall {
		if w == wall && (!first || found < 0) {
			found = i
		}
		if after < 0 && w > wall {
			after = i
		}
	}
	switch {
	case found >= 0:
		return found
	case after >= 0:
		return after
	}
	return len(o.wall)
}

func (o *oracle) time(i int) time.Time { return o.base.Add(time.Duration(i) * time.Minute) }

func (o *oracle) known(i int) bool { return i > 0 && i < len(o.open) }

func (o *oracle) nextOpen(i int) int {
	for ; o.known(i); i++ {
		if o.open[i] {
			return i
		}
	}
	return -1
}

func (o *oracle) prevOpen(i int) int {
	for ; o.known(i); i-- {
		if o.open[i] || o.open[i-1] {
			return i
		}
	}
	return -1
}

func (o *oracle) nextClose(i int) int {
	for i++; o.known(i); i++ {
		if o.open[i-1] && !o.open[i] {
			return i
		}
	}
	return -1
}

func (o *oracle) lastClose(i int) int {
	for ; o.known(i); i-- {
		if o.open[i-1] && !o.open[i] {
			return i
		}
	}
	return -1
}

// counting is an oracle with a clock and pauses.
type counting struct {
	*oracle
	clock  sla.Clock
	pauses []sla.Pause
}

// counts says whether the minute that begins at i is counted.
func (o counting) counts(i int) bool {
	t := o.time(i)
	for _, p := range o.pauses {
		if !t.Before(p.From) && (p.To.IsZero() || t.Before(p.To)) {
			return false
		}
	}
	return o.clock != sla.WorkingTime || o.open[i]
}

func (o counting) add(i, minutes int) int {
	for o.known(i) && !o.counts(i) {
		i++
	}
	for left := minutes; o.known(i); i++ {
		if left == 0 {
			return i
		}
		if o.counts(i) {
			left--
		}
	}
	return -1
}

func (o counting) subtract(i, minutes int) int {
	if minutes == 0 && o.known(i) && o.counts(i) {
		return i
	}
	for o.known(i) && !o.counts(i-1) {
		i--
	}
	for left := minutes; o.known(i); i-- {
		if left == 0 {
			return i
		}
		if o.counts(i - 1) {
			left--
		}
	}
	return -1
}

func (o counting) between(i, j int) int {
	if j < i {
		return -o.between(j, i)
	}
	n := 0
	for ; i < j; i++ {
		if o.counts(i) {
			n++
		}
	}
	return n
}

// deferred is the table of DOMAIN section 4: like calendar, and what lies beyond a closing counts from the next opening.
func (o counting) deferred(i, minutes int) int {
	end := o.add(i, minutes)
	if end < 0 || o.open[end] {
		return end
	}
	closing := o.lastClose(end)
	if closing == end {
		return end
	}
	next := o.nextOpen(end)
	if next < 0 || closing < 0 {
		return -1
	}
	return o.deferred(next, o.between(max(closing, i), end))
}

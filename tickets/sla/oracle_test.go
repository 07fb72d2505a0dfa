package sla_test

import (
	"slices"
	"sync"
	"time"

	"gongdan/tickets/sla"
)

// oracle answers the questions of a calendar from the rules alone, minute by minute, over some days around a date. It
// shares no code with the calendar: instants are found by asking package time what the wall shows at every minute.
// All its times are minutes since base; -1 = not within the days it knows.
type oracle struct {
	*walls
	open []bool
}

// walls is what the wall shows around a date, and when it shows it.
type walls struct {
	base        time.Time
	low         int64   // the earliest that the wall shows, in minutes since 1970 as if it were UTC
	first, last []int32 // by minutes since low: the first and the last minute at which it shows that; -1 = never
	after       []int32 // and the first at which it shows something later
	days        int
}

// place is what walls depend on.
type place struct {
	zone   string
	middle sla.Date
	days   int
}

// seenWalls keeps the walls of the few places that are drawn.
var seenWalls sync.Map

func wallsOf(p place) *walls {
	if w, ok := seenWalls.Load(p); ok {
		return w.(*walls)
	}
	w := newWalls(p)
	seenWalls.Store(p, w)
	return w
}

func newWalls(p place) *walls {
	loc, err := time.LoadLocation(p.zone)
	if err != nil {
		panic(err)
	}
	w := &walls{base: time.Date(p.middle.Year, p.middle.Month, p.middle.Day-p.days/2, 0, 0, 0, 0, time.UTC), days: p.days}
	var shown []int64
	for i := range p.days * 24 * 60 {
		t := w.time(i).In(loc)
		shown = append(shown, time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC).Unix()/60)
	}
	w.low = slices.Min(shown)
	size := slices.Max(shown) - w.low + 1
	w.first, w.last, w.after = make([]int32, size), make([]int32, size), make([]int32, size)
	for m := range size {
		w.first[m], w.last[m], w.after[m] = -1, -1, int32(len(shown))
	}
	past := int64(0) // until when after is known
	for i, at := range shown {
		m := at - w.low
		if w.first[m] < 0 {
			w.first[m] = int32(i)
		}
		w.last[m] = int32(i)
		for ; past < m; past++ {
			w.after[past] = int32(i)
		}
	}
	return w
}

// oracleDays is how many days an oracle knows, its middle being where questions start.
const oracleDays = 18

func newOracle(h sla.Hours, middle sla.Date, days int) *oracle {
	o := &oracle{walls: wallsOf(place{h.Zone, middle, days})}
	o.open = make([]bool, days*24*60)
	for d := -3; d <= days+2; d++ {
		date := o.base.AddDate(0, 0, d)
		for _, w := range hoursOn(h, sla.DateOf(date)) {
			o.mark(date, w, true)
		}
	}
	for d := -3; d <= days+2; d++ {
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
func (w *walls) edge(wall int64, first bool) int {
	m := wall - w.low
	switch {
	case m < 0:
		return 0
	case m >= int64(len(w.first)):
		return w.days * 24 * 60
	case w.first[m] < 0:
		return int(w.after[m])
	case first:
		return int(w.first[m])
	}
	return int(w.last[m])
}

func (w *walls) time(i int) time.Time { return w.base.Add(time.Duration(i) * time.Minute) }

// minute is the first minute that begins at an instant or later.
func (w *walls) minute(t time.Time) int { return int((t.Sub(w.base) + time.Minute - 1) / time.Minute) }

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
	on []bool // whether the minute is counted
}

func (o *oracle) counting(clock sla.Clock, pauses []sla.Pause) counting {
	on := slices.Clone(o.open)
	for i := range on {
		on[i] = on[i] || clock != sla.WorkingTime
	}
	for _, p := range pauses {
		from, to := max(0, o.minute(p.From)), len(on)
		if !p.To.IsZero() {
			to = min(to, o.minute(p.To))
		}
		for i := from; i < to; i++ {
			on[i] = false
		}
	}
	return counting{o, on}
}

// counts says whether the minute that begins at i is counted.
func (o counting) counts(i int) bool { return o.on[i] }

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

package sla

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// Instants are nanoseconds since 1970, so that sums stay exact and fit in an int64 until the year 2262.
const (
	daySeconds = 24 * 60 * 60
	second     = int64(time.Second)
	lastSecond = 7289654400 // 2201-01-01T00:00:00Z
	endOfTime  = lastSecond * second
)

// stretch is instants [from, to).
type stretch struct{ from, to int64 }

// forward yields the stretches of handling time from an instant on, in order, without overlap and possibly touching,
// until yield says false or time ends. No pauses are cut out.
func (c *Calendar) forward(from int64, yield func(a, b int64) bool) {
	if c == nil {
		yield(from, endOfTime)
		return
	}
	e := c.zone[c.zone.at(from/second)]
	// A window may last until the end of the next date, and where clocks are turned back over midnight, two dates on.
	for day := max(dayOf(from/second+e.offset)-2, c.first); day <= c.last; day++ {
		for _, s := range c.spans(day) {
			a, b := c.edges(day, s, &e)
			a, b = max(a, from), min(b, endOfTime)
			if a >= b {
				continue
			}
			if !c.breaks.forward(a, b, yield) {
				return
			}
			from = b
		}
	}
}

// backward is forward mirrored: the stretches before an instant, the last first.
func (c *Calendar) backward(until int64, yield func(a, b int64) bool) {
	if c == nil {
		yield(0, until)
		return
	}
	e := c.zone[c.zone.at(until/second)]
	// Where clocks are turned back over midnight, a window of the date that follows may have begun.
	for day := min(dayOf(until/second+e.offset)+1, c.last); day >= c.first; day-- {
		for _, s := range slices.Backward(c.spans(day)) {
			a, b := c.edges(day, s, &e)
			a, b = max(a, 0), min(b, until)
			if a >= b {
				continue
			}
			if !c.breaks.backward(a, b, yield) {
				return
			}
			until = a
		}
	}
}

// lastDay and firstDay are the dates on which a window may open that reaches into the time covered.
const (
	lastDay  = lastSecond/daySeconds + 2
	firstDay = -3
)

// dayOf gives the number of the day of a time on the wall.
func dayOf(wall int64) int {
	if wall < 0 {
		wall -= daySeconds - 1
	}
	return int(wall / daySeconds)
}

// spans gives the windows that open on a day.
func (c *Calendar) spans(day int) []span {
	if s, ok := c.days[int32(day)]; ok {
		return s
	}
	return c.week[weekdayOf(day)]
}

// edges gives the instants of a window. e is an era nearby and is moved along.
func (c *Calendar) edges(day int, s span, e *era) (a, b int64) {
	from, to := int64(day)*daySeconds+s.from, int64(day)*daySeconds+s.to
	if !e.plain(from-e.offset, to-e.offset) {
		*e = c.zone[c.zone.at(from-e.offset)]
	}
	if e.plain(from-e.offset, to-e.offset) {
		return (from - e.offset) * second, (to - e.offset) * second
	}
	return c.zone.first(from) * second, c.zone.last(to) * second
}

// cuts are stretches to be left out, in order of time; none overlap or touch.
type cuts []stretch

// newCuts sorts and merges in place.
func newCuts(all []stretch) cuts {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	n := 0
	for _, s := range all {
		switch {
		case s.to <= s.from:
		case n > 0 && s.from <= all[n-1].to:
			all[n-1].to = max(all[n-1].to, s.to)
		default:
			all[n] = s
			n++
		}
	}
	return all[:n]
}

// forward yields what is left of [a, b), in order. False = yield wants no more.
func (cs cuts) forward(a, b int64, yield func(a, b int64) bool) bool {
	if len(cs) > 0 {
		i := sort.Search(len(cs), func(i int) bool { return cs[i].to > a })
		for ; i < len(cs) && cs[i].from < b; i++ {
			if cs[i].from > a && !yield(a, cs[i].from) {
				return false
			}
			a = cs[i].to
		}
	}
	return a >= b || yield(a, b)
}

// backward yields what is left of [a, b), the last first. False = yield wants no more.
func (cs cuts) backward(a, b int64, yield func(a, b int64) bool) bool {
	if len(cs) > 0 {
		i := sort.Search(len(cs), func(i int) bool { return cs[i].from >= b }) - 1
		for ; i >= 0 && cs[i].to > a; i-- {
			if cs[i].to < b && !yield(cs[i].to, b) {
				return false
			}
			b = cs[i].from
		}
	}
	return a >= b || yield(a, b)
}

// cover says whether an instant is left out.
func (cs cuts) cover(at int64) bool {
	i := sort.Search(len(cs), func(i int) bool { return cs[i].to > at })
	return i < len(cs) && cs[i].from <= at
}

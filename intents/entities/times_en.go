package entities

import (
	"strings"
	"time"
)

// word is the Latin word or number at i, and the index after it.
func (t *reader) word(i int) (string, int) {
	e := i
	for isLetter(t.at(e)) {
		e++
	}
	if e > i {
		return string(t.r[i:e]), e
	}
	for isDigit(t.at(e)) {
		e++
	}
	return string(t.r[i:e]), e
}

// next skips blanks, commas and dots after an abbreviation and reads a word.
func (t *reader) next(i int) (string, int) {
	for strings.ContainsRune(" \t,", orX(t.at(i))) {
		i++
	}
	return t.word(i)
}

func (t *reader) english(i int) (moment, int, bool) {
	c := t.r[i]
	if isAlnum(t.at(i-1)) || t.at(i-1) == '_' || (isDigit(c) && (t.at(i-1) == '.' || t.at(i-1) == '-' || t.at(i-1) == '$')) {
		return moment{}, 0, false
	}
	if isLetter(c) && !strings.ContainsRune("abdefhijlmnopstuwyqk", c) {
		return moment{}, 0, false
	}
	w, e := t.word(i)
	switch w {
	case "by", "before", "until", "till":
		return t.enBy(w, e)
	case "within", "in":
		return t.enWithin(w, e)
	case "at":
		return t.enAt(e)
	case "am", "pm":
		return t.enAhead(w, e)
	case "on", "from", "due", "for":
		return moment{}, 0, false
	}
	if m, x, ok := t.enAgo(i); ok {
		return m, x, true
	}
	return t.enPoint(i)
}

// enPoint reads days and clocks in any order: tomorrow noon, 5pm Friday.
func (t *reader) enPoint(i int) (m moment, end int, ok bool) {
	at := i
	by := false
	for said := ""; ; {
		x, ok2 := t.enPart(&m, at)
		if !ok2 && (said == "at" || said == "by") && m.hasDay && !m.hasClock {
			x, ok2 = t.hourAt(&m, at)
		}
		if !ok2 {
			break
		}
		by = by || said == "by"
		ok, end = true, x
		at = t.spaces(x)
		if t.at(at) == ',' {
			at = t.spaces(at + 1)
		}
		w, e := t.word(at)
		if said = w; w == "at" || w == "on" || w == "by" || w == "the" || w == "of" {
			at = t.spaces(e)
		}
		if at >= len(t.r) {
			break
		}
	}
	if ok && !m.exact && m.hasClock {
		m.grain = ""
	}
	if by {
		m.sense, m.whole = Deadline, true
	}
	return m, end, ok
}

// enPart adds one part (a day, a clock, a part of the day) that m lacks.
func (t *reader) enPart(m *moment, i int) (int, bool) {
	if i >= len(t.r) || m.exact || !isAlnum(t.at(i)) {
		return 0, false
	}
	if !m.hasClock {
		if x, ok := t.enClock(m, i); ok {
			return x, true
		}
	}
	if !m.hasDay {
		if d, x, ok := t.enDay(i); ok {
			hc, h, mi, p := m.hasClock, m.h, m.m, m.period
			s := m.s
			loose, loc := m.loose, m.loc
			*m = d
			if hc {
				m.hasClock, m.h, m.m, m.s, m.loose, m.loc = true, h, mi, s, loose, loc
			}
			if p != noPeriod {
				m.period = p
			}
			return x, true
		}
	}
	if m.period == noPeriod && !m.hasClock || m.period == noPeriod && m.h < 12 && m.loose {
		return t.enPeriod(m, i)
	}
	return 0, false
}

var enPeriods = map[string]period{"morning": morning, "noon": noon, "midday": noon, "lunchtime": noon, "afternoon": afternoon, "evening": evening, "night": evening, "midnight": midnight}

func (t *reader) enPeriod(m *moment, i int) (int, bool) {
	w, e := t.word(i)
	if w == "in" || w == "this" {
		x, f := t.next(e)
		if x == "the" {
			x, f = t.next(f)
		}
		if p, ok := enPeriods[x]; ok {
			m.period = p
			return f, true
		}
		return 0, false
	}
	if w == "end" && m.hasDay {
		x, f := t.next(e)
		y, g := t.next(f)
		if x == "of" && y == "day" {
			t.closing(m)
			return g, true
		}
	}
	if w == "eod" || w == "cob" || w == "eob" {
		t.closing(m)
		return e, true
	}
	p, ok := enPeriods[w]
	if !ok || p == evening && w == "night" && !m.hasDay || (p == morning || p == afternoon || p == evening) && !m.hasDay {
		return 0, false
	}
	if p == midnight && m.hasDay {
		m.hasClock, m.h = true, 24
		return e, true
	}
	m.period = p
	return e, true
}

func (t *reader) enDay(i int) (m moment, end int, ok bool) {
	w, e := t.word(i)
	m = moment{hasDay: true, grain: "day"}
	switch w {
	case "today":
		m.day = t.today
		return m, e, true
	case "tonight":
		m.day, m.period = t.today, evening
		return m, e, true
	case "tomorrow", "tmr", "tmrw", "tomorow":
		m.day = t.today.AddDate(0, 0, 1)
		return m, e, true
	case "yesterday":
		m.day = t.today.AddDate(0, 0, -1)
		return m, e, true
	case "now":
		return moment{exact: true, instant: t.o.Now, grain: "second", sense: Point}, e, true
	case "eod", "cob", "eob", "eom", "eow":
		return t.enEnd(m, w, e)
	case "end", "close":
		return t.enEndOf(m, e)
	case "day":
		return t.enLiteral(i)
	case "next", "last", "past", "this", "coming":
		return t.enRelative(w, e)
	case "the":
		if m, x, ok := t.enLiteral(e); ok {
			return m, x, true
		}
		return moment{}, 0, false
	}
	if wd, found := weekdays[w]; found {
		return t.enWeekday(w, wd, e)
	}
	if _, found := months[w]; found {
		return t.enMonth(w, e)
	}
	if isDigit(t.at(i)) {
		if m, e, ok := t.slashDate(i); ok {
			return m, e, true
		}
	}
	return t.enDayMonth(i)
}

func (t *reader) enLiteral(e int) (moment, int, bool) {
	w, x := t.next(e)
	y, z := t.next(x)
	if w == "day" && (y == "after" || y == "before") {
		if u, v := t.next(z); u == "tomorrow" && y == "after" {
			return moment{hasDay: true, grain: "day", day: t.today.AddDate(0, 0, 2)}, v, true
		} else if u == "yesterday" && y == "before" {
			return moment{hasDay: true, grain: "day", day: t.today.AddDate(0, 0, -2)}, v, true
		}
	}
	if w == "end" {
		return t.enEndOf(moment{hasDay: true, grain: "day"}, x)
	}
	return moment{}, 0, false
}

// coming is the next such weekday, today included.
func (t *reader) coming(wd int) time.Time {
	day := weekStart(t.today).AddDate(0, 0, wd)
	if day.Before(t.today) {
		day = day.AddDate(0, 0, 7)
	}
	return day
}

func (t *reader) enWeekday(w string, wd, e int) (moment, int, bool) {
	m := moment{hasDay: true, grain: "day", day: t.coming(wd), weekday: true}
	if t.at(e) == '.' {
		e++
	}
	x, f := t.next(e)
	y, g := t.next(f)
	if (x == "next" || x == "last") && y == "week" {
		step := 7
		if x == "last" {
			step = -7
		}
		m.day = weekStart(t.today).AddDate(0, 0, step+wd)
		return m, g, true
	}
	for _, after := range []int{e} {
		j := t.spaces(after)
		if t.at(j) == ',' {
			j = t.spaces(j + 1)
		}
		if d, end, ok := t.enDayMonth(j); ok {
			return d, end, true
		}
		if u, v := t.word(j); months[u] > 0 {
			if d, end, ok := t.enMonth(u, v); ok && d.grain == "day" {
				return d, end, true
			}
		}
		if isDigit(t.at(j)) {
			if d, end, ok := t.slashDate(j); ok && !d.noYear {
				return d, end, true
			}
		}
	}
	if shy[w] && x != "at" && !isDigit(t.at(t.spaces(e))) && enPeriods[x] == noPeriod {
		return moment{}, 0, false
	}
	return m, e, true
}

// enRelative reads next Friday, last week, this afternoon, last night.
func (t *reader) enRelative(w string, e int) (moment, int, bool) {
	x, f := t.next(e)
	m := moment{hasDay: true, grain: "day", day: t.today}
	step := map[string]int{"next": 1, "last": -1, "past": -1}[w]
	if wd, ok := weekdays[x]; ok {
		m.day = t.relativeWeekday(w, wd)
		return m, f, true
	}
	switch {
	case x == "night" && w == "last":
		m.day, m.period, m.grain = t.today.AddDate(0, 0, -1), lastNight, "hour"
		return m, f, true
	case enPeriods[x] != noPeriod && w == "this":
		m.period, m.grain = enPeriods[x], "day_part"
		return m, f, true
	case x == "week" && w != "coming":
		m.day, m.grain, m.whole = t.today.AddDate(0, 0, 7*step), "week", true
		return m, f, true
	case x == "month":
		m.day, m.grain, m.whole = midnightOf(addMonths(t.today, step)), "month", true
		return m, f, true
	case x == "year":
		m.day, m.grain, m.whole = midnightOf(addMonths(t.today, 12*step)), "year", true
		return m, f, true
	case x == "weekend":
		m.day = weekStart(t.today).AddDate(0, 0, 7*max(step, 0)+5)
		return m, f, true
	}
	return moment{}, 0, false
}

func (t *reader) relativeWeekday(w string, wd int) time.Time {
	day := weekStart(t.today).AddDate(0, 0, wd)
	switch w {
	case "next":
		return day.AddDate(0, 0, 7)
	case "last", "past":
		if !day.Before(t.today) {
			return day.AddDate(0, 0, -7)
		}
	case "coming":
		return t.coming(wd)
	}
	return day
}

// enBy reads "by Friday EOD", "before 5pm".
func (t *reader) enBy(w string, e int) (moment, int, bool) {
	j := t.spaces(e)
	if x := t.lit(j, "the "); x >= 0 && t.lit(x, "end") < 0 && t.lit(x, "day") < 0 {
		j = x
	}
	if j >= len(t.r) || j == e {
		return moment{}, 0, false
	}
	m, end, ok := t.enPoint(j)
	if !ok {
		if m, end, ok = t.bareHour(j); ok {
			if x, more := t.enPart(&m, t.spaces(end)); more {
				end = x
			}
		}
	}
	if !ok {
		m, end, ok = t.dayOfMonth(j)
	}
	if !ok {
		return moment{}, 0, false
	}
	if m.exact && m.instant.Equal(t.o.Now) { // by now
		return moment{}, 0, false
	}
	m.sense = Deadline
	if w == "by" || w == "until" || w == "till" {
		m.whole = true
	}
	return m, end, true
}

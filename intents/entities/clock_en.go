package entities

import (
	"strings"
	"time"
)

// enAt reads "at 9 in the morning", "at 6 tonight": an hour alone is too little.
func (t *reader) enAt(e int) (moment, int, bool) {
	h, x := t.digits(t.spaces(e), 2)
	if x < 0 || h == 0 || h > 12 {
		return moment{}, 0, false
	}
	m := moment{hasClock: true, h: h, loose: true}
	end, ok := t.enPart(&m, t.spaces(x))
	return m, end, ok
}

// enAhead reads "PM 3:30".
func (t *reader) enAhead(w string, e int) (moment, int, bool) {
	h, mi, s, end, ok := t.clock(t.spaces(e))
	if !ok || h > 12 || h == 0 {
		return moment{}, 0, false
	}
	if h %= 12; w == "pm" {
		h += 12
	}
	return moment{hasClock: true, h: h, m: mi, s: s}, end, true
}

// hourAt reads the 9 of "Monday at 9".
func (t *reader) hourAt(m *moment, i int) (int, bool) {
	b, e, ok := t.bareHour(i)
	if ok {
		m.hasClock, m.h, m.loose = true, b.h, true
	}
	return e, ok
}

func (t *reader) closing(m *moment) {
	m.hasClock, m.h, m.m = true, int(t.o.DayEnd/time.Hour), int(t.o.DayEnd%time.Hour/time.Minute)
	m.sense = Deadline
}

// enClock reads 5pm, 5:30 p.m., 17:00.
func (t *reader) enClock(m *moment, i int) (int, bool) {
	if !isDigit(t.at(i)) {
		return 0, false
	}
	h, mi, s, e, ok := t.clock(i)
	if !ok {
		if h, e = t.digits(i, 2); e < 0 {
			return 0, false
		}
		mi, s = 0, 0
		if x, f := t.digits(e+1, 2); t.at(e) == '-' && f == e+3 && x < 60 {
			if _, g := t.meridiem(f); g >= 0 {
				mi, e = x, f
			}
		}
	}
	half, f := t.meridiem(e)
	switch {
	case f < 0 && !ok:
		if w, x := t.next(e); w == "o" && t.lit(x, "'clock") > 0 {
			m.hasClock, m.h, m.loose = true, h, h < 12
			return t.lit(x, "'clock"), true
		}
		return 0, false
	case f >= 0 && (h > 12 || h == 0):
		return 0, false
	case f >= 0:
		h = h%12 + half
		e = f
	}
	m.hasClock, m.h, m.m, m.s = true, h, mi, s
	m.loc, e = t.offset(e, t.at(i-1) == 't')
	return e, true
}

func (t *reader) meridiem(i int) (add, end int) {
	j := t.spaces(i)
	add = 0
	switch t.at(j) {
	case 'a':
	case 'p':
		add = 12
	default:
		return 0, -1
	}
	k := j + 1
	if t.at(k) == '.' && t.at(k+1) == 'm' {
		k += 2
	} else if t.at(k) == 'm' {
		k++
	} else if t.at(k) != '.' && isAlnum(t.at(k)) || j > i && t.at(k) != '.' {
		return 0, -1
	}
	if isAlnum(t.at(k)) {
		return 0, -1
	}
	if t.at(k) == '.' && !isAlnum(t.at(k+1)) {
		k++
	}
	return add, k
}

func (t *reader) enEnd(m moment, w string, e int) (moment, int, bool) {
	m.day = t.today
	switch w {
	case "eom":
		m.day, m.whole, m.sense = endOf(t.today, "month").Truncate(time.Second), true, Deadline
		m.day = midnightOf(m.day)
	case "eow":
		m.day = weekStart(t.today).AddDate(0, 0, 4)
		t.closing(&m)
	default:
		e = t.ofDay(&m, e)
		t.closing(&m)
	}
	return m, e, true
}

// ofDay reads the day that may follow EOD.
func (t *reader) ofDay(m *moment, e int) int {
	w, x := t.next(e)
	if w == "of" || w == "on" || w == "this" {
		w, x = t.next(x)
	}
	if wd, ok := weekdays[w]; ok {
		m.day, m.weekday = t.coming(wd), true
		return x
	}
	switch w {
	case "tomorrow", "tmr", "tmrw":
		m.day = t.today.AddDate(0, 0, 1)
		return x
	case "today":
		return x
	}
	return e
}

// enEndOf reads "end of day|week|month|today|Friday".
func (t *reader) enEndOf(m moment, e int) (moment, int, bool) {
	w, x := t.next(e)
	if w != "of" {
		return moment{}, 0, false
	}
	w, x = t.next(x)
	if w == "next" {
		return t.enEndOfNext(m, x)
	}
	if w == "the" || w == "this" {
		w, x = t.next(x)
	}
	if y, z := t.next(x); w == "business" && y == "day" {
		w, x = y, z
	}
	switch w {
	case "day", "today", "business", "play":
		return t.enEnd(m, "eod", x)
	case "month":
		return t.enEnd(m, "eom", x)
	case "week":
		return t.enEnd(m, "eow", x)
	case "year":
		m.day, m.whole, m.sense = time.Date(t.today.Year(), 12, 31, 0, 0, 0, 0, t.o.Zone), true, Deadline
		return m, x, true
	case "tomorrow":
		m.day = t.today.AddDate(0, 0, 1)
		t.closing(&m)
		return m, x, true
	}
	if wd, ok := weekdays[w]; ok {
		m.day = t.coming(wd)
		t.closing(&m)
		return m, x, true
	}
	return moment{}, 0, false
}

func (t *reader) enEndOfNext(m moment, e int) (moment, int, bool) {
	w, x := t.next(e)
	switch w {
	case "week":
		m.day = weekStart(t.today).AddDate(0, 0, 11)
		t.closing(&m)
	case "month":
		first := time.Date(t.today.Year(), t.today.Month()+2, 1, 0, 0, 0, 0, t.o.Zone)
		m.day, m.whole, m.sense = first.AddDate(0, 0, -1), true, Deadline
	default:
		return moment{}, 0, false
	}
	return m, x, true
}

// dayOfMonth reads "the 20th" after a word that wants a time: the coming one.
func (t *reader) dayOfMonth(i int) (moment, int, bool) {
	n, e := t.enOrdinal(i)
	if e < 0 || !isDigit(t.at(i)) || isDigit(t.at(e-1)) {
		return moment{}, 0, false
	}
	month := int(t.today.Month())
	if n < t.today.Day() {
		month++
	}
	day := time.Date(t.today.Year(), time.Month(month), n, 0, 0, 0, 0, t.o.Zone)
	return moment{day: day, hasDay: true, grain: "day"}, e, day.Day() == n
}

// bareHour reads "by 5": only after a word that wants a time, and never before a unit.
func (t *reader) bareHour(i int) (moment, int, bool) {
	h, e := t.digits(i, 2)
	if e < 0 || h == 0 || h > 12 || isAlnum(t.at(e)) || strings.ContainsRune("%.-/:", orX(t.at(e))) && isDigit(t.at(e+1)) {
		return moment{}, 0, false
	}
	if w, _ := t.next(e); w != "" && w != "tonight" && w != "sharp" && w != "today" && w != "tomorrow" && w != "please" && w != "pls" && w != "latest" {
		return moment{}, 0, false
	}
	return moment{h: h, hasClock: true, loose: true}, e, true
}

// nightHour is an hour of last night, counted from the midnight before it.
func nightHour(h int) int {
	switch {
	case h < 6 || h == 12:
		return h%12 + 24
	case h < 12:
		return h + 12
	}
	return h
}

package entities

import (
	"time"
)

// enWithin reads "in 2 hours", "within 30 min", "in next tuesday", "in August".
func (t *reader) enWithin(w string, e int) (moment, int, bool) {
	j := t.spaces(e)
	if j == e {
		return moment{}, 0, false
	}
	for _, lead := range []string{"the next ", "under ", "less than ", "at most ", "max "} {
		if x := t.lit(j, lead); x >= 0 {
			j = x
		}
	}
	if n, x := t.digits(j, 3); x >= 0 && t.at(x) == 'm' && !isAlnum(t.at(x+1)) { // 15m
		m := moment{exact: true, instant: t.o.Now.Add(time.Duration(n) * time.Minute), grain: "minute", sense: Point}
		if w == "within" {
			m.sense = Deadline
		}
		return m, x + 1, true
	}
	if shift, grain, x, ok := t.enLength(j); ok {
		if y, _ := t.next(x); y == "ago" { // came in 2 hours ago
			return moment{}, 0, false
		}
		m := moment{exact: true, instant: shift(t.o.Now, 1), grain: grain, sense: Point}
		if w == "within" {
			m.sense = Deadline
		}
		return m, x, true
	}
	if w == "in" {
		if u, v := t.word(j); months[u] > 0 {
			if m, x, ok := t.enMonth(u, v); ok {
				return m, x, true
			}
			day, ok := t.date(t.today.Year(), months[u], 1)
			return moment{day: t.forward(day), hasDay: true, grain: "month", whole: true}, v, ok
		}
	}
	return moment{}, 0, false
}

var enUnits = map[string]string{
	"s": "", "sec": "second", "secs": "second", "second": "second", "seconds": "second", "min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute",
	"h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour", "d": "day", "day": "day", "days": "day", "week": "week", "weeks": "week", "wk": "week", "wks": "week",
	"mon": "month", "month": "month", "months": "month", "year": "year", "years": "year", "yr": "year", "yrs": "year", "workday": "workday", "workdays": "workday",
}

var enNumbers = map[string]int{
	"a": 1, "an": 1, "the": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "few": 3, "several": 3, "couple": 2,
}

// enLength reads "2 hours", "half an hour", "1d, 2hr, and 5min", "2 business days".
func (t *reader) enLength(i int) (shift func(time.Time, int) time.Time, grain string, end int, ok bool) {
	var parts []func(time.Time, int) time.Time
	for at := i; len(parts) < 5; {
		s, g, x, found := t.enOneLength(at)
		if !found {
			break
		}
		unit := g
		parts, grain, end = append(parts, s), g, x
		at = t.spaces(x)
		if n, e := t.digits(at, 2); unit == "hour" && e >= 0 && n < 60 && t.at(e) == 'm' && !isAlnum(t.at(e+1)) { // 1h50m
			parts, grain, end = append(parts, shifter(n, false, "minute")), "minute", e+1
			break
		}
		for t.at(at) == ',' {
			at = t.spaces(at + 1)
		}
		if w, e := t.word(at); w == "and" {
			at = t.spaces(e)
			if f := t.andHalf(at); f >= 0 {
				parts, end = append(parts, shifter(0, true, unit)), f
				break
			}
		}
	}
	return func(v time.Time, dir int) time.Time {
		for _, p := range parts {
			v = p(v, dir)
		}
		return v
	}, grain, end, len(parts) > 0
}

// andHalf reads the "a half" of "an hour and a half".
func (t *reader) andHalf(i int) int {
	w, e := t.word(i)
	if w == "a" {
		w, e = t.next(e)
	}
	if x, _ := t.next(e); w != "half" || x == "an" || x == "a" || enUnits[x] != "" {
		return -1
	}
	return e
}

func (t *reader) enOneLength(i int) (func(time.Time, int) time.Time, string, int, bool) {
	n, half, e := 0, false, i
	if isDigit(t.at(i)) {
		if n, e = t.digits(i, 4); e < 0 {
			return nil, "", 0, false
		}
		if t.at(e) == '.' && t.at(e+1) == '5' && !isDigit(t.at(e+2)) {
			half, e = true, e+2
		}
		if t.at(e) == '-' { // 3-5 days: the greater
			if b, x := t.digits(e+1, 3); x >= 0 && b > n {
				n, e = b, x
			}
		}
	} else {
		w, x := t.word(i)
		if w == "half" {
			if y, z := t.next(x); y == "an" || y == "a" {
				x = z
			}
			half, e = true, x
		} else if v, ok := enNumbers[w]; ok {
			n, e = v, x
			if y, z := t.next(x); (w == "a" || w == "the") && (y == "few" || y == "couple" || y == "half") {
				n, e = enNumbers[y], z
				half = y == "half"
			}
			if y, z := t.next(e); y == "of" {
				e = z
			}
		} else {
			return nil, "", 0, false
		}
	}
	w, x := t.word(t.spaces(e))
	if w == "more" || w == "full" || w == "whole" || w == "further" {
		w, x = t.next(x)
	}
	if w == "business" || w == "working" {
		if y, z := t.next(x); y == "day" || y == "days" {
			return shifter(n, half, "workday"), "day", z, true
		}
	}
	u := enUnits[w]
	if u == "" {
		return nil, "", 0, false
	}
	return shifter(n, half, u), unitGrain(u), x, true
}

// enAgo reads lengths with a direction after them, and bare lengths.
func (t *reader) enAgo(i int) (moment, int, bool) {
	at := i
	if t.r[i] == '+' {
		at = i + 1
	}
	shift, grain, e, ok := t.enLength(at)
	if !ok {
		return moment{}, 0, false
	}
	m := moment{exact: true, grain: grain}
	w, x := t.next(e)
	switch w {
	case "ago", "before", "earlier":
		if y, _ := t.next(x); y == "yesterday" {
			return moment{}, 0, false
		}
		m.instant, m.sense = shift(t.o.Now, -1), Past
		return m, x, true
	case "later", "out":
		m.instant, m.sense = shift(t.o.Now, 1), Point
		return m, x, true
	case "from", "after":
		if y, _ := t.next(x); w == "after" && y == "tomorrow" {
			return moment{}, 0, false
		}
		if base, y, ok := t.enPoint(t.spaces(x)); ok {
			m.instant, m.sense = shift(t.resolve(&base), 1), Point
			return m, y, true
		}
		m.instant, m.sense = shift(t.o.Now, 1), Point
		return m, x, w == "after"
	}
	if at > i {
		m.instant, m.sense = shift(t.o.Now, 1), Point
		return m, e, true
	}
	if u, _ := t.word(i); w != "left" && w != "remaining" && enNumbers[u] > 0 && (u == "a" || u == "an" || u == "the" || u == "few") {
		return moment{}, 0, false
	}
	m.instant, m.sense, m.length = shift(t.o.Now, 1), Duration, true
	return m, e, true
}

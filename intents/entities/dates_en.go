package entities

import (
	"strings"
)

var weekdays = map[string]int{
	"monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "thursday": 3, "thu": 3, "thur": 3, "thurs": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}

var months = map[string]int{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}

// shy are month and weekday words that are also ordinary words: alone they are no date.
var shy = map[string]bool{"may": true, "mar": true, "jan": true, "march": true, "sun": true, "sat": true, "wed": true, "mon": true, "dec": true, "sep": true}

var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
	"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}

// enOrdinal reads 3, 3rd, third.
func (t *reader) enOrdinal(i int) (int, int) {
	if isDigit(t.at(i)) {
		n, e := t.digits(i, 2)
		if e < 0 {
			return 0, -1
		}
		if x := string(t.r[e:min(len(t.r), e+2)]); x == "st" || x == "nd" || x == "rd" || x == "th" {
			e += 2
		}
		return n, e
	}
	w, e := t.word(i)
	if n, ok := ordinals[w]; ok {
		return n, e
	}
	return 0, -1
}

// enDayMonth reads 10 August 2012, 3rd of March, 15Sep.
func (t *reader) enDayMonth(i int) (moment, int, bool) {
	d, e := t.enOrdinal(i)
	if e < 0 || d == 0 {
		return moment{}, 0, false
	}
	j := e
	for strings.ContainsRune(" -/", orX(t.at(j))) {
		j++
	}
	w, f := t.word(j)
	if w == "of" {
		w, f = t.next(f)
	}
	mo, ok := months[w]
	if !ok {
		return moment{}, 0, false
	}
	return t.enDated(mo, d, f)
}

// enMonth reads August 10, 2012; a month alone.
func (t *reader) enMonth(w string, e int) (moment, int, bool) {
	mo := months[w]
	if t.at(e) == '.' {
		e++
	}
	j := e
	for strings.ContainsRune(" -/", orX(t.at(j))) {
		j++
	}
	if j > e {
		if d, x := t.enOrdinal(j); x >= 0 && d > 0 && !isDigit(t.at(x)) && t.at(x) != ':' {
			if m, end, ok := t.enDated(mo, d, x); ok {
				return m, end, true
			}
			return moment{}, 0, false
		}
	}
	y, x := t.next(e)
	year := t.today.Year()
	hasYear := len(y) == 4 && isDigit(rune(y[0]))
	if hasYear {
		year, _ = t.digits(x-4, 4)
	} else if x = e; shy[w] {
		return moment{}, 0, false
	}
	day, ok := t.date(year, mo, 1)
	if !hasYear {
		day = t.forward(day)
	}
	return moment{day: day, hasDay: true, grain: "month", whole: true}, x, ok
}

// enDated adds the year that may follow a day and month.
func (t *reader) enDated(mo, d, e int) (moment, int, bool) {
	year, noYear, end := t.today.Year(), true, e
	j := e
	if t.at(j) == '.' {
		j++
	}
	for strings.ContainsRune(" ,-/", orX(t.at(j))) {
		j++
	}
	if y, x := t.digits(j, 4); x == j+4 && t.at(x) != ':' && !isAlnum(t.at(x)) {
		year, noYear, end = y, false, x
		if t.loose(t.spaces(x), "be") >= 0 {
			year, end = y-543, t.loose(t.spaces(x), "be")
		}
	} else if x == j+2 && j > e && t.at(x) != ':' && y > 31 && !isAlnum(t.at(x)) {
		year, noYear, end = 1900+y, false, x
	}
	day, ok := t.date(year, mo, d)
	if ok && noYear {
		day = t.forward(day)
	}
	return moment{day: day, hasDay: true, grain: "day", noYear: noYear}, end, ok
}

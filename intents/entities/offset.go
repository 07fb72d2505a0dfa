package entities

import (
	"strings"
	"time"
)

// zoneNames are abbreviations that mean one offset from UTC only, in hours.
var zoneNames = []struct {
	word string
	hour float64
}{
	{"北京时间", 8}, {"beijing time", 8}, {"china time", 8}, {"utc", 0}, {"gmt", 0}, {"pst", -8}, {"pdt", -7}, {"mst", -7}, {"mdt", -6}, {"cdt", -5}, {"est", -5}, {"edt", -4}, {"bst", 1}, {"cet", 1}, {"cest", 2}, {"jst", 9}, {"kst", 9}, {"hkt", 8}, {"sgt", 8}, {"aest", 10}, {"aedt", 11},
}

// offset reads what says in which zone the clock before i is meant: Z, +08:00, .000Z,
// UTC, GMT+8, (北京时间). iso tells that the clock followed a T, so that a "-" is a sign
// and no range. Where nothing is said, loc is nil and end is i.
func (t *reader) offset(i int, iso bool) (loc *time.Location, end int) {
	j := i
	if t.at(j) == '.' && isDigit(t.at(j+1)) && iso {
		for j++; isDigit(t.at(j)); j++ {
		}
	}
	if t.at(j) == 'z' && !isAlnum(t.at(j+1)) {
		return time.UTC, j + 1
	}
	k := t.spaces(j)
	if t.at(k) == '+' || t.at(k) == '-' && iso {
		if h, e, ok := t.signed(k); ok && (e-k >= 5 || iso) {
			return fixed(h), e
		}
	}
	paren := t.at(k) == '('
	if paren {
		k++
	}
	for _, z := range zoneNames {
		e := t.lit(k, z.word)
		if e < 0 || isAlnum(t.at(e)) {
			continue
		}
		h := z.hour
		if z.hour == 0 {
			if s, x, ok := t.signed(e); ok {
				h, e = s, x
			}
		}
		if paren && t.at(e) == ')' {
			e++
		}
		return fixed(h), e
	}
	return nil, i
}

// signed reads +8, +08:00 or -0530 as hours.
func (t *reader) signed(i int) (float64, int, bool) {
	sign := map[rune]float64{'+': 1, '-': -1}[t.at(i)]
	s := i + 1
	e := s
	for isDigit(t.at(e)) && e-s < 4 {
		e++
	}
	if sign == 0 || e == s || e-s == 3 || isDigit(t.at(e)) {
		return 0, i, false
	}
	h, _ := t.digits(s, 4)
	mi := 0
	if e-s == 4 {
		h, mi = h/100, h%100
	} else if t.at(e) == ':' {
		x, f := t.digits(e+1, 2)
		if f != e+3 {
			return 0, i, false
		}
		mi, e = x, f
	}
	if h > 14 || mi > 59 {
		return 0, i, false
	}
	return sign * (float64(h) + float64(mi)/60), e, true
}

func fixed(hours float64) *time.Location {
	return time.FixedZone("", int(hours*3600))
}

// holidays are days that people count to, month and day; those of the moon by year.
var holidays = []struct {
	words      []string
	month, day int
	moon       map[int][2]int
}{
	{[]string{"元旦"}, 1, 1, nil}, {[]string{"五一", "劳动节"}, 5, 1, nil}, {[]string{"六一", "儿童节"}, 6, 1, nil}, {[]string{"618"}, 6, 18, nil}, {[]string{"国庆节", "国庆", "十一假期"}, 10, 1, nil},
	{[]string{"双11", "双十一"}, 11, 11, nil}, {[]string{"双12", "双十二"}, 12, 12, nil}, {[]string{"平安夜"}, 12, 24, nil}, {[]string{"圣诞节", "圣诞"}, 12, 25, nil},
	{[]string{"春节", "过年"}, 0, 0, map[int][2]int{2026: {2, 17}, 2027: {2, 6}, 2028: {1, 26}, 2029: {2, 13}, 2030: {2, 3}}},
	{[]string{"端午节", "端午"}, 0, 0, map[int][2]int{2026: {6, 19}, 2027: {6, 9}, 2028: {5, 28}, 2029: {6, 16}, 2030: {6, 5}}},
	{[]string{"中秋节", "中秋"}, 0, 0, map[int][2]int{2026: {9, 25}, 2027: {9, 15}, 2028: {10, 3}, 2029: {9, 22}, 2030: {9, 12}}},
}

// zhHoliday reads 元旦前 and 春节后: a holiday counts as a time only where something is
// to be before or after it.
func (t *reader) zhHoliday(i int) (moment, int, bool) {
	if !strings.ContainsRune("元五劳六儿国十双平圣春过端中", t.r[i]) && t.r[i] != '6' || isDigit(t.at(i-1)) {
		return moment{}, 0, false
	}
	for _, h := range holidays {
		_, e := t.oneOf(i, h.words...)
		if e < 0 {
			continue
		}
		if _, x := t.oneOf(e, "之前", "以前", "前", "之后", "以后", "后"); x < 0 {
			return moment{}, 0, false
		}
		for y := t.today.Year(); y <= t.today.Year()+1; y++ {
			md := [2]int{h.month, h.day}
			if h.moon != nil {
				md = h.moon[y]
			}
			if day, ok := t.date(y, md[0], md[1]); ok && !day.Before(t.today) {
				return moment{day: day, hasDay: true, grain: "day"}, e, true
			}
		}
	}
	return moment{}, 0, false
}

package entities

import "strings"

// What is said as a time and is none: what comes round again and again is no instant, and a day of the lunar calendar is
// another one of ours. Reading half of it would set a wrong deadline.

// none reads such words at i and gives the index after them; i if there are none.
func (t *reader) none(i int) int {
	switch c := t.at(i); {
	case c == '每' || c == '逢' || c == '隔' || c == '天' && t.at(i+1) == '天':
		return t.zhRecurring(i)
	case strings.ContainsRune("农阴旧正腊冬初", orX(c)):
		return t.zhLunar(i)
	case isLetter(c) && !isAlnum(t.at(i-1)):
		return t.enRecurring(i)
	}
	return i
}

// zhRecurring reads 每周一上午十点, 每天18:00前, 每月15号, 逢周五, 每隔两小时.
func (t *reader) zhRecurring(i int) int {
	if t.at(i) == '隔' && t.at(i+1) != '周' || t.at(i-1) == '间' {
		return i
	}
	j := i + 1
	for strings.ContainsRune("逢隔个天", orX(t.at(j))) {
		j++
	}
	if e := t.again(j); e > j { // 每周一, 每月底
		return e
	}
	_, e := t.oneOf(j, "工作日", "星期", "礼拜", "日", "晚", "早", "晨", "周", "月", "年")
	return t.again(max(j, e))
}

// again skips the times at i that name no day of their own.
func (t *reader) again(i int) int {
	for {
		j := t.spaces(i)
		if strings.ContainsRune("的到至~-", orX(t.at(j))) {
			j = t.spaces(j + 1)
		}
		if j >= len(t.r) {
			return i
		}
		m, from, end, ok := t.timeAt(j)
		if !ok || !m.comesRound() && !strings.ContainsRune("月年", orX(t.at(from))) {
			return i
		}
		if _, stop, ok := t.rangeFrom(m, from, end); ok {
			end = stop
		}
		i = end
	}
}

// comesRound tells whether a moment has no day, or one that there is in each week, month or year.
func (m moment) comesRound() bool {
	return !m.hasDay && (!m.exact || m.length || m.sense == Deadline) || m.weekday || m.noMonth || m.noYear
}

// lunarDays are the days that only the lunar calendar calls 初.
const lunarDays = "一二三四五六七八九十"

// zhLunar reads 农历八月十五, 正月十五, 初五上午十点.
func (t *reader) zhLunar(i int) int {
	if _, e := t.oneOf(i, "农历", "阴历", "旧历"); e >= 0 {
		e = t.spaces(e)
		if e >= len(t.r) {
			return e
		}
		if m, _, end, ok := t.timeAt(e); ok && m.hasDay {
			return t.again(end)
		}
		for e < len(t.r) && (t.at(e) == '月' || hanDigit(t.at(e)) >= 0 || t.at(e) == '十') {
			e++
		}
		if x := t.zhLunar(e); x > e {
			return x
		}
		return e
	}
	if _, e := t.oneOf(i, "正月", "腊月", "冬月"); e >= 0 {
		if _, x := t.number(e); x >= 0 {
			return t.afterLunar(x)
		}
		return max(e, t.zhLunar(e))
	}
	if t.lunarDay(i) {
		return t.afterLunar(i + 2)
	}
	return i
}

// lunarDay tells 初五 from the beginning of a month and from other words: 月初三天, 初一定.
func (t *reader) lunarDay(i int) bool {
	return t.at(i) == '初' && strings.ContainsRune(lunarDays, orX(t.at(i+1))) && hanDigit(t.at(i+2)) < 0 &&
		!strings.ContainsRune("天号日点时个周次分小年月定起直般律旦批共样切些十百千万", orX(t.at(i+2)))
}

// afterLunar skips what belongs to a day: its clock, and what makes it a deadline.
func (t *reader) afterLunar(i int) int {
	if e := t.zhBy(t.spaces(i)); e >= 0 {
		return e
	}
	return t.again(i)
}

// zhBoth reads 今明两天: until the end of the later day.
func (t *reader) zhBoth(i int) (moment, int, bool) {
	for _, w := range []struct {
		word string
		last int
	}{{"今明后三", 2}, {"今明两", 1}, {"今明二", 1}, {"明后两", 2}, {"今明", 1}} {
		e := t.loose(i, w.word)
		if e < 0 || t.at(e) != '天' && t.at(e) != '日' {
			continue
		}
		m := moment{day: t.today.AddDate(0, 0, w.last), hasDay: true, grain: "day", whole: true, sense: Deadline}
		if x := t.zhBy(t.spaces(e + 1)); x >= 0 {
			return m, x, true
		}
		if strings.ContainsRune("放休有不没都是在的", orX(t.at(e+1))) {
			m.day, m.end, m.sense, m.whole = t.today.AddDate(0, 0, w.last-1), endOf(m.day, "day"), "", false
		}
		return m, e + 1, true
	}
	return moment{}, 0, false
}

// zhShortOf reads 差五分八点.
func (t *reader) zhShortOf(i int) (moment, int, bool) {
	n, e := t.shortBy(i)
	if e < 0 {
		return moment{}, 0, false
	}
	if _, x := t.oneOf(e, "就到", "就", "到"); x >= 0 {
		e = x
	}
	h, x := t.number(t.spaces(e))
	x = t.spaces(x)
	if h > 24 || x < 0 || t.at(x) != '点' {
		return moment{}, 0, false
	}
	m := moment{h: h, m: -n, hasClock: true, loose: h < 12}
	switch t.at(x + 1) {
	case '半': // 差十分三点半
		m.m += 30
		x++
	case '钟', '整':
		x++
	}
	return m, x + 1, true
}

// shortBy reads 差五分, 差5分钟, 差一刻; end < 0 if it is none.
func (t *reader) shortBy(i int) (minutes, end int) {
	if t.at(i) != '差' {
		return 0, -1
	}
	n, e := t.number(t.spaces(i + 1))
	if e < 0 && t.at(i+1) == '两' {
		n, e = 2, i+2
	}
	if e < 0 || n < 1 || n > 59 {
		return 0, -1
	}
	switch e = t.spaces(e); {
	case t.at(e) == '刻' && n <= 3:
		n, e = 15*n, e+1
	case t.at(e) == '分':
		e++
	default:
		return 0, -1
	}
	if t.at(e) == '钟' {
		e++
	}
	return n, t.spaces(e)
}

// every are the words for what comes round, and units the lengths of time that follow some of them.
var (
	every = map[string]bool{"every": true, "each": true, "daily": true, "weekly": true, "monthly": true, "yearly": true, "annually": true}
	units = map[string]bool{"day": true, "morning": true, "afternoon": true, "evening": true, "night": true, "week": true, "weekday": true,
		"weekdays": true, "weekend": true, "month": true, "year": true, "other": true, "single": true, "business": true, "second": true}
)

// enRecurring reads every Monday at 10am, daily by 6pm, every 2 hours.
func (t *reader) enRecurring(i int) int {
	w, e := t.word(i)
	if !every[w] {
		return i
	}
	for {
		j := t.spaces(e)
		if w, x := t.word(j); units[w] {
			e = x
			continue
		}
		if x := t.again(j); x > j {
			e = x
			continue
		}
		if w, x := t.word(j); w == "on" || w == "at" {
			if y := t.again(t.spaces(x)); y > t.spaces(x) {
				e = y
				continue
			}
		}
		return e
	}
}

// recursAfter tells whether what follows a time makes it one that comes round: by 6pm every day.
func (t *reader) recursAfter(m moment, end int) bool {
	w, e := t.word(t.spaces(end))
	if m.exact || m.hasDay && !m.weekday || !every[w] {
		return false
	}
	next, _ := t.word(t.spaces(e))
	x := t.again(t.spaces(e))
	return next == "" || units[next] || x > t.spaces(e)
}

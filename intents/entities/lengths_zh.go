package entities

import (
	"strings"
	"time"
)

// zhUnits are units of length; the order matters where one begins another.
var zhUnits = []struct {
	word  string
	grain string
}{
	{"个半小时", "half-hour"}, {"个工作日", "workday"}, {"工作日", "workday"}, {"秒钟", "second"}, {"秒", "second"}, {"分钟", "minute"}, {"分", "minute"}, {"刻钟", "quarter"}, {"个小时", "hour"}, {"小时", "hour"},
	{"个钟头", "hour"}, {"个钟", "hour"}, {"钟头", "hour"}, {"h", "hour"}, {"天", "day"}, {"日", "day"}, {"个星期", "week"}, {"星期", "week"}, {"个礼拜", "week"}, {"礼拜", "week"}, {"周", "week"},
	{"个月", "month"}, {"年", "year"},
}

// zhCounted reads lengths counted from now: 两小时内, 3天前, 再过半小时, 48小时.
func (t *reader) zhCounted(i int) (m moment, end int, ok bool) {
	_, lead := t.oneOf(i, "再过", "过")
	at := max(i, lead)
	_, w := t.oneOf(at, "最近", "近")
	at = max(at, w)
	shift, grain, e, ok := t.zhLength(at)
	if !ok {
		return m, 0, false
	}
	m = moment{exact: true, grain: grain}
	j := t.spaces(e)
	if _, x := t.oneOf(j, "之内", "以内", "内"); x >= 0 {
		m.instant, m.sense = shift(t.o.Now, 1), Deadline
		_, y := t.oneOf(x, "务必", "必须")
		_ = y
		return m, x, true
	}
	if _, x := t.oneOf(j, "以前", "之前", "前"); x >= 0 {
		m.instant, m.sense = shift(t.o.Now, -1), Past
		return m, x, true
	}
	if _, x := t.oneOf(j, "之后", "以后", "过后", "后"); x >= 0 {
		m.instant, m.sense = shift(t.o.Now, 1), Point
		return t.zhAfter(m, x)
	}
	if lead >= 0 {
		m.instant, m.sense = shift(t.o.Now, 1), Point
		return m, e, true
	}
	if t.ambiguousLength(at, e, grain) {
		return m, 0, false
	}
	m.instant, m.sense, m.length = shift(t.o.Now, 1), Duration, true
	return m, e, true
}

// zhAfter lets a day count carry a clock: 三天后下午两点.
func (t *reader) zhAfter(m moment, e int) (moment, int, bool) {
	if m.grain != "day" && m.grain != "week" {
		return m, e, true
	}
	day := moment{day: midnightOf(m.instant), hasDay: true, grain: "day"}
	if withClock, f, ok := t.zhTimeOfDay(day, e, true); ok {
		return t.zhSuffix(withClock, f)
	}
	if m2, f, ok := t.zhSuffix(m, e); ok && f > e {
		return m2, f, ok
	}
	return m, e, true
}

// ambiguousLength is true for numbers with a unit that mean a date or an amount
// rather than a length: 5日, 2026年, 8分, 3周年.
func (t *reader) ambiguousLength(i, e int, grain string) bool {
	last := t.r[e-1]
	n, _ := t.number(i)
	switch {
	case last == '日', last == '分', last == '秒', last == 'h' && isAlnum(t.at(e)):
		return true
	case grain == "year" && (n > 99 || strings.ContainsRune("级货款底末初", orX(t.at(e)))):
		return true
	case last == '周' && strings.ContainsRune("一二三四五六日天年末", orX(t.at(e))):
		return true
	case last == '天' && strings.ContainsRune("猫空气", orX(t.at(e))):
		return true
	}
	return false
}

// zhLength reads a count and a unit, with the forms 半小时, 两个半小时, 一小时半, 两天半.
func (t *reader) zhLength(i int) (shift func(time.Time, int) time.Time, grain string, end int, ok bool) {
	if t.at(i) == '第' || t.at(i-1) == '第' || t.at(i-1) == '点' && !isDigit(t.at(i-1)) {
		return nil, "", 0, false
	}
	half := false
	n, e := 0, -1
	switch t.at(i) {
	case '半':
		half, e = true, i+1
	case '几':
		n, e = 3, i+1
	default:
		n, e = t.number(i)
		if e < 0 {
			return nil, "", 0, false
		}
		if t.at(e) == '.' && t.at(e+1) == '5' && !isDigit(t.at(e+2)) {
			half, e = true, e+2
		}
		if t.at(e) == '几' {
			e++
		}
	}
	e = t.spaces(e)
	for _, u := range zhUnits {
		x := t.lit(e, u.word)
		if x < 0 {
			continue
		}
		g := u.grain
		switch {
		case g == "half-hour":
			g, half = "hour", true
		case t.at(x) == '半' && g != "minute":
			half, x = true, x+1
		}
		return shifter(n, half, g), unitGrain(g), x, true
	}
	return nil, "", 0, false
}

func unitGrain(g string) string {
	switch g {
	case "quarter":
		return "minute"
	case "workday":
		return "day"
	}
	return g
}

// shifter moves a time by n (and a half) units; direction is 1 or -1.
func shifter(n int, half bool, unit string) func(time.Time, int) time.Time {
	return func(t time.Time, dir int) time.Time {
		k := n * dir
		h := time.Duration(0)
		if half {
			h = time.Duration(dir)
		}
		switch unit {
		case "second":
			return t.Add(time.Duration(k) * time.Second)
		case "minute":
			return t.Add(time.Duration(k)*time.Minute + h*30*time.Second)
		case "quarter":
			return t.Add(time.Duration(k) * 15 * time.Minute)
		case "hour":
			return t.Add(time.Duration(k)*time.Hour + h*30*time.Minute)
		case "day":
			return t.AddDate(0, 0, k).Add(h * 12 * time.Hour)
		case "workday":
			return addWorkdays(t, k)
		case "week":
			return t.AddDate(0, 0, 7*k).Add(h * 84 * time.Hour)
		case "month":
			return addMonths(t, k).AddDate(0, 0, 15*int(h))
		}
		return addMonths(t, 12*k+6*int(h))
	}
}

func addWorkdays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n = min(n, 400); n > 0; {
		t = t.AddDate(0, 0, step)
		if w := t.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return t
}

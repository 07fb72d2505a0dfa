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
	{"个半小时", "half-hour"}, {"个自然日", "day"}, {"自然日", "day"}, {"个日历日", "day"}, {"个工作日", "workday"}, {"工作日", "workday"}, {"秒钟", "second"}, {"秒", "second"}, {"分钟", "minute"}, {"分", "minute"}, {"刻钟", "quarter"}, {"个小时", "hour"}, {"小时", "hour"},
	{"个钟头", "hour"}, {"个钟", "hour"}, {"钟头", "hour"}, {"hours", "hour"}, {"hour", "hour"}, {"hrs", "hour"}, {"hr", "hour"}, {"h", "hour"}, {"mins", "minute"}, {"min", "minute"}, {"days", "day"}, {"天", "day"}, {"日", "day"}, {"个星期", "week"}, {"星期", "week"}, {"个礼拜", "week"}, {"礼拜", "week"}, {"周", "week"},
	{"个月", "month"}, {"年", "year"},
}

// zhCounted reads lengths counted from now: 两小时内, 3天前, 再过半小时, 48小时.
func (t *reader) zhCounted(i int) (m moment, end int, ok bool) {
	_, lead := t.oneOf(i, "再过", "过")
	if lead >= 0 && strings.ContainsRune("超经通不难路", orX(t.at(i-1))) { // 超过七天
		return m, 0, false
	}
	at := max(i, lead)
	if t.at(i) == '前' && strings.ContainsRune("几两", orX(t.at(i+1))) {
		shift, grain, e, ok := t.zhLength(i + 1)
		return moment{exact: true, grain: grain, instant: shiftBack(shift, t.o.Now), sense: Past}, e, ok && grain != "year"
	}
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
		return m, x, true
	}
	if n, _ := t.number(at); t.r[e-1] == '日' && t.at(j) == '前' && n > t.today.Day() && n <= 31 { // 20日前: by the 20th
		return m, 0, false
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

func shiftBack(shift func(time.Time, int) time.Time, now time.Time) time.Time {
	if shift == nil {
		return now
	}
	return shift(now, -1)
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
	if _, _, one, ok := t.zhPart(i); ok && one < e {
		return false // of several units
	}
	last := t.r[e-1]
	n, _ := t.number(i)
	switch {
	case last == '日' && !strings.ContainsRune("作然历", t.at(e-2)), last == '分', last == '秒', last == 'h' && isAlnum(t.at(e)):
		return true
	case grain == "year" && (n > 99 || strings.ContainsRune("级货款底末初", orX(t.at(e)))):
		return true
	case last == '年' && t.monthFollows(e):
		return true
	case last == '周' && strings.ContainsRune("一二三四五六日天年末", orX(t.at(e))):
		return true
	case last == '天' && strings.ContainsRune("猫空气到", orX(t.at(e))):
		return true
	case isLetter(last) && isAlnum(t.at(e)):
		return true
	}
	return false
}

func (t *reader) monthFollows(i int) bool {
	_, e := t.number(i)
	return e >= 0 && t.at(e) == '月'
}

// zhLength reads a count and a unit, with the forms 半小时, 两个半小时, 一小时半, 两天半.
func (t *reader) zhLength(i int) (shift func(time.Time, int) time.Time, grain string, end int, ok bool) {
	shift, grain, end, ok = t.zhPart(i)
	for ok {
		more, finer, x, found := t.zhPart(t.spaces(end))
		if !found || lengthRank[finer] >= lengthRank[grain] {
			break
		}
		first := shift
		shift, grain, end = func(v time.Time, dir int) time.Time { return more(first(v, dir), dir) }, finer, x
	}
	return shift, grain, end, ok
}

// lengthRank orders the units: 2天3小时 goes on, 3小时2天 does not.
var lengthRank = map[string]int{"second": 1, "minute": 2, "hour": 3, "day": 4, "week": 5, "month": 6, "year": 7}

// zhPart reads one count and unit.
func (t *reader) zhPart(i int) (shift func(time.Time, int) time.Time, grain string, end int, ok bool) {
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
		n, e = t.counted(i)
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

// counted reads a number of units; of 3-5 and 两三 the greater, so that nobody waits for
// what is not due yet.
func (t *reader) counted(i int) (n, end int) {
	if a, b := hanDigit(t.at(i)), hanDigit(t.at(i+1)); a > 0 && b > a && b-a <= 2 && hanDigit(t.at(i+2)) < 0 {
		return b, i + 2
	}
	if n, end = t.number(i); end < 0 {
		return 0, -1
	}
	if strings.ContainsRune("-~到至", orX(t.at(end))) {
		if m, e := t.number(end + 1); e >= 0 && m > n && m < 100 {
			return m, e
		}
	}
	return n, end
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

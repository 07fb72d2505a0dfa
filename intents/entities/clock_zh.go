package entities

import (
	"strings"
	"time"
)

var periodWords = []struct {
	word string
	p    period
}{
	{"凌晨", dawn}, {"清晨", morning}, {"早上", morning}, {"早晨", morning}, {"朝早", morning}, {"上午", morning}, {"中午", noon}, {"正午", noon}, {"午间", noon}, {"下午", afternoon}, {"午后", afternoon}, {"晏昼", afternoon},
	{"一大早", morning}, {"大清早", morning}, {"一早", morning}, {"傍晚", dusk}, {"晚上", evening}, {"晚间", evening}, {"夜里", evening}, {"夜间", evening}, {"夜晚", evening}, {"半夜", midnight}, {"午夜", midnight}, {"深夜", evening}, {"早", morning}, {"晚", evening},
}

// zhTimeOfDay reads a part of the day and a clock after a day, or alone.
func (t *reader) zhTimeOfDay(m moment, i int, hasDay bool) (moment, int, bool) {
	if m.exact {
		return m, i, false
	}
	if i >= len(t.r) {
		return m, i, false
	}
	read := false
	j := i
	if hasDay {
		j = t.spaces(i)
		if t.at(j) == '的' || t.at(j) == ',' && isDigit(t.at(j+1)) {
			j = t.spaces(j + 1)
		}
	}
	for _, p := range periodWords {
		if t.at(j) != firstRune(p.word) {
			continue
		}
		if e := t.loose(j, p.word); e >= 0 && !strings.ContainsRune("茶班饭餐会安场", orX(t.at(e))) && (len([]rune(p.word)) > 1 || hasDay || t.clockFollows(e)) {
			m.period, j, i, read = p.p, t.spaces(e), e, true
			break
		}
	}
	if x, e, ok := t.zhClock(j, hasDay || read || m.period != noPeriod); ok {
		x.day, x.hasDay, x.grain = m.day, m.hasDay, ""
		if m.period != noPeriod {
			x.period = m.period
		}
		x.weekday, x.noYear = m.weekday, m.noYear
		return x, e, true
	}
	if e := t.offHours(&m, j); e >= 0 {
		return m, e, true
	}
	if m.hasDay && m.period != noPeriod && m.grain == "day" {
		m.grain = "day_part"
	}
	return m, i, read
}

func (t *reader) clockFollows(i int) bool {
	_, _, ok := t.zhClock(t.spaces(i), true)
	return ok
}

// offHours reads 下班, 上班, 打烊.
func (t *reader) offHours(m *moment, i int) int {
	at := t.o.DayEnd
	_, e := t.oneOf(i, "下班", "收工", "打烊")
	if e < 0 {
		if _, e = t.oneOf(i, "上班", "开工"); e < 0 {
			return -1
		}
		at = t.o.DayStart
	}
	if !m.hasDay && t.zhBy(e) < 0 {
		return -1
	}
	m.hasClock, m.h, m.m, m.grain = true, int(at/time.Hour), int(at%time.Hour/time.Minute), "hour"
	return e
}

const branches = "子丑寅卯辰巳午未申酉戌亥"

// zhClock reads 三点半, 15点20分, 20:00, 午时三刻. sure says that a day or part of
// the day stands before it; otherwise 一点 and the like need more to be a time.
func (t *reader) zhClock(i int, sure bool) (moment, int, bool) {
	if h, mi, s, e, ok := t.clock(i); ok {
		m := moment{h: h, m: mi, s: s, hasClock: true}
		m.loc, e = t.offset(e, t.at(i-1) == 't')
		return m, e, true
	}
	if m, e, ok := t.branchHour(i); ok {
		return m, e, true
	}
	if m, e, ok := t.zhShortOf(i); ok {
		return m, e, true
	}
	n, e := t.number(i)
	if e < 0 || n > 24 || isDigit(t.at(i-1)) || t.at(i-1) == '.' {
		return moment{}, 0, false
	}
	x := t.spaces(e)
	if sure && strings.ContainsRune("-~到至", orX(t.at(x))) { // 2-4点
		if b, f := t.number(x + 1); f >= 0 && b > n && b <= 24 && t.at(f) == '点' {
			return moment{h: n, hasClock: true, loose: n < 12}, e, true
		}
	}
	if t.at(x) != '点' && (t.at(x) != '时' || t.at(x+1) == '间') {
		return moment{}, 0, false
	}
	m := moment{h: n, hasClock: true, loose: n <= 12 && t.at(x) == '点'}
	end, more := t.zhMinutes(&m, x+1)
	if !sure && !more && !t.plainClock(i, x+1) {
		return moment{}, 0, false
	}
	return m, end, true
}

// plainClock decides on "N点" with nothing before it and no minutes after.
func (t *reader) plainClock(i, end int) bool {
	if t.zhBy(t.spaces(end)) >= 0 || t.at(i) == '零' {
		return true
	}
	return isDigit(t.at(i)) && !strings.ContainsRune("几多击评赞名出", orX(t.at(end))) && !strings.ContainsRune("快好便有差早晚", orX(t.at(i-1)))
}

// zhMinutes reads what follows 点: 整, 钟, 半, 一刻, 20分, and seconds.
func (t *reader) zhMinutes(m *moment, i int) (int, bool) {
	end, more := i, false
	if x := t.lit(i, "钟"); x >= 0 {
		return x, true
	}
	if x := t.lit(i, "整"); x >= 0 {
		return x, true
	}
	if n, x := t.shortBy(i); x >= 0 {
		m.m = -n
		return x, true
	}
	if x := t.lit(i, "半"); x >= 0 {
		m.m, end, more = 30, x, true
		if t.at(x) == '天' {
			return i, false
		}
	} else if n, x := t.number(i); x >= 0 && n < 60 {
		switch {
		case t.at(x) == '刻' && n <= 4:
			m.m, end, more = 15*n, x+1, true
		case t.at(x) == '分':
			m.m, end, more = n, x+1, true
			if t.at(end) == '钟' {
				return i, false
			}
		case x-i == 2 && !strings.ContainsRune("个件单元块天小号", orX(t.at(x))):
			m.m, end, more = n, x, true
		}
	}
	if n, x := t.number(end); more && x >= 0 && n < 60 && t.at(x) == '秒' {
		m.s, end = n, x+1
	}
	return end, more
}

// branchHour reads the twelve traditional double hours (午时三刻).
func (t *reader) branchHour(i int) (moment, int, bool) {
	c := t.at(i)
	if c == 0 || !strings.ContainsRune(branches, c) {
		return moment{}, 0, false
	}
	e := t.loose(i, string(c)+"时")
	if e < 0 || t.at(e) == '间' {
		return moment{}, 0, false
	}
	idx := 0
	for _, b := range branches {
		if b == c {
			break
		}
		idx++
	}
	m := moment{h: (idx*2 + 23) % 24, hasClock: true}
	if n, x := t.number(t.spaces(e)); x >= 0 && t.at(x) == '刻' {
		m.h, m.m, e = m.h+15*n/60, 15*n%60, x+1
	}
	return m, e, true
}

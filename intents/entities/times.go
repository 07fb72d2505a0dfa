package entities

import (
	"strings"
	"time"
)

// period is a part of the day named in words.
type period int

const (
	noPeriod period = iota
	dawn
	morning
	noon
	afternoon
	evening
	midnight
	dusk
	lastNight
)

// periodHour is the hour meant by a part of the day with no clock time beside it.
var periodHour = map[period]int{dawn: 0, morning: 8, noon: 12, afternoon: 15, evening: 20, midnight: 0, dusk: 18, lastNight: 24}

// moment is a time as it was said, before it is pinned to an instant.
type moment struct {
	day      time.Time // midnight of the day in the zone
	hasDay   bool
	h, m, s  int
	hasClock bool
	loose    bool // clock words that leave open which half of the day (三点)
	period   period
	instant  time.Time // a time counted from now
	exact    bool
	grain    string
	length   bool // a bare length of time
	whole    bool // the end of the day, week or month is meant
	end      time.Time
	sense    Sense
	weekday  bool           // the day was only a day of the week
	noYear   bool           // the day had a month but no year
	noMonth  bool           // the day was only a day of the month
	loc      *time.Location // the zone that was said, nil for the reader's
}

// reader reads times from one text.
type reader struct {
	*doc
	o     Options
	today time.Time
}

func (d *doc) findTimes(o Options) {
	if o.Now.IsZero() {
		return
	}
	t := &reader{doc: d, o: o, today: midnightOf(o.Now)}
	for i := 0; i < len(d.r); {
		if e := t.none(i); e > i {
			i = e
			continue
		}
		m, from, end, ok := t.timeAt(i)
		if !ok {
			i = t.skip(i)
			continue
		}
		if t.recursAfter(m, end) {
			i = end
			continue
		}
		e, stop, ok := t.rangeFrom(m, from, end)
		if !ok {
			e, stop = t.entity(m, from, end), end
		}
		if writable(e.Value) && writable(e.Until) {
			d.add(rankTime, e)
		}
		i = stop
	}
}

// writable reports whether RFC 3339 can say an instant: its years have four digits.
func writable(v string) bool { return v == "" || len(v) > 4 && v[4] == '-' && v[0] != '-' }

// skip steps over what cannot begin a time: the rest of a Latin word or number.
func (t *reader) skip(i int) int {
	c := t.r[i]
	i++
	if !isAlnum(c) {
		return i
	}
	for i < len(t.r) && isAlnum(t.r[i]) && (isDigit(t.r[i]) == isDigit(c)) {
		i++
	}
	return i
}

func (t *reader) timeAt(i int) (m moment, from, end int, ok bool) {
	c := t.r[i]
	if m, end, ok = t.countdown(i); ok {
		return m, i, end, true
	}
	if isAlnum(c) || c == '+' {
		if m, end, ok = t.english(i); ok {
			if m.length && t.at(t.spaces(end)) > 0x2E80 { // 48h内
				if z, e, found := t.zhCounted(i); found && e > end {
					return z, i, e, true
				}
			}
			if m.sense == "" {
				m, end, ok = t.zhSuffix(m, end)
			}
			return m, i, end, ok
		}
	}
	if c > 0x2E80 || isDigit(c) {
		if m, end, ok = t.chinese(i); ok {
			return m, i, end, true
		}
	}
	return moment{}, 0, 0, false
}

func midnightOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// date makes a day, refusing those that do not exist.
func (t *reader) date(y, m, d int) (time.Time, bool) {
	day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, t.o.Zone)
	return day, m >= 1 && m <= 12 && d >= 1 && day.Day() == d && y > 0 && y < 3000
}

// weekStart is the Monday of the week in which day falls.
func weekStart(day time.Time) time.Time {
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// addMonths keeps the day of the month where it can, else takes the month's last.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func (t *reader) entity(m moment, from, end int) Entity {
	if (m.sense == "" || m.sense == Point && m.exact && !m.instant.Equal(t.o.Now)) && t.dueBefore(from) {
		m.sense, m.whole = Deadline, true
	}
	v := t.resolve(&m)
	e := Entity{Type: Time, Start: from, End: end, Value: v.Format(time.RFC3339), Grain: m.grain, Sense: m.sense}
	if !m.end.IsZero() {
		e.Until = m.end.Format(time.RFC3339)
	}
	if e.Sense == "" {
		e.Sense = Point
		if v.Before(t.o.Now) && !endOf(v, m.grain).After(t.o.Now) || v.Before(t.o.Now) && !m.whole && !(m.grain == "day" && v.Equal(t.today)) {
			e.Sense = Past
		}
	}
	return e
}

// dueWords before a time make it a deadline.
var dueWords = []string{"截止", "截至", "截止时间", "截止到", "最晚", "最迟", "限时", "到期时间", "超时时间", "deadline", "due", "due by", "no later than", "latest", "expires", "expire", "expiring", "times out"}

func (t *reader) dueBefore(from int) bool {
	i := from
	for strings.ContainsRune(" :：是为到在", orX(t.at(i-1))) {
		i--
	}
	for _, w := range dueWords {
		if n := len([]rune(w)); i >= n && t.lit(i-n, w) == i {
			return true
		}
	}
	return false
}

// resolve pins a moment to an instant.
func (t *reader) resolve(m *moment) time.Time {
	if m.exact {
		return m.instant
	}
	day := t.today
	if m.hasDay {
		day = m.day
	}
	if m.noMonth && m.sense == Deadline && day.Before(t.today) { // 1号之前, said on the 18th
		day = addMonths(day, 1)
	}
	if !m.hasClock && m.period == noPeriod {
		return t.wholeDay(m, day)
	}
	h := t.hour(m, day)
	zone := t.o.Zone
	if m.loc != nil {
		zone = m.loc
	}
	v := time.Date(day.Year(), day.Month(), day.Day(), h, m.m, m.s, 0, zone).In(t.o.Zone)
	if !m.hasDay && m.sense == Deadline && v.Before(t.o.Now) {
		v = v.AddDate(0, 0, 1)
	}
	if m.grain == "" || m.grain == "day" {
		m.grain = clockGrain(*m)
	}
	return v
}

func clockGrain(m moment) string {
	switch {
	case m.s > 0:
		return "second"
	case m.hasClock && m.m != 0:
		return "minute"
	case m.hasClock:
		return "hour"
	}
	return "day_part"
}

// wholeDay answers for a day without a time: its beginning, or where the words
// say "by" or "within" it, its last second.
func (t *reader) wholeDay(m *moment, day time.Time) time.Time {
	if m.grain == "" {
		m.grain = "day"
	}
	if m.sense != Deadline {
		return day
	}
	if m.whole || !day.After(t.today) {
		return endOf(day, m.grain)
	}
	return day
}

func endOf(day time.Time, grain string) time.Time {
	next := day.AddDate(0, 0, 1)
	switch grain {
	case "week":
		next = weekStart(day).AddDate(0, 0, 7)
	case "month":
		next = time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, day.Location())
	case "year":
		next = time.Date(day.Year()+1, 1, 1, 0, 0, 0, 0, day.Location())
	}
	return next.Add(-time.Second)
}

// hour applies the part of the day to the clock hour, and reads 三点 as the
// coming one where nothing tells the half of the day.
func (t *reader) hour(m *moment, day time.Time) int {
	if !m.hasClock {
		return periodHour[m.period]
	}
	h := m.h
	switch m.period {
	case afternoon, evening, dusk:
		if m.period == evening && h < 5 {
			return t.smallHour(m, day)
		}
		if h < 12 {
			return h + 12
		}
		if h == 12 && m.period == evening {
			return 24
		}
	case noon:
		if h < 6 {
			return h + 12
		}
	case dawn, morning, midnight:
		if h == 12 && m.period != morning {
			return 0
		}
	case lastNight:
		return nightHour(h)
	case noPeriod:
		return t.halfDay(m, day, h)
	}
	return h
}

func (t *reader) halfDay(m *moment, day time.Time, h int) int {
	if !m.loose || h == 0 || h >= 12 {
		return t.nextTwelve(m, day)
	}
	if day.Equal(t.today) && m.sense != Past {
		if h+12 > t.o.Now.Hour() && (h < t.o.Now.Hour() || h == t.o.Now.Hour() && m.m <= t.o.Now.Minute()) {
			return h + 12
		}
		return h
	}
	if day.After(t.today) && h < 6 {
		return h + 12
	}
	return h
}

// rangeFrom reads "A 到 B" when A has been read.
func (t *reader) rangeFrom(a moment, from, end int) (Entity, int, bool) {
	if a.exact || a.sense == Deadline {
		return Entity{}, 0, false
	}
	i := t.spaces(end)
	_, sep := t.oneOf(i, "到", "至", "~", "-", "ー")
	if w, e := t.word(i); w == "to" || w == "until" || w == "till" || w == "and" && t.lit(from-8, "between ") == from {
		sep = e
	}
	if sep < 0 {
		return Entity{}, 0, false
	}
	j := t.spaces(sep)
	if j >= len(t.r) {
		return Entity{}, 0, false
	}
	b, _, stop, ok := t.timeAt(j)
	if !ok || b.exact || b.length {
		return Entity{}, 0, false
	}
	if a.hasClock && !b.hasDay && a.hasDay {
		b.day, b.hasDay = a.day, true
	}
	if b.hasClock && b.period != noPeriod && a.hasClock && a.period == noPeriod && a.h < 12 && a.h <= b.h {
		a.period = b.period
	}
	if a.period != noPeriod && b.hasClock && b.period == noPeriod && b.h < 12 {
		b.period = a.period
	}
	va, vb := t.resolve(&a), t.resolve(&b)
	if !vb.After(va) {
		if !b.weekday {
			return Entity{}, 0, false
		}
		vb = vb.AddDate(0, 0, 7)
	}
	e := t.entity(a, from, stop)
	e.Value, e.Until = va.Format(time.RFC3339), vb.Format(time.RFC3339)
	if b.sense == Deadline {
		e.Sense = Deadline
	}
	return e, stop, true
}

// clock reads HH:MM[:SS] at i.
func (t *reader) clock(i int) (h, m, s, end int, ok bool) {
	h, end = t.digits(i, 2)
	if end < 0 || t.at(end) != ':' {
		return 0, 0, 0, 0, false
	}
	m, e := t.digits(end+1, 2)
	if e != end+3 || h > 24 || m > 59 || h == 24 && m > 0 || isDigit(t.at(e)) {
		return 0, 0, 0, 0, false
	}
	if t.at(e) == ':' {
		if x, f := t.digits(e+1, 2); f == e+3 && x < 60 {
			s, e = x, f
		}
	}
	if t.at(e) == ':' && isAlnum(t.at(e+1)) || t.at(i-1) == ':' || t.at(i-1) == '.' {
		return 0, 0, 0, 0, false
	}
	return h, m, s, e, true
}

// digits reads one to most ASCII digits; more than most is no match.
func (t *reader) digits(i, most int) (n, end int) {
	end = i
	for isDigit(t.at(end)) {
		n = n*10 + int(t.at(end)-'0')
		if end++; end-i > most {
			return 0, -1
		}
	}
	if end == i {
		return 0, -1
	}
	return n, end
}

// slashDate reads 2026/3/15, 2026-03-15, 3/15 and 3/15/2026; day first when the
// first part cannot be a month.
func (t *reader) slashDate(i int) (m moment, end int, ok bool) {
	if m, end, ok := t.compactDate(i); ok {
		return m, end, true
	}
	a, e := t.digits(i, 4)
	if e < 0 || t.at(i-1) == '/' || t.at(i-1) == '-' || t.at(i-1) == '.' || t.at(i-1) == '¥' || t.at(i-1) == '$' {
		return m, 0, false
	}
	sep := t.at(e)
	if !strings.ContainsRune("/-.", orX(sep)) {
		return m, 0, false
	}
	if y, f := t.digits(e+1, 4); f == e+5 && e-i <= 2 && sep == '/' && !isAlnum(t.at(f)) && t.at(f) != '/' && y > 1900 && y < 2200 {
		m.day, ok = t.date(y, a, 1)
		m.hasDay, m.grain, m.whole = true, "month", true
		return m, f, ok
	}
	b, f := t.digits(e+1, 2)
	if f < 0 {
		return m, 0, false
	}
	third := t.at(f) == sep && isDigit(t.at(f+1))
	switch {
	case e-i == 4 && third:
		c, g := t.digits(f+1, 2)
		if g < 0 || isDigit(t.at(g)) {
			return m, 0, false
		}
		m.day, ok = t.date(a, b, c)
		end = g
		if t.at(end) == 't' && isDigit(t.at(end+1)) {
			end++ // ISO 8601
		}
	case e-i <= 2 && third && sep != '-':
		c, g := t.digits(f+1, 4)
		if g-f-1 == 2 {
			c += 2000
		} else if g-f-1 != 4 {
			return m, 0, false
		}
		m.day, ok = t.dayMonth(c, a, b)
		end = g
	case e-i <= 2 && !third && sep != '/' && t.at(f) != sep && !t.clockNear(f), t.fraction(i, a, b, f):
		return m, 0, false
	case e-i <= 2 && !third && t.at(f) != '/' && !isAlnum(t.at(f)) && t.at(f) != '%':
		m.day, ok = t.dayMonth(t.today.Year(), a, b)
		m.noYear = true
		end = f
	}
	if ok {
		m.hasDay, m.grain = true, "day"
		if m.noYear {
			m.day = t.forward(m.day)
		}
	}
	return m, end, ok
}

// compactDate reads 20261120.
func (t *reader) compactDate(i int) (m moment, end int, ok bool) {
	n, e := t.digits(i, 8)
	if e != i+8 || isAlnum(t.at(e)) || isAlnum(t.at(i-1)) || t.at(e) == '-' && isDigit(t.at(e+1)) || n < 20150101 || n > 20401231 {
		return m, 0, false
	}
	m.day, ok = t.date(n/10000, n/100%100, n%100)
	m.hasDay, m.grain = true, "day"
	return m, e, ok
}

// clockNear reports whether what follows i shows that a date stands before it: a clock,
// a part of the day or 前.
func (t *reader) clockNear(i int) bool {
	j := t.spaces(i)
	if _, _, _, _, ok := t.clock(j); ok && j > i {
		return true
	}
	if t.zhBy(j) >= 0 {
		return true
	}
	_, e := t.oneOf(j, "上午", "中午", "下午", "晚上", "早上", "凌晨")
	return e >= 0
}

// fraction tells 1/2的货, 24/7 and size 10/12 from dates.
func (t *reader) fraction(i, a, b, end int) bool {
	if t.at(end) == '的' && a < b && b <= 4 || a == 24 && b == 7 || a == 7 && b == 24 {
		return true
	}
	s := i
	for t.at(s-1) == ' ' || t.at(s-1) == ':' {
		s--
	}
	return t.endsWith(s, sizes)
}

var sizes = runesOf("尺码", "码", "码数", "规格", "型号", "size", "sizes", "ratio", "score", "比例")

func (t *reader) dayMonth(y, a, b int) (time.Time, bool) {
	if a > 12 {
		return t.date(y, b, a)
	}
	return t.date(y, a, b)
}

// forward moves a date without a year to next year when it lies more than half
// a year back, as in 1月3日 said in December.
func (t *reader) forward(day time.Time) time.Time {
	if t.today.Sub(day) > 183*24*time.Hour {
		return day.AddDate(1, 0, 0)
	}
	if day.Sub(t.today) > 300*24*time.Hour {
		return day.AddDate(-1, 0, 0)
	}
	return day
}

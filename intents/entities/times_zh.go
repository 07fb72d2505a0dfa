package entities

import (
	"strings"
	"time"
)

// starters are the characters with which a Chinese time can begin.
const starters = "今明后昨前大当次翌本这下上周星礼月年早晚凌清中正午傍夜半深子丑寅卯辰巳未申酉戌亥再过几一二三四五六七八九十两零廿听琴而现朝晏去近最第俩元国双平圣春端劳儿差"

func (t *reader) chinese(i int) (moment, int, bool) {
	if !isDigit(t.r[i]) && !strings.ContainsRune(starters, t.r[i]) {
		return moment{}, 0, false
	}
	if isDigit(t.r[i]) && (isAlnum(t.at(i-1)) && t.at(i-1) != 't' || t.at(i-1) == '.') {
		return moment{}, 0, false
	}
	if m, e, ok := t.zhCounted(i); ok {
		return m, e, true
	}
	if m, e, ok := t.zhBoth(i); ok {
		return m, e, true
	}
	m, e, ok := t.zhDay(i)
	if !ok {
		e = i
	}
	clockOK := false
	m, e, clockOK = t.zhTimeOfDay(m, e, ok)
	if !ok && !clockOK {
		return moment{}, 0, false
	}
	return t.zhSuffix(m, e)
}

var dayWords = []struct {
	word string
	days int
	p    period
}{
	{"大后天", 3, noPeriod}, {"大前天", -3, noPeriod}, {"大后日", 3, noPeriod}, {"今天", 0, noPeriod}, {"今日", 0, noPeriod}, {"今儿", 0, noPeriod}, {"当天", 0, noPeriod}, {"当日", 0, noPeriod}, {"明天", 1, noPeriod}, {"明日", 1, noPeriod}, {"明儿", 1, noPeriod}, {"听日", 1, noPeriod},
	{"次日", 1, noPeriod}, {"翌日", 1, noPeriod}, {"后天", 2, noPeriod}, {"后日", 2, noPeriod}, {"昨天", -1, noPeriod}, {"昨日", -1, noPeriod}, {"昨儿", -1, noPeriod}, {"琴日", -1, noPeriod}, {"前天", -2, noPeriod}, {"前日", -2, noPeriod},
	{"今晚", 0, evening}, {"今夜", 0, evening}, {"当晚", 0, evening}, {"今早", 0, morning}, {"今晨", 0, morning}, {"今午", 0, noon}, {"明晚", 1, evening}, {"明早", 1, morning}, {"明晨", 1, morning}, {"明午", 1, noon}, {"后晚", 2, evening}, {"后早", 2, morning},
	{"昨晚", -1, evening}, {"昨夜", -1, evening}, {"昨早", -1, morning}, {"前晚", -2, evening}, {"听晚", 1, evening}, {"第二天", 1, noPeriod},
}

func (t *reader) zhDay(i int) (moment, int, bool) {
	for _, w := range dayWords {
		if t.r[i] != firstRune(w.word) {
			continue
		}
		if e := t.loose(i, w.word); e >= 0 {
			return moment{day: t.today.AddDate(0, 0, w.days), hasDay: true, period: w.p, grain: "day"}, e, true
		}
	}
	if m, e, ok := t.zhHoliday(i); ok {
		return m, e, true
	}
	if m, e, ok := t.zhWeek(i); ok {
		return m, e, true
	}
	if m, e, ok := t.zhMonth(i); ok {
		return m, e, true
	}
	if m, e, ok := t.zhDate(i); ok {
		return m, e, true
	}
	if isDigit(t.r[i]) {
		return t.slashDate(i)
	}
	for _, now := range []string{"而家", "现在", "现时"} {
		if e := t.lit(i, now); e >= 0 {
			return moment{exact: true, instant: t.o.Now, grain: "second", sense: Point}, e, true
		}
	}
	return moment{}, 0, false
}

func firstRune(s string) rune {
	for _, c := range s {
		return c
	}
	return 0
}

// around reads 上上, 上, 这, 本, 下, 下下 and 个, and gives the steps from now.
func (t *reader) around(i int) (step, end int, said bool) {
	for _, w := range []struct {
		word string
		n    int
	}{{"下下", 2}, {"上上", -2}, {"下", 1}, {"上", -1}, {"这", 0}, {"本", 0}} {
		if e := t.loose(i, w.word); e >= 0 {
			e = t.spaces(e)
			if x := t.lit(e, "个"); x >= 0 {
				e = x
			} else if x := t.lit(e, "一"); x >= 0 && t.at(x) == '周' {
				e = x
			}
			return w.n, e, true
		}
	}
	return 0, i, false
}

// zhWeek reads 周五, 下周一, 上个礼拜三, 周末, 下周.
func (t *reader) zhWeek(i int) (moment, int, bool) {
	step, j, said := t.around(i)
	_, e := t.oneOf(t.spaces(j), "星期", "礼拜", "周")
	if e < 0 {
		return moment{}, 0, false
	}
	m := moment{hasDay: true, grain: "day", weekday: !said}
	monday := weekStart(t.today).AddDate(0, 0, 7*step)
	wd, x := t.weekdayNumber(t.spaces(e))
	switch {
	case x >= 0:
		m.day = monday.AddDate(0, 0, wd)
		if !said && m.day.Before(t.today) {
			m.day = m.day.AddDate(0, 0, 7)
		}
		return m, x, true
	case t.at(e) == '末':
		m.day, m.end = monday.AddDate(0, 0, 5), monday.AddDate(0, 0, 7).Add(-time.Second)
		return m, e + 1, true
	case said && t.at(e) == '底':
		m.day, m.whole = monday.AddDate(0, 0, 6), true
		return m, e + 1, true
	case said && !strings.ContainsRune("年期边围", orX(t.at(e))):
		m.day, m.grain = monday, "week"
		if step == 0 {
			m.day = t.today
		}
		m.whole = true
		return m, e, true
	}
	return moment{}, 0, false
}

// weekdayNumber counts from Monday = 0.
func (t *reader) weekdayNumber(i int) (int, int) {
	c := t.at(i)
	switch {
	case c == '日' || c == '天':
		return 6, i + 1
	case c >= '1' && c <= '7' && !isDigit(t.at(i+1)):
		return int(c - '1'), i + 1
	}
	if v := hanDigit(c); v >= 1 && v <= 6 {
		return v - 1, i + 1
	}
	return 0, -1
}

// zhMonth reads 月底, 下个月, 下月6号, 本月, 年底, 明年.
func (t *reader) zhMonth(i int) (moment, int, bool) {
	for _, y := range []struct {
		word string
		n    int
	}{{"明年", 1}, {"后年", 2}, {"去年", -1}, {"前年", -2}, {"今年", 0}} {
		if e := t.loose(i, y.word); e >= 0 {
			return t.zhYear(e, y.n)
		}
	}
	if e := t.lit(i, "年底"); e >= 0 {
		return moment{day: time.Date(t.today.Year(), 12, 31, 0, 0, 0, 0, t.o.Zone), hasDay: true, grain: "day", whole: true}, e, true
	}
	if c := t.at(i - 1); c == '正' || c == '腊' { // of the lunar calendar
		return moment{}, 0, false
	}
	step, j, said := t.around(i)
	e := t.lit(t.spaces(j), "月")
	if e < 0 {
		return moment{}, 0, false
	}
	first := time.Date(t.today.Year(), t.today.Month()+time.Month(step), 1, 0, 0, 0, 0, t.o.Zone)
	m := moment{hasDay: true, grain: "day"}
	switch t.at(e) {
	case '底', '末':
		m.day, m.whole = first.AddDate(0, 1, -1), true
		return m, e + 1, true
	case '初':
		m.day = first
		return m, e + 1, !t.lunarDay(e)
	case '中':
		m.day = first.AddDate(0, 0, 14)
		return m, e + 1, true
	}
	if !said {
		return moment{}, 0, false
	}
	if d, x := t.number(t.spaces(e)); x >= 0 {
		if y := t.dayMark(x); y >= 0 {
			var ok bool
			m.day, ok = t.date(first.Year(), int(first.Month()), d)
			return m, y, ok
		}
	}
	m.day, m.grain, m.whole = midnightOf(addMonths(t.today, step)), "month", true
	return m, e, true
}

func (t *reader) zhYear(e, n int) (moment, int, bool) {
	if m, x, ok := t.zhDate(t.spaces(e)); ok && m.noYear {
		day, valid := t.date(t.today.Year()+n, int(m.day.Month()), m.day.Day())
		m.day, m.noYear = day, false
		return m, x, valid
	}
	day := midnightOf(addMonths(t.today, 12*n))
	if t.at(e) == '底' {
		return moment{day: time.Date(day.Year(), 12, 31, 0, 0, 0, 0, t.o.Zone), hasDay: true, grain: "day", whole: true}, e + 1, true
	}
	return moment{day: day, hasDay: true, grain: "year", whole: true}, e, true
}

// dayMark reads 日 or 号 where it marks a day, not a door, a line or a size.
func (t *reader) dayMark(i int) int {
	i = t.spaces(i)
	if c := t.at(i); c != '日' && c != '号' {
		return -1
	}
	if strings.ContainsRune("线楼店仓柜门位色床桌链客机院厅房室码单款铺元均用本常志期子", orX(t.at(i+1))) {
		return -1
	}
	return i + 1
}

// zhDate reads 2026年3月15日, 3月15号, 三月, 15号.
func (t *reader) zhDate(i int) (moment, int, bool) {
	n, e := t.number(i)
	if e < 0 || t.at(i-1) == '第' || n <= 3 && strings.ContainsRune("小大", orX(t.at(i-1))) && t.at(e) == '号' { // 小一号
		return moment{}, 0, false
	}
	year, noYear, j := t.today.Year(), true, i
	if x := t.lit(t.spaces(e), "年"); x >= 0 && (n >= 20 || n >= 10 && t.monthFollows(x)) {
		year, noYear = n, false
		if n < 100 {
			year += 2000
		}
		for t.at(x) == ',' || t.at(x) == '，' || t.at(x) == ' ' {
			x++
		}
		j = x
		if c := t.at(j); c == '底' || c == '末' {
			return moment{day: time.Date(year, 12, 31, 0, 0, 0, 0, t.o.Zone), hasDay: true, grain: "day", whole: true}, j + 1, year > 1900 && year < 2200
		}
		if n, e = t.number(j); e < 0 {
			if year < 1900 || year > 2200 {
				return moment{}, 0, false
			}
			return moment{day: time.Date(year, 1, 1, 0, 0, 0, 0, t.o.Zone), hasDay: true, grain: "year", whole: true}, x, true
		}
	}
	month := t.lit(t.spaces(e), "月")
	if month < 0 {
		y := t.dayMark(e)
		day, ok := t.date(t.today.Year(), int(t.today.Month()), n)
		return moment{day: day, hasDay: true, grain: "day", noMonth: true}, y, ok && y >= 0 && noYear && !t.afterDoor(i)
	}
	return t.zhMonthDay(year, n, noYear, month)
}

// afterDoor is true where a number with 号 belongs to an address or a list.
func (t *reader) afterDoor(i int) bool {
	if c := t.at(i - 2); t.at(i-1) == '-' && (c == '日' || c == '号') { // 20日-22日
		return false
	}
	return strings.ContainsRune("路街道巷弄镇村园栋-#", orX(t.at(i-1)))
}

func (t *reader) zhMonthDay(year, month int, noYear bool, e int) (moment, int, bool) {
	m := moment{hasDay: true, grain: "day", noYear: noYear}
	var ok bool
	if x := t.spaces(e); t.at(x) != 0 {
		if d, y := t.number(x); y >= 0 && d <= 31 {
			end := t.dayMark(y)
			if end < 0 && !strings.ContainsRune("点时:个天小分", orX(t.at(y))) {
				end = y
			}
			if end >= 0 {
				m.day, ok = t.date(year, month, d)
				if ok && noYear {
					m.day = t.forward(m.day)
				}
				return m, end, ok
			}
		}
	}
	m.day, ok = t.date(year, month, 1)
	if ok && noYear {
		m.day = t.forward(m.day)
	}
	m.grain, m.whole = "month", true
	switch t.at(e) {
	case '底', '末':
		m.day, m.grain = m.day.AddDate(0, 1, -1), "day"
		e++
	case '初':
		m.grain = "day"
		ok = ok && !t.lunarDay(e)
		e++
	case '份':
		e++
	}
	return m, e, ok
}

// zhBy matches the words that make a time a deadline.
func (t *reader) zhBy(i int) int {
	w, e := t.oneOf(i, "之前", "以前", "前", "之内", "以内", "内", "为止", "截止", "到期", "过期")
	if e >= 0 && w == "前" && strings.ContainsRune("台后面", orX(t.at(e))) {
		return -1
	}
	return e
}

// zhSuffix reads the words after a time and settles its sense.
func (t *reader) zhSuffix(m moment, e int) (moment, int, bool) {
	j := t.spaces(e)
	if x := t.zhBy(j); x >= 0 {
		if w := t.at(x - 1); w == '内' {
			m.whole = true
		}
		m.sense = Deadline
		return m, x, true
	}
	if _, x := t.oneOf(j, "之后", "以后", "后"); x >= 0 && (m.hasClock || m.grain == "day") {
		return m, x, true
	}
	if m.exact && m.sense == "" {
		m.sense = Point
	}
	return m, e, true
}

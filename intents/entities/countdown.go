package entities

import (
	"regexp"
	"time"
)

// What counts down to a deadline looks like a time of day and is a length: 剩余 01:58:00, 01:58:00 left.
var (
	leftBefore = regexp.MustCompile(`(?:剩余?的?(?:处理|回复|响应|举证|答复|操作|审核)?(?:时间|时长|时效|时限)?|倒计时|距?离?(?:超时|截止|到期|逾期)(?:时间)?(?:还有|只有|仅有|还剩|只剩)|距离?(?:超时|截止|到期|逾期)|离(?:超时|到期|逾期)|\b(?:expir(?:es?|ing)|tim(?:es?|ing) out|due|ends?|closes?) in|time left|(?:left|remaining)(?: time)?:|time remaining|remaining time|remaining|countdown)[ :]*(?:是|为|约|仅|仅有|还有|is)? *$`)
	// alsoBefore tell a length only where it has seconds: 还有18:30的那张 is a time of day. What is over is a length, too.
	alsoBefore = regexp.MustCompile(`(?:还有|仅有|只有|已超时|已逾期|超时了|逾期了|overdue(?: by| for)?|late by)[ :]*$`)
	leftAfter  = regexp.MustCompile(`^ *(?:left|remaining|to go)(?: to [a-z]+| until [a-z ]+)? *(?:$|[^a-z ])|^ *之?后(?:就|便|将|会|自动|即)*(?:超时|截止|到期|逾期)|^ *(?:until|till|to|before) (?:the )?(?:time-?out|deadline|expiry|it (?:expires|times out))(?:$|[^a-z])`)
	// runsOut behind 还有18:30 tells a length, or a time of day if that comes sooner.
	runsOut    = regexp.MustCompile(`^ *(?:就|便|将|要|就要|即将)?(?:超时|截止|到期|逾期)(?:$|[^的那这单])`)
	stillThere = regexp.MustCompile(`(?:还有|仅有|只有)[ :]*$`)
	clockAfter = regexp.MustCompile(`^ *(?:之前|以前|前|[的那这场批起])`)
)

// countdownAround is how many code points beside a countdown are looked at.
const countdownAround = 24

// countdown reads [N天] HH:MM[:SS] where the words beside it say that so much is left, or over.
func (t *reader) countdown(i int) (moment, int, bool) {
	if !isDigit(t.at(i)) || isAlnum(t.at(i-1)) || t.at(i-1) == ':' && isDigit(t.at(i-2)) || t.at(i-1) == '.' || t.at(i-1) == '-' {
		return moment{}, 0, false
	}
	days, at := t.countedDays(i)
	length, grain, end := t.running(at)
	if end < 0 {
		return moment{}, 0, false
	}
	before := string(t.r[max(0, i-countdownAround):i])
	after := string(t.r[end:min(len(t.r), end+countdownAround)])
	instant := t.o.Now.AddDate(0, 0, days).Add(length)
	clock := t.today.Add(length)
	soon := stillThere.MatchString(before) && runsOut.MatchString(after) && (clock.Before(t.o.Now) || instant.Before(clock))
	if clockAfter.MatchString(after) || !leftBefore.MatchString(before) && !leftAfter.MatchString(after) && !(grain == "second" && alsoBefore.MatchString(before)) && !soon {
		return moment{}, 0, false
	}
	return moment{exact: true, instant: instant, grain: grain, sense: Duration, length: true}, end, true
}

// countedDays reads the 1天 of 1天 01:58:00; without it, i is where the rest begins.
func (t *reader) countedDays(i int) (days, end int) {
	n, e := t.digits(i, 3)
	if _, x := t.oneOf(t.spaces(e), "天", "日", "days", "day", "d"); e >= 0 && x >= 0 {
		return n, t.spaces(x)
	}
	return 0, i
}

// running reads HH:MM[:SS] and 01时58分, of more hours than a day has, too; end < 0 if there is none.
func (t *reader) running(i int) (length time.Duration, grain string, end int) {
	h, e := t.digits(i, 3)
	if e >= 0 && t.at(e) == '时' {
		return t.hanging(h, e+1)
	}
	if e < 0 || t.at(e) != ':' {
		return 0, "", -1
	}
	m, e := t.sixty(e + 1)
	s := 0
	if grain = "minute"; e >= 0 && t.at(e) == ':' {
		s, e = t.sixty(e + 1)
		grain = "second"
	}
	if e < 0 || isAlnum(t.at(e)) || t.at(e) == ':' {
		return 0, "", -1
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second, grain, e
}

// hanging reads the 58分00秒 of 01时58分00秒.
func (t *reader) hanging(h, i int) (length time.Duration, grain string, end int) {
	m, e := t.digits(i, 2)
	if e < 0 || t.at(e) != '分' {
		return 0, "", -1
	}
	length, grain, end = time.Duration(h)*time.Hour+time.Duration(m)*time.Minute, "minute", e+1
	if s, x := t.digits(end, 2); x >= 0 && t.at(x) == '秒' {
		return length + time.Duration(s)*time.Second, "second", x + 1
	}
	return length, grain, end
}

// sixty reads two digits that are less than 60; end < 0 if there are none.
func (t *reader) sixty(i int) (n, end int) {
	if n, end = t.digits(i, 2); end != i+2 || n > 59 {
		return 0, -1
	}
	return n, end
}

package typed

import "strings"

// maxDigits is the longest bare number taken for a ticket's; longer ones are orders and waybills.
const maxDigits = 8

// reader walks a text: f is compared, raw is what is given back. Both have the same length.
type reader struct {
	raw, f []rune
	at     int
}

func newReader(text string) *reader {
	raw := []rune(text)
	return &reader{raw: raw, f: folded(raw)}
}

// peek is the folded rune n places ahead, 0 beyond the end.
func (r *reader) peek(n int) rune {
	if i := r.at + n; i >= 0 && i < len(r.f) {
		return r.f[i]
	}
	return 0
}

func (r *reader) done() bool { return r.at >= len(r.f) }

func (r *reader) skip(when func(rune) bool) {
	for !r.done() && when(r.f[r.at]) {
		r.at++
	}
}

func isBlank(c rune) bool { return c == ' ' }

// rest is what remains, as typed, without blanks around it.
func (r *reader) rest() string { return strings.TrimSpace(string(r.raw[r.at:])) }

// has tells whether the words stand here; words are folded.
func (r *reader) has(w []rune) bool {
	if len(r.f)-r.at < len(w) {
		return false
	}
	for i, c := range w {
		if r.f[r.at+i] != c {
			return false
		}
	}
	return true
}

// token is the text up to the next blank, folded.
func (r *reader) token() []rune {
	end := r.at
	for end < len(r.f) && r.f[end] != ' ' {
		end++
	}
	return r.f[r.at:end]
}

// courtesies may stand before a command.
var courtesies = []string{"请", "麻烦", "帮忙", "帮我", "辛苦", "please "}

// lead drops what may stand before a command: slashes in any width, mentions, the bot's own name, courtesies, 把. It tells
// whether anybody is mentioned there.
func (r *reader) lead() (called bool) {
	for before := -1; before != r.at; {
		before = r.at
		r.skip(func(c rune) bool { return strings.ContainsRune(" /\\、", c) })
		if n := len(r.token()); r.peek(0) == '@' && n > 1 && r.more(n) {
			r.at += n
			called = true
		}
		for _, w := range []string{"ticket", "gongdan", "工单"} {
			if n := len([]rune(w)); r.has([]rune(w)) && r.peek(n) == ' ' && r.more(n) {
				r.at += n
			}
		}
		for _, w := range courtesies {
			if r.has([]rune(w)) && r.more(len([]rune(w))) {
				r.at += len([]rune(w))
			}
		}
		if r.peek(0) == '把' && r.numberAt(1) {
			r.at++
		}
	}
	return called
}

// more tells whether anything but blanks follows n runes on.
func (r *reader) more(n int) bool {
	for i := r.at + n; i < len(r.f); i++ {
		if r.f[i] != ' ' {
			return true
		}
	}
	return false
}

// numberAt tells whether a ticket's number begins n runes on.
func (r *reader) numberAt(n int) bool {
	c := *r
	c.at += n
	c.skip(isBlank)
	_, ok := c.number()
	return ok
}

// number reads a ticket's number: 1042, t1042, T-1042, #1042, 工单1042. It stays where it is if there is none.
func (r *reader) number() (int64, bool) {
	c := *r
	marked := c.mark()
	from := c.at
	c.skip(isDigit)
	digits := c.f[from:c.at]
	if len(digits) == 0 || len(digits) > maxDigits || digits[0] == '0' || !marked && c.partOfMore(len(digits)) || marked && isLatin(c.peek(0)) {
		return 0, false
	}
	var n int64
	for _, d := range digits {
		n = n*10 + int64(d-'0')
	}
	c.hash()
	r.at = c.at
	return n, true
}

// mark reads what may stand before the digits and tells whether something did.
func (r *reader) mark() bool {
	from := r.at
	for _, w := range []string{"工单号", "工单", "单号"} {
		if t := []rune(w); r.has(t) {
			r.at += len(t)
			r.skip(func(c rune) bool { return c == ' ' || c == ':' })
			break
		}
	}
	r.skip(func(c rune) bool { return c == '#' })
	if r.peek(0) == 't' && (isDigit(r.peek(1)) || r.peek(1) == '-' && isDigit(r.peek(2))) {
		r.at++
		r.skip(func(c rune) bool { return c == '-' })
	} else if r.peek(0) == 't' && r.peek(1) == '-' && r.peek(2) == ' ' && isDigit(r.peek(3)) {
		r.at += 3
	}
	return r.at > from
}

// hash drops 号 after a number: 1042号.
func (r *reader) hash() {
	if r.peek(0) == '号' {
		r.at++
	}
}

// partOfMore tells whether unmarked digits belong to something else: a time, an amount, a word, three pieces.
func (r *reader) partOfMore(digits int) bool {
	next := r.peek(0)
	if strings.ContainsRune(".:/-%", next) && next != 0 && isDigit(r.peek(1)) || isLatin(next) && next != 0 {
		return true
	}
	if strings.ContainsRune("点时分秒月年日天元块件个次%", next) && next != 0 {
		return true
	}
	if next == ' ' && digits <= 2 && r.peek(1) != 0 && strings.ContainsRune("点时分秒月年日天元块件个次瓶箱包", r.peek(1)) {
		return true
	}
	return next == ' ' && digits <= 3 && r.unitAt(1)
}

// units are the words that make a number before them a length of time or a day.
var units = []string{"分钟", "小时", "min", "minute", "minutes", "mins", "h", "hour", "hours", "hrs", "day", "days", "am", "pm",
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// unitAt tells whether such a word stands n runes on.
func (r *reader) unitAt(n int) bool {
	c := *r
	c.at += n
	for _, u := range units {
		if t := []rune(u); c.has(t) && !(t[0] < 0x80 && isLatin(c.peek(len(t))) && c.peek(len(t)) != 0) {
			return true
		}
	}
	return false
}

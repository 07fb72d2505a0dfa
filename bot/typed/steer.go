package typed

import (
	"regexp"
	"slices"
	"strings"
)

// What follows the verbs that steer clocks: severity, type, origin, due, promise, correct, snooze and tag.

// steering are those verbs.
var steering = map[Verb]bool{Severity: true, Type: true, Origin: true, Due: true, Promise: true, Correct: true, Snooze: true, Tag: true}

func (r *reader) steer(c *Command, implied string) {
	switch c.Verb {
	case Severity, Type:
		r.choose(c, implied)
	case Origin:
		r.origin(c)
	case Due:
		c.Rest, c.Staff = staffSaid(r.rest())
		c.Staff = c.Staff || implied == fromStaff
	case Tag:
		r.tags(c, implied == tagsGo)
	default:
		c.Rest = r.rest()
	}
}

// steers tells whether what such a verb wants follows its Chinese word without a blank: 优先级高, 平台截止明早十点, 标签+VIP.
func (r *reader) steers(w word) bool {
	c := *r
	c.at += len(w.text)
	switch w.entry.verb {
	case Severity, Type, Origin:
		_, ok := c.oneOf(string(w.entry.verb))
		return ok
	case Due, Promise, Snooze, Correct:
		return c.timely()
	case Tag:
		return c.peek(0) == '+' || c.peek(0) == '-'
	}
	return false
}

// timely tells whether words begin here that may be a time.
func (r *reader) timely() bool {
	next := r.peek(0)
	return next != 0 && (isDigit(next) || strings.ContainsRune("今明后大昨周星下本早上中凌晚半一二三四五六七八九十两到为至是", next))
}

// dated tells whether the bare digits here are a day, 25号, where a time is wanted.
func (r *reader) dated(v Verb) bool {
	switch v {
	case Due, Promise, Snooze, Correct, Replied:
	default:
		return false
	}
	n := 0
	for isDigit(r.peek(n)) {
		n++
	}
	return (n == 1 || n == 2) && r.peek(n) == '号'
}

// links may stand before a value and mean nothing.
var links = []string{"调整为", "改为", "改成", "改到", "调到", "调为", "换成", "设为", "定为", "为", "是", "to ", "as ", "=", "→", "->"}

func (r *reader) link() {
	r.skip(isPause)
	for _, l := range links {
		if t := []rune(l); r.has(t) {
			r.at += len(t)
			r.skip(isPause)
			return
		}
	}
}

// oneOf reads one value of an option, the longest that stands here as a word of its own. It stays where it is if there is none.
func (r *reader) oneOf(option string) (string, bool) {
	k := *r
	k.link()
	for _, p := range choices[option] {
		t := []rune(p.word)
		if next := k.peek(len(t)); k.has(t) && (next == 0 || isPause(next) || k.tail(len(t))) {
			r.at = k.at + len(t)
			return p.value, true
		}
	}
	return "", false
}

// choices are the words for the values of an option, canonical names among them, longest first.
var choices = map[string][]pair{"severity": choicesOf("severity"), "type": choicesOf("type"), "origin": choicesOf("origin"), "platform": choicesOf("platform")}

func choicesOf(option string) []pair {
	var out []pair
	for _, p := range optionValues[option] {
		out = append(out, p, pair{p.value, p.value}, pair{strings.ReplaceAll(p.value, "_", " "), p.value})
	}
	slices.SortStableFunc(out, func(a, b pair) int { return len([]rune(b.word)) - len([]rune(a.word)) })
	return out
}

// choose reads a severity or a type, and the words after it. What is no such word stays in Rest.
func (r *reader) choose(c *Command, implied string) {
	var ok bool
	if c.Value, ok = r.oneOf(string(c.Verb)); !ok {
		c.Value = implied
	}
	r.drop()
	r.lateNumber(c)
	c.Rest = r.rest()
}

// drop skips pauses and 了, 吧 and the like.
func (r *reader) drop() {
	if r.tail(0) {
		r.at++
	}
	r.skip(isPause)
}

// originLabels stand before what binds a platform's clock.
var originLabels = []pair{
	{"平台单号", "no"}, {"工单编号", "no"}, {"单号", "no"}, {"编号", "no"}, {"number", "no"}, {"no.", "no"}, {"no", "no"},
	{"平台生成时间", "created"}, {"生成时间", "created"}, {"创建时间", "created"}, {"下发时间", "created"}, {"生成", "created"}, {"下发", "created"},
	{"created", "created"}, {"sent", "created"},
	{"平台截止时间", "due"}, {"平台截止", "due"}, {"截止时间", "due"}, {"截止", "due"}, {"deadline", "due"}, {"due", "due"},
}

// origin reads an origin, the marketplace where it is named, and what the labels introduce, in any order.
func (r *reader) origin(c *Command) {
	c.Value, _ = r.oneOf("origin")
	r.drop()
	set := func(name, value string) {
		if c.Options == nil {
			c.Options = map[string]string{}
		}
		c.Options[name] = value
	}
	if p, ok := r.oneOf("platform"); ok {
		set("platform", p)
		r.drop()
	}
	r.lateNumber(c)
	c.Rest = r.segment()
	for !r.done() {
		name, _ := r.label()
		r.skip(func(c rune) bool { return isPause(c) || c == '=' })
		if v := r.segment(); v != "" {
			set(name, v)
		}
	}
}

// segment reads up to the next label, without the pauses around it.
func (r *reader) segment() string {
	from := r.at
	for !r.done() {
		if k := *r; r.at == 0 || isPause(r.peek(-1)) || r.peek(-1) == '-' {
			if _, ok := k.label(); ok {
				break
			}
		}
		r.at++
	}
	return strings.Trim(string(r.raw[from:r.at]), " -—,，、;；。")
}

// label reads one of the labels. Latin ones end as words do.
func (r *reader) label() (string, bool) {
	for _, p := range originLabels {
		t := []rune(p.word)
		if !r.has(t) {
			continue
		}
		if next := r.peek(len(t)); t[0] < 0x80 && next != 0 && next != '=' && !isPause(next) {
			continue
		}
		r.at += len(t)
		return p.value, true
	}
	return "", false
}

// staffWords tell that a time comes from the platform's own staff, officeWords that it stands in the back office. Longest first.
var (
	staffWords = []string{"agreed with the platform", "the platform moved it to", "platform staff say", "the platform agreed", "platform agreed",
		"the platform says", "platform says", "platform staff", "平台小二说", "平台小二", "小二改到", "小二同意", "小二答应", "平台改到", "平台同意", "平台答应",
		"小二说", "平台说", "staff say", "staff", "小二"}
	officeWords = []string{"the back office says", "back office says", "back office", "后台显示", "后台改到", "后台写的", "后台"}
)

// staffSaid takes such words out of a text and tells whether the platform's staff gave the time.
func staffSaid(text string) (string, bool) {
	for i, list := range [][]string{staffWords, officeWords} {
		for _, w := range list {
			if rest, ok := without(text, w); ok {
				return rest, i == 0
			}
		}
	}
	return text, false
}

// without cuts a word out of a text; Latin ones only where they are words of their own.
func without(text, word string) (string, bool) {
	r, w := newReader(text), []rune(word)
	for ; !r.done(); r.at++ {
		inside := w[0] < 0x80 && (isLatin(r.peek(-1)) && r.at > 0 || isLatin(r.peek(len(w))) && r.peek(len(w)) != 0)
		if r.has(w) && !inside {
			rest := string(r.raw[:r.at]) + " " + string(r.raw[r.at+len(w):])
			return strings.Trim(rest, " :：,，、"), true
		}
	}
	return text, false
}

// maxTags is how many tags one command may name; what is beyond is left out.
const maxTags = 20

// tags reads +VIP -老客, in any number; what has no sign is added, unless the verb itself removes.
func (r *reader) tags(c *Command, remove bool) {
	between := func(c rune) bool { return strings.ContainsRune(" ,，、;；", c) }
	for r.skip(between); !r.done() && len(c.Add)+len(c.Remove) < maxTags; r.skip(between) {
		gone := remove
		if s := r.peek(0); s == '+' || s == '-' {
			gone = s == '-'
			r.at++
		}
		tag := r.tag(between)
		switch {
		case tag == "":
		case gone:
			c.Remove = append(c.Remove, tag)
		default:
			c.Add = append(c.Add, tag)
		}
	}
}

// tag reads one tag, which quotes may hold together.
func (r *reader) tag(between func(rune) bool) string {
	if _, quoted := closing[r.peek(0)]; quoted {
		return r.value(false)
	}
	from := r.at
	r.skip(func(c rune) bool { return !between(c) })
	return strings.TrimRight(string(r.raw[from:r.at]), "。.!！~～")
}

var (
	// timeOnly is words that may be nothing but a time ahead. What they mean is for others to find out.
	timeOnly = regexp.MustCompile(`^(?:[0-9:点时分秒整半刻号日月年./\-今明后大昨天早上中下午晚间凌晨周星期礼拜一二三四五六七八九十两零〇个小钟内前之以到为至 ,，]` +
		`|by|at|in|on|to|until|before|noon|midnight|today|tonight|tomorrow|morning|afternoon|evening|next|am|pm|a\.m\.|p\.m\.|o'clock` +
		`|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?` +
		`|h|hours?|hrs?|m|mins?|minutes?|s|days?|half|an?)+(?:再说|再提醒)?(?:吧|了|哈)?[。.!！~～ ]*$`)
	// corrected is a time at which something happened, with the reason after it.
	corrected = regexp.MustCompile(`^(?:今天|昨天|今早|today|yesterday)? ?(?:早上|上午|中午|下午|晚上|at )?(?:[0-2]?[0-9]:[0-5][0-9]|[0-2]?[0-9]点(?:半|[0-5]?[0-9]分?)?)(?:[ ,，:：。;；]|$)`)
)

// bareSteer tells whether what a verb that steers clocks is followed by makes one command.
func (r *reader) bareSteer(c *Command, implied string) bool {
	from := *r
	r.steer(c, implied)
	rest := string(folded([]rune(c.Rest)))
	switch c.Verb {
	case Severity, Type:
		return c.Value != "" && ending.MatchString(rest)
	case Origin:
		return c.Value != "" && c.Rest == ""
	case Due, Promise:
		return rest != "" && timeOnly.MatchString(rest)
	case Snooze:
		return rest == "" || timeOnly.MatchString(rest)
	case Correct:
		return corrected.MatchString(rest)
	}
	next := from.peek(0)
	return (next == '+' || next == '-') && len(c.Add)+len(c.Remove) > 0
}

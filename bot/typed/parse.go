package typed

import (
	"strings"
)

// Parse reads the text of a slash command, or words said to the bot. Nothing at all, or nothing but a mention, is a call for
// help, a number alone wants to see that ticket. The only error is [*Unknown].
func Parse(text string) (Command, error) {
	r := newReader(text)
	r.lead()
	if r.done() || r.peek(0) == '@' && !r.more(len(r.token())) {
		return Command{Verb: Help}, nil
	}
	var c Command
	c.Number, c.HasNumber = r.number()
	r.skip(isPause)
	if c.HasNumber && r.done() {
		c.Verb = Show
		return c, nil
	}
	w, ok := r.verb()
	if !ok {
		return Command{}, r.unknown()
	}
	c.Verb = w.entry.verb
	r.skip(isPause)
	if !c.HasNumber && c.Verb != New && c.Verb != Help && !r.dated(c.Verb) {
		if c.Number, c.HasNumber = r.number(); c.HasNumber {
			r.skip(isPause)
		}
	}
	says := implied[string(w.text)]
	r.arguments(&c, says)
	if c.Verb == Note && says != "" { // the word is part of the note
		c.Rest = strings.TrimSpace(string(w.text) + " " + c.Rest)
	}
	return c, nil
}

// verb reads the longest word of the vocabulary that stands here as a word of its own.
func (r *reader) verb() (word, bool) {
	for _, w := range longestFirst {
		if r.has(w.text) && r.ends(w) {
			r.at += len(w.text)
			return w, true
		}
	}
	return word{}, false
}

// ends tells whether a word that stands here ends where it should. Chinese words need no blank before a number, a
// mention or, for 等, a party; verbs that take words need none at all.
func (r *reader) ends(w word) bool {
	next := r.peek(len(w.text))
	switch {
	case next == 0 || isPause(next):
		return true
	case next == '?' && w.entry.verb == Help: // asked rather than ordered
		return true
	case !w.chinese:
		return w.text[len(w.text)-1] == '?'
	case w.entry.loose, next == '@', next == '#', isDigit(next):
		return true
	case w.entry.verb == Wait:
		c := *r
		c.at += len(w.text)
		_, ok := c.party()
		return ok
	case r.steers(w):
		return true
	}
	return r.numberAt(len(w.text)) || r.tail(len(w.text))
}

// tail tells whether only 了, 吧 and the like follow n runes on.
func (r *reader) tail(n int) bool {
	c := *r
	c.at += n
	if !strings.ContainsRune("了吧啦哈", c.peek(0)) || c.peek(0) == 0 {
		return false
	}
	c.at++
	return c.done() || isPause(c.peek(0))
}

func (r *reader) arguments(c *Command, implied string) {
	if steering[c.Verb] {
		r.steer(c, implied)
		return
	}
	switch c.Verb {
	case New:
		r.newTicket(c)
		return
	case Assign:
		r.assign(c)
		return
	case Wait:
		c.Party, _ = r.party()
		r.skip(isPause)
		r.lateNumber(c)
	case Help:
		r.skip(func(c rune) bool { return c == '?' || isPause(c) })
	case Note:
		c.Party = implied
	case Claim, Resume, Urge, Close, Show, Resolve, Replied, Reopen, Discard, Cancel, SendBack, Ack:
		if r.tail(0) {
			r.at++
			r.skip(isPause)
		}
		r.lateNumber(c)
	}
	c.Rest = r.rest()
}

// lateNumber reads a number that is all that remains.
func (r *reader) lateNumber(c *Command) {
	if c.HasNumber {
		return
	}
	k := *r
	n, ok := k.number()
	if k.skip(isPause); ok && k.done() {
		c.Number, c.HasNumber, r.at = n, true, k.at
	}
}

// assign reads a person and, before or after, a number.
func (r *reader) assign(c *Command) {
	for _, w := range []string{"给", "to "} {
		if r.has([]rune(w)) {
			r.at += len([]rune(w))
			r.skip(isBlank)
		}
	}
	r.skip(func(c rune) bool { return c == '@' || c == ' ' })
	from := r.at
	r.skip(func(c rune) bool { return !isPause(c) })
	c.Who = string(r.raw[from:r.at])
	r.skip(isPause)
	if !c.HasNumber {
		if c.Number, c.HasNumber = r.number(); c.HasNumber {
			r.skip(isPause)
		}
	}
	c.Rest = r.rest()
}

// party reads whom a ticket waits for; the longest word counts.
func (r *reader) party() (string, bool) {
	for _, w := range []string{"for ", "on ", "the "} {
		if r.has([]rune(w)) {
			r.at += len(w)
		}
	}
	best := pair{}
	for _, p := range parties {
		if t := []rune(p.word); r.has(t) && len(p.word) > len(best.word) && !(t[0] < 0x80 && isLatin(r.peek(len(t)))) {
			best = p
		}
	}
	r.at += len([]rune(best.word))
	return best.value, best.word != ""
}

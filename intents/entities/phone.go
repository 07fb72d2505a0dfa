package entities

import "strings"

// grouped reads numbers written in groups at i: phones with separators, the
// Pinduoduo form yymmdd-15 digits, and long numbers somebody spaced for reading.
func (d *doc) grouped(i int) (numbered, int, bool) {
	if d.phoneOpens(i-1) || isAlnum(d.at(i-1)) && i > 0 {
		return numbered{}, 0, false
	}
	groups, end, plus, paren := d.groups(i)
	if len(groups) == 0 {
		return numbered{}, 0, false
	}
	for n := len(groups); n >= 1; n-- {
		gs := groups[:n]
		stop := gs[n-1].end
		if n == len(groups) {
			stop = end
		}
		if n == 1 && !plus && !paren {
			break
		}
		if e, ok := d.groupType(i, stop, gs, plus, paren); ok {
			if e.Type == Phone {
				e.Entity = d.extended(e.Entity)
			}
			return e, e.End, true
		}
	}
	return numbered{}, 0, false
}

// groups collects runs of digits parted by one separator each.
func (d *doc) groups(i int) (gs []span, end int, plus, paren bool) {
	for d.at(i) == '+' || d.at(i) == '(' {
		plus = plus || d.at(i) == '+'
		paren = paren || d.at(i) == '('
		i++
	}
	for len(gs) < 8 {
		s := i
		for isDigit(d.at(i)) {
			i++
		}
		if i == s || isLetter(d.at(i)) {
			break
		}
		gs = append(gs, span{s, i})
		end = i
		seps := 0
		for seps < 2 && strings.ContainsRune(" -().·\u200b", orX(d.at(i))) {
			i++
			seps++
		}
		if seps == 0 {
			break
		}
	}
	return gs, end, plus, paren
}

func orX(c rune) rune {
	if c == 0 {
		return 'x'
	}
	return c
}

func (d *doc) groupType(start, end int, gs []span, plus, paren bool) (numbered, bool) {
	var b strings.Builder
	for _, g := range gs {
		b.WriteString(string(d.r[g.start:g.end]))
	}
	t := b.String()
	s := span{start, end}
	if len(gs) == 2 && len(t) == 21 && gs[0].end-gs[0].start == 6 && d.at(gs[0].end) == '-' {
		return d.pinduoduo(s, t), true
	}
	if looksLikePhone(t, lengths(gs), plus, paren) {
		l := d.labelAt(start)
		if l.kind == kindNone || l.kind == kindPhone || plus {
			return d.make(s, Phone, phoneValue(t, plus), "", l.kind == kindPhone || plus), true
		}
	}
	if len(gs) > 1 && len(t) >= 12 && len(t) <= 20 && even(gs) {
		if typ, ok := d.labelledType(t, len(t), d.labelAt(start)); ok && typ != Phone {
			return d.make(s, typ, t, "", true), true
		}
	}
	return numbered{}, false
}

func (d *doc) pinduoduo(s span, t string) numbered {
	value := t[:6] + "-" + t[6:]
	switch l := d.labelAt(s.start); l.kind {
	case kindAfterSale, kindPlatform:
		return d.make(s, kindTypes[l.kind], value, "pinduoduo", true)
	}
	if _, ok := d.platformBefore(s); ok {
		return d.make(s, PlatformNo, value, "pinduoduo", true)
	}
	return d.make(s, Order, value, "pinduoduo", true)
}

// even is true where the groups look like one number spaced for reading: each
// of three to six digits.
func even(gs []span) bool {
	for _, n := range lengths(gs) {
		if n < 2 || n > 8 {
			return false
		}
	}
	return true
}

func lengths(gs []span) []int {
	ls := make([]int, len(gs))
	for i, g := range gs {
		ls[i] = g.end - g.start
	}
	return ls
}

func looksLikePhone(t string, ls []int, plus, paren bool) bool {
	n := len(t)
	if plus && strings.HasPrefix(t, "86") {
		rest := strings.TrimPrefix(t[2:], "0")
		return isMobile(rest) || len(rest) >= 9 && len(rest) <= 11
	}
	if plus {
		return n >= 8 && n <= 15
	}
	if len(ls) == 1 {
		return false
	}
	if isMobile(t) {
		return is(ls, 3, 4, 4) || is(ls, 3, 8) || is(ls, 4, 7) || is(ls, 7, 4) || is(ls, 3, 3, 5) || is(ls, 5, 6) || is(ls, 3, 3, 3, 2) || is(ls, 4, 4, 3)
	}
	if strings.HasPrefix(t, "86") && isMobile(t[2:]) {
		return ls[0] == 2
	}
	if strings.HasPrefix(t, "400") || strings.HasPrefix(t, "800") {
		return n == 10
	}
	if t[0] == '0' {
		return n >= 9 && n <= 12 && ls[0] >= 2 && ls[0] <= 4 && ls[len(ls)-1] >= 4 && !is(ls, 4, 4, 4)
	}
	if n == 10 && is(ls, 3, 3, 4) && t[0] >= '2' {
		return true
	}
	return paren && n >= 9 && n <= 13 && ls[len(ls)-1] >= 4
}

func is(got []int, want ...int) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i] {
			return false
		}
	}
	return true
}

// phoneValue is the number as one would dial it: digits only, "+" and country
// code kept except China's.
func phoneValue(t string, plus bool) string {
	if strings.HasPrefix(t, "86") && len(t) >= 12 && (plus || isMobile(t[2:])) {
		return t[2:]
	}
	if plus {
		return "+" + t
	}
	return t
}

// extended takes the extension into a phone; its value joins both with "-".
func (d *doc) extended(e Entity) Entity {
	end := d.extension(e.End)
	if end == e.End {
		return e
	}
	i := end
	for isDigit(d.at(i - 1)) {
		i--
	}
	e.Value += "-" + string(d.r[i:end])
	e.End = end
	return e
}

// extension takes in "转123", "ext. 4" and the tail of a virtual number (-1234).
func (d *doc) extension(i int) int {
	j := d.spaces(i)
	for _, w := range []string{"转", "分机", "ext.", "ext", "x", "-"} {
		e := d.lit(j, w)
		if e < 0 || w == "-" && j != i {
			continue
		}
		e = d.spaces(e)
		k := e
		for isDigit(d.at(k)) {
			k++
		}
		if k > e && k-e <= 6 && !isAlnum(d.at(k)) {
			return k
		}
	}
	return i
}

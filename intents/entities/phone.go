package entities

import (
	"regexp"
	"strings"
)

// parted reads a number with separators inside, from the surest form to the least.
func (d *doc) parted(i int) (numbered, int, bool) {
	if d.phoneOpens(i-1) || isAlnum(d.at(i-1)) && i > 0 {
		return numbered{}, 0, false
	}
	for _, read := range []func(int) (numbered, int, bool){d.spacedID, d.spacedWaybill, d.dashed, d.grouped} {
		if n, end, ok := read(i); ok {
			return n, end, true
		}
	}
	return numbered{}, 0, false
}

// spacedID reads a resident number parted after the region and the birth date.
func (d *doc) spacedID(i int) (numbered, int, bool) {
	var b strings.Builder
	e := i
	for _, n := range []int{6, 8, 4} {
		if e > i {
			if c := d.at(e); c != ' ' && c != '-' {
				return numbered{}, 0, false
			}
			e++
		}
		s := e
		for isAlnum(d.at(e)) && e-s < n {
			b.WriteRune(d.r[e])
			e++
		}
		if e-s != n {
			return numbered{}, 0, false
		}
	}
	if t := b.String(); !isAlnum(d.at(e)) && isIDNumber(t) {
		return d.make(span{i, e}, ID, strings.ToUpper(t), "", true), e, true
	}
	return numbered{}, 0, false
}

// spacedWaybill reads a waybill with a courier's letters and blanks inside: SF 1234
// 5678 9012 3, EB 123 456 785 CN.
func (d *doc) spacedWaybill(i int) (numbered, int, bool) {
	e := i
	for isLetter(d.at(e)) && e-i < 5 {
		e++
	}
	letters := e - i
	if letters < 2 || isLetter(d.at(e)) {
		return numbered{}, 0, false
	}
	t := []rune(d.text(span{i, e}))
	for end := e; len(t) <= 24; {
		j := end
		if c := d.at(j); c == ' ' || c == '-' && j > e {
			j++
		}
		k := j
		for isDigit(d.at(k)) {
			k++
		}
		t, end = append(t, d.r[j:k]...), k
		if k == j || k-j < 3 && isDigit(d.at(k+1)) {
			return d.closeWaybill(i, j, t[:len(t)-(k-j)])
		}
	}
	return numbered{}, 0, false
}

// closeWaybill takes the country letters of a postal number and asks for the shape.
func (d *doc) closeWaybill(i, end int, t []rune) (numbered, int, bool) {
	j := end
	if d.at(j) == ' ' {
		j++
	}
	if isLetter(d.at(j)) && isLetter(d.at(j+1)) && !isAlnum(d.at(j+2)) && len(t) == 11 {
		t, end = append(t, d.r[j], d.r[j+1]), j+2
	}
	for end > i && !isAlnum(d.at(end-1)) {
		end--
	}
	carrier := carrierShape(string(t))
	if name := d.text(span{i, min(i+4, len(d.r))}); name == "zto " || name == "sto " {
		return numbered{}, 0, false // a courier's name before a number that has no letters
	}
	if carrier == "" || isAlnum(d.at(end)) || end-i == len(t) {
		return numbered{}, 0, false
	}
	return d.make(span{i, end}, Waybill, strings.ToUpper(string(t)), carrier, true), end, true
}

// dashed reads a code with letters and dashes, such as SO-2026-00123, behind a label for
// orders or cases. T-1042 is a ticket of our own.
func (d *doc) dashed(i int) (numbered, int, bool) {
	e, dashes := i, 0
	if !isLetter(d.r[i]) {
		return numbered{}, 0, false
	}
	for e-i <= 30 && (isAlnum(d.at(e)) || d.at(e) == '-' && e > i && isAlnum(d.at(e+1))) {
		if d.at(e) == '-' {
			dashes++
		}
		e++
	}
	t := d.text(span{i, e})
	if dashes == 0 || e-i > 30 || d.at(i+1) == '-' || countDigits(t) < 5 {
		return numbered{}, 0, false
	}
	l := d.labelAt(i)
	if l.kind != kindOrder && l.kind != kindAfterSale && l.kind != kindPlatform {
		return numbered{}, 0, false
	}
	return d.make(span{i, e}, kindTypes[l.kind], strings.ToUpper(t), l.hint, true), e, true
}

// grouped reads numbers written in groups at i: phones with separators, the
// Pinduoduo form yymmdd-15 digits, and long numbers somebody spaced for reading.
func (d *doc) grouped(i int) (numbered, int, bool) {
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
			e.Entity = d.extended(e.Entity)
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
		if i == s || isLetter(d.at(i)) || len(gs) > 0 && d.at(s-1) == ' ' && dated.MatchString(string(d.r[s:min(len(d.r), s+dateReach)])) {
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

// dated is a date with or without a year: it is no further group of the number before it.
var dated = regexp.MustCompile(`^20[0-9]{2}[-.][0-9]{1,2}[-.][0-9]{1,2}(?:[^0-9-]|$)|^[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}`)

// dateReach is how many code points such a date takes.
const dateReach = 14

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
	bare := span{gs[0].start, gs[len(gs)-1].end}
	if len(gs) == 2 && d.at(gs[0].end) == '-' && gs[1].end-gs[1].start == 15 && (len(t) == 21 || len(t) == 23 && t[:2] == "20") {
		return d.pinduoduo(bare, t), true
	}
	if isIDNumber(t) {
		return d.make(bare, ID, t, "", true), true
	}
	if looksLikePhone(t, lengths(gs), plus, paren) {
		l := d.labelAt(start)
		if l.kind == kindNone || l.kind == kindPhone || plus {
			return d.make(s, Phone, phoneValue(t, plus), "", l.kind == kindPhone || plus), true
		}
	}
	if len(gs) > 1 && len(t) >= 12 && len(t) <= 22 && (even(gs) || d.broken(t, gs)) {
		l := d.labelAt(start)
		if typ, ok := d.labelledType(t, len(t), l); ok && typ != Phone {
			return d.make(bare, typ, t, l.hint, true), true
		}
	}
	return numbered{}, false
}

func (d *doc) pinduoduo(s span, t string) numbered {
	value := t[:len(t)-15] + "-" + t[len(t)-15:]
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

// broken tells an order's number that a blank has broken in two.
func (d *doc) broken(t string, gs []span) bool {
	second := d.text(gs[len(gs)-1])
	return len(gs) == 2 && (len(t) == 18 || len(t) == 19) && !isMobile(second) && !isMobile(d.text(gs[0])) && d.at(gs[0].end) == ' '
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
	if strings.HasPrefix(t, "0086") && n >= 13 && n <= 16 {
		return ls[0] == 4
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
	if strings.HasPrefix(t, "0086") {
		return t[4:]
	}
	if strings.HasPrefix(t, "86") && len(t) >= 12 && (plus || isMobile(t[2:])) {
		return t[2:]
	}
	if plus {
		return "+" + t
	}
	return t
}

// extended takes in what belongs to a number: a telephone's extension, whose value is
// joined by "-", and the parcel count of a 京东 waybill (-1-1-).
func (d *doc) extended(e Entity) Entity {
	if e.Type == Waybill && e.Hint == "jd" {
		e.End = d.parcelCount(e.End)
		return e
	}
	if e.Type != Phone {
		return e
	}
	from, to, end := d.extension(e.End, isMobile(e.Value))
	if to > from {
		e.Value += "-" + string(d.r[from:to])
		e.End = end
	}
	return e
}

// parcelCount reads -1-1- after i and returns where it ends, or i.
func (d *doc) parcelCount(i int) int {
	j := i
	for range 2 {
		k := j + 1
		for isDigit(d.at(k)) && k-j < 3 {
			k++
		}
		if d.at(j) != '-' || k == j+1 {
			return i
		}
		j = k
	}
	if d.at(j) == '-' {
		j++
	}
	return j
}

// extension finds "转123", "ext. 4" and the tail of a virtual number (-1234, [1234]):
// its digits from and to, and where it ends with its mark.
func (d *doc) extension(i int, mobile bool) (from, to, end int) {
	j := d.spaces(i)
	for _, w := range []string{"转", "分机", "ext.", "ext", "x", "-", "#", ",", "["} {
		e := d.lit(j, w)
		tight := strings.ContainsAny(w, "-#,[")
		if e < 0 || tight && j != i {
			continue
		}
		e = d.spaces(e)
		k := e
		for isDigit(d.at(k)) {
			k++
		}
		most, least := 6, 1
		if tight && w != "-" {
			most, least = 4, 3
		}
		if w == "," || w == "[" {
			least = 4
		}
		if k-e < least || k-e > most || isAlnum(d.at(k)) || tight && w != "-" && !mobile {
			continue
		}
		if w == "[" {
			if d.at(k) != ']' {
				continue
			}
			return e, k, k + 1
		}
		if w == "," && d.at(k) > 0x2E80 && strings.ContainsRune("件个元块年月日号点份双套箱", d.at(k)) {
			continue
		}
		return e, k, k
	}
	return 0, 0, i
}

// findSpokenPhones finds mobile numbers spelled in Chinese numerals, also in part.
func (d *doc) findSpokenPhones() {
	if !d.marks.numeral {
		return
	}
	for i := 0; i < len(d.r); {
		v, end, han := d.spoken(i)
		if han && isMobile(v) {
			d.add(rankShape, Entity{Type: Phone, Value: v, Start: i, End: end})
		}
		i = max(end, i+1)
	}
}

// spoken reads a run of digits, Chinese or not, with single blanks or dashes inside.
func (d *doc) spoken(i int) (v string, end int, han bool) {
	var b strings.Builder
	end = i
	for j := i; j < len(d.r) && b.Len() < 24; j++ {
		c := d.r[j]
		n := hanDigit(c)
		switch {
		case c == '幺':
			n = 1
		case c == '两', c == '俩':
			n = -1
		}
		switch {
		case isDigit(c):
			b.WriteRune(c)
		case n >= 0:
			b.WriteByte(byte('0' + n))
			han = true
		case (c == ' ' || c == '-') && j == end && j > i:
			continue
		default:
			return b.String(), end, han
		}
		end = j + 1
	}
	return b.String(), end, han
}

package entities

import (
	"slices"
	"strings"
	"unicode"
)

// called hides who is called by "@", however long the name is: blanks that do not break belong to it.
func (n *net) called() {
	for i, c := range n.runes {
		if c != '@' && c != '﹫' {
			continue
		}
		from := i + 1
		for from-i < 3 && decorates(n.at(from)) {
			from++
		}
		if n.at(from) == ' ' && n.doc.hanName(from+1) > 0 {
			from++
		}
		n.catch(Name, from, n.calledTo(from))
	}
}

// calledTo is the end of the name that begins at i.
func (n *net) calledTo(i int) int {
	e, han, bound := i, 0, false
	for e-i < 64 && !bound {
		switch c := n.at(e); {
		case c == 0xA0:
			return n.unbroken(i)
		case isHan(c):
			han++
			e++
		case isWord(c), e > i && strings.ContainsRune("·._'’-", orX(c)) && c != 0 && (isWord(n.at(e+1)) || c == '_'):
			e++
		default:
			bound = true
		}
	}
	if n.at(e) == '，' && n.at(e+1) == 0xA0 || n.at(e) == ',' && n.at(e+1) == 0xA0 {
		return n.unbroken(i)
	}
	switch {
	case han == 1 && e == i+1 && n.at(e) == ' ' && isHan(n.at(e+1)) && !isHan(n.at(e+3)): // 王 小明
		return e + 3
	case han == e-i:
		return i + n.hanCalled(i, e)
	case han == 0 && n.at(e) == ' ' && unicode.IsUpper(n.at(i)) && unicode.IsUpper(n.at(e+1)):
		return n.family(e)
	}
	return e
}

// hanCalled is how many of the characters from i to e are a name, when text may follow it without a blank.
func (n *net) hanCalled(i, e int) int {
	size := e - i
	switch {
	case size <= 4:
		return size
	case slices.ContainsFunc(compound, func(w string) bool { return n.doc.lit(i, w) >= 0 }):
		return 4
	case n.doc.hanName(i) > 0, strings.ContainsRune("小老大", n.at(i)):
		return 3
	}
	return min(size, 8)
}

// family steps over the family name after the blank at e.
func (n *net) family(e int) int {
	to := e + 1
	for unicode.IsLetter(n.at(to)) || strings.ContainsRune("'’-", orX(n.at(to))) && n.at(to) != 0 {
		to++
	}
	if notNames[strings.ToLower(string(n.runes[e+1:to]))] {
		return e
	}
	return to
}

// unbroken is the end of a name with blanks that do not break.
func (n *net) unbroken(i int) int {
	e := i
	for c := n.at(e); c != 0 && e-i < 64; c = n.at(e) {
		if c != 0xA0 && (unicode.IsSpace(c) || strings.ContainsRune("@，。,:；;!！?？\x1e", c) && n.at(e+1) != 0xA0) {
			break
		}
		e++
	}
	return e
}

// channels hides the names of channels: #售后-王小明. They have no capitals.
func (n *net) channels() {
	for i, c := range n.runes {
		if c != '#' || !unicode.IsLetter(n.at(i+1)) || isWord(n.at(i-1)) {
			continue
		}
		e, digits, parts, capitals := i+1, 0, 0, false
		for c := n.at(e); isWord(c) || c == '_' || c == '-'; c = n.at(e) {
			capitals = capitals || unicode.IsUpper(c)
			if unicode.IsDigit(c) {
				digits++
			}
			if c > 0x7F || c == '-' || c == '_' {
				parts++
			}
			e++
		}
		if !capitals && (digits == 0 || parts > 0) { // #ab123 is a number of something
			n.catch(Name, i+1, min(e, i+81))
		}
	}
}

package entities

// A number of which a marketplace shows but a part (138****5678) is nobody's order, amount or telephone: what is left of it
// would find the wrong one. It is taken, so that nothing else reads its digits, and not reported.

const (
	leastMask = 3 // "*" and "**" mark bold words
	// What stands beside a mask is short: a whole number beside stars is one that somebody wanted to stand out.
	mostBefore = 11
	mostAfter  = 8
)

// masked reads 138****5678, 138 xxxx 5678, 2024****, ****5678 at i, and gives the index after it.
func (d *doc) masked(i int) (end int, ok bool) {
	if isAlnum(d.at(i-1)) || isMask(d.at(i-1)) {
		return 0, false
	}
	e := d.digitsTo(i)
	before := e - i
	m := d.maskFrom(e, before > 0)
	stars := d.maskTo(m) - m
	if stars < leastMask || before > mostBefore {
		return 0, false
	}
	end = m + stars
	a := d.maskFrom(end, true)
	after := d.digitsTo(a) - a
	switch {
	case after > 0 && after <= mostAfter:
		end = a + after
	case before < 2 || after > 0:
		return 0, false
	}
	if c := d.at(end); isAlnum(c) || isMask(c) {
		return 0, false
	}
	return end, true
}

// maskFrom steps over the blank or dash that may part digits from their mask.
func (d *doc) maskFrom(i int, may bool) int {
	if c := d.at(i); may && (c == ' ' || c == '-') {
		return i + 1
	}
	return i
}

func (d *doc) digitsTo(i int) int {
	for isDigit(d.at(i)) {
		i++
	}
	return i
}

// maskTo is the end of a run of one mark.
func (d *doc) maskTo(i int) int {
	c := d.at(i)
	if !isMask(c) && c != 'x' {
		return i
	}
	for d.at(i) == c {
		i++
	}
	return i
}

func isMask(c rune) bool {
	switch c {
	case '*', '●', '•', '█', '■', '○', '×', '﹡', '✱':
		return true
	}
	return false
}

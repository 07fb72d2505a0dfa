package entities

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// The labels before an address: behind a sign everything up to the end of the clause is one, else what begins like one.
var (
	placeLabel  = regexp.MustCompile(`(?:地址|住址|寄到|发到|送到|寄往|发往|(?i:\b(?:address|addr|ship(?:ped|ping)? to|deliver(?:ed)? to|send to)\b))` + which + sure)
	placeMoved  = regexp.MustCompile(`(?:地址|住址|寄到|发到|送到|寄往|发往)` + which + `(?:改成|改为|改到|换成|换到|变更为|更改为|应该是|\n|[ \f是为]){1,3}`)
	placeNext   = regexp.MustCompile(`(?:^|\x1e\n)[\s]*(?:新|收货|收件|退货|(?i:new|shipping) )?(?:地址|(?i:address))\s*\x1e\s*`) // a message of the label alone
	placeLatin  = regexp.MustCompile(`(?i:\b(?:address|addr|ship(?:ped|ping)? to|deliver(?:ed)? to|send to)\b)(?: to| is| was)? ?-?\s?`)
	placeMarked = []string{"址", "寄到", "发到", "送到", "寄往", "发往", "addr", "ship", "deliver", "send to"}
	dwelling    = regexp.MustCompile(`^(?:[0-9]|(?i:flat|apt|apartment|unit|suite|room|house|building|block|floor|no|po box|p\.o\.)\b)`)
)

const (
	mostPlace = 100 // characters of an address up to the end of the clause
	mostPart  = 40  // of each part that follows
	mostParts = 8
)

// dwellings hides what stands behind a label for addresses, with the parts of it after commas and on the next lines.
func (n *net) dwellings() {
	if !slices.ContainsFunc(placeMarked, func(w string) bool { return strings.Contains(n.lower, w) }) {
		return
	}
	for _, at := range placeLabel.FindAllStringIndex(n.text, -1) {
		n.place(n.index[at[1]], 2, true)
	}
	for _, at := range placeNext.FindAllStringIndex(n.text, -1) {
		n.place(n.index[at[1]], 2, true)
	}
	for _, at := range placeMoved.FindAllStringIndex(n.text, -1) {
		n.place(n.index[at[1]], 4, true)
	}
	for _, at := range placeLatin.FindAllStringIndex(n.text, -1) {
		rest := n.text[at[1]:]
		switch {
		case dwelling.MatchString(rest):
			n.place(n.index[at[1]], 5, false)
		case rest != "" && unicode.IsUpper([]rune(rest[:min(4, len(rest))])[0]):
			n.titled(n.index[at[1]])
		}
	}
}

// place hides the clause that begins at i, if it has so many characters, and what follows of the address. Where no sign
// made it sure, what is said after a comma ends it.
func (n *net) place(i, least int, signed bool) {
	for i < len(n.runes) && (n.runes[i] == ' ' || decorates(n.runes[i])) {
		i++
	}
	e := i
	for e < len(n.runes) && e-i < mostPlace && !strings.ContainsRune("\n\x1e，；;！!？?。", n.runes[e]) && !n.sentence(e) && (signed || n.runes[e] != ',' || n.goesOn(e+1)) {
		e++
	}
	if e-i >= least {
		n.catch(Address, i, e)
		n.parts(e)
	}
}

// goesOn tells whether what stands after the comma before i may be of an address, also in small letters.
func (n *net) goesOn(i int) bool {
	e := i
	for e < len(n.runes) && e-i < mostPart && !strings.ContainsRune(",，;；。.!！?？\n\x1e", n.runes[e]) {
		e++
	}
	words := strings.Fields(strings.ToLower(string(n.runes[i:e])))
	return len(words) < 6 && !slices.ContainsFunc(words, func(w string) bool { return notNames[w] })
}

// sentence tells whether a full stop ends one at i, rather than a short word: St. Apt.
func (n *net) sentence(i int) bool {
	if n.at(i) != '.' || n.at(i+1) != ' ' || !unicode.IsUpper(n.at(i+2)) {
		return false
	}
	for k := 1; k <= 4; k++ {
		if !unicode.IsLetter(n.at(i - k)) {
			return k == 1 || unicode.IsDigit(n.at(i-k))
		}
	}
	return true
}

// titled hides the words at i that are written like a name, and what follows of the address.
func (n *net) titled(i int) {
	e := i
	for e < len(n.runes) && e-i < mostPart && !strings.ContainsRune(",，;；。!！?？\n\x1e", n.runes[e]) {
		e++
	}
	to, count := i, 0
	for _, w := range strings.SplitAfter(string(n.runes[i:e]), " ") {
		bare := strings.TrimSpace(w)
		if bare == "" || !linking[bare] && (!inCapitals(bare) || notNames[strings.ToLower(bare)]) {
			break
		}
		to, count = to+len([]rune(w)), count+1
	}
	more := false
	if to == e {
		_, _, next := n.part(e)
		more = placed(next) && !isHan([]rune(next)[0])
	}
	if count > 1 || count == 1 && more { // one word alone is a country
		n.catch(Address, i, to)
		n.parts(to)
	}
}

// part is what stands between the commas, or on the line, after i; an empty one ends an address.
func (n *net) part(i int) (start, end int, text string) {
	lines := 0
	for i < len(n.runes) && lines < 3 && strings.ContainsRune(" ，,、;；\n/|*_`", n.runes[i]) {
		if n.runes[i] == '\n' {
			lines++
		}
		i++
	}
	e := i
	for e < len(n.runes) && e-i < mostPart && !strings.ContainsRune("，,、;；。!！?？\n\x1e|", n.runes[e]) && (n.free(e) || !n.over(e, e+1, Time, Amount)) {
		e++
	}
	text = strings.TrimRight(string(n.runes[i:e]), " ")
	for short := text; ; { // 502 坏了: as many words as look like it
		if placed(short) {
			return i, i + len([]rune(short)), short
		}
		last := strings.LastIndexByte(short, ' ')
		if last < 0 {
			return i, e, text
		}
		short = strings.TrimRight(short[:last], " ")
	}
}

// parts hides what follows an address that ends at i, as long as it looks like more of it.
func (n *net) parts(i int) {
	for range mostParts {
		start, end, part := n.part(i)
		switch {
		case part == "":
			return
		case IsName(part):
			n.catch(Name, start, end)
		case placed(part):
			n.catch(Address, start, end)
		case !n.over(start, end, Phone, Address, Name):
			return
		}
		i = end
	}
}

// placed tells whether a part between commas or lines is one of an address: 3栋, 502, 翠苑 3-2-502, London NW1 6XE.
func placed(part string) bool {
	d := newDoc(part)
	digits, han := false, false
	for _, c := range strings.ReplaceAll(string(d.r), "单元", "") {
		digits, han = digits || isDigit(c), han || isHan(c)
		if talk(c) || strings.ContainsRune("不坏碎破催急改件个双只次天单元码盒袋瓶包台块折%", c) {
			return false
		}
	}
	if han {
		l, _ := d.suffixEnding(len(d.r))
		return digits || l != levelNone || slices.ContainsFunc(tails, func(t string) bool { return strings.HasSuffix(part, t) })
	}
	words := strings.Fields(part)
	if len(words) == 0 || len(words) > 6 || notNames[strings.ToLower(words[0])] {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !linking[w] && !inCapitals(w) && !streets[strings.ToLower(w)] })
}

// inCapitals tells a word that begins with a capital or a digit.
func inCapitals(w string) bool {
	c := []rune(w)[0]
	return unicode.IsUpper(c) || unicode.IsDigit(c) || c == '#' || c == '('
}

var (
	linking = wordSet("of the on de la le du upon and st")
	streets = wordSet("flat apt apartment unit suite room house building block floor street st road rd avenue ave lane ln drive dr court ct square close way place mews terrace ny ca tx")
)

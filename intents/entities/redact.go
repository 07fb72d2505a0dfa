package entities

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// placeholderNames are the words in the placeholders, by type. Times and amounts
// stay, unless they hold a long run of digits: they identify nobody and a model needs
// them.
var placeholderNames = map[Type]string{
	Order: "ORDER", AfterSale: "AFTERSALE", PlatformNo: "PLATFORM", Waybill: "TRACK", Phone: "PHONE", Email: "EMAIL", ID: "IDNO", Address: "ADDR", Name: "NAME", URL: "URL",
}

var placeholder = regexp.MustCompile(`<[A-Z]{1,12}_[0-9]{1,9}>`)

// longDigits is the shortest run of digits that must not leave the process.
const longDigits = 7

// piece is a part of the text to be replaced, in code points.
type piece struct {
	start, end int
	name       string
}

// Redact replaces what identifies a person or a parcel by typed placeholders
// such as <ORDER_1>, and any other run of seven or more digits by <NUM_1>: digits of any
// script and Chinese numerals, also with blanks, dashes and the like between them. What
// stands after "地址：" is an address whatever it looks like. found are the entities of
// text as Find reports them. The function it returns puts the originals back wherever the
// placeholders stand, in the same text or another one; text that looked like a
// placeholder before is kept apart (<LIT_1>), so nobody can smuggle one in.
// restore(redacted) == text always holds for valid UTF-8.
func Redact(text string, found []Entity) (redacted string, restore func(string) string) {
	c := cutter{runes: []rune(text)}
	c.taken = make([]bool, len(c.runes))
	c.literals(text)
	for _, e := range found {
		if e.Start < 0 || e.End > len(c.runes) || e.Start >= e.End {
			continue
		}
		if name, ok := placeholderNames[e.Type]; ok {
			c.rest(e.Start, e.End, name) // what looks like a placeholder within it is taken already
		} else {
			c.kept = append(c.kept, e)
		}
	}
	slices.SortFunc(c.kept, func(a, b Entity) int { return cmp.Compare(a.Start, b.Start) })
	c.loose(text)
	c.digits()
	return replace(c.runes, c.pieces)
}

// cutter collects the pieces of a text that are to be replaced. No two overlap.
type cutter struct {
	runes  []rune
	taken  []bool
	kept   []Entity // times and amounts
	pieces []piece
}

func (c *cutter) take(start, end int, name string) {
	c.pieces = append(c.pieces, piece{start, end, name})
	for i := start; i < end; i++ {
		c.taken[i] = true
	}
}

// rest takes what is free between two places, piece by piece.
func (c *cutter) rest(start, end int, name string) {
	for i := start; i < end; i++ {
		from := i
		for i < end && !c.taken[i] {
			i++
		}
		if i > from {
			c.take(from, i, name)
		}
	}
}

// literals takes what looks like a placeholder already.
func (c *cutter) literals(text string) {
	if !strings.Contains(text, "<") {
		return
	}
	for _, m := range placeholder.FindAllStringIndex(text, -1) {
		start := utf8.RuneCountInString(text[:m[0]])
		c.take(start, start+m[1]-m[0], "LIT")
	}
}

// What is hidden though no rule knows it: what follows a label for addresses, and what
// has the shape of an e-mail address in any script.
var (
	afterAddress = regexp.MustCompile(`(?i:地址|住址|address)[ \t]{0,3}[:：=＝][ \t]{0,3}([^\n\x1e，。；;！!？?]{4,80})`)
	mailLike     = regexp.MustCompile(`([\p{L}\p{N}._%+-]{1,64} ?[@＠] ?[\p{L}\p{N}-]{1,63}(?: ?[.．。] ?\p{L}[\p{L}\p{N}-]{1,62})+)`)
)

func (c *cutter) loose(text string) {
	if strings.Contains(text, "址") || strings.Contains(text, "ddress") || strings.Contains(text, "DDRESS") {
		c.catch(text, afterAddress, placeholderNames[Address])
	}
	if strings.ContainsAny(text, "@＠") {
		c.catch(text, mailLike, placeholderNames[Email])
	}
}

func (c *cutter) catch(text string, re *regexp.Regexp, name string) {
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		start := utf8.RuneCountInString(text[:m[2]])
		c.rest(start, start+utf8.RuneCountInString(text[m[2]:m[3]]), name)
	}
}

// digits takes long runs of digits, and the times and amounts that hold one as a whole.
func (c *cutter) digits() {
	for i := 0; i < len(c.runes); {
		if c.taken[i] || !digitLike(c.runes[i]) {
			i++
			continue
		}
		end, n := c.run(i)
		if n >= longDigits {
			start, stop, name := c.around(i, end)
			c.rest(start, stop, name)
			end = max(end, stop)
		}
		i = end
	}
}

// around widens a run to the time or amount that it belongs to.
func (c *cutter) around(start, end int) (int, int, string) {
	name := "NUM"
	first, _ := slices.BinarySearchFunc(c.kept, start, func(e Entity, at int) int { return cmp.Compare(e.End, at+1) })
	for _, e := range c.kept[first:] {
		if e.Start >= end {
			break
		}
		if e.Start <= start && e.End >= end {
			name = map[Type]string{Time: "TIME", Amount: "SUM"}[e.Type]
		}
		start, end = min(start, e.Start), max(end, e.End)
	}
	return start, end, name
}

// mostSigns is how many characters may part two digits of one number.
const mostSigns = 3

// run gives the end of the digits from i on, with signs but no words between them, and
// how many they are.
func (c *cutter) run(i int) (end, n int) {
	signs := 0
	for j := i; j < len(c.runes) && !c.taken[j] && signs <= mostSigns; j++ {
		switch r := c.runes[j]; {
		case digitLike(r):
			n, end, signs = n+1, j+1, 0
		case unseen(r):
		case unicode.IsLetter(r), strings.ContainsRune("<>¥￥$€£%％\x1e", r), (r == ':' || r == '：') && !c.longAfter(j):
			return end, n
		default:
			signs++
		}
	}
	return end, n
}

// longAfter reports whether three digits follow: a colon before fewer is a clock's.
func (c *cutter) longAfter(j int) bool {
	return j+3 < len(c.runes) && digitLike(c.runes[j+1]) && digitLike(c.runes[j+2]) && digitLike(c.runes[j+3])
}

// digitLike tells digits and other numerals of any script, and the Chinese ones by
// which numbers are read out.
func digitLike(c rune) bool {
	return isDigit(c) || c >= 0x80 && (unicode.IsNumber(c) || isHan(c) && (hanDigit(c) >= 0 || c == '幺'))
}

func replace(r []rune, pieces []piece) (string, func(string) string) {
	at := make(map[int]piece, len(pieces))
	for _, p := range pieces {
		at[p.start] = p
	}
	names := map[string]string{} // original with its type → placeholder
	originals := map[string]string{}
	counts := map[string]int{}
	var b strings.Builder
	for i := 0; i < len(r); {
		p, ok := at[i]
		if !ok {
			b.WriteRune(r[i])
			i++
			continue
		}
		original := string(r[p.start:p.end])
		key := p.name + " " + original
		if names[key] == "" {
			counts[p.name]++
			names[key] = "<" + p.name + "_" + strconv.Itoa(counts[p.name]) + ">"
			originals[names[key]] = original
		}
		b.WriteString(names[key])
		i = p.end
	}
	return b.String(), func(s string) string {
		return placeholder.ReplaceAllStringFunc(s, func(m string) string {
			if o, ok := originals[m]; ok {
				return o
			}
			return m
		})
	}
}

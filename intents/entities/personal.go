package entities

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Personal adds to the entities of a text whatever else looks like something that identifies somebody. Too much hidden
// costs a model some understanding, too little somebody's privacy, so this net is finer than the one that fills a ticket's
// fields. What it hides may replace an amount; else no two of the result overlap if no two of found do.
func Personal(text string, found []Entity) []Entity {
	n := newNet(text, found)
	n.digits()
	n.parted()
	n.shapes()
	n.called()
	n.channels()
	n.dwellings()
	n.companions()
	return n.found
}

// headMargin is how much more of a text is read than kept, so that nothing is cut in two unseen.
const headMargin = 200

// Head is the beginning of a text, n code points at most, that ends within nothing that Personal hides, nor close behind
// it: what is hidden may have been told by what stands after it.
func Head(text string, n int, o Options) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := firstRunes(text, n+headMargin)
	wide := string(runes)
	found := Personal(wide, Find(wide, o))
	slices.SortFunc(found, func(a, b Entity) int { return b.Start - a.Start })
	end := n
	for _, e := range found {
		if e.Start < end && end <= e.End+2 {
			end = e.Start
		}
	}
	for end > 0 && end < len(runes) && digitLike(runes[end]) && digitLike(runes[end-1]) {
		end--
	}
	return string(runes[:end])
}

// firstRunes are the first n code points of s.
func firstRunes(s string, n int) []rune {
	for i := range s {
		if n == 0 {
			return []rune(s[:i])
		}
		n--
	}
	return []rune(s)
}

// net finds what the rules let through. It reads the text without what nobody sees.
type net struct {
	doc   *doc
	runes []rune // full-width forms as ASCII
	text  string // runes with the marks of bold words, code and quotes as blanks, each kind of its own
	lower string
	index []int // of each byte of text that begins a rune: its place in runes
	taken []bool
	found []Entity
}

func newNet(text string, found []Entity) *net {
	d := newDoc(text)
	n := &net{doc: d, runes: make([]rune, len(d.raw)), taken: make([]bool, len(d.all)), found: slices.Clone(found)}
	for i, c := range d.raw {
		n.runes[i] = narrow(c)
	}
	bare := slices.Clone(n.runes)
	for i, c := range n.runes {
		if decorates(c) && !(strings.ContainsRune("_'’", c) && isWord(n.at(i-1)) && isWord(n.at(i+1))) {
			bare[i] = blank(c)
		}
	}
	n.text = string(bare)
	n.lower = strings.ToLower(n.text)
	n.index = make([]int, len(n.text)+1)
	i := 0
	for at := range n.text {
		n.index[at] = i
		i++
	}
	n.index[len(n.text)] = i
	for _, e := range found {
		n.take(e.Start, e.End)
	}
	return n
}

// narrow gives letters and most signs of full width in ASCII, as they are read; what ends a clause stays.
func narrow(c rune) rune {
	switch {
	case c == '，' || c == '；' || c == '！' || c == '？':
		return c
	case c >= 0xFF01 && c <= 0xFF5E:
		return c - 0xFEE0
	case c == 0xA0, c < 0x80, c > 0x660 && unicode.Is(unicode.Nd, c):
		return c
	}
	return fold(c)
}

// decorates tells the marks with which words are set off.
func decorates(c rune) bool {
	return strings.ContainsRune("*_~`\"'“”„‘’«»‹›<>〈〉《》「」『』\u00a0", c)
}

// blank is what stands for such a mark: a quote that opens may be all that parts a label from a name, one that closes not.
func blank(c rune) rune {
	switch {
	case strings.ContainsRune("\"“„‘«‹〈《「『", c):
		return '\f'
	case strings.ContainsRune("”‟’»›〉》」』", c):
		return '\r'
	}
	return ' '
}

func isWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// at is the rune at i, or 0 outside the text.
func (n *net) at(i int) rune {
	if i < 0 || i >= len(n.runes) {
		return 0
	}
	return n.runes[i]
}

func (n *net) take(start, end int) {
	for i := start; i < end; i++ {
		n.taken[i] = true
	}
}

// free tells whether nothing was found at i of the runes.
func (n *net) free(i int) bool {
	at, _ := n.doc.place(i, i+1)
	return !n.taken[at]
}

// catch hides what is still free between two places of the runes.
func (n *net) catch(t Type, start, end int) {
	if start >= end {
		return
	}
	start, end = n.doc.place(start, end)
	n.mark(t, start, end)
}

// mark hides what is still free between two places of the whole text.
func (n *net) mark(t Type, start, end int) {
	for i := start; i < end; i++ {
		if n.taken[i] || n.between(i) {
			continue
		}
		from := i
		for i < end && !n.taken[i] && !n.between(i) {
			i++
		}
		text := string(n.doc.all[from:i])
		n.found = append(n.found, Entity{Type: t, Text: text, Value: text, Start: from, End: i})
		n.take(from, i)
	}
}

// between tells whether what stands at i of the whole text parts two messages: nothing that is hidden joins them.
func (n *net) between(i int) bool {
	is := func(i int, c rune) bool { return i >= 0 && i < len(n.doc.all) && n.doc.all[i] == c }
	return is(i, '\x1e') || is(i, '\n') && (is(i-1, '\x1e') || is(i+1, '\x1e'))
}

// over tells whether something of one of the types was found between two places of the runes.
func (n *net) over(start, end int, types ...Type) bool {
	start, end = n.doc.place(start, end)
	return slices.ContainsFunc(n.found, func(e Entity) bool {
		return e.Start < end && start < e.End && slices.Contains(types, e.Type)
	})
}

// release gives up the amounts between two places of the runes, which are parts of something else.
func (n *net) release(start, end int) {
	start, end = n.doc.place(start, end)
	n.found = slices.DeleteFunc(n.found, func(e Entity) bool {
		part := e.Type == Amount && e.Start < end && start < e.End
		for i := e.Start; part && i < e.End; i++ {
			n.taken[i] = false
		}
		return part
	})
}

// companions hides the names that stand in a row with one.
func (n *net) companions() {
	all := n.doc.all
	for k := 0; k < len(n.found); k++ { // grows
		if n.found[k].Type != Name {
			continue
		}
		i := n.found[k].End
		for i < len(all) && strings.ContainsRune(" 、/,，和及&", all[i]) {
			i++
		}
		if i == n.found[k].End {
			continue
		}
		for size := 3; size >= 2; size-- {
			if i+size <= len(all) && IsName(string(all[i:i+size])) && !alone[string(all[i:i+2])] {
				n.mark(Name, i, i+size)
				break
			}
		}
	}
}

package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Place is where something stands in the text. The first line and column are 1; the zero value is nowhere.
type Place struct{ Line, Column int }

// Problem is one thing wrong with the text.
type Problem struct {
	Place
	Path string // which value: policies[0].clocks.platform; "" = the text as a whole
	What string // is wrong with it
	Want string // what was expected, "" where What or Mean says all
	Mean string // the word that was probably meant, "" if none is near
}

// String is one line, line:column: path: what; expected want.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.What)
	switch {
	case p.Mean != "":
		fmt.Fprintf(&b, "; did you mean %q?", p.Mean)
	case p.Want != "":
		b.WriteString("; expected " + p.Want)
	}
	return b.String()
}

// Problems is everything wrong with a text, in order of place. It is never empty as an error.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Sort brings the problems into the order of the text.
func (p Problems) Sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Nearest returns the word that was probably meant, or "".
func Nearest(word string, among []string) string {
	best, least := "", 1+max(1, len([]rune(word))/3)
	for _, w := range among {
		if d := distance([]rune(strings.ToLower(word)), []rune(strings.ToLower(w))); d < least {
			best, least = w, d
		}
	}
	return best
}

// Choice says what was expected in place of a word that is not among those that are known.
func (p Problem) Choice(word string, among []string) Problem {
	p.Mean, p.Want = Nearest(word, among), "one of "+strings.Join(among, ", ")
	if len(among) == 0 {
		p.Want = "none, as there are none"
	}
	return p
}

// distance counts the letters to insert, drop, change or swap with their neighbour.
func distance(a, b []rune) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var d [65][65]int
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

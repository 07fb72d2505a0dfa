package entities

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A text that a pattern matches passes the gate before it: one text for each alternative of each pattern, made from the
// pattern itself, so that no word is added to one and forgotten in the other.
func TestGatesLetTheirPatternsThrough(t *testing.T) {
	t.Parallel()
	all := slices.Clone(loose)
	for _, re := range []*regexp.Regexp{placeLabel, placeMoved, placeNext, placeLatin} {
		all = append(all, shape{gate: placeMarked, re: re})
	}
	for _, l := range all {
		parsed, err := syntax.Parse(l.re.String(), syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		read, kept := 0, []string(nil)
		for _, text := range alternatives(parsed) {
			n := newNet(text, nil)
			m := l.re.FindStringSubmatch(n.text)
			if m == nil || l.fit != nil && l.fit(m[1], 0) == 0 {
				continue
			}
			read++
			if !l.open(n.lower) {
				kept = append(kept, text)
			}
		}
		if len(kept) > 0 {
			t.Errorf("the gate %q keeps %d texts from %.60s…: %q", l.gate, len(kept), l.re, kept[:min(5, len(kept))])
		}
		if read == 0 {
			t.Errorf("no text is made for %.60s…", l.re)
		}
	}
}

// mostTogether is up to how many texts the alternatives of parts are put together each with each.
const mostTogether = 4096

// alternatives are texts that match a pattern, each alternative in one at least.
func alternatives(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return ofClass(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{"z"}
	case syntax.OpCapture:
		return alternatives(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		return append([]string{""}, alternatives(re.Sub[0])...)
	case syntax.OpPlus:
		return alternatives(re.Sub[0])
	case syntax.OpRepeat:
		var out []string
		if re.Min == 0 {
			out = append(out, "")
		}
		for _, s := range alternatives(re.Sub[0]) {
			out = append(out, strings.Repeat(s, max(1, re.Min)))
		}
		return out
	case syntax.OpAlternate:
		var out []string
		for _, sub := range re.Sub {
			out = append(out, alternatives(sub)...)
		}
		return out
	case syntax.OpConcat:
		return together(re.Sub)
	}
	return []string{""} // the edges of words and texts
}

// together are the texts of a row of parts: each with each where they are few, else each beside the first of the others.
func together(parts []*syntax.Regexp) []string {
	of, product := make([][]string, len(parts)), 1
	for i, p := range parts {
		of[i] = alternatives(p)
		product = min(product*len(of[i]), mostTogether+1)
	}
	out := []string{""}
	if product <= mostTogether {
		for _, texts := range of {
			var longer []string
			for _, s := range out {
				for _, t := range texts {
					longer = append(longer, s+t)
				}
			}
			out = longer
		}
		return out
	}
	row := make([]string, len(parts))
	for i := range row {
		row[i] = of[i][0]
	}
	out[0] = strings.Join(row, "")
	for i, texts := range of {
		for _, s := range texts[1:] {
			row[i] = s
			out = append(out, strings.Join(row, ""))
		}
		row[i] = texts[0]
	}
	return out
}

// ofClass are the characters of a small class, without capitals, or one of a large class.
func ofClass(ranges []rune) []string {
	size := 0
	for i := 0; i < len(ranges); i += 2 {
		size += int(ranges[i+1]-ranges[i]) + 1
	}
	if size > 16 {
		in := func(c rune) bool {
			for i := 0; i < len(ranges); i += 2 {
				if ranges[i] <= c && c <= ranges[i+1] {
					return true
				}
			}
			return false
		}
		if i := strings.IndexFunc("7zZ王", in); i >= 0 {
			c, _ := utf8.DecodeRuneInString("7zZ王"[i:])
			return []string{string(c)}
		}
		return []string{string(ranges[0])}
	}
	var out []string
	for i := 0; i < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if s := string(unicode.ToLower(c)); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

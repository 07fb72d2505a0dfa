package intents

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// guarded is a regular expression behind a cheaper question: it can match only texts
// that hold one of the words which every match of it contains. Most messages hold none.
// Its alternatives are tried one by one, each behind words of its own. What is to be
// tried is compiled when first needed: all patterns together take half a second.
type guarded struct {
	re    func() *regexp.Regexp
	words []string // none: every text is worth a try
	ways  []way
}

// way is one alternative of a pattern; re nil means that its word is all there is to it.
type way struct {
	re    func() *regexp.Regexp
	words []string
}

// later compiles a pattern at the first call.
func later(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// guard reads a pattern, or panics, and finds its words.
func guard(pattern string) guarded {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	words, _ := required(tree)
	g := guarded{re: later(pattern), words: fewest(words)}
	alternatives := []*syntax.Regexp{tree}
	if tree.Op == syntax.OpAlternate {
		alternatives = tree.Sub
	}
	for _, t := range alternatives {
		words, _ := required(t)
		w := way{words: fewest(words)}
		if t.Op != syntax.OpLiteral || len(w.words) == 0 {
			w.re = later(t.String())
		}
		g.ways = append(g.ways, w)
	}
	return g
}

// held reports whether a text holds any of words, or there are none.
func held(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return len(words) == 0
}

// possible reports whether a text holds any of the words.
func (g guarded) possible(text string) bool { return held(text, g.words) }

func (g guarded) MatchString(s string) bool {
	for _, w := range g.ways {
		if held(s, w.words) && (w.re == nil || w.re().MatchString(s)) {
			return true
		}
	}
	return false
}

func (g guarded) FindStringSubmatch(s string) []string {
	if !g.possible(s) {
		return nil
	}
	return g.re().FindStringSubmatch(s)
}

func (g guarded) ReplaceAllString(s, by string) string {
	if !g.possible(s) {
		return s
	}
	return g.re().ReplaceAllString(s, by)
}

// mostWords is how many words are still cheaper to look for than to match.
const mostWords = 160

// required finds words of which every match holds at least one; ok is false where
// there are none or too many.
func required(re *syntax.Regexp) (words []string, ok bool) {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return nil, false
		}
		return []string{string(re.Rune)}, true
	case syntax.OpCharClass:
		return classWords(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min < 1 {
			return nil, false
		}
		return required(re.Sub[0])
	case syntax.OpConcat:
		return rarest(re.Sub)
	case syntax.OpAlternate:
		return together(re.Sub)
	}
	return nil, false
}

// classWords are the characters of a small class.
func classWords(ranges []rune) (words []string, ok bool) {
	for i := 0; i+1 < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if len(words) == 8 {
				return nil, false
			}
			words = append(words, string(c))
		}
	}
	return words, len(words) > 0
}

// rarest takes, of the parts of a concatenation that have words, the one whose shortest
// word is longest.
func rarest(parts []*syntax.Regexp) (best []string, ok bool) {
	for _, p := range parts {
		words, found := required(p)
		if found && (!ok || shortest(words) > shortest(best)) {
			best, ok = words, true
		}
	}
	return best, ok
}

func shortest(words []string) int {
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

// together takes the words of all alternatives, or none if one of them has none.
func together(parts []*syntax.Regexp) (words []string, ok bool) {
	for _, p := range parts {
		ws, found := required(p)
		if !found || len(words)+len(ws) > mostWords {
			return nil, false
		}
		words = append(words, ws...)
	}
	return words, true
}

// fewest leaves out words that hold another one.
func fewest(words []string) []string {
	slices.SortFunc(words, func(a, b string) int { return len(a) - len(b) })
	var kept []string
	for _, w := range words {
		if !slices.ContainsFunc(kept, func(k string) bool { return strings.Contains(w, k) }) {
			kept = append(kept, w)
		}
	}
	return kept
}

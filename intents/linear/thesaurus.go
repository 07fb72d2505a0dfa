package linear

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed thesaurus.txt
var thesaurusText string

//go:embed concepts.txt
var conceptsText string

// thesaurus finds phrases that mean the same in different words and languages, so that a model that has seen 退货 knows
// what to make of "send it back". It is immutable and safe for concurrent use.
type thesaurus struct {
	nodes []node
	next  map[edge]int32
}

type edge struct {
	from int32
	r    rune
}

// node is where a phrase may end; group 0 means that none does.
type node struct {
	group uint16
	whole bool // the phrase counts only where the word ends with it
}

// shopWords is the thesaurus of the program, shopConcepts the finer one beside it; each is parsed once.
var (
	shopWords    = sync.OnceValue(func() *thesaurus { return parseThesaurus(thesaurusText) })
	shopConcepts = sync.OnceValue(func() *thesaurus { return parseThesaurus(conceptsText) })
)

func parseThesaurus(text string) *thesaurus {
	t := &thesaurus{nodes: make([]node, 1), next: map[edge]int32{}}
	group := uint16(0)
	for line := range strings.Lines(text) {
		_, phrases, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || line[0] == '#' {
			continue
		}
		group++
		for phrase := range strings.SplitSeq(phrases, ", ") {
			t.add(phrase, group)
		}
	}
	return t
}

// add enters one phrase; the group that names it first keeps it.
func (t *thesaurus) add(phrase string, group uint16) {
	word, whole := strings.CutSuffix(phrase, "$")
	at := int32(0)
	for _, r := range word {
		to, ok := t.next[edge{at, r}]
		if !ok {
			to = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{})
			t.next[edge{at, r}] = to
		}
		at = to
	}
	if t.nodes[at].group == 0 {
		t.nodes[at] = node{group, whole}
	}
}

// longest returns the group of the longest phrase that chars begin with, and its length; 0 for none.
func (t *thesaurus) longest(chars []rune) (group uint16, size int) {
	at := int32(0)
	for i, r := range chars {
		to, ok := t.next[edge{at, r}]
		if !ok {
			break
		}
		at = to
		if n := t.nodes[at]; n.group != 0 && !(n.whole && i+1 < len(chars) && isWord(chars[i+1])) {
			group, size = n.group, i+1
		}
	}
	return group, size
}

// isWord reports whether r continues a Latin word of a folded text.
func isWord(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// groups calls visit with the group of every phrase in the folded text, in order; phrases do not overlap.
func (t *thesaurus) groups(chars []rune, visit func(group uint16)) {
	for i := 0; i < len(chars); {
		if i > 0 && isWord(chars[i]) && isWord(chars[i-1]) {
			i++
			continue
		}
		group, size := t.longest(chars[i:])
		if group != 0 {
			visit(group)
		}
		i += max(size, 1)
	}
}

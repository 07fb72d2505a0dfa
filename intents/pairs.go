package intents

// pairs notes which pairs of neighbouring bytes a text has, by a few bits of each: a word
// with a pair that is not noted is not in the text. It spares most of the searches for
// some hundred words in every message.
type pairs [16]uint64

func pairsOf(text string) (p pairs) {
	for i := 1; i < len(text); i++ {
		k := pairKey(text[i-1], text[i])
		p[k>>6] |= 1 << (k & 63)
	}
	return p
}

func pairKey(a, b byte) uint16 { return (uint16(a)*31 ^ uint16(b)*7) & 1023 }

// lists are lists of words, each with the keys of two of its pairs.
type lists [][]keyed

type keyed struct {
	word        string
	first, last uint16
}

func listsOf(words ...[]string) lists {
	var ls lists
	for _, list := range words {
		var ks []keyed
		for _, w := range list {
			n := len(w)
			ks = append(ks, keyed{w, pairKey(w[min(1, n-2)], w[min(2, n-1)]), pairKey(w[n-2], w[n-1])})
		}
		ls = append(ls, ks)
	}
	return ls
}

// in gives the number of the first list with a word in text, or -1.
func (ls lists) in(text string) int {
	p := pairsOf(text)
	for i, list := range ls {
		for _, k := range list {
			if p[k.first>>6]&(1<<(k.first&63)) != 0 && p[k.last>>6]&(1<<(k.last&63)) != 0 && containsWord(text, k.word) {
				return i
			}
		}
	}
	return -1
}

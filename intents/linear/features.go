package linear

import (
	"math"
	"slices"
)

// Blocks of features are weighted and normalised apart, so that the many character n-grams do not drown the words.
const (
	blockWord = iota
	blockChar
	blockGroup
	blockConcept
	blocks
)

// blockLength is how long each block is beside the others, groupedLength the same where the thesaurus is one of them.
// Groups are few and coarse; at full length they drown the words that tell two types apart. Beside them characters need
// say less, of English above all (chosen with styles of writing left out).
var (
	blockLength   = [blocks]float32{blockWord: 1, blockChar: 1}
	groupedLength = [blocks]float32{blockWord: 1, blockChar: 0.5, blockGroup: 0.35, blockConcept: 0.2}
)

const (
	seedToken   uint32 = 0x811C9DC5
	seedWord    uint32 = 0x2545F491
	seedPair    uint32 = 0x6C8E9CF5
	seedChar    uint32 = 0x1B873593
	seedGroup   uint32 = 0x5BD1E995
	seedConcept uint32 = 0x27D4EB2F
	edgeBefore  uint32 = 0x5E // ^
	edgeAfter   uint32 = 0x24 // $
)

// maxGram is the longest character n-gram; the shortest has two characters.
const maxGram = 4

// mix adds one character to a running hash.
func mix(h uint32, r rune) uint32 { return mixWord(h, uint32(r)) }

func mixWord(h, v uint32) uint32 {
	h = (h ^ v) * 0x9E3779B1
	return h ^ h>>15
}

// keyBits is the length of a feature key. Every bit of it is in the model file once for each feature; at this length fewer than
// one in a hundred strange features is taken for one of the 131,072 that a model commonly knows.
const keyBits = 24

// finish spreads a running hash over all bits of a feature key.
func finish(h uint32) uint32 {
	h = (h ^ h>>16) * 0x85EBCA6B
	h = (h ^ h>>13) * 0xC2B2AE35
	return (h ^ h>>16) >> (32 - keyBits)
}

// each calls visit with every feature of the folded text, repeated as often as it occurs; with those of the thesaurus
// only where grouped.
func (f *folded) each(grouped bool, visit func(block int, key uint32)) {
	if grouped {
		f.eachGroup(visit)
	}
	before := edgeBefore
	for _, t := range f.tokens {
		visit(blockWord, finish(mixWord(seedWord, t)))
		visit(blockWord, finish(mixWord(mixWord(seedPair, before), t)))
		before = t
	}
	if len(f.tokens) > 0 {
		visit(blockWord, finish(mixWord(mixWord(seedPair, before), edgeAfter)))
	}
	for i := range f.chars {
		h := mix(seedChar, f.chars[i])
		for n := 1; n < maxGram && i+n < len(f.chars); n++ {
			h = mix(h, f.chars[i+n])
			visit(blockChar, finish(h))
		}
	}
}

// maxGroups bounds the groups of a text that are paired, since pairs grow with their square.
const maxGroups = 24

// eachGroup calls visit with the thesaurus groups of the text, with every two of them, and with its concepts.
func (f *folded) eachGroup(visit func(block int, key uint32)) {
	f.find(shopWords())
	for i, a := range f.groups {
		visit(blockGroup, finish(mixWord(seedGroup, uint32(a))))
		for _, b := range f.groups[:i] {
			visit(blockGroup, finish(mixWord(mixWord(seedGroup, uint32(min(a, b))), uint32(max(a, b)))))
		}
	}
	f.find(shopConcepts())
	for _, a := range f.groups {
		visit(blockConcept, finish(mixWord(seedConcept, uint32(a))))
	}
}

// find fills f.groups with those of a thesaurus, each once.
func (f *folded) find(t *thesaurus) {
	f.groups = f.groups[:0]
	t.groups(f.chars, func(g uint16) {
		if len(f.groups) < maxGroups && !slices.Contains(f.groups, g) {
			f.groups = append(f.groups, g)
		}
	})
}

// vocabulary numbers the feature keys of a model. It is immutable once built and safe for concurrent use.
type vocabulary struct {
	keys    []uint32 // ascending
	idf     []uint8  // in units of idfUnit
	unknown float32  // what a feature outside the vocabulary adds to the squared length, so that strange texts look weak
	grouped bool     // the thesaurus gives features too
	slots   []int32  // open addressing; index+1, 0 is free
	mask    uint32
}

// idfUnit is the resolution of stored inverse document frequencies, which lie between 1 and about 12.
const idfUnit = 1.0 / 20

func quantiseIDF(rows, df int) uint8 {
	idf := math.Log(float64(1+rows)/float64(1+df)) + 1
	return uint8(min(255, max(1, math.Round(idf/idfUnit))))
}

// index builds the lookup table over keys, at most half full.
func (v *vocabulary) index() {
	size := uint32(8)
	for int(size) < 2*len(v.keys) {
		size *= 2
	}
	v.slots, v.mask = make([]int32, size), size-1
	for i, key := range v.keys {
		at := key & v.mask
		for v.slots[at] != 0 {
			at = (at + 1) & v.mask
		}
		v.slots[at] = int32(i + 1)
	}
}

// find returns the number of a key, or -1.
func (v *vocabulary) find(key uint32) int32 {
	for at := key & v.mask; ; at = (at + 1) & v.mask {
		i := v.slots[at] - 1
		if i < 0 || v.keys[i] == key {
			return i
		}
	}
}

// vector is a text as sparse features.
type vector struct {
	index []int32
	value []float32
}

// scratch holds the buffers of one prediction, for one goroutine at a time.
type scratch struct {
	text   folded
	counts []uint16 // per feature; all zero between uses
	seen   [blocks][]int32
	out    vector
	scores []float64
}

// vectorise turns text into sublinear tf·idf values, each block of its length. The result is valid until the next call.
func (s *scratch) vectorise(v *vocabulary, text string) vector {
	if len(s.counts) != len(v.keys) {
		s.counts = make([]uint16, len(v.keys))
	}
	s.text.fold(text)
	var unknown [blocks]int
	for block := range blocks {
		s.seen[block] = s.seen[block][:0]
	}
	s.text.each(v.grouped, func(block int, key uint32) {
		i := v.find(key)
		if i < 0 {
			unknown[block]++
			return
		}
		if s.counts[i] == 0 {
			s.seen[block] = append(s.seen[block], i)
		}
		s.counts[i]++
	})
	s.out.index, s.out.value = s.out.index[:0], s.out.value[:0]
	unknown[blockGroup] = 0 // a pair not seen before is no sign of a strange text
	for block := range blocks {
		s.weigh(v, block, float32(unknown[block])*v.unknown)
	}
	return s.out
}

// length is what a block of this squared length is divided by. With the thesaurus a long text keeps some of its length:
// chat is short, and what is said at length is rarely chat. A squared length of 900 comes to 1 (chosen with styles of
// writing left out; many chats joined to one long text are still chat).
func (v *vocabulary) length(block int, sum float32) float32 {
	if v.grouped && block < blockGroup {
		return float32(10.8 * math.Pow(float64(sum), 0.15))
	}
	return float32(math.Sqrt(float64(sum)))
}

// weigh appends one block to the output, normalised, and clears its counts.
func (s *scratch) weigh(v *vocabulary, block int, sum float32) {
	from := len(s.out.value)
	for _, i := range s.seen[block] {
		x := frequency(s.counts[i]) * float32(v.idf[i]) * idfUnit
		s.counts[i] = 0
		s.out.index = append(s.out.index, i)
		s.out.value = append(s.out.value, x)
		sum += float32(x * x)
	}
	if sum == 0 {
		return
	}
	scale := blockLength[block]
	if v.grouped {
		scale = groupedLength[block]
	}
	scale /= v.length(block, sum)
	for k := from; k < len(s.out.value); k++ {
		s.out.value[k] *= scale
	}
}

// frequency dampens repeated features: 1 + ln(count).
func frequency(count uint16) float32 {
	if count == 1 {
		return 1
	}
	return 1 + float32(math.Log(float64(count)))
}

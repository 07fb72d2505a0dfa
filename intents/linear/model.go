package linear

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// OutOfScope is the label of rows that belong to no class. A model learns what they look like but never answers it:
// for such a text every label is unlikely.
const OutOfScope = "oos"

// topRanked is how many labels a Prediction ranks.
const topRanked = 5

// Score is one label with its calibrated probability.
type Score struct {
	Label string
	P     float64
}

// Prediction is what a model says about one text.
type Prediction struct {
	Label  string  // the most likely label in scope
	P      float64 // its calibrated probability, 0 to 1; low for a text out of scope
	Ranked []Score // the five most likely labels, best first; fewer if the model has fewer
}

// Model is a trained classifier. It is immutable and safe for concurrent use. Make one with Train, Read or Default.
type Model struct {
	labels []string // ascending; OutOfScope, if learned, is last and not among Labels
	scope  int      // how many of labels are in scope
	vocab  vocabulary
	bias   []float32
	step   float32 // what one unit of a stored weight is worth
	cal    calibration

	start []int32 // per feature, where its entries in class and weight begin
	class []uint16
	units []int8

	pool sync.Pool
}

// Labels returns the labels that the model can answer, in ascending order.
func (m *Model) Labels() []string { return slices.Clone(m.labels[:m.scope]) }

// Predict classifies one text of any content and length; only its first two thousand characters count. It is safe for
// concurrent use.
func (m *Model) Predict(text string) Prediction {
	s := m.scratch()
	defer m.pool.Put(s)
	m.score(s, text)
	m.cal.probabilities(s.scores, m.scope)
	return m.rank(s.scores[:m.scope])
}

func (m *Model) scratch() *scratch {
	if s, ok := m.pool.Get().(*scratch); ok {
		return s
	}
	return &scratch{scores: make([]float64, len(m.labels))}
}

// score fills s.scores with the distance of text from each hyperplane.
func (m *Model) score(s *scratch, text string) {
	for c, b := range m.bias {
		s.scores[c] = float64(b)
	}
	v := s.vectorise(&m.vocab, text)
	for k, i := range v.index {
		x := float64(v.value[k]) * float64(m.step)
		from, to := m.start[i], m.start[i+1]
		units := m.units[from:to]
		for n, c := range m.class[from:to] {
			s.scores[c] += x * float64(units[n])
		}
	}
}

// rank picks the best labels; equal probabilities keep the order of the labels.
func (m *Model) rank(p []float64) Prediction {
	ranked := make([]Score, 0, topRanked+1)
	for c, x := range p {
		if len(ranked) == topRanked && x <= ranked[topRanked-1].P {
			continue
		}
		at, _ := slices.BinarySearchFunc(ranked, x, func(s Score, x float64) int {
			if s.P >= x {
				return -1
			}
			return cmp.Compare(1, 0)
		})
		ranked = slices.Insert(ranked, at, Score{m.labels[c], x})
		ranked = ranked[:min(len(ranked), topRanked)]
	}
	return Prediction{Label: ranked[0].Label, P: ranked[0].P, Ranked: ranked}
}

// calibration turns distances into probabilities: a softmax over distances divided by a temperature, in which the
// out-of-scope class, if there is one, has a slope and an offset of its own.
type calibration struct {
	Temperature float32
	Slope       float32
	Offset      float32
}

// probabilities replaces the distances in z by probabilities. Entries from scope on are out of scope.
func (c calibration) probabilities(z []float64, scope int) {
	top := c.logits(z, scope)
	sum := 0.0
	for i, x := range z {
		z[i] = math.Exp(x - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// logits scales z in place and returns the greatest value.
func (c calibration) logits(z []float64, scope int) (top float64) {
	top = math.Inf(-1)
	for i := range z {
		x := z[i] / float64(c.Temperature)
		if i >= scope {
			x = float64(x*float64(c.Slope)) + float64(c.Offset)
		}
		z[i] = x
		top = max(top, x)
	}
	return top
}

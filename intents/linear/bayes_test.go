package linear

import (
	"math"
	"testing"
)

// toyMatrix has three features: the first stands with class 0, the second with class 1, the third with both.
func toyMatrix() (*matrix, []int32) {
	m := &matrix{}
	var class []int32
	for i := range 12 {
		c := int32(i % 2)
		m.add(vector{index: []int32{c, 2}, value: []float32{0.8, 0.6}})
		class = append(class, c)
	}
	m.add(vector{index: []int32{0}, value: []float32{50}}) // of no class
	return m, append(class, -1)
}

func TestBayes(t *testing.T) {
	t.Parallel()
	m, class := toyMatrix()
	w := bayes(m, class, 2, 3)
	for c, row := range w.rows {
		if row[c] < 5 || row[1-c] > -5 || math.Abs(float64(row[2])) > 0.01 {
			t.Errorf("class %d: weights %v, want one clearly for, one clearly against and one that says nothing", c, row)
		}
		if w.bias[c] != 0 {
			t.Errorf("class %d: constant %f, want 0", c, w.bias[c])
		}
	}
}

// Both parts weigh the same, however far apart their scales are.
func TestJoin(t *testing.T) {
	t.Parallel()
	m, class := toyMatrix()
	small := func(by float32) weights {
		w := bayes(m, class, 2, 3)
		for _, row := range w.rows {
			for j := range row {
				row[j] *= by
			}
		}
		return w
	}
	for _, scale := range []float32{1, 1000} {
		w, was := small(0.01), small(0.01).spread(m)
		w.join(small(0.01*scale), m)
		if got := w.spread(m); math.Abs(got-2*was) > 1e-3*was {
			t.Errorf("spread %f after joining what is %.0f times as wide, want twice %f", got, scale, was)
		}
	}
	w := small(0.01)
	was := w.rows[0][0]
	if w.join(weights{rows: [][]float32{{0, 0, 0}, {0, 0, 0}}, bias: []float64{0, 0}}, m); w.rows[0][0] != was {
		t.Errorf("weights that say nothing change %f to %f", was, w.rows[0][0])
	}
}

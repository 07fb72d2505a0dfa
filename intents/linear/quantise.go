package linear

import "math"

// finestStep and coarsestStep bound the quantisation step. Distances are of the order of 1, so the finest is far below
// what changes an answer; a step that had to grow to the coarsest would leave hardly any weights.
const (
	finestStep   = 0.01
	coarsestStep = 0.5
)

// quantise stores the weights in whole steps, with the finest step for which the model file is at most limit bytes.
func (m *Model) quantise(w weights, limit int) {
	for step := float32(finestStep); ; step *= 1.25 {
		m.round(w, step)
		if step >= coarsestStep || len(m.encode()) <= limit {
			return
		}
	}
}

// round fills the constants and the sparse weight table for one step.
func (m *Model) round(w weights, step float32) {
	m.bias = make([]float32, len(w.bias))
	for c, b := range w.bias {
		m.bias[c] = float32(b)
	}
	features := len(m.vocab.keys)
	m.step, m.start = step, make([]int32, 1, features+1)
	m.class, m.units = m.class[:0], m.units[:0]
	for j := range features {
		for c := range w.rows {
			u := math.RoundToEven(float64(w.rows[c][j]) / float64(step))
			if u = max(-127, min(127, u)); u != 0 {
				m.class = append(m.class, uint16(c))
				m.units = append(m.units, int8(u))
			}
		}
		m.start = append(m.start, int32(len(m.class)))
	}
}

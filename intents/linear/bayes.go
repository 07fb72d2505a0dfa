package linear

import (
	"math"
	"slices"
)

// bayesPrior is the count that every feature has with every class before any row: small, so that a feature which never
// stood with a class speaks against it (chosen with styles of writing left out, flat from 0.0003 to 0.003).
const bayesPrior = 0.001

// bayes learns naive Bayes of each class against the rest: a feature's weight is the logarithm of how much of a class's
// tf·idf it makes up, beside how much of all others'. The constants are 0: how frequent a label is among rows that
// somebody wrote says nothing about messages. Rows of class -1 belong to none and are left out.
func bayes(m *matrix, class []int32, classes, features int) weights {
	w := weights{rows: make([][]float32, classes), bias: make([]float64, classes)}
	within := make([][]float64, classes)
	for c := range within {
		within[c] = make([]float64, features)
	}
	all, mass, total := make([]float64, features), make([]float64, classes), 0.0
	for i := range m.rows() {
		c := class[i]
		if c < 0 {
			continue
		}
		for k := m.start[i]; k < m.start[i+1]; k++ {
			x := float64(m.value[k])
			within[c][m.index[k]] += x
			all[m.index[k]] += x
			mass[c] += x
			total += x
		}
	}
	prior := bayesPrior * float64(features)
	for c := range w.rows {
		w.rows[c] = make([]float32, features)
		shift := math.Log(total-mass[c]+prior) - math.Log(mass[c]+prior)
		for j, x := range within[c] {
			w.rows[c][j] = float32(math.Log(x+bayesPrior) - math.Log(max(0, all[j]-x)+bayesPrior) + shift)
		}
	}
	w.centre()
	return w
}

// centre takes from each feature's weights their median, which moves all classes alike and so tells none from another. Most
// weights of a rare feature are near it: they round to zero and leave the file to those that tell something.
func (w weights) centre() {
	of := make([]float32, len(w.rows))
	for j := range w.rows[0] {
		for c, row := range w.rows {
			of[c] = row[j]
		}
		slices.Sort(of)
		median := (of[(len(of)-1)/2] + of[len(of)/2]) / 2
		for _, row := range w.rows {
			row[j] -= median
		}
	}
}

// join adds other weights to w, at the same spread of distances over the rows.
func (w weights) join(other weights, m *matrix) {
	scale := w.spread(m) / other.spread(m)
	if math.IsNaN(scale) || math.IsInf(scale, 0) {
		return
	}
	for c, row := range w.rows {
		for j := range row {
			row[j] += float32(scale * float64(other.rows[c][j]))
		}
		w.bias[c] += float64(scale * other.bias[c])
	}
}

// spread is the standard deviation of the distances of rows from all hyperplanes. Every third row tells enough.
func (w weights) spread(m *matrix) float64 {
	n, sum, squares := 0.0, 0.0, 0.0
	for i := 0; i < m.rows(); i += 3 {
		from, to := m.start[i], m.start[i+1]
		for c, row := range w.rows {
			z := w.bias[c]
			for k := from; k < to; k++ {
				z += float64(float64(row[m.index[k]]) * float64(m.value[k]))
			}
			n, sum, squares = n+1, sum+z, squares+float64(z*z)
		}
	}
	mean := sum / n
	return math.Sqrt(max(0, squares/n-float64(mean*mean)))
}

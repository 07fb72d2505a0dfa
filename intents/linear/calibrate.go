package linear

import (
	"math"
	"slices"
)

// Bounds of the calibration, in natural logarithms of temperature and slope and in logits for the offset. They keep a
// handful of rows that happen to be all right, or all wrong, from giving probabilities of exactly 0 and 1.
const (
	minLogTemperature, maxLogTemperature = -3.5, 1.5
	minLogSlope, maxLogSlope             = -2.0, 2.0
	minOffset, maxOffset                 = -8.0, 8.0
)

// heldOut are the distances of rows that did not train the weights, with their classes.
type heldOut struct {
	z     [][]float64
	class []int
	scope int
	tmp   []float64
	rows  []int            // where each stood among the rows given; crossValidate fills it
	style map[string][]int // the rows in scope of each style; crossValidate fills it
}

// calibrate finds the calibration under which the held-out rows are most likely. Rows with a label that the model does
// not know are left out. Without rows the calibration stays neutral.
func (m *Model) calibrate(rows []Row) calibration {
	h := heldOut{scope: m.scope}
	h.add(m, rows)
	return h.calibration()
}

// add scores rows by a model that did not train on them.
func (h *heldOut) add(m *Model, rows []Row) {
	s := m.scratch()
	for _, r := range rows {
		if c := m.classOf(r.Label); c >= 0 {
			m.score(s, r.Text)
			h.z = append(h.z, append([]float64(nil), s.scores...))
			h.class = append(h.class, c)
		}
	}
}

// calibration is the best one for the rows added, neutral without any.
func (h *heldOut) calibration() calibration {
	if len(h.z) == 0 {
		return calibration{Temperature: 1, Slope: 1}
	}
	h.tmp = make([]float64, len(h.z[0]))
	return h.search(slices.ContainsFunc(h.class, func(c int) bool { return c >= h.scope }))
}

// search minimises the loss one parameter at a time; the loss is smooth and three rounds are enough.
func (h *heldOut) search(background bool) calibration {
	best := calibration{Temperature: 0.25, Slope: 1}
	for range 3 {
		x := golden(minLogTemperature, maxLogTemperature, func(x float64) float64 {
			c := best
			c.Temperature = float32(math.Exp(x))
			return h.loss(c)
		})
		best.Temperature = float32(math.Exp(x))
		best.Temperature = h.typical(best)
		if !background {
			return best
		}
		x = golden(minOffset, maxOffset, func(x float64) float64 {
			c := best
			c.Offset = float32(x)
			return h.loss(c)
		})
		best.Offset = float32(x)
		x = golden(minLogSlope, maxLogSlope, func(x float64) float64 {
			c := best
			c.Slope = float32(math.Exp(x))
			return h.loss(c)
		})
		best.Slope = float32(math.Exp(x))
	}
	best.Temperature = h.typical(best)
	return best
}

// A style tells something about temperatures from so many rows; a median needs so many styles.
const (
	styleRows   = 150
	leastStyles = 3
)

// typical is the temperature for the median style, where rows of several styles were judged without their own: in each
// the one at which its rows are as often right as their probabilities say. One likelihood for all would follow the few
// styles that hardly name what they mean, and doubt every other writer for them.
func (h *heldOut) typical(c calibration) float32 {
	var found []float64
	was := c.Temperature
	for _, rows := range h.style {
		if len(rows) < styleRows {
			continue
		}
		low, high := minLogTemperature, maxLogTemperature
		for high-low > 0.001 {
			x := (low + high) / 2
			c.Temperature = float32(math.Exp(x))
			if h.trust(c, rows) > 0 {
				low = x
			} else {
				high = x
			}
		}
		found = append(found, (low+high)/2)
	}
	if len(found) < leastStyles {
		return was
	}
	slices.Sort(found)
	return float32(math.Exp((found[len(found)/2] + found[(len(found)-1)/2]) / 2))
}

// trust is how much more the best labels' probabilities promise than they keep, summed over rows.
func (h *heldOut) trust(c calibration, rows []int) (sum float64) {
	for _, i := range rows {
		copy(h.tmp, h.z[i])
		c.probabilities(h.tmp, h.scope)
		p := slices.Max(h.tmp[:h.scope])
		sum += p
		if h.tmp[h.class[i]] == p {
			sum--
		}
	}
	return sum
}

// lossRows are enough for the three parameters of a calibration.
const lossRows = 10_000

// loss is the mean negative logarithm of the probability of the right class, over every row or, of very many, every so
// many.
func (h *heldOut) loss(c calibration) float64 {
	sum, rows := 0.0, 0
	for i := 0; i < len(h.z); i += 1 + len(h.z)/lossRows {
		rows++
		copy(h.tmp, h.z[i])
		top := c.logits(h.tmp, h.scope)
		mass := 0.0
		for _, x := range h.tmp {
			mass += math.Exp(x - top)
		}
		sum += top + math.Log(mass) - h.tmp[h.class[i]]
	}
	return sum / float64(rows)
}

// golden finds the minimum of f between low and high by golden-section search.
func golden(low, high float64, f func(float64) float64) float64 {
	const ratio = 0.6180339887498949
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for high-low > 0.01 {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}

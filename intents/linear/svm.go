package linear

import (
	"cmp"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// matrix holds the training rows in compressed sparse form.
type matrix struct {
	start []int32
	index []int32
	value []float32
	norm  []float64 // squared length of each row, with the constant feature
}

func (m *matrix) rows() int { return len(m.norm) }

func (m *matrix) add(v vector) {
	if len(m.start) == 0 {
		m.start = append(m.start, 0)
	}
	sum := 1.0
	for _, x := range v.value {
		sum += float64(float64(x) * float64(x))
	}
	m.index = append(m.index, v.index...)
	m.value = append(m.value, v.value...)
	m.start = append(m.start, int32(len(m.index)))
	m.norm = append(m.norm, sum)
}

// weights are the hyperplanes of all classes: one dense row and one constant per class.
type weights struct {
	rows [][]float32
	bias []float64
}

// separate trains one hyperplane per class against the rest, the classes side by side on all processors. The result
// does not depend on how many there are.
func separate(m *matrix, class []int32, classes, features int, o Options) (weights, error) {
	w := weights{rows: make([][]float32, classes), bias: make([]float64, classes)}
	next := make(chan int)
	var wg sync.WaitGroup
	var ended atomic.Pointer[error]
	for range min(classes, cmp.Or(o.Workers, runtime.GOMAXPROCS(0))) {
		wg.Go(func() {
			s := newSolver(m, features, o)
			for c := range next {
				if ended.Load() != nil {
					continue
				}
				s.solve(class, int32(c))
				w.rows[c], w.bias[c] = s.result()
				if o.Between == nil {
					continue
				}
				if err := o.Between(); err != nil {
					ended.Store(&err)
				}
			}
		})
	}
	for c := range classes {
		next <- c
	}
	close(next)
	wg.Wait()
	if err := ended.Load(); err != nil {
		return weights{}, *err
	}
	return w, nil
}

// solver is dual coordinate descent for a support vector machine with squared hinge loss (Hsieh et al., 2008), with
// shrinking: rows that are far on the right side are left out of later passes.
type solver struct {
	m      *matrix
	o      Options
	w      []float64
	bias   float64
	alpha  []float64
	sign   []float64
	order  []int32
	margin float64 // 1/(2C), what squared hinge loss adds to the diagonal
}

func newSolver(m *matrix, features int, o Options) *solver {
	return &solver{m: m, o: o, w: make([]float64, features), alpha: make([]float64, m.rows()),
		sign: make([]float64, m.rows()), order: make([]int32, m.rows()), margin: 0.5 / o.C}
}

func (s *solver) solve(class []int32, positive int32) {
	clear(s.w)
	clear(s.alpha)
	s.bias = 0
	for i, c := range class {
		s.order[i], s.sign[i] = int32(i), -1
		if c == positive {
			s.sign[i] = 1
		}
	}
	rng := rand.New(rand.NewPCG(uint64(positive), 0x676F6E67))
	active, bound := len(s.order), math.Inf(1)
	for range s.o.Epochs {
		rng.Shuffle(active, func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
		high, low, left := s.pass(active, bound)
		if high-low > s.o.Tolerance {
			active, bound = left, high
			if high <= 0 {
				bound = math.Inf(1)
			}
			continue
		}
		if left == len(s.order) || active == len(s.order) {
			return
		}
		active, bound = len(s.order), math.Inf(1) // converged on the active rows: check all of them once more
	}
}

// pass visits the active rows once; it returns the extremes of the projected gradient and how many rows stay active.
func (s *solver) pass(active int, bound float64) (high, low float64, left int) {
	high, low = math.Inf(-1), math.Inf(1)
	for k := 0; k < active; k++ {
		i := s.order[k]
		from, to := s.m.start[i], s.m.start[i+1]
		index, value := s.m.index[from:to], s.m.value[from:to]
		gradient := float64(s.sign[i]*s.dot(index, value)) - 1 + float64(s.alpha[i]*s.margin)
		projected := gradient
		if s.alpha[i] == 0 {
			if gradient > bound {
				active--
				s.order[k], s.order[active] = s.order[active], s.order[k]
				k--
				continue
			}
			projected = min(gradient, 0)
		}
		high, low = max(high, projected), min(low, projected)
		if math.Abs(projected) > 1e-12 {
			s.step(i, gradient, index, value)
		}
	}
	return high, low, active
}

func (s *solver) step(i int32, gradient float64, index []int32, value []float32) {
	old := s.alpha[i]
	s.alpha[i] = max(0, old-gradient/(s.m.norm[i]+s.margin))
	d := (s.alpha[i] - old) * s.sign[i]
	s.bias += d
	for k, j := range index {
		s.w[j] += float64(d * float64(value[k]))
	}
}

// dot never lets the compiler fuse its multiplication and addition, so that every architecture trains the same model.
func (s *solver) dot(index []int32, value []float32) float64 {
	sum := s.bias
	for k, j := range index {
		sum += float64(s.w[j] * float64(value[k]))
	}
	return sum
}

func (s *solver) result() ([]float32, float64) {
	row := make([]float32, len(s.w))
	for i, x := range s.w {
		row[i] = float32(x)
	}
	return row, s.bias
}

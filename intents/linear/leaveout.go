package linear

import (
	"cmp"
	"fmt"
	"slices"
)

// TrainJudged is Train, with 2 folds at least, and tells besides what calibrated the model: each row whose split is not
// test as a model predicted it that saw no row of its style, which is what the model will do with writers it has not met.
// The predictions stand in the order of the rows, the zero Prediction for test rows and for labels that only val rows have.
func TrainJudged(rows []Row, o Options) (*Model, []Prediction, error) {
	o = o.withDefaults()
	o.Folds = max(o.Folds, 2)
	train, val, err := bySplit(rows)
	if err != nil {
		return nil, nil, err
	}
	labels, scope := labelsOf(train)
	if scope < 2 || len(labels) > maxLabels {
		return nil, nil, fmt.Errorf("%d rows, %d labels: %w", len(train), len(labels), ErrTooFewRows)
	}
	o = o.minCount(len(train))
	used := slices.Concat(train, val)
	m, err := fit(used, labels, scope, o)
	if err != nil {
		return nil, nil, err
	}
	held, err := crossValidate(used, labels, scope, o, m.step)
	if err != nil {
		return nil, nil, err
	}
	m.cal = held.calibration()
	var at, late []int // where the rows of train and val stand
	for i, r := range rows {
		switch r.Split {
		case "test":
		case "val":
			late = append(late, i)
		default:
			at = append(at, i)
		}
	}
	return m, m.judged(held, slices.Concat(at, late), len(rows)), nil
}

// judged are the predictions of what was held out, by m's calibration, in n places; at tells which of them each row has.
func (m *Model) judged(held *heldOut, at []int, n int) []Prediction {
	out := make([]Prediction, n)
	for k, i := range held.rows {
		m.cal.probabilities(held.z[k], m.scope)
		out[at[i]] = m.rank(held.z[k][:m.scope])
	}
	return out
}

// crossValidate scores all rows, each by a model that was trained without its fold, with weights in steps of the given
// length.
func crossValidate(rows []Row, labels []string, scope int, o Options, step float32) (*heldOut, error) {
	o = o.minCount(len(rows))
	fold := deal(rows, o.Folds)
	held := &heldOut{scope: scope, style: map[string][]int{}}
	for f := range o.Folds {
		var rest, out []Row
		var at []int
		for i, r := range rows {
			if fold[i] != f {
				rest = append(rest, r)
				continue
			}
			out, at = append(out, r), append(at, i)
		}
		if len(out) == 0 {
			continue
		}
		m, err := fitSteps(rest, labels, scope, o, step)
		if err != nil {
			return nil, err
		}
		for k, r := range out {
			if m.classOf(r.Label) >= 0 { // as add leaves out the others
				held.rows = append(held.rows, at[k])
			}
		}
		held.add(m, out)
	}
	for k, i := range held.rows {
		if r := rows[i]; r.Style != "" && held.class[k] < scope {
			held.style[r.Style] = append(held.style[r.Style], k)
		}
	}
	return held, nil
}

// deal gives each row the fold of its style: the most frequent style first, each to the fold that has the fewest rows.
// Rows without a style are dealt one by one.
func deal(rows []Row, folds int) []int {
	count := map[string]int{}
	for _, r := range rows {
		count[r.Style]++
	}
	styles := make([]string, 0, len(count))
	for s := range count {
		if s != "" {
			styles = append(styles, s)
		}
	}
	slices.SortFunc(styles, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return cmp.Compare(a, b)
	})
	size, of := make([]int, folds), map[string]int{}
	least := func() int { return slices.Index(size, slices.Min(size)) }
	for _, s := range styles {
		f := least()
		of[s], size[f] = f, size[f]+count[s]
	}
	fold := make([]int, len(rows))
	for i, r := range rows {
		f, ok := of[r.Style]
		if !ok {
			f = least()
			size[f]++
		}
		fold[i] = f
	}
	return fold
}

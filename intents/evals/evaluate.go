package evals

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gongdan/intents/linear"
)

// Result is what Evaluate measured.
type Result struct {
	N          int                    `json:"n"`                 // rows measured, those out of scope included
	Accuracy   float64                `json:"accuracy"`          // over rows in scope, whatever the probability
	ECE        float64                `json:"ece"`               // expected calibration error over rows in scope
	OOSAUROC   *float64               `json:"oos_auroc"`         // how well 1 − max p finds rows out of scope; nil without any
	Microsec   float64                `json:"us_per_prediction"` // median, one thread
	PerLabel   map[string]LabelResult `json:"per_label"`
	Confusions []Confusion            `json:"confusions"` // most frequent first
	Bins       []Bin                  `json:"-"`          // ascending, for Plot
}

// LabelResult measures one label over the rows in scope. Precision is 0 for a label that was never answered.
type LabelResult struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	N         int     `json:"n"` // rows that have this label
}

// Confusion counts the rows in scope that have the label Want and were answered Got.
type Confusion struct {
	Want string `json:"want"`
	Got  string `json:"got"`
	N    int    `json:"n"`
}

// Predictor is the part of a classifier that can be measured; *linear.Model is one.
type Predictor interface {
	Predict(text string) linear.Prediction
}

type outcome struct {
	want, got string
	p         float64
}

func (o outcome) inScope() bool { return o.want != linear.OutOfScope }

// Evaluate measures m on the rows whose split is "test" or empty.
func Evaluate(m Predictor, rows []linear.Row) Result { return evaluate(m, rows, time.Now) }

func evaluate(m Predictor, rows []linear.Row, now func() time.Time) Result {
	r := Result{PerLabel: map[string]LabelResult{}, Confusions: []Confusion{}}
	var took []time.Duration
	var all []outcome
	for _, row := range rows {
		if row.Split != "test" && row.Split != "" {
			continue
		}
		begin := now()
		p := m.Predict(row.Text)
		took = append(took, now().Sub(begin))
		all = append(all, outcome{row.Label, p.Label, p.P})
	}
	r.N = len(all)
	r.Accuracy, r.ECE, r.OOSAUROC = accuracy(all), calibrationError(all), auroc(all)
	r.Bins = binsOf(all)
	r.Microsec = float64(median(took)) / float64(time.Microsecond)
	r.tally(all)
	return r
}

// tally fills the figures per label and the confusions.
func (r *Result) tally(all []outcome) {
	right, answered, have := map[string]int{}, map[string]int{}, map[string]int{}
	confused := map[[2]string]int{}
	for _, o := range all {
		if !o.inScope() {
			continue
		}
		have[o.want]++
		answered[o.got]++
		if o.got == o.want {
			right[o.want]++
		} else {
			confused[[2]string{o.want, o.got}]++
		}
	}
	for label, n := range have {
		r.PerLabel[label] = LabelResult{Precision: ratio(right[label], answered[label]), Recall: ratio(right[label], n), N: n}
	}
	for pair, n := range confused {
		r.Confusions = append(r.Confusions, Confusion{Want: pair[0], Got: pair[1], N: n})
	}
	slices.SortFunc(r.Confusions, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Want, b.Want), cmp.Compare(a.Got, b.Got))
	})
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func accuracy(all []outcome) float64 {
	right, n := 0, 0
	for _, o := range all {
		if !o.inScope() {
			continue
		}
		n++
		if o.got == o.want {
			right++
		}
	}
	return ratio(right, n)
}

// calibrationError is the mean distance between probability and accuracy over the bands, weighted by rows.
func calibrationError(all []outcome) float64 {
	ece, total := 0.0, 0
	for _, b := range binsOf(all) {
		ece += math.Abs(b.P-b.Hits) * float64(b.N)
		total += b.N
	}
	return ece / float64(max(1, total))
}

// auroc is the probability that a row out of scope has a lower p than one in scope, ties counting half: the rank sum of
// Mann and Whitney. It is nil unless there are rows of both kinds.
func auroc(all []outcome) *float64 {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b outcome) int { return cmp.Compare(b.p, a.p) })
	in, out, rank := 0, 0, 0.0
	for i := 0; i < len(sorted); {
		j, outside := i, 0
		for ; j < len(sorted) && sorted[j].p == sorted[i].p; j++ {
			if !sorted[j].inScope() {
				outside++
			}
		}
		rank += float64(outside) * float64(i+j+1) / 2
		out += outside
		in += j - i - outside
		i = j
	}
	if in == 0 || out == 0 {
		return nil
	}
	a := (rank - float64(out)*float64(out+1)/2) / (float64(in) * float64(out))
	return &a
}

func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)/2]
}

package linear

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
)

// Row is one labelled text.
type Row struct {
	Text  string
	Label string // OutOfScope for a text that belongs to no class
	Split string // "", "train", "val" or "test"
	Style string // who wrote it or how; "" if unknown. Only Options.Folds looks at it
}

// Options tune training. The zero value suits from a few hundred to some ten thousand rows.
type Options struct {
	C           float64 // cost of a training error; 0 means 1
	Epochs      int     // most passes over the rows per class; 0 means 30
	Tolerance   float64 // gap of the projected gradient at which a class is done; 0 means 0.05
	MinCount    int     // rows in which a feature must occur; 0 means 2, or 1 below smallSet rows
	MaxFeatures int     // the most frequent features are kept; 0 means 65,536
	// MaxBytes is how long the model file may be; weights get coarser until it fits, or until they are as coarse as is
	// of any use. 0 means 900,000.
	MaxBytes int
	// UseVal trains the final weights on the val rows too, after they have calibrated the probabilities. It suits a
	// model to be shipped; for a measurement leave it false.
	UseVal bool
	// Thesaurus adds features for words of shop talk that mean the same, in Chinese and English. It helps a set of a
	// few thousand rows about shops; a large set, or one about something else, does without.
	Thesaurus bool
	// Bayes adds naive Bayes to the support vector machines, at equal parts. It helps with writers that training has not
	// seen: words that were rare among the rows count, which the machines need not look at where others part the rows.
	Bayes bool
	// Folds calibrates on the rows themselves: styles are dealt into so many folds, and each fold is judged by a model
	// that saw none of its styles. It suits a model that will meet writers it has not seen. 0 means the val rows, or a
	// fixed tenth.
	Folds int
	// Workers is how many processors the training takes; 0 means all. The model does not depend on it.
	Workers int
	// Between is called after each class that was learned, from any goroutine; an error ends the training. Nil = never.
	Between func() error
}

// smallSet is the number of rows below which a feature seen once is worth keeping: it says little, but so do the others.
const smallSet = 4000

func (o Options) withDefaults() Options {
	o.C = cmp.Or(o.C, 1)
	o.Epochs = cmp.Or(o.Epochs, 30)
	o.Tolerance = cmp.Or(o.Tolerance, 0.05)
	o.MaxFeatures = cmp.Or(o.MaxFeatures, 1<<16)
	o.MaxBytes = cmp.Or(o.MaxBytes, 900_000)
	return o
}

// minCount fills in what is meant by 0, for so many rows.
func (o Options) minCount(rows int) Options {
	if o.MinCount == 0 {
		o.MinCount = 2
		if rows < smallSet {
			o.MinCount = 1
		}
	}
	return o
}

// ErrTooFewRows reports training rows from which nothing can be learned: fewer than two labels in scope.
var ErrTooFewRows = errors.New("training rows need at least two labels in scope")

// Train learns a model from the rows whose split is "train" or empty, and calibrates its probabilities on those whose
// split is "val"; where there are none, on a fixed tenth of the training rows, which the final weights then use too.
// Test rows are ignored. The same rows in the same order give the same model.
func Train(rows []Row, o Options) (*Model, error) {
	if o.Folds > 1 {
		m, _, err := TrainJudged(rows, o)
		return m, err
	}
	o = o.withDefaults()
	train, val, err := bySplit(rows)
	if err != nil {
		return nil, err
	}
	labels, scope := labelsOf(train)
	if scope < 2 || len(labels) > maxLabels {
		return nil, fmt.Errorf("%d rows, %d labels: %w", len(train), len(labels), ErrTooFewRows)
	}
	o = o.minCount(len(train))
	refit := o.UseVal
	fitted, held := train, val
	if len(val) == 0 {
		fitted, held = holdOut(train)
		refit = true
	}
	m, err := fit(fitted, labels, scope, o)
	if err != nil {
		return nil, err
	}
	m.cal = m.calibrate(held)
	if refit {
		cal := m.cal
		if m, err = fit(slices.Concat(train, val), labels, scope, o); err != nil {
			return nil, err
		}
		m.cal = cal
	}
	return m, nil
}

// bySplit checks the rows and sorts out those to train and to calibrate on.
func bySplit(rows []Row) (train, val []Row, err error) {
	for i, r := range rows {
		if len(r.Label) == 0 || len(r.Label) > MaxLabelBytes {
			return nil, nil, fmt.Errorf("row %d: label must have 1 to %d bytes", i+1, MaxLabelBytes)
		}
		switch r.Split {
		case "", "train":
			train = append(train, r)
		case "val":
			val = append(val, r)
		case "test":
		default:
			return nil, nil, fmt.Errorf("row %d: split %q is not train, val or test", i+1, r.Split)
		}
	}
	return train, val, nil
}

// labelsOf returns the distinct labels, those in scope first and ascending, and how many are in scope.
func labelsOf(rows []Row) (labels []string, scope int) {
	known := map[string]bool{}
	background := false
	for _, r := range rows {
		switch {
		case r.Label == OutOfScope:
			background = true
		case !known[r.Label]:
			known[r.Label] = true
			labels = append(labels, r.Label)
		}
	}
	slices.Sort(labels)
	scope = len(labels)
	if background {
		labels = append(labels, OutOfScope)
	}
	return labels, scope
}

// holdOut sets aside the tenth of each label whose texts have the smallest hashes: at least one row of labels that have
// four or more, none of smaller ones.
func holdOut(rows []Row) (rest, held []Row) {
	byLabel := map[string][]int{}
	for i, r := range rows {
		byLabel[r.Label] = append(byLabel[r.Label], i)
	}
	out := make([]bool, len(rows))
	for _, at := range byLabel {
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(textHash(rows[a].Text), textHash(rows[b].Text)) })
		n := len(at) / 10
		if len(at) >= 4 {
			n = max(n, 1)
		}
		for _, i := range at[:n] {
			out[i] = true
		}
	}
	for i, r := range rows {
		if out[i] {
			held = append(held, r)
		} else {
			rest = append(rest, r)
		}
	}
	return rest, held
}

func textHash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// fit trains the weights and stores them as finely as o.MaxBytes allows; the calibration is left neutral.
func fit(rows []Row, labels []string, scope int, o Options) (*Model, error) {
	return fitSteps(rows, labels, scope, o, 0)
}

// fitSteps is fit with weights in steps of a given length; 0 means the finest that o.MaxBytes allows.
func fitSteps(rows []Row, labels []string, scope int, o Options, step float32) (*Model, error) {
	m := &Model{labels: labels, scope: scope, cal: calibration{Temperature: 1, Slope: 1}}
	m.vocab = newVocabulary(rows, o)
	x := &matrix{}
	class := make([]int32, len(rows))
	s := &scratch{}
	for i, r := range rows {
		x.add(s.vectorise(&m.vocab, r.Text))
		class[i] = int32(m.classOf(r.Label))
	}
	w, err := separate(x, class, len(labels), len(m.vocab.keys), o)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	if o.Bayes {
		w.join(bayes(x, class, len(labels), len(m.vocab.keys)), x)
	}
	if step > 0 {
		m.round(w, step)
	} else {
		m.quantise(w, o.MaxBytes)
	}
	return m, nil
}

// classOf returns the index of a label, or -1.
func (m *Model) classOf(label string) int {
	if label == OutOfScope && m.scope < len(m.labels) {
		return m.scope
	}
	if i, ok := slices.BinarySearch(m.labels[:m.scope], label); ok {
		return i
	}
	return -1
}

// newVocabulary keeps the features that occur in at least o.MinCount rows, the most frequent first.
func newVocabulary(rows []Row, o Options) vocabulary {
	type tally struct{ rows, last int32 }
	tallies := map[uint32]*tally{}
	var text folded
	for i, r := range rows {
		text.fold(r.Text)
		text.each(o.Thesaurus, func(_ int, key uint32) {
			t := tallies[key]
			if t == nil {
				t = &tally{last: -1}
				tallies[key] = t
			}
			if t.last != int32(i) {
				t.rows, t.last = t.rows+1, int32(i)
			}
		})
	}
	v := vocabulary{grouped: o.Thesaurus}
	for key, t := range tallies {
		if int(t.rows) >= o.MinCount {
			v.keys = append(v.keys, key)
		}
	}
	slices.SortFunc(v.keys, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(tallies[b].rows, tallies[a].rows), cmp.Compare(a, b))
	})
	v.keys = v.keys[:min(len(v.keys), o.MaxFeatures)]
	slices.Sort(v.keys)
	for _, key := range v.keys {
		v.idf = append(v.idf, quantiseIDF(len(rows), int(tallies[key].rows)))
	}
	rarest := float32(math.Log(float64(1+len(rows)))) + 1
	v.unknown = rarest * rarest
	if o.Thesaurus {
		v.unknown /= 2 // what the words leave open the groups may tell
	}
	v.index()
	return v
}

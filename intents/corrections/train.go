package corrections

import (
	"fmt"
	"slices"

	"gongdan/intents/linear"
)

// weight is how often a correction stands among the base's rows: it is what this workspace says, and one among thousands
// would not be heard.
const weight = 3

// mostTrained bounds the corrections that one training learns from, the newest, so that it ends in time.
const mostTrained = 3000

// ModelBytes is how long a workspace's model may be.
const ModelBytes = 400_000

// learn trains on the base's rows and on the corrections that are not held back. Labels that the base does not have are
// left out: nobody could act on them. between is asked after each part of the work; its error ends it.
func learn(base []linear.Row, rows []Row, between func() error) (m *linear.Model, used int, err error) {
	known := map[string]bool{NotATicket: true}
	all := make([]linear.Row, 0, len(base)+weight*len(rows))
	for _, r := range base {
		known[r.Label] = true
		if r.Split != "test" {
			all = append(all, r)
		}
	}
	var own []Row
	for _, r := range rows {
		if known[r.Label] && !r.Held() {
			own = append(own, r)
		}
	}
	own = own[max(0, len(own)-mostTrained):]
	for _, r := range own {
		row := linear.Row{Text: r.Words(), Label: r.Label, Style: "corrections", Split: "train"}
		all = append(all, slices.Repeat([]linear.Row{row}, weight)...)
	}
	o := linear.EmbeddedOptions()
	o.MaxBytes, o.Workers, o.Between = ModelBytes, 1, between
	m, err = linear.Train(all, o)
	if err != nil {
		return nil, 0, fmt.Errorf("train on %d corrections: %w", len(own), err)
	}
	return m, len(own), nil
}

// Predictor is a model that can be scored; *linear.Model is one.
type Predictor interface {
	Predict(text string) linear.Prediction
}

// score is the share of rows that a model gets right: what belongs to no type stays below the threshold, and what does has
// its type at or above it. Without rows it is 0.
func score(m Predictor, rows []Row, threshold float64) float64 {
	right := 0
	for _, r := range rows {
		p := m.Predict(r.Words())
		if silent := p.P < threshold; r.Label == NotATicket && silent || r.Label == p.Label && !silent {
			right++
		}
	}
	return float64(right) / float64(max(1, len(rows)))
}

// held are the rows held back.
func held(rows []Row) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return !r.Held() })
}

// accuracy is the share of the base's test rows in scope whose type a model knows: what it must not forget.
func accuracy(m Predictor, base []linear.Row) float64 {
	n, right := 0, 0
	for _, r := range base {
		if r.Split != "test" || r.Label == NotATicket {
			continue
		}
		if n++; m.Predict(r.Text).Label == r.Label {
			right++
		}
	}
	return float64(right) / float64(max(1, n))
}

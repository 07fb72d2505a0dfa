package corrections

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"gongdan/intents/linear"
)

// weight is how often a correction stands among the base's rows: it is what this workspace says, and one among thousands
// would not be heard.
const weight = 3

// One training learns from the newest corrections, within bounds in number and in code points, so that it ends in time and
// takes little memory, whatever is in them: text that repeats nothing costs most.
const (
	mostTrained = 3000
	mostRunes   = 80_000
)

// ModelBytes is how long a workspace's model may be: as fine as the embedded one, for a coarser one forgets.
const ModelBytes = 600_000

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
	own = newest(own)
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

// newest are the rows that one training learns from.
func newest(own []Row) []Row {
	from, left := len(own), mostRunes
	for from > max(0, len(own)-mostTrained) {
		if left -= utf8.RuneCountInString(own[from-1].Text); left < 0 {
			break
		}
		from--
	}
	return own[from:]
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

// forgottenBy tells whether a model has lost what the base knows, as wrong corrections would have it: of the base's test rows
// it hears fewer with their type, or leaves less of the chat alone.
func (b Base) forgottenBy(m Predictor) bool {
	tickets, chat := b.known(b.Model)
	mine, quiet := b.known(m)
	return mine < tickets-forgets || quiet < chat-speaksUp
}

// known is the share of the base's test rows in scope that a model hears with the right type, and that of the others which it
// leaves alone.
func (b Base) known(m Predictor) (tickets, chat float64) {
	var in, out []Row
	for _, r := range b.Rows {
		switch {
		case r.Split != "test":
		case r.Label == NotATicket:
			out = append(out, Row{Text: r.Text, Label: r.Label})
		default:
			in = append(in, Row{Text: r.Text, Label: r.Label})
		}
	}
	return score(m, in, b.Threshold), score(m, out, b.Threshold)
}

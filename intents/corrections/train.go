package corrections

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"gongdan/intents"
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
const ModelBytes = 900_000

// lesson is what one training has brought. Own are the corrections that it learned from, each words once, as a model saw them
// that had learned the others; common are the base's rows, each as one saw it that knew none of its style.
type lesson struct {
	model       *linear.Model
	used        int // corrections it learned from
	common, own []intents.Judged
}

// learn trains on the base's rows and on the corrections that are not held back. Labels that the base does not have are
// left out: nobody could act on them. between is asked after each part of the work; its error ends it.
func learn(base []linear.Row, rows []Row, between func() error) (lesson, error) {
	known := map[string]bool{NotATicket: true}
	all := make([]linear.Row, 0, len(base)+weight*len(rows))
	for _, r := range base {
		known[r.Label] = true
		if r.Split != "test" {
			all = append(all, r)
		}
	}
	common := len(all)
	var own []Row
	for _, r := range rows {
		if known[r.Label] && !r.Held() {
			own = append(own, r)
		}
	}
	own = newest(own)
	for _, r := range own {
		all = append(all, slices.Repeat([]linear.Row{r.lesson()}, weight)...)
	}
	o := linear.EmbeddedOptions()
	o.MaxBytes, o.Workers, o.Between = ModelBytes, 1, between
	m, seen, err := linear.TrainJudged(all, o)
	if err != nil {
		return lesson{}, fmt.Errorf("train on %d corrections: %w", len(own), err)
	}
	l := lesson{model: m, used: len(own)}
	said := map[linear.Row]bool{}
	for i, r := range all {
		switch {
		case i < common:
			l.common = append(l.common, intents.Judge(seen[i].Ranked, r.Label))
		case !said[linear.Row{Style: r.Style, Label: r.Label}]:
			said[linear.Row{Style: r.Style, Label: r.Label}] = true
			l.own = append(l.own, intents.Judge(seen[i].Ranked, r.Label))
		}
	}
	return l, nil
}

// lesson is a correction as it is learned from. Its words are a style of their own, so that its copies and its like are judged
// by a model that has learned the other corrections, as the next message will be. One style for all of a workspace would
// judge them by what it had before it learned anything of them.
func (r Row) lesson() linear.Row {
	return linear.Row{Text: r.Words(), Label: r.Label, Style: fmt.Sprintf("corrections:%x", r.share()), Split: "train"}
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

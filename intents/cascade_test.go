package intents_test

import (
	"testing"

	"gongdan/intents"
	"gongdan/intents/evals"
	"gongdan/intents/linear"
)

// TestCascadeOnLabelledRows measures rules and local model together on the test
// split of the labelled messages, which training never sees.
func TestCascadeOnLabelledRows(t *testing.T) {
	t.Parallel()
	rows, err := evals.ReadDir("evals/testdata")
	if err != nil {
		t.Fatal(err)
	}
	c := classifier(t, nil)
	var in, typed, acted, right, seen, out, falseActs, falseAsks int
	for _, r := range rows {
		if r.Split != "test" {
			continue
		}
		d := c.Local(message(r.Text))
		if r.Label == linear.OutOfScope {
			out++
			switch d.Action {
			case intents.Act:
				falseActs++
				t.Logf("false ticket %q: %s %s %.2f", r.Text, d.Type, d.Reason, d.Confidence)
			case intents.Ask:
				falseAsks++
			}
			continue
		}
		in++
		if d.Type == r.Label {
			typed++
		}
		if d.Intent == intents.NewTicket && d.Action != intents.Ignore {
			seen++
		} else {
			t.Logf("missed %q (%s): %s %s %.2f", r.Text, r.Label, d.Intent, d.Reason, d.Confidence)
		}
		if d.Action == intents.Act {
			acted++
			if d.Type == r.Label {
				right++
			} else {
				t.Logf("wrong type %q: %s, want %s, %s %.2f", r.Text, d.Type, r.Label, d.Reason, d.Confidence)
			}
		}
	}
	rate := func(a, b int) float64 { return float64(a) / float64(max(1, b)) }
	t.Logf("%d tickets: type right %.3f, acted %.3f with type right %.3f, acted or asked %.3f; %d others: false tickets %.3f, asked %.3f",
		in, rate(typed, in), rate(acted, in), rate(right, acted), rate(seen, in), out, rate(falseActs, out), rate(falseAsks, out))
	for _, f := range []struct {
		name      string
		got, want float64
		least     bool
	}{
		{"type right", rate(typed, in), 0.84, true}, {"acted", rate(acted, in), 0.70, true}, {"type right where acted", rate(right, acted), 0.95, true},
		{"acted or asked", rate(seen, in), 0.95, true}, {"false tickets", rate(falseActs, out), 0.02, false}, {"asked about chat", rate(falseAsks, out), 0.12, false},
	} {
		if f.least && f.got < f.want || !f.least && f.got > f.want {
			t.Errorf("%s = %.3f, want %.3f (at least: %t)", f.name, f.got, f.want, f.least)
		}
	}
}

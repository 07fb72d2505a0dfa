package intents_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongdan/intents"
	"gongdan/intents/linear"
)

// labelledRow is a row of the labelled messages with what package evals leaves out.
type labelledRow struct {
	Text, Label, Lang, Style, Split string
	Fields                          map[string]string
}

func labelledRows(t *testing.T) (all []labelledRow) {
	t.Helper()
	names, err := filepath.Glob("evals/testdata/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var r labelledRow
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all = append(all, r)
		}
		_ = f.Close()
	}
	return all
}

// ofTicket tells the labels of messages about tickets that exist.
func ofTicket(label string) bool {
	return label == "update" || label == "status" || label == "question"
}

// tally counts what a classifier made of labelled messages.
type tally struct {
	in, typed, right, real, seen int
	out, falseActs, falseAsks    int
	talk, talkActs               int
}

func (c *tally) add(r labelledRow, d intents.Decision) {
	act := d.Action == intents.Act && d.Intent == intents.NewTicket
	switch {
	case r.Label == linear.OutOfScope:
		c.out++
		c.falseActs += one(act)
		c.falseAsks += one(d.Action == intents.Ask)
		return
	case ofTicket(r.Label):
		c.talk++
		c.talkActs += one(act)
		return
	}
	c.in++
	c.typed += one(d.Type == r.Label)
	c.seen += one(d.Intent == intents.NewTicket && d.Action != intents.Ignore)
	c.right += one(act && d.Type == r.Label)
	c.real += one(act)
}

// made is how many tickets were made, of whatever.
func (c *tally) made() int { return c.real + c.falseActs + c.talkActs }

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func rate(a, b int) float64 { return float64(a) / float64(max(1, b)) }

// figures are what a mode reaches on the test rows, by name; those that name what is bad must stay below.
func (c *tally) figures() map[string]float64 {
	return map[string]float64{
		"type right": rate(c.typed, c.in), "acted": rate(c.real, c.in), "made rightly": rate(c.real, c.made()), "made with the right type": rate(c.right, c.made()),
		"acted or asked": rate(c.seen, c.in), "false tickets": rate(c.falseActs, c.out), "asked about chat": rate(c.falseAsks, c.out), "talk made tickets": rate(c.talkActs, c.talk),
	}
}

// TestCascadeOnLabelledRows measures rules and local model together on the test
// split of the labelled messages, in styles that training never sees. Floors are a little
// below what is reached, never below an aim: in careful mode 92 % of types, 70 % acted on, 97 % made rightly and seen, 1 %
// false tickets.
func TestCascadeOnLabelledRows(t *testing.T) {
	t.Parallel()
	rows := labelledRows(t)
	c := classifier(t, nil)
	bad := map[string]bool{"false tickets": true, "asked about chat": true, "talk made tickets": true}
	for _, tt := range []struct {
		mode  intents.Mode
		lang  string
		floor map[string]float64
	}{
		{intents.Careful, "zh", map[string]float64{"type right": 0.945, "acted": 0.82, "made rightly": 0.99, "made with the right type": 0.985, "acted or asked": 0.985, "false tickets": 0.01, "asked about chat": 0.1, "talk made tickets": 0.01}},
		{intents.Careful, "en", map[string]float64{"type right": 0.92, "acted": 0.71, "made rightly": 0.99, "made with the right type": 0.975, "acted or asked": 0.975, "false tickets": 0.01, "asked about chat": 0.16, "talk made tickets": 0.01}},
		{intents.Eager, "zh", map[string]float64{"type right": 0.945, "acted": 0.88, "made rightly": 0.99, "made with the right type": 0.98, "acted or asked": 0.985, "false tickets": 0.01, "asked about chat": 0.09, "talk made tickets": 0.01}},
		{intents.Eager, "en", map[string]float64{"type right": 0.92, "acted": 0.79, "made rightly": 0.98, "made with the right type": 0.965, "acted or asked": 0.975, "false tickets": 0.03, "asked about chat": 0.13, "talk made tickets": 0.01}},
	} {
		t.Run(string(tt.mode)+" "+tt.lang, func(t *testing.T) {
			t.Parallel()
			var n tally
			for _, r := range rows {
				if r.Split != "test" || r.Lang != tt.lang {
					continue
				}
				m := message(r.Text)
				m.Mode = tt.mode
				d := c.Local(m)
				n.add(r, d)
				if r.Label == linear.OutOfScope && d.Action == intents.Act {
					t.Logf("false ticket %q: %s %s %.2f", r.Text, d.Type, d.Reason, d.Confidence)
				}
			}
			got := n.figures()
			t.Logf("%d tickets, %d made, %d others, %d about tickets", n.in, n.made(), n.out, n.talk)
			for _, name := range []string{"type right", "acted", "made rightly", "made with the right type", "acted or asked", "false tickets", "asked about chat", "talk made tickets"} {
				t.Logf("%-26s %.3f", name, got[name])
				want, ok := tt.floor[name]
				if ok && (bad[name] && got[name] > want || !bad[name] && got[name] < want) {
					t.Errorf("%s = %.3f, want %.3f (at least: %t)", name, got[name], want, !bad[name])
				}
			}
		})
	}
}

// TestFieldsOfLabelledRows finds what the numbered test messages say they hold.
func TestFieldsOfLabelledRows(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	type score struct{ right, found, want int }
	scores := map[string]*score{"order": {}, "phone": {}, "waybill": {}, "due": {}}
	for _, r := range labelledRows(t) {
		if r.Style != "numbers" {
			continue
		}
		f := c.Local(message(r.Text)).Fields
		got := map[string]string{"order": f.Order, "phone": f.Phone, "waybill": f.Waybill}
		if !f.Due.IsZero() {
			got["due"] = f.Due.In(shanghai).Format("2006-01-02T15:04")
		}
		for name, s := range scores {
			want, have := r.Fields[name], got[name]
			s.want += one(want != "")
			s.found += one(have != "")
			if want != "" && have != "" && strings.HasPrefix(have, want) {
				s.right++
			} else if want != have {
				t.Logf("%s of %q = %q, want %q", name, r.Text, have, want)
			}
		}
	}
	for name, s := range scores {
		f1 := 2 * float64(s.right) / float64(max(1, s.found+s.want))
		t.Logf("%-8s f1 %.3f (%d right, %d found, %d wanted)", name, f1, s.right, s.found, s.want)
		if f1 < 0.95 || s.want < 15 {
			t.Errorf("%s: f1 %.3f of %d, want at least 0.95 of 15", name, f1, s.want)
		}
	}
}

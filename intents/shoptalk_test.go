package intents_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"gongdan/intents"
)

// talk is a message with words that sound like an instruction to a machine, and the same without them.
type talk struct{ Text, Without string }

func shopTalk(t *testing.T) []talk {
	t.Helper()
	f, err := os.Open("testdata/shoptalk.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var rows []talk
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var row talk
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// verdict is what a decision does.
type verdict struct {
	intent intents.Kind
	typ    string
	action intents.Action
}

func of(d intents.Decision) verdict { return verdict{d.Intent, d.Type, d.Action} }

// TestShopTalk is about people who mean each other: what they write is decided as it would be without the words that
// sound like an instruction, with a model and without one.
func TestShopTalk(t *testing.T) {
	t.Parallel()
	rows := shopTalk(t)
	if len(rows) < 100 {
		t.Fatalf("only %d messages", len(rows))
	}
	e := newEndpoint(t, func(string) string { return answer("type", "delay", "sure", "low") })
	for name, c := range map[string]*intents.Classifier{"without a model": classifier(t, nil), "with a model": classifier(t, e.model())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same := 0
			for _, r := range rows {
				a, b := decided(t, c, r.Text), decided(t, c, r.Without)
				if of(a) == of(b) {
					same++
				} else {
					t.Logf("%q: %+v (%s), without the words %+v (%s)", r.Text, of(a), a.Reason, of(b), b.Reason)
				}
			}
			share := float64(same) / float64(len(rows))
			t.Logf("%d of %d decided alike (%.1f %%)", same, len(rows), 100*share)
			if share < 0.95 {
				t.Errorf("only %.1f %% decided alike, want 95", 100*share)
			}
		})
	}
}

func decided(t *testing.T, c *intents.Classifier, text string) intents.Decision {
	t.Helper()
	m := message(text)
	return c.Refine(t.Context(), m, c.Local(m))
}

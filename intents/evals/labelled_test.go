package evals

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gongdan/intents/linear"
)

// types are the kinds of ticket that the embedded model must tell apart.
var types = []string{
	"goods_return", "exchange", "repair", "refund", "compensation",
	"delay", "lost", "tracking", "ship_reminder", "waybill",
	"change", "review", "print", "stockout", "price", "invoice",
	"product", "promotion", "listing", "platform_rule", "platform_notice",
	"complaint", "service", "public_complaint", "high_risk", "unsafe_product",
	"care", "other",
}

type labelled struct{ Text, Label, Lang, Style, Split string }

func readLabelled(t *testing.T) []labelled {
	t.Helper()
	names, err := filepath.Glob("testdata/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for d := json.NewDecoder(bytes.NewReader(b)); d.More(); {
			var row labelled
			if err := d.Decode(&row); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all = append(all, row)
		}
	}
	return all
}

func TestLabelledCounts(t *testing.T) {
	t.Parallel()
	type key struct{ label, lang string }
	n, test := map[key]int{}, map[key]int{}
	splits := map[string]map[string]bool{}
	for _, r := range readLabelled(t) {
		k := key{r.Label, r.Lang}
		n[k]++
		if r.Split == "test" {
			test[k]++
		}
		if splits[r.Style] == nil {
			splits[r.Style] = map[string]bool{}
		}
		splits[r.Style][r.Split] = true
	}
	want := map[string]int{linear.OutOfScope: 120}
	for _, label := range types {
		want[label] = 25
	}
	if len(n) != 2*len(want) {
		t.Errorf("%d labels by language, want %d", len(n), 2*len(want))
	}
	for label, least := range want {
		for _, lang := range []string{"zh", "en"} {
			k := key{label, lang}
			if n[k] < least || test[k]*100 < n[k]*18 {
				t.Errorf("%s %s: %d rows, %d of them test, want at least %d and 18 percent", label, lang, n[k], test[k], least)
			}
		}
	}
	for style, in := range splits {
		if len(in) != 1 {
			t.Errorf("style %s occurs in splits %v, want one", style, in)
		}
	}
}

// TestLabelledApart finds test rows that are nearly a train row, and rows that occur twice.
func TestLabelledApart(t *testing.T) {
	t.Parallel()
	rows := readLabelled(t)
	grams := make([]map[string]bool, len(rows))
	for i, r := range rows {
		grams[i] = trigrams(r.Text)
	}
	for i, a := range rows {
		for j, b := range rows[:i] {
			if a.Text == b.Text {
				t.Errorf("%q occurs twice", a.Text)
			}
			if (a.Split == "test") != (b.Split == "test") && jaccard(grams[i], grams[j]) >= 0.6 {
				t.Errorf("%q and %q stand on both sides", a.Text, b.Text)
			}
		}
	}
}

func readAll(t *testing.T) []linear.Row {
	t.Helper()
	rows, err := ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestEmbeddedModel holds the model in the program to floors a little under what was measured.
func TestEmbeddedModel(t *testing.T) {
	t.Parallel()
	m, err := linear.Default()
	if err != nil {
		t.Fatal(err)
	}
	r := Evaluate(m, readAll(t))
	t.Logf("n %d, accuracy %.4f, ece %.4f, auroc %.4f, %.1f µs", r.N, r.Accuracy, r.ECE, *r.OOSAUROC, r.Microsec)
	if r.Accuracy < 0.87 || r.ECE > 0.08 || *r.OOSAUROC < 0.95 {
		t.Errorf("accuracy, ece, auroc = %.4f, %.4f, %.4f, want at least 0.87, at most 0.08, at least 0.95",
			r.Accuracy, r.ECE, *r.OOSAUROC)
	}
	for label, l := range r.PerLabel {
		if l.Recall < 0.5 {
			t.Errorf("%s: recall %.2f of %d, want at least 0.5", label, l.Recall, l.N)
		}
	}
}

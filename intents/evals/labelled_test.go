package evals

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gongdan/intents/linear"
)

// types are the kinds of ticket that the embedded model must tell apart, and what is said about tickets that exist.
var types = []string{
	"goods_return", "exchange", "repair", "refund", "compensation",
	"delay", "lost", "tracking", "ship_reminder", "waybill",
	"change", "review", "print", "stockout", "price", "invoice",
	"product", "promotion", "listing", "platform_rule", "platform_notice",
	"complaint", "service", "public_complaint", "high_risk", "unsafe_product",
	"care", "other",
	"update", "status", "question",
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
	// Test rows are counted by themselves: more rows to learn from do not make the test weaker.
	want, wantTest := map[string]int{linear.OutOfScope: 300}, map[string]int{linear.OutOfScope: 100}
	for _, label := range types {
		want[label], wantTest[label] = 80, 15
	}
	if len(n) != 2*len(want) {
		t.Errorf("%d labels by language, want %d", len(n), 2*len(want))
	}
	for label, least := range want {
		for _, lang := range []string{"zh", "en"} {
			k := key{label, lang}
			if n[k] < least || test[k] < wantTest[label] {
				t.Errorf("%s %s: %d rows, %d of them test, want at least %d and %d", label, lang, n[k], test[k], least, wantTest[label])
			}
		}
	}
	for style, in := range splits {
		if len(in) != 1 {
			t.Errorf("style %s occurs in splits %v, want one", style, in)
		}
	}
}

// alike is the share of trigrams that near-duplicates have in common.
const alike = 0.6

// TestLabelledApart finds test rows that are nearly a row of another split, and rows that occur twice. Only rows that share
// a trigram are compared.
func TestLabelledApart(t *testing.T) {
	t.Parallel()
	rows := readLabelled(t)
	tests := slices.DeleteFunc(slices.Clone(rows), func(r labelled) bool { return r.Split != "test" })
	grams, with := make([]map[string]bool, len(tests)), map[string][]int{}
	for i, r := range tests {
		grams[i] = trigrams(r.Text)
		for g := range grams[i] {
			with[g] = append(with[g], i)
		}
	}
	texts, pairs, shared := map[string]bool{}, 0, make([]int, len(tests))
	for _, r := range rows {
		if texts[r.Text] {
			t.Errorf("%q occurs twice", r.Text)
		}
		texts[r.Text] = true
		if r.Split == "test" {
			continue
		}
		clear(shared)
		own := trigrams(r.Text)
		for g := range own {
			for _, i := range with[g] {
				shared[i]++
			}
		}
		for i, n := range shared {
			pairs += min(n, 1)
			if n > 0 && float64(n) >= alike*float64(len(own)+len(grams[i])-n) {
				t.Errorf("%q and %q stand on both sides", r.Text, tests[i].Text)
			}
		}
	}
	t.Logf("%d rows, %d pairs across the split share a trigram", len(rows), pairs)
	if pairs == 0 {
		t.Error("no pair was compared")
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
	if r.Accuracy < 0.865 || r.ECE > 0.045 || *r.OOSAUROC < 0.95 {
		t.Errorf("accuracy, ece, auroc = %.4f, %.4f, %.4f, want at least 0.865, at most 0.045, at least 0.95",
			r.Accuracy, r.ECE, *r.OOSAUROC)
	}
	for label, l := range r.PerLabel {
		if l.Recall < 0.5 {
			t.Errorf("%s: recall %.2f of %d, want at least 0.5", label, l.Recall, l.N)
		}
	}
}

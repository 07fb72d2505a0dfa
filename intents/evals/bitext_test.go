package evals

import (
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongdan/intents/linear"
)

// sharedFile finds a file of the public data beside the repository, or skips the test.
func sharedFile(t *testing.T, name string) string {
	t.Helper()
	roots := []string{os.Getenv("GONGDAN_SHARED_DATA")}
	for dir, up := ".", 0; up < 6; dir, up = filepath.Join(dir, ".."), up+1 {
		roots = append(roots, filepath.Join(dir, "shared", "data"))
	}
	for _, root := range roots {
		if root == "" {
			continue
		}
		path := filepath.Join(root, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("skipped: ../shared/data is absent")
	return ""
}

func readBitext(t *testing.T) []linear.Row {
	t.Helper()
	b, err := os.ReadFile(sharedFile(t, "intents/bitext_train.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []linear.Row
	for line := range strings.Lines(string(b)) {
		var r struct{ Text, Intent string }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, linear.Row{Text: r.Text, Label: r.Intent})
	}
	return rows
}

// splitApart marks a fifth of the families as test. A family is what near-duplicates connect, so that two fillings of
// one template never stand on both sides.
func splitApart(rows []linear.Row, alike float64) {
	grams := make([]map[string]bool, len(rows))
	parent := make([]int, len(rows))
	byLabel := map[string][]int{}
	for i, r := range rows {
		grams[i], parent[i] = trigrams(maskDigits(r.Text)), i
		byLabel[r.Label] = append(byLabel[r.Label], i)
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for _, at := range byLabel {
		for k, i := range at {
			for _, j := range at[:k] {
				if jaccard(grams[i], grams[j]) >= alike {
					parent[root(i)] = root(j)
				}
			}
		}
	}
	for i := range rows {
		h := fnv.New32a()
		h.Write([]byte(rows[root(i)].Text))
		rows[i].Split = "train"
		if h.Sum32()%5 == 0 {
			rows[i].Split = "test"
		}
	}
}

func maskDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, strings.ToLower(s))
}

// trigrams are the distinct runs of three characters, blanks left out.
func trigrams(s string) map[string]bool {
	r := []rune(strings.Join(strings.Fields(strings.ToLower(s)), ""))
	if len(r) < 3 {
		return map[string]bool{string(r): true}
	}
	set := map[string]bool{}
	for i := range len(r) - 2 {
		set[string(r[i:i+3])] = true
	}
	return set
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for g := range a {
		if b[g] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// TestBitext measures an English set of 27 customer-service intents that nothing here was tuned on.
func TestBitext(t *testing.T) {
	t.Parallel()
	rows := readBitext(t)
	splitApart(rows, 0.6)
	m, err := linear.Train(rows, linear.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := Evaluate(m, rows)
	t.Logf("in scope: n %d, accuracy %.4f, ece %.4f, %.1f µs", r.N, r.Accuracy, r.ECE, r.Microsec)
	if r.N < 500 || r.Accuracy < 0.98 || r.ECE > 0.035 {
		t.Errorf("n, accuracy, ece = %d, %.4f, %.4f, want at least 500, at least 0.98, at most 0.035", r.N, r.Accuracy, r.ECE)
	}
}

// TestBitextOutOfScope leaves whole intents out of training, and asks how well a low probability finds them.
func TestBitextOutOfScope(t *testing.T) {
	t.Parallel()
	rows := readBitext(t)
	splitApart(rows, 0.6)
	away := []string{"newsletter_subscription", "check_invoice", "delete_account", "delivery_options", "payment_issue"}
	for i := range rows {
		if slices.Contains(away, rows[i].Label) {
			rows[i].Label = linear.OutOfScope
			if rows[i].Split == "train" {
				rows[i].Split = "val"
			}
		}
	}
	rows = slices.DeleteFunc(rows, func(r linear.Row) bool { return r.Split == "val" })
	m, err := linear.Train(rows, linear.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := Evaluate(m, rows)
	t.Logf("unseen intents: accuracy %.4f, auroc %.4f", r.Accuracy, *r.OOSAUROC)
	if *r.OOSAUROC < 0.95 {
		t.Errorf("auroc = %.4f, want at least 0.95", *r.OOSAUROC)
	}
}

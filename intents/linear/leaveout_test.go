package linear

import (
	"errors"
	"testing"
)

// TestTrainJudged gives one label a style of its own: by models that saw none of it, it cannot be told.
func TestTrainJudged(t *testing.T) {
	t.Parallel()
	rows := toyRows()
	for i := range rows {
		rows[i].Style = []string{"a", "b"}[i%2]
		if rows[i].Label == "tracking" {
			rows[i].Style = "c"
		}
	}
	rows = append(rows, Row{Text: "退货", Label: "goods_return", Split: "test", Style: "d"})
	_, got, err := TrainJudged(rows, Options{Folds: 3, MinCount: 1})
	if err != nil {
		t.Fatal(err)
	}
	right := map[string]int{}
	for i, r := range rows[:len(rows)-1] {
		if got[i].Label == "" || len(got[i].Ranked) != 3 {
			t.Fatalf("row %d has no prediction: %+v", i, got[i])
		}
		if got[i].Label == r.Label {
			right[r.Label]++
		}
	}
	if right["tracking"] != 0 || right["goods_return"] < 6 {
		t.Errorf("right by label = %v, want no tracking and most goods_return", right)
	}
	if last := got[len(got)-1]; last.Label != "" {
		t.Errorf("a test row was predicted: %+v", last)
	}
	if _, _, err := TrainJudged(rows[:3], Options{}); !errors.Is(err, ErrTooFewRows) {
		t.Errorf("TrainJudged of one label = %v, want ErrTooFewRows", err)
	}
}

func TestDealKeepsStylesTogether(t *testing.T) {
	t.Parallel()
	rows := make([]Row, 0, 60)
	for i := range 60 {
		rows = append(rows, Row{Style: []string{"", "x", "x", "y", "z"}[i%5]})
	}
	size, of := make([]int, 3), map[string]int{}
	for i, f := range deal(rows, 3) {
		size[f]++
		if s := rows[i].Style; s != "" {
			if at, ok := of[s]; ok && at != f {
				t.Fatalf("style %s is in folds %d and %d", s, at, f)
			}
			of[s] = f
		}
	}
	for f, n := range size {
		if n < 15 {
			t.Errorf("fold %d has %d of 60 rows", f, n)
		}
	}
}

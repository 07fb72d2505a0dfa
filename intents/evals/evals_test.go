package evals

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"gongdan/intents/linear"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestReadRows(t *testing.T) {
	t.Parallel()
	const file = "\uFEFF" + `{"text":"要退货","label":"goods_return","lang":"zh","split":"test"}` + "\n\n" +
		`{"text":"","label":"oos"}` + "\r\n" + `{"text":"a\nb","label":"x","split":"val"}`
	got, err := ReadRows(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []linear.Row{{Text: "要退货", Label: "goods_return", Split: "test"}, {Label: "oos"}, {Text: "a\nb", Label: "x", Split: "val"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ReadRows (-want +got):\n%s", diff)
	}
}

func TestReadRowsNamesTheLine(t *testing.T) {
	t.Parallel()
	const good = `{"text":"a","label":"b"}`
	for _, tt := range []struct{ name, line string }{
		{"not JSON", `{"text"`},
		{"not an object", `["a","b"]`},
		{"two objects", good + good},
		{"no text", `{"label":"b"}`},
		{"no label", `{"text":"a"}`},
		{"label too long", `{"text":"a","label":"` + strings.Repeat("b", 300) + `"}`},
		{"unknown split", `{"text":"a","label":"b","split":"dev"}`},
		{"text of another type", `{"text":1,"label":"b"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := ReadRows(strings.NewReader(good + "\n\n" + tt.line + "\n" + good))
			if !errors.Is(err, ErrRow) || !strings.Contains(err.Error(), "line 3:") {
				t.Errorf("ReadRows = %v, want ErrRow at line 3", err)
			}
			if len(rows) != 1 {
				t.Errorf("ReadRows gave %d rows before the bad line, want 1", len(rows))
			}
		})
	}
	_, err := ReadRows(strings.NewReader(good + "\n" + strings.Repeat("x", maxLine+1)))
	if err == nil || !strings.Contains(err.Error(), "line 2:") {
		t.Errorf("ReadRows of an endless line = %v, want an error at line 2", err)
	}
}

// scripted answers each text with what the table says.
type scripted map[string]linear.Score

func (s scripted) Predict(text string) linear.Prediction {
	return linear.Prediction{Label: s[text].Label, P: s[text].P}
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	m := scripted{
		"a1": {Label: "a", P: 0.95}, "a2": {Label: "a", P: 0.65}, "a3": {Label: "b", P: 0.65}, "a4": {Label: "b", P: 0.3},
		"b1": {Label: "b", P: 0.95}, "o1": {Label: "a", P: 0.2}, "o2": {Label: "b", P: 0.65},
	}
	rows := []linear.Row{
		{Text: "a1", Label: "a"}, {Text: "a2", Label: "a", Split: "test"}, {Text: "a3", Label: "a"}, {Text: "a4", Label: "a"},
		{Text: "b1", Label: "b", Split: "test"}, {Text: "o1", Label: "oos"}, {Text: "o2", Label: "oos"},
		{Text: "a1", Label: "b", Split: "train"}, {Text: "a1", Label: "b", Split: "val"},
	}
	clock := time.Unix(0, 0)
	tick := func() time.Time { clock = clock.Add(20 * time.Microsecond); return clock }
	got := evaluate(m, rows, tick)

	// Bins: two rows at 0.95 both right, two at 0.65 one right, one at 0.3 wrong.
	ece := (math.Abs(1.9-2) + math.Abs(1.3-1) + 0.3) / 5
	// Of the ten pairs, 0.2 is below all five; 0.65 is below two, level with two, above one.
	auroc := (5 + 2 + 2*0.5) / 10
	want := Result{N: 7, Accuracy: 3.0 / 5, ECE: ece, OOSAUROC: &auroc, Microsec: 20,
		PerLabel:   map[string]LabelResult{"a": {Precision: 1, Recall: 0.5, N: 4}, "b": {Precision: 1.0 / 3, Recall: 1, N: 1}},
		Confusions: []Confusion{{Want: "a", Got: "b", N: 2}}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12), cmpopts.IgnoreFields(Result{}, "Bins")); diff != "" {
		t.Errorf("evaluate (-want +got):\n%s", diff)
	}
}

func TestResultJSON(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(Evaluate(scripted{"x": {Label: "a", P: 0.5}}, []linear.Row{{Text: "x", Label: "b"}}))
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(got, &keys); err != nil {
		t.Fatal(err)
	}
	delete(keys, "us_per_prediction")
	want := map[string]any{"n": 1.0, "accuracy": 0.0, "ece": 0.5, "oos_auroc": nil,
		"per_label":  map[string]any{"b": map[string]any{"precision": 0.0, "recall": 0.0, "n": 1.0}},
		"confusions": []any{map[string]any{"want": "b", "got": "a", "n": 1.0}}}
	if diff := cmp.Diff(want, keys, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

func TestEvaluateNothing(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(Evaluate(scripted{}, nil))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"n":0,"accuracy":0,"ece":0,"oos_auroc":null,"us_per_prediction":0,"per_label":{},"confusions":[]}`
	if string(b) != want {
		t.Errorf("JSON = %s, want %s", b, want)
	}
}

func FuzzReadRows(f *testing.F) {
	f.Add(`{"text":"a","label":"b"}` + "\n" + `{"text":"退货","label":"oos","split":"test"}`)
	f.Add("\uFEFF{}\n\n[]")
	f.Add(`{"text":"\ud800","label":"x"}`)
	f.Fuzz(func(t *testing.T, file string) {
		rows, err := ReadRows(strings.NewReader(file))
		if err != nil && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("ReadRows = %v, want an error that names the line", err)
		}
		for _, r := range rows {
			if r.Label == "" {
				t.Errorf("ReadRows gave %+v without a label", r)
			}
		}
	})
}

func TestPlot(t *testing.T) {
	t.Parallel()
	m := scripted{"a": {Label: "a", P: 0.95}, "b": {Label: "a", P: 0.65}, "c": {Label: "a", P: 0.95}, "o": {Label: "a", P: 0.2}}
	r := Evaluate(m, []linear.Row{{Text: "a", Label: "a"}, {Text: "b", Label: "b"}, {Text: "c", Label: "a"}, {Text: "o", Label: "oos"}})
	if diff := cmp.Diff(Bin{N: 2, P: 0.95, Hits: 1}, r.Bins[14]); diff != "" {
		t.Errorf("last bin (-want +got):\n%s", diff)
	}
	var b strings.Builder
	if err := r.Plot(&b); err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(b.String()), new(struct{})); err != nil {
		t.Errorf("the picture is not XML: %v", err)
	}
	for _, want := range []string{"over 3 predictions", "2 predictions, said 0.95, right 1.00", "1 predictions, said 0.65, right 0.00"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
}

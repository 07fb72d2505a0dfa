//go:build !race

// The whole training takes minutes under the race detector; package linear trains under it on toy rows.

package intents_test

import (
	"bytes"
	"os"
	"runtime"
	"testing"

	"gongdan/intents"
	"gongdan/intents/evals"
	"gongdan/intents/linear"
)

// TestEmbeddedModel trains the embedded model anew, which judges its rows by models that knew none of their style, and
// from these judgements chooses the thresholds of both modes anew. Other architectures round logarithms differently in
// the last place, so the bytes are compared on one.
func TestEmbeddedModel(t *testing.T) {
	t.Parallel()
	rows, err := evals.ReadDir("evals/testdata")
	if err != nil {
		t.Fatal(err)
	}
	m, seen, err := linear.TrainJudged(rows, linear.EmbeddedOptions())
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOARCH == "amd64" {
		upToDate(t, m)
	}
	var judged []intents.Judged
	for i, r := range rows {
		if r.Split != "test" {
			judged = append(judged, intents.Judge(seen[i].Ranked, r.Label))
		}
	}
	for _, mode := range []intents.Mode{intents.Careful, intents.Eager} {
		got, want := intents.ChooseThresholds(judged, mode), mode.Limits()
		t.Logf("%s: %+v", mode, got)
		if far(got.Act, want.Act) || far(got.Ask, want.Ask) {
			t.Errorf("%s: data give %+v, the program has %+v", mode, got, want)
		}
	}
}

// upToDate compares a model with the file in the program.
func upToDate(t *testing.T, m *linear.Model) {
	t.Helper()
	var got bytes.Buffer
	if _, err := m.WriteTo(&got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("linear/model.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("linear/model.bin (%d bytes) is not what its rows give (%d bytes): run go generate ./intents/linear", len(want), got.Len())
	}
	if len(want) >= 1_000_000 {
		t.Errorf("linear/model.bin has %d bytes, want less than 1,000,000", len(want))
	}
}

// far allows what another architecture's logarithms change.
func far(a, b float64) bool { return a-b > 0.021 || b-a > 0.021 }

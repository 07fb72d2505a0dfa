package evals

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"

	"gongdan/intents/linear"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestCurve(t *testing.T) {
	t.Parallel()
	calls := []Call{{P: 0.9, Local: true, Model: false}, {P: 0.5, Local: true, Model: true}, {P: 0.5, Local: false, Model: true}, {P: 0.1, Local: false, Model: true}}
	want := []Point{{1.01, 0, 0.75}, {0.9, 0.25, 1}, {0.5, 0.75, 0.75}, {0.1, 1, 0.5}}
	got := Curve(calls)
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("Curve (-want +got):\n%s", diff)
	}
	if p := Cheapest(got, 0); p.Saved != 0.75 {
		t.Errorf("Cheapest without slack saves %.2f, want 0.75", p.Saved)
	}
	if p := Cheapest(got, 0.3); p.Saved != 1 {
		t.Errorf("Cheapest with much slack saves %.2f, want 1", p.Saved)
	}
	if p := At(got, 0.7); p.Threshold != 0.9 {
		t.Errorf("At(0.7) = %+v, want the point of 0.9", p)
	}
}

// script answers for a language model of 93 % accuracy whose errors are 15 points likelier where the local model errs:
// what is hard for one is harder for the other.
func script(calls []Call, seed uint64) {
	wrong := 0
	for _, c := range calls {
		if !c.Local {
			wrong++
		}
	}
	const accuracy, harder = 0.93, 0.15
	easy := 1 - accuracy - harder*float64(wrong)/float64(len(calls))
	rng := rand.New(rand.NewPCG(seed, 93))
	for i := range calls {
		miss := easy
		if !calls[i].Local {
			miss += harder
		}
		calls[i].Model = rng.Float64() >= miss
	}
}

// half deals texts into two parts by their hash.
func half(text string) bool {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()>>7%2 == 0
}

// weaker learns from a few styles of writing. The embedded model errs too seldom for the question to make sense.
func weaker(t *testing.T, all []linear.Row) *linear.Model {
	t.Helper()
	rows := slices.DeleteFunc(slices.Clone(all), func(r linear.Row) bool {
		return !slices.Contains([]string{"terse", "hurried", "chatty", "forward", "story", "warehouse"}, r.Style)
	})
	m, err := linear.Train(rows, linear.EmbeddedOptions())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// proof is by how much a threshold must beat the model on the messages it is chosen on: the best of many thresholds on
// one half is some tenths of a point worse on the other.
const proof = 0.003

// TestCallsSaved takes the threshold from one half of the test messages and counts on the other. The local model has
// seen none of their styles.
func TestCallsSaved(t *testing.T) {
	t.Parallel()
	all := readAll(t)
	m := weaker(t, all)
	var chosen, judged []Call
	for _, r := range all {
		if r.Label == linear.OutOfScope || r.Split != "test" {
			continue
		}
		p := m.Predict(r.Text)
		c := Call{P: p.P, Local: p.Label == r.Label}
		if half(r.Text) {
			chosen = append(chosen, c)
		} else {
			judged = append(judged, c)
		}
	}
	local := At(Curve(judged), 0).Accuracy
	if local > 0.85 {
		t.Errorf("the local model alone reaches %.3f, want at most 0.85 for the question to make sense", local)
	}
	var saved, lost float64
	const seeds = 199
	for seed := range uint64(seeds) {
		script(chosen, seed)
		script(judged, 100+seed)
		curve := Curve(judged)
		got := At(curve, Cheapest(Curve(chosen), -proof).Threshold)
		t.Logf("local alone %.4f, model alone %.4f, both %.4f at threshold %.2f with %.1f %% of the calls saved", local, curve[0].Accuracy, got.Accuracy, got.Threshold, 100*got.Saved)
		saved, lost = saved+got.Saved/seeds, lost+(curve[0].Accuracy-got.Accuracy)/seeds
		for x := 0.0; x < 1 && seed == 0; x += 0.05 {
			p := At(curve, x)
			t.Logf("threshold %.2f: saved %5.1f %%, accuracy %.4f", x, 100*p.Saved, p.Accuracy)
		}
	}
	t.Logf("mean of %d seeds: %.1f %% of the calls saved, %.2f points lost", seeds, 100*saved, 100*lost)
	if saved < 0.60 || lost > 0.005 {
		t.Errorf("saved %.3f, lost %.4f, want at least 0.60 and at most 0.005", saved, lost)
	}
}

package teamfile_test

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/cmd/internal/config/teamfile"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// TestExamples reads the examples of the documentation: they are right, say the same in both languages, and are looked at only
// for the end of the holiday data and what has expired.
func TestExamples(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)
	type clock struct {
		Kind     tickets.ClockKind
		Clock    sla.Clock
		Duration time.Duration
		Pause    []tickets.Party
		Ladder   sla.Ladder
	}
	var shapes [][][]clock
	for _, lang := range []string{"zh-CN", "en"} {
		text, err := os.ReadFile("../../../../docs/examples/team." + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		f, err := teamfile.Parse(text)
		if err != nil {
			t.Fatalf("team.%s.yaml:\n%v", lang, err)
		}
		if w := f.Warnings(at); len(w) > 0 {
			t.Errorf("team.%s.yaml warns in October: %v", lang, w)
		}
		if w := f.Warnings(at.AddDate(0, 1, 7)); len(w) != 2 {
			t.Errorf("team.%s.yaml warns in late November of %d things, want the holidays' end and 双11: %v", lang, len(w), w)
		}
		var shape [][]clock
		for _, r := range f.Policy(at).Rules {
			var clocks []clock
			for _, c := range r.Clocks {
				clocks = append(clocks, clock{c.Kind, c.Clock, c.Duration, c.PauseOn, c.Ladder})
			}
			shape = append(shape, clocks)
		}
		shapes = append(shapes, shape)
	}
	if diff := cmp.Diff(shapes[0], shapes[1]); diff != "" {
		t.Errorf("the examples differ (-zh-CN +en):\n%s", diff)
	}
}

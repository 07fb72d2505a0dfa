package bench

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// Where there is no redis-server the stand-in is measured, says so, and nothing is judged.
func TestStandIn(t *testing.T) {
	t.Parallel()
	s, err := standIn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := Timers(t.Context(), TimersOptions{Options: Options{Server: s, For: 100 * time.Millisecond}, Rate: 50, Pending: []int{1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Targets) != 0 || !r.OK || r.Rows[0][0] != 1000 {
		t.Errorf("report = %+v, want 1000 pending, no targets", r)
	}
	var b bytes.Buffer
	if err := r.Print(&b); err != nil || !strings.Contains(b.String(), "Nothing is judged") {
		t.Errorf("Print = %v:\n%s", err, b.String())
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	var list []time.Duration
	for i := 100; i > 0; i-- {
		list = append(list, time.Duration(i)*time.Millisecond)
	}
	if got, want := spreadOf(list), (spread{50 * time.Millisecond, 99 * time.Millisecond, 100 * time.Millisecond}); got != want {
		t.Errorf("spreadOf(1…100 ms) = %v, want %v", got, want)
	}
	if got := spreadOf(nil); got != (spread{}) {
		t.Errorf("spreadOf(nil) = %v", got)
	}
}

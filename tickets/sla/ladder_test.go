package sla_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/tickets/sla"
)

var due = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

var ladder = sla.Ladder{
	{Name: "breach", Kind: sla.Breach},
	{Name: "call", Kind: sla.Escalate, Level: 1},
	{Name: "soon", Kind: sla.Remind, Offset: -30 * time.Minute},
	{Name: "louder", Kind: sla.Escalate, Offset: time.Hour, Level: 2},
	{Name: "early", Kind: sla.Remind, Offset: -2 * time.Hour},
	{Name: "early", Kind: sla.Remind, Offset: -3 * time.Hour},
}

func names(l sla.Ladder) []string {
	var out []string
	for _, s := range l {
		out = append(out, s.Name)
	}
	return out
}

func TestAdd(t *testing.T) {
	t.Parallel()
	got, err := sla.Add(sla.CalendarTime, due, 24*time.Hour)
	if err != nil || !got.Equal(due.AddDate(0, 0, 1)) {
		t.Errorf("Add(calendar, 24 h) = %v, %v", got, err)
	}
	for _, c := range []sla.Clock{sla.WorkingTime, sla.DeferredTime, "", "lunar"} {
		if _, err := sla.Add(c, due, time.Hour); !errors.Is(err, sla.ErrClock) {
			t.Errorf("Add(%q) = %v, want ErrClock", c, err)
		}
	}
	if _, err := sla.Add(sla.CalendarTime, due, -1); !errors.Is(err, sla.ErrClock) {
		t.Errorf("Add(-1) = %v, want ErrClock", err)
	}
}

func TestPendingAndUntil(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fired []string
		now   time.Duration // after due
		want  []string
	}{
		{"long before", nil, -4 * time.Hour, nil},
		{"a moment before the first", nil, -3*time.Hour - 1, nil},
		{"at the first", nil, -3 * time.Hour, []string{"early"}},
		{"a name counts once", nil, -time.Hour, []string{"early"}},
		{"fired before", []string{"early"}, -30 * time.Minute, []string{"soon"}},
		{"a moment before it is due", []string{"early"}, -1, []string{"soon"}},
		{"at once", []string{"early", "soon"}, 0, []string{"breach", "call"}},
		{"everything", nil, day, []string{"early", "soon", "breach", "call", "louder"}},
		{"nothing left", []string{"early", "soon", "breach", "call", "louder"}, day, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := names(ladder.Pending(tt.fired).Until(due, due.Add(tt.now)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("due steps (-want +got):\n%s", diff)
			}
		})
	}
}

const day = 24 * time.Hour

func TestCollapse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		due        sla.Ladder
		mark, call string
		skipped    []string
	}{
		{"nothing", nil, "", "", nil},
		{"one reminder", sla.Ladder{{Name: "r", Kind: sla.Remind}}, "r", "", nil},
		{"the later reminder", sla.Ladder{{Name: "r1", Kind: sla.Remind}, {Name: "r2", Kind: sla.Remind}}, "r2", "", []string{"r1"}},
		{"the breach, not the reminder after it", sla.Ladder{{Name: "b", Kind: sla.Breach}, {Name: "r", Kind: sla.Remind}}, "b", "", []string{"r"}},
		{"only a call", sla.Ladder{{Name: "e", Kind: sla.Escalate, Level: 1}}, "", "e", nil},
		{"the highest level", sla.Ladder{{Name: "e2", Kind: sla.Escalate, Level: 2}, {Name: "e1", Kind: sla.Escalate, Level: 1}}, "", "e2", []string{"e1"}},
		{"one of each", sla.Ladder{{Name: "r", Kind: sla.Remind}, {Name: "b", Kind: sla.Breach}, {Name: "e", Kind: sla.Escalate, Level: 1}}, "b", "e", []string{"r"}},
		{"an unknown kind is a reminder", sla.Ladder{{Name: "x", Kind: "sing"}}, "x", "", nil},
	}
	name := func(s *sla.Step) string {
		if s == nil {
			return ""
		}
		return s.Name
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := sla.Collapse(tt.due)
			if name(c.Mark) != tt.mark || name(c.Call) != tt.call {
				t.Errorf("Collapse = mark %q, call %q, want %q, %q", name(c.Mark), name(c.Call), tt.mark, tt.call)
			}
			if diff := cmp.Diff(tt.skipped, names(c.Skipped)); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCollapseLosesNothing checks that every step that is due is said or skipped, once.
func TestCollapseLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var l sla.Ladder
		for i := range rapid.IntRange(0, 8).Draw(t, "steps") {
			l = append(l, sla.Step{
				Name:   fmt.Sprint(i),
				Kind:   rapid.SampledFrom([]sla.StepKind{sla.Remind, sla.Breach, sla.Escalate}).Draw(t, "kind"),
				Offset: time.Duration(rapid.IntRange(-5, 5).Draw(t, "offset")) * time.Hour,
				Level:  rapid.IntRange(0, 3).Draw(t, "level"),
			})
		}
		now := due.Add(time.Duration(rapid.IntRange(-6, 6).Draw(t, "now")) * time.Hour)
		got := map[string]int{}
		ready := l.Pending(nil).Until(due, now)
		c := sla.Collapse(ready)
		for _, s := range append(c.Skipped, deref(c.Mark, c.Call)...) {
			got[s.Name]++
			if s.At(due).After(now) {
				t.Fatalf("%s is early", s.Name)
			}
		}
		for _, s := range l {
			want := 1
			if s.At(due).After(now) {
				want = 0
			}
			if got[s.Name] != want {
				t.Fatalf("%s was said or skipped %d times, want %d", s.Name, got[s.Name], want)
			}
		}
	})
}

func deref(steps ...*sla.Step) []sla.Step {
	var out []sla.Step
	for _, s := range steps {
		if s != nil {
			out = append(out, *s)
		}
	}
	return out
}

func ExampleCollapse() {
	due := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := sla.Ladder{
		{Name: "remind", Kind: sla.Remind, Offset: -30 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "call", Kind: sla.Escalate, Level: 1},
	}
	late := due.Add(time.Hour) // after a downtime
	c := sla.Collapse(l.Pending(nil).Until(due, late))
	fmt.Println(c.Mark.Name, c.Call.Name, len(c.Skipped))
	// Output: breach call 1
}

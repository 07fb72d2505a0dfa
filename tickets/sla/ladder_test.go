package sla_test

import (
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

const day = 24 * time.Hour

// always is a clock of four hours of somebody who is always there.
var always = sla.Span{Clock: sla.CalendarTime, Start: due.Add(-4 * time.Hour), Due: due, Duration: 4 * time.Hour}

func names(marks []sla.Mark) []string {
	var out []string
	for _, m := range marks {
		out = append(out, m.Step.Name)
	}
	return out
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
			got := names(sla.Until(sla.Pending(sla.Plan(ladder, always), tt.fired), due.Add(tt.now)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("due steps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExpanded(t *testing.T) {
	t.Parallel()
	type step struct {
		name string
		at   time.Duration
	}
	tests := []struct {
		name string
		step sla.Step
		want []step
	}{
		{"once", sla.Step{Name: "s", Offset: time.Hour}, []step{{"s", time.Hour}}},
		{"thrice", sla.Step{Name: "s", Every: time.Minute, Times: 3}, []step{{"s_1", time.Minute}, {"s_2", 2 * time.Minute}, {"s_3", 3 * time.Minute}}},
		{"after an offset", sla.Step{Name: "s", Offset: time.Hour, Every: time.Minute, Times: 1}, []step{{"s_1", time.Hour + time.Minute}}},
		{"no distance", sla.Step{Name: "s", Times: 3}, []step{{"s", 0}}},
		{"backwards", sla.Step{Name: "s", Every: -time.Minute, Times: 3}, []step{{"s", 0}}},
		{"how often is not said", sla.Step{Name: "s", Every: time.Minute}, []step{{"s", 0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []step
			for _, s := range (sla.Ladder{tt.step}).Expanded() {
				got = append(got, step{s.Name, s.Offset})
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(step{})); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
	endless := sla.Ladder{{Name: "s", Every: time.Second, Times: 1 << 40}}
	if got := len(endless.Expanded()); got != sla.MaxTimes {
		t.Errorf("an endless step became %d, want %d", got, sla.MaxTimes)
	}
}

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
	name := func(m *sla.Mark) string {
		if m == nil {
			return ""
		}
		return m.Step.Name
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var marks []sla.Mark
			for _, s := range tt.due {
				marks = append(marks, sla.Mark{Step: s, At: due})
			}
			c := sla.Collapse(marks)
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
		l := steps().Draw(t, "ladder")
		now := due.Add(time.Duration(rapid.IntRange(-6, 6).Draw(t, "now")) * time.Hour)
		got := map[string]int{}
		ready := sla.Until(sla.Plan(l, always), now)
		c := sla.Collapse(ready)
		for _, m := range append(c.Skipped, deref(c.Mark, c.Call)...) {
			got[m.Step.Name]++
			if m.At.After(now) {
				t.Fatalf("%s is early", m.Step.Name)
			}
		}
		for _, s := range l {
			want := 1
			if due.Add(s.Offset).After(now) {
				want = 0
			}
			if got[s.Name] != want {
				t.Fatalf("%s was said or skipped %d times, want %d", s.Name, got[s.Name], want)
			}
		}
	})
}

// steps is a ladder of steps with names of their own.
func steps() *rapid.Generator[sla.Ladder] {
	return rapid.Custom(func(t *rapid.T) sla.Ladder {
		var l sla.Ladder
		for i := range rapid.IntRange(0, 8).Draw(t, "steps") {
			l = append(l, sla.Step{
				Name:   fmt.Sprint(i),
				Kind:   rapid.SampledFrom([]sla.StepKind{sla.Remind, sla.Breach, sla.Escalate}).Draw(t, "kind"),
				Offset: time.Duration(rapid.IntRange(-5, 5).Draw(t, "offset")) * time.Hour,
				Level:  rapid.IntRange(0, 3).Draw(t, "level"),
			})
		}
		return l
	})
}

func deref(marks ...*sla.Mark) []sla.Mark {
	var out []sla.Mark
	for _, m := range marks {
		if m != nil {
			out = append(out, *m)
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
	marks := sla.Plan(l, sla.Span{Clock: sla.CalendarTime, Start: due.Add(-day), Due: due, Duration: day})
	late := due.Add(time.Hour) // after a downtime
	c := sla.Collapse(sla.Until(marks, late))
	fmt.Println(c.Mark.Step.Name, c.Call.Step.Name, len(c.Skipped))
	// Output: breach call 1
}

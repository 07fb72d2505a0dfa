package sla_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/tickets/sla"
)

// said is marks as hour, name and level, at UTC.
func said(marks []sla.Mark) (out []string) {
	for _, m := range marks {
		out = append(out, fmt.Sprintf("%s %s %d", m.At.UTC().Format("02 15:04"), m.Step.Name, m.Step.Level))
	}
	return out
}

func TestChainClimbs(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	call := func(level int, offset time.Duration) sla.Step {
		return sla.Step{Name: fmt.Sprintf("call_%d_%v", level, offset), Kind: sla.Escalate, Level: level, Offset: offset}
	}
	breach := sla.Step{Name: "breach", Kind: sla.Breach}
	desk := mustCalendar(t, sla.Hours{Zone: "UTC", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(12, 5)})})
	tests := []struct {
		name   string
		chain  sla.Chain
		ladder sla.Ladder
		duty   *sla.Calendar
		want   []string
	}{
		{"no chain", nil, sla.Ladder{breach, call(1, 0)}, nil, []string{"23 12:00 breach 0", "23 12:00 call_1_0s 1"}},
		{"nobody waits", sla.Chain{{}, {}}, sla.Ladder{call(1, 0)}, nil, []string{"23 12:00 call_1_0s 1"}},
		{"nothing calls", sla.Chain{{Wait: time.Minute}, {}}, sla.Ladder{breach}, nil, []string{"23 12:00 breach 0"}},
		{"level by level", sla.Chain{{Wait: 10 * time.Minute}, {Wait: 20 * time.Minute}, {Wait: time.Hour}}, sla.Ladder{call(1, 0)}, nil,
			[]string{"23 12:00 call_1_0s 1", "23 12:10 climb_2_1 2", "23 12:30 climb_3_1 3"}},
		{"each level as often as it says", sla.Chain{{Wait: 10 * time.Minute, Times: 2}, {Wait: 5 * time.Minute, Times: 2}}, sla.Ladder{call(1, 0)}, nil,
			[]string{"23 12:00 call_1_0s 1", "23 12:10 climb_1_2 1", "23 12:20 climb_2_1 2", "23 12:25 climb_2_2 2"}},
		{"a lower level is not called again", sla.Chain{{Wait: 10 * time.Minute}, {}}, sla.Ladder{call(1, -20*time.Minute), call(1, 0), call(2, time.Hour)}, nil,
			[]string{"23 11:40 call_1_-20m0s 1", "23 11:50 climb_2_1 2", "23 13:00 call_2_1h0m0s 2"}},
		{"a level is not called again while it has its time", sla.Chain{{Wait: 10 * time.Minute}, {}}, sla.Ladder{call(1, 0), call(1, 5*time.Minute), call(2, 12*time.Minute)}, nil,
			[]string{"23 12:00 call_1_0s 1", "23 12:10 climb_2_1 2", "23 12:12 call_2_12m0s 2"}},
		{"of two at one instant the higher", sla.Chain{{}, {}}, sla.Ladder{call(2, 0), call(1, 0)}, nil, []string{"23 12:00 call_2_0s 2"}},
		{"no chain, of two at one instant the higher, after one higher still", nil, sla.Ladder{call(3, -time.Minute), call(2, 0), call(1, 0)}, nil,
			[]string{"23 11:59 call_3_-1m0s 3", "23 12:00 call_2_0s 2"}},
		{"the levels between two at one instant", sla.Chain{{Wait: 10 * time.Minute}, {Wait: time.Hour}, {}},
			sla.Ladder{call(1, 0), call(1, 10*time.Minute), call(3, 10*time.Minute)}, nil, []string{"23 12:00 call_1_0s 1", "23 12:10 call_3_10m0s 3"}},
		{"the levels above two at one instant", sla.Chain{{Wait: 10 * time.Minute}, {Wait: 10 * time.Minute}, {}},
			sla.Ladder{call(1, 0), call(1, 20*time.Minute), call(2, 20*time.Minute)}, nil,
			[]string{"23 12:00 call_1_0s 1", "23 12:10 climb_2_1 2", "23 12:20 climb_3_1 3"}},
		{"beyond the last level", sla.Chain{{Wait: time.Minute}}, sla.Ladder{call(3, 0)}, nil, []string{"23 12:00 call_3_0s 3"}},
		{"only while somebody is there", sla.Chain{{Wait: 10 * time.Minute}, {Wait: 3 * time.Hour}, {}}, sla.Ladder{call(1, 0)}, desk,
			[]string{"23 12:00 call_1_0s 1", "24 09:05 climb_2_1 2", "25 09:00 climb_3_1 3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			marks := sla.Plan(tt.ladder, sla.Span{Clock: sla.CalendarTime, Start: due.Add(-24 * time.Hour), Due: due, Duration: 24 * time.Hour})
			if diff := cmp.Diff(tt.want, said(tt.chain.Unanswered(marks, tt.duty))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnbegun: a step for work that nobody has begun counts from the start, while somebody is there, and goes with the beginning.
func TestUnbegun(t *testing.T) {
	t.Parallel()
	desk := mustCalendar(t, sla.Hours{Zone: "UTC", Week: everyDay(sla.Window{Open: at(9, 0), Close: at(21, 0)})})
	ladder := sla.Ladder{{Name: "breach", Kind: sla.Breach}, {Name: "idle", Kind: sla.Escalate, Level: 1, Offset: 15 * time.Minute, Unbegun: true}}
	for _, tt := range []struct {
		name  string
		start time.Time
		duty  *sla.Calendar
		begun bool
		want  []string
	}{
		{"in the day", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), desk, false, []string{"23 10:15 idle 1", "24 10:00 breach 0"}},
		{"never at the closing", time.Date(2026, 11, 23, 20, 45, 0, 0, time.UTC), desk, false, []string{"24 09:00 idle 1", "24 20:45 breach 0"}},
		{"over the night", time.Date(2026, 11, 23, 20, 50, 0, 0, time.UTC), desk, false, []string{"24 09:05 idle 1", "24 20:50 breach 0"}},
		{"always there", time.Date(2026, 11, 23, 20, 50, 0, 0, time.UTC), nil, false, []string{"23 21:05 idle 1", "24 20:50 breach 0"}},
		{"begun", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), desk, true, []string{"24 10:00 breach 0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := sla.Plan(ladder, sla.Span{Clock: sla.CalendarTime, Start: tt.start, Due: tt.start.Add(24 * time.Hour), Duration: 24 * time.Hour, Duty: tt.duty, Begun: tt.begun})
			if diff := cmp.Diff(tt.want, said(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestHeldCallsKeepTheirDistance: what is called at and after the deadline moves by the silence, and nothing else does.
func TestHeldCallsKeepTheirDistance(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ladder := sla.Ladder{{Name: "remind", Kind: sla.Remind, Offset: -10 * time.Minute}, {Name: "breach", Kind: sla.Breach},
		{Name: "early", Kind: sla.Escalate, Offset: -30 * time.Minute, Level: 1}, {Name: "one", Kind: sla.Escalate, Level: 1},
		{Name: "two", Kind: sla.Escalate, Offset: 10 * time.Minute, Level: 2}, {Name: "again", Kind: sla.Remind, Every: time.Hour, Times: 1}}
	got := sla.Plan(ladder, sla.Span{Clock: sla.CalendarTime, Start: due.Add(-24 * time.Hour), Due: due, Duration: 24 * time.Hour, Held: 25 * time.Minute})
	want := []string{"23 11:30 early 1", "23 11:50 remind 0", "23 12:00 breach 0", "23 12:25 one 1", "23 12:35 two 2", "23 13:00 again_1 0"}
	if diff := cmp.Diff(want, said(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestChainEnds: whatever the levels, calls end, never go back a level, never have one name twice, and lie apart as they say.
func TestChainEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		chain := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sla.Rung {
			return sla.Rung{Wait: time.Duration(rapid.IntRange(0, 90).Draw(t, "wait")) * time.Minute, Times: rapid.IntRange(-1, 3).Draw(t, "times")}
		}), 0, 5).Draw(t, "levels")
		first := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		last := sla.Called{}.Again(rapid.IntRange(0, 6).Draw(t, "level"), first)
		names := map[string]bool{}
		for n := 0; ; n++ {
			next, ok := sla.Chain(chain).Next(last, nil)
			if !ok {
				return
			}
			switch wait := chain[min(last.Level, len(chain))-1].Wait; {
			case n > 20:
				t.Fatalf("no end by %d calls of %v", n, chain)
			case next.Step.Level < last.Level || next.Step.Level > last.Level+1:
				t.Fatalf("from level %d to %d", last.Level, next.Step.Level)
			case next.At.Sub(last.At) != wait:
				t.Fatalf("%v after the call before, want %v", next.At.Sub(last.At), wait)
			case names[next.Step.Name]:
				t.Fatalf("%s twice", next.Step.Name)
			}
			names[next.Step.Name] = true
			last = last.Again(next.Step.Level, next.At)
		}
	})
}

// A lower call than the last, which comes only while there are no levels, leaves what the levels go on from.
func TestLowerCallLeavesTheLevel(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	high := sla.Called{}.Again(2, at)
	if got := high.Again(1, at.Add(time.Hour)); got != high {
		t.Errorf("after a lower call = %+v, want %+v", got, high)
	}
	chain := sla.Chain{{Wait: time.Hour}, {Wait: time.Hour}, {Wait: time.Hour}}
	if next, ok := chain.Next(high.Again(1, at), nil); !ok || next.Step.Level != 3 {
		t.Errorf("next call = %+v, %t, want level 3", next, ok)
	}
}

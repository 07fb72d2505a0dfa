package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/tickets"
)

// inGaps runs a test in virtual time; setup comes before the first look at the world.
func inGaps(t *testing.T, setup func(*gapWorld), test func(*testing.T, *gapWorld)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(365 * 24 * time.Hour) // so that ids have their usual length for a year to come
		w := newGapWorld(t)
		setup(w)
		w.begin()
		test(t, w)
		w.end()
	})
}

// near tells whether a mark is about where it should be.
func near(t *testing.T, w *gapWorld, want, within time.Duration) {
	t.Helper()
	if got := w.mark("W1"); (got - want).Abs() > within {
		t.Errorf("mark is at %v, want %v within %v", got, want, within)
	}
}

func TestGapWithoutMark(t *testing.T) {
	inGaps(t, func(w *gapWorld) { w.said(time.Minute) }, func(t *testing.T, w *gapWorld) {
		time.Sleep(time.Second)
		near(t, w, 0, 2*time.Second)
		time.Sleep(10 * time.Minute)
		if calls := w.took(); len(calls) > 0 {
			t.Errorf("calls = %q, want none: nothing was ever heard", calls)
		}
		near(t, w, 10*time.Minute, 20*time.Second)
	})
}

func TestGapAfterStart(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.only["W1"] = []tickets.ChannelID{"C1", "C2", "C3"}
		w.listens("W1", "C2", w.ago(5*time.Minute))
		w.said(time.Hour, 20*time.Minute+30*time.Second, 10*time.Minute, 8*time.Minute, 3*time.Minute)
		for _, d := range []time.Duration{6 * time.Minute, 4 * time.Minute} {
			w.all = append(w.all, pastLine{Channel: "C2", TS: saidID(w.ago(d))})
		}
		w.all = append(w.all, pastLine{Channel: "C3", TS: saidID(w.ago(time.Minute))},
			pastLine{Channel: "C1", TS: saidID(w.ago(2 * time.Minute)), Own: true},
			pastLine{Channel: "C1", TS: saidID(w.ago(time.Minute)), Bot: true}) // a relay's notice, perhaps
		w.keys["W1/C1/"+saidID(w.ago(8*time.Minute))] = true
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(2 * time.Minute)
		want := []string{"W1/C1/" + saidID(w.ago(20*time.Minute+30*time.Second)), "W1/C1/" + saidID(w.ago(10*time.Minute)),
			"W1/C1/" + saidID(w.ago(3*time.Minute)), "W1/C1/" + saidID(w.ago(time.Minute)), "W1/C2/" + saidID(w.ago(4*time.Minute))}
		if diff := cmp.Diff(want, w.got()); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
		calls := w.took()
		if callsOf(calls, "C3") != 0 || callsOf(calls, "C1") != 3 || callsOf(calls, "C2 after "+saidID(w.ago(5*time.Minute))) != 1 {
			t.Errorf("calls = %q, want three pages of C1, C2 from its watermark and nothing of C3", calls)
		}
		near(t, w, 2*time.Minute, 20*time.Second)
		n := len(w.told) - 1
		if diff := cmp.Diff(bot.GapProgress{Workspace: "W1", From: w.ago(21 * time.Minute), Done: 2, All: 2, Found: 5}, w.told[n]); diff != "" {
			t.Errorf("told at last (-want +got):\n%s", diff)
		}
		for _, p := range w.told[:n] {
			if p.Done >= p.All {
				t.Errorf("told %+v before the gap was closed", p)
			}
		}
	})
}

func TestGapReadsThreads(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		old, root := saidID(w.ago(7*24*time.Hour)), saidID(w.ago(10*time.Minute))
		w.ticket(1, "C1", old)
		w.said(7*24*time.Hour, 10*time.Minute)
		w.all = append(w.all, pastLine{Channel: "C1", TS: saidID(w.ago(9 * time.Minute)), Thread: old},
			pastLine{Channel: "C1", TS: saidID(w.ago(8 * time.Minute)), Thread: root})
		w.all = append(w.all, pastLine{Channel: "C1", TS: saidID(w.ago(6*24*time.Hour + time.Hour)), Thread: old})
		w.kept = func(l pastLine) { // the conversation, a moment later
			if l.TS == root {
				time.AfterFunc(20*time.Second, func() { w.ticket(2, "C1", root) })
			}
		}
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(5 * time.Minute)
		want := []string{"W1/C1/" + saidID(w.ago(10*time.Minute)), "W1/C1/" + saidID(w.ago(9*time.Minute)), "W1/C1/" + saidID(w.ago(8*time.Minute))}
		got := w.got()
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" { // neither the old root nor the old reply
			t.Errorf("found (-want +got):\n%s", diff)
		}
		calls := w.took()
		if callsOf(calls, "C1/"+saidID(w.ago(10*time.Minute))) != 1 {
			t.Errorf("calls = %q, want the thread of the ticket made of what was found", calls)
		}
		if callsOf(calls, "C1/"+saidID(w.ago(7*24*time.Hour))+" after "+saidID(w.ago(6 * 24 * time.Hour))[:9]) != 1 {
			t.Errorf("calls = %q, want an open ticket's thread for six days", calls)
		}
	})
}

func TestGapIsSixDaysAtMost(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*24*time.Hour))
		w.said(7*24*time.Hour, 5*24*time.Hour)
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"W1/C1/" + saidID(w.ago(5*24*time.Hour))}, w.got()); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	})
}

func TestGapKeepsEditsMadeInIt(t *testing.T) {
	edit := func(w *gapWorld, said, edited time.Duration) pastLine {
		return pastLine{Channel: "C1", TS: saidID(w.ago(said)), Thread: saidID(w.ago(5 * time.Hour)), Edited: w.ago(edited)}
	}
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.ticket(1, "C1", saidID(w.ago(5*time.Hour)))
		w.all = append(w.all, edit(w, 3*time.Hour, 2*time.Hour), edit(w, time.Hour, 10*time.Minute), edit(w, 8*24*time.Hour, 5*time.Minute))
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"W1/C1/" + saidID(w.ago(time.Hour)) + "/" + saidID(w.ago(10*time.Minute))}, w.got()); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	})
}

func TestGapWaitsForSlack(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.page = 1
		w.said(10*time.Minute, 9*time.Minute, 8*time.Minute, 7*time.Minute, 6*time.Minute)
		var last time.Time
		w.fail = func(call string) error { // one call a minute
			if !strings.HasPrefix(call, "C1") {
				return nil
			}
			if wait := time.Minute - time.Since(last); !last.IsZero() && wait > 0 {
				return &bot.RateLimited{After: wait}
			}
			last = time.Now()
			return nil
		}
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(3*time.Minute + 30*time.Second)
		near(t, w, -20*time.Minute, 0)
		time.Sleep(2 * time.Minute)
		if got := w.got(); len(got) != 5 {
			t.Errorf("found %q, want all five within five minutes", got)
		}
		if calls := w.took(); callsOf(calls, "C1") > 12 {
			t.Errorf("%d calls for five pages: it does not wait as told", callsOf(calls, "C1"))
		}
	})
}

func TestGapStaysOpenAfterFailure(t *testing.T) {
	for _, what := range []string{"C2 after", "append W1/C2", "channels"} {
		t.Run(what, func(t *testing.T) {
			broken := true
			inGaps(t, func(w *gapWorld) {
				w.heard("W1", w.ago(20*time.Minute))
				w.only["W1"] = []tickets.ChannelID{"C1", "C2"}
				w.listens("W1", "C2", w.ago(time.Hour))
				w.said(10*time.Minute, 9*time.Minute, 8*time.Minute)
				for _, d := range []time.Duration{7 * time.Minute, 6 * time.Minute, 5 * time.Minute} {
					w.all = append(w.all, pastLine{Channel: "C2", TS: saidID(w.ago(d))})
				}
				last := saidID(w.ago(6 * time.Minute)) // the second page
				w.fail = func(call string) error {
					if broken && strings.HasPrefix(call, what) && (what == "channels" || strings.HasSuffix(call, last) || strings.HasSuffix(call, saidID(w.ago(5*time.Minute)))) {
						return fmt.Errorf("broken: %w", tickets.ErrTemporary)
					}
					return nil
				}
			}, func(t *testing.T, w *gapWorld) {
				time.Sleep(10*time.Minute + 500*time.Millisecond)
				near(t, w, -20*time.Minute, 0)
				w.pastLines.mu.Lock()
				broken = false
				w.pastLines.mu.Unlock()
				time.Sleep(2 * time.Minute)
				near(t, w, 12*time.Minute, 20*time.Second)
				if got := w.got(); len(got) != 6 {
					t.Errorf("found %q, want all six", got)
				}
				calls := w.took()
				if callsOf(calls, "C1") != 2 || what != "append W1/C2" && callsOf(calls, "C2 after "+saidID(w.ago(21*time.Minute))) != 1 {
					t.Errorf("calls = %q, want nothing read twice that was read", calls)
				}
				if n := callsOf(calls, "C2") + callsOf(calls, "channels"); n > 25 {
					t.Errorf("%d calls in ten minutes of failure", n)
				}
			})
		})
	}
}

func TestGapWhileAway(t *testing.T) {
	inGaps(t, func(*gapWorld) {}, func(t *testing.T, w *gapWorld) {
		time.Sleep(10*time.Minute + 500*time.Millisecond) // between two looks
		near(t, w, 10*time.Minute, 20*time.Second)
		w.set(func() { w.away, w.quiet = true, time.Now() })
		time.Sleep(2 * time.Second) // until it has been noticed
		before := w.mark("W1")
		w.said(-9*time.Minute-30*time.Second, -15*time.Minute)
		time.Sleep(20 * time.Minute)
		if calls := w.took(); len(calls) > 0 || w.mark("W1") != before {
			t.Errorf("calls = %q, mark %v, want nothing while away after %v", calls, w.mark("W1"), before)
		}
		w.set(func() { w.away, w.quiet = false, time.Time{} })
		time.Sleep(30 * time.Second)
		if got := w.got(); len(got) != 2 {
			t.Errorf("found %q, want what was said while away", got)
		}
		time.Sleep(90 * time.Second)
		near(t, w, 32*time.Minute, 20*time.Second)
	})
}

func TestGapBeforeHearing(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.away = true
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(5 * time.Minute)
		near(t, w, -20*time.Minute, 0)
		w.said(-4 * time.Minute)
		w.set(func() { w.away = false })
		time.Sleep(time.Minute)
		if got := w.got(); len(got) != 1 {
			t.Errorf("found %q, want what was said before the socket opened", got)
		}
	})
}

func TestGapLostWhileRead(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.page = 1
		for i := range 60 {
			w.said(19*time.Minute - time.Duration(i)*time.Second)
		}
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(30 * time.Second)
		w.set(func() { w.away = true })
		time.Sleep(5 * time.Minute)
		w.said(-2 * time.Minute)
		w.set(func() { w.away = false })
		time.Sleep(5 * time.Minute)
		if got := w.got(); len(got) != 61 || got[60] != "W1/C1/"+saidID(w.ago(-2*time.Minute)) {
			t.Errorf("found %d, want what was said while away in the middle of reading too", len(got))
		}
		near(t, w, 10*time.Minute+30*time.Second, 20*time.Second)
	})
}

func TestGapInSilence(t *testing.T) {
	inGaps(t, func(*gapWorld) {}, func(t *testing.T, w *gapWorld) {
		time.Sleep(10 * time.Minute)
		w.set(func() { w.quiet = time.Now() })
		w.said(-10*time.Minute - 10*time.Second) // on a dead socket
		time.Sleep(50 * time.Second)
		near(t, w, 10*time.Minute, 5*time.Second)
		time.Sleep(30 * time.Second)
		if got := w.got(); len(got) != 1 {
			t.Errorf("found %q after a minute of silence, want what was said", got)
		}
		time.Sleep(30 * time.Minute)
		w.said(-42 * time.Minute) // dead for longer, between two readings
		time.Sleep(2*time.Hour + 40*time.Second)
		if n := callsOf(w.took(), "channels"); n < 7 || n > 9 {
			t.Errorf("%d readings in 2½ hours of silence, want them to back off", n)
		}
		if got := w.got(); len(got) != 1 {
			t.Errorf("found %q, want what was said in long silence", got)
		}
		w.set(func() { w.quiet = time.Time{} })
		time.Sleep(20 * time.Second)
		w.set(func() { w.quiet = time.Now() })
		time.Sleep(90 * time.Second)
		if n := callsOf(w.took(), "channels"); n != 1 {
			t.Errorf("%d readings after a delivery and another minute of silence, want 1", n)
		}
	})
}

func TestGapOfAnotherServer(t *testing.T) {
	inGaps(t, func(*gapWorld) {}, func(t *testing.T, w *gapWorld) {
		time.Sleep(10 * time.Minute)
		w.said(-9*time.Minute - 50*time.Second)
		w.set(func() { w.run = "two" })
		time.Sleep(time.Minute)
		if got := w.got(); len(got) != 1 {
			t.Errorf("found %q, want what the old server may have lost", got)
		}
		time.Sleep(10 * time.Minute)
		if n := callsOf(w.took(), "channels"); n != 1 {
			t.Errorf("%d readings, want 1", n)
		}
	})
}

func TestGapOfServerChangedMeanwhile(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.page = 1
		for i := range 30 {
			w.said(19*time.Minute - time.Duration(i)*time.Second)
		}
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(20 * time.Second)
		w.set(func() { w.run = "two" })
		w.pastLines.mu.Lock()
		clear(w.keys) // all of it is lost
		w.found = nil
		w.pastLines.mu.Unlock()
		time.Sleep(5 * time.Minute)
		if got := w.got(); len(got) != 30 {
			t.Errorf("found %d, want all 30 again in the new server", len(got))
		}
	})
}

func TestGapsOfSeveralWorkspaces(t *testing.T) {
	all := []tickets.WorkspaceID{"W1", "W2"}
	inGaps(t, func(w *gapWorld) {
		w.gaps.Workspaces = func() []tickets.WorkspaceID { w.mu.Lock(); defer w.mu.Unlock(); return slices.Clone(all) }
		for _, ws := range all {
			w.heard(ws, w.ago(20*time.Minute))
		}
		w.listens("W2", "C2", w.ago(time.Hour))
		w.only["W2"] = []tickets.ChannelID{"C2"}
		w.all = append(w.all, pastLine{Channel: "C2", TS: saidID(w.ago(time.Minute))})
		w.fail = func(call string) error {
			if call == "channels W1" {
				return errors.New("token is revoked")
			}
			return nil
		}
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(5 * time.Minute)
		if got := w.got(); len(got) != 1 {
			t.Errorf("found %q, want W2 read although W1 cannot be", got)
		}
		near(t, w, -20*time.Minute, 0)
		if at := w.mark("W2"); at < 4*time.Minute {
			t.Errorf("mark of W2 is at %v, want it moving", at)
		}
		w.set(func() { all = append(all[1:], "W3") })
		time.Sleep(5 * time.Minute)
		if at := w.mark("W3"); at < 5*time.Minute {
			t.Errorf("mark of a new workspace is at %v, want it set", at)
		}
		if n := callsOf(w.took(), "channels W1"); n > 10 {
			t.Errorf("%d tries for a workspace, also after it was gone", n)
		}
	})
}

func TestGapOfStaleOwner(t *testing.T) {
	inGaps(t, func(w *gapWorld) {
		w.heard("W1", w.ago(20*time.Minute))
		w.gaps.Epoch = w.store.Take("W1")
		w.store.Take("W1") // by somebody else
		w.said(10 * time.Minute)
	}, func(t *testing.T, w *gapWorld) {
		time.Sleep(5 * time.Minute)
		near(t, w, -20*time.Minute, 0)
	})
}

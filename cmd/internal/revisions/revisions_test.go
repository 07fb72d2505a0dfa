package revisions_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/cmd/internal/revisions"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

const ws = tickets.WorkspaceID("T1")

var (
	start = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	rules = "times: {quiet: 5m}\n"
	other = "times: {quiet: 7m}\n"
	// sale has an overlay on 2026-11-11 in Shanghai.
	sale = "calendar: a\ncalendars:\n  a:\n    hours: {daily: 09:00-21:00}\n    overlays:\n" +
		"    - {name: 双11, from: 2026-11-11, to: 2026-11-11, marks: {first_response: {before: [7m]}}}\n"
)

// stage is a book over a store, with a file that can be written.
type stage struct {
	t     *testing.T
	store *memstore.Store
	book  *revisions.Book
	path  string
}

func newStage(t *testing.T) *stage {
	return &stage{t: t, store: memstore.New(memstore.Options{}), book: revisions.NewBook(), path: filepath.Join(t.TempDir(), "team.yaml")}
}

// write writes the file as if it had been changed at a time.
func (s *stage) write(text string, at time.Time) revisions.Snapshot {
	s.t.Helper()
	if err := os.WriteFile(s.path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Chtimes(s.path, at, at); err != nil {
		s.t.Fatal(err)
	}
	return revisions.Open(s.path, time.Now).Last()
}

// publish does what the owner of a shard does and returns why; "" if nothing was published.
func (s *stage) publish(now time.Time, snap revisions.Snapshot) string {
	s.t.Helper()
	ctx := s.t.Context()
	d, ok, err := s.book.Draft(ws, now, snap)
	if err != nil {
		s.t.Fatal(err)
	}
	if !ok {
		return ""
	}
	if _, err := s.store.Commit(ctx, tickets.Change{Workspace: ws, Docs: d.Docs}); err != nil {
		s.t.Fatal(err)
	}
	if err := s.book.Refresh(ctx, s.store, ws); err != nil {
		s.t.Fatal(err)
	}
	return d.Why
}

func (s *stage) policy() tickets.Policy {
	s.t.Helper()
	p, err := s.book.Policy(context.Background(), ws)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func TestPublish(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	hour := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	steps := []struct {
		name string
		snap revisions.Snapshot
		why  string
		rev  int64
		rest time.Duration // Policy.Quiet
	}{
		{"no file", revisions.Snapshot{}, "", 1, tickets.DefaultPolicy().Quiet},
		{"a wrong file", s.write("quiet: 5m\n", hour(1)), "", 1, tickets.DefaultPolicy().Quiet},
		{"the first", s.write(rules, hour(2)), revisions.WhyFirst, 2, 5 * time.Minute},
		{"again the same, newer", s.write(rules, hour(3)), "", 2, 5 * time.Minute},
		{"a wrong one keeps the old", s.write("times: {quiet: -5m}\n", hour(3)), "", 2, 5 * time.Minute},
		{"another", s.write(other, hour(4)), revisions.WhyChanged, 3, 7 * time.Minute},
		{"a replica with the old file", s.write(rules, hour(2)), "", 3, 7 * time.Minute},
		{"the old one on purpose", asked(s.write(rules, hour(2)), hour(7)), revisions.WhyChanged, 4, 5 * time.Minute},
		{"a replica with the other file", s.write(other, hour(4)), "", 4, 5 * time.Minute},
		{"the other one, written since", s.write(other, hour(8)), revisions.WhyChanged, 5, 7 * time.Minute},
		{"the old one, not asked for again", asked(s.write(rules, hour(2)), hour(7)), "", 5, 7 * time.Minute},
		{"a wrong one, asked for", asked(s.write("quiet: 5m\n", hour(9)), hour(9)), "", 5, 7 * time.Minute},
		{"the file is gone", revisions.Open(s.path+"x", time.Now).Last(), "", 5, 7 * time.Minute},
	}
	var since time.Time
	for i, tt := range steps {
		now := hour(5).Add(time.Duration(i) * time.Hour / 4)
		if why := s.publish(now, tt.snap); why != tt.why {
			t.Errorf("%s: published because %q, want %q", tt.name, why, tt.why)
		}
		if tt.why != "" {
			since = now
		}
		if p := s.policy(); p.Revision != tt.rev || p.Quiet != tt.rest || !p.Since.Equal(since) {
			t.Errorf("%s: revision %d since %v with quiet %v, want %d since %v with %v", tt.name, p.Revision, p.Since, p.Quiet, tt.rev, since, tt.rest)
		}
	}
}

func asked(s revisions.Snapshot, at time.Time) revisions.Snapshot {
	s.Asked = at
	return s
}

// TestOverlayPublishes checks that an overlay's beginning and end each become a revision once, also without the file.
func TestOverlayPublishes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	snap := s.write(sale, start)
	begin, end := time.Date(2026, 11, 10, 16, 0, 0, 0, time.UTC), time.Date(2026, 11, 11, 16, 0, 0, 0, time.UTC)
	has := func() bool {
		for _, r := range s.policy().Rules {
			for _, c := range r.Clocks {
				for _, step := range c.Ladder {
					if step.Name == "remind_7m" {
						return true
					}
				}
			}
		}
		return false
	}
	for _, tt := range []struct {
		at   time.Time
		snap revisions.Snapshot
		why  string
		has  bool
	}{
		{start, snap, revisions.WhyFirst, false},
		{begin.Add(-time.Second), snap, "", false},
		{begin, snap, revisions.WhyOverlay, true},
		{begin.Add(time.Second), snap, "", true},
		{end.Add(time.Hour), revisions.Snapshot{}, revisions.WhyOverlay, false},
		{end.AddDate(1, 0, 0), snap, "", false},
	} {
		if why := s.publish(tt.at, tt.snap); why != tt.why || has() != tt.has {
			t.Errorf("at %v: published because %q, overlay in force %v, want %q, %v", tt.at, why, has(), tt.why, tt.has)
		}
	}
}

// TestOtherReplicas checks that a replica that publishes nothing serves what another published, and that of two that
// publish at once one finds out.
func TestOtherReplicas(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	snap := s.write(rules, start)
	reader := revisions.NewBook()
	d, ok, err := reader.Draft(ws, start, snap)
	if err != nil || !ok {
		t.Fatalf("Draft = %v, %v", ok, err)
	}
	s.publish(start, snap)
	if _, err := s.store.Commit(t.Context(), tickets.Change{Workspace: ws, Docs: d.Docs}); !errors.Is(err, tickets.ErrConflict) {
		t.Errorf("publishing what was published = %v, want ErrConflict", err)
	}
	if err := reader.Refresh(t.Context(), s.store, ws); err != nil {
		t.Fatal(err)
	}
	got, _ := reader.Policy(t.Context(), ws)
	if got.Revision != 2 || got.Quiet != 5*time.Minute {
		t.Errorf("the reader serves revision %d with quiet %v, want 2 with 5m", got.Revision, got.Quiet)
	}
	if diff := cmp.Diff(s.book.Head(ws), reader.Head(ws)); diff != "" {
		t.Errorf("heads differ (-publisher +reader):\n%s", diff)
	}
}

// TestUnreadableRevision keeps the rules that are in force when a newer program published something else.
func TestUnreadableRevision(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.publish(start, s.write(rules, start))
	for key, body := range map[string]any{"rules": map[string]any{"revision": 3}, "rules/text": map[string]any{"revision": 3, "text": "moons: 2\n"}} {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.Commit(t.Context(), tickets.Change{Workspace: ws, Docs: []tickets.DocWrite{{Key: key, Expect: 1, Body: b}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.book.Refresh(t.Context(), s.store, ws); err == nil {
		t.Error("Refresh = nil for a file that cannot be read")
	}
	if p := s.policy(); p.Revision != 2 {
		t.Errorf("revision %d in force, want 2", p.Revision)
	}
}

// TestRefusal tells of each wrong file once, whoever owns the shard.
func TestRefusal(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	refusal := func(b *revisions.Book, snap revisions.Snapshot) bool {
		d, ok, err := b.Refusal(t.Context(), s.store, ws, snap)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			if _, err := s.store.Commit(t.Context(), tickets.Change{Workspace: ws, Docs: []tickets.DocWrite{d}}); err != nil {
				t.Fatal(err)
			}
		}
		return ok
	}
	bad, worse := s.write("a: 1\n", start), s.write("b: 1\n", start)
	good := s.write(rules, start)
	for i, tt := range []struct {
		book *revisions.Book
		snap revisions.Snapshot
		want bool
	}{{s.book, good, false}, {s.book, bad, true}, {s.book, bad, false}, {revisions.NewBook(), bad, false}, {s.book, worse, true}, {s.book, revisions.Snapshot{}, false}} {
		if got := refusal(tt.book, tt.snap); got != tt.want {
			t.Errorf("step %d: to be told = %v, want %v", i, got, tt.want)
		}
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.write(rules, start)
		src := revisions.Open(s.path, time.Now)
		var mu sync.Mutex
		var got []revisions.Snapshot
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			src.Run(ctx, func(s revisions.Snapshot) {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, s)
			})
		}()
		after := func(d time.Duration, n int, what string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if len(got) != n {
				t.Errorf("%s: told %d times, want %d", what, len(got), n)
			}
		}
		after(10*time.Second, 0, "nothing changed")
		s.write("times: {quiet:", start.Add(time.Hour)) // half written
		after(time.Second, 0, "just changed")
		s.write(other, start.Add(2*time.Hour))
		after(time.Second, 0, "changed again meanwhile")
		after(2*time.Second, 1, "settled")
		if err := os.Remove(s.path); err != nil {
			t.Fatal(err)
		}
		after(5*time.Second, 2, "gone")
		s.write(other, start.Add(2*time.Hour))
		after(5*time.Second, 3, "back")
		src.Reload()
		after(0, 4, "asked for")
		cancel()
		<-done
		if len(got) == 4 && (got[0].Text != other || got[0].File == nil || got[1].Err == nil || !got[2].Asked.IsZero() || got[3].Asked.IsZero()) {
			t.Errorf("snapshots = %+v", got)
		}
	})
}

// TestWatchPublishes follows one file through the eyes of one long-lived source: edits count by the time at which they were made,
// also after a reload and after the file was away.
func TestWatchPublishes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		var now time.Time
		src := revisions.Open(s.path, func() time.Time { return now })
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go src.Run(ctx, func(revisions.Snapshot) {})
		file := func(text string) func() { return func() { s.write(text, now) } }
		for i, step := range []struct {
			name string
			do   func()
			why  string
		}{
			{"first", file(rules), revisions.WhyFirst},
			{"edited and asked for", func() { s.write(other, now); src.Reload() }, revisions.WhyChanged},
			{"edited", file(rules), revisions.WhyChanged},
			{"gone", func() { _ = os.Remove(s.path) }, ""},
			{"back with other words", file(other), revisions.WhyChanged},
			{"edited once more", file(rules), revisions.WhyChanged},
		} {
			now = start.Add(time.Duration(i) * time.Hour)
			step.do()
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if last := src.Last(); last.File != nil && !last.Written.Equal(now) {
				t.Errorf("%s: the file was written at %v, want %v", step.name, last.Written, now)
			}
			if why := s.publish(now, src.Last()); why != step.why {
				t.Errorf("%s: published because %q, want %q", step.name, why, step.why)
			}
		}
	})
}

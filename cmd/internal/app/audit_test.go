package app

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongdan/tickets"
)

// standing is a shard in which nothing is done.
type standing struct {
	wake, said time.Time
	class      tickets.Class
	oldest     time.Duration
	broken     error
}

func (s *standing) Due(_ context.Context, _ tickets.Shard, now time.Time, _ int) ([]tickets.Wake, time.Time, error) {
	if s.wake.IsZero() || s.wake.After(now) {
		return nil, s.wake, s.broken
	}
	return []tickets.Wake{{Subject: "ticket:T1/a", Due: s.wake}}, time.Time{}, nil
}

func (s *standing) Pending(context.Context, tickets.Shard, string, int) ([]tickets.Outgoing, error) {
	if s.said.IsZero() {
		return nil, nil
	}
	return []tickets.Outgoing{{At: time.Date(2026, 11, 11, 8, 58, 0, 0, time.UTC), Class: tickets.ClassCard}, {At: s.said, Class: s.class}}, nil
}

func (s *standing) Depth(context.Context, tickets.Shard) (int64, time.Duration, error) {
	if s.oldest == 0 {
		return 0, 0, nil
	}
	return 1, s.oldest, nil
}

func TestAuditor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 11, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		in   standing
		late []string
	}{
		{"nothing waits", standing{}, nil},
		{"due in a minute", standing{wake: now.Add(time.Minute)}, nil},
		{"due this second", standing{wake: now.Add(-time.Second), oldest: time.Second, said: now.Add(-time.Second)}, nil},
		{"half a minute", standing{wake: now.Add(-30 * time.Second), oldest: 30 * time.Second, said: now.Add(-30 * time.Second)}, nil},
		{"an answer waits for the limits", standing{said: now.Add(-time.Minute), class: tickets.ClassReply}, nil},
		{"a call is not said", standing{said: now.Add(-31 * time.Second), class: tickets.ClassReminder}, []string{"outbox"}},
		{"a reminder is not taken", standing{wake: now.Add(-time.Minute)}, []string{"wake"}},
		{"a delivery is not applied", standing{oldest: time.Minute}, []string{"inbox"}},
		{"words are not said", standing{said: now.Add(-time.Hour), class: tickets.ClassReply}, []string{"outbox"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			figures := map[string]time.Duration{}
			a := &auditor{store: &tt.in, inbox: &tt.in, now: func() time.Time { return now }, wall: func() time.Time { return now }, looks: map[overdue]int{},
				shards: func() []tickets.Shard { return []tickets.Shard{3} }, log: slog.New(slog.NewTextHandler(&log, nil)),
				report: func(what string, late time.Duration) { figures[what] = late }}
			a.RunOnce(t.Context())
			if strings.Contains(log.String(), "not done") {
				t.Error("reported at the first look, when an owner may be about to do it")
			}
			if a.overdue(all) != "" || !a.content() {
				t.Error("not content at the first look")
			}
			a.RunOnce(t.Context())
			a.RunOnce(t.Context())
			if late := a.overdue(all); (late != "") != (len(tt.late) > 0) || a.content() == (late != "") || a.overdue(none) != "" {
				t.Errorf("overdue %q, content %t", late, a.content())
			}
			if n := strings.Count(log.String(), "not done"); n != len(tt.late) {
				t.Errorf("reported %d times, want %d: each once while it lasts\n%s", n, len(tt.late), log.String())
			}
			for _, what := range tt.late {
				if !strings.Contains(log.String(), "what="+what) || figures[what] <= 30*time.Second || !strings.Contains(a.overdue(all), what+" of shard 3 by ") {
					t.Errorf("%s: figure %s, log %s", what, figures[what], log.String())
				}
			}
			tt.in = standing{}
			a.RunOnce(t.Context())
			if n := strings.Count(log.String(), "is done"); n != len(tt.late) {
				t.Errorf("the end reported %d times, want %d", n, len(tt.late))
			}
			if a.overdue(all) != "" || !a.content() {
				t.Error("not content at the end")
			}
		})
	}
}

func all(tickets.Shard) bool  { return true }
func none(tickets.Shard) bool { return false }

// Nobody is content who has not looked, has not looked for long, or cannot look.
func TestAuditorUnsure(t *testing.T) {
	t.Parallel()
	wall := time.Date(2026, 11, 11, 9, 0, 0, 0, time.UTC)
	shard := &standing{}
	a := &auditor{store: shard, inbox: shard, now: func() time.Time { return wall }, wall: func() time.Time { return wall },
		looks: map[overdue]int{}, shards: func() []tickets.Shard { return []tickets.Shard{3} }, log: slog.New(slog.DiscardHandler),
		report: func(string, time.Duration) {}}
	if a.content() {
		t.Error("content without a look")
	}
	a.RunOnce(t.Context())
	if !a.content() {
		t.Error("not content after a look")
	}
	wall = wall.Add(61 * time.Second)
	if a.content() {
		t.Error("content a minute after the last look")
	}
	shard.broken = tickets.ErrTemporary
	a.RunOnce(t.Context())
	if a.content() || a.overdue(all) != "" {
		t.Error("content, or accusing, with a store that cannot be read")
	}
}

// What is overdue in a shard of ours makes us unready; in a shard of somebody else's it is only told.
func TestOverdueShowsInReadiness(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	p := s.app.parts.Load()
	s.look("the shard is owned, and has been looked at", func() bool { return p.owned.len() == 1 && p.auditor.content() })
	mine := tickets.ShardOf(team, p.shards)
	for _, tt := range []struct {
		name  string
		shard tickets.Shard
		code  int
		want  string
	}{
		{"ours", mine, http.StatusServiceUnavailable, "due and not done: wake of shard"},
		{"another's", mine + 1, http.StatusOK, "ready; due and not done by other processes: wake of shard"},
	} {
		p.auditor.mu.Lock()
		p.auditor.found.late = map[overdue]time.Duration{{tt.shard, "wake"}: 45 * time.Second}
		p.auditor.mu.Unlock()
		code, body := s.get(s.app, "/readyz")
		if code != tt.code || !strings.HasPrefix(body, tt.want) || !strings.Contains(body, " by 45s") {
			t.Errorf("%s: %d %q, want %d and %q", tt.name, code, body, tt.code, tt.want)
		}
	}
}

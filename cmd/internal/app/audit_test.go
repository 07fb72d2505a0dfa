package app

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gongdan/tickets"
)

// standing is a shard in which nothing is done.
type standing struct {
	wake, said time.Time
	oldest     time.Duration
}

func (s *standing) Due(_ context.Context, _ tickets.Shard, now time.Time, _ int) ([]tickets.Wake, time.Time, error) {
	if s.wake.IsZero() || s.wake.After(now) {
		return nil, s.wake, nil
	}
	return []tickets.Wake{{Subject: "ticket:T1/a", Due: s.wake}}, time.Time{}, nil
}

func (s *standing) Pending(context.Context, tickets.Shard, string, int) ([]tickets.Outgoing, error) {
	if s.said.IsZero() {
		return nil, nil
	}
	return []tickets.Outgoing{{At: s.said}}, nil
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
		{"due this second", standing{wake: now.Add(-time.Second), oldest: time.Second, said: now.Add(-time.Minute)}, nil},
		{"a reminder is not taken", standing{wake: now.Add(-time.Minute)}, []string{"wake"}},
		{"a delivery is not applied", standing{oldest: time.Minute}, []string{"inbox"}},
		{"words are not said", standing{said: now.Add(-time.Hour)}, []string{"outbox"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			figures := map[string]time.Duration{}
			a := &auditor{store: &tt.in, inbox: &tt.in, now: func() time.Time { return now }, looks: map[string]int{},
				shards: func() []tickets.Shard { return []tickets.Shard{3} }, log: slog.New(slog.NewTextHandler(&log, nil)),
				report: func(what string, late time.Duration) { figures[what] = late }}
			a.RunOnce(t.Context())
			if strings.Contains(log.String(), "not done") {
				t.Error("reported at the first look, when an owner may be about to do it")
			}
			a.RunOnce(t.Context())
			a.RunOnce(t.Context())
			if n := strings.Count(log.String(), "not done"); n != len(tt.late) {
				t.Errorf("reported %d times, want %d: each once while it lasts\n%s", n, len(tt.late), log.String())
			}
			for _, what := range tt.late {
				if !strings.Contains(log.String(), "what="+what) || figures[what] < 30*time.Second {
					t.Errorf("%s: figure %s, log %s", what, figures[what], log.String())
				}
			}
			tt.in = standing{}
			a.RunOnce(t.Context())
			if n := strings.Count(log.String(), "is done"); n != len(tt.late) {
				t.Errorf("the end reported %d times, want %d", n, len(tt.late))
			}
		})
	}
}

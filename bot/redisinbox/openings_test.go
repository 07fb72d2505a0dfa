package redisinbox_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
)

func TestOpenings(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		first := bot.Opening{ID: "form-1", Workspace: ws, User: "U1", Kind: bot.FormWait, Subject: "t1", At: at}
		second := bot.Opening{ID: "form-2", Workspace: ws, User: "U2", Kind: bot.FormNew, At: at.Add(time.Second)}
		for _, o := range []bot.Opening{second, first, first} {
			if err := f.Keep(t.Context(), o); err != nil {
				t.Fatalf("Keep(%s) = %v", o.ID, err)
			}
		}
		older := func(before time.Time, want ...bot.Opening) {
			t.Helper()
			got, err := f.Older(t.Context(), shard, before, 10)
			if err != nil {
				t.Fatalf("Older() = %v", err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("Older(%s) (-want +got):\n%s", before, d)
			}
		}
		older(at)
		older(at.Add(time.Second), first)
		older(at.Add(time.Minute), first, second)
		for range 2 {
			if err := f.Done(t.Context(), first); err != nil {
				t.Fatalf("Done() = %v", err)
			}
		}
		older(at.Add(time.Minute), second)
	})
}

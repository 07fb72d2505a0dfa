package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/cmd/internal/bench"
)

// server opens a real Redis of its own.
func server(t *testing.T) *bench.Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("skipped: no redis-server")
	}
	return open(t, "")
}

func open(t *testing.T, address string) *bench.Server {
	t.Helper()
	s, err := bench.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Every measurement runs to its end, counts what it set out to measure, and says what it depends on. Times are not looked at.
func TestMeasurements(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		measure func(context.Context, bench.Options) (*bench.Report, error)
		check   func(t *testing.T, r *bench.Report)
		targets int
	}{
		{"commit", bench.Commit, func(t *testing.T, r *bench.Report) {
			if len(r.Rows) != 2 {
				t.Errorf("rows = %v, want one for each number of clients", r.Rows)
			}
		}, 2},
		{"timers", func(ctx context.Context, o bench.Options) (*bench.Report, error) {
			return bench.Timers(ctx, bench.TimersOptions{Options: o, Rate: 50, Pending: []int{0, 2500}})
		}, func(t *testing.T, r *bench.Report) {
			for _, row := range r.Rows {
				if row[1] != 15 || row[5] != 0 {
					t.Errorf("row = %v, want 15 reminders, none early", row)
				}
			}
		}, 6},
		{"timers", func(ctx context.Context, o bench.Options) (*bench.Report, error) {
			return bench.Timers(ctx, bench.TimersOptions{Options: o, Rate: 50, Pending: []int{0}, Burst: true})
		}, func(t *testing.T, r *bench.Report) {
			if row := r.Rows[0]; row[1] != 15 || row[5] != 0 {
				t.Errorf("row of a burst = %v, want 15 reminders, none early", row)
			}
		}, 2},
		{"intake", func(ctx context.Context, o bench.Options) (*bench.Report, error) {
			return bench.Intake(ctx, bench.IntakeOptions{Options: o, Rate: 20})
		}, func(t *testing.T, r *bench.Report) {
			if row := r.Rows[0]; row[1].(int) < 5 || row[5] != 0 || row[6] != "46 of 46" {
				t.Errorf("row = %v, want at least 5 events, all acknowledged and kept", row)
			}
		}, 3},
		{"views", func(ctx context.Context, o bench.Options) (*bench.Report, error) {
			return bench.Views(ctx, bench.ViewsOptions{Options: o, Rate: 20, Workspaces: 3})
		}, func(t *testing.T, r *bench.Report) {
			if len(r.Rows) != 2 {
				t.Fatalf("rows = %v, want one for each transport", r.Rows)
			}
			for _, row := range r.Rows {
				if row[2] != 6 || row[8] != 0 || row[9] != 0 {
					t.Errorf("row = %v, want 6 clicks, all forms opened and filled", row)
				}
			}
		}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := server(t)
			r, err := tt.measure(t.Context(), bench.Options{Server: s, For: 300 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			if !s.Real || !s.Own || s.Fsync != "everysec" || !strings.Contains(s.Version, ".") {
				t.Errorf("server = %+v, want a real one of its own with fsync everysec", s)
			}
			tt.check(t, r)
			if len(r.Targets) != tt.targets {
				t.Errorf("targets = %v, want %d", r.Targets, tt.targets)
			}
			printed(t, r)
		})
	}
}

// printed makes sure that both forms of a report hold its figures.
func printed(t *testing.T, r *bench.Report) {
	t.Helper()
	var b bytes.Buffer
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range append([]string{r.Machine.Go, r.Redis.Version, r.Redis.Fsync, "cores"}, r.Columns...) {
		if !strings.Contains(b.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, b.String())
		}
	}
	var got struct {
		Bench   string
		Rows    []map[string]any
		Targets []bench.Target
	}
	text, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil || got.Bench != r.Bench || len(got.Rows) != len(r.Rows) || len(got.Rows[0]) != len(r.Columns) || len(got.Targets) != len(r.Targets) {
		t.Errorf("JSON of the report: %s, %v", text, err)
	}
}

// A given Redis keeps what was in it, and nothing is left behind.
func TestGivenRedisIsLeftAsItWas(t *testing.T) {
	t.Parallel()
	own := server(t)
	address := "redis://" + own.Addr()
	rdb := redis.NewClient(&redis.Options{Addr: own.Addr()})
	t.Cleanup(func() { _ = rdb.Close() })
	if err := rdb.Set(t.Context(), "other", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	given := open(t, address)
	o := bench.Options{Server: given, For: 100 * time.Millisecond}
	if _, err := bench.Timers(t.Context(), bench.TimersOptions{Options: o, Rate: 20, Pending: []int{10}}); err != nil {
		t.Fatal(err)
	}
	if _, err := bench.Intake(t.Context(), bench.IntakeOptions{Options: o, Rate: 10}); err != nil {
		t.Fatal(err)
	}
	keys, err := rdb.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 1 || keys[0] != "other" {
		t.Errorf("keys afterwards = %v, %v, want only what was there", keys, err)
	}
	if err := rdb.Set(t.Context(), "gd:shards", 16, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := bench.Intake(t.Context(), bench.IntakeOptions{Options: o}); !errors.Is(err, bench.ErrInUse) {
		t.Errorf("Intake on a bot's Redis = %v, want ErrInUse", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"localhost", "redis://127.0.0.1:1"} {
		if s, err := bench.Open(t.Context(), address); err == nil {
			s.Close()
			t.Errorf("Open(%q) succeeded", address)
		}
	}
}

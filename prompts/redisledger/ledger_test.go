package redisledger_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/prompts/redisledger"
)

func TestLedger(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	rdb := redis.NewClient(&redis.Options{Addr: mini.Addr()})
	defer func() { _ = rdb.Close() }()
	check(t, rdb, "gd:")
	if left := mini.TTL("gd:tokens:T1:2026-11-19"); left <= 48*time.Hour {
		t.Errorf("kept for %v", left)
	}
	mini.FastForward(73 * time.Hour)
	if mini.Exists("gd:tokens:T1:2026-11-19") {
		t.Error("a day is kept for ever")
	}
	mini.Close()
	if _, err := redisledger.New(rdb, "gd:").Add(t.Context(), "T1", "2026-11-19", 1); err == nil {
		t.Error("counted without Redis")
	}
}

func TestLedgerOnRedis(t *testing.T) {
	t.Parallel()
	addr := os.Getenv("GONGDAN_TEST_REDIS")
	if addr == "" {
		t.Log("GONGDAN_TEST_REDIS is not set; the same was tested on miniredis")
		return
	}
	rdb := redis.NewClient(&redis.Options{Addr: addr})
	defer func() { _ = rdb.Close() }()
	prefix := "gdtest:" + t.Name() + time.Now().Format("150405.000000") + ":"
	defer rdb.Del(t.Context(), prefix+"tokens:T1:2026-11-19", prefix+"tokens:T2:2026-11-19", prefix+"tokens:T1:2026-11-20")
	check(t, rdb, prefix)
}

// check counts from several places at once.
func check(t *testing.T, rdb redis.UniversalClient, prefix string) {
	t.Helper()
	var wg sync.WaitGroup
	for range 8 {
		l := redisledger.New(rdb, prefix) // a replica's own
		wg.Go(func() {
			for range 50 {
				if _, err := l.Add(t.Context(), "T1", "2026-11-19", 30); err != nil {
					t.Error(err)
				}
				if _, err := l.Add(t.Context(), "T1", "2026-11-19", -10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	l := redisledger.New(rdb, prefix)
	for _, tt := range []struct {
		account, day string
		want         int64
	}{{"T1", "2026-11-19", 8000}, {"T2", "2026-11-19", 0}, {"T1", "2026-11-20", 0}} {
		if got, err := l.Add(t.Context(), tt.account, tt.day, 0); err != nil || got != tt.want {
			t.Errorf("%s on %s = %d, %v; want %d", tt.account, tt.day, got, err, tt.want)
		}
	}
}

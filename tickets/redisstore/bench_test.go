package redisstore_test

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets/redisstore"
	"gongdan/tickets/storetest"
)

func TestBenchCommit(t *testing.T) {
	t.Parallel()
	client := redis.NewClient(&redis.Options{Addr: storetest.Redis(t)})
	t.Cleanup(func() { _ = client.Close() })
	prefix := "gdbench-" + rand.Text()[:8] + ":"
	r, err := redisstore.BenchCommit(t.Context(), client, redisstore.BenchOptions{Prefix: prefix, Count: 100, Rounds: 1})
	if err != nil || r.Commit <= 0 || r.OfMulti <= 0 || r.OfNoop <= 0 {
		t.Errorf("BenchCommit() = %+v, %v, want rates above zero", r, err)
	}
	if left := client.Keys(t.Context(), prefix+"*").Val(); len(left) > 0 {
		t.Errorf("BenchCommit() leaves %d keys, first %s", len(left), left[0])
	}
}

// BenchmarkCommit reports Commit beside the same writes as MULTI and beside an empty script; one run measures all
// three in turns.
func BenchmarkCommit(b *testing.B) {
	for _, clients := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			client := redis.NewClient(&redis.Options{Addr: storetest.Redis(b)})
			b.Cleanup(func() { _ = client.Close() })
			for b.Loop() {
				r, err := redisstore.BenchCommit(b.Context(), client, redisstore.BenchOptions{Prefix: "gdbenchmark:", Clients: clients})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(r.Commit, "commit/s")
				b.ReportMetric(r.OfMulti, "of-MULTI")
				b.ReportMetric(r.OfNoop, "of-no-op")
			}
		})
	}
}

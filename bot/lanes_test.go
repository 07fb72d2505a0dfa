package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"gongdan/bot"
)

// TestLanes: whatever comes in whatever order, everything runs, each lane in its order, and never more at once than allowed.
func TestLanes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		running := rapid.IntRange(1, 5).Draw(rt, "running")
		l := bot.NewLanes(running, rapid.IntRange(1, 8).Draw(rt, "waiting"))
		keys := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 60).Draw(rt, "keys")
		var mu sync.Mutex
		got, want := map[int][]int{}, map[int][]int{}
		var now, most atomic.Int64
		for i, key := range keys {
			want[key] = append(want[key], i)
			err := l.Go(t.Context(), fmt.Sprint(key), func(context.Context) {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				mu.Lock()
				defer mu.Unlock()
				got[key] = append(got[key], i)
			})
			if err != nil {
				rt.Fatal(err)
			}
		}
		l.Wait()
		for key := range want {
			if !slices.Equal(got[key], want[key]) {
				rt.Fatalf("lane %d ran %v, want %v", key, got[key], want[key])
			}
		}
		if int(most.Load()) > running || l.Len() != 0 {
			rt.Fatalf("%d at once of %d, %d left", most.Load(), running, l.Len())
		}
	})
}

func TestLanesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l := bot.NewLanes(1, 2)
		hold := func(ctx context.Context) { <-ctx.Done() }
		var err error
		done := make(chan struct{})
		for i := range 2 {
			if err := l.Go(ctx, fmt.Sprint(i), hold); err != nil {
				t.Fatal(err)
			}
		}
		go func() { err = l.Go(ctx, "more", hold); close(done) }()
		synctest.Wait()
		select {
		case <-done:
			t.Fatal("a third was accepted of two")
		default:
		}
		cancel()
		<-done
		l.Wait()
		if err == nil {
			t.Error("Go after the end = nil, want the context's error")
		}
	})
}

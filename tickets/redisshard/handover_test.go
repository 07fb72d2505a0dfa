package redisshard_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/storetest"
)

// deaf refuses subscriptions while it is set, as a server's access rules may.
func (w *world) deaf() *atomic.Bool {
	var on atomic.Bool
	on.Store(true)
	w.m.Server().SetPreHook(func(p *server.Peer, cmd string, _ ...string) bool {
		if cmd != "SUBSCRIBE" || !on.Load() {
			return false
		}
		p.WriteError("NOPERM no permissions to access a channel")
		return true
	})
	return &on
}

// handOver stops one owner and returns how long the shard had none.
func handOver(t *testing.T, from, to *owner) time.Duration {
	t.Helper()
	began := time.Now()
	from.stop()
	<-to.epochs
	took := time.Since(began)
	<-from.stopped
	return took
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.keeper("a", nil)
		<-a.epochs
		for range 20 {
			b := w.keeper("b", nil)
			time.Sleep(47 * time.Second)
			if took := handOver(t, a, b); took > 200*time.Millisecond {
				t.Errorf("hand-over took %v, want at most 200 ms", took)
			}
			a = b
		}
		a.stop()
		<-a.stopped
	})
}

func TestHandOverUnheard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		deaf := w.deaf()
		a := w.keeper("a", nil)
		<-a.epochs
		b, c := w.keeper("b", nil), w.keeper("c", nil)
		time.Sleep(time.Minute)
		c.stop()
		<-c.stopped
		if took := handOver(t, a, b); took > 2*time.Second+100*time.Millisecond {
			t.Errorf("hand-over without messages took %v, want at most a lease", took)
		}
		deaf.Store(false)
		d := w.keeper("d", nil)
		time.Sleep(5 * time.Second) // time to subscribe again
		if took := handOver(t, b, d); took > 200*time.Millisecond {
			t.Errorf("hand-over took %v after subscribing again, want at most 200 ms", took)
		}
		d.stop()
		<-d.stopped
	})
}

func TestNewWorkspaceIsOwned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		deaf bool
		most time.Duration
	}{
		"told":   {deaf: false, most: 100 * time.Millisecond},
		"untold": {deaf: true, most: 3100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.deaf().Store(c.deaf)
				owned := make(chan tickets.Shard, 10)
				a := w.keeper("a", func(o *redisshard.Options) {
					o.Shards = 16
					o.Own = func(ctx context.Context, l redisshard.Lease) {
						owned <- l.Shard
						<-ctx.Done()
					}
				})
				<-owned
				time.Sleep(10*time.Second + 100*time.Millisecond)
				began := time.Now()
				w.register(5, "W5")
				if s := <-owned; s != 5 {
					t.Errorf("shard %d is owned, want 5", s)
				}
				if took := time.Since(began); took > c.most {
					t.Errorf("a new workspace was owned after %v, want at most %v", took, c.most)
				}
				a.stop()
				<-a.stopped
			})
		})
	}
}

func (w *world) register(s tickets.Shard, ws tickets.WorkspaceID) {
	w.t.Helper()
	client := w.client()
	defer func() { _ = client.Close() }()
	if err := redisshard.Register(w.t.Context(), client, redisshard.KeysOf("", s), ws); err != nil {
		w.t.Fatal(err)
	}
}

func TestIdleCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var mu sync.Mutex
		counts := map[string]int{}
		w.m.Server().SetPreHook(func(_ *server.Peer, cmd string, _ ...string) bool {
			mu.Lock()
			counts[cmd]++
			mu.Unlock()
			return false
		})
		sixteen := func(o *redisshard.Options) { o.Shards = 16 }
		minute := func() (sum int) {
			time.Sleep(time.Minute)
			mu.Lock()
			clear(counts)
			mu.Unlock()
			time.Sleep(time.Minute)
			mu.Lock()
			defer mu.Unlock()
			t.Log(counts)
			for cmd, n := range counts {
				if !slices.Contains([]string{"TIME", "HMGET", "HSET", "HLEN"}, cmd) { // within the script
					sum += n
				}
			}
			return sum
		}
		a := w.keeper("a", sixteen)
		<-a.epochs
		one := minute()
		b := w.keeper("b", sixteen)
		two := minute()
		if one > 150 || two-one > 100 {
			t.Errorf("%d commands a minute by the owner and %d by a waiting replica, want at most 150 and 100", one, two-one)
		}
		a.stop()
		b.stop()
		<-a.stopped
		<-b.stopped
	})
}

func TestShardsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for s := range tickets.Shard(16) {
			w.register(s, "W1")
		}
		var mu sync.Mutex
		has := map[string]int{}
		replica := func(name string) *owner {
			return w.keeper(name, func(o *redisshard.Options) {
				o.Shards = 16
				o.Own = func(ctx context.Context, _ redisshard.Lease) {
					mu.Lock()
					has[name]++
					mu.Unlock()
					<-ctx.Done()
					mu.Lock()
					has[name]--
					mu.Unlock()
				}
			})
		}
		a := replica("a")
		time.Sleep(10 * time.Second)
		b, c := replica("b"), replica("c")
		time.Sleep(10 * time.Second)
		a.stop()
		<-a.stopped
		time.Sleep(200 * time.Millisecond)
		mu.Lock()
		if has["a"] != 0 || has["b"] < 3 || has["c"] < 3 || has["b"]+has["c"] != 16 {
			t.Errorf("shards by replica: %v, want 16 shared by b and c", has)
		}
		mu.Unlock()
		b.stop()
		c.stop()
		<-b.stopped
		<-c.stopped
	})
}

func TestReplicasOfOneName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.keeper("gongdan/1", nil)
		<-a.epochs
		b := w.keeper("gongdan/1", nil)
		time.Sleep(time.Minute)
		if len(b.epochs) != 0 || len(a.ended) != 0 {
			t.Error("a replica takes the shard of another with its name")
		}
		a.stop()
		b.stop()
		<-a.stopped
		<-b.stopped
	})
}

// TestHandOverMeasured reports the time on a real server; it asserts no more than that waiting for the lease's end
// was not needed.
func TestHandOverMeasured(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, client *redis.Client, prefix string) { measureHandOver(t, client, prefix) })
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: storetest.StartCluster(t)})
		t.Cleanup(func() { _ = client.Close() })
		measureHandOver(t, client, "gdtest:")
	})
}

func measureHandOver(t *testing.T, client redis.UniversalClient, prefix string) {
	if err := redisshard.Register(t.Context(), client, redisshard.KeysOf(prefix, 0), "W1"); err != nil {
		t.Fatal(err)
	}
	owns, stop := replica(t, client, prefix)
	<-owns
	var took []time.Duration
	for range 9 {
		next, nextStop := replica(t, client, prefix)
		awaitSubscribers(t, client, prefix+"bell", 2)
		began := time.Now()
		stop()
		took = append(took, (<-next).Sub(began))
		stop = nextStop
	}
	stop()
	slices.Sort(took)
	t.Logf("from stop to owned elsewhere: median %v, longest %v", took[4], took[8])
	if took[4] > 3*time.Second {
		t.Errorf("hand-over took %v, want it told", took[4])
	}
}

// replica owns the shard under a long lease and says when; stop waits for its end.
func replica(t *testing.T, client redis.UniversalClient, prefix string) (owns chan time.Time, stop func()) {
	owns = make(chan time.Time, 10)
	k := redisshard.NewKeeper(client, redisshard.Options{Prefix: prefix, Shards: 16, Owner: "r", TTL: 10 * time.Second,
		Own: func(ctx context.Context, _ redisshard.Lease) {
			owns <- time.Now()
			<-ctx.Done()
		}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		k.Run(ctx)
		close(done)
	}()
	return owns, func() {
		cancel()
		<-done
	}
}

// awaitSubscribers waits until so many clients hear a channel.
func awaitSubscribers(t *testing.T, client redis.UniversalClient, channel string, want int64) {
	t.Helper()
	for heard(t, client, channel) < want {
		if t.Context().Err() != nil {
			t.Fatal("nobody subscribes")
		}
	}
}

func heard(t *testing.T, client redis.UniversalClient, channel string) int64 {
	t.Helper()
	c, ok := client.(*redis.ClusterClient)
	if !ok {
		return client.PubSubNumSub(t.Context(), channel).Val()[channel]
	}
	var sum atomic.Int64
	if err := c.ForEachMaster(t.Context(), func(ctx context.Context, n *redis.Client) error {
		m, err := n.PubSubNumSub(ctx, channel).Result()
		sum.Add(m[channel])
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return sum.Load()
}

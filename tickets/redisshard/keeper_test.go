package redisshard_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/storetest"
)

func onBoth(t *testing.T, test func(*testing.T, *redis.Client, string)) {
	t.Helper()
	for name, start := range map[string]func(testing.TB) string{
		"miniredis": func(t testing.TB) string { return miniredis.RunT(t).Addr() },
		"redis":     storetest.Redis,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := redis.NewClient(&redis.Options{Addr: start(t)})
			prefix := "gdtest-" + rand.Text()[:8] + ":"
			t.Cleanup(func() {
				it := client.Scan(context.Background(), 0, prefix+"*", 1000).Iterator()
				for it.Next(context.Background()) {
					client.Unlink(context.Background(), it.Val())
				}
				_ = client.Close()
			})
			test(t, client, prefix)
		})
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, client *redis.Client, prefix string) {
		steps := []struct{ want, n int }{{8, 8}, {0, 8}, {8, 8}}
		for _, s := range steps {
			if n, err := redisshard.Setup(t.Context(), client, prefix, s.want); n != s.n || err != nil {
				t.Fatalf("Setup(%d) = %d, %v, want %d", s.want, n, err, s.n)
			}
		}
		_, err := redisshard.Setup(t.Context(), client, prefix, 9)
		if !errors.Is(err, tickets.ErrInvalid) || !strings.Contains(err.Error(), "SHARDS=8") {
			t.Errorf("Setup(9) = %v, want advice to set SHARDS=8", err)
		}
		if _, err := redisshard.Setup(t.Context(), client, "{x}", 0); !errors.Is(err, tickets.ErrInvalid) {
			t.Errorf("Setup(prefix with braces) = %v, want invalid", err)
		}
		client.Set(t.Context(), prefix+"schema", tickets.Schema+1, 0)
		if _, err := redisshard.Setup(t.Context(), client, prefix, 0); !errors.Is(err, redisshard.ErrSchema) {
			t.Errorf("Setup() = %v, want a newer schema refused", err)
		}
	})
}

func TestTake(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, client *redis.Client, prefix string) {
		take := func(owner string) (redisshard.Lease, error) {
			return redisshard.Take(t.Context(), client, redisshard.TakeOptions{Prefix: prefix, Owner: owner, TTL: time.Hour})
		}
		if _, err := take("a"); !errors.Is(err, tickets.ErrNotFound) {
			t.Fatalf("Take() = %v, want not found: no workspace is registered", err)
		}
		if err := redisshard.Register(t.Context(), client, redisshard.KeysOf(prefix, 0), "W1"); err != nil {
			t.Fatal(err)
		}
		for want := int64(1); want <= 3; want++ { // also the same owner gets a new epoch
			if l, err := take("a"); l.Epoch != want || err != nil {
				t.Fatalf("Take() = %+v, %v, want epoch %d", l, err, want)
			}
		}
		if _, err := take("b"); !errors.Is(err, tickets.ErrConflict) {
			t.Errorf("Take(b) = %v, want conflict", err)
		}
		client.HSet(t.Context(), redisshard.KeysOf(prefix, 0).Lease(), "until", 1)
		if l, err := take("b"); l.Epoch != 4 || err != nil {
			t.Errorf("Take(b) = %+v, %v, want epoch 4 after the lease ran out", l, err)
		}
	})
}

func TestWorkspacesAndRunID(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, client *redis.Client, prefix string) {
		k := redisshard.KeysOf(prefix, 0)
		for range 2 {
			if err := redisshard.Register(t.Context(), client, k, "W1"); err != nil {
				t.Fatal(err)
			}
		}
		if ws, err := redisshard.Workspaces(t.Context(), client, k); len(ws) != 1 || ws[0] != "W1" || err != nil {
			t.Errorf("Workspaces() = %v, %v, want W1", ws, err)
		}
		one, err := redisshard.RunID(t.Context(), client, k)
		two, _ := redisshard.RunID(t.Context(), client, k)
		if err != nil || one != two {
			t.Errorf("RunID() = %q then %q, %v, want the same", one, two, err)
		}
	})
}

// world is a Redis in virtual time that keepers reach over pipes, so that whole takeovers take no real time.
type world struct {
	t *testing.T
	m *miniredis.Miniredis
}

func newWorld(t *testing.T) *world {
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	conn, err := m.Dial() // the first call starts the server
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	t.Cleanup(m.Close)
	return &world{t: t, m: m}
}

// owner records what a keeper does with its one shard.
type owner struct {
	*redisshard.Keeper
	epochs  chan int64
	ended   chan time.Time
	stop    context.CancelFunc
	stopped chan struct{}
	offline *atomic.Bool
	log     *bytes.Buffer
}

// hooked fails commands while a process is offline.
type hooked struct{ offline *atomic.Bool }

func (h hooked) DialHook(next redis.DialHook) redis.DialHook { return next }
func (h hooked) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if h.offline.Load() {
			err := errors.New("offline")
			cmd.SetErr(err)
			return err
		}
		return next(ctx, cmd)
	}
}
func (h hooked) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// client reaches the server over pipes.
func (w *world) client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", PoolSize: 4, DisableIdentity: true, Protocol: 2,
		Dialer: func(context.Context, string, string) (net.Conn, error) { return w.m.Dial() }})
}

func (w *world) keeper(name string, edit func(*redisshard.Options)) *owner {
	client := w.client()
	o := &owner{epochs: make(chan int64, 10), ended: make(chan time.Time, 10), stopped: make(chan struct{}), offline: &atomic.Bool{}, log: &bytes.Buffer{}}
	client.AddHook(hooked{o.offline})
	if err := redisshard.Register(w.t.Context(), client, redisshard.KeysOf("", 0), "W1"); err != nil {
		w.t.Fatal(err)
	}
	options := redisshard.Options{Shards: 1, Owner: name, Log: slog.New(slog.NewTextHandler(o.log, nil)), Own: func(ctx context.Context, l redisshard.Lease) {
		o.epochs <- l.Epoch
		<-ctx.Done()
		o.ended <- time.Now()
	}}
	if edit != nil {
		edit(&options)
	}
	o.Keeper = redisshard.NewKeeper(client, options)
	ctx, stop := context.WithCancel(w.t.Context())
	o.stop = stop
	go func() {
		o.Run(ctx)
		_ = client.Close()
		close(o.stopped)
	}()
	return o
}

func TestTakeover(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.keeper("a", nil)
		if e := <-a.epochs; e != 1 {
			t.Errorf("a owns under epoch %d, want 1", e)
		}
		b := w.keeper("b", nil)
		time.Sleep(time.Minute)
		if len(b.epochs) != 0 || len(a.ended) != 0 {
			t.Fatal("b owns a shard that a renews")
		}
		a.offline.Store(true)
		cut := time.Now()
		if e := <-b.epochs; e != 2 {
			t.Errorf("b owns under epoch %d, want 2", e)
		}
		if took := time.Since(cut); took > 3500*time.Millisecond {
			t.Errorf("takeover took %v, want at most 3.5 s", took)
		}
		if over := <-a.ended; !over.Before(time.Now().Add(-200 * time.Millisecond)) {
			t.Errorf("a's work ended %v before b's began, want a margin", time.Since(over))
		}
		a.offline.Store(false)
		b.stop()
		<-b.stopped
		back := time.Now()
		if e := <-a.epochs; e != 3 {
			t.Errorf("a owns again under epoch %d, want 3", e)
		}
		if took := time.Since(back); took > 200*time.Millisecond {
			t.Errorf("a shard given back was owned after %v, want at most 200 ms", took)
		}
		a.stop()
		<-a.stopped
	})
}

func TestWorkThatEndsIsBegunAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		epochs := make(chan int64, 10)
		a := w.keeper("a", func(o *redisshard.Options) {
			o.Own = func(_ context.Context, l redisshard.Lease) { epochs <- l.Epoch }
		})
		for want := int64(1); want <= 3; want++ {
			if e := <-epochs; e != want {
				t.Errorf("owned under epoch %d, want %d", e, want)
			}
		}
		a.stop()
		<-a.stopped
	})
}

func TestOlderProgramOwnsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if err := w.m.Set(redisshard.DefaultPrefix+"schema", "99"); err != nil {
			t.Fatal(err)
		}
		a := w.keeper("a", nil)
		time.Sleep(time.Minute)
		if len(a.epochs) != 0 {
			t.Error("a program older than the stored schema owns a shard")
		}
		a.stop()
		<-a.stopped
		if !strings.Contains(a.log.String(), "newer program") {
			t.Errorf("log = %s, want it to say why", a.log)
		}
	})
}

func TestOffset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.keeper("a", func(o *redisshard.Options) { o.Now = func() time.Time { return time.Now().Add(-3 * time.Second) } })
		<-a.epochs
		time.Sleep(time.Second)
		if d := a.Offset(); (d - 3*time.Second).Abs() > time.Millisecond {
			t.Errorf("Offset() = %v, want 3s", d)
		}
		if d := time.Until(a.Now()).Abs(); d > time.Millisecond {
			t.Errorf("Now() is %v from Redis' clock", d)
		}
		a.stop()
		<-a.stopped
		if n := strings.Count(a.log.String(), "local clock differs"); n != 1 {
			t.Errorf("%d warnings of the clock, want 1:\n%s", n, a.log)
		}
	})
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		err  error
		want error
	}{
		{"nothing there", redis.Nil, tickets.ErrNotFound},
		{"network", errors.New("connection refused"), tickets.ErrTemporary},
		{"deadline", context.DeadlineExceeded, tickets.ErrTemporary},
		{"readonly", reply("READONLY You can't write against a read only replica."), tickets.ErrTemporary},
		{"memory", reply("OOM command not allowed"), tickets.ErrTemporary},
		{"loading", reply("LOADING Redis is loading"), tickets.ErrTemporary},
		{"cluster", reply("CLUSTERDOWN Hash slot not served"), tickets.ErrTemporary},
		{"try again", reply("TRYAGAIN Multiple keys request during rehashing"), tickets.ErrTemporary},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := redisshard.Translate("op", c.err); !errors.Is(err, c.want) {
				t.Errorf("Translate(%v) = %v, want %v", c.err, err, c.want)
			}
		})
	}
	if err := redisshard.Translate("op", reply("WRONGTYPE x")); errors.Is(err, tickets.ErrTemporary) || err == nil {
		t.Errorf("Translate(WRONGTYPE) = %v, want a permanent error", err)
	}
	if err := redisshard.Translate("op", nil); err != nil {
		t.Errorf("Translate(nil) = %v, want nil", err)
	}
}

type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

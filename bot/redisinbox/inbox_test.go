package redisinbox_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/bot/redisinbox"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/storetest"
)

const (
	ws     = tickets.WorkspaceID("W1")
	shards = 4
)

var shard = tickets.ShardOf(ws, shards)

type fixture struct {
	*redisinbox.Inbox
	client *redis.Client
	prefix string
	epoch  int64
}

// onBoth runs a test on miniredis and on a real server.
func onBoth(t *testing.T, test func(*testing.T, *fixture)) {
	t.Helper()
	for name, addr := range map[string]func(testing.TB) string{
		"miniredis": func(t testing.TB) string { return miniredis.RunT(t).Addr() },
		"redis":     storetest.Redis,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newFixture(t, addr(t)))
		})
	}
}

func newFixture(t *testing.T, addr string) *fixture {
	t.Helper()
	f := &fixture{client: redis.NewClient(&redis.Options{Addr: addr}), prefix: "gdtest-" + rand.Text()[:8] + ":"}
	f.Inbox = redisinbox.New(f.client, f.client, shards, redisinbox.Options{Prefix: f.prefix})
	t.Cleanup(func() {
		it := f.client.Scan(context.Background(), 0, f.prefix+"*", 1000).Iterator()
		for it.Next(context.Background()) {
			f.client.Unlink(context.Background(), it.Val())
		}
		_ = f.client.Close()
	})
	if err := redisshard.Register(t.Context(), f.client, redisshard.KeysOf(f.prefix, shard), ws); err != nil {
		t.Fatal(err)
	}
	l, err := redisshard.Take(t.Context(), f.client, redisshard.TakeOptions{Prefix: f.prefix, Shard: shard, Owner: "test", TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	f.epoch = l.Epoch
	return f
}

func entry(key string) bot.Envelope {
	return bot.Envelope{
		Kind: "event", Workspace: ws, Key: "W1/" + key, Raw: []byte("{\"t\":\"碎了\x00\xff\"}"),
		Received: time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC), Retry: 2,
	}
}

func (f *fixture) append(t *testing.T, e bot.Envelope) {
	t.Helper()
	if dup, err := f.Append(t.Context(), e); dup || err != nil {
		t.Fatalf("Append(%s) = %t, %v", e.Key, dup, err)
	}
}

func (f *fixture) read(t *testing.T, after string) []bot.Envelope {
	t.Helper()
	got, err := f.Read(t.Context(), shard, after, 100, 0)
	if err != nil {
		t.Fatalf("Read() = %v", err)
	}
	return got
}

func TestAppendAndRead(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		one, two := entry("C1/1.1"), entry("C1/1.2")
		f.append(t, one)
		f.append(t, two)
		for range 5 {
			if dup, err := f.Append(t.Context(), one); !dup || err != nil {
				t.Fatalf("Append() again = %t, %v, want a duplicate", dup, err)
			}
		}
		got := f.read(t, "")
		if len(got) != 2 {
			t.Fatalf("Read() = %d entries, want 2", len(got))
		}
		one.Entry, two.Entry = got[0].Entry, got[1].Entry
		if diff := cmp.Diff([]bot.Envelope{one, two}, got); diff != "" {
			t.Errorf("Read() mismatch (-want +got):\n%s", diff)
		}
		if rest := f.read(t, one.Entry); len(rest) != 1 || rest[0].Entry != two.Entry {
			t.Errorf("Read(after first) = %v, want the second", rest)
		}
		n, oldest, err := f.Depth(t.Context(), shard)
		if err != nil || n != 2 || oldest < 0 || oldest > time.Minute {
			t.Errorf("Depth() = %d, %v, %v, want 2 entries of just now", n, oldest, err)
		}
	})
}

func TestBlockingRead(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		got := make(chan []bot.Envelope)
		go func() {
			rows, err := f.Read(t.Context(), shard, "", 10, 10*time.Second)
			if err != nil {
				t.Error(err)
			}
			got <- rows
		}()
		f.append(t, entry("late"))
		if rows := <-got; len(rows) != 1 {
			t.Errorf("Read() = %d entries, want the one appended", len(rows))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := f.Read(ctx, shard, "$", 10, 50*time.Millisecond); !errors.Is(err, context.Canceled) {
			t.Errorf("Read() = %v, want canceled", err)
		}
	})
}

func TestCommitRemovesEntryAndTries(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		f.append(t, entry("a"))
		id := f.read(t, "")[0].Entry
		for want := 1; want <= 2; want++ {
			if n, err := f.MarkTry(t.Context(), shard, id); n != want || err != nil {
				t.Fatalf("MarkTry() = %d, %v, want %d", n, err, want)
			}
		}
		if got, err := f.Tries(t.Context(), shard); err != nil || got[id] != 2 {
			t.Errorf("Tries() = %v, %v, want 2", got, err)
		}
		s := redisstore.New(f.client, shards, redisstore.Options{Prefix: f.prefix})
		c := tickets.Change{Workspace: ws, Epoch: f.epoch, Cause: tickets.Cause{Kind: tickets.CauseInbox, Entry: id}}
		if _, err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if got := f.read(t, ""); len(got) != 0 {
			t.Errorf("Read() = %v, want nothing after the commit", got)
		}
		if got, err := f.Tries(t.Context(), shard); err != nil || len(got) != 0 {
			t.Errorf("Tries() = %v, %v, want none", got, err)
		}
		if n, err := f.MarkTry(t.Context(), shard, id); n != 0 || err != nil {
			t.Errorf("MarkTry() = %d, %v, want 0 for an entry that is gone", n, err)
		}
	})
}

func TestDeadLetters(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		e := entry("a")
		f.append(t, e)
		got := f.read(t, "")[0]
		if _, err := f.MarkTry(t.Context(), shard, got.Entry); err != nil {
			t.Fatal(err)
		}
		if err := f.Bury(t.Context(), shard, got, "panic: x", f.epoch-1); !errors.Is(err, tickets.ErrStaleLease) {
			t.Fatalf("Bury() = %v, want stale lease", err)
		}
		if err := f.Bury(t.Context(), shard, got, "panic: x", f.epoch); err != nil {
			t.Fatal(err)
		}
		if err := f.Bury(t.Context(), shard, got, "again", f.epoch); !errors.Is(err, tickets.ErrApplied) {
			t.Fatalf("Bury() = %v, want applied", err)
		}
		dead, err := f.Dead(t.Context(), ws)
		if err != nil || len(dead) != 1 || dead[0].Why != "panic: x" || dead[0].Tries != 1 || !bytes.Equal(dead[0].Envelope.Raw, e.Raw) || dead[0].At.IsZero() {
			t.Fatalf("Dead() = %+v, %v", dead, err)
		}
		if others, err := f.Dead(t.Context(), "W2"); len(others) != 0 || err != nil {
			t.Errorf("Dead(W2) = %v, %v, want none", others, err)
		}
		if err := f.Replay(t.Context(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{dead[0].ID, "x", "9:1-1", "1:zz"} {
			if err := f.Replay(t.Context(), id); !errors.Is(err, tickets.ErrNotFound) {
				t.Errorf("Replay(%q) = %v, want not found", id, err)
			}
		}
		back := f.read(t, "")
		if len(back) != 1 {
			t.Fatalf("Read() = %d entries, want the replayed one", len(back))
		}
		e.Entry = back[0].Entry
		if diff := cmp.Diff(e, back[0]); diff != "" {
			t.Errorf("replayed entry mismatch (-want +got):\n%s", diff)
		}
		if got, _ := f.Tries(t.Context(), shard); len(got) != 0 {
			t.Errorf("Tries() = %v, want none", got)
		}
	})
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		for _, key := range []string{"a", "b"} {
			f.append(t, entry(key))
		}
		for _, e := range f.read(t, "") {
			if err := f.Bury(t.Context(), shard, e, "why "+e.Key, f.epoch); err != nil {
				t.Fatal(err)
			}
		}
		dead, err := f.Dead(t.Context())
		if err != nil || len(dead) != 2 {
			t.Fatalf("Dead() = %v, %v", dead, err)
		}
		if got, err := f.Letter(t.Context(), dead[0].ID); err != nil || cmp.Diff(dead[0], got) != "" {
			t.Errorf("Letter() = %+v, %v, want %+v", got, err, dead[0])
		}
		if err := f.Discard(t.Context(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{dead[0].ID, "x", "9:1-1", "1:zz", "-1:1-1"} {
			if err := f.Discard(t.Context(), id); !errors.Is(err, tickets.ErrNotFound) {
				t.Errorf("Discard(%q) = %v, want not found", id, err)
			}
			if _, err := f.Letter(t.Context(), id); !errors.Is(err, tickets.ErrNotFound) {
				t.Errorf("Letter(%q) = %v, want not found", id, err)
			}
			if err := f.Replay(t.Context(), id); !errors.Is(err, tickets.ErrNotFound) {
				t.Errorf("Replay(%q) = %v, want not found", id, err)
			}
		}
		if left, _ := f.Dead(t.Context()); len(left) != 1 || left[0].ID != dead[1].ID || len(f.read(t, "")) != 0 {
			t.Errorf("left %v, want the other letter alone", left)
		}
	})
}

func TestTrim(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		e := entry("a")
		f.append(t, e)
		if err := f.Bury(t.Context(), shard, f.read(t, "")[0], "why", f.epoch); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		steps := []struct {
			after time.Duration
			dup   bool
			dead  int
		}{{23 * time.Hour, true, 1}, {25 * time.Hour, false, 1}, {13 * 24 * time.Hour, false, 1}, {15 * 24 * time.Hour, false, 0}}
		for _, s := range steps {
			if err := f.Trim(t.Context(), shard, now.Add(s.after)); err != nil {
				t.Fatal(err)
			}
			dup, err := f.Append(t.Context(), e)
			dead, _ := f.Dead(t.Context())
			if dup != s.dup || len(dead) != s.dead || err != nil {
				t.Errorf("after %v: duplicate %t, %d dead, %v, want %t and %d", s.after, dup, len(dead), err, s.dup, s.dead)
			}
		}
	})
}

func TestWait(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		in := redisinbox.New(f.client, f.client, shards, redisinbox.Options{
			Prefix: f.prefix, Wait: 1, WaitFor: time.Millisecond,
		})
		for range 2 { // the repeat is a duplicate, and still on no replica
			if _, err := in.Append(t.Context(), entry("a")); !errors.Is(err, tickets.ErrTemporary) {
				t.Errorf("Append() = %v, want temporary: there is no replica", err)
			}
		}
		if got := f.read(t, ""); len(got) != 1 {
			t.Errorf("Read() = %d entries, want 1", len(got))
		}
	})
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	in := redisinbox.New(nil, nil, shards, redisinbox.Options{})
	for _, e := range []bot.Envelope{{Key: "k"}, {Workspace: ws}} {
		if _, err := in.Append(t.Context(), e); !errors.Is(err, tickets.ErrInvalid) {
			t.Errorf("Append(%+v) = %v, want invalid", e, err)
		}
	}
}

// An entry that cannot be read keeps neither those behind it waiting nor the list of dead letters from being read.
func TestUnreadableEntry(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, f *fixture) {
		keys := redisshard.KeysOf(f.prefix, shard)
		for _, odd := range [][]string{{"x", "y"}, {"k", "message", "w", string(ws), "d", "odd", "r", "{}", "t", "soon", "n", "0"}} {
			if err := f.client.XAdd(t.Context(), &redis.XAddArgs{Stream: keys.Inbox(), Values: odd}).Err(); err != nil {
				t.Fatal(err)
			}
		}
		f.append(t, entry("a"))
		got := f.read(t, "")
		if len(got) != 3 || got[0].Kind != bot.KindUnknown || got[1].Kind != bot.KindUnknown || got[2].Key != entry("a").Key {
			t.Fatalf("Read() = %+v, want two unknown entries before the good one", got)
		}
		for _, e := range got[:2] {
			if err := f.Bury(t.Context(), shard, e, "unreadable", f.epoch); err != nil {
				t.Fatal(err)
			}
		}
		if dead, err := f.Dead(t.Context()); err != nil || len(dead) != 2 || dead[0].Why != "unreadable" {
			t.Errorf("Dead() = %+v, %v, want both", dead, err)
		}
	})
}

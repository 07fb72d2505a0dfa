package redisstore_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/storetest"
)

const ws = tickets.WorkspaceID("W1")

// onBoth runs a test on miniredis and on a server of its own.
func onBoth(t *testing.T, test func(*testing.T, string)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		test(t, miniredis.RunT(t).Addr())
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, storetest.StartRedis(t))
	})
}

// full is a change that touches every kind of key there is.
func full(h *harness, n tickets.Number) tickets.Change {
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
	tk := tickets.Ticket{
		Schema: tickets.Schema, ID: tickets.TicketIDFor(ws, n.String()), Workspace: ws, Number: n, Version: 1,
		Status: tickets.StatusAssigned, Type: "delay", Severity: tickets.SeverityHigh, Origin: tickets.OriginPlatform,
		Facts:  tickets.Facts{Shop: "小杯子", Orders: []string{"1" + n.String()}, AfterSale: "A1", Waybill: "SF1", PlatformNo: "P1"},
		Source: tickets.Source{Kind: "message", Channel: "C1", TS: n.String(), Thread: n.String()}, Requester: "U1", Assignee: "U2",
		Created: at, Updated: at, Wake: at.Add(time.Hour),
	}
	return tickets.Change{
		Workspace: ws, Epoch: 1, Cause: tickets.Cause{Kind: tickets.CauseInbox, Entry: h.AddInbox(ws), ID: "event"},
		Tickets: []tickets.TicketWrite{{After: tk, Events: []tickets.Event{{Kind: tickets.EvCreated, At: at, Version: 1}}}},
		Docs:    []tickets.DocWrite{{Key: "announce/" + string(tk.ID), Body: []byte(`{}`)}},
		Seen:    []tickets.Seen{{Channel: "C1", TS: n.String(), Decision: "act"}},
		Wakes:   []tickets.Wake{{Subject: "roster:a", Due: at}},
		Outbox:  []tickets.Outgoing{{ID: "a|" + n.String(), Workspace: ws, Ticket: tk.ID, Lane: "C1", At: at, Body: []byte(`{}`)}},
		Feed:    []tickets.FeedEntry{{Ticket: tk.ID, Body: []byte(`{}`)}},
	}
}

// ready is a harness with one ticket stored, under epoch 1.
func ready(t *testing.T, addr string) *harness {
	t.Helper()
	h := newHarness(t, addr)
	if e := h.Take(ws); e != 1 {
		t.Fatalf("Take() = %d, want 1", e)
	}
	if _, err := h.store.Commit(t.Context(), full(h, 1)); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *harness) whole(t *testing.T) {
	t.Helper()
	if torn, err := h.store.Check(t.Context(), ws); err != nil || len(torn) > 0 {
		t.Errorf("Check() = %+v, %v, want nothing torn", torn, err)
	}
}

// names are all keys of the harness, without its prefix.
func (h *harness) names(t *testing.T) []string {
	t.Helper()
	all, err := h.client.Keys(t.Context(), h.prefix+"*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i] = strings.TrimPrefix(all[i], h.prefix)
	}
	slices.Sort(all)
	return all
}

// snapshot is the content of every key in a comparable form.
func (h *harness) snapshot(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, name := range h.names(t) {
		key, ctx := h.prefix+name, t.Context()
		var v any
		var err error
		switch kind := h.client.Type(ctx, key).Val(); kind {
		case "string":
			v, err = h.client.Get(ctx, key).Result()
		case "hash":
			v, err = h.client.HGetAll(ctx, key).Result()
		case "list":
			v, err = h.client.LRange(ctx, key, 0, -1).Result()
		case "zset":
			v, err = h.client.ZRangeWithScores(ctx, key, 0, -1).Result()
		case "set":
			v, err = h.client.SMembers(ctx, key).Result()
		case "stream":
			v, err = h.client.XRange(ctx, key, "-", "+").Result()
		default:
			t.Fatalf("key %s has type %q", key, kind)
		}
		if err != nil {
			t.Fatal(err)
		}
		out[name] = v
	}
	return out
}

// TestWrongTypes damages each key that a change touches in turn: the change must then be refused before its
// first write, or go through whole.
func TestWrongTypes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, addr string) {
		for _, name := range ready(t, addr).names(t) {
			h := newHarness(t, addr)
			h.Take(ws)
			second := full(h, 1)
			if strings.HasSuffix(name, ":in") || strings.HasSuffix(name, ":workspaces") || !strings.HasPrefix(name, "{") {
				continue // the cause's stream is covered below; the others are not the change's
			}
			damage(t, h.client, h.prefix+name)
			before := h.snapshot(t)
			_, err := h.store.Commit(t.Context(), second)
			if strings.Contains(name, ":m:") { // records of messages overwrite whatever is there
				if err != nil {
					t.Errorf("%s: Commit() = %v, want success", name, err)
				}
				continue
			}
			if err == nil || errors.Is(err, tickets.ErrTemporary) {
				t.Errorf("%s: Commit() = %v, want a permanent error", name, err)
			}
			if diff := cmp.Diff(before, h.snapshot(t)); diff != "" {
				t.Errorf("%s: half a change was written (-before +after):\n%s", name, diff)
			}
		}
	})
}

func TestWrongTypeOfCause(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, addr string) {
		h := ready(t, addr)
		c := full(h, 2)
		damage(t, h.client, h.keys(ws).Inbox())
		before := h.snapshot(t)
		if _, err := h.store.Commit(t.Context(), c); err == nil {
			t.Error("Commit() succeeded without its cause's stream")
		}
		if diff := cmp.Diff(before, h.snapshot(t)); diff != "" {
			t.Errorf("half a change was written (-before +after):\n%s", diff)
		}
	})
}

// damage gives a key a type that nothing here uses it with.
func damage(t *testing.T, client redis.UniversalClient, key string) {
	t.Helper()
	client.Del(t.Context(), key)
	if err := client.SAdd(t.Context(), key, "damaged").Err(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Del(context.Background(), key) })
}

func TestScriptsFlushed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, addr string) {
		h := ready(t, addr)
		if err := h.client.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := h.store.Commit(t.Context(), full(h, 2)); err != nil {
			t.Errorf("Commit() = %v after SCRIPT FLUSH, want success", err)
		}
		h.whole(t)
	})
}

// lossy drops the answer to the next command that was sent, once armed: the server has done the work.
type lossy struct {
	net.Conn
	armed *atomic.Bool
	lose  bool
}

func (c *lossy) Write(b []byte) (int, error) {
	c.lose = strings.Contains(strings.ToLower(string(b[:min(64, len(b))])), "evalsha") && c.armed.CompareAndSwap(true, false)
	return c.Conn.Write(b)
}

func (c *lossy) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.lose && n > 0 {
		_ = c.Close()
		return 0, io.EOF
	}
	return n, err
}

func lossyClient(addr string, retries int) (*redis.Client, *atomic.Bool) {
	armed := &atomic.Bool{}
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: retries, Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return &lossy{Conn: conn, armed: armed}, err
	}}), armed
}

// TestAnswerLost loses the answer to a commit that was done, with and without the client's own retry.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, addr string) {
		for _, c := range []struct {
			name    string
			retries int
			want    error
		}{{"the client repeats", 3, tickets.ErrApplied}, {"the caller repeats", -1, tickets.ErrTemporary}} {
			client, armed := lossyClient(addr, c.retries)
			h := harnessOn(t, client)
			h.Take(ws)
			if _, err := h.store.Commit(t.Context(), full(h, 1)); err != nil {
				t.Fatal(err)
			}
			change := full(h, 2)
			armed.Store(true)
			if _, err := h.store.Commit(t.Context(), change); !errors.Is(err, c.want) {
				t.Errorf("%s: Commit() = %v, want %v", c.name, err, c.want)
			}
			if armed.Load() {
				t.Errorf("%s: no answer was lost", c.name)
			}
			if _, err := h.store.Commit(t.Context(), change); !errors.Is(err, tickets.ErrApplied) {
				t.Errorf("%s: Commit() again = %v, want applied", c.name, err)
			}
			if said, err := h.store.Pending(t.Context(), tickets.ShardOf(ws, shards), "", 10); len(said) != 2 || err != nil {
				t.Errorf("%s: Pending() = %d entries, %v, want 2", c.name, len(said), err)
			}
			h.whole(t)
		}
	})
}

func TestAway(t *testing.T) {
	t.Parallel()
	m := miniredis.RunT(t)
	h := ready(t, m.Addr())
	c := full(h, 2)
	for _, text := range []string{
		"READONLY You can't write against a read only replica.", "OOM command not allowed when used memory > 'maxmemory'.",
		"LOADING Redis is loading the dataset in memory", "CLUSTERDOWN The cluster is down", "MISCONF Redis is configured to save RDB snapshots",
	} {
		m.SetError(text)
		_, err := h.store.Commit(t.Context(), c)
		_, read := h.store.Ticket(t.Context(), ws, "x")
		if !errors.Is(err, tickets.ErrTemporary) || !errors.Is(read, tickets.ErrTemporary) {
			t.Errorf("%s: Commit() = %v, Ticket() = %v, want temporary", text, err, read)
		}
	}
	m.SetError("")
	if _, err := h.store.Commit(t.Context(), c); err != nil {
		t.Errorf("Commit() = %v once Redis is back", err)
	}
	addr := m.Addr()
	m.Close()
	if _, err := h.store.Commit(t.Context(), c); !errors.Is(err, tickets.ErrTemporary) {
		t.Errorf("Commit() = %v while Redis at %s is away, want temporary", err, addr)
	}
}

// TestCheck damages one thing at a time and wants it named.
func TestCheck(t *testing.T) {
	t.Parallel()
	id := string(tickets.TicketIDFor(ws, "T-1"))
	cases := []struct {
		name string
		hurt func(c context.Context, r redis.UniversalClient, base string) error
		want []string
	}{
		{"nothing", func(context.Context, redis.UniversalClient, string) error { return nil }, nil},
		{"list entry gone", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZRem(c, b+"i:W1:due:", id).Err()
		}, []string{"index_missing"}},
		{"list entry elsewhere", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZIncrBy(c, b+"i:W1:created:", 1, id).Err()
		}, []string{"index_missing"}},
		{"list entry too many", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZAdd(c, b+"i:W1:assignee:U9", redis.Z{Member: id}).Err()
		}, []string{"index_stray"}},
		{"list entry of nobody", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZAdd(c, b+"i:W1:created:", redis.Z{Member: "ghost"}).Err()
		}, []string{"index_stray"}},
		{"exact key gone", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.Del(c, b+"x:W1:waybill:SF1").Err()
		}, []string{"index_missing"}},
		{"exact key too many", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZAdd(c, b+"x:W1:waybill:SF2", redis.Z{Member: id}).Err()
		}, []string{"index_stray"}},
		{"unique key gone", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.HDel(c, b+"u:W1:source:", "C1/T-1").Err()
		}, []string{"index_missing"}},
		{"unique key of another", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.HSet(c, b+"u:W1:source:", "C1/T-1", "ghost").Err()
		}, []string{"index_missing", "index_stray"}},
		{"wake gone", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZRem(c, b+"wakes", "ticket:W1/"+id).Err()
		}, []string{"wake_wrong"}},
		{"wake moved", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZIncrBy(c, b+"wakes", 1, "ticket:W1/"+id).Err()
		}, []string{"wake_wrong"}},
		{"wake of nobody", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.ZAdd(c, b+"wakes", redis.Z{Score: 1, Member: "ticket:W1/ghost"}).Err()
		}, []string{"wake_wrong"}},
		{"timeline short", func(c context.Context, r redis.UniversalClient, b string) error { return r.RPop(c, b+"e:W1:"+id).Err() }, []string{"timeline_gap"}},
		{"timeline of nobody", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.RPush(c, b+"e:W1:ghost", "{}").Err()
		}, []string{"timeline_gap"}},
		{"timeline jumps", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.RPush(c, b+"e:W1:"+id, `{"kind":"noted","version":3}`).Err()
		}, []string{"timeline_gap", "timeline_gap"}},
		{"outbox of nobody", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.XAdd(c, &redis.XAddArgs{Stream: b + "out", Values: []string{"o", `{"id":"x","ws":"W1","t":"ghost"}`}}).Err()
		}, []string{"outbox_orphan"}},
		{"document unreadable", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.Set(c, b+"t:W1:"+id, "1 {", 0).Err()
		}, []string{"document_bad"}},
		{"document of other version", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.SetRange(c, b+"t:W1:"+id, 0, "2").Err()
		}, []string{"document_bad"}},
		{"counter behind", func(c context.Context, r redis.UniversalClient, b string) error {
			return r.Set(c, b+"n:W1:", 0, 0).Err()
		}, []string{"number_twice"}},
	}
	onBoth(t, func(t *testing.T, addr string) {
		for _, c := range cases {
			h := ready(t, addr)
			if err := c.hurt(t.Context(), h.client, h.keys(ws).Key("")); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			torn, err := h.store.Check(t.Context(), ws)
			got := map[string]int{}
			for _, x := range torn {
				got[x.What]++
			}
			if c.name == "document unreadable" || c.name == "document of other version" {
				delete(got, "index_stray") // every place of a ticket that cannot be read
			}
			want := map[string]int{}
			for _, w := range c.want {
				want[w]++
			}
			if err != nil || !maps.Equal(got, want) {
				t.Errorf("%s: Check() = %+v, %v, want %v", c.name, torn, err, c.want)
			}
		}
	})
}

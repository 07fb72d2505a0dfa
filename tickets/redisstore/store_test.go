package redisstore_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/storetest"
)

func TestStoreOnMiniredis(t *testing.T) {
	t.Parallel()
	addr := miniredis.RunT(t).Addr()
	storetest.Exercise(t, func(t *testing.T) storetest.Harness { return newHarness(t, addr).Harness })
}

func TestStoreOnRedis(t *testing.T) {
	t.Parallel()
	addr := storetest.Redis(t)
	storetest.Exercise(t, func(t *testing.T) storetest.Harness { return newHarness(t, addr).Harness })
}

func TestStoreOnCluster(t *testing.T) {
	t.Parallel()
	addrs := storetest.StartCluster(t)
	storetest.Exercise(t, func(t *testing.T) storetest.Harness {
		return harnessOn(t, redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs})).Harness
	})
}

// shards of the tests: several, so that a workspace's shard is not always the first.
const shards = 4

type harness struct {
	storetest.Harness
	client redis.UniversalClient
	prefix string
	store  *redisstore.Store
}

// newHarness makes a store under a prefix of its own, whose keys are removed when the test ends.
func newHarness(t *testing.T, addr string) *harness {
	t.Helper()
	return harnessOn(t, redis.NewClient(&redis.Options{Addr: addr}))
}

func harnessOn(t *testing.T, client redis.UniversalClient) *harness {
	t.Helper()
	h := &harness{client: client, prefix: "gdtest-" + rand.Text()[:8] + ":"}
	h.store = redisstore.New(client, shards, redisstore.Options{Prefix: h.prefix})
	h.Harness = storetest.Harness{Store: h.store, Shards: shards, Take: h.take(t), AddInbox: h.addInbox(t), Waiting: h.waiting(t)}
	t.Cleanup(func() {
		if err := redisstore.Erase(context.Background(), client, h.prefix); err != nil {
			t.Logf("remove keys: %v", err)
		}
		_ = client.Close()
	})
	return h
}

func (h *harness) keys(ws tickets.WorkspaceID) redisshard.Keys {
	return redisshard.KeysOf(h.prefix, tickets.ShardOf(ws, shards))
}

func (h *harness) take(t *testing.T) func(tickets.WorkspaceID) int64 {
	return func(ws tickets.WorkspaceID) int64 {
		ctx := context.Background()
		if err := redisshard.Register(ctx, h.client, h.keys(ws), ws); err != nil {
			t.Fatal(err)
		}
		l, err := redisshard.Take(ctx, h.client, redisshard.TakeOptions{
			Prefix: h.prefix, Shard: tickets.ShardOf(ws, shards), Owner: "test", TTL: time.Hour,
		})
		if err != nil {
			t.Fatal(err)
		}
		return l.Epoch
	}
}

func (h *harness) addInbox(t *testing.T) func(tickets.WorkspaceID) string {
	return func(ws tickets.WorkspaceID) string {
		id, err := h.client.XAdd(context.Background(), &redis.XAddArgs{Stream: h.keys(ws).Inbox(), Values: []string{"r", "raw"}}).Result()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}

func (h *harness) waiting(t *testing.T) func(tickets.WorkspaceID, string) bool {
	return func(ws tickets.WorkspaceID, entry string) bool {
		rows, err := h.client.XRange(context.Background(), h.keys(ws).Inbox(), entry, entry).Result()
		if err != nil {
			t.Fatal(err)
		}
		return len(rows) == 1
	}
}

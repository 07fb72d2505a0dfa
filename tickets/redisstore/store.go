package redisstore

import (
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// Options of a [Store]. The zero value works.
type Options struct {
	Prefix string // of every key; "" = redisshard.DefaultPrefix
	// FeedLen is about how many entries of a shard's feed are kept, default 10,000.
	FeedLen int64
}

// Store implements tickets.Store on Redis. It is safe for concurrent use.
type Store struct {
	client redis.UniversalClient
	run    *redisshard.Runner
	shards int
	o      Options
}

var _ tickets.Store = (*Store)(nil)

// New makes a store on a client over as many shards as redisshard.Setup returned. It does not talk to
// Redis before its first use.
func New(client redis.UniversalClient, shards int, o Options) *Store {
	if o.FeedLen == 0 {
		o.FeedLen = 10_000
	}
	return &Store{client: client, run: redisshard.NewRunner(client), shards: shards, o: o}
}

func (s *Store) shard(n tickets.Shard) redisshard.Keys { return redisshard.KeysOf(s.o.Prefix, n) }

func (s *Store) keys(ws tickets.WorkspaceID) keys {
	return keys{shard: s.shard(tickets.ShardOf(ws, s.shards)), ws: string(ws)}
}

// seenSeconds is tickets.SeenFor as SET takes it.
const seenSeconds = int64(tickets.SeenFor / time.Second)

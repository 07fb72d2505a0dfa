package redisshard

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gongdan/tickets"
)

// tolerated is how far the local clock may be from Redis' before it is worth a warning.
const tolerated = time.Second

// offsets keeps the last measurements of Redis' clock against the local one; the one with the shortest
// round trip is the most exact.
type offsets struct {
	mu     sync.Mutex
	last   [8]sample
	n      int
	warned bool
}

type sample struct{ trip, offset time.Duration }

func (o *offsets) measure(sent, received, redis time.Time, log *slog.Logger) {
	trip := received.Sub(sent)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last[o.n%len(o.last)] = sample{trip: trip, offset: redis.Sub(sent.Add(trip / 2))}
	o.n++
	d := o.best().Abs()
	if d > tolerated && !o.warned {
		log.Warn("local clock differs from Redis' clock: check NTP on both machines", "offset", o.best())
	}
	o.warned = d > tolerated
}

// best needs the lock.
func (o *offsets) best() time.Duration {
	n := min(o.n, len(o.last))
	if n == 0 {
		return 0
	}
	b := o.last[0]
	for _, s := range o.last[1:n] {
		if s.trip < b.trip {
			b = s
		}
	}
	return b.offset
}

// Offset is what must be added to the local clock to get Redis' clock; zero until first measured.
func (k *Keeper) Offset() time.Duration {
	k.clock.mu.Lock()
	defer k.clock.mu.Unlock()
	return k.clock.best()
}

// Now is the time by Redis' clock, which all replicas agree on.
func (k *Keeper) Now() time.Time { return k.o.Now().Add(k.Offset()) }

// schemaGuard remembers for a moment whether this program may write.
type schemaGuard struct {
	mu      sync.Mutex
	checked time.Time
	ok      bool
	warned  bool
}

// mayWrite tells whether the stored schema is not newer than this program's. One reading serves all
// shards for one round of attempts.
func (k *Keeper) mayWrite(ctx context.Context) bool {
	g := &k.schema
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := k.o.Now(); now.Sub(g.checked) >= k.o.Every || g.checked.IsZero() {
		stored, err := StoredSchema(ctx, k.client, k.o.Prefix)
		g.ok, g.checked = err == nil && stored <= tickets.Schema, now
		if err == nil && !g.ok && !g.warned {
			k.o.Log.Error("no shard is owned", "stored", stored, "ours", tickets.Schema, "err", ErrSchema)
			g.warned = true
		}
	}
	return g.ok
}

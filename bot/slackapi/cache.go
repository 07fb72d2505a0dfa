package slackapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"gongdan/tickets"
)

// cache keeps answers for a while and asks once for all who wait for the same one. Errors are kept for a moment, so that
// an outage is not answered by a storm of calls; that there is nobody of an id is an answer, kept like the others. It is safe for concurrent use.
type cache[K ~string, V any] struct {
	ttl   time.Duration
	wait  time.Duration // how long a caller waits for an answer
	now   func() time.Time
	group singleflight.Group

	mu   sync.Mutex
	kept map[K]kept[V]
	era  int // grows with each forget: answers that were asked for before are not kept
}

type kept[V any] struct {
	value V
	err   error
	until time.Time
}

const (
	errorTTL = 2 * time.Second
	maxKept  = 20_000
	fetchFor = 30 * time.Second // an answer that came too late for its caller still serves the next
)

func newCache[K ~string, V any](ttl, wait time.Duration) *cache[K, V] {
	return &cache[K, V]{ttl: ttl, wait: wait, now: time.Now, kept: map[K]kept[V]{}}
}

// get returns what is kept for k, or fetches it. fetch outlives a caller that gives up.
func (c *cache[K, V]) get(ctx context.Context, k K, fetch func(context.Context) (V, error)) (V, error) {
	if e, ok := c.look(k); ok {
		return e.value, e.err
	}
	done := c.group.DoChan(string(k), func() (any, error) {
		era := c.current()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchFor)
		defer cancel()
		v, err := fetch(ctx)
		c.keep(k, era, v, err)
		return v, err
	})
	timer := time.NewTimer(c.wait)
	defer timer.Stop()
	var none V
	select {
	case r := <-done:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(V), nil
	case <-timer.C:
		return none, fmt.Errorf("no answer in %s: %w", c.wait, tickets.ErrTemporary)
	case <-ctx.Done():
		return none, fmt.Errorf("%w: %w", tickets.ErrTemporary, ctx.Err())
	}
}

func (c *cache[K, V]) look(k K) (kept[V], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.kept[k]
	return e, ok && c.now().Before(e.until)
}

func (c *cache[K, V]) current() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.era
}

func (c *cache[K, V]) keep(k K, era int, v V, err error) {
	ttl := c.ttl
	if err != nil && !refusedWith(err, "user_not_found") { // an invented id is as little somebody in a minute
		ttl = min(errorTTL, ttl)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if era != c.era {
		return // it may be what was to be forgotten
	}
	if len(c.kept) >= maxKept {
		clear(c.kept) // far more people than anybody talks to; starting anew is simplest
	}
	c.kept[k] = kept[V]{value: v, err: err, until: c.now().Add(ttl)}
}

// forget drops what is kept for k, also what is just being fetched.
func (c *cache[K, V]) forget(k K) {
	c.group.Forget(string(k))
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.kept, k)
	c.era++
}

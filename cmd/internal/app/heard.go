package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets/redisshard"
)

// heard remembers when the last delivery arrived. It is safe for concurrent use.
type heard struct{ at atomic.Int64 }

func (h *heard) now() { h.at.Store(time.Now().UnixNano()) }

// last is when the last delivery arrived; zero if none has.
func (h *heard) last() time.Time {
	n := h.at.Load()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

// runID names the run of the Redis server that holds the inbox.
func (p *parts) runID(rdb redis.UniversalClient) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		return redisshard.RunID(ctx, rdb, redisshard.KeysOf("", 0))
	}
}

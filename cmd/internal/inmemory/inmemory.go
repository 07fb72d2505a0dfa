// Package inmemory runs a Redis in this process's memory, for demonstrations and trials. It keeps nothing.
package inmemory

import (
	"fmt"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Redis is a Redis server of its own on a free loopback port.
type Redis struct{ m *miniredis.Miniredis }

// Start starts one.
func Start() (*Redis, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listen on a loopback port: %w", err)
	}
	return &Redis{m: m}, nil
}

// URL is how to reach it, as REDIS_URL.
func (r *Redis) URL() string { return "redis://" + r.m.Addr() }

// Options are how a client reaches it.
func (r *Redis) Options() *redis.UniversalOptions {
	return &redis.UniversalOptions{Addrs: []string{r.m.Addr()}}
}

// Close stops it and forgets everything.
func (r *Redis) Close() { r.m.Close() }

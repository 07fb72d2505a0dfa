// Package simclock is tickets' time for demonstrations and tests: it can run faster than the wall clock and jump. Its
// state is kept in Redis, so that a process that is killed and started again sees the same time.
package simclock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// State says what time it is: Base at the wall clock's Wall, and Speed seconds for each second since.
type State struct {
	Base  time.Time `json:"base"`
	Wall  time.Time `json:"wall"`
	Speed float64   `json:"speed"`
}

// At is the time when the wall clock shows wall.
func (s State) At(wall time.Time) time.Time {
	return s.Base.Add(time.Duration(float64(wall.Sub(s.Wall)) * s.Speed))
}

// Clock tells the time of a State, which may be replaced. It is safe for concurrent use.
type Clock struct {
	wall func() time.Time

	mu      sync.Mutex
	state   State
	changed chan struct{}
}

// New makes a clock that goes with the wall clock until Set.
func New(wall func() time.Time) *Clock {
	now := wall()
	return &Clock{wall: wall, state: State{Base: now, Wall: now, Speed: 1}, changed: make(chan struct{})}
}

// Now is the time.
func (c *Clock) Now() time.Time { return c.State().At(c.wall()) }

// State is what the clock goes by.
func (c *Clock) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Until is how long by the wall clock it takes until t; 0 if t has passed.
func (c *Clock) Until(t time.Time) time.Duration {
	s := c.State()
	left := t.Sub(s.At(c.wall()))
	if left <= 0 {
		return 0
	}
	if s.Speed <= 0 {
		return time.Hour // it stands still; Changed tells when that ends
	}
	return time.Duration(float64(left)/s.Speed) + time.Nanosecond
}

// Changed is closed when the clock jumps or changes its speed; ask anew after that.
func (c *Clock) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// Set replaces the state.
func (c *Clock) Set(s State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = s
	close(c.changed)
	c.changed = make(chan struct{})
}

// Jump moves the time to t at once; the speed stays.
func (c *Clock) Jump(t time.Time) State {
	s := State{Base: t, Wall: c.wall(), Speed: c.State().Speed}
	c.Set(s)
	return s
}

// key holds the state (a string), and names the channel on which changes are announced.
const key = "gd:sim:clock"

// Publish stores a state and tells the followers.
func Publish(ctx context.Context, r redis.UniversalClient, s State) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("publish simulated time: %w", err)
	}
	if err := r.Set(ctx, key, body, 0).Err(); err != nil {
		return fmt.Errorf("publish simulated time: %w", err)
	}
	if err := r.Publish(ctx, key, body).Err(); err != nil {
		return fmt.Errorf("publish simulated time: %w", err)
	}
	return nil
}

// Follow sets the clock by the published state and keeps it so until ctx ends. It returns once the present
// state is set.
func Follow(ctx context.Context, r redis.UniversalClient, c *Clock) error {
	sub := r.Subscribe(ctx, key)
	if _, err := sub.Receive(ctx); err != nil {
		return fmt.Errorf("follow simulated time: %w", err)
	}
	body, err := r.Get(ctx, key).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("follow simulated time: %w", err)
	}
	c.take(body)
	go func() {
		defer func() { _ = sub.Close() }()
		for {
			select {
			case <-ctx.Done():
				return
			case m, ok := <-sub.Channel():
				if !ok {
					return
				}
				c.take(m.Payload)
			}
		}
	}()
	return nil
}

// take sets a state as published; one that cannot be read is left out.
func (c *Clock) take(body string) {
	var s State
	if json.Unmarshal([]byte(body), &s) == nil && !s.Base.IsZero() {
		c.Set(s)
	}
}

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// closers is a stack of named steps that undo what was started, last first.
type closers struct {
	log *slog.Logger

	mu    sync.Mutex
	steps []closer
}

type closer struct {
	name string
	fn   func(context.Context) error
}

func (c *closers) add(name string, fn func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steps = append(c.steps, closer{name, fn})
}

// close runs the steps under ctx's deadline. A step that fails does not keep the others from running; a second call does
// nothing.
func (c *closers) close(ctx context.Context) error {
	c.mu.Lock()
	steps := c.steps
	c.steps = nil
	c.mu.Unlock()
	var errs []error
	for i := len(steps) - 1; i >= 0; i-- {
		if err := steps[i].fn(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", steps[i].name, err))
			c.log.Warn("stopping step failed", "step", steps[i].name, "err", err)
		}
	}
	return errors.Join(errs...)
}

// background runs fn until the returned step is called, which ends fn's context and waits for it.
func background(fn func(context.Context)) func(context.Context) error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(ctx)
	}()
	return func(limit context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-limit.Done():
			return limit.Err()
		}
	}
}

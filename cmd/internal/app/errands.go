package app

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"

	"gongdan/tickets"
)

// maxErrands is how many answers may be under way at once in a workspace; more than that means that Slack does not take
// them.
const maxErrands = 64

// errands are short pieces of work that nobody waits for, such as private answers. They are bounded in number, and the bot
// stops only after them. It is safe for concurrent use.
type errands struct {
	ctx    context.Context
	cancel context.CancelFunc
	log    *slog.Logger

	mu     sync.Mutex
	n      int // of all workspaces
	in     map[tickets.WorkspaceID]int
	closed bool
	idle   chan struct{} // closed when the last has ended after close
}

func newErrands(log *slog.Logger) *errands {
	ctx, cancel := context.WithCancel(context.Background())
	return &errands{ctx: ctx, cancel: cancel, log: log, in: map[tickets.WorkspaceID]int{}, idle: make(chan struct{})}
}

// run begins fn unless too many are under way in the workspace or no more are taken; it tells whether it did. A panic of fn ends fn alone.
func (e *errands) run(ws tickets.WorkspaceID, fn func(context.Context)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.in[ws] == maxErrands {
		return false
	}
	e.n++
	e.in[ws]++
	go func() {
		defer e.ended(ws)
		defer func() {
			if r := recover(); r != nil {
				e.log.Error("answer not made", "panic", r, "stack", string(debug.Stack()))
			}
		}()
		fn(e.ctx)
	}()
	return true
}

func (e *errands) ended(ws tickets.WorkspaceID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.n--
	if e.in[ws]--; e.in[ws] == 0 {
		delete(e.in, ws)
	}
	if e.closed && e.n == 0 {
		close(e.idle)
	}
}

// close takes no more and waits for those under way; when ctx ends first, they are cancelled. It may be called once.
func (e *errands) close(ctx context.Context) error {
	defer e.cancel()
	e.mu.Lock()
	e.closed = true
	none := e.n == 0
	e.mu.Unlock()
	if none {
		return nil
	}
	select {
	case <-e.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

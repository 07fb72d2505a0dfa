package bot

import (
	"context"
	"fmt"
	"sync"

	"gongdan/tickets"
)

// numbering lets one ticket of a workspace be made at a time: each needs the next number, and many at once would
// only refuse each other. The zero value is ready; it is safe for concurrent use.
type numbering struct {
	mu sync.Mutex
	at map[tickets.WorkspaceID]chan struct{}
}

// take waits for its turn. The returned function gives it back and may be called once.
func (n *numbering) take(ctx context.Context, ws tickets.WorkspaceID) (release func(), err error) {
	n.mu.Lock()
	gate := n.at[ws]
	if gate == nil {
		if n.at == nil {
			n.at = map[tickets.WorkspaceID]chan struct{}{}
		}
		gate = make(chan struct{}, 1)
		n.at[ws] = gate
	}
	n.mu.Unlock()
	select {
	case gate <- struct{}{}:
		return func() { <-gate }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to number a ticket: %w: %w", tickets.ErrTemporary, ctx.Err())
	}
}

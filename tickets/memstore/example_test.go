package memstore_test

import (
	"context"
	"errors"
	"fmt"

	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

// A cause takes effect once, however often its change is committed.
func Example() {
	ctx := context.Background()
	s := memstore.New(memstore.Options{})
	change := tickets.Change{
		Workspace: "W1",
		Cause:     tickets.Cause{Kind: tickets.CauseInbox, Entry: s.AddInbox("W1"), ID: "in:W1/C1/1.1"},
		Docs:      []tickets.DocWrite{{Key: "channel/C1", Body: []byte(`{"on":true}`)}},
	}
	_, first := s.Commit(ctx, change)
	_, second := s.Commit(ctx, change)
	fmt.Println(first, errors.Is(second, tickets.ErrApplied))
	// Output: <nil> true
}

package timers_test

import (
	"context"
	"fmt"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/memstore"
	"gongdan/tickets/timers"
)

// RunOnce handles what is due; the handler's commit moves or removes the wake.
func Example() {
	ctx := context.Background()
	s := memstore.New(memstore.Options{Shards: 1})
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	wakes := []tickets.Wake{{Subject: "digest:W1", Due: now}, {Subject: "roster:W1", Due: now.Add(time.Hour)}}
	if _, err := s.Commit(ctx, tickets.Change{Workspace: "W1", Wakes: wakes}); err != nil {
		fmt.Println(err)
	}
	loop := timers.New(timers.Options{
		Store: s, Clock: timers.SystemClock(func() time.Time { return now }),
		Handle: func(ctx context.Context, w tickets.Wake) error {
			fmt.Println("due:", w.Subject)
			_, err := s.Commit(ctx, tickets.Change{Workspace: "W1", Wakes: []tickets.Wake{{Subject: w.Subject}}})
			return err
		},
	})
	n, next, err := loop.RunOnce(ctx)
	fmt.Println(n, next.UTC().Format(time.TimeOnly), err)
	// Output:
	// due: digest:W1
	// 1 10:00:00 <nil>
}

package bench

import (
	"context"
	"fmt"
	"time"

	"gongdan/tickets/redisstore"
)

// Options of a measurement. Zero values mean what each measurement says.
type Options struct {
	Server *Server
	// For is about how long is measured, each arm.
	For time.Duration
}

// prefix begins all keys of the measurements that may use a Redis with other keys in it.
const prefix = "gdbench:"

// Bounds of how many changes one round of one arm makes.
const (
	rounds    = 5
	arms      = 3
	fewest    = 100
	mostWrote = 20_000
)

// Commit compares changes of tickets with the same writes as MULTI without checks, and with a script that does nothing, in
// turns. For defaults to 15 s for each number of clients.
func Commit(ctx context.Context, o Options) (*Report, error) {
	if o.For == 0 {
		o.For = 15 * time.Second
	}
	r := newReport("commit", o.Server, time.Now())
	r.setting("change", "one ticket updated: its cause consumed, indexes and wake moved, an exact key added, 2 events, a message's record, 1 outbox and 1 feed entry")
	r.setting("arms", "commit = one script with all checks; MULTI = the same writes without any; no-op = an empty script with the same KEYS and ARGV")
	r.setting("rounds", "%d, the arms in turns; rates are medians, ratios medians of each round's ratio", rounds)
	r.Columns = []string{"clients", "changes a round", "commit/s", "MULTI/s", "no-op/s", "of MULTI", "of no-op"}
	rdb := o.Server.client()
	defer func() { _ = rdb.Close() }()
	if o.Server.Own && o.Server.Real {
		if err := rdb.ConfigSet(ctx, "auto-aof-rewrite-percentage", "0").Err(); err != nil {
			return nil, fmt.Errorf("keep Redis from rewriting its file: %w", err)
		}
		r.setting("file", "not rewritten by Redis meanwhile, which would fall on one arm by chance")
	}
	for _, clients := range []int{1, 10} {
		b := redisstore.BenchOptions{Prefix: prefix, Clients: clients, Count: fewest, Rounds: 1}
		trial, err := redisstore.BenchCommit(ctx, rdb, b)
		if err != nil {
			return nil, fmt.Errorf("measure commits: %w", err)
		}
		b.Rounds, b.Count = rounds, int(trial.Commit*o.For.Seconds()/(rounds*arms))
		b.Count = min(max(b.Count/fewest*fewest, fewest), mostWrote) // tickets are made by the hundred
		got, err := redisstore.BenchCommit(ctx, rdb, b)
		if err != nil {
			return nil, fmt.Errorf("measure commits: %w", err)
		}
		r.row(clients, b.Count, got.Commit, got.Multi, got.Noop, got.OfMulti, got.OfNoop)
		r.atLeast(fmt.Sprintf("commit of MULTI, %d clients", clients), got.OfMulti, 0.75)
	}
	return r, nil
}

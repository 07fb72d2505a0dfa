package main

import (
	"context"
	"fmt"

	"gongdan/cmd/internal/bench"
)

// figures are what one arm found. Times in milliseconds.
type figures struct {
	p50, p99, max float64
	early         float64 // per cent
	bytes, idle   float64 // Redis: bytes for each pending, per cent of a processor; only in the arms with pending ones
}

// contender is one arm. Reminders are evenly spread over each second, or all at its beginning.
type contender struct {
	name    string
	measure func(context.Context) (figures, error)
}

// The names of the arms.
const (
	oursSpread  = "gongdan, spread"
	asynqSpread = "asynq by default, spread"
	bestSpread  = "asynq at its best, spread"
	oursBurst   = "gongdan, bursts"
	bestBurst   = "asynq at its best, bursts"
)

func contenders(s *bench.Server, o options) []contender {
	return []contender{
		{oursSpread, ours(s, o, false)},
		{asynqSpread, rival{server: s, o: o, pending: o.pending}.measure},
		{bestSpread, rival{server: s, o: o, config: best()}.measure},
		{oursBurst, ours(s, o, true)},
		{bestBurst, rival{server: s, o: o, config: best(), burst: true}.measure},
	}
}

// ours asks for what gongdan bench timers measures: from a reminder's time to the return of the commit that records it.
func ours(s *bench.Server, o options, burst bool) func(context.Context) (figures, error) {
	pending := o.pending
	if burst {
		pending = 0
	}
	return func(ctx context.Context) (figures, error) {
		r, err := bench.Timers(ctx, bench.TimersOptions{Options: bench.Options{Server: s, For: o.length}, Rate: o.rate, Pending: []int{pending}, Burst: burst})
		if err != nil {
			return figures{}, err
		}
		return read(r)
	}
}

// read takes the figures out of a report by the names of its columns.
func read(r *bench.Report) (figures, error) {
	cell := map[string]float64{}
	for i, name := range r.Columns {
		switch v := r.Rows[0][i].(type) {
		case float64:
			cell[name] = v
		case int:
			cell[name] = float64(v)
		default:
			return figures{}, fmt.Errorf("column %q holds %T", name, v)
		}
	}
	f := figures{p50: cell["p50 ms"], p99: cell["p99 ms"], max: cell["max ms"], bytes: cell["B/pending"], idle: cell["idle CPU %"]}
	f.early = 100 * cell["early"] / cell["reminders"]
	return f, nil
}

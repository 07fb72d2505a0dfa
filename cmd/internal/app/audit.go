package app

import (
	"context"
	"log/slog"
	"time"

	"gongdan/tickets"
)

// heads are the oldest things that wait in a shard.
type heads interface {
	Due(ctx context.Context, s tickets.Shard, now time.Time, n int) (due []tickets.Wake, next time.Time, err error)
	Pending(ctx context.Context, s tickets.Shard, after string, n int) ([]tickets.Outgoing, error)
}

// waiting tells how long the oldest kept delivery of a shard has waited.
type waiting interface {
	Depth(ctx context.Context, s tickets.Shard) (n int64, oldest time.Duration, err error)
}

// auditor looks at the heads of all shards, whoever owns them, and reports what should be done and is not: an owner that
// hangs cannot audit itself. Every replica runs one.
type auditor struct {
	store  heads
	inbox  waiting
	shards func() []tickets.Shard
	now    func() time.Time // tickets' time
	report func(what string, late time.Duration)
	log    *slog.Logger

	// looks counts in how many looks in a row something was late. One may be the moment after a start, when an owner is
	// just about to do it; from the second on it is reported.
	looks map[string]int
}

const (
	auditEvery = 10 * time.Second
	// Later than this is late. Words may wait for the chat's limits, so they get longest.
	lateWake, lateInbox, lateOutbox = 10 * time.Second, 30 * time.Second, 5 * time.Minute
	lateLooks                       = 2
)

// Run audits until ctx ends.
func (a *auditor) Run(ctx context.Context) {
	tick := time.NewTicker(auditEvery)
	defer tick.Stop()
	for {
		a.RunOnce(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunOnce looks once. A shard that cannot be read is left out; readiness shows that.
func (a *auditor) RunOnce(ctx context.Context) {
	var wake, inbox, outbox time.Duration
	now := a.now()
	for _, s := range a.shards() {
		if due, _, err := a.store.Due(ctx, s, now, 1); err == nil && len(due) > 0 {
			wake = max(wake, now.Sub(due[0].Due))
		}
		if n, oldest, err := a.inbox.Depth(ctx, s); err == nil && n > 0 {
			inbox = max(inbox, oldest)
		}
		if said, err := a.store.Pending(ctx, s, "", 1); err == nil && len(said) > 0 {
			outbox = max(outbox, now.Sub(said[0].At))
		}
	}
	a.judge("wake", wake, lateWake)
	a.judge("inbox", inbox, lateInbox)
	a.judge("outbox", outbox, lateOutbox)
}

// judge reports how late the oldest is, and logs when that begins and ends.
func (a *auditor) judge(what string, late, most time.Duration) {
	a.report(what, late)
	before := a.looks[what]
	if late <= most {
		a.looks[what] = 0
		if before >= lateLooks {
			a.log.Info("what was due is done", "what", what)
		}
		return
	}
	a.looks[what]++
	if a.looks[what] == lateLooks {
		a.log.Error("what is due is not done; see 'gongdan doctor'", "what", what, "late", late.Round(time.Second))
	}
}

// audit makes the auditor of this process.
func (a *App) audit(p *parts) *auditor {
	return &auditor{store: p.store, inbox: p.inbox, now: a.o.Clock.Now, log: a.log, looks: map[string]int{},
		report: func(what string, late time.Duration) { a.metrics.late.WithLabelValues(what).Set(late.Seconds()) },
		shards: func() []tickets.Shard {
			seen := map[tickets.Shard]bool{}
			var out []tickets.Shard
			for _, ws := range a.workspaces(context.Background(), p) {
				if s := tickets.ShardOf(ws, p.shards); !seen[s] {
					seen[s] = true
					out = append(out, s)
				}
			}
			return out
		}}
}

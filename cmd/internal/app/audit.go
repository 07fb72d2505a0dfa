package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
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
// hangs cannot audit itself. Every replica runs one. What it found may be asked for from several goroutines.
type auditor struct {
	store  heads
	inbox  waiting
	shards func() []tickets.Shard
	now    func() time.Time // tickets' time
	wall   func() time.Time
	report func(what string, late time.Duration)
	log    *slog.Logger

	// looks counts in how many looks in a row something was late. One may be the moment after a start, when an owner is
	// just about to do it; from the second on it is reported.
	looks map[overdue]int

	mu    sync.Mutex
	found finding
}

// overdue is what is not done in one shard.
type overdue struct {
	shard tickets.Shard
	what  string // wake, inbox, outbox
}

// finding is what the last look found.
type finding struct {
	at     time.Time // by the wall clock; zero = nobody has looked
	unread bool      // a shard could not be read
	late   map[overdue]time.Duration
}

const (
	auditEvery = 30 * time.Second
	// Later than this is late.
	lateAfter = 30 * time.Second
	// lateWords is how long words that call nobody may wait for the chat's limits.
	lateWords = 5 * time.Minute
	lateLooks = 2
	// headOfOutbox is how many entries are looked at for the oldest call; the next look goes on where more wait.
	headOfOutbox = 500
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

// RunOnce looks once.
func (a *auditor) RunOnce(ctx context.Context) {
	f := finding{at: a.wall(), late: map[overdue]time.Duration{}}
	most := map[string]time.Duration{"wake": 0, "inbox": 0, "outbox": 0}
	for _, s := range a.shards() {
		late, err := a.look(ctx, s)
		f.unread = f.unread || err != nil // readiness shows why
		for what, d := range late {
			most[what] = max(most[what], d)
			if a.judge(overdue{s, what}, d) {
				f.late[overdue{s, what}] = d
			}
		}
	}
	for what, d := range most {
		a.report(what, d)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.found = f
}

// look tells for how long the oldest of each kind in a shard has been due; 0 = none is late. What could not be read is
// missing.
func (a *auditor) look(ctx context.Context, s tickets.Shard) (map[string]time.Duration, error) {
	late, now := map[string]time.Duration{}, a.now()
	due, _, err := a.store.Due(ctx, s, now, 1)
	if err != nil {
		return late, err
	}
	late["wake"] = 0
	if len(due) > 0 {
		late["wake"] = now.Sub(due[0].Due)
	}
	n, oldest, err := a.inbox.Depth(ctx, s)
	if err != nil {
		return late, err
	}
	late["inbox"] = 0
	if n > 0 {
		late["inbox"] = oldest
	}
	said, err := a.store.Pending(ctx, s, "", headOfOutbox)
	if err != nil {
		return late, err
	}
	late["outbox"] = unsaid(said, now)
	return late, nil
}

// unsaid is how late the oldest call is, or other words that have waited for too long.
func unsaid(said []tickets.Outgoing, now time.Time) (late time.Duration) {
	for _, o := range said {
		waited := now.Sub(o.At)
		if o.Class <= tickets.ClassReminder || waited > lateWords {
			late = max(late, waited)
		}
	}
	return late
}

// judge tells whether something counts as overdue, and logs when that begins and ends.
func (a *auditor) judge(what overdue, late time.Duration) bool {
	before := a.looks[what]
	if late <= lateAfter {
		delete(a.looks, what)
		if before >= lateLooks {
			a.log.Info("what was due is done", "what", what.what, "shard", int(what.shard))
		}
		return false
	}
	a.looks[what]++
	if a.looks[what] == lateLooks {
		a.log.Error("what is due is not done; see 'gongdan doctor'", "what", what.what, "shard", int(what.shard), "late", late.Round(time.Second))
	}
	return a.looks[what] >= lateLooks
}

// content tells whether all shards were looked at lately and nothing is overdue.
func (a *auditor) content() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.found
	return !f.at.IsZero() && a.wall().Sub(f.at) < 2*auditEvery && !f.unread && len(f.late) == 0
}

// overdue names what is not done in the shards that ours accepts, the latest first; "" if nothing is.
func (a *auditor) overdue(ours func(tickets.Shard) bool) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []overdue
	for o := range a.found.late {
		if ours(o.shard) {
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(x, y overdue) int { return int(a.found.late[y] - a.found.late[x]) })
	var out []string
	for _, o := range list {
		out = append(out, fmt.Sprintf("%s of shard %d by %s", o.what, o.shard, a.found.late[o].Round(time.Second)))
	}
	return strings.Join(out, ", ")
}

// audit makes the auditor of this process.
func (a *App) audit(p *parts) *auditor {
	return &auditor{store: p.store, inbox: p.inbox, now: a.o.Clock.Now, wall: time.Now, log: a.log, looks: map[overdue]int{},
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

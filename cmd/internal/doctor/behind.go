package doctor

import (
	"context"
	"fmt"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// heardUntil is the oldest of the workspaces' marks; zero if there is none.
func (d *deployment) heardUntil(ctx context.Context) (until time.Time, err error) {
	for _, s := range d.shards {
		for _, ws := range s.workspaces {
			at, err := bot.HeardUntil(ctx, d.store, ws)
			if err != nil {
				return until, err
			}
			if !at.IsZero() && (until.IsZero() || at.Before(until)) {
				until = at
			}
		}
	}
	return until, nil
}

// heard looks for what was said and may not have been heard. A running bot moves the mark every few seconds, and reads
// again from it what it may have missed.
func (d *deployment) heard(ctx context.Context) {
	const check = "heard"
	until, err := d.heardUntil(ctx)
	age, at := d.now.Sub(until), until.UTC().Format(time.RFC3339)
	switch {
	case err != nil:
		d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database.")
	case until.IsZero():
		d.ok(check, "no bot has listened yet: what was said before it does becomes no ticket")
	case age <= lateMark:
		d.ok(check, "everything until a moment ago")
	case d.awake():
		d.warn(check, "not everything since "+at, "It is being read again; if this stays, look at the bot's log.")
	case age > bot.RereadMost:
		d.warn(check, "nothing since "+at, fmt.Sprintf("When the bot is started it reads again the last %d days; look through what was said before by eye.", bot.RereadMost/(24*time.Hour)))
	default:
		d.ok(check, "until %s; the rest is read again when the bot is started", at)
	}
}

// Bounds beyond which a running bot is behind.
const (
	lateMark  = 2 * time.Minute
	lateEntry = 10 * time.Second
	lateWake  = 5 * time.Second
)

func (d *deployment) backlog(ctx context.Context) {
	const check = "inbox"
	var n int64
	var oldest time.Duration
	for _, s := range d.shards {
		have, old, err := d.inbox.Depth(ctx, s.Shard)
		if err != nil {
			d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database.")
			return
		}
		n, oldest = n+have, max(oldest, old)
	}
	found := count(n, "delivery waits", "deliveries wait") + fmt.Sprintf(", the oldest for %s", oldest.Round(time.Second))
	switch {
	case n == 0:
		d.ok(check, "nothing waits")
	case oldest <= lateEntry:
		d.ok(check, "%s", found)
	case d.awake():
		d.fail(check, found+" although a bot is running", "Look at its log for envelopes that are tried again.")
	default:
		d.warn(check, found, "They are taken when the bot is started.")
	}
}

func (d *deployment) deadLetters(ctx context.Context) {
	const check = "dead letters"
	var of []tickets.WorkspaceID
	for _, s := range d.shards {
		of = append(of, s.workspaces...)
	}
	if len(of) == 0 {
		d.ok(check, "none")
		return
	}
	dead, err := d.inbox.Dead(ctx, of...)
	switch {
	case err != nil:
		d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database.")
	case len(dead) > 0:
		d.fail(check, count(len(dead), "delivery was", "deliveries were")+" acknowledged and could not be applied",
			"See 'gongdan inbox'; after the cause is mended, 'gongdan inbox replay --all'.")
	default:
		d.ok(check, "none")
	}
}

func (d *deployment) overdue(ctx context.Context) {
	const check, most = "wakes", 1000
	late, oldest := 0, time.Duration(0)
	var next time.Time
	for _, s := range d.shards {
		due, after, err := d.store.Due(ctx, s.Shard, d.now.Add(-lateWake), most)
		if err != nil {
			d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database.")
			return
		}
		late += len(due)
		if len(due) > 0 {
			oldest = max(oldest, d.now.Sub(due[0].Due))
		}
		if next.IsZero() || !after.IsZero() && after.Before(next) {
			next = after
		}
	}
	found := fmt.Sprintf("%d overdue, the oldest by %s", late, oldest.Round(time.Second))
	switch {
	case late > 0 && d.awake():
		d.fail(check, found+" although a bot is running", "Look at its log for wakes that are tried again.")
	case late > 0:
		d.warn(check, found, "They are caught up when the bot is started.")
	case next.IsZero():
		d.ok(check, "none is planned")
	default:
		d.ok(check, "none overdue; the next is at %s", next.UTC().Format(time.RFC3339))
	}
}

// shown is how many torn tickets are named; the rest is counted.
const shown = 10

func (d *deployment) torn(ctx context.Context) {
	const check = "torn tickets"
	const do = "Keep a copy of Redis' append-only file and report this; tickets other than these are not touched."
	all, walked := 0, 0
	for _, s := range d.shards {
		for _, ws := range s.workspaces {
			walked++
			list, err := d.store.Check(ctx, ws)
			if err != nil {
				d.fail(check, err.Error(), "Ask again; if it stays, check that Redis' user may read all keys.")
				return
			}
			for _, t := range list {
				if all++; all <= shown {
					d.fail(check, fmt.Sprintf("workspace %s, ticket %s: %s (%s)", ws, t.Ticket, t.What, t.Detail), do)
				}
			}
		}
	}
	switch {
	case all > shown:
		d.fail(check, fmt.Sprintf("%d more like these", all-shown), do)
	case all == 0:
		d.ok(check, "none in %s", count(walked, "workspace", "workspaces"))
	}
}

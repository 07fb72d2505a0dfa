package redisstore

import (
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
)

// look is everything that hangs on one ticket, read in one atomic step.
type look struct {
	t       tickets.Ticket
	text    string
	again   *redis.StringCmd
	events  *redis.StringSliceCmd
	wake    *redis.FloatCmd
	entries []tickets.Entry
	scores  []*redis.FloatCmd
	exact   []tickets.Key
	holders []redis.Cmder // StringCmd for unique keys, FloatCmd for others
}

// look queues the reads of one ticket; nil if its document cannot be read, which it reports.
func (a *audit) look(ctx context.Context, p redis.Pipeliner, id tickets.TicketID, got *redis.StringCmd) *look {
	if errors.Is(got.Err(), redis.Nil) {
		return nil
	}
	t, err := decodeTicket(got.Val())
	if got.Err() != nil {
		err = got.Err()
	}
	if err != nil || t.ID != id || t.Workspace != a.ws {
		a.report(id, "document_bad", "%v", err)
		return nil
	}
	l := &look{t: t, text: got.Val(), entries: t.Entries(), exact: t.Keys()}
	l.again = p.Get(ctx, a.k.ticket(id))
	l.events = p.LRange(ctx, a.k.timeline(id), 0, -1)
	l.wake = p.ZScore(ctx, wakes(a.k.shard), string(tickets.TicketSubject(a.ws, id)))
	for _, e := range l.entries {
		l.scores = append(l.scores, p.ZScore(ctx, a.k.list(e.By, e.Value), string(id)))
	}
	for _, x := range l.exact {
		if x.Kind.Unique() {
			l.holders = append(l.holders, p.HGet(ctx, a.k.unique(x), x.Value))
		} else {
			l.holders = append(l.holders, p.ZScore(ctx, a.k.exact(x), string(id)))
		}
	}
	return l
}

func (a *audit) judge(l *look) {
	id := l.t.ID
	for i, e := range l.entries {
		if l.scores[i].Err() != nil || int64(l.scores[i].Val()) != e.Score {
			a.report(id, "index_missing", "%s %s", e.By, e.Value)
		}
	}
	for i, x := range l.exact {
		held, unique := l.holders[i].(*redis.StringCmd)
		if l.holders[i].Err() != nil || unique && held.Val() != string(id) {
			a.report(id, "index_missing", "%s", x.Kind)
		}
	}
	if absent := l.wake.Err() != nil; absent != l.t.Wake.IsZero() || !absent && int64(l.wake.Val()) != micros(l.t.Wake) {
		a.report(id, "wake_wrong", "ticket says %s", l.t.Wake)
	}
	a.judgeTimeline(l)
	if other, twice := a.numbers[l.t.Number]; twice && other != id {
		a.report(id, "number_twice", "%s has it too", other)
	}
	a.numbers[l.t.Number] = id
	a.highest = max(a.highest, l.t.Number)
}

func (a *audit) judgeTimeline(l *look) {
	events, err := decodeEvents(l.t.ID, l.events.Val())
	if err != nil || l.events.Err() != nil {
		a.report(l.t.ID, "timeline_gap", "%v", errors.Join(err, l.events.Err()))
		return
	}
	version := int64(0)
	for _, e := range events {
		if e.Version != version && e.Version != version+1 {
			a.report(l.t.ID, "timeline_gap", "%d after %d", e.Version, version)
		}
		version = e.Version
	}
	if version != l.t.Version {
		a.report(l.t.ID, "timeline_gap", "ends at %d of %d", version, l.t.Version)
	}
}

// walkPairs visits a sorted set or hash page by page; ask queues the reads for one member, to be done in one
// atomic step a page, and returns what judges their answers.
func (a *audit) walkPairs(ctx context.Context, scan func(uint64) *redis.ScanCmd, ask func(p redis.Pipeliner, member, value string) func()) error {
	var cursor uint64
	for {
		pairs, next, err := scan(cursor).Result()
		if err != nil {
			return err
		}
		var judges []func()
		_, err = a.node.TxPipelined(ctx, func(p redis.Pipeliner) error {
			for i := 0; i+1 < len(pairs); i += 2 {
				judges = append(judges, ask(p, pairs[i], pairs[i+1]))
			}
			return nil
		})
		if err != nil && !hasReply(err) {
			return err
		}
		for _, judge := range judges {
			judge()
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// walkSet finds members of an index whose ticket does not say so.
func (a *audit) walkSet(ctx context.Context, name string) error {
	return a.walkPairs(ctx, func(cursor uint64) *redis.ScanCmd {
		return a.node.ZScan(ctx, name, cursor, "", 200)
	}, func(p redis.Pipeliner, id, _ string) func() {
		here, doc := p.ZScore(ctx, name, id), p.Get(ctx, a.k.ticket(tickets.TicketID(id)))
		return func() {
			if here.Err() == nil {
				a.judgeStray(name, tickets.TicketID(id), doc)
			}
		}
	})
}

// walkHash finds unique keys whose ticket does not say so.
func (a *audit) walkHash(ctx context.Context, name string) error {
	return a.walkPairs(ctx, func(cursor uint64) *redis.ScanCmd {
		return a.node.HScan(ctx, name, cursor, "", 200)
	}, func(p redis.Pipeliner, field, id string) func() {
		now, doc := p.HGet(ctx, name, field), p.Get(ctx, a.k.ticket(tickets.TicketID(id)))
		return func() {
			if now.Val() == id {
				a.judgeStray(name+"\x00"+field, tickets.TicketID(id), doc)
			}
		}
	})
}

// judgeStray compares one place (an index's key, or a hash's key and field) with the places of its ticket.
func (a *audit) judgeStray(place string, id tickets.TicketID, doc *redis.StringCmd) {
	t, err := decodeTicket(doc.Val())
	if err == nil && doc.Err() == nil {
		for _, e := range t.Entries() {
			if a.k.list(e.By, e.Value) == place {
				return
			}
		}
		for _, x := range t.Keys() {
			if a.k.exact(x) == place || a.k.unique(x)+"\x00"+x.Value == place {
				return
			}
		}
	}
	a.report(id, "index_stray", "%s", strings.TrimPrefix(place, a.k.shard.Key("")))
}

package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// BenchOptions say how to measure commits. Prefix is needed: all keys under it are removed before and after.
type BenchOptions struct {
	Prefix  string
	Clients int              // callers at once, default 10
	Count   int              // changes a round and arm, default 2000
	Rounds  int              // default 5; medians are reported
	Now     func() time.Time // default time.Now
}

// BenchResult gives medians over the rounds, in changes a second.
type BenchResult struct {
	Commit float64 // Store.Commit
	Multi  float64 // the same writes as MULTI without any check
	Noop   float64 // a script that does nothing with the same keys and arguments
	// OfMulti and OfNoop are medians of each round's ratio: both sides ran within the same seconds.
	OfMulti, OfNoop float64
}

// BenchCommit compares Commit with the same writes as MULTI and with an empty script, in turns. Each change
// updates a ticket: a cause consumed, indexes and a wake moved, an exact key added, two events, a message's
// record, one entry of the outbox and one of the feed. All arms prepare the change in the same way.
func BenchCommit(ctx context.Context, client redis.UniversalClient, o BenchOptions) (BenchResult, error) {
	o = o.withDefaults()
	if err := Erase(ctx, client, o.Prefix); err != nil {
		return BenchResult{}, err
	}
	b := &commitBench{o: o, s: New(client, 1, Options{Prefix: o.Prefix}), noop: redisshard.NewScript("return {'ok', ''}")}
	if err := b.own(ctx); err != nil {
		return BenchResult{}, err
	}
	var rates [3][]float64
	for range o.Rounds {
		for i, arm := range []func(context.Context, tickets.Change) error{b.commit, b.multi, b.empty} {
			rate, err := b.measure(ctx, arm)
			if err != nil {
				return BenchResult{}, err
			}
			rates[i] = append(rates[i], rate)
		}
	}
	return summary(rates), Erase(ctx, client, o.Prefix)
}

func (o BenchOptions) withDefaults() BenchOptions {
	if o.Clients == 0 {
		o.Clients = 10
	}
	if o.Count == 0 {
		o.Count = 2000
	}
	if o.Rounds == 0 {
		o.Rounds = 5
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func summary(rates [3][]float64) BenchResult {
	var ofMulti, ofNoop []float64
	for i, c := range rates[0] {
		ofMulti, ofNoop = append(ofMulti, c/rates[1][i]), append(ofNoop, c/rates[2][i])
	}
	return BenchResult{
		Commit: median(rates[0]), Multi: median(rates[1]), Noop: median(rates[2]),
		OfMulti: median(ofMulti), OfNoop: median(ofNoop),
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// benchSpace is the workspace of the measurement.
const benchSpace tickets.WorkspaceID = "BENCH"

type commitBench struct {
	o     BenchOptions
	s     *Store
	noop  *redisshard.Script
	epoch int64
	next  int
}

func (b *commitBench) own(ctx context.Context) error {
	if err := redisshard.Register(ctx, b.s.client, b.s.shard(0), benchSpace); err != nil {
		return err
	}
	l, err := redisshard.Take(ctx, b.s.client, redisshard.TakeOptions{Prefix: b.o.Prefix, Owner: "bench", TTL: time.Hour})
	b.epoch = l.Epoch
	return err
}

// measure prepares tickets and causes, then times one arm.
func (b *commitBench) measure(ctx context.Context, arm func(context.Context, tickets.Change) error) (float64, error) {
	changes, err := b.prepare(ctx)
	if err != nil {
		return 0, err
	}
	errs := make([]error, b.o.Clients)
	var wg sync.WaitGroup
	began := b.o.Now()
	for i := range b.o.Clients {
		wg.Go(func() {
			for j := i; j < len(changes) && errs[i] == nil; j += b.o.Clients {
				errs[i] = arm(ctx, changes[j])
			}
		})
	}
	wg.Wait()
	took := b.o.Now().Sub(began)
	for _, err := range errs {
		if err != nil {
			return 0, fmt.Errorf("measure commits: %w", err)
		}
	}
	return float64(len(changes)) / took.Seconds(), nil
}

func (b *commitBench) commit(ctx context.Context, c tickets.Change) error {
	_, err := b.s.Commit(ctx, c)
	return err
}

func (b *commitBench) multi(ctx context.Context, c tickets.Change) error {
	p, err := b.s.plan(c)
	if err != nil {
		return err
	}
	_, err = b.s.client.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		tx.XDel(ctx, p.keys[1], c.Cause.Entry)
		tx.HDel(ctx, p.keys[3], c.Cause.Entry)
		for _, w := range p.writes {
			args := append(make([]any, 0, len(w.args)+2), w.name, p.keys[w.key-1])
			for _, a := range w.args {
				args = append(args, a)
			}
			tx.Do(ctx, args...)
		}
		tx.ZRangeWithScores(ctx, p.keys[2], 0, 0)
		return nil
	})
	return err
}

func (b *commitBench) empty(ctx context.Context, c tickets.Change) error {
	p, err := b.s.plan(c)
	if err != nil {
		return err
	}
	_, err = b.s.run.Run(ctx, b.noop, p.keys, p.args(c)...)
	return err
}

// prepare stores tickets and inbox entries and returns the changes to be timed.
func (b *commitBench) prepare(ctx context.Context) ([]tickets.Change, error) {
	const page = 100
	var out []tickets.Change
	for len(out) < b.o.Count {
		c := tickets.Change{Workspace: benchSpace, Epoch: b.epoch}
		inbox := make([]*redis.StringCmd, 0, page)
		p := b.s.client.Pipeline()
		for range page {
			b.next++
			t := benchTicket(b.o.Now(), b.next)
			c.Tickets = append(c.Tickets, tickets.TicketWrite{After: t, Events: []tickets.Event{{Kind: tickets.EvCreated, At: t.Created, Version: 1}}})
			inbox = append(inbox, p.XAdd(ctx, &redis.XAddArgs{Stream: b.s.shard(0).Inbox(), Values: []any{"r", make([]byte, 1000)}}))
		}
		if _, err := p.Exec(ctx); err != nil {
			return nil, redisshard.Translate("prepare inbox", err)
		}
		if _, err := b.s.Commit(ctx, c); err != nil {
			return nil, err
		}
		for i, w := range c.Tickets {
			out = append(out, b.update(w.After, inbox[i].Val()))
		}
	}
	return out, nil
}

func (b *commitBench) update(before tickets.Ticket, entry string) tickets.Change {
	after := before
	after.Version, after.Status, after.Assignee = 2, tickets.StatusAssigned, "U2"
	after.Updated, after.Wake = before.Updated.Add(time.Second), before.Wake.Add(time.Hour)
	after.Facts.Waybill = "SF" + before.Number.String()
	cause := tickets.CauseID("in:" + entry)
	return tickets.Change{
		Workspace: benchSpace, Epoch: b.epoch, Cause: tickets.Cause{Kind: tickets.CauseInbox, Entry: entry, ID: cause},
		Tickets: []tickets.TicketWrite{{Before: &before, After: after, Events: []tickets.Event{
			{Kind: tickets.EvAssigned, At: after.Updated, Version: 2, Cause: cause, By: "U1", To: "U2"},
			{Kind: tickets.EvAmended, At: after.Updated, Version: 2, Cause: cause, By: "U1", Reason: "waybill"},
		}}},
		Seen:   []tickets.Seen{{Channel: "C1", TS: entry, Decision: "act", Ticket: before.ID, Author: "U1", Why: "rules"}},
		Outbox: []tickets.Outgoing{{ID: string(cause) + "|0", Workspace: benchSpace, Ticket: before.ID, Class: tickets.ClassCard, Lane: "C1", At: after.Updated, Body: []byte(`{"kind":"card"}`)}},
		Feed:   []tickets.FeedEntry{{Ticket: before.ID, Body: []byte(`{"kind":"assigned"}`)}},
	}
}

func benchTicket(now time.Time, n int) tickets.Ticket {
	name := strconv.Itoa(n)
	return tickets.Ticket{
		Schema: tickets.Schema, ID: tickets.TicketIDFor(benchSpace, name), Workspace: benchSpace, Number: tickets.Number(n), Version: 1,
		Status: tickets.StatusNew, Type: "goods_return", Severity: tickets.SeverityNormal, Origin: tickets.OriginInternal,
		Facts:     tickets.Facts{Shop: "小杯子旗舰店", Platform: "tmall", Orders: []string{"20241122" + name}},
		Source:    tickets.Source{Kind: "message", Channel: "C1", TS: name + ".1", Thread: name + ".1", Text: "订单 20241122 买家说收到的杯子碎了，要退货", Lang: "zh-CN"},
		Requester: "U1", Created: now, Updated: now, Wake: now.Add(time.Hour),
		Deadlines: []tickets.Deadline{
			{Kind: tickets.ClockFirstResponse, Start: now, Due: now.Add(time.Hour), Version: 1, Rule: "default"},
			{Kind: tickets.ClockResolution, Start: now, Due: now.Add(24 * time.Hour), Version: 1, Rule: "default"},
		},
	}
}

// Erase removes every key that begins with a prefix, on all nodes. It is for measurements and tests.
func Erase(ctx context.Context, client redis.UniversalClient, prefix string) error {
	if prefix == "" || prefix == redisshard.DefaultPrefix {
		return fmt.Errorf("erase keys of prefix %q: %w", prefix, tickets.ErrForbidden)
	}
	each := func(ctx context.Context, node redis.UniversalClient) error {
		it := node.Scan(ctx, 0, globSafe.Replace(prefix)+"*", 1000).Iterator()
		for it.Next(ctx) {
			if err := node.Unlink(ctx, it.Val()).Err(); err != nil {
				return err
			}
		}
		return it.Err()
	}
	if c, ok := client.(*redis.ClusterClient); ok {
		return redisshard.Translate("erase keys", c.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error { return each(ctx, n) }))
	}
	return redisshard.Translate("erase keys", each(ctx, client))
}

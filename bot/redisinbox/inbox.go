package redisinbox

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// Remembered is how long a key counts as received.
const Remembered = 24 * time.Hour

var (
	//go:embed append.lua
	appendSource string
	//go:embed mark.lua
	markSource string
	//go:embed bury.lua
	burySource string
	//go:embed replay.lua
	replaySource string

	appendScript = redisshard.NewScript(appendSource)
	markScript   = redisshard.NewScript(markSource)
	buryScript   = redisshard.NewScript(burySource)
	replayScript = redisshard.NewScript(replaySource)
)

// Options of an [Inbox]. The zero value works.
type Options struct {
	Prefix string // of every key; "" = redisshard.DefaultPrefix
	// Wait makes Append answer only when that many replicas have the envelope, within WaitFor (default 1 s).
	// 0 = do not wait.
	Wait    int
	WaitFor time.Duration
}

// Inbox is the durable inbox of all shards. It is safe for concurrent use.
type Inbox struct {
	client   redis.UniversalClient
	blocking redis.UniversalClient
	run      *redisshard.Runner
	shards   int
	o        Options
}

var (
	_ bot.Intake = (*Inbox)(nil)
	_ bot.Inbox  = (*Inbox)(nil)
)

// New makes an inbox over as many shards as redisshard.Setup returned. It does not talk to Redis yet.
// blocking is a client for nothing but reads that wait: each holds one of its connections, so its pool must
// be as large as the number of shards.
func New(client, blocking redis.UniversalClient, shards int, o Options) *Inbox {
	if o.WaitFor == 0 {
		o.WaitFor = time.Second
	}
	return &Inbox{client: client, blocking: blocking, run: redisshard.NewRunner(client), shards: shards, o: o}
}

func (in *Inbox) keys(s tickets.Shard) redisshard.Keys { return redisshard.KeysOf(in.o.Prefix, s) }

// Append keeps an envelope, or tells that its key was received before. After a nil error the envelope is in
// Redis, and on as many replicas as Options.Wait asks for; otherwise the sender must be told to try again.
// Repeating an append whose answer was lost is safe: the second is a duplicate.
func (in *Inbox) Append(ctx context.Context, e bot.Envelope) (dup bool, err error) {
	if e.Workspace == "" || e.Key == "" {
		return false, fmt.Errorf("append to inbox without workspace or key: %w", tickets.ErrInvalid)
	}
	k := in.keys(tickets.ShardOf(e.Workspace, in.shards))
	names := []string{k.Inbox(), dedupeKey(k)}
	args := append([]any{e.Key, Remembered.Milliseconds(), "0"}, fields(e)...)
	if in.o.Wait > 0 {
		return in.appendWait(ctx, names, args)
	}
	id, err := in.run.Run(ctx, appendScript, names, args...)
	return id == "", redisshard.Translate("append to inbox", err)
}

func (in *Inbox) appendWait(ctx context.Context, names []string, args []any) (bool, error) {
	args[2] = "1"
	id, n, err := in.run.RunWait(ctx, appendScript, redisshard.Wait{Replicas: in.o.Wait, Timeout: in.o.WaitFor}, names, args...)
	if err != nil {
		return false, redisshard.Translate("append to inbox", err)
	}
	if n < in.o.Wait {
		return false, fmt.Errorf("append to inbox: on %d of %d replicas: %w", n, in.o.Wait, tickets.ErrTemporary)
	}
	return id == "", nil
}

// Read returns at most n envelopes after the entry id, oldest first; "" reads from the start, as a new owner
// must: whatever is there has not been applied. With block > 0 it waits that long for a first one; an end
// of ctx then ends the call at once, though the connection is busy until block is over.
func (in *Inbox) Read(ctx context.Context, s tickets.Shard, after string, n int, block time.Duration) ([]bot.Envelope, error) {
	if after == "" {
		after = "0"
	}
	args := &redis.XReadArgs{Streams: []string{in.keys(s).Inbox(), after}, Count: int64(n), Block: -1}
	client := in.client
	if block > 0 {
		args.Block, client = max(block, time.Millisecond), in.blocking
	}
	rows, err := read(ctx, client, args)
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, redisshard.Translate("read inbox", err)
	}
	return decodeAll(rows), nil
}

func read(ctx context.Context, client redis.UniversalClient, args *redis.XReadArgs) ([]redis.XMessage, error) {
	type result struct {
		rows []redis.XMessage
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		streams, err := client.XRead(ctx, args).Result()
		if r.err = err; len(streams) > 0 {
			r.rows = streams[0].Messages
		}
		done <- r
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-done:
		return r.rows, r.err
	}
}

// Depth is how much waits in a shard, and for how long the oldest has; both by Redis' clock.
func (in *Inbox) Depth(ctx context.Context, s tickets.Shard) (n int64, oldest time.Duration, err error) {
	key := in.keys(s).Inbox()
	p := in.client.Pipeline()
	length, first, now := p.XLen(ctx, key), p.XRangeN(ctx, key, "-", "+", 1), p.Time(ctx)
	if _, err := p.Exec(ctx); err != nil {
		return 0, 0, redisshard.Translate("measure inbox", err)
	}
	if rows := first.Val(); len(rows) > 0 {
		oldest = max(0, now.Val().Sub(idTime(rows[0].ID)))
	}
	return length.Val(), oldest, nil
}

// Trim forgets keys received more than a day before now and dead letters buried more than [DeadFor] before.
func (in *Inbox) Trim(ctx context.Context, s tickets.Shard, now time.Time) error {
	k := in.keys(s)
	p := in.client.Pipeline()
	p.ZRemRangeByScore(ctx, dedupeKey(k), "-inf", fmt.Sprint(now.Add(-Remembered).UnixMilli()))
	p.XTrimMinID(ctx, deadKey(k), fmt.Sprint(now.Add(-DeadFor).UnixMilli()))
	_, err := p.Exec(ctx)
	return redisshard.Translate("trim inbox", err)
}

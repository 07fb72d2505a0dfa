package redisinbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

var _ bot.Openings = (*Inbox)(nil)

// Keep records a form before it opens. Keeping it again changes only its time.
func (in *Inbox) Keep(ctx context.Context, o bot.Opening) error {
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("keep opening %s: %w", o.ID, err)
	}
	k := in.keys(tickets.ShardOf(o.Workspace, in.shards))
	_, err = in.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, openingsKey(k), field(o), body)
		p.ZAdd(ctx, openedKey(k), redis.Z{Score: float64(o.At.UnixMilli()), Member: field(o)})
		return nil
	})
	return redisshard.Translate("keep opening", err)
}

// Done forgets a form that is filled or closed. Forgetting it again is harmless.
func (in *Inbox) Done(ctx context.Context, o bot.Opening) error {
	k := in.keys(tickets.ShardOf(o.Workspace, in.shards))
	_, err := in.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.ZRem(ctx, openedKey(k), field(o))
		p.HDel(ctx, openingsKey(k), field(o))
		return nil
	})
	return redisshard.Translate("forget opening", err)
}

// Older returns at most n forms of a shard that were kept before a time and are not done, oldest first.
func (in *Inbox) Older(ctx context.Context, s tickets.Shard, before time.Time, n int) ([]bot.Opening, error) {
	k := in.keys(s)
	ids, err := in.client.ZRangeByScore(ctx, openedKey(k), &redis.ZRangeBy{Min: "-inf",
		Max: "(" + strconv.FormatInt(before.UnixMilli(), 10), Count: int64(n)}).Result()
	if err != nil || len(ids) == 0 {
		return nil, redisshard.Translate("read openings", err)
	}
	bodies, err := in.client.HMGet(ctx, openingsKey(k), ids...).Result()
	if err != nil {
		return nil, redisshard.Translate("read openings", err)
	}
	var out []bot.Opening
	for _, b := range bodies {
		text, ok := b.(string)
		if !ok {
			continue // done meanwhile
		}
		var o bot.Opening
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return nil, fmt.Errorf("read opening: %w", err)
		}
		out = append(out, o)
	}
	return out, nil
}

// field names an opening within its shard.
func field(o bot.Opening) string { return string(o.Workspace) + "/" + o.ID }

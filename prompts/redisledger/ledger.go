package redisledger

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/prompts/budget"
)

var _ budget.Ledger = (*Ledger)(nil)

// keep is how long a day's sum is kept: through every zone's day, and a look back.
const keep = 72 * time.Hour

// Ledger is a budget.Ledger. It is safe for concurrent use.
type Ledger struct {
	rdb    redis.UniversalClient
	prefix string
}

// New makes a Ledger whose keys begin with prefix.
func New(rdb redis.UniversalClient, prefix string) *Ledger { return &Ledger{rdb, prefix} }

// key is a string: the tokens used by an account on a day. It stands outside of all
// shards: each is used alone.
func (l *Ledger) key(account, day string) string {
	return l.prefix + "tokens:" + account + ":" + day
}

// Add adds tokens to a day's sum and returns it. If the connection breaks they may
// have been added twice, so that rather too much is counted.
func (l *Ledger) Add(ctx context.Context, account, day string, tokens int64) (int64, error) {
	key := l.key(account, day)
	var sum *redis.IntCmd
	_, err := l.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		sum = p.IncrBy(ctx, key, tokens)
		p.Expire(ctx, key, keep)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count tokens of %s: %w", account, err)
	}
	return sum.Val(), nil
}

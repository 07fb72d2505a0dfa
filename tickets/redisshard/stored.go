package redisshard

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
)

// What is stored, for those who only look: nothing here writes.

// ErrUnused says that [Setup] has never run here.
var ErrUnused = errors.New("no bot has used this Redis yet")

// Shards returns the number of shards that the first [Setup] stored; [ErrUnused] if there was none.
func Shards(ctx context.Context, client redis.UniversalClient, prefix string) (int, error) {
	n, err := client.Get(ctx, countKey(prefix)).Int()
	switch {
	case errors.Is(err, redis.Nil):
		return 0, ErrUnused
	case err != nil:
		return 0, Translate("read number of shards", err)
	case n < 1 || n > MaxShards:
		return 0, fmt.Errorf("read number of shards: %d is stored: %w", n, tickets.ErrInvalid)
	}
	return n, nil
}

// StoredSchema returns the newest schema of documents that may be stored; 0 if none is known.
func StoredSchema(ctx context.Context, client redis.UniversalClient, prefix string) (int, error) {
	n, err := client.Get(ctx, schemaKey(prefix)).Int()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return n, Translate("read schema", err)
}

// Holder is who has a shard. The zero value is nobody.
type Holder struct {
	Owner string // as in [Options], with the process's own end
	Epoch int64
}

// HolderOf returns who has a shard at a time by Redis' clock.
func HolderOf(ctx context.Context, client redis.UniversalClient, k Keys, now time.Time) (Holder, error) {
	f, err := client.HGetAll(ctx, k.Lease()).Result()
	if err != nil {
		return Holder{}, Translate("read lease", err)
	}
	until, _ := strconv.ParseInt(f["until"], 10, 64)
	if !time.UnixMicro(until).After(now) {
		return Holder{}, nil
	}
	epoch, err := strconv.ParseInt(f["epoch"], 10, 64)
	if err != nil {
		return Holder{}, fmt.Errorf("read lease: %w", err)
	}
	return Holder{Owner: f["owner"], Epoch: epoch}, nil
}

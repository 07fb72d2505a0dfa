package redisshard

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
)

//go:embed lease.lua
var leaseSource string

var leaseScript = NewScript(leaseSource)

// Lease says that this process owns a shard. Every write to the shard presents Epoch.
type Lease struct {
	Shard tickets.Shard
	Epoch int64
}

// claim is one attempt to own a shard.
type claim struct {
	keys         Keys
	owner, token string
	ttl          time.Duration
}

// answer is what the lease script said.
type answer struct {
	word  string
	epoch int64
	until time.Time // by Redis' clock; zero time for a lease given back
	now   time.Time // by Redis' clock
	owner string
}

func (r *Runner) lease(ctx context.Context, act string, c claim) (answer, error) {
	reply, err := r.Run(ctx, leaseScript, []string{c.keys.Lease(), c.keys.Workspaces()},
		act, c.owner, c.token, c.ttl.Microseconds(), bellChannel(c.keys.prefix), int(c.keys.shard))
	if err != nil {
		return answer{}, Translate(act+" lease", err)
	}
	return parseAnswer(reply)
}

func parseAnswer(reply any) (answer, error) {
	f, ok := reply.([]any)
	if !ok || len(f) != 5 {
		return answer{}, fmt.Errorf("read lease: unknown answer %v", reply)
	}
	word, _ := f[0].(string)
	owner, _ := f[4].(string)
	var n [3]int64
	for i := range n {
		s, _ := f[i+1].(string)
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return answer{}, fmt.Errorf("read lease: %w", err)
		}
		n[i] = v
	}
	return answer{word: word, epoch: n[0], until: time.UnixMicro(n[1]), now: time.UnixMicro(n[2]), owner: owner}, nil
}

// Take owns a shard by hand for ttl, as benchmarks and tests do; nothing renews it. A shard held by
// another owner is tickets.ErrConflict, one without a registered workspace tickets.ErrNotFound.
func Take(ctx context.Context, client redis.UniversalClient, o TakeOptions) (Lease, error) {
	c := claim{keys: KeysOf(o.Prefix, o.Shard), owner: o.Owner, token: newToken(), ttl: o.TTL}
	a, err := NewRunner(client).lease(ctx, "acquire", c)
	switch {
	case err != nil:
		return Lease{}, err
	case a.word == "held":
		return Lease{}, fmt.Errorf("take shard %d of %s: %w", o.Shard, a.owner, tickets.ErrConflict)
	case a.word == "empty":
		return Lease{}, fmt.Errorf("take shard %d without a workspace: %w", o.Shard, tickets.ErrNotFound)
	}
	return Lease{Shard: o.Shard, Epoch: a.epoch}, nil
}

// TakeOptions say what [Take] takes.
type TakeOptions struct {
	Prefix string // "" = DefaultPrefix
	Shard  tickets.Shard
	Owner  string
	TTL    time.Duration
}

package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/bot/redisinbox"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

// deployment is what is stored, and who looks after it.
type deployment struct {
	*examination
	n      int
	shards []shard // those in which a workspace is registered
	store  *redisstore.Store
	inbox  *redisinbox.Inbox
	now    time.Time // by Redis' clock, at the beginning
}

// shard is one part of what is stored.
type shard struct {
	tickets.Shard
	workspaces []tickets.WorkspaceID
	held       redisshard.Holder // zero = nobody has it at present
}

// stored examines what bots have left in Redis.
func (x *examination) stored(ctx context.Context) {
	d := &deployment{examination: x}
	if !d.open(ctx) {
		return
	}
	d.owners()
	d.rules(ctx)
	d.heard(ctx)
	d.backlog(ctx)
	d.deadLetters(ctx)
	d.overdue(ctx)
	d.lessons(ctx)
	d.torn(ctx)
}

// open reads how the whole is cut up and who owns what; false if there is nothing to examine.
func (d *deployment) open(ctx context.Context) bool {
	const check = "shards"
	var err error
	want := d.o.Config.Shards
	if d.n, err = redisshard.Shards(ctx, d.rdb, ""); errors.Is(err, redisshard.ErrUnused) {
		d.ok(check, "nothing is stored yet; the first start makes %d", want)
		return false
	}
	if err == nil {
		err = d.readShards(ctx)
	}
	if err != nil {
		d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database and that its user may read all keys.")
		return false
	}
	schema, err := redisshard.StoredSchema(ctx, d.rdb, "")
	switch {
	case err != nil:
		d.fail(check, err.Error(), "Check that REDIS_URL names Gongdan's own database.")
	case schema > tickets.Schema:
		d.fail(check, fmt.Sprintf("schema %d is stored, this program writes %d and takes no shard", schema, tickets.Schema), "Start the version that wrote it, or a later one.")
	case want != d.n:
		d.fail(check, fmt.Sprintf("SHARDS is %d, but %d are stored, which cannot change: the bot does not start", want, d.n), fmt.Sprintf("Set SHARDS=%d.", d.n))
	default:
		d.ok(check, "%d, of which %d in use; schema %d", d.n, len(d.shards), schema)
	}
	d.store = redisstore.New(d.rdb, d.n, redisstore.Options{})
	d.inbox = redisinbox.New(d.rdb, d.rdb, d.n, redisinbox.Options{})
	return true
}

func (d *deployment) readShards(ctx context.Context) (err error) {
	// Any key of a cluster serves: its masters' clocks have been compared already.
	if d.now, err = d.rdb.Time(ctx).Result(); err != nil {
		return fmt.Errorf("read Redis' clock: %w", err)
	}
	for i := range d.n {
		s := shard{Shard: tickets.Shard(i)}
		k := redisshard.KeysOf("", s.Shard)
		if s.workspaces, err = redisshard.Workspaces(ctx, d.rdb, k); err != nil {
			return err
		}
		if len(s.workspaces) == 0 {
			continue
		}
		slices.Sort(s.workspaces)
		if s.held, err = redisshard.HolderOf(ctx, d.rdb, k, d.now); err != nil {
			return err
		}
		d.shards = append(d.shards, s)
	}
	return nil
}

// awake tells whether every shard in use has an owner.
func (d *deployment) awake() bool {
	return !slices.ContainsFunc(d.shards, func(s shard) bool { return s.held.Owner == "" })
}

func (d *deployment) owners() {
	var free, held []string
	for _, s := range d.shards {
		if s.held.Owner == "" {
			free = append(free, fmt.Sprint(int(s.Shard)))
		} else {
			held = append(held, fmt.Sprintf("%d by %s (epoch %d)", int(s.Shard), s.held.Owner, s.held.Epoch))
		}
	}
	switch {
	case len(free) > 0:
		d.warn("owners", "nobody owns shard "+strings.Join(free, ", "), "Start the bot ('gongdan serve'); if one runs, its log says why it does not own it.")
	case len(held) == 0:
		d.ok("owners", "no workspace is registered yet")
	default:
		d.ok("owners", "shard %s", strings.Join(held, ", "))
	}
}

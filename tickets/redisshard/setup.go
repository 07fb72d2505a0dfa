package redisshard

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
)

// DefaultShards is the number of shards of a new installation.
const DefaultShards = 16

// MaxShards bounds the number of shards: each has loops of its own.
const MaxShards = 1024

// ErrSchema says that a newer program has written to this Redis; an older one must not own a shard.
var ErrSchema = errors.New("a newer program has written here: start that version or a later one")

// Setup returns the number of shards, which is stored at the first start and never changes, and records
// the schema this program writes. want 0 means whatever is stored, or [DefaultShards]. A want that differs
// from what is stored is tickets.ErrInvalid; a newer schema is [ErrSchema].
func Setup(ctx context.Context, client redis.UniversalClient, prefix string, want int) (n int, err error) {
	if want < 0 || want > MaxShards || strings.ContainsAny(prefix, "{}") {
		return 0, fmt.Errorf("set up %d shards under %q: %w", want, prefix, tickets.ErrInvalid)
	}
	first := want
	if first == 0 {
		first = DefaultShards
	}
	if err := client.SetNX(ctx, countKey(prefix), first, 0).Err(); err != nil {
		return 0, Translate("store number of shards", err)
	}
	n, err = client.Get(ctx, countKey(prefix)).Int()
	if err != nil {
		return 0, Translate("read number of shards", err)
	}
	if want != 0 && want != n {
		return 0, fmt.Errorf("SHARDS is %d but this Redis was set up with %d, which cannot change: set SHARDS=%d or leave it out: %w",
			want, n, n, tickets.ErrInvalid)
	}
	return n, raiseSchema(ctx, client, prefix)
}

func raiseSchema(ctx context.Context, client redis.UniversalClient, prefix string) error {
	stored, err := StoredSchema(ctx, client, prefix)
	switch {
	case err != nil:
		return err
	case stored > tickets.Schema:
		return fmt.Errorf("schema %d is stored, this program writes %d: %w", stored, tickets.Schema, ErrSchema)
	case stored == tickets.Schema:
		return nil
	}
	err = client.Set(ctx, schemaKey(prefix), strconv.Itoa(tickets.Schema), 0).Err()
	return Translate("store schema", err)
}

// Register makes a workspace known to its shard, so that some replica owns it: at once where a [Keeper] runs.
// Registering again is harmless.
func Register(ctx context.Context, client redis.UniversalClient, k Keys, ws tickets.WorkspaceID) error {
	op := "register workspace " + string(ws)
	if err := client.HSetNX(ctx, k.Workspaces(), string(ws), 1).Err(); err != nil {
		return Translate(op, err)
	}
	added, err := client.SAdd(ctx, inUseKey(k.prefix), int(k.shard)).Result()
	if err != nil || added == 0 {
		return Translate(op, err)
	}
	client.Publish(ctx, bellChannel(k.prefix), int(k.shard)) // keepers find it without, a little later
	return nil
}

// inUse lists the shards in which a workspace is registered.
func inUse(ctx context.Context, client redis.UniversalClient, prefix string) ([]tickets.Shard, error) {
	names, err := client.SMembers(ctx, inUseKey(prefix)).Result()
	if err != nil {
		return nil, Translate("list shards in use", err)
	}
	out := make([]tickets.Shard, 0, len(names))
	for _, name := range names {
		if s, err := strconv.Atoi(name); err == nil {
			out = append(out, tickets.Shard(s))
		}
	}
	return out, nil
}

// Workspaces lists the workspaces registered in a shard, in no order.
func Workspaces(ctx context.Context, client redis.UniversalClient, k Keys) ([]tickets.WorkspaceID, error) {
	names, err := client.HKeys(ctx, k.Workspaces()).Result()
	if err != nil {
		return nil, Translate("list workspaces", err)
	}
	out := make([]tickets.WorkspaceID, len(names))
	for i, n := range names {
		out[i] = tickets.WorkspaceID(n)
	}
	return out, nil
}

// RunID names the run of the Redis process that holds a shard; it changes at a restart and at a failover.
// A server that keeps no such name gives "", which never changes.
func RunID(ctx context.Context, client redis.UniversalClient, k Keys) (string, error) {
	node, err := NewRunner(client).Master(ctx, k.Lease())
	if err != nil {
		return "", Translate("find master", err)
	}
	info, err := node.Info(ctx, "server").Result()
	if err != nil {
		if err = Translate("read run id", err); errors.Is(err, tickets.ErrTemporary) {
			return "", err
		}
		return "", nil
	}
	for line := range strings.Lines(info) {
		if id, ok := strings.CutPrefix(line, "run_id:"); ok {
			return strings.TrimSpace(id), nil
		}
	}
	return "", nil
}

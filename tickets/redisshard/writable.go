package redisshard

import (
	"context"

	"github.com/redis/go-redis/v9"
)

var nothing = NewScript("return 1")

// Writable tells whether a shard's server takes changes now: nil, or why not as [Translate] says it. It changes nothing. A
// server that is read-only, out of memory, or without the replicas it wants still answers PING; an old one that checks
// only as it writes counts as taking them.
func Writable(ctx context.Context, client redis.UniversalClient, k Keys) error {
	_, err := NewRunner(client).Run(ctx, nothing, []string{k.Lease()})
	return Translate("try a change", err)
}

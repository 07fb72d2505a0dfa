package redisshard

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// bell wakes the one goroutine that waits at it. Ringing never blocks; rings before the wait count as one.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// hush forgets a ring.
func (b bell) hush() {
	select {
	case <-b:
	default:
	}
}

// await waits for a ring, at most for d, or the end of ctx.
func (b bell) await(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-b:
	}
}

// silence is after how long without a message the connection is tested.
const silence = 10 * time.Second

// listen rings the bells of shards given back by other replicas, until ctx ends. Without it nothing is missed, only
// found later, so failures are tried again without haste.
func (k *Keeper) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := k.hear(ctx)
		if ctx.Err() == nil {
			k.o.Log.Debug("hand-overs not heard, trying again", "err", err)
		}
		pause(ctx, k.o.TTL)
	}
}

// hear subscribes and returns when the connection is lost. What was said before it began is made good by looking.
func (k *Keeper) hear(ctx context.Context) error {
	sub := k.client.Subscribe(ctx, bellChannel(k.o.Prefix))
	closed := context.AfterFunc(ctx, func() { _ = sub.Close() })
	defer func() {
		closed()
		_ = sub.Close()
	}()
	for tested := false; ; {
		m, err := sub.ReceiveTimeout(ctx, silence)
		var late net.Error
		switch {
		case err == nil:
			tested = false
			k.told(m)
		case tested || !errors.As(err, &late) || !late.Timeout():
			return err
		default:
			tested = true
			if err := sub.Ping(ctx); err != nil {
				return err
			}
		}
	}
}

func (k *Keeper) told(message any) {
	switch m := message.(type) {
	case *redis.Subscription:
		k.look.ring()
		for _, b := range k.bells {
			b.ring()
		}
	case *redis.Message:
		s, err := strconv.Atoi(m.Payload)
		if err != nil || s < 0 || s >= len(k.bells) {
			return
		}
		k.look.ring()
		k.bells[s].ring()
	}
}

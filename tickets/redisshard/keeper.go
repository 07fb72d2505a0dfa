package redisshard

import (
	"context"
	crand "crypto/rand"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/tickets"
)

// Options of a [Keeper]. Owner, Shards and Own are needed.
type Options struct {
	Prefix string // "" = DefaultPrefix
	Shards int
	Owner  string // names this process; for the log and doctor
	// Own does the shard's work until its context ends and then returns. It may end earlier; the shard
	// is then given back and tried again.
	Own func(context.Context, Lease)
	// TTL is how long a lease lasts without renewal, default 2 s; Every how often it is renewed and how long
	// after a failure a shard is tried again, default TTL/4; Margin how long before its end by Redis' clock
	// the work is stopped, default TTL/5.
	TTL, Every, Margin time.Duration
	Now                func() time.Time // the local clock, default time.Now
	Log                *slog.Logger     // nil = silent
}

func (o Options) withDefaults() Options {
	if o.TTL == 0 {
		o.TTL = 2 * time.Second
	}
	if o.Every == 0 {
		o.Every = o.TTL / 4
	}
	if o.Margin == 0 {
		o.Margin = o.TTL / 5
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Keeper tries to own every shard in which a workspace is registered. A shard that another replica owns is tried
// when its lease would end, and at once when it is given back.
type Keeper struct {
	client redis.UniversalClient
	run    *Runner
	o      Options
	clock  offsets
	schema schemaGuard
	bells  []bell
	look   bell
	owned  atomic.Int32
}

// NewKeeper makes a keeper; Run starts it. The owner's name gets an end of its own, so that two processes of the
// same name do not take each other's leases for theirs.
func NewKeeper(client redis.UniversalClient, o Options) *Keeper {
	o = o.withDefaults()
	o.Owner += "/" + newToken()[:6]
	k := &Keeper{client: client, run: NewRunner(client), o: o, bells: make([]bell, o.Shards), look: newBell()}
	for i := range k.bells {
		k.bells[i] = newBell()
	}
	return k
}

// lookEvery is how often shards newly in use are looked for without being told.
const lookEvery = 3 * time.Second

// Run owns shards until ctx ends; then it stops the work, waits for it and gives the leases back.
func (k *Keeper) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { k.listen(ctx) })
	kept := make([]bool, k.o.Shards)
	for ctx.Err() == nil {
		used, err := inUse(ctx, k.client, k.o.Prefix)
		if err != nil {
			k.o.Log.Debug("shards in use unknown", "err", err)
		}
		for _, s := range used {
			if int(s) < len(kept) && s >= 0 && !kept[s] {
				kept[s] = true
				wg.Go(func() { k.keep(ctx, s) })
			}
		}
		wait := lookEvery
		if err != nil {
			wait = k.o.Every
		}
		k.look.await(ctx, wait)
	}
}

// keep owns one shard whenever it can.
func (k *Keeper) keep(ctx context.Context, s tickets.Shard) {
	for {
		pause(ctx, k.turn())
		if ctx.Err() != nil {
			return
		}
		c := claim{keys: KeysOf(k.o.Prefix, s), owner: k.o.Owner, token: newToken(), ttl: k.o.TTL}
		a, end, err := k.acquire(ctx, c)
		switch {
		case err != nil:
			k.o.Log.Debug("lease not acquired", "shard", int(s), "err", err)
			pause(ctx, k.o.Every)
		case a.word == "taken":
			k.own(ctx, c, Lease{Shard: s, Epoch: a.epoch}, end)
			// Work that ended by itself may end again: another replica goes first.
			pause(ctx, k.o.Every)
			k.bells[s].hush()
		case a.word == "held":
			k.bells[s].await(ctx, min(a.until.Sub(a.now), k.o.TTL)) // a clock may have jumped
		default:
			k.bells[s].await(ctx, lookEvery)
		}
	}
}

// spread is within which replicas try a free shard one after another.
const spread = 50 * time.Millisecond

// turn is how long this replica lets others go first: a random time, longer the more shards it has, so that shards
// given back go to whoever has fewest.
func (k *Keeper) turn() time.Duration {
	n := time.Duration(k.owned.Load())
	return spread/2*n/(n+1) + rand.N(spread/2)
}

// acquire asks for the lease and returns the local time at which the work must stop.
func (k *Keeper) acquire(ctx context.Context, c claim) (answer, time.Time, error) {
	if !k.mayWrite(ctx) {
		return answer{}, time.Time{}, errMayNot
	}
	return k.ask(ctx, "acquire", c)
}

// errMayNot says that the stored schema is unknown or newer than this program's.
var errMayNot = errors.New("schema forbids it or is unknown")

// ask runs one lease act. The lease lasts at least TTL from before the request was sent, whatever the two
// clocks say, so its local end needs no comparison of clocks.
func (k *Keeper) ask(ctx context.Context, act string, c claim) (answer, time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, k.o.TTL-k.o.Margin)
	defer cancel()
	sent := k.o.Now()
	a, err := k.run.lease(ctx, act, c)
	if err == nil {
		k.clock.measure(sent, k.o.Now(), a.now, k.o.Log)
	}
	return a, sent.Add(k.o.TTL - k.o.Margin), err
}

// own runs the work under a lease and returns when the work has ended.
func (k *Keeper) own(ctx context.Context, c claim, l Lease, end time.Time) {
	log := k.o.Log.With("shard", int(l.Shard), "epoch", l.Epoch)
	k.owned.Add(1)
	defer k.owned.Add(-1)
	work, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.o.Own(work, l)
	}()
	log.Info("shard owned")
	lost := k.renew(context.WithoutCancel(ctx), c, end, stop, done)
	<-done
	if lost {
		log.Warn("shard lost")
		return
	}
	ended := k.o.Now()
	if _, _, err := k.ask(context.WithoutCancel(ctx), "release", c); err != nil {
		log.Warn("shard not given back", "err", err)
		return
	}
	log.Info("shard given back", "took", k.o.Now().Sub(ended))
}

// renew keeps the lease while the work runs, also while it is winding down; it stops the work in time
// when the lease cannot be kept and tells whether it was lost.
func (k *Keeper) renew(ctx context.Context, c claim, end time.Time, stop func(), done <-chan struct{}) bool {
	expiry := time.AfterFunc(end.Sub(k.o.Now()), stop)
	defer expiry.Stop()
	tick := time.NewTicker(k.o.Every)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return false
		case <-tick.C:
		}
		a, next, err := k.ask(ctx, "renew", c)
		switch {
		case err == nil && a.word != "kept", !k.o.Now().Before(end):
			stop()
			return true
		case err == nil:
			end = next
			expiry.Reset(end.Sub(k.o.Now()))
		}
	}
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func newToken() string { return crand.Text() }

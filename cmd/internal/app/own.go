package app

import (
	"context"
	"sync"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/timers"
)

// owned are the loops of the shards this process owns, so that a commit can wake them.
type owned struct {
	mu     sync.Mutex
	shards map[tickets.Shard]*loops
}

type loops struct {
	wakes *timers.Loop
	voice *bot.Announcer
}

func newOwned() *owned { return &owned{shards: map[tickets.Shard]*loops{}} }

func (o *owned) set(s tickets.Shard, l *loops) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if l == nil {
		delete(o.shards, s)
		return
	}
	o.shards[s] = l
}

func (o *owned) has(s tickets.Shard) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shards[s] != nil
}

func (o *owned) len() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.shards)
}

// tell passes on what a commit did.
func (o *owned) tell(s tickets.Shard, done tickets.Committed, said bool) {
	o.mu.Lock()
	l := o.shards[s]
	o.mu.Unlock()
	if l == nil {
		return
	}
	if !done.Next.IsZero() {
		l.wakes.Kick(done.Next)
	}
	if said {
		l.voice.Kick()
	}
}

// own runs a shard's loops until the lease ends. All of them end before it returns.
func (a *App) own(ctx context.Context, p *parts, l redisshard.Lease) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log := a.log.With("shard", int(l.Shard))
	mine := &loops{}
	mine.wakes = a.wakes(p, l)
	mine.voice = bot.NewAnnouncer(bot.AnnouncerOptions{Shard: l.Shard, Epoch: l.Epoch, Store: p.store, Voice: p.voice,
		Whisper: p.voice, People: p.people, Policies: a.o.Policies, Words: a.words, Answer: p.talk.Answer, Now: a.o.Clock.Now, Wall: time.Now,
		Pace: a.o.Pace, Log: log, Committed: func(done tickets.Committed) { p.owned.tell(l.Shard, done, false) }, Said: func(what bot.What, how string, waited time.Duration) {
			a.metrics.announced.WithLabelValues(string(what), how).Observe(waited.Seconds())
		}})
	desk := &bot.Desk{Shard: l.Shard, Epoch: l.Epoch, Inbox: p.inbox, Decoder: p.decoder, Handle: a.handle(p), Log: log,
		Arrives: p.talk.Arrives, Watch: a.metrics.watch(), Wall: time.Now}
	p.owned.set(l.Shard, mine)
	defer p.owned.set(l.Shard, nil)
	a.metrics.owned.Inc()
	defer a.metrics.owned.Dec()
	defer a.metrics.forget(l.Shard)

	var wg sync.WaitGroup
	run := func(name string, loop func(context.Context) error) {
		wg.Go(func() {
			defer cancel() // a loop that ends early ends the ownership; the shard is tried again
			if err := loop(ctx); err != nil && ctx.Err() == nil {
				log.Warn("loop ended", "loop", name, "err", err)
			}
		})
	}
	run("wakes", mine.wakes.Run)
	run("announcer", mine.voice.Run)
	run("inbox", desk.Run)
	run("forms", func(ctx context.Context) error { return p.forms.Run(ctx, l.Shard) })
	run("gaps", a.gaps(p, l.Shard, l.Epoch).Run)
	run("rules", func(ctx context.Context) error { return a.publish(ctx, p, l) })
	run("lessons", func(ctx context.Context) error { return a.learn(ctx, p, l) })
	run("spending", func(ctx context.Context) error { return a.spending(ctx, p, l) })
	run("upkeep", func(ctx context.Context) error { return a.upkeep(ctx, p, l.Shard) })
	wg.Wait()
}

// handle takes an input to its effect, and draws the home page anew on which that shows.
func (a *App) handle(p *parts) func(context.Context, bot.Envelope, bot.Input, int64) error {
	return func(ctx context.Context, e bot.Envelope, in bot.Input, epoch int64) error {
		err := p.talk.Handle(ctx, e, in, epoch)
		if err == nil && bot.ShowsAtHome(in) {
			a.home(p, e.Workspace, in.Click.User)
		}
		if err == nil && bot.PressedInMissed(in) && in.Click.Respond != "" {
			a.redraw(p, e.Workspace, in)
		}
		return err
	}
}

// redraw draws the list anew in which something was pressed that has taken effect, by itself. Where that fails, the list stays as it
// was; whoever pressed has been told all the same.
func (a *App) redraw(p *parts, ws tickets.WorkspaceID, in bot.Input) {
	a.errands.run(ws, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, 2*answerWithin)
		defer cancel()
		v, ok, err := p.talk.MissedAgain(ctx, ws, in)
		if err == nil && ok {
			err = a.api.Redraw(ctx, in.Click.Respond, v)
		}
		if err != nil {
			a.log.Info("list not drawn anew", "workspace", ws, "err", err)
		}
	})
}

func (a *App) wakes(p *parts, l redisshard.Lease) *timers.Loop {
	return timers.New(timers.Options{Store: p.store, Shard: l.Shard, Clock: a.o.Clock, Log: a.log,
		Handle: func(ctx context.Context, w tickets.Wake) error { return p.talk.Wake(ctx, w, l.Epoch) },
		Ahead: func(ctx context.Context, ws []tickets.Wake) func(context.Context) []tickets.Wake {
			return p.talk.PrepareTogether(ctx, ws, l.Epoch)
		},
		Together: func(ctx context.Context, ws []tickets.Wake) []tickets.Wake {
			return p.talk.WakeTogether(ctx, ws, l.Epoch)
		},
		Done: func(w tickets.Wake) { a.metrics.wakeLag.Observe(a.o.Clock.Now().Sub(w.Due).Seconds()) },
	})
}

// upkeepEvery is the pause between two rounds of upkeep.
const upkeepEvery = 30 * time.Second

// upkeep trims what has served its time and measures the backlog.
func (a *App) upkeep(ctx context.Context, p *parts, s tickets.Shard) error {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	for {
		if err := p.inbox.Trim(ctx, s, time.Now()); err != nil && ctx.Err() == nil {
			a.log.Warn("inbox not trimmed", "shard", int(s), "err", err)
		}
		if n, oldest, err := p.inbox.Depth(ctx, s); err == nil {
			a.metrics.waits(s, n, oldest)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

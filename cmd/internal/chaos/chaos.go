package chaos

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gongdan/cmd/internal/simclock"
)

// Arm names the bot that is put under load.
type Arm string

// Arms. All but Product are deliberately wrong and must come to harm.
const (
	Product         Arm = "product"
	EffectThenAck   Arm = "effect-then-ack" // acts, then acknowledges: doubles
	AckThenEffect   Arm = "ack-then-effect" // acknowledges, then acts: loses
	defaultControl      = EffectThenAck
	defaultRate         = 20 // acts of people a second; two shared cores keep up with it beside the bot's own work
	controlRate         = 60 // enough for some requests to be in the middle of their work at each kill
	defaultKills        = 50
	controlKills        = 12
	controlKillsMin     = 6
)

// Options say what is done. The zero value of each field but Binary stands for its default.
type Options struct {
	Seed       int64 // of the load, the kills and the local Slack's ids; 0 = 1
	Kills      int   // of the bot; default 50
	RedisKills int   // of Redis itself; only on a real server
	Rate       float64
	Redis      Backend // default RealRedis
	Control    Arm     // the wrong bot of the control; default EffectThenAck
	// Binary is the gongdan program. It is started as "chaos --as ARM --clock STATE" to be the bot.
	Binary string
	Out    io.Writer // progress; nil = silent
	BotLog io.Writer // the bots' errors; nil = nowhere
	// SettleWithin bounds the wait for quiet after the last kill; default 90 s.
	SettleWithin time.Duration
	// Every is the time between two lines of progress; default 5 s.
	Every time.Duration
}

func (o Options) withDefaults() Options {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Kills == 0 {
		o.Kills = defaultKills
	}
	if o.Rate == 0 {
		o.Rate = defaultRate
	}
	if o.Redis == "" {
		o.Redis = RealRedis
	}
	if o.Control == "" {
		o.Control = defaultControl
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	o.Out = &shared{w: o.Out}
	if o.SettleWithin == 0 {
		o.SettleWithin = 90 * time.Second
	}
	if o.Every == 0 {
		o.Every = 5 * time.Second
	}
	return o
}

// Time in the sample workspace goes sixty times as fast as the wall clock, so that a minute of a deadline is a second of
// the run; limits of what may be said to Slack are widened by Pace.
const (
	speed = 60
	// Pace is by how much Slack's limits are widened for all arms.
	Pace = 60
)

// Run puts the bot and, beside it in a world of its own, the control under load and kills, and judges both. An error means
// that the run itself could not be made; what was found is in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	o = o.withDefaults()
	began := time.Now()
	r := Report{Seed: o.Seed, Redis: o.Redis}
	of := o
	of.Kills, of.RedisKills, of.Rate = max(controlKillsMin, min(controlKills, o.Kills)), 0, controlRate
	of.Redis = InMemory // the control keeps nothing
	var product, control History
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		product, err = run(ctx, o, Product)
		return err
	})
	g.Go(func() (err error) {
		if control, err = run(ctx, of, o.Control); err != nil {
			return fmt.Errorf("control: %w", err)
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return r, err
	}
	r.fill(product)
	r.Control = controlOf(o.Control, control)
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

// RunControl puts only a wrong bot under load; its harm is judged like the product's.
func RunControl(ctx context.Context, o Options) (Report, error) {
	o = o.withDefaults()
	o.Rate, o.Redis = controlRate, InMemory
	began := time.Now()
	h, err := run(ctx, o, o.Control)
	return Report{Seed: o.Seed, Redis: o.Redis, Alone: true, Control: controlOf(o.Control, h), Seconds: time.Since(began).Seconds()}, err
}

// run is one arm from start to history.
func run(ctx context.Context, o Options, arm Arm) (History, error) {
	p := newPlan(o, arm)
	w, err := newWorld(ctx, o, arm)
	if err != nil {
		return History{}, err
	}
	defer w.close()
	w.progress("seed %d on %s: %d kills and %d acts in %s", o.Seed, o.Redis, len(p.kills), len(p.acts), p.length.Round(time.Second))
	l, err := newLoad(w, p)
	if err != nil {
		return History{}, err
	}
	if err := l.drive(ctx); err != nil {
		return History{}, err
	}
	quiet := w.settle(ctx, l)
	return w.history(ctx, l, quiet)
}

// clockState begins the sample company's day, early enough that no run reaches midnight.
func clockState(now time.Time) simclock.State {
	zone := policy().Zone
	return simclock.State{Base: time.Date(2026, 11, 11, 6, 0, 0, 0, zone), Wall: now.Round(0), Speed: speed}
}

// shared lets several goroutines write, a line each.
type shared struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(b)
}

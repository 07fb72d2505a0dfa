// Package world is everything around the bot of a demonstration: a local Slack, Redis in memory, a clock that can jump, and
// the bot itself as a child process that is really killed. It knows nothing of stories.
package world

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/inmemory"
	"gongdan/cmd/internal/simclock"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

// Tokens of the app in the local Slack.
const (
	BotToken = "xoxb-demo"
	AppToken = "xapp-demo"
)

// Pace is by how much Slack's limits are widened, so that nobody who tries it waits for them.
const Pace = 20

// Options say what the world is like. Binary and Args are required.
type Options struct {
	Binary string   // the gongdan program, for the bot's process
	Args   []string // of the bot's process
	Env    []string // beside this process's environment
	Start  time.Time
	Speed  float64 // of the clock; 0 = 1
	Seed   int64   // of the local Slack's ids
	Addr   string  // of the local Slack; "" = a free port
	// BotLog gets the bot's errors; nil = nowhere.
	BotLog io.Writer
	// Patience is how long an expected thing may take; 0 = 10 s.
	Patience time.Duration
}

// World is one. Its methods are safe for concurrent use.
type World struct {
	Sim   *slacksim.Sim
	Store *redisstore.Store
	Clock *simclock.Clock

	o     Options
	redis *inmemory.Redis
	rdb   redis.UniversalClient

	mu  sync.Mutex
	bot *exec.Cmd
}

// New makes a world without people and without the bot, and starts its Slack once fill has filled it.
func New(ctx context.Context, o Options, fill func(*slacksim.Sim)) (*World, error) {
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	mem, err := inmemory.Start()
	if err != nil {
		return nil, err
	}
	w := &World{o: o, redis: mem, rdb: redis.NewUniversalClient(mem.Options()), Clock: simclock.New(time.Now)}
	w.Clock.Set(simclock.State{Base: o.Start, Wall: time.Now(), Speed: o.Speed})
	w.Sim = slacksim.New(slacksim.Options{Now: w.Clock.Now, LimitScale: Pace, Seed: o.Seed, Addr: o.Addr})
	w.Store = redisstore.New(w.rdb, redisshard.DefaultShards, redisstore.Options{})
	fill(w.Sim)
	if err := w.Sim.Start(); err != nil {
		w.Close()
		return nil, fmt.Errorf("start the local Slack: %w", err)
	}
	if err := simclock.Publish(ctx, w.rdb, w.Clock.State()); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Close ends the bot and everything around it.
func (w *World) Close() {
	w.Kill()
	_ = w.Sim.Close()
	_ = w.rdb.Close()
	w.redis.Close()
}

// StartBot starts the bot as a process of its own and waits until it is connected.
func (w *World) StartBot(ctx context.Context) error {
	if err := w.launch(); err != nil {
		return fmt.Errorf("start the bot: %w", err)
	}
	return w.Wait(ctx, "the bot connects", func() bool { return w.Sim.Connections() > 0 })
}

func (w *World) launch() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bot != nil {
		return nil
	}
	cmd := exec.Command(w.o.Binary, append(w.o.Args, "--pace", strconv.Itoa(Pace))...)
	cmd.Env = append(append(os.Environ(), w.o.Env...), "SLACK_BOT_TOKEN="+BotToken, "SLACK_APP_TOKEN="+AppToken, "SLACK_SIGNING_SECRET=",
		"SLACK_API_URL="+w.Sim.URL()+"/api/", "REDIS_URL="+w.redis.URL(), "HTTP_ADDR=127.0.0.1:0", "OPENAI_API_KEY=", "OPENAI_BASE_URL=",
		"LOG_LEVEL=error", "SHARDS="+strconv.Itoa(redisshard.DefaultShards))
	cmd.Stderr = w.o.BotLog
	if err := cmd.Start(); err != nil {
		return err
	}
	w.bot = cmd
	return nil
}

// Kill ends the bot as a crash would. Without a bot it does nothing.
func (w *World) Kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bot == nil {
		return
	}
	_ = w.bot.Process.Kill()
	_ = w.bot.Wait()
	w.bot = nil
}

// Running tells whether the bot's process is there.
func (w *World) Running() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bot != nil
}

// Jump moves the time to t.
func (w *World) Jump(ctx context.Context, t time.Time) error {
	return simclock.Publish(ctx, w.rdb, w.Clock.Jump(t))
}

// SetSpeed changes how fast the time goes from now on.
func (w *World) SetSpeed(ctx context.Context, speed float64) error {
	w.Clock.Set(simclock.State{Base: w.Clock.Now(), Wall: time.Now(), Speed: speed})
	return simclock.Publish(ctx, w.rdb, w.Clock.State())
}

// Wait returns when cond holds, or says what did not happen.
func (w *World) Wait(ctx context.Context, what string, cond func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, w.o.Patience)
	defer cancel()
	if err := w.Sim.Wait(ctx, cond); err != nil {
		return fmt.Errorf("waiting until %s: %w", what, err)
	}
	return nil
}

// WaitStore is Wait for what only the store shows; it looks again every few milliseconds.
func (w *World) WaitStore(ctx context.Context, what string, cond func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, w.o.Patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting until %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
	return nil
}

package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot/redisinbox"
	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/simclock"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

// world is everything around the bot: Slack, Redis, time, and the bot's process.
type world struct {
	o     Options
	arm   Arm
	began time.Time
	sim   *slacksim.Sim
	redis server
	rdb   redis.UniversalClient
	store *redisstore.Store
	inbox *redisinbox.Inbox
	shard tickets.Shard
	clock *simclock.Clock

	mu      sync.Mutex
	bot     *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	spans   []Span
	crashes []string
	kills   int
	outages []time.Time // kills of Redis
}

// Span is one life of the bot by the wall clock. Up is when its socket was seen open, zero if it never was.
type Span struct{ Start, Up, Down time.Time }

// retries are the pauses before Slack delivers again what was not acknowledged: Slack's own are a second, a minute and five,
// too long and too few for a run of a few minutes.
func retries() []time.Duration {
	var out []time.Duration
	for d := 400 * time.Millisecond; d < 5*time.Second; d = d * 3 / 2 {
		out = append(out, d)
	}
	for range 20 {
		out = append(out, 5*time.Second)
	}
	return out
}

func newWorld(ctx context.Context, o Options, arm Arm) (*world, error) {
	srv, err := startRedis(ctx, o.Redis)
	if err != nil {
		return nil, err
	}
	w := &world{o: o, arm: arm, redis: srv, rdb: redis.NewUniversalClient(srv.Options()), clock: simclock.New(time.Now), began: time.Now()}
	w.clock.Set(clockState(w.began))
	w.sim = slacksim.New(slacksim.Options{Now: w.clock.Now, LimitScale: Pace, Seed: o.Seed, RetryDelays: retries()})
	w.sim.OnCall(latency(o.Seed))
	populate(w.sim)
	w.store = redisstore.New(w.rdb, redisshard.DefaultShards, redisstore.Options{})
	w.inbox = redisinbox.New(w.rdb, w.rdb, redisshard.DefaultShards, redisinbox.Options{})
	w.shard = tickets.ShardOf(team, redisshard.DefaultShards)
	if err := w.sim.Start(); err != nil {
		w.close()
		return nil, fmt.Errorf("start the local Slack: %w", err)
	}
	return w, nil
}

// latency makes calls take as long as they do with Slack, or nearly: 5 to 45 ms before they have their effect. Without it hardly
// anything would be under way at a kill.
func latency(seed int64) func(slacksim.Call) slacksim.Fault {
	var n atomic.Uint64
	return func(slacksim.Call) slacksim.Fault {
		r := rand.New(rand.NewPCG(uint64(seed), n.Add(1)))
		return slacksim.Fault{Latency: between(r, 5*time.Millisecond, 45*time.Millisecond)}
	}
}

// close ends the bot and everything around it.
func (w *world) close() {
	w.kill(false)
	_ = w.sim.Close()
	_ = w.rdb.Close()
	w.redis.Close()
}

// startBot starts the bot as a process of its own and does not wait for it.
func (w *world) startBot(ctx context.Context) error {
	state, err := json.Marshal(w.clock.State())
	if err != nil {
		return fmt.Errorf("tell the bot the time: %w", err)
	}
	cmd := exec.Command(w.o.Binary, "chaos", "--as", string(w.arm), "--clock", string(state))
	cmd.Env = append(os.Environ(), "SLACK_BOT_TOKEN="+botToken, "SLACK_APP_TOKEN="+appToken, "SLACK_SIGNING_SECRET=",
		"SLACK_API_URL="+w.sim.URL()+"/api/", "REDIS_URL="+w.redis.URL(), "HTTP_ADDR=127.0.0.1:0", "OPENAI_API_KEY=", "OPENAI_BASE_URL=",
		"OPENAI_MODEL=", "LOG_LEVEL=error", fmt.Sprintf("SHARDS=%d", redisshard.DefaultShards))
	cmd.Stderr = w.o.BotLog
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the bot: %w", err)
	}
	w.bot, w.ended = cmd, make(chan struct{})
	w.spans = append(w.spans, Span{Start: time.Now()})
	go w.watch(ctx, cmd, w.ended, len(w.spans)-1)
	return nil
}

// watch notes when the process was connected and how it ended.
func (w *world) watch(ctx context.Context, cmd *exec.Cmd, ended chan struct{}, life int) {
	up, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		if w.sim.Wait(up, func() bool { return w.sim.Connections() > 0 }) == nil {
			w.mu.Lock()
			w.spans[life].Up = time.Now()
			w.mu.Unlock()
		}
	}()
	err := cmd.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bot == cmd { // nobody killed it
		w.bot = nil
		w.crashes = append(w.crashes, fmt.Sprintf("life %d ended by itself: %v", life, err))
		w.spans[life].Down = time.Now()
	}
	close(ended)
}

// kill ends the bot as a crash would, and waits until it is gone.
func (w *world) kill(count bool) {
	w.mu.Lock()
	cmd, ended := w.bot, w.ended
	w.bot = nil
	if cmd != nil {
		w.spans[len(w.spans)-1].Down = time.Now()
		_ = cmd.Process.Kill()
		if count {
			w.kills++
		}
	}
	w.mu.Unlock()
	if cmd != nil {
		<-ended
	}
}

// killRedis ends Redis as a crash would and starts it again on its append-only file.
func (w *world) killRedis(ctx context.Context, down time.Duration) error {
	p, ok := w.redis.(*process)
	if !ok {
		return fmt.Errorf("kill Redis: only a real server can be killed")
	}
	w.mu.Lock()
	w.outages = append(w.outages, time.Now())
	w.mu.Unlock()
	p.kill()
	if !pause(ctx, down) {
		return ctx.Err()
	}
	return p.start(ctx)
}

// settle waits until everything that was said has been taken, everything due has been done, and nothing waits to be said.
// It returns when that was, or when waiting has been given up.
func (w *world) settle(ctx context.Context, l *load) time.Time {
	limit := time.Now().Add(w.o.SettleWithin)
	for calm := 0; calm < 3 && time.Now().Before(limit) && pause(ctx, 200*time.Millisecond); {
		if l.busy() || w.clock.Now().Before(l.lastStep()) || !w.quiet(ctx) {
			calm = 0
			continue
		}
		calm++
	}
	return w.clock.Now()
}

// quiet tells whether nothing is under way.
func (w *world) quiet(ctx context.Context) bool {
	if w.sim.Unacked() > 0 {
		return false
	}
	if w.arm != Product {
		return true
	}
	waiting, _, err := w.inbox.Depth(ctx, w.shard)
	if err != nil || waiting > 0 {
		return false
	}
	said, err := w.store.Pending(ctx, w.shard, "", 1)
	if err != nil || len(said) > 0 {
		return false
	}
	due, _, err := w.store.Due(ctx, w.shard, w.clock.Now(), 1)
	return err == nil && len(due) == 0
}

func (w *world) progress(format string, args ...any) {
	_, _ = fmt.Fprintf(w.o.Out, "%6.1fs  %-15s  %s\n", time.Since(w.began).Seconds(), w.arm, fmt.Sprintf(format, args...))
}

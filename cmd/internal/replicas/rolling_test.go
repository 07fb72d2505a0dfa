package replicas

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/simclock"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/storetest"
)

// rollingEnv says for how long events come in; without it the run is short.
const rollingEnv = "GONGDAN_REPLICAS_ROLLING"

const perSecond = 100

// owner is who holds the workspace's shard at one moment.
type owner struct {
	name, epoch string
	at          time.Time
	free        bool // given back
}

// roll is three bots in processes of their own that are replaced one after the other under load.
type roll struct {
	*fleet
	env  map[string]string
	bots []*child

	mu   sync.Mutex
	held []owner
	said []posted // in order; by whoever makes the load
	gap  int      // from which on nobody listened
	n    int      // events so far, changes of what was said among them
}

// TestRolling replaces three bots one after the other and kills one, while 100 events come in each second; then it kills all
// three, people go on for twenty minutes, three others find it again, and everything said has taken effect once.
func TestRolling(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) { rolling(t, mode == "http") })
	}
}

func rolling(t *testing.T, overHTTP bool) {
	lasting, err := time.ParseDuration(os.Getenv(rollingEnv))
	if err != nil {
		lasting = 8 * time.Second
	}
	r := newRoll(t, overHTTP)
	stopWatch := r.watch()
	began := time.Now()
	done := make(chan struct{})
	go func() { defer close(done); r.load(began, int(lasting.Seconds()*perSecond)) }()
	var graceful []time.Duration
	step := lasting / 5
	for i := range 3 {
		r.at(began.Add(step * time.Duration(i+1) / 2))
		graceful = append(graceful, r.replace())
	}
	r.at(began.Add(lasting * 3 / 5))
	crash := r.crash()
	<-done
	calm := len(r.sim.Deliveries())
	r.until("everything is acknowledged", func() bool { return r.sim.Unacked() == 0 })
	stopWatch()
	r.outage()
	r.report(overHTTP, lasting, calm, graceful, crash)
	r.check()
}

// absent is how long nobody is there, in tickets' time, and how many events come in then: a hundred a second by the wall
// clock as before.
const (
	absent      = 20 * time.Minute
	absentSays  = 200
	absentSteps = 20
)

// outage kills all bots in the midst of their work and has others find again what is said until they come.
func (r *roll) outage() {
	r.Helper()
	for i, c := range r.bots {
		if err := c.end(syscall.SIGKILL); err != nil {
			r.Errorf("kill: %v", err)
		}
		if r.lb != nil {
			r.lb.remove(r.bots[i].base)
		}
	}
	r.gap = len(r.said)
	for range absentSteps {
		r.jump(absent / absentSteps)
		r.load(time.Now(), absentSays/absentSteps)
	}
	r.until("Slack has given everything up", func() bool { return r.sim.Unacked() == 0 })
	r.back()
}

// back starts three bots and waits until they have found everything and read the whole gap.
func (r *roll) back() {
	r.Helper()
	r.publish()
	began, now, calls := time.Now(), r.clock.Now(), r.history()
	for i := range r.bots {
		r.bots[i] = r.spawn()
	}
	missing := ""
	if !within(patience, 250*time.Millisecond, func() bool { _, _, missing = r.tally(); return missing == "" }) {
		r.Fatalf("never found: %s\n%s", missing, r.log.tail())
	}
	found := time.Since(began)
	r.look("the gap is read to its end", func() bool {
		at, err := bot.HeardUntil(r.Context(), r.store, team)
		return err == nil && !at.Before(now)
	})
	r.settled()
	calls = r.history() - calls
	r.Logf("%s without any bot, %d events meanwhile: all found again %s after the start, with %d calls of history in all; at Slack's own pace that takes %s, with one call a minute %s",
		absent, absentSays, found.Round(10*time.Millisecond), calls, (time.Duration(calls) * 1300 * time.Millisecond).Round(time.Second), time.Duration(calls)*time.Minute)
}

func newRoll(t *testing.T, overHTTP bool) *roll {
	addr := storetest.StartRedis(t)
	f := &fleet{T: t, addr: addr, log: &lines{}}
	f.rdb = redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{addr}})
	t.Cleanup(func() { _ = f.rdb.Close() })
	f.store = redisstore.New(f.rdb, redisshard.DefaultShards, redisstore.Options{})
	f.clock = simclock.New(time.Now)
	f.clock.Set(simclock.State{Base: morning, Wall: time.Now(), Speed: 1})
	// Slack's first retry comes after a second as here. Whatever needs a later one counts as late by the minute that Slack's
	// own would take (see acks); for the outage Slack must give up sooner than that.
	f.sim = slacksim.New(slacksim.Options{LimitScale: -1, Now: f.clock.Now,
		RetryDelays: []time.Duration{time.Second, 50 * time.Millisecond, 50 * time.Millisecond}})
	populate(f.sim)
	if err := f.sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.sim.Close() })
	r := &roll{fleet: f, env: environment(overHTTP, f.sim.URL(), addr)}
	if overHTTP {
		f.lb = newBalancer(t)
		f.sim.SetRequestURL(team, f.lb.url)
	}
	r.publish()
	for range 3 {
		r.bots = append(r.bots, r.spawn())
	}
	for _, room := range rooms {
		r.decided(room, r.post(wang, room, "早上好"))
	}
	t.Log(f.sim.Setting())
	return r
}

// publish tells bots that start what time it is.
func (r *roll) publish() {
	r.Helper()
	if err := simclock.Publish(r.Context(), r.rdb, r.clock.State()); err != nil {
		r.Fatal(err)
	}
}

func (r *roll) spawn() *child {
	c := spawn(r.T, r.env, r.log)
	if r.lb != nil {
		r.lb.add(c.base)
	}
	return c
}

// at waits for a moment.
func (r *roll) at(when time.Time) {
	select {
	case <-time.After(time.Until(when)):
	case <-r.Context().Done():
	}
}

// watch notes who holds the shard, every two milliseconds.
func (r *roll) watch() (stop func()) {
	key := redisshard.KeysOf("", tickets.ShardOf(team, redisshard.DefaultShards)).Lease()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			f, err := r.rdb.HMGet(context.Background(), key, "owner", "epoch", "until").Result()
			if err != nil || len(f) != 3 {
				continue
			}
			o := owner{name: fmt.Sprint(f[0]), epoch: fmt.Sprint(f[1]), at: time.Now(), free: fmt.Sprint(f[2]) == "0"}
			r.mu.Lock()
			if n := len(r.held); n == 0 || r.held[n-1].epoch != o.epoch || r.held[n-1].free != o.free {
				r.held = append(r.held, o)
			}
			r.mu.Unlock()
		}
	}()
	return func() { close(done); <-ended }
}

// last is who holds the shard now.
func (r *roll) last() owner {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.held) == 0 {
		return owner{}
	}
	return r.held[len(r.held)-1]
}

// holder is the bot that holds the shard.
func (r *roll) holder() int {
	r.look("the shard is held", func() bool { o := r.last(); return o.name != "" && !o.free })
	name := r.last().name
	i := slices.IndexFunc(r.bots, func(c *child) bool { return strings.Contains(name, fmt.Sprintf("/%d/", c.cmd.Process.Pid)) })
	if i < 0 {
		r.Fatalf("nobody is %s", name)
	}
	return i
}

// replace stops the holder of the shard as a deployment does and starts another in its place. It returns how long nobody held the
// shard.
func (r *roll) replace() time.Duration {
	i := r.holder()
	before := r.last().epoch
	if r.lb != nil {
		r.lb.remove(r.bots[i].base)
	}
	if err := r.bots[i].end(syscall.SIGTERM); err != nil {
		r.Errorf("stop: %v", err)
	}
	r.look("another takes over", func() bool { o := r.last(); return o.epoch != before && !o.free })
	r.bots[i] = r.spawn()
	r.mu.Lock()
	defer r.mu.Unlock()
	for j := range r.held {
		if o := r.held[j]; o.free && o.epoch == before && j+1 < len(r.held) {
			return r.held[j+1].at.Sub(o.at)
		}
	}
	return 0 // given back and taken within two looks
}

// crash kills the holder of the shard and returns how long it took until another held it.
func (r *roll) crash() time.Duration {
	i := r.holder()
	before := r.last().epoch
	at := time.Now()
	if err := r.bots[i].end(syscall.SIGKILL); err != nil {
		r.Errorf("kill: %v", err)
	}
	r.look("another takes over", func() bool { o := r.last(); return o.epoch != before && !o.free })
	took := r.last().at.Sub(at)
	if r.lb != nil {
		r.lb.remove(r.bots[i].base)
	}
	r.bots[i] = r.spawn()
	return took
}

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

	"gongdan/bot/slacksim"
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

	mu    sync.Mutex
	held  []owner
	posts []posted
}

// posted is one thing said.
type posted struct{ channel, ts, thread, order string }

// TestRolling replaces three bots one after the other and kills one, while 100 events come in each second.
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
	go func() { defer close(done); r.load(began, lasting) }()
	var graceful []time.Duration
	step := lasting / 5
	for i := range 3 {
		r.at(began.Add(step * time.Duration(i+1) / 2))
		graceful = append(graceful, r.replace())
	}
	r.at(began.Add(lasting * 3 / 5))
	crash := r.crash()
	<-done
	r.settled()
	stopWatch()
	r.report(overHTTP, lasting, graceful, crash)
	r.check()
}

func newRoll(t *testing.T, overHTTP bool) *roll {
	addr := storetest.StartRedis(t)
	f := &fleet{T: t, addr: addr, log: &lines{}}
	f.rdb = redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{addr}})
	t.Cleanup(func() { _ = f.rdb.Close() })
	f.store = redisstore.New(f.rdb, redisshard.DefaultShards, redisstore.Options{})
	f.sim = slacksim.New(slacksim.Options{LimitScale: -1}) // Slack's own retries: 1 s, 1 min, 5 min
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
	for range 3 {
		r.bots = append(r.bots, r.spawn())
	}
	for _, room := range rooms {
		r.decided(room, r.post(wang, room, "早上好"))
	}
	t.Log(f.sim.Setting())
	return r
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

// load says something a hundred times a second: every fifth a request, the rest replies to requests and talk.
func (r *roll) load(began time.Time, lasting time.Duration) {
	agents := []string{li, zhao, anna, wang}
	var roots []posted
	for n := 0; ; n++ {
		when := began.Add(time.Duration(n) * time.Second / perSecond)
		if when.Sub(began) >= lasting {
			return
		}
		r.at(when)
		p := posted{channel: []string{teamRoom, otherRoom}[n%2]}
		text := "中午吃什么"
		var opts []slacksim.PostOption
		switch {
		case n%5 == 0:
			p.order = orderNo(10000 + n)
			text = fmt.Sprintf(complaints[0], p.order)
		case n%5 < 4 && len(roots) > 0:
			root := roots[n*7%len(roots)]
			p.channel, p.thread, p.order = root.channel, root.ts, root.order
			text, opts = fmt.Sprintf("补充 %d：买家发来照片", n), append(opts, slacksim.InThread(root.ts))
		}
		p.ts = r.post(agents[n%len(agents)], p.channel, text, opts...)
		r.mu.Lock()
		r.posts = append(r.posts, p)
		r.mu.Unlock()
		if p.order != "" && p.thread == "" {
			roots = append(roots, p)
		}
	}
}

// report prints the figures and holds them against what is promised.
func (r *roll) report(overHTTP bool, lasting time.Duration, graceful []time.Duration, crash time.Duration) {
	acks, again, never := r.acks()
	pick := func(q float64) time.Duration { return acks[int(q*float64(len(acks)-1))].Round(100 * time.Microsecond) }
	r.Logf("HTTP %v, %s at %d events/s: %d events, %d delivered again; acknowledged after p50 %s, p99 %s, at most %s; %d never",
		overHTTP, lasting, perSecond, len(acks), again, pick(0.5), pick(0.99), pick(1), never)
	r.Logf("nobody held the shard for %v on graceful stops; taken over %s after SIGKILL", graceful, crash.Round(time.Millisecond))
	if never > 0 || pick(1) > 3*time.Second {
		r.Errorf("%d events never acknowledged, the slowest after %s; want none and 3 s", never, pick(1))
	}
	if worst := slices.Max(graceful); worst > 200*time.Millisecond || crash > 3500*time.Millisecond {
		r.Errorf("taken over after %s on a graceful stop and %s after a crash; want 200 ms and 3.5 s", worst, crash)
	}
}

// acks is how long each event waited for its acknowledgement, from the first attempt on, in order.
func (r *roll) acks() (took []time.Duration, again, never int) {
	first, acked := map[string]time.Time{}, map[string]time.Time{}
	for _, d := range r.sim.Deliveries() {
		if d.Kind != "events_api" {
			continue
		}
		if d.Attempt > 0 {
			again++
		}
		if _, ok := first[d.EventID]; !ok {
			first[d.EventID] = d.Sent
		}
		if !d.Acked.IsZero() && acked[d.EventID].IsZero() {
			acked[d.EventID] = d.Acked
		}
	}
	for id, sent := range first {
		if at := acked[id]; at.IsZero() {
			never++
		} else {
			took = append(took, at.Sub(sent))
		}
	}
	slices.Sort(took)
	return took, again, never
}

// check: everything said took effect once.
func (r *roll) check() {
	made, noted, cards := map[string]int{}, map[string]int{}, map[string]int{}
	for _, k := range r.tickets() {
		made[k.Facts.Order()]++
		for _, e := range k.events {
			if e.Kind == tickets.EvNoted {
				noted[string(e.Message.Channel)+"/"+e.Message.TS]++
			}
		}
	}
	for _, room := range rooms {
		for _, m := range r.sim.Messages(room) {
			if id := idOf(m); strings.HasPrefix(id, "card:") {
				cards[id]++
			}
		}
	}
	lost, doubled := 0, 0
	count := func(n int) {
		switch {
		case n == 0:
			lost++
		case n > 1:
			doubled++
		}
	}
	requests := 0
	for _, p := range r.posts {
		switch {
		case p.thread != "":
			count(noted[p.channel+"/"+p.ts])
		case p.order != "":
			requests++
			count(made[p.order])
		default:
			if got := r.decided(p.channel, p.ts); got != "ignore" {
				r.Errorf("talk is decided as %q", got)
			}
		}
	}
	for _, n := range cards {
		count(n)
	}
	if len(cards) != requests || len(made) != requests {
		r.Errorf("%d requests, %d tickets, %d cards", requests, len(made), len(cards))
	}
	r.Logf("%d said, %d requests: %d lost, %d doubled", len(r.posts), requests, lost, doubled)
	if lost > 0 || doubled > 0 {
		r.Errorf("%d lost, %d doubled, want none", lost, doubled)
	}
	torn, err := r.store.Check(context.Background(), team)
	if err != nil || len(torn) > 0 {
		r.Errorf("check: %v, %v", torn, err)
	}
}

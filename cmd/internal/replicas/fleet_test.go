package replicas

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/simclock"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

const (
	team      = "T0FLEET"
	botUser   = "U0BOT"
	li        = "U0LI"
	zhao      = "U0ZHAO"
	anna      = "U0ANNA"
	wang      = "U0WANG"
	guest     = "U0GUEST"
	stranger  = "U0STRANGE"
	teamRoom  = "C0TEAM"
	otherRoom = "C0OTHER"
	shopRoom  = "C0SHOP" // with guests
	sharedRm  = "C0CONN" // shared with another organisation
	botToken  = "xoxb-fleet-01"
	appToken  = "xapp-fleet-01"
	secret    = "8f742231b10e8888abcd99aabbcc85a5"
	patience  = 60 * time.Second
)

var rooms = []string{teamRoom, otherRoom, shopRoom, sharedRm}

// manner is how a fleet runs.
type manner struct {
	overHTTP bool
	replicas int
	redis    string // address; "" = a miniredis of its own
	sim      slacksim.Options
	pace     float64
}

// fleet is a whole Slack workspace with several bots on one Redis.
type fleet struct {
	*testing.T
	m     manner
	sim   *slacksim.Sim
	addr  string
	rdb   redis.UniversalClient
	store *redisstore.Store
	clock *simclock.Clock
	lb    *balancer
	apps  []*app.App
	log   *lines
}

var morning = time.Date(2026, 11, 11, 9, 0, 0, 0, tickets.DefaultPolicy().Zone)

// newFleet builds the workspace and starts the bots; all ends with the test.
func newFleet(t *testing.T, m manner) *fleet {
	t.Helper()
	f := &fleet{T: t, m: m, addr: m.redis, clock: simclock.New(time.Now), log: &lines{}}
	f.clock.Set(simclock.State{Base: morning, Wall: time.Now(), Speed: 1})
	if f.addr == "" {
		f.addr = miniredis.RunT(t).Addr()
	}
	f.rdb = redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{f.addr}})
	t.Cleanup(func() { _ = f.rdb.Close() })
	f.store = redisstore.New(f.rdb, redisshard.DefaultShards, redisstore.Options{})
	m.sim.Now = f.clock.Now
	f.sim = slacksim.New(m.sim)
	populate(f.sim)
	if err := f.sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.sim.Close() })
	if m.overHTTP {
		f.lb = newBalancer(t)
		f.sim.SetRequestURL(team, f.lb.url)
	}
	for range m.replicas {
		f.start()
	}
	f.ready()
	t.Log(f.sim.Setting())
	return f
}

func populate(sim *slacksim.Sim) {
	sim.AddWorkspace(slacksim.Workspace{ID: team, Name: "云朵客服", BotToken: botToken, AppToken: appToken, SigningSecret: secret,
		BotUser: botUser, Commands: []string{"/ticket"}})
	for _, u := range []slacksim.User{
		{ID: li, Name: "小李", Locale: "zh-CN"}, {ID: zhao, Name: "小赵", Locale: "zh-CN"}, {ID: anna, Name: "Anna", Locale: "en-US"},
		{ID: wang, Name: "王主管", Locale: "zh-CN", Admin: true}, {ID: guest, Name: "陈店长", Locale: "zh-CN", Guest: true},
		{ID: stranger, Name: "品牌方", Locale: "zh-CN", Foreign: "T0OTHERORG"},
	} {
		u.DisplayName, u.RealName = u.Name, u.Name
		sim.AddUser(team, u)
	}
	sim.AddChannel(team, slacksim.Channel{ID: teamRoom, Name: "售后", Members: []string{li, zhao, anna, wang, botUser}})
	sim.AddChannel(team, slacksim.Channel{ID: otherRoom, Name: "售前", Members: []string{li, zhao, anna, wang, botUser}})
	sim.AddChannel(team, slacksim.Channel{ID: shopRoom, Name: "对接", Members: []string{li, zhao, wang, guest, botUser}})
	sim.AddChannel(team, slacksim.Channel{ID: sharedRm, Name: "品牌", Members: []string{li, wang, stranger, botUser}, ExtShared: true})
}

func policy() tickets.Policy {
	p := tickets.DefaultPolicy()
	p.Roster = tickets.Roster{Escalation: wang, People: []tickets.Person{
		{ID: li, Names: []string{"小李"}, Role: tickets.RoleAgent}, {ID: zhao, Names: []string{"小赵"}, Role: tickets.RoleAgent},
		{ID: anna, Names: []string{"Anna"}, Role: tickets.RoleAgent}, {ID: wang, Names: []string{"王主管"}, Role: tickets.RoleSupervisor},
		{ID: guest, Names: []string{"陈店长"}, Role: tickets.RoleMerchant},
	}}
	return p
}

// environment is what a bot's process reads.
func environment(overHTTP bool, simURL, redisAddr string) map[string]string {
	env := map[string]string{"SLACK_BOT_TOKEN": botToken, "SLACK_API_URL": simURL + "/api/", "REDIS_URL": "redis://" + redisAddr,
		"HTTP_ADDR": "127.0.0.1:0", "SLACK_APP_TOKEN": appToken}
	if overHTTP {
		delete(env, "SLACK_APP_TOKEN")
		env["SLACK_SIGNING_SECRET"] = secret
	}
	return env
}

// start starts one more bot.
func (f *fleet) start() *app.App {
	f.Helper()
	env := environment(f.m.overHTTP, f.sim.URL(), f.addr)
	cfg, err := config.Load(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		f.Fatal(err)
	}
	pace := f.m.pace
	if pace == 0 {
		pace = 1000
	}
	a, err := app.New(app.Options{Config: cfg, Policies: app.Fixed(policy()), Clock: f.clock, Pace: pace,
		Log: slog.New(slog.NewTextHandler(f.log, nil))})
	if err != nil {
		f.Fatal(err)
	}
	if err := a.Start(f.Context()); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = stop(a) })
	f.apps = append(f.apps, a)
	if f.lb != nil {
		f.lb.add("http://" + a.Addr())
	}
	return a
}

// stopAll stops all bots.
func (f *fleet) stopAll() {
	f.Helper()
	for _, a := range f.apps {
		if f.lb != nil {
			f.lb.remove("http://" + a.Addr())
		}
		if err := stop(a); err != nil {
			f.Errorf("stop: %v", err)
		}
	}
	f.apps = nil
}

// replaceOwner stops the bot that does the workspace's work, in the midst of it, and starts another.
func (f *fleet) replaceOwner() {
	f.Helper()
	i := slices.IndexFunc(f.apps, func(a *app.App) bool { return owns(a) })
	if i < 0 {
		f.Error("nobody does the work")
		return
	}
	old := f.apps[i]
	f.apps = slices.Delete(f.apps, i, i+1)
	if f.lb != nil {
		f.lb.remove("http://" + old.Addr())
	}
	if err := stop(old); err != nil {
		f.Errorf("stop: %v", err)
	}
	f.start()
}

// owns tells whether a bot says that it owns a shard.
func owns(a *app.App) bool {
	resp, err := http.Get("http://" + a.Addr() + "/metrics")
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return err == nil && strings.Contains(string(body), "\ngongdan_shards_owned 1")
}

func stop(a *app.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return a.Stop(ctx)
}

// ready waits until every bot says so.
func (f *fleet) ready() {
	f.Helper()
	for _, a := range f.apps {
		f.look("a bot is ready", func() bool { return readyAt("http://" + a.Addr()) })
	}
}

func readyAt(base string) bool {
	resp, err := http.Get(base + "/readyz")
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode == http.StatusOK
}

// until waits for something that shows in Slack.
func (f *fleet) until(what string, cond func() bool) {
	f.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := f.sim.Wait(ctx, cond); err != nil {
		f.Fatalf("waiting until %s: %v\n%s", what, err, f.log.tail())
	}
}

// look waits for something that does not show in Slack.
func (f *fleet) look(what string, cond func() bool) {
	f.Helper()
	if !within(patience, 10*time.Millisecond, cond) {
		f.Fatalf("waiting until %s: in vain; %d wait in Redis, %d for an acknowledgement\n%s", what, f.waiting(), f.sim.Unacked(), f.log.tail())
	}
}

func within(limit, every time.Duration, cond func() bool) bool {
	end, tick := time.Now().Add(limit), time.NewTicker(every)
	defer tick.Stop()
	for !cond() {
		if time.Now().After(end) {
			return false
		}
		<-tick.C
	}
	return true
}

// settled waits until Slack waits for nothing and nothing waits in Redis.
func (f *fleet) settled() {
	f.Helper()
	f.until("everything is acknowledged", func() bool { return f.sim.Unacked() == 0 })
	f.look("everything is applied and said", func() bool { return f.waiting() == 0 })
}

// waiting counts what is kept and not applied, due and not done, or queued and not said.
func (f *fleet) waiting() int64 {
	keys := redisshard.KeysOf("", tickets.ShardOf(team, redisshard.DefaultShards))
	in, out := f.rdb.XLen(context.Background(), keys.Inbox()), f.rdb.XLen(context.Background(), keys.Outbox())
	due, _, err := f.store.Due(context.Background(), tickets.ShardOf(team, redisshard.DefaultShards), f.clock.Now(), 100)
	if in.Err() != nil || out.Err() != nil || err != nil {
		return -1
	}
	return in.Val() + out.Val() + int64(len(due))
}

func (f *fleet) jump(d time.Duration) { f.clock.Jump(f.clock.Now().Add(d)) }

// kept is a ticket with its timeline.
type kept struct {
	tickets.Ticket
	events []tickets.Event
}

// tickets are all there are.
func (f *fleet) tickets() (out []kept) {
	f.Helper()
	q := tickets.Query{By: tickets.ByCreated, Limit: 200}
	for {
		page, err := f.store.List(context.Background(), team, q)
		if err != nil {
			f.Fatal(err)
		}
		for _, k := range page.Tickets {
			events, err := f.store.Timeline(context.Background(), team, k.ID)
			if err != nil {
				f.Fatal(err)
			}
			out = append(out, kept{k, events})
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return out
		}
	}
}

// decided waits until a message is taken up and tells what became of it.
func (f *fleet) decided(channel, ts string) (decision string) {
	f.Helper()
	f.look("the message "+ts+" is taken up", func() bool {
		seen, ok, err := f.store.Seen(context.Background(), team, tickets.ChannelID(channel), ts)
		decision = seen.Decision
		return err == nil && ok
	})
	return decision
}

// balancer is a load balancer in front of bots in HTTP mode: each in turn, the next one where one is away.
type balancer struct {
	url string

	mu    sync.Mutex
	to    []string
	turn  int
	lose  func(path string) bool // whether an answer is lost on its way back; nil = never
	proxy http.Client
}

func newBalancer(t *testing.T) *balancer {
	b := &balancer{proxy: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	srv := httptest.NewServer(b)
	t.Cleanup(srv.Close)
	t.Cleanup(b.proxy.CloseIdleConnections)
	b.url = srv.URL
	return b
}

func (b *balancer) add(base string) { b.mu.Lock(); defer b.mu.Unlock(); b.to = append(b.to, base) }

func (b *balancer) remove(base string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, x := range b.to {
		if x == base {
			b.to = append(b.to[:i:i], b.to[i+1:]...)
			return
		}
	}
}

// order is the bots in the order in which they are asked.
func (b *balancer) order(path string) (list []string, lose bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.to {
		list = append(list, b.to[(b.turn+i)%len(b.to)])
	}
	b.turn++
	return list, b.lose != nil && b.lose(path)
}

// lines keeps the end of what is logged.
type lines struct {
	mu  sync.Mutex
	buf []string
}

// Write keeps a line.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf = append(l.buf, strings.TrimSpace(string(p)))
	if len(l.buf) > 400 {
		l.buf = l.buf[200:]
	}
	return len(p), nil
}

func (l *lines) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.buf[max(0, len(l.buf)-15):], "\n")
}

func orderNo(n int) string { return fmt.Sprintf("20241122%011d", 33000000000+n) }

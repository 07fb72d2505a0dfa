package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/simclock"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/storetest"
)

// The workspace on the stage.
const (
	team      = "T0STAGE"
	botUser   = "U0BOT"
	li        = "U0LI"      // 小李, agent, Chinese
	anna      = "U0ANNA"    // Anna, agent, English
	wang      = "U0WANG"    // 王主管, the workspace's admin
	guest     = "U0GUEST"   // 陈店长, a guest of the merchant
	guestEn   = "U0GUESTEN" // a guest who reads English
	stranger  = "U0STRANGE" // of another organisation
	otherBot  = "U0OTHERBOT"
	teamRoom  = "C0TEAM"
	shopRoom  = "C0SHOP" // with guests
	sharedRm  = "C0CONN" // shared with another organisation
	lateRoom  = "C0LATE" // the bot is invited later
	stageShop = "天猫云朵家居旗舰店"

	botToken  = "xoxb-stage-4b1fe0c2"
	appToken  = "xapp-stage-9d27aa51"
	hexSecret = "8f742231b10e8888abcd99aabbcc85a5"
)

// patience bounds every wait: far beyond what anything takes on an idle machine, for those that are not.
const patience = 40 * time.Second * slower

// set is how a stage differs from the usual one.
type set struct {
	sim      slacksim.Options
	redis    string // address; "" = one of the stage's own: miniredis, or a server under the race detector
	mini     bool   // a miniredis in any case, as the test stops it
	env      map[string]string
	policy   *tickets.Policy
	pace     float64
	unlit    bool // the bot is not started
	overHTTP bool
}

// stage is a whole Slack workspace with the bot in it, on a Redis of its own.
type stage struct {
	t     *testing.T
	o     set
	sim   *slacksim.Sim
	mini  *miniredis.Miniredis // nil on a real Redis
	addr  string               // of Redis
	rdb   redis.UniversalClient
	store *redisstore.Store
	clock *simclock.Clock
	app   *App
	log   *logBook
}

// newStage builds a stage and starts the bot on it. All that is built ends with the test, and then the log is searched for
// what it must not hold.
func newStage(t *testing.T, o set) *stage {
	t.Helper()
	s := &stage{t: t, o: o, addr: o.redis, clock: simclock.New(time.Now), log: &logBook{}}
	at := time.Date(2026, 11, 11, 9, 0, 0, 0, tickets.DefaultPolicy().Zone)
	s.clock.Set(simclock.State{Base: at, Wall: time.Now(), Speed: 1})
	if s.addr == "" && !o.mini {
		s.addr = unwatched(t)
	}
	if s.addr == "" {
		s.mini = miniredis.RunT(t)
		s.addr = s.mini.Addr()
	}
	s.rdb = redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{s.addr}})
	t.Cleanup(func() { _ = s.rdb.Close() })
	s.store = redisstore.New(s.rdb, redisshard.DefaultShards, redisstore.Options{})
	o.sim.Now = s.clock.Now
	if o.sim.LimitScale == 0 {
		o.sim.LimitScale = -1
	}
	if o.sim.RetryDelays == nil {
		o.sim.RetryDelays = repeated(40, 250*time.Millisecond)
	}
	s.sim = slacksim.New(o.sim)
	s.populate()
	if err := s.sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.sim.Close() })
	t.Cleanup(func() { s.log.search(t) })
	s.log.forbid(botToken, appToken, hexSecret)
	if !o.unlit {
		s.app = s.start()
		s.ready(s.app)
	}
	return s
}

// unwatched is a Redis in a process of its own where the race detector would watch every step of miniredis and its Lua, which is
// none of ours and half of the work. It is "" without the detector, and where there is no server.
func unwatched(t *testing.T) string {
	if _, err := exec.LookPath("redis-server"); slower == 1 || err != nil {
		return ""
	}
	return storetest.StartRedis(t)
}

func repeated(n int, d time.Duration) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = d
	}
	return out
}

func (s *stage) populate() {
	s.sim.AddWorkspace(slacksim.Workspace{ID: team, Name: "舞台", BotToken: botToken, AppToken: appToken, SigningSecret: hexSecret,
		BotUser: botUser, Commands: []string{"/ticket"}})
	for _, u := range []slacksim.User{
		{ID: li, Name: "小李", Locale: "zh-CN"}, {ID: anna, Name: "Anna", Locale: "en-US"},
		{ID: wang, Name: "王主管", Locale: "zh-CN", Admin: true},
		{ID: guest, Name: "陈店长", Locale: "zh-CN", Guest: true}, {ID: guestEn, Name: "Chen", Locale: "en-GB", Guest: true},
		{ID: stranger, Name: "stranger", Locale: "en-US", Foreign: "T0OTHERORG", Admin: true},
		{ID: otherBot, Name: "otherbot", Bot: true},
	} {
		u.DisplayName, u.RealName = u.Name, u.Name
		s.sim.AddUser(team, u)
	}
	s.sim.AddChannel(team, slacksim.Channel{ID: teamRoom, Name: "售后", Members: []string{li, anna, wang, otherBot, botUser}})
	s.sim.AddChannel(team, slacksim.Channel{ID: shopRoom, Name: "对接", Members: []string{li, wang, guest, guestEn, botUser}})
	s.sim.AddChannel(team, slacksim.Channel{ID: sharedRm, Name: "品牌", Members: []string{li, wang, stranger, botUser}, ExtShared: true})
	s.sim.AddChannel(team, slacksim.Channel{ID: lateRoom, Name: "晚到", Members: []string{li, anna, wang}})
}

// stagePolicy has a roster that knows nicknames and the merchant's shop; clocks are the presets'.
func stagePolicy() tickets.Policy {
	p := tickets.DefaultPolicy()
	p.Roster = tickets.Roster{Escalation: wang, People: []tickets.Person{
		{ID: li, Names: []string{"小李"}, Role: tickets.RoleAgent},
		{ID: anna, Names: []string{"Anna"}, Role: tickets.RoleAgent},
		{ID: wang, Names: []string{"王主管"}, Role: tickets.RoleSupervisor},
		{ID: guest, Names: []string{"陈店长"}, Role: tickets.RoleMerchant, Shops: []string{stageShop}},
	}}
	p.Shops = []tickets.Shop{{Name: stageShop, Aliases: []string{"云朵家居"}, Platform: "tmall",
		Channels: []tickets.ChannelID{teamRoom, shopRoom}}}
	return p
}

// settings are the bot's, read as serve reads them.
func (s *stage) settings() config.Config {
	env := map[string]string{"SLACK_BOT_TOKEN": botToken, "SLACK_APP_TOKEN": appToken, "SLACK_API_URL": s.sim.URL() + "/api/",
		"REDIS_URL": "redis://" + s.addr, "HTTP_ADDR": "127.0.0.1:0"}
	if s.o.overHTTP {
		delete(env, "SLACK_APP_TOKEN")
		env["SLACK_SIGNING_SECRET"] = hexSecret
	}
	for k, v := range s.o.env {
		env[k] = v
	}
	cfg, err := config.Load(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		s.t.Fatal(err)
	}
	return cfg
}

// options are the usual ones of the stage's bots.
func (s *stage) options() Options {
	s.t.Helper()
	p := stagePolicy()
	if s.o.policy != nil {
		p = *s.o.policy
	}
	pace := s.o.pace
	if pace == 0 {
		pace = 1000
	}
	o := Options{Config: s.settings(), Policies: Fixed(p), Clock: s.clock, Pace: pace,
		Log: slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if o.Config.TeamFile != "" {
		o.Policies = nil
	}
	return o
}

// build makes a bot that is not started.
func (s *stage) build(o Options) *App {
	s.t.Helper()
	a, err := New(o)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// start starts one more bot, which ends with the test at the latest.
func (s *stage) start() *App {
	s.t.Helper()
	return s.startWith(s.options())
}

func (s *stage) startWith(o Options) *App {
	s.t.Helper()
	a := s.build(o)
	if err := a.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.stop(a) })
	return a
}

// stop stops a bot as a shutdown does.
func (s *stage) stop(a *App) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return a.Stop(ctx)
}

// get asks the bot's own HTTP server.
func (s *stage) get(a *App, path string) (int, string) {
	s.t.Helper()
	resp, err := http.Get("http://" + a.Addr() + path)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Error(err)
	}
	return resp.StatusCode, string(body)
}

// ready waits until a bot says so.
func (s *stage) ready(a *App) {
	s.t.Helper()
	s.look("the bot is ready", func() bool { code, _ := s.get(a, "/readyz"); return code == http.StatusOK })
}

// until waits for something that shows in Slack.
func (s *stage) until(what string, cond func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.sim.Wait(ctx, cond); err != nil {
		s.t.Fatalf("waiting until %s: %v\n%s", what, err, s.log.tail())
	}
}

// look waits for something that does not show in Slack.
func (s *stage) look(what string, cond func() bool) {
	s.t.Helper()
	end, tick := time.Now().Add(patience), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !cond() {
		if time.Now().After(end) {
			s.t.Fatalf("waiting until %s: in vain; %d wait in Redis, %d for an acknowledgement\n%s", what, s.waiting(), s.sim.Unacked(), s.log.tail())
		}
		<-tick.C
	}
}

// post says something in a channel.
func (s *stage) post(who, channel, text string, opts ...slacksim.PostOption) string {
	s.t.Helper()
	s.log.forbid(text)
	ts, err := s.sim.Post(who, channel, text, opts...)
	if err != nil {
		s.t.Fatalf("%s posts in %s: %v", who, channel, err)
	}
	return ts
}

// command types a slash command and returns what the person reads of the bot's answer.
func (s *stage) command(who, channel, text string) string {
	s.t.Helper()
	s.log.forbid(text)
	before := len(s.sim.Ephemerals(channel, who))
	if _, err := s.sim.Command(who, channel, "/ticket", text); err != nil {
		s.t.Fatalf("%s types /ticket %s: %v\n%s", who, text, err, s.log.tail())
	}
	var got []slacksim.Message
	s.until("the command is answered", func() bool {
		got = s.sim.Ephemerals(channel, who)
		return len(got) > before
	})
	return got[len(got)-1].PlainText()
}

// card is the card in a message's thread; false if there is none.
func (s *stage) card(channel, ts string) (slacksim.Message, bool) {
	for _, m := range s.sim.Thread(channel, ts) {
		if m.BotID != "" && strings.Contains(string(m.Metadata), `"card:`) {
			return m, true
		}
	}
	return slacksim.Message{}, false
}

// carded waits for a message's card to hold some words, and returns it.
func (s *stage) carded(channel, ts string, words ...string) slacksim.Message {
	s.t.Helper()
	var got slacksim.Message
	s.until(fmt.Sprintf("the card of %s shows %q", ts, words), func() bool {
		m, ok := s.card(channel, ts)
		got = m
		return ok && holds(m, words...)
	})
	return got
}

func holds(m slacksim.Message, words ...string) bool {
	text := m.PlainText()
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// click presses a button.
func (s *stage) click(who string, m slacksim.Message, action string) {
	s.t.Helper()
	if err := s.sim.Click(who, m.Channel, m.TS, action); err != nil {
		s.t.Fatalf("%s presses %s: %v\n%s", who, action, err, s.log.tail())
	}
}

// whispered waits for a private message with some words.
func (s *stage) whispered(channel, who string, words ...string) slacksim.Message {
	s.t.Helper()
	return s.among(fmt.Sprintf("%s is told %q", who, words), words, func() []slacksim.Message { return s.sim.Ephemerals(channel, who) })
}

// direct waits for a direct message with some words.
func (s *stage) direct(who string, words ...string) slacksim.Message {
	s.t.Helper()
	return s.among(fmt.Sprintf("%s reads %q", who, words), words, func() []slacksim.Message { return s.sim.DM(who) })
}

func (s *stage) among(what string, words []string, list func() []slacksim.Message) (got slacksim.Message) {
	s.t.Helper()
	s.until(what, func() bool {
		for _, m := range list() {
			if m.BotID != "" && holds(m, words...) {
				got = m
				return true
			}
		}
		return false
	})
	return got
}

// tickets are all there are, in order of creation.
func (s *stage) tickets() []tickets.Ticket { s.t.Helper(); return s.ticketsOf(team) }

func (s *stage) ticketsOf(ws string) []tickets.Ticket {
	s.t.Helper()
	page, err := s.store.List(context.Background(), tickets.WorkspaceID(ws), tickets.Query{By: tickets.ByCreated, Limit: 500})
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Tickets
}

// ticket is the one made of a message.
func (s *stage) ticket(channel, ts string) tickets.Ticket {
	s.t.Helper()
	for _, k := range s.tickets() {
		if string(k.Source.Channel) == channel && k.Source.TS == ts {
			return k
		}
	}
	s.t.Fatalf("no ticket of %s/%s among %d", channel, ts, len(s.tickets()))
	return tickets.Ticket{}
}

// decided waits until the bot has taken up a message, and says what became of it.
func (s *stage) decided(channel, ts string) (decision string) {
	s.t.Helper()
	s.look("the message "+ts+" is taken up", func() bool {
		seen, ok, err := s.store.Seen(context.Background(), team, tickets.ChannelID(channel), ts)
		decision = seen.Decision
		return err == nil && ok
	})
	return decision
}

// settled waits until Slack waits for no acknowledgement and nothing waits in Redis, to be applied or to be said.
func (s *stage) settled() {
	s.t.Helper()
	s.until("everything is acknowledged", func() bool { return s.sim.Unacked() == 0 })
	s.look("everything is applied and said", func() bool { return s.waiting() == 0 })
}

// waiting is how much waits in Redis.
func (s *stage) waiting() int64 {
	keys := redisshard.KeysOf("", tickets.ShardOf(team, redisshard.DefaultShards))
	ctx := context.Background()
	in, out := s.rdb.XLen(ctx, keys.Inbox()), s.rdb.XLen(ctx, keys.Outbox())
	if in.Err() != nil || out.Err() != nil {
		return -1
	}
	return in.Val() + out.Val()
}

// jump moves tickets' time.
func (s *stage) jump(d time.Duration) { s.clock.Jump(s.clock.Now().Add(d)) }

// onBoth runs a test on miniredis and on a real Redis.
func onBoth(t *testing.T, test func(t *testing.T, redis string)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) { t.Parallel(); test(t, "") })
	t.Run("redis", func(t *testing.T) { t.Parallel(); test(t, storetest.StartRedis(t)) })
}

// logBook keeps all that is logged, and what must not be.
type logBook struct {
	mu        sync.Mutex
	buf       bytes.Buffer
	forbidden []string
}

// Write keeps a log line.
func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// forbid names texts that must not show. Very short ones are words that logs hold for other reasons.
func (l *logBook) forbid(texts ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, text := range texts {
		if len(strings.TrimSpace(text)) >= 15 {
			l.forbidden = append(l.forbidden, text)
		}
	}
}

// never names words that must not show, however short.
func (l *logBook) never(words ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forbidden = append(l.forbidden, words...)
}

func (l *logBook) search(t *testing.T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := l.buf.String()
	for _, text := range l.forbidden {
		inJSON, _ := json.Marshal(text)
		for _, form := range []string{text, strings.Trim(string(inJSON), `"`), strings.Trim(strconv.Quote(text), `"`)} {
			if at := strings.Index(log, form); at >= 0 {
				t.Errorf("the log holds %q: …%s…", text, log[max(0, at-200):min(len(log), at+len(form)+100)])
				break
			}
		}
	}
}

func (l *logBook) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(l.buf.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

func (l *logBook) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.buf.String(), text)
}

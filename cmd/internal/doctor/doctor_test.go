package doctor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/bot/redisinbox"
	"gongdan/bot/slackapi"
	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/cmd/internal/doctor"
	"gongdan/intents"
	"gongdan/intents/corrections"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/storetest"
)

const space tickets.WorkspaceID = "T1"

// ward is a deployment to be examined.
type ward struct {
	vars  map[string]string
	sim   *slacksim.Sim
	bot   string
	rdb   redis.UniversalClient
	shard tickets.Shard
	epoch int64
}

// admit makes a healthy deployment with a bot's lease and one ticket on the server at an address, or on the cluster at several.
func admit(t *testing.T, w slacksim.Workspace, addrs ...string) *ward {
	t.Helper()
	sim := slacksim.New(slacksim.Options{})
	must(t, sim.Start())
	t.Cleanup(func() { _ = sim.Close() })
	w.ID = string(space)
	if w.Scopes == nil {
		w.Scopes = without("")
	}
	w = sim.AddWorkspace(w)
	d := &ward{sim: sim, bot: w.BotUser, rdb: redis.NewUniversalClient(&redis.UniversalOptions{Addrs: addrs}), vars: map[string]string{
		"SLACK_BOT_TOKEN": w.BotToken, "SLACK_APP_TOKEN": w.AppToken, "SLACK_API_URL": sim.URL() + "/api/", "REDIS_URL": "redis://" + strings.Join(addrs, ","),
	}}
	t.Cleanup(func() { _ = d.rdb.Close() })
	n, err := redisshard.Setup(t.Context(), d.rdb, "", 0)
	must(t, err)
	d.shard = tickets.ShardOf(space, n)
	must(t, redisshard.Register(t.Context(), d.rdb, d.keys(), space))
	l, err := redisshard.Take(t.Context(), d.rdb, redisshard.TakeOptions{Shard: d.shard, Owner: "host/1", TTL: time.Hour})
	must(t, err)
	d.epoch = l.Epoch
	d.ticket(t, n, 1, time.Now().Add(time.Hour))
	return d
}

func (d *ward) keys() redisshard.Keys { return redisshard.KeysOf("", d.shard) }

// ticket stores one that is heard of again at a time.
func (d *ward) ticket(t *testing.T, shards, number int, backOffice time.Time) {
	t.Helper()
	now := time.Now()
	res, err := tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Cause: tickets.CauseID(fmt.Sprint(number)),
		Actor: tickets.Actor{ID: "U1", Role: tickets.RoleAgent}, Draft: &tickets.Draft{Workspace: space,
			ID: tickets.TicketIDFor(space, fmt.Sprint(number)), Number: tickets.Number(number), Requester: "U1",
			Origin: tickets.OriginPlatform, BackOffice: backOffice, Facts: tickets.Facts{Orders: []string{"2024112233445566778"}},
			Source: tickets.Source{Kind: bot.SourceMessage, Channel: "C1", TS: "1.1", Thread: "1.1", Text: "杯子碎了，要退货"}}},
		tickets.Env{Now: now, Policy: tickets.DefaultPolicy().RoundTheClock()})
	must(t, err)
	_, err = redisstore.New(d.rdb, shards, redisstore.Options{}).Commit(t.Context(), tickets.Change{Workspace: space, Epoch: d.epoch,
		Tickets: []tickets.TicketWrite{{After: res.Ticket, Events: res.Events}}})
	must(t, err)
}

// mark stores until when everything was heard.
func (d *ward) mark(t *testing.T, at time.Time) {
	t.Helper()
	body, err := json.Marshal(map[string]time.Time{"at": at})
	must(t, err)
	_, err = redisstore.New(d.rdb, redisshard.DefaultShards, redisstore.Options{}).Commit(t.Context(), tickets.Change{Workspace: space, Epoch: d.epoch,
		Docs: []tickets.DocWrite{{Key: "heard", Body: body}}})
	must(t, err)
}

// letter stores an envelope and buries it.
func (d *ward) letter(t *testing.T) {
	t.Helper()
	in := redisinbox.New(d.rdb, d.rdb, redisshard.DefaultShards, redisinbox.Options{})
	_, err := in.Append(t.Context(), bot.Envelope{Kind: bot.KindMessage, Workspace: space, Key: "T1/1", Raw: []byte(`{"text":"秘密"}`), Received: time.Now()})
	must(t, err)
	list, err := in.Read(t.Context(), d.shard, "", 1, 0)
	must(t, err)
	must(t, in.Bury(t.Context(), d.shard, list[0], "failed too often", d.epoch))
}

// examine gives the findings by check; the worst of several of one check.
func (d *ward) examine(t *testing.T, change func(*doctor.Options)) map[string]doctor.Finding {
	t.Helper()
	cfg, err := config.Load(func(name string) (string, bool) { v, ok := d.vars[name]; return v, ok })
	must(t, err)
	o := doctor.Options{Config: cfg}
	if change != nil {
		change(&o)
	}
	out := map[string]doctor.Finding{}
	for _, f := range doctor.Examine(t.Context(), o) {
		if was, ok := out[f.Check]; !ok || doctor.Worst([]doctor.Finding{was, f}) != was.Level {
			out[f.Check] = f
		}
		for _, secret := range []string{d.vars["SLACK_BOT_TOKEN"], d.vars["SLACK_APP_TOKEN"], "hunter2", "杯子", "秘密"} {
			if strings.Contains(f.String(), secret) {
				t.Errorf("finding %q shows %q", f, secret)
			}
		}
		if f.Level != doctor.OK && f.Do == "" {
			t.Errorf("finding %q does not say what to do", f)
		}
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// levels are the checks that are not ok.
func levels(found map[string]doctor.Finding) map[string]doctor.Level {
	out := map[string]doctor.Level{}
	for check, f := range found {
		if f.Level != doctor.OK {
			out[check] = f.Level
		}
	}
	return out
}

func TestHealthyRedis(t *testing.T) {
	t.Parallel()
	d := admit(t, slacksim.Workspace{}, storetest.StartRedis(t))
	found := d.examine(t, nil)
	if diff := cmp.Diff(map[string]doctor.Level{}, levels(found)); diff != "" {
		t.Errorf("Examine of a healthy deployment (-want +got):\n%s\n%v", diff, found)
	}
	want := []string{"settings", "bot token", "scopes", "socket mode", "redis", "persistence", "eviction", "replicas", "latency", "clock",
		"shards", "owners", "rules", "heard", "inbox", "dead letters", "wakes", "own model", "torn tickets", "model"}
	for _, check := range want {
		if _, ok := found[check]; !ok {
			t.Errorf("no finding about %q", check)
		}
	}
	if got := found["owners"].Found; !strings.Contains(got, "host/1") {
		t.Errorf("owners: %q, want the owner's name", got)
	}
}

// What was learned from corrections is told as it stands.
func TestOwnModelIsTold(t *testing.T) {
	t.Parallel()
	v := corrections.Version{N: 2, Rows: 61, Bytes: 511_242, At: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)}
	own := intents.Careful.Limits()
	own.Act, own.Ask = own.Act-0.01, own.Ask+0.02
	tuned := v // the other mode's cannot have been chosen, and do not count
	tuned.Limits = map[intents.Mode]intents.Thresholds{intents.Careful: own, intents.Eager: {Act: 0.01, Ask: 0}}
	for _, tt := range []struct {
		name  string
		state corrections.State
		want  string
	}{
		{"in use", corrections.State{Current: 2, Made: 2, Versions: []corrections.Version{v}, Looked: 80, Held: 20, Score: 0.9, Base: 0.45, Outcome: corrections.Taken},
			"version 2 of its own, from 61 corrections, 511 kB, made 2026-11-20 09:30; at the last look 90.0 % of 20 corrections held back were right, of the built-in model's 45.0 %"},
		{"with thresholds", corrections.State{Current: 2, Made: 2, Versions: []corrections.Version{tuned}},
			fmt.Sprintf("made 2026-11-20 09:30, acting from %.3g and asking from %.3g (careful); at the last look", own.Act, own.Ask)},
		{"taken back", corrections.State{Made: 2, Looked: 90, Held: 20, Score: 0.3, Base: 0.45, Outcome: corrections.RolledBack}, "after its own had fallen below it"},
		{"too few", corrections.State{Looked: 3, Held: 1, Outcome: corrections.TooFew}, "1 correction is held back so far"},
		{"nothing", corrections.State{}, "nothing has been corrected yet"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := admit(t, slacksim.Workspace{}, miniredis.RunT(t).Addr())
			n, err := redisshard.Shards(t.Context(), d.rdb, "")
			must(t, err)
			body, err := json.Marshal(tt.state)
			must(t, err)
			_, err = redisstore.New(d.rdb, n, redisstore.Options{}).Commit(t.Context(), tickets.Change{Workspace: space, Epoch: d.epoch,
				Docs: []tickets.DocWrite{{Key: "model", Body: body}}})
			must(t, err)
			if got := d.examine(t, nil)["own model"]; got.Level != doctor.OK || !strings.Contains(got.Found, tt.want) {
				t.Errorf("found %s %q, want %q in it", got.Level, got.Found, tt.want)
			}
		})
	}
}

// A bot at work is left alone: no socket is opened that would take deliveries from it.
func TestBesideARunningBot(t *testing.T) {
	t.Parallel()
	addr := storetest.StartRedis(t)
	sim := slacksim.New(slacksim.Options{})
	must(t, sim.Start())
	t.Cleanup(func() { _ = sim.Close() })
	w := sim.AddWorkspace(slacksim.Workspace{ID: string(space), Scopes: without("")})
	d := &ward{vars: map[string]string{"SLACK_BOT_TOKEN": w.BotToken, "SLACK_APP_TOKEN": w.AppToken,
		"SLACK_API_URL": sim.URL() + "/api/", "REDIS_URL": "redis://" + addr, "HTTP_ADDR": "127.0.0.1:0"}}
	cfg, err := config.Load(func(name string) (string, bool) { v, ok := d.vars[name]; return v, ok })
	must(t, err)
	a, err := app.New(app.Options{Config: cfg})
	must(t, err)
	must(t, a.Start(t.Context()))
	t.Cleanup(func() { must(t, a.Stop(context.Background())) })
	must(t, sim.Wait(t.Context(), func() bool { return sim.Connections() == 1 }))
	for d.examine(t, nil)["owners"].Level != doctor.OK {
		must(t, t.Context().Err())
	}
	found := d.examine(t, nil)
	if diff := cmp.Diff(map[string]doctor.Level{}, levels(found)); diff != "" {
		t.Errorf("Examine beside a bot (-want +got):\n%s\n%v", diff, found)
	}
	if n := sim.Connections(); n != 1 {
		t.Errorf("%d sockets, want the bot's alone", n)
	}
}

// Each server of a cluster is examined, and what is stored is found wherever it is.
func TestCluster(t *testing.T) {
	t.Parallel()
	addrs := storetest.StartCluster(t)
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs})
	t.Cleanup(func() { _ = c.Close() })
	for c.Set(t.Context(), "ready", 1, 0).Err() != nil || !strings.Contains(c.ClusterInfo(t.Context()).Val(), "cluster_state:ok") {
		must(t, t.Context().Err())
	}
	d := admit(t, slacksim.Workspace{}, addrs...)
	d.letter(t)
	must(t, d.rdb.Del(t.Context(), d.keys().Key("wakes")).Err())
	found := d.examine(t, nil)
	want := map[string]doctor.Level{"persistence": doctor.Fail, "dead letters": doctor.Fail, "torn tickets": doctor.Fail}
	if diff := cmp.Diff(want, levels(found)); diff != "" {
		t.Errorf("Examine of a cluster (-want +got):\n%s\n%v", diff, found)
	}
	if got := found["persistence"].Found; !strings.HasPrefix(got, "127.0.0.1:") {
		t.Errorf("persistence: %q, want the server's address", got)
	}
}

// A server that tells little of itself gives warnings, not failures.
func TestStandInRedis(t *testing.T) {
	t.Parallel()
	d := admit(t, slacksim.Workspace{}, miniredis.RunT(t).Addr())
	found := d.examine(t, nil)
	want := map[string]doctor.Level{"redis": doctor.Warn, "persistence": doctor.Warn, "eviction": doctor.Warn}
	if diff := cmp.Diff(want, levels(found)); diff != "" {
		t.Errorf("Examine on miniredis (-want +got):\n%s\n%v", diff, found)
	}
	if got := found["persistence"].Found; got != "could not be read" {
		t.Errorf("persistence: %q", got)
	}
}

func TestNothingWritten(t *testing.T) {
	t.Parallel()
	m := miniredis.RunT(t)
	d := admit(t, slacksim.Workspace{}, m.Addr())
	m.FlushAll()
	found := d.examine(t, nil)
	if keys := m.Keys(); len(keys) > 0 {
		t.Errorf("an examination wrote %q", keys)
	}
	if f := found["shards"]; f.Level != doctor.OK || !strings.Contains(f.Found, "nothing is stored yet") {
		t.Errorf("shards of an unused Redis: %v", f)
	}
}

// Each fault is found by its check, and by no other.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		space  slacksim.Workspace
		harm   func(t *testing.T, d *ward)
		change func(*doctor.Options)
		want   map[string]doctor.Level
		says   string
	}{
		{"missing scope", slacksim.Workspace{Scopes: without("reactions:write")}, nil, nil,
			map[string]doctor.Level{"scopes": doctor.Fail}, "missing: reactions:write"},
		{"wrong bot token", slacksim.Workspace{}, func(_ *testing.T, d *ward) { d.vars["SLACK_BOT_TOKEN"] = "xoxb-other" }, nil,
			map[string]doctor.Level{"bot token": doctor.Fail}, "Slack says invalid_auth"},
		{"wrong app token", slacksim.Workspace{}, func(_ *testing.T, d *ward) { d.vars["SLACK_APP_TOKEN"] = "xapp-other" }, nil,
			map[string]doctor.Level{"socket mode": doctor.Fail}, "Slack says invalid_auth"},
		{"Slack away", slacksim.Workspace{}, func(_ *testing.T, d *ward) { d.vars["SLACK_API_URL"] = "http://127.0.0.1:1/api/" }, nil,
			map[string]doctor.Level{"bot token": doctor.Fail, "socket mode": doctor.Fail}, "Slack does not answer"},
		{"no append-only file", slacksim.Workspace{}, config1("appendonly", "no"), nil,
			map[string]doctor.Level{"persistence": doctor.Fail}, "loses everything"},
		{"no fsync", slacksim.Workspace{}, config1("appendfsync", "no"), nil,
			map[string]doctor.Level{"persistence": doctor.Warn}, "appendfsync is no"},
		{"eviction", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			config1("maxmemory", "100mb")(t, d)
			config1("maxmemory-policy", "allkeys-lru")(t, d)
		}, nil, map[string]doctor.Level{"eviction": doctor.Fail}, "allkeys-lru"},
		{"eviction without a limit", slacksim.Workspace{}, config1("maxmemory-policy", "volatile-ttl"), nil,
			map[string]doctor.Level{"eviction": doctor.Warn}, "without effect"},
		{"configuration forbidden", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			must(t, d.rdb.Do(t.Context(), "acl", "setuser", "limited", "on", ">hunter2", "~*", "&*", "+@all", "-config").Err())
			d.vars["REDIS_URL"] = strings.Replace(d.vars["REDIS_URL"], "redis://", "redis://limited:hunter2@", 1)
		}, nil, map[string]doctor.Level{"persistence": doctor.Warn}, "could not be read"},
		{"wrong password", slacksim.Workspace{}, func(_ *testing.T, d *ward) {
			d.vars["REDIS_URL"] = strings.Replace(d.vars["REDIS_URL"], "redis://", "redis://somebody:hunter2@", 1)
		}, nil, map[string]doctor.Level{"redis": doctor.Fail}, "WRONGPASS"},
		{"Redis away", slacksim.Workspace{}, func(_ *testing.T, d *ward) { d.vars["REDIS_URL"] = "redis://127.0.0.1:1" }, nil,
			map[string]doctor.Level{"redis": doctor.Fail}, "does not answer"},
		{"no replica", slacksim.Workspace{}, func(_ *testing.T, d *ward) { d.vars["INTAKE_WAIT"] = "1" }, nil,
			map[string]doctor.Level{"replicas": doctor.Fail}, "INTAKE_WAIT is 1"},
		{"other number of shards", slacksim.Workspace{}, func(_ *testing.T, d *ward) { d.vars["SHARDS"] = "4" }, nil,
			map[string]doctor.Level{"shards": doctor.Fail}, "16 are stored"},
		{"newer schema", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			must(t, d.rdb.Set(t.Context(), "gd:schema", tickets.Schema+1, 0).Err())
		}, nil, map[string]doctor.Level{"shards": doctor.Fail}, "takes no shard"},
		{"no owner", slacksim.Workspace{}, func(t *testing.T, d *ward) { must(t, d.rdb.HSet(t.Context(), d.keys().Lease(), "until", 1).Err()) }, nil,
			map[string]doctor.Level{"owners": doctor.Warn}, "nobody owns shard"},
		{"dead letter", slacksim.Workspace{}, func(t *testing.T, d *ward) { d.letter(t) }, nil,
			map[string]doctor.Level{"dead letters": doctor.Fail}, "1 delivery was"},
		{"torn ticket", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			n, err := d.rdb.ZRem(t.Context(), d.keys().Key("i:T1:created:"), string(tickets.TicketIDFor(space, "1"))).Result()
			if err != nil || n != 1 {
				t.Fatalf("the index entry to be deleted: %d, %v", n, err)
			}
		}, nil, map[string]doctor.Level{"torn tickets": doctor.Fail}, "index_missing"},
		{"wake lost", slacksim.Workspace{}, func(t *testing.T, d *ward) { must(t, d.rdb.Del(t.Context(), d.keys().Key("wakes")).Err()) }, nil,
			map[string]doctor.Level{"torn tickets": doctor.Fail}, "wake_wrong"},
		{"wake overdue", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			must(t, d.rdb.ZAdd(t.Context(), d.keys().Key("wakes"), redis.Z{Score: 1e15, Member: "early:T1/C1/1.1"}).Err())
		}, nil, map[string]doctor.Level{"wakes": doctor.Fail}, "1 overdue"},
		{"inbox not taken", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			must(t, d.rdb.XAdd(t.Context(), &redis.XAddArgs{Stream: d.keys().Inbox(), ID: "1000-0", Values: []any{"k", "message"}}).Err())
		}, nil, map[string]doctor.Level{"inbox": doctor.Fail}, "1 delivery waits"},
		{"deaf", slacksim.Workspace{}, func(t *testing.T, d *ward) { d.mark(t, time.Now().Add(-time.Hour)) }, nil,
			map[string]doctor.Level{"heard": doctor.Warn}, "not everything since"},
		{"off for a week", slacksim.Workspace{}, func(t *testing.T, d *ward) {
			d.mark(t, time.Now().Add(-7*24*time.Hour))
			must(t, d.rdb.HSet(t.Context(), d.keys().Lease(), "until", 1).Err())
		}, nil, map[string]doctor.Level{"heard": doctor.Warn, "owners": doctor.Warn}, "no"},
		{"repair by hand after a power cut", slacksim.Workspace{}, config1("aof-load-truncated", "no"), nil,
			map[string]doctor.Level{"persistence": doctor.Warn}, "does not start by itself"},
		{"memory nearly full", slacksim.Workspace{}, config1("maxmemory", "1mb"), nil,
			map[string]doctor.Level{"eviction": doctor.Warn}, "of maxmemory are in use"},
		{"clock off", slacksim.Workspace{}, nil, func(o *doctor.Options) { o.Now = func() time.Time { return time.Now().Add(-3 * time.Second) } },
			map[string]doctor.Level{"clock": doctor.Warn}, "differs from this machine's by 3"},
		{"model away", slacksim.Workspace{}, func(_ *testing.T, d *ward) {
			d.vars["OPENAI_BASE_URL"], d.vars["OPENAI_MODEL"] = "http://127.0.0.1:1/v1", "small"
		}, nil, map[string]doctor.Level{"model": doctor.Warn}, "does not answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := admit(t, tt.space, storetest.StartRedis(t))
			if tt.harm != nil {
				tt.harm(t, d)
			}
			found := d.examine(t, tt.change)
			if diff := cmp.Diff(tt.want, levels(found)); diff != "" {
				t.Errorf("Examine (-want +got):\n%s\n%v", diff, found)
			}
			for check := range tt.want {
				if got := found[check].Found; !strings.Contains(got, tt.says) {
					t.Errorf("%s: %q, want %q in it", check, got, tt.says)
				}
			}
		})
	}
}

// without lists the manifest's scopes but one.
func without(scope string) []string {
	var out []string
	for _, s := range slackapi.Manifest(app.Identity(), app.Registrations()).OAuthConfig.Scopes.Bot {
		if s != scope {
			out = append(out, s)
		}
	}
	return out
}

// config1 changes one setting of Redis.
func config1(name, value string) func(*testing.T, *ward) {
	return func(t *testing.T, d *ward) { must(t, d.rdb.ConfigSet(t.Context(), name, value).Err()) }
}

func TestModelAnswers(t *testing.T) {
	t.Parallel()
	llm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"choices":[{"message":{"role":"assistant","content":"{\"intent\":\"none\",\"type\":\"none\",\"sure\":\"high\"}"},"finish_reason":"stop"}]}`)
	}))
	t.Cleanup(llm.Close)
	d := admit(t, slacksim.Workspace{}, miniredis.RunT(t).Addr())
	d.vars["OPENAI_BASE_URL"], d.vars["OPENAI_MODEL"] = llm.URL+"/v1", "small"
	if f := d.examine(t, nil)["model"]; f.Level != doctor.OK || !strings.Contains(f.Found, "json_schema") {
		t.Errorf("model: %v", f)
	}
}

func TestProblemsOfSettings(t *testing.T) {
	t.Parallel()
	_, err := config.Load(func(string) (string, bool) { return "", false })
	var problems config.Problems
	if p, ok := err.(config.Problems); ok {
		problems = p
	}
	var told []doctor.Finding
	found := doctor.Examine(context.Background(), doctor.Options{Problems: problems, Tell: func(f doctor.Finding) { told = append(told, f) }})
	if len(found) != len(problems)+1 || doctor.Worst(found) != doctor.Fail {
		t.Errorf("Examine without settings found %v, want a line for each of %d problems and the model", found, len(problems))
	}
	if diff := cmp.Diff(found, told); diff != "" {
		t.Errorf("told (-found +told):\n%s", diff)
	}
}

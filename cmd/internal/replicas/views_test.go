package replicas

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/app"
	"gongdan/cmd/internal/config"
	"gongdan/tickets/storetest"
)

const (
	clickers       = 40
	clicksASecond  = 50
	clicksOverall  = 250
	clickToViewMax = 300 * time.Millisecond
)

// clicker is one person with a card whose button opens a form.
type clicker struct{ team, user, room, root string }

// TestClickToView presses 50 buttons a second and measures until the form stands before the person, and until it has fields. A bot
// serves one installation, so forty workspaces are forty bots in this process, each in a database of its own.
func TestClickToView(t *testing.T) {
	t.Run("40 workspaces, miniredis", func(t *testing.T) { measureViews(t, clickers, miniredis.RunT(t).Addr()) })
	t.Run("1 workspace, redis", func(t *testing.T) { measureViews(t, 1, storetest.StartRedis(t)) })
}

func measureViews(t *testing.T, workspaces int, redisAddr string) {
	sim := slacksim.New(slacksim.Options{LimitScale: -1})
	var people []clicker
	for i := range clickers {
		people = append(people, clicker{team: fmt.Sprintf("T0V%02d", i%workspaces), user: fmt.Sprintf("U0V%02d", i), room: fmt.Sprintf("C0V%02d", i)})
	}
	for i, p := range people {
		if i < workspaces {
			sim.AddWorkspace(slacksim.Workspace{ID: p.team, AppID: "A" + p.team, BotToken: "xoxb-" + p.team, AppToken: "xapp-" + p.team, BotUser: "B" + p.team})
		}
		sim.AddUser(p.team, slacksim.User{ID: p.user, Name: p.user, Locale: "zh-CN", Admin: true})
		sim.AddChannel(p.team, slacksim.Channel{ID: p.room, Name: p.room, Members: []string{p.user, "B" + p.team}})
	}
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	f := &fleet{T: t, sim: sim, log: &lines{}}
	for i := range workspaces {
		f.serveWorkspace(people[i].team, fmt.Sprintf("%s/%d", redisAddr, i))
	}
	f.ready()
	for i, p := range people {
		people[i].root = f.post(p.user, p.room, fmt.Sprintf(complaints[0], orderNo(5000+i)))
	}
	for _, p := range people {
		f.card(p.room, p.root, "待分派")
	}
	opened, filled := f.clickAll(people)
	slices.Sort(opened)
	slices.Sort(filled)
	at := func(list []time.Duration, q float64) time.Duration {
		return list[int(q*float64(len(list)-1))].Round(100 * time.Microsecond)
	}
	t.Logf("%d clicks at %d/s by %d people in %d workspaces: opened after p50 %s, p99 %s, at most %s; with its fields p50 %s, p99 %s",
		len(opened), clicksASecond, len(people), workspaces, at(opened, 0.5), at(opened, 0.99), at(opened, 1), at(filled, 0.5), at(filled, 0.99))
	if p99 := at(opened, 0.99); p99 > clickToViewMax {
		t.Errorf("opened after p99 %s, want at most %s", p99, clickToViewMax)
	}
}

// serveWorkspace starts a bot for one workspace.
func (f *fleet) serveWorkspace(team, redisURL string) {
	f.Helper()
	env := environment(false, f.sim.URL(), redisURL)
	env["SLACK_BOT_TOKEN"], env["SLACK_APP_TOKEN"] = "xoxb-"+team, "xapp-"+team
	cfg, err := config.Load(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	if err != nil {
		f.Fatal(err)
	}
	a, err := app.New(app.Options{Config: cfg, Pace: 1000, Log: slog.New(slog.NewTextHandler(f.log, nil))})
	if err != nil {
		f.Fatal(err)
	}
	if err := a.Start(f.Context()); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = stop(a) })
	f.apps = append(f.apps, a)
}

// clickAll has everybody press in turn, and returns how long it took until the form opened and until it had fields.
func (f *fleet) clickAll(people []clicker) (opened, filled []time.Duration) {
	var mu sync.Mutex
	var all sync.WaitGroup
	tick := time.NewTicker(time.Second / clicksASecond)
	defer tick.Stop()
	for i := range clicksOverall {
		<-tick.C
		p := people[i%len(people)]
		all.Go(func() {
			at := time.Now()
			done := make(chan error, 1)
			m := f.card(p.room, p.root, "待分派")
			go func() { done <- f.sim.Click(p.user, m.Channel, m.TS, "transfer") }()
			within(patience, time.Millisecond, func() bool { return hasForm(f.sim, p.user) })
			o := time.Since(at)
			within(patience, time.Millisecond, func() bool { return hasForm(f.sim, p.user, "who") })
			w := time.Since(at)
			if err := <-done; err != nil {
				f.Errorf("click: %v", err)
			}
			if err := f.sim.CloseView(p.user); err != nil {
				f.Errorf("close: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			opened, filled = append(opened, o), append(filled, w)
		})
	}
	all.Wait()
	return opened, filled
}

package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot/slackapi"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// ViewsOptions say how to measure the opening of forms.
type ViewsOptions struct {
	Options        // For defaults to 20 s
	Rate       int // clicks a second over all workspaces, default 50
	Workspaces int // default 40
}

// clickers is how many people of a workspace click in turns.
const clickers = 5

// Views measures how long a person waits for the form behind a button: one whole bot in this process serves all workspaces
// of one app in a local Slack, first in Socket Mode, then over HTTP.
func Views(ctx context.Context, o ViewsOptions) (*Report, error) {
	if o.For == 0 {
		o.For = 20 * time.Second
	}
	if o.Rate == 0 {
		o.Rate = 50
	}
	if o.Workspaces == 0 {
		o.Workspaces = 40
	}
	r := newReport("views", o.Server, time.Now())
	r.setting("load", "%d clicks/s on the button that opens the form for handing a ticket over, for %s after %s unmeasured, in turns in %d workspaces of %d people and one ticket each", o.Rate, o.For, warmUp, o.Workspaces, clickers)
	r.setting("path", "slacksim → the bot (one, whole, in this process, Slack's own limits) → record of the view in Redis → views.open; then ticket and people → views.update")
	r.setting("measured", "from before the click is sent to when Slack has the call that opens the form, and the one that fills it")
	r.Columns = []string{"transport", "workspaces", "clicks", "opened p50 ms", "p99 ms", "max ms", "filled p50 ms", "filled p99 ms", "not opened", "not filled"}
	for _, overHTTP := range []bool{false, true} {
		m := &views{o: o, overHTTP: overHTTP, rdb: o.Server.client()}
		err := m.measure(ctx)
		_ = m.rdb.Close()
		if err != nil {
			return nil, fmt.Errorf("measure views: %w", err)
		}
		m.report(r)
	}
	return r, nil
}

type views struct {
	o        ViewsOptions
	overHTTP bool
	rdb      redis.UniversalClient
	sim      *slacksim.Sim
	installs []slackapi.Installation
	cards    map[string]slacksim.Message // by workspace

	clicks map[string][]click // by workspace, in order
	opened []time.Duration
	filled []time.Duration
	all    int // measured clicks
}

type click struct {
	at       time.Time
	measured bool
}

func (m *views) report(r *Report) {
	name := map[bool]string{false: "Socket Mode", true: "HTTP"}[m.overHTTP]
	opened, filled := spreadOf(m.opened), spreadOf(m.filled)
	r.row(name, m.o.Workspaces, m.all, ms(opened.p50), ms(opened.p99), ms(opened.max), ms(filled.p50), ms(filled.p99), m.all-len(m.opened), m.all-len(m.filled))
	r.atMost(name+", p99 from click to opened view", ms(opened.p99), 300, " ms")
	r.atMost(name+", not opened or not filled", float64(2*m.all-len(m.opened)-len(m.filled)), 0, "")
}

func (m *views) measure(ctx context.Context) (err error) {
	if err := vacant(ctx, m.rdb); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, vacate(context.WithoutCancel(ctx), m.rdb)) }()
	m.sim = slacksim.New(slacksim.Options{})
	m.populate()
	if err := m.sim.Start(); err != nil {
		return fmt.Errorf("start the local Slack: %w", err)
	}
	defer func() { _ = m.sim.Close() }()
	stop, err := m.serve(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := m.prepare(ctx); err != nil {
		return err
	}
	if err := m.click(ctx); err != nil {
		return err
	}
	return m.collect(ctx)
}

func roomOf(i int) string { return fmt.Sprintf("CV%03d", i) }

func clickerOf(i, n int) string { return fmt.Sprintf("UV%03d%d", i, n%clickers) }

// The app that all workspaces have.
const (
	viewsApp    = "A0VIEWS"
	viewsToken  = "xapp-1-A0VIEWS"
	viewsSecret = "8f742231b10e8888abcd99aabbcc85a5"
)

func (m *views) populate() {
	for i := range m.o.Workspaces {
		w := m.sim.AddWorkspace(slacksim.Workspace{ID: fmt.Sprintf("TV%03d", i), AppID: viewsApp, AppToken: viewsToken, SigningSecret: viewsSecret})
		members := []string{w.BotUser}
		for n := range clickers {
			m.sim.AddUser(w.ID, slacksim.User{ID: clickerOf(i, n), Name: fmt.Sprintf("p%d", n), Locale: "zh-CN", Admin: n == 0})
			members = append(members, clickerOf(i, n))
		}
		m.sim.AddChannel(w.ID, slacksim.Channel{ID: roomOf(i), Name: "shop", Members: members})
		m.installs = append(m.installs, slackapi.Installation{Workspace: tickets.WorkspaceID(w.ID), Name: w.Name, AppID: w.AppID,
			BotToken: slackapi.Secret(w.BotToken), BotUser: tickets.UserID(w.BotUser), BotID: w.BotID})
	}
}

// serve starts the bot and has Slack's deliveries reach it.
func (m *views) serve(ctx context.Context) (stop func() error, err error) {
	vars := map[string]string{"SLACK_API_URL": m.sim.URL() + "/api/", "SLACK_APP_TOKEN": viewsToken}
	if m.overHTTP {
		delete(vars, "SLACK_APP_TOKEN")
		vars["SLACK_SIGNING_SECRET"] = viewsSecret
	}
	a, stop, err := m.o.Server.startBot(ctx, vars, slackapi.StaticOf(m.installs...))
	if err != nil {
		return nil, err
	}
	if !m.overHTTP {
		err = m.sim.Wait(ctx, func() bool { return m.sim.Connections() > 0 })
	}
	for _, in := range m.installs {
		if m.overHTTP {
			m.sim.SetRequestURL(string(in.Workspace), "http://"+a.Addr())
		}
	}
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	return stop, nil
}

// prepare has a ticket made in each workspace and finds its card.
func (m *views) prepare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	m.cards = map[string]slacksim.Message{}
	for i, in := range m.installs {
		ts, err := m.sim.Post(clickerOf(i, 0), roomOf(i), fmt.Sprintf("订单 %d 买家说收到的杯子碎了，要退货", 2024112200000000000+i))
		if err != nil {
			return fmt.Errorf("post: %w", err)
		}
		err = m.sim.Wait(ctx, func() bool {
			for _, said := range m.sim.Thread(roomOf(i), ts) {
				if strings.Contains(string(said.Blocks), `"transfer"`) {
					m.cards[string(in.Workspace)] = said
					return true
				}
			}
			return false
		})
		if err != nil {
			return fmt.Errorf("wait for the card in %s: %w", in.Workspace, err)
		}
	}
	return nil
}

// click clicks at an even rate whatever the bot does meanwhile.
func (m *views) click(ctx context.Context) error {
	var under sync.WaitGroup
	defer under.Wait()
	m.clicks = map[string][]click{}
	before := int(warmUp.Seconds() * float64(m.o.Rate))
	m.all = int(m.o.For.Seconds() * float64(m.o.Rate))
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range before + m.all {
		timer.Reset(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(m.o.Rate))))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		at := i % m.o.Workspaces
		ws := string(m.installs[at].Workspace)
		card, who := m.cards[ws], clickerOf(at, i/m.o.Workspaces)
		m.clicks[ws] = append(m.clicks[ws], click{at: time.Now(), measured: i >= before})
		// A click that is not acknowledged opens no form, which is counted.
		under.Go(func() { _ = m.sim.Click(who, card.Channel, card.TS, "transfer") })
	}
	return nil
}

// collect waits until all forms are filled, or Slack would long have given up, and reads when each opened and was filled:
// in a workspace they open in the order of the clicks, almost a second apart.
func (m *views) collect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		m.read()
		if len(m.filled) == m.all {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil // what is missing is counted
		case <-tick.C:
		}
	}
}

func (m *views) read() {
	m.opened, m.filled = nil, nil
	next, waits := map[string]int{}, map[string]click{}
	for _, c := range m.sim.Calls() {
		if c.Error != "" || c.Status != 200 {
			continue
		}
		switch c.Method {
		case "views.open":
			n := next[c.Team]
			if next[c.Team]++; n >= len(m.clicks[c.Team]) {
				continue
			}
			by := m.clicks[c.Team][n]
			waits[externalID(c.Args["view"])] = by
			if by.measured {
				m.opened = append(m.opened, c.Wall.Sub(by.at))
			}
		case "views.update":
			by := waits[c.Args["external_id"]]
			delete(waits, c.Args["external_id"])
			if by.measured {
				m.filled = append(m.filled, c.Wall.Sub(by.at))
			}
		}
	}
}

func externalID(view string) string {
	var v struct {
		ID string `json:"external_id"`
	}
	if json.Unmarshal([]byte(view), &v) != nil {
		return ""
	}
	return v.ID
}

package slacksim_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"gongdan/bot/slacksim"
)

const (
	team  = "T1"
	room  = "C1"
	bot   = "UBOT00001"
	lin   = "ULIN"
	wang  = "UWANG"
	guest = "UGUEST"
)

// start is the simulated time of all tests here.
var start = time.Unix(1_700_000_000, 0)

// world is a running simulator with one workspace and Slack's Go client.
type world struct {
	*slacksim.Sim
	api  *slack.Client
	http *http.Client
	pipe *slacksim.Pipe
}

// newWorld starts a simulator on a Pipe, so that it also works in a synctest bubble.
func newWorld(t *testing.T, o slacksim.Options) *world {
	t.Helper()
	pipe := slacksim.NewPipe()
	if o.Now == nil {
		o.Now = func() time.Time { return start }
	}
	o.Listener = pipe
	w := &world{Sim: slacksim.New(o), pipe: pipe}
	transport := &http.Transport{DialContext: pipe.DialContext}
	w.http = &http.Client{Transport: transport}
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := w.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	w.populate()
	w.api = w.client("xoxb-T1")
	return w
}

func (w *world) populate() {
	w.AddWorkspace(slacksim.Workspace{ID: team, Name: "小店", Domain: "xiaodian", BotUser: bot})
	w.AddUser(team, slacksim.User{ID: lin, Name: "lin", RealName: "林小雨", Locale: "zh-CN", Admin: true})
	w.AddUser(team, slacksim.User{ID: wang, Name: "wang", DisplayName: "老王"})
	w.AddUser(team, slacksim.User{ID: guest, Name: "guest", Guest: true})
	w.AddUser(team, slacksim.User{ID: "UFOREIGN", Name: "acme-ann", Foreign: "T9"})
	w.AddChannel(team, slacksim.Channel{ID: room, Name: "shop-a", Members: []string{lin, wang, bot, "UFOREIGN"}})
	w.AddChannel(team, slacksim.Channel{ID: "C2", Name: "random", Members: []string{lin, wang}})
	w.AddChannel(team, slacksim.Channel{ID: "G1", Name: "secret", Private: true, Members: []string{lin}})
}

func (w *world) client(token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(w.URL()+"/api/"), slack.OptionHTTPClient(w.http),
		slack.OptionAppLevelToken("xapp-1-A00000001"))
}

// listener runs Slack's Go socket client, acknowledges what it gets unless deaf,
// and collects it.
type listener struct {
	client *socketmode.Client
	mu     sync.Mutex
	events []socketmode.Event
	answer func(socketmode.Event) any
	deaf   func(socketmode.Event) bool
}

func (w *world) listen(t *testing.T, l *listener) *listener {
	t.Helper()
	dialer := &websocket.Dialer{NetDialContext: w.pipe.DialContext}
	l.client = socketmode.New(w.api, socketmode.OptionDialer(dialer))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = l.client.RunContext(ctx) })
	running.Go(func() { l.consume(ctx) })
	t.Cleanup(func() { cancel(); w.DropSockets(); running.Wait() })
	w.until(t, "the socket connects", func() bool { return w.Connections() == 1 })
	return l
}

func (l *listener) consume(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-l.client.Events:
			if e.Request == nil || e.Request.EnvelopeID == "" {
				continue
			}
			l.mu.Lock()
			l.events = append(l.events, e)
			l.mu.Unlock()
			if l.deaf != nil && l.deaf(e) {
				continue
			}
			var payload any
			if l.answer != nil {
				payload = l.answer(e)
			}
			_ = l.client.AckCtx(ctx, e.Request.EnvelopeID, payload)
		}
	}
}

func (l *listener) all() []socketmode.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]socketmode.Event(nil), l.events...)
}

// until waits for a condition on the simulator.
func (w *world) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := w.Wait(ctx, cond); err != nil {
		t.Fatalf("waiting until %s: %v; %d unacknowledged, %d deliveries", what, err, w.Unacked(), len(w.Deliveries()))
	}
}

func (w *world) settled(t *testing.T) {
	t.Helper()
	w.until(t, "everything is acknowledged", func() bool { return w.Unacked() == 0 })
}

func (w *world) post(t *testing.T, user, channel, text string, opts ...slacksim.PostOption) string {
	t.Helper()
	ts, err := w.Post(user, channel, text, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func ExampleSim() {
	sim := slacksim.New(slacksim.Options{Now: func() time.Time { return start }})
	if err := sim.Start(); err != nil {
		panic(err)
	}
	defer sim.Close()
	ws := sim.AddWorkspace(slacksim.Workspace{ID: "T1"})
	sim.AddUser("T1", slacksim.User{ID: "ULIN", Name: "lin"})
	sim.AddChannel("T1", slacksim.Channel{ID: "C1", Name: "shop", Members: []string{"ULIN", ws.BotUser}})
	api := slack.New(ws.BotToken, slack.OptionAPIURL(sim.URL()+"/api/"))
	if _, _, err := api.PostMessage("C1", slack.MsgOptionText("你好 <@ULIN>", false)); err != nil {
		panic(err)
	}
	for _, m := range sim.Messages("C1") {
		fmt.Println(m.TS, m.PlainText())
	}
	// Output: 1700000000.000100 你好 <@ULIN>
}

package slackapi

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot/slacksim"
)

// world is a simulated Slack with a shop's workspace, in virtual time.
type world struct {
	*slacksim.Sim
	api      *API
	installs *Static
	m        *Messenger
	d        *Directory
	pipe     *slacksim.Pipe

	mu    sync.Mutex
	calls map[string]int // by method and result
}

// called counts the calls of a method with a result.
func (w *world) called(what string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[what]
}

func (w *world) count(method, result string, _ time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls[method+" "+result]++
}

const (
	room = "C1"
	lin  = "U1"
	wang = "U2"
	boss = "UADMIN"
)

// inWorld runs a test in a bubble of virtual time with a world in it.
func inWorld(t *testing.T, o slacksim.Options, test func(*testing.T, *world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, newWorld(t, o)) })
}

func newWorld(t *testing.T, o slacksim.Options) *world {
	t.Helper()
	w := &world{pipe: slacksim.NewPipe(), calls: map[string]int{}}
	o.Listener = w.pipe
	w.Sim = slacksim.New(o)
	must(t, w.Start())
	transport := &http.Transport{DialContext: w.pipe.DialContext}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		must(t, w.Close())
	})
	w.AddWorkspace(slacksim.Workspace{ID: "T1", BotUser: "UBOT", Name: "小店"})
	w.AddUser("T1", slacksim.User{ID: lin, Name: "lin", DisplayName: "小林", Locale: "zh-CN"})
	w.AddUser("T1", slacksim.User{ID: wang, Name: "wang", Locale: "en-US"})
	w.AddUser("T1", slacksim.User{ID: boss, Name: "boss", Admin: true})
	w.AddUser("T1", slacksim.User{ID: "UGUEST", Name: "guest", Guest: true})
	w.AddUser("T1", slacksim.User{ID: "UFOREIGN", Name: "foreign", Foreign: "T9", Admin: true})
	w.AddChannel("T1", slacksim.Channel{ID: room, Name: "shop", Members: []string{lin, wang, "UBOT"}})
	w.AddChannel("T1", slacksim.Channel{ID: "C2", Name: "with-guest", Members: []string{lin, "UGUEST", "UBOT"}})
	w.AddChannel("T1", slacksim.Channel{ID: "C3", Name: "connected", Members: []string{lin, "UFOREIGN", "UBOT"}, ExtShared: true})
	w.AddChannel("T1", slacksim.Channel{ID: "C4", Name: "elsewhere", Members: []string{lin}})
	var err error
	w.api, err = NewAPI(APIOptions{URL: w.URL() + "/api/", HTTP: &http.Client{Transport: transport}, OnCall: w.count})
	must(t, err)
	w.installs, err = NewStatic(context.Background(), w.api, "xoxb-T1")
	must(t, err)
	w.m, w.d = NewMessenger(w.api, w.installs), NewDirectory(w.api, w.installs, DirectoryOptions{})
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pass lets virtual time pass.
func pass(d time.Duration) { time.Sleep(d) }

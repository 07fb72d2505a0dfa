package slacksim_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gongdan/bot/slacksim"
)

// site is a simulator with its page on a real port, as a browser needs it.
type site struct {
	*slacksim.Sim
	api *slack.Client
}

func newSite(t *testing.T, o slacksim.PageOptions) *site {
	t.Helper()
	w := &world{Sim: slacksim.New(slacksim.Options{LimitScale: -1, Now: func() time.Time { return start.Add(time.Hour) }})}
	must(t, w.Start())
	t.Cleanup(func() { must(t, w.Close()) })
	w.populate()
	w.ServePage(o)
	api := slack.New("xoxb-T1", slack.OptionAPIURL(w.URL()+"/api/"), slack.OptionAppLevelToken("xapp-1-A00000001"))
	return &site{w.Sim, api}
}

func (s *site) get(t *testing.T, what, as string, params ...string) (int, string) {
	t.Helper()
	q := url.Values{"as": {as}}
	for i := 0; i < len(params); i += 2 {
		q.Set(params[i], params[i+1])
	}
	res, err := http.Get(s.URL() + "/web/" + what + "?" + q.Encode())
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(body)
}

// act does something as a person and returns the error word.
func (s *site) act(t *testing.T, as string, body map[string]any) string {
	t.Helper()
	raw, err := json.Marshal(body)
	must(t, err)
	req, err := http.NewRequest(http.MethodPost, s.URL()+"/web/act?as="+as, bytes.NewReader(raw))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", s.URL())
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	var out struct{ Error string }
	must(t, json.NewDecoder(res.Body).Decode(&out))
	return out.Error
}

func TestPageShowsOnlyWhatAPersonMaySee(t *testing.T) {
	t.Parallel()
	s := newSite(t, slacksim.PageOptions{})
	secret, err := s.Post(lin, "G1", "秘密频道的话")
	must(t, err)
	_, err = s.api.PostEphemeral(room, lin, slack.MsgOptionText("只给林", false))
	must(t, err)
	_, _, err = s.api.PostMessage(lin, slack.MsgOptionText("给林的私信", false))
	must(t, err)
	dm := s.DMChannel(team, lin)
	ts, err := s.Post(lin, room, "收回的话")
	must(t, err)
	_, err = s.Post(wang, room, "回复", slacksim.InThread(ts))
	must(t, err)
	must(t, s.Delete(lin, room, ts))

	tests := []struct {
		name, what, as string
		params         []string
		status         int
		shown, hidden  string
	}{
		{"member sees a private channel", "room", lin, []string{"channel", "G1"}, 200, "秘密频道的话", ""},
		{"others do not", "room", wang, []string{"channel", "G1"}, 404, "", "秘密"},
		{"nor its name", "state", wang, nil, 200, "shop-a", "secret"},
		{"nor its threads", "thread", wang, []string{"channel", "G1", "ts", secret}, 404, "", "秘密"},
		{"an ephemeral message has one reader", "room", lin, []string{"channel", room}, 200, "只给林", ""},
		{"and no other", "room", wang, []string{"channel", room}, 200, "回复", "只给林"},
		{"one's own direct messages", "room", lin, []string{"channel", dm}, 200, "给林的私信", ""},
		{"not those of others", "room", wang, []string{"channel", dm}, 404, "", "私信"},
		{"a deleted message is gone", "room", wang, []string{"channel", room}, 200, `"deleted":true`, "收回的话"},
		{"guests see no public channel", "room", guest, []string{"channel", room}, 404, "", "回复"},
		{"guests know nobody else", "state", guest, nil, 200, `"me":"UGUEST"`, "林小雨\",\"handle"},
		{"unknown person", "state", "UNOBODY", nil, 404, "", "shop-a"},
		{"the bot is no person to act as", "state", bot, nil, 404, "", "shop-a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := s.get(t, tt.what, tt.as, tt.params...)
			if tt.what == "room" && tt.name == "and no other" {
				_, thread := s.get(t, "thread", tt.as, "channel", room, "ts", ts)
				body += thread
			}
			if status != tt.status || !strings.Contains(body, tt.shown) || tt.hidden != "" && strings.Contains(body, tt.hidden) {
				t.Errorf("GET %s %v as %s = %d, %s", tt.what, tt.params, tt.as, status, body)
			}
		})
	}
	for _, body := range []map[string]any{
		{"do": "post", "channel": "G1", "text": "hi"}, {"do": "react", "channel": "G1", "ts": secret, "name": "eyes", "on": true},
		{"do": "join", "channel": "G1"}, {"do": "message_shortcut", "channel": "G1", "ts": secret, "name": "x"},
		{"do": "read", "channel": dm, "ts": secret},
	} {
		if got := s.act(t, wang, body); got != "not_found" {
			t.Errorf("act %v in an unseen channel = %q, want not_found", body, got)
		}
	}
	if m := s.Messages("G1"); len(m) != 1 || len(m[0].Reactions) > 0 {
		t.Errorf("the private channel was touched: %+v", m)
	}
	ephemeral := s.Ephemerals(room, lin)[0].TS
	if got := s.act(t, wang, map[string]any{"do": "use", "channel": room, "ts": ephemeral, "block": "b", "action": "a"}); got != "no_element" {
		t.Errorf("using somebody else's ephemeral message = %q", got)
	}
}

func TestPageRefusesOtherSites(t *testing.T) {
	t.Parallel()
	s := newSite(t, slacksim.PageOptions{})
	here := s.URL()
	port := here[strings.LastIndex(here, ":"):]
	tests := []struct {
		name, method, path, host string
		header                   map[string]string
		want                     int
	}{
		{"the page", "GET", "/", "", nil, 200},
		{"under localhost", "GET", "/", "localhost" + port, nil, 200},
		{"a link from elsewhere", "GET", "/", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
		{"another name for this address", "GET", "/", "evil.example" + port, nil, 403},
		{"a name that begins like ours", "GET", "/web/state", "127.0.0.1.evil.example", nil, 403},
		{"state for another site", "GET", "/web/state", "", map[string]string{"Origin": "https://evil.example"}, 403},
		{"state embedded elsewhere", "GET", "/web/state", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"state for another port", "GET", "/web/state", "", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"stream for another site", "GET", "/web/stream", "", map[string]string{"Origin": "null"}, 403},
		{"act without origin", "POST", "/web/act", "", map[string]string{"Content-Type": "application/json"}, 403},
		{"act from another site", "POST", "/web/act", "", map[string]string{"Content-Type": "application/json", "Origin": "http://evil.example"}, 403},
		{"act as a form", "POST", "/web/act", "", map[string]string{"Content-Type": "text/plain", "Origin": here}, 403},
		{"act", "POST", "/web/act", "", map[string]string{"Content-Type": "application/json", "Origin": here}, 400},
		{"no such file", "GET", "/web/assets/secret.js", "", nil, 404},
		{"no way out", "GET", "/web/assets/..%2fsim.go", "", nil, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequest(tt.method, here+tt.path, nil)
			must(t, err)
			req.Host = tt.host
			for key, value := range tt.header {
				req.Header.Set(key, value)
			}
			res, err := http.DefaultClient.Do(req)
			must(t, err)
			_ = res.Body.Close()
			if res.StatusCode != tt.want {
				t.Errorf("%s %s = %d, want %d", tt.method, tt.path, res.StatusCode, tt.want)
			}
			csp := res.Header.Get("Content-Security-Policy")
			if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || res.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("headers = %v", res.Header)
			}
		})
	}
}

func TestPageActs(t *testing.T) {
	t.Parallel()
	s := newSite(t, slacksim.PageOptions{Viewers: []string{wang, lin}})
	act := func(want string, body map[string]any) {
		t.Helper()
		if got := s.act(t, lin, body); got != want {
			t.Errorf("act %v = %q, want %q", body, got, want)
		}
	}
	act("", map[string]any{"do": "post", "channel": room, "text": "<b>你好</b> @老王"})
	m := s.Messages(room)[0]
	if m.Text != "&lt;b&gt;你好&lt;/b&gt; <@UWANG>" {
		t.Errorf("posted text = %q", m.Text)
	}
	act("", map[string]any{"do": "post", "channel": room, "thread": m.TS, "text": "一", "also": true})
	act("", map[string]any{"do": "edit", "channel": room, "ts": m.TS, "text": "改"})
	act("", map[string]any{"do": "react", "channel": room, "ts": m.TS, "name": "eyes", "on": true})
	act("no_text", map[string]any{"do": "post", "channel": room, "text": " \n"})
	act("in_thread", map[string]any{"do": "command", "channel": room, "thread": m.TS, "text": "/ticket"})
	act("no_connection", map[string]any{"do": "command", "channel": room, "text": "/ticket 1"})
	act("no_element", map[string]any{"do": "submit", "view": "V404"})
	act("not_found", map[string]any{"do": "speed", "speed": 60})
	act("not_found", map[string]any{"do": "step", "name": "x"})
	act("not_found", map[string]any{"do": "nonsense"})
	_, state := s.get(t, "state", wang)
	if !strings.Contains(state, `"unread":2,"mentions":0`) {
		t.Errorf("two unread messages are not counted: %s", state)
	}
	if got := s.act(t, wang, map[string]any{"do": "read", "channel": room, "ts": s.Messages(room)[1].TS}); got != "" {
		t.Errorf("read = %q", got)
	}
	if _, state = s.get(t, "state", wang); strings.Contains(state, `"unread":2`) {
		t.Errorf("what was read counts as unread: %s", state)
	}
	act("", map[string]any{"do": "delete", "channel": room, "ts": m.TS})
	if _, state := s.get(t, "state", "UFOREIGN"); !strings.Contains(state, "no_such_person") {
		t.Errorf("one can act as somebody outside Viewers: %s", state)
	}
}

// sampleClock is a clock in the test's hand.
type sampleClock struct {
	mu    sync.Mutex
	now   time.Time
	speed float64
}

func (c *sampleClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *sampleClock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

func (c *sampleClock) SetSpeed(v float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speed = v
}

func (c *sampleClock) Jump(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
}

// samplePlug is a process that is only said to run.
type samplePlug struct {
	mu  sync.Mutex
	off bool
}

func (p *samplePlug) Running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.off
}

func (p *samplePlug) set(off bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off = off
	return nil
}

func (p *samplePlug) Pull(context.Context) error  { return p.set(true) }
func (p *samplePlug) Start(context.Context) error { return p.set(false) }

func TestPageStory(t *testing.T) {
	t.Parallel()
	clock, plug := &sampleClock{now: start, speed: 1}, &samplePlug{}
	entered, leave := make(chan bool), make(chan bool)
	s := newSite(t, slacksim.PageOptions{Clock: clock, Plug: plug, Story: []slacksim.Step{
		{ID: "slow", Label: slacksim.Words{"en": "Slow"}, Do: func(context.Context) error { entered <- true; <-leave; return nil },
			Where: func() slacksim.Place { return slacksim.Place{As: wang, Channel: room} }, Typed: func() string { return "/ticket urge 1" }},
		{ID: "bad", Do: func(context.Context) error { return errors.New("the ping came twice") }},
	}})
	top := func() map[string]any {
		_, body := s.get(t, "state", lin)
		var out struct{ Top map[string]any }
		must(t, json.Unmarshal([]byte(body), &out))
		return out.Top
	}
	first := make(chan string)
	go func() { first <- s.act(t, lin, map[string]any{"do": "step", "name": "slow"}) }()
	<-entered
	if got := s.act(t, wang, map[string]any{"do": "step", "name": "bad"}); got != "busy" {
		t.Errorf("a second step beside the first = %q, want busy", got)
	}
	if got := top()["running"]; got != "slow" {
		t.Errorf("running = %v", got)
	}
	leave <- true
	if got := <-first; got != "" {
		t.Errorf("step = %q", got)
	}
	if got := s.act(t, lin, map[string]any{"do": "step", "name": "bad"}); got != "failed" {
		t.Errorf("failing step = %q", got)
	}
	after := top()
	steps := after["steps"].([]any)
	place := map[string]any{"as": wang, "channel": room}
	if diff := cmp.Diff(place, steps[0].(map[string]any)["place"]); diff != "" || steps[0].(map[string]any)["done"] != true || steps[1].(map[string]any)["done"] != nil {
		t.Errorf("steps = %v (-want +got):\n%s", steps, diff)
	}
	if got := steps[0].(map[string]any)["typed"]; got != "/ticket urge 1" {
		t.Errorf("typed = %v", got)
	}
	if after["error"] != "the ping came twice" || after["last"] != "bad" {
		t.Errorf("outcome = %v", after)
	}
	for _, tt := range []struct {
		body map[string]any
		want string
	}{
		{map[string]any{"do": "speed", "speed": 60}, ""}, {map[string]any{"do": "speed", "speed": -1}, "bad_value"},
		{map[string]any{"do": "jump", "time": start.Add(time.Hour).UnixMilli()}, ""},
		{map[string]any{"do": "jump", "time": start.UnixMilli()}, "bad_value"}, {map[string]any{"do": "plug", "on": false}, ""},
	} {
		if got := s.act(t, lin, tt.body); got != tt.want {
			t.Errorf("act %v = %q, want %q", tt.body, got, tt.want)
		}
	}
	if clock.Speed() != 60 || !clock.Now().Equal(start.Add(time.Hour)) || plug.Running() {
		t.Errorf("speed %v, now %v, running %v", clock.Speed(), clock.Now(), plug.Running())
	}
}

func TestPageStream(t *testing.T) {
	t.Parallel()
	s := newSite(t, slacksim.PageOptions{})
	lines := s.stream(t, wang)
	first := nextParts(t, lines)
	if first["room:"+room] == "" || first["side"] == "" || first["room:G1"] != "" {
		t.Errorf("first event = %v", first)
	}
	_, err := s.Post(lin, "G1", "秘密")
	must(t, err)
	ts, err := s.Post(lin, room, "大家好")
	must(t, err)
	second := nextParts(t, lines)
	if second["room:"+room] == "" || second["room:G1"] != "" || second["views"] != "" {
		t.Errorf("after a message: %v", second)
	}
	_, body := s.get(t, "room", wang, "channel", room)
	if !strings.Contains(body, `"version":"`+second["room:"+room]+`"`) {
		t.Errorf("version %s is not that of %s", second["room:"+room], body)
	}
	must(t, s.React(lin, room, ts, "eyes"))
	if third := nextParts(t, lines); third["room:"+room] == "" || third["room:"+room] == second["room:"+room] {
		t.Errorf("after a reaction: %v", third)
	}
	if again := nextParts(t, s.stream(t, wang)); again["room:"+room] == "" || again["side"] == "" {
		t.Errorf("after coming back: %v", again)
	}
}

// stream opens a person's stream of changes and returns its lines.
func (s *site) stream(t *testing.T, as string) *bufio.Scanner {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/web/stream?as="+as, nil)
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return bufio.NewScanner(res.Body)
}

// nextParts reads on to the next event that names parts.
func nextParts(t *testing.T, lines *bufio.Scanner) map[string]string {
	t.Helper()
	wanted := false
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if ok && wanted {
			var parts map[string]string
			must(t, json.Unmarshal([]byte(data), &parts))
			return parts
		}
		wanted = lines.Text() == "event: parts"
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return nil
}

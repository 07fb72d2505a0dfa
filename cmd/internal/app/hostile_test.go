package app

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// sharedData finds the public test data beside the repository, or skips.
func sharedData(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("GONGDAN_SHARED_DATA"); dir != "" {
		return dir
	}
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		found := filepath.Join(dir, "..", "shared", "data")
		if info, err := os.Stat(found); err == nil && info.IsDir() {
			return found
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("skipped: ../shared/data is absent")
	return ""
}

func nasty(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(sharedData(t), "nasty", "blns.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := json.Unmarshal(raw, &out); err != nil || len(out) < 400 {
		t.Fatalf("%d strings: %v", len(out), err)
	}
	return out
}

// nastyPart is every string, and under the race detector, which looks for something else, every fifth.
func nastyPart(t *testing.T) (out []string) {
	for i, text := range nasty(t) {
		if i%slower == 0 {
			out = append(out, text)
		}
	}
	return out
}

// alive fails the test unless the bot still makes tickets, has pinged nobody in mass, and has not panicked.
func (s *stage) alive() {
	s.t.Helper()
	ts := s.post(wang, teamRoom, "订单 2024110908070605044 买家收到的颜色发错了，要换货")
	s.carded(teamRoom, ts, "2024110908070605044")
	s.settled()
	if n := s.sim.MassMentions(); n != 0 {
		s.t.Errorf("%d mass mentions", n)
	}
	if s.log.has("panic") {
		s.t.Errorf("something panicked:\n%s", s.log.tail())
	}
	if dead, err := s.app.parts.Load().inbox.Dead(s.t.Context()); err != nil || len(dead) > 0 {
		s.t.Errorf("dead letters: %d, %v", len(dead), err)
	}
}

func TestNastyMessages(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	for i, text := range nastyPart(t) {
		if strings.TrimSpace(text) == "" {
			continue // Slack does not send it
		}
		switch i % 3 {
		case 0:
			s.post(anna, teamRoom, text)
		case 1: // as a ticket's words, so that they are shown again
			s.post(li, teamRoom, "订单 20241122"+strconv.Itoa(10_000_000_000+i)+" 要退货 "+text)
		case 2:
			s.post(guest, shopRoom, "@gongdan 新建 "+text)
		}
	}
	s.alive()
	if n := len(s.tickets()); n < 100/slower {
		t.Errorf("only %d tickets were made of the nasty strings", n)
	}
}

func TestNastyCommands(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	for i, text := range nastyPart(t) {
		if i%2 == 0 {
			text = "new " + text
		}
		s.log.forbid(text)
		if _, err := s.sim.Command(li, teamRoom, "/ticket", text); err != nil {
			t.Errorf("/ticket %q: %v", text, err)
		}
	}
	s.alive()
}

func TestOversizedMessages(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	long := strings.Repeat("订单 2024112233445566778 买家说杯子碎了 <!channel> ", 1000) // about 40,000 characters
	var roots []string
	for _, text := range []string{
		"要退货 " + long,
		"退货 " + strings.Repeat("碎", 40_000),
		"订单 2024112233445566700 要退货 \x00\x01\x02\x1b[31m\xff\xfe\xc3\x28",
		"订单 2024112233445566701 要退货 \u202e\u2066txet desrever\u2069\u200b\u2060\ufeff",
		"订单 2024112233445566702 要退货 " + strings.Repeat("\u0301", 5000) + "e",
		"订单 2024112233445566703 要退货 @channel @here <!channel> <!subteam^S1> <@" + wang + "> <https://evil.example|https://slack.com>",
		"订单 2024112233445566704 要退货 " + strings.Repeat("<@U0ANNA> ", 2000),
	} {
		roots = append(roots, s.post(anna, teamRoom, text))
	}
	for i, ts := range roots {
		t.Logf("message %d is decided as %s", i, s.decided(teamRoom, ts))
	}
	s.settled()
	if k := s.tickets()[0]; len([]rune(k.Source.Text)) < 1000 && !strings.Contains(k.Source.Text, "杯子") {
		t.Errorf("the long message is kept as %d characters", len([]rune(k.Source.Text)))
	}
	for _, m := range s.sim.Messages(teamRoom) {
		if m.BotID == "" {
			continue
		}
		if n := len([]rune(m.PlainText())); n > 3000 {
			t.Errorf("the bot says %d characters at once", n)
		}
		if len(m.Mentions()) > 0 {
			t.Errorf("a text made the bot mention %v", m.Mentions())
		}
		if strings.Contains(m.PlainText(), "\u202e") || strings.Contains(string(m.Blocks), `"url":"https://evil.example`) {
			t.Errorf("the bot passes on %q", m.PlainText())
		}
	}
	s.alive()
}

// rawSlack stands between the bot and the simulator: the Web API is the simulator's, the socket its own, so that any bytes
// can be delivered.
type rawSlack struct {
	*httptest.Server
	conns chan *websocket.Conn
	mu    sync.Mutex
	conn  *websocket.Conn
	acks  map[string]bool
}

func newRawSlack(t *testing.T, sim string) *rawSlack {
	t.Helper()
	to, err := url.Parse(sim)
	if err != nil {
		t.Fatal(err)
	}
	r := &rawSlack{conns: make(chan *websocket.Conn, 1), acks: map[string]bool{}}
	mux := http.NewServeMux()
	mux.Handle("/", httputil.NewSingleHostReverseProxy(to))
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "url": "ws" + strings.TrimPrefix(r.URL, "http") + "/socket"})
	})
	mux.HandleFunc("/socket", r.serve)
	r.Server = httptest.NewServer(mux)
	t.Cleanup(func() { r.CloseClientConnections(); r.Close() })
	return r
}

func (r *rawSlack) serve(w http.ResponseWriter, req *http.Request) {
	up := websocket.Upgrader{}
	c, err := up.Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }()
	_ = c.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1}`))
	r.mu.Lock()
	r.conn = c
	r.mu.Unlock()
	for {
		_, data, err := c.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID string `json:"envelope_id"`
		}
		if json.Unmarshal(data, &ack) == nil {
			r.mu.Lock()
			r.acks[ack.ID] = true
			r.mu.Unlock()
		}
	}
}

func (r *rawSlack) send(t *testing.T, frame []byte) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.conn.WriteMessage(websocket.TextMessage, frame); err != nil {
		t.Fatalf("the bot left the socket: %v", err)
	}
}

func (r *rawSlack) acked(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.acks[id]
}

// onStage makes a foreign payload one of the stage's own workspace, so that it is not dropped at the door: ids of teams,
// channels and people are ours, and what was said was said now.
func (s *stage) onStage(v any, n int) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = s.onStage(v[i], n)
		}
	case map[string]any:
		for k, inner := range v {
			switch text, isText := inner.(string); {
			case (k == "team_id" || k == "team" || k == "app_installed_team_id") && isText:
				v[k] = team
			case k == "enterprise_id", k == "enterprise":
				delete(v, k)
			case (k == "channel" || k == "channel_id") && isText && text != "":
				v[k] = teamRoom
			case (k == "user" || k == "user_id") && isText && text != "":
				v[k] = li
			case (k == "ts" || k == "event_ts") && isText && text != "":
				v[k] = strconv.FormatInt(s.clock.Now().Unix(), 10) + "." + strconv.Itoa(100000+n)
			case k == "team" || k == "channel" || k == "user":
				if of, ok := inner.(map[string]any); ok {
					of["id"] = map[string]string{"team": team, "channel": teamRoom, "user": li}[k]
				}
				v[k] = s.onStage(inner, n)
			default:
				v[k] = s.onStage(inner, n)
			}
		}
	}
	return v
}

func TestEveryPayloadThroughTheSocket(t *testing.T) {
	t.Parallel()
	root := filepath.Join(sharedData(t), "slack")
	s := newStage(t, set{unlit: true})
	raw := newRawSlack(t, s.sim.URL())
	s.o.env = map[string]string{"SLACK_API_URL": raw.URL + "/api/"}
	s.app = s.start()
	s.ready(s.app)

	var ids []string
	deliver := func(kind string, payload []byte) {
		id := "env-" + strconv.Itoa(len(ids))
		ids = append(ids, id)
		head, _ := json.Marshal(map[string]any{"envelope_id": id, "type": kind, "accepts_response_payload": true})
		raw.send(t, []byte(strings.TrimSuffix(string(head), "}")+`,"payload":`+string(payload)+"}"))
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		payload, kinds := body, kindsOf(path)
		var whole map[string]json.RawMessage
		if strings.Contains(path, "socket_") && json.Unmarshal(body, &whole) == nil && whole["payload"] != nil {
			payload = whole["payload"]
		}
		for _, kind := range kinds {
			deliver(kind, payload)
			var v any
			if json.Unmarshal(payload, &v) == nil {
				ours, err := json.Marshal(s.onStage(v, len(ids)))
				if err != nil {
					return err
				}
				deliver(kind, ours)
			}
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files: %v", files, err)
	}
	for _, malformed := range []string{`null`, `""`, `[]`, `0`, `{}`, `{"type":`, `"<!channel>"`, `{"team_id":"` + team + `"}`,
		`{"type":"event_callback","team_id":"` + team + `","event":null}`, `{"type":"event_callback","team_id":"` + team + `","event":{"type":"message","channel":"` + teamRoom + `","ts":"x","text":5}}`} {
		deliver("events_api", []byte(malformed))
		deliver("interactive", []byte(malformed))
		deliver("slash_commands", []byte(malformed))
	}
	s.look("everything is acknowledged", func() bool {
		for _, id := range ids {
			if !raw.acked(id) {
				return false
			}
		}
		return true
	})
	s.look("everything is applied and said", func() bool { return s.waiting() == 0 })
	t.Logf("%d payloads of %d files acknowledged; %d tickets", len(ids), files, len(s.tickets()))

	ts := strconv.FormatInt(s.clock.Now().Unix()+1, 10) + ".000100"
	deliver("events_api", []byte(`{"type":"event_callback","team_id":"`+team+`","event_id":"EvLast","event":{"type":"message","channel":"`+teamRoom+
		`","channel_type":"channel","user":"`+anna+`","ts":"`+ts+`","text":"订单 2024110908070605044 买家收到的颜色发错了，要换货"}}`))
	if got := s.decided(teamRoom, ts); got != "act" {
		t.Errorf("after all payloads a message is decided as %q, want act", got)
	}
	if n := s.sim.MassMentions(); n != 0 {
		t.Errorf("%d mass mentions", n)
	}
	if s.log.has("panic") {
		t.Errorf("something panicked:\n%s", s.log.tail())
	}
}

// kindsOf are the ways by which a payload of the test data is delivered.
func kindsOf(path string) []string {
	switch {
	case strings.Contains(path, "slash"):
		return []string{"slash_commands"}
	case strings.Contains(path, "event"), strings.Contains(path, "app_rate"), strings.Contains(path, "url_ver"):
		return []string{"events_api"}
	case strings.Contains(path, "inbound"):
		return []string{"interactive"}
	}
	return []string{"events_api", "interactive", "slash_commands"}
}

// What the bot has no use for is acknowledged all the same.
func TestShortcutsAndOddEventsAreAcknowledged(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(anna, teamRoom, mug)
	s.carded(teamRoom, ts)
	if err := s.sim.React(li, teamRoom, ts, "eyes"); err != nil {
		t.Fatal(err)
	}
	s.sim.OpenHome(team, li)
	s.sim.SendEvent(team, map[string]any{"type": "something_new", "channel": teamRoom, "deep": map[string]any{"x": []any{1, nil}}})
	s.sim.Remove(lateRoom, li)
	if err := s.sim.Shortcut(team, li, "unknown_shortcut"); err != nil {
		t.Errorf("a shortcut is not acknowledged: %v", err)
	}
	if err := s.sim.MessageShortcut(li, teamRoom, ts, "unknown_shortcut"); err != nil {
		t.Errorf("a message shortcut is not acknowledged: %v", err)
	}
	s.alive()
}

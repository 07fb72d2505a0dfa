package app

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sign sends a request as Slack does.
func (s *stage) sign(path, contentType string, body []byte, secret string) (int, string) {
	s.t.Helper()
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req, err := http.NewRequest(http.MethodPost, "http://"+s.app.Addr()+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(out)
}

const form = "application/x-www-form-urlencoded"

func TestOverHTTP(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{mini: true, overHTTP: true})
	if code, body := s.sign("/slack/events", "application/json", []byte(`{"type":"url_verification","challenge":"c-123"}`), hexSecret); code != 200 || body != "c-123" {
		t.Errorf("url_verification = %d %q", code, body)
	}
	// The simulator has no socket to deliver on; the test delivers what was said, as Slack would.
	ts := s.post(anna, teamRoom, mug)
	event, err := json.Marshal(map[string]any{"type": "event_callback", "team_id": team, "event_id": "Ev1", "event": map[string]any{
		"type": "message", "channel": teamRoom, "channel_type": "channel", "user": anna, "ts": ts, "text": mug}})
	if err != nil {
		t.Fatal(err)
	}
	if code, _ := s.sign("/slack/events", "application/json", event, strings.Repeat("0", 32)); code != http.StatusUnauthorized {
		t.Errorf("a forged event is answered %d, want 401", code)
	}
	for range 3 {
		if code, body := s.sign("/slack/events", "application/json", event, hexSecret); code != http.StatusOK {
			t.Errorf("an event is answered %d %s", code, body)
		}
	}
	card := s.carded(teamRoom, ts, "退货")
	typed := url.Values{"team_id": {team}, "command": {"/ticket"}, "text": {"list"}, "user_id": {li}, "channel_id": {teamRoom}, "trigger_id": {"1.1"}}
	if code, body := s.sign("/slack/commands", form, []byte(typed.Encode()), hexSecret); code != http.StatusOK || !strings.Contains(body, "T-1") {
		t.Errorf("/ticket list is answered %d %s", code, body)
	}
	press, err := json.Marshal(map[string]any{"type": "block_actions", "team": map[string]string{"id": team}, "user": map[string]string{"id": li},
		"trigger_id": "2.2", "channel": map[string]string{"id": teamRoom}, "container": map[string]any{"type": "message", "message_ts": card.TS, "channel_id": teamRoom, "thread_ts": ts},
		"actions": []map[string]string{{"type": "button", "action_id": "claim", "block_id": "b", "value": string(s.ticket(teamRoom, ts).ID)}}})
	if err != nil {
		t.Fatal(err)
	}
	if code, body := s.sign("/slack/interactions", form, []byte(url.Values{"payload": {string(press)}}.Encode()), hexSecret); code != http.StatusOK {
		t.Errorf("a press is answered %d %s", code, body)
	}
	s.carded(teamRoom, ts, "处理中", "小李")
	if code, _ := s.sign("/slack/events", "application/json", []byte(`{"type":`), hexSecret); code != http.StatusBadRequest {
		t.Errorf("a malformed event is answered %d, want 400", code)
	}
	if n := len(s.tickets()); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
	if code, _ := s.get(s.app, "/slack/events"); code != http.StatusMethodNotAllowed && code != http.StatusNotFound {
		t.Errorf("GET /slack/events = %d", code)
	}
	s.mini.Close()
	late := bytes.ReplaceAll(event, []byte(ts), []byte(ts[:len(ts)-1]+"x"))
	if code, _ := s.sign("/slack/events", "application/json", late, hexSecret); code != http.StatusServiceUnavailable {
		t.Errorf("without Redis an event is answered %d, want 503, so that Slack comes again", code)
	}
}

func TestSocketModeHasNoHTTPDoor(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{env: map[string]string{"SLACK_SIGNING_SECRET": hexSecret}})
	if code, _ := s.sign("/slack/events", "application/json", []byte(`{"type":"url_verification","challenge":"c"}`), hexSecret); code != http.StatusNotFound {
		t.Errorf("Socket Mode answers %d on /slack/events, want 404", code)
	}
}

// promised are the series that operators' dashboards may rely on.
var promised = []string{"gongdan_intake_total", "gongdan_ack_seconds", "gongdan_backlog", "gongdan_backlog_oldest_seconds",
	"gongdan_lane_wait_seconds", "gongdan_commit_seconds", "gongdan_wake_lag_seconds", "gongdan_announce_seconds",
	"gongdan_slack_call_seconds", "gongdan_decisions_total", "gongdan_shards_owned"}

var label = regexp.MustCompile(`(\w+)="([^"]*)"`)

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	for i := range 20 {
		ts := s.post(anna, teamRoom, fmt.Sprintf("订单 20241122332%08d 买家说收到的杯子碎了，要退货", i))
		s.carded(teamRoom, ts)
	}
	for _, text := range []string{"list", "help", "claim 1", "no such thing"} {
		s.command(li, teamRoom, text)
	}
	s.sim.SendEvent(team, map[string]any{"type": "something_new_" + strings.Repeat("x", 50), "channel": teamRoom})
	s.settled()
	s.jump(36 * time.Minute)
	s.direct(wang, "跟进") // to several tickets in one message
	s.settled()
	_, body := s.get(s.app, "/metrics")
	for _, name := range promised {
		if !strings.Contains(body, "\n"+name) {
			t.Errorf("/metrics lacks %s", name)
		}
	}
	values := map[string]map[string]bool{}
	for _, m := range label.FindAllStringSubmatch(body, -1) {
		if m[1] == "le" || m[1] == "shard" {
			continue
		}
		if values[m[1]] == nil {
			values[m[1]] = map[string]bool{}
		}
		values[m[1]][m[2]] = true
		if len(m[2]) > 40 || strings.Contains(m[2], teamRoom) || strings.Contains(m[2], anna) {
			t.Errorf("label %s=%q is no fixed word", m[1], m[2])
		}
	}
	for name, seen := range values {
		if len(seen) > 25 {
			t.Errorf("label %s has %d values", name, len(seen))
		}
	}
}

// TestLanguagePerPerson says the same to people of two languages.
func TestLanguagePerPerson(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	for who, want := range map[string]string{li: "没有找到", anna: "no such ticket", guestEn: "no such ticket"} {
		channel := teamRoom
		if who == guestEn {
			channel = shopRoom
		}
		if got := s.command(who, channel, "show 77"); !strings.Contains(strings.ToLower(got), want) {
			t.Errorf("%s is told %q, want %q in it", who, got, want)
		}
	}
	ts := s.post(li, teamRoom, "order 2024110908070605044: the buyer got the wrong colour and wants to exchange it, please help")
	s.carded(teamRoom, ts, "Exchange")
}

package slackapi

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
)

// taken gathers what a sink took.
type taken struct {
	mu    sync.Mutex
	list  []bot.Envelope
	hints []Hint
	reply json.RawMessage
	err   error
}

func (k *taken) sink(_ context.Context, e bot.Envelope, h Hint) (json.RawMessage, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list, k.hints = append(k.list, e), append(k.hints, h)
	return k.reply, k.err
}

func (k *taken) len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.list)
}

const signing = "s3cret"

func signed(path, contentType, body string, at time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	stamp := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(signing))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

func newEvents(t *testing.T, k *taken) *Events {
	t.Helper()
	h, err := NewEvents(EventsOptions{SigningSecret: signing, Sink: k.sink, Now: func() time.Time { return at0 }})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestEventsAnswers(t *testing.T) {
	t.Parallel()
	message := callback(`{"type":"message","channel":"C1","user":"U1","text":"x","ts":"1.2"}`)
	action := url.Values{"payload": {`{"type":"block_actions","team":{"id":"T1"},"trigger_id":"7.8"}`}}.Encode()
	command := url.Values{"team_id": {"T1"}, "command": {"/ticket"}, "trigger_id": {"7.8"}, "text": {"list & more"}}.Encode()
	change := func(r *http.Request, f func(*http.Request)) *http.Request { f(r); return r }
	tests := []struct {
		name    string
		req     *http.Request
		err     error
		status  int
		body    string
		taken   int
		noRetry bool
	}{
		{"event", signed(PathEvents, asJSON, message, at0), nil, 200, "", 1, false},
		{"event not taken", signed(PathEvents, asJSON, message, at0), errors.New("away"), 503, "Service Unavailable\n", 1, false},
		{"button", signed(PathInteractions, asForm, action, at0), nil, 200, `{"text":"ok"}`, 1, false},
		{"command", signed(PathCommands, asForm, command, at0), nil, 200, `{"text":"ok"}`, 1, false},
		{"challenge", signed(PathEvents, asJSON, `{"type":"url_verification","challenge":"abc"}`, at0), nil, 200, "abc", 0, false},
		{"wrong secret", change(signed(PathEvents, asJSON, message, at0), func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=00") }), nil, 401, "Unauthorized\n", 0, true},
		{"no signature", httptest.NewRequest(http.MethodPost, PathEvents, strings.NewReader(message)), nil, 401, "Unauthorized\n", 0, true},
		{"challenge unsigned", httptest.NewRequest(http.MethodPost, PathEvents, strings.NewReader(`{"type":"url_verification","challenge":"abc"}`)), nil, 401, "Unauthorized\n", 0, true},
		{"old", signed(PathEvents, asJSON, message, at0.Add(-6*time.Minute)), nil, 401, "Unauthorized\n", 0, true},
		{"from the future", signed(PathEvents, asJSON, message, at0.Add(6*time.Minute)), nil, 401, "Unauthorized\n", 0, true},
		{"nearly old", signed(PathEvents, asJSON, message, at0.Add(-4*time.Minute)), nil, 200, "", 1, false},
		{"malformed", signed(PathEvents, asJSON, `{"type":`, at0), nil, 400, "Bad Request\n", 0, true},
		{"nobody's", signed(PathEvents, asJSON, `{"type":"event_callback"}`, at0), nil, 400, "Bad Request\n", 0, true},
		{"bad form", signed(PathCommands, asForm, "a=%zz", at0), nil, 400, "Bad Request\n", 0, true},
		{"certificate check", httptest.NewRequest(http.MethodPost, PathCommands, strings.NewReader("ssl_check=1&token=x")), nil, 200, "", 0, false},
		{"too large", signed(PathEvents, asJSON, strings.Repeat("x", maxBody+1), at0), nil, 413, "Request Entity Too Large\n", 0, true},
		{"certificate check by GET", httptest.NewRequest(http.MethodGet, PathCommands+"?ssl_check=1", nil), nil, 200, "", 0, false},
		{"get of commands", httptest.NewRequest(http.MethodGet, PathCommands, nil), nil, 405, "Method Not Allowed\n", 0, false},
		{"get", httptest.NewRequest(http.MethodGet, PathEvents, nil), nil, 405, "Method Not Allowed\n", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := &taken{err: tt.err, reply: json.RawMessage(`{"text":"ok"}`)}
			w := httptest.NewRecorder()
			newEvents(t, k).ServeHTTP(w, tt.req)
			if w.Code != tt.status || w.Body.String() != tt.body || k.len() != tt.taken {
				t.Errorf("answer = %d %q with %d taken, want %d %q with %d", w.Code, w.Body, k.len(), tt.status, tt.body, tt.taken)
			}
			if got := w.Header().Get("X-Slack-No-Retry") == "1"; got != tt.noRetry {
				t.Errorf("no-retry = %t, want %t", got, tt.noRetry)
			}
		})
	}
	if _, err := NewEvents(EventsOptions{}); err == nil {
		t.Error("NewEvents without a secret gives no error")
	}
}

func TestEventsSurviveThePanicOfASink(t *testing.T) {
	t.Parallel()
	h, err := NewEvents(EventsOptions{SigningSecret: signing, Now: func() time.Time { return at0 },
		Sink: func(context.Context, bot.Envelope, Hint) (json.RawMessage, error) { panic("oops") }})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, signed(PathEvents, asJSON, callback(`{"type":"message","channel":"C1","ts":"1.2"}`), at0))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status = %d, want 503", w.Code)
	}
}

// TestBothTransportsAgree compares the envelope of a form with that of the same payload over a socket.
func TestBothTransportsAgree(t *testing.T) {
	t.Parallel()
	k := &taken{}
	r := signed(PathCommands, asForm, url.Values{"team_id": {"T1"}, "command": {"/ticket"}, "trigger_id": {"7.8"}, "text": {"<@U2|li> &amp;"}, "user_id": {"U1"}, "is_enterprise_install": {"false"}}.Encode(), at0)
	r.Header.Set("X-Slack-Retry-Num", "2")
	r.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	newEvents(t, k).ServeHTTP(httptest.NewRecorder(), r)
	if k.len() != 1 {
		t.Fatal("nothing was taken")
	}
	got := k.list[0]
	want, err := Classify(json.RawMessage(`{"team_id":"T1","command":"/ticket","trigger_id":"7.8","text":"<@U2|li> &amp;","user_id":"U1","is_enterprise_install":false}`), CarrierCommands)
	if err != nil {
		t.Fatal(err)
	}
	if got.Key != want.Key || got.Kind != want.Kind || got.Retry != 2 || !got.Received.Equal(at0) || k.hints[0].Reason != "http_timeout" {
		t.Errorf("envelope = %+v with %+v, want %+v", got, k.hints[0], want)
	}
	want.Received = at0
	d := NewDecoder(installed())
	if diff := cmp.Diff(d.Decode(want), d.Decode(got)); diff != "" {
		t.Errorf("decoded (-socket +http):\n%s", diff)
	}
}

// TestSamplesOverHTTP sends every public payload: each is acknowledged or refused for good, and nothing panics.
func TestSamplesOverHTTP(t *testing.T) {
	t.Parallel()
	acked := 0
	for _, s := range samples(t) {
		k := &taken{}
		path, kind, body := PathEvents, asJSON, string(s.raw)
		switch s.by {
		case CarrierInteractive:
			path, kind, body = PathInteractions, asForm, url.Values{"payload": {body}}.Encode()
		case CarrierCommands:
			path = PathCommands
		}
		w := httptest.NewRecorder()
		newEvents(t, k).ServeHTTP(w, signed(path, kind, body, at0))
		refused := w.Code == http.StatusBadRequest && w.Header().Get("X-Slack-No-Retry") == "1"
		if w.Code != http.StatusOK && !refused {
			t.Errorf("%s: answer %d %s", s.name, w.Code, bytes.TrimSpace(w.Body.Bytes()))
		}
		acked += k.len()
	}
	if acked < 40 {
		t.Errorf("only %d payloads were taken", acked)
	}
}

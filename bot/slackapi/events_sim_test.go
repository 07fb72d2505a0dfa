package slackapi

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/bot/slacksim"
)

// served is the handler behind a server in memory.
func served(t *testing.T, h http.Handler) *slacksim.Pipe {
	t.Helper()
	pipe := slacksim.NewPipe()
	server := &http.Server{Handler: h}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(pipe) })
	t.Cleanup(func() { _ = server.Close(); running.Wait() })
	return pipe
}

// late lets a server be made before its handler.
type late struct{ http.Handler }

// inHTTP runs a test with an app that gets signed requests. answer is the sink's.
func inHTTP(t *testing.T, answer func(bot.Input, Hint) (json.RawMessage, error), test func(*testing.T, *world, *taken)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &late{}
		out := &http.Transport{DialContext: served(t, h).DialContext}
		t.Cleanup(out.CloseIdleConnections)
		w, k := newWorld(t, slacksim.Options{Transport: out}), &taken{}
		d := NewDecoder(w.installs)
		events, err := NewEvents(EventsOptions{SigningSecret: "secret-A00000001", Sink: func(ctx context.Context, e bot.Envelope, h Hint) (json.RawMessage, error) {
			if _, err := k.sink(ctx, e, h); err != nil {
				return nil, err
			}
			return answer(d.Decode(e), h)
		}})
		must(t, err)
		h.Handler = events
		w.SetRequestURL("T1", "http://app.test")
		test(t, w, k)
	})
}

// settled waits until nothing is under way.
func (w *world) settled(t *testing.T) {
	t.Helper()
	must(t, w.Wait(context.Background(), func() bool { return w.Unacked() == 0 }))
}

// TestEverythingBySignedRequests checks the address, says, presses, commands and submits.
func TestEverythingBySignedRequests(t *testing.T) {
	var trigger string
	answer := func(in bot.Input, _ Hint) (json.RawMessage, error) {
		switch {
		case in.Click != nil:
			trigger = in.Click.Trigger
		case in.Command != nil:
			return AckPayload(bot.View{Summary: "列表"}), nil
		case in.Form != nil && in.Form.Values["why"] == "":
			return FieldErrorsPayload(bot.FieldErrors{"why": "写一句"}), nil
		case in.Form != nil:
			return ClosePayload(), nil
		}
		return nil, nil
	}
	inHTTP(t, answer, func(t *testing.T, w *world, k *taken) {
		ctx := context.Background()
		must(t, w.VerifyURL(ctx))
		must(t, w.SSLCheck(ctx))
		if k.len() != 0 {
			t.Errorf("%d envelopes of checks", k.len())
		}
		ts := w.post(t, lin, "碎了 & <b>")
		w.settled(t)
		res, err := w.Command(lin, room, "/ticket", "list")
		must(t, err)
		if len(w.Ephemerals(room, lin)) != 1 {
			t.Errorf("command gives %+v and %d private messages, want one", res, len(w.Ephemerals(room, lin)))
		}
		ref, err := w.m.Post(ctx, "T1", bot.Post{Channel: room, View: bot.View{Summary: "x", Actions: []bot.Action{{Kind: bot.Button, ID: "open", Label: "o", Value: "v"}}}})
		must(t, err)
		must(t, w.Click(lin, room, ref.TS, "open"))
		must(t, NewWindows(w.api, w.installs).Open(ctx, "T1", trigger, "w1", theForm()))
		form, err := w.Submit(lin, map[string]string{"for": "courier", "until": "1795311000"})
		must(t, err)
		if d := cmp.Diff(map[string]string{"why": "写一句"}, form.Errors); d != "" {
			t.Errorf("errors at fields (-want +got):\n%s", d)
		}
		_, err = w.Submit(lin, map[string]string{"for": "courier", "until": "1795311000", "why": "缺货"})
		must(t, err)
		if n := len(w.Views(lin)); n != 0 {
			t.Errorf("%d views are open, want none", n)
		}
		if k.list[0].Key != key("message", ts) || k.hints[0].Transport != "http" {
			t.Errorf("first envelope = %+v with %+v", k.list[0], k.hints[0])
		}
	})
}

// TestUntakenIsDeliveredAgain refuses an event twice: Slack delivers it until it is taken, under the same key.
func TestUntakenIsDeliveredAgain(t *testing.T) {
	tries := 0
	answer := func(bot.Input, Hint) (json.RawMessage, error) {
		if tries++; tries < 3 {
			return nil, fmt.Errorf("redis is away")
		}
		return nil, nil
	}
	inHTTP(t, answer, func(t *testing.T, w *world, k *taken) {
		ts := w.post(t, lin, "x")
		w.settled(t)
		var keys []string
		var retries []int
		for i, e := range k.list {
			keys, retries = append(keys, e.Key), append(retries, e.Retry)
			if want := []string{"", "http_error", "http_error"}[i]; k.hints[i].Reason != want {
				t.Errorf("reason of delivery %d = %q, want %q", i, k.hints[i].Reason, want)
			}
		}
		want := key("message", ts)
		if d := cmp.Diff([]string{want, want, want}, keys); d != "" {
			t.Errorf("keys (-want +got):\n%s", d)
		}
		if d := cmp.Diff([]int{0, 1, 2}, retries); d != "" {
			t.Errorf("retries (-want +got):\n%s", d)
		}
	})
}

// keyedInbox keeps what every inbox promises: deliveries with the same key are one.
type keyedInbox map[string]bool

func (in keyedInbox) Append(_ context.Context, e bot.Envelope) (dup bool, err error) {
	dup, in[e.Key] = in[e.Key], true
	return dup, nil
}

var _ bot.Intake = keyedInbox{}

// TestReplayedRequestHasNoEffect sends the same signed bytes again, as whoever overheard them could: the inbox holds one
// envelope.
func TestReplayedRequestHasNoEffect(t *testing.T) {
	t.Parallel()
	inbox, stored := keyedInbox{}, 0
	h, err := NewEvents(EventsOptions{SigningSecret: signing, Now: func() time.Time { return at0 }, Sink: func(ctx context.Context, e bot.Envelope, _ Hint) (json.RawMessage, error) {
		dup, err := inbox.Append(ctx, e)
		if err == nil && !dup {
			stored++
		}
		return nil, err
	}})
	must(t, err)
	payload := func(raw string) string { return url.Values{"payload": {raw}}.Encode() }
	for _, tt := range []struct{ name, path, kind, body string }{
		{"message", PathEvents, asJSON, callback(`{"type":"message","channel":"C1","user":"U1","text":"x","ts":"1.2"}`)},
		{"other event", PathEvents, asJSON, callback(`{"type":"brand_new","channel":"C1"}`)},
		{"press", PathInteractions, asForm, payload(`{"type":"block_actions","team":{"id":"T1"},"trigger_id":"7.8"}`)},
		{"press without a trigger", PathInteractions, asForm, payload(`{"type":"block_actions","team":{"id":"T1"},"actions":[{"action_id":"a"}]}`)},
		{"form", PathInteractions, asForm, payload(`{"type":"view_submission","team":{"id":"T1"},"trigger_id":"7.9"}`)},
		{"command", PathCommands, asForm, url.Values{"team_id": {"T1"}, "command": {"/ticket"}, "trigger_id": {"8.0"}}.Encode()},
	} {
		stored = 0
		for range 3 {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, signed(tt.path, tt.kind, tt.body, at0))
			if w.Code != http.StatusOK {
				t.Errorf("%s: status = %d, want 200", tt.name, w.Code)
			}
		}
		if stored != 1 {
			t.Errorf("%s: stored %d times, want once", tt.name, stored)
		}
	}
}

// TestSignatureIsOverTheRawBody changes a request without changing what it means, or smuggles a payload beside the body.
func TestSignatureIsOverTheRawBody(t *testing.T) {
	t.Parallel()
	good := callback(`{"type":"message","channel":"C1","user":"U1","text":"x","ts":"1.2"}`)
	tests := map[string]func() *http.Request{
		"a space more": func() *http.Request {
			r := signed(PathEvents, asJSON, good, at0)
			r.Body = http.NoBody
			fresh := httptest.NewRequest(http.MethodPost, PathEvents, strings.NewReader(good+" "))
			fresh.Header = r.Header
			return fresh
		},
		"another time": func() *http.Request {
			r := signed(PathEvents, asJSON, good, at0)
			r.Header.Set("X-Slack-Request-Timestamp", fmt.Sprint(at0.Unix()+1))
			return r
		},
		"another version": func() *http.Request {
			r := signed(PathEvents, asJSON, good, at0)
			r.Header.Set("X-Slack-Signature", strings.Replace(r.Header.Get("X-Slack-Signature"), "v0=", "v1=", 1))
			return r
		},
		"check of a certificate with a signature": func() *http.Request {
			r := signed(PathCommands, asForm, "ssl_check=1", at0)
			r.Header.Set("X-Slack-Signature", "v0=00")
			return r
		},
	}
	for name, request := range tests {
		k, w := &taken{}, httptest.NewRecorder()
		newEvents(t, k).ServeHTTP(w, request())
		if w.Code != http.StatusUnauthorized || w.Header().Get("X-Slack-No-Retry") != "1" || k.len() != 0 {
			t.Errorf("%s: status %d, %d taken; want 401 and none", name, w.Code, k.len())
		}
	}
	k, w := &taken{}, httptest.NewRecorder()
	smuggled := url.Values{"payload": {`{"type":"block_actions","team":{"id":"T1"},"trigger_id":"evil"}`}}.Encode()
	newEvents(t, k).ServeHTTP(w, signed(PathInteractions+"?"+smuggled, asForm, "a=1", at0))
	if k.len() != 0 || w.Code != http.StatusBadRequest {
		t.Errorf("a payload beside the body: status %d, %d taken; want 400 and none", w.Code, k.len())
	}
}

// TestSlowSenderIsCutOff sends the head and a part of the body, and then nothing.
func TestSlowSenderIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &taken{}
		conn, err := served(t, newEvents(t, k)).DialContext(context.Background(), "", "")
		must(t, err)
		defer conn.Close()
		began := time.Now()
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: app.test\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", PathEvents)
		must(t, err)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		_ = answer.Body.Close()
		if took := time.Since(began); took != bodyWait || answer.StatusCode != http.StatusBadRequest || !answer.Close || k.len() != 0 {
			t.Errorf("status %d after %s, closed %t; want 400 after %s and the end of the connection", answer.StatusCode, took, answer.Close, bodyWait)
		}
	})
}

package slacksim_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"gongdan/bot/slacksim"
)

// heard is one request that reached the app.
type heard struct {
	path, retry, reason string
	body                []byte
	form                url.Values
	at                  time.Duration
}

// receiver is an app in HTTP mode that checks signatures with Slack's Go client.
type receiver struct {
	t      *testing.T
	mu     sync.Mutex
	all    []heard
	began  time.Time
	secret string
	// answer writes the response; nil answers 200 without a body.
	answer func(w http.ResponseWriter, r *http.Request, h heard)
}

func (c *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the other side gave up
	}
	v, err := slack.NewSecretsVerifier(r.Header, c.secret)
	if err == nil {
		_, _ = v.Write(body)
		err = v.Ensure()
	}
	if err != nil {
		c.t.Errorf("%s: signature: %v", r.URL, err)
	}
	h := heard{path: r.URL.Path, body: body, at: time.Since(c.began), retry: r.Header.Get("X-Slack-Retry-Num"), reason: r.Header.Get("X-Slack-Retry-Reason")}
	h.form, _ = url.ParseQuery(string(body))
	c.mu.Lock()
	c.all = append(c.all, h)
	c.mu.Unlock()
	if c.answer != nil {
		c.answer(w, r, h)
	}
}

func (c *receiver) heard() []heard {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

// newReceiver serves on a Pipe and puts the first workspace into HTTP mode.
func newReceiver(t *testing.T, o slacksim.Options) (*world, *receiver) {
	t.Helper()
	pipe := slacksim.NewPipe()
	o.Transport = &http.Transport{DialContext: pipe.DialContext}
	c := &receiver{t: t, secret: "secret-A00000001", began: time.Now()}
	server := &http.Server{Handler: c}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(pipe) })
	t.Cleanup(func() { _ = server.Close(); running.Wait() })
	w := newWorld(t, o)
	w.SetRequestURL(team, "http://app.test/")
	return w, c
}

func TestEventsByHTTP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{})
		w.post(t, lin, room, "破了 & <b>")
		w.settled(t)
		got := c.heard()
		if len(got) != 1 || got[0].path != "/slack/events" || got[0].retry != "" {
			t.Fatalf("heard %+v", got)
		}
		ev, err := slackevents.ParseEvent(got[0].body, slackevents.OptionNoVerifyToken())
		must(t, err)
		if m := ev.InnerEvent.Data.(*slackevents.MessageEvent); m.Text != "破了 &amp; &lt;b&gt;" || ev.TeamID != team {
			t.Errorf("event = %+v", m)
		}
		d := w.Deliveries()[0]
		if !d.HTTP || d.Status != 200 || d.Acked.IsZero() || d.Failure != "" || d.Team != team {
			t.Errorf("delivery = %+v", d)
		}
	})
}

func TestEventsAreRetriedByHTTP(t *testing.T) {
	t.Parallel()
	down := func(w http.ResponseWriter, _ *http.Request, _ heard) { w.WriteHeader(http.StatusInternalServerError) }
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request, heard)
		reason string
		at     []time.Duration
	}{
		{"error status", down, "http_error", []time.Duration{0, 1, 61, 361}},
		{"no answer", func(_ http.ResponseWriter, r *http.Request, _ heard) { <-r.Context().Done() }, "http_timeout", []time.Duration{0, 4, 67, 370}},
		{"cut", func(http.ResponseWriter, *http.Request, heard) { panic(http.ErrAbortHandler) }, "connection_failed", []time.Duration{0, 1, 61, 361}},
		{"no retry", func(w http.ResponseWriter, _ *http.Request, _ heard) {
			w.Header().Set("X-Slack-No-Retry", "1")
			w.WriteHeader(http.StatusBadRequest)
		}, "", []time.Duration{0}},
		{"well at last", func(w http.ResponseWriter, r *http.Request, h heard) {
			if h.retry != "2" {
				down(w, r, h)
			}
		}, "http_error", []time.Duration{0, 1, 61}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, c := newReceiver(t, slacksim.Options{})
				c.answer = tt.answer
				w.post(t, lin, room, "x")
				must(t, w.Wait(t.Context(), func() bool { return w.Unacked() == 0 }))
				var at []time.Duration
				for i, h := range c.heard() {
					at = append(at, h.at/time.Second)
					want := heard{retry: fmt.Sprint(i), reason: tt.reason}
					if i == 0 {
						want = heard{}
					}
					if h.retry != want.retry || h.reason != want.reason {
						t.Errorf("attempt %d has retry %q for %q, want %q for %q", i, h.retry, h.reason, want.retry, want.reason)
					}
				}
				if diff := cmp.Diff(tt.at, at); diff != "" {
					t.Errorf("seconds of the attempts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	for hops, want := range map[int]string{2: "", 3: "too_many_redirects"} {
		t.Run(fmt.Sprint(hops), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, c := newReceiver(t, slacksim.Options{RetryDelays: []time.Duration{}})
				c.answer = func(rw http.ResponseWriter, r *http.Request, h heard) {
					if n := strings.Count(h.path, "/on"); n < hops {
						rw.Header().Set("Location", h.path+"/on")
						rw.WriteHeader(http.StatusFound)
					}
				}
				w.post(t, lin, room, "x")
				w.settled(t)
				if d := w.Deliveries()[0]; d.Failure != want || len(c.heard()) != 3 {
					t.Errorf("%d redirects: failure %q after %d requests, want %q after 3", hops, d.Failure, len(c.heard()), want)
				}
			})
		})
	}
}

func TestBrokenAddresses(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for address, want := range map[string]string{
		secure.URL: "ssl_error", strings.Replace(plain.URL, "http:", "https:", 1): "ssl_error",
		gone.URL: "connection_failed", plain.URL: "http_error", "http://[": "connection_failed",
	} {
		w := newWorld(t, slacksim.Options{RetryDelays: []time.Duration{}, AckTimeout: time.Minute})
		w.SetRequestURL(team, address)
		w.post(t, lin, room, "x")
		w.settled(t)
		if d := w.Deliveries()[0]; d.Failure != want {
			t.Errorf("%s: failure %q, want %q", address, d.Failure, want)
		}
	}
}

func TestCommandsByHTTP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{})
		body := `{"response_type":"in_channel","text":"好"}`
		c.answer = func(rw http.ResponseWriter, _ *http.Request, _ heard) { _, _ = io.WriteString(rw, body) }
		res, err := w.Command(lin, room, "/gongdan", "新 单&1")
		must(t, err)
		if res.Text != "好" || res.ResponseType != "in_channel" {
			t.Errorf("result = %+v", res)
		}
		w.settled(t) // the answer in the channel is an event again
		got := c.heard()[0]
		cmd, err := slack.SlashCommandParse(&http.Request{Method: http.MethodPost, Form: got.form, PostForm: got.form})
		must(t, err)
		if cmd.Command != "/gongdan" || cmd.Text != "新 单&amp;1" || cmd.UserID != lin || cmd.TriggerID == "" || got.path != "/slack/commands" {
			t.Errorf("command = %+v at %s", cmd, got.path)
		}
		body = "只是文字"
		res, err = w.Command(lin, room, "/gongdan", "")
		must(t, err)
		if res.Text != body || res.ResponseType != "ephemeral" {
			t.Errorf("plain answer = %+v", res)
		}
	})
}

func TestPeopleSeeErrorsByHTTP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request, heard)
		want   error
	}{
		{"status", func(w http.ResponseWriter, _ *http.Request, _ heard) { w.WriteHeader(http.StatusBadGateway) }, slacksim.ErrRefused},
		{"late", func(_ http.ResponseWriter, r *http.Request, _ heard) { <-r.Context().Done() }, slacksim.ErrNotAcked},
		{"cut", func(http.ResponseWriter, *http.Request, heard) { panic(http.ErrAbortHandler) }, slacksim.ErrNoConnection},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, c := newReceiver(t, slacksim.Options{})
				c.answer = tt.answer
				if _, err := w.Command(lin, room, "/gongdan", ""); !errors.Is(err, tt.want) {
					t.Errorf("Command() = %v, want %v", err, tt.want)
				}
				if err := w.Shortcut(team, lin, "new"); !errors.Is(err, tt.want) {
					t.Errorf("Shortcut() = %v, want %v", err, tt.want)
				}
				if n := len(w.UserErrors()); n != 2 || len(c.heard()) != 2 || w.Unacked() != 0 {
					t.Errorf("%d user errors after %d requests, %d under way", n, len(c.heard()), w.Unacked())
				}
			})
		})
	}
}

func TestFormsByHTTP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{LimitScale: -1})
		body := ""
		c.answer = func(rw http.ResponseWriter, _ *http.Request, _ heard) { _, _ = io.WriteString(rw, body) }
		last := func() slack.InteractionCallback {
			all := c.heard()
			ic, err := slack.InteractionCallbackParse(&http.Request{PostForm: all[len(all)-1].form})
			must(t, err)
			return ic
		}
		must(t, w.Shortcut(team, lin, "new"))
		_, err := w.api.OpenView(last().TriggerID, form())
		must(t, err)
		body = `{"response_action":"errors","errors":{"order":"太短"}}`
		res, err := w.Submit(lin, map[string]string{"no": "1"})
		must(t, err)
		if res.Errors["order"] != "太短" || len(w.Views(lin)) != 1 {
			t.Errorf("field errors = %v", res.Errors)
		}
		if v := last().View.State.Values["order"]["no"].Value; v != "1" {
			t.Errorf("value = %q", v)
		}
		body = `{"response_action":"clear"}`
		_, err = w.Submit(lin, map[string]string{"no": "12345"})
		must(t, err)
		if n := len(w.Views(lin)); n != 0 {
			t.Errorf("%d views after clear", n)
		}
	})
}

func TestHTTPFaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{})
		faults := []slacksim.DeliveryFault{{Delay: time.Second}, {Copies: 1}, {Drop: true}}
		w.OnDeliver(func(slacksim.Delivery) (f slacksim.DeliveryFault) {
			if len(faults) > 0 {
				f, faults = faults[0], faults[1:]
			}
			return f
		})
		for _, text := range []string{"late", "twice", "lost"} {
			w.post(t, lin, room, text)
			synctest.Wait()
		}
		w.settled(t)
		var got []string
		for _, h := range c.heard() {
			ev, err := slackevents.ParseEvent(h.body, slackevents.OptionNoVerifyToken())
			must(t, err)
			got = append(got, ev.InnerEvent.Data.(*slackevents.MessageEvent).Text+h.reason)
		}
		if diff := cmp.Diff([]string{"twice", "twice", "late", "losthttp_timeout"}, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestHandshakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{})
		var say func(challenge string) string
		c.answer = func(rw http.ResponseWriter, r *http.Request, h heard) {
			if r.URL.Query().Get("ssl_check") == "1" || h.form.Get("ssl_check") == "1" {
				return
			}
			ev, err := slackevents.ParseEvent(h.body, slackevents.OptionNoVerifyToken())
			must(t, err)
			_, _ = io.WriteString(rw, say(ev.Data.(*slackevents.EventsAPIURLVerificationEvent).Challenge))
		}
		for _, format := range []string{"%s", `{"challenge":"%s"}`, "challenge=%s"} {
			say = func(challenge string) string { return fmt.Sprintf(format, challenge) }
			if err := w.VerifyURL(t.Context()); err != nil {
				t.Errorf("answer %s: %v", format, err)
			}
		}
		say = func(string) string { return "ok" }
		if err := w.VerifyURL(t.Context()); !errors.Is(err, slacksim.ErrRefused) {
			t.Errorf("wrong answer: %v", err)
		}
		must(t, w.SSLCheck(t.Context()))
		w.SetRequestURL(team, "")
		n := len(c.heard())
		must(t, w.VerifyURL(t.Context()))
		if len(c.heard()) != n {
			t.Error("an app in Socket Mode was asked by HTTP")
		}
	})
}

func TestCloseEndsRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := newReceiver(t, slacksim.Options{})
		c.answer = func(_ http.ResponseWriter, r *http.Request, _ heard) { <-r.Context().Done() }
		errs := make(chan error, 1)
		go func() { errs <- w.Shortcut(team, lin, "new") }()
		synctest.Wait()
		must(t, w.Close())
		if err := <-errs; !errors.Is(err, slacksim.ErrClosed) {
			t.Errorf("Shortcut() while closing = %v", err)
		}
	})
}

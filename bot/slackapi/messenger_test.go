package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

var nasty = bot.View{Lang: "en", Summary: "<!channel> <@U2> hi & <https://evil.example|bank>", Header: "T-1 <!here>", Tags: []string{"<!everyone>"},
	Lines: []bot.Line{{Text: "<!channel> <@U2>", Quote: true}}, Fields: []bot.Field{{Label: "<!channel>", Value: "<@U2>"}}, Footer: "<!subteam^S1>",
	Actions: []bot.Action{{Kind: bot.Button, ID: "claim", Label: "<!channel>", Value: "tk1"}, {Kind: bot.PickPerson, ID: "assign_to", Label: "Who", Value: "tk1"}}}

func TestPostIsFoundAgain(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		ctx, began := t.Context(), time.Now()
		root, err := w.Post(lin, room, "杯子碎了")
		must(t, err)
		for _, p := range []bot.Post{{ID: "a1", Channel: room, View: nasty}, {ID: "a2", Channel: room, Thread: root, View: nasty}} {
			ref, err := w.m.Post(ctx, "T1", p)
			must(t, err)
			got, found, err := w.m.Find(ctx, "T1", p, began)
			if err != nil || !found || got != ref {
				t.Errorf("Find(%s) = %v, %t, %v, want %v", p.ID, got, found, err, ref)
			}
			p.ID = "other"
			if _, found, err := w.m.Find(ctx, "T1", p, began); found || err != nil {
				t.Errorf("Find of another id = %t, %v", found, err)
			}
		}
		p := bot.Post{ID: "a2", Channel: room, View: nasty}
		if _, found, _ := w.m.Find(ctx, "T1", p, began); found {
			t.Error("a reply was found at top level")
		}
		if got := w.MassMentions(); got != 0 {
			t.Errorf("%d messages ping everybody", got)
		}
		for _, m := range w.Messages(room) {
			if got := m.Mentions(); len(got) != 0 {
				t.Errorf("message mentions %v", got)
			}
		}
	})
}

func TestMentionsPing(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		v := nasty
		v.Mention = []tickets.UserID{wang, "<!channel>"}
		ref, err := w.m.Post(t.Context(), "T1", bot.Post{Channel: room, View: v})
		must(t, err)
		for _, m := range w.Messages(room) {
			if d := cmp.Diff([]string{wang}, m.Mentions()); m.TS == ref.TS && d != "" {
				t.Errorf("mentions (-want +got):\n%s", d)
			}
		}
	})
}

func TestUpdateWhisperReactDirect(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		ctx := t.Context()
		ref, err := w.m.Post(ctx, "T1", bot.Post{Channel: room, View: nasty})
		must(t, err)
		must(t, w.m.Update(ctx, "T1", ref, bot.View{Summary: "closed", Header: "T-1"}))
		if got := w.Messages(room)[0]; got.Text != "closed" || strings.Contains(string(got.Blocks), "claim") {
			t.Errorf("updated message = %q %s", got.Text, got.Blocks)
		}
		must(t, w.m.Whisper(ctx, "T1", bot.Post{Channel: room, View: nasty}, lin))
		if got := w.Ephemerals(room, lin); len(got) != 1 {
			t.Errorf("%d whispers, want 1", len(got))
		}
		for _, step := range [][2]string{{"eyes", ""}, {"eyes", ""}, {"white_check_mark", "eyes"}, {"", "eyes"}} {
			must(t, w.m.React(ctx, "T1", ref, step[0], step[1]))
		}
		for range 2 {
			ch, err := w.m.Direct(ctx, "T1", lin)
			must(t, err)
			if ch != tickets.ChannelID(w.DMChannel("T1", lin)) {
				t.Errorf("Direct = %s", ch)
			}
		}
		if got := w.called("conversations.open ok"); got != 1 {
			t.Errorf("conversations.open was called %d times, want 1", got)
		}
	})
}

func TestMessengerErrors(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		post := func(ch tickets.ChannelID) error {
			_, err := w.m.Post(t.Context(), "T1", bot.Post{Channel: ch, View: nasty})
			return err
		}
		if err := post("CNONE"); !errors.Is(err, bot.ErrGone) {
			t.Errorf("unknown channel = %v, want ErrGone", err)
		}
		if err := w.m.Update(t.Context(), "T1", bot.Ref{Channel: room, TS: "1.000001"}, nasty); !errors.Is(err, bot.ErrGone) {
			t.Errorf("unknown message = %v, want ErrGone", err)
		}
		if _, err := w.m.Post(t.Context(), "T7", bot.Post{}); !errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("unknown workspace = %v, want ErrNotFound", err)
		}
		tests := []struct {
			fault slacksim.Fault
			check func(error) bool
			word  string
		}{
			{slacksim.Fault{RetryAfter: 7}, func(err error) bool {
				var r *bot.RateLimited
				return errors.As(err, &r) && r.After == 7*time.Second
			}, "rate_limited"},
			{slacksim.Fault{RetryAfter: 99_999_999}, func(err error) bool {
				var r *bot.RateLimited
				return errors.As(err, &r) && r.After == longestWait
			}, "rate_limited"},
			{slacksim.Fault{Status: 503}, temporary, "temporary"},
			{slacksim.Fault{Status: 302}, temporary, "temporary"}, // a login page in between
			{slacksim.Fault{Status: 403}, temporary, "temporary"},
			{slacksim.Fault{Status: 407}, temporary, "temporary"},
			{slacksim.Fault{Status: 413}, func(err error) bool { return err != nil && !temporary(err) && !errors.Is(err, bot.ErrGone) }, "permanent"},
			{slacksim.Fault{CutBefore: true}, temporary, "temporary"},
			{slacksim.Fault{LostReply: true}, temporary, "temporary"},
			{slacksim.Fault{Latency: time.Minute}, temporary, "temporary"},
			{slacksim.Fault{Error: "internal_error"}, temporary, "temporary"},
			{slacksim.Fault{Error: "token_revoked"}, temporary, "temporary"},
			{slacksim.Fault{Error: "is_archived"}, func(err error) bool { return errors.Is(err, bot.ErrGone) }, "gone"},
			{slacksim.Fault{Error: "invalid_blocks"}, func(err error) bool { return err != nil && !temporary(err) && !errors.Is(err, bot.ErrGone) }, "permanent"},
		}
		for _, tt := range tests {
			w.OnCall(func(slacksim.Call) slacksim.Fault { return tt.fault })
			before, began := w.called("chat.postMessage "+tt.word), time.Now()
			if err := post(room); !tt.check(err) || strings.Contains(fmt.Sprint(err), "xoxb") {
				t.Errorf("Post under %+v = %v", tt.fault, err)
			}
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("Post under %+v took %s", tt.fault, took)
			}
			if got := w.called("chat.postMessage "+tt.word) - before; got != 1 {
				t.Errorf("%d calls counted as %s, want 1: nothing is retried", got, tt.word)
			}
		}
	})
}

func temporary(err error) bool { return errors.Is(err, tickets.ErrTemporary) }

func TestRespond(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		for _, address := range []string{"https://evil.example/x", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/", "https://evil.example#.slack.com",
			"https://hooks.slack.com@evil.example/", "https://hooks.slack.com:8443/x", "://", "", "file:///etc/passwd"} {
			if err := w.api.Respond(t.Context(), address, "", nasty); !errors.Is(err, ErrMalformed) {
				t.Errorf("Respond at %q = %v, want ErrMalformed", address, err)
			}
		}
		must(t, w.api.trusted("https://hooks.slack.com/actions/T1/1/x"))
		decoder, clicks := NewDecoder(w.installs), make(chan *bot.Click, 1)
		s := NewSocketMode(w.api, SocketOptions{AppToken: "xapp-1-A00000001", NetDial: w.pipe.DialContext,
			Sink: func(_ context.Context, e bot.Envelope, _ Hint) (json.RawMessage, error) {
				if in := decoder.Decode(e); in.Click != nil {
					clicks <- in.Click
				}
				return nil, nil
			}})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		defer func() { stop(); must(t, <-done) }()
		must(t, w.Wait(ctx, func() bool { return w.Connections() == 1 }))
		ref, err := w.m.Post(ctx, "T1", bot.Post{Channel: room, View: nasty})
		must(t, err)
		must(t, w.Select(lin, room, ref.TS, "assign_to", wang))
		c := <-clicks
		if c.Action != "assign_to" || c.Value != "tk1" || c.Selected != wang || c.User != lin || c.TS != ref.TS {
			t.Errorf("click = %+v", c)
		}
		must(t, w.api.Respond(ctx, c.Respond, "", bot.View{Summary: "<!channel> done"}))
		if got := w.Ephemerals(room, lin); len(got) != 1 || got[0].Text != "&lt;!channel&gt; done" {
			t.Errorf("answers = %+v", got)
		}
		must(t, w.api.Respond(ctx, c.Respond, ref.TS, bot.View{Summary: "here"}))
		if got := w.Ephemerals(room, lin); len(got) != 2 || got[1].ThreadTS != ref.TS {
			t.Errorf("answers = %+v, want one in the thread", got)
		}
	})
}

// TestRedirectsAreNotFollowed makes sure that neither a token nor an answer goes where a redirect points.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	reached := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	api, err := NewAPI(APIOptions{URL: server.URL + "/api/"})
	must(t, err)
	if _, err := NewStatic(t.Context(), api, "xoxb-1"); err == nil {
		t.Error("auth.test through a redirect gives no error")
	}
	if err := api.Respond(t.Context(), server.URL+"/x", "", nasty); err == nil {
		t.Error("Respond through a redirect gives no error")
	}
	if reached {
		t.Error("a redirect was followed")
	}
}

func TestEndlessAnswerIsCut(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"ok":true,"team":"`))
		for range maxAnswer/4096 + 10 {
			if _, err := w.Write([]byte(strings.Repeat("x", 4096))); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	api, err := NewAPI(APIOptions{URL: server.URL + "/"})
	must(t, err)
	if _, err := api.Identify(t.Context(), "xoxb-1"); !temporary(err) {
		t.Errorf("Identify = %v, want ErrTemporary", err)
	}
}

func TestSecretsNeverShow(t *testing.T) {
	t.Parallel()
	inst := Installation{Workspace: "T1", BotToken: "xoxb-secret"}
	raw, err := json.Marshal(inst)
	must(t, err)
	for _, shown := range []string{fmt.Sprint(inst), fmt.Sprintf("%+v %#v %s %q", inst, inst, inst.BotToken, inst.BotToken), string(raw), fmt.Sprint(&inst)} {
		if strings.Contains(shown, "secret") {
			t.Errorf("the token shows in %s", shown)
		}
	}
}

func TestAPIAddress(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"https://slack.com/api", "slack.com/api/", "ftp://x/", "/api/"} {
		if _, err := NewAPI(APIOptions{URL: url}); err == nil {
			t.Errorf("NewAPI(%q) gives no error", url)
		}
	}
	if a, err := NewAPI(APIOptions{}); err != nil || a.url != DefaultURL {
		t.Errorf("NewAPI() = %v, %v", a, err)
	}
}

// TestShapesOfAnswers reads every public shape of an answer the way calls do.
func TestShapesOfAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(sharedData(t), "slack", "shapes", "api", "*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d shapes: %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		must(t, err)
		for _, out := range []any{&page{}, &struct{ User user }{}, &struct{ Messages []message }{}, &struct{ Channel ref }{}} {
			if err := tolerant(raw, out); err != nil {
				t.Errorf("%s into %T: %v", filepath.Base(f), out, err)
			}
		}
	}
}

func TestAckPayload(t *testing.T) {
	t.Parallel()
	big := bot.View{Summary: "列表"}
	for range 100 {
		big.Lines = append(big.Lines, bot.Line{Text: strings.Repeat("工单", 100)})
	}
	for _, v := range []bot.View{big, nasty, {}} {
		var got struct {
			Type   string          `json:"response_type"`
			Blocks json.RawMessage `json:"blocks"`
		}
		raw := AckPayload(v)
		must(t, json.Unmarshal(raw, &got))
		if len(raw) >= 20_000 || got.Type != slack.ResponseTypeEphemeral {
			t.Errorf("payload of %d bytes, type %q", len(raw), got.Type)
		}
	}
	if !strings.Contains(string(AckPayload(big)), "rich_text") {
		t.Error("a long list lost all its lines")
	}
}

package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/cmd/internal/simclock"
	"gongdan/tickets"
)

// asksModel is a message of which the rules make a ticket without knowing its type, so that a model is asked.
const asksModel = "2024112233445566778 帮忙处理"

// mind is a language model's server.
type mind struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	bodies []string
}

func newMind(t *testing.T, answer http.HandlerFunc) *mind {
	t.Helper()
	m := &mind{answer: answer}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m.mu.Lock()
		m.bodies = append(m.bodies, string(body))
		answer := m.answer
		m.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(m.Close)
	return m
}

func (m *mind) asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.bodies)
}

// env are the settings by which the bot asks it.
func (m *mind) env(more ...string) map[string]string {
	env := map[string]string{"OPENAI_BASE_URL": m.URL + "/v1", "OPENAI_MODEL": "small"}
	for i := 0; i < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	return env
}

// content is a good answer with these words, that took so many tokens.
func content(words string, tokens int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": words}}},
			"usage":   map[string]any{"prompt_tokens": tokens, "completion_tokens": 1},
		})
	}
}

const findsReturn = `{"evidence":"x","intent":"new_ticket","type":"goods_return","sure":"high"}`

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

func slow(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// thinking is a stage whose bot asks a model. Its tickets' time is the wall's, by which the bot tells a message that has
// waited too long for a model already.
func thinking(t *testing.T, o set) *stage {
	t.Helper()
	o.unlit = true
	s := newStage(t, o)
	s.clock.Set(simclock.State{Base: time.Now(), Wall: time.Now(), Speed: 1})
	s.app = s.start()
	s.ready(s.app)
	return s
}

// within is how long a ticket may take whose model is of no help.
const within = 4 * time.Second

// TestNoHelpFromTheModel says something to bots whose model's server misbehaves in every known way: the ticket is made
// in time, it shows that the model was missed, and nobody goes on asking.
func TestNoHelpFromTheModel(t *testing.T) {
	t.Parallel()
	envelope := func(code int, words string) http.HandlerFunc {
		return status(code, fmt.Sprintf(`{"error":{"message":%q,"type":"x","code":null}}`, words))
	}
	for name, answer := range map[string]http.HandlerFunc{
		"down":            nil,
		"slow":            slow,
		"drips":           drip,
		"html":            status(200, "<html><title>Sign in</title></html>"),
		"empty body":      status(200, ""),
		"empty content":   content("", 10),
		"truncated":       content(`{"evidence":"x","intent":"new_t`, 10),
		"thinks for ever": content("<think>maybe "+strings.Repeat("maybe ", 400), 10),
		"wrong schema":    content(`{"intent":"close_all","type":"none"}`, 10),
		"400 on format":   envelope(400, "response_format is not supported"),
		"429":             envelope(429, "slow down"),
		"429 for a minute": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "60")
			envelope(429, "x")(w, r)
		},
		"429 for a second": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "1")
			envelope(429, "x")(w, r)
		},
		"401":            envelope(401, "Incorrect API key"),
		"content filter": status(400, `{"error":{"message":"filtered","code":"content_filter"}}`),
		"cut stream":     cutStream,
		"error with 200": status(200, `{"error":{"message":"overloaded","code":529}}`),
		"500":            status(500, "oops"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMind(t, answer)
			if answer == nil {
				m.Close()
			}
			s := thinking(t, set{env: m.env()})
			began := time.Now()
			ts := s.post(li, teamRoom, asksModel)
			s.decided(teamRoom, ts)
			took := time.Since(began)
			k := s.ticket(teamRoom, ts)
			t.Logf("made in %v after %d requests: %s", took.Round(time.Millisecond), len(m.asked()), k.Decision)
			if took > within {
				t.Errorf("the ticket took %v, want at most %v", took, within)
			}
			if !strings.HasPrefix(k.Decision, "rules_degraded:") {
				t.Errorf("the ticket was decided by %q, which does not show that the model was missed", k.Decision)
			}
			s.settled()
			if n := len(m.asked()); n > 10 {
				t.Errorf("%d requests for one message", n)
			}
			if _, metrics := s.get(s.app, "/metrics"); !strings.Contains(metrics, `gongdan_decisions_total{action="act",by="rules_degraded"} `) {
				t.Error("the metrics do not show that the model was missed")
			}
		})
	}
}

func drip(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
		}
	}
}

func cutStream(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "5000")
	_, _ = io.WriteString(w, `data: {"choices":[{"delta":{"content":"{\"int`)
}

// A model that answers helps.
func TestHelpFromTheModel(t *testing.T) {
	t.Parallel()
	m := newMind(t, content(findsReturn, 900))
	s := thinking(t, set{env: m.env("OPENAI_PRICES", "1000/100/2000")})
	ts := s.post(li, teamRoom, asksModel)
	s.decided(teamRoom, ts)
	if k := s.ticket(teamRoom, ts); k.Type != "goods_return" || !strings.HasPrefix(k.Decision, "model:model:type ") {
		t.Errorf("type %s by %s, want goods_return by the model", k.Type, k.Decision)
	}
	_, metrics := s.get(s.app, "/metrics")
	for _, want := range []string{`gongdan_model_seconds_count{mode="json_schema",result="ok"} 1`, `gongdan_model_tokens_total{kind="prompt"} 900`, "gongdan_model_cost_total 0.902"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if asked := m.asked(); len(asked) != 1 || strings.Contains(asked[0], "2024112233445566778") {
		t.Errorf("asked %q, want once and without the order number", asked)
	}
}

// Where the team file switches the model off, nothing is sent; elsewhere it is.
func TestModelOffInAChannel(t *testing.T) {
	t.Parallel()
	m := newMind(t, content(findsReturn, 900))
	p := stagePolicy()
	p.Model.OffIn = []tickets.ChannelID{teamRoom}
	s := thinking(t, set{env: m.env(), policy: &p})
	ts := s.post(li, teamRoom, asksModel)
	s.decided(teamRoom, ts)
	if k := s.ticket(teamRoom, ts); len(m.asked()) > 0 || strings.Contains(k.Decision, "degraded") {
		t.Fatalf("asked %d times, decided by %s", len(m.asked()), k.Decision)
	}
	ts = s.post(li, shopRoom, "2024112233445566779 帮忙处理")
	s.decided(shopRoom, ts)
	if len(m.asked()) != 1 {
		t.Errorf("asked %d times about another channel, want once", len(m.asked()))
	}
}

// A workspace's budget ends with a word to whoever leads, and local decisions.
func TestModelBudget(t *testing.T) {
	t.Parallel()
	m := newMind(t, content(findsReturn, 8500))
	s := thinking(t, set{env: m.env("OPENAI_DAILY_TOKENS", "10000")})
	ts := s.post(li, teamRoom, asksModel)
	s.decided(teamRoom, ts)
	s.direct(wang, "85%", "8501/10000")
	ts = s.post(li, teamRoom, "2024112233445566779 帮忙处理")
	s.decided(teamRoom, ts)
	if k := s.ticket(teamRoom, ts); !strings.HasPrefix(k.Decision, "rules_degraded:") || len(m.asked()) != 1 {
		t.Errorf("decided by %s, asked %d times; want the budget to hold", k.Decision, len(m.asked()))
	}
	if !s.log.has("budget of the day") {
		t.Error("the log does not tell")
	}
}

// With PRIVACY=local a model elsewhere is not asked, and the ticket misses nothing; one on this machine is, and nothing it
// says leads elsewhere.
func TestPrivacyLocal(t *testing.T) {
	t.Parallel()
	elsewhere := newMind(t, content(findsReturn, 10))
	here := newMind(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/v1/chat/completions", http.StatusTemporaryRedirect)
	})
	for name, tt := range map[string]struct {
		base, decision string
	}{
		"elsewhere": {"http://192.0.2.7/v1", "rules:"},
		"here":      {here.URL + "/v1", "rules_degraded:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := thinking(t, set{env: map[string]string{"OPENAI_BASE_URL": tt.base, "OPENAI_MODEL": "small", "PRIVACY": "local"}})
			ts := s.post(li, teamRoom, asksModel)
			s.decided(teamRoom, ts)
			if k := s.ticket(teamRoom, ts); !strings.HasPrefix(k.Decision, tt.decision) {
				t.Errorf("decided by %s, want %s", k.Decision, tt.decision)
			}
			if n := len(elsewhere.asked()); n > 0 {
				t.Errorf("%d messages went elsewhere", n)
			}
		})
	}
}

package openaimodel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/prompts"
	"gongdan/prompts/openaimodel"
)

const good = `{"intent":"none","type":"none","sure":"high"}`

// turn is what the server does with one request.
type turn func(w http.ResponseWriter, r *http.Request)

func say(content string) turn { return message(map[string]any{"content": content}, "stop") }

func message(m map[string]any, finish string) turn {
	return func(w http.ResponseWriter, _ *http.Request) {
		m["role"] = "assistant"
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": m, "finish_reason": finish}},
			"usage": map[string]any{"prompt_tokens": 900, "completion_tokens": 60, "prompt_tokens_details": map[string]any{"cached_tokens": 896}}})
	}
}

func refuse(status int, body string) turn {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func envelope(status int, text string) turn {
	return refuse(status, fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":null,"code":null}}`, text))
}

// server plays its turns in order, the last one for ever, and notes how each
// request asked for JSON.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	modes []string
	asked []asked
}

// asked is one request as it came.
type asked struct {
	path   string
	header http.Header
	body   map[string]any
}

func newServer(t *testing.T, turns ...turn) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			ResponseFormat *struct{ Type string } `json:"response_format"`
			Tools          []any
			MaxTokens      int `json:"max_tokens"`
		}
		body, _ := io.ReadAll(r.Body)
		json.Unmarshal(body, &q)
		mode := "text"
		switch {
		case q.ResponseFormat != nil:
			mode = q.ResponseFormat.Type
		case len(q.Tools) > 0:
			mode = "tool"
		}
		s.mu.Lock()
		n := len(s.modes)
		whole := map[string]any{}
		json.Unmarshal(body, &whole)
		s.asked = append(s.asked, asked{r.URL.String(), r.Header.Clone(), whole})
		s.modes = append(s.modes, mode)
		s.mu.Unlock()
		turns[min(n, len(turns)-1)](w, r.WithContext(context.WithValue(r.Context(), bodyKey{}, whole)))
	}))
	t.Cleanup(s.Close)
	return s
}

func request() prompts.Request {
	return prompts.Classify(prompts.Question{Messages: []string{"杯子碎了"}})
}

func TestMisbehavingServers(t *testing.T) {
	t.Parallel()
	unsupported := envelope(400, "This response_format type is unavailable now")
	for _, tt := range []struct {
		name  string
		turns []turn
		modes []string
		err   error
	}{
		{"good", []turn{say(good)}, []string{"json_schema"}, nil},
		{"deepseek ladder", []turn{unsupported, say(good)}, []string{"json_schema", "json_object"}, nil},
		{"tool", []turn{unsupported, unsupported, message(map[string]any{"tool_calls": []any{map[string]any{"id": "1", "type": "function", "function": map[string]any{"name": "classify", "arguments": good}}}}, "tool_calls")}, []string{"json_schema", "json_object", "tool"}, nil},
		{"plain text in the end", []turn{unsupported, unsupported, refuse(422, "tool_choice: unknown field"), say("好的，结果如下：" + good)}, []string{"json_schema", "json_object", "tool", "text"}, nil},
		{"refuses for ever", []turn{unsupported}, []string{"json_schema", "json_object", "tool", "text"}, prompts.ErrUnavailable},
		{"flips parameters for ever", []turn{envelope(400, "unknown max_tokens"), envelope(400, "unknown max_completion_tokens"), envelope(400, "unknown max_tokens"), envelope(400, "unknown max_completion_tokens"), envelope(400, "unknown max_tokens"), envelope(400, "unknown max_completion_tokens"), envelope(400, "unknown max_tokens"), envelope(400, "unknown max_completion_tokens"), envelope(400, "unknown max_tokens")}, nil, prompts.ErrUnavailable},
		{"other 400", []turn{envelope(400, "content_filter")}, []string{"json_schema"}, prompts.ErrUnavailable},
		{"401", []turn{envelope(401, "Incorrect API key; response_format")}, []string{"json_schema"}, prompts.ErrUnavailable},
		{"429 then good", []turn{envelope(429, "slow down"), say(good)}, []string{"json_schema", "json_schema"}, nil},
		{"429 for ever", []turn{envelope(429, "slow down")}, []string{"json_schema", "json_schema"}, prompts.ErrUnavailable},
		{"500 then good", []turn{refuse(500, "oops"), say(good)}, []string{"json_schema", "json_schema"}, nil},
		{"html with 200", []turn{refuse(200, "<html><body>login</body></html>")}, []string{"json_schema", "json_schema"}, prompts.ErrUnavailable},
		{"html with 502", []turn{refuse(502, "<html>bad gateway</html>"), say(good)}, []string{"json_schema", "json_schema"}, nil},
		{"empty body", []turn{refuse(200, "")}, []string{"json_schema", "json_schema"}, prompts.ErrUnavailable},
		{"no choices", []turn{refuse(200, `{"choices":[]}`), say(good)}, []string{"json_schema", "text"}, nil},
		{"empty content", []turn{say("")}, []string{"json_schema", "text"}, prompts.ErrInvalid},
		{"empty content then good", []turn{say(""), say(good)}, []string{"json_schema", "text"}, nil},
		{"truncated", []turn{message(map[string]any{"content": `{"intent":"none","ty`}, "length")}, []string{"json_schema", "json_schema"}, prompts.ErrInvalid},
		{"blanks until cut off", []turn{message(map[string]any{"content": strings.Repeat(" \n", 800)}, "length"), say(good)}, []string{"json_schema", "json_object"}, nil},
		{"refuses to say", []turn{message(map[string]any{"content": "", "refusal": "I cannot"}, "stop")}, []string{"json_schema"}, prompts.ErrInvalid},
		{"filtered and cut", []turn{message(map[string]any{"content": `{"intent":"no`}, "content_filter")}, []string{"json_schema"}, prompts.ErrInvalid},
		{"filtered question", []turn{refuse(400, `{"error":{"message":"response_format ok, but filtered","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}`)}, []string{"json_schema"}, prompts.ErrUnavailable},
		{"model unknown", []turn{refuse(404, `{"error":{"message":"The model is unavailable or not supported","code":"model_not_found"}}`)}, []string{"json_schema"}, prompts.ErrUnavailable},
		{"200 with an error in it", []turn{refuse(200, `{"error":{"message":"busy","code":429}}`), say(good)}, []string{"json_schema", "json_schema"}, nil},
		{"200 with a refusal in it", []turn{refuse(200, `{"error":{"message":"response_format is not supported","code":400}}`), say(good)}, []string{"json_schema", "json_object"}, nil},
		{"events instead of an answer", []turn{refuse(200, "data: {\"choices\":[{\"delta\":{\"content\":\"{\"}}]}\n\n")}, []string{"json_schema", "json_schema"}, prompts.ErrUnavailable},
		{"redirects", []turn{func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.invalid/v1", http.StatusTemporaryRedirect)
		}}, []string{"json_schema"}, prompts.ErrUnavailable},
		{"quota used up", []turn{refuse(429, `{"error":{"message":"no credit","code":"insufficient_quota"}}`)}, []string{"json_schema"}, prompts.ErrUnavailable},
		{"newer reasoning field", []turn{message(map[string]any{"content": nil, "reasoning": "so " + good}, "stop")}, []string{"json_schema"}, nil},
		{"content in parts", []turn{message(map[string]any{"content": []any{map[string]any{"type": "text", "text": good}}}, "stop")}, []string{"json_schema"}, nil},
		{"doubled braces", []turn{say("{" + good + "}")}, []string{"json_schema"}, nil},
		{"wrong schema", []turn{say(`{"intent":"close_all"}`)}, []string{"json_schema", "json_schema"}, prompts.ErrInvalid},
		{"thinking", []turn{say("<think>maybe {\"intent\":\"x\"}</think>\n```json\n" + good + "\n```")}, []string{"json_schema"}, nil},
		{"only reasoning", []turn{message(map[string]any{"content": "", "reasoning_content": "so " + good}, "stop")}, []string{"json_schema"}, nil},
		{"cut connection", []turn{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"choices":[`)
		}, say(good)}, []string{"json_schema", "json_schema"}, nil},
		{"endless body", []turn{func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"choices":[{"message":{"content":"`)
			junk := bytes.Repeat([]byte("x"), 64<<10)
			for range 64 {
				if _, err := w.Write(junk); err != nil {
					return
				}
			}
		}}, []string{"json_schema", "json_schema"}, prompts.ErrUnavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, tt.turns...)
			m := openaimodel.New(openaimodel.Options{BaseURL: s.URL + "/v1", Model: "m", Pause: time.Microsecond})
			r, err := m.Complete(t.Context(), request())
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Fatalf("Complete error = %v, want %v", err, tt.err)
			}
			if tt.modes != nil {
				if diff := cmp.Diff(tt.modes, s.modes); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			}
			if len(s.modes) > 10 {
				t.Errorf("%d requests for one question", len(s.modes))
			}
			if err == nil && string(r.JSON) != good {
				t.Errorf("answer = %s", r.JSON)
			}
			if err == nil && r.Tries != len(s.modes) {
				t.Errorf("Tries = %d, want %d", r.Tries, len(s.modes))
			}
		})
	}
}

func TestLessonIsRemembered(t *testing.T) {
	t.Parallel()
	s := newServer(t, envelope(400, "json_schema is not supported"), say(good))
	now := time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC)
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m", Now: func() time.Time { return now }})
	for range 3 {
		if _, err := m.Complete(t.Context(), request()); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(25 * time.Hour)
	if !strings.HasPrefix(m.Mode(request().Prompt), "json_schema") {
		t.Errorf("mode a day later = %s, want another try with json_schema", m.Mode(request().Prompt))
	}
	if diff := cmp.Diff([]string{"json_schema", "json_object", "json_object", "json_object"}, s.modes); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	s := newServer(t, say(good))
	r, err := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m"}).Complete(t.Context(), request())
	if want := (prompts.Usage{Prompt: 900, Cached: 896, Completion: 60}); err != nil || r.Usage != want {
		t.Errorf("usage = %+v, %v, want %+v", r.Usage, err, want)
	}
}

// A server may count as it likes: what cannot be is not passed on.
func TestUsageWithinWhatCanBe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, usage string
		want        prompts.Usage
	}{
		{"below nothing", `{"prompt_tokens":-9000000000,"completion_tokens":-5,"prompt_tokens_details":{"cached_tokens":-1}}`, prompts.Usage{}},
		{"without bound", `{"prompt_tokens":9223372036854775807,"completion_tokens":5}`, prompts.Usage{Prompt: 4_000_000, Completion: 5}},
		{"more cached than read", `{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":900}}`, prompts.Usage{Prompt: 10, Cached: 10, Completion: 5}},
		{"none", `null`, prompts.Usage{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, refuse(200, fmt.Sprintf(`{"choices":[{"message":{"role":"assistant","content":%q}}],"usage":%s}`, good, tt.usage)))
			r, err := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m"}).Complete(t.Context(), request())
			if err != nil || r.Usage != tt.want {
				t.Errorf("usage = %+v, %v, want %+v", r.Usage, err, tt.want)
			}
		})
	}
}

// A request that went out and was never answered is told of: its server may bill it. One that was refused, or never left, is not.
func TestLostRequests(t *testing.T) {
	t.Parallel()
	hangs := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	breaks := func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = c.Close()
		}
	}
	for _, tt := range []struct {
		name  string
		turns []turn
		lost  int
	}{
		{"answered", []turn{say(good)}, 0},
		{"takes too long", []turn{hangs}, 1},
		{"breaks off, twice", []turn{breaks}, 2},
		{"breaks off, then answers", []turn{breaks, say(good)}, 1},
		{"refused", []turn{envelope(429, "slow down")}, 0},
		{"away", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, tt.turns...)
			if tt.turns == nil {
				s.Close()
			}
			m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m", PerTry: time.Second, Pause: time.Millisecond})
			if r, _ := m.Complete(t.Context(), request()); r.Lost != tt.lost {
				t.Errorf("%d requests lost, want %d", r.Lost, tt.lost)
			}
		})
	}
}

// roundTrip is a server without a network, for virtual time.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func respond(r *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

func chat(content string) string {
	b, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": content}, "finish_reason": "stop"}}})
	return string(b)
}

func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		server func(n int, r *http.Request) (*http.Response, error)
		took   time.Duration
		calls  int
		err    error
	}{
		{"hangs", func(_ int, r *http.Request) (*http.Response, error) { return hang(r) }, 5 * time.Second, 1, prompts.ErrUnavailable},
		{"Retry-After is waited for, and a tenth by chance", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return respond(r, 429, http.Header{"Retry-After": {"3"}}, `{"error":{"message":"slow"}}`), nil
			}
			return respond(r, 200, http.Header{}, chat(good)), nil
		}, 3300 * time.Millisecond, 2, nil},
		{"Retry-After as a date", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return respond(r, 503, http.Header{"Retry-After": {time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat)}}, `busy`), nil
			}
			return respond(r, 200, http.Header{}, chat(good)), nil
		}, 2200 * time.Millisecond, 2, nil},
		{"slow twice within the time", func(n int, r *http.Request) (*http.Response, error) {
			time.Sleep(4 * time.Second) // virtual
			return respond(r, 500, http.Header{}, "oops"), nil
		}, 8500 * time.Millisecond, 2, prompts.ErrUnavailable},
		{"Retry-After beyond the time", func(_ int, r *http.Request) (*http.Response, error) {
			return respond(r, 429, http.Header{"Retry-After": {"30"}}, `{"error":{"message":"slow"}}`), nil
		}, 0, 1, prompts.ErrUnavailable},
		{"Retry-After without end", func(_ int, r *http.Request) (*http.Response, error) {
			return respond(r, 429, http.Header{"Retry-After": {"1e300"}}, `{"error":{"message":"slow"}}`), nil
		}, 0, 1, prompts.ErrUnavailable},
		{"Retry-After as a date without end", func(_ int, r *http.Request) (*http.Response, error) {
			return respond(r, 429, http.Header{"Retry-After": {"Fri, 31 Dec 9999 23:59:59 GMT"}}, `{"error":{"message":"slow"}}`), nil
		}, 0, 1, prompts.ErrUnavailable},
		{"no connection", func(int, *http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, 500 * time.Millisecond, 2, prompts.ErrUnavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					calls++
					return tt.server(calls, r)
				})}
				m := openaimodel.New(openaimodel.Options{Model: "m", Client: client, Jitter: func() float64 { return 1 }})
				start := time.Now()
				_, err := m.Complete(t.Context(), request())
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Errorf("error = %v, want %v", err, tt.err)
				}
				if took := time.Since(start); took != tt.took || calls != tt.calls {
					t.Errorf("took %v and %d calls, want %v and %d", took, calls, tt.took, tt.calls)
				}
			})
		})
	}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls, up := 0, false
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			calls++
			if up {
				return respond(r, 200, http.Header{}, chat(good)), nil
			}
			return hang(r)
		})}
		m := openaimodel.New(openaimodel.Options{Model: "m", Client: client, Jitter: func() float64 { return 1 }})
		for range 8 {
			if _, err := m.Complete(t.Context(), request()); !errors.Is(err, prompts.ErrUnavailable) {
				t.Fatalf("error = %v", err)
			}
		}
		if calls != 5 {
			t.Errorf("%d calls to a dead server, want 5 and then none", calls)
		}
		up = true
		time.Sleep(31 * time.Second) // virtual
		if _, err := m.Complete(t.Context(), request()); err != nil {
			t.Errorf("after half a minute: %v", err)
		}
	})
}

// A server that refuses every way of asking is not there for us; one that refuses a question is.
func TestBreakerCountsWhatItRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		text   string
		calls  int // of 20 questions
		result string
	}{
		{"every way", 400, "unsupported: temperature seed max_tokens max_completion_tokens thinking chat_template_kwargs response_format tools", 5 * 8, "unavailable"},
		{"every way, by another status", 422, "tool_choice: unknown field", 5 * 4, "unavailable"},
		{"in turn for ever", 400, "unknown max_tokens, unknown max_completion_tokens", 5 * 2, "unavailable"},
		{"the question", 400, "this is not what we talk about", 20, "question"},
		{"the question's length", 413, "unsupported: too long", 20, "question"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls, first := 0, ""
				client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					calls++
					return respond(r, tt.status, http.Header{}, fmt.Sprintf(`{"error":{"message":%q}}`, tt.text)), nil
				})}
				m := openaimodel.New(openaimodel.Options{BaseURL: "http://127.0.0.1:1", Model: "m", Client: client, Watch: func(c openaimodel.Call) {
					if first == "" {
						first = c.Result
					}
				}})
				for range 20 {
					if _, err := m.Complete(t.Context(), request()); !errors.Is(err, prompts.ErrUnavailable) {
						t.Fatalf("error = %v", err)
					}
				}
				if calls != tt.calls || first != tt.result {
					t.Errorf("%d requests, the first question %s; want %d, %s", calls, first, tt.calls, tt.result)
				}
			})
		})
	}
}

func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := newServer(t, say(good))
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m"})
	for range 10 {
		if _, err := m.Complete(ctx, request()); !errors.Is(err, prompts.ErrUnavailable) {
			t.Fatalf("error = %v", err)
		}
	}
	if _, err := m.Complete(t.Context(), request()); err != nil {
		t.Errorf("callers that went away opened the breaker: %v", err)
	}
}

// Servers echo questions in their errors; our errors must not.
func TestErrorsHoldNoText(t *testing.T) {
	t.Parallel()
	for _, turns := range [][]turn{{envelope(400, "bad message: 杯子碎了")}, {refuse(500, "杯子碎了 <html>")}, {say("杯子碎了")}, {refuse(200, "杯子碎了")}} {
		s := newServer(t, turns...)
		_, err := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Key: func() string { return "sk-secret" }, Model: "m", Pause: time.Microsecond}).Complete(t.Context(), request())
		if err == nil || strings.Contains(err.Error(), "杯子") || strings.Contains(err.Error(), "secret") {
			t.Errorf("error = %v", err)
		}
	}
}

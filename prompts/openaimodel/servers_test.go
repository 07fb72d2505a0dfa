package openaimodel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/prompts"
	"gongdan/prompts/openaimodel"
)

// at is a client for which every host is the one server.
func (s *server) at() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
	}}}
}

// vendor is a server that takes and refuses what a known one does.
func vendor(refusal func(body map[string]any) string, content turn) turn {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := r.Context().Value(bodyKey{}).(map[string]any)
		if why := refusal(body); why != "" {
			envelope(400, why)(w, r)
			return
		}
		content(w, r)
	}
}

type bodyKey struct{}

func has(body map[string]any, key string) bool { _, ok := body[key]; return ok }

// formatOf is how JSON is asked for.
func formatOf(body map[string]any) string {
	f, _ := body["response_format"].(map[string]any)
	return fmt.Sprint(f["type"])
}

// prompted tells whether the prompt holds the word that Qwen and OpenAI want.
func prompted(body map[string]any) bool {
	b, _ := json.Marshal(body["messages"])
	return strings.Contains(strings.ToLower(string(b)), "json")
}

// TestKnownServers plays each known server as it is known to behave: what it refuses, where it puts its answer. They are
// not the servers themselves.
func TestKnownServers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, base, model string
		refusal           func(body map[string]any) string
		content           turn
		modes             []string
		path              string
		want              map[string]any // of the last request; nil = absent
		auth              string         // header that holds the key
	}{
		{
			name: "OpenAI", base: "http://api.openai.com/v1", model: "gpt-4.1-mini", content: say(good), modes: []string{"json_schema"}, path: "/v1/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				if has(b, "max_tokens") {
					return "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
				}
				return ""
			},
			want: map[string]any{"temperature": 0.0, "seed": 1.0, "max_completion_tokens": 400.0, "max_tokens": nil, "stream": false},
		},
		{
			name: "OpenAI, thinking", base: "http://api.openai.com/v1", model: "gpt-5-mini", content: say(good), modes: []string{"json_schema"}, path: "/v1/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				if has(b, "temperature") || has(b, "max_tokens") {
					return "Unsupported value: 'temperature' does not support 0 with this model."
				}
				return ""
			},
			want: map[string]any{"temperature": nil, "seed": nil, "max_completion_tokens": 3200.0, "reasoning_effort": "low"},
		},
		{
			name: "Azure, v1", base: "http://x.openai.azure.com/openai/v1/", model: "my-deployment", content: say(good), modes: []string{"json_schema"}, path: "/openai/v1/chat/completions", auth: "Authorization",
			refusal: func(map[string]any) string { return "" }, want: map[string]any{"model": "my-deployment", "temperature": 0.0},
		},
		{
			name: "Azure, a deployment that thinks", base: "http://x.openai.azure.com", model: "my.deployment:1", content: say(good), modes: []string{"json_schema", "json_schema"},
			path: "/openai/deployments/my.deployment:1/chat/completions?api-version=2024-10-21", auth: "Api-Key",
			refusal: func(b map[string]any) string {
				if has(b, "temperature") {
					return "Unsupported parameter: 'temperature' is not supported with this model."
				}
				return ""
			},
			want: map[string]any{"temperature": nil},
		},
		{
			name: "Azure, named in the address", base: "http://x.openai.azure.com/openai/deployments/dep?api-version=2025-01-01-preview", model: "gpt-4.1", content: say(good), modes: []string{"json_schema"},
			path: "/openai/deployments/dep/chat/completions?api-version=2025-01-01-preview", auth: "Api-Key", refusal: func(map[string]any) string { return "" },
		},
		{
			name: "DeepSeek", base: "http://api.deepseek.com", model: "deepseek-v4-flash", content: say(good), modes: []string{"json_object"}, path: "/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				switch {
				case formatOf(b) == "json_schema":
					return "This response_format type is unavailable now"
				case !prompted(b):
					return "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'."
				}
				return ""
			},
			want: map[string]any{"thinking": map[string]any{"type": "disabled"}, "max_tokens": 400.0, "max_completion_tokens": nil, "temperature": 0.0},
		},
		{
			name: "Qwen", base: "http://dashscope.aliyuncs.com/compatible-mode/v1", model: "qwen-plus", content: say(good), modes: []string{"json_object"}, path: "/compatible-mode/v1/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				switch {
				case b["enable_thinking"] != false:
					return "Json mode response is not supported when enable_thinking is true"
				case !prompted(b):
					return "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
				}
				return ""
			},
			want: map[string]any{"enable_thinking": false},
		},
		{
			name: "vLLM, its answer among the thoughts", base: "http://gpu-box:8000/v1", model: "gpt-5-alike", content: message(map[string]any{"content": nil, "reasoning_content": "\n{" + good}, "stop"), modes: []string{"json_schema"}, path: "/v1/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				if has(b, "guided_json") || !has(b, "max_tokens") {
					return "Extra inputs are not permitted"
				}
				return ""
			},
			want: map[string]any{"chat_template_kwargs": map[string]any{"enable_thinking": false}, "temperature": 0.0, "max_tokens": 400.0},
		},
		{
			name: "Ollama", base: "http://localhost:11434/v1", model: "qwen3:8b", content: say(good), modes: []string{"json_schema"}, path: "/v1/chat/completions", auth: "Authorization",
			refusal: func(map[string]any) string { return "" }, want: map[string]any{"reasoning_effort": "none", "temperature": 0.0, "max_tokens": 400.0},
		},
		{
			name: "strict and nameless", base: "http://gateway.example/v1", model: "m", content: say(good), modes: []string{"json_schema", "json_schema"}, path: "/v1/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				if has(b, "chat_template_kwargs") || has(b, "seed") {
					return "body: Extra inputs are not permitted"
				}
				return ""
			},
			want: map[string]any{"chat_template_kwargs": nil, "seed": nil, "max_tokens": 400.0},
		},
		{
			name: "knows text alone", base: "http://gateway.example/v1", model: "m", content: say("好的：" + good), modes: []string{"json_schema", "json_object", "tool", "text"}, path: "/v1/chat/completions", auth: "Authorization",
			refusal: func(b map[string]any) string {
				switch {
				case has(b, "response_format"):
					return "response_format is not supported by this model"
				case has(b, "tools"):
					return "tool_choice is not supported by this model"
				}
				return ""
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, vendor(tt.refusal, tt.content))
			m := openaimodel.New(openaimodel.Options{BaseURL: tt.base, Model: tt.model, Client: s.at(), Key: func() string { return "k-1" }})
			r, err := m.Complete(t.Context(), request())
			if err != nil || string(r.JSON) != good {
				t.Fatalf("Complete = %s, %v; asked %v", r.JSON, err, s.modes)
			}
			if diff := cmp.Diff(tt.modes, s.modes); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			last := s.asked[len(s.asked)-1]
			if last.path != tt.path || !strings.Contains(last.header.Get(tt.auth), "k-1") {
				t.Errorf("asked at %s with headers %v, want %s and the key in %s", last.path, last.header, tt.path, tt.auth)
			}
			for k, v := range tt.want {
				if got, ok := last.body[k]; (v == nil) == ok || v != nil && !cmp.Equal(v, got) {
					t.Errorf("%s = %v (there: %t), want %v", k, got, ok, v)
				}
			}
			if _, err := m.Complete(t.Context(), request()); err != nil || len(s.modes) != len(tt.modes)+1 {
				t.Errorf("a second question took %d requests, %v; the lesson was not kept", len(s.modes)-len(tt.modes), err)
			}
		})
	}
}

// A bad answer is sent back once with what is wrong with it, never twice.
func TestOneRepair(t *testing.T) {
	t.Parallel()
	s := newServer(t, say(`{"intent":"close_all","type":"none"}`), say(good))
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m"})
	r, err := m.Complete(t.Context(), request())
	if err != nil || string(r.JSON) != good || r.Tries != 2 {
		t.Fatalf("Complete = %s in %d tries, %v", r.JSON, r.Tries, err)
	}
	if want := (prompts.Usage{Prompt: 1800, Cached: 1792, Completion: 120}); r.Usage != want {
		t.Errorf("usage = %+v, want that of both answers, %+v", r.Usage, want)
	}
	said, _ := s.asked[1].body["messages"].([]any)
	if len(said) != 4 || !strings.Contains(fmt.Sprint(said[3]), "intent is none of the choices") {
		t.Errorf("the second question is %v, want the fault named", said)
	}
	if fmt.Sprint(said[:2]) != fmt.Sprint(s.asked[0].body["messages"]) {
		t.Error("the repair changes the beginning, so that no server can take it from its cache")
	}
}

// More room is given to an answer that was cut off, once.
func TestCutOff(t *testing.T) {
	t.Parallel()
	s := newServer(t, message(map[string]any{"content": `{"intent":"no`}, "length"), say(good))
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m"})
	if _, err := m.Complete(t.Context(), request()); err != nil {
		t.Fatal(err)
	}
	if got := s.asked[1].body["max_tokens"]; got != 1600.0 {
		t.Errorf("max_tokens = %v at the second try, want 1600", got)
	}
}

// A model whose answers are no use is left alone, and asked again later.
func TestQuality(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC)
	s := newServer(t, say("no idea"))
	results := map[string]int{}
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m", Now: func() time.Time { return now }, Watch: func(c openaimodel.Call) { results[c.Result]++ }})
	for range 20 {
		_, err := m.Complete(t.Context(), request())
		if err == nil {
			t.Fatal("no idea is an answer")
		}
	}
	if diff := cmp.Diff(map[string]int{"invalid": 16, "resting": 4}, results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	now = now.Add(11 * time.Minute)
	if _, err := m.Complete(t.Context(), request()); !errors.Is(err, prompts.ErrInvalid) {
		t.Errorf("after its rest: %v, want another try", err)
	}
}

// Fifteen bad answers in fifty are borne.
func TestQualityBears(t *testing.T) {
	t.Parallel()
	var turns []turn
	for i := range 100 {
		if i%10 < 3 {
			turns = append(turns, message(map[string]any{"content": "", "refusal": "no"}, "stop"))
		} else {
			turns = append(turns, say(good))
		}
	}
	s := newServer(t, turns...)
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m"})
	for range turns {
		if _, err := m.Complete(t.Context(), request()); errors.Is(err, prompts.ErrUnavailable) {
			t.Fatalf("after %d: %v", len(s.modes), err)
		}
	}
}

// No more questions than allowed are under way at once, and nobody waits longer than they will.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}, 9), make(chan struct{})
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		<-leave
		say(good)(w, r)
	})
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m", AtOnce: 2})
	done := make(chan error, 2)
	for range 2 {
		go func() { _, err := m.Complete(t.Context(), request()); done <- err }()
		<-entered
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := m.Complete(ctx, request()); !errors.Is(err, prompts.ErrUnavailable) || len(entered) > 0 {
		t.Errorf("a third question: %v, and %d asked", err, len(entered))
	}
	close(leave)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// A client that may not leave this machine does not, whatever a name resolves to or a server says.
func TestThisMachine(t *testing.T) {
	t.Parallel()
	s := newServer(t, say(good))
	for base, want := range map[string]bool{s.URL: true, "http://192.0.2.1:9/v1": false, "http://[2001:db8::1]:9/v1": false} {
		m := openaimodel.New(openaimodel.Options{BaseURL: base, Model: "m", ThisMachine: true, PerTry: time.Second, Pause: time.Microsecond})
		if _, err := m.Complete(t.Context(), request()); (err == nil) != want {
			t.Errorf("%s: %v, want an answer: %t", base, err, want)
		}
	}
}

// A key that changes is used at once.
func TestKeyIsReadAnew(t *testing.T) {
	t.Parallel()
	s := newServer(t, say(good))
	key := "k-1"
	m := openaimodel.New(openaimodel.Options{BaseURL: s.URL, Model: "m", Key: func() string { return key }})
	for _, key = range []string{"k-1", "k-2", ""} {
		if _, err := m.Complete(t.Context(), request()); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, a := range s.asked {
		got = append(got, a.header.Get("Authorization"))
	}
	if diff := cmp.Diff([]string{"Bearer k-1", "Bearer k-2", "Bearer none"}, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

package openaimodel

import (
	"fmt"
	"testing"
)

func TestDemote(t *testing.T) {
	t.Parallel()
	full := way{oldTokens: true, hush: hushTemplate}
	for _, tt := range []struct {
		name string
		from way
		f    failure
		want string // of the way after it; "" = no other way
	}{
		{"format", full, failure{status: 400, text: "Invalid parameter: 'response_format' of type 'json_schema'"}, "json_object, max_tokens, temperature, seed, chat_template_kwargs"},
		{"format, 422", full, failure{status: 422, text: `{"detail":"response_format"}`}, "json_object, max_tokens, temperature, seed, chat_template_kwargs"},
		{"format, 404", full, failure{status: 404, text: "no route for json_schema"}, "json_object, max_tokens, temperature, seed, chat_template_kwargs"},
		{"format, 501", full, failure{status: 501, text: "structured output"}, "json_object, max_tokens, temperature, seed, chat_template_kwargs"},
		{"guided", full, failure{status: 400, text: "guided decoding backend is missing"}, "json_object, max_tokens, temperature, seed, chat_template_kwargs"},
		{"tool choice", way{mode: toolMode}, failure{status: 400, text: "Thinking mode does not support this tool_choice"}, "text, max_completion_tokens, temperature, seed"},
		{"nothing below text", way{mode: textMode, hush: hushNot, unseeded: true}, failure{status: 400, text: "unsupported"}, ""},
		{"seed", full, failure{status: 400, text: "unsupported parameter seed"}, "json_schema, max_tokens, temperature, chat_template_kwargs"},
		{"temperature", full, failure{status: 400, text: "'temperature' does not support 0"}, "json_schema, max_tokens, seed, chat_template_kwargs"},
		{"thinking", full, failure{status: 400, text: "chat_template_kwargs: unexpected"}, "json_schema, max_tokens, temperature, seed"},
		{"newer tokens", full, failure{status: 400, text: "Use 'max_completion_tokens' instead of 'max_tokens'"}, "json_schema, max_completion_tokens, temperature, seed, chat_template_kwargs"},
		{"older tokens", way{}, failure{status: 400, text: "unknown field max_completion_tokens"}, "json_schema, max_tokens, temperature, seed"},
		{"a field that is not named", full, failure{status: 422, text: "Extra inputs are not permitted"}, "json_schema, max_tokens, temperature"},
		{"too long a prompt", full, failure{status: 400, code: "context_length_exceeded", text: "max_tokens is too large"}, ""},
		{"filtered", full, failure{status: 400, code: "content_filter", text: "response_format"}, ""},
		{"something else", full, failure{status: 400, text: "bad messages"}, ""},
		{"key", full, failure{status: 401, text: "response_format"}, ""},
		{"forbidden", full, failure{status: 403, text: "json_schema is not supported in your plan"}, ""},
		{"overload", full, failure{status: 429, text: "response_format"}, ""},
		{"server's fault", full, failure{status: 500, text: "response_format"}, ""},
		{"unavailable", full, failure{status: 503, text: "unavailable"}, ""},
		{"no answer", full, failure{timeout: true, text: "response_format"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			next, ok := tt.from.demote(&tt.f)
			got := ""
			if ok {
				got = next.String()
			}
			if got != tt.want {
				t.Errorf("demote = %q, want %q", got, tt.want)
			}
		})
	}
}

// Whatever a server says, it is not asked in turn for ever.
func TestDemoteEnds(t *testing.T) {
	t.Parallel()
	words := []string{"max_tokens", "max_completion_tokens", "temperature", "seed", "thinking", "extra inputs", "response_format", "tool_choice", "unsupported"}
	for _, start := range []way{{}, {oldTokens: true, hush: hushTemplate}, {mode: objectMode, oldTokens: true, hush: hushThinking}} {
		w := start
		for n := 0; ; n++ {
			next, ok := w, false
			for _, word := range words {
				if next, ok = w.demote(&failure{status: 400, text: word}); ok {
					break
				}
			}
			if !ok {
				break
			}
			if n == maxTries {
				t.Fatalf("%v is still demoted after %d refusals", start, n)
			}
			w = next
		}
	}
}

func TestPreset(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ base, model, want string }{
		{"", "gpt-4.1-mini", "json_schema, max_completion_tokens, temperature, seed"},
		{"https://api.openai.com/v1", "o4-mini", "json_schema, max_completion_tokens, reasoning_effort=low"},
		{"https://x.openai.azure.com/openai/v1", "dep", "json_schema, max_completion_tokens, temperature, seed"},
		{"https://api.deepseek.com/v1", "deepseek-chat", "json_object, max_tokens, temperature, seed, thinking"},
		{"https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "qwen-plus", "json_object, max_tokens, temperature, seed, enable_thinking"},
		{"http://127.0.0.1:11434/v1", "qwen3", "json_schema, max_tokens, temperature, seed, reasoning_effort"},
		{"http://gpu:8000/v1", "gpt-5-like", "json_schema, max_tokens, temperature, seed, chat_template_kwargs"},
		{"http://proxy/deepseek/openai.com", "m", "json_schema, max_tokens, temperature, seed, chat_template_kwargs"},
	} {
		if got := fmt.Sprint(preset(tt.base, tt.model)); got != tt.want {
			t.Errorf("preset(%q, %q) = %s, want %s", tt.base, tt.model, got, tt.want)
		}
	}
}

package openaimodel

import (
	"strings"
	"sync"
	"time"
)

// mode is how JSON is asked for.
type mode int

const (
	schemaMode mode = iota
	objectMode
	toolMode
	textMode
)

func (m mode) String() string {
	return [...]string{"json_schema", "json_object", "tool", "text"}[m]
}

// hush is the field by which a server is told not to think before it answers;
// classifying a message needs no thoughts, and they cost time and tokens.
type hush string

const (
	hushNot      hush = ""
	hushThinking hush = "thinking"             // DeepSeek
	hushEnable   hush = "enable_thinking"      // Qwen on DashScope
	hushTemplate hush = "chat_template_kwargs" // vLLM and what is like it
	hushEffort   hush = "reasoning_effort"     // none: Ollama
	hushLow      hush = "reasoning_effort=low" // OpenAI's reasoning models always think a little
)

// fields are the fields of the request that say it.
func (h hush) fields() map[string]any {
	off := map[string]bool{"enable_thinking": false}
	switch h {
	case hushThinking:
		return map[string]any{"thinking": map[string]string{"type": "disabled"}}
	case hushEnable:
		return map[string]any{"enable_thinking": false}
	case hushTemplate:
		return map[string]any{"chat_template_kwargs": off}
	case hushEffort:
		return map[string]any{"reasoning_effort": "none"}
	case hushLow:
		return map[string]any{"reasoning_effort": "low"}
	}
	return nil
}

// way is everything about asking that servers differ in.
type way struct {
	mode      mode
	oldTokens bool // max_tokens rather than max_completion_tokens
	swapped   bool // the other one of these two was refused
	plain     bool // no temperature
	unseeded  bool // no seed
	hush      hush
}

// String describes it for diagnosis.
func (w way) String() string {
	parts := []string{w.mode.String()}
	for _, p := range []struct {
		on   bool
		word string
	}{{w.oldTokens, "max_tokens"}, {!w.oldTokens, "max_completion_tokens"}, {!w.plain, "temperature"}, {!w.unseeded, "seed"}, {w.hush != hushNot, string(w.hush)}} {
		if p.on {
			parts = append(parts, p.word)
		}
	}
	return strings.Join(parts, ", ")
}

// fields are the fields of a request that the client library cannot or will not
// send: it drops a temperature of zero, and refuses by a model's name what the
// server may well take.
func (w way) fields(maxTokens int) map[string]any {
	out := map[string]any{}
	for k, v := range w.hush.fields() {
		out[k] = v
	}
	if w.oldTokens {
		out["max_tokens"] = maxTokens
	} else {
		out["max_completion_tokens"] = maxTokens
	}
	if !w.plain {
		out["temperature"] = 0
	}
	if !w.unseeded {
		out["seed"] = 1
	}
	return out
}

// thinks tells whether the model thinks whatever it is told, which its answer's
// bound must leave room for.
func (w way) thinks() bool { return w.hush == hushLow }

// down is the next rung of the ladder.
func (w way) down() (way, bool) {
	if w.mode == textMode {
		return w, false
	}
	w.mode++
	return w, true
}

// modes remembers the way that works, per prompt. A Model has one base URL and one
// model, so the memory is per these three. It is forgotten after a while, so that a
// server that learnt better is noticed.
type modes struct {
	mu       sync.Mutex
	now      func() time.Time
	remember time.Duration
	first    way
	known    map[string]lesson
}

type lesson struct {
	way   way
	until time.Time
}

func newModes(o Options) *modes {
	return &modes{now: o.Now, remember: o.Remember, first: preset(o.BaseURL, o.Model), known: map[string]lesson{}}
}

func (m *modes) current(prompt string) way {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.known[prompt]; m.now().Before(l.until) {
		return l.way
	}
	return m.first
}

func (m *modes) learn(prompt string, w way) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.known[prompt]; m.now().Before(l.until) && l.way == w {
		return
	}
	m.known[prompt] = lesson{w, m.now().Add(m.remember)}
}

// refusals are words by which servers say that they do not know a way of asking
// for JSON.
var refusals = []string{"response_format", "json_schema", "json_object", "structured", "guided", "tool_choice", "tools", "unsupported", "not supported", "unavailable",
	"unrecognized", "unknown field", "unknown parameter", "extra inputs", "extra fields", "must contain the word"}

// unnamed are words of servers that refuse a field which they do not name.
var unnamed = []string{"extra inputs", "extra fields", "unknown field", "unknown parameter", "unrecognized request argument"}

// parameters are words of fields that some servers refuse.
var parameters = []string{"thinking", "chat_template_kwargs", "reasoning_effort", "reasoning effort", "max_tokens", "max_completion_tokens", "temperature", "seed"}

// ranOut tells, once a failure leaves no other way of asking, that the form was what the
// server refused and not the question.
func (f *failure) ranOut() bool {
	text := strings.ToLower(f.text)
	return f.aboutForm() && (mentions(text, refusals...) || mentions(text, parameters...))
}

// final are codes of errors that no other way of asking cures, whatever their text.
var final = []string{"content_filter", "model_not_found", "DeploymentNotFound", "invalid_api_key", "context_length_exceeded", "insufficient_quota"}

// demote gives the next way to try after a refusal, if it was one.
func (w way) demote(f *failure) (way, bool) {
	if !f.aboutForm() {
		return w, false
	}
	text := strings.ToLower(f.text)
	if next, ok := w.without(text); ok {
		return next, true
	}
	if (w.hush != hushNot || !w.unseeded) && mentions(text, unnamed...) && !mentions(text, "response_format", "tool") {
		w.hush, w.unseeded = hushNot, true
		return w, true
	}
	if mentions(text, refusals...) {
		return w.down()
	}
	return w, false
}

// without leaves out the one parameter that a server named.
func (w way) without(text string) (way, bool) {
	switch {
	case w.hush != hushNot && mentions(text, "thinking", "chat_template_kwargs", "reasoning_effort", "reasoning effort"):
		w.hush = hushNot
	case w.oldTokens && !w.swapped && mentions(text, "max_tokens"):
		w.oldTokens, w.swapped = false, true
	case !w.oldTokens && !w.swapped && mentions(text, "max_completion_tokens"):
		w.oldTokens, w.swapped = true, true
	case !w.plain && mentions(text, "temperature"):
		w.plain = true
	case !w.unseeded && mentions(text, "seed"):
		w.unseeded = true
	default:
		return w, false
	}
	return w, true
}

func mentions(text string, words ...string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

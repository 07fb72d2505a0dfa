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

// way is everything about asking that servers differ in.
type way struct {
	mode      mode
	oldTokens bool // max_tokens rather than max_completion_tokens
	plain     bool // no temperature
}

func (w way) String() string {
	return [...]string{"json_schema", "json_object", "tool", "text"}[w.mode]
}

// modes remembers the way that works. A Model has one base URL and one model, so
// the memory is per pair of them.
type modes struct {
	mu       sync.Mutex
	now      func() time.Time
	remember time.Duration
	first    way
	known    way
	until    time.Time
}

func newModes(o Options) *modes {
	first := way{}
	host := strings.ToLower(o.BaseURL)
	switch {
	case strings.Contains(host, "deepseek"), strings.Contains(host, "dashscope"):
		first.mode, first.oldTokens = objectMode, true
	case host != "" && !strings.Contains(host, "openai"):
		first.oldTokens = true // what every compatible server has known from the start
	}
	return &modes{now: o.Now, remember: o.Remember, first: first}
}

func (m *modes) current() way {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now().Before(m.until) {
		return m.known
	}
	return m.first
}

func (m *modes) learn(w way) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now().Before(m.until) && m.known == w {
		return
	}
	m.known, m.until = w, m.now().Add(m.remember)
}

// refusals are words by which servers say that they do not know a way of asking.
var refusals = []string{"response_format", "json_schema", "json_object", "structured", "guided", "tool_choice", "tools", "unsupported", "not supported", "unavailable", "unrecognized", "unknown field", "unknown parameter", "extra inputs", "extra fields", "must contain the word"}

// demote gives the next way to try after a refusal, if it was one.
func (w way) demote(f *failure) (way, bool) {
	switch f.status {
	case 400, 404, 415, 422, 501:
	default:
		return w, false
	}
	text := strings.ToLower(f.text)
	switch {
	case strings.Contains(text, "max_completion_tokens") && !w.oldTokens && !strings.Contains(text, "use 'max_completion_tokens'"):
		w.oldTokens = true
		return w, true
	case strings.Contains(text, "max_tokens") && w.oldTokens:
		w.oldTokens = false
		return w, true
	case strings.Contains(text, "temperature") && !w.plain:
		w.plain = true
		return w, true
	}
	for _, word := range refusals {
		if strings.Contains(text, word) && w.mode < textMode {
			w.mode++
			return w, true
		}
	}
	return w, false
}

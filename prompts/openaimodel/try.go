package openaimodel

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"gongdan/prompts"
)

// failure is a try without an answer. text is what the server said, for telling
// a refused parameter; it goes nowhere else.
type failure struct {
	status  int
	code    string
	text    string
	after   time.Duration
	timeout bool
	sent    bool // the whole request had gone out
}

// lost tells whether the request went out and nothing came back: the server may have worked on it, and bill it.
func (f *failure) lost() bool { return f.status == 0 && f.sent }

// aboutForm tells whether asking in another way may help.
func (f *failure) aboutForm() bool {
	switch f.status {
	case 400, 404, 415, 422, 501:
		return !slices.Contains(final, f.code)
	}
	return false
}

// retryable is true for what passes: a broken connection, overload, a server's own
// fault. A server that took too long once will again within the time there is.
func (f *failure) retryable() bool {
	if f.code == "insufficient_quota" {
		return false
	}
	return f.status == 0 && !f.timeout || f.status == http.StatusTooManyRequests || f.status >= 500 && f.status != http.StatusNotImplemented
}

// aboutServer tells whether the failure says something about the server rather than
// about this one question.
func (f *failure) aboutServer() bool {
	switch f.status {
	case 400, 413, 415, 422:
		return false
	}
	return true
}

// word describes the failure without the server's words, which may echo the question.
func (f *failure) word() string {
	switch {
	case f.timeout:
		return "timeout"
	case f.status == 0:
		return "no connection"
	case f.status == http.StatusMisdirectedRequest:
		return "redirected elsewhere"
	case f.code == "content_filter":
		return "stopped by the server's content filter"
	}
	return "status " + strconv.Itoa(f.status)
}

// answer is what a server sent back with a good status.
type answer struct {
	finish  string
	refused bool
	texts   []string // where JSON may be, best first
	usage   prompts.Usage
}

// withheld is true for answers that the server or the model will not give.
func (a answer) withheld() bool {
	return a.refused || a.finish == string(openai.FinishReasonContentFilter)
}

// cut is true for answers that ran into the bound of their length.
func (a answer) cut() bool { return a.finish == string(openai.FinishReasonLength) }

// blank is true where nothing, or nothing but white space, was said.
func (a answer) blank() bool {
	for _, t := range a.texts {
		if strings.TrimSpace(t) != "" {
			return false
		}
	}
	return true
}

func (m *Model) try(ctx context.Context, q *inquiry) (answer, *failure) {
	ctx, cancel := context.WithTimeout(ctx, m.o.PerTry)
	defer cancel()
	x := &exchange{fields: q.way.fields(q.room())}
	var sent atomic.Bool // told from the transport's own goroutine
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(w httptrace.WroteRequestInfo) { sent.Store(w.Err == nil) }})
	resp, err := m.client.CreateChatCompletion(context.WithValue(ctx, exchangeKey{}, x), q.request(m.o.Model))
	if err != nil {
		f := describe(err, resp.Header(), m.o.Now())
		f.sent = sent.Load()
		return answer{}, f
	}
	a := answer{usage: usageIn(resp.Usage)}
	if len(resp.Choices) > 0 {
		a.take(resp.Choices[0], x.reasoning)
	}
	return a, nil
}

// maxTokens is more than any model reads or writes at once.
const maxTokens = 4_000_000

// usageIn is what the server counted, within what can be.
func usageIn(u openai.Usage) prompts.Usage {
	out := prompts.Usage{Prompt: min(max(u.PromptTokens, 0), maxTokens), Completion: min(max(u.CompletionTokens, 0), maxTokens)}
	if d := u.PromptTokensDetails; d != nil {
		out.Cached = min(max(d.CachedTokens, 0), out.Prompt)
	}
	return out
}

// take reads the choice: a tool's arguments, the content, and what was thought only
// where there is no content, because some servers put the answer there.
func (a *answer) take(c openai.ChatCompletionChoice, reasoning string) {
	a.finish, a.refused = string(c.FinishReason), c.Message.Refusal != ""
	for _, t := range c.Message.ToolCalls {
		a.texts = append(a.texts, t.Function.Arguments)
	}
	said := c.Message.Content
	for _, p := range c.Message.MultiContent {
		said += p.Text
	}
	a.texts = append(a.texts, said)
	if strings.TrimSpace(said) == "" {
		a.texts = append(a.texts, c.Message.ReasoningContent, reasoning)
	}
}

func describe(err error, h http.Header, now time.Time) *failure {
	f := &failure{after: retryAfter(h, now), timeout: errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)}
	var api *openai.APIError
	var req *openai.RequestError
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case errors.As(err, &api):
		f.status, f.text = api.HTTPStatusCode, api.Message
		f.code, _ = api.Code.(string)
		if api.Param != nil {
			f.text += " " + *api.Param
		}
	case errors.As(err, &req):
		f.status, f.text = req.HTTPStatusCode, string(req.Body)
	case errors.As(err, &syntax), errors.As(err, &shape):
		f.status = http.StatusBadGateway
	case errors.Is(err, openai.ErrReasoningToolsRequireResponses):
		f.status, f.text = http.StatusBadRequest, "tool_choice" // refused before it was sent
	}
	return f
}

// maxAfter is the longest time that a server is taken at its word for: it is beyond anybody's
// patience, and nothing added to it overflows.
const maxAfter = time.Hour

// retryAfter reads the header in both its forms; zero where it is absent.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 {
		return time.Duration(min(s, maxAfter.Seconds()) * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(0, at.Sub(now)), maxAfter)
	}
	return 0
}

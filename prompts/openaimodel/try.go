package openaimodel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"gongdan/prompts"
)

// doer bounds the body that is read.
type doer struct{ client *http.Client }

func (d doer) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.client.Do(r)
	if err != nil {
		return nil, err
	}
	resp.Body = limited{io.LimitReader(resp.Body, maxBody), resp.Body}
	return resp, nil
}

type limited struct {
	io.Reader
	io.Closer
}

// failure is a try without an answer. text is what the server said, for telling
// a refused parameter; it goes nowhere else.
type failure struct {
	status  int
	text    string
	after   time.Duration
	timeout bool
}

func (f *failure) retryable() bool {
	return f.status == 0 && !f.timeout || f.status == http.StatusTooManyRequests || f.status >= 500 && f.status != http.StatusNotImplemented
}

// word describes the failure without the server's words, which may echo the question.
func (f *failure) word() string {
	switch {
	case f.timeout:
		return "timeout"
	case f.status == 0:
		return "no connection"
	}
	return "status " + strconv.Itoa(f.status)
}

// answer is what a server sent back with a good status.
type answer struct {
	finish string
	texts  []string // where JSON may be, best first
	usage  prompts.Usage
}

// worthRepeating is true for answers that another try may mend: empty ones and
// chatter, not those that ran into the limit of their length.
func (a answer) worthRepeating() bool {
	return a.finish != string(openai.FinishReasonLength) && a.finish != string(openai.FinishReasonContentFilter)
}

func (m *Model) try(ctx context.Context, r prompts.Request, w way) (answer, *failure) {
	ctx, cancel := context.WithTimeout(ctx, m.o.PerTry)
	defer cancel()
	resp, err := m.client.CreateChatCompletion(ctx, m.request(r, w))
	if err != nil {
		return answer{}, describe(err, resp.Header(), m.o.Now())
	}
	if len(resp.Choices) == 0 {
		return answer{}, nil
	}
	c := resp.Choices[0]
	a := answer{finish: string(c.FinishReason), usage: prompts.Usage{Prompt: resp.Usage.PromptTokens, Completion: resp.Usage.CompletionTokens}}
	if d := resp.Usage.PromptTokensDetails; d != nil {
		a.usage.Cached = d.CachedTokens
	}
	for _, t := range c.Message.ToolCalls {
		a.texts = append(a.texts, t.Function.Arguments)
	}
	a.texts = append(a.texts, c.Message.Content)
	if strings.TrimSpace(c.Message.Content) == "" {
		a.texts = append(a.texts, c.Message.ReasoningContent)
	}
	return a, nil
}

func (m *Model) request(r prompts.Request, w way) openai.ChatCompletionRequest {
	q := openai.ChatCompletionRequest{
		Model: m.o.Model,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: r.System},
			{Role: openai.ChatMessageRoleUser, Content: r.User},
		},
	}
	reasons := reasoning(m.o.Model)
	if w.oldTokens && !reasons {
		//lint:ignore SA1019 some compatible endpoints know only the deprecated field
		q.MaxTokens = r.MaxTokens
	} else {
		q.MaxCompletionTokens = r.MaxTokens
		if reasons {
			q.MaxCompletionTokens *= 8 // thinking counts against it
		}
	}
	if !w.plain && !reasons {
		q.Temperature = math.SmallestNonzeroFloat32 // a plain zero would be left out
	}
	switch w.mode {
	case schemaMode:
		q.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: r.SchemaName, Schema: r.Schema, Strict: true}}
	case objectMode:
		q.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	case toolMode:
		q.Tools = []openai.Tool{{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{Name: r.SchemaName, Parameters: r.Schema}}}
		q.ToolChoice = openai.ToolChoice{Type: openai.ToolTypeFunction, Function: openai.ToolFunction{Name: r.SchemaName}}
	}
	return q
}

// reasoning tells models whose names make the client refuse sampling parameters.
func reasoning(model string) bool {
	for _, p := range []string{"o1", "o3", "o4", "gpt-5", "gpt-6"} {
		if strings.HasPrefix(strings.ToLower(model), p) {
			return true
		}
	}
	return false
}

func describe(err error, h http.Header, now time.Time) *failure {
	f := &failure{after: retryAfter(h, now), timeout: errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)}
	var api *openai.APIError
	var req *openai.RequestError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &api):
		f.status, f.text = api.HTTPStatusCode, api.Message
		if api.Param != nil {
			f.text += " " + *api.Param
		}
	case errors.As(err, &req):
		f.status, f.text = req.HTTPStatusCode, string(req.Body)
	case errors.As(err, &syntax):
		f.status, f.text = http.StatusBadGateway, "" // a page instead of an answer
	}
	return f
}

// retryAfter reads the header in both its forms; zero where it is absent.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 && s < 3600 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// read finds the answer in what was sent.
func (m *Model) read(a answer, r prompts.Request, w way) (prompts.Reply, error) {
	for _, t := range a.texts {
		if b, ok := extract(t, r.Check); ok {
			return prompts.Reply{JSON: b, Usage: a.usage, Mode: w.String()}, nil
		}
	}
	if a.finish == string(openai.FinishReasonLength) {
		return prompts.Reply{}, fmt.Errorf("%w: cut off", prompts.ErrInvalid)
	}
	return prompts.Reply{}, fmt.Errorf("%w: no object of the shape", prompts.ErrInvalid)
}

package openaimodel

import (
	"context"
	"errors"
	"fmt"

	openai "github.com/sashabaranov/go-openai"

	"gongdan/prompts"
)

// maxTries bounds the requests of one question: the ladder has four rungs, four
// parameters may have to be learnt, and a retry and a repair come on top. A server
// that refuses in turn for ever is not there for us.
const maxTries = 10

// inquiry is one question on its way to an answer: down the ladder until the server
// accepts a way of asking, one retry for what passes, one repair of a bad answer.
type inquiry struct {
	m     *Model
	r     prompts.Request
	way   way
	more  []openai.ChatCompletionMessage // the repair
	wide  bool                           // more room for the answer
	try   bool                           // this way is for this once, not to be learnt
	again bool                           // a second answer was asked for
	retry bool                           // a passing failure was retried
	reply prompts.Reply
}

// errAbout marks a failure that says nothing about whether the server is there.
var errAbout = errors.New("about the question")

func (q *inquiry) run(ctx context.Context) (prompts.Reply, error) {
	for {
		q.reply.Tries++
		a, f := q.m.try(ctx, q)
		q.reply.Usage = q.reply.Usage.Plus(a.usage)
		done, err := false, error(nil)
		if f != nil {
			if f.lost() {
				q.reply.Lost++
			}
			err = q.afterFailure(ctx, f)
		} else {
			done, err = q.afterAnswer(ctx, a)
		}
		if done || err != nil {
			return q.reply, err
		}
	}
}

// afterFailure prepares the next try, or says why there is none. A server that still finds
// fault with the form when no other is left is as good as away.
func (q *inquiry) afterFailure(ctx context.Context, f *failure) error {
	next, ok := q.way.demote(f)
	if ok && q.reply.Tries < maxTries {
		q.way = next
		return nil
	}
	if !q.retry && f.retryable() && q.reply.Tries < maxTries && q.m.pause(ctx, f.after) {
		q.retry = true
		return nil
	}
	if !f.aboutServer() && !f.ranOut() {
		return fmt.Errorf("%w: %s (%w)", prompts.ErrUnavailable, f.word(), errAbout)
	}
	return fmt.Errorf("%w: %s", prompts.ErrUnavailable, f.word())
}

// afterAnswer takes a good answer, or prepares the one second question there may be.
func (q *inquiry) afterAnswer(ctx context.Context, a answer) (done bool, err error) {
	object, fault := extract(a.texts, q.r.Check)
	if object != nil {
		q.reply.JSON, q.reply.Mode = object, q.way.mode.String()
		if !q.try {
			q.m.modes.learn(q.r.Prompt, q.way)
		}
		return true, nil
	}
	if q.again || a.withheld() || q.reply.Tries >= maxTries || ctx.Err() != nil || !q.askAgain(a, fault) {
		return false, fmt.Errorf("%w: %s", prompts.ErrInvalid, a.word())
	}
	q.again = true
	return false, nil
}

// askAgain changes the question by what was wrong with the answer. A constrained
// server that writes blanks until it is cut off will do so again, so the next rung
// is taken; one that answers nothing to a wish for JSON is asked for text this once.
func (q *inquiry) askAgain(a answer, fault error) bool {
	switch {
	case a.cut() && a.blank():
		next, ok := q.way.down()
		q.way = next
		return ok
	case a.cut():
		q.wide = true
	case a.blank():
		q.way.mode, q.try = textMode, true
	default:
		q.more = repair(a, fault)
	}
	return true
}

// word says what was wrong with an answer, without its words.
func (a answer) word() string {
	switch {
	case a.withheld():
		return "withheld"
	case a.cut():
		return "cut off"
	case a.blank():
		return "empty"
	}
	return "no object of the shape"
}

// maxShown bounds how much of a bad answer is shown to its author again, in bytes.
const maxShown = 4000

func repair(a answer, fault error) []openai.ChatCompletionMessage {
	said := ""
	for _, t := range a.texts {
		if said == "" {
			said = t
		}
	}
	if len(said) > maxShown {
		said = said[:maxShown]
	}
	return []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleAssistant, Content: said}, {Role: openai.ChatMessageRoleUser, Content: prompts.Repair(fault)}}
}

// room is how many tokens the answer may take. Thinking counts against it.
func (q *inquiry) room() int {
	n := q.r.MaxTokens
	if q.way.thinks() {
		n *= 8
	}
	if q.wide {
		n *= 4
	}
	return n
}

func (q *inquiry) request(model string) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{Model: model, Messages: append([]openai.ChatCompletionMessage{
		{Role: openai.ChatMessageRoleSystem, Content: q.r.System},
		{Role: openai.ChatMessageRoleUser, Content: q.r.User},
	}, q.more...)}
	switch q.way.mode {
	case schemaMode:
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: q.r.SchemaName, Schema: q.r.Schema, Strict: true}}
	case objectMode:
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	case toolMode:
		r.Tools = []openai.Tool{{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{Name: q.r.SchemaName, Parameters: q.r.Schema}}}
		r.ToolChoice = openai.ToolChoice{Type: openai.ToolTypeFunction, Function: openai.ToolFunction{Name: q.r.SchemaName}}
	}
	return r
}

package prompts

import (
	"context"
	"encoding/json"
	"errors"
)

// Errors of a Model. Which of the two it was is all that callers may learn: the
// text of an answer never travels in an error.
var (
	// ErrUnavailable means that no answer came: network, refusal, overload, time,
	// or nothing left to spend.
	ErrUnavailable = errors.New("model unavailable")
	// ErrInvalid means that answers came and none was of the shape asked for.
	ErrInvalid = errors.New("model answer invalid")
)

// Request is one question. Prompt is the id and version of its words. System is
// the same for every question of a prompt, so that servers can cache it; User is
// a JSON object. Check refuses an answer that is not of the wanted shape, with an
// error that names the fault and holds nothing of the answer; nil takes any JSON
// object. MaxTokens bounds the answer. Account is whose budget the question is
// paid from; "" = nobody's.
type Request struct {
	Prompt     string
	System     string
	User       string
	SchemaName string
	Schema     json.RawMessage
	MaxTokens  int
	Check      func(answer []byte) error
	Account    string
}

// Usage counts tokens as the server reported them; zero when it did not. Cached is
// a part of Prompt.
type Usage struct{ Prompt, Cached, Completion int }

// Plus is the sum of both.
func (u Usage) Plus(v Usage) Usage {
	return Usage{u.Prompt + v.Prompt, u.Cached + v.Cached, u.Completion + v.Completion}
}

// Reply is an answer that passed Check. Mode is how the shape was asked for and
// Tries how many requests it took. Lost of them were sent and never answered: the
// server may bill their prompts all the same. Beside an error only Usage, Tries and
// Lost count: what was spent for nothing.
type Reply struct {
	JSON  json.RawMessage
	Usage Usage
	Mode  string
	Tries int
	Lost  int
}

// Model answers a question with a JSON object. It is safe for concurrent use,
// obeys ctx, and its errors wrap ErrUnavailable or ErrInvalid.
type Model interface {
	Complete(ctx context.Context, r Request) (Reply, error)
}

package slackapi

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"gongdan/bot"
)

// Hint says what the envelope itself does not and the receiver may want to know at once.
type Hint struct {
	Transport string // socket or http
	Carrier   Carrier
	Type      string // of the inner event or the interaction: message, block_actions…; "" for commands
	Answers   bool   // the acknowledgement may carry a payload
	Reason    string // why this is a redelivery, by Slack's word; "" for a first delivery
}

// Sink takes one envelope. A delivery is acknowledged, with the payload if there is one, only after the sink has
// returned without error; after an error Slack delivers events again. Sinks are called concurrently and should return
// within two seconds: Slack waits three.
type Sink func(ctx context.Context, e bot.Envelope, h Hint) (payload json.RawMessage, err error)

// guard turns a panic of the sink into an error, so that one payload cannot end the process.
func (s Sink) guard(ctx context.Context, e bot.Envelope, h Hint) (payload json.RawMessage, err error) {
	defer func() {
		if r := recover(); r != nil {
			payload, err = nil, fmt.Errorf("take envelope: panic: %v\n%s", r, debug.Stack())
		}
	}()
	return s(ctx, e, h)
}

// glance is what the transports look at themselves.
type glance struct {
	kind   string // type of the inner event or the interaction
	author string // channel and author of what was said, "" for anything else
}

func look(raw json.RawMessage) glance {
	var p struct {
		Type  string `json:"type"`
		Event struct {
			Type     string  `json:"type"`
			Channel  ref     `json:"channel"`
			User     ref     `json:"user"`
			Message  message `json:"message"`
			Previous message `json:"previous_message"`
		} `json:"event"`
	}
	_ = tolerant(raw, &p)
	e := p.Event
	g := glance{kind: or(e.Type, p.Type)}
	if author := or(string(e.User), or(string(e.Message.User), string(e.Previous.User))); e.Channel != "" && author != "" {
		g.author = string(e.Channel) + "/" + author
	}
	return g
}

package intents

import (
	"context"

	"gongdan/prompts"
)

// unlikely is the probability below which a message is not worth a model's time.
const unlikely = 0.12

// NeedsModel reports whether Refine would ask the language model about m, decided as d: where
// the local model hesitates, or a rule found a ticket without telling its type.
// Text that tries to instruct a machine is never handed to one, nor is a message
// that may be judged here alone.
func (c *Classifier) NeedsModel(m Message, d Decision) bool {
	switch {
	case c.model == nil, d.Suspicious, d.LocalOnly, m.LocalOnly:
		return false
	case d.By == ByLocal:
		return d.Action == Ask || d.Action == Ignore && d.Confidence >= unlikely || d.Action == Act && d.Confidence < c.limitsOf(m).Ask
	case d.By == ByRules && d.Intent == NewTicket:
		return d.Type == "other" && d.Reason != "rule:number_only"
	}
	return false
}

// Refine asks the language model where d is unsure and returns the better
// decision. It asks at most once, whatever comes of it, and obeys ctx. Personal data
// leaves as placeholders only. Whatever the model says, values must occur in the
// message and words must be known ones, severity comes from the person alone, and an
// act already decided stays one. If the model fails or answers nonsense, d comes back
// with Degraded set.
func (c *Classifier) Refine(ctx context.Context, m Message, d Decision) Decision {
	if !c.NeedsModel(m, d) {
		return d
	}
	m.Text = cut(m.Text, maxRead)
	q := mask(m)
	if q.leaks() {
		d.Degraded = true
		return d
	}
	ask := prompts.Classify(q.asked)
	ask.Account = m.Account
	reply, err := c.model.Complete(ctx, ask)
	if err != nil {
		d.Degraded = true
		return d
	}
	a, err := prompts.DecodeAnswer(reply.JSON)
	if err != nil {
		d.Degraded = true
		return d
	}
	return c.merge(m, d, verdict{a, q})
}

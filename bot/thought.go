package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdan/intents"
	"gongdan/tickets"
)

// Thought is what a model said of a message whose local decision had been taken already.
type Thought struct {
	Message  Message         `json:"m"`
	Decision ThoughtDecision `json:"d"`
}

// ThoughtDecision is the part of a decision that a late answer may bring.
type ThoughtDecision struct {
	Intent     intents.Kind   `json:"intent"`
	Type       string         `json:"type,omitempty"`
	Action     intents.Action `json:"action"`
	Confidence float64        `json:"confidence"`
	Reason     string         `json:"reason"`
	Fields     intents.Fields `json:"fields,omitzero"`
}

// thoughtWithin bounds the keeping of a late answer.
const thoughtWithin = 2 * time.Second

// thinkLate keeps a late answer as a cause of its own. If that fails, the local decision stands.
func (c *Conversation) thinkLate(ctx context.Context, q *asked, d intents.Decision) {
	if c.intake == nil || q.m.TS == "" || q.m.Direct {
		return
	}
	e, err := thoughtEnvelope(q, d)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, thoughtWithin)
		defer cancel()
		e.Received = c.now()
		_, err = c.intake.Append(ctx, e)
	}
	if err != nil && ctx.Err() == nil {
		c.log.Warn("late answer of the model lost, the local decision stands", "workspace", q.ws, "err", err)
	}
}

// thoughtEnvelope is equal, by its key, for all answers about the same words of a message.
func thoughtEnvelope(q *asked, d intents.Decision) (Envelope, error) {
	m := q.m
	key := fmt.Sprintf("%s/thought/%s/%s/%s", q.ws, m.Channel, m.TS, m.digest())
	raw, err := json.Marshal(Thought{Message: m, Decision: ThoughtDecision{Intent: d.Intent, Type: d.Type, Action: d.Action,
		Confidence: d.Confidence, Reason: d.Reason, Fields: d.Fields}})
	if err != nil {
		return Envelope{}, fmt.Errorf("keep a late answer: %w", err)
	}
	return Envelope{Kind: KindThought, Workspace: q.ws, Key: key, Raw: raw}, nil
}

// decodeThought reads a late answer; nothing if it cannot be read.
func decodeThought(e Envelope) Input {
	var th Thought
	if err := json.Unmarshal(e.Raw, &th); err != nil {
		return Input{}
	}
	return Input{Thought: &th}
}

// thought takes up a late answer: it fills what is empty in the ticket of its message, and raises what was ignored or
// asked about. What people have said or set meanwhile stands.
func (t *turn) thought(th Thought) error {
	m := th.Message
	seen, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err != nil || !known || seen.Words != m.digest() {
		return err // other words have come since, or the message is gone
	}
	d := t.recall(m, th.Decision)
	switch {
	case seen.Ticket != "" && (seen.Decision == seenAct || seen.Decision == seenAdded):
		return t.enrich(seen.Ticket, m, d)
	case seen.Decision == seenAsk && d.Action == intents.Act, seen.Decision == seenIgnore && d.Action != intents.Ignore:
		t.memo.decided = &d
		return t.judge(m)
	}
	return nil
}

// recall is a late decision with what the message itself tells.
func (t *turn) recall(m Message, late ThoughtDecision) intents.Decision {
	d := t.minds.Local(t.question(m, false))
	d.By, d.Intent, d.Type, d.Action = intents.ByModel, late.Intent, late.Type, late.Action
	d.Confidence, d.Reason, d.Fields = late.Confidence, late.Reason, late.Fields
	return d
}

// enrich fills the empty facts of a ticket, as a machine may: nothing that a person has set, no deadline where one was
// given, and nothing that its author could not have said.
func (t *turn) enrich(id tickets.TicketID, m Message, d intents.Decision) error {
	got, err := t.load(t.ctx, t.ws, id)
	if err != nil || got == nil {
		return err
	}
	by, err := t.who(m.Author)
	if err != nil {
		return err
	}
	typed, dated, err := t.setByPeople(id)
	if err != nil {
		return err
	}
	f := facts(d)
	if !by.Role.Staff() {
		t.keepOwnShop(&f, by, m.Channel)
	}
	f.Orders = nil // further orders would be further matters, which a late word does not open
	if len(got.Facts.Orders) == 0 {
		f.Orders = facts(d).Orders
	}
	c := tickets.Command{Kind: tickets.CmdAmend, Actor: tickets.Actor{Role: tickets.RoleClock}, Facts: f}
	if d.Intent == intents.NewTicket && d.Type != "other" && !typed {
		c.Type = tickets.Type(d.Type)
	}
	if by.Role.Staff() && got.Origin.Binding() && !dated && got.StaffDue.IsZero() {
		c.BackOffice = d.Fields.Due
	}
	_, err = t.apply(got, c)
	var r *tickets.Refusal
	if errors.As(err, &r) {
		return nil // it takes nothing any more
	}
	return err
}

// setByPeople tells whether a person has set a ticket's type, and whether one has given its deadline.
func (t *turn) setByPeople(id tickets.TicketID) (typed, dated bool, err error) {
	events, err := t.store.Timeline(t.ctx, t.ws, id)
	for _, e := range events {
		typed = typed || e.Kind == tickets.EvType && e.By != ""
		dated = dated || (e.Kind == tickets.EvDue || e.Kind == tickets.EvOrigin) && e.By != ""
	}
	return typed, dated, err
}

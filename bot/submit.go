package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// Check answers what is wrong with a submission, by field; nothing if it can be kept. It tries the command on the ticket
// as it is now and keeps nothing. An error means that it could not be looked at.
func (c *Conversation) Check(ctx context.Context, ws tickets.WorkspaceID, s Submission) (FieldErrors, error) {
	q, err := c.asks(ctx, ws, s.User)
	if err != nil {
		return nil, err
	}
	w := newWording(q.words, q.scene)
	if bad := missing(w, s); len(bad) > 0 {
		return bad, nil
	}
	if s.Kind == FormNew {
		return c.checkPlace(ctx, ws, w, s), nil
	}
	if s.Kind == FormOrder {
		waits, err := c.waitsForOrder(ctx, ws, s.Subject)
		if err == nil && !waits {
			return FieldErrors{fieldOrder: q.refuse(Said{Reason: refusedNotFound}).Summary}, nil
		}
		return nil, err
	}
	got, err := c.pressed(ctx, ws, s.Subject)
	if err != nil {
		return nil, fmt.Errorf("load ticket: %w", err)
	}
	first := FirstField(s.Kind)
	if got == nil || !tickets.CanSee(q.actor, *got) {
		return FieldErrors{first: q.refuse(Said{Reason: refusedNotFound}).Summary}, nil
	}
	policy, err := c.policies.Policy(ctx, ws)
	if err != nil {
		return nil, fmt.Errorf("policy of %s: %w", ws, err)
	}
	cmd := commandOf(s)
	cmd.Actor = q.actor
	if s.Kind == FormTransfer {
		to, err := c.actor(ctx, ws, policy, cmd.Assignee)
		if err != nil {
			return nil, err
		}
		if !tickets.Allowed(to.Role, tickets.CmdClaim) {
			return FieldErrors{first: q.refuse(Said{Reason: refusedWho}).Summary}, nil
		}
	}
	_, err = tickets.Apply(got, cmd, tickets.Env{Now: c.now(), Policy: policy})
	var r *tickets.Refusal
	if errors.As(err, &r) {
		q.scene.Ticket = *got
		return FieldErrors{first: q.refuse(Said{Reason: string(r.Reason), Detail: r.Detail}).Summary}, nil
	}
	return nil, err
}

// checkPlace refuses a new ticket in a channel that its author is known to have left since the form was opened there. Where that
// cannot be found out the chat's word of then counts.
func (c *Conversation) checkPlace(ctx context.Context, ws tickets.WorkspaceID, w wording, s Submission) FieldErrors {
	if s.Subject == "" {
		return nil
	}
	in, err := c.people.Member(ctx, ws, tickets.ChannelID(s.Subject), s.User)
	if err != nil || in {
		return nil
	}
	return FieldErrors{FirstField(s.Kind): w.Say(words.RefusedNotThere, nil)}
}

// missing names the fields that must be filled in and are not, or hold what the form does not offer.
func missing(w wording, s Submission) FieldErrors {
	bad := FieldErrors{}
	for _, f := range w.formFields(s.Kind) {
		v := strings.TrimSpace(s.Values[f.ID])
		switch {
		case v == "" && !f.Optional:
			bad[f.ID] = w.Say(words.FormNeed, nil)
		case v != "" && !f.holds(v):
			bad[f.ID] = w.Say(words.FormNeed, nil)
		}
	}
	return bad
}

// holds tells whether a value can have come from the field.
func (f FormField) holds(v string) bool {
	switch f.Kind {
	case ChoiceField:
		for _, o := range f.Options {
			if o.Value == v {
				return true
			}
		}
		return false
	case MomentField:
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	}
	return true
}

// commandOf is the command that a form about a ticket stands for.
func commandOf(s Submission) tickets.Command {
	c := tickets.Command{Kind: formCommands[s.Kind], Reason: s.Values[fieldNote], Party: tickets.Party(s.Values[fieldParty]),
		Assignee: tickets.UserID(s.Values[fieldWho])}
	switch s.Kind {
	case FormResolve:
		c.Reason = strings.TrimSpace(s.Values[fieldOutcome] + " " + s.Values[fieldNote])
	case FormAnswer:
		c.At, _ = time.Parse(time.RFC3339, s.Values[fieldAt])
	}
	return c
}

// form carries out a submission that was kept. A refusal now is told privately, with what was typed.
func (t *turn) form(s Submission) error {
	r := request{by: s.User, direct: true, quiet: true}
	if s.Kind == FormNew {
		return t.newTicket(t.newRequest(r, s), typed.Command{Verb: typed.New, Rest: s.Values[fieldText], Options: newOptions(s)})
	}
	if s.Kind == FormOrder {
		return t.orderFilled(s)
	}
	got, err := t.pressed(t.ctx, t.ws, s.Subject)
	if err != nil {
		return err
	}
	c := commandOf(s)
	if c.Actor, err = t.who(s.User); err != nil {
		return err
	}
	if got == nil || !tickets.CanSee(c.Actor, *got) {
		t.deny(r, "", refusedNotFound)
		return nil
	}
	if s.Kind == FormTransfer {
		if ok, err := t.works(c.Assignee); err != nil {
			return err
		} else if !ok {
			t.deny(r, got.ID, refusedWho)
			return nil
		}
	}
	before := len(t.say.list)
	err = t.perform(r, got, c, string(c.Kind))
	if err == nil && len(t.change.Tickets) == 0 && len(t.say.list) > before && s.Values[fieldNote] != "" {
		t.whisper(got.ID, Said{What: SayTyped, To: s.User, Detail: s.Values[fieldNote]})
	}
	return err
}

// orderFilled makes the ticket of the screenshot whose order was filled in.
func (t *turn) orderFilled(s Submission) error {
	r := request{by: s.User, direct: true, quiet: true}
	d, seen, err := t.keptDraft(Click{Value: s.Subject})
	if err != nil {
		return err
	}
	if ok, err := t.mayDecide(s.User, seen); err != nil || d == nil || !ok {
		t.deny(r, "", refusedNotFound)
		return err
	}
	order := strings.TrimSpace(s.Values[fieldOrder])
	made, err := t.answered(seen, t.orderIn(order, s.User), s.User)
	if err == nil && !made {
		t.deny(r, "", refusedNotFound)
	}
	return err
}

// newRequest is the request that a form for a new ticket stands for: in the channel it was opened in.
func (t *turn) newRequest(r request, s Submission) request {
	r.channel, r.direct = tickets.ChannelID(s.Subject), s.Subject == ""
	r.message = Message{Channel: r.channel, Author: s.User, Text: s.Values[fieldText], Sent: t.at}
	return r
}

func newOptions(s Submission) map[string]string {
	out := map[string]string{}
	for _, id := range []string{fieldOrder, fieldType, fieldOrigin, fieldNo, fieldDue} {
		if v := strings.TrimSpace(s.Values[id]); v != "" {
			out[id] = v
		}
	}
	return out
}

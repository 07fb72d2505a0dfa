package bot

import (
	"context"
	"fmt"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// Outcomes of a ticket of the marketplace's.
const (
	OutcomeAgreed      = "agreed"
	OutcomeNotAgreed   = "not_agreed"
	OutcomeUnreachable = "unreachable"
)

// loading is what a form shows while its fields are fetched.
func (c *Conversation) loading(ctx context.Context, o Opening) Form {
	lang := words.Chinese
	if who, err := c.people.Person(ctx, o.Workspace, o.User); err == nil && who.Lang != "" {
		lang = who.Lang
	}
	v := c.words.In(lang)
	return Form{Lang: v.Lang(), Kind: o.Kind, Subject: o.Subject, Title: v.Say(formTitles[o.Kind], nil),
		Cancel: v.Say(words.FormCancel, nil), Lines: []Line{{Text: v.Say(words.FormLoading, nil)}}}
}

var formTitles = map[FormKind]words.ID{FormNew: words.FormNewTitle, FormWait: words.FormWaitTitle,
	FormTransfer: words.FormTransferTitle, FormResolve: words.FormResolveTitle, FormOrder: words.FormOrderTitle, FormAnswer: words.FormAnswerTitle}

// Form is a form with its fields, for whoever opened it. What they may not do shows the reason instead of fields.
func (c *Conversation) Form(ctx context.Context, o Opening) (Form, error) {
	q, err := c.asks(ctx, o.Workspace, o.User)
	if err != nil {
		return Form{}, err
	}
	f := c.loading(ctx, o)
	f.Lines = nil
	if o.Kind == FormOrder {
		return c.orderForm(ctx, o, q, f)
	}
	if o.Kind != FormNew {
		got, err := c.pressed(ctx, o.Workspace, o.Subject)
		if err != nil {
			return Form{}, fmt.Errorf("load ticket: %w", err)
		}
		if got == nil || !tickets.CanSee(q.actor, *got) {
			f.Lines = q.refuse(Said{Reason: refusedNotFound}).Lines
			return f, nil
		}
		q.scene.Ticket = *got
	}
	if !tickets.Allowed(q.actor.Role, formCommands[o.Kind]) {
		f.Lines = q.refuse(Said{Reason: string(tickets.ReasonNotPermitted)}).Lines
		return f, nil
	}
	w := newWording(q.words, q.scene)
	f.Submit = w.Say(words.FormSubmit, nil)
	if o.Kind != FormNew {
		f.Lines = []Line{{Text: w.title(), Strong: true}}
	}
	if o.Kind == FormResolve && w.answerable() {
		f.Lines = append(f.Lines, Line{Text: w.Say(words.FormResolveUnanswered, w.ticket())})
	}
	f.Fields = w.formFields(o.Kind)
	return f, nil
}

// orderForm asks for the order of a screenshot, if it still waits for that.
func (c *Conversation) orderForm(ctx context.Context, o Opening, q question, f Form) (Form, error) {
	waits, err := c.waitsForOrder(ctx, o.Workspace, o.Subject)
	if err != nil {
		return Form{}, err
	}
	if !waits {
		f.Lines = q.refuse(Said{Reason: refusedNotFound}).Lines
		return f, nil
	}
	w := newWording(q.words, q.scene)
	f.Submit, f.Fields = w.Say(words.FormSubmit, nil), w.formFields(FormOrder)
	return f, nil
}

// waitsForOrder tells whether a message, by channel and ts, waits for the order that it is about.
func (c *Conversation) waitsForOrder(ctx context.Context, ws tickets.WorkspaceID, subject string) (bool, error) {
	ch, ts, err := askedValue(subject)
	if err != nil {
		return false, nil
	}
	seen, known, err := c.store.Seen(ctx, ws, ch, ts)
	return known && seen.Decision == seenAsk && len(seen.Draft) > 0, err
}

// asks is a read by a person.
func (c *Conversation) asks(ctx context.Context, ws tickets.WorkspaceID, u tickets.UserID) (question, error) {
	return c.question(ctx, ws, Input{Command: &SlashCommand{User: u}})
}

var formCommands = map[FormKind]tickets.CommandKind{FormNew: tickets.CmdCreate, FormWait: tickets.CmdWait,
	FormTransfer: tickets.CmdAssign, FormResolve: tickets.CmdResolve, FormAnswer: tickets.CmdAnswer}

// Ids of fields.
const (
	fieldText, fieldOrder, fieldType, fieldOrigin, fieldNo, fieldDue = "text", "order", "type", "origin", "no", "due"
	fieldParty, fieldWho, fieldNote, fieldOutcome, fieldAt           = "party", "who", "note", "outcome", "at"
)

func (w wording) formFields(k FormKind) []FormField {
	note := func(label, hint words.ID) FormField {
		f := FormField{ID: fieldNote, Kind: AreaField, Label: w.Say(label, nil), Optional: true}
		if hint != "" {
			f.Hint = w.Say(hint, nil)
		}
		return f
	}
	switch k {
	case FormWait:
		return []FormField{{ID: fieldParty, Kind: ChoiceField, Label: w.Say(words.FormWaitParty, nil), Options: w.parties()},
			note(words.FormWaitNote, words.FormWaitNoteHint)}
	case FormTransfer:
		return []FormField{{ID: fieldWho, Kind: PersonField, Label: w.Say(words.FormTransferWho, nil)},
			note(words.FormTransferNote, "")}
	case FormResolve:
		return []FormField{{ID: fieldOutcome, Kind: ChoiceField, Label: w.Say(words.FormResolveOutcome, nil), Options: []Option{
			{w.Say(words.FormAgreed, nil), OutcomeAgreed}, {w.Say(words.FormNotAgreed, nil), OutcomeNotAgreed},
			{w.Say(words.FormUnreachable, nil), OutcomeUnreachable}}}, note(words.FormResolveNote, words.FormResolveNoteHint)}
	case FormOrder:
		return []FormField{{ID: fieldOrder, Kind: TextField, Label: w.Say(words.NoticeAskOrder, nil), Max: 40}}
	case FormAnswer:
		return []FormField{{ID: fieldAt, Kind: MomentField, Label: w.Say(words.FormAnswerAt, nil),
			Hint: w.Say(words.FormAnswerAtHint, nil), Value: w.sc.Now.UTC().Format(time.RFC3339)}}
	}
	return w.newFields()
}

func (w wording) parties() []Option {
	var out []Option
	for _, p := range []tickets.Party{tickets.PartyCustomer, tickets.PartyMerchant, tickets.PartyWarehouse,
		tickets.PartyCourier, tickets.PartyPlatform} {
		out = append(out, Option{w.Name(words.Waiting, string(p)), string(p)})
	}
	return out
}

// newFields are those of a new ticket. A merchant says what happened and for which order; the rest is the team's.
func (w wording) newFields() []FormField {
	out := []FormField{
		{ID: fieldText, Kind: AreaField, Label: w.Say(words.FormNewText, nil), Hint: w.Say(words.FormNewTextHint, nil)},
		{ID: fieldOrder, Kind: TextField, Label: w.Say(words.FormNewOrder, nil), Optional: true, Max: 40},
	}
	if w.sc.Merchant {
		return out
	}
	types := FormField{ID: fieldType, Kind: ChoiceField, Label: w.Say(words.FormNewType, nil), Optional: true}
	for _, k := range typesOf(w.sc.Types) {
		types.Options = append(types.Options, Option{w.Name(words.Type, string(k.Name)), string(k.Name)})
	}
	origins := FormField{ID: fieldOrigin, Kind: ChoiceField, Label: w.Say(words.FormNewOrigin, nil), Optional: true}
	for _, o := range []tickets.Origin{tickets.OriginInternal, tickets.OriginPlatform, tickets.OriginProvider} {
		origins.Options = append(origins.Options, Option{w.Name(words.Origin, string(o)), string(o)})
	}
	return append(out, types, origins,
		FormField{ID: fieldNo, Kind: TextField, Label: w.Say(words.FormNewNo, nil), Optional: true, Max: 40},
		FormField{ID: fieldDue, Kind: MomentField, Label: w.Say(words.FormNewDue, nil), Hint: w.Say(words.FormNewDueHint, nil), Optional: true})
}

// FirstField names the field of a form at which a sentence about the whole stands.
func FirstField(k FormKind) string {
	switch k {
	case FormWait:
		return fieldParty
	case FormTransfer:
		return fieldWho
	case FormResolve:
		return fieldOutcome
	case FormAnswer:
		return fieldAt
	case FormOrder:
		return fieldOrder
	}
	return fieldText
}

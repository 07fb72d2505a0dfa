package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// WhyView tells one person how the ticket came about: who decided, how surely and by which rule, and where each of its
// fields came from. Whoever is not of the team sees what it was made of, and nothing of how that was judged.
func WhyView(c *words.Catalogue, sc Scene, events []tickets.Event) View {
	w := newWording(c, sc)
	if sc.Merchant {
		return w.whyMerchant()
	}
	d := decided(w.t.Decision)
	if !w.Has(words.By, d.by) || !w.Has(words.Because, d.why) {
		// The classifier would have made none of it: somebody did.
		v := w.line(w.Say(words.WhyUnknown, w.ticket()))
		v.Fields = w.origins(w.t, mind{}, events, "typed")
		return v
	}
	v := w.line(w.Say(words.WhyKnown, words.Args{"Ticket": w.t.Number.String(), "By": w.Name(words.By, d.by), "Why": w.Name(words.Because, d.why)}))
	v.Lines = append(v.Lines, w.judged(d.mind)...)
	if w.t.Source.Kind != SourceMessage {
		v.Lines = append(v.Lines, Line{Text: w.Say(words.WhyCommand, words.Args{"Who": w.who(w.t.Requester)})})
	} else if d.Did == seenAsk {
		v.Lines = append(v.Lines, Line{Text: w.Say(words.WhyConfirmed, nil)})
	}
	v.Fields = w.origins(w.t, d.mind, events, strings.TrimSuffix(d.by, degraded))
	return v
}

// degraded ends the word for who decided where a language model was missed.
const degraded = "_degraded"

// whyMerchant says what somebody from outside may know.
func (w wording) whyMerchant() View {
	id := words.WhyMerchantCommand
	if w.t.Source.Kind == SourceMessage {
		id = words.WhyMerchant
	}
	v := w.line(w.Say(id, words.Args{"Ticket": w.t.Number.String(), "At": w.time.on(w.t.Created)}))
	if len(w.t.Facts.Orders) > 0 {
		v.Fields = w.field(v.Fields, words.FieldOrder, w.orders())
	}
	return v
}

// judged are the lines about how sure it was.
func (w wording) judged(m mind) (out []Line) {
	if m.P > 0 {
		out = append(out, Line{Text: w.Say(words.WhySure, words.Args{"Percent": percent(m.P)})})
	}
	if w.Has(words.Mode, m.Mode) {
		out = append(out, Line{Text: w.Say(words.WhyMode, words.Args{"Mode": w.Name(words.Mode, m.Mode)})})
	}
	if m.Own != nil {
		out = append(out, Line{Text: w.Say(words.WhyOwn, words.Args{"Version": strconv.Itoa(m.Own.Version), "Act": percent(m.Own.Act), "Ask": percent(m.Own.Ask)})})
	}
	if m.Suspicious {
		out = append(out, Line{Text: w.Say(words.WhySuspicious, nil)})
	}
	return out
}

func percent(p float64) string { return strconv.Itoa(int(math.Round(100 * min(max(p, 0), 1)))) }

// ofLabels are the labels of the fields of facts.
var ofLabels = map[string]words.ID{ofOrder: words.FieldOrder, ofShop: words.FieldShop, ofPlatform: words.FieldPlatform,
	ofPlatformNo: words.FieldPlatformNo, ofAfterSale: words.FieldAfterSale, ofWaybill: words.FieldWaybill}

// origins are the fields of a ticket with where each came from: what a person set since then, else what m says.
func (w wording) origins(t tickets.Ticket, m mind, events []tickets.Event, typeBy string) (out []Field) {
	set, byHand := lastSetters(events), typeBy == "typed"
	add := func(label words.ID, value, source string, kind tickets.EventKind) {
		from := w.Name(words.From, source)
		if by, changed := set[kind]; changed && kind != "" {
			from = w.Say(words.WhyPerson, words.Args{"Who": w.who(by)})
		}
		out = w.field(out, label, w.Say(words.WhyField, words.Args{"Value": value, "From": from}))
	}
	if slices.Contains(m.Typed, ofType) {
		typeBy = "typed"
	}
	if t.Type != "" {
		add(words.FieldType, w.Name(words.Type, words.OneLine(string(t.Type), maxShort)), typeBy, tickets.EvType)
	}
	for _, f := range factsOf(t.Facts) {
		value, source := words.OneLine(f[1], maxShort), m.sourceOf(f[0])
		if value == "" {
			continue
		}
		if byHand {
			source = "typed"
		}
		switch f[0] {
		case ofOrder:
			value = w.of(t).orders()
		case ofPlatform:
			value = w.Name(words.Platform, value)
		}
		add(ofLabels[f[0]], value, source, "")
	}
	if _, changed := set[tickets.EvSeverity]; changed || slices.Contains(m.Typed, ofSeverity) {
		add(words.FieldSeverity, w.Name(words.Severity, string(t.Severity)), "typed", tickets.EvSeverity)
	}
	if d, ok := t.Deadline(tickets.ClockPlatform); ok {
		source := "rules_clock"
		switch {
		case slices.Contains(m.Typed, ofDue):
			source = "typed"
		case m.Due:
			source = "words"
		}
		add(words.FieldPlatformDue, w.time.on(d.Due), source, tickets.EvDue)
	}
	return out
}

// lastSetters tells who last set what, of the things that people set one by one.
func lastSetters(events []tickets.Event) map[tickets.EventKind]tickets.UserID {
	out := map[tickets.EventKind]tickets.UserID{}
	for _, e := range events {
		if e.By != "" && (e.Kind == tickets.EvType || e.Kind == tickets.EvSeverity || e.Kind == tickets.EvDue) {
			out[e.Kind] = e.By
		}
	}
	return out
}

// Heard is what is known of a message that belongs to no ticket.
type Heard struct {
	Seen  tickets.Seen
	Draft *tickets.Draft // the ticket that can still be made of it; nil = none
}

// HeardView tells one person how a message was understood, and offers to decide otherwise.
func HeardView(c *words.Catalogue, sc Scene, h Heard) View {
	w := newWording(c, sc)
	became := h.Seen.Decision
	if !w.Has(words.Became, became) {
		became = "unknown"
	}
	v := w.line(w.Name(words.Became, became))
	if !sc.Merchant {
		v.Lines = append(v.Lines, w.thought(h)...)
	}
	if h.Draft == nil || h.Seen.Decision != seenAsk && h.Seen.Decision != seenIgnore && h.Seen.Decision != seenNot {
		return v
	}
	if !sc.Merchant {
		v.Fields = w.origins(tickets.Ticket{Facts: h.Draft.Facts}, decided(h.Draft.Decision).mind, nil, "words")
	}
	v.Actions = w.either(string(h.Seen.Channel)+"/"+h.Seen.TS, h.Seen.Decision)
	return v
}

// thought are the lines about who let a message pass or asked about it, and why.
func (w wording) thought(h Heard) (out []Line) {
	d := decided(h.Seen.Why)
	if h.Draft != nil {
		d = decided(h.Draft.Decision)
	}
	kind := words.Because
	if !w.Has(kind, d.why) {
		kind = words.Passed
	}
	if w.Has(words.By, d.by) && w.Has(kind, d.why) {
		out = append(out, Line{Text: w.Say(words.WhyHeard, words.Args{"By": w.Name(words.By, d.by), "Why": w.Name(kind, d.why)})})
	}
	out = append(out, w.judged(d.mind)...)
	if d.Type != "" && d.Type != otherCategory {
		out = append(out, Line{Text: w.Say(words.WhyLooks, words.Args{"Type": w.Name(words.Type, words.OneLine(d.Type, maxShort))})})
	}
	return out
}

// either offers to make a ticket of a message, or to say that it is none where that has not been said.
func (w wording) either(at, decision string) []Action {
	out := []Action{{Kind: Button, ID: ActMake, Label: w.Say(words.ButtonMake, nil), Value: at}}
	if decision != seenNot {
		out = append(out, Action{Kind: Button, ID: ActMakeNot, Label: w.Say(words.ButtonNotTicket, nil), Value: at})
	}
	return out
}

// why answers "why 1042" and "why" with the address of a message.
func (q question) why(cmd typed.Command) (View, error) {
	if cmd.HasNumber {
		got, err := q.findKey(q.ctx, q.ws, tickets.Key{Kind: tickets.KeyNumber, Value: tickets.Number(cmd.Number).String()})
		if err != nil {
			return View{}, fmt.Errorf("find ticket: %w", err)
		}
		if got == nil {
			return q.refuse(Said{Reason: refusedNotFound}), nil
		}
		return q.whyTicket(*got)
	}
	if at := permalink.FindStringSubmatch(cmd.Rest); at != nil {
		return q.whyMessage(at[1] + "/" + at[2] + "." + at[3])
	}
	return q.refuse(Said{Reason: refusedWhich, Verb: string(typed.Why)}), nil
}

// permalink is how the chat writes the address of a message: channel, seconds, microseconds.
var permalink = regexp.MustCompile(`/archives/([A-Z0-9]{2,32})/p([0-9]{9,10})([0-9]{6})`)

// whyTicket explains a ticket to somebody who may see it.
func (q question) whyTicket(got tickets.Ticket) (View, error) {
	if !tickets.CanSee(q.actor, got) {
		return q.refuse(Said{Reason: refusedNotFound}), nil
	}
	events, err := q.store.Timeline(q.ctx, q.ws, got.ID)
	if err != nil {
		return View{}, fmt.Errorf("timeline of %s: %w", got.ID, err)
	}
	q.scene.Ticket = got
	return WhyView(q.words, q.scene, events), nil
}

// whyMessage explains what became of a message, channel "/" id, to somebody who may read it. Others learn nothing, not even
// whether it was heard.
func (q question) whyMessage(value string) (View, error) {
	ch, ts, err := askedValue(value)
	if err != nil {
		return q.unheard(), nil
	}
	seen, known, err := q.store.Seen(q.ctx, q.ws, ch, ts)
	if err != nil {
		return View{}, fmt.Errorf("what became of a message: %w", err)
	}
	seen.Channel, seen.TS = ch, ts
	if ok, err := q.reads(q.ctx, q.ws, q.actor, seen); err != nil || !known || !ok {
		return q.unheard(), err
	}
	if seen.Ticket != "" {
		if got, err := q.load(q.ctx, q.ws, seen.Ticket); err != nil || got != nil && tickets.CanSee(q.actor, *got) {
			return q.whyOf(got, err)
		}
	}
	h := Heard{Seen: seen}
	var d tickets.Draft
	if len(seen.Draft) > 0 && json.Unmarshal(seen.Draft, &d) == nil {
		h.Draft = &d
	}
	return HeardView(q.words, q.scene, h), nil
}

func (q question) whyOf(got *tickets.Ticket, err error) (View, error) {
	if err != nil {
		return View{}, fmt.Errorf("load ticket: %w", err)
	}
	return q.whyTicket(*got)
}

func (q question) unheard() View {
	w := newWording(q.words, q.scene)
	return w.line(w.Name(words.Became, "unknown"))
}

// reads tells whether somebody may read what was said in a channel: its author; supervisors; the team where the channel is
// open, and the members of a closed one.
func (c *Conversation) reads(ctx context.Context, ws tickets.WorkspaceID, a tickets.Actor, said tickets.Seen) (bool, error) {
	switch {
	case said.Author != "" && said.Author == a.ID, a.Role.Senior():
		return true, nil
	case !a.Role.Staff():
		return false, nil
	}
	got, err := c.people.Channel(ctx, ws, said.Channel)
	if err != nil || !got.Private {
		return err == nil, unanswered(err)
	}
	in, err := c.people.Member(ctx, ws, said.Channel, a.ID)
	return in && err == nil, unanswered(err)
}

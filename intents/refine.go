package intents

import (
	"context"
	"strings"
	"time"

	"gongdan/intents/entities"
	"gongdan/prompts"
)

// unlikely is the probability below which a message is not worth a model's time.
const unlikely = 0.12

// NeedsModel reports whether Refine would ask the language model about d: where
// the local model hesitates, or a rule found a ticket without telling its type.
// Text that tries to instruct a machine is never handed to one.
func (c *Classifier) NeedsModel(d Decision) bool {
	switch {
	case c.model == nil, d.Suspicious:
		return false
	case d.By == ByLocal:
		return d.Action == Ask || d.Action == Ignore && d.Confidence >= unlikely || d.Action == Act && d.Confidence < c.limits.Ask
	case d.By == ByRules && d.Intent == NewTicket:
		return d.Type == "other" && d.Reason != "rule:number_only"
	}
	return false
}

// Refine asks the language model where d is unsure and returns the better
// decision. Personal data leaves as placeholders only. Whatever the model says,
// values must occur in the message and words must be known ones, severity comes
// from the person alone, and an act already decided stays one. If the model fails
// or answers nonsense, d comes back with Degraded set.
func (c *Classifier) Refine(ctx context.Context, m Message, d Decision) Decision {
	if !c.NeedsModel(d) {
		return d
	}
	ask, restore := question(m, d)
	reply, err := c.model.Complete(ctx, prompts.Classify(ask))
	if err != nil {
		d.Degraded = true
		return d
	}
	a, err := prompts.DecodeAnswer(reply.JSON)
	if err != nil {
		d.Degraded = true
		return d
	}
	return c.merge(m, d, a, restore)
}

// separator parts the messages while they are redacted together, so that one
// value has one placeholder throughout.
const separator = "\x1e"

func question(m Message, d Decision) (prompts.Question, func(string) string) {
	parts := append(append([]string{}, m.Context...), m.Text)
	for i := range parts {
		parts[i] = sanitise(parts[i]) // before the redaction, or dropping a character could join digits
	}
	text := strings.Join(parts, separator)
	red, restore := entities.Redact(text, entities.Find(text, entities.Options{Now: m.Now, Zone: m.Zone}))
	q := prompts.Question{Lang: m.Lang, InThread: m.InThread}
	q.Messages = strings.Split(red, separator)
	return q, restore
}

// modelRunes is the longest part of one message that a model is shown.
const modelRunes = 2000

// sanitise drops characters that only a machine sees.
func sanitise(s string) string {
	n := 0
	return strings.Map(func(c rune) rune {
		n++
		if n > modelRunes || c < ' ' && c != '\n' && c != '\t' || c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2060 && c <= 0x2069 || c >= 0xE0000 && c <= 0xE007F || c == 0xFEFF {
			return -1
		}
		return c
	}, s)
}

// merge takes from a checked answer what may be taken.
func (c *Classifier) merge(m Message, d Decision, a prompts.Answer, restore func(string) string) Decision {
	kind := Kind(a.Intent)
	typ := a.Type
	if kind == NewTicket && !knownType(typ) {
		d.Degraded = true
		return d
	}
	local := d
	d.By = ByModel
	switch {
	case kind == NewTicket && local.Intent == NewTicket && local.Type == typ:
		d.Action, d.Confidence, d.Reason = Act, round(max(d.Confidence, agreed)), "model:agrees"
	case kind == NewTicket && local.Action == Act:
		d.Type, d.Reason = typ, "model:type"
	case kind == NewTicket:
		d.Intent, d.Type, d.Action, d.Confidence, d.Reason = NewTicket, typ, Ask, hesitates, "model:unsure"
		if a.Sure == "high" {
			d.Action, d.Confidence, d.Reason = Act, decides, "model:decides"
		}
	case local.Action == Act, local.Fields.Order != "":
		return local // a model withdraws nothing that the rules stand for
	case a.Sure == "low":
		d.Reason = "model:unsure"
		return d
	default:
		d.Intent, d.Type, d.Action, d.Confidence, d.Reason = kind, "", Ignore, decides, "model:"+string(kind)
		if kind == Update {
			d.Action = Ask
		}
		if kind == Command {
			d.Intent, d.Reason = None, "model:none" // no word of a model is a command
		}
	}
	if d.Intent == NewTicket {
		c.fill(m, &d.Fields, a, restore)
	}
	return d
}

// Confidence after a model has spoken: its agreement with the local model is the
// strongest sign there is, its word alone a weaker one.
const (
	agreed    = 0.97
	decides   = 0.90
	hesitates = 0.60
)

// fill takes values for empty fields that the message itself holds.
func (c *Classifier) fill(m Message, f *Fields, a prompts.Answer, restore func(string) string) {
	said := entities.Fold(strings.Join(append(append([]string{}, m.Context...), m.Text), "\n"))
	take := func(to *string, v string) {
		v = strings.TrimSpace(restore(v))
		if *to == "" && v != "" && len(v) <= 64 && strings.Contains(said, entities.Fold(v)) {
			*to = v
		}
	}
	take(&f.Order, a.Order)
	take(&f.AfterSale, a.AfterSale)
	take(&f.Waybill, a.Waybill)
	take(&f.SKU, a.SKU)
	for _, s := range c.shopsOf(m) {
		if f.Shop == "" && a.Shop == s.Name && strings.Contains(said, entities.Fold(s.Name)) {
			f.Shop = s.Name
		}
	}
	if f.Platform == "" && platformIn(said) == a.Platform {
		f.Platform = a.Platform
	}
	c.fillDue(m, f, a, restore)
}

// fillDue reads the span that the model took for the deadline with our own rules.
func (c *Classifier) fillDue(m Message, f *Fields, a prompts.Answer, restore func(string) string) {
	span := strings.TrimSpace(restore(a.DueText))
	if !f.Due.IsZero() || span == "" || !strings.Contains(m.Text, span) {
		return
	}
	if at, ok := Moment(span, m.Now, m.Zone); ok && at.After(m.Now) && at.Before(m.Now.Add(366*24*time.Hour)) {
		f.Due = at
	}
}

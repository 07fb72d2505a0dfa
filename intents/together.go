package intents

import (
	"context"
	"strings"
)

// RefineTogether asks the language model once about what one person wrote in a row, oldest first, and returns the better
// decisions in the same order. local are the decisions of [Classifier.Local]. The messages are judged as one, so that
// their answer costs what one message's does: the first of them takes the fields, the others what it is about. Each keeps
// what its own words decided.
func (c *Classifier) RefineTogether(ctx context.Context, said []Message, local []Decision) []Decision {
	out := make([]Decision, len(local))
	if len(local) == 0 {
		return out
	}
	head := c.Refine(ctx, joined(said), local[0])
	out[0] = head
	for i := 1; i < len(local); i++ {
		out[i] = local[i].after(head, said[i].Text)
	}
	return out
}

// joined is what was said in a row as one message.
func joined(said []Message) Message {
	m := said[0]
	texts := make([]string, len(said))
	for i := range said {
		texts[i] = said[i].Text
		m.HasFiles = m.HasFiles || said[i].HasFiles
	}
	m.Text = strings.Join(texts, "\n")
	return m
}

// Joins tells whether what was said in a row can be shown to a model as one: it fits, and it reads as harmless together
// as it did one by one.
func (c *Classifier) Joins(said []Message) bool {
	m := joined(said)
	return len([]rune(m.Text)) <= modelRunes && !suspicious(m.Text, plain(m.Text))
}

// after is what a message is once the model has judged it together with the one before it. A type that makes a ticket severe
// needs more than the model's word, as in [Classifier.Refine].
func (d Decision) after(head Decision, text string) Decision {
	d.Degraded = head.Degraded
	if head.By != ByModel {
		return d
	}
	stands := d.Action == Act || d.Fields.Order != ""
	borne := severityOf(head.Type) <= severityOf("") || d.Action == Act && d.Type == head.Type || problemType(plain(text)) == head.Type
	switch {
	case head.Reason == "model:unsure" && head.Action != Act:
		return d
	case head.Intent == NewTicket && d.Action == Act:
		if borne && (d.Type == "" || d.Type == "other") {
			d.By, d.Type, d.Reason = ByModel, head.Type, "model:type"
		}
	case head.Intent == NewTicket:
		d.By, d.Intent, d.Type, d.Action, d.Confidence, d.Reason = ByModel, NewTicket, head.Type, head.Action, head.Confidence, head.Reason
		if !borne || head.Reason == "model:type" { // the first stands by its own words; these have only the model's
			d.Action, d.Confidence, d.Reason = Ask, hesitates, "model:unsure"
		}
	case !stands:
		d.By, d.Intent, d.Type, d.Action, d.Confidence, d.Reason = ByModel, head.Intent, "", head.Action, head.Confidence, head.Reason
	}
	return d
}

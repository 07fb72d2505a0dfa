package slackapi

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"gongdan/bot"
)

// Slack's limits for elements that can be pressed.
const (
	maxElements     = 25 // in one row
	maxRows         = 10
	maxButton       = 75
	maxButtonValue  = 2000
	maxActionID     = 255
	maxBlockValue   = 200 // a block id has 255, the prefix and the count need some
	maxOption       = 75
	maxOptionValue  = 150
	maxOptions      = 100
	maxMore         = 5
	maxPlaceholder  = 150
	maxConfirmTitle = 100
	maxConfirmText  = 300
	maxConfirmWord  = 30
)

const (
	valuePrefix = "v:" // begins a block id that carries the value of the block's choices
	countMark   = "#"  // begins the count that makes an id unique in its message
)

// row is one actions block in the making. Buttons carry their value themselves; choices cannot, so that the row's id
// does, and choices with different values stand in different rows.
type row struct {
	elements []slack.BlockElement
	value    string
	chosen   bool // it holds a choice, so value is settled
}

func (d *drawing) actions(list []bot.Action) []slack.Block {
	var rows []row
	for _, a := range list {
		e := d.element(a)
		if e == nil {
			continue
		}
		rows = place(rows, e, a)
	}
	var out []slack.Block
	for _, r := range rows[:min(len(rows), maxRows)] {
		id := ""
		if r.value != "" {
			id = d.unique(valuePrefix + r.value)
		}
		out = append(out, slack.NewActionBlock(id, r.elements...))
	}
	return out
}

func place(rows []row, e slack.BlockElement, a bot.Action) []row {
	choice := a.Kind != bot.Button
	if n := len(rows) - 1; n >= 0 && len(rows[n].elements) < maxElements && (!choice || !rows[n].chosen || rows[n].value == a.Value) {
		rows[n].elements = append(rows[n].elements, e)
		if choice {
			rows[n].value, rows[n].chosen = a.Value, true
		}
		return rows
	}
	r := row{elements: []slack.BlockElement{e}}
	if choice {
		r.value, r.chosen = a.Value, true
	}
	return append(rows, r)
}

// unique gives an id that no other element of the message has.
func (d *drawing) unique(id string) string {
	d.seen[id]++
	if n := d.seen[id]; n > 1 {
		return id + countMark + strconv.Itoa(n)
	}
	return id
}

// stripCount undoes unique.
func stripCount(id string) string {
	at := strings.LastIndex(id, countMark)
	if at <= 0 {
		return id
	}
	if _, err := strconv.ParseUint(id[at+1:], 10, 16); err != nil {
		return id
	}
	return id[:at]
}

// valueOfBlock reads the value that a row's id carries.
func valueOfBlock(id string) string {
	value, ok := strings.CutPrefix(id, valuePrefix)
	if !ok {
		return ""
	}
	return stripCount(value)
}

// element draws one action, or nil if it cannot be drawn so that it does what it says: a value that had to be
// shortened would act on something else.
func (d *drawing) element(a bot.Action) slack.BlockElement {
	limit := maxBlockValue
	if a.Kind == bot.Button {
		limit = maxButtonValue
	}
	if blank(a.ID) || units(a.ID) > maxActionID-8 || units(a.Value) > limit || clean(a.Value) != a.Value {
		return nil
	}
	if d.left -= units(a.Value) + units(a.ID) + 2*overhead; d.left <= 0 {
		return nil
	}
	label := d.take(oneLine(a.Label), maxButton)
	if label == "" {
		label = "…"
	}
	if a.Kind == bot.Button {
		return d.button(a, label)
	}
	return d.choice(a, label)
}

func (d *drawing) button(a bot.Action, label string) slack.BlockElement {
	b := slack.NewButtonBlockElement(d.unique(a.ID), a.Value, inert(label))
	if a.Style == "primary" || a.Style == "danger" {
		b.Style = slack.Style(a.Style)
	}
	b.Confirm = d.confirm(a, label)
	return b
}

func (d *drawing) choice(a bot.Action, label string) slack.BlockElement {
	if a.Kind == bot.PickPerson {
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, inert(cut(label, maxPlaceholder)), d.unique(a.ID))
		e.Confirm = d.confirm(a, label)
		return e
	}
	options := d.options(a.Options)
	switch {
	case len(options) == 0:
		return nil
	case a.Kind == bot.More && len(options) <= maxMore:
		e := slack.NewOverflowBlockElement(d.unique(a.ID), options...)
		e.Confirm = d.confirm(a, label)
		return e
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, inert(cut(label, maxPlaceholder)), d.unique(a.ID), options...)
	e.Confirm = d.confirm(a, label)
	return e
}

func (d *drawing) options(list []bot.Option) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, o := range list {
		if blank(o.Value) || units(o.Value) > maxOptionValue || clean(o.Value) != o.Value || len(out) == maxOptions {
			continue
		}
		if d.left -= units(o.Value) + overhead; d.left <= 0 {
			break
		}
		label := d.take(oneLine(o.Label), maxOption)
		if label == "" {
			label = "…"
		}
		out = append(out, slack.NewOptionBlockObject(o.Value, inert(label), nil))
	}
	return out
}

// confirm draws the question before an action counts; nil if none is asked.
func (d *drawing) confirm(a bot.Action, label string) *slack.ConfirmationBlockObject {
	text := d.take(a.Confirm, maxConfirmText)
	if text == "" {
		return nil
	}
	// Slack wants both answers: the label says what is agreed to, and a cross is understood everywhere.
	yes, no := d.take(oneLine(a.Yes), maxConfirmWord), d.take(oneLine(a.No), maxConfirmWord)
	c := slack.NewConfirmationBlockObject(inert(cut(label, maxConfirmTitle)), inert(text), inert(cut(or(yes, label), maxConfirmWord)), inert(or(no, "✕")))
	if a.Style == "danger" {
		c.Style = slack.StyleDanger
	}
	return c
}

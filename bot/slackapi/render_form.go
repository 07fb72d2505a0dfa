package slackapi

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"gongdan/bot"
)

// Slack's limits for views. A view may have 250 KB; the text is bounded far below, so that it stays quick to open.
const (
	maxViewBlocks   = 100
	maxViewText     = 40_000 // characters, as a message's are counted
	maxViewBytes    = 200_000
	maxViewTitle    = 24
	maxMetadata     = 3000
	maxID           = 255
	maxLabel        = 2000
	maxHint         = 2000
	maxInput        = 3000
	defaultInput    = 600
	maxFormLines    = 20 // paragraphs above the fields; ours
	maxHomeGroups   = 50
	firstMoment     = 1_000_000_000 // Slack takes moments of ten digits only
	lastMoment      = 9_999_999_999
	submitUnlabeled = "OK"
)

// errForm says that a form cannot be drawn so that its submission comes back whole.
var errForm = errors.New("form cannot be drawn")

// origin is what a view carries unseen, and brings back.
type origin struct {
	Kind    bot.FormKind `json:"kind"`
	Subject string       `json:"subject,omitempty"`
}

// modal draws a form. Every string of it is plain text; what exceeds Slack's limits is shortened. The error is permanent:
// what must come back exactly is never shortened.
func modal(id string, f bot.Form) (slack.ModalViewRequest, error) {
	meta, err := json.Marshal(origin{f.Kind, f.Subject})
	if err != nil || units(string(meta)) > maxMetadata || blank(string(f.Kind)) || units(string(f.Kind)) > maxID || blank(id) || units(id) > maxID {
		return slack.ModalViewRequest{}, errForm
	}
	d := &drawing{left: maxViewText, seen: map[string]int{}}
	m := slack.ModalViewRequest{Type: slack.VTModal, CallbackID: string(f.Kind), ExternalID: id, PrivateMetadata: string(meta),
		Title: inert(visible(d.take(oneLine(f.Title), maxViewTitle)))}
	if c := d.take(oneLine(f.Cancel), maxViewTitle); c != "" {
		m.Close = inert(c)
	}
	fields, err := d.inputs(f.Fields)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if len(fields) > 0 {
		m.Submit = inert(or(d.take(oneLine(f.Submit), maxViewTitle), submitUnlabeled))
	}
	m.Blocks.BlockSet = append(d.lines(f.Lines[:min(len(f.Lines), maxFormLines)]), fields...)
	if len(m.Blocks.BlockSet) == 0 {
		m.Blocks.BlockSet = []slack.Block{slack.NewContextBlock("", inert("…"))}
	}
	return m, nil
}

// inputs draws the fields. A field that cannot be drawn is an error: somebody would submit the form without it.
func (d *drawing) inputs(list []bot.FormField) ([]slack.Block, error) {
	if len(list) > maxViewBlocks-1 {
		return nil, errForm
	}
	seen := map[string]bool{}
	var out []slack.Block
	for _, f := range list {
		if blank(f.ID) || units(f.ID) > maxID || clean(f.ID) != f.ID || seen[f.ID] {
			return nil, errForm
		}
		seen[f.ID] = true
		label := visible(d.take(oneLine(f.Label), maxLabel))
		var hint *slack.TextBlockObject
		if h := d.take(oneLine(f.Hint), maxHint); h != "" {
			hint = inert(h)
		}
		e := d.input(f)
		if e == nil {
			return nil, errForm
		}
		out = append(out, slack.NewInputBlock(f.ID, inert(label), hint, e).WithOptional(f.Optional))
	}
	return out, nil
}

// input draws what is filled in; nil for an unknown kind and for a choice of nothing.
func (d *drawing) input(f bot.FormField) slack.BlockElement {
	switch f.Kind {
	case bot.TextField, bot.AreaField:
		return d.words(f)
	case bot.ChoiceField:
		options := d.options(f.Options)
		if len(options) == 0 {
			return nil
		}
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, f.ID, options...)
		for _, o := range options {
			if o.Value == f.Value {
				e.InitialOption = o
			}
		}
		return e
	case bot.PersonField:
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, f.ID)
		if userID.MatchString(f.Value) {
			e.InitialUser = f.Value
		}
		return e
	case bot.MomentField:
		e := slack.NewDateTimePickerBlockElement(f.ID)
		if at, err := time.Parse(time.RFC3339, f.Value); err == nil && at.Unix() >= firstMoment && at.Unix() <= lastMoment {
			e.InitialDateTime = at.Unix()
		}
		return e
	}
	return nil
}

func (d *drawing) words(f bot.FormField) *slack.PlainTextInputBlockElement {
	most := f.Max
	if most <= 0 {
		most = defaultInput
	}
	most = min(most, maxInput)
	value := clean(f.Value)
	if f.Kind == bot.TextField {
		value = oneLine(value)
	}
	e := slack.NewPlainTextInputBlockElement(nil, f.ID)
	e.InitialValue, e.Multiline, e.MaxLength = d.take(value, most), f.Kind == bot.AreaField, most
	return e
}

// home draws a person's page: the groups with a line between them. Groups that do not fit are left out, the last first.
func home(h bot.Home) slack.HomeTabViewRequest {
	for total := maxViewText; ; total = total * 3 / 4 {
		v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: groups(h, total)}}
		raw, err := json.Marshal(v)
		if err != nil || total < overhead || len(raw) <= maxViewBytes {
			return v
		}
	}
}

func groups(h bot.Home, total int) []slack.Block {
	d := &drawing{left: total, seen: map[string]int{}}
	out := []slack.Block{}
	for _, v := range h.Groups[:min(len(h.Groups), maxHomeGroups)] {
		part := d.draw(v)
		if len(part) == 0 {
			continue
		}
		if len(out)+1+len(part) >= maxViewBlocks {
			return append(out, slack.NewContextBlock("", inert("…")))
		}
		if len(out) > 0 {
			out = append(out, slack.NewDividerBlock())
		}
		out = append(out, part...)
	}
	return out
}

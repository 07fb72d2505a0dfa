package bot

import (
	"encoding/json"
	"slices"
	"strings"

	"gongdan/intents"
	"gongdan/tickets"
)

// mind is what is remembered of a decision, beside who took it and why: enough to explain it, and no word of the message.
type mind struct {
	Did        string   `json:"a,omitempty"` // act, ask, ignore
	P          float64  `json:"p,omitempty"`
	Type       string   `json:"t,omitempty"`
	Suspicious bool     `json:"s,omitempty"`
	Near       bool     `json:"n,omitempty"` // let pass, and close to being asked about
	Due        bool     `json:"d,omitempty"` // a deadline was named
	Model      []string `json:"m,omitempty"` // fields that the language model read
	Channel    []string `json:"c,omitempty"` // fields that follow from the channel's shop
	Relay      []string `json:"r,omitempty"` // fields that the team file gives for whoever relayed a notice
	Typed      []string `json:"o,omitempty"` // fields that whoever asked for the ticket chose
	Mode       string   `json:"e,omitempty"` // careful, eager
	Own        *own     `json:"w,omitempty"` // nil = the workspace's own model did not decide
}

// own is the workspace's own model that took a decision, and the thresholds by which it did.
type own struct {
	Version int `json:"v"`
	intents.Thresholds
}

// mind is what a decision about a message is remembered by.
func (t *turn) mind(m Message, d intents.Decision) mind {
	out := mind{Did: string(d.Action), P: d.Confidence, Type: d.Type, Suspicious: d.Suspicious, Due: !d.Fields.Due.IsZero(),
		Mode: string(t.ready())}
	if v := t.minds.OwnVersion(); v > 0 && d.By == intents.ByLocal {
		out.Own = &own{v, t.minds.LimitsIn(t.ready())}
	}
	if d.By == intents.ByModel {
		// What the rules read by themselves is not the model's.
		out.Model = added(facts(t.minds.Local(t.question(m, false))), facts(d))
	}
	if d.Action == intents.Ignore && !t.replied {
		out.Near = t.minds.NearMiss(t.question(m, false), d)
	}
	return out
}

// filled adds which fields the channel gave.
func (m mind) filled(said, f tickets.Facts) mind {
	m.Channel = added(said, f)
	return m
}

// Names of the fields whose source is told.
const (
	ofOrder, ofShop, ofPlatform, ofAfterSale, ofPlatformNo, ofWaybill = "order", "shop", "platform", "aftersale", "platform_no", "waybill"
	ofType, ofSeverity, ofDue                                         = "type", "severity", "due"
)

// factsOf are the fields of a ticket whose source is told, in the order in which they are shown.
func factsOf(f tickets.Facts) [][2]string {
	return [][2]string{{ofOrder, strings.Join(f.Orders, ", ")}, {ofShop, f.Shop}, {ofPlatform, string(f.Platform)},
		{ofPlatformNo, f.PlatformNo}, {ofAfterSale, f.AfterSale}, {ofWaybill, f.Waybill}}
}

// chosen adds to a draft's decision which fields were chosen beside its words: those that were given, and those that differ from
// what it was before.
func (d decision) chosen(before, after tickets.Draft, given []string) string {
	d.mind.Typed = append(d.mind.Typed, given...)
	was := factsOf(before.Facts)
	for i, f := range factsOf(after.Facts) {
		if was[i][1] != f[1] {
			d.mind.Typed = append(d.mind.Typed, f[0])
		}
	}
	for name, differs := range map[string]bool{ofType: before.Type != after.Type, ofSeverity: before.Severity != after.Severity,
		ofDue: !before.BackOffice.Equal(after.BackOffice) || !before.PlatformCreated.Equal(after.PlatformCreated)} {
		if differs {
			d.mind.Typed = append(d.mind.Typed, name)
		}
	}
	slices.Sort(d.mind.Typed)
	d.mind.Typed = slices.Compact(d.mind.Typed)
	return d.String()
}

// added names the fields that are empty in one and not in the other.
func added(before, after tickets.Facts) (names []string) {
	was := factsOf(before)
	for i, f := range factsOf(after) {
		if was[i][1] == "" && f[1] != "" {
			names = append(names, f[0])
		}
	}
	return names
}

// decision is who took a decision, its reason, and what is remembered of it. What is not known is "".
type decision struct {
	by, why string // one stable word each
	head    string // both, as the classifier gives them
	mind
}

// String is how tickets and records keep a decision.
func (d decision) String() string {
	body, err := json.Marshal(d.mind)
	if err != nil {
		return d.head // a mind holds nothing that cannot be marshalled
	}
	return d.head + " " + string(body)
}

// decisionText is how a decision of the classifier is kept.
func decisionText(d intents.Decision, m mind) string {
	return decision{head: d.Via() + ":" + d.Reason, mind: m}.String()
}

// decided reads a decision back.
func decided(text string) (d decision) {
	var rest string
	d.head, rest, _ = strings.Cut(text, " ")
	d.by, _, _ = strings.Cut(d.head, ":")
	d.why = d.head[strings.LastIndexByte(d.head, ':')+1:]
	if json.Unmarshal([]byte(rest), &d.mind) != nil {
		d.mind = mind{}
	}
	return d
}

// sourceOf is where a field came from when the ticket was made; a stable word.
func (m mind) sourceOf(field string) string {
	switch {
	case slices.Contains(m.Typed, field):
		return "typed"
	case slices.Contains(m.Model, field):
		return "model"
	case slices.Contains(m.Channel, field):
		return "channel"
	case slices.Contains(m.Relay, field):
		return "relay"
	}
	return "words"
}

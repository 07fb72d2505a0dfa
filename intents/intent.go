package intents

import (
	"time"

	"gongdan/intents/entities"
)

// Kind is what a message is for.
type Kind string

// The kinds of message.
const (
	NewTicket Kind = "new_ticket"
	Update    Kind = "update"
	Status    Kind = "status"
	Question  Kind = "question"
	Command   Kind = "command"
	None      Kind = "none"
)

// Action says what to do about tickets: make or change one, ask first, or leave
// them alone. A question about a ticket leaves them alone.
type Action string

// The actions.
const (
	Act    Action = "act"
	Ask    Action = "ask"
	Ignore Action = "ignore"
)

// Source says what took the decision.
type Source string

// The sources.
const (
	ByRules Source = "rules"
	ByLocal Source = "local"
	ByModel Source = "model"
)

// Message is what somebody wrote. Zone nil means Now's own. Lang is "zh-CN",
// "en" or "". Mentions are the user ids mentioned besides the bot's. Context
// holds the same author's preceding messages of the burst, oldest first. Shops are
// those of the author's workspace, instead of the classifier's own where not nil. Mode
// is how ready the workspace is, "" = the classifier's Thresholds hold.
// Account is whose budget a question to a language model is paid from, "" nobody's;
// LocalOnly keeps the message from any.
type Message struct {
	Text     string
	Now      time.Time
	Zone     *time.Location
	Lang     string
	HasFiles bool
	InThread bool
	ToBot    bool
	Mentions []string
	Context  []string
	Shops    []entities.Shop
	Mode     Mode

	Account   string
	LocalOnly bool

	// Since is when it was said first, from which lengths of time in a notice count that names no creation; zero = Now.
	Since time.Time

	// Origin is whose ticket it is, where that follows from who brings it (platform, provider); "" = the words decide.
	Origin string
}

// Fields are the facts of a ticket that a message gives. Order is the first of
// Orders. Severity is what the person's own words say, else "". Assignee is a
// user id where one was mentioned, else a name as it was written. Promised is by when the team has promised a customer
// something.
type Fields struct {
	Platform        string    `json:"platform,omitempty"`
	Origin          string    `json:"origin,omitempty"`
	Shop            string    `json:"shop,omitempty"`
	Order           string    `json:"order,omitempty"`
	Orders          []string  `json:"orders,omitempty"`
	AfterSale       string    `json:"aftersale,omitempty"`
	PlatformNo      string    `json:"platform_no,omitempty"`
	Waybill         string    `json:"waybill,omitempty"`
	Phone           string    `json:"phone,omitempty"`
	SKU             string    `json:"sku,omitempty"`
	Amount          string    `json:"amount,omitempty"`
	Currency        string    `json:"currency,omitempty"`
	Severity        string    `json:"severity,omitempty"`
	Assignee        string    `json:"assignee,omitempty"`
	Due             time.Time `json:"due,omitzero"`
	PlatformCreated time.Time `json:"platform_created,omitzero"`
	Promised        time.Time `json:"promised,omitzero"`
}

// Numbered tells whether a message names an order, a parcel or a case: numbers by which a ticket is found.
func (f Fields) Numbered() bool {
	return f.Order != "" || f.AfterSale != "" || f.PlatformNo != "" || f.Waybill != ""
}

// Decision is the answer to a message. Reason is a stable word for logs, "why?"
// and tests, such as rule:greeting or local:below_ask. Command is the canonical
// command word when Intent is Command, with WaitingFor where it is "wait".
// Degraded means that a model was wanted and could not be had; Suspicious, that
// the text reads like an attempt to instruct a machine; LocalOnly, that no model may
// be asked.
type Decision struct {
	Intent     Kind
	Type       string
	Confidence float64
	By         Source
	Action     Action
	Reason     string
	Fields     Fields
	Entities   []entities.Entity
	Redacted   string
	Command    string
	WaitingFor string
	Degraded   bool
	Suspicious bool
	LocalOnly  bool
}

// Via is a stable word for what took the decision and whether a model was missed:
// rules, local, model, rules_degraded or local_degraded.
func (d Decision) Via() string {
	if d.Degraded {
		return string(d.By) + "_degraded"
	}
	return string(d.By)
}

// Type is a ticket type: its name in data, its category and the severity of a
// ticket of which nothing else is known.
type Type struct {
	Name            string
	Category        string
	DefaultSeverity string
}

// Types lists the ticket types that ship with the product, by category.
func Types() []Type {
	return []Type{
		{"goods_return", "after_sale", "normal"}, {"exchange", "after_sale", "normal"}, {"repair", "after_sale", "normal"},
		{"refund", "after_sale", "normal"}, {"compensation", "after_sale", "normal"},
		{"delay", "logistics", "normal"}, {"lost", "logistics", "normal"}, {"tracking", "logistics", "normal"},
		{"ship_reminder", "logistics", "normal"}, {"waybill", "logistics", "normal"},
		{"change", "order", "normal"}, {"review", "order", "normal"}, {"print", "order", "normal"}, {"stockout", "order", "normal"},
		{"price", "order", "normal"}, {"invoice", "order", "normal"},
		{"product", "consult", "normal"}, {"promotion", "consult", "normal"}, {"listing", "consult", "normal"},
		{"platform_rule", "consult", "normal"}, {"platform_notice", "consult", "normal"},
		{"complaint", "complaint", "high"}, {"service", "complaint", "high"}, {"public_complaint", "complaint", "urgent"},
		{"high_risk", "complaint", "urgent"}, {"unsafe_product", "complaint", "urgent"},
		{"care", "follow_up", "normal"}, {"other", "other", "normal"},
	}
}

func knownType(name string) bool {
	for _, t := range Types() {
		if t.Name == name {
			return true
		}
	}
	return false
}

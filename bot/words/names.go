package words

// Kind is a family of names: values that come from data rather than from a constant.
type Kind string

// Families of names. Values are those of the domain ("in_progress", "goods_return"); of weekdays "day0" (Sunday)
// to "day6"; of months "m1" to "m12"; from Verb to Example the canonical names of commands.
const (
	Status         Kind = "status"
	Waiting        Kind = "waiting"         // status of a waiting ticket, by party
	MerchantStatus Kind = "merchant_status" // status in the merchant's view; "waiting_merchant" beside the statuses
	Party          Kind = "party"
	Severity       Kind = "severity"
	Origin         Kind = "origin"
	Platform       Kind = "platform"
	Role           Kind = "role"
	Clock          Kind = "clock"
	Category       Kind = "category"
	Type           Kind = "type"
	Weekday        Kind = "weekday"
	Month          Kind = "month"
	Verb           Kind = "verb"          // the word to type
	What           Kind = "what"          // what a command does
	WhatMerchant   Kind = "what_merchant" // the same for a merchant; names only what a merchant may do
	Example        Kind = "example"       // what to type; Number is the ticket
	By             Kind = "by"            // who decided: rules, local, model
	Because        Kind = "because"       // the classifier's reason for a ticket, without who decided
	Passed         Kind = "passed"        // the classifier's reason to let a message pass
	Became         Kind = "became"        // what became of a message
	From           Kind = "from"          // where a field came from
	Mode           Kind = "mode"          // how ready the bot is to act by itself
	Outcome        Kind = "outcome"       // the outcomes that are words of ours; others are people's own
	Consequence    Kind = "consequence"   // what a missed deadline may cost, by the name of the rule
)

// Kinds lists all families.
func Kinds() []Kind {
	return []Kind{Status, Waiting, MerchantStatus, Party, Severity, Origin, Platform, Role, Clock, Category, Type,
		Weekday, Month, Verb, What, WhatMerchant, Example, By, Because, Passed, Became, From, Mode, Outcome, Consequence}
}

// Has tells whether a value has a name.
func (v Voice) Has(k Kind, value string) bool { return v.has[k.id(value)] }

// maxName is how much of a value without a name is shown, in code points.
const maxName = 60

// Name gives the name of a value. A value without one, such as a type that only the team's own file knows, is its
// own name, made to fit as by [OneLine].
func (v Voice) Name(k Kind, value string) string { return v.NameWith(k, value, nil) }

// NameWith is Name for names with placeholders.
func (v Voice) NameWith(k Kind, value string, args Args) string {
	if !v.Has(k, value) {
		return OneLine(value, maxName)
	}
	return v.Say(k.id(value), args)
}

func (k Kind) id(value string) ID { return ID(string(k) + "." + value) }

package words

// Where a ticket came from.
const (
	WhyKnown           ID = "why.known"
	WhyUnknown         ID = "why.unknown"
	WhyMerchant        ID = "why.merchant"
	WhyMerchantCommand ID = "why.merchant_command"
	WhySure            ID = "why.sure"
	WhyMode            ID = "why.mode"
	WhyOwn             ID = "why.own"
	WhySuspicious      ID = "why.suspicious"
	WhyConfirmed       ID = "why.confirmed"
	WhyCommand         ID = "why.command"
	WhyHeard           ID = "why.heard"
	WhyLooks           ID = "why.looks"
	WhyField           ID = "why.field"
	WhyPerson          ID = "why.person"
)

// The list of possible misses.
const (
	MissedTitle ID = "missed.title"
	MissedNone  ID = "missed.none"
	MissedMore  ID = "missed.more"
	MissedMade  ID = "missed.made"
	MissedAdded ID = "missed.added"
	MissedNot   ID = "missed.not"
	MissedOver  ID = "missed.over"
)

// Buttons about how a message was understood.
const (
	ButtonWhy       ID = "button.why"
	ButtonNotTicket ID = "button.not_ticket"
)

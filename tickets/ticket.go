package tickets

import (
	"encoding/json"
	"time"

	"gongdan/tickets/sla"
)

// Schema is the version of the stored form of a ticket that this program writes. 2 added pauses to deadlines, which a
// program of schema 1 would drop.
const Schema = 2

// Origin decides which rules bind a ticket.
type Origin string

// Origins. Only platform and provider tickets have a platform clock.
const (
	OriginInternal Origin = "internal"
	OriginPlatform Origin = "platform"
	OriginProvider Origin = "provider"
)

// Binding tells whether the marketplace's clock and evidence rules apply.
func (o Origin) Binding() bool { return o == OriginPlatform || o == OriginProvider }

// Platform is a marketplace: tmall, taobao, douyin, pinduoduo, jd, wechat, or "" when unknown.
type Platform string

// Severity orders tickets by urgency.
type Severity string

// Severities from most to least urgent.
const (
	SeverityUrgent Severity = "urgent"
	SeverityHigh   Severity = "high"
	SeverityNormal Severity = "normal"
	SeverityLow    Severity = "low"
)

// Type names a kind of work order (goods_return, delay, …); the list is data of the classifier and the team file.
type Type string

// Party is whom a waiting ticket waits for.
type Party string

// Parties.
const (
	PartyNone      Party = ""
	PartyCustomer  Party = "customer"
	PartyMerchant  Party = "merchant"
	PartyWarehouse Party = "warehouse"
	PartyCourier   Party = "courier"
	PartyPlatform  Party = "platform"
)

// PartyInfo stands in a [ClockRule] for tickets that were sent back; no ticket waits for it.
const PartyInfo = Party(StatusNeedsInfo)

// Facts are what a ticket is about. All are optional; texts are as the person wrote them, untrusted.
type Facts struct {
	Shop      string   `json:"shop,omitempty"`
	Platform  Platform `json:"platform,omitempty"`
	Orders    []string `json:"orders,omitempty"`
	AfterSale string   `json:"aftersale,omitempty"`
	// PlatformNo is the marketplace's own number of a platform ticket.
	PlatformNo string `json:"platform_no,omitempty"`
	Waybill    string `json:"waybill,omitempty"`
	SKU        string `json:"sku,omitempty"`
	Amount     string `json:"amount,omitempty"`
}

// Order is the first order number, or "".
func (f Facts) Order() string {
	if len(f.Orders) == 0 {
		return ""
	}
	return f.Orders[0]
}

// Source is where a ticket came from.
type Source struct {
	Kind    string    `json:"kind"` // message or command
	Channel ChannelID `json:"channel,omitempty"`
	// TS is the source message's id within its channel, the natural key together with Channel.
	TS string `json:"ts,omitempty"`
	// Thread is the root of the thread that is the ticket's conversation ("" until its card is posted
	// at top level, as for tickets made by command).
	Thread string `json:"thread,omitempty"`
	// Text is what was said, shortened to MaxText code points; hostile.
	Text   string `json:"text,omitempty"`
	Edited bool   `json:"edited,omitempty"`
	// Deleted says that the source message is gone from the channel; the ticket lives on.
	Deleted bool   `json:"deleted,omitempty"`
	Lang    string `json:"lang,omitempty"` // zh-CN or en: language of the ticket's posts
	// Foreign marks a channel with guests or people of other organisations: the card there shows only
	// the merchant's fields.
	Foreign bool `json:"foreign,omitempty"`
}

// MaxText is how many code points of a message a ticket or a timeline entry keeps.
const MaxText = 600

// ClockKind names one of a ticket's deadlines.
type ClockKind string

// Clock kinds. Platform is what the marketplace counts and never pauses; the others are team targets.
const (
	ClockPlatform      ClockKind = "platform"
	ClockFirstResponse ClockKind = "first_response"
	ClockNextResponse  ClockKind = "next_response" // to what the customer's side has said since the last answer
	ClockResolution    ClockKind = "resolution"
	ClockNextUpdate    ClockKind = "next_update" // to hear something from the team, asked or not
)

// Deadline is one running or finished clock of a ticket.
type Deadline struct {
	Kind  ClockKind `json:"kind"`
	Start time.Time `json:"start"`
	Due   time.Time `json:"due"`
	// Version grows when Due moves; Fired holds the names of steps used up for this version.
	Version int      `json:"version"`
	Fired   []string `json:"fired,omitempty"`
	// SaidIn is, of steps in Fired, by which version they were called where that was not this one; see [Deadline.Said]. A program
	// that does not know it drops it: calls of an earlier version that are yet to be said are then not.
	SaidIn map[string]int `json:"said_in,omitempty"`
	// Stopped is when the clock stopped (answered, responded, resolved, dropped); zero while it runs.
	Stopped time.Time `json:"stopped,omitzero"`
	// Dropped says that the clock stopped because no rule asks for it any more, rather than by what people did. It goes on
	// from the same start if one does again.
	Dropped bool `json:"dropped,omitempty"`
	// Breached is set once the breach step has fired for this version.
	Breached bool `json:"breached,omitempty"`
	// AckedBy and AckedAt record "on it": no further step of this version fires until it lapses. AckKept is that
	// person's last act on the ticket since; zero = none.
	AckedBy UserID    `json:"acked_by,omitempty"`
	AckedAt time.Time `json:"acked_at,omitzero"`
	AckKept time.Time `json:"ack_kept,omitzero"`
	// Called is the last call of this version; Held how long its calls at and after Due have stood still because somebody was on
	// it. A program that knows neither drops them: calls then come at their plain times.
	Called sla.Called    `json:"called,omitzero"`
	Held   time.Duration `json:"held,omitempty"`
	// Fixed says that Due was given (the back office's, the platform's staff's, a promise), not computed from a policy.
	Fixed bool `json:"fixed,omitempty"`
	// Rule names the policy rule that set the ladder.
	Rule string `json:"rule,omitempty"`
	// Pauses are when the clock did not count, in order of time. The last has no To while the clock pauses.
	Pauses []Pause `json:"pauses,omitempty"`
	// Waited is for whom the ticket waited while the clock was dropped: should it go on, the rule that then asks for it says
	// which of that was a pause.
	Waited []Waited `json:"waited,omitempty"`
}

// Waited is a stretch of time in which a ticket waited for a party. A zero To = it still does.
type Waited struct {
	For Party `json:"for"`
	Pause
}

// Pause is a stretch of time that a clock does not count, [From, To). A zero To = still paused.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
}

// Running tells whether the clock still counts.
func (d Deadline) Running() bool { return d.Stopped.IsZero() }

// Paused tells whether the clock stands still at present. Due is then when it would have ended without this pause, and
// moves when the clock goes on.
func (d Deadline) Paused() bool {
	return d.Running() && len(d.Pauses) > 0 && d.Pauses[len(d.Pauses)-1].To.IsZero()
}

// Late tells whether the clock was stopped after, or still runs beyond, its due time as of now.
func (d Deadline) Late(now time.Time) bool {
	switch {
	case d.Paused():
		return d.Pauses[len(d.Pauses)-1].From.After(d.Due)
	case d.Running():
		return now.After(d.Due)
	}
	return d.Stopped.After(d.Due)
}

// Ticket is one work order. The zero value is not a ticket; tickets are made by Apply from a CmdCreate.
// Values are immutable by convention: Apply returns a changed copy.
type Ticket struct {
	Schema    int         `json:"schema"`
	ID        TicketID    `json:"id"`
	Workspace WorkspaceID `json:"workspace"`
	Number    Number      `json:"number"`
	// Version grows by one with every change; 0 = not stored yet.
	Version int64 `json:"version"`

	Status   Status   `json:"status"`
	Waiting  Party    `json:"waiting,omitempty"` // set only while Status is waiting
	Type     Type     `json:"type"`
	Severity Severity `json:"severity"`
	Origin   Origin   `json:"origin"`
	Facts    Facts    `json:"facts,omitzero"`
	Tags     []string `json:"tags,omitempty"`
	Private  bool     `json:"private,omitempty"`

	Source    Source   `json:"source"`
	Requester UserID   `json:"requester,omitempty"`
	Assignee  UserID   `json:"assignee,omitempty"`
	Watchers  []UserID `json:"watchers,omitempty"`

	// PlatformCreated is when the marketplace created its ticket; platform clocks start there.
	PlatformCreated time.Time `json:"platform_created,omitzero"`
	// BackOffice is the deadline shown in the seller's back office; it beats any computed one.
	BackOffice time.Time `json:"back_office,omitzero"`
	// StaffDue is the deadline that the platform's staff agreed to; it beats the back office's.
	StaffDue time.Time `json:"staff_due,omitzero"`
	// Promised is when the customer was promised a result; it replaces the computed resolution target.
	Promised time.Time `json:"promised,omitzero"`
	// Wanted is by when the requester asked to have it done; Wish tells whether that counts.
	Wanted    time.Time  `json:"wanted,omitzero"`
	Deadlines []Deadline `json:"deadlines,omitempty"`
	// Revision is that of the policy by which the deadlines were last planned.
	Revision int64 `json:"revision,omitempty"`

	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`
	Touched   time.Time `json:"touched,omitzero"`   // last change by a person
	Spoke     time.Time `json:"spoke,omitzero"`     // last act of the assignee that others see: see Policy.Quiet
	Snoozed   time.Time `json:"snoozed,omitzero"`   // reminders wait until then
	Started   time.Time `json:"started,omitzero"`   // first claim
	Answered  time.Time `json:"answered,omitzero"`  // on the platform, back-datable
	Responded time.Time `json:"responded,omitzero"` // first response to the requester
	Urged     time.Time `json:"urged,omitzero"`     // last urge
	Resolved  time.Time `json:"resolved,omitzero"`
	Closed    time.Time `json:"closed,omitzero"`
	Outcome   string    `json:"outcome,omitempty"`

	// Wake is when something next happens by itself: the earliest mark whose step has not fired of a running clock, the
	// lapse of an acknowledgement, or the housekeeping of a finished ticket. Apply keeps it; zero = never.
	Wake time.Time `json:"wake,omitzero"`

	// Decision keeps how the classifier came to this ticket, for "why?".
	Decision string `json:"decision,omitempty"`

	// Unknown keeps fields written by a newer program, so that an older one does not drop them.
	Unknown map[string]json.RawMessage `json:"-"`
}

// Wish is by when the requester wants it done: the resolution target is never later, unless a promise is. A marketplace's ticket
// goes by the marketplace's times; zero then, and where nothing is wanted.
func (t Ticket) Wish() time.Time {
	if t.Origin.Binding() {
		return time.Time{}
	}
	return t.Wanted
}

// Deadline returns the clock of a kind.
func (t Ticket) Deadline(k ClockKind) (Deadline, bool) {
	for _, d := range t.Deadlines {
		if d.Kind == k {
			return d, true
		}
	}
	return Deadline{}, false
}

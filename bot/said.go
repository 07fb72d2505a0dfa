package bot

import (
	"time"

	"gongdan/tickets"
)

// What names one kind of thing the bot says.
type What string

// What the bot says. Cards and pings are posts; whispers are private and may get lost.
const (
	SayCard       What = "card"       // the ticket's live card, in its thread
	SayReminder   What = "reminder"   // before a deadline; Clock, Due
	SayBreach     What = "breach"     // at and after a deadline; Clock, Due
	SayEscalation What = "escalation" // to the next level, with "on it"; Clock, Due
	SayAcked      What = "acked"      // in the thread and to others already called: who is on it
	SayAssigned   What = "assigned"   // to the new assignee, with the deadlines
	SayUnassigned What = "unassigned" // to the previous assignee; User is the new one
	SayUrged      What = "urged"      // to the assignee: the customer's side asks again
	SayResumed    What = "resumed"    // to the assignee: the awaited party has answered
	SayWelcome    What = "welcome"    // when added to a channel

	SayAsk       What = "ask"       // whisper: make a ticket of this?
	SayDuplicate What = "duplicate" // whisper: this order has a ticket already, added there
	SayDone      What = "done"      // whisper: what a command did; Detail is the command's canonical name
	SayRefused   What = "refused"   // whisper: why a command was refused; Reason, Detail
	SayTyped     What = "typed"     // to whoever sent a form that was refused after all: what they had typed; Detail
	SayReact     What = "react"     // no words: the state as a reaction on the source message
	SayOnIt      What = "on_it"     // no words of its own: pings say who is on their clock. With TS, that was pressed by By on it
)

// Said is the body of an outbox entry: facts, not words. Words are made just before sending, from the ticket as it
// is then.
type Said struct {
	What    What              `json:"w"`
	Channel tickets.ChannelID `json:"ch,omitempty"` // where; "" = direct message to To
	Thread  string            `json:"th,omitempty"`
	To      tickets.UserID    `json:"to,omitempty"` // whom it is for: direct messages and whispers
	Lang    string            `json:"lang,omitempty"`

	By     tickets.UserID    `json:"by,omitempty"` // who caused it
	User   tickets.UserID    `json:"u,omitempty"`  // another person it speaks of
	Clock  tickets.ClockKind `json:"clock,omitempty"`
	Due    time.Time         `json:"due,omitzero"`
	Step   string            `json:"step,omitempty"`
	Reason string            `json:"reason,omitempty"` // stable word
	Detail string            `json:"detail,omitempty"` // what the words need beyond that
	TS     string            `json:"ts,omitempty"`     // the message it is about
	Also   tickets.Number    `json:"also,omitempty"`   // another ticket it speaks of
}

// Scene is what making words needs beside the facts. Lang is zh-CN or en.
type Scene struct {
	Now      time.Time
	Zone     *time.Location
	Lang     string
	Ticket   tickets.Ticket
	Merchant bool                        // only what the merchant may see
	Name     func(tickets.UserID) string // display name; "" when unknown
}

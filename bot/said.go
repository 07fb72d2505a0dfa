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
	SayMoved      What = "moved"      // in the thread: deadlines that were set anew; Moves, Reason, Detail
	SayLapsed     What = "lapsed"     // to User and the assignee: User said "on it", and nothing has come of it since Detail (RFC 3339)
	SayMerged     What = "merged"     // calls that waited for one person or channel, in one message; Parts
	SayWelcome    What = "welcome"    // when added to a channel

	SayAsk       What = "ask"       // whisper: make a ticket of this?
	SayDuplicate What = "duplicate" // whisper: this order has a ticket already, added there
	SayDone      What = "done"      // whisper: what a command did; Detail is the command's canonical name
	SayRefused   What = "refused"   // whisper: why a command was refused; Reason, Detail
	SayAnswer    What = "answer"    // whisper: what was asked by a message; Detail is the typed question
	SaySplit     What = "split"     // in the thread: By made tickets of their own of its other orders; Detail, their numbers
	SayOffer     What = "offer"     // whisper: the step that a remark suggests; Verb, Detail (whom it waits for, what is corrected), User (who gets it)
	SayKnown     What = "known"     // whisper: what the knowledge base says; Detail, Reason (where it stands)
	SayTyped     What = "typed"     // to whoever sent a form that was refused after all: what they had typed; Detail
	SayReact     What = "react"     // no words: the state as a reaction on the source message
	SayTaken     What = "taken"     // no words: a reaction on a message that was added to the ticket; TS
	SayOnIt      What = "on_it"     // no words of its own: pings say who is on their clock. With TS, that was pressed by By on it
	SayAgain     What = "again"     // no words of its own: the merged message TS is drawn as its tickets are now
)

// Said is the body of an outbox entry: facts, not words. Words are made just before sending, from the ticket as it
// is then.
type Said struct {
	What    What              `json:"w"`
	Channel tickets.ChannelID `json:"ch,omitempty"` // where; "" = direct message to To
	Thread  string            `json:"th,omitempty"`
	To      tickets.UserID    `json:"to,omitempty"` // whom it is for: direct messages and whispers
	Lang    string            `json:"lang,omitempty"`

	By    tickets.UserID    `json:"by,omitempty"` // who caused it
	User  tickets.UserID    `json:"u,omitempty"`  // another person it speaks of
	Clock tickets.ClockKind `json:"clock,omitempty"`
	Due   time.Time         `json:"due,omitzero"`
	Step  string            `json:"step,omitempty"`
	// Version is that of the deadline by which the step was called; 0 = it speaks of Due alone, as what stands in the chat does.
	Version int            `json:"v,omitempty"`
	Moved   bool           `json:"moved,omitempty"`  // the step was moved before the end of the shift
	More    []Mark         `json:"more,omitempty"`   // what another clock has to say at the same time
	Reason  string         `json:"reason,omitempty"` // stable word
	Detail  string         `json:"detail,omitempty"` // what the words need beyond that
	Verb    string         `json:"verb,omitempty"`   // the command that was refused, for its example
	Moves   []Move         `json:"moves,omitempty"`
	Rules   *RulesNews     `json:"rules,omitempty"`
	Model   *ModelNews     `json:"model,omitempty"`
	TS      string         `json:"ts,omitempty"`   // the message it is about
	Also    tickets.Number `json:"also,omitempty"` // another ticket it speaks of

	Planned time.Time `json:"planned,omitzero"` // of a call: when it should have come; zero = now
	Apart   bool      `json:"apart,omitempty"`  // of a call: it is not said together with others
	Parts   []Part    `json:"parts,omitempty"`  // the calls for which it stands, the most pressing first
	Rest    int       `json:"rest,omitempty"`   // tickets it stands for beside those of Parts
}

// Mark is one step of one clock of which a ping tells.
type Mark struct {
	Clock   tickets.ClockKind `json:"clock"`
	Due     time.Time         `json:"due,omitzero"`
	Step    string            `json:"step,omitempty"`
	Version int               `json:"v,omitempty"`    // see Said
	Late    bool              `json:"late,omitempty"` // at or after the deadline rather than before it
	Moved   bool              `json:"moved,omitempty"`
}

// marks are all steps of which a ping tells, its own first.
func (s Said) marks() []Mark {
	own := Mark{Clock: s.Clock, Due: s.Due, Step: s.Step, Version: s.Version, Late: s.What != SayReminder, Moved: s.Moved}
	return append([]Mark{own}, s.More...)
}

// stale tells why a step is no longer true; "" if it is.
func (m Mark) stale(t tickets.Ticket, now time.Time) string {
	d, ok := t.Deadline(m.Clock)
	switch {
	case !ok || !d.Running():
		return "stopped"
	case !m.stands(d, now):
		return "moved"
	case d.AckedBy != "":
		return unsaidFollowed
	case !m.Late && !now.Before(d.Due):
		return unsaidPassed
	}
	return ""
}

// stands tells whether a mark is true of a deadline as it is now: it was called by this version of it, or by an earlier one and is used
// up by this one too. A word about a silence has no step; it stands while the deadline is past.
func (m Mark) stands(d tickets.Deadline, now time.Time) bool {
	switch {
	case m.Version > 0:
		return d.Said(m.Step) == m.Version
	case m.Step == "" && !m.Due.After(now) && !d.Due.After(now):
		return true
	}
	return d.Due.Equal(m.Due)
}

// Scene is what making words needs beside the facts. Lang is zh-CN or en.
type Scene struct {
	Now      time.Time
	Zone     *time.Location
	Lang     string
	Ticket   tickets.Ticket
	Merchant bool                        // only what the merchant may see
	Name     func(tickets.UserID) string // display name; "" when unknown
	// Consequence is what the ticket's rule says that a missed platform deadline may cost.
	Consequence tickets.Consequence
	// Types are those of the rules; none = those that ship with the product.
	Types []tickets.TypeInfo
}

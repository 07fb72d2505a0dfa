package tickets

import (
	"encoding/json"
	"time"
)

// CauseKind says where a cause is kept until it has taken effect.
type CauseKind string

// Kinds of cause.
const (
	CauseInbox  CauseKind = "inbox"  // an entry of the shard's inbox: present = not applied; the commit removes it
	CauseOutbox CauseKind = "outbox" // an entry of the shard's outbox: present = not said; the commit removes it
	CauseWake   CauseKind = "wake"   // a due subject: what has fired is recorded on the subject's own document
	CauseNone   CauseKind = ""       // upkeep by the owner; versions alone protect it
)

// Cause is what a change consumes.
type Cause struct {
	Kind CauseKind
	// Entry is the id of the inbox or outbox entry within its shard.
	Entry string
	// Also are further entries of the outbox that are consumed with it, all or none; only with CauseOutbox.
	Also []string
	ID   CauseID
}

// Change is everything that one cause leads to, written in one atomic step or not at all.
type Change struct {
	Workspace WorkspaceID
	Epoch     int64 // of the owner's lease; a commit under an old epoch is refused with ErrStaleLease
	Cause     Cause
	Tickets   []TicketWrite // at most MaxWrites together with Docs
	Docs      []DocWrite
	Seen      []Seen
	Wakes     []Wake // of subjects that are not tickets; a ticket's own wake follows from the ticket
	Outbox    []Outgoing
	Feed      []FeedEntry
}

// Join makes one change of several, so that they cost one commit: all of it is written, or none. They are of one workspace
// and one epoch, and none consumes an entry: what has fired is recorded on the documents that they write. The first names
// the whole. list is not empty.
func Join(list []Change) Change {
	all := Change{Workspace: list[0].Workspace, Epoch: list[0].Epoch, Cause: list[0].Cause}
	for _, c := range list {
		all.Tickets = append(all.Tickets, c.Tickets...)
		all.Docs = append(all.Docs, c.Docs...)
		all.Seen = append(all.Seen, c.Seen...)
		all.Wakes = append(all.Wakes, c.Wakes...)
		all.Outbox = append(all.Outbox, c.Outbox...)
		all.Feed = append(all.Feed, c.Feed...)
	}
	return all
}

// MaxWrites is the largest number of documents in one change.
const MaxWrites = 100

// TicketWrite replaces a ticket. Before is nil for a new one; otherwise Before.Version is expected.
// The store derives indexes and the wake from both; Events are appended to the timeline.
type TicketWrite struct {
	Before *Ticket
	After  Ticket
	Events []Event
}

// Doc is a stored document other than a ticket: settings, the announcer's records, channel watermarks.
type Doc struct {
	Key     string // unique within its workspace, such as "announce/<ticket>", "channel/<id>"
	Version int64
	Body    json.RawMessage
}

// DocWrite replaces a document if its stored version is Expect (0 = it must not exist). Delete removes it.
type DocWrite struct {
	Key    string
	Expect int64
	Body   json.RawMessage
	Delete bool
}

// Seen records what became of a message, for seven days.
type Seen struct {
	Channel  ChannelID `json:"-"`
	TS       string    `json:"-"`
	Decision string    `json:"d,omitempty"` // one stable word; the conversation's own, such as act, ask, ignore, note
	Ticket   TicketID  `json:"t,omitempty"`
	Thread   string    `json:"r,omitempty"`
	Author   UserID    `json:"a,omitempty"`
	Why      string    `json:"w,omitempty"` // the classifier's reason in stable words
	Edited   time.Time `json:"e,omitzero"`  // of the latest edit that is known; zero if none is
	Words    string    `json:"x,omitempty"` // a digest of the latest words; the conversation's own
	// Listed says that the message stands in the conversation's list of possible misses.
	Listed bool `json:"l,omitempty"`
	// Draft is the ticket that would be made of the message if somebody asks for it; the conversation's own form.
	Draft json.RawMessage `json:"draft,omitempty"`
}

// SeenFor is how long a Seen record is kept.
const SeenFor = 7 * 24 * time.Hour

// Subject is what a wake belongs to: "ticket:<workspace>/<id>", or what the conversation names in the same form.
type Subject string

// TicketSubject is the subject of a ticket's wakes.
func TicketSubject(ws WorkspaceID, id TicketID) Subject {
	return Subject("ticket:" + string(ws) + "/" + string(id))
}

// Wake is the next time something happens to a subject; zero Due = never.
type Wake struct {
	Subject Subject
	Due     time.Time
}

// Class orders what is to be said: lower goes first within a ticket and a channel.
type Class int

// Classes.
const (
	ClassEscalation Class = iota
	ClassReminder
	ClassReply
	ClassCard
)

// Outgoing is one thing that must be said. ID is the cause and a running number, so that a repeated
// cause makes the same id; it travels in the message's metadata. Body is the conversation's own form.
type Outgoing struct {
	// Entry is set by the store when read: the entry's id within its shard.
	Entry     string          `json:"-"`
	ID        string          `json:"id"`
	Workspace WorkspaceID     `json:"ws"`
	Ticket    TicketID        `json:"t,omitempty"`
	Class     Class           `json:"c"`
	Lane      string          `json:"l"` // the conversation it goes to: a channel id, or "dm:<user>"
	At        time.Time       `json:"at"`
	Body      json.RawMessage `json:"b"`
}

// FeedEntry is one line for reports and webhooks.
type FeedEntry struct {
	Ticket TicketID
	Body   json.RawMessage
}

// Committed is what a commit did.
type Committed struct {
	// Next is the earliest due wake of the shard after the commit; zero if none.
	Next time.Time
}

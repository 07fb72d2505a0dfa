package tickets

import "time"

// EventKind says what changed.
type EventKind string

// Events. Each explains one change; a command may lead to several.
const (
	EvCreated   EventKind = "created"
	EvAssigned  EventKind = "assigned" // From, To: previous and new assignee
	EvStarted   EventKind = "started"
	EvNoted     EventKind = "noted"
	EvAttached  EventKind = "attached"
	EvResponded EventKind = "responded" // Clock: the team's answer stopped the first or next response
	EvAnswered  EventKind = "answered"  // on the platform, at At
	EvWaiting   EventKind = "waiting"   // To: party
	EvResumed   EventKind = "resumed"
	EvResolved  EventKind = "resolved"
	EvClosed    EventKind = "closed"
	EvReopened  EventKind = "reopened"
	EvSentBack  EventKind = "sent_back"
	EvCompleted EventKind = "completed"
	EvCancelled EventKind = "cancelled"
	EvDiscarded EventKind = "discarded"
	EvUrged     EventKind = "urged"
	EvAcked     EventKind = "acked"   // Clock
	EvAmended   EventKind = "amended" // To: names of what was filled, separated by commas
	EvEdited    EventKind = "edited"
	EvDeleted   EventKind = "deleted"
	EvPosted    EventKind = "posted"
	EvReminded  EventKind = "reminded"  // Clock, Step
	EvBreached  EventKind = "breached"  // Clock, Step
	EvEscalated EventKind = "escalated" // Clock, Step, Level
	EvSkipped   EventKind = "skipped"   // Clock, Step: passed by while a later step fired at once; Reason: see Skipped…
	EvMoved     EventKind = "moved"     // Clock, From, To: a deadline was set anew (RFC 3339; "" = it began, it is gone); no Clock: only the next wake was
	EvRestarted EventKind = "restarted" // Clock, Due: the next response or update is due anew, as somebody spoke
	EvUnsaid    EventKind = "unsaid"    // Clock, Reason: what was not said, and why
	EvArchived  EventKind = "archived"
	EvSeverity  EventKind = "severity"  // From, To
	EvType      EventKind = "type"      // From, To
	EvOrigin    EventKind = "origin"    // From, To
	EvDue       EventKind = "due"       // Due: the platform deadline that was given; To: the DueFrom
	EvPromised  EventKind = "promised"  // Due: what the customer was promised
	EvCorrected EventKind = "corrected" // Clock; At: when the platform was really answered; From, To: before and now (RFC 3339; From "" = never)
	EvSnoozed   EventKind = "snoozed"   // Due: no reminders before
	EvTagged    EventKind = "tagged"    // From: tags removed, To: tags added, separated by commas
	EvSplit     EventKind = "split"     // To: orders that left for tickets of their own, separated by commas
	EvLapsed    EventKind = "lapsed"    // Clock, Due, From: who had said "on it" and then did nothing
	EvReplanned EventKind = "replanned" // To: the policy's revision
)

// Why a step was left out, as the Reason of its EvSkipped.
const (
	SkippedQuiet = "quiet" // a reminder, as the assignee was answering
	SkippedLevel = "level" // a call, as that level or a higher one has been called and still has its time to answer
)

// Event is one entry of a ticket's timeline.
type Event struct {
	Kind EventKind `json:"kind"`
	// At is when it happened (back-dated answers: when they really happened); Recorded when it was written,
	// zero if the same.
	At       time.Time `json:"at"`
	Recorded time.Time `json:"recorded,omitzero"`
	// Version is the ticket's version after the change that this event explains.
	Version int64     `json:"version"`
	Cause   CauseID   `json:"cause,omitempty"`
	By      UserID    `json:"by,omitempty"`
	From    string    `json:"from,omitempty"`
	To      string    `json:"to,omitempty"`
	Clock   ClockKind `json:"clock,omitempty"`
	Step    string    `json:"step,omitempty"`
	Level   int       `json:"level,omitempty"`
	Due     time.Time `json:"due,omitzero"` // the deadline that a step belongs to
	// Moved says that a step came before its time because nobody would be there at it (下班前必须处理).
	Moved   bool    `json:"moved,omitempty"`
	Percent int     `json:"percent,omitempty"` // of the clock's duration, for a step that is set so
	Reason  string  `json:"reason,omitempty"`
	Message Message `json:"message,omitzero"`
}

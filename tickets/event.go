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
	EvResponded EventKind = "responded" // the first-response clock stopped
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
	EvSkipped   EventKind = "skipped"   // Clock, Step: passed by while a later step fired at once
	EvMoved     EventKind = "moved"     // Clock, From, To: a deadline was set anew (RFC 3339); no Clock: only the next wake was
	EvUnsaid    EventKind = "unsaid"    // Clock, Reason: what was not said, and why
	EvArchived  EventKind = "archived"
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
	Reason  string    `json:"reason,omitempty"`
	Message Message   `json:"message,omitzero"`
}

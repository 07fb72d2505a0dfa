package tickets

import (
	"context"
	"time"
)

// Committer is the only writer.
type Committer interface {
	// Commit writes the whole change or nothing. It returns ErrApplied if the cause has taken effect
	// before (nothing is written), ErrConflict if a document or number changed meanwhile, ErrStaleLease
	// under an old epoch, ErrInvalid for a malformed change, and ErrTemporary for anything that a later try may cure.
	// Repeating a commit whose answer was lost is safe. A source message that already has another ticket is ErrConflict.
	Commit(ctx context.Context, c Change) (Committed, error)
}

// Preparer does ahead of time what a commit needs no store for.
type Preparer interface {
	// Prepare returns what commits a change, as [Committer] does, once or several times. ErrInvalid for a malformed change.
	Prepare(c Change) (func(context.Context) (Committed, error), error)
}

// Reader finds tickets. A ticket that does not exist is ErrNotFound.
type Reader interface {
	Ticket(ctx context.Context, ws WorkspaceID, id TicketID) (Ticket, error)
	// Find returns the ids behind an exact key, newest first, at most 20.
	Find(ctx context.Context, ws WorkspaceID, k Key) ([]TicketID, error)
	// List walks one index and filters the rest.
	List(ctx context.Context, ws WorkspaceID, q Query) (Page, error)
	// Timeline returns a ticket's events in the order they were written; from 0.
	Timeline(ctx context.Context, ws WorkspaceID, id TicketID) ([]Event, error)
}

// Gatherer reads several tickets in one step.
type Gatherer interface {
	// Tickets returns those of the ids that exist and can be read; why another cannot, Reader.Ticket tells.
	Tickets(ctx context.Context, ws WorkspaceID, ids []TicketID) (map[TicketID]Ticket, error)
}

// Records reads documents, message records and the number to propose next.
type Records interface {
	// Doc returns a document; ErrNotFound if there is none.
	Doc(ctx context.Context, ws WorkspaceID, key string) (Doc, error)
	Seen(ctx context.Context, ws WorkspaceID, ch ChannelID, ts string) (Seen, bool, error)
	// NextNumber is the number that the next created ticket must carry.
	NextNumber(ctx context.Context, ws WorkspaceID) (Number, error)
}

// Wakes reads what is due.
type Wakes interface {
	// Due returns at most n wakes due at or before now, earliest first, and the time of the earliest later one (zero if none).
	Due(ctx context.Context, s Shard, now time.Time, n int) (due []Wake, next time.Time, err error)
}

// Outbox reads what must be said.
type Outbox interface {
	// Pending returns at most n entries after the entry id (from the start: ""), in the order they were written.
	Pending(ctx context.Context, s Shard, after string, n int) ([]Outgoing, error)
}

// Auditor finds what should not be.
type Auditor interface {
	// Check looks at every ticket of a workspace and reports where documents, indexes, wakes, timeline and outbox disagree.
	Check(ctx context.Context, ws WorkspaceID) ([]Torn, error)
}

// Torn is one disagreement.
type Torn struct {
	Ticket TicketID
	What   string // stable word: index_missing, index_stray, wake_wrong, timeline_gap, outbox_orphan, document_bad, number_twice
	Detail string // for the operator; holds no message text
}

// Store is all of it.
type Store interface {
	Committer
	Preparer
	Reader
	Gatherer
	Records
	Wakes
	Outbox
	Auditor
}

// KeyKind names an exact-match index.
type KeyKind string

// Exact keys.
const (
	KeyNumber     KeyKind = "number"
	KeyOrder      KeyKind = "order"
	KeyAfterSale  KeyKind = "aftersale"
	KeyWaybill    KeyKind = "waybill"
	KeyPlatformNo KeyKind = "platform_no"
	KeySource     KeyKind = "source" // channel + "/" + ts; unique
	KeyThread     KeyKind = "thread" // channel + "/" + thread; unique
)

// Key is one exact key.
type Key struct {
	Kind  KeyKind
	Value string
}

// ListBy names the index that a list walks.
type ListBy string

// Indexes of lists.
const (
	ByCreated   ListBy = "created"  // Value unused; all tickets by creation
	ByAssignee  ListBy = "assignee" // open tickets of a person, by next deadline
	ByStatus    ListBy = "status"   // by last change
	ByDue       ListBy = "due"      // open tickets by next deadline; Value unused
	ByShop      ListBy = "shop"
	ByRequester ListBy = "requester"
)

// Query walks one index from Cursor and keeps what Keep accepts.
type Query struct {
	By     ListBy
	Value  string
	Desc   bool
	Cursor string            // from the previous page; "" = start
	Limit  int               // tickets wanted, default 20
	Keep   func(Ticket) bool // nil = all
}

// Page is a part of a list. At most 500 candidates are looked at; Cursor continues ("" = that was all).
type Page struct {
	Tickets []Ticket
	Cursor  string
}

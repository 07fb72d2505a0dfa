package tickets

import "time"

// CommandKind is an act on a ticket.
type CommandKind string

// Commands.
const (
	CmdCreate   CommandKind = "create"
	CmdAssign   CommandKind = "assign"  // to Assignee (分派, 改派, 转交)
	CmdClaim    CommandKind = "claim"   // take it and start (领取)
	CmdNote     CommandKind = "note"    // a remark, a reply in the thread
	CmdAttach   CommandKind = "attach"  // files as evidence
	CmdAnswer   CommandKind = "answer"  // answered on the platform (已回复平台), at At or now
	CmdWait     CommandKind = "wait"    // for Party
	CmdResume   CommandKind = "resume"  // waiting is over
	CmdResolve  CommandKind = "resolve" // 完结
	CmdClose    CommandKind = "close"   // confirmed by the requester, or by housekeeping
	CmdReopen   CommandKind = "reopen"
	CmdSendBack CommandKind = "sendback" // 打回: needs information
	CmdComplete CommandKind = "complete" // what was missing has been supplied
	CmdCancel   CommandKind = "cancel"   // 撤单, supervisors only
	CmdDiscard  CommandKind = "discard"  // not a ticket at all (不是工单): undoes a false ticket
	CmdUrge     CommandKind = "urge"     // 催单
	CmdAck      CommandKind = "ack"      // 我来跟进: somebody is on it; Clock says which
	CmdAmend    CommandKind = "amend"    // fill empty facts from further messages or a late model answer
	CmdEdited   CommandKind = "edited"   // the source or a thread message was edited
	CmdDeleted  CommandKind = "deleted"  // the source or a thread message was deleted
	CmdPosted   CommandKind = "posted"   // the card is up: Thread becomes known (tickets made by command)
	CmdUnsaid   CommandKind = "unsaid"   // something queued was no longer true and was not said; Reason: what and why
	CmdWake     CommandKind = "wake"     // a due step: by the clock, never by a person
)

// Role is what a person may do.
type Role string

// Roles, from least to most. RoleNone is everybody unknown: people of other organisations, guests without a shop.
const (
	RoleNone       Role = "none"
	RoleMerchant   Role = "merchant"
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleAdmin      Role = "admin"
	RoleClock      Role = "clock" // timers and housekeeping
)

// Machine tells whether no person acts: the clock, or a late answer of the classifier.
func (a Actor) Machine() bool { return a.Role == RoleClock }

// Actor is who acts. Shops limits a merchant to the tickets of those shops.
type Actor struct {
	ID    UserID
	Role  Role
	Shops []string
}

// Message is a message that leads to a command, as kept in the timeline.
type Message struct {
	Channel ChannelID `json:"channel,omitempty"`
	TS      string    `json:"ts,omitempty"`
	Text    string    `json:"text,omitempty"` // shortened to MaxText; hostile
	Files   []File    `json:"files,omitempty"`
}

// File is the metadata of a piece of evidence; the bytes stay where they are.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Mime string `json:"mime,omitempty"`
	Size int64  `json:"size,omitempty"`
	Link string `json:"link,omitempty"`
}

// Draft is the wanted content of a new ticket.
type Draft struct {
	Workspace WorkspaceID
	ID        TicketID // from TicketIDFor
	Number    Number   // proposed by the shard's owner, checked by the store
	Type      Type
	Severity  Severity
	Origin    Origin
	Facts     Facts
	Private   bool
	Source    Source
	Requester UserID
	Assignee  UserID // named in the message; "" = nobody yet
	Watchers  []UserID
	// PlatformCreated and BackOffice bind the platform clock (origin platform or provider only).
	PlatformCreated time.Time
	BackOffice      time.Time
	Decision        string
}

// Command is one wanted change. Fields beyond Kind, Cause and Actor belong to the kinds that name them.
type Command struct {
	Kind  CommandKind
	Cause CauseID
	Actor Actor

	Draft    *Draft    // create
	Assignee UserID    // assign
	Party    Party     // wait
	At       time.Time // answer: when it really happened; zero = now
	Message  Message   // note, attach, edited, deleted, and the words that led to any other act
	Reason   string    // cancel, discard, sendback, reopen, resolve: outcome or why; hostile text
	Facts    Facts     // amend, note, attach: only empty facts are filled, orders are added
	Type     Type      // amend: "" = keep
	// Origin, PlatformCreated and BackOffice attach afterwards what binds the platform clock (amend);
	// zero = keep.
	Origin          Origin
	PlatformCreated time.Time
	BackOffice      time.Time
	Clock           ClockKind // ack: which clock; "" = every clock that has fired
	Thread          string    // posted
}

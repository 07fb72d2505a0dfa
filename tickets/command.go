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

	CmdSeverity CommandKind = "severity" // to Severity
	CmdType     CommandKind = "type"     // to Type
	CmdOrigin   CommandKind = "origin"   // to Origin, with PlatformCreated and BackOffice where given
	CmdDue      CommandKind = "due"      // the platform deadline is At, as DueFrom says
	CmdPromise  CommandKind = "promise"  // the customer was promised a result by At: the resolution target, no other clock
	CmdCorrect  CommandKind = "correct"  // 更正超时记录: the platform was really answered at At; supervisors only, with a Reason
	CmdSnooze   CommandKind = "snooze"   // no reminders of this ticket before At
	CmdTag      CommandKind = "tag"      // Tags, Untags
	CmdSplit    CommandKind = "split"    // the orders of Facts leave for tickets of their own; one order stays
	CmdReplan   CommandKind = "replan"   // by the clock: the policy has a new revision
)

// DueFrom is who gave a platform deadline.
type DueFrom string

// Who gives platform deadlines. Of both the one entered last counts.
const (
	DueBackOffice DueFrom = "back_office" // the seller's back office shows it
	DueStaff      DueFrom = "staff"       // the platform's staff agreed to it: at least MinStaffDue after the clock's start
)

// MinStaffDue is the shortest time that the platform's staff set (DOMAIN section 5, doudian_request).
const MinStaffDue = 2 * time.Hour

// MaxSnooze is how long reminders can be put off at once, so that no ticket is forgotten for good.
const MaxSnooze = 7 * 24 * time.Hour

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
	// Promised and Wanted are the team's own: what the customer was promised, and by when the requester wants it (origin internal).
	Promised time.Time
	Wanted   time.Time
	Decision string
}

// Command is one wanted change. Fields beyond Kind, Cause and Actor belong to the kinds that name them.
type Command struct {
	Kind  CommandKind
	Cause CauseID
	Actor Actor

	Draft    *Draft    // create
	Assignee UserID    // assign
	Party    Party     // wait
	At       time.Time // answer, correct: when it really happened (answer: zero = now); due, promise, snooze: until when
	DueFrom  DueFrom   // due
	Severity Severity  // severity
	Tags     []string  // tag: to add
	Untags   []string  // tag: to remove
	Heard    Party     // note, attach by staff: who has answered or asks again, as the words say (买家又问); "" = nobody
	Asks     bool      // note, attach by staff: the words only ask how it goes (有进展吗), which answers nobody
	Message  Message   // note, attach, edited, deleted, and the words that led to any other act
	Reason   string    // cancel, discard, sendback, reopen, resolve, correct: outcome or why; hostile text
	Facts    Facts     // amend, note, attach, edited: only empty facts are filled, orders are added
	Type     Type      // type; amend: "" = keep
	// Was is what was said before (edited; amend by a person): a number that is still that one becomes the one of Facts. Its
	// orders stand one for one with those of Facts.
	Was Facts
	// Origin, PlatformCreated and BackOffice attach afterwards what binds the platform clock (amend, origin, and for a
	// marketplace's ticket note and edited, where note fills only what is empty); zero = keep.
	Origin          Origin
	PlatformCreated time.Time
	BackOffice      time.Time
	Clock           ClockKind // ack: which clock; "" = every clock that has fired
	Thread          string    // posted
	Calls           []Call    // unsaid: the steps that it called
}

// Call is a step of a clock as a version of its deadline called it.
type Call struct {
	Clock   ClockKind
	Step    string
	Version int
}

package bot

import (
	"context"
	"encoding/json"
	"time"

	"gongdan/tickets"
)

// EnvelopeKind says what kind of thing was delivered.
type EnvelopeKind string

// Kinds of envelope. The last three come from callers other than the chat.
const (
	KindMessage  EnvelopeKind = "message" // a message, an edit, a deletion
	KindEvent    EnvelopeKind = "event"   // reactions, joins and everything else that happens
	KindAction   EnvelopeKind = "action"  // a button or a choice
	KindCommand  EnvelopeKind = "command" // a slash command
	KindShortcut EnvelopeKind = "shortcut"
	KindForm     EnvelopeKind = "form" // a submitted form
	KindUnknown  EnvelopeKind = "unknown"
	KindAdmin    EnvelopeKind = "admin"
	KindAPI      EnvelopeKind = "api"
	KindThought  EnvelopeKind = "thought" // what a model said too late
)

// Envelope is one delivery, kept as it came until it has taken effect.
type Envelope struct {
	// Entry is the inbox' id of the envelope within its shard; set by the inbox.
	Entry     string
	Kind      EnvelopeKind
	Workspace tickets.WorkspaceID
	// Key tells repeats: deliveries with the same key within a day are one. It begins with the workspace.
	Key      string
	Raw      json.RawMessage
	Received time.Time
	Retry    int // which redelivery this is, by the sender's count
}

// Cause names the envelope as the cause of changes; equal for all its deliveries.
func (e Envelope) Cause() tickets.CauseID { return tickets.CauseID("in:" + e.Key) }

// Intake keeps envelopes. An envelope is acknowledged only after Append has returned without error.
type Intake interface {
	// Append stores the envelope unless one with its key came within a day. Errors are ErrTemporary.
	Append(ctx context.Context, e Envelope) (dup bool, err error)
}

// Decoder turns a payload into an Input. A payload that cannot be read gives an Input with nothing set, never an error:
// it was acknowledged, and there is nobody to tell.
type Decoder interface {
	Decode(e Envelope) Input
}

// Input is one thing that happened, in the conversation's own terms. At most one of the pointers is set.
type Input struct {
	Message  *Message
	Edit     *Edit
	Delete   *Delete
	Reaction *Reaction
	Click    *Click
	Command  *SlashCommand
	Joined   *Joined
	Form     *Submission
	Opened   *Opened
	Thought  *Thought
}

// Message is something said. Text is plain text as a person would read it: chat markup is undone, a mention
// stands as "@" and the user's id. It is hostile.
type Message struct {
	Channel  tickets.ChannelID
	TS       string // id within the channel; sorts by time
	Thread   string // root of the thread, "" at top level
	Author   tickets.UserID
	Text     string
	Mentions []tickets.UserID // people mentioned, the bot excepted
	ToBot    bool             // the bot itself was mentioned, or this is a direct message to it
	Direct   bool             // in a direct message with the bot
	// Quotes are what others said, as far as Text holds it forwarded or quoted: nobody orders anything by it. Where there are
	// any, Words are what else Text holds, the author's own.
	Quotes, Words string
	Files         []tickets.File
	Own           bool // said by this bot
	Bot           bool // said by any bot
	BotID         string
	BotName       string // under which a bot said it; hostile, as any app may call itself anything
	System        bool   // joins, topic changes and the like: nobody said it
	Sent          time.Time
	Edited        time.Time // when Text was last changed; zero if never
}

// ownWords are those by which the author may order something.
func (m Message) ownWords() string {
	if m.Quotes != "" {
		return m.Words
	}
	return m.Text
}

// Edit is a changed message: Message holds the new content, Editor who did it, At when.
type Edit struct {
	Message Message
	Old     string // previous text, if known
	At      time.Time
}

// Delete is a removed message.
type Delete struct {
	Channel tickets.ChannelID
	TS      string
	Thread  string
	Author  tickets.UserID // of the removed message, if known
	At      time.Time
}

// Reaction is an emoji put on or taken from a message.
type Reaction struct {
	Channel tickets.ChannelID
	TS      string
	User    tickets.UserID
	Emoji   string
	Removed bool
}

// Click is a pressed button or a made choice.
type Click struct {
	Channel  tickets.ChannelID // "" = the home page, or another that is in no conversation
	Direct   bool              // in a direct message with the bot
	TS       string            // the message that carries the element; "" if it is ephemeral
	Thread   string
	User     tickets.UserID
	Action   string // id of the element, as given in Action.ID
	Value    string // of a button, as given in Action.Value
	Selected string // of a choice
	Trigger  string // proves that a person acted just now; opens forms
	Respond  string // address for a private answer, 30 minutes
	// Said is the message on which a shortcut was used; nil for presses.
	Said *Message
}

// SlashCommand is a typed command.
type SlashCommand struct {
	Channel tickets.ChannelID
	User    tickets.UserID
	Name    string // "/ticket"
	Text    string
	// Mentions are the people mentioned in Text.
	Mentions []tickets.UserID
	Trigger  string
	Respond  string
	Sent     time.Time
}

// Joined says that the bot itself was added to a channel.
type Joined struct {
	Channel tickets.ChannelID
	By      tickets.UserID
	At      time.Time
}

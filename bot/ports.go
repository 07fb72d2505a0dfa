package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongdan/tickets"
)

// ErrGone is returned by a Messenger when the place to say something no longer exists or is closed to the bot
// (deleted channel or message, bot removed, person deactivated). Trying again is useless.
var ErrGone = errors.New("place is gone")

// RateLimited is returned by a Messenger that must wait before the same kind of call.
type RateLimited struct{ After time.Duration }

// Error says how long to wait.
func (r *RateLimited) Error() string { return fmt.Sprintf("rate limited for %s", r.After) }

// Ref is the place of a message.
type Ref struct {
	Channel tickets.ChannelID `json:"c"`
	TS      string            `json:"ts"`
}

// Post is a message to be said. ID travels with it unseen, so that it can be found again.
type Post struct {
	ID      string
	Channel tickets.ChannelID
	Thread  string // "" = top level
	View    View
}

// Messenger says things. Errors: RateLimited, ErrGone, tickets.ErrTemporary (whether it was said is unknown
// after a time-out), else permanent.
type Messenger interface {
	Post(ctx context.Context, ws tickets.WorkspaceID, p Post) (Ref, error)
	Update(ctx context.Context, ws tickets.WorkspaceID, r Ref, v View) error
	// Find looks for a message with this ID said at or after since, in the thread if given, else at top level.
	Find(ctx context.Context, ws tickets.WorkspaceID, p Post, since time.Time) (Ref, bool, error)
	// Direct opens the conversation with one person.
	Direct(ctx context.Context, ws tickets.WorkspaceID, u tickets.UserID) (tickets.ChannelID, error)
}

// Whisperer says things that only one person sees and that may get lost: nothing important goes there alone.
type Whisperer interface {
	Whisper(ctx context.Context, ws tickets.WorkspaceID, p Post, u tickets.UserID) error
	// React shows a state as one reaction of the bot on a message: add, then take away what it showed before ("" = none).
	React(ctx context.Context, ws tickets.WorkspaceID, r Ref, add, remove string) error
}

// Person is what the chat knows of somebody.
type Person struct {
	ID      tickets.UserID
	Name    string // as shown to colleagues; hostile
	Lang    string // zh-CN or en
	Admin   bool   // administers the workspace
	Guest   bool   // restricted to some channels
	Foreign bool   // of another organisation
	Bot     bool
	Deleted bool
}

// Channel is what the chat knows of a conversation.
type Channel struct {
	ID      tickets.ChannelID
	Name    string // hostile
	Direct  bool
	Private bool   // only its members read it
	Foreign bool   // shared with other organisations, or with guests in it
	Member  bool   // the bot is in it
	Lang    string // "" = unknown
}

// Directory knows people and channels, from a cache; a miss costs one call of at most two seconds. RateLimited and
// tickets.ErrTemporary mean that nothing is known: what would change something waits, and what is shown is the least. After any
// other error people and channels count as strange.
type Directory interface {
	Person(ctx context.Context, ws tickets.WorkspaceID, id tickets.UserID) (Person, error)
	Channel(ctx context.Context, ws tickets.WorkspaceID, id tickets.ChannelID) (Channel, error)
	// Member tells whether somebody is in a channel.
	Member(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, id tickets.UserID) (bool, error)
	// Admin is the workspace's first administrator by id, who gets escalations until somebody is configured.
	Admin(ctx context.Context, ws tickets.WorkspaceID) (tickets.UserID, error)
}

package bot

import (
	"context"

	"gongdan/tickets"
)

// Past reads what was said while nobody listened. It makes the envelopes that would have been delivered, with their keys, so that
// what was heard after all is a repeat. Errors are those of a Messenger; RateLimited says when to go on.
type Past interface {
	// Channels are the channels in which the bot listens.
	Channels(ctx context.Context, ws tickets.WorkspaceID) ([]tickets.ChannelID, error)
	// Said returns at most one page of what was said at top level in a channel after a message id, oldest first, together with
	// the last edit of each; next is the id to go on from, "" when that was all.
	Said(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, after string) (list []Envelope, next string, err error)
	// Replies does the same for one thread.
	Replies(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, root, after string) (list []Envelope, next string, err error)
}

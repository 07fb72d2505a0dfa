package slackapi

import (
	"context"
	"fmt"
	"net/url"

	"gongdan/tickets"
)

// membership is who is in a channel: all of them, or the first 5,000.
type membership struct {
	ids   map[string]bool
	whole bool
}

// Member tells whether somebody is in a channel. That nobody of the id is among the first 5,000 is an error in a larger one.
func (d *Directory) Member(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, id tickets.UserID) (bool, error) {
	all, err := d.members.get(ctx, cacheKey(ws, string(ch)), func(ctx context.Context) (membership, error) {
		return d.membersOf(ctx, ws, ch)
	})
	if err == nil && !all.whole && !all.ids[string(id)] {
		err = fmt.Errorf("too many members: %w", tickets.ErrTemporary)
	}
	if err != nil {
		return false, fmt.Errorf("look up whether %s is in %s: %w", id, ch, err)
	}
	return all.ids[string(id)], nil
}

func (d *Directory) membersOf(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID) (membership, error) {
	inst, err := d.installs.Get(ctx, ws)
	if err != nil {
		return membership{}, err
	}
	found := membership{ids: map[string]bool{}}
	found.whole, err = d.pages(ctx, inst, "conversations.members", url.Values{"channel": {string(ch)}}, memberPages, func(p page) bool {
		for _, m := range p.Members {
			found.ids[m.full.ID] = true
		}
		return true
	})
	return found, err
}

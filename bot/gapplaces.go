package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
)

// channels asks once where the bot listens: each channel from the gap's beginning, but never from before it began to
// listen there. Where it has never listened, there is nothing to find.
func (r *gapReader) channels(ctx context.Context) error {
	if r.open.channels != nil {
		return nil
	}
	var ids []tickets.ChannelID
	err := r.politely(ctx, func() (err error) {
		ids, err = r.Past.Channels(ctx, r.ws)
		return err
	})
	if err != nil {
		return fmt.Errorf("channels of %s: %w", r.ws, err)
	}
	out := []place{}
	for _, id := range ids {
		since, listens, err := r.listensSince(ctx, id)
		if err != nil {
			return err
		}
		if listens {
			out = append(out, place{gapSpot: gapSpot{channel: id}, after: max(messageID(r.open.since), since)})
		}
	}
	r.open.channels = out
	return nil
}

// listensSince is the watermark of a channel.
func (r *gapReader) listensSince(ctx context.Context, id tickets.ChannelID) (since string, listens bool, err error) {
	w, version, err := watermarkOf(ctx, r.Store, r.ws, id)
	return w.Since, version > 0, err
}

// messageID is the id that a message said at t would have.
func messageID(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// threads are those of open tickets that have not been read yet, whole as far as messages are remembered: an old reply
// may have been edited in the gap.
func (r *gapReader) threads(ctx context.Context) ([]place, error) {
	var out []place
	taken := map[gapSpot]bool{}
	q := tickets.Query{By: tickets.ByDue, Limit: 200}
	for {
		page, err := r.Store.List(ctx, r.ws, q)
		if err != nil {
			return nil, fmt.Errorf("open tickets of %s: %w", r.ws, err)
		}
		for _, t := range page.Tickets {
			at := gapSpot{channel: t.Source.Channel, root: t.Source.Thread}
			if at.channel == "" || at.root == "" || r.open.done[at] || taken[at] {
				continue
			}
			since, listens, err := r.listensSince(ctx, at.channel)
			if err != nil {
				return nil, err
			}
			if listens {
				taken[at] = true
				out = append(out, place{gapSpot: at, after: max(messageID(r.open.oldest), since)})
			}
		}
		if page.Cursor == "" {
			return out, nil
		}
		q.Cursor = page.Cursor
	}
}

// settle waits until it is known what became of the messages found, so that the threads of their tickets can be read.
// Some leave no trace, so it does not wait for ever.
func (r *gapReader) settle(ctx context.Context) error {
	var failed error
	for end := r.Wall().Add(settleMost); len(r.open.fresh) > 0 && r.Wall().Before(end); {
		r.open.fresh = slices.DeleteFunc(r.open.fresh, func(s gapSpot) bool {
			_, known, err := r.Store.Seen(ctx, r.ws, s.channel, s.root)
			failed = errors.Join(failed, err)
			return known
		})
		if failed != nil {
			return fmt.Errorf("what became of messages found: %w", failed)
		}
		if len(r.open.fresh) > 0 {
			pause(ctx, gapTick)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	r.open.fresh = nil
	return nil
}

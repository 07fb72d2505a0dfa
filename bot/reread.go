package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongdan/tickets"
)

// gap is one time that must be read again, and how far that has come. It outlives failures.
type gap struct {
	losses, runs  int // as they were when it was opened
	began         time.Time
	since, oldest time.Time // the gap's own beginning, and that of everything that may be read
	channels      []place   // nil = not asked yet
	next          map[gapSpot]string
	done          map[gapSpot]bool
	fresh         []gapSpot // messages found at top level, until it is known what became of them
	found         int
}

// gapSpot is a channel's top level or, with a root, one thread of it.
type gapSpot struct {
	channel tickets.ChannelID
	root    string
}

// place is a gapSpot that is read again after a message id.
type place struct {
	gapSpot
	after string
}

// errServerChanged says that what was found may be lost, so that the gap must be read from its beginning.
var errServerChanged = errors.New("the Redis server has changed meanwhile")

// read reads everything said in the gap: the channels first, then the threads of open tickets, the soonest deadline
// first, also of tickets that were made of what the channels held.
func (r *gapReader) read(ctx context.Context, s gapState) error {
	if r.open == nil {
		if ready, err := r.begin(ctx, s); err != nil || !ready {
			return err
		}
	}
	if err := r.channels(ctx); err != nil {
		return err
	}
	if err := r.readPlaces(ctx, r.open.channels); err != nil {
		return err
	}
	for {
		if err := r.settle(ctx); err != nil {
			return err
		}
		threads, err := r.threads(ctx)
		if err != nil {
			return err
		}
		if len(threads) == 0 {
			return r.close(ctx)
		}
		if err := r.readPlaces(ctx, threads); err != nil {
			return err
		}
	}
}

// begin opens the gap. Where nothing was ever heard, everything begins now and there is none.
func (r *gapReader) begin(ctx context.Context, s gapState) (bool, error) {
	began := r.Now()
	if err := r.watch.ask(ctx, r.Gaps); err != nil {
		return false, err
	}
	at, version, err := r.mark(ctx)
	if err != nil {
		return false, err
	}
	if version == 0 {
		if err := r.setMark(ctx, began); err != nil {
			return false, err
		}
		r.filled = s.losses
		return false, nil
	}
	g := &gap{losses: s.losses, runs: r.watch.state().runs, began: began, since: at.Add(-gapMargin), oldest: began.Add(-RereadMost),
		next: map[gapSpot]string{}, done: map[gapSpot]bool{}}
	if g.since.Before(g.oldest) {
		g.since = g.oldest
	}
	r.open = g
	return true, nil
}

// close moves the mark to the gap's beginning of being read: what was said later has been heard, or is the next gap.
func (r *gapReader) close(ctx context.Context) error {
	if err := r.watch.ask(ctx, r.Gaps); err != nil {
		return err
	}
	if err := r.ready(ctx); err != nil {
		return err
	}
	if err := r.setMark(ctx, r.open.began); err != nil {
		return err
	}
	g := r.open
	r.filled, r.open = g.losses, nil
	r.tell(g, len(g.done))
	r.Log.Info("gap read", "workspace", r.ws, "from", g.since, "places", len(g.done), "found", g.found)
	return nil
}

// readPlaces reads those places that have not been read yet.
func (r *gapReader) readPlaces(ctx context.Context, places []place) error {
	left := 0
	for _, p := range places {
		if !r.open.done[p.gapSpot] {
			left++
		}
	}
	for _, p := range places {
		if r.open.done[p.gapSpot] {
			continue
		}
		r.tell(r.open, len(r.open.done)+left+1) // one more, until it is known that no thread is left
		if err := r.readPlace(ctx, p); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
		r.open.done[p.gapSpot] = true
		left--
	}
	return nil
}

// readPlace reads one place page by page, from where the last try ended, and keeps what had not been heard.
func (r *gapReader) readPlace(ctx context.Context, p place) error {
	after := max(p.after, r.open.next[p.gapSpot])
	for after != "" {
		var list []Envelope
		var next string
		err := r.politely(ctx, func() (err error) {
			if p.root != "" {
				list, next, err = r.Past.Replies(ctx, r.ws, p.channel, p.root, after)
			} else {
				list, next, err = r.Past.Said(ctx, r.ws, p.channel, after)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read %s/%s again: %w", p.channel, p.root, err)
		}
		for _, e := range list {
			if err := r.keep(ctx, p, e); err != nil {
				return err
			}
		}
		after = next
		r.open.next[p.gapSpot] = next
	}
	return nil
}

// keep passes an envelope to the inbox. What the place should not have held, what nobody said and edits made before
// the gap, which were heard then, are left out: their keys may be forgotten.
func (r *gapReader) keep(ctx context.Context, p place, e Envelope) error {
	in := r.Decoder.Decode(e)
	m := in.Message
	switch {
	case m != nil && (m.TS < p.after || m.Own || m.System),
		in.Edit != nil && (in.Edit.At.Before(r.open.since) || in.Edit.Message.TS < p.after):
		return nil
	}
	dup, err := r.Intake.Append(ctx, e)
	if err != nil {
		return fmt.Errorf("keep what was found in %s: %w", p.channel, err)
	}
	if dup {
		return nil
	}
	r.open.found++
	if m != nil && p.root == "" {
		r.open.fresh = append(r.open.fresh, gapSpot{channel: m.Channel, root: m.TS})
	}
	return nil
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"gongdan/tickets"
)

// Inbox is what a desk needs of the kept envelopes of its shard.
type Inbox interface {
	// Read returns at most n envelopes after an entry (from the start: ""), waiting up to block for the first.
	Read(ctx context.Context, s tickets.Shard, after string, n int, block time.Duration) ([]Envelope, error)
	// MarkTry counts a try at an entry and returns how many there have been.
	MarkTry(ctx context.Context, s tickets.Shard, entry string) (int, error)
	// Bury moves an entry to the dead letters, with the reason for the operator.
	Bury(ctx context.Context, s tickets.Shard, e Envelope, why string, epoch int64) error
}

// Desk works off the inbox of one shard while it is owned: in order within a lane, side by side between lanes.
type Desk struct {
	Shard   tickets.Shard
	Epoch   int64
	Inbox   Inbox
	Decoder Decoder
	Handle  func(ctx context.Context, e Envelope, in Input, epoch int64) error
	// Arrives is told what will be handled, before it waits for its turn; what it returns, when it has been. nil = nobody.
	Arrives func(ctx context.Context, ws tickets.WorkspaceID, in Input) (left func())
	Log     *slog.Logger
	Watch   Watch
	Wall    func() time.Time // for measuring; nil = time.Now

	mu    sync.Mutex
	lanes *Lanes
	roots map[string]*root // messages in work by their thread's root
}

// root joins a thread's root and its replies in one lane while any of them is in work.
type root struct {
	lane string
	n    int
}

const (
	deskRunning = 64   // lanes at work at once
	deskWaiting = 2000 // envelopes in memory
	deskBatch   = 200
	deskBlock   = 2 * time.Second
	// maxTries is how often an envelope may fail for good before it is buried. Temporary errors do not count.
	maxTries = 5
	// tryWithin bounds one try, so that what hangs holds its lane no longer.
	tryWithin = 30 * time.Second
)

// Run works until ctx ends or the shard has another owner.
func (d *Desk) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if d.Wall == nil {
		d.Wall = time.Now
	}
	lanes := d.open()
	defer lanes.Wait()
	after, backlog := "", true
	for ctx.Err() == nil {
		batch, err := d.Inbox.Read(ctx, d.Shard, after, deskBatch, deskBlock)
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("inbox not read, trying again", "err", err)
			pause(ctx, time.Second)
			continue
		}
		for _, e := range batch {
			after = e.Entry
			if err := d.dispatch(ctx, e, backlog, cancel); err != nil {
				break
			}
		}
		backlog = backlog && len(batch) == deskBatch
	}
	return context.Cause(ctx)
}

func (d *Desk) open() *Lanes {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lanes, d.roots = NewLanes(deskRunning, deskWaiting), map[string]*root{}
	return d.lanes
}

func (d *Desk) dispatch(ctx context.Context, e Envelope, backlog bool, stop context.CancelCauseFunc) error {
	in := d.decode(e)
	key, done := d.lane(e.Workspace, in)
	left := d.arrives(ctx, e.Workspace, in)
	queued := d.Wall()
	return d.lanes.Go(ctx, key, func(ctx context.Context) {
		defer done()
		defer left()
		if d.Watch.Waited != nil {
			d.Watch.Waited(d.Wall().Sub(queued))
		}
		d.work(ctx, e, in, backlog, stop)
	})
}

func (d *Desk) arrives(ctx context.Context, ws tickets.WorkspaceID, in Input) (left func()) {
	if d.Arrives == nil {
		return func() {}
	}
	return d.Arrives(ctx, ws, in)
}

// decode reads an envelope. A payload that makes the decoder panic counts as one that cannot be read.
func (d *Desk) decode(e Envelope) (in Input) {
	defer func() {
		if r := recover(); r != nil {
			d.Log.Error("payload not readable", "entry", e.Entry, "panic", r)
			in = Input{}
		}
	}()
	if e.Kind == KindThought {
		return decodeThought(e)
	}
	return d.Decoder.Decode(e)
}

// lane picks the lane of an input; no workspace waits in another's, whatever their ids. A thread's root and its replies
// share one while any of them is in work, so that a reply never overtakes its root.
func (d *Desk) lane(ws tickets.WorkspaceID, in Input) (key string, done func()) {
	key = string(ws) + "/" + LaneOf(in)
	of := rootOf(in)
	if of == "" {
		return key, func() {}
	}
	of = string(ws) + "/" + of
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.roots[of]
	if r == nil {
		r = &root{lane: key}
		d.roots[of] = r
	}
	r.n++
	return r.lane, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if r.n--; r.n == 0 {
			delete(d.roots, of)
		}
	}
}

// rootOf names the root of the thread an input belongs to: for a message at top level, itself, and so for a press, a form or a
// model's late answer that decides about one. "" if there is none.
func rootOf(in Input) string {
	of := func(ch tickets.ChannelID, thread, ts string) string {
		if thread == "" {
			thread = ts
		}
		return string(ch) + "/" + thread
	}
	switch {
	case in.Message != nil:
		return of(in.Message.Channel, in.Message.Thread, in.Message.TS)
	case in.Edit != nil:
		return of(in.Edit.Message.Channel, in.Edit.Message.Thread, in.Edit.Message.TS)
	case in.Delete != nil:
		return of(in.Delete.Channel, in.Delete.Thread, in.Delete.TS)
	case in.Click != nil:
		value, _, _ := strings.Cut(in.Click.Value, "|")
		if ch, ts, err := askedValue(value); err == nil {
			return of(ch, in.Click.Thread, ts)
		}
	case in.Form != nil && in.Form.Kind == FormOrder:
		if ch, ts, err := askedValue(in.Form.Subject); err == nil {
			return of(ch, "", ts)
		}
	case in.Thought != nil:
		return of(in.Thought.Message.Channel, in.Thought.Message.Thread, in.Thought.Message.TS)
	}
	return ""
}

// work takes one envelope to its effect. Permanent failures and panics are counted before the next try, and so is the first try of
// an entry found at takeover, because it may be what ended the previous owner.
func (d *Desk) work(ctx context.Context, e Envelope, in Input, count bool, stop context.CancelCauseFunc) {
	for wait := 100 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, 5*time.Second) {
		if count && d.buried(ctx, e) {
			return
		}
		err := d.try(ctx, e, in)
		switch {
		case err == nil:
			return
		case errors.Is(err, tickets.ErrStaleLease):
			stop(err)
			return
		case ctx.Err() != nil: // the next owner takes it
			return
		}
		count = !errors.Is(err, tickets.ErrTemporary)
		d.Log.Warn("envelope not taken, trying again", "entry", e.Entry, "workspace", e.Workspace, "permanent", count, "err", err)
		pause(ctx, wait)
	}
}

// buried counts a try and tells whether none is left to make: beyond the last the envelope goes to the dead letters.
func (d *Desk) buried(ctx context.Context, e Envelope) bool {
	n, err := d.Inbox.MarkTry(ctx, d.Shard, e.Entry)
	switch {
	case err != nil && ctx.Err() != nil:
		return true // the next owner counts it
	case err != nil:
		d.Log.Warn("try not counted", "entry", e.Entry, "err", err)
		return false
	case n == 0: // the entry is gone: it has taken effect
		return true
	case n <= maxTries:
		return false
	}
	if err := d.Inbox.Bury(ctx, d.Shard, e, "failed too often", d.Epoch); err != nil {
		d.Log.Warn("envelope not moved to the dead letters", "entry", e.Entry, "err", err)
		return false
	}
	d.Log.Error("envelope moved to the dead letters; see 'gongdan inbox'", "entry", e.Entry, "workspace", e.Workspace)
	return true
}

func (d *Desk) try(ctx context.Context, e Envelope, in Input) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("handle %s: panic: %v\n%s", e.Entry, r, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	return d.Handle(ctx, e, in, d.Epoch)
}

// pause waits, or returns early when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

package bot

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// AnnouncerOptions are an announcer's parts; all but Log and Said are required.
type AnnouncerOptions struct {
	Shard    tickets.Shard
	Epoch    int64
	Store    AnnouncerStore
	Voice    Messenger
	Whisper  Whisperer
	People   Directory
	Policies tickets.Policies
	Words    *words.Catalogue
	// Answer answers a typed question for whoever asked it, as [Conversation.Answer] does.
	Answer func(ctx context.Context, ws tickets.WorkspaceID, in Input) (View, error)
	Now    func() time.Time // tickets' time
	Wall   func() time.Time // for limits and deadlines of calls
	// Pace scales the chat's limits: 1 = Slack's own, larger = faster. 0 = 1.
	Pace float64
	Log  *slog.Logger
	// Said is told about every entry that is dealt with, and how: sent, updated, same, stale, gone, found.
	Said func(what What, how string, waited time.Duration)
	// Committed is told after every commit, so that the wakes it set need not be polled for; nil = nobody.
	Committed func(tickets.Committed)
}

// AnnouncerStore is what an announcer reads and writes.
type AnnouncerStore interface {
	tickets.Committer
	tickets.Reader
	tickets.Records
	tickets.Outbox
}

// Announcer says what the outbox of one shard holds: in order within a conversation and class, urgent classes first, each
// thing once, and nothing that is no longer true. It keeps to the chat's limits by itself.
type Announcer struct {
	AnnouncerOptions
	budget *budget
	kick   chan struct{}

	mu    sync.Mutex
	lanes map[string]*voice
	after string // last entry fetched
	begun int    // how often the outbox has been read, begun and ended
	ended int
	seq   int
	size  int // entries in memory, those made superfluous included
	wg    sync.WaitGroup
	slots chan struct{}
}

// voice is one conversation's queue.
type voice struct {
	queue []*pending
	busy  bool
	next  time.Time // not before, by the wall clock
	late  time.Time // until when late calls wait for others, by the wall clock
	reads int       // the outbox must have been read so often: what replaces calls of this conversation is in it
}

// pending is one entry that waits to be said.
type pending struct {
	tickets.Outgoing
	said  Said
	seq   int
	also  []string  // older entries of the same kind that this one makes superfluous
	next  time.Time // not before, by the wall clock
	wait  time.Duration
	fails int
	busy  bool           // a try is under way: it cannot be replaced now
	hop   int            // how many places turned out to be gone
	clear bool           // the last try certainly said nothing: there is nothing to look for
	over  int64          // version of the mark whose call has been waited out
	heard *uttered       // what has been said and is yet to be recorded
	wakes []tickets.Wake // set when it is said

	late   bool       // a call that comes long after its time
	alone  bool       // it is not said with others
	with   []*pending // calls that are being merged with it
	frozen bool       // which those are is settled, and may have been written
}

// uttered is a message that stands in the chat.
type uttered struct {
	id   string
	ref  Ref
	hash string // of what it says; "" = unknown
	said *Said  // a call's own words; nil = as they are made now
	how  string
}

// NewAnnouncer makes an announcer. Run starts it.
func NewAnnouncer(o AnnouncerOptions) *Announcer {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Said == nil {
		o.Said = func(What, string, time.Duration) {}
	}
	return &Announcer{AnnouncerOptions: o, budget: newBudget(o.Pace), kick: make(chan struct{}, 1),
		lanes: map[string]*voice{}, slots: make(chan struct{}, 16)}
}

// Kick says that the outbox has grown. It never blocks and is safe for concurrent use.
func (a *Announcer) Kick() {
	select {
	case a.kick <- struct{}{}:
	default:
	}
}

// Run says things until ctx ends or the shard has another owner.
func (a *Announcer) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer a.wg.Wait()
	for ctx.Err() == nil {
		err := a.fetch(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			a.Log.Warn("outbox not read, trying again", "err", err)
			pause(ctx, time.Second)
			continue
		}
		a.sleep(ctx, a.start(ctx, cancel))
	}
	return context.Cause(ctx)
}

const (
	// recheck bounds a sleep, so that an entry whose commit was applied without an answer waits no longer.
	recheck = 10 * time.Second
	// maxHeld is how many entries are kept in memory; the rest waits in the outbox.
	maxHeld = 50_000
)

// sleep waits for news, or until something may be said.
func (a *Announcer) sleep(ctx context.Context, next time.Time) {
	wait := recheck
	if !next.IsZero() {
		wait = min(wait, max(0, next.Sub(a.Wall())))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-a.kick:
	case <-timer.C:
	}
}

// fetch reads what has been added to the outbox.
func (a *Announcer) fetch(ctx context.Context) error {
	const batch = 500
	a.mu.Lock()
	a.begun++
	a.mu.Unlock()
	for a.held() < maxHeld {
		got, err := a.Store.Pending(ctx, a.Shard, a.after, batch)
		if err != nil {
			return err
		}
		a.mu.Lock()
		for _, o := range got {
			a.after = o.Entry
			a.enqueue(o)
		}
		a.mu.Unlock()
		if len(got) < batch {
			break
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = a.begun
	return nil
}

func (a *Announcer) held() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.size
}

// start begins to say whatever may be said now, and returns when the next thing may be (zero: nothing waits for time).
func (a *Announcer) start(ctx context.Context, stop context.CancelCauseFunc) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	var next time.Time
	now := a.Wall()
	for _, key := range a.order() {
		v := a.lanes[key]
		if v.busy || v.reads > a.ended {
			continue
		}
		if len(a.slots) == cap(a.slots) {
			return next // whoever finishes wakes the loop
		}
		p, at := a.pick(v, now)
		if p != nil {
			a.take(ctx, v, p, stop)
			continue
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// take begins to say one entry. The caller holds the lock and has seen a free slot.
func (a *Announcer) take(ctx context.Context, v *voice, p *pending, stop context.CancelCauseFunc) {
	a.slots <- struct{}{}
	v.gather(p)
	v.busy, p.busy = true, true
	a.wg.Add(1)
	go func() {
		defer a.wg.Done()
		res := a.guarded(ctx, p)
		a.finish(v, p, res)
		<-a.slots
		if errors.Is(res.err, tickets.ErrStaleLease) {
			stop(res.err)
		}
		a.Kick()
	}()
}

// guarded deals with one entry. A panic is an error like any other: it must not end the process, which would find the same
// entry when it comes back. An entry that panics again and again is dropped in the end.
func (a *Announcer) guarded(ctx context.Context, p *pending) (r result) {
	defer func() {
		what := recover()
		if what == nil {
			return
		}
		p.fails++
		a.Log.Error("not said", "entry", p.Entry, "what", p.said.What, "ticket", p.Ticket, "fails", p.fails, "panic", what, "stack", string(debug.Stack()))
		if r = (result{called: true}); len(p.with) > 0 {
			a.split(p)
			return
		}
		if p.fails >= maxFails {
			r = a.consume(ctx, p, tickets.Change{})
		}
	}()
	if len(p.with) > 0 {
		return a.merge(ctx, p)
	}
	return a.deal(ctx, p)
}

// result is what came of one try at an entry.
type result struct {
	done   bool
	called bool          // the chat was called in the entry's own way: its budget is spent
	posted bool          // a message may have gone out: the conversation rests for its limit
	after  time.Duration // try again after this long
	err    error
}

// finish records what came of a try.
func (a *Announcer) finish(v *voice, p *pending, r result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v.busy, p.busy = false, false
	now := a.Wall()
	if r.posted {
		v.next = later(v.next, now.Add(a.budget.perChannel))
	}
	if !r.called {
		a.budget.refund(p.Workspace, p.said.What)
	}
	if r.done {
		if len(p.with) > 0 {
			v.reads = a.begun + 1
		}
		for _, q := range append(p.with, p) {
			a.remove(v, q)
		}
		return
	}
	var limited *RateLimited
	if errors.As(r.err, &limited) {
		r.after = max(limited.After, time.Second)
		if until := now.Add(r.after); r.posted {
			v.next = later(v.next, until)
		} else if r.called {
			a.budget.block(p.Workspace, p.said.What, until)
		}
	}
	if r.after > 0 {
		p.next = now.Add(r.after)
		return
	}
	p.wait = min(max(2*p.wait, 250*time.Millisecond), 30*time.Second)
	p.next = now.Add(p.wait)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

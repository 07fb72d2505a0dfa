package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// Kinds of a ticket's source.
const (
	SourceMessage = "message"
	SourceCommand = "command"
)

// Store is what the conversation needs of the tickets' store.
type Store interface {
	tickets.Committer
	tickets.Preparer
	tickets.Reader
	tickets.Gatherer
	tickets.Records
}

// Options are a conversation's parts. All but Wall, Log, Watch and Committed are required.
type Options struct {
	Store    Store
	Policies tickets.Policies
	People   Directory
	Minds    *intents.Classifier
	// MindsOf is the classifier of one workspace; nil = Minds for all.
	MindsOf func(tickets.WorkspaceID) *intents.Classifier
	Words   *words.Catalogue
	Now     func() time.Time // tickets' time
	Wall    func() time.Time // for measuring; default time.Now
	Log     *slog.Logger
	// Committed is told after every commit, so that wakes and the announcer need not poll.
	Committed func(ws tickets.WorkspaceID, done tickets.Committed, said bool)
	// Intake keeps what a model says too late, as a cause of its own. nil = the local decision stands.
	Intake Intake
	// Mode is how ready the bot is to act by itself in workspaces whose rules do not say; "" = careful.
	Mode intents.Mode
	// Knowledge answers questions about how things are done; nil = nobody does, and nothing is said.
	Knowledge Knowledge
	Watch     Watch
}

// Watch is told what happens, for metrics. Nil functions are not called.
type Watch struct {
	Decided   func(by, action string) // once for each decision about a message that was committed
	Committed func(took time.Duration, err error)
	Waited    func(lane time.Duration)
}

// Conversation decides what an input means for tickets and commits it. It is safe for concurrent use; order within
// a thread is the caller's matter (see Lanes).
type Conversation struct {
	store     Store
	policies  tickets.Policies
	people    Directory
	mindsOf   func(tickets.WorkspaceID) *intents.Classifier
	words     *words.Catalogue
	now       func() time.Time
	wall      func() time.Time
	log       *slog.Logger
	told      func(tickets.WorkspaceID, tickets.Committed, bool)
	watch     Watch
	numbers   numbering
	intake    Intake
	knowledge Knowledge
	mode      intents.Mode
	lanes     *asks
}

// New makes a conversation.
func New(o Options) *Conversation {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Committed == nil {
		o.Committed = func(tickets.WorkspaceID, tickets.Committed, bool) {}
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.MindsOf == nil {
		o.MindsOf = func(tickets.WorkspaceID) *intents.Classifier { return o.Minds }
	}
	c := &Conversation{store: o.Store, wall: o.Wall, policies: o.Policies, people: o.People, mindsOf: o.MindsOf,
		words: o.Words, now: o.Now, log: o.Log, told: o.Committed, watch: o.Watch, intake: o.Intake, knowledge: o.Knowledge, mode: cmp.Or(o.Mode, intents.Careful)}
	if c.knowledge == nil {
		c.knowledge = noKnowledge{}
	}
	c.lanes = newAsks(o.MindsOf, o.Wall, c.thinkLate)
	return c
}

// Arrives notes that an input will be handled, so that what one person says in a row is put to a model together. left must
// be called when it has been, or will not be. Questions end with ctx, which is that of the inbox' reader.
func (c *Conversation) Arrives(ctx context.Context, ws tickets.WorkspaceID, in Input) (left func()) {
	if in.Message == nil {
		c.changes(ws, in)
		return func() {}
	}
	return c.lanes.arrive(ctx, ws, *in.Message)
}

// changes tells of new words and removals as soon as they are known, so that no model is shown what nobody says any more.
func (c *Conversation) changes(ws tickets.WorkspaceID, in Input) {
	switch {
	case in.Edit != nil:
		m := in.Edit.Message
		m.Edited = in.Edit.At
		c.lanes.reworded(ws, m)
	case in.Delete != nil:
		c.lanes.removed(ws, *in.Delete)
	}
}

// Wait returns when no model is being asked any more. Questions end with the context of whoever read what they are about.
func (c *Conversation) Wait() { c.lanes.wait() }

// maxConflicts is how often a decision is taken anew because something changed meanwhile. Within a shard only its
// owner writes, so as many in a row point to a fault, which waiting does not cure.
const maxConflicts = 20

// Handle takes one envelope to its effect, exactly once. It returns nil when the envelope has taken effect, now or before;
// an error that wraps tickets.ErrTemporary asks for another try later, tickets.ErrStaleLease says that the shard has another
// owner now, and anything else is permanent.
func (c *Conversation) Handle(ctx context.Context, env Envelope, in Input, epoch int64) error {
	cause := tickets.Cause{Kind: tickets.CauseInbox, Entry: env.Entry, ID: env.Cause()}
	if in.Message != nil {
		defer c.lanes.handled(ctx, env.Workspace, *in.Message)()
	}
	c.changes(env.Workspace, in)
	memo := memo{hurried: !env.Received.IsZero() && c.now().Sub(env.Received) > modelPatience}
	return c.settle(ctx, env.Workspace, cause, epoch, func(t *turn) error {
		t.memo = &memo
		return t.input(in)
	})
}

// settle decides and commits until nothing changed meanwhile.
func (c *Conversation) settle(ctx context.Context, ws tickets.WorkspaceID, cause tickets.Cause, epoch int64, decide func(*turn) error) error {
	for range maxConflicts {
		if err := c.attempt(ctx, ws, cause, epoch, decide); !errors.Is(err, tickets.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("settle %s: changed %d times while deciding", cause.ID, maxConflicts)
}

func (c *Conversation) attempt(ctx context.Context, ws tickets.WorkspaceID, cause tickets.Cause, epoch int64, decide func(*turn) error) error {
	t, err := c.turn(ctx, ws, cause, epoch)
	if err != nil {
		return err
	}
	defer func() { t.release() }()
	if err := decide(t); err != nil {
		return fmt.Errorf("decide %s: %w", cause.ID, err)
	}
	if err := t.misses(); err != nil {
		return fmt.Errorf("list what %s leaves open: %w", cause.ID, err)
	}
	if err := t.commit(); err != nil && !errors.Is(err, tickets.ErrApplied) {
		return fmt.Errorf("commit %s: %w", cause.ID, err)
	}
	if d := t.memo.counts; d != nil && t.watch.Decided != nil {
		t.watch.Decided(d.Via(), string(d.Action))
	}
	return nil
}

// turn is one attempt to turn a cause into a change.
type turn struct {
	*Conversation
	ctx     context.Context
	ws      tickets.WorkspaceID
	minds   *intents.Classifier // the workspace's own
	policy  tickets.Policy
	at      time.Time
	cause   tickets.CauseID
	change  tickets.Change
	say     outgoing
	memo    *memo
	last    Message // whose record was written last
	listed  string  // the rows of the list in which a press was made; see cutList
	replied bool    // a question was answered: its message waits for nobody
	// release gives the right to make a new ticket back, after the commit; making tells that this turn has it.
	release func()
	making  bool
	// loaded are tickets that were read before, for several turns at once, and lead is what they share; see WakeTogether.
	loaded map[tickets.TicketID]tickets.Ticket
	lead   *lead
}

// lead is who gets escalations, once that was looked for; "" if nobody was found.
type lead struct {
	known bool
	id    tickets.UserID
}

// memo keeps what need not be found out again when a turn is taken again.
type memo struct {
	decided *intents.Decision
	// counts is the classifier's decision that took effect, for the metrics; a late answer is none of its own.
	counts *intents.Decision
	// hurried says that the input has waited too long already for a model to be asked.
	hurried bool
}

func (c *Conversation) turn(ctx context.Context, ws tickets.WorkspaceID, cause tickets.Cause, epoch int64) (*turn, error) {
	p, err := c.policies.Policy(ctx, ws)
	if err != nil {
		return nil, fmt.Errorf("policy of %s: %w", ws, err)
	}
	now := c.now()
	return &turn{Conversation: c, ctx: ctx, ws: ws, minds: c.mindsOf(ws), policy: p, at: now, cause: cause.ID,
		memo: &memo{}, lead: &lead{}, release: func() {}, change: tickets.Change{Workspace: ws, Epoch: epoch, Cause: cause},
		say: outgoing{ws: ws, cause: cause.ID, now: now}}, nil
}

func (t *turn) commit() error {
	t.change.Outbox = t.say.list
	return t.written(t.ctx, func(ctx context.Context) (tickets.Committed, error) { return t.store.Commit(ctx, t.change) })
}

// written commits, and tells who waits for that.
func (t *turn) written(ctx context.Context, commit func(context.Context) (tickets.Committed, error)) error {
	began := t.wall()
	done, err := commit(ctx)
	if t.watch.Committed != nil {
		t.watch.Committed(t.wall().Sub(began), err)
	}
	switch {
	case err == nil:
		t.told(t.ws, done, len(t.change.Outbox) > 0)
	case errors.Is(err, tickets.ErrApplied), errors.Is(err, tickets.ErrTemporary):
		// An earlier try, or this one with its answer lost, may have written what is not known here: everybody looks.
		t.told(t.ws, tickets.Committed{Next: t.at}, true)
	}
	return err
}

// apply changes a ticket within the turn. A refusal changes nothing and comes back as *tickets.Refusal.
func (t *turn) apply(before *tickets.Ticket, cmd tickets.Command) (tickets.Ticket, error) {
	cmd.Cause = t.cause
	res, err := tickets.Apply(before, cmd, tickets.Env{Now: t.at, Policy: t.policy})
	if err != nil {
		return tickets.Ticket{}, err
	}
	if res.Changed {
		w := tickets.TicketWrite{Before: before, After: res.Ticket, Events: res.Events}
		t.change.Tickets = append(t.change.Tickets, w)
		t.say.announce(w, callees{})
		if err := t.learn(before, res.Ticket, cmd); err != nil {
			return tickets.Ticket{}, err
		}
	}
	return res.Ticket, nil
}

// seen records what became of a message.
func (t *turn) seen(s tickets.Seen) { t.change.Seen = append(t.change.Seen, s) }

// became records what became of a message; s says all but whose and which it is.
func (t *turn) became(m Message, s tickets.Seen) {
	s.Author = m.Author
	if t.last = m; s.Why != "" && t.memo.decided != nil {
		s.Why = decisionText(*t.memo.decided, t.mind(m, *t.memo.decided))
	}
	t.reworded(s, m)
}

// whisper tells one person something that may get lost.
func (t *turn) whisper(id tickets.TicketID, s Said) { t.say.add(id, tickets.ClassReply, s) }

// refused turns a refusal into a whisper. Anything else stays an error.
func (t *turn) refused(err error, id tickets.TicketID, s Said) error {
	var r *tickets.Refusal
	if !errors.As(err, &r) {
		return err
	}
	s.What, s.Reason, s.Detail = SayRefused, string(r.Reason), r.Detail
	t.whisper(id, s)
	return nil
}

// find returns the newest ticket behind an exact key.
func (t *turn) find(k tickets.Key) (*tickets.Ticket, error) { return t.findKey(t.ctx, t.ws, k) }

// findKey returns the newest ticket behind an exact key; nil if there is none.
func (c *Conversation) findKey(ctx context.Context, ws tickets.WorkspaceID, k tickets.Key) (*tickets.Ticket, error) {
	ids, err := c.store.Find(ctx, ws, k)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return c.load(ctx, ws, ids[0])
}

// load returns a ticket; nil if there is none.
func (c *Conversation) load(ctx context.Context, ws tickets.WorkspaceID, id tickets.TicketID) (*tickets.Ticket, error) {
	got, err := c.store.Ticket(ctx, ws, id)
	if errors.Is(err, tickets.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &got, nil
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongdan/tickets"
)

// callDeadline is how long a call to the chat may take; after it the call has had its effect or never will.
const callDeadline = 4 * time.Second

// maxFails is how often an entry may fail for good before it is given up.
const maxFails = 5

// maxHops is how often a call that is refused for good goes elsewhere; see places.
const maxHops = 4

// Why something was not said, beside what the ticket says; stable words in its timeline.
const (
	unsaidGone     = "gone"         // nobody can be reached there
	unsaidGivenUp  = "given_up"     // it failed for good
	unsaidFollowed = "acknowledged" // somebody is on it
	unsaidPassed   = "passed"       // the deadline it warns of has come, and another call with it
)

// deal tries to say one entry.
func (a *Announcer) deal(ctx context.Context, p *pending) result {
	how, r := a.saying(ctx, p)
	var limited *RateLimited
	switch {
	case r.err == nil:
	case errors.As(r.err, &limited):
		return r
	case errors.Is(r.err, tickets.ErrStaleLease), errors.Is(r.err, tickets.ErrTemporary), ctx.Err() != nil:
		a.Log.Info("not said yet", "entry", p.Entry, "what", p.said.What, "ticket", p.Ticket, "err", r.err)
		return r
	case errors.Is(r.err, ErrGone):
		a.Log.Warn("nobody there to say it to", "entry", p.Entry, "what", p.said.What, "ticket", p.Ticket, "err", r.err)
		how, r = unsaidGone, a.giveUp(ctx, p, unsaidGone, r)
	default:
		if p.fails++; p.fails < maxFails {
			a.Log.Warn("not said, trying again", "entry", p.Entry, "what", p.said.What, "ticket", p.Ticket, "err", r.err)
			return r
		}
		if p.said.calls() && p.heard == nil && p.hop < maxHops { // somebody must be reached: the next place may take it
			a.Log.Error("refused here, trying elsewhere", "entry", p.Entry, "what", p.said.What, "ticket", p.Ticket, "err", r.err)
			p.hop, p.fails, p.clear = p.hop+1, 0, false
			return r
		}
		if p.said.What == SayMerged && p.heard == nil { // each may find a place of its own
			how, r = "apart", a.apart(ctx, p, true)
			break
		}
		a.Log.Error("given up saying", "entry", p.Entry, "what", p.said.What, "ticket", p.Ticket, "err", r.err)
		how, r = unsaidGivenUp, a.giveUp(ctx, p, unsaidGivenUp, r)
	}
	if r.done {
		a.Said(p.said.What, how, a.Now().Sub(p.At))
	}
	return r
}

// saying says one entry as the ticket is now.
func (a *Announcer) saying(ctx context.Context, p *pending) (string, result) {
	t, err := a.ticket(ctx, p)
	if errors.Is(err, tickets.ErrNotFound) {
		return "stale", a.consume(ctx, p, tickets.Change{})
	}
	if err != nil {
		return "", result{err: err}
	}
	if p.heard == nil { // what stands there is only to be recorded
		if why := p.said.stale(t, a.Now()); why != "" {
			return "stale", a.unsaid(ctx, p, t, why)
		}
	}
	switch p.said.What {
	case "":
		return "unreadable", a.consume(ctx, p, tickets.Change{})
	case SayCard:
		return a.card(ctx, p, t)
	case SayReact:
		return a.react(ctx, p, t)
	case SayTaken:
		return a.taken(ctx, p)
	case SayOnIt:
		return a.onIt(ctx, p, t)
	case SayMerged:
		return a.sayMerged(ctx, p)
	case SayAgain:
		return a.sayMergedAgain(ctx, p)
	case SayRules:
		return a.sayRules(ctx, p)
	}
	if p.said.whispered() && p.said.Channel != "" && p.hop == 0 {
		return a.whisper(ctx, p, t)
	}
	return a.post(ctx, p, t)
}

// ticket is the entry's ticket as it is now; the zero value if the entry speaks of none.
func (a *Announcer) ticket(ctx context.Context, p *pending) (tickets.Ticket, error) {
	if p.Ticket == "" {
		return tickets.Ticket{}, nil
	}
	return a.Store.Ticket(ctx, p.Workspace, p.Ticket)
}

// whispered tells whether it is for one person's eyes and may get lost.
func (s Said) whispered() bool {
	switch s.What {
	case SayAsk, SayDuplicate, SayDone, SayRefused, SayAnswer, SayOffer, SayKnown:
		return true
	}
	return false
}

// calls tells whether it calls somebody to a ticket: that must reach somebody.
func (s Said) calls() bool {
	switch s.What {
	case SayReminder, SayBreach, SayEscalation, SayUrged, SayLapsed:
		return true
	}
	return false
}

// stale tells why an entry is no longer true; "" if it is.
func (s Said) stale(t tickets.Ticket, now time.Time) string {
	switch s.What {
	case SayReminder, SayBreach, SayEscalation, SayLapsed:
		return s.staleClock(t, now)
	case SayAssigned:
		if t.Assignee != s.To {
			return "reassigned"
		}
	case SayUnassigned:
		if t.Assignee == s.To {
			return "reassigned"
		}
	case SayUrged, SayResumed:
		switch {
		case !t.Status.Open():
			return "stopped"
		case s.What == SayResumed && t.Status == tickets.StatusWaiting:
			return "waiting"
		}
	}
	return ""
}

// staleClock tells why nothing of what a ping says of clocks is true any more.
func (s Said) staleClock(t tickets.Ticket, now time.Time) string {
	first := ""
	for _, m := range s.marks() {
		why := m.stale(t, now)
		if why == "" {
			return ""
		}
		if first == "" {
			first = why
		}
	}
	return first
}

// giveUp drops an entry that cannot be said, with a note in the timeline where somebody should have been called.
func (a *Announcer) giveUp(ctx context.Context, p *pending, why string, tried result) result {
	t, err := a.ticket(ctx, p)
	var r result
	switch {
	case err != nil && !errors.Is(err, tickets.ErrNotFound):
		r = result{err: err}
	case err == nil && p.Ticket != "" && (p.said.calls() || p.said.What == SayAssigned):
		r = a.unsaid(ctx, p, t, why)
	default:
		r = a.consume(ctx, p, tickets.Change{Docs: a.unmark(ctx, p)})
	}
	r.called, r.posted = tried.called, tried.posted
	return r
}

// unsaid drops an entry that is not said, with a note in the timeline.
func (a *Announcer) unsaid(ctx context.Context, p *pending, t tickets.Ticket, why string) result {
	c := tickets.Command{Kind: tickets.CmdUnsaid, Clock: p.said.Clock, Reason: string(p.said.What) + ": " + why}
	for _, m := range p.said.marks() {
		c.Calls = append(c.Calls, tickets.Call{Clock: m.Clock, Step: m.Step, Version: m.Version})
	}
	change, err := a.apply(ctx, p, t, c)
	if err != nil {
		return result{err: fmt.Errorf("note what was not said: %w", err)}
	}
	change.Docs = a.unmark(ctx, p)
	return a.consume(ctx, p, change)
}

// apply changes a ticket as a consequence of saying something. Nothing more is said of that, but of new rules that it met first.
func (a *Announcer) apply(ctx context.Context, p *pending, t tickets.Ticket, c tickets.Command) (tickets.Change, error) {
	policy, err := a.Policies.Policy(ctx, p.Workspace)
	if err != nil {
		return tickets.Change{}, fmt.Errorf("policy of %s: %w", p.Workspace, err)
	}
	now := a.Now()
	c.Cause, c.Actor = tickets.CauseID("out:"+p.ID), tickets.Actor{Role: tickets.RoleClock}
	res, err := tickets.Apply(&t, c, tickets.Env{Now: now, Policy: policy})
	if err != nil {
		return tickets.Change{}, err
	}
	w := tickets.TicketWrite{Before: &t, After: res.Ticket, Events: res.Events}
	say := outgoing{ws: p.Workspace, cause: c.Cause, now: now, planned: now}
	if rules, _ := byRules(res.Events); len(rules) > 0 {
		say.announce(tickets.TicketWrite{Before: &t, After: res.Ticket, Events: rules}, callees{})
	}
	return tickets.Change{Tickets: []tickets.TicketWrite{w}, Outbox: say.list}, nil
}

// consume takes an entry out of the outbox together with what c writes, after the older entries that it replaced: should
// it end half way, the newest is still there.
func (a *Announcer) consume(ctx context.Context, p *pending, c tickets.Change) result {
	for len(p.also) > 0 {
		if err := a.commit(ctx, p, p.also[0], tickets.Change{}); err != nil {
			return result{err: err}
		}
		p.also = p.also[1:]
		a.shrink()
	}
	c.Wakes = append(c.Wakes, p.wakes...)
	if err := a.commit(ctx, p, p.Entry, c); err != nil {
		return result{err: err}
	}
	return result{done: true}
}

func (a *Announcer) shrink() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.size--
}

func (a *Announcer) commit(ctx context.Context, p *pending, entry string, c tickets.Change) error {
	c.Workspace, c.Epoch = p.Workspace, a.Epoch
	if entry != "" {
		c.Cause = tickets.Cause{Kind: tickets.CauseOutbox, Entry: entry, Also: c.Cause.Also, ID: tickets.CauseID("out:" + p.ID)}
	}
	done, err := a.Store.Commit(ctx, c)
	switch {
	case err == nil && a.Committed != nil:
		a.Committed(done)
	case errors.Is(err, tickets.ErrApplied):
		return nil
	case errors.Is(err, tickets.ErrConflict):
		return fmt.Errorf("%w: %w", tickets.ErrTemporary, err)
	}
	return err
}

// whisper says something once; whether it arrived is not looked after. Whoever cannot be reached in the channel is told
// directly.
func (a *Announcer) whisper(ctx context.Context, p *pending, t tickets.Ticket) (string, result) {
	v, err := a.view(ctx, p.Workspace, p.said, t)
	if err != nil {
		return "", result{err: err}
	}
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	err = a.Whisper.Whisper(call, p.Workspace, Post{ID: p.ID, Channel: p.said.Channel, Thread: p.said.Thread, View: v}, p.said.To)
	var limited *RateLimited
	switch {
	case errors.Is(err, ErrGone):
		p.hop++
		return a.post(ctx, p, t)
	case errors.As(err, &limited), ctx.Err() != nil:
		return "", result{called: true, err: err}
	case errors.Is(err, tickets.ErrTemporary):
		if p.fails++; p.fails < maxFails {
			return "", result{called: true, err: err}
		}
	}
	how := "sent"
	if err != nil {
		how = "lost"
		a.Log.Info("whisper lost", "what", p.said.What, "ticket", p.Ticket, "err", err)
	}
	r := a.consume(ctx, p, tickets.Change{})
	r.called = true
	return how, r
}

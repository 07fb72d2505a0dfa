package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
)

const (
	// lateAfter is how far in the past the time of a call lies when it counts as late: nobody was there to say it.
	lateAfter = time.Minute
	// gatherFor is how long a late call waits for others, by the wall clock, so that a catch-up is one message a person.
	gatherFor = 2 * time.Second
	// maxMerged is how many calls one message stands for: its record stays below what a store takes at once.
	maxMerged = 500
)

// Part is one call of a message that stands for several, as it waited in the outbox.
type Part struct {
	ID     string           `json:"id"`
	Ticket tickets.TicketID `json:"t"`
	Class  tickets.Class    `json:"c"`
	At     time.Time        `json:"at"`
	Said   Said             `json:"s"`
}

func (p *pending) part() Part {
	return Part{ID: p.ID, Ticket: p.Ticket, Class: p.Class, At: p.At, Said: p.said}
}

// behind tells whether a call comes so long after its time that others may be coming with it.
func (s Said) behind(now time.Time) bool {
	return s.calls() && !s.Planned.IsZero() && now.Sub(s.Planned) > lateAfter
}

// bond names the place in which a call may be said together with others; "" if it is said by itself. In channels that are
// only the late ones: punctual ones belong into their tickets' threads. Those to a level's channel are said together for each ticket.
func (p *pending) bond() string {
	switch {
	case p.alone || p.busy || !p.said.calls():
		return ""
	case p.said.Channel == "":
		return string(p.Workspace) + "/" + string(p.said.To)
	case p.late:
		return string(p.Workspace) + "/#" + string(p.said.Channel)
	case p.said.What == SayEscalation && p.said.Thread == "":
		return string(p.Workspace) + "/#" + string(p.said.Channel) + "/" + string(p.Ticket)
	}
	return ""
}

// await has late calls wait for others. A punctual one ends that: it never waits, and is not overtaken.
func (v *voice) await(p *pending, now, wall time.Time) {
	p.late = p.said.behind(now)
	switch {
	case p.late && !v.late.After(wall):
		v.late = wall.Add(gatherFor)
	case !p.late && p.said.calls():
		v.late = wall
	}
}

// gather takes along what waits in a conversation and may be said together with a call whose turn has come. The caller holds
// the lock.
func (v *voice) gather(p *pending) {
	bond := p.bond()
	if bond == "" || len(p.with) > 0 {
		return
	}
	for _, q := range v.queue {
		if q != p && q.bond() == bond && len(p.with) < maxMerged-1 {
			p.with = append(p.with, q)
		}
	}
	for _, q := range p.with {
		q.busy = true
	}
}

// merge puts one entry in the place of several that wait for the same conversation: a record with an id of its own, so that
// whoever says it, and however often it is tried, says exactly these and finds them again. Until it is known whether that was
// written, nobody says any of them.
func (a *Announcer) merge(ctx context.Context, p *pending) result {
	if !p.frozen {
		ok, err := a.chosen(ctx, p)
		if err != nil {
			a.part(p, nil)
			return result{err: err}
		}
		if !ok {
			return a.deal(ctx, p)
		}
		p.frozen = true
	}
	o, err := merged(p)
	if err == nil {
		c := tickets.Change{Cause: tickets.Cause{Also: entriesOf(p.with)}, Outbox: []tickets.Outgoing{o}}
		err = a.commit(ctx, p, p.Entry, c)
	}
	switch {
	case err == nil:
		a.Said(SayMerged, "merged", a.Now().Sub(p.At))
		return result{done: true}
	case errors.Is(err, tickets.ErrTemporary), errors.Is(err, tickets.ErrStaleLease), ctx.Err() != nil:
		a.Log.Info("not merged yet", "entry", p.Entry, "calls", len(p.with)+1, "err", err)
		return result{err: err}
	}
	a.Log.Error("not merged, each is said by itself", "entry", p.Entry, "calls", len(p.with)+1, "err", err)
	p.frozen = false
	a.split(p)
	return result{err: err}
}

// split has calls that cannot be merged said one by one, unless that they are merged may have been written.
func (a *Announcer) split(p *pending) {
	if !p.frozen {
		a.lone(append(p.with, p)...)
		a.part(p, nil)
	}
}

// chosen leaves with a call only those that may be said with it, and tells whether there are any. The others are said, or
// dropped, by themselves.
func (a *Announcer) chosen(ctx context.Context, p *pending) (bool, error) {
	ok, err := a.joins(ctx, p)
	if err != nil {
		return false, err
	}
	var kept []*pending
	for _, q := range p.with {
		if !ok {
			break
		}
		joins, err := a.joins(ctx, q)
		switch {
		case err != nil:
			return false, err
		case joins:
			kept = append(kept, q)
		default:
			a.lone(q)
		}
	}
	a.part(p, kept)
	if len(kept) == 0 {
		a.lone(p)
	}
	return len(kept) > 0, nil
}

// joins tells whether a call may be said with others: nobody has tried to say it, it is true, and its person has the ticket
// still.
func (a *Announcer) joins(ctx context.Context, p *pending) (bool, error) {
	_, tried, err := a.mark(ctx, p, p.ID)
	if err != nil || tried > 0 {
		return false, err
	}
	t, err := a.ticket(ctx, p)
	if errors.Is(err, tickets.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	gone := p.said.Channel == "" && p.said.follows() && t.Assignee != "" && t.Assignee != p.said.To
	return !gone && p.said.stale(t, a.Now()) == "", nil
}

// part leaves only the kept with a call; the others may be said by themselves.
func (a *Announcer) part(p *pending, kept []*pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, q := range p.with {
		q.busy = slices.Contains(kept, q)
	}
	p.with = kept
}

func (a *Announcer) lone(list ...*pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, q := range list {
		q.alone = true
	}
}

func entriesOf(list []*pending) []string {
	out := make([]string, len(list))
	for i, q := range list {
		out[i] = q.Entry
	}
	return out
}

// merged is the entry that stands for a call and those with it, the most urgent first. Its class is the highest among them.
func merged(p *pending) (tickets.Outgoing, error) {
	o := tickets.Outgoing{ID: mergedPrefix + p.ID, Workspace: p.Workspace, Class: p.Class, Lane: p.Lane, At: p.At}
	s := Said{What: SayMerged, Channel: p.said.Channel, To: p.said.To, Lang: p.said.Lang, Parts: []Part{p.part()}}
	for _, q := range p.with {
		s.Parts = append(s.Parts, q.part())
		o.Class = min(o.Class, q.Class)
		if q.At.Before(o.At) {
			o.At = q.At
		}
	}
	if s.Channel == "" {
		s.Lang = ""
	}
	slices.SortStableFunc(s.Parts, pressing)
	var err error
	if o.Body, err = json.Marshal(s); err != nil {
		return o, fmt.Errorf("merge %s: %w", p.ID, err)
	}
	return o, nil
}

// mergedPrefix begins the id of a message that stands for several calls.
const mergedPrefix = "merged:"

// pressing orders calls by how much they press: those to the next level, the marketplace's deadlines, what is due first.
func pressing(a, b Part) int {
	platform := func(p Part) int { return p.Said.rank() }
	due := func(p Part) time.Time {
		if p.Said.Due.IsZero() {
			return p.At
		}
		return p.Said.Due
	}
	return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(platform(a), platform(b)), due(a).Compare(due(b)))
}

func (s Said) rank() int {
	if s.Clock == tickets.ClockPlatform {
		return 0
	}
	return 1
}

// apart puts the calls of a message that cannot be said in the place of it. Alone, they go their own ways, without being
// merged again.
func (a *Announcer) apart(ctx context.Context, p *pending, alone bool) result {
	c := tickets.Change{Docs: a.unmark(ctx, p)}
	for _, q := range p.said.Parts {
		q.Said.Apart = alone
		body, err := json.Marshal(q.Said)
		if err != nil {
			return result{err: fmt.Errorf("take %s apart: %w", p.ID, err)}
		}
		c.Outbox = append(c.Outbox, tickets.Outgoing{ID: q.ID, Workspace: p.Workspace, Ticket: q.Ticket, Class: q.Class, Lane: p.Lane,
			At: q.At, Body: body})
	}
	a.Log.Warn("taken apart", "entry", p.Entry, "calls", len(c.Outbox))
	return a.consume(ctx, p, c)
}

package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"gongdan/tickets"
)

// WakeTogether does what is due for several tickets at once: for those of one workspace one load and one commit, so that five
// hundred that are due at one instant need a few round trips. It returns what it left, each of which is to be woken by itself:
// subjects of another kind, and tickets that cannot be decided on; after a commit that failed, all that were in it. What it
// did not leave has taken effect, exactly as by Wake.
func (c *Conversation) WakeTogether(ctx context.Context, wakes []tickets.Wake, epoch int64) (left []tickets.Wake) {
	return c.decideTogether(ctx, wakes, epoch, c.now())(ctx)
}

// PrepareTogether decides ahead of time on several wakes that will be due at one instant, as if it had come. What it returns
// commits that and is called at that instant or after it, once; like WakeTogether it returns what it left, among it every
// ticket of a commit whose tickets have changed meanwhile.
func (c *Conversation) PrepareTogether(ctx context.Context, wakes []tickets.Wake, epoch int64) func(context.Context) []tickets.Wake {
	return c.decideTogether(ctx, wakes, epoch, wakes[0].Due)
}

func (c *Conversation) decideTogether(ctx context.Context, wakes []tickets.Wake, epoch int64, at time.Time) func(context.Context) []tickets.Wake {
	var alone []tickets.Wake
	groups := map[tickets.WorkspaceID][]subject{}
	for _, w := range wakes {
		s, err := subjectOf(w)
		if err != nil || s.kind != "ticket" && s.kind != "card" {
			alone = append(alone, w)
			continue
		}
		groups[s.ws] = append(groups[s.ws], s)
	}
	var decided []*together
	for ws, group := range groups {
		decided = append(decided, c.together(ctx, ws, group, epoch, at))
	}
	return func(ctx context.Context) []tickets.Wake {
		left := alone
		for _, d := range decided {
			left = append(left, d.commit(ctx)...)
		}
		return left
	}
}

// together is what was decided on the wakes of one workspace.
type together struct {
	*turn
	write    func(context.Context) (tickets.Committed, error) // nil = nothing to write
	in, left []tickets.Wake
}

func (c *Conversation) together(ctx context.Context, ws tickets.WorkspaceID, group []subject, epoch int64, at time.Time) *together {
	d := &together{}
	for _, s := range group {
		d.in = append(d.in, s.wake)
	}
	if err := d.decide(ctx, c, ws, group, epoch, at); err != nil {
		c.log.Info("wakes not decided together, trying each alone", "workspace", ws, "wakes", len(group), "err", err)
		d.write, d.left = nil, d.in
	}
	return d
}

func (d *together) decide(ctx context.Context, c *Conversation, ws tickets.WorkspaceID, group []subject, epoch int64, at time.Time) (err error) {
	if d.turn, err = c.turn(ctx, ws, tickets.Cause{}, epoch); err != nil {
		return err
	}
	d.at = at
	if d.loaded, err = c.gather(ctx, ws, group); err != nil {
		return err
	}
	var changes []tickets.Change
	for _, s := range group {
		c, err := d.member(s)
		if err != nil {
			d.left = append(d.left, s.wake)
			continue
		}
		changes = append(changes, c)
	}
	if len(changes) == 0 {
		return nil
	}
	d.change = tickets.Join(changes)
	d.write, err = c.store.Prepare(d.change)
	return err
}

// commit returns what was left.
func (d *together) commit(ctx context.Context) []tickets.Wake {
	if d.write == nil {
		return d.left
	}
	if err := d.written(ctx, d.write); err != nil {
		d.log.Info("wakes not committed together, trying each alone", "workspace", d.ws, "wakes", len(d.in), "err", err)
		return d.in
	}
	return d.left
}

// gather loads the tickets of a group.
func (c *Conversation) gather(ctx context.Context, ws tickets.WorkspaceID, group []subject) (map[tickets.TicketID]tickets.Ticket, error) {
	ids := make([]tickets.TicketID, len(group))
	for i, s := range group {
		ids[i] = tickets.TicketID(s.id)
	}
	return c.store.Tickets(ctx, ws, ids)
}

// member decides on one subject of several as if it were alone. A ticket that was not loaded is left: why, its own load tells.
func (t *turn) member(s subject) (c tickets.Change, err error) {
	before := *t.lead
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decide %s: panic: %v\n%s", s.wake.Subject, r, debug.Stack())
		}
		if err != nil {
			*t.lead = before // what was found out would have been written with this change
		}
	}()
	if _, ok := t.loaded[tickets.TicketID(s.id)]; !ok {
		return c, fmt.Errorf("decide %s: %w", s.wake.Subject, tickets.ErrNotFound)
	}
	one := *t
	one.cause = s.cause().ID
	one.change = tickets.Change{Workspace: t.ws, Epoch: t.change.Epoch, Cause: s.cause()}
	one.say = outgoing{ws: t.ws, cause: one.cause, now: t.at}
	if err := one.woken(s); err != nil {
		return c, err
	}
	one.change.Outbox = one.say.list
	return one.change, nil
}

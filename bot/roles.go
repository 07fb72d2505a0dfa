package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongdan/tickets"
)

// actor tells what somebody may do; see roleIn. An error is tickets.ErrTemporary: whether they may has not been answered yet,
// so that nothing is decided about them. Whom the chat refuses to tell of gets the least.
func (c *Conversation) actor(ctx context.Context, ws tickets.WorkspaceID, p tickets.Policy, id tickets.UserID) (tickets.Actor, error) {
	a, err := roleIn(ctx, c.people, ws, p, id)
	if err == nil {
		return a, nil
	}
	if err := unanswered(err); err != nil {
		return tickets.Actor{}, fmt.Errorf("role of %s: %w", id, err)
	}
	c.log.Warn("role refused, least privilege taken", "workspace", ws, "user", id, "err", err)
	return a, nil
}

// unanswered is the error of a question that the chat will answer later; what it refuses to tell is none.
func unanswered(err error) error {
	var limited *RateLimited
	if errors.As(err, &limited) || errors.Is(err, tickets.ErrTemporary) {
		return fmt.Errorf("%w: %w", tickets.ErrTemporary, err)
	}
	return nil
}

// who tells what somebody may do in a turn; see actor.
func (t *turn) who(id tickets.UserID) (tickets.Actor, error) {
	return t.actor(t.ctx, t.ws, t.policy, id)
}

// works tells whether somebody may have tickets.
func (t *turn) works(id tickets.UserID) (bool, error) {
	a, err := t.who(id)
	return tickets.Allowed(a.Role, tickets.CmdClaim), err
}

// roleIn tells what somebody may do: the roster first, else by membership. With an error it is the least.
func roleIn(ctx context.Context, people Directory, ws tickets.WorkspaceID, p tickets.Policy, id tickets.UserID) (tickets.Actor, error) {
	if e, ok := p.Roster.Find(id); ok {
		return tickets.Actor{ID: id, Role: e.Role, Shops: e.Shops}, nil
	}
	least := tickets.Actor{ID: id, Role: tickets.RoleNone}
	if id == "" {
		return least, nil
	}
	who, err := people.Person(ctx, ws, id)
	if err == nil {
		least.Role = roleOf(who)
	}
	return least, err
}

// roleOf is the role that follows from membership alone.
func roleOf(p Person) tickets.Role {
	switch {
	case p.Bot, p.Deleted, p.Guest, p.Foreign:
		return tickets.RoleNone
	case p.Admin:
		return tickets.RoleSupervisor
	}
	return tickets.RoleAgent
}

// named finds the roster's person with this nickname; small letters and capitals are one, unless two people differ by them.
func named(p tickets.Policy, name string) (tickets.UserID, bool) {
	var near []tickets.UserID
	for _, e := range p.Roster.People {
		if slices.Contains(e.Names, name) {
			return e.ID, true
		}
		if slices.ContainsFunc(e.Names, func(n string) bool { return strings.EqualFold(n, name) }) {
			near = append(near, e.ID)
		}
	}
	if len(near) == 1 {
		return near[0], true
	}
	return "", false
}

// nameOf is what colleagues call somebody: the roster's first nickname, else the chat's display name; "" if unknown.
func nameOf(ctx context.Context, people Directory, ws tickets.WorkspaceID, p tickets.Policy, id tickets.UserID) string {
	if e, ok := p.Roster.Find(id); ok && len(e.Names) > 0 {
		return e.Names[0]
	}
	who, err := people.Person(ctx, ws, id)
	if err != nil {
		return ""
	}
	return who.Name
}

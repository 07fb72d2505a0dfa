package tickets

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// maxExtra bounds the lists of a change that are not documents, so that one change never blocks the store for long.
const maxExtra = 2000

var (
	plainID = regexp.MustCompile(`^[A-Za-z0-9_.\-]{1,100}$`)
	entryID = regexp.MustCompile(`^[0-9]{1,20}-[0-9]{1,20}$`)
)

// Validate tells whether a change is well formed, apart from anything stored; errors wrap [ErrInvalid]. Every
// Committer asks it before it looks at what is stored.
func (c Change) Validate() error {
	if !plainID.MatchString(string(c.Workspace)) {
		return invalid("workspace %q", c.Workspace)
	}
	if n := len(c.Tickets) + len(c.Docs); n > MaxWrites {
		return invalid("%d documents, at most %d", n, MaxWrites)
	}
	if max(len(c.Seen), len(c.Wakes), len(c.Outbox), len(c.Feed)) > maxExtra {
		return invalid("more than %d entries of one kind", maxExtra)
	}
	for _, check := range []func() error{c.validCause, c.validTickets, c.validUnique, c.validDocs, c.validRest} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("change: "+format+": %w", append(args, ErrInvalid)...)
}

func (c Change) validCause() error {
	switch c.Cause.Kind {
	case CauseInbox, CauseOutbox:
		if !entryID.MatchString(c.Cause.Entry) {
			return invalid("cause entry %q", c.Cause.Entry)
		}
	case CauseWake, CauseNone:
		if c.Cause.Entry != "" {
			return invalid("cause %q with an entry", c.Cause.Kind)
		}
	default:
		return invalid("cause kind %q", c.Cause.Kind)
	}
	return c.validAlso()
}

func (c Change) validAlso() error {
	if n := len(c.Cause.Also); n > 0 && c.Cause.Kind != CauseOutbox || n > maxExtra {
		return invalid("cause %q with %d further entries", c.Cause.Kind, n)
	}
	seen := map[string]bool{c.Cause.Entry: true}
	for _, e := range c.Cause.Also {
		if seen[e] || !entryID.MatchString(e) {
			return invalid("further cause entry %q malformed or twice", e)
		}
		seen[e] = true
	}
	return nil
}

func (c Change) validTickets() error {
	seen := map[TicketID]bool{}
	next := Number(0)
	for _, w := range c.Tickets {
		if err := w.valid(c.Workspace); err != nil {
			return err
		}
		if seen[w.After.ID] {
			return invalid("ticket %s twice", w.After.ID)
		}
		seen[w.After.ID] = true
		if w.Before != nil {
			continue
		}
		if next != 0 && w.After.Number != next {
			return invalid("new tickets' numbers have a gap before %d", w.After.Number)
		}
		next = w.After.Number + 1
	}
	return nil
}

func (w TicketWrite) valid(ws WorkspaceID) error {
	a, was := w.After, int64(0)
	if b := w.Before; b != nil {
		was = b.Version
		if b.ID != a.ID || b.Number != a.Number || b.Workspace != a.Workspace || b.Version < 1 {
			return invalid("ticket %s changes its identity", a.ID)
		}
	}
	switch {
	case !plainID.MatchString(string(a.ID)):
		return invalid("ticket id %q", a.ID)
	case a.Workspace != ws:
		return invalid("ticket %s of workspace %q", a.ID, a.Workspace)
	case a.Version != was+1:
		return invalid("ticket %s version %d after %d", a.ID, a.Version, was)
	case a.Number < 1:
		return invalid("ticket %s number %d", a.ID, a.Number)
	case len(w.Events) == 0 || len(w.Events) > maxExtra:
		return invalid("ticket %s with %d events", a.ID, len(w.Events))
	}
	for _, e := range w.Events {
		if e.Version != a.Version {
			return invalid("ticket %s event %s of version %d", a.ID, e.Kind, e.Version)
		}
	}
	return nil
}

// validUnique refuses two tickets of one change that claim the same unique key.
func (c Change) validUnique() error {
	holder := map[Key]TicketID{}
	for _, w := range c.Tickets {
		for _, k := range w.After.Keys() {
			if !k.Kind.Unique() {
				continue
			}
			if other, taken := holder[k]; taken && other != w.After.ID {
				return invalid("tickets %s and %s share %s", other, w.After.ID, k.Kind)
			}
			holder[k] = w.After.ID
		}
	}
	return nil
}

func (c Change) validDocs() error {
	seen := map[string]bool{}
	for _, d := range c.Docs {
		switch {
		case d.Key == "" || seen[d.Key]:
			return invalid("document key %q empty or twice", d.Key)
		case d.Expect < 0:
			return invalid("document %s expects version %d", d.Key, d.Expect)
		case !d.Delete && !json.Valid(d.Body):
			return invalid("document %s is not JSON", d.Key)
		}
		seen[d.Key] = true
	}
	return nil
}

func (c Change) validRest() error {
	for _, s := range c.Seen {
		if s.Channel == "" || s.TS == "" {
			return invalid("seen record without channel or ts")
		}
	}
	for _, w := range c.Wakes {
		if _, ours := w.Subject.Ticket(c.Workspace); w.Subject == "" || !ours && strings.HasPrefix(string(w.Subject), "ticket:") {
			return invalid("wake of subject %q", w.Subject)
		}
	}
	for _, o := range c.Outbox {
		if o.ID == "" || o.Workspace != c.Workspace || len(o.Body) > 0 && !json.Valid(o.Body) {
			return invalid("outbox entry %q", o.ID)
		}
	}
	for _, f := range c.Feed {
		if !json.Valid(f.Body) {
			return invalid("feed entry of ticket %q is not JSON", f.Ticket)
		}
	}
	return nil
}

// Ticket is the ticket of a workspace whose wake a subject is; false for every other subject.
func (s Subject) Ticket(ws WorkspaceID) (TicketID, bool) {
	id, found := strings.CutPrefix(string(s), string(TicketSubject(ws, "")))
	return TicketID(id), found && plainID.MatchString(id)
}

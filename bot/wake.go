package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gongdan/tickets"
)

// earlySubject is the wake of replies that wait for their root.
func earlySubject(ws tickets.WorkspaceID, ch tickets.ChannelID, root string) tickets.Subject {
	return tickets.Subject("early:" + string(ws) + "/" + string(ch) + "/" + root)
}

// Wake does what is due for a subject. A subject that is no longer due is put right, not an error.
func (c *Conversation) Wake(ctx context.Context, w tickets.Wake, epoch int64) error {
	s, err := subjectOf(w)
	if err != nil {
		return err
	}
	return c.settle(ctx, s.ws, s.cause(), epoch, func(t *turn) error { return t.woken(s) })
}

// subject is what a wake is for, taken apart.
type subject struct {
	wake tickets.Wake
	kind string
	ws   tickets.WorkspaceID
	id   string
}

func subjectOf(w tickets.Wake) (subject, error) {
	kind, rest, _ := strings.Cut(string(w.Subject), ":")
	ws, id, ok := strings.Cut(rest, "/")
	if !ok {
		return subject{}, fmt.Errorf("wake %q: %w", w.Subject, tickets.ErrInvalid)
	}
	return subject{wake: w, kind: kind, ws: tickets.WorkspaceID(ws), id: id}, nil
}

func (s subject) cause() tickets.Cause {
	return tickets.Cause{Kind: tickets.CauseWake, ID: tickets.CauseID(fmt.Sprintf("wake:%s|%d", s.id, s.wake.Due.UnixMilli()))}
}

// woken does what is due for a subject.
func (t *turn) woken(s subject) error {
	t.memo.hurried = true // what is due waits for no model
	switch s.kind {
	case "ticket":
		return t.wakeTicket(tickets.TicketID(s.id), s.wake)
	case "early":
		ch, root, _ := strings.Cut(s.id, "/")
		return t.takeEarly(tickets.ChannelID(ch), root)
	case "card":
		return t.redraw(tickets.TicketID(s.id), s.wake)
	case "replan":
		return t.replan(s.wake)
	case "merged":
		ch, ts, _ := strings.Cut(s.id, "/")
		return t.dropMerged(Ref{Channel: tickets.ChannelID(ch), TS: ts}, s.wake)
	}
	return fmt.Errorf("wake %q: %w", s.wake.Subject, tickets.ErrInvalid)
}

// ticket returns a ticket that something is due for; nil if there is none.
func (t *turn) ticket(id tickets.TicketID) (*tickets.Ticket, error) {
	if got, ok := t.loaded[id]; ok {
		return &got, nil
	}
	return t.load(t.ctx, t.ws, id)
}

// cardSubject is the wake of a card that reads differently by the passing of time alone.
func cardSubject(ws tickets.WorkspaceID, id tickets.TicketID) tickets.Subject {
	return tickets.Subject("card:" + string(ws) + "/" + string(id))
}

// redraw has a ticket's card looked at again. The announcer then sets its next wake.
func (t *turn) redraw(id tickets.TicketID, w tickets.Wake) error {
	t.change.Wakes = append(t.change.Wakes, tickets.Wake{Subject: w.Subject})
	got, err := t.ticket(id)
	if err != nil || got == nil {
		return err
	}
	t.say.add(id, tickets.ClassCard, Said{What: SayCard, Channel: got.Source.Channel, Thread: got.Source.Thread, Lang: got.Source.Lang})
	return nil
}

func (t *turn) wakeTicket(id tickets.TicketID, w tickets.Wake) error {
	got, err := t.ticket(id)
	if err != nil {
		return err
	}
	if got == nil {
		t.change.Wakes = append(t.change.Wakes, tickets.Wake{Subject: w.Subject})
		return nil
	}
	// A deadline that moves may be due at an instant at which the ticket was woken before: what is said then is something else.
	t.cause = tickets.CauseID(fmt.Sprintf("%s.%d", t.cause, got.Version))
	t.say.cause = t.cause
	res, err := tickets.Apply(got, tickets.Command{Kind: tickets.CmdWake, Cause: t.cause,
		Actor: tickets.Actor{Role: tickets.RoleClock}}, tickets.Env{Now: t.at, Policy: t.policy})
	if err != nil {
		return fmt.Errorf("wake ticket %s: %w", id, err)
	}
	if !res.Changed {
		t.change.Wakes = append(t.change.Wakes, tickets.Wake{Subject: w.Subject, Due: got.Wake})
		return nil
	}
	write := tickets.TicketWrite{Before: got, After: res.Ticket, Events: res.Events}
	t.change.Tickets = append(t.change.Tickets, write)
	if res.Ticket.Status == tickets.StatusArchived {
		if err := t.dropPings(id); err != nil {
			return err
		}
	}
	calls, err := t.calleesFor(res.Events)
	if err != nil {
		return err
	}
	t.say.planned = w.Due
	t.say.announce(write, calls)
	return nil
}

// leadKey is the document that keeps who gets escalations while nobody is configured, so that it is always the same person.
const leadKey = "lead"

// whoLeads is who gets escalations where no levels are named. The first time that nobody is configured it is an admin, who then stays the one; "" if nobody
// is known.
func (t *turn) whoLeads() (tickets.UserID, error) {
	if t.lead.known {
		return t.lead.id, nil
	}
	id, err := leadOf(t.ctx, t.store, t.ws, t.policy)
	if err != nil {
		return "", err
	}
	if id != "" {
		*t.lead = lead{known: true, id: id}
		return id, nil
	}
	id, err = t.people.Admin(t.ctx, t.ws)
	if err != nil || id == "" {
		t.log.Warn("nobody known who leads", "workspace", t.ws, "err", err)
		*t.lead = lead{known: true} // whoever is woken with it does not wait for the same answer
		return "", nil
	}
	body, err := json.Marshal(id)
	if err != nil {
		return "", fmt.Errorf("who leads %s: %w", t.ws, err)
	}
	t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: leadKey, Body: body})
	*t.lead = lead{known: true, id: id}
	return id, nil
}

// leadOf is who leads: whoever is configured, else whoever got the first; "" if there is none yet.
func leadOf(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, p tickets.Policy) (id tickets.UserID, err error) {
	if p.Roster.Escalation != "" {
		return p.Roster.Escalation, nil
	}
	doc, err := store.Doc(ctx, ws, leadKey)
	if errors.Is(err, tickets.ErrNotFound) {
		return "", nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &id)
	}
	if err != nil {
		return "", fmt.Errorf("who leads %s: %w", ws, err)
	}
	return id, nil
}

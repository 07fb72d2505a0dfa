package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongdan/tickets"
)

// ping is a message that called somebody about a clock: what was said, as it was said there, and where it stands.
type ping struct {
	Said Said `json:"said"`
	Ref  Ref  `json:"ref"`
}

// maxPings is how many of a ticket's are remembered, the newest; ladders of all three clocks make about ten.
const maxPings = 20

// pingsKey names a document of its own, so that pings and the card, which are said side by side, do not meet in one.
func pingsKey(id tickets.TicketID) string { return "pings/" + string(id) }

func (a *Announcer) pings(ctx context.Context, ws tickets.WorkspaceID, id tickets.TicketID) (list []ping, version int64, err error) {
	doc, err := a.Store.Doc(ctx, ws, pingsKey(id))
	if errors.Is(err, tickets.ErrNotFound) {
		return nil, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &list)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("pings of %s: %w", id, err)
	}
	return list, doc.Version, nil
}

func pingsWrite(id tickets.TicketID, list []ping, version int64) (tickets.DocWrite, error) {
	body, err := json.Marshal(list)
	if err != nil {
		return tickets.DocWrite{}, fmt.Errorf("keep pings of %s: %w", id, err)
	}
	return tickets.DocWrite{Key: pingsKey(id), Expect: version, Body: body}, nil
}

// clocked tells whether it calls somebody about a clock.
func (s Said) clocked() bool {
	return s.What == SayReminder || s.What == SayBreach || s.What == SayEscalation
}

// followed is the clock that a ping is about, if somebody is on it.
func (s Said) followed(t tickets.Ticket) (tickets.Deadline, bool) {
	d, ok := t.Deadline(s.Clock)
	return d, ok && s.clocked() && d.Due.Equal(s.Due) && !d.AckedAt.IsZero()
}

// remember keeps where a ping stands until somebody is on its clock. The ticket is read after the list: whoever is on it
// later finds the ping in the list, or changes the list before it is written, which then is tried again.
func (a *Announcer) remember(ctx context.Context, p *pending, s Said) (c tickets.Change, err error) {
	if !s.clocked() {
		return c, nil
	}
	list, version, err := a.pings(ctx, p.Workspace, p.Ticket)
	if err != nil {
		return c, err
	}
	t, err := a.ticket(ctx, p)
	if err != nil {
		return c, err
	}
	list = slices.DeleteFunc(list, func(g ping) bool {
		d, ok := t.Deadline(g.Said.Clock)
		_, followed := g.Said.followed(t)
		return !followed && (!ok || !d.Running() || !d.Due.Equal(g.Said.Due))
	})
	list = append(list, ping{s, p.heard.ref})
	w, err := pingsWrite(t.ID, list[max(0, len(list)-maxPings):], version)
	if err != nil {
		return c, err
	}
	c.Docs = []tickets.DocWrite{w}
	if _, ok := s.followed(t); ok {
		say := outgoing{ws: p.Workspace, cause: tickets.CauseID("out:" + p.ID), now: a.Now()}
		say.add(t.ID, tickets.ClassReply, Said{What: SayOnIt, Channel: p.heard.ref.Channel})
		c.Outbox = say.list
	}
	return c, nil
}

// onIt edits the pings about clocks that somebody is on: they say who, and offer nothing to press. The list is written
// even if nothing was in it; see remember.
func (a *Announcer) onIt(ctx context.Context, p *pending, t tickets.Ticket) (string, result) {
	list, version, err := a.pings(ctx, p.Workspace, t.ID)
	if err != nil {
		return "", result{err: err}
	}
	var now, left []ping
	for _, g := range list {
		if _, ok := g.Said.followed(t); ok {
			now = append(now, g)
		} else {
			left = append(left, g)
		}
	}
	if g, ok := p.said.pressed(t); ok && !slices.ContainsFunc(list, func(o ping) bool { return o.Ref == g.Ref }) {
		now = append(now, g)
	}
	var errs []error
	for _, g := range now {
		if err := a.redraw(ctx, p, t, g); err != nil && !errors.Is(err, ErrGone) {
			errs = append(errs, err)
		}
	}
	called := len(now) > 0
	if len(errs) > 0 {
		return "", result{called: called, err: errors.Join(errs...)}
	}
	w, err := pingsWrite(t.ID, left, version)
	if err != nil {
		return "", result{called: called, err: err}
	}
	r := a.consume(ctx, p, tickets.Change{Docs: []tickets.DocWrite{w}})
	r.called = called
	return "updated", r
}

// pressed is the message on which somebody pressed "on it", if that was how it came. It counts as a ping even where none is
// remembered: whoever posted it may have ended before that.
func (s Said) pressed(t tickets.Ticket) (ping, bool) {
	said := Said{What: SayEscalation, To: s.By, Clock: s.Clock, Due: s.Due}
	if s.Channel == t.Source.Channel {
		said.To, said.Channel, said.Thread, said.Lang = "", t.Source.Channel, t.Source.Thread, t.Source.Lang
	}
	_, ok := said.followed(t)
	return ping{said, Ref{Channel: s.Channel, TS: s.TS}}, ok && s.TS != ""
}

// redraw edits a ping in place: it says what it said then, about the ticket as it is now.
func (a *Announcer) redraw(ctx context.Context, p *pending, t tickets.Ticket, g ping) error {
	sc, err := a.scene(ctx, p.Workspace, g.Said, t)
	if err != nil {
		return err
	}
	if at, ok := sentAt(g.Ref.TS); ok {
		sc.Now = at
	}
	return a.update(ctx, p, g.Ref, g.Said.View(a.Words, sc))
}

// sentAt is when a message was said, by its id in the chat: seconds since 1970 and a fraction.
func sentAt(ts string) (time.Time, bool) {
	sec, frac, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(sec, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	micro, _ := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	return time.Unix(s, micro*1000), true
}

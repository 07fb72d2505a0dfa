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
	Said Said   `json:"said"`
	Ref  Ref    `json:"ref"`
	Hash string `json:"hash,omitempty"` // of how it was last drawn; "" = unknown
	// Row tells that it is a row of a message that stands for several calls; see mergedRecord.
	Row bool `json:"row,omitempty"`
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

// pingsWrite keeps a ticket's pings. An empty list is deleted; where there was none it is written, so that whoever remembers a
// ping at the same time finds another version and tries again.
func pingsWrite(id tickets.TicketID, list []ping, version int64) (tickets.DocWrite, error) {
	list = list[max(0, len(list)-maxPings):]
	if len(list) == 0 && version > 0 {
		return tickets.DocWrite{Key: pingsKey(id), Expect: version, Delete: true}, nil
	}
	body, err := json.Marshal(list)
	if err != nil {
		return tickets.DocWrite{}, fmt.Errorf("keep pings of %s: %w", id, err)
	}
	return tickets.DocWrite{Key: pingsKey(id), Expect: version, Body: body}, nil
}

// dropPings forgets the pings of a ticket that nothing happens to any more.
func (t *turn) dropPings(id tickets.TicketID) error {
	doc, err := t.store.Doc(t.ctx, t.ws, pingsKey(id))
	if errors.Is(err, tickets.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("pings of %s: %w", id, err)
	}
	t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: doc.Key, Expect: doc.Version, Delete: true})
	return nil
}

// clocked tells whether it calls somebody about a clock.
func (s Said) clocked() bool {
	return s.What == SayReminder || s.What == SayBreach || s.What == SayEscalation
}

// followed is the clock that a mark is of, if somebody is on it.
func (m Mark) followed(t tickets.Ticket) (tickets.Deadline, bool) {
	d, ok := t.Deadline(m.Clock)
	return d, ok && d.Due.Equal(m.Due) && !d.AckedAt.IsZero()
}

// runs tells whether the clock of a mark runs to the same deadline as it did then.
func (m Mark) runs(t tickets.Ticket) bool {
	d, ok := t.Deadline(m.Clock)
	return ok && d.Running() && (m.Due.IsZero() || d.Due.Equal(m.Due))
}

// open tells whether the clock of a mark runs and nobody is on it.
func (m Mark) open(t tickets.Ticket) bool {
	_, followed := m.followed(t)
	return m.runs(t) && !followed
}

// runs tells whether a clock that a ping is about runs.
func (s Said) runs(t tickets.Ticket) bool {
	return slices.ContainsFunc(s.marks(), func(m Mark) bool { return m.runs(t) })
}

// settled tells whether somebody is on a clock that a ping is about, or it has ended.
func (s Said) settled(t tickets.Ticket) bool {
	return s.clocked() && slices.ContainsFunc(s.marks(), func(m Mark) bool { return !m.open(t) })
}

// settles tells whether a clock that has called somebody ends with a change, or runs to another deadline.
func settles(before *tickets.Ticket, after tickets.Ticket) bool {
	if before == nil {
		return false
	}
	return slices.ContainsFunc(before.Deadlines, func(d tickets.Deadline) bool {
		return d.Running() && len(d.Fired) > 0 && !Mark{Clock: d.Kind, Due: d.Due}.runs(after)
	})
}

// remember keeps where a ping stands until its clocks have ended.
func (a *Announcer) remember(ctx context.Context, p *pending, s Said) (c tickets.Change, err error) {
	if s.clocked() {
		err = a.keepPings(ctx, p, p.Ticket, &c, ping{Said: s, Ref: p.heard.ref, Hash: p.heard.hash})
	}
	return c, err
}

// keepPings adds to what is remembered of a ticket. The ticket is read after the list: whoever is on it later, or ends it, finds
// the ping in the list, or changes the list before it is written, which then is tried again.
func (a *Announcer) keepPings(ctx context.Context, p *pending, id tickets.TicketID, c *tickets.Change, more ...ping) error {
	list, version, err := a.pings(ctx, p.Workspace, id)
	if err != nil {
		return err
	}
	t, err := a.Store.Ticket(ctx, p.Workspace, id)
	if err != nil || len(more) == 0 {
		return err
	}
	w, err := pingsWrite(id, append(list, more...), version)
	if err != nil {
		return err
	}
	c.Docs = append(c.Docs, w)
	if slices.ContainsFunc(more, func(g ping) bool { return g.Said.settled(t) }) {
		say := outgoing{ws: p.Workspace, cause: tickets.CauseID("out:" + p.ID), now: a.Now(), list: c.Outbox}
		say.add(id, tickets.ClassReply, Said{What: SayOnIt, Channel: p.heard.ref.Channel})
		c.Outbox = say.list
	}
	return nil
}

// onIt edits the pings about clocks that somebody is on, or that have ended: they say so, and offer nothing to press for these.
// Those of which no clock runs any more are forgotten. The list is written even if nothing was in it; see pingsWrite.
func (a *Announcer) onIt(ctx context.Context, p *pending, t tickets.Ticket) (string, result) {
	list, version, err := a.pings(ctx, p.Workspace, t.ID)
	if err != nil {
		return "", result{err: err}
	}
	pressed, err := a.pressedPing(ctx, p, t)
	if err != nil {
		return "", result{err: err}
	}
	settled := slices.DeleteFunc(slices.Concat(pressed, list), func(g ping) bool { return !g.Said.settled(t) })
	drawn, err := a.redrawAll(ctx, p, t, distinctPings(settled))
	if err != nil {
		return "", result{called: len(drawn) > 0, err: err}
	}
	var left []ping
	for _, g := range list {
		if hash, ok := drawn[g.Ref]; ok {
			g.Hash = hash
		}
		if g.Said.runs(t) {
			left = append(left, g)
		}
	}
	w, err := pingsWrite(t.ID, left, version)
	if err != nil {
		return "", result{called: len(drawn) > 0, err: err}
	}
	r := a.consume(ctx, p, tickets.Change{Docs: []tickets.DocWrite{w}})
	r.called = len(drawn) > 0
	return "updated", r
}

// redrawAll edits pings that read differently now, and returns how those look. A message that is gone needs nothing. The first
// edit has been paid for, the others are here.
func (a *Announcer) redrawAll(ctx context.Context, p *pending, t tickets.Ticket, list []ping) (map[Ref]string, error) {
	drawn := map[Ref]string{}
	var errs []error
	for _, g := range list {
		hash, draw, err := a.redrawing(ctx, p, t, g)
		if err == nil && (hash == "" || hash != g.Hash) {
			if len(drawn) > 0 {
				a.charge(p)
			}
			drawn[g.Ref] = hash
			err = draw()
		}
		if err != nil && !errors.Is(err, ErrGone) && !errors.Is(err, tickets.ErrNotFound) {
			errs = append(errs, err)
		}
	}
	return drawn, errors.Join(errs...)
}

// charge counts one more call of an entry, so that what comes after it waits for that.
func (a *Announcer) charge(p *pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.budget.spend(p.Workspace, p.said.What, a.Wall())
}

// distinctPings leaves one of each message, the last.
func distinctPings(list []ping) (out []ping) {
	for i, g := range list {
		if !slices.ContainsFunc(list[i+1:], func(o ping) bool { return o.Ref == g.Ref }) {
			out = append(out, g)
		}
	}
	return out
}

// pressedPing is the message on which somebody pressed "on it", if that was how it came. It counts as a ping even where none is
// remembered: whoever posted it may have ended before that.
func (a *Announcer) pressedPing(ctx context.Context, p *pending, t tickets.Ticket) ([]ping, error) {
	g, ok := p.said.pressed(t)
	if !ok {
		return nil, nil
	}
	policy, err := a.Policies.Policy(ctx, p.Workspace)
	if err != nil {
		return nil, fmt.Errorf("policy of %s: %w", p.Workspace, err)
	}
	if slices.ContainsFunc(policy.Roster.Levels, func(l tickets.Level) bool { return l.Channel != "" && l.Channel == g.Ref.Channel }) {
		g.Said.To, g.Said.Channel, g.Said.Lang = "", g.Ref.Channel, t.Source.Lang
	}
	ids, err := MergedIDs(ctx, a.Store, p.Workspace, g.Ref)
	g.Row = len(ids) > 0
	return []ping{g}, err
}

// pressed is how the message reads on which somebody pressed "on it", as far as the press tells.
func (s Said) pressed(t tickets.Ticket) (ping, bool) {
	said := Said{What: SayEscalation, To: s.By, Clock: s.Clock, Due: s.Due}
	if s.Channel == t.Source.Channel {
		said.To, said.Channel, said.Thread, said.Lang = "", t.Source.Channel, t.Source.Thread, t.Source.Lang
	}
	return ping{Said: said, Ref: Ref{Channel: s.Channel, TS: s.TS}}, said.settled(t) && s.TS != ""
}

// redrawing is how a ping is to be edited in place, and how it looks then ("" = unknown): it says what it said then, about the
// ticket as it is now.
func (a *Announcer) redrawing(ctx context.Context, p *pending, t tickets.Ticket, g ping) (hash string, draw func() error, err error) {
	if g.Row {
		return "", func() error { return a.redrawRows(ctx, p, g.Ref) }, nil
	}
	sc, err := a.scene(ctx, p.Workspace, g.Said, t)
	if err != nil {
		return "", nil, err
	}
	if at, ok := sentAt(g.Ref.TS); ok {
		sc.Now = at
	}
	v := g.Said.View(a.Words, sc)
	return CardHash(v), func() error { return a.update(ctx, p, g.Ref, v) }, nil
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

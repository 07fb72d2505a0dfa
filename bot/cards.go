package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// record is the announcer's own memory of a ticket, so that saying something does not change the ticket.
type record struct {
	Card  Ref    `json:"card,omitzero"`
	Hash  string `json:"hash,omitempty"`  // of the card as it was last sent
	Emoji string `json:"emoji,omitempty"` // the reaction that shows the state
	Lost  int    `json:"lost,omitempty"`  // cards that somebody removed
}

func recordKey(id tickets.TicketID) string { return "announce/" + string(id) }

func (a *Announcer) record(ctx context.Context, ws tickets.WorkspaceID, id tickets.TicketID) (r record, version int64, err error) {
	doc, err := a.Store.Doc(ctx, ws, recordKey(id))
	if errors.Is(err, tickets.ErrNotFound) {
		return r, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &r)
	}
	if err != nil {
		return r, 0, fmt.Errorf("what was said of %s: %w", id, err)
	}
	return r, doc.Version, nil
}

func recordWrite(id tickets.TicketID, r record, version int64) (tickets.DocWrite, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return tickets.DocWrite{}, fmt.Errorf("keep what was said of %s: %w", id, err)
	}
	return tickets.DocWrite{Key: recordKey(id), Expect: version, Body: body}, nil
}

// card posts a ticket's card, or edits it in place if it looks different now. A card that somebody removed comes back
// while there is work to do.
func (a *Announcer) card(ctx context.Context, p *pending, t tickets.Ticket) (string, result) {
	rec, version, err := a.record(ctx, p.Workspace, t.ID)
	if err != nil {
		return "", result{err: err}
	}
	sc, err := a.scene(ctx, p.Workspace, p.said, t)
	if err != nil {
		return "", result{err: err}
	}
	v := TicketCard(a.Words, sc)
	p.wakes = []tickets.Wake{{Subject: cardSubject(p.Workspace, t.ID), Due: CardStale(a.Words, sc)}}
	if rec.Card.TS == "" {
		return a.newCard(ctx, p, t, v, rec, version)
	}
	hash := CardHash(v)
	if rec.Hash == hash {
		return "same", a.consume(ctx, p, tickets.Change{})
	}
	err = a.update(ctx, p, rec.Card, v)
	if errors.Is(err, ErrGone) && t.Status.Open() {
		rec.Card, rec.Lost = Ref{}, rec.Lost+1
		return a.newCard(ctx, p, t, v, rec, version)
	}
	if err != nil {
		return "", result{called: true, err: err}
	}
	rec.Hash = hash
	w, err := recordWrite(t.ID, rec, version)
	if err != nil {
		return "", result{called: true, err: err}
	}
	r := a.consume(ctx, p, tickets.Change{Docs: []tickets.DocWrite{w}})
	r.called = true
	return "updated", r
}

func (a *Announcer) update(ctx context.Context, p *pending, at Ref, v View) error {
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	return a.Voice.Update(call, p.Workspace, at, v)
}

// newCard posts the card, makes it the thread's root for a ticket without a thread, and keeps where it is. A card that
// was posted by an earlier try is brought up to date.
func (a *Announcer) newCard(ctx context.Context, p *pending, t tickets.Ticket, v View, rec record, version int64) (string, result) {
	m := Post{ID: cardID(t.ID, rec.Lost), Channel: t.Source.Channel, Thread: t.Source.Thread, View: v}
	if p.heard != nil && p.heard.id != m.ID {
		p.heard = nil
	}
	r := a.once(ctx, p, m)
	if !r.done {
		return "", r
	}
	said := p.heard
	if hash := CardHash(v); said.hash != hash {
		if err := a.update(ctx, p, said.ref, v); err != nil && !errors.Is(err, ErrGone) {
			return "", result{called: true, err: err}
		}
		said.hash = hash
	}
	rec.Card, rec.Hash = said.ref, said.hash
	w, err := recordWrite(t.ID, rec, version)
	if err != nil {
		return "", result{err: err}
	}
	c := tickets.Change{Docs: append(a.unmarkID(ctx, p, m.ID), w)}
	if err := a.root(ctx, p, t, said.ref, &c); err != nil {
		return "", result{err: err}
	}
	done := a.consume(ctx, p, c)
	done.called, done.posted = r.called, r.posted
	return said.how, done
}

func cardID(id tickets.TicketID, lost int) string { return postID("card:"+string(id), lost) }

// root makes a card the root of its ticket's thread, if the ticket has none. Replies that came before this was known are
// taken up.
func (a *Announcer) root(ctx context.Context, p *pending, t tickets.Ticket, at Ref, c *tickets.Change) error {
	if t.Source.Thread != "" {
		return nil
	}
	done, err := a.apply(ctx, p, t, tickets.Command{Kind: tickets.CmdPosted, Thread: at.TS})
	var refused *tickets.Refusal
	if errors.As(err, &refused) {
		return nil // an archived ticket needs no thread
	}
	if err != nil {
		return fmt.Errorf("thread of %s: %w", t.ID, err)
	}
	c.Tickets, c.Outbox = done.Tickets, done.Outbox
	_, err = a.Store.Doc(ctx, p.Workspace, earlyKey(t.Source.Channel, at.TS))
	if err == nil {
		c.Wakes = []tickets.Wake{{Subject: earlySubject(p.Workspace, t.Source.Channel, at.TS), Due: a.Now()}}
	}
	return nil
}

// react mirrors the ticket's state as the bot's one reaction on the source message.
func (a *Announcer) react(ctx context.Context, p *pending, t tickets.Ticket) (string, result) {
	rec, version, err := a.record(ctx, p.Workspace, t.ID)
	if err != nil {
		return "", result{err: err}
	}
	want := StateEmoji(t)
	if want == rec.Emoji || t.Source.Deleted {
		return "same", a.consume(ctx, p, tickets.Change{})
	}
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	if err := a.Whisper.React(call, p.Workspace, Ref{Channel: p.said.Channel, TS: p.said.TS}, want, rec.Emoji); err != nil {
		return "", result{called: true, err: err}
	}
	rec.Emoji = want
	w, err := recordWrite(t.ID, rec, version)
	if err != nil {
		return "", result{called: true, err: err}
	}
	r := a.consume(ctx, p, tickets.Change{Docs: []tickets.DocWrite{w}})
	r.called = true
	return "sent", r
}

// takenEmoji is the reaction on a message that was added to a ticket.
const takenEmoji = "memo"

// taken shows on a message that it was added to a ticket. Reacting twice is reacting once, so nothing needs to be recorded.
func (a *Announcer) taken(ctx context.Context, p *pending) (string, result) {
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	if err := a.Whisper.React(call, p.Workspace, Ref{Channel: p.said.Channel, TS: p.said.TS}, takenEmoji, ""); err != nil {
		return "", result{called: true, err: err}
	}
	r := a.consume(ctx, p, tickets.Change{})
	r.called = true
	return "sent", r
}

// view makes the words of an entry, in the language of its place or its person.
func (a *Announcer) view(ctx context.Context, ws tickets.WorkspaceID, s Said, t tickets.Ticket) (View, error) {
	if s.What == SayAnswer {
		return a.Answer(ctx, ws, Input{Command: &SlashCommand{Channel: s.Channel, User: s.To, Text: s.Detail, Sent: a.Now()}})
	}
	sc, err := a.scene(ctx, ws, s, t)
	if err != nil {
		return View{}, err
	}
	return s.View(a.Words, sc), nil
}

// scene is what the words of an entry are made from.
func (a *Announcer) scene(ctx context.Context, ws tickets.WorkspaceID, s Said, t tickets.Ticket) (Scene, error) {
	policy, err := a.Policies.Policy(ctx, ws)
	if err != nil {
		return Scene{}, fmt.Errorf("policy of %s: %w", ws, err)
	}
	sc := Scene{Now: a.Now(), Zone: policy.Zone, Lang: s.Lang, Ticket: t, Merchant: a.merchant(ctx, ws, policy, s, t),
		Name: func(id tickets.UserID) string { return nameOf(ctx, a.People, ws, policy, id) }}
	rule, _ := policy.Explain(t)
	sc.Consequence, sc.Types = rule.Consequence, policy.Types
	if s.To != "" {
		if who, err := a.People.Person(ctx, ws, s.To); err == nil && who.Lang != "" {
			sc.Lang = who.Lang
		}
	}
	if sc.Lang == "" {
		sc.Lang = words.Chinese
	}
	return sc, nil
}

// merchant tells whether only the merchant's fields may be shown: where people from outside read along, and to one
// person who is not of the team. Reminders are for those who work on the ticket only; a level of escalation may name anybody.
func (a *Announcer) merchant(ctx context.Context, ws tickets.WorkspaceID, p tickets.Policy, s Said, t tickets.Ticket) bool {
	called := s.What == SayEscalation && s.To != "" && s.To != t.Assignee
	if s.whispered() || called || s.Channel == "" && s.To == t.Requester && s.To != t.Assignee {
		to, err := roleIn(ctx, a.People, ws, p, s.To)
		if err != nil {
			a.Log.Warn("role unknown, least is shown", "workspace", ws, "user", s.To, "err", err)
		}
		return !to.Role.Staff()
	}
	return s.Channel != "" && (t.Source.Foreign && s.Channel == t.Source.Channel || a.foreign(ctx, ws, s.Channel))
}

// foreign tells whether people from outside read a channel now: they may have come after a ticket was made. What cannot be
// looked up counts as such.
func (a *Announcer) foreign(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID) bool {
	got, err := a.People.Channel(ctx, ws, ch)
	if err != nil {
		a.Log.Warn("channel unknown, merchant's words taken", "workspace", ws, "channel", ch, "err", err)
	}
	return err != nil || got.Foreign
}

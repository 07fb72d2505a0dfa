package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gongdan/intents"
	"gongdan/intents/corrections"
	"gongdan/tickets"
)

// Docs reads a workspace's documents for [corrections].
type Docs struct {
	Store     tickets.Records
	Workspace tickets.WorkspaceID
}

// Read returns a document; version 0 = there is none.
func (d Docs) Read(ctx context.Context, key string) (body []byte, version int64, err error) {
	doc, err := d.Store.Doc(ctx, d.Workspace, key)
	if errors.Is(err, tickets.ErrNotFound) {
		return nil, 0, nil
	}
	return doc.Body, doc.Version, err
}

// DocWrites are the planned documents as a change writes them.
func DocWrites(list []corrections.Write) []tickets.DocWrite {
	out := make([]tickets.DocWrite, len(list))
	for i, w := range list {
		out[i] = tickets.DocWrite(w)
	}
	return out
}

// keepCorrection plans to keep a correction. Where the others cannot be read it is lost, for what was pressed matters more.
func (t *turn) keepCorrection(list []corrections.Write, err error) error {
	if errors.Is(err, corrections.ErrDamaged) {
		t.log.Error("a correction is not kept", "workspace", t.ws, "err", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("keep correction: %w", err)
	}
	t.change.Docs = append(t.change.Docs, DocWrites(list)...)
	return nil
}

func (t *turn) docs() Docs { return Docs{Store: t.store, Workspace: t.ws} }

// learn keeps what a command says about how a ticket's words were understood, in the same commit: that it is none, that
// its type is another one, and that it is one after all.
func (t *turn) learn(before *tickets.Ticket, after tickets.Ticket, cmd tickets.Command) error {
	if before == nil || before.Source.Text == "" || !cmd.Actor.Role.Staff() {
		return nil
	}
	label := string(after.Type)
	switch {
	case cmd.Kind == tickets.CmdDiscard && before.Source.Kind == SourceMessage:
		label = corrections.NotATicket
	case cmd.Kind == tickets.CmdType:
	case cmd.Kind == tickets.CmdReopen && before.Outcome == tickets.OutcomeNotTicket:
	default:
		return nil
	}
	r := t.correction(cmd.Actor.Role, before.Source, decided(before.Decision))
	r.Was, r.Label = string(before.Type), label
	if r.Did == seenAsk { // it was answered when the ticket was made
		r.Did = string(intents.Act)
	}
	return t.keepCorrection(corrections.Add(t.ctx, t.docs(), r))
}

// correction is one about the words of a source, without what they were taken for.
func (t *turn) correction(role tickets.Role, src tickets.Source, d decision) corrections.Row {
	ts := src.TS
	if src.Kind != SourceMessage {
		ts = "command:" + src.TS
	}
	q := t.question(Message{Text: src.Text, Sent: t.at, Channel: src.Channel}, false)
	label, p := t.minds.Guess(q)
	return corrections.Row{ID: corrections.IDOf(string(t.ws), string(src.Channel), ts), At: t.at.UTC(), Role: string(role),
		Text: corrections.Clean(src.Text, t.at, t.zone(), t.nicknames()), Local: label, P: p, By: strings.TrimSuffix(d.by, degraded), Did: d.Did}
}

// nicknames are what people of the roster are called.
func (t *turn) nicknames() (out []string) {
	for _, p := range t.policy.Roster.People {
		out = append(out, p.Names...)
	}
	return out
}

// wasTicket keeps that a message which was asked about, or let pass, is a ticket. Its type is what the ticket will have, or
// what the local model thinks likeliest.
func (t *turn) wasTicket(by tickets.UserID, seen tickets.Seen, d tickets.Draft) error {
	if seen.Decision != seenAsk && seen.Decision != seenIgnore && seen.Decision != seenNot {
		return nil
	}
	r, err := t.aboutDraft(by, seen, d)
	if err != nil || r.Role == string(tickets.RoleNone) {
		return err
	}
	if r.Label = string(d.Type); r.Label == otherCategory && r.Local != "" {
		r.Label = r.Local
	}
	return t.keepCorrection(corrections.Add(t.ctx, t.docs(), r))
}

// wasNone keeps that a message which was asked about is no ticket.
func (t *turn) wasNone(by tickets.UserID, seen tickets.Seen, d tickets.Draft) error {
	r, err := t.aboutDraft(by, seen, d)
	if err != nil || r.Role == string(tickets.RoleNone) {
		return err
	}
	r.Label = corrections.NotATicket
	return t.keepCorrection(corrections.Add(t.ctx, t.docs(), r))
}

// aboutDraft is a correction of what was thought of a message, without its label. What people from outside say of it is no
// lesson: their role is none then.
func (t *turn) aboutDraft(by tickets.UserID, seen tickets.Seen, d tickets.Draft) (corrections.Row, error) {
	who, err := t.who(by)
	if err != nil || !who.Role.Staff() {
		return corrections.Row{Role: string(tickets.RoleNone)}, err
	}
	thought := decided(d.Decision)
	r := t.correction(who.Role, d.Source, thought)
	if r.Was = thought.Type; seen.Decision != seenAsk || r.Was == "" {
		r.Was = corrections.NotATicket
	}
	if seen.Decision == seenAsk || seen.Listed {
		r.Did = seenAsk // either answer teaches something
	}
	return r, nil
}

// makeMessage makes a ticket of the message on which the shortcut was used, whatever was thought of it before.
func (t *turn) makeMessage(k Click) error {
	r := request{by: k.User, channel: k.Channel, thread: k.Thread}
	if k.Said == nil || k.Said.Own || k.Said.TS == "" || k.Said.Text == "" && len(k.Said.Files) == 0 {
		t.deny(r, "", refusedEmpty)
		return nil
	}
	m := *k.Said
	by, err := t.who(k.User)
	switch {
	case err != nil:
		return err
	case k.User != m.Author && !by.Role.Staff():
		t.deny(r, "", string(tickets.ReasonNotPermitted))
		return nil
	case t.away(r):
		t.deny(r, "", refusedAway)
		return nil
	}
	of, err := t.ticketOf(m.Channel, m.TS, m.Thread)
	if err != nil || of != nil {
		return errors.Join(err, t.hasTicket(r, by, of))
	}
	seen, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err != nil {
		return err
	}
	return t.makeOf(k, m, seen, known)
}

// hasTicket tells that a message stands in a ticket already.
func (t *turn) hasTicket(r request, by tickets.Actor, of *tickets.Ticket) error {
	if of == nil || t.hidden(r, by, of) {
		return nil
	}
	t.deny(r, of.ID, refusedHas)
	return nil
}

func (t *turn) makeOf(k Click, m Message, seen tickets.Seen, known bool) error {
	d := t.understand(m, false)
	if known {
		body, err := t.keepDraft(m, d)
		if err != nil {
			return err
		}
		var draft tickets.Draft
		if err := json.Unmarshal(body, &draft); err != nil {
			return fmt.Errorf("draft of %s/%s: %w", m.Channel, m.TS, err)
		}
		if err := t.wasTicket(k.User, seen, draft); err != nil {
			return err
		}
	}
	if err := t.create(m, d); err != nil {
		return err
	}
	for i := range t.change.Seen {
		s := &t.change.Seen[i]
		if s.Channel == m.Channel && s.TS == m.TS {
			s.Listed = s.Listed || seen.Listed
		}
	}
	if n := len(t.change.Tickets); n > 0 && k.User != m.Author {
		s := Said{What: SayDone, Channel: k.Channel, Thread: k.Thread, To: k.User, Detail: string(tickets.CmdCreate)}
		if t.change.Tickets[n-1].Before != nil {
			s.Detail = string(tickets.CmdNote)
		}
		t.whisper(t.change.Tickets[n-1].After.ID, s)
	}
	return nil
}

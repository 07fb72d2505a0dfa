package bot

import (
	"errors"
	"slices"
	"time"

	"gongdan/tickets"
)

// edit follows a changed message: while it waits for its root, in what waits; in the ticket made of it or the timeline it
// stands in; or as new words, where nothing had come of the old ones or they have not been heard. The last words said
// count, whatever comes first: an edit that is older than the words known, or says them again, is without effect.
func (t *turn) edit(e Edit) error {
	m := e.Message
	m.Edited = e.At
	if m.Own || m.Bot || m.System || m.Author == "" {
		return nil
	}
	if waits, err := t.editEarly(m); err != nil || waits {
		return err
	}
	// Read after what waits: whatever has been taken up since shows here.
	seen, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err != nil || known && (seen.Decision == seenGone || !m.newer(seen.Edited)) {
		return err
	}
	of, err := t.ticketOf(m.Channel, m.TS, m.Thread)
	if err != nil {
		return err
	}
	old := !known && e.At.Sub(m.Sent) >= tickets.SeenFor // its record has served its time
	switch {
	case of != nil && (known || old || of.Source.TS == m.TS):
		return t.reword(of, m, seen, known)
	case old, known && !slices.Contains(fruitless, seen.Decision):
		return nil
	case m.Direct && of != nil:
		return t.reply(m, of)
	case m.Direct:
		return nil // a command is carried out as it was said first
	}
	heard, err := t.listening(m)
	switch {
	case err != nil || !heard:
		return err
	case m.inThread():
		return t.inThread(m)
	}
	return t.topLevel(m)
}

// fruitless are the decisions after which other words may still become something. A reply that came too early waits no
// longer where it is asked for: there were too many.
var fruitless = []string{seenIgnore, seenAsk, seenEarly}

// newer tells whether a message's words are later than those of an edit; everything is later than none.
func (m Message) newer(than time.Time) bool { return than.IsZero() || m.Edited.After(than) }

// reword follows new words in a ticket, once.
func (t *turn) reword(of *tickets.Ticket, m Message, seen tickets.Seen, known bool) error {
	if known {
		seen.Channel, seen.TS, seen.Edited = m.Channel, m.TS, m.Edited
		t.seen(seen)
	}
	same, err := t.reads(of, m)
	if err != nil || same {
		return err
	}
	return t.follow(of, tickets.CmdEdited, m)
}

// reads tells whether a ticket's timeline already ends a message with these words.
func (t *turn) reads(of *tickets.Ticket, m Message) (bool, error) {
	events, err := t.store.Timeline(t.ctx, t.ws, of.ID)
	if err != nil {
		return false, err
	}
	now := t.kept(m)
	for _, e := range slices.Backward(events) {
		if was := e.Message; was.TS == now.TS && was.Channel == now.Channel {
			return was.Text == now.Text && slices.EqualFunc(was.Files, now.Files, sameFile), nil
		}
	}
	return false, nil
}

func sameFile(a, b tickets.File) bool { return a.ID == b.ID }

// deleted strikes a removed message through; its ticket lives. One that waits for its root, or has not been heard yet,
// needs no hearing.
func (t *turn) deleted(d Delete) error {
	waits, err := t.dropEarly(d)
	if err != nil {
		return err
	}
	_, known, err := t.store.Seen(t.ctx, t.ws, d.Channel, d.TS)
	if err != nil {
		return err
	}
	if !known || waits {
		t.seen(tickets.Seen{Channel: d.Channel, TS: d.TS, Decision: seenGone, Thread: d.Thread, Author: d.Author})
	}
	of, err := t.ticketOf(d.Channel, d.TS, d.Thread)
	if err != nil || of == nil || waits {
		return err
	}
	return t.follow(of, tickets.CmdDeleted, Message{Channel: d.Channel, TS: d.TS, Thread: d.Thread, Author: d.Author})
}

// ticketOf finds the ticket made of a message, or the one it was added to.
func (t *turn) ticketOf(ch tickets.ChannelID, ts, thread string) (*tickets.Ticket, error) {
	made, err := t.find(tickets.Key{Kind: tickets.KeySource, Value: string(ch) + "/" + ts})
	if err != nil || made != nil {
		return made, err
	}
	seen, known, err := t.store.Seen(t.ctx, t.ws, ch, ts)
	if err != nil {
		return nil, err
	}
	if known && seen.Ticket != "" {
		return t.load(t.ctx, t.ws, seen.Ticket)
	}
	if thread == "" || thread == ts {
		return nil, nil
	}
	made, _, err = t.threadTicket(ch, thread)
	return made, err
}

func (t *turn) follow(of *tickets.Ticket, kind tickets.CommandKind, m Message) error {
	actor := t.actor(t.ctx, t.ws, t.policy, m.Author)
	_, err := t.apply(of, tickets.Command{Kind: kind, Actor: actor, Message: t.kept(m)})
	var r *tickets.Refusal
	if errors.As(err, &r) {
		t.log.Info("edit not followed", "workspace", t.ws, "ticket", of.ID, "reason", r.Reason)
		return nil
	}
	return err
}

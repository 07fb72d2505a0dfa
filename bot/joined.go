package bot

import (
	"fmt"

	"gongdan/intents"
	"gongdan/tickets"
)

// What one person says in a row of one matter is asked about once: what comes after the question waits with it, as a reply does,
// and goes where the answer sends it.

// leading is the message about which its author is being asked and to which what they say now belongs: said a moment ago, with
// nothing in either that tells of another matter. Its draft knows what has joined it since. Nil if there is none.
func (t *turn) leading(m Message, d intents.Decision) (*tickets.Seen, *tickets.Draft, error) {
	if m.inThread() || m.Bot || m.Direct || d.Suspicious || !m.Edited.IsZero() || len(t.named(m.Text)) > 0 {
		return nil, nil, nil
	}
	last := m.TS
	for _, ts := range t.lanes.lately(t.ws, m) {
		if apart(ts, last) > burstGap {
			break
		}
		last = ts
		seen, _, err := t.store.Seen(t.ctx, t.ws, m.Channel, ts)
		if err != nil {
			return nil, nil, err
		}
		if seen.Decision != seenAsk || seen.Author != m.Author || seen.Thread != "" {
			continue
		}
		seen.Channel, seen.TS = m.Channel, ts
		dr, seen, err := t.draftOf(seen)
		if err != nil || dr == nil || len(t.named(dr.Source.Text)) > 0 {
			return nil, nil, err
		}
		if other, err := t.otherThan(*dr, seen, m.TS, d); err != nil || other {
			return nil, nil, err
		}
		return &seen, dr, nil
	}
	return nil, nil, nil
}

// otherThan tells whether a message reads like another matter than a message that is asked about and what else has joined it.
func (t *turn) otherThan(dr tickets.Draft, seen tickets.Seen, ts string, d intents.Decision) (bool, error) {
	k := tickets.Ticket{Type: dr.Type, Facts: dr.Facts}
	if t.otherMatter(k, d) || t.maybeOther(k, d) {
		return true, nil
	}
	early, _, err := t.early(seen.Channel, seen.TS)
	for _, r := range early {
		if r.Joined && r.Message.TS != ts {
			k.Facts = facts(t.minds.Local(t.question(r.Message, false)))
			if t.otherMatter(k, d) {
				return true, nil
			}
		}
	}
	return false, err
}

// joins keeps a message about which its author would be asked with the question that stands already. It reports false if there
// is none.
func (t *turn) joins(m Message, d intents.Decision) (bool, error) {
	if err := t.alone(); err != nil { // else a press meanwhile is undone by the record that this writes
		return false, err
	}
	seen, dr, err := t.leading(m, d)
	if err != nil || seen == nil {
		return false, err
	}
	own, err := t.draft(m, d)
	if err != nil {
		return false, err
	}
	if dr.Type == otherType && own.Type != otherType {
		dr.Type, dr.Severity = own.Type, own.Severity
		if seen.Draft, err = withFiles(*dr, filesOf(*seen)); err != nil {
			return false, fmt.Errorf("keep draft of %s/%s: %w", seen.Channel, seen.TS, err)
		}
		t.seen(*seen)
	}
	m.Thread = seen.TS
	return true, t.keepEarly(m, true)
}

// createWith makes the ticket of a message and gives it what its author said just before and is being asked about: the question
// is answered by it. That it is still open, and has made no ticket, is looked at once nobody else can answer it.
func (t *turn) createWith(m Message, d intents.Decision) error {
	if err := t.alone(); err != nil {
		return err
	}
	open, err := t.alreadyOpen(m, d)
	switch {
	case err != nil:
		return err
	case open != nil:
		return t.addTo(open, m, d)
	}
	seen, dr, err := t.leading(m, d)
	if err != nil {
		return err
	}
	if err := t.create(m, d); err != nil || seen == nil || len(t.change.Tickets) == 0 {
		return err
	}
	early, version, err := t.early(m.Channel, seen.TS)
	if err != nil {
		return err
	}
	before := earlyReply{Heard: t.at, Joined: true, Message: Message{Channel: m.Channel, TS: seen.TS, Thread: seen.TS, Author: seen.Author,
		Text: dr.Source.Text, Files: filesOf(*seen), Sent: m.Sent}}
	seen.Decision, seen.Ticket, seen.Draft = seenEarly, t.change.Tickets[len(t.change.Tickets)-1].After.ID, nil
	t.seen(*seen)
	t.wakeEarlyAt(m.Channel, seen.TS, t.at)
	return t.writeEarly(m.Channel, seen.TS, version, append([]earlyReply{before}, early...))
}

// leaves tells whether the new words of a message that waits beside a root need it no longer: they are another matter, surely a
// ticket, or nothing that goes into one unasked.
func (t *turn) leaves(m Message) (bool, error) {
	d := t.understand(m, false)
	if d.Suspicious || d.Action == intents.Act {
		return true, nil
	}
	seen, _, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.Thread)
	if err != nil {
		return false, err
	}
	seen.Channel, seen.TS = m.Channel, m.Thread
	dr, seen, err := t.draftOf(seen)
	if err != nil || dr == nil {
		return false, err
	}
	return t.otherThan(*dr, seen, m.TS, d)
}

// takeJoined takes up a message that waited beside the one its author was asked about: into the ticket that came of that, or else
// by itself, unless it was let go.
func (t *turn) takeJoined(r earlyReply, open *tickets.Ticket) error {
	m := r.Message
	was, _, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	aside := !r.Aside.IsZero()
	if err != nil || was.Decision != seenEarly && (!aside || was.Decision != seenNot) {
		return err // somebody has decided about it alone
	}
	m.Thread = ""
	switch {
	case open != nil:
		d := t.minds.Local(t.question(m, false))
		if err := t.addedTo(open, m, d, factsSaid(*open, m.Text, d)); err != nil {
			return err
		}
		t.memo.counts = nil                             // it was counted when it was said
		t.change.Seen[len(t.change.Seen)-1].Draft = nil // the old question's button makes nothing of it any more
		c, _ := intents.Corrects(m.Text, d)
		return t.fixOrMark(m, open, c)
	case aside:
		return nil
	}
	return t.judge(m)
}

// setAside lets a message that waits beside its root go, as its author said that the root is no ticket, or never answered.
func (t *turn) setAside(m Message, root string) error {
	was, _, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err == nil && was.Decision == seenEarly {
		t.became(m, tickets.Seen{Decision: seenNot, Thread: root})
	}
	return err
}

// besideRoot is a message as it waits, if it waits beside a root, or in the thread of one that does: as if it stood in the root's
// thread.
func (t *turn) besideRoot(m Message) (Message, error) {
	seen, _, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if seen.Decision == seenEarly || seen.Decision == seenNot && seen.Thread != "" { // it was let go with its root
		m.Thread = seen.Thread
	}
	return m, err
}

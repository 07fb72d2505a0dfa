package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"time"

	"gongdan/tickets"
)

// edit follows a changed message: while it waits for its root, in what waits; in the ticket made of it or the timeline it
// stands in; or as new words, where nothing had come of the old ones or they have not been heard. The last words said
// count, whatever comes first: an edit that is older than what is known, or says the same, is without effect.
func (t *turn) edit(e Edit) error {
	m := e.Message
	m.Edited = e.At
	if m.Own || m.System || m.Author == "" || m.Bot && !t.brings(m) {
		return nil
	}
	if m.Bot {
		m.Mentions, m.ToBot = nil, false
	}
	beside, err := t.besideRoot(m)
	if err != nil {
		return err
	}
	if waits, err := t.editEarly(beside); err != nil || waits {
		return err
	}
	// Read after what waits: whatever has been taken up since shows here.
	seen, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	switch {
	case err != nil || known && (seen.Decision == seenGone || m.older(seen.Edited)):
		return err
	case known && seen.Words == m.digest():
		t.reworded(seen, m)
		return nil
	}
	of, err := t.ticketOf(m.Channel, m.TS, m.Thread)
	if err != nil {
		return err
	}
	old := !known && e.At.Sub(m.Sent) >= tickets.SeenFor // its record has served its time
	switch {
	case of != nil && known:
		return t.rewrite(of, seen, m)
	case of != nil && (old || of.Source.TS == m.TS):
		return t.follow(of, tickets.CmdEdited, m)
	case old, known && !slices.Contains(fruitless, seen.Decision):
		return nil
	case m.Direct && of != nil:
		return t.reply(m, of)
	case m.Direct:
		return nil // a command is carried out as it was said first
	}
	return t.rehear(m, seen)
}

// rehear takes new words as if they were the first. Replies that waited for an answer about the old ones wait no longer where
// the new ones ask nothing.
func (t *turn) rehear(m Message, seen tickets.Seen) error {
	hear := t.hear
	if m.Bot {
		hear = t.machine
	}
	if err := hear(m); err != nil || seen.Decision != seenAsk || m.inThread() {
		return err
	}
	for _, s := range t.change.Seen {
		if s.TS == m.TS && (s.Decision == seenIgnore || s.Decision == seenAdded) {
			return t.wakeEarly(m.Channel, m.TS)
		}
	}
	return nil
}

// rewrite follows new words in the ticket that holds the old ones, and in the draft of the ticket that may still be made
// of them.
func (t *turn) rewrite(of *tickets.Ticket, seen tickets.Seen, m Message) error {
	if len(seen.Draft) > 0 {
		draft, err := t.keepDraft(m, t.understand(m, false))
		if err != nil {
			return err
		}
		seen.Draft = draft
	}
	t.reworded(seen, m)
	return t.follow(of, tickets.CmdEdited, m)
}

// news is what a message's new words change in its ticket: facts that it lacks, and of a marketplace's notice the times and
// numbers that are not what they were.
type news struct {
	facts, was   tickets.Facts
	renumbered   [][2]string // orders that the words tell otherwise now: what each was, and is
	due, created time.Time
}

// learned is what new words tell beyond the old. A further order is a further matter.
func (t *turn) learned(of tickets.Ticket, m Message) (n news, err error) {
	if relay, ok := t.policy.Relay(m.BotID, m.BotName); ok && m.Bot {
		n, err = t.renoticed(of, m, relay)
	} else {
		n, err = t.retold(of, m)
	}
	if len(of.Facts.Orders) > 0 {
		n.facts.Orders, n.was.Orders = nil, nil
	}
	return n, err
}

// toldIn are the facts in the words of a person.
func (t *turn) toldIn(m Message) (tickets.Facts, error) {
	by, err := t.who(m.Author)
	if err != nil {
		return tickets.Facts{}, err
	}
	f := toldBy(t.minds.Local(t.question(m, true)))
	if !by.Role.Staff() {
		t.keepOwnShop(&f, by, m.Channel)
	}
	return f, nil
}

// fruitless are the decisions after which other words may still become something. A reply that came too early is looked
// for among those that wait before it is asked what became of it: it was one too many.
var fruitless = []string{seenIgnore, seenAsk, seenEarly}

// older tells whether a message's words are older than an edit. Slack tells the time of an edit in whole seconds: of two
// within one, neither is, and the one that comes last counts.
func (m Message) older(than time.Time) bool { return m.Edited.Before(than.Truncate(time.Second)) }

// reworded remembers a message's new words.
func (t *turn) reworded(seen tickets.Seen, m Message) {
	seen.Channel, seen.TS, seen.Edited, seen.Words = m.Channel, m.TS, m.Edited, m.digest()
	t.seen(seen)
}

// digest is equal for equal words and files, as far as a ticket keeps them.
func (m Message) digest() string {
	h := sha256.New()
	_, _ = io.WriteString(h, head(m.Text, tickets.MaxText))
	for _, f := range m.Files {
		_, _ = io.WriteString(h, "\x00"+f.ID)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}

// unfinished are the decisions of which something may still come: not once the message is gone.
var unfinished = []string{seenIgnore, seenAsk, seenNot}

// deleted strikes a removed message through; its ticket lives. One that waits for its root, or has not been heard yet,
// needs no hearing.
func (t *turn) deleted(d Delete) error {
	beside, err := t.besideRoot(Message{Channel: d.Channel, TS: d.TS, Thread: d.Thread})
	if err != nil {
		return err
	}
	waits, err := t.dropEarly(Delete{Channel: d.Channel, TS: d.TS, Thread: beside.Thread})
	if err != nil {
		return err
	}
	seen, known, err := t.store.Seen(t.ctx, t.ws, d.Channel, d.TS)
	if err != nil {
		return err
	}
	if !known || waits || slices.Contains(unfinished, seen.Decision) {
		t.seen(tickets.Seen{Channel: d.Channel, TS: d.TS, Decision: seenGone, Thread: d.Thread, Author: d.Author})
	}
	if seen.Decision == seenAsk {
		return t.wakeEarly(d.Channel, d.TS) // nobody will answer for it
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

// follow tells a ticket, and those that it was split into, of a message's new words or of its end.
func (t *turn) follow(of *tickets.Ticket, kind tickets.CommandKind, m Message) error {
	var n news
	if kind == tickets.CmdEdited {
		var err error
		if n, err = t.learned(*of, m); err != nil {
			return err
		}
	}
	if err := t.followIn(of, kind, m, n); err != nil || of.Source.TS != m.TS {
		return err
	}
	children, err := t.children(t.ctx, *of)
	for i := range children {
		err = errors.Join(err, t.followIn(&children[i], kind, m, news{renumbered: n.renumbered, due: n.due, created: n.created}))
	}
	return err
}

func (t *turn) followIn(of *tickets.Ticket, kind tickets.CommandKind, m Message, n news) error {
	actor, err := t.who(m.Author)
	if err != nil {
		return err
	}
	for _, o := range n.renumbered {
		if slices.Contains(of.Facts.Orders, o[0]) {
			n.was.Orders, n.facts.Orders = append(n.was.Orders, o[0]), append(n.facts.Orders, o[1])
		}
	}
	_, err = t.apply(of, tickets.Command{Kind: kind, Actor: actor, Message: t.kept(m), Facts: n.facts, Was: n.was,
		PlatformCreated: n.created, BackOffice: n.due})
	var r *tickets.Refusal
	if errors.As(err, &r) {
		t.log.Info("edit not followed", "workspace", t.ws, "ticket", of.ID, "reason", r.Reason)
		return nil
	}
	return err
}

package bot

import (
	"errors"

	"gongdan/bot/typed"
	"gongdan/intents"
	"gongdan/tickets"
)

// inThread handles a reply: words that are a command, more about the ticket, or what stands for itself.
func (t *turn) inThread(m Message) error {
	open, err := t.threadTicket(m.Channel, m.Thread)
	if err != nil {
		return err
	}
	if open == nil {
		return t.orphan(m)
	}
	return t.reply(m, open)
}

// reply handles a message in a ticket's thread. Command words of somebody who may not command are words like any other,
// and refused besides.
func (t *turn) reply(m Message, open *tickets.Ticket) error {
	if m.ToBot {
		if done, err := t.mentioned(m, open); done || err != nil {
			return err
		}
	} else if cmd, ok := typed.Bare(m.Text); ok {
		if tickets.Allowed(t.actor(t.ctx, t.ws, t.policy, m.Author).Role, commandKinds[cmd.Verb]) {
			return t.spokenCommand(m, open, cmd)
		}
		t.deny(request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct}, open.ID, string(tickets.ReasonNotPermitted))
	}
	if err := t.note(open, m, facts(t.understand(m, true))); err != nil {
		return err
	}
	t.seen(tickets.Seen{Channel: m.Channel, TS: m.TS, Decision: seenNote, Ticket: open.ID, Thread: m.Thread, Author: m.Author})
	return nil
}

func threadKey(ch tickets.ChannelID, root string) tickets.Key {
	return tickets.Key{Kind: tickets.KeyThread, Value: string(ch) + "/" + root}
}

// threadTicket is the ticket whose thread this is, or to which the thread's root was added; nil if there is none.
func (t *turn) threadTicket(ch tickets.ChannelID, root string) (*tickets.Ticket, error) {
	made, err := t.find(threadKey(ch, root))
	if err != nil || made != nil {
		return made, err
	}
	seen, known, err := t.store.Seen(t.ctx, t.ws, ch, root)
	if err != nil || !known || seen.Ticket == "" {
		return nil, err
	}
	return t.load(t.ctx, t.ws, seen.Ticket)
}

// orphan handles a reply in a thread that has no ticket. It waits for a root that has not been heard yet, and with one
// whose author is being asked; otherwise it stands for itself.
func (t *turn) orphan(m Message) error {
	if m.ToBot {
		if done, err := t.mentioned(m, nil); done || err != nil {
			return err
		}
	}
	root, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.Thread)
	if err != nil {
		return err
	}
	w, _, err := t.watermark(m.Channel)
	if err != nil {
		return err
	}
	unheard := !known && w.Since != "" && m.Thread >= w.Since
	if unheard || known && root.Decision == seenAsk && t.understand(m, false).Action != intents.Act {
		return t.keepEarly(m)
	}
	return t.judge(m)
}

// edit follows a changed message: in the ticket made of it, in the timeline of its thread's ticket, or as new words
// where nothing had come of the old ones. A change that comes before its message stands for it.
func (t *turn) edit(e Edit) error {
	m := e.Message
	if m.Own || m.Bot || m.System || m.Author == "" {
		return nil
	}
	seen, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err != nil {
		return err
	}
	of, err := t.ticketOf(m.Channel, m.TS, m.Thread)
	if err != nil {
		return err
	}
	old := !known && e.At.Sub(m.Sent) >= tickets.SeenFor // its record has served its time
	unheard := !known && !old && (of == nil || of.Source.TS != m.TS)
	switch {
	case of != nil && !unheard:
		return t.follow(of, tickets.CmdEdited, m)
	case known && seen.Decision == seenEarly:
		return t.editEarly(m)
	case old, known && seen.Decision != seenIgnore && seen.Decision != seenAsk:
		return nil
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

// deleted strikes a removed message through; its ticket lives. One that has not been heard yet needs no hearing.
func (t *turn) deleted(d Delete) error {
	_, known, err := t.store.Seen(t.ctx, t.ws, d.Channel, d.TS)
	if err != nil {
		return err
	}
	if !known {
		t.seen(tickets.Seen{Channel: d.Channel, TS: d.TS, Decision: seenGone, Thread: d.Thread, Author: d.Author})
	}
	of, err := t.ticketOf(d.Channel, d.TS, d.Thread)
	if err != nil || of == nil {
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
	return t.threadTicket(ch, thread)
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

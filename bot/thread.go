package bot

import (
	"gongdan/bot/typed"
	"gongdan/intents"
	"gongdan/tickets"
)

// inThread handles a reply: words that are a command, more about the ticket, or what stands for itself.
func (t *turn) inThread(m Message) error {
	open, root, err := t.threadTicket(m.Channel, m.Thread)
	if err != nil {
		return err
	}
	if open == nil && root.Decision == seenEarly && root.Thread != "" { // the thread's root waits beside another, and this with it
		var lead tickets.Seen
		if open, lead, err = t.threadTicket(m.Channel, root.Thread); err != nil {
			return err
		}
		if open == nil && lead.Decision == seenAsk {
			m.Thread, root = root.Thread, lead
		}
	}
	if open == nil {
		return t.orphan(m, root)
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
	} else if cmd, ok := typed.Bare(m.ownWords()); ok && !cmd.Called {
		if done, err := t.bare(m, open, cmd); done || err != nil {
			return err
		}
	}
	d := t.understand(m, true)
	if err := t.remark(m, open, factsSaid(*open, m.Text, d)); err != nil {
		return err
	}
	if c, ok := intents.Corrects(m.Text, d); ok {
		_, err := t.offerFix(m, open, c)
		return err
	}
	var err error
	if d.Intent == intents.Status {
		_, err = t.answersAdded(m, d, open)
	} else {
		_, err = t.offer(m, open, d)
	}
	return err
}

// remark adds a reply to its thread's ticket.
func (t *turn) remark(m Message, open *tickets.Ticket, f tickets.Facts) error {
	t.became(m, tickets.Seen{Decision: seenNote, Ticket: open.ID, Thread: m.Thread})
	return t.note(open, m, f)
}

func threadKey(ch tickets.ChannelID, root string) tickets.Key {
	return tickets.Key{Kind: tickets.KeyThread, Value: string(ch) + "/" + root}
}

// threadTicket is the ticket whose thread this is, or to which the thread's root was added; nil if there is none. Then root
// is what became of the root; without a decision, it has not been heard. Reading it again might tell of a ticket made since.
func (t *turn) threadTicket(ch tickets.ChannelID, thread string) (made *tickets.Ticket, root tickets.Seen, err error) {
	made, err = t.find(threadKey(ch, thread))
	if err != nil || made != nil {
		return made, root, err
	}
	root, _, err = t.store.Seen(t.ctx, t.ws, ch, thread)
	if err != nil || root.Ticket == "" {
		return nil, root, err
	}
	made, err = t.load(t.ctx, t.ws, root.Ticket)
	return made, root, err
}

// orphan handles a reply in a thread that has no ticket. It waits for a root that has not been heard yet, and with one
// whose author is being asked; otherwise it stands for itself.
func (t *turn) orphan(m Message, root tickets.Seen) error {
	if m.ToBot {
		if done, err := t.mentioned(m, nil); done || err != nil {
			return err
		}
	}
	w, _, err := t.watermark(m.Channel)
	if err != nil {
		return err
	}
	if root.Decision == seenAsk && fileOnly(root) {
		d := t.understand(m, false)
		if done, err := t.completes(m, d.Reason, facts(d)); done || err != nil {
			return err
		}
	}
	unheard := root.Decision == "" && w.Since != "" && m.Thread >= w.Since
	if unheard || root.Decision == seenAsk && t.understand(m, false).Action != intents.Act {
		return t.keepEarly(m, false)
	}
	return t.judge(m)
}

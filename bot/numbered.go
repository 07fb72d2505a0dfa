package bot

import (
	"gongdan/bot/typed"
	"gongdan/intents"
	"gongdan/tickets"
)

// numbered takes a step that somebody says in a channel of a ticket by its number (T-12 已退款了, 把 T-3 转给小周, @小李 T-3 你处理下)
// for a remark on it, and offers the step as a button to whoever said it, if they may take it. It carries out nothing: words in a
// channel may be for somebody else, a quotation, or heard late. It reports false where no such step is said, or of no ticket
// that its author may see: then the message is judged like any other.
func (t *turn) numbered(m Message) (bool, error) {
	n, said, ok := intents.InTicket(m.Text)
	if !ok {
		return false, nil
	}
	cmd, bare := typed.Bare(m.ownWords())
	bare = bare && cmd.HasNumber && cmd.Number == n
	there := m
	there.Text = said
	d := t.minds.Local(t.question(there, true))
	c, corrects := intents.Corrects(said, d)
	if who, yes := intents.HandedTo(said); yes && !d.Suspicious {
		d.Intent, d.Command, d.Fields.Assignee = intents.Command, string(typed.Assign), who
	}
	if d.Suspicious || !bare && !corrects && d.Intent != intents.Command && !t.seemsAsked(m, d) {
		return false, nil
	}
	open, err := t.ofNumber(m)
	if err != nil || open == nil {
		return false, err
	}
	if corrects {
		return true, t.takesBack(m, open, d, c)
	}
	return true, t.remarkOf(m, open, d)
}

// seemsAsked tells whether words would be taken for a question about a ticket only because of its number: said in its thread they
// are news (T-1 please don't close it yet).
func (t *turn) seemsAsked(m Message, inside intents.Decision) bool {
	return inside.Intent == intents.Update && !intents.Wonders(m.Text) && t.minds.Local(t.question(m, false)).Intent == intents.Status
}

// remarked adds to a ticket what its number stands in, said to the bot alone: a step, which it offers, or news.
func (t *turn) remarked(m Message) (bool, error) {
	if done, err := t.numbered(m); done || err != nil {
		return done, err
	}
	return t.news(m, t.minds.Local(t.question(m, false)))
}

// news adds to a ticket that a message names by its number what the message tells of it, though it says no step.
func (t *turn) news(m Message, d intents.Decision) (bool, error) {
	if d.Intent != intents.Update || d.Suspicious {
		return false, nil
	}
	open, err := t.ofNumber(m)
	if err != nil || open == nil {
		return false, err
	}
	return true, t.remarkOf(m, open, d)
}

// remarkOf adds what was said in a channel of a ticket to it, and offers the step that it suggests.
func (t *turn) remarkOf(m Message, open *tickets.Ticket, d intents.Decision) error {
	if err := t.addedTo(open, m, d, factsSaid(*open, m.Text, d)); err != nil {
		return err
	}
	told, err := t.offer(m, open, d)
	if err == nil && !told {
		t.taken(open, m)
	}
	return err
}

// ofNumber finds the one ticket that a message names by its number, if it takes notes and the author of the message may see it:
// of others they learn nothing. Nil if there is none.
func (t *turn) ofNumber(m Message) (*tickets.Ticket, error) {
	n, _, ok := intents.InTicket(m.Text)
	if !ok {
		return nil, nil
	}
	got, err := t.find(tickets.Key{Kind: tickets.KeyNumber, Value: tickets.Number(n).String()})
	if err != nil || got == nil || tickets.Leads(got.Status, tickets.CmdNote) == nil {
		return nil, err
	}
	by, err := t.who(m.Author)
	if err != nil || !tickets.CanSee(by, *got) {
		return nil, err
	}
	return got, nil
}

// mayBelong is the ticket to which a message may belong about which its author is asked: the one that it names, the newest of
// its order or parcel, or else the one they opened here last. Nil if there is none.
func (t *turn) mayBelong(m Message, d intents.Decision) (*tickets.Ticket, error) {
	if of, err := t.ofNumber(m); err != nil || of != nil {
		return of, err
	}
	for _, list := range []func() ([]tickets.Ticket, error){
		func() ([]tickets.Ticket, error) { return t.openAbout(m, d) }, func() ([]tickets.Ticket, error) { return t.ownOpen(m) }} {
		if of, err := list(); err != nil || len(of) > 0 {
			return first(of), err
		}
	}
	return nil, nil
}

// first is the first of some tickets; nil if there is none.
func first(list []tickets.Ticket) *tickets.Ticket {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

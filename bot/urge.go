package bot

import (
	"gongdan/intents"
	"gongdan/tickets"
)

// urgesOrder takes words of somebody from outside the team that do nothing but urge an order (麻烦催一下 2024…) for an urge of its open
// ticket, whatever type that has. Where there is none that they may see, the words are judged like any others.
func (t *turn) urgesOrder(m Message, d intents.Decision) (bool, error) {
	if d.Suspicious || !intents.Urges(m.Text, d.Entities) {
		return false, nil
	}
	by, err := t.who(m.Author)
	if err != nil || by.Role.Staff() || !tickets.Allowed(by.Role, tickets.CmdUrge) {
		return false, err
	}
	about := d
	about.Type = "" // what the words are about is the ticket's matter
	open, err := t.ofOrders(m, about)
	if err != nil || open == nil || !tickets.CanSee(by, *open) {
		return false, err
	}
	draft, err := t.keepDraft(m, d)
	if err != nil {
		return false, err
	}
	t.became(m, tickets.Seen{Decision: seenAdded, Ticket: open.ID, Thread: m.Thread, Why: d.Reason, Draft: draft})
	before := len(t.change.Tickets)
	r := request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct, message: m}
	c := tickets.Command{Kind: tickets.CmdUrge, Actor: by, Message: t.kept(m)}
	if err := t.perform(r, open, c, string(tickets.CmdUrge)); err != nil {
		return true, err
	}
	if len(t.change.Tickets) == before { // urged a moment ago: the words stay a remark
		return true, t.note(open, m, facts(d))
	}
	return true, nil
}

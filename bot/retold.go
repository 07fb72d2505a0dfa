package bot

import (
	"slices"

	"gongdan/tickets"
)

// retold is what a person's new words change: a number that the old ones gave the ticket first follows them, so that what is told
// wrongly does not stay on the card of a message that tells it rightly. One that somebody else gave stays theirs, and nobody but
// the team and the requester changes any.
func (t *turn) retold(of tickets.Ticket, m Message) (n news, err error) {
	if n.facts, err = t.toldIn(m); err != nil {
		return n, err
	}
	by, err := t.who(m.Author)
	if err != nil || !by.Role.Staff() && by.ID != of.Requester {
		return n, err
	}
	events, err := t.store.Timeline(t.ctx, t.ws, of.ID)
	if err != nil {
		return n, err
	}
	old := m
	if old.Text = saidBefore(of, events, m); old.Text == "" {
		return n, nil
	}
	if n.was, err = t.toldIn(old); err != nil {
		return n, err
	}
	n.renumbered = changed(n.was.Orders, n.facts.Orders)
	own := t.gaveFirst(of, events, m)
	n.renumbered = slices.DeleteFunc(n.renumbered, func(o [2]string) bool { return !slices.Contains(own, o[0]) })
	for _, no := range []*string{&n.was.Waybill, &n.was.AfterSale, &n.was.PlatformNo} {
		if !slices.Contains(own, *no) {
			*no = ""
		}
	}
	return n, nil
}

// saidBefore is what a ticket knows of a message; "" if that is nothing.
func saidBefore(of tickets.Ticket, events []tickets.Event, m Message) (text string) {
	if of.Source.TS == m.TS && of.Source.Channel == m.Channel {
		text = of.Source.Text
	}
	for _, e := range events {
		if e.Message.TS == m.TS && e.Message.Channel == m.Channel && e.Message.Text != "" {
			text = e.Message.Text
		}
	}
	return text
}

// gaveFirst are the numbers that a ticket has, or had, from a message before any other. Words that only name a number which is
// there already give nothing.
func (t *turn) gaveFirst(of tickets.Ticket, events []tickets.Event, m Message) (own []string) {
	first := func(e tickets.Event) bool { return e.Kind == tickets.EvCreated && e.Message.Text != "" }
	source := tickets.Message{Channel: of.Source.Channel, TS: of.Source.TS, Text: of.Source.Text}
	var gives []tickets.Message
	if !of.Source.Edited && !slices.ContainsFunc(events, first) {
		gives = append(gives, source)
	}
	for _, e := range events {
		filled := func(f tickets.Event) bool { return f.Kind == tickets.EvAmended && f.Version == e.Version }
		if e.Message.Text != "" && (first(e) || slices.ContainsFunc(events, filled)) {
			gives = append(gives, e.Message)
		}
	}
	gives = append(gives, source) // its first words may be kept nowhere: then what nobody else gave is its own
	var had []string
	for _, g := range gives {
		said := m
		said.Text = g.Text
		f := toldBy(t.minds.Local(t.question(said, true)))
		for _, no := range append([]string{f.Waybill, f.AfterSale, f.PlatformNo}, f.Orders...) {
			if no == "" || slices.Contains(had, no) {
				continue
			}
			if had = append(had, no); g.TS == m.TS && g.Channel == m.Channel {
				own = append(own, no)
			}
		}
	}
	return own
}

// changed pairs the orders that words no longer give with those that they give instead. Where they give more or fewer, which took
// whose place cannot be told.
func changed(was, is []string) (out [][2]string) {
	lacks := func(list []string) func(string) bool { return func(o string) bool { return slices.Contains(list, o) } }
	gone := slices.DeleteFunc(slices.Clone(was), lacks(is))
	come := slices.DeleteFunc(slices.Clone(is), lacks(was))
	if len(gone) != len(come) {
		return nil
	}
	for i := range gone {
		out = append(out, [2]string{gone[i], come[i]})
	}
	return out
}

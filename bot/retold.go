package bot

import (
	"slices"

	"gongdan/tickets"
)

// retold is what a person's new words change: a number that the old ones gave follows them, so that what is told wrongly does not
// stay on the card of a message that tells it rightly.
func (t *turn) retold(of tickets.Ticket, m Message) (n news, err error) {
	if n.facts, err = t.toldIn(m); err != nil {
		return n, err
	}
	old := m
	if old.Text, err = t.saidBefore(of, m); err != nil || old.Text == "" {
		return n, err
	}
	if n.was, err = t.toldIn(old); err == nil {
		n.renumbered = changed(n.was.Orders, n.facts.Orders)
	}
	return n, err
}

// saidBefore is what a ticket knows of a message; "" if that is nothing.
func (t *turn) saidBefore(of tickets.Ticket, m Message) (text string, err error) {
	if of.Source.TS == m.TS && of.Source.Channel == m.Channel {
		text = of.Source.Text
	}
	events, err := t.store.Timeline(t.ctx, t.ws, of.ID)
	for _, e := range events {
		if e.Message.TS == m.TS && e.Message.Channel == m.Channel && e.Message.Text != "" {
			text = e.Message.Text
		}
	}
	return text, err
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

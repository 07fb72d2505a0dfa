package intents

import "gongdan/intents/entities"

// Guess is what the local model alone makes of a message, whatever the rules say: a type or linear.OutOfScope, and its
// probability. Without a local model both are zero.
func (c *Classifier) Guess(m Message) (label string, p float64) {
	if c.local == nil {
		return "", 0
	}
	m.Text = cut(m.Text, maxRead)
	label, p = c.local.Predict(c.read(m).words())
	return label, round(p)
}

// nearly is the share of the threshold from which a message that was let pass is a near miss.
const nearly = 0.3

// NearMiss tells whether a message that was let pass came close to a question whether to make a ticket, and speaks of a
// buyer or names something that a ticket is about.
func (c *Classifier) NearMiss(m Message, d Decision) bool {
	if d.Action != Ignore || d.By != ByLocal {
		return false
	}
	text, ask := plain(cut(m.Text, maxRead)), c.limitsOf(m).Ask
	if speaksOfBuyer(text) {
		return d.Confidence >= nearly*min(ask, aboutBuyer)
	}
	return d.Confidence >= nearly*ask && named(d.Entities)
}

// named tells whether entities name a parcel, a case or a person; orders and waybills by themselves are asked about already.
func named(found []entities.Entity) bool {
	for _, e := range found {
		switch e.Type {
		case entities.Order, entities.AfterSale, entities.PlatformNo, entities.Waybill, entities.Phone, entities.Name, entities.Address:
			return true
		}
	}
	return false
}

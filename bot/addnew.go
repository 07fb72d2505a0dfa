package bot

import (
	"encoding/json"
	"fmt"

	"gongdan/intents"
	"gongdan/tickets"
)

// openFor finds the open ticket of a draft's order, as for a message. Nobody else in this process makes one meanwhile. Nil if
// there is none, and for what was asked outside any channel, where no record of it could be kept.
func (t *turn) openFor(m Message, dr tickets.Draft) (*tickets.Ticket, error) {
	if m.Channel == "" {
		return nil, nil
	}
	if err := t.alone(); err != nil {
		return nil, err
	}
	d := intents.Decision{Type: string(dr.Type)}
	d.Fields.Shop, d.Fields.Orders = dr.Facts.Shop, dr.Facts.Orders
	return t.ofOrders(m, d)
}

// addNew adds what a new ticket would have been to the open one of its order, and tells who asked, with a way to split it off
// again. A command stands nowhere: its record takes the draft's id for a place.
func (t *turn) addNew(r request, open *tickets.Ticket, m Message, dr tickets.Draft) error {
	if open == nil {
		return nil
	}
	body, err := json.Marshal(dr)
	if err != nil {
		return fmt.Errorf("keep draft %s: %w", dr.ID, err)
	}
	if err := t.note(open, m, dr.Facts); err != nil {
		return err
	}
	s := r.where()
	s.What, s.Channel, s.TS = SayDuplicate, m.Channel, dr.Source.TS // its button names the place, also in a direct message
	if s.TS == "" {
		s.TS = "new:" + string(dr.ID)
	}
	kept := m
	kept.TS = s.TS
	t.became(kept, tickets.Seen{Decision: seenAdded, Ticket: open.ID, Thread: dr.Source.Thread, Draft: body})
	t.whisper(open.ID, s)
	return nil
}

package bot

import (
	"context"
	"fmt"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// maxHome is how many tickets the home page shows one by one.
const maxHome = 15

// ShowsAtHome tells whether the home page of whoever made a press may look different after it: it was made there, or decided
// about a message in the list of possible misses that the page opens as a direct message.
func ShowsAtHome(in Input) bool {
	k := in.Click
	return k != nil && (k.Channel == "" || k.Direct && (k.Action == ActMake || k.Action == ActMakeNot))
}

// Home is a person's home page: the tickets they work on, urgent ones first and then by next deadline, or, outside the team,
// those they opened and those of their shops.
func (c *Conversation) Home(ctx context.Context, ws tickets.WorkspaceID, u tickets.UserID) (Home, error) {
	q, err := c.asks(ctx, ws, u)
	if err != nil {
		return Home{}, err
	}
	l, err := q.listing(q.actor.Role.Staff())
	if err != nil {
		return Home{}, fmt.Errorf("home of %s: %w", u, err)
	}
	l.Tickets = l.Tickets[:min(len(l.Tickets), maxHome)]
	w := newWording(c.words, q.scene)
	head := w.view(w.Say(words.HomeHello, nil))
	head.Header = head.Summary
	if len(l.Tickets) == 0 {
		empty := words.HomeEmpty
		if q.scene.Merchant {
			empty = words.ListEmptyMerchant
		}
		head.Lines = []Line{{Text: w.Say(empty, nil)}}
	}
	head.Footer = w.Say(words.HomeFoot, nil)
	h := Home{Lang: w.Lang(), Groups: []View{head}}
	missed, some, err := q.homeMissed()
	if err != nil {
		return Home{}, fmt.Errorf("home of %s: %w", u, err)
	}
	if some {
		h.Groups = append(h.Groups, missed)
	}
	for _, t := range l.Tickets {
		h.Groups = append(h.Groups, q.homeRow(t))
	}
	return h, nil
}

// homeRow is one ticket of the home page, with what can be done about it next.
func (q question) homeRow(t tickets.Ticket) View {
	q.scene.Ticket = t
	w := newWording(q.words, q.scene)
	v := w.view(w.row())
	v.Lines = []Line{{Text: w.row()}}
	if !q.scene.Merchant {
		for _, a := range w.cardActions() {
			if a.ID == ActClaim || a.ID == ActAnswer {
				v.Actions = append(v.Actions, a)
			}
		}
	}
	v.Actions = append(v.Actions, Action{Kind: Button, ID: ActMoreDo, Label: w.Say(words.ChooseShow, nil), Value: DoShow + "|" + string(t.ID)})
	return v
}

package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// One message may name several orders: it is one ticket, which can be split into one for each.

// maxSplit is how many tickets one press makes; what is beyond waits for the next.
const maxSplit = 20

// splitButton offers to make a ticket of each order; nil where there is nothing to split.
func (w wording) splitButton() []Action {
	n := len(w.t.Facts.Orders)
	if n < 2 || !w.t.Status.Open() {
		return nil
	}
	a := w.button(ActSplit, words.ButtonSplit)
	a.Label = w.Say(words.ButtonSplit, words.Args{"Count": n})
	return []Action{a}
}

// split makes a ticket of each order but the first, which stays where it is. A second press finds nothing left to split.
func (t *turn) split(k Click) error {
	r := request{by: k.User, channel: k.Channel, thread: k.Thread, quiet: true}
	actor, err := t.who(k.User)
	if err != nil {
		return err
	}
	got, err := t.pressed(t.ctx, t.ws, k.Value)
	if err != nil || t.hidden(r, actor, got) {
		return err
	}
	orders := got.Facts.Orders
	if len(orders) < 2 {
		return nil // somebody was quicker, and the card says so
	}
	leaving := orders[1:min(len(orders), 1+maxSplit)]
	if _, err := t.apply(got, tickets.Command{Kind: tickets.CmdSplit, Actor: actor, Facts: tickets.Facts{Orders: leaving}}); err != nil {
		return t.refused(err, got.ID, r.where())
	}
	return t.makeEach(*got, actor, leaving)
}

// makeEach makes the tickets of the orders that leave one, and says so in its thread.
func (t *turn) makeEach(from tickets.Ticket, by tickets.Actor, orders []string) error {
	if err := t.alone(); err != nil {
		return err
	}
	next, err := t.store.NextNumber(t.ctx, t.ws)
	if err != nil {
		return fmt.Errorf("next number: %w", err)
	}
	var named []string
	for _, o := range orders {
		before, id, err := t.splitOff(t.ctx, from, o)
		if err != nil {
			return err
		}
		if n := len(before); n > 0 && before[n-1].Status.Open() {
			named = append(named, before[n-1].Number.String()) // the order came back, and goes to where it went before
			continue
		}
		d := childOf(from, id, o)
		d.Number = next
		k, err := t.apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: by, Draft: &d, Message: tickets.Message{Channel: from.Source.Channel}})
		if err != nil {
			return fmt.Errorf("split %s: %w", from.ID, err)
		}
		next++
		named = append(named, k.Number.String())
	}
	t.say.add(from.ID, tickets.ClassReply, Said{What: SaySplit, Channel: from.Source.Channel, Thread: from.Source.Thread,
		Lang: from.Source.Lang, By: by.ID, Detail: strings.Join(named, " ")})
	return nil
}

// splitOff are the tickets that an order got when its ticket was split, oldest first, and the id of the next: the same,
// whoever splits and however often. There is more than one only where an order came back after the last had ended.
func (c *Conversation) splitOff(ctx context.Context, from tickets.Ticket, order string) (out []tickets.Ticket, next tickets.TicketID, err error) {
	for key := "split:" + string(from.ID) + "/" + order; ; key += "+" {
		next = tickets.TicketIDFor(from.Workspace, key)
		got, err := c.load(ctx, from.Workspace, next)
		if err != nil || got == nil {
			return out, next, err
		}
		out = append(out, *got)
	}
}

// childOf is the ticket of one order of a ticket. What belongs to one case only stays with the first.
func childOf(from tickets.Ticket, id tickets.TicketID, order string) tickets.Draft {
	src := from.Source
	src.Kind, src.TS, src.Thread = SourceCommand, "", ""
	return tickets.Draft{Workspace: from.Workspace, ID: id, Type: from.Type, Severity: from.Severity,
		Origin: from.Origin, Facts: tickets.Facts{Shop: from.Facts.Shop, Platform: from.Facts.Platform, Orders: []string{order}},
		Private: from.Private, Source: src, Requester: from.Requester, Assignee: from.Assignee, Watchers: from.Watchers,
		PlatformCreated: from.PlatformCreated, BackOffice: from.BackOffice,
		Promised: from.Promised, Wanted: from.Wanted, Decision: from.Decision}
}

// children are the tickets into which one was split.
func (c *Conversation) children(ctx context.Context, of tickets.Ticket) (out []tickets.Ticket, err error) {
	events, err := c.store.Timeline(ctx, of.Workspace, of.ID)
	done := map[string]bool{}
	for _, e := range events {
		if e.Kind != tickets.EvSplit {
			continue
		}
		for order := range strings.SplitSeq(e.To, ",") {
			if done[order] {
				continue
			}
			done[order] = true
			made, _, err := c.splitOff(ctx, of, order)
			if err != nil {
				return nil, err
			}
			out = append(out, made...)
		}
	}
	return out, err
}

// splitInto tells the thread which tickets there are now.
func (w wording) splitInto(s Said) View {
	if w.sc.Merchant {
		return w.line(w.Say(words.NoticeSplitMerchant, w.ticket()))
	}
	list := strings.Join(strings.Fields(words.OneLine(s.Detail, maxQuote)), w.Say(words.JoinList, nil))
	return w.line(w.Say(words.NoticeSplit, words.Args{"Ticket": w.t.Number.String(), "Who": w.who(s.By), "List": list}))
}

// A screenshot without words says nothing of its order: its author is asked for that alone, and the answer makes the ticket.

// whyFile is the classifier's reason for asking about a message that holds nothing but files.
const whyFile = "rule:file_only"

// fileOnly tells whether a record is of such a message.
func fileOnly(s tickets.Seen) bool { return decided(s.Why).why == decided(whyFile).why }

// keptFiles are the files of a message of which a draft is kept.
type keptFiles struct {
	Files []tickets.File `json:"files,omitempty"`
}

// withFiles keeps a message's files beside its draft.
func withFiles(draft tickets.Draft, files []tickets.File) ([]byte, error) {
	return json.Marshal(struct {
		tickets.Draft
		keptFiles
	}{draft, keptFiles{files}})
}

// filesOf are the files that were kept beside a draft.
func filesOf(seen tickets.Seen) []tickets.File {
	var f keptFiles
	_ = json.Unmarshal(seen.Draft, &f) // a record without files, or of an older form
	return f.Files
}

// askOrder asks for the order number, with one field.
func (w wording) askOrder(s Said) View {
	at := string(s.Channel) + "/" + s.TS
	v := w.line(w.Say(words.NoticeAskOrder, nil))
	v.Actions = []Action{
		{Kind: Button, ID: ActAskOrder, Label: w.Say(words.ButtonOrder, nil), Value: at, Style: "primary"},
		{Kind: Button, ID: ActMake, Label: w.Say(words.ButtonMakeNoOrder, nil), Value: at},
		{Kind: Button, ID: ActMakeNot, Label: w.Say(words.ButtonMakeNot, nil), Value: at},
	}
	return v
}

// answered makes the ticket of a screenshot with the order that its author gave. It reports false if nothing waits there.
func (t *turn) answered(seen tickets.Seen, f tickets.Facts, by tickets.UserID) (bool, error) {
	d, kept, err := t.draftOf(seen)
	if err != nil || d == nil || kept.Decision != seenAsk {
		return false, err
	}
	who, err := t.who(by)
	if err != nil {
		return false, err
	}
	if !who.Role.Staff() {
		t.keepOwnShop(&f, who, seen.Channel)
	}
	d.Facts.Orders, d.Facts.AfterSale, d.Facts.PlatformNo, d.Facts.Waybill = f.Orders, f.AfterSale, f.PlatformNo, f.Waybill
	if d.Facts.Shop == "" {
		d.Facts.Shop, d.Facts.Platform = f.Shop, f.Platform
	}
	return true, t.makeKept(*d, kept, request{by: by, channel: seen.Channel, thread: seen.Thread})
}

// completes makes the ticket of the screenshot that its author sent just before, or in whose thread this stands, if a
// message is nothing but the number that was asked for.
func (t *turn) completes(m Message, why string, f tickets.Facts) (bool, error) {
	if why != "rule:number_only" {
		return false, nil
	}
	before := t.lanes.lately(t.ws, m)
	if m.inThread() {
		before = []string{m.Thread}
	}
	for _, ts := range before {
		seen, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, ts)
		if err != nil {
			return false, err
		}
		if !known || seen.Decision != seenAsk || !fileOnly(seen) || seen.Author != m.Author {
			continue
		}
		seen.Channel, seen.TS = m.Channel, ts
		made, err := t.answered(seen, f, m.Author)
		if made && err == nil {
			t.became(m, tickets.Seen{Decision: seenAdded, Ticket: tickets.TicketIDFor(t.ws, "message:"+string(m.Channel)+"/"+ts), Thread: m.Thread})
		}
		return made, err
	}
	return false, nil
}

// orderIn reads what was filled in for an order: its number as it is known by rule, else what was typed.
func (t *turn) orderIn(text string, by tickets.UserID) tickets.Facts {
	d := t.minds.Local(t.question(Message{Author: by, Text: text, Sent: t.at}, false))
	f := facts(d)
	if len(f.Orders) == 0 && f.AfterSale == "" && f.PlatformNo == "" && f.Waybill == "" {
		f.Orders = []string{words.OneLine(text, maxShort)}
	}
	return f
}

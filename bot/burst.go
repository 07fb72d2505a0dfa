package bot

import (
	"slices"
	"strconv"
	"time"

	"gongdan/intents"
	"gongdan/tickets"
)

// A burst is what one person says in one channel about one thing: each message within burstGap of the one before,
// all within burstMax of the first. Times are those at which things were said, so that a late start merges nothing.
const (
	burstGap = 2 * time.Minute
	burstMax = 10 * time.Minute
	// burstAmong is how many of a person's newest tickets are looked at.
	burstAmong = 5
)

// ownOpen are the open tickets that the author of a message has opened by messages in its channel, newest first; only the
// author's newest tickets are looked at.
func (t *turn) ownOpen(m Message) ([]tickets.Ticket, error) {
	page, err := t.store.List(t.ctx, t.ws, tickets.Query{By: tickets.ByRequester, Value: string(m.Author), Desc: true, Limit: burstAmong})
	return slices.DeleteFunc(page.Tickets, func(k tickets.Ticket) bool {
		return !k.Status.Open() || k.Source.Kind != SourceMessage || k.Source.Channel != m.Channel
	}), err
}

// burst finds the ticket that the same author opened in the same channel a moment ago, unless the message
// is about something else.
func (t *turn) burst(m Message, d intents.Decision) (*tickets.Ticket, error) {
	own, err := t.ownOpen(m)
	if err != nil {
		return nil, err
	}
	of, err := t.ofNumber(m)
	if err != nil {
		return nil, err
	}
	for _, k := range own {
		if of != nil && of.ID != k.ID || apart(k.Source.TS, m.TS) > burstMax || t.otherMatter(k, d) {
			continue
		}
		last, err := t.lastSaid(k, m.Author)
		if err != nil {
			return nil, err
		}
		if apart(last, m.TS) <= burstGap {
			return &k, nil
		}
	}
	return nil, nil
}

// otherMatter tells whether a message names another order than the ticket's, or is clearly of another category.
func (t *turn) otherMatter(k tickets.Ticket, d intents.Decision) bool {
	for _, o := range facts(d).Orders {
		if len(k.Facts.Orders) > 0 && !slices.Contains(k.Facts.Orders, o) {
			return true
		}
	}
	for _, pair := range [][2]string{{k.Facts.PlatformNo, d.Fields.PlatformNo}, {k.Facts.AfterSale, d.Fields.AfterSale}, {k.Facts.Waybill, d.Fields.Waybill}} {
		if pair[0] != "" && pair[1] != "" && pair[0] != pair[1] {
			return true
		}
	}
	return d.Action == intents.Act && t.anotherCategory(k, d)
}

// maybeOther tells whether a message that joins a ticket reads like another matter, though not surely: then its author is
// told where it went.
func (t *turn) maybeOther(k tickets.Ticket, d intents.Decision) bool {
	return d.Intent == intents.NewTicket && d.Confidence >= typeKnown && t.anotherCategory(k, d)
}

func (t *turn) anotherCategory(k tickets.Ticket, d intents.Decision) bool {
	mine, other := t.types().category(string(k.Type)), t.types().category(d.Type)
	return mine != otherCategory && other != otherCategory && mine != other
}

// whyBurst is why a message was added to a ticket of which it names no order: its author opened that a moment ago.
const whyBurst = "burst"

// lastSaid is the id of the last message of a person in a ticket's channel that the ticket took.
func (t *turn) lastSaid(k tickets.Ticket, by tickets.UserID) (string, error) {
	events, err := t.store.Timeline(t.ctx, t.ws, k.ID)
	last := k.Source.TS
	for _, e := range events {
		if e.By == by && e.Message.Channel == k.Source.Channel && e.Message.TS > last {
			last = e.Message.TS
		}
	}
	return last, err
}

// apart is the time between two messages, by their ids; very long if one is no time.
func apart(a, b string) time.Duration {
	from, err1 := strconv.ParseFloat(a, 64)
	to, err2 := strconv.ParseFloat(b, 64)
	if err1 != nil || err2 != nil {
		return burstMax + burstGap
	}
	return time.Duration((to - from) * float64(time.Second)).Abs()
}

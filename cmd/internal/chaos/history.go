package chaos

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// History is everything that happened in one run, as far as it can be judged afterwards.
type History struct {
	Deeds   []Deed
	Tickets []Kept
	Said    []slacksim.Message // by the bot, anywhere
	// Merged are the ids of the calls for which one message stands, by the index in Said.
	Merged  map[int][]string
	Decided map[string]string // what became of messages that are no requests, by channel and ts
	Policy  tickets.Policy
	// End is the sample's time up to which everything due must have been done.
	End   time.Time
	Spans []Span
	// Outages are the kills of Redis.
	Outages []time.Time

	Torn       []string
	Crashes    []string
	Left       int // entries of inbox and outbox that were never finished
	Dead       int // dead letters
	Unanswered int // events that were never acknowledged
	Mass       int // posts that would have pinged a whole channel

	Kills, Attempts, Again int
}

// Kept is a ticket as it was found at the end, with its timeline.
type Kept struct {
	tickets.Ticket
	Events []tickets.Event
}

// history gathers what can be seen at the end.
func (w *world) history(ctx context.Context, l *load, quiet time.Time) (History, error) {
	w.mu.Lock()
	h := History{Policy: policy(), End: quiet.Add(-2 * speed * time.Second), Spans: w.spans, Outages: w.outages, Crashes: w.crashes, Kills: w.kills}
	w.mu.Unlock()
	l.mu.Lock()
	h.Deeds = l.deeds
	l.mu.Unlock()
	h.Mass = w.sim.MassMentions()
	w.listen(&h)
	w.deliveries(&h)
	if w.arm != Product {
		h.Tickets = naiveTickets(h.Said)
		return h, nil
	}
	if err := w.read(ctx, &h); err != nil {
		return h, fmt.Errorf("read the history: %w", err)
	}
	return h, nil
}

// listen collects what the bot said.
func (w *world) listen(h *History) {
	var all []slacksim.Message
	for i := range channels {
		all = append(all, w.sim.Messages(channelID(i))...)
	}
	for _, who := range everybody() {
		all = append(all, w.sim.DM(who)...)
	}
	for _, m := range all {
		if m.BotID != "" {
			h.Said = append(h.Said, m)
		}
	}
}

// deliveries counts attempts, and the events of which none was acknowledged.
func (w *world) deliveries(h *History) {
	acked := map[string]bool{}
	for _, d := range w.sim.Deliveries() {
		h.Attempts++
		if d.Attempt > 0 {
			h.Again++
		}
		if d.EventID != "" {
			acked[d.EventID] = acked[d.EventID] || !d.Acked.IsZero()
		}
	}
	for _, ok := range acked {
		if !ok {
			h.Unanswered++
		}
	}
}

// read collects what the store holds.
func (w *world) read(ctx context.Context, h *History) error {
	q := tickets.Query{By: tickets.ByCreated, Limit: 200}
	for {
		page, err := w.store.List(ctx, team, q)
		if err != nil {
			return err
		}
		for _, t := range page.Tickets {
			events, err := w.store.Timeline(ctx, team, t.ID)
			if err != nil {
				return err
			}
			h.Tickets = append(h.Tickets, Kept{Ticket: t, Events: events})
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			break
		}
	}
	if err := w.readDecisions(ctx, h); err != nil {
		return err
	}
	if err := w.readMerged(ctx, h); err != nil {
		return err
	}
	return w.readRest(ctx, h)
}

func (w *world) readDecisions(ctx context.Context, h *History) error {
	h.Decided = map[string]string{}
	for _, d := range h.Deeds {
		if d.Kind != Chat {
			continue
		}
		seen, ok, err := w.store.Seen(ctx, team, tickets.ChannelID(d.Channel), d.TS)
		if err != nil {
			return err
		}
		if ok {
			h.Decided[d.Channel+"/"+d.TS] = seen.Decision
		}
	}
	return nil
}

// readMerged finds out what the messages that stand for several calls were about.
func (w *world) readMerged(ctx context.Context, h *History) error {
	h.Merged = map[int][]string{}
	for i, m := range h.Said {
		ids, err := bot.MergedIDs(ctx, w.store, team, bot.Ref{Channel: tickets.ChannelID(m.Channel), TS: m.TS})
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			h.Merged[i] = ids
		}
	}
	return nil
}

// readRest looks for what should not be.
func (w *world) readRest(ctx context.Context, h *History) error {
	torn, err := w.store.Check(ctx, team)
	if err != nil {
		return err
	}
	for _, t := range torn {
		h.Torn = append(h.Torn, fmt.Sprintf("%s: %s: %s", t.Ticket, t.What, t.Detail))
	}
	waiting, _, err := w.inbox.Depth(ctx, w.shard)
	if err != nil {
		return err
	}
	said, err := w.store.Pending(ctx, w.shard, "", 1000)
	if err != nil {
		return err
	}
	dead, err := w.inbox.Dead(ctx)
	if err != nil {
		return err
	}
	h.Left, h.Dead = int(waiting)+len(said), len(dead)
	return nil
}

// naiveTickets takes each post of a bot that keeps nothing for a ticket.
func naiveTickets(said []slacksim.Message) []Kept {
	var out []Kept
	for _, m := range said {
		if order, ok := strings.CutPrefix(m.PlainText(), naiveCard); ok {
			k := Kept{}
			k.ID = tickets.TicketID(m.Channel + "/" + m.TS)
			k.Facts.Orders = []string{strings.TrimSpace(order)}
			out = append(out, k)
		}
	}
	return out
}

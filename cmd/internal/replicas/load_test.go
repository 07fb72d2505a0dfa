package replicas

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// posted is one thing said: a request, a reply to one, or talk.
type posted struct {
	by, channel, ts, thread, order string
	words                          string // the last words if it was edited
}

// load has n events happen, a hundred a second.
func (r *roll) load(began time.Time, n int) {
	for i := range n {
		r.at(began.Add(time.Duration(i) * time.Second / perSecond))
		r.event(r.n)
		r.n++
	}
}

// event is the n-th: of ten, two are requests, five replies, two talk, and one changes what was said, mostly just before.
func (r *roll) event(n int) {
	p := posted{by: []string{li, zhao, anna, wang}[n%4], channel: []string{teamRoom, otherRoom}[n/2%2]}
	switch {
	case n%10 == 8 && r.amend(n):
		return
	case n%5 == 0:
		p.order = orderNo(10000 + n)
		p.ts = r.post(p.by, p.channel, fmt.Sprintf(complaints[0], p.order))
	case n%5 == 4:
		p.ts = r.post(p.by, p.channel, "中午吃什么")
	default:
		root := r.said[r.pick(n, posted.request)]
		p.channel, p.thread, p.order = root.channel, root.ts, root.order
		p.ts = r.post(p.by, p.channel, fmt.Sprintf("补充 %d：买家发来照片", n), slacksim.InThread(root.ts))
	}
	r.said = append(r.said, p)
}

func (p posted) request() bool { return p.order != "" && p.thread == "" }

// fresh is a reply that nobody has changed yet.
func (p posted) fresh() bool { return p.thread != "" && p.words == "" }

// pick is one of what was said of a kind, spread over all of it; -1 if there is none.
func (r *roll) pick(n int, kind func(posted) bool) int {
	for i := range r.said {
		if at := (n*7 + i) % len(r.said); kind(r.said[at]) {
			return at
		}
	}
	return -1
}

// amend changes the newest reply; while nobody listens also one from before and a request from that time.
func (r *roll) amend(n int) bool {
	at := -1
	switch away := r.gap > 0; {
	case away && n%40 == 18:
		at = slices.IndexFunc(r.said[:r.gap], posted.fresh)
	case away && n%40 == 38:
		if at = slices.IndexFunc(r.said[r.gap:], func(p posted) bool { return p.request() && p.words == "" }); at >= 0 {
			at += r.gap
		}
	default:
		for i, p := range slices.Backward(r.said) {
			if p.fresh() {
				at = i
				break
			}
		}
	}
	if at < 0 {
		return false
	}
	p := &r.said[at]
	p.words = fmt.Sprintf("改过的话 %05d", n)
	text := p.words
	if p.request() {
		text = fmt.Sprintf(complaints[0], p.order) + "，" + p.words
	}
	if err := r.sim.Edit(p.by, p.channel, p.ts, text); err != nil {
		r.Errorf("edit: %v", err)
	}
	return true
}

// report prints the figures from before the outage and holds them against what is promised.
func (r *roll) report(overHTTP bool, lasting time.Duration, calm int, graceful []time.Duration, crash time.Duration) {
	acks, again, never := r.acks(calm)
	pick := func(q float64) time.Duration { return acks[int(q*float64(len(acks)-1))].Round(100 * time.Microsecond) }
	r.Logf("HTTP %v, %s at %d events/s: %d events, %d delivered again; acknowledged after p50 %s, p99 %s, at most %s; %d never",
		overHTTP, lasting, perSecond, len(acks), again, pick(0.5), pick(0.99), pick(1), never)
	r.Logf("nobody held the shard for %v on graceful stops; taken over %s after SIGKILL", graceful, crash.Round(time.Millisecond))
	if never > 0 || pick(1) > 3*time.Second {
		r.Errorf("%d events never acknowledged, the slowest after %s; want none and 3 s", never, pick(1))
	}
	if worst := slices.Max(graceful); worst > 200*time.Millisecond || crash > 3500*time.Millisecond {
		r.Errorf("taken over after %s on a graceful stop and %s after a crash; want 200 ms and 3.5 s", worst, crash)
	}
}

// acks is how long each event waited for its acknowledgement, from the first attempt on, in order. Events that were first
// sent after calm attempts of all are left out.
func (r *roll) acks(calm int) (took []time.Duration, again, never int) {
	first, acked := map[string]time.Time{}, map[string]time.Time{}
	for i, d := range r.sim.Deliveries() {
		_, known := first[d.EventID]
		if d.Kind != "events_api" || !known && i >= calm {
			continue
		}
		if !known {
			first[d.EventID] = d.Sent
		}
		if d.Attempt > 0 {
			again++
		}
		if at := d.Acked; !at.IsZero() && acked[d.EventID].IsZero() {
			if d.Attempt > 1 {
				at = at.Add(time.Minute)
			}
			acked[d.EventID] = at
		}
	}
	for id, sent := range first {
		if at := acked[id]; at.IsZero() {
			never++
		} else {
			took = append(took, at.Sub(sent))
		}
	}
	slices.Sort(took)
	return took, again, never
}

// tally counts what has taken no effect and what more than one; missing names one of the former.
func (r *roll) tally() (lost, doubled int, missing string) {
	all := r.tickets()
	made, cards := map[string][]kept{}, map[string]int{}
	for _, k := range all {
		made[k.Facts.Order()] = append(made[k.Facts.Order()], k)
	}
	count := func(n int, what string, p posted) {
		switch {
		case n == 0:
			lost, missing = lost+1, fmt.Sprintf("%s %s/%s of order %s", what, p.channel, p.ts, p.order)
		case n > 1:
			doubled++
		}
	}
	for _, p := range r.said {
		switch {
		case p.request():
			count(len(made[p.order]), "request", p)
		case p.thread != "":
			count(times(made[p.order], func(e tickets.Event) bool { return e.Kind == tickets.EvNoted && e.Message.TS == p.ts }), "reply", p)
		default:
			if _, ok, err := r.store.Seen(context.Background(), team, tickets.ChannelID(p.channel), p.ts); err != nil || !ok {
				count(0, "talk", p)
			}
		}
		if p.words != "" {
			count(p.reads(made[p.order]), "edit of", p)
		}
	}
	for _, room := range rooms {
		for _, m := range r.sim.Messages(room) {
			if id := idOf(m); strings.HasPrefix(id, "card:") && !m.Deleted {
				cards[id]++
			}
		}
	}
	for _, k := range all {
		count(cards["card:"+string(k.ID)], "card", posted{order: k.Facts.Order()})
	}
	return lost, doubled, missing
}

// times is how often something stands in the timelines.
func times(of []kept, what func(tickets.Event) bool) (n int) {
	for _, k := range of {
		for _, e := range k.events {
			if what(e) {
				n++
			}
		}
	}
	return n
}

// reads is how often the last words of something edited stand: a request's in its ticket, a reply's in the timeline.
func (p posted) reads(of []kept) (n int) {
	if !p.request() {
		return times(of, func(e tickets.Event) bool { return e.Message.TS == p.ts && strings.Contains(e.Message.Text, p.words) })
	}
	for _, k := range of {
		if strings.Contains(k.Source.Text, p.words) {
			n++
		}
	}
	return n
}

// check: everything said, before and in the outage, took effect once.
func (r *roll) check() {
	lost, doubled, missing := r.tally()
	requests, edits, wrong := 0, 0, 0
	for _, p := range r.said {
		if p.request() {
			requests++
		}
		if p.words != "" {
			edits++
		}
		if p.order == "" && r.decided(p.channel, p.ts) != "ignore" {
			wrong++
		}
	}
	for _, k := range r.tickets() {
		if !slices.ContainsFunc(r.said, func(p posted) bool { return p.request() && p.order == k.Facts.Order() }) {
			r.Errorf("%s is of nobody's request: %q", k.Number, k.Source.Text)
		}
	}
	r.Logf("%d events, %d of them while nobody listened; %d requests, %d edits: %d lost, %d doubled", r.n, absentSays, requests, edits, lost, doubled)
	if n := len(r.tickets()); n != requests {
		r.Errorf("%d tickets of %d requests", n, requests)
	}
	if lost > 0 || doubled > 0 || wrong > 0 {
		r.Errorf("%d lost, %d doubled, %d taken for something else, want none; missing: %s", lost, doubled, wrong, missing)
	}
	torn, err := r.store.Check(context.Background(), team)
	if err != nil || len(torn) > 0 {
		r.Errorf("check: %v, %v", torn, err)
	}
}

package bot

import (
	"encoding/json"
	"slices"
	"sort"
	"time"

	"gongdan/tickets"
)

// enqueue adds an entry to its conversation's queue. A newer card of a ticket, or reaction on a message, replaces a waiting older
// one. The caller holds the lock.
func (a *Announcer) enqueue(o tickets.Outgoing) {
	a.seq++
	p := &pending{Outgoing: o, seq: a.seq}
	if err := json.Unmarshal(o.Body, &p.said); err != nil {
		a.Log.Error("outbox entry not readable", "entry", o.Entry, "err", err)
	}
	lane := string(o.Workspace) + "/" + o.Lane
	v := a.lanes[lane]
	if v == nil {
		v = &voice{}
		a.lanes[lane] = v
	}
	a.size++
	p.alone = p.said.Apart
	v.await(p, a.Now(), a.Wall())
	if o.Class == tickets.ClassCard {
		same := func(q *pending) bool {
			return !q.busy && q.Ticket == o.Ticket && q.said.What == p.said.What && q.said.TS == p.said.TS
		}
		if i := slices.IndexFunc(v.queue, same); i >= 0 {
			p.replace(v.queue[i])
			v.queue[i] = p
			return
		}
	}
	v.queue = append(v.queue, p)
}

// replace takes the place of an older entry in the queue, and what is known of its tries.
func (p *pending) replace(old *pending) {
	p.also = append(old.also, old.Entry)
	p.At, p.seq, p.next, p.wait = old.At, old.seq, old.next, old.wait
	p.clear, p.over, p.heard = old.clear, old.over, old.heard
}

// remove takes an entry that is dealt with off its queue. The caller holds the lock.
func (a *Announcer) remove(v *voice, p *pending) {
	a.size--
	v.queue = slices.DeleteFunc(v.queue, func(q *pending) bool { return q == p })
}

// order lists the conversations with something to say: those with the most urgent class first, then the longest waiting.
// Conversations with nothing left are forgotten. The caller holds the lock.
func (a *Announcer) order() []string {
	type head struct {
		key string
		p   *pending
	}
	heads := make([]head, 0, len(a.lanes))
	now := a.Wall()
	for key, v := range a.lanes {
		if len(v.queue) == 0 && !v.busy && !v.next.After(now) {
			delete(a.lanes, key)
		}
		if len(v.queue) > 0 {
			heads = append(heads, head{key, slices.MinFunc(v.queue, urgent)})
		}
	}
	sort.Slice(heads, func(i, j int) bool { return urgent(heads[i].p, heads[j].p) < 0 })
	keys := make([]string, len(heads))
	for i, h := range heads {
		keys[i] = h.key
	}
	return keys
}

// urgent orders entries: by class, marks on messages last, then as they came.
func urgent(a, b *pending) int {
	if a.Class != b.Class {
		return int(a.Class - b.Class)
	}
	if mark := a.said.What == SayTaken; mark != (b.said.What == SayTaken) {
		if mark {
			return 1
		}
		return -1
	}
	return a.seq - b.seq
}

// pick chooses what a conversation says next, or tells when it may say something. Within a ticket and class nothing
// overtakes. The caller holds the lock.
func (a *Announcer) pick(v *voice, now time.Time) (*pending, time.Time) {
	ready := slices.SortedFunc(slices.Values(v.queue), urgent)
	held := map[string]bool{}
	var next time.Time
	for _, p := range ready {
		at := a.notBefore(v, p, now)
		if !at.After(now) && !p.busy && !slices.ContainsFunc(p.turns(), func(t string) bool { return held[t] }) {
			a.budget.spend(p.Workspace, p.said.What, now)
			return p, now
		}
		for _, t := range p.turns() {
			held[t] = true
		}
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return nil, next
}

// notBefore is when the limits, and its own tries, let an entry be said.
func (a *Announcer) notBefore(v *voice, p *pending, now time.Time) time.Time {
	at := p.next
	if p.said.posts() {
		at = later(at, v.next)
	}
	if p.late || p.Class > tickets.ClassReminder { // what presses less goes after late calls all the same
		at = later(at, v.late)
	}
	return later(at, a.budget.next(p.Workspace, p.said.What, now))
}

// turns name what an entry must not be overtaken in: each of its tickets and classes. A mark on a message depends on nothing
// and nothing on it.
func (p *pending) turns() []string {
	if p.said.What == SayTaken {
		return nil
	}
	turn := func(t tickets.TicketID, c tickets.Class) string { return string(t) + string(rune('0'+c)) }
	out := []string{turn(p.Ticket, p.Class)}
	for _, q := range p.said.Parts {
		out = append(out, turn(q.Ticket, q.Class))
	}
	return out
}

// posts tells whether saying it makes a new message in the conversation.
func (s Said) posts() bool {
	switch s.What {
	case SayReact, SayTaken, SayOnIt, SayAgain:
		return false
	}
	return true
}

package replicas

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// absence is what people do while no bot is there.
type absence struct {
	*story
	roots map[string]posted // tickets from before, by order
}

// TestRestricted takes three bots away for twenty minutes, longer than Slack tries, and has all be found again by an app that
// Slack restricts to one call of history a minute. TestRolling does the same with an app that it does not.
func TestRestricted(t *testing.T) {
	t.Parallel()
	m := manner{replicas: 3, pace: 100, sim: slacksim.Options{LimitScale: -1, RestrictedHistory: true,
		RetryDelays: []time.Duration{10 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond}}}
	a := &absence{story: newStory(newFleet(t, m)), roots: map[string]posted{}}
	a.sim.OnCall(oncePerMinute())
	a.greet()
	a.before()
	a.settled()
	a.marked()
	a.stopAll()
	a.away()
	a.until("Slack has given everything up", func() bool { return a.sim.Unacked() == 0 })
	began, calls := time.Now(), a.history()
	for range m.replicas {
		a.start()
	}
	a.ready()
	a.found()
	took, calls := time.Since(began), a.history()-calls
	a.settled()
	a.judgeFound()
	slacks := time.Duration(calls) * time.Minute
	t.Logf("found again with one call a minute: %d calls, so %s at Slack's own pace; here at %d times that %s", calls, slacks, faster, took.Round(10*time.Millisecond))
	if allowed := slacks/faster + 10*time.Second; took > allowed {
		t.Errorf("it took %s, more than the %s that one call a minute allows", took, allowed)
	}
}

// faster is by how much Slack's minute is shortened where it allows one call of history a minute.
const faster = 60

// oncePerMinute refuses each method of reading the past more than once a shortened minute, as Slack does to apps that it restricts.
func oncePerMinute() func(slacksim.Call) slacksim.Fault {
	var mu sync.Mutex
	next := map[string]time.Time{}
	return func(c slacksim.Call) (f slacksim.Fault) {
		if c.Method != "conversations.history" && c.Method != "conversations.replies" {
			return f
		}
		mu.Lock()
		defer mu.Unlock()
		if time.Now().Before(next[c.Method]) {
			f.RetryAfter = int(time.Minute / faster / time.Second)
			return f
		}
		next[c.Method] = time.Now().Add(time.Minute / faster)
		return f
	}
}

// before is what was said before: tickets in three channels, one of them with a reply.
func (a *absence) before() {
	for i, c := range []string{teamRoom, otherRoom, shopRoom} {
		order := orderNo(100 + i)
		a.want(order)
		ts := a.post(zhao, c, fmt.Sprintf(complaints[0], order))
		a.card(c, ts)
		old := a.post(zhao, c, "买家已经发来照片", slacksim.InThread(ts))
		a.reply(order, old)
		a.roots[order] = posted{channel: c, ts: ts, thread: old, order: order}
	}
}

// marked waits until the bots have noted until when they heard everything.
func (a *absence) marked() {
	a.look("the mark of what was heard", func() bool {
		_, err := a.store.Doc(a.Context(), team, "heard")
		return err == nil
	})
}

// away is what happens while nobody listens, over twenty minutes.
func (a *absence) away() {
	for i := range 20 {
		a.jump(time.Minute)
		room := []string{teamRoom, otherRoom, shopRoom}[i%3]
		switch {
		case i < 6:
			order := orderNo(200 + i)
			a.want(order)
			ts := a.post(zhao, room, fmt.Sprintf(complaints[i%2], order))
			if i >= 3 {
				a.amend(room, ts, fmt.Sprintf(complaints[i%2], order)+"，改过的话 "+order[15:])
			}
			if i < 2 {
				a.reply(order, a.post(li, room, "我先看看", slacksim.InThread(ts)))
			}
		case i < 12:
			root := a.roots[orderNo(100+i%3)]
			id := a.post(li, root.channel, fmt.Sprintf("不在的时候说的第 %d 句", i), slacksim.InThread(root.ts))
			a.reply(root.order, id)
			if i >= 9 {
				a.change(li, root.channel, id, root.order)
			}
		case i < 15:
			root := a.roots[orderNo(100+i%3)]
			a.change(zhao, root.channel, root.thread, root.order)
		default:
			a.chats = append(a.chats, [2]string{room, a.post(wang, room, "中午吃什么")})
		}
	}
}

// amend edits a request that nobody has heard yet.
func (a *absence) amend(room, ts, words string) {
	if err := a.sim.Edit(zhao, room, ts, words); err != nil {
		a.Errorf("edit: %v", err)
	}
}

// history is how often the past was asked for.
func (f *fleet) history() (n int) {
	for _, c := range f.sim.Calls() {
		if (c.Method == "conversations.history" || c.Method == "conversations.replies") && c.Error == "" && c.Status == 200 {
			n++
		}
	}
	return n
}

// found waits until everything said has taken effect.
func (a *absence) found() {
	a.Helper()
	missing := ""
	if !within(3*time.Minute, 50*time.Millisecond, func() bool { missing = a.missing(); return missing == "" }) {
		a.Fatalf("never found: %s\n%s", missing, a.log.tail())
	}
}

// missing is something that has not been found yet; "" if nothing.
func (a *absence) missing() string {
	by := map[string]kept{}
	for _, k := range a.tickets() {
		by[k.Facts.Order()] = k
	}
	for order := range a.orders {
		k, ok := by[order]
		if !ok {
			return "the request of order " + order
		}
		for _, id := range a.replies[order] {
			if !stands(k, id, "") {
				return "the reply " + id
			}
			if words := a.wordsOf(k, id); words != "" && !stands(k, id, words) {
				return "the edit of " + id
			}
		}
	}
	for _, c := range a.chats {
		if _, ok, err := a.store.Seen(a.Context(), team, tickets.ChannelID(c[0]), c[1]); err != nil || !ok {
			return "talk in " + c[0]
		}
	}
	return ""
}

// judgeFound: everything once, and edits of requests took hold.
func (a *absence) judgeFound() {
	a.Helper()
	all := a.tickets()
	if len(all) != len(a.orders) {
		a.Errorf("%d tickets, want %d", len(all), len(a.orders))
	}
	for _, k := range all {
		order := k.Facts.Order()
		n := 0
		for _, e := range k.events {
			if e.Kind == tickets.EvNoted {
				n++
			}
		}
		if n != len(a.replies[order]) {
			a.Errorf("%s: %d notes, want %d", k.Number, n, len(a.replies[order]))
		}
		a.edited(k)
		for i := 3; i < 6; i++ {
			if order == orderNo(200+i) && !strings.Contains(k.Source.Text, "改过的话 "+order[15:]) {
				a.Errorf("%s: its request was edited while nobody listened, and holds %q", k.Number, k.Source.Text)
			}
		}
	}
	a.cards(all)
	a.whole()
}

// stands tells whether a message, with some words, is in a ticket's timeline.
func stands(k kept, id, words string) bool {
	for _, e := range k.events {
		if e.Message.TS == id && strings.Contains(e.Message.Text, words) {
			return true
		}
	}
	return false
}

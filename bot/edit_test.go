package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

// delivery is something Slack delivers, with the key by which repeats are dropped before they are heard.
type delivery struct {
	key string
	in  bot.Input
}

// morning is a request, a reply to it, and what both are changed into, in the order in which they were said.
type morning struct {
	root, reply               delivery
	first, second, rootEdited delivery // edits
}

// words are what was said at last, and before.
const (
	rootSaid, rootLast               = wantsReturn, wantsReturn + "，很急"
	replySaid, replyFirst, replyLast = "我先问下买家", "我先问下买家要照片", "我先问下买家要视频"
)

func newMorning(w *world) morning {
	root := w.message(anna, rootSaid)
	w.waits(time.Second)
	reply := w.message(li, replySaid)
	reply.Thread = root.TS
	said := func(m bot.Message) delivery { return delivery{"message/" + m.TS, bot.Input{Message: &m}} }
	edited := func(m bot.Message, text string) delivery {
		w.waits(time.Second)
		m.Text, m.Edited = text, time.Now()
		return delivery{fmt.Sprintf("edit/%s/%d", m.TS, m.Edited.UnixNano()), bot.Input{Edit: &bot.Edit{Message: m, At: m.Edited}}}
	}
	return morning{said(root), said(reply), edited(reply, replyFirst), edited(reply, replyLast), edited(root, rootLast)}
}

// reread is what the history holds of a message that was changed: its last words as if it had been said so, and the change.
func reread(said, edited delivery) []delivery {
	m := edited.in.Edit.Message
	return []delivery{{said.key, bot.Input{Message: &m}}, edited}
}

// owners are the conversations of one workspace, one after the other.
type owners struct {
	*world
	heard map[string]bool
	epoch int64
}

func newOwners(w *world) *owners {
	o := &owners{world: w, heard: map[string]bool{}}
	w.store = memstore.New(memstore.Options{Now: time.Now})
	o.takeover(w.store)
	early := w.message(wang, "早") // the bot listens
	o.deliver(delivery{"message/" + early.TS, bot.Input{Message: &early}})
	w.waits(time.Minute)
	return o
}

// takeover gives the work to a new owner over a store.
func (o *owners) takeover(store bot.Store) {
	o.talk = o.over(store)
	o.epoch = o.store.Take(ws)
}

// deliver hands in what was not heard before.
func (o *owners) deliver(list ...delivery) {
	o.t.Helper()
	for _, d := range list {
		if o.heard[d.key] {
			continue
		}
		o.heard[d.key] = true
		if err := o.talk.Handle(o.t.Context(), bot.Envelope{Entry: o.store.AddInbox(ws), Workspace: ws, Key: "T1/" + d.key}, d.in, o.epoch); err != nil {
			o.t.Fatalf("Handle(%s) = %v", d.key, err)
		}
	}
}

// wakes does what is due now.
func (o *owners) wakes() {
	o.t.Helper()
	for range 100 {
		due, _, err := o.store.Due(o.t.Context(), tickets.ShardOf(ws, 16), time.Now(), 100)
		if err != nil {
			o.t.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		for _, wake := range due {
			if err := o.talk.Wake(o.t.Context(), wake, o.epoch); err != nil {
				o.t.Fatalf("Wake(%s) = %v", wake.Subject, err)
			}
		}
	}
	o.t.Fatal("wakes never end")
}

// later lets time pass and does what falls due on the way.
func (o *owners) later(d time.Duration) {
	o.t.Helper()
	for end := time.Now().Add(d); ; {
		o.wakes()
		_, next, err := o.store.Due(o.t.Context(), tickets.ShardOf(ws, 16), time.Now(), 1)
		if err != nil {
			o.t.Fatal(err)
		}
		if next.IsZero() || next.After(end) {
			o.waits(time.Until(end))
			return
		}
		o.waits(time.Until(next))
	}
}

// wrong tells what the tickets hold otherwise than a morning says; "" if nothing.
func (o *owners) wrong(m morning) string {
	o.t.Helper()
	all := o.all()
	if len(all) != 1 {
		return fmt.Sprintf("%d tickets", len(all))
	}
	k, told, times, last := all[0], []string{}, map[string]int{}, map[string]string{}
	noted := 0
	for _, e := range o.events(k.ID) {
		if e.Message.TS == "" {
			continue
		}
		told = append(told, fmt.Sprintf("%s %q", e.Kind, e.Message.Text))
		times[e.Message.Text]++
		last[e.Message.TS] = e.Message.Text
		if e.Kind == tickets.EvNoted && e.Message.TS == m.reply.in.Message.TS {
			noted++
		}
	}
	_, err := o.store.Doc(o.t.Context(), ws, "early/"+string(desk)+"/"+m.root.in.Message.TS)
	switch {
	case k.Source.Text != rootLast, last[m.reply.in.Message.TS] != replyLast:
		return "the last words are others: " + strings.Join(told, ", ")
	case noted != 1:
		return "the reply stands not once: " + strings.Join(told, ", ")
	case err == nil:
		return "a reply waits for ever"
	}
	for text, n := range times {
		if n != 1 {
			return fmt.Sprintf("%q stands %d times: %s", text, n, strings.Join(told, ", "))
		}
	}
	return ""
}

// orders are all orders of n things.
func orders(n int) (out [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, o := range orders(n - 1) {
		for i := range n {
			out = append(out, slices.Insert(slices.Clone(o), i, n-1))
		}
	}
	return out
}

// Whatever comes first, whoever owns the shard meanwhile, and whenever history is read again.
func TestEditsInAnyOrder(t *testing.T) {
	pauses := map[string]func(*owners){"no time passes": func(*owners) {}, "wakes are handled": (*owners).wakes,
		"time passes": func(o *owners) { o.later(7 * time.Second) }}
	for name, pause := range pauses {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				names := []string{"root", "reply", "first edit", "second edit", "root's edit"}
				for n, order := range orders(len(names)) {
					if raceDetector && n%7 != 0 {
						continue // it looks for races, and takes ten times as long
					}
					for at := range 2*len(names) + 1 { // after each of them, with the first edit or the last; or never
						o := newOwners(w)
						m := newMorning(w)
						all := []delivery{m.root, m.reply, m.first, m.second, m.rootEdited}
						did := []string{}
						for n, i := range order {
							if at/2 == n {
								o.takeover(o.store)
								if at%2 == 0 {
									o.deliver(reread(m.reply, m.first)...)
								} else {
									o.deliver(reread(m.root, m.rootEdited)...)
									o.deliver(reread(m.reply, m.second)...)
								}
								did = append(did, "read again")
								pause(o)
							}
							o.deliver(all[i])
							did = append(did, names[i])
							pause(o)
						}
						o.later(11 * time.Minute)
						if got := o.wrong(m); got != "" {
							t.Errorf("after %s (%d): %s", strings.Join(did, ", "), at, got)
						}
					}
				}
			})
		})
	}
}

// between does something once, before the nth call of a store.
type between struct {
	bot.Store
	n  int
	do func()
}

func (b *between) step() {
	if b.n--; b.n == 0 {
		b.do()
	}
}

func (b *between) Doc(ctx context.Context, w tickets.WorkspaceID, key string) (tickets.Doc, error) {
	b.step()
	return b.Store.Doc(ctx, w, key)
}

func (b *between) Seen(ctx context.Context, w tickets.WorkspaceID, ch tickets.ChannelID, ts string) (tickets.Seen, bool, error) {
	b.step()
	return b.Store.Seen(ctx, w, ch, ts)
}

func (b *between) Find(ctx context.Context, w tickets.WorkspaceID, k tickets.Key) ([]tickets.TicketID, error) {
	b.step()
	return b.Store.Find(ctx, w, k)
}

func (b *between) Ticket(ctx context.Context, w tickets.WorkspaceID, id tickets.TicketID) (tickets.Ticket, error) {
	b.step()
	return b.Store.Ticket(ctx, w, id)
}

func (b *between) Timeline(ctx context.Context, w tickets.WorkspaceID, id tickets.TicketID) ([]tickets.Event, error) {
	b.step()
	return b.Store.Timeline(ctx, w, id)
}

func (b *between) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	b.step()
	return b.Store.Commit(ctx, c)
}

// race does something slowly, and something else before the nth call that it makes of the store.
func (o *owners) race(n int, slow, quick func()) {
	calm := o.talk
	o.talk = o.over(&between{Store: o.store, n: n, do: func() {
		racing := o.talk
		o.talk = calm
		quick()
		o.talk = racing
	}})
	slow()
	o.talk = calm
}

// Wakes run beside the lanes: what waits is taken up at any moment of an edit, and a reply is changed at any moment of
// being taken up.
func TestEditWhileItsReplyIsTakenUp(t *testing.T) {
	steps := []struct {
		name        string
		slow, quick func(*owners, morning)
	}{
		{"taken up while it is edited", func(o *owners, m morning) { o.deliver(m.second) }, func(o *owners, _ morning) { o.wakes() }},
		{"edited while it is taken up", func(o *owners, _ morning) { o.wakes() }, func(o *owners, m morning) { o.deliver(m.second) }},
		{"taken up while it is kept", func(o *owners, m morning) { o.deliver(m.reply, m.second) }, func(o *owners, m morning) { o.deliver(m.root); o.wakes() }},
		{"looked at while its root is decided on", func(o *owners, _ morning) { o.later(time.Minute) }, func(o *owners, m morning) { o.deliver(m.root) }},
	}
	for i, tt := range steps {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				for n := 1; n < 30; n++ {
					o := newOwners(w)
					m := newMorning(w)
					if i != 2 {
						o.deliver(m.reply)
					}
					if i < 2 {
						o.deliver(m.root)
					}
					o.race(n, func() { tt.slow(o, m) }, func() { tt.quick(o, m) })
					o.deliver(m.root, m.rootEdited, m.second)
					o.later(6 * time.Second) // a reply waits no longer for a root that is known
					if got := o.wrong(m); got != "" {
						t.Errorf("before call %d: %s", n, got)
					}
				}
			})
		})
	}
}

// A reply that has waited long is looked at seldom, so a look must not outlive the press that it missed.
func TestPressWhileReplyIsLookedAt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for n := 1; n < 12; n++ {
			o := newOwners(w)
			root := w.message(anna, unsure)
			reply := w.message(li, replySaid)
			reply.Thread = root.TS
			o.deliver(delivery{"root", bot.Input{Message: &root}}, delivery{"reply", bot.Input{Message: &reply}})
			o.later(time.Hour)
			_, next, err := w.store.Due(t.Context(), tickets.ShardOf(ws, 16), time.Now(), 1)
			if err != nil {
				t.Fatal(err)
			}
			w.waits(time.Until(next))
			press := delivery{"press", bot.Input{Click: &bot.Click{Channel: desk, User: anna, Action: bot.ActMake, Value: string(desk) + "/" + root.TS}}}
			o.race(n, o.wakes, func() { o.deliver(press) })
			o.deliver(press)
			o.later(time.Second)
			if h := o.history(o.only().ID); strings.Count(h, "noted") != 1 {
				t.Errorf("before call %d: history = %s, want the reply", n, h)
			}
		}
	})
}

// Words that are taken back count, though the edit in between comes last.
func TestWordsTakenBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		reply := w.replies(li, root, replySaid)
		change := func(text string) bot.Input {
			w.waits(time.Second)
			m := reply
			m.Text = text
			return bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}}
		}
		first, back := change(replyFirst), change(replySaid)
		w.handle(back)
		w.handle(first)
		if h := w.history(w.only().ID); strings.Contains(h, "edited") {
			t.Errorf("history = %s, want no edit", h)
		}
	})
}

// Slack tells the time of an edit in whole seconds: of two within one, none is lost.
func TestEditsWithinOneSecond(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		reply := w.replies(li, root, replySaid)
		at := time.Now().Truncate(time.Second)
		for _, text := range []string{replyFirst, replyLast, replyLast} {
			m := reply
			m.Text = text
			w.handle(bot.Input{Edit: &bot.Edit{Message: m, At: at}})
		}
		if h := w.history(w.only().ID); strings.Count(h, "edited") != 2 {
			t.Errorf("history = %s, want two edits", h)
		}
	})
}

// A reply that is removed while it waits for its root is not taken up, nor is what it was changed into before.
func TestReplyRemovedWhileItWaits(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := newOwners(w)
		m := newMorning(w)
		reply := m.reply.in.Message
		gone := bot.Input{Delete: &bot.Delete{Channel: desk, TS: reply.TS, Thread: reply.Thread, Author: li, At: time.Now()}}
		o.deliver(m.reply, delivery{"delete", gone}, m.root, m.second)
		o.later(11 * time.Minute)
		if h := o.history(o.only().ID); h != "created" {
			t.Errorf("history = %s, want the ticket alone", h)
		}
	})
}

// The last words of a reply to the bot's own private message count too, if they come before the first.
func TestEditInDirectThreadComesFirst(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		k := w.only()
		m := w.message(anna, "买家说今天要回复")
		m.Channel, m.Thread, m.Direct, m.ToBot = k.Source.Channel, k.Source.Thread, true, true
		changed := m
		changed.Text = "买家说明天要回复"
		w.handle(bot.Input{Edit: &bot.Edit{Message: changed, At: time.Now()}})
		w.handle(bot.Input{Message: &m})
		events := w.events(k.ID)
		if last := events[len(events)-1]; last.Message.Text != changed.Text || strings.Count(w.history(k.ID), "noted") != 1 {
			t.Errorf("history = %s, last words %q, want %q once", w.history(k.ID), last.Message.Text, changed.Text)
		}
	})
}

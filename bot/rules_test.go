package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// revise changes the rules and publishes them as the owner of the shard does.
func (w *world) revise(change func(*tickets.Policy)) {
	w.t.Helper()
	next := w.policy
	next.Rules = slices.Clone(w.policy.Rules)
	for i := range next.Rules {
		next.Rules[i].Clocks = slices.Clone(next.Rules[i].Clocks)
	}
	change(&next)
	next.Revision++
	next.Since = time.Now()
	doc := tickets.DocWrite{Key: fmt.Sprintf("rules/%d", next.Revision), Body: []byte(`1`)}
	if err := w.talk.Publish(w.t.Context(), ws, 0, next.Revision, []tickets.DocWrite{doc}); err != nil {
		w.t.Fatalf("Publish = %v", err)
	}
	w.policy = next
}

// slower makes every first response of the team's own tickets due later.
func slower(d time.Duration) func(*tickets.Policy) {
	return func(p *tickets.Policy) {
		for _, r := range p.Rules {
			for i := range r.Clocks {
				if r.Clocks[i].Kind == tickets.ClockFirstResponse {
					r.Clocks[i].Duration += d
				}
			}
		}
	}
}

func firstDue(t *testing.T, k tickets.Ticket) time.Time {
	t.Helper()
	d, ok := k.Deadline(tickets.ClockFirstResponse)
	if !ok {
		t.Fatalf("%s has no first response", k.Number)
	}
	return d.Due
}

// TestReplan publishes a revision while many tickets are open: each is planned once by it, and each channel hears of it once.
func TestReplan(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		const many = 100
		for i := range many {
			w.says(anna, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
			w.waits(time.Minute / 10)
		}
		w.speak()
		before, said := w.all(), len(w.pings(desk))
		w.revise(slower(time.Hour))
		w.until(time.Now().Add(time.Minute))
		for i, k := range w.all() {
			if got, want := firstDue(t, k), firstDue(t, before[i]).Add(time.Hour); !got.Equal(want) || k.Revision != w.policy.Revision {
				t.Fatalf("%s due %v by revision %d, want %v by %d", k.Number, got, k.Revision, want, w.policy.Revision)
			}
			if n := strings.Count(w.history(k.ID), string(tickets.EvReplanned)); n != 1 {
				t.Errorf("%s was planned again %d times, want 1", k.Number, n)
			}
		}
		w.speak()
		news := w.pings(desk)[said:]
		if len(news) != 1 || !strings.Contains(news[0].text(), "100 张工单") || strings.Count(news[0].text(), "T-") != 8 || !strings.Contains(news[0].text(), "另外 92 张") {
			t.Errorf("said in the channel: %v, want one message about 100 tickets that names eight", news)
		}
		if _, err := w.store.Doc(t.Context(), ws, "replan"); !errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("what is left of the planning: %v, want nothing", err)
		}
		w.sound()
	})
}

// TestRulesToldInTheThread: what a revision moves of a ticket is told in its thread if something happens to it before its turn,
// once, and the card names the new deadline.
func TestRulesToldInTheThread(t *testing.T) {
	tests := []struct {
		name string
		does func(*testing.T, *world, func())
		told int
	}{
		{"its turn", func(_ *testing.T, w *world, revise func()) { w.speak(); revise(); w.wake() }, 0},
		{"somebody acts", func(_ *testing.T, w *world, revise func()) { w.speak(); revise(); w.types(wang, "severity 1 high") }, 1},
		{"a reminder is due by the old rules", func(t *testing.T, w *world, revise func()) {
			w.speak()
			k := w.only()
			w.waits(time.Until(k.Wake))
			revise()
			if err := w.talk.Wake(t.Context(), tickets.Wake{Subject: tickets.TicketSubject(ws, k.ID), Due: k.Wake}, 0); err != nil {
				t.Fatal(err)
			}
		}, 1},
		{"its card appears", func(_ *testing.T, w *world, revise func()) { revise(); w.speak() }, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.types(wang, "new 订单 20241122000778 买家说杯子碎了，要退货")
				tt.does(t, w, func() { w.revise(slower(time.Hour)) })
				w.speak()
				w.until(time.Now().Add(5 * time.Second))
				w.speak()
				k, channel := w.only(), 0
				for _, p := range w.pings(desk) {
					if p.Thread == "" && strings.Contains(p.text(), "规则") {
						channel++
					}
				}
				if got := strings.Count(w.chat.thread(k.Source.Thread), "→"); got != tt.told || channel != 1-tt.told {
					t.Errorf("told %d times in the thread and %d in the channel, want %d and %d:\n%s", got, channel, tt.told, 1-tt.told, w.chat.thread(k.Source.Thread))
				}
				if due := firstDue(t, k); !due.Equal(k.Created.Add(90*time.Minute)) || k.Revision != w.policy.Revision {
					t.Errorf("due %v by revision %d", due, k.Revision)
				}
				w.sound()
			})
		})
	}
}

// TestReplanAmongGuests lets people from outside into a channel after its ticket was made: what moved there is no longer said.
func TestReplanAmongGuests(t *testing.T) {
	for _, joined := range []bool{false, true} {
		t.Run(fmt.Sprintf("joined %v", joined), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.speak()
				said, want := len(w.pings(desk)), 1
				w.revise(slower(time.Hour))
				w.until(time.Now().Add(time.Minute))
				if joined {
					w.people.joined, want = desk, 0
				}
				w.speak()
				if got := w.pings(desk)[said:]; len(got) != want || len(w.outbox()) != 0 {
					t.Errorf("said %v, %d left to say, want %d and none", got, len(w.outbox()), want)
				}
			})
		})
	}
}

// TestReplanSilently checks that a revision that moves nothing says nothing.
func TestReplanSilently(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.speak()
		before, said := w.only(), len(w.pings(desk))
		w.revise(func(p *tickets.Policy) { p.UrgeEvery++ })
		w.until(time.Now().Add(time.Minute))
		w.speak()
		if got := w.pings(desk)[said:]; len(got) != 0 || !firstDue(t, w.only()).Equal(firstDue(t, before)) {
			t.Errorf("said %v, due %v, want nothing said and %v", got, firstDue(t, w.only()), firstDue(t, before))
		}
	})
}

// TestReplanGoesOn stops after each batch and goes on by another conversation, as after a crash; a further revision comes on
// the way. Nothing is left behind and nothing is said twice.
func TestReplanGoesOn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 90 {
			w.says(anna, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
			w.waits(time.Second)
		}
		w.speak()
		before, said := w.all(), len(w.pings(desk))
		w.revise(slower(time.Hour))
		w.wake() // one batch: the next is a moment later
		w.restarts()
		w.revise(slower(time.Hour))
		w.waits(time.Millisecond)
		w.wake()
		w.restarts()
		w.until(time.Now().Add(time.Minute))
		w.speak()
		for i, k := range w.all() {
			if got, want := firstDue(t, k), firstDue(t, before[i]).Add(2*time.Hour); !got.Equal(want) {
				t.Errorf("%s due %v, want %v", k.Number, got, want)
			}
		}
		if news := w.pings(desk)[said:]; len(news) != 1 {
			t.Errorf("%d messages in the channel, want 1: %v", len(news), news)
		}
		w.sound()
	})
}

// restarts replaces the conversation, which keeps nothing in memory that matters.
func (w *world) restarts() {
	w.t.Helper()
	minds, err := brain()
	if err != nil {
		w.t.Fatal(err)
	}
	w.talk = bot.New(bot.Options{Store: w.store, Policies: w, People: w.people, Minds: minds, Words: catalogue(w.t), Now: time.Now})
}

// TestReplanWaitsForTheRules checks that a process that does not serve the revision yet plans nothing by the older one.
func TestReplanWaitsForTheRules(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		due := firstDue(t, w.only())
		old := w.policy
		w.revise(slower(time.Hour))
		fresh := w.policy
		w.policy = old
		w.until(time.Now().Add(5 * time.Second))
		if got := firstDue(t, w.only()); !got.Equal(due) {
			t.Errorf("due %v before the rules are known, want %v", got, due)
		}
		w.policy = fresh
		w.until(time.Now().Add(5 * time.Second))
		if got := firstDue(t, w.only()); !got.Equal(due.Add(time.Hour)) {
			t.Errorf("due %v, want %v", got, due.Add(time.Hour))
		}
	})
}

func TestPublishTwice(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		doc := tickets.DocWrite{Key: "rules", Body: []byte(`1`)}
		if err := w.talk.Publish(t.Context(), ws, 0, 2, []tickets.DocWrite{doc}); err != nil {
			t.Fatal(err)
		}
		if err := w.talk.Publish(t.Context(), ws, 0, 2, []tickets.DocWrite{doc}); !errors.Is(err, tickets.ErrConflict) {
			t.Errorf("publishing what somebody else has published = %v, want ErrConflict", err)
		}
	})
}

func TestRulesRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		doc := tickets.DocWrite{Key: "rules/refused", Body: []byte(`"hash"`)}
		news := bot.RulesNews{Problems: 3, First: `12:5: policies[0]: unknown key "<!channel>"`}
		if err := w.talk.RulesRefused(t.Context(), ws, 0, doc, news); err != nil {
			t.Fatal(err)
		}
		w.speak()
		got := w.pings("DUADMIN")
		if len(got) != 1 || !strings.Contains(got[0].text(), "3 处") || !strings.Contains(got[0].text(), "12:5") {
			t.Errorf("said to the admin: %v, want one message with the first problem", got)
		}
	})
}

// TestDoudianByName checks that a Doudian request that is named in words alone is bound by Doudian's rules.
func TestDoudianByName(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, "抖店平台服务请求来了，订单 2024112233445566778 买家说收到的杯子碎了要退货")
		if k := w.only(); k.Facts.Platform != "douyin" {
			t.Errorf("platform %q, want douyin", k.Facts.Platform)
		}
	})
}

// TestShopsOfTheRules checks that a shop that a revision adds is found in words at once.
func TestShopsOfTheRules(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Shops = []tickets.Shop{{Name: "天猫云朵家居旗舰店", Aliases: []string{"云朵"}, Platform: "tmall"}}
		w.says(anna, "云朵的订单 2024112233445566778 买家说收到的杯子碎了，要退货")
		if k := w.only(); k.Facts.Shop != "天猫云朵家居旗舰店" || k.Facts.Platform != "tmall" {
			t.Errorf("shop %q on %q, want 天猫云朵家居旗舰店 on tmall", k.Facts.Shop, k.Facts.Platform)
		}
	})
}

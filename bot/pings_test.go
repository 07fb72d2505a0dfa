package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// called makes a ticket of 小李's whose first answer is 35 minutes late, and whose lead was called.
func (w *world) called() tickets.Ticket {
	w.t.Helper()
	w.says(anna, wantsReturn)
	w.types(wang, "assign 1 小李")
	w.speak()
	w.until(w.only().Created.Add(20 * time.Minute))
	w.speak()
	w.until(w.only().Created.Add(35 * time.Minute))
	return w.only()
}

// onIt has somebody press "on it" on a message.
func (w *world) onIt(by tickets.UserID, k tickets.Ticket, at bot.Ref) {
	w.t.Helper()
	w.handle(bot.Input{Click: &bot.Click{Channel: at.Channel, TS: at.TS, User: by, Action: bot.ActAck, Value: "first_response|" + string(k.ID)}})
}

// offers tells whether something can be pressed on a message, other than on a card.
func offers(s spoken) bool { return len(s.View.Actions) > 0 }

// checkFollowed fails if there are not so many pings, or one does not say who is on it, says it twice, or offers something.
func checkFollowed(t *testing.T, pings []spoken, want int, line string) {
	t.Helper()
	if len(pings) != want {
		t.Errorf("%d pings, want %d", len(pings), want)
	}
	for _, p := range pings {
		if strings.Count(p.text(), line) != 2 || !strings.HasSuffix(p.View.Summary, line) || offers(p) {
			t.Errorf("a ping in %s reads %q and offers %+v, want %q once, in the summary too, and nothing to press", p.Channel, p.text(), p.View.Actions, line)
		}
	}
}

// followedLine is what the pings of the only ticket say once 王主管 is on it.
func followedLine(w *world) string {
	w.t.Helper()
	d, ok := w.only().Deadline(tickets.ClockFirstResponse)
	if !ok || d.AckedBy != wang {
		w.t.Fatalf("%+v, want it followed by %s", d, wang)
	}
	return "王主管已跟进 · " + d.AckedAt.In(shanghai).Format("15:04")
}

func TestOnItRedrawsPings(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.called()
		w.speak()
		call := w.pings("DUADMIN")
		if len(call) != 1 || !offers(call[0]) {
			t.Fatalf("escalation = %+v, want one with a button", call)
		}
		before := call[0].View.Lines[0].Text
		w.waits(10 * time.Minute)
		w.onIt(wang, k, call[0].Ref)
		w.speak()
		line := followedLine(w)
		checkFollowed(t, w.pings("DUADMIN"), 1, line)
		checkFollowed(t, w.pings("DULI")[1:], 2, line)
		if after := w.pings("DUADMIN")[0].View.Lines[0].Text; after != before {
			t.Errorf("the escalation said %q, says %q after ten minutes", before, after)
		}
		if !offers(w.pings("DULI")[0]) {
			t.Error("the message of having got the ticket lost its buttons")
		}
		w.once()
		w.noMarks()
		w.sound()
	})
}

// A ping in the channel changes as well, however somebody said that they are on it.
func TestOnItByWords(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn) // nobody's: its pings go to the channel
		w.until(w.only().Created.Add(21 * time.Minute))
		w.speak()
		w.types(wang, "ack 1")
		w.speak()
		checkFollowed(t, w.pings(desk)[:1], 1, followedLine(w))
	})
}

// TestOnItWhilePinged: somebody is on it just as the ping is posted, before it is remembered where it stands.
func TestOnItWhilePinged(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.called()
		var once atomic.Bool
		a := w.announcer(w.store)
		w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
			if call == "post" && ch == "DULI" && once.CompareAndSwap(false, true) {
				w.types(wang, "ack 1")
				a.Kick()
				w.waits(3 * time.Second) // what follows from that is done before the call comes back
			}
			return nil, nil
		})
		w.runs(a, time.Minute)
		if !once.Load() {
			t.Fatal("nothing was posted to the assignee")
		}
		checkFollowed(t, w.pings("DULI")[1:], 2, followedLine(w))
		if got := w.history(k.ID); !strings.Contains(got, "acked") {
			t.Errorf("history = %s", got)
		}
		w.noMarks()
		w.sound()
	})
}

// TestOnItOfForgottenPing: whoever posted the ping ended before it could remember it.
func TestOnItOfForgottenPing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.called()
		ctx, cancel := context.WithCancel(t.Context())
		w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
			if call == "post" && ch == "DUADMIN" {
				cancel()
				return nil, fmt.Errorf("answer lost: %w", tickets.ErrTemporary)
			}
			return nil, nil
		})
		_ = w.announcer(w.store).Run(ctx)
		w.chat.failing(nil)
		w.onIt(wang, k, w.pings("DUADMIN")[0].Ref)
		w.speak()
		checkFollowed(t, w.pings("DUADMIN"), 1, followedLine(w))
		w.noMarks()
		w.sound()
	})
}

// TestOnItKilled: wherever an owner dies between posting a ping, remembering it and editing it, the next edits it.
func TestOnItKilled(t *testing.T) {
	for _, pressed := range []bool{false, true} {
		for n := 1; n <= 6; n++ {
			t.Run(fmt.Sprintf("pressed before %t, commit %d", pressed, n), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					k := w.called()
					if pressed {
						w.speak()
						w.onIt(wang, k, w.pings("DUADMIN")[0].Ref)
					}
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it may have fewer to make
					_ = w.announcer(&cutStore{Store: w.store, left: n, kill: cancel}).Run(ctx)
					cancel()
					if call := w.pings("DUADMIN"); !pressed && len(call) > 0 {
						w.onIt(wang, k, call[0].Ref) // of a message that nobody may remember
					}
					w.speak()
					call := w.pings("DUADMIN")
					if len(call) != 1 {
						t.Fatalf("%d escalations, want 1", len(call))
					}
					if !pressed && offers(call[0]) {
						w.onIt(wang, k, call[0].Ref)
						w.speak()
					}
					checkFollowed(t, w.pings("DUADMIN"), 1, followedLine(w))
					if len(w.outbox()) != 0 {
						t.Errorf("%d entries are left", len(w.outbox()))
					}
					w.once()
					w.sound()
				})
			})
		}
	}
}

// Faults of the chat delay the editing and never lose it; a message that is gone needs none.
func TestOnItFaults(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault error
		times int32
	}{
		{"limited", &bot.RateLimited{After: 20 * time.Second}, 2},
		{"away", tickets.ErrTemporary, 4},
		{"slow", errSlow, 1},
		{"gone", bot.ErrGone, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				k := w.called()
				w.speak()
				var met atomic.Int32
				w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
					if call == "update" && ch == "DULI" && met.Add(1) <= tt.times {
						return tt.fault, nil
					}
					return nil, nil
				})
				w.onIt(wang, k, w.pings("DUADMIN")[0].Ref)
				w.speak()
				checkFollowed(t, w.pings("DUADMIN"), 1, followedLine(w))
				if tt.name != "gone" {
					checkFollowed(t, w.pings("DULI")[1:], 2, followedLine(w))
				}
				if met.Load() < tt.times || len(w.outbox()) != 0 {
					t.Errorf("%d calls met the fault, %d entries are left", met.Load(), len(w.outbox()))
				}
			})
		})
	}
}

// A ping about two clocks of which somebody is on one goes on saying what it said, and offers what the other needs.
func TestOnItOfTwoClocks(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.AckLapse = 0
		w.says(wang, "天猫 20241122000778 下协同工单了，今天12点前要回")
		w.types(wang, "assign 1 小李")
		w.speak()
		w.waits(time.Until(time.Date(2000, 1, 1, 11, 30, 0, 0, shanghai)))
		w.wake()
		w.speak()
		ping := func() spoken { return w.pings("DULI")[1] }
		said := ping().View.Lines
		if len(said) != 3 || !strings.Contains(said[0].Text, "还有 30 分钟超时") || !strings.Contains(said[1].Text, "内部超时") {
			t.Fatalf("ping = %+v, want both clocks", said)
		}
		for n, clock := range []tickets.ClockKind{tickets.ClockPlatform, tickets.ClockFirstResponse} {
			w.handle(bot.Input{Click: &bot.Click{Channel: desk, User: wang, Action: bot.ActAck, Value: string(clock) + "|" + string(w.only().ID)}})
			w.waits(time.Minute)
			w.speak()
			got := ping()
			if text := got.text(); !strings.Contains(text, said[0].Text) || !strings.Contains(text, said[1].Text) {
				t.Errorf("with %s followed it reads %q, want both lines kept", clock, text)
			}
			answer := slices.ContainsFunc(got.View.Actions, func(a bot.Action) bool { return a.ID == bot.ActAnswer })
			if lines := strings.Count(got.View.Summary, "王主管已跟进"); lines != n+1 || !answer {
				t.Errorf("with %s followed: %d lines say who, offered %+v, want a way to record the reply", clock, lines, got.View.Actions)
			}
		}
		w.sound()
	})
}

// What is remembered of a ticket's pings goes with the ticket.
func TestPingsForgotten(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.called()
		w.speak()
		kept := func() bool {
			_, err := w.store.Doc(t.Context(), ws, "pings/"+string(k.ID))
			if err != nil && !errors.Is(err, tickets.ErrNotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		if !kept() {
			t.Fatal("nothing is remembered of pings that somebody may follow")
		}
		w.onIt(wang, k, w.pings("DUADMIN")[0].Ref)
		w.speak()
		if !kept() {
			t.Fatal("nothing is remembered of pings whose clock runs")
		}
		w.types(li, "note 1 已回复买家")
		w.speak()
		if kept() {
			t.Error("pings whose clock has ended are remembered")
		}
		w.until(w.only().Created.Add(24 * time.Hour))
		w.speak()
		w.types(wang, "resolve 1")
		if !kept() {
			t.Fatal("nothing is remembered of the resolution's pings")
		}
		w.until(time.Now().Add(40 * 24 * time.Hour))
		if s := w.only().Status; s != tickets.StatusArchived || kept() {
			t.Errorf("the ticket is %s, its pings remembered: %t", s, kept())
		}
		w.sound()
	})
}

package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// pings are the messages in a channel that are no cards.
func (w *world) pings(ch tickets.ChannelID) []spoken {
	return slices.DeleteFunc(w.chat.in(ch), func(s spoken) bool { return strings.HasPrefix(s.ID, "card:") })
}

func TestLadder(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.types(li, "assign 1 小李")
		w.speak()
		told := len(w.pings("DULI"))
		for _, at := range []struct {
			after            time.Duration
			assignee, leader int
		}{{19 * time.Minute, 0, 0}, {time.Minute, 1, 0}, {9 * time.Minute, 1, 0}, {time.Minute, 2, 0}, {4 * time.Minute, 2, 0}, {time.Minute, 2, 1}, {time.Hour, 2, 1}} {
			w.until(time.Now().Add(at.after).Truncate(time.Minute))
			w.speak()
			if a, l := len(w.pings("DULI"))-told, len(w.pings("DUADMIN")); a != at.assignee || l != at.leader {
				t.Fatalf("after %s: %d to the assignee, %d to the leader; want %d, %d", time.Since(w.only().Created), a, l, at.assignee, at.leader)
			}
		}
		if v := w.pings("DUADMIN")[0].View; len(v.Actions) == 0 || v.Actions[0].ID != bot.ActAck {
			t.Errorf("escalation = %+v, want a way to take it", v)
		}
		w.sound()
	})
}

func TestAckSilences(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.AckLapse = 0
		w.says(anna, wantsReturn)
		k := w.only()
		w.until(k.Created.Add(21 * time.Minute))
		w.presses(wang, bot.ActAck, "first_response|"+string(k.ID), "")
		w.speak()
		n := len(w.pings(desk))
		w.until(k.Created.Add(2 * time.Hour))
		w.speak()
		if got := len(w.pings(desk)); got != n || len(w.pings("DUADMIN")) != 0 {
			t.Errorf("%d pings after the acknowledgement", got-n)
		}
	})
}

func TestAnswerSilencesItsClock(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		w.presses(li, bot.ActAnswer, string(k.ID), "")
		w.until(time.Now().Add(40 * time.Hour))
		w.speak()
		for _, e := range w.events(k.ID) {
			if e.Clock == tickets.ClockPlatform && (e.Kind == tickets.EvReminded || e.Kind == tickets.EvBreached || e.Kind == tickets.EvEscalated) {
				t.Errorf("%s of the platform clock after the answer", e.Kind)
			}
		}
	})
}

func TestAssigneesAreTold(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.types(wang, "assign 1 小李")
		w.speak()
		if got := w.pings("DULI"); len(got) != 1 || !strings.Contains(got[0].text(), "T-1") {
			t.Fatalf("told the new assignee %d times", len(got))
		}
		w.types(wang, "assign 1 @UANNA")
		w.speak()
		if a, b := len(w.pings("DULI")), len(w.pings("DUANNA")); a != 2 || b != 1 {
			t.Errorf("told the previous %d, the new %d; want 2, 1", a, b)
		}
	})
}

// A reminder that waited goes to whoever has the ticket when it is said.
func TestReroute(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.types(li, "assign 1 小李")
		w.speak()
		w.until(w.only().Created.Add(20 * time.Minute))
		w.types(wang, "assign 1 @UANNA")
		before := len(w.pings("DULI"))
		w.speak()
		if got := w.pings("DUANNA"); len(got) != 2 { // that it is theirs, and the reminder
			t.Errorf("%d to the new assignee, want 2", len(got))
		}
		if got := len(w.pings("DULI")) - before; got != 1 { // that it is no longer theirs
			t.Errorf("%d to the previous one, want 1", got)
		}
	})
}

func TestStaleIsDropped(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		k := w.only()
		w.until(k.Created.Add(20 * time.Minute))
		w.types(li, "resolve 1")
		n := len(w.pings(desk))
		w.speak()
		if got := len(w.pings(desk)) - n; got != 0 {
			t.Errorf("%d pings about a clock that has stopped", got)
		}
		events := w.events(k.ID)
		if last := events[len(events)-1]; last.Kind != tickets.EvUnsaid || last.Reason != "reminder: stopped" {
			t.Errorf("last event = %s %q, want what was not said", last.Kind, last.Reason)
		}
		w.sound()
	})
}

// The same person leads for good, and a call reaches somebody whoever is gone.
func TestEscalationReachesSomebody(t *testing.T) {
	for _, tt := range []struct {
		name string
		gone []tickets.ChannelID
		at   tickets.ChannelID
	}{
		{"the leader", nil, "DUADMIN"},
		{"the leader is gone", []tickets.ChannelID{"DUADMIN"}, desk},
		{"the channel too", []tickets.ChannelID{"DUADMIN", desk}, "DUANNA"},
		{"everybody", []tickets.ChannelID{"DUADMIN", desk, "DUANNA"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.speak()
				k := w.only()
				w.chat.failing(func(_ string, ch tickets.ChannelID) (error, error) {
					if slices.Contains(tt.gone, ch) {
						return bot.ErrGone, nil
					}
					return nil, nil
				})
				w.until(k.Created.Add(36 * time.Minute))
				w.speak()
				heard := 0
				for _, p := range w.pings(tt.at) {
					if len(p.View.Actions) > 0 && p.View.Actions[0].ID == bot.ActAck {
						heard++
					}
				}
				if want := min(1, len(tt.at)); heard != want {
					t.Errorf("escalation said %d times in %q, want %d", heard, tt.at, want)
				}
				unsaid := strings.Contains(w.history(k.ID), "unsaid")
				if tt.at == "" && !unsaid {
					t.Errorf("history = %s, want what could not be said", w.history(k.ID))
				}
				w.noMarks()
			})
		})
	}
}

func TestLeadStaysTheSame(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.until(time.Now().Add(36 * time.Minute))
		w.people.down = true
		w.says(li, "订单 2024112200000000001 买家要退货")
		w.until(time.Now().Add(36 * time.Minute))
		w.people.down = false
		w.speak()
		rows := 0
		for _, p := range w.pings("DUADMIN") {
			rows += len(p.View.Rows)
		}
		if rows != 2 {
			t.Errorf("%d escalations to the leader, want 2", rows)
		}
	})
}

// TestRemindedAfterTheDeadline: the ladder goes on past the breach, by the platform's clock and by one of the team's own.
func TestRemindedAfterTheDeadline(t *testing.T) {
	for _, tt := range []struct {
		name, ticket, late string
	}{
		{"platform", "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=10:00", "【平台超时 "},
		{"team", "new 订单 20241122000778 要退货", "【内部超时 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				resolution := &w.policy.Rules[len(w.policy.Rules)-1].Clocks[1]
				resolution.Duration = time.Hour
				resolution.Ladder = append(resolution.Ladder, sla.Step{Name: "again", Kind: sla.Remind, Every: 30 * time.Minute, Times: 4})
				w.morning(9)
				w.types(anna, tt.ticket)
				w.types(anna, "assign 1 小李")
				w.until(today(0, 10, 0))
				w.speak()
				for i, ago := range []string{"30 分钟】", "1 小时】", "1 小时 30 分钟】", "2 小时】"} {
					w.until(today(0, 10, 0).Add(time.Duration(i+1) * 30 * time.Minute))
					w.speak()
					var got []string
					for _, p := range w.pings("DULI") {
						if strings.Contains(p.text(), tt.late+ago) {
							got = append(got, p.text())
						}
					}
					if len(got) != 1 || !strings.Contains(got[0], "仍未处理") {
						t.Errorf("%s past the deadline: %q, want one ping", ago, got)
					}
				}
			})
		})
	}
}

// TestLapseFollowsItsClock: that "on it" has come to nothing is said while the clock runs, and not after.
func TestLapseFollowsItsClock(t *testing.T) {
	for _, tt := range []struct {
		name          string
		before, after string // the lapse
		said          bool
	}{
		{"open", "", "", true},
		{"resolved without an answer", "resolve 1", "", true},
		{"resolved since", "", "resolve 1", true},
		{"answered since", "", "replied 1", false},
		{"somebody else is on it", "", "ack 1", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.morning(9)
				w.types(anna, "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=10:00")
				w.types(anna, "assign 1 小李")
				w.until(today(0, 10, 1))
				w.speak()
				w.presses(wang, bot.ActAck, "platform|"+string(w.only().ID), "")
				if tt.before != "" {
					w.types(li, tt.before)
				}
				w.speak()
				w.until(today(0, 10, 25))
				if tt.after != "" {
					w.types(li, tt.after)
				}
				w.speak()
				said := strings.Contains(fmt.Sprint(w.pings("DUWANG")), "没有动静")
				if said != tt.said {
					t.Errorf("said = %v, want %v: %s", said, tt.said, w.history(w.only().ID))
				}
			})
		})
	}
}

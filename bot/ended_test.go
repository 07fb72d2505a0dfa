package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// checkEnded fails unless each of the pings says once how its clock ended, in the summary too, and offers nothing.
func checkEnded(t *testing.T, pings []spoken, want int, line string) {
	t.Helper()
	if len(pings) != want {
		t.Errorf("%d pings, want %d", len(pings), want)
	}
	for _, p := range pings {
		if strings.Count(p.text(), line) != 2 || !strings.Contains(p.View.Summary, line) || offers(p) {
			t.Errorf("a ping in %s reads %q and offers %+v, want %q once, in the summary too, and nothing to press", p.Channel, p.text(), p.View.Actions, line)
		}
	}
}

// However a clock ends, its pings say so wherever they stand.
func TestEndedRedrawsPings(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		act        func(w *world)
	}{
		{"answered by word", "已答复 · ", func(w *world) { w.types(li, "note 1 已回复买家") }},
		{"resolved", "已答复 · ", func(w *world) { w.types(li, "resolve 1") }},
		{"cancelled", "已撤单 · ", func(w *world) { w.types(wang, "cancel 1 重复") }},
		{"followed before", "王主管已跟进 · 08:35；已答复 · ", func(w *world) {
			w.types(wang, "ack 1")
			w.speak()
			w.types(li, "resolve 1")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.called()
				w.speak()
				tt.act(w)
				w.speak()
				checkEnded(t, w.pings("DULI")[1:3], 2, tt.line)
				checkEnded(t, w.pings("DUADMIN"), 1, tt.line)
				edits := len(w.chat.updates())
				w.types(li, "tag 1 VIP") // nothing about a clock
				w.speak()
				if got := len(w.chat.updates()) - edits; got > 1 { // the card
					t.Errorf("%d messages were edited for nothing", got-1)
				}
				w.once()
				w.noMarks()
				w.sound()
			})
		})
	}
}

// The marketplace's clock: a ping that was pressed elsewhere is settled as well, and one whose deadline moved says to when.
func TestEndedPlatform(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.AckLapse = 0
		w.says(wang, "天猫 20241122000778 下协同工单了，今天12点前要回")
		w.types(wang, "assign 1 小李")
		w.types(li, "note 1 在联系买家")
		w.speak()
		w.until(time.Date(2000, 1, 1, 11, 30, 0, 0, shanghai))
		w.speak()
		last := func() spoken { list := w.pings("DULI"); return list[len(list)-1] }
		if !strings.Contains(last().text(), "还有 30 分钟超时") {
			t.Fatalf("last ping = %q", last().text())
		}
		w.types(wang, "due 1 14:00")
		w.speak()
		moved := last()
		if !strings.Contains(moved.text(), "截止改到 1月1日 周六 14:00") || !slices.ContainsFunc(moved.View.Actions, func(a bot.Action) bool { return a.ID == bot.ActAnswer }) {
			t.Errorf("after the move it reads %q and offers %+v, want the new deadline and a way to record the reply", moved.text(), moved.View.Actions)
		}
		w.until(time.Date(2000, 1, 1, 13, 30, 0, 0, shanghai))
		w.speak()
		w.presses(li, bot.ActAnswer, string(w.only().ID), "") // on the card
		w.speak()
		checkEnded(t, []spoken{last()}, 1, "已回复平台 · 13:30")
		w.sound()
	})
}

// Rows of messages that stand for several calls are settled too.
func TestEndedRows(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Roster.Escalation = wang
		w.late()
		w.speak()
		w.types(li, "resolve 2")
		w.speak()
		for _, ch := range []tickets.ChannelID{"DULI", "DUWANG"} {
			for i, row := range w.chat.in(ch)[0].View.Rows {
				if done := row.Lines[0].Struck && len(row.Actions) == 0 && row.Lines[1].Text == "已处理"; done != (i == 1) {
					t.Errorf("row %d in %s = %+v", i, ch, row)
				}
			}
		}
		w.once()
		w.noMarks()
		w.sound()
	})
}

// TestEndedWhilePinged: a clock ends just as its ping is posted, before it is remembered where that stands.
func TestEndedWhilePinged(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.called()
		var once atomic.Bool
		a := w.announcer(w.store)
		w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
			if call == "post" && ch == "DULI" && once.CompareAndSwap(false, true) {
				w.types(li, "resolve 1")
				a.Kick()
				w.waits(3 * time.Second)
			}
			return nil, nil
		})
		w.runs(a, time.Minute)
		if !once.Load() {
			t.Fatal("nothing was posted to the assignee")
		}
		checkEnded(t, w.pings("DULI")[1:], len(w.pings("DULI"))-1, "已答复 · ")
		w.noMarks()
		w.sound()
	})
}

// Edits keep to the chat's limit however many pings a ticket has: 48 a minute, after ten at once.
func TestEndedKeepsBudget(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		const all = 20
		var team []tickets.UserID
		for i := range all {
			team = append(team, tickets.UserID(fmt.Sprintf("UP%02d", i)))
		}
		w.halfHour(5 * time.Minute)
		w.opens(all, team...)
		first := w.all()[0].Created
		for _, mark := range []time.Duration{20 * time.Minute, 30 * time.Minute, 35 * time.Minute} {
			w.until(first.Add(mark + 30*time.Second))
			w.speak()
		}
		for i := range all {
			w.types(wang, fmt.Sprintf("resolve %d", i+1))
		}
		before := len(w.chat.updates())
		w.speak()
		edits := w.chat.updates()[before:]
		if len(edits) < 3*all {
			t.Fatalf("%d edits of %d tickets, too few to tell", len(edits), all)
		}
		for i, from := range edits {
			within := slices.DeleteFunc(slices.Clone(edits[i:]), func(at time.Time) bool { return at.Sub(from) >= time.Minute })
			if n := len(within); n > 48+10+3 {
				t.Fatalf("%d edits within a minute", n)
			}
		}
	})
}

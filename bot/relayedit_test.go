package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// reposts has a bot change what it posted.
func (w *world) reposts(m bot.Message, text string) {
	w.t.Helper()
	old := m.Text
	m.Text = text
	w.handle(bot.Input{Edit: &bot.Edit{Message: m, Old: old, At: time.Now()}})
}

func second(hour, minute int) time.Time { return time.Date(2000, 1, 2, hour, minute, 0, 0, shanghai) }

// What a relay changes in a notice changes in its ticket: the deadline, the number and what was missing, and nothing else.
func TestRelayEdits(t *testing.T) {
	const plainNotice = "【天猫协同工单】工单编号：XT20261122001 订单号 2024112233445566778 买家要求退货，请在24小时内处理"
	begin := time.Date(2000, 1, 1, 8, 0, 0, 0, shanghai) // of every test
	for _, tt := range []struct {
		name, first string
		meanwhile   func(w *world, k tickets.Ticket)
		after       time.Duration
		then        string
		due         time.Time
		no          string
	}{
		{"a later deadline", notice, nil, time.Hour, strings.Replace(notice, "01-02 07:30", "01-02 20:00", 1), second(20, 0), "XT20261122001"},
		{"an earlier deadline", notice, nil, time.Hour, strings.Replace(notice, "01-02 07:30", "01-02 06:00", 1), second(6, 0), "XT20261122001"},
		{"other words alone", notice, nil, time.Hour, strings.Replace(notice, "杯子碎了", "杯子裂了", 1), second(7, 30), "XT20261122001"},
		{"another number", notice, nil, time.Hour, strings.Replace(notice, "XT20261122001", "XT20261122009", 1), second(7, 30), "XT20261122009"},
		{"no deadline any more", notice, nil, time.Hour, "【天猫协同工单】工单编号：XT20261122001 订单号 2024112233445566778 买家反馈收到的杯子碎了", second(7, 30), "XT20261122001"},
		{"a length that stays counts from the post", plainNotice, nil, 3 * time.Hour, plainNotice + "（处理中）", begin.Add(24 * time.Hour), "XT20261122001"},
		{"a length that grows counts from the post", plainNotice, nil, 3 * time.Hour, strings.Replace(plainNotice, "24小时", "48小时", 1), begin.Add(48 * time.Hour), "XT20261122001"},
		{"what is left counts from the edit", plainNotice, nil, 3 * time.Hour, strings.Replace(plainNotice, "请在24小时内处理", "请尽快处理，剩余2小时", 1), begin.Add(5 * time.Hour), "XT20261122001"},
		{"a person's time stands against other words", notice, func(w *world, k tickets.Ticket) { w.sets(k, second(18, 0)) }, time.Hour,
			strings.Replace(notice, "杯子碎了", "杯子裂了", 1), second(18, 0), "XT20261122001"},
		{"a later deadline beats a person's earlier word", notice, func(w *world, k tickets.Ticket) { w.sets(k, second(18, 0)) }, time.Hour,
			strings.Replace(notice, "01-02 07:30", "01-02 20:00", 1), second(20, 0), "XT20261122001"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.until(begin)
				w.relays()
				m := w.posts("B0RELAY", "", tt.first)
				if tt.meanwhile != nil {
					w.waits(time.Minute)
					tt.meanwhile(w, w.only())
				}
				w.waits(tt.after)
				for range 2 { // delivered twice
					w.reposts(m, tt.then)
				}
				w.speak()
				k := w.only()
				d, ok := k.Deadline(tickets.ClockPlatform)
				if !ok || d.Due.Sub(tt.due).Abs() > time.Minute {
					t.Errorf("due %v, want %v", d.Due.In(shanghai), tt.due)
				}
				if k.Facts.PlatformNo != tt.no || k.Source.Text != tt.then || k.Facts.Order() != "2024112233445566778" {
					t.Errorf("number %s of %q, want %s", k.Facts.PlatformNo, k.Source.Text, tt.no)
				}
				if n := strings.Count(w.history(k.ID), "edited"); n != 1 {
					t.Errorf("history = %s, want one edit", w.history(k.ID))
				}
				w.sound()
			})
		})
	}
}

// sets has a supervisor give the marketplace's deadline.
func (w *world) sets(k tickets.Ticket, at time.Time) {
	w.t.Helper()
	w.types(wang, "due "+k.Number.String()+" "+at.Format("2006-01-02 15:04"))
	if d, ok := w.only().Deadline(tickets.ClockPlatform); !ok || !d.Due.Equal(at) {
		w.t.Fatalf("due %v, want the supervisor's %v", d.Due, at)
	}
}

// An edit may come where there is no ticket, and then be the notice itself.
func TestRelayEditsWithoutTicket(t *testing.T) {
	const idle = "今日平台服务正常"
	for _, tt := range []struct {
		name, id string
		change   func(*bot.Message)
		said     bool
		made     int
	}{
		{"before the post", "B0RELAY", nil, false, 1},
		{"of words that were none", "B0RELAY", nil, true, 1},
		{"by a bot that is not named", "B0OTHER", nil, true, 0},
		{"in a thread", "B0RELAY", func(m *bot.Message) { m.Thread = "946684000.000001" }, false, 0},
		{"by the bot itself", "B0RELAY", func(m *bot.Message) { m.Own = true }, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.relays()
				m := w.message(tickets.UserID(tt.id), idle)
				m.Bot, m.BotID = true, tt.id
				if tt.change != nil {
					tt.change(&m)
				}
				if tt.said {
					w.handle(bot.Input{Message: &m})
				}
				w.reposts(m, notice)
				w.handle(bot.Input{Message: &m}) // delivered late, or again
				if n := len(w.all()); n != tt.made {
					t.Errorf("%d tickets, want %d", n, tt.made)
				}
				w.sound()
			})
		})
	}
}

// A notice that is changed to tell of another case, which has a ticket, takes nothing of its own ticket along.
func TestRelayEditToAnotherCase(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.relays()
		m := w.posts("B0RELAY", "", notice)
		other := strings.NewReplacer("XT20261122001", "XT20261122002", "2024112233445566778", "2024112233445566779", "01-02 07:30", "01-02 20:00").Replace(notice)
		w.posts("B0RELAY", "", other)
		w.waits(time.Minute)
		w.reposts(m, other)
		for _, k := range w.all() {
			d, _ := k.Deadline(tickets.ClockPlatform)
			if first := k.Source.TS == m.TS; first != (k.Facts.PlatformNo == "XT20261122001") || first != d.Due.Equal(second(7, 30)) {
				t.Errorf("%s: number %s, due %v", k.Number, k.Facts.PlatformNo, d.Due.In(shanghai))
			}
		}
		w.sound()
	})
}

// A further notice gives its ticket the deadline that the first one did not name.
func TestFurtherNoticeGivesTheDeadline(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.relays()
		w.posts("B0RELAY", "", "【天猫协同工单】工单编号：XT20261122001 订单号 2024112233445566778 买家反馈收到的杯子碎了")
		w.waits(time.Minute)
		w.posts("B0RELAY", "", "提醒：工单编号：XT20261122001 请在 2000-01-02 06:00 前处理")
		if k := w.only(); !k.BackOffice.Equal(second(6, 0)) {
			t.Errorf("due %v", k.BackOffice)
		}
		w.posts("B0RELAY", "", "提醒：工单编号：XT20261122001 请在 2000-01-02 20:00 前处理")
		if k := w.only(); !k.BackOffice.Equal(second(6, 0)) {
			t.Errorf("due %v after a third notice, want the deadline that was given", k.BackOffice)
		}
		w.sound()
	})
}

package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

const mug = "订单 2024112233445566778 买家说收到的杯子碎了，要退货"

// history is what must not change when a message comes again.
type history struct {
	Tickets []tickets.Ticket
	Events  int
	Said    int
}

func (s *stage) history(channel string) history {
	s.t.Helper()
	h := history{Tickets: s.tickets(), Said: len(s.sim.Messages(channel))}
	for _, k := range h.Tickets {
		events, err := s.store.Timeline(context.Background(), team, k.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		h.Events += len(events)
	}
	return h
}

func TestMessageBecomesTicket(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, redis string) {
		s := newStage(t, set{redis: redis})
		began := time.Now()
		ts := s.post(anna, teamRoom, mug)
		s.carded(teamRoom, ts, "退货", "2024112233445566778", stageShop)
		t.Logf("card %s after the post", time.Since(began).Round(time.Millisecond))

		k := s.ticket(teamRoom, ts)
		if k.Type != "goods_return" || len(k.Facts.Orders) != 1 || k.Facts.Orders[0] != "2024112233445566778" || k.Requester != anna {
			t.Errorf("ticket = %s of %s with orders %v, want a goods_return of %s with the order", k.Type, k.Requester, k.Facts.Orders, anna)
		}
		s.settled()
		before := s.history(teamRoom)
		s.sim.Redeliver(teamRoom, ts, 5)
		lunch := s.post(li, teamRoom, "中午吃什么")
		if got := s.decided(teamRoom, lunch); got != "ignore" {
			t.Errorf("lunch is decided as %q, want ignore", got)
		}
		s.settled()
		before.Said++ // lunch
		if diff := cmp.Diff(before, s.history(teamRoom)); diff != "" {
			t.Errorf("after five redeliveries and lunch (-want +got):\n%s", diff)
		}
	})
}

func TestTicketsLife(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, redis string) {
		s := newStage(t, set{redis: redis})
		ts := s.post(anna, teamRoom, mug)
		card := s.carded(teamRoom, ts, "待分派")
		s.click(li, card, "claim")
		s.carded(teamRoom, ts, "处理中", "小李")
		s.post(li, teamRoom, "等仓库", slacksim.InThread(ts))
		s.carded(teamRoom, ts, "等仓库")
		s.post(li, teamRoom, "完结", slacksim.InThread(ts))
		s.carded(teamRoom, ts, "已处理")
		s.post(li, teamRoom, "@gongdan 重开", slacksim.InThread(ts))
		s.settled()
		if got := s.ticket(teamRoom, ts).Status; got != tickets.StatusInProgress && got != tickets.StatusAssigned {
			t.Errorf("after 重开 the ticket is %s", got)
		}
		if n := len(s.tickets()); n != 1 {
			t.Errorf("%d tickets, want 1", n)
		}
	})
}

func TestReminderBreachEscalation(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, redis string) {
		s := newStage(t, set{redis: redis})
		ts := s.post(wang, teamRoom, "@小李 天猫 20241122000778 下协同工单了，今天12点前要回")
		s.carded(teamRoom, ts, "平台工单", "20241122000778", "12:00", "小李")
		s.direct(li, "T-1", "12:00")
		s.jump(150*time.Minute + 10*time.Second) // 11:30
		s.direct(li, "还有 30 分钟超时", "12:00")
		s.jump(33 * time.Minute)
		s.direct(li, "【平台超时")
		called := s.direct(wang, "请跟进 T-1", "平台已超时")
		s.click(wang, called, "ack")
		s.among("everybody sees who follows", []string{"王主管已跟进"}, func() []slacksim.Message { return s.sim.Thread(teamRoom, ts) })
		s.settled()
		if d, ok := s.ticket(teamRoom, ts).Deadline(tickets.ClockPlatform); !ok || d.AckedBy != wang {
			t.Errorf("platform clock = %+v, want acknowledged by %s", d, wang)
		}
		s.jump(stagePolicy().AckLapse - time.Minute) // until then nobody is called again
		s.decided(teamRoom, s.post(anna, teamRoom, "中午吃什么"))
		s.settled()
		for words, who := range map[string]string{"还有 30 分钟超时": li, "【平台超时": li, "平台已超时": wang} {
			n := 0
			for _, m := range s.sim.DM(who) {
				if strings.Contains(m.PlainText(), words) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s was told %q %d times, want once", who, words, n)
			}
		}
	})
}

func TestEvidenceFromReplies(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(anna, teamRoom, mug)
	s.carded(teamRoom, ts)
	note := s.post(li, teamRoom, "买家发来了照片，杯口碎了一块", slacksim.InThread(ts),
		slacksim.WithFiles(slacksim.File{Name: "cup.jpg", Mimetype: "image/jpeg", Size: 1000}))
	s.settled()
	if err := s.sim.Edit(li, teamRoom, note, "买家发来了两张照片，杯口碎了"); err != nil {
		t.Fatal(err)
	}
	s.log.forbid("买家发来了两张照片，杯口碎了")
	s.settled()
	if err := s.sim.Delete(li, teamRoom, note); err != nil {
		t.Fatal(err)
	}
	s.settled()
	events, err := s.store.Timeline(context.Background(), team, s.ticket(teamRoom, ts).ID)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[tickets.EventKind]int{}
	for _, e := range events {
		seen[e.Kind]++
	}
	for _, want := range []tickets.EventKind{tickets.EvAttached, tickets.EvEdited, tickets.EvDeleted} {
		if seen[want] != 1 {
			t.Errorf("%d events %s in the timeline, want 1: %v", seen[want], want, seen)
		}
	}
}

// TestLogHoldsNoPersonalData has people write what must not be logged, in messages, replies, commands and answers that fail.
func TestLogHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{mini: true})
	s.log.never("13800138000", "王小明", "幸福路", "someone@example.com", "110101199003078888")
	text := "订单 2024112233445566778 要退货，收件人王小明 13800138000 someone@example.com 杭州市幸福路1号 110101199003078888"
	ts := s.post(anna, teamRoom, text)
	s.carded(teamRoom, ts)
	s.post(li, teamRoom, "买家电话 13800138000", slacksim.InThread(ts))
	s.command(li, teamRoom, "note 1 王小明 13800138000")
	s.command(li, teamRoom, "nonsense 王小明 13800138000")
	s.settled()
	s.mini.Close()
	if _, err := s.sim.Command(li, teamRoom, "/ticket", "note 1 王小明 13800138000"); err != nil {
		t.Errorf("a command without Redis: %v", err)
	}
	if !s.log.has("command not kept") {
		t.Error("what was not kept is not logged")
	}
}

func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(wang, teamRoom, "@小李 天猫 20241122000778 下协同工单了，今天12点前要回")
	s.carded(teamRoom, ts, "小李")
	s.direct(li, "T-1", "12:00")
	s.post(wang, teamRoom, "转交 @Anna", slacksim.InThread(ts))
	s.carded(teamRoom, ts, "Anna")
	s.direct(anna, "T-1", "12:00")
	s.settled()
	told := func(who string) (n int) {
		for _, m := range s.sim.DM(who) {
			if m.BotID != "" {
				n++
			}
		}
		return n
	}
	if a, b := told(li), told(anna); a != 2 || b != 1 {
		t.Errorf("the previous assignee was told %d times and the new one %d times, want 2 (got it, lost it) and 1", a, b)
	}
	if text := s.sim.DM(anna)[0].PlainText(); strings.Contains(text, "截止") || !strings.Contains(text, "reply") {
		t.Errorf("Anna, who reads English, is told %q", text)
	}
}

package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

func TestNewPlatformTicket(t *testing.T) {
	t.Parallel()
	zone := tickets.DefaultPolicy().Zone
	for _, c := range []struct {
		name, command, message string
		due                    time.Time
		number                 string
	}{
		{"command with options", "new --origin 平台 --platform 天猫 --no 20241122000778 --due 明天 10:00 买家说收到的杯子碎了", "",
			time.Date(2026, 11, 12, 10, 0, 0, 0, zone), "20241122000778"},
		{"command in words", "新建 天猫 20241122000778 下协同工单了，明早十点前要回", "",
			time.Date(2026, 11, 12, 10, 0, 0, 0, zone), "20241122000778"},
		{"message in words", "", "天猫 20241122000778 下协同工单了，明早十点前要回",
			time.Date(2026, 11, 12, 10, 0, 0, 0, zone), "20241122000778"},
		{"English message", "", "Tmall platform ticket no. 20241122000778, reply by 12:00 today",
			time.Date(2026, 11, 11, 12, 0, 0, 0, zone), "20241122000778"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set{})
			if c.command != "" {
				s.command(li, teamRoom, c.command)
			} else {
				s.post(li, teamRoom, c.message)
			}
			s.look("there is a ticket", func() bool { return len(s.tickets()) == 1 })
			s.settled()
			k := s.tickets()[0]
			d, ok := k.Deadline(tickets.ClockPlatform)
			if k.Origin != tickets.OriginPlatform || k.Facts.PlatformNo != c.number || k.Facts.Platform != "tmall" || !ok || !d.Due.Equal(c.due) {
				t.Errorf("ticket = origin %s, platform %s, number %s, platform clock %v until %s; want platform, tmall, %s, until %s",
					k.Origin, k.Facts.Platform, k.Facts.PlatformNo, ok, d.Due.In(zone), c.number, c.due)
			}
			if k.Source.Thread == "" {
				t.Error("the ticket has no thread")
			}
		})
	}
}

func TestCommandsBesideSlash(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(anna, teamRoom, mug)
	s.carded(teamRoom, ts)
	if _, err := s.sim.Command(li, teamRoom, "/ticket", "claim", slacksim.InThread(ts)); !errors.Is(err, slacksim.ErrInThread) {
		t.Errorf("a slash command in a thread gives %v, want Slack's refusal", err)
	}
	s.post(li, teamRoom, "领取", slacksim.InThread(ts))
	s.carded(teamRoom, ts, "处理中")
	s.post(li, teamRoom, "@gongdan 完结", slacksim.InThread(ts))
	s.carded(teamRoom, ts, "已处理")

	dm := s.sim.DMChannel(team, li)
	s.post(li, dm, "T-1 重开")
	s.carded(teamRoom, ts, "处理中")
	s.post(anna, s.sim.DMChannel(team, anna), "hello there, what can you do")
	if text := s.direct(anna).PlainText(); strings.ContainsAny(text, "工单命令") {
		t.Errorf("Anna, who reads English, is answered %q", text)
	}
	for _, typed := range []string{"／claim 1", "CLAIM ｔ１", "领取 1"} {
		if got := s.command(li, teamRoom, typed); got == "" || strings.Contains(got, "没有找到") {
			t.Errorf("%q is answered %q", typed, got)
		}
	}
	if got := s.command(li, teamRoom, "clam 1"); !strings.Contains(got, "领取") || strings.Contains(got, "claim") {
		t.Errorf("a slip is answered %q, want what to type instead", got)
	}
	if got := s.command(anna, teamRoom, "show 999"); strings.Contains(got, "没有") {
		t.Errorf("Anna, who reads English, is told %q", got)
	}
	if got := s.command(li, teamRoom, "show 999"); !strings.Contains(got, "没有找到这张工单") {
		t.Errorf("小李 is told %q", got)
	}
}

func TestUnsureAsksItsAuthor(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(anna, teamRoom, "this customer is difficult, can somebody take a look")
	asked := s.whispered(teamRoom, anna, "ticket")
	if n := len(s.tickets()); n != 0 {
		t.Fatalf("%d tickets before the author answered", n)
	}
	s.click(anna, asked, "make")
	s.click(anna, asked, "make") // twice makes one
	s.carded(teamRoom, ts)
	s.settled()
	if n := len(s.tickets()); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
}

package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"gongdan/bot/slacksim"
)

// night is what is said, in one language, of a request that Doudian sends at eight in the evening.
type night struct {
	request, due                      string // what the supervisor types; the deadline on the card
	shift, half, breach, called, onIt string // in the pings, in their order
	answered, recorded, stopped       string // at the end: in the pings, to whoever records it, on the card
	lunch                             string // typed at noon, and what becomes of it
	lunchType                         string
}

var nights = map[string]night{
	"zh-CN": {
		request: "@小李 抖店平台服务请求 7433225566778899001，20:00 下的，风险商品：买家说充电宝鼓包发烫，订单 6934567890123456700",
		due:     "10:00", shift: "下班前必须处理", half: "还有 30 分钟超时", breach: "已到截止时间", called: "请跟进", onIt: "王主管已跟进",
		answered: "已回复平台 · ", recorded: "超时记录已更正", stopped: "09:50 已回复",
		lunch: "订单 6934567890123456711 买家说颜色发错了，要换货", lunchType: "换货",
	},
	"en": {
		request: "@Li Doudian platform request 7433225566778899001, created at 20:00, unsafe product: the power bank swells and gets hot, order 6934567890123456700",
		due:     "10:00", shift: "before the shift ends", half: "is due in 30 min", breach: "has reached its deadline", called: "Please step in", onIt: "Wang is on it",
		answered: "answered on the platform · ", recorded: "the breach is taken back", stopped: "09:50",
		lunch: "order 6934567890123456711 the buyer got the wrong colour and wants to exchange it", lunchType: "Exchange",
	},
}

const (
	nova  = "C0NOVA"
	agent = "U0LI"
	lead  = "U0WANG"
)

// TestDemoBrowserClocks plays on the page what docs/clocks.md tells: Doudian sends an urgent request at 20:00, and its deadline
// falls on the next morning. The clock runs sixty times as fast as ours, and jumps over the hours in which nothing is to happen:
// every mark comes by itself. What people do takes them no time.
func TestDemoBrowserClocks(t *testing.T) {
	t.Parallel()
	for lang, n := range nights {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t, lang)
			b.open(lead, nova)
			s := &evening{browser: b, night: n, lang: lang}
			s.requested()
			s.reminded()
			s.breached()
			s.followed()
			s.corrected()
			s.silent()
			b.Quiet()
		})
	}
}

// evening is the night as it goes on.
type evening struct {
	*browser
	night
	lang   string
	day    time.Time // its midnight
	number string    // of the ticket
	root   string    // selector of the request
}

func (s *evening) at(hour, minute int) time.Time {
	return s.day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// requested: at 20:05 the supervisor passes on the request of 20:00. Two hours from then end at 22:00; the last of them lies
// beyond the closing at 21:00 and counts from the opening: 10:00.
func (s *evening) requested() {
	s.t.Helper()
	y, m, d := s.clock().Date()
	s.day = time.Date(y, m, d, 0, 0, 0, 0, s.clock().Location())
	s.jumpTo(s.at(20, 5))
	s.Type("#main .say", s.request+kb.Enter)
	s.root = s.message(nova, "7433225566778899001")
	s.Click(s.root + " .summary")
	s.Shows("#thread .message", s.due)
	s.Until(`document.querySelector("#thread [data-action=claim]")`)
	s.wait("小李 is told", func() bool { return len(s.pings(agent)) == 1 })
	s.number = ticketNumber.FindString(s.pings(agent)[0].PlainText())
	s.picture("due")
	s.Click(`[data-speed="60"]`)
}

// reminded: half of the two hours have passed at 21:00, when nobody works any more, so that mark comes half an hour before the
// end of the shift; the other comes half an hour before the deadline.
func (s *evening) reminded() {
	s.t.Helper()
	s.be(agent)
	s.dm()
	s.comes(s.at(20, 30), agent, 2, s.shift)
	s.picture("moved")
	s.comes(s.at(33, 30), agent, 3, s.half)
}

// breached: at 10:00 the assignee hears of it, and the supervisor is called.
func (s *evening) breached() {
	s.t.Helper()
	s.comes(s.at(34, 0), agent, 4, s.breach)
	s.picture("breached")
	s.be(lead)
	s.dm()
	s.comes(s.at(34, 0), lead, 1, s.called)
	s.Click(`[data-speed="1"]`)
	s.picture("escalated")
}

// followed: twenty minutes later the supervisor is on it, and all pings say so. What would come half an hour after the deadline
// does not.
func (s *evening) followed() {
	s.t.Helper()
	s.jumpTo(s.at(34, 20))
	s.Click("#main [data-action=ack]")
	s.Shows("#main .message", s.onIt)
	s.Until(`!document.querySelector("#main [data-action=ack]")`)
	s.wait("the assignee reads it too", func() bool { return s.saying(agent, s.onIt) == 3 })
	s.picture("followed")
}

// corrected: the reply had gone out at 09:50 and was not recorded. It is now, and the deadline was met.
func (s *evening) corrected() {
	s.t.Helper()
	s.be(agent)
	s.dm()
	s.jumpTo(s.at(34, 35))
	s.Click("#main .message a[href*=archives]") // each ping leads to the ticket
	s.Until(`document.querySelector("#thread [data-action=more]")`)
	s.Click("#thread [data-action=more]")
	s.Click(`#thread .ephemeral [data-k$="/more_do"]`)
	s.Click(`.popover [data-value^="answer_at|"]`)
	s.Until(`document.querySelector("dialog input[type=datetime-local]")`)
	s.moment("dialog input[type=datetime-local]", s.at(33, 50))
	s.picture("form")
	s.Click("dialog [type=submit]")
	s.Until(`!document.querySelector("dialog")`)
	s.Shows("#thread .message", s.stopped)
	s.wait("all pings say when", func() bool { return s.saying(agent, s.answered) == 3 && s.saying(lead, s.answered) == 1 })
	s.picture("corrected")
	s.dm()
	s.Shows("#main .message", s.recorded)
	s.picture("settled")
}

// silent: by noon four more reminders would have come. None has, as what is said later shows.
func (s *evening) silent() {
	s.t.Helper()
	s.jumpTo(s.at(36, 30))
	s.Click("#side [data-room=" + nova + "]")
	s.Type("#main .say", s.lunch+kb.Enter)
	s.Shows("#main .message", "6934567890123456711")
	s.Click(s.message(nova, "6934567890123456711") + " .summary")
	s.Shows("#thread .message", s.lunchType)
	if a, l := len(s.pings(agent)), len(s.pings(lead)); a != 5 || l != 1 {
		s.t.Errorf("%d messages to the assignee and %d to the supervisor, want 5 and 1\n%s\n%s", a, l, s.direct(agent), s.direct(lead))
	}
	for who, marks := range map[string][]time.Time{agent: {s.at(20, 5), s.at(20, 30), s.at(33, 30), s.at(34, 0), s.at(34, 35)}, lead: {s.at(34, 0)}} {
		for i, p := range s.pings(who) {
			if p.Sent.Before(marks[i]) || p.Sent.After(marks[i].Add(20*time.Minute)) {
				s.t.Errorf("ping %d to %s came at %s, want it at %s", i, who, p.Sent, marks[i])
			}
		}
	}
}

// pings are the bot's direct messages to somebody about the ticket, in their order.
func (s *evening) pings(who string) []slacksim.Message {
	return slices.DeleteFunc(s.Slack().DM(who), func(m slacksim.Message) bool {
		return m.BotID == "" || s.number != "" && !slices.Contains(ticketNumber.FindAllString(m.PlainText(), -1), s.number)
	})
}

// saying counts the pings to somebody that hold some words.
func (s *evening) saying(who, words string) int { return s.told(who, s.number, words) }

// comes waits for the nth ping to somebody, which holds some words, and is not said before its time: until shortly before it, time
// jumps.
func (s *evening) comes(at time.Time, who string, nth int, words string) {
	s.t.Helper()
	if eve := at.Add(-time.Minute); s.Now().Before(eve) {
		s.jumpTo(eve)
	}
	s.wait(fmt.Sprintf("%s reads %q", who, words), func() bool {
		return len(s.pings(who)) == nth && strings.Contains(s.pings(who)[nth-1].PlainText(), words)
	})
	s.Shows("#main .message", words)
}

// jumpTo sets the time in the strip.
func (s *evening) jumpTo(at time.Time) {
	s.t.Helper()
	s.Click("[data-k=jump]")
	s.Until(`document.querySelector("form.jump input")`)
	s.moment("form.jump input", at)
	s.Click("form.jump .primary")
	s.wait("the time has come", func() bool { return !s.Now().Before(at) })
}

// be acts as somebody from now on.
func (s *evening) be(who string) {
	s.t.Helper()
	s.Click(".person")
	s.Click(".popover [data-value=" + who + "]")
	s.Until(`location.search.includes("` + url.QueryEscape(who) + `") && document.querySelector("#main .head h1")`)
}

// dm opens the conversation with the bot.
func (s *evening) dm() {
	s.t.Helper()
	s.Click("#side .room:has(.avatar)")
	s.Until(`document.querySelector("#side .room.here:has(.avatar)") && document.querySelector("#main .head .avatar")`)
}

// picture keeps what the page shows, for docs/clocks.md: in Chinese also as on a phone.
func (s *evening) picture(name string) {
	s.t.Helper()
	if *update {
		s.Until(`!document.querySelector("#side .room.here .count")`) // it counts as read a moment after it is shown
	}
	s.photo("clocks-"+name+"-"+s.lang, s.lang == "zh-CN")
}

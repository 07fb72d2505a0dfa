package app

import (
	"slices"
	"strings"
	"testing"

	"gongdan/tickets"
)

// A step said in a channel of a ticket by its number is taken with one press, or at once where it is said to the bot. What
// joins a ticket without a word is marked once, also after a restart, and outsiders learn nothing.
func TestStepsByNumberInSlack(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(anna, teamRoom, mug)
	s.carded(teamRoom, ts)
	at := s.post(li, teamRoom, "@gongdan 把 T-1 转给 @小李")
	s.whispered(teamRoom, li, "T-1 已转给小李")
	if got := s.ticket(teamRoom, ts); got.Assignee != li || s.decided(teamRoom, at) != "command" {
		t.Errorf("assignee %q, message became %s", got.Assignee, s.decided(teamRoom, at))
	}
	s.post(li, teamRoom, "@gongdan T-1 已退款了")
	s.click(li, s.whispered(teamRoom, li, "你的话已记进 T-1"), "resolve")
	more := s.post(anna, teamRoom, "补充一下 T-1 买家电话打不通")
	s.until("the message is marked", func() bool { return slices.Equal(s.marks(teamRoom, more), []string{"memo"}) })
	if err := s.stop(s.app); err != nil {
		t.Fatal(err)
	}
	s.app = s.start()
	s.ready(s.app)
	s.settled()
	if got := s.marks(teamRoom, more); !slices.Equal(got, []string{"memo"}) {
		t.Errorf("marks %v after a restart", got)
	}

	var told []string
	for _, text := range []string{"T-1 已退款了", "T-9 已退款了"} {
		before := len(s.sim.Ephemerals(shopRoom, guestEn))
		s.decided(shopRoom, s.post(guestEn, shopRoom, text))
		s.settled()
		var got []string
		for _, m := range s.sim.Ephemerals(shopRoom, guestEn)[before:] {
			got = append(got, m.Text)
		}
		told = append(told, strings.Join(got, "|"))
	}
	if told[0] != told[1] || strings.Contains(told[0], "T-1") {
		t.Errorf("a guest is told %q of a ticket that there is, %q of none", told[0], told[1])
	}
	if n := len(s.tickets()); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
	if got := s.ticket(teamRoom, ts); got.Status != tickets.StatusResolved {
		t.Errorf("status %s", got.Status)
	}
}

// marks are the reactions on a message.
func (s *stage) marks(channel, ts string) (out []string) {
	for _, m := range s.sim.Messages(channel) {
		if m.TS == ts {
			for _, r := range m.Reactions {
				out = append(out, r.Name)
			}
		}
	}
	return out
}

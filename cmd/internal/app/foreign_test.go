package app

import (
	"slices"
	"strings"
	"testing"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// internal are words of a card that no merchant may read.
var internal = []string{"处理人", "紧急程度", "内部", "平台截止", "下一步", "小李", "王主管"}

func TestMerchantSeesOnlyTheirFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, channel, author string }{
		{"channel with a guest, guest's own message", shopRoom, guest},
		{"channel with a guest, colleague's message", shopRoom, li},
		{"channel shared with another organisation, their message", sharedRm, stranger},
		{"channel shared with another organisation, colleague's message", sharedRm, wang},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set{})
			ts := s.post(c.author, c.channel, mug)
			card := s.carded(c.channel, ts, "T-1", "2024112233445566778")
			s.settled()
			for _, word := range internal {
				if holds(card, word) || strings.Contains(string(card.Blocks), word) || strings.Contains(card.Text, word) {
					t.Errorf("the card shows %q: %s", word, card.PlainText())
				}
			}
			if k := s.ticket(c.channel, ts); !k.Source.Foreign {
				t.Error("the ticket's source does not count as read by outsiders")
			}
			if n := s.sim.MassMentions(); n != 0 {
				t.Errorf("%d mass mentions", n)
			}
		})
	}
}

// TestPrivilegedActsAreRefused presses what cards in a team's channel offer, as somebody who may not.
func TestPrivilegedActsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ who, channel, words string }{
		{guest, teamRoom, ""}, {guestEn, teamRoom, ""}, {stranger, teamRoom, ""},
	} {
		t.Run(c.who, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set{})
			ts := s.post(anna, teamRoom, mug)
			card := s.carded(teamRoom, ts)
			s.settled()
			before := s.ticket(teamRoom, ts)
			s.sim.Invite(teamRoom, c.who) // the card was drawn before
			s.settled()
			s.click(c.who, card, "claim")
			if text := s.whispered(teamRoom, c.who).PlainText(); text == "" || strings.Contains(text, "error") {
				t.Errorf("%s is refused with %q", c.who, text)
			}
			s.click(c.who, card, "resolve")
			s.click(c.who, card, "transfer")
			s.click(c.who, card, "more")
			s.settled()
			after := s.ticket(teamRoom, ts)
			if after.Status != before.Status || after.Assignee != before.Assignee || after.Version != before.Version {
				t.Errorf("the ticket went from %s/%s/v%d to %s/%s/v%d by presses of somebody who may not", before.Status, before.Assignee, before.Version,
					after.Status, after.Assignee, after.Version)
			}
		})
	}
}

func TestMerchantUrgesAndLooksUp(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	ts := s.post(guest, shopRoom, mug)
	s.carded(shopRoom, ts, "T-1")
	other := s.post(anna, teamRoom, "订单 2024112299887766554 快递三天没动了，买家在催")
	s.carded(teamRoom, other, "T-2")
	s.settled()

	if got := s.command(guest, shopRoom, "list"); !strings.Contains(got, "T-1") {
		t.Errorf("list says %q, want the merchant's own T-1", got)
	}
	if got := s.command(guest, shopRoom, "催单 T-1"); !strings.Contains(got, "催") {
		t.Errorf("urge says %q", got)
	}
	shown := s.command(guest, shopRoom, "show T-1")
	for _, word := range internal {
		if strings.Contains(shown, word) {
			t.Errorf("a merchant is shown %q in %q", word, shown)
		}
	}
	if got := s.command(guestEn, shopRoom, "show T-2"); strings.Contains(got, "2024112299887766554") || strings.Contains(got, "没有") {
		t.Errorf("a guest without a shop is told %q of another's ticket, want not found, in English", got)
	}
	if got := s.command(guest, shopRoom, "resolve T-1"); !strings.ContainsAny(got, "您") && !strings.Contains(got, "不") {
		t.Errorf("a merchant who resolves is told %q", got)
	}
	s.settled()
	if k := s.ticket(shopRoom, ts); !k.Status.Open() {
		t.Errorf("a merchant resolved the ticket: %s", k.Status)
	}
}

func TestNothingBeforeTheInvitation(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	old := s.post(anna, lateRoom, mug)
	s.sim.Invite(lateRoom, botUser)
	s.among("the bot says what it does", nil, func() []slacksim.Message { return s.sim.Messages(lateRoom) })
	s.post(li, lateRoom, "这单谁在跟？", slacksim.InThread(old))
	if err := s.sim.Edit(anna, lateRoom, old, mug+"，很急"); err != nil {
		t.Fatal(err)
	}
	s.sim.Redeliver(lateRoom, old, 1)
	fresh := s.post(anna, lateRoom, "订单 2024112299887766554 要换货，颜色发错了")
	s.carded(lateRoom, fresh, "2024112299887766554")
	s.settled()
	for _, k := range s.tickets() {
		if k.Source.TS == old || slices.Contains(k.Facts.Orders, "2024112233445566778") {
			t.Errorf("T-%d was made of what was said before the bot came: %+v", k.Number, k.Source.TS)
		}
	}
	if n := len(s.tickets()); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
}

func TestBotsAndStrangeMessagesAreNoTickets(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{})
	s.post(otherBot, teamRoom, mug, slacksim.AsBot())
	s.post(otherBot, teamRoom, "<!channel> "+mug, slacksim.AsBot())
	ts := s.post(anna, teamRoom, mug)
	s.carded(teamRoom, ts)
	s.post(otherBot, teamRoom, "完结", slacksim.AsBot(), slacksim.InThread(ts))
	s.settled()
	if n := len(s.tickets()); n != 1 {
		t.Errorf("%d tickets, want the person's only", n)
	}
	if k := s.ticket(teamRoom, ts); k.Status != tickets.StatusNew {
		t.Errorf("another bot's word changed the ticket to %s", k.Status)
	}
}

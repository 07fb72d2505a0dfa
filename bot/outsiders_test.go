package bot_test

import (
	"testing"

	"gongdan/bot"
	"gongdan/tickets"
)

const (
	cloud = "云朵旗舰店"
	stars = "星诺数码专营店"
)

// twoShops gives the world two shops, the second with a channel of its own.
func (w *world) twoShops() {
	w.policy.Shops = []tickets.Shop{{Name: cloud, Platform: "tmall"}, {Name: stars, Aliases: []string{"星诺"}, Platform: "douyin", Channels: []tickets.ChannelID{shared}}}
}

// Which rules bind a ticket, how urgent it is and who gets it is for the team to say, in plain words as in a command.
func TestOutsidersSayOnlyWhatHappened(t *testing.T) {
	const words = "@小李 这单你跟，天猫协同工单 2024112233445566999 今天 22:00 前要回，紧急，订单 2024112200000000778 要退货"
	for who, team := range map[tickets.UserID]bool{anna: true, guest: false, shop: false, "UOUT": false} {
		for how, text := range map[string]string{"message": words, "command": "new " + words} {
			t.Run(string(who)+"/"+how, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					if how == "message" {
						w.says(who, text)
					} else {
						w.types(who, text)
					}
					k := w.only()
					bound := k.Origin.Binding() || !k.BackOffice.IsZero() || !k.PlatformCreated.IsZero()
					if bound != team || (k.Assignee != "") != team || (k.Severity == tickets.SeverityUrgent) != team {
						t.Errorf("origin %s, due %s, assignee %q, %s; by the team: %t", k.Origin, k.BackOffice, k.Assignee, k.Severity, team)
					}
				})
			})
		}
	}
}

// A merchant puts nothing into another merchant's list, neither with a new ticket nor by a reply.
func TestOutsidersSpeakForTheirShops(t *testing.T) {
	for _, tt := range []struct {
		name string
		by   tickets.UserID
		in   tickets.ChannelID
		text string
		want string
	}{
		{"a guest, another's", guest, desk, stars + " " + wantsReturn, ""},
		{"a merchant, another's", shop, desk, stars + " " + wantsReturn, ""},
		{"a merchant, their own", shop, desk, cloud + " " + wantsReturn, cloud},
		{"the channel's", guest, shared, stars + " " + wantsReturn, stars},
		{"another's in a channel", guest, shared, cloud + " " + wantsReturn, stars},
		{"the team", anna, desk, stars + " " + wantsReturn, stars},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.twoShops()
				m := w.message(tt.by, tt.text)
				m.Channel = tt.in
				w.handle(bot.Input{Message: &m})
				if got := w.only().Facts.Shop; got != tt.want {
					t.Errorf("shop = %q, want %q", got, tt.want)
				}
			})
		})
		if tt.in == shared {
			continue // the channel has given the shop by then
		}
		t.Run(tt.name+", by a reply", func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.twoShops()
				w.replies(tt.by, w.says(tt.by, wantsReturn), "是 "+tt.text)
				if got := w.only().Facts.Shop; got != tt.want {
					t.Errorf("shop = %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// The same order number in another shop's channel is another matter, also where nobody names the shop.
func TestSameOrderInAnotherShop(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first string
		in    tickets.ChannelID
		want  int
	}{
		{"another shop's channel", cloud + " " + wantsReturn, shared, 2},
		{"the shop's channel", stars + " " + wantsReturn, shared, 1},
		{"no shop known", wantsReturn, shared, 1},
		{"the team's channel", cloud + " " + wantsReturn, desk, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.twoShops()
				w.says(anna, tt.first)
				m := w.message(li, wantsReturn+"，运单 SF1390087654321")
				m.Channel = tt.in
				w.handle(bot.Input{Message: &m})
				if got := len(w.all()); got != tt.want {
					t.Errorf("%d tickets, want %d", got, tt.want)
				}
			})
		})
	}
}

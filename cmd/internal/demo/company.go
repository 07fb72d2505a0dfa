package demo

import (
	"time"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/world"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// The sample workspace: a service team that works for three shops.
const (
	Team    = "T0DEMO"
	botUser = "U0BOT"

	li     = "U0LI"   // agent, after-sales
	anna   = "U0ANNA" // agent, English
	zhou   = "U0ZHOU" // agent, logistics
	wang   = "U0WANG" // supervisor and admin
	chen   = "U0CHEN" // of the first shop; a guest
	dana   = "U0DANA" // of the second shop; a guest
	family = "U0HE"   // warehouse colleague

	cloudDesk = "C0CLOUD" // the team's own channels, one a shop
	bearDesk  = "C0BEARS"
	novaDesk  = "C0NOVA"
	cloudShop = "C0CLOUDSHOP" // shared with the shop's people
	novaShop  = "C0NOVASHOP"
	tea       = "C0TEA" // where the bot is not

	command = "/ticket"
)

// shopNames are the three shops in the order of their channels.
func (s script) shops() []tickets.Shop {
	return []tickets.Shop{
		{Name: s.shop[0], Aliases: []string{"云朵家居", "Cloud Home"}, Platform: "tmall", Channels: []tickets.ChannelID{cloudDesk, cloudShop}},
		{Name: s.shop[1], Aliases: []string{"三只小熊", "Three Bears"}, Platform: "pinduoduo", Channels: []tickets.ChannelID{bearDesk}},
		{Name: s.shop[2], Aliases: []string{"星诺数码", "Nova Audio"}, Platform: "douyin", Channels: []tickets.ChannelID{novaDesk, novaShop}},
	}
}

// Policy is the sample company's: the presets, with two days of calendar time at least for every target of the team, so that a
// newcomer's first minutes are about the marketplace's clock.
func Policy(lang string) tickets.Policy {
	s := scriptOf(lang)
	p := tickets.DefaultPolicy()
	for i := range p.Rules {
		for j := range p.Rules[i].Clocks {
			if c := &p.Rules[i].Clocks[j]; c.Kind != tickets.ClockPlatform {
				c.Duration, c.Clock = max(c.Duration, 48*time.Hour), sla.CalendarTime
			}
		}
	}
	p.Shops = s.shops()
	p.Roster = tickets.Roster{Escalation: wang, People: []tickets.Person{
		{ID: li, Names: []string{s.names[li]}, Role: tickets.RoleAgent},
		{ID: anna, Names: []string{s.names[anna]}, Role: tickets.RoleAgent},
		{ID: zhou, Names: []string{s.names[zhou]}, Role: tickets.RoleAgent},
		{ID: wang, Names: []string{s.names[wang]}, Role: tickets.RoleSupervisor},
		{ID: chen, Names: []string{s.names[chen]}, Role: tickets.RoleMerchant, Shops: []string{s.shop[0]}},
		{ID: dana, Names: []string{s.names[dana]}, Role: tickets.RoleMerchant, Shops: []string{s.shop[2]}},
	}}
	return p
}

// fill fills a simulator with the workspace and its people.
func (s script) fill(sim *slacksim.Sim) {
	sim.AddWorkspace(slacksim.Workspace{ID: Team, Name: s.company, Domain: "gongdan-demo", BotToken: world.BotToken,
		AppToken: world.AppToken, BotUser: botUser, BotName: "gongdan", Commands: []string{command}})
	for _, id := range viewers() {
		name := s.names[id]
		sim.AddUser(Team, slacksim.User{ID: id, Name: name, RealName: name, DisplayName: name, Locale: s.locale, TZ: "Asia/Shanghai",
			Admin: id == wang, Guest: id == chen || id == dana})
	}
	channel := func(id, name string, members ...string) {
		sim.AddChannel(Team, slacksim.Channel{ID: id, Name: name, Members: members})
	}
	team := []string{li, anna, zhou, wang, family, botUser}
	channel(cloudDesk, s.rooms[cloudDesk], team...)
	channel(bearDesk, s.rooms[bearDesk], team...)
	channel(novaDesk, s.rooms[novaDesk], team...)
	channel(cloudShop, s.rooms[cloudShop], li, wang, chen, botUser)
	channel(novaShop, s.rooms[novaShop], anna, wang, dana, botUser)
	channel(tea, s.rooms[tea], li, anna, zhou, wang, family)
}

// viewers are the people one can act as, in the order of the switch.
func viewers() []string { return []string{li, anna, zhou, wang, chen, dana, family} }

// roles are what the people are to the bot.
var roles = map[string]slacksim.Words{
	li:     {"zh-CN": "客服", "en": "agent"},
	anna:   {"zh-CN": "客服", "en": "agent"},
	zhou:   {"zh-CN": "客服", "en": "agent"},
	wang:   {"zh-CN": "主管", "en": "supervisor"},
	chen:   {"zh-CN": "店铺方 · 天猫", "en": "merchant · Tmall"},
	dana:   {"zh-CN": "店铺方 · 抖音", "en": "merchant · Douyin"},
	family: {"zh-CN": "仓库同事", "en": "warehouse colleague"},
}

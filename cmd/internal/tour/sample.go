package tour

import (
	"slices"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/world"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// The sample workspace.
const (
	Team = "T0DEMO"

	agent    = "U0LI"   // 小李, agent
	agentEn  = "U0ANNA" // Anna, agent
	lead     = "U0WANG" // 王主管, supervisor
	merchant = "U0CHEN" // 陈店长, of the shop; a guest

	desk = "C0DESK" // the team's own channel of the shop
	shop = "C0SHOP" // shared with the shop's people

	cloud   = "天猫云朵家居旗舰店"
	cloudEn = "Tmall Cloud Home"
	botUser = "U0BOT"
)

// begins is when the story does, in the company's zone: the morning of the busiest day of the year.
func begins(zone *time.Location) time.Time { return time.Date(2026, 11, 11, 9, 0, 0, 0, zone) }

// Policy is the sample company's, with names in the story's language: the presets, with team targets generous enough that
// only the story's own deadline is reached, and with the supervisor's word counting longer than the story's hour of silence.
func Policy(lang string) tickets.Policy {
	p := tickets.DefaultPolicy()
	p.AckLapse = 2 * time.Hour
	for i := range p.Rules {
		for j := range p.Rules[i].Clocks {
			if c := &p.Rules[i].Clocks[j]; c.Kind != tickets.ClockPlatform {
				c.Duration = max(c.Duration, 24*time.Hour)
				c.Clock = sla.CalendarTime
			}
		}
	}
	p.Roster = tickets.Roster{Escalation: lead, People: []tickets.Person{
		{ID: agent, Names: []string{"小李", "Li"}, Role: tickets.RoleAgent},
		{ID: agentEn, Names: []string{"Anna"}, Role: tickets.RoleAgent},
		{ID: lead, Names: []string{"王主管", "Wang"}, Role: tickets.RoleSupervisor},
		{ID: merchant, Names: []string{"陈店长", "Chen"}, Role: tickets.RoleMerchant},
	}}
	name := cloud
	if isEnglish(lang) {
		name = cloudEn
		for i := range p.Roster.People {
			slices.Reverse(p.Roster.People[i].Names) // the first is the one that shows
		}
	}
	p.Roster.People[3].Shops = []string{name}
	p.Shops = []tickets.Shop{{Name: name, Aliases: []string{"云朵家居", cloud, cloudEn}, Platform: "tmall",
		Channels: []tickets.ChannelID{desk, shop}}}
	return p
}

// populate fills a simulator with the sample workspace, its people in the story's language.
func populate(sim *slacksim.Sim, s script) {
	sim.AddWorkspace(slacksim.Workspace{ID: Team, Name: s.company, Domain: "gongdan-demo", BotToken: world.BotToken, AppToken: world.AppToken,
		BotUser: botUser, Commands: []string{"/ticket"}})
	person := func(id, handle, name string, admin, guest bool) {
		sim.AddUser(Team, slacksim.User{ID: id, Name: handle, RealName: name, DisplayName: name, Locale: s.locale,
			TZ: "Asia/Shanghai", Admin: admin, Guest: guest})
	}
	person(agent, s.names[agent], s.names[agent], false, false)
	person(agentEn, s.names[agentEn], s.names[agentEn], false, false)
	person(lead, s.names[lead], s.names[lead], true, false)
	person(merchant, s.names[merchant], s.names[merchant], false, true)
	sim.AddChannel(Team, slacksim.Channel{ID: desk, Name: s.deskName, Members: []string{agent, agentEn, lead, botUser}})
	sim.AddChannel(Team, slacksim.Channel{ID: shop, Name: s.shopName, Members: []string{agent, lead, merchant, botUser}})
}

package chaos

import (
	"fmt"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// The sample workspace.
const (
	team     = "T0CHAOS"
	botToken = "xoxb-chaos"
	appToken = "xapp-chaos"
	botUser  = "U0BOT"
	lead     = "U0LEAD"
)

const (
	agents   = 6
	channels = 4
)

func agentID(i int) string { return fmt.Sprintf("U0A%d", i) }
func agentName(i int) string {
	return fmt.Sprintf("小%s", []string{"甲", "乙", "丙", "丁", "戊", "己"}[i])
}
func channelID(i int) string { return fmt.Sprintf("C0DESK%d", i) }
func everybody() (ids []string) {
	for i := range agents {
		ids = append(ids, agentID(i))
	}
	return append(ids, lead)
}

// Steps of the sample's clocks. At the run's speed a minute is a second: every clock says its last word within half a
// minute, and an outage of a few seconds passes one or several steps.
const (
	firstResponse = 6 * time.Minute
	firstEscalate = 2 * time.Minute
)

// policy is the sample company's: two rules with short clocks, everybody in the roster.
func policy() tickets.Policy {
	p := tickets.DefaultPolicy()
	// The judge knows when each step must be said from its own clock alone: none is left out, brought forward or said again.
	p.AckLapse, p.Quiet, p.MergeWithin = 0, 0, 0
	first := tickets.ClockRule{Kind: tickets.ClockFirstResponse, Clock: sla.CalendarTime, Duration: firstResponse, Ladder: sla.Ladder{
		{Name: "remind_3m", Kind: sla.Remind, Offset: -3 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "escalate_1", Kind: sla.Escalate, Offset: firstEscalate, Level: 1},
	}}
	platform := tickets.ClockRule{Kind: tickets.ClockPlatform, Clock: sla.CalendarTime, Duration: 24 * time.Hour, Ladder: sla.Ladder{
		{Name: "remind_4m", Kind: sla.Remind, Offset: -4 * time.Minute},
		{Name: "remind_2m", Kind: sla.Remind, Offset: -2 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "escalate_1", Kind: sla.Escalate, Level: 1},
	}}
	p.Rules = []tickets.Rule{
		{Name: "platform", Match: tickets.Match{Origins: []tickets.Origin{tickets.OriginPlatform, tickets.OriginProvider}},
			Clocks: []tickets.ClockRule{platform, first}},
		{Name: "internal", Clocks: []tickets.ClockRule{first}},
	}
	p.Roster = tickets.Roster{Escalation: lead, People: []tickets.Person{{ID: lead, Names: []string{"王主管"}, Role: tickets.RoleSupervisor}}}
	for i := range agents {
		p.Roster.People = append(p.Roster.People, tickets.Person{ID: tickets.UserID(agentID(i)), Names: []string{agentName(i)}, Role: tickets.RoleAgent})
	}
	return p
}

// Policy is the rules of the sample workspace, for the bot's process.
func Policy() tickets.Policy { return policy() }

// populate fills a simulator with the sample workspace. The bot is in no channel yet.
func populate(sim *slacksim.Sim) {
	sim.AddWorkspace(slacksim.Workspace{ID: team, Name: "云朵客服", BotToken: botToken, AppToken: appToken, BotUser: botUser,
		Commands: []string{"/ticket"}})
	for i := range agents {
		sim.AddUser(team, slacksim.User{ID: agentID(i), Name: agentName(i), RealName: agentName(i), DisplayName: agentName(i), Locale: "zh-CN"})
	}
	sim.AddUser(team, slacksim.User{ID: lead, Name: "王主管", RealName: "王主管", DisplayName: "王主管", Locale: "zh-CN", Admin: true})
	for i := range channels {
		sim.AddChannel(team, slacksim.Channel{ID: channelID(i), Name: fmt.Sprintf("售后-%d", i), Members: everybody()})
	}
}

package tickets

import (
	"time"

	"gongdan/tickets/sla"
)

// presetsChecked is when the presets were last compared with what the marketplaces publish.
const presetsChecked = "2026-08-22"

// DefaultPolicy returns the rules that bind where nothing else is configured: defaults drawn from the
// marketplaces' published rules as collected in DOMAIN section 5 and last checked on 2026-08-22, never their law. The
// team's own targets count handling hours, 09:00–21:00 every day in Shanghai. The roster is empty.
//
// Every call makes the rules anew, so that a caller may change what it gets.
func DefaultPolicy() Policy {
	hours := handlingHours()
	return Policy{
		Revision: 1, Zone: shanghai(), Rules: presets(hours),
		AutoClose: 72 * time.Hour, ReopenFor: 7 * 24 * time.Hour, ArchiveAfter: 30 * 24 * time.Hour,
		UrgeEvery: 15 * time.Minute, AckLapse: 20 * time.Minute, Quiet: 5 * time.Minute,
		MergeWithin: 10 * time.Minute, ShiftLead: 30 * time.Minute,
		Calendars: map[string]*sla.Calendar{"handling": hours},
	}
}

// shanghai is the zone in which these marketplaces count. It has had no summer time since 1991, so a
// fixed zone serves where the machine has no zone data.
func shanghai() *time.Location {
	if z, err := time.LoadLocation("Asia/Shanghai"); err == nil {
		return z
	}
	return time.FixedZone("Asia/Shanghai", 8*60*60)
}

// handlingHours are 09:00–21:00 every day: Doudian sends its requests then, and teams of these marketplaces keep the same hours.
// Without zone data they are nil, always open: deadlines are then early, never late.
func handlingHours() *sla.Calendar {
	h := sla.Hours{Zone: "Asia/Shanghai"}
	for day := range h.Week {
		h.Week[day] = []sla.Window{{Open: 9 * 60 * 60, Close: 21 * 60 * 60}}
	}
	c, err := sla.NewCalendar(h)
	if err != nil {
		return nil
	}
	return c
}

// presets are the rules by origin and platform, most particular first. Every ticket matches one. A preset binds by
// origin and platform, never by platform alone: an agent's own note about a Tmall order is internal.
func presets(hours *sla.Calendar) []Rule {
	own, sent := []Origin{OriginPlatform}, []Origin{OriginProvider}
	taobao, douyin := []Platform{"tmall", "taobao"}, []Platform{"douyin"}
	const day, urgent = 24 * time.Hour, 2 * time.Hour
	rules := []Rule{
		// A reminder to ship finishes when the goods leave; it has no time of its own to answer by and is not in the rate.
		{Name: "tmall_ship_reminder", Match: Match{Origins: own, Platforms: taobao, Types: []Type{"ship_reminder"}},
			Clocks: []ClockRule{firstResponse(hours), resolution(hours)}},
		{Name: "tmall_coop", Match: Match{Origins: own, Platforms: taobao},
			Clocks: binding(sla.CalendarTime, day, hours), Counts: true},
		// Doudian's own requests: ordinary ones 24 h, these types 2 h; what its staff set replaces both.
		{Name: "doudian_urgent", Match: Match{Origins: own, Platforms: douyin, Types: []Type{"unsafe_product", "high_risk", "high_risk_complaint"}},
			Clocks: binding(sla.DeferredTime, urgent, hours, sla.Step{Name: "remind_half", Kind: sla.Remind, Percent: 50}), Counts: true},
		{Name: "doudian_request", Match: Match{Origins: own, Platforms: douyin},
			Clocks: binding(sla.DeferredTime, day, hours), Counts: true},
		// Sent by a service provider: the platform's rates count origin platform alone, these are counted apart.
		{Name: "doudian_provider", Match: Match{Origins: sent, Platforms: douyin},
			Clocks: binding(sla.CalendarTime, day, hours)},
		{Name: "pdd_aftersales", Match: Match{Origins: own, Platforms: []Platform{"pinduoduo"}},
			Clocks: binding(sla.CalendarTime, day, hours), Counts: true},
		// A marketplace without a preset of its own, or not named yet: the shortest usual time.
		{Name: "platform", Match: Match{Origins: []Origin{OriginPlatform, OriginProvider}},
			Clocks: binding(sla.CalendarTime, day, hours), Counts: true},
		{Name: "internal", Clocks: []ClockRule{firstResponse(hours), resolution(hours)}},
	}
	for i := range rules {
		rules[i].Preset = rules[i].Name + "@" + presetsChecked
		if _, ok := rules[i].clock(ClockPlatform); ok {
			rules[i].Consequence.Word = rules[i].Name
		}
	}
	return rules
}

// binding is the clocks of a ticket which the marketplace counts. Somebody of the team must also look at
// it soon, as for any other ticket: 24 hours would else pass in silence.
func binding(c sla.Clock, d time.Duration, hours *sla.Calendar, more ...sla.Step) []ClockRule {
	platform := ClockRule{Kind: ClockPlatform, Clock: c, Duration: d, Calendar: hours, Ladder: append(platformLadder(), more...)}
	return []ClockRule{platform, firstResponse(hours)}
}

func platformLadder() sla.Ladder {
	return sla.Ladder{
		{Name: "remind_30m", Kind: sla.Remind, Offset: -30 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "escalate_1", Kind: sla.Escalate, Level: 1},
		{Name: "again", Kind: sla.Remind, Every: 30 * time.Minute, Times: 4},
	}
}

func firstResponse(hours *sla.Calendar) ClockRule {
	return ClockRule{Kind: ClockFirstResponse, Clock: sla.WorkingTime, Calendar: hours, Duration: 30 * time.Minute, Ladder: teamLadder()}
}

// resolution waits with everybody who is not of the house; the warehouse is.
func resolution(hours *sla.Calendar) ClockRule {
	return ClockRule{Kind: ClockResolution, Clock: sla.WorkingTime, Calendar: hours, Duration: 24 * time.Hour, Ladder: teamLadder(),
		PauseOn: []Party{PartyCustomer, PartyMerchant, PartyCourier, PartyPlatform, PartyInfo}}
}

func teamLadder() sla.Ladder {
	return sla.Ladder{
		{Name: "remind_10m", Kind: sla.Remind, Offset: -10 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "escalate_1", Kind: sla.Escalate, Offset: 5 * time.Minute, Level: 1},
	}
}

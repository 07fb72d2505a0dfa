package tickets

import (
	"time"

	"gongdan/tickets/sla"
)

// DefaultPolicy returns the rules that bind where nothing else is configured: defaults drawn from the
// marketplaces' published rules as last checked on 2026-08-22, never their law. All clocks count calendar time.
// The roster is empty.
func DefaultPolicy() Policy {
	return Policy{
		Revision: 1, Zone: shanghai(), Rules: presets(),
		AutoClose: 72 * time.Hour, ReopenFor: 7 * 24 * time.Hour, ArchiveAfter: 30 * 24 * time.Hour,
		UrgeEvery: 15 * time.Minute,
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

// presets are the rules by origin and platform, most particular first. Every ticket matches one.
//
// Doudian's own requests count by a deferred clock, which is not computed yet; the calendar clock used
// instead ends at the same time or earlier, never later.
func presets() []Rule {
	own, sent := []Origin{OriginPlatform}, []Origin{OriginProvider}
	team := []ClockRule{firstResponse(), resolution()}
	return []Rule{
		// A reminder to ship finishes when the goods leave; it has no time of its own to answer by.
		{Name: "tmall_ship_reminder", Match: Match{Origins: own, Platforms: []Platform{"tmall", "taobao"}, Types: []Type{"ship_reminder"}}, Clocks: team},
		{Name: "tmall_coop", Match: Match{Origins: own, Platforms: []Platform{"tmall", "taobao"}}, Clocks: binding(24 * time.Hour)},
		{Name: "doudian_urgent", Match: Match{Origins: own, Platforms: []Platform{"douyin"}, Types: []Type{"unsafe_product", "high_risk"}}, Clocks: binding(2 * time.Hour)},
		{Name: "doudian_request", Match: Match{Origins: own, Platforms: []Platform{"douyin"}}, Clocks: binding(24 * time.Hour)},
		{Name: "doudian_provider", Match: Match{Origins: sent, Platforms: []Platform{"douyin"}}, Clocks: binding(24 * time.Hour)},
		{Name: "pdd_aftersales", Match: Match{Origins: own, Platforms: []Platform{"pinduoduo"}}, Clocks: binding(24 * time.Hour)},
		// A marketplace without a preset of its own, or not named yet: the shortest usual time.
		{Name: "platform", Match: Match{Origins: []Origin{OriginPlatform, OriginProvider}}, Clocks: binding(24 * time.Hour)},
		{Name: "internal", Match: Match{}, Clocks: team},
	}
}

// binding is the clocks of a ticket which the marketplace counts. Somebody of the team must also look at
// it soon, as for any other ticket: 24 hours would else pass in silence.
func binding(d time.Duration) []ClockRule {
	platform := ClockRule{Kind: ClockPlatform, Clock: sla.CalendarTime, Duration: d, Ladder: sla.Ladder{
		{Name: "remind_30m", Kind: sla.Remind, Offset: -30 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "escalate_1", Kind: sla.Escalate, Level: 1},
	}}
	return []ClockRule{platform, firstResponse()}
}

func firstResponse() ClockRule {
	return ClockRule{Kind: ClockFirstResponse, Clock: sla.CalendarTime, Duration: 30 * time.Minute, Ladder: teamLadder()}
}

func resolution() ClockRule {
	return ClockRule{Kind: ClockResolution, Clock: sla.CalendarTime, Duration: 24 * time.Hour, Ladder: teamLadder()}
}

func teamLadder() sla.Ladder {
	return sla.Ladder{
		{Name: "remind_10m", Kind: sla.Remind, Offset: -10 * time.Minute},
		{Name: "breach", Kind: sla.Breach},
		{Name: "escalate_1", Kind: sla.Escalate, Offset: 5 * time.Minute, Level: 1},
	}
}

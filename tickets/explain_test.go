package tickets_test

import (
	"slices"
	"testing"
	"time"

	"gongdan/tickets"
)

// TestLeaves has a rule about urgent tickets leave the marketplace's side to the rules after it.
func TestLeaves(t *testing.T) {
	t.Parallel()
	quick := tickets.Rule{Name: "quick", Match: tickets.Match{Severities: []tickets.Severity{tickets.SeverityUrgent}},
		Leaves: tickets.Leaves{PlatformClock: true, Counts: true, Consequence: true}}
	urgent := func(d *tickets.Draft) {
		d.Severity, d.Facts.Platform = tickets.SeverityUrgent, "douyin"
	}
	at := on(23, 10, 0)
	s := since(t, at, urgent)
	s.env.Policy.Rules = slices.Insert(s.env.Policy.Rules, 0, quick)
	s.do(tickets.Command{Kind: tickets.CmdReplan, Actor: clock})

	d := s.clock(tickets.ClockPlatform)
	if !d.Running() || !d.Due.Equal(at.Add(24*time.Hour)) || d.Rule != "quick" {
		t.Errorf("platform clock = %+v, want one of 24 h by the rule quick", d)
	}
	rule := s.env.Policy.RuleOf(s.ticket, d)
	if !rule.Counts || rule.Consequence.Word != "doudian_request" {
		t.Errorf("counts %v, costs %q, want those of doudian_request", rule.Counts, rule.Consequence.Word)
	}
	if n := len(s.env.Policy.Plan(s.ticket, d)); n < 4 {
		t.Errorf("%d marks, want those of the preset", n)
	}
	if len(s.env.Policy.Rules[0].Clocks) != 0 {
		t.Error("the rule itself was changed")
	}

	s.do(tickets.Command{Kind: tickets.CmdOrigin, Actor: wang, Origin: tickets.OriginInternal})
	if d := s.clock(tickets.ClockPlatform); d.Running() {
		t.Errorf("platform clock of an internal ticket = %+v, want it stopped", d)
	}
}

package tickets_test

import (
	"testing"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// TestNewLevelsDoNotCallWithTheNextMark: levels that a revision brings begin to count with it, whatever the ticket has to say before
// they have had their time.
func TestNewLevelsDoNotCallWithTheNextMark(t *testing.T) {
	t.Parallel()
	early := sla.Step{Name: "early", Kind: sla.Escalate, Level: 1, Offset: -2 * time.Hour}
	tests := []struct {
		name    string
		revised time.Duration // since noon
		wait    time.Duration
		heard   []string
	}{
		{"the mark comes first", 170 * time.Minute, 30 * time.Minute, []string{"3h0m0s breached 0", "3h20m0s escalated 2"}},
		{"both at once", 170 * time.Minute, 10 * time.Minute, []string{"3h0m0s breached 0", "3h0m0s escalated 2"}},
		{"the level comes first", 115 * time.Minute, 50 * time.Minute, []string{"2h45m0s escalated 2", "3h0m0s breached 0"}},
		{"the wait is not over", 65 * time.Minute, 50 * time.Minute, []string{"1h50m0s escalated 2", "3h0m0s breached 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := climbing(t, sla.Ladder{breachStep, early})
			s.heard(tt.revised, "1h0m0s escalated 1")
			s.env.Policy.Revision, s.env.Policy.Roster.Levels = 2, []tickets.Level{waits(tt.wait, 0), waits(0, 0)}
			s.by(clock, tickets.CmdReplan)
			if again := s.by(clock, tickets.CmdReplan); again.Changed {
				t.Errorf("planned again by the same policy: %v", kinds(again.Events))
			}
			s.heard(day, tt.heard...)
		})
	}
}

// TestPromiseOfThePausedTimeGivesTheLevelItsTime: a promise of the very time at which a pausing clock was due ends the pause, too.
func TestPromiseOfThePausedTimeGivesTheLevelItsTime(t *testing.T) {
	t.Parallel()
	early := sla.Step{Name: "early", Kind: sla.Escalate, Level: 1, Offset: -2 * time.Hour}
	for _, promised := range []time.Duration{3 * time.Hour, 3*time.Hour + time.Minute} {
		s := pausing(t, sla.Ladder{breachStep, early}, waits(30*time.Minute, 0), waits(0, 0))
		s.by(li, tickets.CmdClaim)
		s.heard(70*time.Minute, "1h0m0s escalated 1")
		s.do(tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: tickets.PartyCustomer})
		s.heard(2 * time.Hour)
		s.do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: noon.Add(promised)})
		s.heard(day, "2h30m0s escalated 2", promised.String()+" breached 0")
	}
}

package tickets_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

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

// TestRevisionSwallowsNoReminder: a revision that leaves a ticket as it is takes nothing from what it says afterwards.
func TestRevisionSwallowsNoReminder(t *testing.T) {
	t.Parallel()
	for _, revision := range []int64{1, 2} {
		s := asking(t)
		s.env.Policy.Revision = revision
		if s.when(on(23, 11, 0)).by(clock, tickets.CmdReplan).Changed {
			t.Error("the same rules changed the ticket")
		}
		s.when(on(23, 20, 45)).by(shop, tickets.CmdUrge) // to be answered by 21:45, when nobody is there
		s.wakes(on(23, 20, 45))
		wantKinds(t, s.wake(), tickets.EvReminded)
		if got := s.ticket.Revision; got != revision {
			t.Errorf("revision = %d, want %d", got, revision)
		}
	}
}

// TestUnplannedTicketSaysWhatIsAsked: nor does one that the ticket has yet to be planned by.
func TestUnplannedTicketSaysWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := asking(t)
	s.env.Policy.Revision = 2
	s.env.Policy.Rules[len(s.env.Policy.Rules)-1].Clocks[1].Duration = 48 * time.Hour // of the resolution
	s.when(on(23, 20, 45)).by(shop, tickets.CmdUrge)
	s.wakes(on(23, 20, 45))
	wantKinds(t, s.wake(), tickets.EvReminded)
}

// asking is a ticket of 10:00, answered at once, whose team answers each question within an hour. It is there until 21:00.
func asking(t *testing.T) *story {
	t.Helper()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.Origin = tickets.OriginInternal })
	rule := &s.env.Policy.Rules[len(s.env.Policy.Rules)-1]
	rule.Clocks = append(rule.Clocks, tickets.ClockRule{Kind: tickets.ClockNextResponse, Clock: sla.CalendarTime, Duration: time.Hour,
		Calendar: s.env.Policy.Calendars["handling"], Ladder: sla.Ladder{breachStep}})
	s.by(li, tickets.CmdNote)
	return s
}

// TestClosedTicketKeepsItsReminders: what falls due while a ticket is closed is not the doing of rules that are revised meanwhile. A
// ticket that the marketplace still waits for says so when it is open again.
func TestClosedTicketKeepsItsReminders(t *testing.T) {
	t.Parallel()
	for _, revision := range []int64{1, 2} {
		s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.BackOffice = on(23, 13, 0) })
		s.by(zhao, tickets.CmdNote)
		s.by(zhao, tickets.CmdResolve)
		wantKinds(t, s.when(on(23, 13, 0)).wake(), tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated)
		s.when(on(23, 13, 10)).by(zhao, tickets.CmdClose) // reminders every half hour until 15:00
		s.env.Policy.Revision = revision
		s.when(on(23, 15, 10)).by(zhao, tickets.CmdNote)
		s.when(on(23, 15, 15)).by(wang, tickets.CmdReopen)
		wantKinds(t, s.wake(), tickets.EvSkipped, tickets.EvSkipped, tickets.EvSkipped, tickets.EvReminded)
	}
}

// TestSameRulesSayTheSame: whatever happens to a ticket, revisions that leave every rule as it is change nothing of it, planned
// anew or not.
func TestSameRulesSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		other, env := l.now, l.env
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.env.Now = l.env.Now.Add(pause().Draw(t, "pause"))
			env.Now = l.env.Now
			if rapid.IntRange(0, 4).Draw(t, "revises") == 0 {
				env.Policy.Revision++
			}
			c := command(env.Now).Draw(t, "command")
			want, wantErr := tickets.Apply(&l.now, c, l.env)
			got, err := tickets.Apply(&other, c, env)
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("%s: %v, revised %v", c.Kind, wantErr, err)
			}
			same := cmpopts.IgnoreFields(tickets.Ticket{}, "Revision")
			if diff := cmp.Diff(want, got, same); diff != "" && c.Kind != tickets.CmdReplan {
				t.Fatalf("%s (-want +revised):\n%s", c.Kind, diff)
			}
			l.now, other = want.Ticket, got.Ticket
		}
	})
}

// TestUnplannedTicketGoesOnWithItsReminder: a clock that goes on after a pause says the latest reminder that it has to, also
// before the ticket is planned by new rules that add another clock.
func TestUnplannedTicketGoesOnWithItsReminder(t *testing.T) {
	t.Parallel()
	first := sla.Step{Name: "first", Kind: sla.Remind, Offset: -100 * time.Minute}
	early := sla.Step{Name: "early", Kind: sla.Remind, Offset: -90 * time.Minute}
	for _, revised := range []bool{false, true} {
		s := pausing(t, sla.Ladder{breachStep, first, early}, waits(0, 0))
		s.by(li, tickets.CmdClaim)
		s.heard(85 * time.Minute)
		s.do(tickets.Command{Kind: tickets.CmdAck, Actor: wang})
		s.heard(100 * time.Minute)
		s.do(tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: tickets.PartyCustomer})
		s.heard(2 * time.Hour)
		if revised {
			s.env.Policy.Revision++
			rule := &s.env.Policy.Rules[0]
			rule.Clocks = append(rule.Clocks, tickets.ClockRule{Kind: tickets.ClockNextUpdate, Clock: sla.CalendarTime, Duration: 6 * time.Hour,
				Calendar: rule.Clocks[0].Calendar, Ladder: sla.Ladder{breachStep}})
		}
		s.by(li, tickets.CmdResume)
		s.wakes(noon.Add(110 * time.Minute)) // at once
		wantKinds(t, s.wake(), tickets.EvReminded)
	}
}

package tickets_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// climbing is a ticket of noon, due three hours later, for a team that is always there. Its supervisors wait ten minutes, a
// quarter of an hour and half an hour.
func climbing(t *testing.T, ladder sla.Ladder, levels ...tickets.Level) *story {
	t.Helper()
	s := &story{t: t, env: tickets.Env{Now: noon, Policy: tickets.Policy{Zone: time.UTC, AckLapse: 20 * time.Minute,
		Rules: []tickets.Rule{{Name: "r", Clocks: []tickets.ClockRule{{Kind: tickets.ClockResolution, Clock: sla.CalendarTime,
			Duration: 3 * time.Hour, Ladder: ladder}}}}}}}
	s.env.Policy.Roster.Levels = levels
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, s.env))
	return s
}

func waits(d time.Duration, times int) tickets.Level {
	return tickets.Level{User: "UL", Rung: sla.Rung{Wait: d, Times: times}}
}

var (
	breachStep = sla.Step{Name: "breach", Kind: sla.Breach}
	firstCall  = sla.Step{Name: "escalate_1", Kind: sla.Escalate, Level: 1}
)

// calls lets time pass from wake to wake until an instant, and gives what happened on the way: time after noon, what, level.
func (s *story) calls(until time.Duration) (out []string) {
	s.t.Helper()
	for !s.ticket.Wake.IsZero() && !s.ticket.Wake.After(noon.Add(until)) {
		s.env.Now = latest(s.env.Now, s.ticket.Wake)
		for _, e := range s.by(clock, tickets.CmdWake).Events {
			if e.Kind == tickets.EvEscalated || e.Kind == tickets.EvLapsed || e.Kind == tickets.EvBreached {
				out = append(out, fmt.Sprintf("%s %s %d", s.env.Now.Sub(noon), e.Kind, e.Level))
			}
		}
	}
	s.env.Now = noon.Add(until)
	return out
}

func (s *story) heard(until time.Duration, want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.calls(until)); diff != "" {
		s.t.Errorf("until %v (-want +got):\n%s", until, diff)
	}
}

func TestLevelsAreCalledOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := climbing(t, sla.Ladder{breachStep, firstCall}, waits(10*time.Minute, 2), waits(15*time.Minute, 0), waits(time.Hour, 0))
	s.heard(day, "3h0m0s breached 0", "3h0m0s escalated 1", "3h10m0s escalated 1", "3h20m0s escalated 2", "3h35m0s escalated 3")
}

// TestAckStopsTheLevels: nobody is called while somebody is on it; when that lapses, the level called last has its time once more.
func TestAckStopsTheLevels(t *testing.T) {
	t.Parallel()
	s := climbing(t, sla.Ladder{breachStep, firstCall}, waits(10*time.Minute, 0), waits(15*time.Minute, 0), waits(15*time.Minute, 0))
	s.heard(3*time.Hour+14*time.Minute, "3h0m0s breached 0", "3h0m0s escalated 1", "3h10m0s escalated 2")
	s.do(tickets.Command{Kind: tickets.CmdAck, Actor: wang})
	s.heard(3*time.Hour+48*time.Minute, "3h34m0s lapsed 0")
	s.heard(day, "3h49m0s escalated 3")

	s = climbing(t, sla.Ladder{breachStep, firstCall}, waits(10*time.Minute, 0), waits(15*time.Minute, 0))
	s.heard(3*time.Hour, "3h0m0s breached 0", "3h0m0s escalated 1")
	s.by(li, tickets.CmdResolve)
	s.heard(day)
}

// TestLapseSkipsNoLevel: the rungs of a ladder that fell into the silence are not made up for at the highest level.
func TestLapseSkipsNoLevel(t *testing.T) {
	t.Parallel()
	ladder := sla.Ladder{breachStep, firstCall, {Name: "two", Kind: sla.Escalate, Offset: 10 * time.Minute, Level: 2},
		{Name: "three", Kind: sla.Escalate, Offset: 20 * time.Minute, Level: 3}}
	s := climbing(t, ladder)
	s.heard(3*time.Hour+5*time.Minute, "3h0m0s breached 0", "3h0m0s escalated 1")
	s.do(tickets.Command{Kind: tickets.CmdAck, Actor: wang})
	s.heard(day, "3h25m0s lapsed 0", "3h30m0s escalated 2", "3h40m0s escalated 3")
}

func TestUnclaimedIsCalled(t *testing.T) {
	t.Parallel()
	idle := sla.Step{Name: "idle", Kind: sla.Escalate, Level: 1, Offset: 15 * time.Minute, Unbegun: true}
	s := climbing(t, sla.Ladder{breachStep, idle}, waits(10*time.Minute, 0), tickets.Level{Channel: "CL"})
	s.by(li, tickets.CmdAssign) // having it is not yet claiming it
	s.heard(time.Hour, "15m0s escalated 1", "25m0s escalated 2")

	s = climbing(t, sla.Ladder{breachStep, idle}, waits(10*time.Minute, 0), tickets.Level{Channel: "CL"})
	s.at(14*time.Minute).by(li, tickets.CmdClaim)
	s.heard(time.Hour)

	s = climbing(t, sla.Ladder{breachStep, firstCall, idle}, waits(10*time.Minute, 0), waits(10*time.Minute, 0))
	s.heard(16*time.Minute, "15m0s escalated 1")
	s.by(li, tickets.CmdClaim) // that was what they were called for
	s.heard(day, "3h0m0s breached 0", "3h0m0s escalated 1", "3h10m0s escalated 2")
}

// TestNewLevelsDoNotCallAtOnce: levels that a revision brings begin to count with it.
func TestNewLevelsDoNotCallAtOnce(t *testing.T) {
	t.Parallel()
	s := climbing(t, sla.Ladder{breachStep, firstCall})
	s.heard(5*time.Hour, "3h0m0s breached 0", "3h0m0s escalated 1")
	s.env.Policy.Revision, s.env.Policy.Roster.Levels = 2, []tickets.Level{waits(10*time.Minute, 0), waits(0, 0)}
	wantKinds(t, kinds(s.by(clock, tickets.CmdReplan).Events), tickets.EvReplanned)
	s.heard(day, "5h10m0s escalated 2")
}

// TestCallsKeepTheirPromises: whatever the ladder, the levels and the people do, no step is said twice, levels never go back, nobody is
// called while somebody is on it, and a level has its time before the next one is called. Nobody acting, it goes as explained.
func TestCallsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		minutes := func(low, high int, what string) time.Duration {
			return time.Duration(rapid.IntRange(low, high).Draw(r, what)) * time.Minute
		}
		ladder := sla.Ladder{breachStep}
		for i := range rapid.IntRange(1, 5).Draw(r, "calls") {
			ladder = append(ladder, sla.Step{Name: fmt.Sprint("call", i), Kind: sla.Escalate, Level: rapid.IntRange(1, 4).Draw(r, "level"),
				Offset: minutes(-170, 200, "offset")})
		}
		var levels []tickets.Level
		for range rapid.IntRange(0, 4).Draw(r, "levels") {
			levels = append(levels, waits(minutes(0, 60, "wait"), rapid.IntRange(0, 3).Draw(r, "times")))
		}
		s := climbing(t, ladder, levels...)
		var want []string
		d := s.clock(tickets.ClockResolution)
		for _, m := range s.env.Policy.Unanswered(s.ticket, d) {
			if m.Step.Kind == sla.Escalate {
				want = append(want, fmt.Sprintf("%s escalated %d", m.At.Sub(noon), m.Step.Level))
			}
		}
		alone := *s
		got := slices.DeleteFunc(alone.calls(30*day), func(e string) bool { return e == "3h0m0s breached 0" })
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("nobody acts, explained (-want) and done (+got):\n%s", diff)
		}
		peopleAct(r, s, levels)
	})
}

// peopleAct lets people be on it now and then, and checks each call.
func peopleAct(r *rapid.T, s *story, levels []tickets.Level) {
	seen, reached, last := map[string]bool{}, 0, noon
	for range 60 {
		if s.ticket.Wake.IsZero() {
			return
		}
		if rapid.IntRange(0, 3).Draw(r, "acts") == 0 && s.ticket.Wake.After(s.env.Now.Add(time.Minute)) {
			s.env.Now = s.env.Now.Add(time.Minute)
			if res, err := tickets.Apply(&s.ticket, tickets.Command{Kind: tickets.CmdAck, Actor: wang}, s.env); err == nil {
				s.ticket = res.Ticket
			}
		}
		s.env.Now = s.ticket.Wake
		for _, e := range s.by(clock, tickets.CmdWake).Events {
			if e.Kind == tickets.EvLapsed {
				last = s.env.Now
			}
			if e.Kind != tickets.EvEscalated {
				continue
			}
			onIt := !s.clock(tickets.ClockResolution).AckedAt.IsZero()
			climbs := len(e.Step) > 5 && e.Step[:5] == "climb"
			switch {
			case seen[e.Step]:
				r.Fatalf("%s twice", e.Step)
			case e.Level < reached && len(levels) > 0:
				r.Fatalf("level %d after %d", e.Level, reached)
			case onIt:
				r.Fatalf("%s while somebody is on it", e.Step)
			case climbs && s.env.Now.Sub(last) < levels[min(reached, len(levels))-1].Wait:
				r.Fatalf("%s %v after the call before", e.Step, s.env.Now.Sub(last))
			}
			seen[e.Step], reached, last = true, e.Level, s.env.Now
		}
	}
}

// pausing is a ticket whose clock pauses while a customer or what is missing is waited for.
func pausing(t *testing.T, ladder sla.Ladder, levels ...tickets.Level) *story {
	t.Helper()
	s := climbing(t, ladder, levels...)
	s.env.Policy.Rules[0].Clocks[0].PauseOn = []tickets.Party{tickets.PartyCustomer, tickets.PartyInfo}
	return s
}

// TestPauseGivesTheLevelItsTime: no level is called the moment that a ticket goes on, for want of an answer during the pause.
func TestPauseGivesTheLevelItsTime(t *testing.T) {
	t.Parallel()
	early := sla.Step{Name: "early", Kind: sla.Escalate, Level: 1, Offset: -2 * time.Hour}
	s := pausing(t, sla.Ladder{breachStep, early}, waits(30*time.Minute, 0), waits(0, 0))
	s.by(li, tickets.CmdClaim)
	s.heard(70*time.Minute, "1h0m0s escalated 1")
	s.do(tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: tickets.PartyCustomer})
	s.heard(5 * time.Hour)
	s.by(li, tickets.CmdResume)
	s.heard(day, "5h30m0s escalated 2", "6h50m0s breached 0")
}

// TestReopeningGivesTheLevelItsTime: nobody is called the moment that a ticket is open again, for want of an answer while it was not. A
// resolved one that the marketplace still waits for has been calling all along.
func TestReopeningGivesTheLevelItsTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		ends    tickets.CommandKind
		acked   bool
		further []string
	}{
		{"discarded", tickets.CmdDiscard, false, []string{"5h30m0s escalated 2"}},
		{"discarded while somebody was on it", tickets.CmdDiscard, true, []string{"5h0m0s lapsed 0", "5h30m0s escalated 2"}},
		{"cancelled", tickets.CmdCancel, false, []string{"5h30m0s escalated 2"}},
		{"resolved", tickets.CmdResolve, false, []string{"3h30m0s escalated 2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := climbing(t, nil)
			c := &s.env.Policy.Rules[0].Clocks[0]
			c.Kind, c.Ladder = tickets.ClockPlatform, sla.Ladder{breachStep, firstCall}
			s.env.Policy.Roster.Levels, s.env.Policy.ReopenFor = []tickets.Level{waits(30*time.Minute, 0), waits(0, 0)}, day
			d := draft()
			d.Origin = tickets.OriginProvider
			s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d}, s.env))
			s.heard(185*time.Minute, "3h0m0s breached 0", "3h0m0s escalated 1")
			if tt.acked {
				s.do(tickets.Command{Kind: tickets.CmdAck, Actor: wang})
			}
			s.at(190*time.Minute).by(wang, tt.ends)
			got := s.calls(5 * time.Hour)
			s.by(tickets.Actor{ID: "UADM", Role: tickets.RoleAdmin}, tickets.CmdReopen)
			if diff := cmp.Diff(tt.further, append(got, s.calls(day)...)); diff != "" {
				t.Errorf("after %s (-want +got):\n%s", tt.ends, diff)
			}
		})
	}
}

// TestUnclaimedWaitsForAPause: while a ticket is sent back, nobody is to claim it; its call comes once, whatever moves meanwhile.
func TestUnclaimedWaitsForAPause(t *testing.T) {
	t.Parallel()
	idle := sla.Step{Name: "idle", Kind: sla.Escalate, Level: 1, Offset: 15 * time.Minute, Unbegun: true}
	s := pausing(t, sla.Ladder{breachStep, idle}, waits(0, 0))
	s.at(5*time.Minute).by(li, tickets.CmdSendBack)
	s.heard(2 * time.Hour)
	s.at(2*time.Hour).by(li, tickets.CmdComplete)
	s.heard(3*time.Hour, "2h10m0s escalated 1")

	s.by(li, tickets.CmdSendBack)
	s.env.Policy.Rules = append([]tickets.Rule{{Name: "high", Match: tickets.Match{Severities: []tickets.Severity{tickets.SeverityHigh}},
		Clocks: slices.Clone(s.env.Policy.Rules[0].Clocks)}}, s.env.Policy.Rules...)
	s.env.Policy.Rules[0].Clocks[0].Duration = 4 * time.Hour
	s.do(tickets.Command{Kind: tickets.CmdSeverity, Actor: li, Severity: tickets.SeverityHigh})
	s.at(3*time.Hour+10*time.Minute).by(li, tickets.CmdComplete)
	s.heard(5 * time.Hour)
}

// TestMoveKeepsTheLevels: a deadline that moves takes nobody off who was called, nor calls anybody before the time.
func TestMoveKeepsTheLevels(t *testing.T) {
	t.Parallel()
	idle := sla.Step{Name: "idle", Kind: sla.Escalate, Level: 1, Offset: 15 * time.Minute, Unbegun: true}
	s := climbing(t, sla.Ladder{breachStep, idle}, waits(30*time.Minute, 0), waits(0, 0))
	s.heard(20*time.Minute, "15m0s escalated 1")
	s.do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: noon.Add(5 * time.Hour)})
	s.heard(time.Hour, "50m0s escalated 2")
}

// TestMoveTakesCallsBack: a level whose call is yet to come again is not counted as called, nor what followed from that call.
func TestMoveTakesCallsBack(t *testing.T) {
	t.Parallel()
	early := sla.Step{Name: "early", Kind: sla.Escalate, Level: 1, Offset: -time.Hour}
	late := sla.Step{Name: "late", Kind: sla.Escalate, Level: 2}
	s := climbing(t, sla.Ladder{breachStep, early, late}, waits(90*time.Minute, 0), waits(90*time.Minute, 0), waits(0, 0))
	s.heard(3*time.Hour+10*time.Minute, "2h0m0s escalated 1", "3h0m0s breached 0", "3h0m0s escalated 2")
	s.do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: noon.Add(3*time.Hour + 40*time.Minute)})
	d := s.clock(tickets.ClockResolution)
	if d.Called.Level != 1 || d.Said("early") != 1 || d.Said("late") != 0 || d.Said("breach") != 0 {
		t.Errorf("moved: %+v", d)
	}
	s.heard(4*time.Hour, "3h40m0s breached 0", "3h40m0s escalated 2")
	s.heard(day, "5h10m0s escalated 3")
}

// TestMoveSaysWhatWasPassedOver: what was passed by for a mark that is yet to come again is said after all.
func TestMoveSaysWhatWasPassedOver(t *testing.T) {
	t.Parallel()
	soon := sla.Step{Name: "soon", Kind: sla.Remind, Offset: -time.Hour}
	early := sla.Step{Name: "early", Kind: sla.Escalate, Level: 1, Offset: -time.Hour}
	late := sla.Step{Name: "late", Kind: sla.Escalate, Level: 2}
	for _, moved := range []bool{false, true} {
		s := climbing(t, sla.Ladder{breachStep, soon, early, late})
		wantKinds(t, s.at(3*time.Hour+10*time.Minute).wake(), tickets.EvSkipped, tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated)
		var want []tickets.EventKind
		if moved {
			s.do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: noon.Add(3*time.Hour + 40*time.Minute)})
			want = []tickets.EventKind{tickets.EvReminded, tickets.EvEscalated}
		}
		wantKinds(t, s.at(3*time.Hour+11*time.Minute).wake(), want...)
	}
}

// TestDroppedCallIsNotSaid: a call that was dropped as untrue counts as made only until it might be true again.
func TestDroppedCallIsNotSaid(t *testing.T) {
	t.Parallel()
	soon := sla.Step{Name: "soon", Kind: sla.Remind, Offset: -time.Hour}
	for version, want := range map[int][]tickets.EventKind{1: {tickets.EvReminded}, 7: nil} {
		s := climbing(t, sla.Ladder{breachStep, soon})
		wantKinds(t, s.at(2*time.Hour).wake(), tickets.EvReminded)
		s.do(tickets.Command{Kind: tickets.CmdUnsaid, Actor: clock, Clock: tickets.ClockResolution, Reason: "reminder: passed",
			Calls: []tickets.Call{{Clock: tickets.ClockResolution, Step: "soon", Version: version}}})
		wantKinds(t, s.at(2*time.Hour+time.Minute).wake())
		s.do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: noon.Add(2*time.Hour + 40*time.Minute)})
		wantKinds(t, s.at(2*time.Hour+2*time.Minute).wake(), want...)
	}
}

// TestWithoutLevelsEveryMarkCalls: where no levels are named, their order means nothing, as all calls go to one person.
func TestWithoutLevelsEveryMarkCalls(t *testing.T) {
	t.Parallel()
	early := sla.Step{Name: "early", Kind: sla.Escalate, Level: 3, Offset: -time.Hour}
	late := sla.Step{Name: "late", Kind: sla.Escalate, Level: 2, Offset: time.Hour}
	s := climbing(t, sla.Ladder{breachStep, early, firstCall, late})
	s.heard(day, "2h0m0s escalated 3", "3h0m0s breached 0", "3h0m0s escalated 1", "4h0m0s escalated 2")
	s = climbing(t, sla.Ladder{breachStep, early, firstCall, late}, waits(0, 0), waits(0, 0), waits(0, 0))
	s.heard(day, "2h0m0s escalated 3", "3h0m0s breached 0")
}

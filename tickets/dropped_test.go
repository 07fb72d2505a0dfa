package tickets_test

import (
	"slices"
	"testing"
	"time"

	"gongdan/tickets"
)

// clocksOf are the running clocks of the story's ticket.
func (s *story) clocksOf() []tickets.ClockKind {
	var out []tickets.ClockKind
	for _, d := range s.ticket.Deadlines {
		if d.Running() {
			out = append(out, d.Kind)
		}
	}
	return out
}

// without removes a clock from the rule that binds the story's ticket, as a team's file does by off: true.
func (s *story) without(k tickets.ClockKind) {
	bound, _ := s.env.Policy.Explain(s.ticket)
	rules := slices.Clone(s.env.Policy.Rules)
	for i := range rules {
		if rules[i].Name == bound.Name {
			rules[i].Clocks = slices.DeleteFunc(slices.Clone(rules[i].Clocks), func(c tickets.ClockRule) bool { return c.Kind == k })
		}
	}
	s.env.Policy.Rules = rules
	s.env.Policy.Revision++
}

func TestClockEndsWithItsRule(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	s.when(on(23, 10, 10)).by(zhao, tickets.CmdNote) // so that the first response has come
	moved := func(c tickets.Command) []tickets.Event {
		t.Helper()
		r := s.do(c)
		if got := kinds(r.Events); !slices.Equal(got, []tickets.EventKind{tickets.EvType, tickets.EvMoved, tickets.EvMoved}) {
			t.Fatalf("%s led to %v, want two clocks moved", c.Type, got)
		}
		return r.Events[1:]
	}
	s.when(on(23, 11, 0))
	e := moved(tickets.Command{Kind: tickets.CmdType, Actor: li, Type: "ship_reminder"})
	if e := e[0]; e.Clock != tickets.ClockPlatform || e.From == "" || e.To != "" {
		t.Errorf("the platform's clock is gone: %+v", e)
	}
	if e := e[1]; e.Clock != tickets.ClockResolution || e.From != "" || e.To == "" {
		t.Errorf("the team's begins: %+v", e)
	}
	// Taken back, each goes on as if nothing had happened.
	s.when(on(23, 12, 0))
	e = moved(tickets.Command{Kind: tickets.CmdType, Actor: li, Type: "goods_return"})
	if e := e[0]; e.Clock != tickets.ClockPlatform || e.From != "" || !e.Due.Equal(on(24, 10, 0)) {
		t.Errorf("the platform's clock is back: %+v", e)
	}
	s.due(tickets.ClockPlatform, on(24, 10, 0))
	if got := s.clocksOf(); !slices.Equal(got, []tickets.ClockKind{tickets.ClockPlatform}) {
		t.Errorf("running: %v, want the platform's alone", got)
	}
	wantKinds(t, s.when(on(24, 10, 0)).wake(), tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated)
}

// TestClockSwitchedOff takes a clock out of the rules of open tickets and gives it back.
func TestClockSwitchedOff(t *testing.T) {
	t.Parallel()
	for _, k := range []tickets.ClockKind{tickets.ClockPlatform, tickets.ClockFirstResponse, tickets.ClockResolution} {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			s := since(t, on(23, 10, 0), func(d *tickets.Draft) {
				if k == tickets.ClockResolution {
					d.Origin, d.PlatformCreated = tickets.OriginInternal, time.Time{}
				}
			})
			rules, due := s.env.Policy.Rules, s.clock(k).Due
			s.when(on(23, 10, 5)).without(k)
			r := s.by(clock, tickets.CmdReplan)
			wantKinds(t, kinds(r.Events), tickets.EvMoved, tickets.EvReplanned)
			if s.by(clock, tickets.CmdReplan).Changed {
				t.Error("planned again, it changed again")
			}
			if d := s.clock(k); d.Running() || !d.Dropped || d.Late(s.env.Now) {
				t.Errorf("switched off: %+v", d)
			}
			s.env.Policy.Rules, s.env.Policy.Revision = rules, s.env.Policy.Revision+1
			r = s.by(clock, tickets.CmdReplan)
			wantKinds(t, kinds(r.Events), tickets.EvMoved, tickets.EvReplanned)
			if d := s.clock(k); !d.Running() || d.Dropped || !d.Due.Equal(due) {
				t.Errorf("switched on: %+v", d)
			}
		})
	}
}

// TestDroppedClockStaysSilent: neither reopening nor an answer brings back what no rule asks for.
func TestDroppedClockStaysSilent(t *testing.T) {
	t.Parallel()
	reopen := func(s *story) { s.by(li, tickets.CmdResolve); s.when(on(23, 12, 0)).by(li, tickets.CmdReopen) }
	tests := []struct {
		name string
		k    tickets.ClockKind
		do   func(*story)
	}{
		{"the platform's, reopened", tickets.ClockPlatform, func(s *story) { s.without(tickets.ClockPlatform); s.by(clock, tickets.CmdReplan); reopen(s) }},
		{"the platform's of a ticket that is internal now", tickets.ClockPlatform, func(s *story) {
			s.do(tickets.Command{Kind: tickets.CmdOrigin, Actor: li, Origin: tickets.OriginInternal})
			reopen(s)
		}},
		{"the platform's, internal since it was closed", tickets.ClockPlatform, func(s *story) {
			s.when(on(24, 10, 0)).wake() // after the escalation it may be closed without an answer
			s.by(li, tickets.CmdResolve)
			s.by(li, tickets.CmdClose)
			s.do(tickets.Command{Kind: tickets.CmdOrigin, Actor: li, Origin: tickets.OriginInternal})
			s.by(li, tickets.CmdReopen)
		}},
		{"the first response, answered meanwhile", tickets.ClockFirstResponse, func(s *story) {
			rules := s.env.Policy.Rules
			s.without(tickets.ClockFirstResponse)
			s.by(clock, tickets.CmdReplan)
			s.by(li, tickets.CmdNote)
			s.env.Policy.Rules, s.env.Policy.Revision = rules, 9
			s.by(clock, tickets.CmdReplan)
		}},
		{"the team's resolution, reopened", tickets.ClockResolution, func(s *story) {
			s.do(tickets.Command{Kind: tickets.CmdType, Actor: li, Type: "ship_reminder"})
			s.do(tickets.Command{Kind: tickets.CmdType, Actor: li, Type: "goods_return"})
			reopen(s)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := since(t, on(23, 10, 0), nil)
			tt.do(s.when(on(23, 11, 0)))
			if d := s.clock(tt.k); d.Running() {
				t.Errorf("%s runs: %+v", tt.k, d)
			}
		})
	}
}

// TestChangesWhileClosedCountOnceReopened: a closed ticket's clocks rest, and follow what it has become when it is opened again.
func TestChangesWhileClosedCountOnceReopened(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	s.env.Policy = urgentFaster()
	s.by(li, tickets.CmdResolve)
	s.by(li, tickets.CmdClose)
	s.do(tickets.Command{Kind: tickets.CmdSeverity, Actor: li, Severity: "urgent"})
	s.when(on(23, 12, 0)).by(li, tickets.CmdReopen)
	s.due(tickets.ClockResolution, on(23, 18, 0))
}

// TestDeadlineGivenAfterTheAnswer: what the back office shows counts however late somebody types it.
func TestDeadlineGivenAfterTheAnswer(t *testing.T) {
	t.Parallel()
	answered := func(t *testing.T, shown time.Time) *story {
		s := since(t, on(23, 8, 0), func(d *tickets.Draft) { d.BackOffice, d.PlatformCreated = shown, time.Time{} })
		s.when(on(23, 10, 0)).wake()
		s.when(on(23, 10, 30)).by(li, tickets.CmdAnswer)
		return s
	}
	tests := []struct {
		name         string
		shown        time.Time
		was          bool
		c            tickets.Command
		due          time.Time
		late, breach bool
	}{
		{"later than the answer", on(23, 10, 0), true, tickets.Command{Kind: tickets.CmdDue, DueFrom: tickets.DueBackOffice, At: on(23, 12, 0)}, on(23, 12, 0), false, false},
		{"still before it", on(23, 10, 0), true, tickets.Command{Kind: tickets.CmdDue, DueFrom: tickets.DueBackOffice, At: on(23, 10, 20)}, on(23, 10, 20), true, true},
		{"now before it", on(23, 12, 0), false, tickets.Command{Kind: tickets.CmdDue, DueFrom: tickets.DueBackOffice, At: on(23, 10, 20)}, on(23, 10, 20), true, false},
		{"with the origin", on(23, 10, 0), true, tickets.Command{Kind: tickets.CmdOrigin, Origin: tickets.OriginPlatform, BackOffice: on(23, 12, 0)}, on(23, 12, 0), false, false},
		{"by the platform's creation", time.Time{}, false, tickets.Command{Kind: tickets.CmdOrigin, Origin: tickets.OriginPlatform, PlatformCreated: on(22, 9, 0)}, on(23, 9, 0), true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := answered(t, tt.shown)
			if d := s.clock(tickets.ClockPlatform); d.Breached != tt.was {
				t.Fatalf("answered: %+v", d)
			}
			tt.c.Actor = li
			r := s.when(on(23, 10, 45)).do(tt.c)
			if last := r.Events[len(r.Events)-1]; last.Kind != tickets.EvMoved || last.Clock != tickets.ClockPlatform || !last.Due.Equal(tt.due) {
				t.Errorf("events = %+v, want the deadline moved", r.Events)
			}
			s.due(tickets.ClockPlatform, tt.due)
			d := s.clock(tickets.ClockPlatform)
			if d.Running() || !d.Stopped.Equal(on(23, 10, 30)) || d.Late(s.env.Now) != tt.late || d.Breached != tt.breach {
				t.Errorf("late %v: %+v", d.Late(s.env.Now), d)
			}
			wantKinds(t, s.when(on(23, 13, 0)).wake())
		})
	}
}

// TestRulesDoNotRewriteTheAnswered: neither another rule nor a new revision moves a deadline that was met.
func TestRulesDoNotRewriteTheAnswered(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.Facts.Platform = "douyin" })
	s.when(on(23, 13, 0)).by(li, tickets.CmdAnswer)
	wantKinds(t, kinds(s.do(tickets.Command{Kind: tickets.CmdType, Actor: li, Type: "high_risk"}).Events), tickets.EvType)
	s.due(tickets.ClockPlatform, on(24, 10, 0))
}

// TestGivenDeadlineIsAnnounced: a platform's deadline under a rule that has no platform clock climbs the usual ladder.
func TestGivenDeadlineIsAnnounced(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.Type, d.BackOffice = "ship_reminder", on(23, 14, 0) })
	s.by(zhao, tickets.CmdNote)
	s.wakes(on(23, 13, 30))
	wantKinds(t, s.when(on(23, 13, 30)).wake(), tickets.EvReminded)
	wantKinds(t, s.when(on(23, 14, 0)).wake(), tickets.EvBreached, tickets.EvEscalated)
	wantKinds(t, s.when(on(23, 14, 30)).wake(), tickets.EvReminded)
}

// TestWaitingWhileDropped: what a ticket waited while its clock was switched off counts when the clock is back, as far as the rule
// that is back pauses for it.
func TestWaitingWhileDropped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(*story)
		want time.Time
	}{
		{"nothing", func(*story) {}, on(25, 10, 0)},
		{"a while for the customer", func(s *story) {
			s.when(on(23, 12, 0)).do(waitFor("customer"))
			s.when(on(23, 14, 0)).by(li, tickets.CmdResume)
		}, on(25, 12, 0)},
		{"for two, one after the other", func(s *story) {
			s.when(on(23, 12, 0)).do(waitFor("customer"))
			s.when(on(23, 13, 0)).do(waitFor("courier"))
			s.when(on(23, 14, 0)).by(li, tickets.CmdResume)
		}, on(25, 12, 0)},
		{"for the warehouse, which is of the house", func(s *story) {
			s.when(on(23, 12, 0)).do(waitFor("warehouse"))
			s.when(on(23, 14, 0)).by(li, tickets.CmdResume)
		}, on(25, 10, 0)},
		{"still", func(s *story) {
			s.when(on(23, 12, 0)).do(waitFor("customer"))
		}, on(25, 14, 0)}, // it goes on at four
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := internal(t, on(23, 10, 0))
			rules := s.env.Policy.Rules
			s.when(on(23, 11, 0)).without(tickets.ClockResolution)
			s.by(clock, tickets.CmdReplan)
			tt.do(s)
			s.env.Policy.Rules, s.env.Policy.Revision = rules, s.env.Policy.Revision+1
			s.when(on(23, 16, 0)).by(clock, tickets.CmdReplan)
			s.due(tickets.ClockResolution, tt.want)
			d := s.clock(tickets.ClockResolution)
			if len(d.Waited) > 0 || d.Paused() != (s.ticket.Status == tickets.StatusWaiting) {
				t.Errorf("back again: %+v", d)
			}
			if s.ticket.Status == tickets.StatusWaiting {
				s.when(on(23, 17, 0)).by(li, tickets.CmdResume)
				s.due(tickets.ClockResolution, on(25, 15, 0))
			}
		})
	}
}

// TestWaitingGoesOnWhileDropped: a pause that had begun is earned without a gap.
func TestWaitingGoesOnWhileDropped(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	rules := s.env.Policy.Rules
	s.when(on(23, 11, 0)).do(waitFor("customer"))
	s.when(on(23, 12, 0)).without(tickets.ClockResolution)
	s.by(clock, tickets.CmdReplan)
	s.env.Policy.Rules, s.env.Policy.Revision = rules, s.env.Policy.Revision+1
	s.when(on(23, 13, 0)).by(clock, tickets.CmdReplan)
	s.when(on(23, 14, 0)).by(li, tickets.CmdResume)
	s.due(tickets.ClockResolution, on(25, 13, 0))
}

// TestManyWaitsWhileDropped: however often a ticket waits while its clock is switched off, for whomever in turn, none of it is lost; a
// moment between two waits may be added.
func TestManyWaitsWhileDropped(t *testing.T) {
	t.Parallel()
	for _, parties := range [][]tickets.Party{{"customer"}, {"customer", "warehouse"}, {"customer", "courier", "warehouse"}} {
		s := internal(t, on(23, 10, 0))
		rules := s.env.Policy.Rules
		s.when(on(23, 11, 0)).without(tickets.ClockResolution)
		s.by(clock, tickets.CmdReplan)
		earned, at := time.Duration(0), on(23, 11, 0)
		for i := range 120 {
			party := parties[i%len(parties)]
			s.when(at).do(waitFor(party))
			s.when(at.Add(3*time.Minute)).by(li, tickets.CmdResume)
			if party != "warehouse" {
				earned += 3 * time.Minute
			}
			at = at.Add(4 * time.Minute)
		}
		if d := s.clock(tickets.ClockResolution); len(d.Waited) > 40 {
			t.Errorf("%v: %d waits are kept", parties, len(d.Waited))
		}
		s.env.Policy.Rules, s.env.Policy.Revision = rules, s.env.Policy.Revision+1
		s.when(at).by(clock, tickets.CmdReplan)
		due, all := s.clock(tickets.ClockResolution).Due, 480*time.Minute
		if soonest := on(25, 10, 0).Add(earned); due.Before(soonest) || due.After(soonest.Add(all-earned)) {
			t.Errorf("%v: due %v, want from %v to %v", parties, due, soonest, soonest.Add(all-earned))
		}
	}
}

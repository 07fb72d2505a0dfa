package tickets_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

func waitFor(p tickets.Party) tickets.Command {
	return tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: p}
}

// internal is a ticket of the team's own, claimed and answered at once.
func internal(t *testing.T, at time.Time) *story {
	s := since(t, at, func(d *tickets.Draft) { d.Origin, d.PlatformCreated = tickets.OriginInternal, time.Time{} })
	s.by(li, tickets.CmdClaim)
	s.by(li, tickets.CmdNote)
	return s
}

func TestResolutionPausesWithTheStatus(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		pause  func(*story)
		end    func(*story)
		paused bool
	}{
		{"waiting for the customer", func(s *story) { s.do(waitFor("customer")) }, func(s *story) { s.by(li, tickets.CmdResume) }, true},
		{"waiting for the merchant, who answers", func(s *story) { s.do(waitFor("merchant")) }, func(s *story) { s.by(shop, tickets.CmdNote) }, true},
		{"sent back and completed", func(s *story) { s.by(li, tickets.CmdSendBack) }, func(s *story) { s.by(asker, tickets.CmdNote) }, true},
		{"the courier, then the platform", func(s *story) { s.do(waitFor("courier")); s.do(waitFor("platform")) }, func(s *story) { s.by(li, tickets.CmdClaim) }, true},
		{"the warehouse is of the house", func(s *story) { s.do(waitFor("warehouse")) }, func(s *story) { s.by(li, tickets.CmdResume) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := internal(t, on(23, 10, 0))
			s.due(tickets.ClockResolution, on(25, 10, 0))
			tt.pause(s.when(on(23, 19, 0)))
			d := s.clock(tickets.ClockResolution)
			if d.Paused() != tt.paused || d.Late(on(30, 0, 0)) == tt.paused {
				t.Errorf("paused = %v, late one day = %v: %+v", d.Paused(), d.Late(on(30, 0, 0)), d)
			}
			if tt.paused {
				s.wakes(time.Time{}) // no mark while it pauses
				if due := s.ticket.NextDue(); !due.IsZero() {
					t.Errorf("NextDue of a ticket whose clock pauses = %v", due)
				}
			}
			tt.end(s.when(on(24, 11, 0)))
			want, version := on(25, 10, 0), 1
			if tt.paused {
				want, version = on(25, 14, 0), 2 // two hours of the evening, two of the morning; the night counts for nothing
			}
			s.due(tickets.ClockResolution, want)
			if d := s.clock(tickets.ClockResolution); d.Paused() || d.Version != version {
				t.Errorf("after the pause: %+v", d)
			}
			last := s.events[len(s.events)-1]
			if said := last.Kind == tickets.EvMoved && last.From == "2026-11-25T02:00:00Z" && last.To == "2026-11-25T06:00:00Z"; said != tt.paused {
				t.Errorf("last event = %+v", last)
			}
		})
	}
}

func TestPausesAreKept(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	s.when(on(23, 11, 0)).do(waitFor("courier"))
	s.when(on(23, 12, 0)).by(li, tickets.CmdResume)
	s.due(tickets.ClockResolution, on(25, 11, 0))
	// The same rule with another length and without pauses: the hour stays earned.
	i := len(s.env.Policy.Rules) - 1
	s.env.Policy.Rules[i].Clocks[1].Duration, s.env.Policy.Rules[i].Clocks[1].PauseOn = 12*time.Hour, nil
	s.env.Policy.Revision = 2
	s.when(on(23, 13, 0)).by(clock, tickets.CmdReplan)
	s.due(tickets.ClockResolution, on(24, 11, 0))
	// Nor is it lost by a rule of another clock.
	s.env.Policy.Rules[i].Clocks[1].Clock = sla.CalendarTime
	s.env.Policy.Revision = 3
	s.by(clock, tickets.CmdReplan)
	s.due(tickets.ClockResolution, on(23, 23, 0))

	resolved := internal(t, on(23, 10, 0))
	resolved.when(on(23, 11, 0)).do(waitFor("customer"))
	resolved.when(on(30, 11, 0)).by(li, tickets.CmdResolve)
	if d := resolved.clock(tickets.ClockResolution); d.Paused() || d.Late(on(30, 11, 0)) || d.Breached {
		t.Errorf("resolved after a week of waiting: %+v, want in time", d)
	}
	resolved.by(li, tickets.CmdReopen)
	if d := resolved.clock(tickets.ClockResolution); len(d.Pauses) > 0 || !d.Start.Equal(on(30, 11, 0)) {
		t.Errorf("reopened: %+v, want a start from nothing", d)
	}
}

func TestPromiseWaitsForNobody(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	s.when(on(23, 11, 0)).do(waitFor("customer"))
	s.when(on(23, 12, 0)).do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: on(24, 12, 0)})
	if d := s.clock(tickets.ClockResolution); d.Paused() || !d.Due.Equal(on(24, 12, 0)) || !d.Fixed {
		t.Errorf("promised: %+v", d)
	}
	s.when(on(23, 18, 0)).by(li, tickets.CmdResume)
	s.due(tickets.ClockResolution, on(24, 12, 0))
	s.wakes(on(24, 11, 50))
	s.refused(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: on(24, 12, 0)}, tickets.ReasonAlready)
	s.refused(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: on(23, 18, 0)}, tickets.ReasonPassed)
	s.refused(tickets.Command{Kind: tickets.CmdPromise, Actor: li}, tickets.ReasonMissing)
	s.by(li, tickets.CmdResolve)
	s.when(on(25, 9, 0)).by(li, tickets.CmdReopen)
	s.due(tickets.ClockResolution, on(26, 21, 0)) // the promise was of the first time
}

func TestManyPausesStayBounded(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	last := s.clock(tickets.ClockResolution).Due
	for range 300 {
		s.when(s.env.Now.Add(time.Minute)).do(waitFor("customer"))
		s.when(s.env.Now.Add(time.Minute)).by(li, tickets.CmdResume)
		d := s.clock(tickets.ClockResolution)
		if d.Due.Before(last) {
			t.Fatalf("a pause moved the deadline back from %v to %v", last, d.Due)
		}
		last = d.Due
	}
	s.do(waitFor("customer"))
	s.by(li, tickets.CmdResume) // of no length
	if n := len(s.clock(tickets.ClockResolution).Pauses); n > 40 {
		t.Errorf("%d pauses are kept", n)
	}
}

// TestPausesOnlyGiveTime compares any sequence of waiting and going on with the same clock without it, and with the count by the
// calendar itself.
func TestPausesOnlyGiveTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		p := tickets.DefaultPolicy()
		c := &p.Rules[len(p.Rules)-1].Clocks[1]
		c.Clock = rapid.SampledFrom([]sla.Clock{sla.CalendarTime, sla.WorkingTime, sla.DeferredTime}).Draw(r, "clock")
		c.Duration = time.Duration(rapid.IntRange(1, 72*60).Draw(r, "minutes")) * time.Minute
		s := &story{t: t, env: tickets.Env{Now: noon, Policy: p}}
		s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, s.env))
		last := s.clock(tickets.ClockResolution).Due
		var pauses []sla.Pause
		for range rapid.IntRange(1, 12).Draw(r, "pauses") {
			step := func() time.Time {
				return s.env.Now.Add(time.Duration(rapid.IntRange(1, 30*60).Draw(r, "step")) * time.Minute)
			}
			from := step()
			s.when(from).do(waitFor("courier"))
			s.when(step()).by(li, tickets.CmdResume)
			pauses = append(pauses, sla.Pause{From: from, To: s.env.Now})
			d := s.clock(tickets.ClockResolution)
			want, err := c.Calendar.Add(c.Clock, noon, c.Duration, pauses...)
			if err != nil || !d.Due.Equal(want) && (c.Clock != sla.DeferredTime || d.Due.Before(want)) {
				r.Fatalf("due %v after %v, want %v (%v)", d.Due, pauses, want, err)
			}
			if d.Due.Before(last) {
				r.Fatalf("the pause %v moved the deadline from %v back to %v", pauses[len(pauses)-1], last, d.Due)
			}
			last = d.Due
			again := s.by(clock, tickets.CmdReplan) // counting twice is counting once
			if again.Changed {
				r.Fatalf("counted again: %v", kinds(again.Events))
			}
		}
	})
}

// TestDocumentsOfSchema1 reads what the first release stored and goes on with it.
func TestDocumentsOfSchema1(t *testing.T) {
	t.Parallel()
	old := `{"schema":1,"id":"t1","workspace":"W","number":7,"version":3,"status":"waiting","waiting":"customer","type":"refund","severity":"normal",` +
		`"origin":"platform","facts":{"platform":"tmall"},"source":{"kind":"message","channel":"C1","ts":"1.1"},"requester":"UASK","assignee":"ULI",` +
		`"deadlines":[{"kind":"platform","start":"2026-11-22T04:00:00Z","due":"2026-11-23T04:00:00Z","version":1,"fired":["remind_30m"],"rule":"tmall_coop"},` +
		`{"kind":"first_response","start":"2026-11-22T04:00:00Z","due":"2026-11-22T04:30:00Z","version":1,"acked_by":"UWANG","acked_at":"2026-11-22T04:25:00Z","rule":"gone"}],` +
		`"created":"2026-11-22T04:00:00Z","updated":"2026-11-22T04:01:00Z","wake":"2026-11-23T04:00:00Z"}`
	var tk tickets.Ticket
	if err := json.Unmarshal([]byte(old), &tk); err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, env: tickets.Env{Now: noon.Add(day), Policy: tickets.DefaultPolicy()}, ticket: tk}
	wantKinds(t, s.wake(), tickets.EvReplanned, tickets.EvLapsed, tickets.EvBreached, tickets.EvEscalated, tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated)
	s.by(li, tickets.CmdResume)
	if s.ticket.Schema != tickets.Schema {
		t.Errorf("stored again as schema %d", s.ticket.Schema)
	}
	b, err := json.Marshal(s.ticket)
	if err != nil {
		t.Fatal(err)
	}
	var back tickets.Ticket
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.ticket, back); diff != "" {
		t.Errorf("round trip (-want +got):\n%s", diff)
	}
}

// TestPauseOutlivesItsRule: the team's file drops the clock while it pauses. What is left of its time stays.
func TestPauseOutlivesItsRule(t *testing.T) {
	t.Parallel()
	dropped := func() *story {
		s := internal(t, on(23, 10, 0))
		s.when(on(23, 12, 0)).do(waitFor("customer"))
		rule := &s.env.Policy.Rules[len(s.env.Policy.Rules)-1]
		rule.Clocks = rule.Clocks[:1]
		s.env.Policy.Revision = 2
		return s
	}
	tests := []struct {
		name string
		end  func(*story)
		want time.Time
	}{
		{"planned again", func(s *story) { s.by(clock, tickets.CmdReplan) }, on(25, 11, 0)},
		{"resumed", func(s *story) { s.by(li, tickets.CmdResume) }, on(25, 11, 0)},
		{"resolved", func(s *story) { s.by(li, tickets.CmdResolve) }, on(25, 11, 0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := dropped().when(on(23, 13, 0))
			tt.end(s)
			s.due(tickets.ClockResolution, tt.want)
			if d := s.clock(tickets.ClockResolution); d.Paused() || d.Breached || d.Late(s.env.Now) {
				t.Errorf("after the pause: %+v", d)
			}
			wantKinds(t, s.wake())
		})
	}
}

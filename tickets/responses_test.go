package tickets_test

import (
	"testing"
	"time"

	"gongdan/tickets"
)

// talkative is the default policy with a next response in half an hour and an update every four hours.
func talkative() tickets.Policy {
	p := tickets.DefaultPolicy()
	for i := range p.Rules {
		like := p.Rules[i].Clocks[len(p.Rules[i].Clocks)-1]
		like.PauseOn = nil
		next, update := like, like
		next.Kind, next.Duration = tickets.ClockNextResponse, 30*time.Minute
		update.Kind, update.Duration = tickets.ClockNextUpdate, 4*time.Hour
		p.Rules[i].Clocks = append(p.Rules[i].Clocks, next, update)
	}
	return p
}

// answered is an internal ticket of the talkative policy, opened at 10:00 and answered by its assignee at 10:05.
func answered(t *testing.T) *story {
	t.Helper()
	s := &story{t: t, env: tickets.Env{Now: on(23, 10, 0), Policy: talkative()}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, s.env))
	s.by(li, tickets.CmdClaim)
	s.when(on(23, 10, 5)).by(li, tickets.CmdNote)
	if _, ok := s.ticket.Deadline(tickets.ClockNextResponse); ok {
		t.Error("the next response runs though nobody has asked again")
	}
	return s
}

func TestNextResponse(t *testing.T) {
	t.Parallel()
	heard := func(who tickets.Actor, from tickets.Party) tickets.Command {
		c := full(tickets.CmdNote, who)
		c.Heard = from
		return c
	}
	tests := []struct {
		name string
		do   tickets.Command
		runs bool
	}{
		{"the requester writes", full(tickets.CmdNote, asker), true},
		{"the merchant sends a file", full(tickets.CmdAttach, shop), true},
		{"the merchant urges", full(tickets.CmdUrge, shop), true},
		{"买家又问", heard(li, tickets.PartyCustomer), true},
		{"仓库回了", heard(li, tickets.PartyWarehouse), false},
		{"a stranger says that the customer asked", heard(tickets.Actor{ID: "UX", Role: tickets.RoleNone}, tickets.PartyCustomer), false},
		{"a colleague writes", full(tickets.CmdNote, zhao), false},
		{"a supervisor urges", full(tickets.CmdUrge, wang), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := answered(t)
			r := s.when(on(23, 11, 0)).do(tt.do)
			d, ok := s.ticket.Deadline(tickets.ClockNextResponse)
			if ok != tt.runs {
				t.Fatalf("next response = %+v, want one = %v", d, tt.runs)
			}
			if !tt.runs {
				return
			}
			s.due(tickets.ClockNextResponse, on(23, 11, 30))
			if e := r.Events[len(r.Events)-1]; tt.do.Heard == "" && (e.Kind != tickets.EvRestarted || e.Clock != tickets.ClockNextResponse || !e.Due.Equal(on(23, 11, 30))) {
				t.Errorf("last event = %+v", e)
			}
			wantKinds(t, s.when(on(23, 11, 20)).wake(), tickets.EvReminded)
			s.when(on(23, 11, 25)).by(asker, tickets.CmdNote) // and again: it restarts
			s.due(tickets.ClockNextResponse, on(23, 11, 55))
			wantKinds(t, s.when(on(23, 11, 45)).wake(), tickets.EvReminded)
			s.when(on(23, 11, 50)).by(li, tickets.CmdNote)
			if s.clock(tickets.ClockNextResponse).Running() {
				t.Error("the answer does not stop it")
			}
			s.by(asker, tickets.CmdNote)
			s.when(on(23, 12, 0)).by(li, tickets.CmdResolve)
			s.when(on(23, 12, 1)).by(asker, tickets.CmdNote) // they have the last word
			if d := s.clock(tickets.ClockNextResponse); d.Running() || !d.Stopped.Equal(on(23, 12, 0)) {
				t.Errorf("after the resolution: %+v", d)
			}
		})
	}
}

func TestNextResponseWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	s := &story{t: t, env: tickets.Env{Now: on(23, 10, 0), Policy: talkative()}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, s.env))
	s.when(on(23, 10, 1)).by(asker, tickets.CmdNote)
	s.by(shop, tickets.CmdUrge)
	if d, ok := s.ticket.Deadline(tickets.ClockNextResponse); ok {
		t.Errorf("two clocks run for one answer: %+v", d)
	}
	s.due(tickets.ClockFirstResponse, on(23, 10, 30))
}

func TestNextUpdate(t *testing.T) {
	t.Parallel()
	s := answered(t)
	s.due(tickets.ClockNextUpdate, on(23, 14, 5))
	s.when(on(23, 11, 0)).by(asker, tickets.CmdNote) // not the team's word
	s.due(tickets.ClockNextUpdate, on(23, 14, 5))
	s.when(on(23, 12, 0)).by(zhao, tickets.CmdNote)
	s.due(tickets.ClockNextUpdate, on(23, 16, 0))
	s.when(on(23, 13, 0)).do(waitFor("warehouse"))
	s.due(tickets.ClockNextUpdate, on(23, 17, 0))
	wantKinds(t, s.when(on(23, 16, 50)).wake(), tickets.EvReminded)
	wantKinds(t, s.when(on(23, 17, 0)).wake(), tickets.EvBreached)
	s.when(on(23, 17, 2)).by(li, tickets.CmdNote)
	if d := s.clock(tickets.ClockNextUpdate); d.Breached || len(d.Fired) > 0 || !d.Due.Equal(on(24, 9, 2)) {
		t.Errorf("after the late update: %+v", d)
	}
	s.by(li, tickets.CmdResolve)
	if s.clock(tickets.ClockNextUpdate).Running() {
		t.Error("it runs on a resolved ticket")
	}
}

// Who only asks how it goes has answered nobody, whoever of the team it is.
func TestAskingIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, who := range []tickets.Actor{li, zhao, wang} {
		s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.Origin = tickets.OriginInternal })
		s.by(li, tickets.CmdClaim)
		c := full(tickets.CmdNote, who)
		c.Asks = true
		s.when(on(23, 10, 5)).do(c)
		if !s.clock(tickets.ClockFirstResponse).Running() || !s.ticket.Responded.IsZero() {
			t.Errorf("%s asked how it goes: the first response has stopped", who.ID)
		}
		c.Asks = false
		s.when(on(23, 10, 6)).do(c)
		if s.clock(tickets.ClockFirstResponse).Running() {
			t.Errorf("%s answered: the first response runs on", who.ID)
		}
	}
}

func TestWaitingEndsByItself(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		party tickets.Party
		who   tickets.Actor
		heard tickets.Party
		ends  bool
	}{
		{"the warehouse answered, a colleague notes", "warehouse", zhao, "warehouse", true},
		{"the courier answered, the assignee notes", "courier", li, "courier", true},
		{"the customer asked again", "customer", li, "customer", true},
		{"somebody else answered", "courier", li, "warehouse", false},
		{"an ordinary note", "courier", li, "", false},
		{"a stranger says so", "courier", tickets.Actor{ID: "UX", Role: tickets.RoleNone}, "courier", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := answered(t)
			s.do(waitFor(tt.party))
			c := full(tickets.CmdNote, tt.who)
			c.Heard = tt.heard
			r := s.do(c)
			resumed := false
			for _, e := range r.Events {
				resumed = resumed || e.Kind == tickets.EvResumed && e.From == string(tt.party) && e.By == tt.who.ID
			}
			if resumed != tt.ends || (s.ticket.Status == tickets.StatusInProgress) != tt.ends {
				t.Errorf("status = %s, events = %v, want the waiting to end = %v", s.ticket.Status, kinds(r.Events), tt.ends)
			}
		})
	}
}

func TestOwnTicketHasNobodyToAnswer(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.Origin, d.Requester = tickets.OriginInternal, li.ID })
	wantKinds(t, s.when(on(23, 10, 20)).wake(), tickets.EvReminded) // nobody has it yet
	s.when(on(23, 10, 21)).by(li, tickets.CmdClaim)
	if d := s.clock(tickets.ClockFirstResponse); d.Running() || d.Late(s.env.Now) || !s.ticket.Responded.IsZero() {
		t.Errorf("claimed by who opened it: %+v", d)
	}
	other := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.Origin, d.Requester = tickets.OriginInternal, li.ID })
	other.by(zhao, tickets.CmdClaim)
	if !other.clock(tickets.ClockFirstResponse).Running() {
		t.Error("claiming is no answer to a colleague")
	}
	other.by(zhao, tickets.CmdSendBack) // a question is one
	if other.clock(tickets.ClockFirstResponse).Running() {
		t.Error("sent back, and still to be answered")
	}
}

func TestAnswerOfThePlatformCanBeTheEarlierResponse(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	s.when(on(23, 10, 30)).wake()
	s.when(on(23, 10, 50)).by(zhao, tickets.CmdNote)
	if d := s.clock(tickets.ClockFirstResponse); !d.Breached || !d.Late(s.env.Now) {
		t.Fatalf("first response = %+v, want late", d)
	}
	s.do(tickets.Command{Kind: tickets.CmdAnswer, Actor: li, At: on(23, 10, 10)})
	if d := s.clock(tickets.ClockFirstResponse); d.Breached || d.Late(s.env.Now) || !s.ticket.Responded.Equal(on(23, 10, 10)) {
		t.Errorf("first response = %+v, want in time by the answer on the platform", d)
	}
}

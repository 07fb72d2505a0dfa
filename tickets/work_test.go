package tickets_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	d := draft()
	d.Type, d.Assignee = "", li.ID
	s := tell(t, d)
	s.status(tickets.StatusAssigned)
	if got := s.ticket; got.Version != 1 || got.Schema != tickets.Schema || got.Type != "other" ||
		got.Severity != tickets.SeverityNormal || got.Origin != tickets.OriginInternal || !got.Created.Equal(noon) {
		t.Errorf("created ticket = %+v", got)
	}
	want := []tickets.Event{
		{Kind: tickets.EvCreated, At: noon, Version: 1, Cause: "c0", By: asker.ID, Message: tickets.Message{Channel: "C1", TS: "1.1"}},
		{Kind: tickets.EvAssigned, At: noon, Version: 1, Cause: "c0", By: asker.ID, To: string(li.ID)},
	}
	if diff := cmp.Diff(want, s.events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestCreateRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*tickets.Command)
		want   tickets.Reason
	}{
		{"no draft", func(c *tickets.Command) { c.Draft = nil }, tickets.ReasonMissing},
		{"no workspace", func(c *tickets.Command) { c.Draft.Workspace = "" }, tickets.ReasonMissing},
		{"no id", func(c *tickets.Command) { c.Draft.ID = "" }, tickets.ReasonMissing},
		{"no number", func(c *tickets.Command) { c.Draft.Number = 0 }, tickets.ReasonMissing},
		{"strange origin", func(c *tickets.Command) { c.Draft.Origin = "mars" }, tickets.ReasonBadValue},
		{"strange severity", func(c *tickets.Command) { c.Draft.Severity = "huge" }, tickets.ReasonBadValue},
		{"no role", func(c *tickets.Command) { c.Actor.Role = "" }, tickets.ReasonNotPermitted},
		{"no such command", func(c *tickets.Command) { c.Kind = "explode" }, tickets.ReasonBadValue},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}
			tt.change(&c)
			r, err := tickets.Apply(nil, c, tickets.Env{Now: noon})
			refusal, ok := err.(*tickets.Refusal)
			if !ok || refusal.Reason != tt.want || r.Changed {
				t.Errorf("Apply = %+v, %v, want refusal %s", r, err, tt.want)
			}
		})
	}
	if _, err := tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, tickets.Env{}); err == nil {
		t.Error("Apply without a time succeeded")
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	wantKinds(t, kinds(s.by(li, tickets.CmdClaim).Events), tickets.EvAssigned, tickets.EvStarted)
	if s.ticket.Assignee != li.ID || !s.ticket.Started.Equal(noon) {
		t.Errorf("claimed ticket = %+v", s.ticket)
	}
	s.refused(full(tickets.CmdClaim, li), tickets.ReasonAlready)
	if r := s.refused(full(tickets.CmdClaim, zhao), tickets.ReasonTaken); r.Detail != string(li.ID) {
		t.Errorf("taken by %q, want %q", r.Detail, li.ID)
	}
	wantKinds(t, kinds(s.by(wang, tickets.CmdClaim).Events), tickets.EvAssigned)

	s.by(wang, tickets.CmdWait)
	s.refused(full(tickets.CmdClaim, zhao), tickets.ReasonTaken)
	wantKinds(t, kinds(s.by(wang, tickets.CmdClaim).Events), tickets.EvResumed)
	s.status(tickets.StatusInProgress)
	if s.ticket.Waiting != tickets.PartyNone {
		t.Errorf("still waiting for %s", s.ticket.Waiting)
	}
}

func TestClaimOfAnAssignedTicketReassigns(t *testing.T) {
	t.Parallel()
	d := draft()
	d.Assignee = li.ID
	s := tell(t, d)
	r := s.by(zhao, tickets.CmdClaim)
	wantKinds(t, kinds(r.Events), tickets.EvAssigned, tickets.EvStarted)
	if e := r.Events[0]; e.From != string(li.ID) || e.To != string(zhao.ID) {
		t.Errorf("assigned from %q to %q", e.From, e.To)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	to := func(who tickets.Actor, id tickets.UserID) tickets.Command {
		return tickets.Command{Kind: tickets.CmdAssign, Actor: who, Assignee: id}
	}
	s := tell(t, draft())
	s.refused(to(li, ""), tickets.ReasonMissing)
	s.do(to(li, zhao.ID))
	s.status(tickets.StatusAssigned)
	s.refused(to(li, zhao.ID), tickets.ReasonAlready)
	s.do(to(li, li.ID)) // nobody has started yet
	s.by(li, tickets.CmdClaim)
	s.refused(to(zhao, zhao.ID), tickets.ReasonTaken)
	s.do(to(li, zhao.ID)) // handed over by the assignee
	s.status(tickets.StatusInProgress)
	s.do(to(wang, li.ID))
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	wait := func(p tickets.Party) tickets.Command {
		return tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: p}
	}
	note := func(who tickets.Actor) tickets.Command { return full(tickets.CmdNote, who) }
	tests := []struct {
		name  string
		party tickets.Party
		who   tickets.Actor
		own   bool // the requester is the assignee
		ends  bool
	}{
		{"merchant awaited, merchant writes", tickets.PartyMerchant, shop, false, true},
		{"merchant awaited, requester writes", tickets.PartyMerchant, asker, false, true},
		{"merchant awaited, another agent writes", tickets.PartyMerchant, zhao, false, false},
		{"merchant awaited, the agent who opened it remarks", tickets.PartyMerchant, li, true, false},
		{"merchant awaited, a merchant of another shop writes", tickets.PartyMerchant, tickets.Actor{ID: "UX", Role: tickets.RoleMerchant}, false, false},
		{"courier awaited, merchant writes", tickets.PartyCourier, shop, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, draft())
			if tt.own {
				s.ticket.Requester = li.ID
			}
			s.by(li, tickets.CmdClaim)
			s.do(wait(tt.party))
			s.do(note(tt.who))
			want := tickets.StatusWaiting
			if tt.ends {
				want = tickets.StatusInProgress
			}
			s.status(want)
			if (s.ticket.Waiting == "") != tt.ends {
				t.Errorf("Waiting = %q", s.ticket.Waiting)
			}
		})
	}

	s := tell(t, draft())
	s.refused(wait(""), tickets.ReasonMissing)
	s.refused(wait("godot"), tickets.ReasonBadValue)
	s.do(wait(tickets.PartyCourier))
	s.refused(wait(tickets.PartyCourier), tickets.ReasonAlready)
	s.do(wait(tickets.PartyWarehouse))
	s.by(li, tickets.CmdResume)
	s.status(tickets.StatusNew) // nobody has it
}

func TestMissingInformation(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.do(tickets.Command{Kind: tickets.CmdSendBack, Actor: li, Reason: "缺截图"})
	s.by(zhao, tickets.CmdNote)
	s.status(tickets.StatusNeedsInfo)
	wantKinds(t, kinds(s.by(asker, tickets.CmdAttach).Events), tickets.EvAttached, tickets.EvCompleted)
	s.status(tickets.StatusNew)
	s.do(tickets.Command{Kind: tickets.CmdAssign, Actor: li, Assignee: li.ID})
	s.by(li, tickets.CmdSendBack)
	s.by(shop, tickets.CmdComplete)
	s.status(tickets.StatusAssigned)
}

func TestUrgeLimit(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.at(5*time.Minute).by(shop, tickets.CmdUrge)
	s.at(20*time.Minute - time.Second)
	if r := s.refused(full(tickets.CmdUrge, li), tickets.ReasonTooSoon); r.Detail != "2026-11-22T12:20:00+08:00" {
		t.Errorf("urging works again at %s", r.Detail)
	}
	s.at(20*time.Minute).by(li, tickets.CmdUrge)
}

func TestAmend(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	person := tickets.Command{Kind: tickets.CmdAmend, Actor: li, Type: "exchange", Facts: tickets.Facts{
		Shop: "别家", Platform: "jd", Waybill: " SF1 ", Orders: []string{"2024112233445566778", "2", "", "2"}}}
	r := s.do(person)
	if want := "waybill,orders,type"; r.Events[0].To != want {
		t.Errorf("amended %q, want %q", r.Events[0].To, want)
	}
	want := tickets.Facts{Shop: "青禾", Platform: "tmall", Orders: []string{"2024112233445566778", "2"}, Waybill: "SF1"}
	if diff := cmp.Diff(want, s.ticket.Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	s.refused(person, tickets.ReasonAlready)
	s.refused(tickets.Command{Kind: tickets.CmdAmend, Actor: li, Origin: "mars"}, tickets.ReasonBadValue)
	s.refused(tickets.Command{Kind: tickets.CmdAmend, Actor: li, PlatformCreated: noon.Add(1e9)}, tickets.ReasonFuture)

	machine := tickets.Command{Kind: tickets.CmdAmend, Actor: clock, Type: "repair"}
	if s.do(machine).Changed {
		t.Error("a machine changed the type that a person had set")
	}
	s.ticket.Type = "other"
	if !s.do(machine).Changed || s.ticket.Type != "repair" {
		t.Error("a machine's answer did not name the type")
	}
	have := s.ticket.Facts
	s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: clock, Was: have, Facts: tickets.Facts{Waybill: "SF2"}})
	if diff := cmp.Diff(have, s.ticket.Facts); diff != "" {
		t.Errorf("a machine corrected numbers (-want +got):\n%s", diff)
	}
}

func TestNoteFillsFacts(t *testing.T) {
	t.Parallel()
	d := platformDraft()
	d.Facts = tickets.Facts{}
	s := tell(t, d)
	c := full(tickets.CmdNote, asker)
	c.Facts = tickets.Facts{Platform: "douyin", Shop: "青禾"}
	wantKinds(t, kinds(s.do(c).Events), tickets.EvNoted, tickets.EvAmended)
	if got := s.clock(tickets.ClockPlatform); got.Rule != "doudian_request" || got.Version != 1 {
		t.Errorf("platform clock = %+v, want the marketplace's rule, not moved", got)
	}
}

func TestEditsAndDeletions(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	edit := full(tickets.CmdEdited, asker)
	s.do(edit)
	if s.ticket.Source.Text != edit.Message.Text || !s.ticket.Source.Edited {
		t.Errorf("source = %+v", s.ticket.Source)
	}
	if s.do(edit).Changed {
		t.Error("the same edit changed the ticket again")
	}
	edit.Message.TS = "3.3"
	if s.do(edit); s.ticket.Source.Text != full(tickets.CmdEdited, asker).Message.Text {
		t.Error("the edit of a reply changed the source")
	}
	s.by(asker, tickets.CmdDeleted)
	if !s.ticket.Source.Deleted || s.ticket.Source.Text == "" || !s.ticket.Status.Open() {
		t.Errorf("ticket after its message was deleted = %+v", s.ticket)
	}
	if s.by(asker, tickets.CmdDeleted).Changed {
		t.Error("the same deletion changed the ticket again")
	}
}

func TestPosted(t *testing.T) {
	t.Parallel()
	d := draft()
	d.Source = tickets.Source{Kind: "command"}
	s := tell(t, d)
	c := full(tickets.CmdPosted, clock)
	c.Message.Channel = "C7"
	s.do(c)
	if s.ticket.Source.Thread != "9.9" || s.ticket.Source.Channel != "C7" {
		t.Errorf("source = %+v", s.ticket.Source)
	}
	if s.do(c).Changed {
		t.Error("the same posting changed the ticket again")
	}
	c.Thread = "9.10"
	s.refused(c, tickets.ReasonAlready)
	c.Thread = ""
	s.refused(c, tickets.ReasonMissing)
}

func TestUnsaid(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	r := s.do(tickets.Command{Kind: tickets.CmdUnsaid, Actor: clock, Clock: tickets.ClockResolution, Reason: "reminder: stopped"})
	want := []tickets.Event{{Kind: tickets.EvUnsaid, At: noon, Version: 2, Clock: tickets.ClockResolution, Reason: "reminder: stopped"}}
	if diff := cmp.Diff(want, r.Events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEmptyWordsAreRefused(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.refused(tickets.Command{Kind: tickets.CmdNote, Actor: li, Message: tickets.Message{TS: "1.2", Text: "\x00\a"}}, tickets.ReasonMissing)
	s.refused(tickets.Command{Kind: tickets.CmdAttach, Actor: li, Message: tickets.Message{TS: "1.2", Text: "见附件"}}, tickets.ReasonMissing)
}

// TestResolveAnothersTicket resolves a ticket that somebody works on: that person and supervisors do, and it lies open to all
// while nobody does.
func TestResolveAnothersTicket(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.by(li, tickets.CmdClaim)
	if r := s.refused(full(tickets.CmdResolve, zhao), tickets.ReasonTaken); r.Detail != string(li.ID) {
		t.Errorf("detail = %q, want %q", r.Detail, li.ID)
	}
	s.do(full(tickets.CmdWait, li))
	s.refused(full(tickets.CmdResolve, zhao), tickets.ReasonTaken)
	s.do(full(tickets.CmdResolve, wang))
	s.status(tickets.StatusResolved)
	free := tell(t, draft())
	free.do(full(tickets.CmdResolve, zhao))
	free.status(tickets.StatusResolved)
}

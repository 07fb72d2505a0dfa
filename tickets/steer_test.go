package tickets_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// urgentFaster is the default policy with a resolution of six hours for urgent tickets and of three for VIPs.
func urgentFaster() tickets.Policy {
	p := tickets.DefaultPolicy()
	faster := func(name string, m tickets.Match, d time.Duration) tickets.Rule {
		r := tickets.DefaultPolicy().Rules[len(p.Rules)-1]
		r.Name, r.Match, r.Clocks[1].Duration = name, m, d
		return r
	}
	m := tickets.Match{Origins: []tickets.Origin{tickets.OriginInternal}}
	vip, urgent, repair := m, m, m
	vip.Tags, urgent.Severities, repair.Types = []string{"VIP"}, []tickets.Severity{"urgent"}, []tickets.Type{"repair"}
	p.Rules = slices.Insert(p.Rules, 0, faster("vip", vip, 3*time.Hour), faster("urgent", urgent, 6*time.Hour), faster("repair", repair, 48*time.Hour))
	return p
}

// TestChangesCountFromTheSameStart changes what decides the rule and checks that the clock moves from where it began.
func TestChangesCountFromTheSameStart(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	s.env.Policy = urgentFaster()
	moved := func(c tickets.Command, first tickets.EventKind, to time.Time) {
		t.Helper()
		r := s.do(c)
		wantKinds(t, kinds(r.Events), first, tickets.EvMoved)
		s.due(tickets.ClockResolution, to)
		e := r.Events[1]
		if e.Clock != tickets.ClockResolution || !e.Due.Equal(to) || e.From == e.To {
			t.Errorf("moved = %+v", e)
		}
	}
	s.when(on(23, 12, 0))
	moved(tickets.Command{Kind: tickets.CmdSeverity, Actor: li, Severity: "urgent"}, tickets.EvSeverity, on(23, 16, 0))
	moved(tickets.Command{Kind: tickets.CmdTag, Actor: li, Tags: []string{"VIP", "老客"}}, tickets.EvTagged, on(23, 13, 0))
	moved(tickets.Command{Kind: tickets.CmdTag, Actor: li, Untags: []string{"VIP"}}, tickets.EvTagged, on(23, 16, 0))
	moved(tickets.Command{Kind: tickets.CmdSeverity, Actor: li, Severity: "low"}, tickets.EvSeverity, on(25, 10, 0))
	moved(tickets.Command{Kind: tickets.CmdType, Actor: li, Type: "repair"}, tickets.EvType, on(27, 10, 0))

	// A marketplace's ticket has no resolution of its own by the presets; it comes back with the origin.
	begins := func(e tickets.Event, k tickets.ClockKind, due time.Time) {
		t.Helper()
		s.due(k, due)
		if e.Kind != tickets.EvMoved || e.Clock != k || e.From != "" || !e.Due.Equal(due) {
			t.Errorf("a clock that begins: %+v", e)
		}
	}
	ends := func(e tickets.Event, k tickets.ClockKind) {
		t.Helper()
		if d := s.clock(k); e.Kind != tickets.EvMoved || e.Clock != k || e.From == "" || e.To != "" || d.Running() {
			t.Errorf("a clock that is gone: %+v, %+v", e, d)
		}
	}
	changed := func(c tickets.Command) []tickets.Event {
		t.Helper()
		r := s.do(c)
		if len(r.Events) != 3 || r.Events[0].Kind != tickets.EvOrigin {
			t.Fatalf("events = %+v, want the origin and two clocks", r.Events)
		}
		return r.Events[1:]
	}
	e := changed(tickets.Command{Kind: tickets.CmdOrigin, Actor: li, Origin: tickets.OriginPlatform, PlatformCreated: on(23, 9, 0), BackOffice: on(23, 20, 0)})
	begins(e[0], tickets.ClockPlatform, on(23, 20, 0))
	ends(e[1], tickets.ClockResolution)
	e = changed(tickets.Command{Kind: tickets.CmdOrigin, Actor: li, Origin: tickets.OriginInternal})
	ends(e[0], tickets.ClockPlatform)
	begins(e[1], tickets.ClockResolution, on(27, 10, 0))
}

func TestNoMarkIsSaidTwice(t *testing.T) {
	t.Parallel()
	s := internal(t, on(23, 10, 0))
	s.env.Policy = urgentFaster()
	severity := func(v tickets.Severity) { s.do(tickets.Command{Kind: tickets.CmdSeverity, Actor: li, Severity: v}) }
	severity("urgent") // due 16:00
	wantKinds(t, s.when(on(23, 15, 50)).wake(), tickets.EvReminded)
	wantKinds(t, s.when(on(23, 16, 0)).wake(), tickets.EvBreached)
	s.do(tickets.Command{Kind: tickets.CmdTag, Actor: wang, Tags: []string{"VIP"}}) // due 13:00: no new breach
	if d := s.clock(tickets.ClockResolution); !d.Breached || d.Version != 3 {
		t.Errorf("still overdue: %+v", d)
	}
	wantKinds(t, s.wake(), tickets.EvEscalated) // whose time has come by the change
	wantKinds(t, s.when(on(23, 16, 5)).wake())
	s.do(tickets.Command{Kind: tickets.CmdTag, Actor: wang, Untags: []string{"VIP"}})
	severity("normal") // due in two days: the steps are to come again
	if d := s.clock(tickets.ClockResolution); d.Breached || len(d.Fired) > 0 {
		t.Errorf("in time again: %+v", d)
	}
	s.wakes(on(25, 9, 50))
	wantKinds(t, s.when(on(25, 9, 50)).wake(), tickets.EvReminded)
}

func TestSteeringRefusals(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	as := func(k tickets.CommandKind, change func(*tickets.Command)) tickets.Command {
		c := tickets.Command{Kind: k, Actor: li}
		change(&c)
		return c
	}
	tests := []struct {
		c    tickets.Command
		want tickets.Reason
	}{
		{as("severity", func(c *tickets.Command) {}), tickets.ReasonMissing},
		{as("severity", func(c *tickets.Command) { c.Severity = "hot" }), tickets.ReasonBadValue},
		{as("severity", func(c *tickets.Command) { c.Severity = "normal" }), tickets.ReasonAlready},
		{as("type", func(c *tickets.Command) { c.Type = "\x00" }), tickets.ReasonMissing},
		{as("type", func(c *tickets.Command) { c.Type = "goods_return" }), tickets.ReasonAlready},
		{as("origin", func(c *tickets.Command) {}), tickets.ReasonMissing},
		{as("origin", func(c *tickets.Command) { c.Origin = "mars" }), tickets.ReasonBadValue},
		{as("origin", func(c *tickets.Command) { c.Origin = "platform" }), tickets.ReasonAlready},
		{as("origin", func(c *tickets.Command) { c.Origin, c.BackOffice = "internal", on(24, 0, 0) }), tickets.ReasonNotPlatform},
		{as("origin", func(c *tickets.Command) { c.Origin, c.PlatformCreated = "provider", on(24, 0, 0) }), tickets.ReasonFuture},
		{as("tag", func(c *tickets.Command) {}), tickets.ReasonMissing},
		{as("tag", func(c *tickets.Command) { c.Untags = []string{"VIP"} }), tickets.ReasonAlready},
		{as("snooze", func(c *tickets.Command) {}), tickets.ReasonMissing},
		{as("snooze", func(c *tickets.Command) { c.At = on(23, 10, 0) }), tickets.ReasonPassed},
		{as("snooze", func(c *tickets.Command) { c.At = on(24, 10, 1) }), tickets.ReasonTooLate},
		{as("correct", func(c *tickets.Command) { c.At, c.Reason = on(23, 10, 0), "忘了" }), tickets.ReasonNotPermitted},
		{as("correct", func(c *tickets.Command) { c.Actor, c.At = wang, on(23, 10, 0) }), tickets.ReasonMissing},
		{as("correct", func(c *tickets.Command) { c.Actor, c.Reason = wang, "忘了" }), tickets.ReasonMissing},
		{as("correct", func(c *tickets.Command) { c.Actor, c.Reason, c.At = wang, "忘了", on(23, 10, 1) }), tickets.ReasonFuture},
		{as("correct", func(c *tickets.Command) { c.Actor, c.Reason, c.At = wang, "忘了", on(23, 9, 59) }), tickets.ReasonTooOld},
		{as("replan", func(c *tickets.Command) {}), tickets.ReasonNotPermitted},
	}
	for _, tt := range tests {
		s.refused(tt.c, tt.want)
	}
	far := internal(t, on(23, 10, 0))
	far.refused(tickets.Command{Kind: tickets.CmdSnooze, Actor: li, At: on(30, 10, 1)}, tickets.ReasonTooLate)
	far.refused(tickets.Command{Kind: tickets.CmdCorrect, Actor: wang, At: on(23, 10, 0), Reason: "x"}, tickets.ReasonNotPlatform)
}

func TestTagsAreBounded(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	var many []string
	for i := range 60 {
		many = append(many, string(rune('A'+i)), " "+string(rune('A'+i)), "")
	}
	s.do(tickets.Command{Kind: tickets.CmdTag, Actor: li, Tags: many})
	if n := len(s.ticket.Tags); n > 20 {
		t.Errorf("%d tags", n)
	}
}

func TestCorrection(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	s.when(on(24, 10, 0)).wake()
	correct := tickets.Command{Kind: tickets.CmdCorrect, Actor: wang, At: on(24, 9, 50), Reason: "回复了忘登记"}
	r := s.when(on(24, 11, 0)).do(correct) // though nobody had entered an answer
	want := tickets.Event{Kind: tickets.EvCorrected, Clock: tickets.ClockPlatform, At: on(24, 9, 50).UTC(), Recorded: on(24, 11, 0).UTC(),
		Version: s.ticket.Version, By: wang.ID, To: "2026-11-24T01:50:00Z", Reason: "回复了忘登记"}
	if diff := cmp.Diff(want, r.Events[0]); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if d := s.clock(tickets.ClockPlatform); d.Breached || d.Late(s.env.Now) {
		t.Errorf("corrected: %+v, want the breach gone", d)
	}
	s.refused(correct, tickets.ReasonAlready)
	correct.At = on(24, 10, 30)
	if e := s.do(correct).Events[0]; e.From != "2026-11-24T01:50:00Z" {
		t.Errorf("corrected from %q", e.From)
	}
	if d := s.clock(tickets.ClockPlatform); !d.Breached || !d.Late(s.env.Now) {
		t.Errorf("corrected to a late answer: %+v", d)
	}
}

func TestSnooze(t *testing.T) {
	t.Parallel()
	d := platformDraft()
	d.BackOffice = noon.Add(3 * time.Hour) // reminded at 2 h 30, first response at 20 min, due 30 min
	s := tell(t, d)
	r := s.do(tickets.Command{Kind: tickets.CmdSnooze, Actor: li, At: noon.Add(25 * time.Minute)})
	if e := r.Events[0]; e.Kind != tickets.EvSnoozed || !e.Due.Equal(noon.Add(25*time.Minute)) {
		t.Errorf("event = %+v", e)
	}
	s.wakes(noon.Add(25 * time.Minute))
	wantKinds(t, s.at(20*time.Minute).wake())
	wantKinds(t, s.at(25*time.Minute).wake(), tickets.EvReminded)

	s = tell(t, d)
	s.do(tickets.Command{Kind: tickets.CmdSnooze, Actor: li, At: noon.Add(3 * time.Hour)})
	s.wakes(noon.Add(30 * time.Minute)) // breaches are not put off
	wantKinds(t, s.at(30*time.Minute).wake(), tickets.EvSkipped, tickets.EvBreached)
	wantKinds(t, s.at(35*time.Minute).wake(), tickets.EvEscalated)
	s.wakes(noon.Add(3 * time.Hour))
	wantKinds(t, s.at(150*time.Minute).wake())
	// The platform's deadline comes nearer than the snooze: nothing waits beyond it.
	s.do(tickets.Command{Kind: tickets.CmdDue, Actor: li, At: noon.Add(160 * time.Minute), DueFrom: tickets.DueBackOffice})
	s.wakes(noon.Add(160 * time.Minute))
	wantKinds(t, s.at(160*time.Minute).wake(), tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated)
}

func TestQuietWhileTheAssigneeAnswers(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.BackOffice = on(23, 12, 0) })
	s.by(li, tickets.CmdClaim)
	s.when(on(23, 11, 26)).by(li, tickets.CmdNote)
	r := s.when(on(23, 11, 30)).by(clock, tickets.CmdWake)
	wantKinds(t, kinds(r.Events), tickets.EvSkipped)
	if e := r.Events[0]; e.Reason != tickets.SkippedQuiet || e.Step != "remind_30m" || e.Clock != tickets.ClockPlatform {
		t.Errorf("left out: %+v", e)
	}
	s.when(on(23, 11, 59)).by(li, tickets.CmdNote) // which no breach respects
	wantKinds(t, s.when(on(23, 12, 0)).wake(), tickets.EvBreached, tickets.EvEscalated)
	s.when(on(23, 12, 25)).by(li, tickets.CmdNote)
	wantKinds(t, s.when(on(23, 12, 30)).wake(), tickets.EvReminded) // five minutes ago is over
	s.when(on(23, 12, 59)).by(zhao, tickets.CmdNote)                // somebody else's word
	wantKinds(t, s.when(on(23, 13, 0)).wake(), tickets.EvReminded)

	night := since(t, on(23, 2, 10), nil)
	night.when(on(23, 10, 0)).by(li, tickets.CmdClaim)
	night.when(on(23, 20, 29)).by(li, tickets.CmdNote)
	wantKinds(t, night.when(on(23, 20, 30)).wake(), tickets.EvReminded) // nothing follows it before the deadline
}

func TestAcknowledgementLapses(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.BackOffice = on(23, 12, 0) })
	s.by(li, tickets.CmdClaim)
	s.by(zhao, tickets.CmdNote)
	s.when(on(23, 11, 30)).wake()
	ack := tickets.Command{Kind: tickets.CmdAck, Actor: wang, Clock: tickets.ClockPlatform}
	s.when(on(23, 11, 50)).do(ack)
	s.wakes(on(23, 12, 10))
	s.when(on(23, 12, 5)).by(wang, tickets.CmdNote) // something happens
	s.wakes(on(23, 12, 25))
	s.when(on(23, 12, 6)).by(li, tickets.CmdNote) // by somebody else
	s.wakes(on(23, 12, 25))
	r := s.when(on(23, 12, 25)).by(clock, tickets.CmdWake)
	wantKinds(t, kinds(r.Events), tickets.EvLapsed, tickets.EvBreached, tickets.EvEscalated)
	if e := r.Events[0]; e.From != string(wang.ID) || e.Clock != tickets.ClockPlatform || !e.Due.Equal(on(23, 12, 0)) {
		t.Errorf("lapsed: %+v", e)
	}
	s.wakes(on(23, 12, 30)) // the steps go on
	s.do(ack)               // and it can be said again
	s.wakes(on(23, 12, 45))
	s.when(on(23, 12, 40)).by(li, tickets.CmdAnswer)
	s.wakes(time.Time{})
}

func TestReplan(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	s.by(zhao, tickets.CmdNote) // so that the platform's clock alone has something to say
	if r := s.by(clock, tickets.CmdReplan); r.Changed {
		t.Errorf("the same rules again: %v", kinds(r.Events))
	}
	s.env.Policy.Revision = 9
	if r := s.by(clock, tickets.CmdReplan); r.Changed {
		t.Errorf("a revision that says the same: %v", kinds(r.Events))
	}
	binding := func() *tickets.ClockRule {
		i := slices.IndexFunc(s.env.Policy.Rules, func(r tickets.Rule) bool { return r.Name == "tmall_coop" })
		return &s.env.Policy.Rules[i].Clocks[0]
	}
	binding().Duration = 12 * time.Hour
	r := s.when(on(23, 11, 0)).by(clock, tickets.CmdReplan)
	wantKinds(t, kinds(r.Events), tickets.EvMoved, tickets.EvReplanned)
	if e := r.Events[1]; e.To != "9" || s.ticket.Revision != 9 {
		t.Errorf("replanned = %+v, revision %d", e, s.ticket.Revision)
	}
	s.due(tickets.ClockPlatform, on(23, 22, 0))
	if s.by(clock, tickets.CmdReplan).Changed {
		t.Error("planned again, it changed again")
	}
	// Reminders that only the new rules put into the past are not news.
	s.env.Policy.Revision = 10
	binding().Ladder = append(sla.Ladder{{Name: "early", Kind: sla.Remind, Offset: -11*time.Hour - 30*time.Minute}}, binding().Ladder...)
	again := *s
	wantKinds(t, kinds(s.by(clock, tickets.CmdReplan).Events), tickets.EvReplanned)
	wantKinds(t, s.when(on(23, 11, 1)).wake())
	again.by(li, tickets.CmdNote) // nor are they where somebody writes before the ticket's turn comes
	wantKinds(t, again.when(on(23, 11, 1)).wake())
	// A ladder alone moves the wake.
	s.env.Policy.Revision = 11
	binding().Ladder = sla.Ladder{{Name: "breach", Kind: sla.Breach}, {Name: "ten", Kind: sla.Remind, Offset: -10 * time.Hour}}
	wantKinds(t, kinds(s.by(clock, tickets.CmdReplan).Events), tickets.EvReplanned)
	s.wakes(on(23, 12, 0))
}

func TestReplanAfterDowntimeSaysWhatWasDue(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.BackOffice = on(23, 12, 0) })
	s.by(zhao, tickets.CmdNote)
	s.env.Policy.Revision = 2
	s.when(on(23, 11, 45)).by(clock, tickets.CmdReplan) // the mark of 11:30 was missed meanwhile
	wantKinds(t, s.wake(), tickets.EvReminded)
}

func TestRoundTheClock(t *testing.T) {
	t.Parallel()
	p := tickets.DefaultPolicy()
	p.Shops = []tickets.Shop{{Name: "青禾", Calendar: p.Calendars["handling"]}}
	s := &story{t: t, env: tickets.Env{Now: on(23, 2, 10), Policy: p.RoundTheClock()}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: platformDraft()}, s.env))
	s.due(tickets.ClockFirstResponse, on(23, 2, 40))
	for _, m := range s.env.Policy.Plan(s.ticket, s.clock(tickets.ClockPlatform)) {
		if m.Moved {
			t.Errorf("%s was moved to %v", m.Step.Name, m.At)
		}
	}
	if p.Rules[0].Clocks[0].Calendar == nil || p.Shops[0].Calendar == nil {
		t.Error("the policy itself was changed")
	}
}

func TestShopHasItsOwnHours(t *testing.T) {
	t.Parallel()
	p := tickets.DefaultPolicy()
	h := sla.Hours{Zone: "Asia/Shanghai"}
	for i := range h.Week {
		h.Week[i] = []sla.Window{{Open: 14 * 3600, Close: 18 * 3600}}
	}
	afternoons, err := sla.NewCalendar(h)
	if err != nil {
		t.Fatal(err)
	}
	p.Shops = []tickets.Shop{{Name: "青禾", Calendar: afternoons}}
	s := &story{t: t, env: tickets.Env{Now: on(23, 10, 0), Policy: p}}
	d := draft()
	d.Origin, d.PlatformCreated, d.Facts.Platform, d.Type = tickets.OriginPlatform, on(23, 10, 0), "douyin", "high_risk"
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d}, s.env))
	s.due(tickets.ClockFirstResponse, on(23, 14, 30)) // the team's clock counts the shop's hours
	s.due(tickets.ClockPlatform, on(23, 12, 0))       // the platform's its own
	marks := s.env.Policy.Plan(s.ticket, s.clock(tickets.ClockPlatform))
	if marks[0].Moved { // nobody of the shop is there before noon, and was not since the clock began
		t.Errorf("first mark = %+v", marks[0])
	}
	late := *d
	late.ID, late.PlatformCreated = "t2", on(23, 17, 0)
	s.when(on(23, 17, 0)).take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: &late}, s.when(on(23, 17, 0)).env))
	s.due(tickets.ClockPlatform, on(23, 19, 0))
	marks = s.env.Policy.Plan(s.ticket, s.clock(tickets.ClockPlatform))
	if !marks[0].Moved || !marks[0].At.Equal(on(23, 17, 30)) {
		t.Errorf("first mark = %+v, want before the shop closes at 18:00", marks[0])
	}
}

// TestSnoozeOutlivesARevision: what is put off is not past, whether the ticket is planned anew or somebody acts on it first.
func TestSnoozeOutlivesARevision(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		act  func(*story)
	}{
		{"planned anew", func(s *story) { s.by(clock, tickets.CmdReplan) }},
		{"somebody writes", func(s *story) { s.by(zhao, tickets.CmdNote) }},
		{"both", func(s *story) { s.by(clock, tickets.CmdReplan); s.by(zhao, tickets.CmdNote) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := since(t, on(23, 10, 0), func(d *tickets.Draft) { d.BackOffice = on(23, 13, 0) }) // reminded at 12:30
			s.by(zhao, tickets.CmdNote)
			s.when(on(23, 12, 20)).do(tickets.Command{Kind: tickets.CmdSnooze, Actor: li, At: on(23, 12, 50)})
			s.env.Policy.Revision = 9
			tt.act(s.when(on(23, 12, 40)))
			s.wakes(on(23, 12, 50))
			wantKinds(t, s.when(on(23, 12, 50)).wake(), tickets.EvReminded)
		})
	}
}

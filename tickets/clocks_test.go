package tickets_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

func TestDefaultRules(t *testing.T) {
	t.Parallel()
	type due = map[tickets.ClockKind]time.Duration // after the ticket's creation
	const h, m = time.Hour, time.Minute
	internal := due{tickets.ClockFirstResponse: 30 * m, tickets.ClockResolution: 48 * h} // 24 working hours from noon
	tests := []struct {
		name     string
		origin   tickets.Origin
		platform tickets.Platform
		typ      tickets.Type
		created  time.Duration // the platform's creation, before ours
		shown    time.Duration // the back office's deadline, after our creation
		rule     string
		want     due
	}{
		{"an agent's note about a Tmall order", tickets.OriginInternal, "tmall", "", 2 * h, 0, "internal", internal},
		{"internal of no platform", "", "", "", 0, 0, "internal", internal},
		{"tmall", tickets.OriginPlatform, "tmall", "", 0, 0, "tmall_coop", due{tickets.ClockPlatform: 24 * h, tickets.ClockFirstResponse: 30 * m}},
		{"taobao", tickets.OriginPlatform, "taobao", "", 0, 0, "tmall_coop", due{tickets.ClockPlatform: 24 * h, tickets.ClockFirstResponse: 30 * m}},
		{"typed five hours late", tickets.OriginPlatform, "tmall", "", 5 * h, 0, "tmall_coop", due{tickets.ClockPlatform: 19 * h, tickets.ClockFirstResponse: 30 * m}},
		{"the back office wins", tickets.OriginPlatform, "tmall", "", 5 * h, 3 * h, "tmall_coop", due{tickets.ClockPlatform: 3 * h, tickets.ClockFirstResponse: 30 * m}},
		{"a platform's creation to come is now", tickets.OriginPlatform, "tmall", "", -h, 0, "tmall_coop", due{tickets.ClockPlatform: 24 * h, tickets.ClockFirstResponse: 30 * m}},
		{"a reminder to ship", tickets.OriginPlatform, "tmall", "ship_reminder", 0, 0, "tmall_ship_reminder", internal},
		{"a reminder to ship with a deadline shown", tickets.OriginPlatform, "tmall", "ship_reminder", 0, 2 * h, "tmall_ship_reminder",
			due{tickets.ClockFirstResponse: 30 * m, tickets.ClockResolution: 48 * h, tickets.ClockPlatform: 2 * h}},
		{"doudian ordinary", tickets.OriginPlatform, "douyin", "price", 0, 0, "doudian_request", due{tickets.ClockPlatform: 24 * h, tickets.ClockFirstResponse: 30 * m}},
		{"doudian urgent", tickets.OriginPlatform, "douyin", "high_risk", 0, 0, "doudian_urgent", due{tickets.ClockPlatform: 2 * h, tickets.ClockFirstResponse: 30 * m}},
		{"doudian provider", tickets.OriginProvider, "douyin", "", h, 0, "doudian_provider", due{tickets.ClockPlatform: 23 * h, tickets.ClockFirstResponse: 30 * m}},
		{"pinduoduo", tickets.OriginPlatform, "pinduoduo", "", 0, 0, "pdd_aftersales", due{tickets.ClockPlatform: 24 * h, tickets.ClockFirstResponse: 30 * m}},
		{"another marketplace", tickets.OriginPlatform, "jd", "", 0, 0, "platform", due{tickets.ClockPlatform: 24 * h, tickets.ClockFirstResponse: 30 * m}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := draft()
			d.Origin, d.Facts.Platform, d.Type = tt.origin, tt.platform, tt.typ
			if tt.created != 0 {
				d.PlatformCreated = noon.Add(-tt.created)
			}
			if tt.shown != 0 {
				d.BackOffice = noon.Add(tt.shown)
			}
			s := tell(t, d)
			got := due{}
			for _, c := range s.ticket.Deadlines {
				got[c.Kind] = c.Due.Sub(noon)
				if c.Rule != tt.rule {
					t.Errorf("%s clock is of rule %q, want %q", c.Kind, c.Rule, tt.rule)
				}
				if fixed := c.Kind == tickets.ClockPlatform && tt.shown != 0; c.Fixed != fixed {
					t.Errorf("%s clock: Fixed = %v, want %v", c.Kind, c.Fixed, fixed)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("due after creation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBackOfficeBindsWithoutAnyRule(t *testing.T) {
	t.Parallel()
	d := platformDraft()
	d.BackOffice = noon.Add(time.Hour)
	s := &story{t: t, env: tickets.Env{Now: noon}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d}, s.env))
	wantKinds(t, s.at(30*time.Minute).wake(), tickets.EvReminded)
	wantKinds(t, s.at(59*time.Minute).wake())
	wantKinds(t, s.at(time.Hour).wake(), tickets.EvBreached, tickets.EvEscalated)
}

func TestUncountableClockIsRefused(t *testing.T) {
	t.Parallel()
	p := tickets.Policy{Rules: []tickets.Rule{{Clocks: []tickets.ClockRule{{Kind: tickets.ClockResolution, Clock: sla.WorkingTime, Duration: -1}}}}}
	_, err := tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, tickets.Env{Now: noon, Policy: p})
	if err == nil {
		t.Error("Apply with a clock that cannot be computed succeeded")
	}
}

func TestFirstResponse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(*story)
		want bool
	}{
		{"claiming is none", func(s *story) { s.by(li, tickets.CmdClaim) }, false},
		{"a note by an agent", func(s *story) { s.by(li, tickets.CmdNote) }, true},
		{"a file by a supervisor", func(s *story) { s.by(wang, tickets.CmdAttach) }, true},
		{"a note by a merchant", func(s *story) { s.by(shop, tickets.CmdNote) }, false},
		{"a note by the requester", func(s *story) { s.by(asker, tickets.CmdNote) }, false},
		{"a note by the requesting agent", func(s *story) {
			s.ticket.Requester = li.ID
			s.by(li, tickets.CmdNote)
		}, false},
		{"answered on the platform", func(s *story) { s.by(li, tickets.CmdAnswer) }, true},
		{"answered on the platform by the requesting agent", func(s *story) {
			s.ticket.Requester = li.ID
			s.by(li, tickets.CmdAnswer)
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, platformDraft()).at(time.Minute)
			tt.do(s)
			if got := !s.clock(tickets.ClockFirstResponse).Running(); got != tt.want || got == s.ticket.Responded.IsZero() {
				t.Errorf("first response stopped = %v, Responded = %v, want %v", got, s.ticket.Responded, tt.want)
			}
		})
	}
}

func TestAnswerBackDated(t *testing.T) {
	t.Parallel()
	s := tell(t, platformDraft())
	s.refused(tickets.Command{Kind: tickets.CmdAnswer, Actor: li, At: noon.Add(time.Minute)}, tickets.ReasonFuture)
	s.refused(tickets.Command{Kind: tickets.CmdAnswer, Actor: li, At: noon.Add(-time.Minute)}, tickets.ReasonTooOld)

	s.at(24 * time.Hour).wake()
	if !s.clock(tickets.ClockPlatform).Breached {
		t.Fatal("the breach was not recorded")
	}
	r := s.at(25 * time.Hour).do(tickets.Command{Kind: tickets.CmdAnswer, Actor: li, At: noon.Add(23 * time.Hour)})
	e := r.Events[0]
	if e.Kind != tickets.EvAnswered || !e.At.Equal(noon.Add(23*time.Hour)) || !e.Recorded.Equal(noon.Add(25*time.Hour)) {
		t.Errorf("event = %+v, want answered at 23 h, recorded at 25 h", e)
	}
	d := s.clock(tickets.ClockPlatform)
	if d.Breached || d.Late(s.env.Now) || !d.Stopped.Equal(s.ticket.Answered) {
		t.Errorf("clock = %+v, want stopped in time and the breach taken back", d)
	}

	s.refused(tickets.Command{Kind: tickets.CmdAnswer, Actor: li, At: noon.Add(22 * time.Hour)}, tickets.ReasonAlready)
	s.refused(full(tickets.CmdAnswer, wang), tickets.ReasonAlready)
	s.do(tickets.Command{Kind: tickets.CmdCorrect, Actor: wang, At: noon.Add(24*time.Hour + time.Minute), Reason: "平台记录是 12:01"})
	if d := s.clock(tickets.ClockPlatform); !d.Breached || !d.Late(s.env.Now) {
		t.Errorf("clock corrected to a late answer = %+v, want the breach again", d)
	}
}

func TestAnswerNeedsThePlatform(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.refused(full(tickets.CmdAnswer, li), tickets.ReasonNotPlatform)
}

func TestResolveLeavesThePlatformClock(t *testing.T) {
	t.Parallel()
	s := tell(t, platformDraft())
	s.at(time.Hour).do(tickets.Command{Kind: tickets.CmdResolve, Actor: li, Reason: "已退款"})
	if s.clock(tickets.ClockFirstResponse).Running() || !s.clock(tickets.ClockPlatform).Running() {
		t.Errorf("clocks after resolve = %+v, want the team's stopped, the platform's running", s.ticket.Deadlines)
	}
	refusal := s.refused(full(tickets.CmdClose, wang), tickets.ReasonUnanswered)
	if want := "2026-11-23T04:00:00Z"; refusal.Detail != want {
		t.Errorf("refused until %s, want %s", refusal.Detail, want)
	}
	wantKinds(t, s.at(23*time.Hour+30*time.Minute).wake(), tickets.EvReminded)
	wantKinds(t, s.at(24*time.Hour).wake(), tickets.EvBreached, tickets.EvEscalated)
	s.by(wang, tickets.CmdClose)
	s.status(tickets.StatusClosed)
}

func TestInternalTicketHasNoClockLeftWhenResolved(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.by(li, tickets.CmdResolve)
	for _, d := range s.ticket.Deadlines {
		if d.Running() {
			t.Errorf("%s clock still runs", d.Kind)
		}
	}
	s.by(asker2(s), tickets.CmdClose)
}

// asker2 is the story's requester, had they been a merchant.
func asker2(s *story) tickets.Actor {
	return tickets.Actor{ID: s.ticket.Requester, Role: tickets.RoleMerchant}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.by(li, tickets.CmdClaim)
	s.at(time.Hour).by(li, tickets.CmdNote)
	s.at(2 * time.Hour).do(tickets.Command{Kind: tickets.CmdResolve, Actor: li, Reason: "已换货"})
	s.by(li, tickets.CmdClose)
	before := s.clock(tickets.ClockFirstResponse)
	s.at(10*time.Hour).by(zhao, tickets.CmdReopen)
	s.status(tickets.StatusInProgress)

	d := s.clock(tickets.ClockResolution)
	if !d.Running() || d.Version != 2 || !d.Due.Equal(noon.Add(57*time.Hour)) || len(d.Fired) > 0 {
		t.Errorf("resolution = %+v, want a second version due 24 working hours after reopening at 22:00", d)
	}
	if diff := cmp.Diff(before, s.clock(tickets.ClockFirstResponse)); diff != "" {
		t.Errorf("first response changed by reopening (-want +got):\n%s", diff)
	}
	if !s.ticket.Resolved.IsZero() || !s.ticket.Closed.IsZero() || s.ticket.Outcome != "" {
		t.Errorf("reopened ticket still says how it ended: %+v", s.ticket)
	}

	s.by(li, tickets.CmdResolve)
	s.by(li, tickets.CmdClose)
	s.at(10*time.Hour+7*24*time.Hour-time.Second).by(li, tickets.CmdReopen)
	s.by(li, tickets.CmdResolve)
	s.by(li, tickets.CmdClose)
	s.at(24*time.Hour + 14*24*time.Hour)
	s.refused(full(tickets.CmdReopen, li), tickets.ReasonTooOld)
}

func TestUndoneTicketTakesItsClocksUpAgain(t *testing.T) {
	t.Parallel()
	s := tell(t, platformDraft())
	due := s.clock(tickets.ClockPlatform)
	s.at(time.Hour).by(li, tickets.CmdDiscard)
	for _, d := range s.ticket.Deadlines {
		if d.Running() {
			t.Errorf("%s clock runs on a discarded ticket", d.Kind)
		}
	}
	s.at(3*time.Hour).by(li, tickets.CmdReopen)
	if diff := cmp.Diff(due, s.clock(tickets.ClockPlatform)); diff != "" {
		t.Errorf("platform clock after discard and reopen (-want +got):\n%s", diff)
	}
	if d := s.clock(tickets.ClockFirstResponse); !d.Running() || !d.Due.Equal(noon.Add(3*time.Hour+30*time.Minute)) {
		t.Errorf("first response = %+v, want due 30 min after the undoing", d)
	}
}

func TestResolvedTicketGetsNoNewTeamClock(t *testing.T) {
	t.Parallel()
	s := tell(t, platformDraft())
	s.by(li, tickets.CmdResolve)
	s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: li, Origin: tickets.OriginInternal})
	if d, ok := s.ticket.Deadline(tickets.ClockResolution); ok {
		t.Errorf("a resolved ticket got %+v", d)
	}
}

func TestPlatformTicketsCannotBeCancelled(t *testing.T) {
	t.Parallel()
	s := tell(t, platformDraft())
	s.refused(full(tickets.CmdCancel, wang), tickets.ReasonCannotCancel)
	s.by(li, tickets.CmdDiscard)
}

func TestAmendingTheOriginStartsThePlatformClock(t *testing.T) {
	t.Parallel()
	s := tell(t, draft()).at(2 * time.Hour)
	r := s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: li, Origin: tickets.OriginPlatform, PlatformCreated: noon.Add(-time.Hour)})
	if d := s.clock(tickets.ClockPlatform); !d.Due.Equal(noon.Add(23*time.Hour)) || d.Version != 1 {
		t.Errorf("platform clock = %+v, want due 24 h after the platform's creation", d)
	}
	if want := "origin,platform_created"; r.Events[0].To != want {
		t.Errorf("amended %q, want %q", r.Events[0].To, want)
	}

	r = s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: li, BackOffice: noon.Add(10 * time.Hour)})
	wantKinds(t, kinds(r.Events), tickets.EvAmended, tickets.EvMoved)
	if d := s.clock(tickets.ClockPlatform); !d.Due.Equal(noon.Add(10*time.Hour)) || d.Version != 2 || !d.Fixed {
		t.Errorf("platform clock = %+v, want the back office's deadline as version 2", d)
	}

	s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: li, Origin: tickets.OriginInternal})
	if s.clock(tickets.ClockPlatform).Running() {
		t.Error("the platform clock of an internal ticket runs")
	}
	s.do(tickets.Command{Kind: tickets.CmdAmend, Actor: clock, Origin: tickets.OriginProvider})
	if d := s.clock(tickets.ClockPlatform); !d.Running() || !d.Due.Equal(noon.Add(10*time.Hour)) {
		t.Errorf("platform clock = %+v, want it running again", d)
	}
}

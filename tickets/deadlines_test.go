package tickets_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// The examples and rules about time of DOMAIN sections 4 and 5.

var china = time.FixedZone("", 8*60*60)

// on is a time of day in November 2026, in Shanghai.
func on(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, china) }

// since begins a story at an instant with the draft's ticket, created by the platform at that instant.
func since(t *testing.T, at time.Time, change func(*tickets.Draft)) *story {
	t.Helper()
	d := draft()
	d.Origin, d.PlatformCreated = tickets.OriginPlatform, at
	if change != nil {
		change(d)
	}
	s := &story{t: t, env: tickets.Env{Now: at, Policy: tickets.DefaultPolicy()}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d, Cause: "c0"}, s.env))
	return s
}

// when sets the story's time.
func (s *story) when(at time.Time) *story {
	s.env.Now = at
	return s
}

func (s *story) due(k tickets.ClockKind, want time.Time) {
	s.t.Helper()
	if d := s.clock(k); !d.Due.Equal(want) {
		s.t.Errorf("%s is due %v, want %v", k, d.Due.In(china), want.In(china))
	}
}

func (s *story) wakes(want time.Time) {
	s.t.Helper()
	if !s.ticket.Wake.Equal(want) {
		s.t.Errorf("wakes at %v, want %v", s.ticket.Wake.In(china), want.In(china))
	}
}

func TestClocksOfTheDomain(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	tests := []struct {
		name  string
		clock sla.Clock
		start time.Time
		d     time.Duration
		want  time.Time
	}{
		{"calendar 20:00 + 24 h", sla.CalendarTime, on(23, 20, 0), 24 * h, on(24, 20, 0)},
		{"working 20:00 + 2 h", sla.WorkingTime, on(23, 20, 0), 2 * h, on(24, 10, 0)},
		{"deferred 20:00 + 12 h", sla.DeferredTime, on(23, 20, 0), 12 * h, on(24, 20, 0)},
		{"deferred 20:00 + 24 h", sla.DeferredTime, on(23, 20, 0), 24 * h, on(24, 20, 0)},
		{"deferred 20:00 + 25.5 h", sla.DeferredTime, on(23, 20, 0), 25*h + 30*time.Minute, on(25, 9, 30)},
		{"deferred 14:00 + 36 h", sla.DeferredTime, on(23, 14, 0), 36 * h, on(25, 14, 0)},
		{"deferred 22:00 + 24 h", sla.DeferredTime, on(23, 22, 0), 24 * h, on(25, 10, 0)},
		{"chat reply mark of 100 s", sla.WorkingTime, on(23, 20, 59), 100 * time.Second, on(24, 9, 0).Add(40 * time.Second)},
		{"chat reply mark of 180 s", sla.WorkingTime, on(23, 10, 0), 180 * time.Second, on(23, 10, 3)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tickets.DefaultPolicy()
			p.Rules = []tickets.Rule{{Name: "r", Clocks: []tickets.ClockRule{
				{Kind: tickets.ClockPlatform, Clock: tt.clock, Duration: tt.d, Calendar: p.Calendars["handling"]}}}}
			d := draft()
			d.Origin, d.PlatformCreated = tickets.OriginPlatform, tt.start
			r, err := tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d}, tickets.Env{Now: tt.start, Policy: p})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Ticket.Deadlines[0].Due; !got.Equal(tt.want) {
				t.Errorf("due %v, want %v", got.In(china), tt.want)
			}
		})
	}
}

func TestPresets(t *testing.T) {
	t.Parallel()
	type facts struct {
		origin   tickets.Origin
		platform tickets.Platform
		typ      tickets.Type
	}
	tests := []struct {
		name   string
		facts  facts
		at     time.Time
		rule   string
		counts bool
		want   map[tickets.ClockKind]time.Time
	}{
		{"Tmall: 24 h, holidays and nights count", facts{"platform", "tmall", "refund"}, on(23, 2, 10), "tmall_coop", true,
			map[tickets.ClockKind]time.Time{"platform": on(24, 2, 10), "first_response": on(23, 9, 30)}},
		{"a reminder to ship has no time to answer by and is not in the rate", facts{"platform", "tmall", "ship_reminder"}, on(23, 10, 0), "tmall_ship_reminder", false,
			map[tickets.ClockKind]time.Time{"first_response": on(23, 10, 30), "resolution": on(25, 10, 0)}},
		{"Doudian ordinary", facts{"platform", "douyin", "courier"}, on(23, 20, 0), "doudian_request", true,
			map[tickets.ClockKind]time.Time{"platform": on(24, 20, 0), "first_response": on(23, 20, 30)}},
		{"Doudian urgent", facts{"platform", "douyin", "unsafe_product"}, on(23, 20, 0), "doudian_urgent", true,
			map[tickets.ClockKind]time.Time{"platform": on(24, 10, 0), "first_response": on(23, 20, 30)}},
		{"Doudian high-risk", facts{"platform", "douyin", "high_risk_complaint"}, on(23, 11, 0), "doudian_urgent", true,
			map[tickets.ClockKind]time.Time{"platform": on(23, 13, 0), "first_response": on(23, 11, 30)}},
		{"a provider's", facts{"provider", "douyin", "unsafe_product"}, on(23, 20, 0), "doudian_provider", false,
			map[tickets.ClockKind]time.Time{"platform": on(24, 20, 0), "first_response": on(23, 20, 30)}},
		{"Pinduoduo", facts{"platform", "pinduoduo", "refund"}, on(23, 23, 0), "pdd_aftersales", true,
			map[tickets.ClockKind]time.Time{"platform": on(24, 23, 0), "first_response": on(24, 9, 30)}},
		{"an agent's own note about a Tmall order is internal", facts{"internal", "tmall", "refund"}, on(23, 20, 45), "internal", false,
			map[tickets.ClockKind]time.Time{"first_response": on(24, 9, 15), "resolution": on(25, 20, 45)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := since(t, tt.at, func(d *tickets.Draft) {
				d.Origin, d.Facts.Platform, d.Type = tt.facts.origin, tt.facts.platform, tt.facts.typ
			})
			got := map[tickets.ClockKind]time.Time{}
			for _, d := range s.ticket.Deadlines {
				got[d.Kind] = d.Due.In(china)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("due (-want +got):\n%s", diff)
			}
			rule, why := s.env.Policy.Explain(s.ticket)
			if rule.Name != tt.rule || rule.Counts != tt.counts || rule.Preset != tt.rule+"@2026-08-22" || why[len(why)-1].Rule != tt.rule {
				t.Errorf("rule = %s of %s, counts %v, why %+v, want %s", rule.Name, rule.Preset, rule.Counts, why, tt.rule)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	p := tickets.Policy{Rules: []tickets.Rule{
		{Name: "of the platform", Match: tickets.Match{Origins: []tickets.Origin{"platform", "provider"}}},
		{Name: "of Doudian", Match: tickets.Match{Platforms: []tickets.Platform{"douyin"}}},
		{Name: "of another shop", Match: tickets.Match{Shops: []string{"别家"}}},
		{Name: "repairs", Match: tickets.Match{Types: []tickets.Type{"repair"}}},
		{Name: "urgent", Match: tickets.Match{Severities: []tickets.Severity{"urgent"}}},
		{Name: "VIP", Match: tickets.Match{Tags: []string{"VIP", "老客"}}},
		{Name: "by command", Match: tickets.Match{Sources: []string{"command"}}},
		{Name: "big", Match: tickets.Match{Shops: []string{"青禾"}, Tags: []string{"大额"}}},
		{Name: "never reached"},
	}}
	tk := tickets.Ticket{Origin: "internal", Type: "refund", Severity: "high", Tags: []string{"大额"}, Facts: tickets.Facts{Shop: "青禾"}, Source: tickets.Source{Kind: "message"}}
	rule, why := p.Explain(tk)
	if rule.Name != "big" {
		t.Errorf("rule = %q", rule.Name)
	}
	want := []tickets.Why{
		{Rule: "of the platform", Field: "origin", Want: []string{"platform", "provider"}, Got: []string{"internal"}},
		{Rule: "of Doudian", Field: "platform", Want: []string{"douyin"}},
		{Rule: "of another shop", Field: "shop", Want: []string{"别家"}, Got: []string{"青禾"}},
		{Rule: "repairs", Field: "type", Want: []string{"repair"}, Got: []string{"refund"}},
		{Rule: "urgent", Field: "severity", Want: []string{"urgent"}, Got: []string{"high"}},
		{Rule: "VIP", Field: "tag", Want: []string{"VIP", "老客"}, Got: []string{"大额"}},
		{Rule: "by command", Field: "source", Want: []string{"command"}, Got: []string{"message"}},
		{Rule: "big"},
	}
	if diff := cmp.Diff(want, why); diff != "" {
		t.Errorf("why (-want +got):\n%s", diff)
	}
	p.Rules = p.Rules[:2]
	if rule, why := p.Explain(tk); rule.Name != "" || len(why) != 2 || why[1].Field == "" {
		t.Errorf("with no rule that binds: %q, %+v", rule.Name, why)
	}
}

func TestEnteredFiveHoursLate(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 15, 0), func(d *tickets.Draft) { d.PlatformCreated = on(23, 10, 0) })
	s.due(tickets.ClockPlatform, on(24, 10, 0))
	// And where the platform's time is attached afterwards.
	late := since(t, on(23, 15, 0), func(d *tickets.Draft) { d.PlatformCreated = time.Time{} })
	late.due(tickets.ClockPlatform, on(24, 15, 0))
	r := late.do(tickets.Command{Kind: tickets.CmdOrigin, Actor: li, Origin: tickets.OriginPlatform, PlatformCreated: on(23, 10, 0)})
	late.due(tickets.ClockPlatform, on(24, 10, 0))
	wantKinds(t, kinds(r.Events), tickets.EvOrigin, tickets.EvMoved)
	if e := r.Events[1]; e.From != "2026-11-24T07:00:00Z" || e.To != "2026-11-24T02:00:00Z" || !e.Due.Equal(on(24, 10, 0)) {
		t.Errorf("moved from %s to %s, due %v", e.From, e.To, e.Due)
	}
}

// TestUrgentRequestOfTheEvening is the whole story of issue 4: due 10:00 next day, warned before the shift ends, reminded, breached,
// escalated, quiet after 我来跟进, and the breach taken back by an answer of 09:50.
func TestUrgentRequestOfTheEvening(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 20, 0), func(d *tickets.Draft) { d.Facts.Platform, d.Type = "douyin", "high_risk" })
	s.by(li, tickets.CmdClaim)
	s.when(on(23, 20, 1)).by(li, tickets.CmdNote)
	s.due(tickets.ClockPlatform, on(24, 10, 0))
	s.wakes(on(23, 20, 30))
	said := func(at time.Time, want ...tickets.EventKind) []tickets.Event {
		t.Helper()
		s.wakes(at)
		r := s.when(at).by(clock, tickets.CmdWake)
		wantKinds(t, kinds(r.Events), want...)
		return r.Events
	}
	if e := said(on(23, 20, 30), tickets.EvReminded)[0]; !e.Moved || e.Percent != 50 || !e.Due.Equal(on(24, 10, 0)) || e.Step != "remind_half" {
		t.Errorf("before the end of the shift: %+v", e)
	}
	if e := said(on(24, 9, 30), tickets.EvReminded)[0]; e.Moved || e.Step != "remind_30m" {
		t.Errorf("in the morning: %+v", e)
	}
	said(on(24, 10, 0), tickets.EvBreached, tickets.EvEscalated)
	said(on(24, 10, 30), tickets.EvReminded)
	s.when(on(24, 10, 31)).do(tickets.Command{Kind: tickets.CmdAck, Actor: wang, Clock: tickets.ClockPlatform})
	s.wakes(on(24, 10, 51)) // the acknowledgement lapses
	s.when(on(24, 10, 40)).do(tickets.Command{Kind: tickets.CmdAnswer, Actor: li, At: on(24, 9, 50)})
	if d := s.clock(tickets.ClockPlatform); d.Breached || d.Late(s.env.Now) || !s.ticket.Wake.IsZero() {
		t.Errorf("after the answer of 09:50: %+v, wakes %v", d, s.ticket.Wake)
	}
}

func TestWhoseDeadlineWins(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	due := func(at time.Time, from tickets.DueFrom) tickets.Command {
		return tickets.Command{Kind: tickets.CmdDue, Actor: li, At: at, DueFrom: from}
	}
	r := s.do(due(on(23, 18, 0), tickets.DueBackOffice))
	wantKinds(t, kinds(r.Events), tickets.EvDue, tickets.EvMoved)
	s.due(tickets.ClockPlatform, on(23, 18, 0))
	s.do(due(on(23, 22, 0), tickets.DueStaff))
	s.due(tickets.ClockPlatform, on(23, 22, 0))
	s.refused(due(on(23, 11, 59), tickets.DueStaff), tickets.ReasonTooEarly)
	s.refused(due(on(23, 22, 0), tickets.DueStaff), tickets.ReasonAlready)
	s.refused(due(on(23, 9, 59), tickets.DueBackOffice), tickets.ReasonTooOld)
	s.refused(due(on(23, 18, 0), ""), tickets.ReasonBadValue)
	s.refused(due(time.Time{}, tickets.DueStaff), tickets.ReasonMissing)
	s.do(due(on(23, 19, 0), tickets.DueBackOffice)) // the later news
	s.due(tickets.ClockPlatform, on(23, 19, 0))
	// What the team promises moves its own target and never the platform's.
	s.do(tickets.Command{Kind: tickets.CmdPromise, Actor: li, At: on(25, 12, 0)})
	s.due(tickets.ClockPlatform, on(23, 19, 0))
	s.due(tickets.ClockResolution, on(25, 12, 0))

	internal := tell(t, draft())
	internal.refused(due(on(23, 18, 0), tickets.DueBackOffice), tickets.ReasonNotPlatform)
}

// What the requester wants brings the resolution target nearer and never moves it away; a promise to the customer may. The
// marketplace's clock knows neither.
func TestWhatTheRequesterWants(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	computed := tell(t, draft()).clock(tickets.ClockResolution).Due.Sub(noon)
	for _, tt := range []struct {
		name             string
		wanted, promised time.Duration
		want             time.Duration
	}{
		{"nothing", 0, 0, computed}, {"sooner", 5 * h, 0, 5 * h}, {"later than the team's own", computed + h, 0, computed}, {"what has passed", -h, 0, computed},
		{"a promise that is later", 0, computed + h, computed + h}, {"a promise beside it", 5 * h, 7 * h, 7 * h}, {"a promise that has passed", 0, -h, computed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := draft()
			if tt.wanted != 0 {
				d.Wanted = noon.Add(tt.wanted)
			}
			if tt.promised != 0 {
				d.Promised = noon.Add(tt.promised)
			}
			s := tell(t, d)
			s.due(tickets.ClockResolution, noon.Add(tt.want))
			if c := s.clock(tickets.ClockResolution); c.Fixed != (tt.want != computed) {
				t.Errorf("Fixed = %v with a target of %s", c.Fixed, tt.want)
			}
		})
	}
	d := platformDraft()
	d.Wanted, d.Promised = noon.Add(2*h), noon.Add(3*h)
	s := tell(t, d)
	s.due(tickets.ClockPlatform, noon.Add(24*h))
	s.due(tickets.ClockResolution, noon.Add(3*h))
	if !s.ticket.Wanted.IsZero() {
		t.Errorf("a marketplace's ticket is wanted by %v", s.ticket.Wanted)
	}
}

// Where an internal ticket turns out to be a marketplace's, what its requester wanted sets no target any more, until it is internal
// again.
func TestAWishEndsWithTheTeamsOwnTicket(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	for _, tt := range []struct {
		name string
		c    tickets.Command
	}{
		{"by its own command", tickets.Command{Kind: tickets.CmdOrigin, Actor: li}},
		{"by a person's addition", tickets.Command{Kind: tickets.CmdAmend, Actor: li}},
		{"by a machine's", tickets.Command{Kind: tickets.CmdAmend, Actor: clock}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := draft()
			d.Wanted = noon.Add(5 * h)
			theirs, ours := tt.c, tickets.Command{Kind: tickets.CmdOrigin, Actor: li, Origin: tickets.OriginInternal}
			theirs.Origin = tickets.OriginPlatform

			s := tell(t, d)
			s.do(theirs)
			if c := s.clock(tickets.ClockResolution); c.Running() {
				t.Errorf("no rule asks for it, yet it runs: %+v", c)
			}
			s.do(ours)
			s.due(tickets.ClockResolution, noon.Add(5*h))

			s = tell(t, d)
			target := tickets.ClockRule{Kind: tickets.ClockResolution, Clock: sla.CalendarTime, Duration: 30 * h}
			s.env.Policy.Rules = append([]tickets.Rule{{Name: "all", Clocks: []tickets.ClockRule{target}}}, s.env.Policy.Rules...)
			s.do(theirs)
			s.due(tickets.ClockResolution, noon.Add(30*h))
			if s.clock(tickets.ClockResolution).Fixed {
				t.Error("a target that a rule computes is fixed")
			}
			s.do(ours)
			s.due(tickets.ClockResolution, noon.Add(5*h))
		})
	}
}

func TestPlatformClockNeverPauses(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 10, 0), nil)
	for i := range s.env.Policy.Rules { // even where a rule says so
		for j := range s.env.Policy.Rules[i].Clocks {
			s.env.Policy.Rules[i].Clocks[j].PauseOn = []tickets.Party{tickets.PartyCustomer, tickets.PartyPlatform, tickets.PartyInfo}
		}
	}
	s.by(li, tickets.CmdClaim)
	for _, p := range []tickets.Party{tickets.PartyCustomer, tickets.PartyPlatform} {
		s.when(s.env.Now.Add(time.Hour)).do(tickets.Command{Kind: tickets.CmdWait, Actor: li, Party: p})
	}
	s.by(li, tickets.CmdSendBack)
	s.when(on(24, 9, 30)).wake()
	s.when(on(24, 9, 40)).by(shop, tickets.CmdComplete)
	if d := s.clock(tickets.ClockPlatform); !d.Due.Equal(on(24, 10, 0)) || d.Version != 1 || len(d.Pauses) > 0 || len(d.Fired) != 1 {
		t.Errorf("platform clock = %+v, want due 10:00 and reminded all the while", d)
	}
}

// TestNightDeadline: 3 张平台工单会在明早上班前到期，最早 02:10，请下班前处理或转夜班。
func TestNightDeadline(t *testing.T) {
	t.Parallel()
	s := since(t, on(23, 2, 10), nil)
	s.when(on(23, 9, 5)).by(li, tickets.CmdClaim)
	s.when(on(23, 9, 6)).by(li, tickets.CmdNote)
	s.wakes(on(23, 20, 30))
	r := s.when(on(23, 20, 30)).by(clock, tickets.CmdWake)
	wantKinds(t, kinds(r.Events), tickets.EvReminded)
	if e := r.Events[0]; !e.Moved || !e.Due.Equal(on(24, 2, 10)) {
		t.Errorf("before the end of the shift: %+v", e)
	}
	s.wakes(on(24, 2, 10)) // once: the mark of 01:40 is used up
	wantKinds(t, s.when(on(24, 2, 10)).wake(), tickets.EvBreached, tickets.EvEscalated)
}

func TestTwoLaddersMakeOnePing(t *testing.T) {
	t.Parallel()
	begin := func() *story { // first response due 12:30, warned 12:20; the platform due 12:55, warned 12:25
		d := platformDraft()
		d.BackOffice = noon.Add(55 * time.Minute)
		return tell(t, d)
	}
	clocks := func(r tickets.Result) (out []tickets.ClockKind) {
		for _, e := range r.Events {
			if e.Kind == tickets.EvReminded {
				out = append(out, e.Clock)
			}
		}
		return out
	}
	s := begin().at(20 * time.Minute)
	if diff := cmp.Diff([]tickets.ClockKind{"first_response", "platform"}, clocks(s.by(clock, tickets.CmdWake))); diff != "" {
		t.Errorf("said at once (-want +got):\n%s", diff)
	}
	s.wakes(noon.Add(30 * time.Minute)) // neither is said again

	apart := begin().at(20 * time.Minute)
	apart.env.Policy.MergeWithin = 4 * time.Minute
	if diff := cmp.Diff([]tickets.ClockKind{"first_response"}, clocks(apart.by(clock, tickets.CmdWake))); diff != "" {
		t.Errorf("said alone (-want +got):\n%s", diff)
	}
	apart.wakes(noon.Add(25 * time.Minute))
	// A breach is never said before its time.
	wantKinds(t, apart.at(25*time.Minute).wake(), tickets.EvReminded)
	wantKinds(t, apart.at(30*time.Minute).wake(), tickets.EvBreached)
}

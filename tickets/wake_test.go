package tickets_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

const day = 24 * time.Hour

func TestStepsFireOnTimeAndOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	wakes := []struct {
		after time.Duration
		want  []tickets.EventKind
	}{
		{20*time.Minute - time.Millisecond, nil},
		{20 * time.Minute, []tickets.EventKind{tickets.EvReminded}},
		{20 * time.Minute, nil},
		{30*time.Minute - time.Millisecond, nil},
		{30 * time.Minute, []tickets.EventKind{tickets.EvBreached}},
		{34 * time.Minute, nil},
		{35 * time.Minute, []tickets.EventKind{tickets.EvEscalated}},
		{47 * time.Hour, nil},
		{2*day - 10*time.Minute, []tickets.EventKind{tickets.EvReminded}},
	}
	for _, w := range wakes {
		if got := s.at(w.after).wake(); !cmp.Equal(got, w.want) {
			t.Errorf("wake after %v = %v, want %v", w.after, got, w.want)
		}
	}
	if want := noon.Add(2 * day); !s.ticket.Wake.Equal(want) {
		t.Errorf("Wake = %v, want %v", s.ticket.Wake, want)
	}
	if d := s.clock(tickets.ClockFirstResponse); !d.Breached || len(d.Fired) != 3 {
		t.Errorf("first response = %+v, want breached and three steps fired", d)
	}
}

func TestCatchUpCollapses(t *testing.T) {
	t.Parallel()
	p := tickets.Policy{Rules: []tickets.Rule{{Name: "r", Clocks: []tickets.ClockRule{{
		Kind: tickets.ClockResolution, Clock: sla.CalendarTime, Duration: 2 * time.Hour,
		Ladder: sla.Ladder{ // not in order of time on purpose
			{Name: "e3", Kind: sla.Escalate, Offset: 3 * time.Hour, Level: 3},
			{Name: "r2h", Kind: sla.Remind, Offset: -2 * time.Hour},
			{Name: "r30", Kind: sla.Remind, Offset: -30 * time.Minute},
			{Name: "breach", Kind: sla.Breach},
			{Name: "e1", Kind: sla.Escalate, Level: 1},
			{Name: "again", Kind: sla.Remind, Offset: 10 * time.Minute},
			{Name: "e2", Kind: sla.Escalate, Offset: 30 * time.Minute, Level: 2},
		},
	}}}}}
	said := func(after time.Duration) [][2]string {
		s := &story{t: t, env: tickets.Env{Now: noon, Policy: p}}
		s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, s.env))
		r := s.at(after).by(clock, tickets.CmdWake)
		var got [][2]string
		for _, e := range r.Events {
			got = append(got, [2]string{string(e.Kind), e.Step})
			if !e.Due.Equal(noon.Add(2*time.Hour)) || e.Clock != tickets.ClockResolution {
				t.Errorf("event %+v does not name its clock and deadline", e)
			}
		}
		if s.at(after).by(clock, tickets.CmdWake).Changed {
			t.Errorf("the same wake after %v changed the ticket again", after)
		}
		return got
	}
	tests := []struct {
		after time.Duration
		want  [][2]string
	}{
		{0, [][2]string{{"reminded", "r2h"}}},
		{100 * time.Minute, [][2]string{{"skipped", "r2h"}, {"reminded", "r30"}}},
		{2 * time.Hour, [][2]string{{"skipped", "r2h"}, {"skipped", "r30"}, {"breached", "breach"}, {"escalated", "e1"}}},
		{4 * time.Hour, [][2]string{{"skipped", "r2h"}, {"skipped", "r30"}, {"skipped", "e1"}, {"skipped", "again"},
			{"breached", "breach"}, {"escalated", "e2"}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, said(tt.after)); diff != "" {
			t.Errorf("first wake after %v (-want +got):\n%s", tt.after, diff)
		}
	}
}

func TestAckSilencesItsClockOnly(t *testing.T) {
	t.Parallel()
	d := platformDraft()
	d.BackOffice = noon.Add(70 * time.Minute)
	s := tell(t, d)
	s.env.Policy.AckLapse, s.env.Policy.MergeWithin = 0, 0
	s.refused(tickets.Command{Kind: tickets.CmdAck, Actor: li}, tickets.ReasonAlready) // nothing has called yet
	s.refused(tickets.Command{Kind: tickets.CmdAck, Actor: li, Clock: tickets.ClockResolution}, tickets.ReasonMissing)

	wantKinds(t, s.at(20*time.Minute).wake(), tickets.EvReminded)
	s.do(tickets.Command{Kind: tickets.CmdAck, Actor: li})
	if got := s.clock(tickets.ClockFirstResponse); got.AckedBy != li.ID || !s.clock(tickets.ClockPlatform).AckedAt.IsZero() {
		t.Errorf("acknowledged = %+v, want the clock that called and no other", s.ticket.Deadlines)
	}
	r := s.at(72*time.Minute).by(clock, tickets.CmdWake)
	wantKinds(t, kinds(r.Events), tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated)
	for _, e := range r.Events {
		if e.Clock != tickets.ClockPlatform {
			t.Errorf("the acknowledged %s clock said %s", e.Clock, e.Kind)
		}
	}
	s.do(tickets.Command{Kind: tickets.CmdAck, Actor: wang, Clock: tickets.ClockPlatform})
	s.refused(tickets.Command{Kind: tickets.CmdAck, Actor: zhao, Clock: tickets.ClockPlatform}, tickets.ReasonAlready)
	if !s.ticket.Wake.IsZero() {
		t.Errorf("Wake = %v with every clock acknowledged, want never", s.ticket.Wake)
	}
}

func TestHousekeeping(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.by(li, tickets.CmdResolve)
	s.at(time.Hour).by(asker, tickets.CmdNote) // not quiet
	if want := noon.Add(73 * time.Hour); !s.ticket.Wake.Equal(want) {
		t.Errorf("Wake = %v, want %v", s.ticket.Wake, want)
	}
	wantKinds(t, s.at(72*time.Hour).wake())
	wantKinds(t, s.at(73*time.Hour).wake(), tickets.EvClosed)
	s.status(tickets.StatusClosed)
	wantKinds(t, s.at(73*time.Hour+30*day-1).wake())
	wantKinds(t, s.at(73*time.Hour+30*day).wake(), tickets.EvArchived)
	s.status(tickets.StatusArchived)
	if !s.ticket.Wake.IsZero() {
		t.Errorf("Wake of an archived ticket = %v", s.ticket.Wake)
	}
	wantKinds(t, s.at(1000*day).wake())
}

func TestCancelledTicketIsArchived(t *testing.T) {
	t.Parallel()
	s := tell(t, platformDraft())
	s.by(li, tickets.CmdDiscard)
	wantKinds(t, s.at(day).wake())
	wantKinds(t, s.at(30*day).wake(), tickets.EvArchived)
}

func TestUnansweredTicketDoesNotCloseByItself(t *testing.T) {
	t.Parallel()
	d := platformDraft()
	d.BackOffice = noon.Add(100 * time.Hour)
	s := tell(t, d)
	s.by(li, tickets.CmdResolve)
	wantKinds(t, s.at(80*time.Hour).wake())
	wantKinds(t, s.at(99*time.Hour+30*time.Minute).wake(), tickets.EvReminded)
	wantKinds(t, s.at(100*time.Hour).wake(), tickets.EvBreached, tickets.EvEscalated)
	wantKinds(t, s.at(102*time.Hour).wake(), tickets.EvSkipped, tickets.EvSkipped, tickets.EvSkipped, tickets.EvReminded) // again and again
	wantKinds(t, s.at(174*time.Hour).wake(), tickets.EvClosed)
}

func TestZeroPolicyKeepsNothingByItself(t *testing.T) {
	t.Parallel()
	s := &story{t: t, env: tickets.Env{Now: noon}}
	s.take(tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: draft()}, s.env))
	s.by(li, tickets.CmdResolve)
	s.by(li, tickets.CmdClose)
	if !s.ticket.Wake.IsZero() || len(s.ticket.Deadlines) > 0 {
		t.Errorf("ticket under the zero policy has Wake %v, clocks %v", s.ticket.Wake, s.ticket.Deadlines)
	}
	s.refused(full(tickets.CmdReopen, wang), tickets.ReasonTooOld)
}

func TestChangedRulesDoNotLeaveAWakeDueForEver(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.env.Policy.Rules[len(s.env.Policy.Rules)-1].Clocks[0].Ladder = sla.Ladder{{Name: "breach", Kind: sla.Breach}}
	if r, err := tickets.Apply(&s.ticket, full(tickets.CmdWake, clock), s.env); err != nil || r.Changed || !r.Ticket.Wake.Equal(noon.Add(30*time.Minute)) {
		t.Errorf("wake before its time = %v, changed %v, error %v, want the new plan only", r.Ticket.Wake, r.Changed, err)
	}
	r := s.at(20*time.Minute).by(clock, tickets.CmdWake)
	wantKinds(t, kinds(r.Events), tickets.EvMoved)
	if want := noon.Add(30 * time.Minute); !s.ticket.Wake.Equal(want) {
		t.Errorf("Wake = %v, want %v", s.ticket.Wake, want)
	}
	wantKinds(t, s.wake())
}

func TestClockOfAVanishedRuleStillBreaches(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.env.Policy.Rules = nil
	wantKinds(t, s.at(20*time.Minute).wake(), tickets.EvMoved)
	wantKinds(t, s.at(30*time.Minute).wake(), tickets.EvBreached)
}

func TestFineStepsWakeNotBeforeTheyAreDue(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.env.Policy.Rules[len(s.env.Policy.Rules)-1].Clocks[0].Ladder = sla.Ladder{{Name: "r", Kind: sla.Remind, Offset: -1500 * time.Microsecond}}
	s.by(li, tickets.CmdClaim)
	s.env.Now = s.ticket.Wake
	wantKinds(t, s.wake(), tickets.EvReminded)
}

func TestFineTimesNeverFireEarly(t *testing.T) {
	t.Parallel()
	d := platformDraft()
	d.BackOffice = noon.Add(time.Hour + 1500*time.Microsecond)
	s := tell(t, d)
	due := s.clock(tickets.ClockPlatform).Due
	if due.Nanosecond()%int(time.Millisecond) != 0 || s.ticket.Wake.Nanosecond()%int(time.Millisecond) != 0 {
		t.Errorf("due %v or wake %v is finer than a millisecond", due, s.ticket.Wake)
	}
}

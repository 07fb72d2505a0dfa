package tickets_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// What happens to a ticket between a revision of the rules and its planning by that.

// revise changes the only clock of the story's rules, and leaves the ticket to be planned.
func (s *story) revise(change func(*tickets.ClockRule)) {
	r := s.env.Policy.Rules[0]
	r.Clocks = slices.Clone(r.Clocks)
	change(&r.Clocks[0])
	s.env.Policy.Rules = []tickets.Rule{r}
	s.env.Policy.Revision++
	s.env.Policy.Since = s.env.Now
}

func soon(before time.Duration) sla.Step {
	return sla.Step{Name: "soon", Kind: sla.Remind, Offset: -before}
}

// TestUnplannedTicketKeepsItsReminder: whatever happens to a ticket before it is planned by new rules, its reminder is said once.
func TestUnplannedTicketKeepsItsReminder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name             string
		revised, planned time.Duration // since noon
		due, before      time.Duration // by the new rules
		said             time.Duration
	}{
		{"due before the revision, and earlier by that", 121 * time.Minute, 122 * time.Minute, 135 * time.Minute, 30 * time.Minute, 121 * time.Minute},
		{"past for the new ladder and the old deadline alone", 100 * time.Minute, 111 * time.Minute, 200 * time.Minute, 90 * time.Minute, 110 * time.Minute},
		{"due before the revision, and to come by that", 121 * time.Minute, 122 * time.Minute, 240 * time.Minute, 30 * time.Minute, 210 * time.Minute},
	}
	for _, tt := range tests {
		for does, who := range map[tickets.CommandKind]tickets.Actor{tickets.CmdNote: li, tickets.CmdEdited: clock, tickets.CmdClaim: zhao, tickets.CmdUrge: shop} {
			t.Run(tt.name+", "+string(does), func(t *testing.T) {
				t.Parallel()
				s := climbing(t, sla.Ladder{breachStep, soon(time.Hour)}) // due at three hours, said at two
				s.at(tt.revised).revise(func(c *tickets.ClockRule) {
					c.Duration, c.Ladder = tt.due, sla.Ladder{breachStep, soon(tt.before)}
				})
				s.by(who, does)
				said := s.reminded(tt.planned)
				s.by(clock, tickets.CmdReplan)
				said = append(said, s.reminded(tt.due-time.Millisecond)...)
				if want := []time.Duration{tt.said}; !slices.Equal(said, want) {
					t.Errorf("reminded at %v, want %v", said, want)
				}
			})
		}
	}
}

// reminded lets time pass from wake to wake until an instant, and gives when it was reminded of the ticket.
func (s *story) reminded(until time.Duration) (out []time.Duration) {
	s.t.Helper()
	for !s.ticket.Wake.IsZero() && !s.ticket.Wake.After(noon.Add(until)) {
		s.env.Now = latest(s.env.Now, s.ticket.Wake)
		if slices.Contains(s.wake(), tickets.EvReminded) {
			out = append(out, s.env.Now.Sub(noon))
		}
	}
	s.env.Now = noon.Add(until)
	return out
}

// TestUnplannedTicketCallsNobodyEarly: a wake that comes before a ticket is planned by new rules calls only whom these call by then.
func TestUnplannedTicketCallsNobodyEarly(t *testing.T) {
	t.Parallel()
	call := func(before time.Duration) sla.Step {
		return sla.Step{Name: "call", Kind: sla.Escalate, Level: 1, Offset: -before}
	}
	s := climbing(t, sla.Ladder{breachStep, soon(90 * time.Minute), call(time.Hour)}) // due at three hours
	s.at(89 * time.Minute).revise(func(c *tickets.ClockRule) {
		c.Duration, c.Ladder = 6*time.Hour, sla.Ladder{breachStep, call(90 * time.Minute)}
	})
	s.heard(day, "4h30m0s escalated 1", "6h0m0s breached 0")

	// Nor does it call the next level before that one has had its time since the revision.
	for _, does := range []tickets.CommandKind{tickets.CmdWake, tickets.CmdReplan, tickets.CmdEdited} {
		s = climbing(t, sla.Ladder{breachStep, call(2 * time.Hour), soon(90 * time.Minute)}, waits(90*time.Minute, 0), waits(0, 0))
		s.heard(89*time.Minute, "1h0m0s escalated 1")
		s.revise(func(*tickets.ClockRule) {})
		s.env.Policy.Roster.Levels = []tickets.Level{waits(10*time.Minute, 0), waits(0, 0)}
		s.at(90*time.Minute).by(clock, does)
		s.heard(day, "1h39m0s escalated 2", "3h0m0s breached 0")
	}
}

// TestUnplannedTicketIsPlannedFirst: a command meets a ticket that new rules have yet to plan as if they had done so just before.
func TestUnplannedTicketIsPlannedFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.env.Now = l.env.Now.Add(pause().Draw(t, "pause"))
			if rapid.IntRange(0, 4).Draw(t, "revises") == 0 {
				l.revised(policy().Draw(t, "revision"))
			}
			l.plannedFirst(command(l.env.Now).Draw(t, "command"))
		}
	})
}

// TestLatePlanningIsAsOfTheRevision: how long after a revision a ticket is planned changes nothing of what it says, and when it is due.
func TestLatePlanningIsAsOfTheRevision(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			l.env.Now = l.env.Now.Add(pause().Draw(t, "pause"))
			l.step(command(l.env.Now).Draw(t, "command"))
		}
		l.env.Now = l.env.Now.Add(pause().Draw(t, "before"))
		l.revised(policy().Draw(t, "revision"))
		l.env.Policy.Since = l.env.Now
		at := l.env
		l.env.Now = l.env.Now.Add(pause().Draw(t, "late"))
		replan := tickets.Command{Kind: tickets.CmdReplan, Actor: clock}
		want, wantErr := tickets.Apply(&l.now, replan, at)
		got, err := tickets.Apply(&l.now, replan, l.env)
		if err != nil || wantErr != nil {
			return // of a finished ticket
		}
		if got.Ticket.Status == tickets.StatusResolved { // which then rests for as long as others do
			want.Ticket.Wake, got.Ticket.Wake = time.Time{}, time.Time{}
		}
		when := cmp.Options{cmpopts.IgnoreFields(tickets.Ticket{}, "Updated"), cmpopts.IgnoreFields(tickets.Event{}, "At")}
		if diff := cmp.Diff(want, got, when); diff != "" {
			t.Fatalf("planned %v after the revision (-want +got):\n%s", l.env.Now.Sub(at.Now), diff)
		}
	})
}

// TestLatePlanningSaysWhatFellDue: a reminder that new rules have put between their coming into force and the planning is said, also
// where somebody who did not know of them yet was at the ticket meanwhile.
func TestLatePlanningSaysWhatFellDue(t *testing.T) {
	t.Parallel()
	for _, does := range []tickets.CommandKind{tickets.CmdReplan, tickets.CmdEdited} {
		for _, meanwhile := range []bool{false, true} {
			s := climbing(t, sla.Ladder{breachStep, soon(time.Hour)}) // said at two hours
			if meanwhile {
				s.at(92*time.Minute).by(li, tickets.CmdNote)
			}
			s.at(80 * time.Minute).revise(func(c *tickets.ClockRule) { c.Ladder = sla.Ladder{breachStep, soon(90 * time.Minute)} })
			s.at(95*time.Minute).by(clock, does)
			wantKinds(t, s.wake(), tickets.EvReminded)
		}
	}
}

// plannedFirst applies a command to the ticket as it is and to the same ticket planned.
func (l *life) plannedFirst(c tickets.Command) {
	planned, err := tickets.Apply(&l.now, tickets.Command{Kind: tickets.CmdReplan, Actor: clock}, l.env)
	if err != nil {
		planned = tickets.Result{Ticket: l.now}
	}
	planned.Ticket.Updated = l.now.Updated // from which the days until a resolved ticket closes are counted
	want, wantErr := tickets.Apply(&planned.Ticket, c, l.env)
	got, err := tickets.Apply(&l.now, c, l.env)
	l.now = got.Ticket
	var refusal, wantRefusal *tickets.Refusal
	if errors.As(err, &refusal) != errors.As(wantErr, &wantRefusal) || refusal != nil && *refusal != *wantRefusal {
		l.t.Fatalf("%s: %v, planned %v", c.Kind, err, wantErr)
	}
	switch {
	case err != nil, c.Kind == tickets.CmdReplan, !want.Changed && c.Kind != tickets.CmdWake:
		return
	case !want.Changed:
		want.Ticket = planned.Ticket
	}
	events := append(slices.Clip(planned.Events), want.Events...)
	once := cmp.Options{cmpopts.IgnoreFields(tickets.Ticket{}, "Version", "Revision", "Updated"), cmpopts.IgnoreFields(tickets.Event{}, "Version", "Cause"), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want.Ticket, got.Ticket, once); diff != "" {
		l.t.Fatalf("%s (-planned +not yet):\n%s", c.Kind, diff)
	}
	if diff := cmp.Diff(events, got.Events, once); diff != "" {
		l.t.Fatalf("%s said (-planned +not yet):\n%s", c.Kind, diff)
	}
}

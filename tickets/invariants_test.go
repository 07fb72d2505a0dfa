package tickets_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// TestNoSequenceBreaksATicket throws random commands by random people at a ticket while time passes, and
// checks after each what must always hold.
func TestNoSequenceBreaksATicket(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			l.env.Now = l.env.Now.Add(pause().Draw(t, "pause"))
			switch rapid.IntRange(0, 14).Draw(t, "revises") {
			case 0:
				l.revise(policy().Draw(t, "revision"))
			case 1:
				l.revised(policy().Draw(t, "revision to come"))
			}
			l.step(command(l.env.Now).Draw(t, "command"))
		}
		l.pastUntouched()
	})
}

// life is a ticket under test and what has been seen of it.
type life struct {
	t     *rapid.T
	env   tickets.Env
	now   tickets.Ticket
	past  []tickets.Ticket // every ticket that was handed to Apply
	forms []string         // and its stored form then
	fired map[string]bool  // clock, version and step
}

func newLife(t *rapid.T) *life {
	l := &life{t: t, env: tickets.Env{Now: noon, Policy: policy().Draw(t, "policy")}, fired: map[string]bool{}}
	d := draft()
	d.Origin = rapid.SampledFrom([]tickets.Origin{tickets.OriginInternal, tickets.OriginPlatform, tickets.OriginProvider}).Draw(t, "origin")
	d.Facts.Platform = platforms().Draw(t, "platform")
	d.Private = rapid.Bool().Draw(t, "private")
	d.Requester = rapid.SampledFrom(people()).Draw(t, "requester").ID
	if rapid.Bool().Draw(t, "named") {
		d.Assignee = li.ID
	}
	if rapid.Bool().Draw(t, "late") {
		d.PlatformCreated = noon.Add(-5 * time.Hour)
	}
	if rapid.Bool().Draw(t, "shown") {
		d.BackOffice = noon.Add(span().Draw(t, "back office"))
	}
	if rapid.Bool().Draw(t, "wanted") {
		d.Wanted = noon.Add(span().Draw(t, "wanted by"))
	}
	r, err := tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: asker, Draft: d}, l.env)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	l.now = r.Ticket
	l.now.Unknown = map[string]json.RawMessage{"later": json.RawMessage(`[1]`)}
	l.standing()
	return l
}

// revised gives the workspace another policy, by which the ticket is yet to be planned.
func (l *life) revised(p tickets.Policy) {
	p.Revision = l.env.Policy.Revision + 1
	if rapid.Bool().Draw(l.t, "dated") {
		p.Since = l.env.Now
	}
	l.env.Policy = p
}

// revise plans the ticket by another policy, twice.
func (l *life) revise(p tickets.Policy) {
	l.revised(p)
	again := tickets.Command{Kind: tickets.CmdReplan, Actor: clock}
	before := l.now
	l.step(again)
	l.waited(before)
	before = l.now
	if l.step(again); l.now.Version != before.Version {
		l.t.Fatalf("planned again by the same policy, the ticket changed (-want +got):\n%s", cmp.Diff(before, l.now))
	}
	l.standing()
}

// waited checks that a revision has no level called at once: where nothing was due before it, the next call is yet to come.
func (l *life) waited(before tickets.Ticket) {
	if !before.Status.Open() && before.Status != tickets.StatusResolved || !before.Wake.IsZero() && !before.Wake.After(l.env.Now) {
		return
	}
	for _, d := range l.now.Deadlines {
		if !d.Running() || d.Paused() || !d.AckedAt.IsZero() {
			continue
		}
		if at := climbs(l.env.Policy, l.now, d); !at.IsZero() && !at.After(l.env.Now) {
			l.t.Fatalf("%s calls the next level at %v by a revision of %v", d.Kind, at, l.env.Now)
		}
	}
}

// step applies a command and checks the change and the ticket it leaves.
func (l *life) step(c tickets.Command) {
	before := l.now
	l.past, l.forms = append(l.past, before), append(l.forms, stored(l.t, before))
	r, err := tickets.Apply(&before, c, l.env)
	var refusal *tickets.Refusal
	switch {
	case err != nil && !errors.As(err, &refusal):
		l.t.Fatalf("%s: error %v is no refusal", c.Kind, err)
	case err != nil && !errors.Is(err, tickets.ErrInvalid) && !errors.Is(err, tickets.ErrForbidden):
		l.t.Fatalf("%s: refusal %v wraps neither ErrInvalid nor ErrForbidden", c.Kind, err)
	case r.Changed != (len(r.Events) > 0) || err != nil && r.Changed:
		l.t.Fatalf("%s: Changed = %v with %d events and error %v", c.Kind, r.Changed, len(r.Events), err)
	case !r.Changed:
		if diff := cmp.Diff(before, r.Ticket); diff != "" {
			l.t.Fatalf("%s without effect changed the ticket (-want +got):\n%s", c.Kind, diff)
		}
		return
	}
	l.now = r.Ticket
	l.change(c, before, r)
	l.standing()
	if c.Kind == tickets.CmdWake {
		l.woken(l.planned(before), r)
	}
}

// planned is what a command finds of a ticket: the policy has planned it.
func (l *life) planned(t tickets.Ticket) tickets.Ticket {
	r, err := tickets.Apply(&t, tickets.Command{Kind: tickets.CmdReplan, Actor: clock}, l.env)
	if err != nil {
		return t
	}
	return r.Ticket
}

// change checks one change against what it started from.
func (l *life) change(c tickets.Command, before tickets.Ticket, r tickets.Result) {
	if r.Ticket.Version != before.Version+1 {
		l.t.Fatalf("%s: version %d after %d", c.Kind, r.Ticket.Version, before.Version)
	}
	if leads := tickets.Leads(before.Status, c.Kind); !slices.Contains(leads, r.Ticket.Status) {
		l.t.Fatalf("%s led from %s to %s, the table has %v", c.Kind, before.Status, r.Ticket.Status, leads)
	}
	rules, _ := byRules(r.Events)
	for i, e := range r.Events {
		by := c.Actor.ID
		if i < len(rules) {
			by = ""
		}
		if e.Version != r.Ticket.Version || e.Cause != c.Cause || e.By != by || e.At.IsZero() || e.At.After(l.env.Now) {
			l.t.Fatalf("%s: event %+v of version %d", c.Kind, e, r.Ticket.Version)
		}
	}
	was, is := reflect.ValueOf(before), reflect.ValueOf(r.Ticket)
	for i := range is.NumField() {
		name := is.Type().Field(i).Name
		if cmp.Equal(was.Field(i).Interface(), is.Field(i).Interface()) {
			continue
		}
		by, known := explains[name]
		if name == "Deadlines" {
			if sameClocks(before, r.Ticket) {
				continue
			}
			by, known = clockEvents, true
		}
		if !known || by != nil && !slices.ContainsFunc(r.Events, func(e tickets.Event) bool { return slices.Contains(by, e.Kind) }) {
			l.t.Fatalf("%s changed %s from %v to %v, which no event of %v explains", c.Kind, name, was.Field(i), is.Field(i), kinds(r.Events))
		}
	}
}

// explains lists the events that may change a field; nil = every change does. Fields not listed never change.
var explains = map[string][]tickets.EventKind{
	"Version": nil, "Updated": nil, "Touched": nil, "Wake": nil, "Spoke": nil, "Revision": nil,
	"Status": {tickets.EvAssigned, tickets.EvStarted, tickets.EvWaiting, tickets.EvResumed, tickets.EvResolved, tickets.EvClosed,
		tickets.EvReopened, tickets.EvSentBack, tickets.EvCompleted, tickets.EvCancelled, tickets.EvDiscarded, tickets.EvArchived},
	"Waiting": {tickets.EvWaiting, tickets.EvResumed, tickets.EvResolved, tickets.EvSentBack, tickets.EvCancelled, tickets.EvDiscarded},
	"Type":    {tickets.EvAmended, tickets.EvType}, "Origin": {tickets.EvAmended, tickets.EvOrigin}, "Facts": {tickets.EvAmended, tickets.EvSplit},
	"Severity": {tickets.EvSeverity}, "Tags": {tickets.EvTagged}, "Promised": {tickets.EvPromised, tickets.EvReopened}, "Wanted": {tickets.EvReopened},
	"PlatformCreated": {tickets.EvAmended, tickets.EvOrigin}, "BackOffice": {tickets.EvAmended, tickets.EvOrigin, tickets.EvDue},
	"StaffDue": {tickets.EvAmended, tickets.EvOrigin, tickets.EvDue}, "Snoozed": {tickets.EvSnoozed},
	"Source":   {tickets.EvEdited, tickets.EvDeleted, tickets.EvPosted},
	"Assignee": {tickets.EvAssigned}, "Started": {tickets.EvStarted}, "Answered": {tickets.EvAnswered, tickets.EvCorrected},
	"Responded": {tickets.EvResponded}, "Urged": {tickets.EvUrged}, "Resolved": {tickets.EvResolved, tickets.EvReopened},
	"Closed":  {tickets.EvClosed, tickets.EvCancelled, tickets.EvDiscarded, tickets.EvReopened},
	"Outcome": {tickets.EvResolved, tickets.EvClosed, tickets.EvCancelled, tickets.EvDiscarded, tickets.EvReopened},
}

// clockEvents are those of which one goes with every change of the deadlines, except that whoever said "on it" did
// something else.
var clockEvents = []tickets.EventKind{tickets.EvResponded, tickets.EvAnswered, tickets.EvCorrected, tickets.EvResolved, tickets.EvCancelled,
	tickets.EvDiscarded, tickets.EvReopened, tickets.EvAcked, tickets.EvAmended, tickets.EvMoved, tickets.EvReminded, tickets.EvBreached,
	tickets.EvEscalated, tickets.EvSkipped, tickets.EvWaiting, tickets.EvResumed, tickets.EvSentBack, tickets.EvCompleted, tickets.EvStarted,
	tickets.EvRestarted, tickets.EvAssigned, tickets.EvSeverity, tickets.EvType, tickets.EvOrigin, tickets.EvDue, tickets.EvPromised, tickets.EvTagged,
	tickets.EvLapsed, tickets.EvReplanned, tickets.EvUnsaid}

// byRules parts events into those of new rules that a ticket was planned by first and those of the command.
func byRules(events []tickets.Event) (rules, own []tickets.Event) {
	i := slices.IndexFunc(events, func(e tickets.Event) bool { return e.Kind == tickets.EvReplanned }) + 1
	return events[:i], events[i:]
}

// sameClocks tells whether nothing changed of the deadlines but the last act of who is on it.
func sameClocks(was, is tickets.Ticket) bool {
	return cmp.Equal(was.Deadlines, is.Deadlines, cmpopts.IgnoreFields(tickets.Deadline{}, "AckKept"))
}

// standing checks what must hold of a ticket at rest.
func (l *life) standing() {
	tk, p := l.now, l.env.Policy
	if want := wakeOf(tk, p); !tk.Wake.Equal(want) {
		l.t.Fatalf("Wake = %v, recomputed %v", tk.Wake, want)
	}
	if (tk.Waiting != "") != (tk.Status == tickets.StatusWaiting) {
		l.t.Fatalf("waiting for %q in status %s", tk.Waiting, tk.Status)
	}
	if tk.Status == tickets.StatusArchived && !tk.Wake.IsZero() {
		l.t.Fatalf("archived ticket wakes at %v", tk.Wake)
	}
	over := tk.Status == tickets.StatusClosed || tk.Status == tickets.StatusCancelled
	if over && !tk.Wake.Equal(tk.Closed.Add(p.ArchiveAfter)) {
		l.t.Fatalf("%s ticket wakes at %v for more than housekeeping", tk.Status, tk.Wake)
	}
	if d, ok := tk.Deadline(tickets.ClockPlatform); ok && !d.Running() && tk.Answered.IsZero() &&
		!d.Dropped && tk.Origin.Binding() && (tk.Status.Open() || tk.Status == tickets.StatusResolved) {
		l.t.Fatalf("the platform clock stopped without an answer: %+v", d)
	}
	for _, d := range tk.Deadlines {
		l.pauses(d)
		l.asked(d)
		if d.Running() && d.Kind != tickets.ClockPlatform && !tk.Status.Open() {
			l.t.Fatalf("the team's %s clock runs on a %s ticket", d.Kind, tk.Status)
		}
		if d.Breached && !d.Running() && !d.Stopped.After(d.Due) {
			l.t.Fatalf("stopped in time, yet breached: %+v", d)
		}
	}
}

// asked checks that of an open ticket's clocks those run that a rule asks for or somebody gave, and no others.
func (l *life) asked(d tickets.Deadline) {
	tk := l.now
	rule, _ := l.env.Policy.Explain(tk)
	asked := slices.ContainsFunc(rule.Clocks, func(c tickets.ClockRule) bool { return c.Kind == d.Kind })
	switch d.Kind {
	case tickets.ClockPlatform:
		asked = tk.Origin.Binding() && (asked || !tk.BackOffice.IsZero() || !tk.StaffDue.IsZero())
	case tickets.ClockResolution:
		asked = asked || !tk.Promised.IsZero() || !tk.Wish().IsZero()
	case tickets.ClockFirstResponse:
		asked = asked && tk.Responded.IsZero()
	}
	switch {
	case d.Dropped && d.Running():
		l.t.Fatalf("dropped, yet it runs: %+v", d)
	case tk.Status.Open() && (d.Running() && !asked || d.Dropped && asked):
		l.t.Fatalf("asked for: %v, yet: %+v", asked, d)
	}
}

// pauses checks that a deadline's pauses lie one after another, that only the last may last, and that a given deadline and the
// platform's never pause.
func (l *life) pauses(d tickets.Deadline) {
	last := d.Start
	for i, p := range d.Pauses {
		open := p.To.IsZero()
		if p.From.Before(last) || open && i < len(d.Pauses)-1 || !open && !p.To.After(p.From) {
			l.t.Fatalf("pauses of %s: %+v", d.Kind, d.Pauses)
		}
		last = p.To
	}
	if d.Paused() && (d.Fixed || d.Kind == tickets.ClockPlatform) || d.Kind == tickets.ClockPlatform && len(d.Pauses) > 0 {
		l.t.Fatalf("%s pauses: %+v", d.Kind, d)
	}
	if d.Paused() && !l.now.Status.Open() {
		l.t.Fatalf("%s pauses on a %s ticket", d.Kind, l.now.Status)
	}
}

// woken checks what a wake fired.
func (l *life) woken(before tickets.Ticket, r tickets.Result) {
	finished := !before.Status.Open() && before.Status != tickets.StatusResolved
	said := map[string]int{}
	_, own := byRules(r.Events)
	for _, e := range own {
		switch e.Kind {
		case tickets.EvClosed, tickets.EvArchived:
			continue
		case tickets.EvReminded, tickets.EvBreached:
			said[string(e.Clock)+"/mark"]++
		case tickets.EvEscalated:
			said[string(e.Clock)+"/call"]++
		case tickets.EvLapsed:
			continue
		case tickets.EvSkipped:
		default:
			l.t.Fatalf("a wake led to %s", e.Kind)
		}
		l.firedOnceInTime(before, e, finished)
	}
	for what, n := range said {
		if n > 1 {
			l.t.Fatalf("%s was said %d times at once", what, n)
		}
	}
	if !r.Ticket.Wake.IsZero() && !r.Ticket.Wake.After(l.env.Now) {
		l.t.Fatalf("after the wake at %v the next is due at %v", l.env.Now, r.Ticket.Wake)
	}
	again, err := tickets.Apply(&r.Ticket, tickets.Command{Kind: tickets.CmdWake, Actor: clock}, l.env)
	if err != nil || again.Changed {
		l.t.Fatalf("the same wake again: changed %v, %v", again.Changed, err)
	}
}

func (l *life) firedOnceInTime(before tickets.Ticket, e tickets.Event, finished bool) {
	d, _ := l.now.Deadline(e.Clock)
	key := fmt.Sprintf("%s/%d/%s", e.Clock, d.Version, e.Step)
	plan := l.env.Policy.Plan(l.now, d)
	if was, _ := before.Deadline(e.Clock); strings.HasPrefix(e.Step, "climb_") {
		if e.Kind == tickets.EvEscalated && e.Level < was.Called.Level {
			l.t.Fatalf("%s after level %d", key, was.Called.Level)
		}
		plan = append(plan, sla.Mark{Step: sla.Step{Name: e.Step, Kind: sla.Escalate}, At: l.climbed(before, was)})
	}
	i := slices.IndexFunc(plan, func(m sla.Mark) bool { return m.Step.Name == e.Step })
	switch {
	case finished:
		l.t.Fatalf("%s fired on a finished ticket", key)
	case l.fired[key]:
		l.t.Fatalf("%s fired twice", key)
	case i < 0 || plan[i].At.After(l.env.Now.Add(l.early(plan[i], e))):
		l.t.Fatalf("%s fired early at %v, due %v", key, l.env.Now, d.Due)
	case !d.Running() || !d.AckedAt.IsZero():
		l.t.Fatalf("%s fired though the clock had stopped or was acknowledged", key)
	}
	l.fired[key] = true
}

// climbed is when the call by the levels of escalation was due; where somebody had been on it, counted from the lapse.
func (l *life) climbed(t tickets.Ticket, d tickets.Deadline) time.Time {
	if !d.AckedAt.IsZero() {
		d.Called.At = latest(d.Called.At, latest(d.AckedAt, d.AckKept).Add(l.env.Policy.AckLapse))
	}
	return climbs(l.env.Policy, t, d)
}

// early is how long before its time a step may be said: a reminder only, along with a ping of another clock.
func (l *life) early(m sla.Mark, e tickets.Event) time.Duration {
	if e.Kind != tickets.EvReminded || m.Step.Kind != sla.Remind {
		return 0
	}
	return l.env.Policy.MergeWithin
}

// pastUntouched checks that no ticket handed to Apply has changed since, by whatever memory is shared.
func (l *life) pastUntouched() {
	for i, p := range l.past {
		if got := stored(l.t, p); got != l.forms[i] {
			l.t.Fatalf("version %d was changed afterwards (-want +got):\n%s", p.Version, cmp.Diff(l.forms[i], got))
		}
	}
}

func stored(t *rapid.T, tk tickets.Ticket) string {
	b, err := json.Marshal(tk)
	if err != nil {
		t.Fatalf("store: %v", err)
	}
	return string(b)
}

// TestForksShareNoMemory applies different commands to one ticket whose slices have room to grow: neither
// result may write into the other.
func TestForksShareNoMemory(t *testing.T) {
	t.Parallel()
	s := tell(t, draft())
	s.at(20 * time.Minute).wake()
	s.ticket.Deadlines[0].Fired = append(make([]string, 0, 8), s.ticket.Deadlines[0].Fired...)
	s.ticket.Facts.Orders = append(make([]string, 0, 8), s.ticket.Facts.Orders...)
	fork := func(after time.Duration, order string) tickets.Ticket {
		f := *s
		c := full(tickets.CmdNote, li)
		c.Facts.Orders = []string{order}
		f.at(after).wake()
		return f.do(c).Ticket
	}
	claimed := *s
	claimed.by(li, tickets.CmdClaim).Ticket.Facts.Orders[0] = "overwritten"
	if s.ticket.Facts.Orders[0] == "overwritten" {
		t.Error("the claimed ticket shares its orders with the one before")
	}
	first := fork(30*time.Minute, "1")
	want, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	second := fork(24*time.Hour, "2")
	second.Deadlines[0].Fired[0] = "overwritten"
	second.Facts.Orders[0] = "overwritten"
	got, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the first fork changed with the second (-want +got):\n%s", diff)
	}
}

// wakeOf says by the words of Ticket.Wake when a ticket wakes next.
func wakeOf(t tickets.Ticket, p tickets.Policy) time.Time {
	var all []time.Time
	last, held := time.Time{}, t.Snoozed // last: of what the platform's clock has to say
	if d, ok := t.Deadline(tickets.ClockPlatform); ok && d.Running() && d.Due.Before(held) {
		held = d.Due
	}
	for _, d := range t.Deadlines {
		if !d.Running() {
			continue
		}
		if d.Kind == tickets.ClockPlatform {
			last = d.Due
		}
		if !d.AckedAt.IsZero() || d.Paused() {
			if p.AckLapse > 0 && !d.AckedAt.IsZero() && !d.Paused() {
				all = append(all, latest(d.AckedAt, d.AckKept).Add(p.AckLapse))
			}
			continue
		}
		for _, m := range p.Plan(t, d) {
			if slices.Contains(d.Fired, m.Step.Name) {
				continue
			}
			at := m.At
			if m.Step.Kind == sla.Remind {
				at = latest(at, held)
			} else if d.Kind == tickets.ClockPlatform {
				last = latest(last, at)
			}
			all = append(all, at)
		}
		if at := climbs(p, t, d); !at.IsZero() {
			all = append(all, at)
			if d.Kind == tickets.ClockPlatform {
				last = latest(last, at)
			}
		}
	}
	switch t.Status {
	case tickets.StatusArchived:
		return time.Time{}
	case tickets.StatusClosed, tickets.StatusCancelled:
		return t.Closed.Add(p.ArchiveAfter)
	case tickets.StatusResolved:
		all = append(all, latest(t.Updated.Add(p.AutoClose), last))
	}
	if len(all) == 0 {
		return time.Time{}
	}
	return upToMilli(slices.MinFunc(all, time.Time.Compare))
}

// climbs is when the level that was called last has had its time; zero if no call follows.
func climbs(p tickets.Policy, t tickets.Ticket, d tickets.Deadline) time.Time {
	last, all := d.Called, p.Roster.Levels
	if last.Level == 0 || len(all) == 0 {
		return time.Time{}
	}
	l := all[min(last.Level, len(all))-1]
	if l.Wait == 0 || last.Level >= len(all) && last.Times >= max(1, l.Times) {
		return time.Time{}
	}
	duty := p.ClockOf(t, d).Duty
	at, err := duty.Add(sla.WorkingTime, last.At, l.Wait)
	if err == nil {
		at, err = duty.NextOpen(at)
	}
	if err != nil {
		panic(err)
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func upToMilli(t time.Time) time.Time {
	if cut := t.Truncate(time.Millisecond); cut.Before(t) {
		return cut.Add(time.Millisecond)
	}
	return t
}

package tickets

import (
	"slices"
	"time"

	"gongdan/tickets/sla"
)

// silentLadder stands in where no rule names steps for a clock, so that no deadline passes unseen.
var silentLadder = sla.Ladder{{Name: "breach", Kind: sla.Breach}}

func (p Policy) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// rule returns the first rule that binds the ticket; the zero rule if none does.
func (p Policy) rule(t Ticket) Rule {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Match.Matches(t) })
	if i < 0 {
		return Rule{}
	}
	return p.Rules[i]
}

func (r Rule) clock(k ClockKind) (ClockRule, bool) {
	i := slices.IndexFunc(r.Clocks, func(c ClockRule) bool { return c.Kind == k })
	if i < 0 {
		return ClockRule{}, false
	}
	return r.Clocks[i], true
}

// Ladder returns the steps of one of the ticket's clocks: those of the rule that set it, or, where that rule
// has gone, of the rule that would bind the ticket now. There is always at least the breach itself.
func (p Policy) Ladder(t Ticket, d Deadline) sla.Ladder {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Name == d.Rule })
	if i >= 0 {
		if c, ok := p.Rules[i].clock(d.Kind); ok && len(c.Ladder) > 0 {
			return c.Ladder
		}
	}
	if c, ok := p.rule(t).clock(d.Kind); ok && len(c.Ladder) > 0 {
		return c.Ladder
	}
	return silentLadder
}

// plan sets the clocks that the first matching rule asks for, and the platform clock that a deadline from
// the back office asks for. Running clocks move if their rule now says otherwise; stopped ones stay; those that the rule
// does not know go on as they were.
func (a *act) plan() error {
	rule := a.env.Policy.rule(a.t)
	if !a.t.Origin.Binding() {
		a.stop(ClockPlatform, a.now)
	}
	for _, c := range rule.Clocks {
		if c.Kind == ClockPlatform && !a.t.Origin.Binding() || c.Kind != ClockPlatform && !a.t.Status.Open() {
			continue
		}
		if err := a.set(rule.Name, c); err != nil {
			return err
		}
	}
	if _, ok := rule.clock(ClockPlatform); !ok && a.t.Origin.Binding() && !a.t.BackOffice.IsZero() {
		return a.set(rule.Name, ClockRule{Kind: ClockPlatform, Clock: sla.CalendarTime})
	}
	return nil
}

// set starts a clock or, if it runs already, moves it.
func (a *act) set(rule string, c ClockRule) error {
	d := a.clock(c.Kind)
	start := a.t.Created
	switch {
	case d != nil && !d.Running() && (c.Kind != ClockPlatform || !a.t.Answered.IsZero()):
		return nil
	case c.Kind == ClockPlatform && !a.t.PlatformCreated.IsZero():
		start = a.t.PlatformCreated
	case d != nil:
		start = d.Start
	}
	want := Deadline{Kind: c.Kind, Start: start, Version: 1, Rule: rule}
	if c.Kind == ClockPlatform && !a.t.BackOffice.IsZero() {
		want.Due, want.Fixed = a.t.BackOffice, true
	} else {
		due, err := sla.Add(c.Clock, start, c.Duration)
		if err != nil {
			return refuse(ReasonBadValue, err.Error())
		}
		want.Due = instant(due)
	}
	if d == nil {
		a.t.Deadlines = append(a.t.Deadlines, want)
		return nil
	}
	d.Stopped = time.Time{} // a platform clock that stopped because the ticket was taken for an internal one
	a.shift(d, want)
	return nil
}

// shift moves a running deadline. Only if its due time changes does a new version begin, whose steps are
// all yet to fire.
func (a *act) shift(d *Deadline, want Deadline) {
	if want.Due.Equal(d.Due) {
		d.Start, d.Fixed, d.Rule = want.Start, want.Fixed, want.Rule
		return
	}
	a.renew(d, want)
}

// renew begins the next version of a deadline.
func (a *act) renew(d *Deadline, want Deadline) {
	a.say(Event{
		Kind: EvMoved, Clock: d.Kind, Due: want.Due,
		From: d.Due.Format(time.RFC3339Nano), To: want.Due.Format(time.RFC3339Nano),
	})
	want.Version = d.Version + 1
	*d = want
}

// rewind sets the clocks going after a reopening: the resolution starts afresh, the platform's goes on as
// if nothing had happened unless it was answered, and an undone ticket nobody had answered yet waits for a first response again.
func (a *act) rewind(undone bool) error {
	a.again(ClockResolution)
	if undone && a.t.Responded.IsZero() {
		a.again(ClockFirstResponse)
	}
	if d := a.clock(ClockPlatform); d != nil && a.t.Answered.IsZero() {
		d.Stopped = time.Time{}
	}
	return nil
}

// again restarts a clock now for the length it had.
func (a *act) again(k ClockKind) {
	d := a.clock(k)
	if d == nil {
		return
	}
	c, ok := a.env.Policy.rule(a.t).clock(k)
	due, err := sla.Add(c.Clock, a.now, c.Duration)
	if !ok || err != nil {
		due = a.now.Add(d.Due.Sub(d.Start))
	}
	a.renew(d, Deadline{Kind: k, Start: a.now, Due: instant(due), Rule: a.env.Policy.rule(a.t).Name})
}

// stop ends a running clock at an instant. A breach recorded meanwhile is taken back if it stopped in time.
func (a *act) stop(k ClockKind, at time.Time) {
	d := a.clock(k)
	if d == nil || !d.Running() {
		return
	}
	d.Stopped = at
	d.Breached = at.After(d.Due) && slices.ContainsFunc(a.env.Policy.Ladder(a.t, *d), func(s sla.Step) bool {
		return s.Kind == sla.Breach && slices.Contains(d.Fired, s.Name)
	})
}

// clock returns the ticket's deadline of a kind for changing, or nil.
func (a *act) clock(k ClockKind) *Deadline {
	for i := range a.t.Deadlines {
		if a.t.Deadlines[i].Kind == k {
			return &a.t.Deadlines[i]
		}
	}
	return nil
}

// ack records that somebody is on it: the named clock, or each that has called, falls silent.
func (a *act) ack() error {
	named := a.c.Clock != ""
	if named && a.clock(a.c.Clock) == nil {
		return refuse(ReasonMissing, "clock")
	}
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		wanted := d.Kind == a.c.Clock || !named && len(d.Fired) > 0
		if !wanted || !d.Running() || !d.AckedAt.IsZero() {
			continue
		}
		d.AckedBy, d.AckedAt = a.c.Actor.ID, a.now
		a.say(Event{Kind: EvAcked, Clock: d.Kind, Due: d.Due})
	}
	if len(a.events) == 0 {
		return refuse(ReasonAlready, string(a.c.Clock))
	}
	return nil
}

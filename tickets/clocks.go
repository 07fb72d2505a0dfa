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
	return p.whole(i, t)
}

// RuleOf returns the rule by which one of the ticket's clocks runs: the one that set it or, where that has gone, the
// one that would bind the ticket now; the zero rule if none does.
func (p Policy) RuleOf(t Ticket, d Deadline) Rule {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Name == d.Rule })
	if i < 0 {
		return p.rule(t)
	}
	return p.whole(i, t)
}

func (r Rule) clock(k ClockKind) (ClockRule, bool) {
	i := slices.IndexFunc(r.Clocks, func(c ClockRule) bool { return c.Kind == k })
	if i < 0 {
		return ClockRule{}, false
	}
	return r.Clocks[i], true
}

// given is the clock of a rule that says nothing of its kind: for a deadline that somebody gave. People are there
// when they are for the rule's other clocks.
func (r Rule) given(k ClockKind) ClockRule {
	c := ClockRule{Kind: k, Clock: sla.CalendarTime}
	switch k {
	case ClockPlatform:
		c.Ladder = platformLadder()
	case ClockResolution:
		c.Ladder = teamLadder()
	}
	if len(r.Clocks) > 0 {
		c.Calendar, c.Duty = r.Clocks[0].Calendar, r.Clocks[0].Duty
	}
	return c
}

// ClockOf returns how one of the ticket's clocks counts, with the hours of the ticket's shop. There is always at least
// the step of the breach itself.
func (p Policy) ClockOf(t Ticket, d Deadline) ClockRule {
	c, ok := p.RuleOf(t, d).clock(d.Kind)
	if !ok {
		now := p.rule(t)
		if c, ok = now.clock(d.Kind); !ok {
			c = now.given(d.Kind)
		}
	}
	if len(c.Ladder) == 0 {
		c.Ladder = silentLadder
	}
	return p.inShop(t, c)
}

// inShop fills in the hours and marks of the ticket's shop.
func (p Policy) inShop(t Ticket, c ClockRule) ClockRule {
	i := slices.IndexFunc(p.Shops, func(s Shop) bool { return s.Calendar != nil && s.Name == t.Facts.Shop })
	if i >= 0 {
		c.Duty = p.Shops[i].Calendar
		if c.Kind != ClockPlatform {
			c.Calendar = p.Shops[i].Calendar
		}
		if l, ok := c.ShopLadders[p.Shops[i].Name]; ok {
			c.Ladder = l
		}
	}
	c.Duty = orElse(c.Duty, c.Calendar)
	return c
}

// Plan returns the marks of one of the ticket's clocks in order of time, those used up among them. Those of a
// paused clock are where they would have been without the present pause.
func (p Policy) Plan(t Ticket, d Deadline) []sla.Mark {
	c := p.ClockOf(t, d)
	s := sla.Span{Clock: c.Clock, Calendar: c.Calendar, Start: d.Start, Due: d.Due, Duration: c.Duration,
		Pauses: d.counted(), Duty: c.Duty, Lead: p.ShiftLead, Begun: t.begun(), Held: d.Held}
	if d.Fixed {
		s.Duration = 0
	}
	return sla.Plan(c.Ladder, s)
}

// plan sets the clocks that the first matching rule asks for, and those of deadlines that somebody gave. Running clocks
// move if their rule now says otherwise, and end if no rule asks for them any more; those that people stopped stay. The
// clocks of answers begin by what people say, not here.
func (a *act) plan() error {
	a.t.Revision = a.env.Policy.Revision
	rule := a.env.Policy.rule(a.t)
	for _, k := range []ClockKind{ClockPlatform, ClockFirstResponse, ClockNextResponse, ClockResolution, ClockNextUpdate} {
		c, ok := a.wanted(rule, k)
		switch {
		case k != ClockPlatform && !a.t.Status.Open():
			continue
		case !ok:
			a.dropClock(k)
			continue
		case k == ClockFirstResponse && !a.t.Responded.IsZero(), k == ClockNextResponse && a.clock(k) == nil:
			continue
		}
		if err := a.set(rule.Name, c); err != nil {
			return err
		}
	}
	return nil
}

// wanted is how a clock counts by the rule that binds the ticket; false if it is not to run.
func (a *act) wanted(r Rule, k ClockKind) (ClockRule, bool) {
	c, ok := r.clock(k)
	switch {
	case k == ClockPlatform && !a.t.Origin.Binding():
		return ClockRule{}, false
	case !ok && !a.given(k).IsZero(), !ok && k == ClockResolution && !a.t.Wish().IsZero():
		return r.given(k), true
	}
	return c, ok
}

// dropClock ends a clock that no rule asks for any more.
func (a *act) dropClock(k ClockKind) {
	d := a.clock(k)
	if d == nil || !d.Running() {
		return
	}
	a.stop(k, a.now)
	d.Dropped = true
	a.say(Event{Kind: EvMoved, Clock: k, From: d.Due.Format(time.RFC3339Nano)})
}

// given is a deadline that somebody gave: it beats what a rule computes. Zero = none.
func (a *act) given(k ClockKind) time.Time {
	switch k {
	case ClockPlatform:
		return orElse(a.t.StaffDue, a.t.BackOffice)
	case ClockResolution:
		return a.t.Promised
	}
	return time.Time{}
}

// set starts a clock or, if it runs already, moves it. One that was dropped goes on.
func (a *act) set(rule string, c ClockRule) error {
	d := a.clock(c.Kind)
	if d != nil && a.settled(*d) {
		return nil
	}
	want := Deadline{Kind: c.Kind, Start: a.startOf(c.Kind), Version: 1, Rule: rule}
	if d != nil && want.Start.Equal(d.Start) {
		want.Pauses = d.credited(c.PauseOn, a.now)
	}
	if want.Due = a.given(c.Kind); !want.Due.IsZero() {
		want.Fixed = true
	} else if err := a.count(&want, c); err != nil {
		return refuse(ReasonBadValue, err.Error())
	}
	switch {
	case d == nil:
		a.begin(want)
	case d.Dropped:
		a.sayBegun(want)
		a.replace(d, want)
	default:
		a.shift(d, want)
	}
	if c.Kind == ClockPlatform && !a.t.Answered.IsZero() {
		a.stopAt(a.clock(c.Kind), a.t.Answered)
	}
	return nil
}

// settled tells whether a clock stays as it is: people stopped it. The platform's still moves if the marketplace's own times
// turn out to be others than those it was stopped by.
func (a *act) settled(d Deadline) bool {
	given := a.given(d.Kind)
	switch {
	case d.Running(), d.Dropped:
		return false
	case d.Kind != ClockPlatform:
		return true
	}
	return d.Start.Equal(a.startOf(d.Kind)) && (given.IsZero() || given.Equal(d.Due))
}

// begin adds a clock. Those that a new ticket has go without saying.
func (a *act) begin(d Deadline) {
	a.t.Deadlines = append(a.t.Deadlines, d)
	if a.c.Kind != CmdCreate {
		a.sayBegun(d)
	}
}

func (a *act) sayBegun(d Deadline) {
	a.say(Event{Kind: EvMoved, Clock: d.Kind, Due: d.Due, To: d.Due.Format(time.RFC3339Nano)})
}

// startOf is when a clock starts: the platform's at the platform's creation of the ticket, whenever that was typed.
func (a *act) startOf(k ClockKind) time.Time {
	d := a.clock(k)
	switch {
	case k == ClockPlatform && !a.t.PlatformCreated.IsZero():
		return a.t.PlatformCreated
	case k == ClockNextUpdate && d != nil && d.Dropped:
		return a.now // what was said meanwhile has not restarted it
	case d != nil:
		return d.Start
	}
	return a.t.Created
}

// count computes when a clock is due. A pause never brings the deadline nearer: a deferred clock alone would do so, where
// it carries the end of the time out of a closed period, so that of its ends without the later pauses the last counts. What the
// requester wants done sooner is due then.
func (a *act) count(d *Deadline, c ClockRule) error {
	var wish time.Time
	if d.Kind == ClockResolution {
		wish = a.t.Wish()
	}
	if !wish.IsZero() && c.Duration == 0 { // no rule asks for this clock, only the requester
		d.Due, d.Fixed = wish, true
		return nil
	}
	c = a.env.Policy.inShop(a.t, c)
	pauses := d.counted()
	first := len(pauses)
	if c.Clock == sla.DeferredTime {
		first = 0
	}
	var last time.Time
	for n := first; n <= len(pauses); n++ {
		due, err := c.Calendar.Add(c.Clock, d.Start, c.Duration, pauses[:n]...)
		if err != nil {
			return err
		}
		last = later(last, instant(due))
	}
	d.Due = last
	if !wish.IsZero() && wish.Before(last) {
		d.Due, d.Fixed = wish, true
	}
	return nil
}

// shift moves a running deadline. Only if its due time changes does a new version begin.
func (a *act) shift(d *Deadline, want Deadline) {
	if want.Due.Equal(d.Due) {
		d.Start, d.Fixed, d.Rule, d.Pauses = want.Start, want.Fixed, want.Rule, want.Pauses
		return
	}
	a.renew(d, want)
}

// renew begins the next version of a deadline and says so.
func (a *act) renew(d *Deadline, want Deadline) {
	a.say(Event{
		Kind: EvMoved, Clock: d.Kind, Due: want.Due,
		From: d.Due.Format(time.RFC3339Nano), To: want.Due.Format(time.RFC3339Nano),
	})
	a.replace(d, want)
}

// replace begins the next version of a deadline. Steps that have fired and whose time has still passed stay used up; with a due time
// to come, nobody is on it yet.
func (a *act) replace(d *Deadline, want Deadline) {
	want.Version = d.Version + 1
	if !want.Due.After(a.now) {
		want.AckedBy, want.AckedAt, want.AckKept, want.Held = d.AckedBy, d.AckedAt, d.AckKept, d.Held
	}
	a.carry(*d, &want)
	*d = want
}

// rewind sets the clocks going after a reopening: resolution and next update start afresh, and an undone ticket nobody had answered
// yet waits for a first response again. The platform's goes on as if nothing had happened unless it was answered; only the level that
// was called last has its time once more. Then they are planned, as the rules or the ticket may have changed while it was finished.
func (a *act) rewind(undone bool) error {
	a.t.Promised, a.t.Wanted = time.Time{}, time.Time{}
	a.again(ClockResolution)
	a.again(ClockNextUpdate)
	if undone && a.t.Responded.IsZero() {
		a.again(ClockFirstResponse)
	}
	if d := a.clock(ClockPlatform); d != nil && !d.Dropped && a.t.Answered.IsZero() {
		d.Stopped = time.Time{}
		if a.before != StatusResolved {
			d.callOn(a.now, a.now) // nobody was called meanwhile
		}
	}
	return a.plan()
}

// again restarts a clock now for the length it had. One that no rule asks for any more waits for one that does.
func (a *act) again(k ClockKind) {
	d := a.clock(k)
	if d == nil {
		return
	}
	want := a.afresh(*d)
	if _, ok := a.wanted(a.env.Policy.rule(a.t), k); !ok {
		want.Stopped, want.Dropped = a.now, true
		a.replace(d, want)
		return
	}
	a.renew(d, want)
}

// afresh is the next run of a clock from now, by the rule that binds the ticket at present.
func (a *act) afresh(d Deadline) Deadline {
	rule := a.env.Policy.rule(a.t)
	want := Deadline{Kind: d.Kind, Start: a.now, Rule: rule.Name}
	if c, ok := rule.clock(d.Kind); !ok || a.count(&want, c) != nil {
		want.Due = a.now.Add(d.Due.Sub(d.Start))
	}
	return want
}

// stop ends a running clock at an instant. A breach recorded meanwhile is taken back if it stopped in time.
func (a *act) stop(k ClockKind, at time.Time) {
	d := a.clock(k)
	if d == nil || !d.Running() {
		return
	}
	if d.Paused() {
		a.recount(d, a.endPause(d, at))
	}
	a.stopAt(d, at)
}

// stopAt sets when a clock has stopped, also of one that had stopped before.
func (a *act) stopAt(d *Deadline, at time.Time) {
	d.Stopped, d.Dropped = at, false
	d.Breached = at.After(d.Due) && slices.ContainsFunc(a.env.Policy.ClockOf(a.t, *d).Ladder, func(s sla.Step) bool {
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

package explain

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// Question is a ticket that somebody imagines. Empty fields are as in a ticket of which nothing is said.
type Question struct {
	Origin   tickets.Origin
	Platform tickets.Platform
	Shop     string // its name or an alias
	Type     tickets.Type
	Severity tickets.Severity
	Tags     []string
	Source   string    // default message
	At       time.Time // when it was made: by the platform, where its origin is one, else by the team
}

// Answer is what happens to the ticket. Times are in the policy's zone.
type Answer struct {
	Policy      string            `json:"policy"`
	Preset      string            `json:"preset,omitempty"`      // what the policy is or begins with, and when that was last checked
	Passed      []Passed          `json:"passed"`                // the policies before it
	Counts      bool              `json:"counts"`                // in the marketplace's 24-hour completion rate
	Consequence map[string]string `json:"consequence,omitempty"` // the team's own words, by language
	Costs       string            `json:"costs,omitempty"`       // the preset's stable word for them
	Zone        string            `json:"zone"`
	Deadlines   []Deadline        `json:"deadlines"`
	Later       []Later           `json:"later,omitempty"` // clocks that begin by what people say
	// Ticket is what was asked about, in full.
	Ticket tickets.Ticket `json:"-"`
	types  []tickets.TypeInfo
}

// Passed is a policy that does not bind the ticket, and the first thing that does not match.
type Passed struct {
	Policy string   `json:"policy"`
	Field  string   `json:"field"`
	Want   []string `json:"want"`
	Got    []string `json:"got"`
}

// Deadline is one clock that begins with the ticket.
type Deadline struct {
	Kind     tickets.ClockKind `json:"kind"`
	Clock    sla.Clock         `json:"clock"`
	Calendar string            `json:"calendar,omitempty"` // "" = always open, or a preset's own hours
	Seconds  int64             `json:"duration_s"`
	Start    time.Time         `json:"start"`
	Due      time.Time         `json:"due"`
	Why      string            `json:"why"` // stable word, see Why…
	PauseOn  []tickets.Party   `json:"pause_on,omitempty"`
	Marks    []Mark            `json:"marks"`
}

// Mark is one time at which somebody is told.
type Mark struct {
	At      time.Time    `json:"at"`
	Step    string       `json:"step"`
	Kind    sla.StepKind `json:"kind"`
	Level   int          `json:"level,omitempty"`
	Percent int          `json:"percent,omitempty"`
	// Offset is how long after the deadline the step belongs, negative before it, in seconds; for an unclaimed ticket after the
	// beginning.
	Offset int64  `json:"offset_s"`
	Why    string `json:"why"` // stable word, see Why…
	// Waited is how long the call before it is left without an answer, in seconds; only where Why is WhyUnanswered.
	Waited int64 `json:"waited_s,omitempty"`
	// To is who is told: ToAssignee, ToAdmin, a user id or a channel id; Name what colleagues call that person.
	To   string `json:"to"`
	Name string `json:"name,omitempty"`
}

// To is who is told of a mark, where it is not one person or channel for every ticket.
const (
	ToAssignee = "assignee" // whoever has the ticket; as long as nobody does, its thread
	ToAdmin    = "admin"    // the workspace's first admin, as nobody is named
)

// Later is a clock that does not begin with the ticket.
type Later struct {
	Kind    tickets.ClockKind `json:"kind"`
	Clock   sla.Clock         `json:"clock"`
	Seconds int64             `json:"duration_s"`
}

// Why a deadline or a mark is at its time.
const (
	WhyEverySecond = "every_second"  // the clock counts every second
	WhyHandling    = "handling"      // only handling hours were counted
	WhyInside      = "inside"        // deferred, and the end lies within handling hours
	WhyDeferred    = "deferred"      // what lay beyond a closing was counted from the next opening
	WhyPercent     = "percent"       // that part of the duration has been counted
	WhyOffset      = "offset"        // so long before or after the deadline
	WhyDue         = "due"           // the deadline itself
	WhyMoved       = "before_close"  // nobody is there at its own time: said before the end of the hours before it
	WhyUnanswered  = "unanswered"    // nobody has answered the call before it
	WhyUnclaimed   = "unclaimed"     // nobody has claimed the ticket by then
	WhyShiftEnd    = "closed_at_due" // nobody is there at the deadline, and nothing else would say so in time
)

// Ask answers a question by a policy.
func Ask(p tickets.Policy, q Question) (Answer, error) {
	t, err := imagine(p, q)
	if err != nil {
		return Answer{}, fmt.Errorf("imagine ticket: %w", err)
	}
	rule, why := p.Explain(t)
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	a := Answer{Policy: rule.Name, Preset: rule.Preset, Counts: rule.Counts, Consequence: rule.Consequence.Text, Costs: rule.Consequence.Word, Zone: zone.String(),
		Passed: []Passed{}, Deadlines: []Deadline{}, Ticket: t, types: p.Types}
	for _, w := range why {
		if w.Field != "" {
			a.Passed = append(a.Passed, Passed{w.Rule, w.Field, w.Want, append([]string{}, w.Got...)})
		}
	}
	for _, d := range t.Deadlines {
		a.Deadlines = append(a.Deadlines, deadline(p, t, d, zone))
	}
	for _, c := range rule.Clocks {
		_, runs := t.Deadline(c.Kind)
		if runs || c.Kind == tickets.ClockPlatform && !t.Origin.Binding() {
			continue
		}
		a.Later = append(a.Later, Later{c.Kind, c.Clock, int64(c.Duration / time.Second)})
	}
	return a, nil
}

// imagine makes the ticket as the bot would.
func imagine(p tickets.Policy, q Question) (tickets.Ticket, error) {
	d := &tickets.Draft{Workspace: "T0", ID: "imagined", Number: 1, Origin: q.Origin, Type: q.Type, Severity: q.Severity,
		Facts: tickets.Facts{Platform: q.Platform, Shop: q.Shop}, Source: tickets.Source{Kind: q.Source}}
	if q.Origin.Binding() {
		d.PlatformCreated = q.At
	}
	env := tickets.Env{Now: q.At, Policy: p}
	agent := tickets.Actor{ID: "U0", Role: tickets.RoleSupervisor}
	res, err := tickets.Apply(nil, tickets.Command{Kind: tickets.CmdCreate, Cause: "explain", Actor: agent, Draft: d}, env)
	if err != nil || len(q.Tags) == 0 {
		return res.Ticket, err
	}
	res, err = tickets.Apply(&res.Ticket, tickets.Command{Kind: tickets.CmdTag, Cause: "explain", Actor: agent, Tags: q.Tags}, env)
	return res.Ticket, err
}

func deadline(p tickets.Policy, t tickets.Ticket, d tickets.Deadline, zone *time.Location) Deadline {
	c := p.ClockOf(t, d)
	out := Deadline{Kind: d.Kind, Clock: c.Clock, Calendar: nameOf(p, c.Calendar), Seconds: int64(c.Duration / time.Second),
		Start: d.Start.In(zone), Due: d.Due.In(zone), PauseOn: c.PauseOn, Marks: []Mark{}}
	switch {
	case c.Clock == sla.WorkingTime:
		out.Why = WhyHandling
	case c.Clock == sla.DeferredTime && d.Due.Sub(d.Start) != c.Duration:
		out.Why = WhyDeferred
	case c.Clock == sla.DeferredTime:
		out.Why = WhyInside
	default:
		out.Why = WhyEverySecond
	}
	planned, last := p.Plan(t, d), 0
	for _, m := range p.Unanswered(t, d) {
		one := mark(m, zone)
		one.To, one.Name = addressee(p.Roster, m.Step)
		if !slices.Contains(planned, m) {
			one.Why, one.Waited = WhyUnanswered, int64(p.Roster.Level(last).Wait/time.Second)
			one.Offset = int64(m.At.Sub(d.Due) / time.Second)
		}
		if m.Step.Kind == sla.Escalate {
			last = m.Step.Level
		}
		out.Marks = append(out.Marks, one)
	}
	return out
}

// addressee is who is told at a step, and what colleagues call them.
func addressee(r tickets.Roster, s sla.Step) (to, name string) {
	if s.Kind != sla.Escalate {
		return ToAssignee, ""
	}
	l := r.Level(max(1, s.Level))
	if l.Channel != "" {
		return string(l.Channel), ""
	}
	id := cmp.Or(l.User, r.Escalation)
	if id == "" {
		return ToAdmin, ""
	}
	if who, ok := r.Find(id); ok && len(who.Names) > 0 {
		name = who.Names[0]
	}
	return string(id), name
}

func mark(m sla.Mark, zone *time.Location) Mark {
	out := Mark{At: m.At.In(zone), Step: m.Step.Name, Kind: m.Step.Kind, Level: m.Step.Level, Percent: m.Step.Percent,
		Offset: int64(m.Step.Offset / time.Second), Why: WhyOffset}
	switch {
	case m.Step.Unbegun:
		out.Why = WhyUnclaimed
	case m.Step.Name == sla.ShiftEnd:
		out.Why = WhyShiftEnd
	case m.Moved:
		out.Why = WhyMoved
	case m.Step.Percent > 0:
		out.Why = WhyPercent
	case m.Step.Offset == 0:
		out.Why = WhyDue
	}
	return out
}

// nameOf is the name under which the policy knows a calendar; "" if none.
func nameOf(p tickets.Policy, c *sla.Calendar) string {
	for name, known := range p.Calendars {
		if c != nil && known == c {
			return name
		}
	}
	return ""
}

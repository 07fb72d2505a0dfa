package bot

import (
	"time"

	"gongdan/tickets"
)

// callees are whom the calls of a change go to. The zero value is nobody: calls are then heard in the ticket's thread.
type callees struct {
	roster tickets.Roster
	lead   tickets.UserID // stands in where the roster names no levels
}

// of is whom calls to a level go to.
func (c callees) of(level int) tickets.Level {
	to := c.roster.Level(max(1, level))
	if to.User == "" && to.Channel == "" {
		to.User = c.lead
	}
	return to
}

// told is the person who is called by an escalation among the events, the first; "" if nobody is.
func (c callees) told(events []tickets.Event) tickets.UserID {
	for _, e := range events {
		if e.Kind == tickets.EvEscalated {
			return c.of(e.Level).User
		}
	}
	return ""
}

// calleesFor are whom the escalations among the events go to. Who leads is looked for only where one goes to them.
func (t *turn) calleesFor(events []tickets.Event) (c callees, err error) {
	c.roster = t.policy.Roster
	for _, e := range events {
		if e.Kind == tickets.EvEscalated && c.of(e.Level) == (tickets.Level{}) {
			c.lead, err = t.whoLeads()
			return c, err
		}
	}
	return c, nil
}

// escalated calls the level that an event names: one person, or its channel; with nobody to call, the ticket's thread hears it.
func (o *outgoing) escalated(w tickets.TicketWrite, e tickets.Event, calls callees) {
	t, to := w.After, calls.of(e.Level)
	d, _ := t.Deadline(e.Clock)
	s := Said{What: SayEscalation, To: to.User, Channel: to.Channel, Clock: e.Clock, Due: e.Due, Step: e.Step, Version: d.Version,
		User: calledBefore(w, e, calls)}
	if !t.Touched.IsZero() {
		s.Detail = t.Touched.Format(time.RFC3339) // since when nobody has done anything
	}
	switch {
	case to.Channel != "":
		s.Lang = t.Source.Lang
	case to.User == "":
		s.Channel, s.Thread, s.Lang = t.Source.Channel, t.Source.Thread, t.Source.Lang
	}
	o.add(t.ID, tickets.ClassEscalation, s)
}

// calledBefore is the person of a lower level who was called before and has not acted; "" if there is none.
func calledBefore(w tickets.TicketWrite, e tickets.Event, calls callees) tickets.UserID {
	if w.Before == nil {
		return ""
	}
	d, _ := w.Before.Deadline(e.Clock)
	if d.Called.Level == 0 || d.Called.Level >= e.Level || !d.Due.Equal(e.Due) {
		return ""
	}
	if who := calls.of(d.Called.Level).User; who != calls.of(e.Level).User {
		return who
	}
	return ""
}

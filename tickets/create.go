package tickets

import (
	"slices"
	"time"
)

// create makes a ticket from the draft and starts its clocks.
func (a *act) create() error {
	d := a.c.Draft
	if err := checkDraft(d); err != nil {
		return err
	}
	a.t = Ticket{
		Schema: Schema, Workspace: d.Workspace, ID: d.ID, Number: d.Number,
		Status: StatusNew, Type: orElse(d.Type, "other"), Severity: orElse(d.Severity, SeverityNormal),
		Origin: orElse(d.Origin, OriginInternal), Facts: cleanFacts(d.Facts), Private: d.Private,
		Source: d.Source, Requester: orElse(d.Requester, a.c.Actor.ID), Watchers: slices.Clone(d.Watchers),
		PlatformCreated: instant(d.PlatformCreated), BackOffice: instant(d.BackOffice),
		Created: a.now, Decision: clean(d.Decision, MaxText),
	}
	a.t.Source.Text = clean(d.Source.Text, MaxText)
	if a.t.PlatformCreated.After(a.now) {
		// The marketplace cannot have made it later than now: a misread time or a clock that is off must
		// not cost us the ticket, so its clock starts now.
		a.t.PlatformCreated = a.now
	}
	a.t.Promised, a.t.Wanted = a.ahead(d.Promised), a.ahead(d.Wanted)
	if a.t.Origin.Binding() {
		a.t.Wanted = time.Time{}
	}
	if a.c.Message.TS == "" {
		a.c.Message.Channel, a.c.Message.TS = d.Source.Channel, d.Source.TS
	}
	a.c.Message.Text = "" // the source keeps it
	a.say(Event{Kind: EvCreated})
	if d.Assignee != "" {
		a.give(d.Assignee)
		a.t.Status = StatusAssigned
	}
	return a.plan()
}

// ahead is a time that is still to come; zero if it has passed.
func (a *act) ahead(at time.Time) time.Time {
	if at = instant(at); at.After(a.now) {
		return at
	}
	return time.Time{}
}

func checkDraft(d *Draft) error {
	switch {
	case d == nil:
		return refuse(ReasonMissing, "draft")
	case d.Workspace == "":
		return refuse(ReasonMissing, "workspace")
	case d.ID == "":
		return refuse(ReasonMissing, "id")
	case d.Number <= 0:
		return refuse(ReasonMissing, "number")
	case d.Origin != "" && !d.Origin.known():
		return refuse(ReasonBadValue, "origin")
	case d.Severity != "" && !slices.Contains(severities[:], d.Severity):
		return refuse(ReasonBadValue, "severity")
	}
	return nil
}

var severities = [...]Severity{SeverityUrgent, SeverityHigh, SeverityNormal, SeverityLow}

func (o Origin) known() bool { return o == OriginInternal || o.Binding() }

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

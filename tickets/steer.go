package tickets

import (
	"slices"
	"strings"
	"time"
)

// The acts that steer a ticket's clocks.

// replanned plans the clocks again after something changed on which they depend; a finished ticket's stay as they were.
func (a *act) replanned() error {
	if !a.t.ticking() {
		return nil
	}
	return a.plan()
}

func (a *act) severity() error {
	switch to := a.c.Severity; {
	case to == "":
		return refuse(ReasonMissing, "severity")
	case !slices.Contains(severities[:], to):
		return refuse(ReasonBadValue, "severity")
	case to == a.t.Severity:
		return refuse(ReasonAlready, string(to))
	}
	a.say(Event{Kind: EvSeverity, From: string(a.t.Severity), To: string(a.c.Severity)})
	a.t.Severity = a.c.Severity
	return a.replanned()
}

func (a *act) retype() error {
	to := Type(clean(string(a.c.Type), maxFact))
	switch to {
	case "":
		return refuse(ReasonMissing, "type")
	case a.t.Type:
		return refuse(ReasonAlready, string(to))
	}
	a.say(Event{Kind: EvType, From: string(a.t.Type), To: string(to)})
	a.t.Type = to
	return a.replanned()
}

// origin says whose rules bind the ticket, and attaches the marketplace's own times where they are given with it.
func (a *act) origin() error {
	to, shown, created := a.c.Origin, a.c.BackOffice, a.c.PlatformCreated
	switch {
	case to == "":
		return refuse(ReasonMissing, "origin")
	case !to.known():
		return refuse(ReasonBadValue, "origin")
	case !to.Binding() && !(shown.IsZero() && created.IsZero()):
		return refuse(ReasonNotPlatform, string(to))
	case created.After(a.now):
		return refuse(ReasonFuture, "platform_created")
	}
	from, filled := a.t.Origin, a.fill()
	changed := put(&a.t.Origin, to, true)
	changed = put(&a.t.PlatformCreated, created, true) || changed
	changed = put(&a.t.Facts.Platform, a.c.Facts.Platform, false) || changed
	if put(&a.t.BackOffice, shown, true) {
		changed, a.t.StaffDue = true, time.Time{}
	}
	if !changed && len(filled) == 0 {
		return refuse(ReasonAlready, string(to))
	}
	a.say(Event{Kind: EvOrigin, From: string(from), To: string(to)})
	return a.replanned()
}

// deadline sets the platform deadline that the back office shows or the platform's staff agreed to. Of the two the one that
// was said last counts.
func (a *act) deadline() error {
	at, start := a.c.At, a.startOf(ClockPlatform)
	switch {
	case at.IsZero():
		return refuse(ReasonMissing, "at")
	case a.c.DueFrom != DueBackOffice && a.c.DueFrom != DueStaff:
		return refuse(ReasonBadValue, "due_from")
	case !a.t.Origin.Binding():
		return refuse(ReasonNotPlatform, string(a.t.Origin))
	case at.Before(start):
		return refuse(ReasonTooOld, start.Format(time.RFC3339))
	case a.c.DueFrom == DueStaff && at.Before(start.Add(MinStaffDue)):
		return refuse(ReasonTooEarly, start.Add(MinStaffDue).In(a.env.Policy.zone()).Format(time.RFC3339))
	case at.Equal(a.given(ClockPlatform)):
		return refuse(ReasonAlready, at.Format(time.RFC3339))
	}
	a.say(Event{Kind: EvDue, Due: at, To: string(a.c.DueFrom)})
	a.t.StaffDue = time.Time{}
	if a.c.DueFrom == DueStaff {
		a.t.StaffDue = at
	} else {
		a.t.BackOffice = at
	}
	return a.replanned()
}

// promise keeps what the customer was told; it moves the resolution target and no other clock.
func (a *act) promise() error {
	switch at := a.c.At; {
	case at.IsZero():
		return refuse(ReasonMissing, "at")
	case !at.After(a.now):
		return refuse(ReasonPassed, at.Format(time.RFC3339))
	case at.Equal(a.t.Promised):
		return refuse(ReasonAlready, at.Format(time.RFC3339))
	}
	a.say(Event{Kind: EvPromised, Due: a.c.At})
	a.t.Promised = a.c.At
	return a.replanned()
}

// snooze lets the ticket's reminders wait: not its breaches and calls, and never beyond a platform deadline.
func (a *act) snooze() error {
	last := instant(a.now.Add(MaxSnooze))
	if d := a.clock(ClockPlatform); d != nil && d.Running() && d.Due.Before(last) {
		last = d.Due
	}
	switch at := a.c.At; {
	case at.IsZero():
		return refuse(ReasonMissing, "at")
	case !at.After(a.now):
		return refuse(ReasonPassed, at.Format(time.RFC3339))
	case at.After(last):
		return refuse(ReasonTooLate, last.In(a.env.Policy.zone()).Format(time.RFC3339))
	case at.Equal(a.t.Snoozed):
		return refuse(ReasonAlready, at.Format(time.RFC3339))
	}
	a.say(Event{Kind: EvSnoozed, Due: a.c.At})
	a.t.Snoozed = a.c.At
	return nil
}

// tag adds and removes tags of the customer's.
func (a *act) tag() error {
	var gone, added []string
	for _, t := range a.c.Untags {
		if i := slices.Index(a.t.Tags, t); i >= 0 {
			a.t.Tags = slices.Delete(a.t.Tags, i, i+1)
			gone = append(gone, t)
		}
	}
	for _, t := range a.c.Tags {
		if !slices.Contains(a.t.Tags, t) && len(a.t.Tags) < maxTags {
			a.t.Tags = append(a.t.Tags, t)
			added = append(added, t)
		}
	}
	switch {
	case len(a.c.Tags)+len(a.c.Untags) == 0:
		return refuse(ReasonMissing, "tag")
	case len(gone)+len(added) == 0:
		return refuse(ReasonAlready, strings.Join(a.t.Tags, ","))
	}
	a.say(Event{Kind: EvTagged, From: strings.Join(gone, ","), To: strings.Join(added, ",")})
	return a.replanned()
}

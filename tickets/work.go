package tickets

import (
	"slices"
	"time"
)

// The acts of those who work on a ticket.

// mayTake refuses to take a ticket out of the hands of somebody working on it, or to end that work: only that person
// and supervisors may.
func (a *act) mayTake() error {
	busy := a.t.Status == StatusInProgress || a.t.Status == StatusWaiting
	who := a.t.Assignee
	if busy && who != "" && who != a.c.Actor.ID && !a.c.Actor.Role.Senior() {
		return refuse(ReasonTaken, string(who))
	}
	return nil
}

func (a *act) give(to UserID) {
	if a.t.Assignee != to {
		a.say(Event{Kind: EvAssigned, From: string(a.t.Assignee), To: string(to)})
		a.t.Assignee, a.t.Spoke = to, time.Time{}
	}
}

func (a *act) assign() error {
	to := a.c.Assignee
	switch {
	case to == "":
		return refuse(ReasonMissing, "assignee")
	case to == a.t.Assignee:
		return refuse(ReasonAlready, string(to))
	}
	if err := a.mayTake(); err != nil {
		return err
	}
	a.give(to)
	if a.t.Status == StatusNew {
		a.t.Status = StatusAssigned
	}
	return nil
}

func (a *act) claim() error {
	me := a.c.Actor.ID
	switch {
	case me == "":
		return refuse(ReasonMissing, "actor")
	case a.t.Status == StatusInProgress && me == a.t.Assignee:
		return refuse(ReasonAlready, string(me))
	}
	if err := a.mayTake(); err != nil {
		return err
	}
	a.give(me)
	if a.t.Status == StatusWaiting {
		a.say(Event{Kind: EvResumed, From: string(a.t.Waiting)})
	}
	a.start()
	if me == a.t.Requester {
		a.stop(ClockFirstResponse, a.now) // there is nobody to answer but oneself
	}
	return nil
}

// start brings the ticket in progress.
func (a *act) start() {
	fresh := a.t.Status != StatusInProgress && a.t.Status != StatusWaiting
	if fresh || a.t.Started.IsZero() {
		a.say(Event{Kind: EvStarted, From: string(a.t.Status)})
	}
	a.t.Status = StatusInProgress
	if a.t.Started.IsZero() {
		a.t.Started = a.now
		a.takenUp()
	}
}

var parties = [...]Party{PartyCustomer, PartyMerchant, PartyWarehouse, PartyCourier, PartyPlatform}

func (a *act) wait() error {
	p := a.c.Party
	switch {
	case p == PartyNone:
		return refuse(ReasonMissing, "party")
	case !slices.Contains(parties[:], p):
		return refuse(ReasonBadValue, "party")
	case a.t.Status == StatusWaiting && p == a.t.Waiting:
		return refuse(ReasonAlready, string(p))
	}
	a.say(Event{Kind: EvWaiting, From: string(a.t.Waiting), To: string(p)})
	a.t.Status, a.t.Waiting = StatusWaiting, p
	return nil
}

// resume ends the waiting: back to work if somebody has the ticket, else back among the new.
func (a *act) resume() error {
	a.say(Event{Kind: EvResumed, From: string(a.t.Waiting)})
	if a.t.Assignee == "" {
		a.t.Status = StatusNew
		return nil
	}
	a.start()
	return nil
}

// resolve ends the work and the team's clocks. The marketplace's clock stops by an answer only.
func (a *act) resolve() error {
	if err := a.mayTake(); err != nil {
		return err
	}
	a.say(Event{Kind: EvResolved, From: string(a.before)})
	a.t.Status, a.t.Resolved, a.t.Outcome = StatusResolved, a.now, a.c.Reason
	for _, d := range a.t.Deadlines {
		if d.Kind != ClockPlatform {
			a.stop(d.Kind, a.now)
		}
	}
	return nil
}

// close ends the ticket. As a closed ticket is silent, it cannot while its platform clock still has
// something to say.
func (a *act) close() error {
	if until := a.platformUntil(); a.now.Before(until) {
		return refuse(ReasonUnanswered, until.Format(time.RFC3339))
	}
	a.shut(EvClosed, StatusClosed)
	if a.c.Reason != "" {
		a.t.Outcome = a.c.Reason
	}
	return nil
}

func (a *act) shut(e EventKind, s Status) {
	a.say(Event{Kind: e, From: string(a.t.Status)})
	a.t.Status, a.t.Closed = s, a.now
}

// reopen takes the work up again where it was left. What a supervisor cancelled only a supervisor brings back.
func (a *act) reopen() error {
	undone := a.before == StatusCancelled
	if undone && a.t.Outcome != OutcomeNotTicket && !a.c.Actor.Role.Senior() {
		return refuse(ReasonNotPermitted, "cancelled by a supervisor")
	}
	last := a.t.Closed.Add(a.env.Policy.ReopenFor)
	if a.before != StatusResolved && !a.now.Before(last) {
		return refuse(ReasonTooOld, last.Format(time.RFC3339))
	}
	a.say(Event{Kind: EvReopened, From: string(a.before)})
	a.t.Resolved, a.t.Closed, a.t.Outcome = time.Time{}, time.Time{}, ""
	switch {
	case a.t.Assignee == "":
		a.t.Status = StatusNew
	case a.t.Started.IsZero():
		a.t.Status = StatusAssigned
	default:
		a.t.Status = StatusInProgress
	}
	return a.rewind(undone)
}

// sendBack asks for what is missing; that answers the requester, too.
func (a *act) sendBack() error {
	a.say(Event{Kind: EvSentBack, From: string(a.before)})
	a.t.Status = StatusNeedsInfo
	if a.c.Actor.ID != a.t.Requester {
		a.respond(a.now)
	}
	return nil
}

// complete says that what was missing is there: the ticket is taken up as if it were new.
func (a *act) complete() error {
	a.say(Event{Kind: EvCompleted})
	a.t.Status = StatusNew
	if a.t.Assignee != "" {
		a.t.Status = StatusAssigned
	}
	return nil
}

// cancel withdraws a ticket. What the marketplace itself has sent cannot be withdrawn.
func (a *act) cancel() error {
	if a.t.Origin == OriginPlatform {
		return refuse(ReasonCannotCancel, string(a.t.Origin))
	}
	a.drop(EvCancelled, a.c.Reason)
	return nil
}

// OutcomeNotTicket is the outcome of a discarded ticket.
const OutcomeNotTicket = "not_a_ticket"

func (a *act) discard() error {
	a.drop(EvDiscarded, OutcomeNotTicket)
	return nil
}

func (a *act) drop(e EventKind, outcome string) {
	a.shut(e, StatusCancelled)
	a.t.Outcome = outcome
	for _, d := range a.t.Deadlines {
		a.stop(d.Kind, a.now)
	}
}

func (a *act) urge() error {
	next := a.t.Urged.Add(a.env.Policy.UrgeEvery)
	if !a.t.Urged.IsZero() && a.now.Before(next) {
		return refuse(ReasonTooSoon, next.In(a.env.Policy.zone()).Format(time.RFC3339))
	}
	a.say(Event{Kind: EvUrged})
	a.t.Urged = a.now
	if a.speaksForMerchant() {
		a.asked()
	}
	return nil
}

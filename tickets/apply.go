package tickets

import (
	"maps"
	"slices"
	"time"
)

// Result is what a command led to. Changed is true exactly if there are events.
type Result struct {
	Ticket  Ticket
	Events  []Event
	Changed bool
}

// Apply carries out one command on a ticket and returns the changed copy with the events that explain
// every difference; t itself is never changed, and the result shares no memory with it. t is nil for CmdCreate only.
//
// A command that the ticket's status, the actor's role or the arguments forbid is a *Refusal, which wraps
// ErrInvalid or ErrForbidden; the ticket in the result is then as it was. A command that finds everything as it
// wants it is refused with ReasonAlready where a person should hear of it; a repeated edit, deletion, posting or wake
// is silently without effect: Changed is false, the error nil.
//
// A command never meets a ticket that the policy's revision has yet to reach: it is planned by that first, in the same change. What this
// changed comes before the command's own events, is nobody's doing, and ends with EvReplanned.
//
// Instants are kept in UTC to the millisecond. Apply is safe for concurrent use.
func Apply(t *Ticket, c Command, env Env) (Result, error) {
	a := &act{c: tidy(c), env: env, now: instant(env.Now)}
	if t != nil {
		a.t, a.before, a.planned = t.clone(), t.Status, t.Wake
	}
	if err := a.check(t); err != nil {
		return Result{Ticket: a.t}, err
	}
	a.planFirst()
	if err := doings[c.Kind](a); err != nil {
		return unchanged(t), err
	}
	switch planned := len(a.first) > 0; {
	case len(a.events) > 0, planned && c.Kind == CmdWake:
	case planned:
		return unchanged(t), nil // its own turn comes
	default:
		r := unchanged(t)
		r.Ticket.Wake = a.nextWake()
		return r, nil
	}
	if t != nil && !slices.Contains(Leads(a.before, c.Kind), a.t.Status) {
		return unchanged(t), refuse(ReasonWrongStatus, string(a.before)+" to "+string(a.t.Status))
	}
	return a.finish(), nil
}

func unchanged(t *Ticket) Result {
	if t == nil {
		return Result{}
	}
	return Result{Ticket: t.clone()}
}

// doings are the commands, each a method of act that changes its copy and says so by events.
var doings = map[CommandKind]func(*act) error{
	CmdCreate: (*act).create, CmdAssign: (*act).assign, CmdClaim: (*act).claim,
	CmdNote: (*act).note, CmdAttach: (*act).attach, CmdEdited: (*act).edited,
	CmdDeleted: (*act).deleted, CmdPosted: (*act).posted,
	CmdAnswer: (*act).answer, CmdAmend: (*act).amend, CmdAck: (*act).ack,
	CmdWait: (*act).wait, CmdResume: (*act).resume, CmdResolve: (*act).resolve,
	CmdClose: (*act).close, CmdReopen: (*act).reopen, CmdSendBack: (*act).sendBack,
	CmdComplete: (*act).complete, CmdCancel: (*act).cancel, CmdDiscard: (*act).discard,
	CmdUrge: (*act).urge, CmdUnsaid: (*act).unsaid, CmdWake: (*act).wake,
	CmdSeverity: (*act).severity, CmdType: (*act).retype, CmdOrigin: (*act).origin, CmdDue: (*act).deadline,
	CmdPromise: (*act).promise, CmdCorrect: (*act).correct, CmdSnooze: (*act).snooze, CmdTag: (*act).tag,
	CmdSplit:  (*act).split,
	CmdReplan: (*act).replan,
}

// act is one command under way.
type act struct {
	t       Ticket // the copy being changed
	before  Status
	planned time.Time // the wake that was planned before
	c       Command
	env     Env
	now     time.Time
	first   []Event // of what new rules have changed before the command
	events  []Event
	plans   []plannedClock // of a wake, so far
}

// check refuses what needs no look at the arguments.
func (a *act) check(t *Ticket) error {
	k := a.c.Kind
	switch _, known := doings[k]; {
	case !known:
		return refuse(ReasonBadValue, "kind")
	case a.now.IsZero():
		return refuse(ReasonMissing, "now")
	case !Allowed(a.c.Actor.Role, k):
		return refuse(ReasonNotPermitted, string(a.c.Actor.Role)+" "+string(k))
	case t == nil && k != CmdCreate:
		return refuse(ReasonMissing, "ticket")
	case t == nil:
		return nil
	case k == CmdCreate:
		return refuse(ReasonAlready, "created")
	case !mayTouch(a.c, *t):
		return refuse(ReasonNotPermitted, "not visible")
	}
	if Leads(t.Status, k) == nil {
		why := meets(t.Status, k).why
		if why == "" {
			why = ReasonWrongStatus
		}
		return refuse(why, string(t.Status))
	}
	return nil
}

// say adds an event; what is common to a change's events is filled in at its end.
func (a *act) say(e Event) {
	if len(a.events) == 0 {
		e.Message, e.Reason = a.c.Message, orElse(e.Reason, a.c.Reason)
	}
	a.events = append(a.events, e)
}

// settle draws what follows from the status and the actor of any change.
func (a *act) settle() {
	if a.t.Status != StatusWaiting {
		a.t.Waiting = PartyNone
	}
	a.spokeUp()
	a.pauseClocks() // also those that have just begun anew
}

// finish makes the result of a change.
func (a *act) finish() Result {
	a.t.Version++
	a.t.Schema = Schema
	a.t.Updated = a.now
	if a.c.Actor.ID != "" {
		a.t.Touched = a.now
	}
	a.settle()
	a.t.Wake = a.nextWake()
	for i := range a.events {
		a.events[i].By = a.c.Actor.ID
	}
	a.events = append(a.first, a.events...)
	for i := range a.events {
		e := &a.events[i]
		e.Version, e.Cause = a.t.Version, a.c.Cause
		if e.At.IsZero() {
			e.At = a.now
		}
	}
	return Result{Ticket: a.t, Events: a.events, Changed: true}
}

// tidy bounds the command's texts and brings its instants to the kept form.
func tidy(c Command) Command {
	c.Message = cleanMessage(c.Message)
	c.Reason = clean(c.Reason, MaxText)
	c.Facts = cleanFacts(c.Facts)
	c.Tags, c.Untags = cleanTags(c.Tags), cleanTags(c.Untags)
	c.At, c.PlatformCreated, c.BackOffice = instant(c.At), instant(c.PlatformCreated), instant(c.BackOffice)
	return c
}

// instant brings a time to the form in which tickets keep it: UTC, whole milliseconds, as indexes and
// wakes are scored in milliseconds and a finer time would be due before it is.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.Round(0).UTC().Truncate(time.Millisecond)
}

// clone returns a copy that shares no memory with t.
func (t Ticket) clone() Ticket {
	t.Facts.Orders = slices.Clone(t.Facts.Orders)
	t.Tags = slices.Clone(t.Tags)
	t.Watchers = slices.Clone(t.Watchers)
	t.Deadlines = slices.Clone(t.Deadlines)
	for i := range t.Deadlines {
		t.Deadlines[i].Fired = slices.Clone(t.Deadlines[i].Fired)
		t.Deadlines[i].SaidIn = maps.Clone(t.Deadlines[i].SaidIn)
		t.Deadlines[i].Pauses = slices.Clone(t.Deadlines[i].Pauses)
		t.Deadlines[i].Waited = slices.Clone(t.Deadlines[i].Waited)
	}
	t.Unknown = maps.Clone(t.Unknown)
	for k, v := range t.Unknown {
		t.Unknown[k] = slices.Clone(v)
	}
	return t
}

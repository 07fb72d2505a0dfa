package tickets

import "errors"

// Callers branch on these with errors.Is; adapters translate outside errors into them at their edge.
var (
	ErrNotFound   = errors.New("not found")
	ErrConflict   = errors.New("changed meanwhile")              // reload and decide again
	ErrInvalid    = errors.New("invalid")                        // the command makes no sense; never retried
	ErrForbidden  = errors.New("not permitted")                  // the actor's role does not allow it
	ErrTemporary  = errors.New("temporarily unavailable")        // retry without limit
	ErrStaleLease = errors.New("shard belongs to another owner") // write nothing more
	ErrApplied    = errors.New("already applied")                // the cause has taken effect before
)

// Refusal is why Apply refused a command. Reason is a stable word that the conversation turns into a
// sentence; Detail is for the log. It wraps one of the sentinels above.
type Refusal struct {
	Reason Reason
	Detail string
	Err    error
}

// Reason is a stable word for one kind of refusal.
type Reason string

// Reasons of refusal.
const (
	ReasonWrongStatus  Reason = "wrong_status"  // the transition table has no such step
	ReasonNotPermitted Reason = "not_permitted" // role
	ReasonNotPlatform  Reason = "not_platform"  // the act needs a ticket of origin platform or provider
	ReasonMissing      Reason = "missing"       // a required argument is absent; Detail names it
	ReasonFuture       Reason = "future"        // an instant lies in the future
	ReasonPassed       Reason = "passed"        // an instant has passed already
	ReasonTooEarly     Reason = "too_early"     // the platform's staff set no time so soon; Detail holds the first RFC 3339 time possible
	ReasonTooLate      Reason = "too_late"      // an instant lies too far ahead; Detail holds the last RFC 3339 time allowed
	ReasonTooOld       Reason = "too_old"       // an instant lies before the clock's start, or reopening is over
	ReasonAlready      Reason = "already"       // nothing to do: it is so already
	ReasonCannotCancel Reason = "cannot_cancel" // this kind of ticket cannot be cancelled
	ReasonTooSoon      Reason = "too_soon"      // urged a moment ago; Detail holds the RFC 3339 time from which it works
	ReasonTaken        Reason = "taken"         // somebody else is working on it; Detail holds that person's UserID
	ReasonUnanswered   Reason = "unanswered"    // it cannot close while the platform still waits for an answer
	ReasonBadValue     Reason = "bad_value"     // an argument has no meaning here; Detail names it
)

// Error gives the reason and detail, for the log.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return "refused: " + string(r.Reason)
	}
	return "refused: " + string(r.Reason) + ": " + r.Detail
}

// Unwrap gives the sentinel.
func (r *Refusal) Unwrap() error { return r.Err }

// refuse makes a refusal. Those that depend on who asks wrap ErrForbidden, all others ErrInvalid.
func refuse(r Reason, detail string) error {
	err := ErrInvalid
	if r == ReasonNotPermitted || r == ReasonTaken {
		err = ErrForbidden
	}
	return &Refusal{Reason: r, Detail: detail, Err: err}
}

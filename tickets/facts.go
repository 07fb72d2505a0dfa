package tickets

import (
	"strings"
	"time"
)

// answer records that the marketplace has its reply: the one act that stops the platform clock. It may
// be entered late with the time at which it really happened; a supervisor may correct that time afterwards.
func (a *act) answer() error {
	at, corrected := a.c.At, !a.c.At.IsZero()
	if !corrected {
		at = a.now
	}
	switch again := !a.t.Answered.IsZero(); {
	case !a.t.Origin.Binding():
		return refuse(ReasonNotPlatform, string(a.t.Origin))
	case at.After(a.now):
		return refuse(ReasonFuture, at.Format(time.RFC3339))
	case at.Before(a.t.PlatformCreated):
		return refuse(ReasonTooOld, a.t.PlatformCreated.Format(time.RFC3339))
	case again && (!corrected || !a.c.Actor.Role.Senior() || at.Equal(a.t.Answered)):
		return refuse(ReasonAlready, a.t.Answered.Format(time.RFC3339))
	}
	e := Event{Kind: EvAnswered, Clock: ClockPlatform, At: at}
	if !at.Equal(a.now) {
		e.Recorded = a.now
	}
	a.say(e)
	a.t.Answered = at
	if d := a.clock(ClockPlatform); d != nil {
		d.Stopped = time.Time{}
		a.stop(ClockPlatform, at)
	}
	a.respond(later(at, a.t.Created))
	return nil
}

// amend fills what was still empty. A person may also change type, origin and the platform's times; a
// machine changes the type only while it says nothing, and makes an internal ticket a platform's but not the reverse.
func (a *act) amend() error {
	if a.c.Origin != "" && !a.c.Origin.known() {
		return refuse(ReasonBadValue, "origin")
	}
	if a.c.PlatformCreated.After(a.now) {
		return refuse(ReasonFuture, "platform_created")
	}
	free := !a.c.Actor.Machine()
	filled := a.fill()
	was := len(filled)
	add := func(name string, changed bool) {
		if changed {
			filled = append(filled, name)
		}
	}
	add("platform", put(&a.t.Facts.Platform, a.c.Facts.Platform, false))
	add("type", put(&a.t.Type, Type(clean(string(a.c.Type), maxFact)), free || a.t.Type == "other"))
	add("origin", put(&a.t.Origin, a.c.Origin, free || a.t.Origin == OriginInternal))
	add("platform_created", put(&a.t.PlatformCreated, a.c.PlatformCreated, free))
	add("back_office", put(&a.t.BackOffice, a.c.BackOffice, free))
	if len(filled) == 0 && free {
		return refuse(ReasonAlready, "nothing new")
	}
	return a.amended(filled, len(filled) > was)
}

// learn fills empty facts from what came with a message.
func (a *act) learn() error {
	filled := a.fill()
	named := put(&a.t.Facts.Platform, a.c.Facts.Platform, false)
	if named {
		filled = append(filled, "platform")
	}
	return a.amended(filled, named)
}

// amended says what was filled and, where the choice of a rule depends on it, plans the clocks again.
func (a *act) amended(filled []string, plan bool) error {
	if len(filled) == 0 {
		return nil
	}
	a.say(Event{Kind: EvAmended, To: strings.Join(filled, ",")})
	if plan && a.t.ticking() {
		return a.plan()
	}
	return nil
}

// fill takes over the text facts that are still empty and orders not yet known, and names them.
func (a *act) fill() []string {
	var done []string
	more := a.c.Facts.texts()
	for i, f := range a.t.Facts.texts() {
		if put(f.value, *more[i].value, false) {
			done = append(done, f.name)
		}
	}
	have := len(a.t.Facts.Orders)
	if a.t.Facts.Orders = addOrders(a.t.Facts.Orders, a.c.Facts.Orders); len(a.t.Facts.Orders) > have {
		done = append(done, "orders")
	}
	return done
}

// put sets a field that is empty, or any if over is true, to a value that is not, and tells whether that
// changed it.
func put[T comparable](field *T, v T, over bool) bool {
	var zero T
	if v == zero || v == *field || *field != zero && !over {
		return false
	}
	*field = v
	return true
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

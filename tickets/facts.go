package tickets

import (
	"slices"
	"strings"
	"time"
)

// answer records that the marketplace has its reply: the one act that stops the platform clock. It may
// be entered late with the time at which it really happened; what was entered wrongly is corrected by correct.
func (a *act) answer() error {
	at := orElse(a.c.At, a.now)
	if err := a.answerable(at); err != nil {
		return err
	}
	if !a.t.Answered.IsZero() {
		return refuse(ReasonAlready, a.t.Answered.Format(time.RFC3339))
	}
	a.say(Event{Kind: EvAnswered, Clock: ClockPlatform, At: at, Recorded: a.recorded(at)})
	a.answeredAt(at)
	return nil
}

// correct mends the record of when the platform was answered (更正超时记录), also where nobody had entered it, so that
// a breach that was none does not stay.
func (a *act) correct() error {
	switch at := a.c.At; {
	case at.IsZero():
		return refuse(ReasonMissing, "at")
	case a.c.Reason == "":
		return refuse(ReasonMissing, "reason")
	case at.Equal(a.t.Answered):
		return refuse(ReasonAlready, at.Format(time.RFC3339))
	}
	if err := a.answerable(a.c.At); err != nil {
		return err
	}
	e := Event{Kind: EvCorrected, Clock: ClockPlatform, At: a.c.At, Recorded: a.recorded(a.c.At), To: a.c.At.Format(time.RFC3339Nano)}
	if !a.t.Answered.IsZero() {
		e.From = a.t.Answered.Format(time.RFC3339Nano)
	}
	a.say(e)
	a.answeredAt(a.c.At)
	return nil
}

// answerable refuses a time at which the platform cannot have been answered.
func (a *act) answerable(at time.Time) error {
	switch {
	case !a.t.Origin.Binding():
		return refuse(ReasonNotPlatform, string(a.t.Origin))
	case at.After(a.now):
		return refuse(ReasonFuture, at.Format(time.RFC3339))
	case at.Before(a.t.PlatformCreated):
		return refuse(ReasonTooOld, a.t.PlatformCreated.Format(time.RFC3339))
	}
	return nil
}

// recorded is when something is written down that happened at a time; zero if at once.
func (a *act) recorded(at time.Time) time.Time {
	if at.Equal(a.now) {
		return time.Time{}
	}
	return a.now
}

func (a *act) answeredAt(at time.Time) {
	a.t.Answered = at
	if d := a.clock(ClockPlatform); d != nil {
		a.stopAt(d, at)
	}
	a.respond(later(at, a.t.Created))
}

// amend fills what was still empty. A person may also correct numbers and change type, origin and the platform's times; a
// machine changes the type only while it says nothing, and makes an internal ticket a platform's but not the reverse.
func (a *act) amend() error {
	if a.c.Origin != "" && !a.c.Origin.known() {
		return refuse(ReasonBadValue, "origin")
	}
	if a.c.PlatformCreated.After(a.now) {
		return refuse(ReasonFuture, "platform_created")
	}
	free := !a.c.Actor.Machine()
	var filled []string
	if free {
		filled = a.renumber()
	}
	filled = append(filled, a.fill()...)
	add := func(name string, changed bool) {
		if changed {
			filled = append(filled, name)
		}
	}
	add("platform", put(&a.t.Facts.Platform, a.c.Facts.Platform, false))
	add("type", put(&a.t.Type, Type(clean(string(a.c.Type), maxFact)), free || a.t.Type == "other"))
	add("origin", put(&a.t.Origin, a.c.Origin, free || a.t.Origin == OriginInternal))
	add("platform_created", put(&a.t.PlatformCreated, a.c.PlatformCreated, free))
	if shown := put(&a.t.BackOffice, a.c.BackOffice, free); shown {
		a.t.StaffDue = time.Time{} // what is shown now is the later news
		add("back_office", true)
	}
	if len(filled) == 0 && free {
		return refuse(ReasonAlready, "nothing new")
	}
	return a.amended(filled)
}

// learn fills empty facts from what came with a message.
func (a *act) learn() error {
	filled := a.fill()
	if put(&a.t.Facts.Platform, a.c.Facts.Platform, false) {
		filled = append(filled, "platform")
	}
	return a.amended(append(filled, a.learnTimes()...))
}

// learnTimes takes over the marketplace's times that a notice gives. Such as cannot be are left out: words that are followed
// have nobody to refuse them to.
func (a *act) learnTimes() (filled []string) {
	if !a.t.Origin.Binding() {
		return nil
	}
	over, created, shown := a.c.Kind == CmdEdited, a.c.PlatformCreated, a.c.BackOffice
	if !created.After(a.now) && put(&a.t.PlatformCreated, created, over) {
		filled = append(filled, "platform_created")
	}
	if !shown.Before(a.startOf(ClockPlatform)) && put(&a.t.BackOffice, shown, over) {
		filled = append(filled, "back_office")
		if over {
			a.t.StaffDue = time.Time{} // what is shown now is the later news
		}
	}
	return filled
}

// renumber follows numbers that were told otherwise before.
func (a *act) renumber() (filled []string) {
	if a.reorder() {
		filled = append(filled, "orders")
	}
	for _, f := range []struct {
		name    string
		to      *string
		was, is string
	}{{"platform_no", &a.t.Facts.PlatformNo, a.c.Was.PlatformNo, a.c.Facts.PlatformNo},
		{"aftersale", &a.t.Facts.AfterSale, a.c.Was.AfterSale, a.c.Facts.AfterSale},
		{"waybill", &a.t.Facts.Waybill, a.c.Was.Waybill, a.c.Facts.Waybill}} {
		if f.was != "" && f.was == *f.to && put(f.to, f.is, true) {
			filled = append(filled, f.name)
		}
	}
	return filled
}

// reorder puts each order that was told otherwise in the place of what it was, once.
func (a *act) reorder() (changed bool) {
	if len(a.c.Was.Orders) != len(a.c.Facts.Orders) {
		return false
	}
	orders := slices.Clone(a.t.Facts.Orders)
	for i, was := range a.c.Was.Orders {
		at, is := slices.Index(orders, was), a.c.Facts.Orders[i]
		if at < 0 || is == was {
			continue
		}
		if orders[at], changed = is, true; slices.Index(orders, is) != at || slices.Contains(orders[at+1:], is) {
			orders = slices.Delete(orders, at, at+1)
		}
	}
	if changed {
		a.t.Facts.Orders = orders
	}
	return changed
}

// deciding are the facts on which deadlines depend.
var deciding = []string{"shop", "platform", "type", "origin", "platform_created", "back_office"}

// amended says what was filled and, where deadlines depend on it, plans the clocks again.
func (a *act) amended(filled []string) error {
	if len(filled) == 0 {
		return nil
	}
	a.say(Event{Kind: EvAmended, To: strings.Join(filled, ",")})
	if slices.ContainsFunc(filled, func(f string) bool { return slices.Contains(deciding, f) }) {
		return a.replanned()
	}
	return nil
}

// split lets orders go that have, or get, tickets of their own. Those that are not here are gone already.
func (a *act) split() error {
	var left, gone []string
	for _, o := range a.t.Facts.Orders {
		if slices.Contains(a.c.Facts.Orders, o) {
			gone = append(gone, o)
			continue
		}
		left = append(left, o)
	}
	switch {
	case len(gone) == 0:
		return nil
	case len(left) == 0:
		return refuse(ReasonBadValue, "orders")
	}
	a.t.Facts.Orders = left
	a.say(Event{Kind: EvSplit, To: strings.Join(gone, ",")})
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

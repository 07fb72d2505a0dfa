package tickets

import (
	"slices"
	"time"

	"gongdan/tickets/sla"
)

// maxPauses bounds what one deadline keeps. A ticket that pauses more often has its two nearest pauses joined, which
// gives the team the moment between them.
const maxPauses = 40

// counted are the pauses that have ended, in the form in which clocks count them.
func (d Deadline) counted() []sla.Pause {
	var out []sla.Pause
	for _, p := range d.Pauses {
		if !p.To.IsZero() {
			out = append(out, sla.Pause(p))
		}
	}
	return out
}

// awaits is what a pause can depend on: whom the ticket waits for, or that it was sent back.
func (t Ticket) awaits() Party {
	switch t.Status {
	case StatusWaiting:
		return t.Waiting
	case StatusNeedsInfo:
		return PartyInfo
	}
	return PartyNone
}

// pauseClocks lets every team clock pause or go on as the ticket's status asks for, and tells whether any did. A promised
// time does not wait for anybody.
func (a *act) pauseClocks() bool {
	changed := false
	awaits := a.t.awaits()
	for i := range a.t.Deadlines {
		d := &a.t.Deadlines[i]
		if d.Dropped && d.Kind != ClockPlatform {
			d.waits(awaits, a.now)
		}
		if !d.Running() || d.Kind == ClockPlatform {
			continue
		}
		pause := awaits != PartyNone && !d.Fixed && slices.Contains(a.env.Policy.ClockOf(a.t, *d).PauseOn, awaits)
		switch {
		case pause && !d.Paused():
			d.Pauses = append(d.Pauses, Pause{From: a.now})
		case !pause && d.Paused():
			a.goOn(d)
		default:
			continue
		}
		changed = true
	}
	return changed
}

// waits records on a dropped clock for whom the ticket waits now.
func (d *Deadline) waits(awaits Party, now time.Time) {
	last := len(d.Waited) - 1
	if last >= 0 && d.Waited[last].To.IsZero() {
		if d.Waited[last].For == awaits {
			return
		}
		d.Waited[last].To = now
	}
	if awaits == PartyNone {
		return
	}
	if len(d.Waited) >= maxPauses {
		d.Waited = joinWaits(d.Waited)
	}
	d.Waited = append(d.Waited, Waited{For: awaits, Pause: Pause{From: now}})
}

// joinWaits joins the two waits for one party with the least time between them, whatever was waited for in that time.
func joinWaits(all []Waited) []Waited {
	into, from, least := 0, 0, time.Duration(0)
	before := map[Party]int{} // the last wait for each
	for i, w := range all {
		if j, ok := before[w.For]; ok && (from == 0 || w.From.Sub(all[j].To) < least) {
			into, from, least = j, i, w.From.Sub(all[j].To)
		}
		before[w.For] = i
	}
	if from == 0 {
		return all // as many parties as waits: there are not so many
	}
	all[into].To = all[from].To
	return slices.Delete(all, from, from+1)
}

// credited are the pauses of a dropped clock that goes on now by a rule, what was waited meanwhile among them.
func (d Deadline) credited(pauseOn []Party, now time.Time) []Pause {
	out := slices.Clone(d.Pauses)
	for _, w := range d.Waited {
		if w.To.IsZero() {
			w.To = now
		}
		if w.From.Before(w.To) && slices.Contains(pauseOn, w.For) {
			out = append(out, w.Pause)
		}
	}
	out = apart(out)
	for len(out) > maxPauses {
		out = joinNearest(out)
	}
	return out
}

// apart makes one of pauses that overlap. They begin in order of time; one that lasts still is the last.
func apart(all []Pause) []Pause {
	var out []Pause
	for _, p := range all {
		if n := len(out); n > 0 && !out[n-1].To.IsZero() && p.From.Before(out[n-1].To) {
			out[n-1].To = later(out[n-1].To, p.To)
			continue
		}
		out = append(out, p)
	}
	return out
}

// goOn ends a pause: the deadline moves by what the pause took of the clock's time.
func (a *act) goOn(d *Deadline) {
	want := *d
	want.Pauses = slices.Clone(d.Pauses)
	paused := a.endPause(&want, a.now)
	d.callOn(a.now, a.now)
	if d.Fixed {
		d.Pauses = want.Pauses
		return
	}
	a.recount(&want, paused)
	want.Fired, want.SaidIn, want.Breached, want.AckedBy, want.AckedAt, want.AckKept = nil, nil, false, "", time.Time{}, time.Time{}
	want.Called, want.Held = sla.Called{}, 0
	a.shift(d, want)
}

// recount moves a deadline by a pause that has ended. Where no rule has the clock any more, or it cannot be counted, that is by
// the whole pause: later than any clock would say, never earlier.
func (a *act) recount(d *Deadline, paused time.Duration) {
	c := a.env.Policy.ClockOf(a.t, *d)
	if c.Duration <= 0 || a.count(d, c) != nil {
		d.Due = d.Due.Add(paused)
	}
}

// endPause ends a deadline's present pause and returns its length. One without length is forgotten.
func (a *act) endPause(d *Deadline, at time.Time) time.Duration {
	last := len(d.Pauses) - 1
	length := at.Sub(d.Pauses[last].From)
	if length <= 0 {
		d.Pauses = d.Pauses[:last]
		return 0
	}
	d.Pauses[last].To = at
	if len(d.Pauses) > maxPauses {
		d.Pauses = joinNearest(d.Pauses)
	}
	return length
}

// joinNearest joins the two pauses with the least time between them.
func joinNearest(all []Pause) []Pause {
	at := 1
	for i := 2; i < len(all); i++ {
		if all[i].From.Sub(all[i-1].To) < all[at].From.Sub(all[at-1].To) {
			at = i
		}
	}
	all[at-1].To = all[at].To
	return slices.Delete(all, at, at+1)
}

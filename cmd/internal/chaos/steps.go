package chaos

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// overtaken is how long after its time a step may still be stopped by somebody's act because the bot was away: several
// kills in a row, and the lease that the last owner left behind. In the sample's time.
const overtaken = 25 * speed * time.Second

// steps: each step of each clock was taken once and not before its time, and what was taken was said once, no earlier.
func (j *judge) steps() {
	for _, k := range j.Tickets {
		for _, d := range k.Deadlines {
			for _, m := range j.Policy.Plan(k.Ticket, d) {
				j.step(k, d, m)
			}
		}
		j.announced(k)
	}
	j.strays()
}

func (j *judge) step(k Kept, d tickets.Deadline, m sla.Mark) {
	at, n := m.At, 0
	what := fmt.Sprintf("%s: %s of %s due %s", k.Number, m.Step.Name, d.Kind, d.Due.Format("15:04:05"))
	for _, e := range k.Events {
		if !stepEvent(e.Kind) || e.Clock != d.Kind || e.Step != m.Step.Name || !e.Due.Equal(d.Due) {
			continue
		}
		n++
		if e.At.Before(at) {
			j.find(Early, "%s taken at %s, its time is %s", what, e.At.Format("15:04:05.000"), at.Format("15:04:05.000"))
		}
		if e.Kind == tickets.EvSkipped {
			j.Skipped++
		}
	}
	switch cut := silenced(d); {
	case n > 1:
		j.find(Doubled, "%s: taken %d times", what, n)
	case n == 1, at.After(j.End), !cut.IsZero() && !cut.After(at):
	case !cut.IsZero() && cut.Sub(at) < overtaken:
		j.Superseded++
	default:
		j.find(Missed, "%s: never taken", what)
	}
}

// mergedRows is how many tickets a message that stands for several calls names; the rest it counts.
const mergedRows = 10

// stepEvent tells whether an event uses up a step.
func stepEvent(k tickets.EventKind) bool { return said(k) || k == tickets.EvSkipped }

// said tells whether a step is also said.
func said(k tickets.EventKind) bool {
	return k == tickets.EvReminded || k == tickets.EvBreached || k == tickets.EvEscalated
}

// silenced is when somebody's act ended a clock's steps; zero = nobody's did.
func silenced(d tickets.Deadline) time.Time {
	if d.Stopped.IsZero() || !d.AckedAt.IsZero() && d.AckedAt.Before(d.Stopped) {
		return d.AckedAt
	}
	return d.Stopped
}

// announced: what one wake took was said in order, calls to the next level first and then all else in one, so that the ids
// of its messages are known beforehand.
func (j *judge) announced(k Kept) {
	unsaid, calls, nth := map[string]string{}, map[tickets.CauseID]int{}, map[tickets.CauseID]int{}
	for _, e := range k.Events {
		if id, ok := strings.CutPrefix(string(e.Cause), "out:"); ok && e.Kind == tickets.EvUnsaid {
			unsaid[id] = e.Reason
		}
		if e.Kind == tickets.EvEscalated {
			calls[e.Cause]++
		}
	}
	words := map[string][]tickets.Event{}
	for _, e := range k.Events {
		if !said(e.Kind) {
			continue
		}
		n := calls[e.Cause]
		if e.Kind == tickets.EvEscalated {
			n = nth[e.Cause]
			nth[e.Cause]++
		}
		id := fmt.Sprintf("%s|%d", e.Cause, n)
		words[id] = append(words[id], e)
	}
	for id, events := range words {
		j.announcement(k, events, id, unsaid[id])
		delete(j.byID, id)
	}
}

// announcement judges the words of one or more steps, of which each is one of a clock of its own.
func (j *judge) announcement(k Kept, events []tickets.Event, id, unsaid string) {
	e, at := events[0], j.byID[id]
	what := fmt.Sprintf("%s: words of %s of %s (%s)", k.Number, e.Step, e.Clock, id)
	switch {
	case len(at) == 0 && unsaid != "":
		j.Unsaid += len(events)
		if !slices.ContainsFunc(events, func(e tickets.Event) bool { return j.excused(k, e, unsaid) }) {
			j.find(Missed, "%s taken back without reason: %s", what, unsaid)
		}
		return
	case len(at) == 0:
		j.find(Missed, "%s never said", what)
		return
	case len(at) > 1:
		j.find(Doubled, "%s said %d times", what, len(at))
	}
	m := j.Said[at[0]]
	for _, e := range events {
		j.Announced++
		if due := j.timeOf(k, e); m.Sent.Before(due) {
			j.find(Early, "%s said at %s, its time is %s", what, m.Sent.Format("15:04:05.000"), due.Format("15:04:05.000"))
		}
	}
	if counts := len(j.Merged[at[0]]) > mergedRows; !counts && !strings.Contains(m.PlainText(), k.Number.String()) {
		j.find(Wrong, "%s do not name the ticket: %q", what, m.PlainText())
	}
}

// timeOf is when the step of an event was due.
func (j *judge) timeOf(k Kept, e tickets.Event) time.Time {
	d, _ := k.Deadline(e.Clock)
	d.Due = e.Due
	for _, m := range j.Policy.Plan(k.Ticket, d) {
		if m.Step.Name == e.Step {
			return m.At
		}
	}
	return e.Due
}

// excused tells whether what was taken back was indeed no longer true.
func (j *judge) excused(k Kept, e tickets.Event, why string) bool {
	_, reason, _ := strings.Cut(why, ": ")
	d, ok := k.Deadline(e.Clock)
	switch reason {
	case "passed":
		return e.Kind == tickets.EvReminded
	case "stopped":
		return ok && !d.Running()
	case "acknowledged":
		return ok && !d.AckedAt.IsZero()
	}
	return false
}

// strays: nothing was said about steps that were not taken.
func (j *judge) strays() {
	for id, at := range j.byID {
		if strings.HasPrefix(id, "wake:") {
			j.find(Doubled, "%s said, but no step has it: %q", id, j.Said[at[0]].PlainText())
			delete(j.byID, id)
		}
	}
}

package sla

import (
	"slices"
	"time"
)

// Pending returns the steps not yet fired, in order of time. A name that occurs twice counts once.
func (l Ladder) Pending(fired []string) Ladder {
	var out Ladder
	for _, s := range l.Sorted() {
		same := func(p Step) bool { return p.Name == s.Name }
		if !slices.Contains(fired, s.Name) && !slices.ContainsFunc(out, same) {
			out = append(out, s)
		}
	}
	return out
}

// Until returns the leading steps that lie at or before now for a deadline. The ladder must be sorted.
func (l Ladder) Until(due, now time.Time) Ladder {
	for i, s := range l {
		if s.At(due).After(now) {
			return l[:i]
		}
	}
	return l
}

// Catchup is what is to be said when several steps of one ladder are due at once: one mark, one call,
// and the rest passed by. Nil = nothing of that kind was due.
type Catchup struct {
	Mark    *Step // the breach, else the latest reminder
	Call    *Step // the escalation of the highest level
	Skipped []Step
}

// Collapse chooses among steps that are due at once, given in order of time.
func Collapse(due Ladder) Catchup {
	mark, call := -1, -1
	for i, s := range due {
		switch s.Kind {
		case Escalate:
			if call < 0 || s.Level >= due[call].Level {
				call = i
			}
		case Breach:
			mark = i
		default:
			if mark < 0 || due[mark].Kind != Breach {
				mark = i
			}
		}
	}
	var c Catchup
	for i := range due {
		switch i {
		case mark:
			c.Mark = &due[i]
		case call:
			c.Call = &due[i]
		default:
			c.Skipped = append(c.Skipped, due[i])
		}
	}
	return c
}

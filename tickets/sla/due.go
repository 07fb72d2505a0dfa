package sla

import (
	"slices"
	"time"
)

// Pending returns the marks whose steps have not fired yet: all itself if none has.
func Pending(all []Mark, fired []string) []Mark {
	if len(fired) == 0 {
		return all
	}
	out := make([]Mark, 0, len(all))
	for _, m := range all {
		if !slices.Contains(fired, m.Step.Name) {
			out = append(out, m)
		}
	}
	return out
}

// Until returns the leading marks that lie at or before now. The marks must be in order of time.
func Until(all []Mark, now time.Time) []Mark {
	for i, m := range all {
		if m.At.After(now) {
			return all[:i]
		}
	}
	return all
}

// Catchup is what is to be said when several marks of one clock are due at once: one mark, one call,
// and the rest passed by. Nil = nothing of that kind was due.
type Catchup struct {
	Mark    *Mark // the breach, else the latest reminder
	Call    *Mark // the escalation of the highest level
	Skipped []Mark
}

// Collapse chooses among marks that are due at once, given in order of time.
func Collapse(due []Mark) Catchup {
	mark, call := -1, -1
	for i, m := range due {
		switch m.Step.Kind {
		case Escalate:
			if call < 0 || m.Step.Level >= due[call].Step.Level {
				call = i
			}
		case Breach:
			mark = i
		default:
			if mark < 0 || due[mark].Step.Kind != Breach {
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

package bot

import (
	"strings"
	"time"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// What the acts that steer clocks did, as Said.Reason of a SayDone beside its Detail.
const (
	doneCorrected = "corrected" // a breach was taken back
	doneStaff     = "staff"     // the platform's staff gave the time
)

// doneSteer are their sentences, by the command typed.
var doneSteer = map[string]func(wording, Said) string{
	string(typed.Severity): func(w wording, _ Said) string {
		return w.became(words.DoneSeverity, w.Name(words.Severity, string(w.t.Severity)))
	},
	string(typed.Type): func(w wording, _ Said) string {
		return w.became(words.DoneType, w.Name(words.Type, words.OneLine(string(w.t.Type), maxShort)))
	},
	string(typed.Origin): func(w wording, _ Said) string {
		return w.became(words.DoneOrigin, w.Name(words.Origin, string(w.t.Origin)))
	},
	string(typed.Due): func(w wording, s Said) string {
		if s.Reason == doneStaff {
			return w.Say(words.DoneDueStaff, w.ticket())
		}
		return w.Say(words.DoneDue, w.ticket())
	},
	string(typed.Promise): wording.donePromise,
	string(typed.Correct): wording.doneCorrect,
	string(typed.Snooze): func(w wording, s Said) string {
		return w.Say(words.DoneSnooze, words.Args{"Ticket": w.t.Number.String(), "At": w.time.at(s.Due)})
	},
	string(typed.Tag): func(w wording, _ Said) string {
		tags := w.tags()
		if len(tags) == 0 {
			return w.Say(words.DoneTagNone, w.ticket())
		}
		return w.Say(words.DoneTag, words.Args{"Ticket": w.t.Number.String(), "Tags": strings.Join(tags, w.Say(words.JoinList, nil))})
	},
}

func (w wording) became(id words.ID, value string) string {
	return w.Say(id, words.Args{"Ticket": w.t.Number.String(), "Value": value})
}

// donePromise tells by when, and that the marketplace's deadline is another matter.
func (w wording) donePromise(s Said) string {
	id := words.DonePromise
	if d, ok := w.t.Deadline(tickets.ClockPlatform); ok && d.Running() {
		id = words.DonePromisePlatform
	}
	return w.Say(id, words.Args{"Ticket": w.t.Number.String(), "At": w.time.at(s.Due)})
}

// doneCorrect tells when the platform was really answered, and whether that was in time.
func (w wording) doneCorrect(s Said) string {
	id := words.DoneCorrectLate
	if s.Reason == doneCorrected {
		id = words.DoneCorrect
	}
	return w.Say(id, words.Args{"Ticket": w.t.Number.String(), "At": w.time.at(w.t.Answered)})
}

// outOfReach tells how soon, or how far ahead, a time may lie.
func (w wording) outOfReach(s Said) string {
	if w.sc.Merchant {
		return w.Say(words.RefusedNotPermittedMerchant, nil)
	}
	args := words.Args{"At": "", "Example": w.example(s.typed(typed.Snooze))}
	at, err := time.Parse(time.RFC3339, s.Detail)
	if err == nil {
		args["At"] = w.time.at(at)
	}
	if s.Reason == string(tickets.ReasonTooEarly) {
		args["Example"] = w.example("due_staff")
		return w.Say(words.RefusedStaffSoon, args)
	}
	d, ok := w.t.Deadline(tickets.ClockPlatform)
	if ok && d.Running() && s.Verb == string(typed.Snooze) && !at.Before(d.Due.Truncate(time.Second)) {
		return w.Say(words.RefusedSnoozeLate, args)
	}
	return w.Say(words.RefusedTooLate, args)
}

package tickets

import (
	"slices"
	"time"
)

// The clocks that run between the customer's side and the team.

// spoken are the acts by which the team lets others see that it is at work on a ticket.
var spoken = []CommandKind{CmdNote, CmdAttach, CmdAnswer, CmdWait, CmdSendBack, CmdPromise}

// respond records an answer to the customer's side: the first one, and the next one if it was asked again. An
// answer that turns out to have come earlier than the first known takes its place.
func (a *act) respond(at time.Time) {
	if a.t.Responded.IsZero() || at.Before(a.t.Responded) {
		a.say(Event{Kind: EvResponded, Clock: ClockFirstResponse, At: at})
		a.t.Responded = at
		if d := a.clock(ClockFirstResponse); d != nil && (d.Running() || at.Before(d.Stopped)) {
			a.stop(ClockFirstResponse, at)
			a.stopAt(d, at)
		}
	}
	if d := a.clock(ClockNextResponse); d != nil && d.Running() && !at.Before(d.Start) {
		a.say(Event{Kind: EvResponded, Clock: ClockNextResponse, At: at})
		a.stop(ClockNextResponse, at)
	}
}

// asked restarts the next response, if the rule has one: the customer's side has spoken. Until the first response that
// clock alone runs.
func (a *act) asked() {
	if !a.t.Responded.IsZero() && a.t.Status.Open() {
		a.restart(ClockNextResponse)
	}
}

// restart lets a clock begin anew now, if the rule that binds the ticket has it.
func (a *act) restart(k ClockKind) {
	rule := a.env.Policy.rule(a.t)
	if _, ok := rule.clock(k); !ok {
		return
	}
	want := a.afresh(Deadline{Kind: k, Start: a.now, Due: a.now})
	want.Version = 1
	if d := a.clock(k); d != nil {
		a.replace(d, want)
	} else {
		a.t.Deadlines = append(a.t.Deadlines, want)
	}
	a.say(Event{Kind: EvRestarted, Clock: k, Due: want.Due})
}

// spokeUp notes what depends on the team's being seen at work: the assignee's last word, the next update, and that
// whoever said "on it" did go on.
func (a *act) spokeUp() {
	who := a.c.Actor
	if who.ID == "" {
		return
	}
	for i := range a.t.Deadlines {
		if d := &a.t.Deadlines[i]; d.AckedBy == who.ID && d.AckedAt.Before(a.now) {
			d.AckKept = a.now
		}
	}
	if !slices.Contains(spoken, a.c.Kind) || !who.Role.Staff() {
		return
	}
	if who.ID == a.t.Assignee {
		a.t.Spoke = a.now
	}
	theirs := who.ID == a.t.Requester && who.ID != a.t.Assignee
	if d := a.clock(ClockNextUpdate); d != nil && d.Running() && !theirs {
		a.restart(ClockNextUpdate)
	}
}

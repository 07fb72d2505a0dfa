package bot

import (
	"slices"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// justNow is how long after a deadline it counts as reached rather than passed.
const justNow = 2 * time.Minute

// deadline says how each clock of a ping stands: before, at, or after its deadline, and what came of it. The first of which
// nothing has come names the buttons; without one, only the marketplace's reply may be left to record.
func (w wording) deadline(s Said) View {
	marks := w.worthSaying(s)
	var v View
	for i, m := range marks {
		text, came := w.mark(m, s.User), w.came(m)
		if i == 0 {
			v = w.line(text)
		} else {
			v.Summary += "\n" + text
			v.Lines = append(v.Lines, Line{Text: text})
		}
		if i+1 == len(marks) || came != w.came(marks[i+1]) {
			v = v.then(came)
		}
	}
	v = w.titled(v, s)
	if i := slices.IndexFunc(marks, func(m Mark) bool { return m.open(w.t) }); i >= 0 {
		v.Actions = w.deadlineActions(marks[i].Clock)
	} else if w.awaited() { // a reply on the marketplace is recorded from every reminder, whoever is on its clock
		v.Actions = []Action{primary(w.button(ActAnswer, words.ButtonAnswer))}
	}
	return v
}

// worthSaying are the marks of a ping that are still true, those that somebody is on included; its own if none is.
func (w wording) worthSaying(s Said) []Mark {
	all := s.marks()
	if len(all) == 1 {
		return all
	}
	still := slices.DeleteFunc(slices.Clone(all), func(m Mark) bool {
		why := m.stale(w.t, w.sc.Now)
		return why != "" && why != unsaidFollowed
	})
	if len(still) == 0 {
		return all[:1]
	}
	return still
}

// mark says how one clock stands. told is who else was called once it is late.
func (w wording) mark(m Mark, told tickets.UserID) string {
	due := m.Due
	if d, ok := w.t.Deadline(m.Clock); ok && due.IsZero() {
		due = d.Due
	}
	args := words.Args{"Ticket": w.t.Number.String()}
	switch late := w.sc.Now.Sub(due); {
	case late < 0 && m.Moved:
		args["At"], args["Consequence"] = w.time.at(due), w.consequence()
		return w.Say(shiftWords.of(m.Clock), args)
	case late < 0:
		args["Left"], args["At"], args["Consequence"] = w.time.left(due), w.time.soon(due), w.consequence()
		if m.Clock == tickets.ClockPlatform {
			args["At"] = w.time.at(due)
		}
		return w.Say(beforeWords.of(m.Clock), args)
	case late < justNow:
		return w.Say(atWords.of(m.Clock), args)
	}
	args["Late"] = w.time.ago(due)
	if told == "" {
		return w.Say(afterWords.of(m.Clock), args)
	}
	args["Who"] = w.who(told)
	return w.Say(afterToldWords.of(m.Clock), args)
}

// consequences are the rules whose words serve where a scene names none.
var consequences = map[tickets.Platform]string{"tmall": "tmall_coop", "taobao": "tmall_coop", "douyin": "doudian_request",
	"doudian": "doudian_request", "pinduoduo": "pdd_aftersales"}

// consequence is what a missed platform deadline may cost: the team's own text, else ours for the rule, else for the marketplace.
func (w wording) consequence() string {
	c := w.sc.Consequence
	if own := words.OneLine(c.Text[w.Lang()], maxQuote); own != "" {
		return own
	}
	for _, rule := range []string{c.Word, consequences[w.t.Facts.Platform]} {
		if w.Has(words.Consequence, rule) {
			return w.Name(words.Consequence, rule)
		}
	}
	return w.Name(words.Consequence, "platform")
}

// deadlineActions are what stops the clock.
func (w wording) deadlineActions(k tickets.ClockKind) []Action {
	var out []Action
	if w.answerable() {
		out = append(out, w.button(ActAnswer, words.ButtonAnswer))
	}
	switch {
	case w.t.Status == tickets.StatusNew, w.t.Status == tickets.StatusAssigned:
		out = append(out, w.button(ActClaim, words.ButtonClaim))
	case k == tickets.ClockResolution && w.t.Status.Open():
		out = append(out, w.resolveButton())
	}
	if len(out) > 0 {
		out[0] = primary(out[0])
	}
	return out
}

func (w wording) escalation(s Said) View {
	came := w.came(s.marks()[0])
	v := w.line(w.Say(words.NoticeEscalation, words.Args{
		"Ticket": w.t.Number.String(), "Clock": w.clockState(s), "State": w.workState(s)}))
	if s.User != "" {
		again := w.Say(words.NoticeEscalationAgain, words.Args{"Who": w.who(s.User)})
		v.Summary = joinSentences(v.Summary, again)
		v.Lines = append(v.Lines, Line{Text: again})
	}
	if v = w.titled(v.then(came), s); came != "" {
		return v
	}
	ack := primary(w.button(ActAck, words.ButtonAck))
	ack.Value = string(s.Clock) + "|" + string(w.t.ID)
	v.Actions = []Action{ack, w.button(ActTransfer, words.ButtonReassign)}
	return v
}

// clockState says how far a clock is from its deadline.
func (w wording) clockState(s Said) string {
	late := w.sc.Now.Sub(s.Due)
	switch {
	case late < 0:
		return w.Say(leftWords.of(s.Clock), words.Args{"Left": w.time.left(s.Due)})
	case late < justNow:
		return w.Say(nowWords.of(s.Clock), nil)
	}
	return w.Say(lateWords.of(s.Clock), words.Args{"Late": w.time.ago(s.Due)})
}

// workState says who has the ticket and since when nothing was heard. Detail of an escalation is the RFC 3339 time
// of the last act of a person; without it, the ticket's last change counts.
func (w wording) workState(s Said) string {
	switch {
	case w.t.Assignee == "":
		return w.Say(words.NoticeStateNobody, nil)
	case w.t.Status == tickets.StatusAssigned:
		return w.Say(words.NoticeStateUnclaimed, words.Args{"Who": w.assignee()})
	}
	since, err := time.Parse(time.RFC3339, s.Detail)
	if err != nil {
		since = w.t.Updated
	}
	args := words.Args{"Who": w.assignee(), "Idle": w.time.ago(since), "Waiting": w.status()}
	waiting, idle := w.t.Status == tickets.StatusWaiting, w.sc.Now.Sub(since) >= time.Minute
	switch {
	case idle && waiting:
		return w.Say(words.NoticeStateIdleWaiting, args)
	case idle:
		return w.Say(words.NoticeStateIdle, args)
	case waiting:
		return w.Say(words.NoticeStateWorkingWaiting, args)
	}
	return w.Say(words.NoticeStateWorking, args)
}

// lapsed says that "on it" has come to nothing: to whoever said it, and to whoever has the ticket. Detail is when it was said.
func (w wording) lapsed(s Said) View {
	args := words.Args{"Ticket": w.t.Number.String(), "Who": w.who(s.User), "Ago": ""}
	if at, err := time.Parse(time.RFC3339, s.Detail); err == nil {
		args["Ago"] = w.time.ago(at)
	}
	id := words.NoticeLapsed
	if s.User == s.To {
		id = words.NoticeLapsedYou
	}
	v := w.line(w.Say(id, args))
	v = w.titled(v, s)
	v.Actions = w.deadlineActions(s.Clock)
	return v
}

package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// View makes the words of what is said, from the ticket as it is in sc. Entries without words ([SayReact], [SayTaken], [SayOnIt])
// give the zero View. With sc.Merchant nothing internal is said: pings become a plain call to look.
func (s Said) View(c *words.Catalogue, sc Scene) View {
	if sc.Lang == "" {
		sc.Lang = s.Lang
	}
	w := newWording(c, sc)
	switch s.What {
	case SayCard:
		return TicketCard(c, sc)
	case SayReminder, SayBreach, SayEscalation, SayAssigned, SayUnassigned, SayUrged, SayResumed, SayLapsed:
		if sc.Merchant {
			return w.pinged(s, w.line(w.Say(words.NoticeDiscreet, w.ticket())))
		}
		return w.ping(s)
	case SayAcked:
		return w.acked(s)
	case SayMoved:
		return w.moved(s)
	case SayRules, SayRulesRefused:
		return w.rules(s)
	case SayModelBudget:
		return w.modelBudget(s)
	case SayWelcome:
		return w.welcome()
	case SayAsk:
		return w.ask(s)
	case SayDuplicate:
		return w.duplicate(s)
	case SaySplit:
		return w.splitInto(s)
	case SayOffer:
		return w.offer(s)
	case SayKnown:
		return w.known(s)
	case SayDone:
		return w.line(w.done(s))
	case SayRefused:
		return w.line(w.refused(s))
	case SayTyped:
		return w.line(w.Say(words.FormTyped, words.Args{"Text": words.Paragraph(s.Detail, maxQuote)}))
	}
	return View{}
}

func (w wording) ping(s Said) View {
	switch s.What {
	case SayReminder, SayBreach:
		return w.pinged(s, w.deadline(s))
	case SayEscalation:
		return w.pinged(s, w.escalation(s))
	case SayAssigned:
		return w.assigned(s)
	case SayUnassigned:
		return w.line(w.unassigned(s))
	case SayUrged:
		return w.pinged(s, w.urged(s))
	case SayLapsed:
		return w.pinged(s, w.lapsed(s))
	}
	return w.resumed(s)
}

// pinged calls people by name where others read along; in a direct message that is needless.
func (w wording) pinged(s Said, v View) View {
	switch {
	case s.Channel == "":
	case s.To != "":
		v.Mention = []tickets.UserID{s.To}
	case w.t.Assignee != "" && s.What != SayEscalation:
		v.Mention = []tickets.UserID{w.t.Assignee}
	}
	return v
}

// came says who is on the clock of a mark and since when, and how it ended; "" while it runs and nobody is on it.
func (w wording) came(m Mark) string {
	var parts []string
	if d, ok := m.followed(w.t); ok {
		parts = append(parts, w.Say(words.NoticeOnIt, words.Args{"Who": w.who(d.AckedBy), "At": w.time.clock(d.AckedAt)}))
	}
	if ended := w.ended(m); ended != "" {
		parts = append(parts, ended)
	}
	return upperFirst(strings.Join(parts, w.Say(words.JoinClause, nil)))
}

// ended says how the clock of a mark stopped, or that it runs to another deadline; "" while it runs to the same.
func (w wording) ended(m Mark) string {
	d, ok := w.t.Deadline(m.Clock)
	switch {
	case !ok, d.Dropped:
		return w.Say(words.NoticeEndedGone, nil)
	case m.runs(w.t):
		return ""
	case d.Running():
		return w.Say(words.NoticeEndedMoved, words.Args{"At": w.time.on(d.Due)})
	case w.t.Status == tickets.StatusCancelled:
		return joinDots(w.status(), w.time.clock(d.Stopped))
	}
	return w.Say(endedWords.of(m.Clock), words.Args{"At": w.time.clock(d.Stopped)})
}

// then adds to a ping what came of it; "" adds nothing.
func (v View) then(outcome string) View {
	if outcome != "" {
		v.Summary = joinSentences(v.Summary, outcome)
		v.Lines = append(v.Lines, Line{Text: outcome, Strong: true})
	}
	return v
}

func (w wording) acked(s Said) View {
	switch {
	case w.sc.Merchant:
		return w.line(w.Say(words.NoticeAckedMerchant, w.ticket()))
	case s.Channel == "":
		return w.line(w.Say(words.NoticeAckedTicket, words.Args{"Ticket": w.t.Number.String(), "Who": w.who(s.By)}))
	}
	return w.line(w.Say(words.NoticeAcked, words.Args{"Who": w.who(s.By)}))
}

// assigned tells a new assignee what it is and by when, with the words of whoever asked.
func (w wording) assigned(s Said) View {
	number, what, _ := strings.Cut(w.title(), " · ")
	args := words.Args{"Ticket": number, "What": what}
	id := words.NoticeAssigned
	if s.By != "" {
		id, args["By"] = words.NoticeAssignedBy, w.who(s.By)
	}
	v := w.line(w.Say(id, args))
	if due := upperFirst(w.dues()); due != "" {
		v.Lines = append(v.Lines, Line{Text: due, Strong: true})
		v.Summary = joinSentences(v.Summary, due)
	}
	v.Lines = append(v.Lines, w.source()...)
	if to := w.place(); to != (Ref{}) {
		v.Lines = append(v.Lines, Line{Text: w.Say(words.NoticeOpen, w.ticket()), To: to})
	}
	if w.t.Status == tickets.StatusNew || w.t.Status == tickets.StatusAssigned {
		v.Actions = append(v.Actions, primary(w.button(ActClaim, words.ButtonClaim)))
	}
	if w.answerable() {
		v.Actions = append(v.Actions, w.button(ActAnswer, words.ButtonAnswer))
	}
	v.Actions = append(v.Actions, w.button(ActTransfer, words.ButtonTransfer))
	return v
}

// dues names the running platform deadline and the sooner team target.
func (w wording) dues() string {
	var parts []string
	for _, platform := range []bool{true, false} {
		if d, ok := w.soonest(func(d tickets.Deadline) bool { return platform == (d.Kind == tickets.ClockPlatform) }); ok {
			parts = append(parts, w.due(d))
		}
	}
	return strings.Join(parts, w.Say(words.JoinClause, nil))
}

// due names a deadline inside a sentence.
func (w wording) due(d tickets.Deadline) string {
	return w.Say(dueWords.of(d.Kind), words.Args{"At": w.time.at(d.Due)})
}

// upperFirst begins a sentence with a capital, where the script has them.
func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

func (w wording) unassigned(s Said) string {
	if s.User == "" {
		return w.Say(words.NoticeUnassignedNobody, w.ticket())
	}
	return w.Say(words.NoticeUnassigned, words.Args{"Ticket": w.t.Number.String(), "Who": w.who(s.User)})
}

func (w wording) urged(s Said) View {
	args := words.Args{"Ticket": w.t.Number.String()}
	id := words.NoticeUrged
	if s.By != "" {
		id, args["Who"] = words.NoticeUrgedBy, w.who(s.By)
		if s.Due.After(w.sc.Now) {
			id, args["At"] = words.NoticeUrgedDue, w.time.soon(s.Due)
		}
	}
	v := w.line(w.Say(id, args))
	v = w.titled(v, s)
	v.Actions = w.deadlineActions(tickets.ClockFirstResponse)
	return v
}

func (w wording) resumed(s Said) View {
	v := w.line(w.Say(words.NoticeResumed, w.ticket()))
	if w.Has(words.Party, s.Detail) {
		v = w.line(w.Say(words.NoticeResumedParty, words.Args{
			"Ticket": w.t.Number.String(), "Party": w.Name(words.Party, s.Detail)}))
	}
	v = w.titled(v, s)
	return v
}

func (w wording) welcome() View {
	ids := []words.ID{words.WelcomeWhat, words.WelcomeClock, words.WelcomeHow}
	if w.sc.Merchant {
		ids = []words.ID{words.WelcomeWhatMerchant, words.WelcomeClockMerchant, words.WelcomeHowMerchant}
	}
	v := w.line(w.Say(ids[0], nil))
	for _, id := range ids[1:] {
		v.Lines = append(v.Lines, Line{Text: w.Say(id, nil)})
	}
	return v
}

// ask offers to make a ticket of a message. Also is a ticket it could belong to; it is sc.Ticket, or known by number only.
func (w wording) ask(s Said) View {
	if s.Reason == whyFile {
		return w.askOrder(s)
	}
	at := string(s.Channel) + "/" + s.TS
	v := w.line(w.Say(words.NoticeAsk, nil))
	v.Actions = []Action{{Kind: Button, ID: ActMake, Label: w.Say(words.ButtonMake, nil), Value: at, Style: "primary"}}
	if s.Also != 0 {
		to := string(w.t.ID)
		if w.t.Number != s.Also {
			to = s.Also.String()
		}
		v.Actions = append(v.Actions, Action{Kind: Button, ID: ActAddTo, Value: at + "|" + to,
			Label: w.Say(words.ButtonAddTo, words.Args{"Ticket": s.Also.String()})})
	}
	v.Actions = append(v.Actions, Action{Kind: Button, ID: ActMakeNot, Label: w.Say(words.ButtonMakeNot, nil), Value: at})
	v.Actions = append(v.Actions, Action{Kind: Button, ID: ActWhyMessage, Label: w.Say(words.ButtonWhy, nil), Value: at})
	return v
}

func (w wording) duplicate(s Said) View {
	id, merchant := words.NoticeDuplicate, words.NoticeDuplicateMerchant
	if s.Reason == whyBurst {
		id, merchant = words.NoticeJoined, words.NoticeJoinedMerchant
	}
	if w.sc.Merchant {
		id = merchant
	}
	v := w.line(w.Say(id, words.Args{"Ticket": w.t.Number.String(), "Status": w.status()}))
	v.Actions = []Action{{Kind: Button, ID: ActSplitOff, Label: w.Say(words.ButtonSplitOff, nil),
		Value: string(s.Channel) + "/" + s.TS}}
	return v
}

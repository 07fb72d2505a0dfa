package bot

import (
	"strconv"
	"strings"
	"time"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// doneWords are what a command did, by its canonical name; for a merchant the second.
var doneWords = map[string][2]words.ID{
	"claim": {words.DoneClaim}, "note": {words.DoneNote, words.DoneNoteMerchant}, "attach": {words.DoneNote, words.DoneNoteMerchant},
	"resume": {words.DoneResume}, "close": {words.DoneClose, words.DoneCloseMerchant}, "sendback": {words.DoneSendback},
	"reopen": {words.DoneReopen, words.DoneReopenMerchant}, "complete": {words.DoneComplete}, "cancel": {words.DoneCancel},
	"discard": {words.DoneDiscard}, "ack": {words.DoneAck}, "make_not": {words.DoneMakeNot},
}

// done says what a command did, and which deadlines it moved.
func (w wording) done(s Said) string {
	did := w.did(s)
	if len(s.Moves) == 0 || w.sc.Merchant {
		return did
	}
	return w.Say(words.DoneMoves, words.Args{"Done": did, "Moves": w.moves(s.Moves)})
}

func (w wording) did(s Said) string {
	if steer, ok := doneSteer[s.Detail]; ok && !w.sc.Merchant {
		return steer(w, s)
	}
	args := w.ticket()
	switch s.Detail {
	case "new", string(tickets.CmdCreate):
		return w.created()
	case string(tickets.CmdAssign):
		args["Who"] = w.assignee()
		return w.Say(words.DoneAssign, args)
	case "replied", string(tickets.CmdAnswer):
		args["At"] = w.time.at(w.t.Answered)
		if s.Reason == doneCorrected && !w.sc.Merchant {
			return w.Say(words.DoneAnswerCorrected, args)
		}
		return w.Say(words.DoneAnswer, args)
	case string(tickets.CmdWait):
		args["Party"] = w.Name(words.Waiting, string(w.t.Waiting))
		if _, ok := w.t.Deadline(tickets.ClockPlatform); ok && !w.sc.Merchant {
			return w.Say(words.DoneWait, args)
		}
		return w.Say(words.DoneWaitInternal, args)
	case string(tickets.CmdResolve):
		if w.answerable() && !w.sc.Merchant {
			return w.Say(words.DoneResolveUnanswered, args)
		}
		return w.Say(words.DoneResolve, args)
	case string(tickets.CmdUrge):
		return w.urgedFor(s)
	}
	ids, ok := doneWords[s.Detail]
	switch {
	case !ok:
		return w.Say(words.DoneUpdated, args)
	case w.sc.Merchant && ids[1] != "":
		return w.Say(ids[1], args)
	}
	return w.Say(ids[0], args)
}

// created names the new ticket, who has it and its most binding deadline.
func (w wording) created() string {
	args := w.ticket()
	if w.sc.Merchant {
		if d, ok := w.soonest(func(d tickets.Deadline) bool { return d.Kind == tickets.ClockFirstResponse }); ok && !d.Late(w.sc.Now) {
			args["At"] = w.time.at(d.Due)
			return w.Say(words.DoneCreateMerchantDue, args)
		}
		return w.Say(words.DoneCreateMerchant, args)
	}
	id, withDue := words.DoneCreateNobody, words.DoneCreateNobodyDue
	if w.t.Assignee != "" {
		id, withDue = words.DoneCreate, words.DoneCreateDue
		args["Who"] = w.assignee()
	}
	d, ok := w.soonest(func(d tickets.Deadline) bool { return d.Kind == tickets.ClockPlatform })
	if !ok {
		d, ok = w.soonest(func(tickets.Deadline) bool { return true })
	}
	if !ok {
		return w.Say(id, args)
	}
	args["Due"] = w.due(d)
	return w.Say(withDue, args)
}

// urgedFor answers whoever urged. Due, if set, is when a reply is promised.
func (w wording) urgedFor(s Said) string {
	args := words.Args{"Who": w.Say(words.We, nil)}
	if w.t.Assignee != "" {
		args["Who"] = w.assignee()
	} else if !w.sc.Merchant {
		return w.Say(words.DoneUrgeNobody, nil)
	}
	id, due := words.DoneUrge, words.DoneUrgeDue
	if w.sc.Merchant {
		id, due = words.DoneUrgeMerchant, words.DoneUrgeMerchantDue
	}
	if !s.Due.After(w.sc.Now) {
		return w.Say(id, args)
	}
	args["Left"] = w.time.left(s.Due)
	return w.Say(due, args)
}

// refusedPlain are the refusals whose sentence needs no more than the ticket, for a merchant the second.
var refusedPlain = map[string][2]words.ID{
	string(tickets.ReasonNotPermitted): {words.RefusedNotPermitted, words.RefusedNotPermittedMerchant},
	string(tickets.ReasonNotPlatform):  {words.RefusedNotPlatform, words.RefusedNotPermittedMerchant},
	string(tickets.ReasonCannotCancel): {words.RefusedCannotCancel, words.RefusedNotPermittedMerchant},
	string(tickets.ReasonUnanswered):   {words.RefusedUnanswered, words.RefusedNotPermittedMerchant},
	refusedNotFound:                    {words.RefusedNotFound, words.RefusedNotFound},
	refusedAway:                        {words.RefusedAway, words.RefusedAway},
	refusedNotSaved:                    {words.RefusedNotSaved, words.RefusedNotSaved},
	refusedEmpty:                       {words.RefusedEmpty, words.RefusedEmpty},
	refusedHas:                         {words.RefusedHas, words.RefusedHas},
}

// refusedExample are the refusals that show what to type, with the example's command.
var refusedExample = map[string]struct {
	id   words.ID
	verb typed.Verb
}{
	string(tickets.ReasonFuture): {words.RefusedFuture, typed.Replied},
	refusedWhich:                 {words.RefusedMissingTicket, typed.Show},
	refusedWho:                   {words.RefusedWho, typed.Assign},
	refusedNothing:               {words.RefusedNothing, typed.New},
	refusedDeadline:              {words.RefusedTime, typed.Replied},
	refusedTime:                  {words.RefusedMissingTime, typed.Due},
	refusedHour:                  {words.RefusedMissingHour, typed.Due},
	refusedPassed:                {words.RefusedPassed, typed.Promise},
	refusedSeverity:              {words.RefusedMissingSeverity, typed.Severity},
	refusedType:                  {words.RefusedMissingType, typed.Type},
	refusedOrigin:                {words.RefusedMissingOrigin, typed.Origin},
	refusedParty:                 {words.RefusedMissingParty, typed.Wait},
	refusedTag:                   {words.RefusedMissingTag, typed.Tag},
}

// refusedMissing are what can be missing.
var refusedMissing = map[string]struct {
	id   words.ID
	verb typed.Verb
}{
	"assignee": {words.RefusedMissingAssignee, typed.Assign},
	"party":    {words.RefusedMissingParty, typed.Wait},
	"text":     {words.RefusedMissingText, typed.Note},
	"files":    {words.RefusedMissingText, typed.Note},
	"reason":   {words.RefusedMissingReason, typed.SendBack},
	"ticket":   {words.RefusedMissingTicket, typed.Show},
	"severity": {words.RefusedMissingSeverity, typed.Severity},
	"type":     {words.RefusedMissingType, typed.Type},
	"origin":   {words.RefusedMissingOrigin, typed.Origin},
	"tag":      {words.RefusedMissingTag, typed.Tag},
	"at":       {words.RefusedMissingTime, typed.Due},
}

// typed is the command whose example helps: the one that was tried, if it is known, else the usual one.
func (s Said) typed(usual typed.Verb) typed.Verb {
	if s.Verb != "" {
		return typed.Verb(s.Verb)
	}
	return usual
}

// try shows what to type instead. A merchant is shown only what merchants may type.
func (w wording) try(id words.ID, verb typed.Verb) string {
	if w.sc.Merchant && !w.Has(words.WhatMerchant, string(verb)) {
		return w.Say(words.RefusedNotPermittedMerchant, nil)
	}
	return w.Say(id, words.Args{"Example": w.example(verb)})
}

// noType names the types there are.
func (w wording) noType(word string) string {
	if w.sc.Merchant {
		return w.Say(words.RefusedNotPermittedMerchant, nil)
	}
	var list []string
	for _, k := range typesOf(w.sc.Types) {
		list = append(list, w.Name(words.Type, string(k.Name)))
	}
	return w.Say(words.RefusedNoType, words.Args{"Word": w.Name(words.Type, words.OneLine(word, maxShort)), "List": strings.Join(list, w.Say(words.JoinList, nil))})
}

// refused says why a command was refused and what to do instead.
func (w wording) refused(s Said) string {
	if s.Reason == string(tickets.ReasonNotPlatform) && s.Verb == string(typed.Due) && !w.sc.Merchant {
		return w.Say(words.RefusedNoDue, words.Args{"Ticket": w.t.Number.String(), "Example": w.example(typed.Origin)})
	}
	if ids, ok := refusedPlain[s.Reason]; ok {
		if w.sc.Merchant {
			return w.Say(ids[1], w.ticket())
		}
		return w.Say(ids[0], w.ticket())
	}
	if e, ok := refusedExample[s.Reason]; ok {
		return w.try(e.id, s.typed(e.verb))
	}
	switch s.Reason {
	case refusedNoType:
		return w.noType(s.Detail)
	case string(tickets.ReasonWrongStatus):
		return w.Say(words.RefusedWrongStatus, words.Args{"Ticket": w.t.Number.String(), "Status": w.status(), "Hint": w.hint()})
	case string(tickets.ReasonTaken):
		if w.sc.Merchant {
			return w.Say(words.RefusedNotPermittedMerchant, nil)
		}
		return w.Say(words.RefusedTaken, words.Args{"Ticket": w.t.Number.String(), "Who": w.who(tickets.UserID(s.Detail))})
	case string(tickets.ReasonMissing), string(tickets.ReasonBadValue):
		if m, ok := refusedMissing[s.Detail]; ok {
			return w.try(m.id, s.typed(m.verb))
		}
		return w.unknown("")
	case string(tickets.ReasonTooOld):
		return w.tooOld(s)
	case string(tickets.ReasonTooEarly), string(tickets.ReasonTooLate):
		return w.outOfReach(s)
	case string(tickets.ReasonAlready):
		return w.already(s)
	case string(tickets.ReasonTooSoon):
		return w.tooSoon(s)
	case refusedUnknown:
		return w.unknown(s.Detail)
	}
	if w.t.Number == 0 {
		return w.unknown("")
	}
	return w.Say(words.RefusedDefault, w.ticket())
}

// example is what to type for a command, with the ticket's own number.
func (w wording) example(v typed.Verb) string {
	n := int64(w.t.Number)
	if n == 0 {
		n = sampleNumber
	}
	return w.NameWith(words.Example, string(v), words.Args{"Number": strconv.FormatInt(n, 10)})
}

// sampleNumber stands in examples that belong to no ticket.
const sampleNumber = 1042

// hint is what can be done in the present state.
func (w wording) hint() string {
	args := words.Args{"Ticket": w.t.Number.String(), "Number": strconv.FormatInt(int64(w.t.Number), 10)}
	if w.sc.Merchant {
		return w.Say(words.RefusedHintMerchant, nil)
	}
	switch w.t.Status {
	case tickets.StatusNew, tickets.StatusAssigned:
		return w.Say(words.RefusedHintNew, nil)
	case tickets.StatusInProgress:
		return w.Say(words.RefusedHintWorking, nil)
	case tickets.StatusWaiting:
		return w.Say(words.RefusedHintWaiting, nil)
	case tickets.StatusNeedsInfo:
		return w.Say(words.RefusedHintInfo, nil)
	case tickets.StatusResolved, tickets.StatusClosed, tickets.StatusCancelled:
		return w.Say(words.RefusedHintDone, args)
	}
	return w.Say(words.RefusedHintOver, args)
}

// tooOld is about a reopening that comes too late, or about a reply from before the platform's ticket.
func (w wording) tooOld(s Said) string {
	if s.Verb == string(typed.Due) {
		return w.try(words.RefusedDueOld, typed.Due)
	}
	if w.t.Status.Open() || w.t.Status == tickets.StatusResolved {
		return w.try(words.RefusedTooOldAnswer, s.typed(typed.Replied))
	}
	return w.Say(words.RefusedTooOldReopen, w.ticket())
}

// already tells a reply recorded twice, whose detail is its time, from everything else.
func (w wording) already(s Said) string {
	answers := s.typed(typed.Replied) == typed.Replied || s.Verb == string(typed.Correct)
	if at, err := time.Parse(time.RFC3339, s.Detail); err == nil && answers && !w.sc.Merchant {
		return w.Say(words.RefusedAnswered, words.Args{"Ticket": w.t.Number.String(), "At": w.time.at(at)})
	}
	return w.Say(words.RefusedAlready, words.Args{"Ticket": w.t.Number.String(), "Status": w.status()})
}

func (w wording) tooSoon(s Said) string {
	next, err := time.Parse(time.RFC3339, s.Detail)
	switch {
	case err != nil:
		return w.Say(words.RefusedTooSoonUnknown, nil)
	case w.t.Urged.IsZero():
		return w.Say(words.RefusedTooSoonLater, words.Args{"Next": w.time.soon(next)})
	}
	return w.Say(words.RefusedTooSoon, words.Args{"Last": w.time.soon(w.t.Urged), "Next": w.time.soon(next)})
}

// unknown suggests the nearest command: in the word that was almost typed, if that is of the reader's language.
func (w wording) unknown(suggest string) string {
	c, err := typed.Parse(suggest)
	if suggest == "" || err != nil {
		return w.Say(words.RefusedUnknown, words.Args{"Example": w.example(typed.Help)})
	}
	if langOf(suggest) != w.Lang() {
		suggest = w.Name(words.Verb, string(c.Verb))
	}
	return w.Say(words.RefusedUnknownSuggest, words.Args{"Suggest": suggest, "Example": w.example(c.Verb)})
}

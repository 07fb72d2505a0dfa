package bot

import (
	"slices"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// Move is a deadline that was set anew. A zero From is a clock that begins, a zero To one that is gone.
type Move struct {
	Clock tickets.ClockKind `json:"clock"`
	From  time.Time         `json:"from,omitzero"`
	To    time.Time         `json:"to,omitzero"`
}

// Why a deadline moved, as Said.Reason; Said.Detail is the new severity, type or origin, or whom the ticket waited for.
const (
	movedSeverity = "severity"
	movedType     = "type"
	movedOrigin   = "origin"
	movedOffice   = "office"
	movedStaff    = "staff"
	movedPromise  = "promise"
	movedTags     = "tags"
	movedFacts    = "facts"
	movedWaited   = "waited"
	movedReopened = "reopened"
)

// movedWords say why, with the family of the value's name.
var movedWords = map[string]struct {
	id   words.ID
	kind words.Kind
}{
	movedSeverity: {words.MovedSeverity, words.Severity}, movedType: {words.MovedType, words.Type}, movedOrigin: {words.MovedOrigin, words.Origin},
	movedOffice: {id: words.MovedOffice}, movedStaff: {id: words.MovedStaff}, movedPromise: {id: words.MovedPromise}, movedTags: {id: words.MovedTags},
	movedFacts: {id: words.MovedFacts}, movedWaited: {words.MovedWaited, words.Waiting},
	movedReopened: {id: words.MovedReopened},
}

// movesOf are the deadlines that a change moved, each once. Next responses and updates begin anew with every word and are
// no news.
func movesOf(events []tickets.Event) []Move {
	var out []Move
	for _, e := range events {
		if e.Kind != tickets.EvMoved || e.Clock == "" || e.Clock == tickets.ClockNextResponse || e.Clock == tickets.ClockNextUpdate {
			continue
		}
		from, _ := time.Parse(time.RFC3339Nano, e.From)
		to, _ := time.Parse(time.RFC3339Nano, e.To)
		if i := slices.IndexFunc(out, func(m Move) bool { return m.Clock == e.Clock }); i >= 0 {
			out[i].To = to
			continue
		}
		out = append(out, Move{Clock: e.Clock, From: from, To: to})
	}
	return slices.DeleteFunc(out, func(m Move) bool { return m.From.Equal(m.To) })
}

// whyMoved tells what in a change moved its deadlines; "" if nothing says so.
func whyMoved(events []tickets.Event) (why, value string) {
	for _, e := range events {
		switch e.Kind {
		case tickets.EvSeverity:
			return movedSeverity, e.To
		case tickets.EvType:
			return movedType, e.To
		case tickets.EvOrigin:
			if e.From == e.To { // only its times came later
				return movedFacts, ""
			}
			return movedOrigin, e.To
		case tickets.EvDue:
			if e.To == string(tickets.DueStaff) {
				return movedStaff, ""
			}
			return movedOffice, ""
		case tickets.EvPromised:
			return movedPromise, ""
		case tickets.EvTagged:
			return movedTags, ""
		case tickets.EvResumed:
			return movedWaited, e.From
		case tickets.EvCompleted:
			return movedWaited, string(tickets.PartyInfo)
		case tickets.EvReopened:
			return movedReopened, ""
		case tickets.EvAmended:
			return movedFacts, ""
		}
	}
	return "", ""
}

// byRules parts a change's events into those of new rules that the ticket was planned by and those of what happened to it besides.
func byRules(events []tickets.Event) (rules, own []tickets.Event) {
	i := slices.IndexFunc(events, func(e tickets.Event) bool { return e.Kind == tickets.EvReplanned }) + 1
	return events[:i], events[i:]
}

// moved says in the ticket's thread which deadlines a change moved. Where people from outside read along, only the time by
// which they get a result is their matter. What a new revision of the rules moves is told for a whole channel at once, and here
// only if something else happened to the ticket before its turn: together with that, and without a reason.
func (o *outgoing) moved(t tickets.Ticket, events []tickets.Event) {
	rules, own := byRules(events)
	if t.Source.Foreign {
		rules = nil
	}
	moves := movesOf(slices.Concat(rules, own))
	ours := func(m Move) bool { return m.Clock == tickets.ClockResolution }
	made := func(e tickets.Event) bool { return e.Kind == tickets.EvCreated }
	switch turn := len(own) == 0 && o.planned.IsZero(); {
	case len(moves) == 0, t.Source.Channel == "", turn, slices.ContainsFunc(own, made):
		return
	case t.Source.Foreign && !slices.ContainsFunc(moves, ours):
		return
	}
	s := Said{What: SayMoved, Channel: t.Source.Channel, Thread: t.Source.Thread, Lang: t.Source.Lang, Moves: moves}
	if len(movesOf(rules)) == 0 {
		s.Reason, s.Detail = whyMoved(own)
	}
	o.add(t.ID, tickets.ClassReply, s)
}

// moved is the line in the thread: 平台截止 10:00 → 12:00（紧急程度改为 高）. People from outside hear of the promise to them only.
func (w wording) moved(s Said) View {
	if w.sc.Merchant {
		if d, ok := w.soonest(func(d tickets.Deadline) bool { return d.Kind == tickets.ClockResolution }); ok {
			return w.line(w.Say(words.NoticeMovedMerchant, words.Args{"Ticket": w.t.Number.String(), "At": w.time.on(d.Due)}))
		}
		return w.line(w.Say(words.NoticeDiscreet, w.ticket()))
	}
	why, ok := movedWords[s.Reason]
	switch {
	case len(s.Moves) == 0:
		return w.line(w.Say(words.NoticeDiscreet, w.ticket()))
	case !ok:
		return w.line(w.moves(s.Moves))
	}
	value := ""
	if why.kind != "" {
		value = w.Name(why.kind, s.Detail)
	}
	return w.line(w.Say(words.NoticeMoved, words.Args{"Moves": w.moves(s.Moves), "Why": w.Say(why.id, words.Args{"Value": value})}))
}

// moves names each deadline with its old and its new time.
func (w wording) moves(list []Move) string {
	var parts []string
	for _, m := range list {
		id, args := words.NoticeMove, words.Args{"Clock": w.Name(words.Clock, string(m.Clock)), "From": w.time.at(m.From), "To": w.time.at(m.To)}
		switch {
		case m.To.IsZero():
			id = words.NoticeMoveGone
		case m.From.IsZero():
			id = words.NoticeMoveNew
		case daysApart(m.From.In(w.time.zone), m.To.In(w.time.zone)) == 0: // a time without a day is today's
			args["From"], args["To"] = w.time.soon(m.From), w.time.soon(m.To)
		}
		parts = append(parts, w.Say(id, args))
	}
	return strings.Join(parts, w.Say(words.JoinClause, nil))
}

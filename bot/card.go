package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// Sizes of what others wrote, in code points, so that a message stays one screen.
const (
	maxQuote = 200 // of the source message on the card
	maxShort = 60  // of a shop, a number, a name
	maxShown = 5   // orders named one by one
)

// TicketCard is the live card of a ticket: what it is, who has it, what comes next. With sc.Merchant it holds only
// the merchant's fields. It shows instants by date and bands, so that it stays true while it stands.
func TicketCard(c *words.Catalogue, sc Scene) View {
	w := newWording(c, sc)
	if sc.Merchant {
		return w.merchantCard()
	}
	t := sc.Ticket
	v := w.view(w.title())
	v.Summary = w.Say(words.CardSummary, words.Args{"Title": w.title(), "Status": w.status()})
	v.Header = w.title()
	v.Tags = append([]string{w.status(), w.Name(words.Origin, string(t.Origin))}, w.tags()...)
	v.Fields = w.cardFields()
	v.Lines = w.source()
	v.Actions = w.cardActions()
	if split := w.splitButton(); len(v.Actions) > 0 {
		v.Actions = slices.Insert(v.Actions, len(v.Actions)-1, split...)
	}
	return v
}

// CardHash tells whether two views look the same.
func CardHash(v View) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "" // a View holds nothing that cannot be marshalled
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// CardStale is when the card reads differently by the passing of time alone; zero if never.
func CardStale(c *words.Catalogue, sc Scene) time.Time {
	w := newWording(c, sc)
	var first time.Time
	for _, d := range sc.Ticket.Deadlines {
		if !d.Running() || d.Paused() || !sc.Ticket.Status.Open() && d.Kind != tickets.ClockPlatform {
			continue
		}
		if t := w.time.bandEnds(d.Due); !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// StateEmoji is the reaction that shows a ticket's state on its source message.
func StateEmoji(t tickets.Ticket) string {
	switch t.Status {
	case tickets.StatusInProgress:
		return "eyes"
	case tickets.StatusWaiting:
		return "hourglass_flowing_sand"
	case tickets.StatusNeedsInfo:
		return "question"
	case tickets.StatusResolved:
		return "white_check_mark"
	case tickets.StatusClosed, tickets.StatusArchived:
		return "lock"
	case tickets.StatusCancelled:
		return "x"
	}
	return "ticket"
}

func (w wording) field(out []Field, label words.ID, value string) []Field {
	if value == "" {
		return out
	}
	return append(out, Field{Label: w.Say(label, nil), Value: value})
}

func (w wording) cardFields() []Field {
	f := w.t.Facts
	var out []Field
	out = w.field(out, words.FieldOrder, w.orders())
	out = w.field(out, words.FieldPlatformNo, words.OneLine(f.PlatformNo, maxShort))
	out = w.field(out, words.FieldSeverity, w.Name(words.Severity, string(w.t.Severity)))
	out = w.field(out, words.FieldAssignee, w.assignee())
	out = w.field(out, words.FieldPlatformDue, w.platformDue())
	out = w.field(out, words.FieldTeamDue, w.teamDue())
	return w.field(out, words.FieldNext, w.next())
}

// platformDue is the marketplace's deadline, and how it ended.
func (w wording) platformDue() string {
	d, ok := w.t.Deadline(tickets.ClockPlatform)
	if !ok {
		return ""
	}
	at := w.time.on(d.Due)
	switch {
	case d.Running():
		return w.banded(d.Due)
	case w.t.Answered.IsZero():
		return w.Say(words.CardStopped, words.Args{"At": at})
	}
	id := words.CardStoppedAnswered
	if d.Late(w.sc.Now) {
		id = words.CardStoppedAnsweredLate
	}
	return w.Say(id, words.Args{"At": at, "Done": w.time.on(d.Stopped)})
}

func (w wording) banded(due time.Time) string {
	return w.Say(words.TimeWithBand, words.Args{"At": w.time.on(due), "Band": w.time.band(due)})
}

// teamDue is the sooner of the team's own running targets, what was promised or is wanted, a target that pauses, else how they ended.
func (w wording) teamDue() string {
	var parts []string
	d, ok := w.soonest(func(d tickets.Deadline) bool { return d.Kind != tickets.ClockPlatform })
	promised := w.promise()
	if ok && (promised == "" || d.Kind != tickets.ClockResolution || w.t.Promised.IsZero() && d.Due.Before(w.t.Wish())) {
		parts = append(parts, w.Say(words.CardTeamRunning, words.Args{
			"Clock": w.Name(words.Clock, string(d.Kind)), "At": w.time.on(d.Due), "Band": w.time.band(d.Due)}))
	}
	if promised != "" {
		parts = append(parts, promised)
	}
	if paused := w.paused(); paused != "" {
		parts = append(parts, paused)
	}
	if len(parts) > 0 {
		return strings.Join(parts, w.Say(words.JoinClause, nil))
	}
	any, late := false, false
	for _, d := range w.t.Deadlines {
		if d.Kind != tickets.ClockPlatform && !d.Dropped {
			any, late = true, late || d.Late(w.sc.Now)
		}
	}
	switch {
	case !any:
		return ""
	case w.t.Status == tickets.StatusCancelled:
		return upperFirst(w.Say(words.NoticeEndedGone, nil)) // nothing was met, nor done late
	case late:
		return w.Say(words.CardTeamMissed, nil)
	}
	return w.Say(words.CardTeamMet, nil)
}

// promise is what was promised to the customer, or asked for by the requester, and is yet to be kept; "" if nothing is.
func (w wording) promise() string {
	d, ok := w.t.Deadline(tickets.ClockResolution)
	switch {
	case !ok || !d.Running() || !w.t.Status.Open() || w.t.Promised.IsZero() && w.t.Wish().IsZero():
		return ""
	case w.t.Promised.IsZero():
		return w.Say(words.CardTeamWanted, words.Args{"At": w.time.on(w.t.Wish()), "Band": w.time.band(w.t.Wish())})
	}
	return w.Say(words.CardTeamPromised, words.Args{"At": w.time.on(d.Due), "Band": w.time.band(d.Due)})
}

// paused names the target that stands still, and whom that is for; "" if none does.
func (w wording) paused() string {
	for _, d := range w.t.Deadlines {
		if d.Paused() {
			return w.Say(words.CardTeamPaused, words.Args{"Clock": w.Name(words.Clock, string(d.Kind)), "Waiting": w.status()})
		}
	}
	return ""
}

// soonest is the running clock of a kind that ends first. Clocks that pause end at no known time.
func (w wording) soonest(kind func(tickets.Deadline) bool) (best tickets.Deadline, ok bool) {
	for _, d := range w.t.Deadlines {
		if d.Running() && !d.Paused() && kind(d) && (!ok || d.Due.Before(best.Due)) {
			best, ok = d, true
		}
	}
	return best, ok
}

// next is what must happen next: for an open ticket what its sooner clock wants, with whose turn it is.
func (w wording) next() string {
	var parts []string
	switch {
	case w.t.Status == tickets.StatusAssigned:
		parts = append(parts, w.Say(words.CardNextClaimBy, words.Args{"Who": w.assignee()}))
	case w.t.Status == tickets.StatusNew:
		parts = append(parts, w.Say(words.CardNextClaim, nil))
	case w.t.Status == tickets.StatusWaiting && w.t.Waiting != tickets.PartyNone:
		parts = append(parts, w.Say(words.CardNextWait, words.Args{"Party": w.Name(words.Party, string(w.t.Waiting))}))
	case w.t.Status == tickets.StatusNeedsInfo:
		parts = append(parts, w.Say(words.CardNextInfo, nil))
	case w.t.Status == tickets.StatusResolved:
		parts = append(parts, w.Say(words.CardNextClose, nil))
	}
	open := w.t.Status.Open()
	if d, ok := w.soonest(func(d tickets.Deadline) bool { return open || d.Kind == tickets.ClockPlatform }); ok {
		parts = append(parts, w.Say(nextWords.of(d.Kind), words.Args{"At": w.time.on(d.Due), "Band": w.time.band(d.Due)}))
	}
	if len(parts) == 0 && open {
		parts = append(parts, w.Say(words.CardNextWork, nil))
	}
	return upperFirst(strings.Join(parts, w.Say(words.JoinClause, nil)))
}

// answerable tells whether a reply on the marketplace is still to be recorded.
func (w wording) answerable() bool { return w.t.Origin.Binding() && w.t.Answered.IsZero() }

// awaited tells whether the marketplace still waits for that reply.
func (w wording) awaited() bool {
	d, ok := w.t.Deadline(tickets.ClockPlatform)
	return ok && d.Running() && w.answerable()
}

func (w wording) button(id string, label words.ID) Action {
	return Action{Kind: Button, ID: id, Label: w.Say(label, nil), Value: string(w.t.ID)}
}

func primary(a Action) Action {
	a.Style = "primary"
	return a
}

// resolveButton resolves at once; for a ticket of the marketplace's it opens the form that asks for the outcome.
func (w wording) resolveButton() Action {
	if w.t.Origin.Binding() {
		return w.button(ActResolveForm, words.ButtonResolve)
	}
	return w.button(ActResolve, words.ButtonResolve)
}

// cardActions are the buttons by status; the first is what is expected next.
func (w wording) cardActions() []Action {
	var out []Action
	answer := func() {
		if w.answerable() {
			a := w.button(ActAnswer, words.ButtonAnswer)
			if len(out) == 0 {
				a = primary(a)
			}
			out = append(out, a)
		}
	}
	transfer, more := w.button(ActTransfer, words.ButtonTransfer), w.button(ActMore, words.ButtonMore)
	switch w.t.Status {
	case tickets.StatusNew, tickets.StatusAssigned:
		out = append(out, primary(w.button(ActClaim, words.ButtonClaim)))
		answer()
		return append(out, w.resolveButton(), transfer, more)
	case tickets.StatusInProgress:
		answer()
		return append(out, w.button(ActWait, words.ButtonWait), w.resolveButton(), transfer, more)
	case tickets.StatusWaiting:
		answer()
		return append(out, w.button(ActResume, words.ButtonResume), w.resolveButton(), transfer, more)
	case tickets.StatusNeedsInfo:
		answer()
		return append(out, transfer, more)
	case tickets.StatusResolved:
		answer()
		return append(out, w.button(ActClose, words.ButtonClose), w.button(ActReopen, words.ButtonReopen), more)
	case tickets.StatusClosed:
		return append(out, w.button(ActReopen, words.ButtonReopen), more)
	}
	return nil
}

// merchantCard holds number, order, status and promised time, and nothing else of the ticket.
func (w wording) merchantCard() View {
	v := w.view(w.Say(words.CardSummary, words.Args{"Title": w.t.Number.String(), "Status": w.status()}))
	v.Header = w.t.Number.String()
	v.Tags = []string{w.status()}
	v.Fields = w.field(v.Fields, words.FieldOrder, w.orders())
	if w.t.Status.Open() {
		v.Fields = w.field(v.Fields, words.FieldPromised, w.promised())
		v.Actions = []Action{w.urgeButton()}
	}
	return v
}

func (w wording) urgeButton() Action {
	return Action{Kind: Button, ID: ActMoreDo, Label: w.Say(words.ButtonUrge, nil), Value: DoUrge + "|" + string(w.t.ID)}
}

// promised is the team's own target; the marketplace's deadline is none of the merchant's promises.
func (w wording) promised() string {
	d, ok := w.soonest(func(d tickets.Deadline) bool { return d.Kind == tickets.ClockResolution })
	switch {
	case !ok:
		return w.Say(words.CardPromisedSoon, nil)
	case d.Late(w.sc.Now):
		return w.Say(words.CardPromisedLate, words.Args{"At": w.time.on(d.Due)})
	}
	return w.Say(words.CardPromised, words.Args{"At": w.time.on(d.Due)})
}

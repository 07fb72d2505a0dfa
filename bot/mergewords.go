package bot

import (
	"slices"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

const (
	maxRows    = 10 // tickets shown one by one in a merged message
	maxHeading = 3  // of them in its notification
)

// shown are the calls of a merged message that get a row, by ticket, the most pressing ticket first.
func (s Said) shown() [][]Part {
	var out [][]Part
	at := map[tickets.TicketID]int{}
	for _, q := range s.Parts {
		if i, ok := at[q.Ticket]; ok {
			if i < maxRows {
				out[i] = append(out[i], q)
			}
			continue
		}
		if at[q.Ticket] = len(at); len(out) < maxRows {
			out = append(out, []Part{q})
		}
	}
	return out
}

// rest is how many tickets of a merged message get no row.
func (s Said) rest() int {
	all := map[tickets.TicketID]bool{}
	for _, q := range s.Parts {
		all[q.Ticket] = true
	}
	return max(0, len(all)-maxRows) + s.Rest
}

// escalates tells whether a merged message calls the next level.
func (s Said) escalates() bool {
	return len(s.Parts) > 0 && s.Parts[0].Class == tickets.ClassEscalation
}

// MergedRow is one ticket of a merged message: why somebody is called to it, and how it is now.
type MergedRow struct {
	Calls []Said // at least one, the most pressing first
	Scene Scene
}

// MergedView is a message that stands for several calls: a row for each of the most pressing tickets, with what can be done
// about it, and the number of the rest. A row that somebody has dealt with says so and offers nothing.
func MergedView(c *words.Catalogue, head Scene, s Said, rows []MergedRow) View {
	w := newWording(c, head)
	title := w.Say(s.heading(rows), words.Args{"Count": len(rows) + s.rest()})
	v := w.view(title)
	v.Lines = []Line{{Text: title, Strong: true}}
	var first []string
	for _, r := range rows {
		row, short := newWording(c, r.Scene).mergedRow(r.Calls)
		v.Rows = append(v.Rows, row)
		if len(first) < maxHeading {
			first = append(first, short)
		}
	}
	v.Summary = w.Say(words.MergedSummary, words.Args{"Title": title, "List": strings.Join(first, w.Say(words.JoinClause, nil))})
	if n := s.rest(); n > 0 {
		v.Footer = w.Say(words.MergedRest, words.Args{"Count": n})
		all := Action{Kind: Button, ID: ActList, Label: w.Say(words.ButtonList, nil), Value: ListAll}
		if s.Channel == "" && !s.escalates() {
			all.Value = ListMine
		}
		v.Actions = []Action{all}
	}
	return v
}

// heading says what is wanted of whoever reads it. Where people from outside read along, that is their own matter.
func (s Said) heading(rows []MergedRow) words.ID {
	for _, r := range rows {
		if r.Scene.Merchant {
			return words.MergedDiscreet
		}
	}
	switch {
	case s.escalates():
		return words.MergedEscalated
	case s.Channel != "":
		return words.MergedUnclaimed
	}
	return words.MergedYours
}

// mergedRow is a ticket's row, and the same in a few words.
func (w wording) mergedRow(calls []Said) (Row, string) {
	number := w.t.Number.String()
	if w.sc.Merchant {
		return Row{Lines: []Line{{Text: w.Say(words.NoticeDiscreet, w.ticket())}}}, number
	}
	var still []Said
	var why []string
	for _, s := range calls {
		if !s.dealtWith(w.t, w.sc.Now) {
			still, why = append(still, s), append(why, w.rowWhy(s)...)
		}
	}
	if len(still) == 0 {
		done := w.rowDone(calls[0])
		return Row{Lines: []Line{{Text: w.title(), Struck: true, To: w.place()}, {Text: done}}}, joinDots(number, done)
	}
	text := strings.Join(distinct(why), w.Say(words.JoinClause, nil))
	return Row{Lines: []Line{{Text: w.title(), Strong: true, To: w.place()}, {Text: text}}, Actions: w.rowActions(still)}, number + " " + why[0]
}

func distinct(list []string) (out []string) {
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// dealtWith tells whether a call needs nobody any more. A reminder whose deadline has come does all the more.
func (s Said) dealtWith(t tickets.Ticket, now time.Time) bool {
	why := s.stale(t, now)
	return why != "" && why != unsaidPassed
}

// rowDone says who is on it, or how the ticket stands.
func (w wording) rowDone(s Said) string {
	if d, ok := w.t.Deadline(s.Clock); ok && d.Running() && d.AckedBy != "" {
		return w.Say(words.NoticeOnIt, words.Args{"Who": w.who(d.AckedBy), "At": w.time.soon(d.AckedAt)})
	}
	return w.status()
}

// rowWhy says why somebody is called: how each clock stands, who asks, who has the ticket.
func (w wording) rowWhy(s Said) []string {
	switch s.What {
	case SayUrged:
		if s.By == "" {
			return []string{w.Say(words.MergedUrged, nil)}
		}
		return []string{w.Say(words.MergedUrgedBy, words.Args{"Who": w.who(s.By)})}
	case SayLapsed:
		return []string{w.rowLapsed(s)}
	}
	var out []string
	for _, m := range s.marks() {
		if why := m.stale(w.t, w.sc.Now); why == "" || why == unsaidPassed {
			out = append(out, w.rowClock(m)...)
		}
	}
	if s.What == SayEscalation {
		out = append(out, w.workState(s))
	}
	return out
}

// rowClock says how a clock stands; of a mark that came before the shift's end, the true deadline.
func (w wording) rowClock(m Mark) []string {
	if m.Moved && w.sc.Now.Before(m.Due) {
		return []string{w.Say(dueWords.of(m.Clock), words.Args{"At": w.time.at(m.Due)}), w.Say(words.MergedShift, nil)}
	}
	return []string{w.clockState(Said{Clock: m.Clock, Due: m.Due})}
}

func (w wording) rowLapsed(s Said) string {
	args := words.Args{"Who": w.who(s.User), "Ago": ""}
	if at, err := time.Parse(time.RFC3339, s.Detail); err == nil {
		args["Ago"] = w.time.ago(at)
	}
	if s.User == s.To {
		return w.Say(words.MergedLapsedYou, args)
	}
	return w.Say(words.MergedLapsed, args)
}

// rowActions are what can be done at once about a ticket to which somebody is still called.
func (w wording) rowActions(calls []Said) []Action {
	var out []Action
	for _, s := range calls {
		if d, ok := w.t.Deadline(s.Clock); ok && d.Running() && d.AckedBy == "" {
			ack := w.button(ActAck, words.ButtonAck)
			ack.Value = string(s.Clock) + "|" + string(w.t.ID)
			out = append(out, ack)
			break
		}
	}
	if w.t.Status == tickets.StatusNew || w.t.Status == tickets.StatusAssigned {
		out = append(out, w.button(ActClaim, words.ButtonClaim))
	}
	if w.answerable() {
		out = append(out, w.button(ActAnswer, words.ButtonAnswer))
	}
	return out
}

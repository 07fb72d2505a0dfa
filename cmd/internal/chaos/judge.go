package chaos

import (
	"fmt"
	"strings"
	"time"

	"gongdan/tickets"
)

// Fault is a kind of harm.
type Fault string

// Faults.
const (
	Lost       Fault = "lost"       // acknowledged, and without effect
	Doubled    Fault = "doubled"    // took effect, or was said, more than once
	Missed     Fault = "missed"     // a due step that was not taken or not said
	Early      Fault = "early"      // a step taken or said before its time
	Disordered Fault = "disordered" // a thread's replies in the wrong order
	Wrong      Fault = "wrong"      // anything else that should not be
)

// Finding is one harm.
type Finding struct {
	Fault Fault  `json:"fault"`
	What  string `json:"what"`
}

// Verdict is what was found.
type Verdict struct {
	Findings []Finding
	// Superseded counts steps that a person's act overtook while the bot was away, Unsaid those that were taken back just
	// before they would have been said, because they were no longer true; Skipped those that a later one replaced. They
	// are no harm.
	Superseded, Unsaid, Skipped int
	// Announced counts steps that were taken and said.
	Announced int
	// Unsure counts acts without acknowledgement, which may or may not have taken effect.
	Unsure int
	// Pairs counts pairs of replies whose order could be checked.
	Pairs int
}

// Count is how many harms of a kind there are.
func (v Verdict) Count(f Fault) int {
	n := 0
	for _, x := range v.Findings {
		if x.Fault == f {
			n++
		}
	}
	return n
}

// judge is one judgement under way.
type judge struct {
	History
	Verdict
	byOrder map[string][]Kept
	byID    map[string][]int // indexes of Said
}

// Judge compares what people did with what there is at the end.
func Judge(h History) Verdict {
	j := newJudge(h)
	j.requests()
	j.acts()
	j.chats()
	j.cards()
	j.steps()
	j.order()
	j.said()
	j.rest()
	return j.Verdict
}

// JudgeRequests compares only requests with the tickets made of them, as for a bot that does nothing else.
func JudgeRequests(h History) Verdict {
	j := newJudge(h)
	j.requests()
	return j.Verdict
}

func newJudge(h History) *judge {
	j := &judge{History: h, byOrder: map[string][]Kept{}, byID: map[string][]int{}}
	for _, k := range h.Tickets {
		for _, o := range k.Facts.Orders {
			j.byOrder[o] = append(j.byOrder[o], k)
		}
	}
	for i, m := range h.Said {
		for _, id := range append(h.Merged[i], idOf(m)) {
			j.byID[id] = append(j.byID[id], i)
		}
	}
	return j
}

func (j *judge) find(f Fault, format string, args ...any) {
	j.Findings = append(j.Findings, Finding{f, fmt.Sprintf(format, args...)})
}

// times judges how often something acknowledged took effect.
func (j *judge) times(n int, d Deed, what string) {
	switch {
	case n > 1:
		j.find(Doubled, "%s %s: %d times", what, d.describe(), n)
	case n == 0 && d.Sure:
		j.find(Lost, "%s %s", what, d.describe())
	}
	if !d.Sure {
		j.Unsure++
	}
}

func (d Deed) describe() string {
	return fmt.Sprintf("by %s in %s/%s order %s %s at %s", d.Who, d.Channel, d.TS, d.Order, d.Tag, d.At.Format("15:04:05.000"))
}

// requests: one ticket each, and no ticket beyond.
func (j *judge) requests() {
	wanted := map[string]bool{}
	for _, d := range j.Deeds {
		if d.Kind == Request || d.Kind == Command {
			wanted[d.Order] = true
			j.times(len(j.byOrder[d.Order]), d, string(d.Kind))
		}
	}
	numbers := map[tickets.Number]bool{}
	for _, k := range j.Tickets {
		if !wanted[k.Facts.Order()] {
			j.find(Wrong, "ticket %s of nobody's request (order %s)", k.ID, k.Facts.Order())
		}
		if k.Number != 0 && numbers[k.Number] {
			j.find(Doubled, "number %s", k.Number)
		}
		numbers[k.Number] = true
	}
}

// acts: each press, reply, edit and note stands in its ticket's timeline once.
func (j *judge) acts() {
	for _, d := range j.Deeds {
		switch d.Kind {
		case Request, Command, Chat:
			continue
		}
		list := j.byOrder[d.Order]
		if len(list) == 0 {
			continue // the request itself has been judged
		}
		n := 0
		for _, e := range list[0].Events {
			if d.made(e) {
				n++
			}
		}
		if n == 0 && d.needless(list[0].Ticket) {
			continue
		}
		j.times(n, d, string(d.Kind))
	}
}

// made tells whether an event is what came of the deed.
func (d Deed) made(e tickets.Event) bool {
	by := string(e.By) == d.Who
	switch d.Kind {
	case Reply:
		return e.Kind == tickets.EvNoted && e.Message.TS == d.TS
	case Edit:
		return e.Kind == tickets.EvEdited && e.Message.TS == d.TS && strings.Contains(e.Message.Text, d.Tag)
	case Remark:
		return e.Kind == tickets.EvNoted && strings.Contains(e.Message.Text+e.Reason, d.Tag)
	case Claim:
		return e.Kind == tickets.EvStarted && by
	case Resolve:
		return e.Kind == tickets.EvResolved && by
	case Answer:
		return e.Kind == tickets.EvAnswered && by
	case Ack:
		return e.Kind == tickets.EvAcked && by && string(e.Clock) == d.Clock
	}
	return false
}

// needless tells whether the deed found everything as it wanted it: an edit whose words the ticket was made of, a clock
// that had stopped before somebody took charge of it.
func (d Deed) needless(t tickets.Ticket) bool {
	switch d.Kind {
	case Edit:
		return !t.Source.Edited && strings.Contains(t.Source.Text, d.Tag)
	case Ack:
		c, ok := t.Deadline(tickets.ClockKind(d.Clock))
		return ok && !c.Running()
	}
	return false
}

// chats: talk was heard and left alone.
func (j *judge) chats() {
	for _, d := range j.Deeds {
		if d.Kind != Chat {
			continue
		}
		switch got := j.Decided[d.Channel+"/"+d.TS]; got {
		case "ignore":
		case "":
			j.find(Lost, "chat %s", d.describe())
		default:
			j.find(Wrong, "chat %s became %q", d.describe(), got)
		}
	}
}

// cards: one each, in the ticket's own thread, showing who has the ticket, and one reaction on what was said.
func (j *judge) cards() {
	for _, k := range j.Tickets {
		at := j.byID["card:"+string(k.ID)]
		switch len(at) {
		case 0:
			j.find(Lost, "card of %s", k.Number)
			continue
		case 1:
		default:
			j.find(Doubled, "card of %s: %d", k.Number, len(at))
		}
		m := j.Said[at[0]]
		if m.Channel != string(k.Source.Channel) || k.Source.Kind == "message" && m.ThreadTS != k.Source.Thread {
			j.find(Wrong, "card of %s stands in %s/%s", k.Number, m.Channel, m.ThreadTS)
		}
		if text := m.PlainText(); !strings.Contains(text, k.Number.String()) || !strings.Contains(text, j.nameOf(k.Assignee)) {
			j.find(Wrong, "card of %s does not show its number or its assignee %q: %q", k.Number, j.nameOf(k.Assignee), text)
		}
	}
	// The same by what a reader sees: only cards offer the menu.
	menus := map[string]int{}
	for _, m := range j.Said {
		if strings.Contains(string(m.Blocks), `"action_id":"more"`) {
			menus[m.Channel+"/"+m.ThreadTS+"/"+numberPattern.FindString(m.PlainText())]++
		}
	}
	for where, n := range menus {
		if n > 1 {
			j.find(Doubled, "card seen %d times in %s", n, where)
		}
	}
}

func (j *judge) nameOf(id tickets.UserID) string {
	if p, ok := j.Policy.Roster.Find(id); ok {
		return p.Names[0]
	}
	return ""
}

// said: every message of the bot has an id, and no id occurs twice.
func (j *judge) said() {
	for id, at := range j.byID {
		switch {
		case id == "":
			for _, i := range at {
				j.find(Wrong, "message without an id: %q", j.Said[i].PlainText())
			}
		case len(at) > 1 && !strings.HasPrefix(id, "card:") && !strings.HasPrefix(id, "wake:"):
			j.find(Doubled, "message %s: %d times", id, len(at))
		}
	}
}

// order: replies of one person in one thread, delivered to one life of the bot in which Redis stayed up, stand in the order
// in which they were said.
func (j *judge) order() {
	place := map[string]int{}
	for _, k := range j.Tickets {
		for i, e := range k.Events {
			if e.Kind == tickets.EvNoted {
				place[string(k.Source.Channel)+"/"+e.Message.TS] = i
			}
		}
	}
	roots := map[string]time.Time{}
	last := map[string]Deed{}
	for _, d := range j.Deeds {
		if d.Kind == Request {
			roots[d.Channel+"/"+d.TS] = d.At
		}
		if d.Kind != Reply {
			continue
		}
		thread := d.Channel + "/" + d.Thread
		before, ok := last[thread+d.Who]
		last[thread+d.Who] = d
		if !ok || !j.calm(roots[thread], d.At) {
			continue
		}
		a, heard := place[before.Channel+"/"+before.TS]
		b, too := place[d.Channel+"/"+d.TS]
		if heard && too {
			j.Pairs++
			if (before.TS < d.TS) != (a < b) {
				j.find(Disordered, "%s and %s in thread %s", before.TS, d.TS, thread)
			}
		}
	}
}

// calm tells whether one life of the bot spans two moments and a little more, with Redis up all the time.
func (j *judge) calm(from, to time.Time) bool {
	const margin = time.Second
	for _, s := range j.Spans {
		if s.Up.IsZero() || s.Up.After(from) || !s.Down.IsZero() && s.Down.Before(to.Add(margin)) || s.Start.After(to) {
			continue
		}
		for _, o := range j.Outages {
			if o.After(s.Start.Add(-10*time.Second)) && o.Before(to.Add(margin)) {
				return false
			}
		}
		return true
	}
	return false
}

func (j *judge) rest() {
	for _, c := range j.Crashes {
		j.find(Wrong, "%s", c)
	}
	if j.Mass > 0 {
		j.find(Wrong, "%d posts would have pinged everybody", j.Mass)
	}
}

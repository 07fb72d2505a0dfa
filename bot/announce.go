package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
)

// outgoing collects what one cause makes the bot say. Ids are the cause and a running number, so that a repeated
// cause makes the same ids.
type outgoing struct {
	ws    tickets.WorkspaceID
	cause tickets.CauseID
	now   time.Time
	list  []tickets.Outgoing
	// pressed is the message whose button was the cause; zero if none was.
	pressed Ref
	// planned is when the cause should have come; zero = now.
	planned time.Time
}

func (o *outgoing) add(t tickets.TicketID, class tickets.Class, s Said) {
	if s.calls() {
		s.Planned = o.planned
	}
	body, err := json.Marshal(s)
	if err != nil {
		return // Said holds nothing that cannot be marshalled
	}
	lane := string(s.Channel)
	if s.Channel == "" {
		lane = "dm:" + string(s.To)
	}
	o.list = append(o.list, tickets.Outgoing{
		ID: fmt.Sprintf("%s|%d", o.cause, len(o.list)), Workspace: o.ws, Ticket: t,
		Class: class, Lane: lane, At: o.now, Body: body,
	})
}

// announce adds what a change of a ticket makes the bot say.
func (o *outgoing) announce(w tickets.TicketWrite, calls callees) {
	after, events := w.After, w.Events
	for _, e := range events {
		if e.Kind == tickets.EvLapsed && w.Before != nil {
			o.lapsed(*w.Before, after, e)
		}
		if e.Kind == tickets.EvEscalated {
			o.escalated(w, e, calls)
		}
		o.event(after, e)
	}
	o.onIt(after, events)
	o.marks(after, events, calls.told(events))
	o.moved(after, events)
	if settles(w.Before, after) {
		o.add(after.ID, tickets.ClassReply, Said{What: SayOnIt, Channel: after.Source.Channel})
	}
	home := Said{Channel: after.Source.Channel, Thread: after.Source.Thread, Lang: after.Source.Lang}
	if !slices.ContainsFunc(events, func(e tickets.Event) bool { return shown(after, e) }) {
		return
	}
	card := home
	card.What = SayCard
	o.add(after.ID, tickets.ClassCard, card)
	if after.Source.TS != "" && after.Source.Kind == SourceMessage && (w.Before == nil || StateEmoji(*w.Before) != StateEmoji(after)) {
		react := home
		react.What, react.TS = SayReact, after.Source.TS
		o.add(after.ID, tickets.ClassCard, react)
	}
}

// shown tells whether the card can look different after an event. What it says of the time has a wake of its own.
func shown(t tickets.Ticket, e tickets.Event) bool {
	switch e.Kind {
	case tickets.EvNoted, tickets.EvAttached, tickets.EvUnsaid, tickets.EvSkipped, tickets.EvAcked, tickets.EvUrged,
		tickets.EvSnoozed, tickets.EvLapsed, tickets.EvReminded, tickets.EvBreached, tickets.EvEscalated:
		return false
	case tickets.EvEdited, tickets.EvDeleted:
		return e.Message.Channel == t.Source.Channel && e.Message.TS == t.Source.TS
	}
	return true
}

func (o *outgoing) event(t tickets.Ticket, e tickets.Event) {
	switch e.Kind {
	case tickets.EvAssigned:
		o.assigned(t, e)
	case tickets.EvUrged:
		o.ping(t, tickets.ClassReminder, Said{What: SayUrged, By: e.By})
	case tickets.EvResumed:
		if t.Assignee != "" && t.Assignee != e.By {
			o.add(t.ID, tickets.ClassReply, Said{What: SayResumed, To: t.Assignee, By: e.By, Detail: e.From})
		}
	}
}

// onIt says who is on it: once in the thread, whichever of the ticket's clocks it is about, and on the pings of each.
func (o *outgoing) onIt(t tickets.Ticket, events []tickets.Event) {
	said := false
	for _, e := range events {
		if e.Kind != tickets.EvAcked {
			continue
		}
		o.add(t.ID, tickets.ClassReply, Said{What: SayOnIt, Channel: cmp.Or(o.pressed.Channel, t.Source.Channel),
			TS: o.pressed.TS, By: e.By, Clock: e.Clock, Due: e.Due})
		if !said {
			o.add(t.ID, tickets.ClassReply, Said{What: SayAcked, Channel: t.Source.Channel, Thread: t.Source.Thread,
				Lang: t.Source.Lang, By: e.By, Clock: e.Clock, Due: e.Due})
		}
		said = true
	}
}

// assigned tells the new assignee and the previous one, unless they did it themselves.
func (o *outgoing) assigned(t tickets.Ticket, e tickets.Event) {
	to, from := tickets.UserID(e.To), tickets.UserID(e.From)
	if to == from {
		return
	}
	if to != "" && to != e.By {
		o.add(t.ID, tickets.ClassReply, Said{What: SayAssigned, To: to, By: e.By})
	}
	if from != "" && from != e.By {
		o.add(t.ID, tickets.ClassReply, Said{What: SayUnassigned, To: from, By: e.By, User: to})
	}
}

// marks makes one ping of the reminders and breaches of a change, the platform's first. told is who was called besides.
func (o *outgoing) marks(t tickets.Ticket, events []tickets.Event, told tickets.UserID) {
	var all []Mark
	for _, e := range events {
		if e.Kind == tickets.EvReminded || e.Kind == tickets.EvBreached {
			late := e.Kind == tickets.EvBreached || !e.At.Before(e.Due) // reminders go on after the breach
			d, _ := t.Deadline(e.Clock)
			all = append(all, Mark{Clock: e.Clock, Due: e.Due, Step: e.Step, Version: d.Version, Late: late, Moved: e.Moved})
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b Mark) int { return cmp.Compare(a.rank(), b.rank()) })
	first := all[0]
	s := Said{What: SayReminder, Clock: first.Clock, Due: first.Due, Step: first.Step, Version: first.Version, Moved: first.Moved, More: all[1:]}
	if first.Late {
		s.What = SayBreach
	}
	if slices.ContainsFunc(all, func(m Mark) bool { return m.Late }) {
		s.User = told
	}
	o.ping(t, tickets.ClassReminder, s)
}

// rank orders the marks of one ping: the marketplace's deadline, then what is late, then the rest.
func (m Mark) rank() int {
	switch {
	case m.Clock == tickets.ClockPlatform:
		return 0
	case m.Late:
		return 1
	}
	return 2
}

// ping says something to whoever works on the ticket: the assignee privately, else everybody in its thread.
func (o *outgoing) ping(t tickets.Ticket, class tickets.Class, s Said) {
	if t.Assignee != "" {
		s.To = t.Assignee
	} else {
		s.Channel, s.Thread, s.Lang = t.Source.Channel, t.Source.Thread, t.Source.Lang
	}
	o.add(t.ID, class, s)
}

// lapsed tells who said "on it", and whoever has the ticket, that nothing has come of it since.
func (o *outgoing) lapsed(before, t tickets.Ticket, e tickets.Event) {
	d, _ := before.Deadline(e.Clock)
	s := Said{What: SayLapsed, To: d.AckedBy, User: d.AckedBy, Clock: e.Clock, Due: e.Due, Detail: later(d.AckedAt, d.AckKept).Format(time.RFC3339)}
	o.add(t.ID, tickets.ClassReminder, s)
	if s.To != t.Assignee {
		o.ping(t, tickets.ClassReminder, s)
	}
}

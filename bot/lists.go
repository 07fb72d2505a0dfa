package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// Most that a list and a timeline show; a message holds about fifty lines.
const (
	maxListed = 20
	maxEvents = 15
	maxRemark = 120 // of a message in the timeline, in code points
)

// Listing is what a list shows.
type Listing struct {
	Tickets []tickets.Ticket // in the order to show
	Mine    bool             // those of the person who asks
	Opened  int              // of these, how many at the end they have opened and do not work on
	Meant   bool             // those that a question may be about
	More    bool             // there are more than these
}

// ListView shows tickets one a line, in a merchant's scene only what a merchant may see. sc.Ticket is not used.
func ListView(c *words.Catalogue, sc Scene, l Listing) View {
	w := newWording(c, sc)
	if len(l.Tickets) == 0 {
		return w.line(w.Say(w.pick(l, words.ListEmptyMine, words.ListEmptyAll, words.ListEmptyMerchant), nil))
	}
	more := l.More || len(l.Tickets) > maxListed
	shown := l.Tickets[:min(len(l.Tickets), maxListed)]
	foot := words.ListFooter
	if more {
		foot = words.ListMore
	}
	title := w.listTitle(l, len(shown), more)
	v := w.view(title)
	v.Header = title
	for _, t := range shown {
		v.Lines = append(v.Lines, Line{Text: w.of(t).row()})
	}
	w.t = shown[0]
	v.Footer = w.Say(foot, words.Args{"Example": w.example(typed.Show)})
	return v
}

// listTitle counts what a list shows, and claims no more than that.
func (w wording) listTitle(l Listing, shown int, more bool) string {
	id, args := w.pick(l, words.ListMine, words.ListAll, words.ListMerchant), words.Args{"Count": shown}
	switch {
	case l.Opened > 0 && more:
		id = words.ListFirst
	case l.Opened > 0:
		id, args = words.ListBoth, words.Args{"Assigned": shown - l.Opened, "Opened": l.Opened}
	case l.Meant && more:
		id = words.ListNewest
	case l.Meant:
		id = words.ListMeant
	case more:
		id = words.ListUrgent
	}
	return w.Say(id, args)
}

func (w wording) pick(l Listing, mine, all, merchant words.ID) words.ID {
	switch {
	case w.sc.Merchant:
		return merchant
	case l.Mine:
		return mine
	}
	return all
}

// row is one ticket of a list: T-1042 · 退货 · 天猫XX旗舰店 · 处理中 · 小李 · 平台截止 今天 20:00（今天内）.
func (w wording) row() string {
	if w.sc.Merchant {
		order := ""
		if o := w.t.Facts.Order(); o != "" {
			order = w.Say(words.ListOrder, words.Args{"Order": words.OneLine(o, maxShort)})
		}
		return joinDots(w.t.Number.String(), order, w.status(), w.rowPromise())
	}
	urgent, who := "", ""
	if w.t.Assignee != "" {
		who = w.assignee()
	}
	if w.t.Severity == tickets.SeverityUrgent {
		urgent = w.Name(words.Severity, string(w.t.Severity))
	}
	return joinDots(w.title(), urgent, w.status(), who, w.rowDue())
}

func (w wording) rowPromise() string {
	d, ok := w.soonest(func(d tickets.Deadline) bool { return d.Kind == tickets.ClockResolution })
	if !ok || !w.t.Status.Open() || d.Late(w.sc.Now) {
		return ""
	}
	return w.Say(words.ListPromised, words.Args{"At": w.time.at(d.Due)})
}

// rowDue is the sooner running deadline.
func (w wording) rowDue() string {
	d, ok := w.soonest(func(tickets.Deadline) bool { return true })
	if !ok {
		return ""
	}
	at := w.time.at(d.Due)
	if d.Late(w.sc.Now) || d.Due.Sub(w.sc.Now) < time.Hour {
		at = w.Say(words.TimeWithBand, words.Args{"At": at, "Band": w.time.band(d.Due)})
	}
	return w.Say(rowWords.of(d.Kind), words.Args{"At": at})
}

// DetailView shows one ticket with its history, sorted by when things were said. A merchant sees the card alone.
func DetailView(c *words.Catalogue, sc Scene, events []tickets.Event) View {
	v := TicketCard(c, sc)
	if sc.Merchant {
		return v
	}
	w := newWording(c, sc)
	v.Fields = w.detailFields(v.Fields)
	lines := w.history(events)
	if len(lines) == 0 {
		return v
	}
	v.Lines = append(v.Lines, Line{Text: w.Say(words.TimelineHeading, nil), Strong: true})
	if n := len(lines) - maxEvents; n > 0 {
		v.Lines = append(v.Lines, Line{Text: w.Say(words.TimelineEarlier, words.Args{"Count": n})})
		lines = lines[n:]
	}
	v.Lines = append(v.Lines, lines...)
	return v
}

func (w wording) detailFields(out []Field) []Field {
	f := w.t.Facts
	out = w.field(out, words.FieldAfterSale, words.OneLine(f.AfterSale, maxShort))
	out = w.field(out, words.FieldWaybill, words.OneLine(f.Waybill, maxShort))
	if w.t.Requester != "" {
		out = w.field(out, words.FieldRequester, w.who(w.t.Requester))
	}
	out = w.field(out, words.FieldCreated, w.time.on(w.t.Created))
	return w.field(out, words.FieldOutcome, w.outcome())
}

// outcome is how the ticket ended: a word of ours, somebody's own words, or the one before the other.
func (w wording) outcome() string {
	word, rest, _ := strings.Cut(w.t.Outcome, " ")
	if !w.Has(words.Outcome, word) {
		return words.OneLine(w.t.Outcome, maxRemark)
	}
	return joinDots(w.Name(words.Outcome, word), words.OneLine(rest, maxRemark))
}

func (w wording) history(events []tickets.Event) []Line {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b tickets.Event) int {
		return cmp.Or(saidAt(a).Compare(saidAt(b)), cmp.Compare(a.Version, b.Version))
	})
	var out []Line
	for _, e := range events {
		if what := w.event(e); what != "" {
			out = append(out, Line{Text: w.Say(words.TimelineLine, words.Args{"At": w.time.stamp(saidAt(e)), "What": what})})
		}
	}
	return out
}

// saidAt is when an event's message was said, by its id in the chat; events without one when they happened.
func saidAt(e tickets.Event) time.Time {
	at, ok := sentAt(e.Message.TS)
	if !ok || e.Kind == tickets.EvEdited || e.Kind == tickets.EvDeleted {
		return e.At
	}
	return at
}

// eventWords are what happened; kinds without words are bookkeeping.
var eventWords = map[tickets.EventKind]words.ID{
	tickets.EvCreated: words.TimelineCreated, tickets.EvAssigned: words.TimelineAssigned, tickets.EvStarted: words.TimelineStarted,
	tickets.EvNoted: words.TimelineNoted, tickets.EvAttached: words.TimelineAttached, tickets.EvResponded: words.TimelineResponded,
	tickets.EvAnswered: words.TimelineAnswered, tickets.EvWaiting: words.TimelineWaiting, tickets.EvResumed: words.TimelineResumed,
	tickets.EvResolved: words.TimelineResolved, tickets.EvClosed: words.TimelineClosed, tickets.EvReopened: words.TimelineReopened,
	tickets.EvSentBack: words.TimelineSentBack, tickets.EvCompleted: words.TimelineCompleted, tickets.EvCancelled: words.TimelineCancelled,
	tickets.EvDiscarded: words.TimelineDiscarded, tickets.EvUrged: words.TimelineUrged, tickets.EvAcked: words.TimelineAcked,
	tickets.EvAmended: words.TimelineAmended, tickets.EvEdited: words.TimelineEdited, tickets.EvDeleted: words.TimelineDeleted,
	tickets.EvReminded: words.TimelineReminded, tickets.EvBreached: words.TimelineBreached, tickets.EvEscalated: words.TimelineEscalated,
	tickets.EvMoved: words.TimelineMoved, tickets.EvArchived: words.TimelineArchived, tickets.EvSeverity: words.TimelineSeverity,
	tickets.EvType: words.TimelineType, tickets.EvOrigin: words.TimelineOrigin, tickets.EvDue: words.TimelineDue,
	tickets.EvPromised: words.TimelinePromised, tickets.EvCorrected: words.TimelineCorrected, tickets.EvSnoozed: words.TimelineSnoozed,
	tickets.EvTagged: words.TimelineTagged, tickets.EvLapsed: words.TimelineLapsed, tickets.EvReplanned: words.TimelineReplanned,
	tickets.EvSplit: words.TimelineSplit,
}

// eventValues are what the value of an event is called.
var eventValues = map[tickets.EventKind]words.Kind{tickets.EvWaiting: words.Waiting, tickets.EvSeverity: words.Severity,
	tickets.EvType: words.Type, tickets.EvOrigin: words.Origin}

func (w wording) event(e tickets.Event) string {
	id, ok := eventWords[e.Kind]
	if !ok || e.Kind == tickets.EvMoved && e.Clock == "" {
		return ""
	}
	args := words.Args{"Who": w.Say(words.TimelineSystem, nil), "Clock": w.Name(words.Clock, string(e.Clock)), "To": ""}
	if e.By != "" {
		args["Who"] = w.who(e.By)
	}
	switch {
	case eventValues[e.Kind] != "":
		args["To"] = w.Name(eventValues[e.Kind], e.To)
	case e.Kind == tickets.EvAssigned && e.To == "":
		id = words.TimelineUnassigned
	case e.Kind == tickets.EvAssigned:
		args["To"] = w.who(tickets.UserID(e.To))
	case e.Kind == tickets.EvDue && e.To == string(tickets.DueStaff):
		id, args["To"] = words.TimelineDueStaff, w.time.stamp(e.Due)
	case e.Kind == tickets.EvDue, e.Kind == tickets.EvPromised, e.Kind == tickets.EvSnoozed:
		args["To"] = w.time.stamp(e.Due)
	case e.Kind == tickets.EvEscalated && e.Level > 1:
		id, args["Level"] = words.TimelineClimbed, e.Level
	case e.Kind == tickets.EvCorrected:
		args["To"] = w.time.stamp(e.At)
	case e.Kind == tickets.EvLapsed:
		args["Who"] = w.who(tickets.UserID(e.From))
	case e.Kind == tickets.EvTagged:
		args["To"] = w.signed(e)
	case e.Kind == tickets.EvMoved:
		if m := movesOf([]tickets.Event{e}); len(m) > 0 {
			return w.moves(m)
		}
	}
	what := w.Say(id, args)
	text := e.Message.Text
	if text == "" || e.Kind == tickets.EvCreated {
		text = e.Reason
	}
	if text = words.OneLine(text, maxRemark); text == "" {
		return what
	}
	return w.Say(words.TimelineQuote, words.Args{"What": what, "Text": text})
}

// signed names the tags that came and went: +VIP -老客.
func (w wording) signed(e tickets.Event) string {
	var out []string
	for _, side := range []struct{ sign, tags string }{{"+", e.To}, {"-", e.From}} {
		for tag := range strings.SplitSeq(side.tags, ",") {
			if tag = words.OneLine(tag, maxShort); tag != "" {
				out = append(out, side.sign+tag)
			}
		}
	}
	return strings.Join(out, " ")
}

// HelpView shows what can be typed, each with one example; topic narrows it to one command, in any of its words.
func HelpView(c *words.Catalogue, sc Scene, topic string) View {
	w := newWording(c, sc)
	title, foot, kind := words.HelpTitle, words.HelpFooter, words.What
	if sc.Merchant {
		title, foot, kind = words.HelpTitleMerchant, words.HelpFooterMerchant, words.WhatMerchant
	}
	v := w.view(w.Say(title, nil))
	v.Header = v.Summary
	verbs := helpVerbs
	if topic = words.OneLine(topic, maxShort); topic != "" {
		if cmd, err := typed.Parse(topic); err == nil && w.Has(kind, string(cmd.Verb)) {
			verbs = []typed.Verb{cmd.Verb}
		} else {
			v.Lines = append(v.Lines, Line{Text: w.Say(words.HelpUnknown, words.Args{"Topic": topic})})
		}
	}
	for _, verb := range verbs {
		if !w.Has(kind, string(verb)) {
			continue
		}
		v.Lines = append(v.Lines, w.help(kind, verb))
		if more, ok := moreHelp[verb]; ok && len(verbs) == 1 && !sc.Merchant {
			v.Lines = append(v.Lines, w.help(kind, more))
		}
	}
	v.Footer = w.Say(foot, nil)
	return v
}

func (w wording) help(kind words.Kind, verb typed.Verb) Line {
	name, _, _ := strings.Cut(string(verb), "_")
	return Line{Text: w.Say(words.HelpLine, words.Args{
		"Name": w.Name(words.Verb, name), "What": w.Name(kind, string(verb)), "Example": w.example(verb)})}
}

// moreHelp are second examples, for whoever asks about one command.
var moreHelp = map[typed.Verb]typed.Verb{typed.New: "new_platform", typed.Due: "due_staff"}

// helpVerbs is the order of help: what one needs first comes first.
var helpVerbs = []typed.Verb{
	typed.New, typed.List, typed.Mine, typed.Show, typed.Claim, typed.Replied, typed.Wait, typed.Resume, typed.Resolve,
	typed.Assign, typed.Note, typed.Urge, typed.Close, typed.Reopen, typed.SendBack, typed.Severity, typed.Type, typed.Tag,
	typed.Origin, typed.Due, typed.Promise, typed.Snooze, typed.Correct, typed.Cancel, typed.Discard, typed.Missed, typed.Why, typed.Help,
}

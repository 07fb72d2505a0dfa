package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// readVerbs are the typed commands that change nothing.
var readVerbs = map[typed.Verb]bool{typed.List: true, typed.Mine: true, typed.Show: true, typed.Help: true, typed.Why: true, typed.Missed: true}

// readPresses are the elements that only open something private.
var readPresses = map[string]bool{ActWait: true, ActTransfer: true, ActMore: true, ActList: true, ActWhyMessage: true}

// IsRead tells whether an input changes nothing: it is answered by whoever received it and never kept.
func IsRead(in Input) bool {
	switch {
	case in.Command != nil:
		cmd, err := typed.Parse(in.Command.Text)
		return err != nil || readVerbs[cmd.Verb]
	case in.Click != nil:
		head, _ := cutChoice(*in.Click)
		return readPresses[in.Click.Action] || in.Click.Action == ActMoreDo && (head == DoShow || head == DoWhy)
	}
	return false
}

// NotSaved says that a press or a command was not kept, so that it is made again.
func NotSaved(c *words.Catalogue, lang string) View {
	return Said{What: SayRefused, Reason: refusedNotSaved}.View(c, Scene{Lang: lang})
}

// Answer answers an input for which IsRead holds, privately and as far as the person may see. With an error the view
// says that it did not work.
func (c *Conversation) Answer(ctx context.Context, ws tickets.WorkspaceID, in Input) (View, error) {
	q, err := c.question(ctx, ws, in)
	if err == nil {
		var v View
		if in.Command != nil {
			v, err = q.command(in.Command.Text)
		} else {
			v, err = q.press(*in.Click)
		}
		if err == nil {
			return v, nil
		}
	}
	return NotSaved(c.words, q.scene.Lang), err
}

// question is one read under way.
type question struct {
	*Conversation
	ctx   context.Context
	ws    tickets.WorkspaceID
	actor tickets.Actor
	scene Scene
}

func (c *Conversation) question(ctx context.Context, ws tickets.WorkspaceID, in Input) (question, error) {
	var by tickets.UserID
	if in.Command != nil {
		by = in.Command.User
	} else {
		by = in.Click.User
	}
	q := question{Conversation: c, ctx: ctx, ws: ws, scene: Scene{Now: c.now(), Lang: words.Chinese}}
	p, err := c.policies.Policy(ctx, ws)
	if err != nil {
		return q, fmt.Errorf("policy of %s: %w", ws, err)
	}
	if who, err := c.people.Person(ctx, ws, by); err == nil && who.Lang != "" {
		q.scene.Lang = who.Lang
	}
	if q.actor, err = c.actor(ctx, ws, p, by); err != nil {
		return q, err
	}
	q.scene.Zone, q.scene.Merchant, q.scene.Types = p.Zone, !q.actor.Role.Staff(), p.Types
	q.scene.Name = func(id tickets.UserID) string { return nameOf(ctx, c.people, ws, p, id) }
	return q, nil
}

func (q question) command(text string) (View, error) {
	cmd, err := typed.Parse(text)
	var u *typed.Unknown
	if errors.As(err, &u) {
		return q.refuse(Said{Reason: refusedUnknown, Detail: u.Suggest}), nil
	}
	if err != nil {
		return q.refuse(Said{Reason: refusedUnknown}), nil
	}
	switch cmd.Verb {
	case typed.List:
		return q.list(false)
	case typed.Mine:
		switch also := strings.TrimSpace(cmd.Rest) == alsoOpened; {
		case also && q.actor.Role.Staff():
			return q.both()
		case also:
			return q.list(false)
		}
		return q.list(true)
	case typed.Show:
		return q.show(cmd)
	case typed.Why:
		return q.why(cmd)
	case typed.Missed:
		return q.missed()
	}
	return HelpView(q.words, q.scene, cmd.Rest), nil
}

func (q question) refuse(s Said) View {
	s.What = SayRefused
	return s.View(q.words, q.scene)
}

// list shows open tickets, urgent ones first and then by the soonest deadline: all that the person may see, or those they work
// on. People outside the team get what they opened, merchants also what concerns their shops, the newest first.
func (q question) list(mine bool) (View, error) {
	l, err := q.listing(mine)
	if err != nil {
		return View{}, err
	}
	return ListView(q.words, q.scene, l), nil
}

// alsoOpened widens one's own list to the tickets that one has opened.
const alsoOpened = "opened"

// both shows the tickets that somebody works on, and then those that they have opened for others.
func (q question) both() (View, error) {
	opened := part{Query: tickets.Query{By: tickets.ByRequester, Value: string(q.actor.ID), Desc: true}}
	l, counts, err := q.gather(append(q.parts(true), opened))
	if err != nil {
		return View{}, err
	}
	l.Mine, l.Opened = true, counts[len(counts)-1]
	return ListView(q.words, q.scene, l), nil
}

// part is one of those that make a list: a walk through an index, and what of it belongs there besides being open and visible.
type part struct {
	tickets.Query
	only func(tickets.Ticket) bool // nil = all
}

// listing is what a list shows.
func (q question) listing(mine bool) (Listing, error) {
	l, _, err := q.gather(q.parts(mine))
	l.Mine = mine
	return l, err
}

// gather reads the parts of a list one after the other, as many tickets as a list shows, and counts what each part gave; where
// there are more than a list shows, the counts include the first that it does not.
func (q question) gather(parts []part) (l Listing, counts []int, err error) {
	found := map[tickets.TicketID]bool{}
	for _, p := range parts {
		got, more, err := q.fill(p, maxListed+1-len(l.Tickets), found)
		if err != nil {
			return Listing{}, nil, fmt.Errorf("list tickets: %w", err)
		}
		l.Tickets, l.More = append(l.Tickets, got...), l.More || more
		counts = append(counts, len(got))
	}
	l.More = l.More || len(l.Tickets) > maxListed
	l.Tickets = l.Tickets[:min(len(l.Tickets), maxListed)]
	return l, counts, nil
}

// parts are what a list is made of, one after the other.
func (q question) parts(mine bool) []part {
	if q.actor.Role.Staff() {
		all := tickets.Query{By: tickets.ByDue}
		if mine {
			all = tickets.Query{By: tickets.ByAssignee, Value: string(q.actor.ID)}
		}
		return []part{{all, isUrgent}, {Query: all}}
	}
	own := []part{{Query: tickets.Query{By: tickets.ByRequester, Value: string(q.actor.ID), Desc: true}}}
	for _, shop := range q.actor.Shops {
		if !mine {
			own = append(own, part{Query: tickets.Query{By: tickets.ByShop, Value: shop, Desc: true}})
		}
	}
	return own
}

func isUrgent(t tickets.Ticket) bool { return t.Severity == tickets.SeverityUrgent }

// maxWalked is how many pages of an index one list reads: with far more open tickets than anybody looks through, one that
// stands out near the end may be left out.
const maxWalked = 4

// fill reads one part of a list, at most n tickets that are not in found yet, and adds them there; more tells that there may be
// others.
func (q question) fill(p part, n int, found map[tickets.TicketID]bool) (out []tickets.Ticket, more bool, err error) {
	query := p.Query
	query.Keep = func(t tickets.Ticket) bool {
		return t.Status.Open() && tickets.CanSee(q.actor, t) && !found[t.ID] && (p.only == nil || p.only(t))
	}
	for pages := 0; n > 0 && pages < maxWalked && (pages == 0 || query.Cursor != ""); pages++ {
		query.Limit = n
		page, err := q.store.List(q.ctx, q.ws, query)
		if err != nil {
			return nil, false, err
		}
		for _, t := range page.Tickets {
			found[t.ID] = true
		}
		n -= len(page.Tickets)
		out, query.Cursor = append(out, page.Tickets...), page.Cursor
	}
	return out, query.Cursor != "", nil
}

// show shows a ticket, or a list of several that were named.
func (q question) show(cmd typed.Command) (View, error) {
	if !cmd.HasNumber {
		return q.refuse(Said{Reason: refusedWhich}), nil
	}
	l := Listing{Meant: true}
	for _, n := range append([]int64{cmd.Number}, intents.TicketNumbers(cmd.Rest)...) {
		got, err := q.findKey(q.ctx, q.ws, tickets.Key{Kind: tickets.KeyNumber, Value: tickets.Number(n).String()})
		if err != nil {
			return View{}, fmt.Errorf("find ticket: %w", err)
		}
		if got != nil && tickets.CanSee(q.actor, *got) && len(l.Tickets) <= maxListed {
			l.Tickets = append(l.Tickets, *got)
		}
	}
	switch len(l.Tickets) {
	case 0:
		return q.refuse(Said{Reason: refusedNotFound}), nil
	case 1:
		return q.detail(&l.Tickets[0])
	}
	return ListView(q.words, q.scene, l), nil
}

// detail shows a ticket with its history. One that may not be seen is not there.
func (q question) detail(got *tickets.Ticket) (View, error) {
	if got == nil || !tickets.CanSee(q.actor, *got) {
		return q.refuse(Said{Reason: refusedNotFound}), nil
	}
	events, err := q.store.Timeline(q.ctx, q.ws, got.ID)
	if err != nil {
		return View{}, fmt.Errorf("timeline of %s: %w", got.ID, err)
	}
	q.scene.Ticket = *got
	return DetailView(q.words, q.scene, events), nil
}

func (q question) press(k Click) (View, error) {
	switch {
	case k.Action == ActList && k.Value == ListMissed:
		return q.missed()
	case k.Action == ActList:
		return q.list(k.Value == ListMine)
	case k.Action == ActWhyMessage:
		return q.whyMessage(k.Value)
	}
	id, head := k.Value, ""
	if k.Action == ActMoreDo {
		head, id, _ = strings.Cut(choice(k), "|")
	}
	got, err := q.pressed(q.ctx, q.ws, id)
	if err != nil {
		return View{}, fmt.Errorf("load ticket: %w", err)
	}
	if got == nil || !tickets.CanSee(q.actor, *got) {
		return q.refuse(Said{Reason: refusedNotFound}), nil
	}
	q.scene.Ticket = *got
	needs := map[string]tickets.CommandKind{ActWait: tickets.CmdWait, ActTransfer: tickets.CmdAssign}[k.Action]
	if needs != "" && !tickets.Allowed(q.actor.Role, needs) {
		return q.refuse(Said{Reason: string(tickets.ReasonNotPermitted)}), nil
	}
	switch {
	case k.Action == ActWait:
		return WaitChoice(q.words, q.scene), nil
	case k.Action == ActTransfer:
		return TransferChoice(q.words, q.scene), nil
	case k.Action == ActMore:
		return MoreMenu(q.words, q.scene), nil
	case head == DoShow:
		return q.detail(got)
	}
	return q.whyTicket(*got)
}

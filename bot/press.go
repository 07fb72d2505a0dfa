package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gongdan/intents"
	"gongdan/tickets"
)

// pressKinds are the buttons that are one command on the ticket named by their value.
var pressKinds = map[string]tickets.CommandKind{
	ActClaim: tickets.CmdClaim, ActAnswer: tickets.CmdAnswer, ActResume: tickets.CmdResume, ActResolve: tickets.CmdResolve,
	ActClose: tickets.CmdClose, ActReopen: tickets.CmdReopen,
}

// moreKinds are the entries of the private menu that are one command.
var moreKinds = map[string]tickets.CommandKind{
	DoDiscard: tickets.CmdDiscard, DoClose: tickets.CmdClose, DoReopen: tickets.CmdReopen, DoUrge: tickets.CmdUrge,
}

// click carries out a press that changes something, and has the row it was made on drawn anew.
func (t *turn) click(k Click) error {
	k.Value, t.listed = cutList(k)
	if err := t.act(k); err != nil {
		return err
	}
	return t.redrawMerged(k)
}

// act does what a press is for. Permission is checked by the command itself.
func (t *turn) act(k Click) error {
	if kind, ok := pressKinds[k.Action]; ok {
		return t.press(k, k.Value, tickets.Command{Kind: kind})
	}
	head, tail := cutChoice(k)
	switch k.Action {
	case ActWaitFor:
		return t.press(k, tail, tickets.Command{Kind: tickets.CmdWait, Party: tickets.Party(head)})
	case ActMoreDo:
		return t.more(k, head, tail)
	case ActAssignTo:
		return t.assignPressed(k)
	case ActAck:
		t.say.pressed = Ref{Channel: k.Channel, TS: k.TS}
		return t.press(k, tail, tickets.Command{Kind: tickets.CmdAck, Clock: tickets.ClockKind(head)})
	case ActSplit:
		return t.split(k)
	case ActMake, ActSplitOff:
		return t.make(k)
	case ActMakeNot:
		return t.makeNot(k)
	case ActAddTo:
		return t.addPressed(k, head, tail)
	case ActTypeTo:
		if _, offered := t.types().find(tickets.Type(head)); !offered {
			break
		}
		return t.press(k, tail, tickets.Command{Kind: tickets.CmdType, Type: tickets.Type(head)})
	case ActNumberTo:
		return t.numberPressed(k, head, tail)
	case ActMakeMessage:
		return t.makeMessage(k)
	}
	t.log.Warn("press of an unknown element", "workspace", t.ws, "action", k.Action)
	return nil
}

// choice is what came with a press: the chosen option, else the button's own value.
func choice(k Click) string {
	if k.Selected != "" {
		return k.Selected
	}
	return k.Value
}

func (t *turn) more(k Click, head, tail string) error {
	kind, ok := moreKinds[head]
	if !ok {
		t.log.Warn("choice of an unknown entry", "workspace", t.ws, "entry", head)
		return nil
	}
	return t.press(k, tail, tickets.Command{Kind: kind})
}

// press carries out one command for whoever pressed. Success shows on the card.
func (t *turn) press(k Click, id string, c tickets.Command) error {
	r := request{by: k.User, channel: k.Channel, thread: k.Thread, quiet: c.Kind != tickets.CmdAck}
	var err error
	if c.Actor, err = t.who(k.User); err != nil {
		return err
	}
	got, err := t.pressed(t.ctx, t.ws, id)
	if err != nil || t.hidden(r, c.Actor, got) {
		return err
	}
	return t.perform(r, got, c, string(c.Kind))
}

// assignPressed gives a ticket to whoever was chosen, if that is somebody who may have tickets.
func (t *turn) assignPressed(k Click) error {
	if k.Selected == "" { // an offered step names both
		k.Selected, k.Value, _ = strings.Cut(k.Value, "|")
	}
	to := tickets.UserID(k.Selected)
	ok, err := t.works(to)
	if err != nil {
		return err
	}
	if !ok {
		t.deny(request{by: k.User, channel: k.Channel, thread: k.Thread}, "", refusedWho)
		return nil
	}
	return t.press(k, k.Value, tickets.Command{Kind: tickets.CmdAssign, Assignee: to})
}

// ticketIDs are what ids of tickets look like. A forged value must reach no other record.
var ticketIDs = regexp.MustCompile(`^[a-z2-7]{16}$`)

// pressed is the ticket whose id, or number, came with a press; nil if there is none.
func (c *Conversation) pressed(ctx context.Context, ws tickets.WorkspaceID, v string) (*tickets.Ticket, error) {
	if ticketIDs.MatchString(v) {
		return c.load(ctx, ws, tickets.TicketID(v))
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(v, "T-"), 10, 64)
	if err != nil || n <= 0 {
		return nil, nil
	}
	return c.findKey(ctx, ws, tickets.Key{Kind: tickets.KeyNumber, Value: tickets.Number(n).String()})
}

// keptDraft is the draft of a message that was asked about or added elsewhere; nil if it is too old. Nobody else in this process
// decides about it until the turn is over.
func (t *turn) keptDraft(k Click) (*tickets.Draft, tickets.Seen, error) {
	if err := t.alone(); err != nil {
		return nil, tickets.Seen{}, err
	}
	ch, ts, err := askedValue(k.Value)
	if err != nil {
		return nil, tickets.Seen{}, nil
	}
	seen, _, err := t.store.Seen(t.ctx, t.ws, ch, ts)
	if err != nil {
		return nil, seen, err
	}
	seen.Channel, seen.TS = ch, ts
	return t.draftOf(seen)
}

// draftOf is the draft that a message's record keeps; nil if it keeps none.
func (t *turn) draftOf(seen tickets.Seen) (*tickets.Draft, tickets.Seen, error) {
	if len(seen.Draft) == 0 {
		return nil, seen, nil
	}
	var d tickets.Draft
	if err := json.Unmarshal(seen.Draft, &d); err != nil {
		return nil, seen, fmt.Errorf("kept draft of %s/%s: %w", seen.Channel, seen.TS, err)
	}
	return &d, seen, nil
}

// make makes the ticket that its author was asked about, or splits a message off the ticket it was added to.
func (t *turn) make(k Click) error {
	r := request{by: k.User, channel: k.Channel, thread: k.Thread}
	d, seen, err := t.keptDraft(k)
	if err != nil {
		return err
	}
	if d == nil {
		return t.madeAlready(r, seen)
	}
	if ok, err := t.mayDecide(k.User, seen); err != nil {
		return err
	} else if !ok {
		t.deny(r, "", string(tickets.ReasonNotPermitted))
		return nil
	}
	before := len(t.change.Tickets)
	if err := t.makeKept(*d, seen, r); err != nil {
		return err
	}
	away := k.Channel != seen.Channel || t.listed != "" // the card does not show where it was pressed
	if len(t.change.Tickets) > before && k.Channel != "" && away {
		t.whisper(d.ID, Said{What: SayDone, Channel: k.Channel, Thread: k.Thread, To: k.User, Detail: string(tickets.CmdCreate)})
	}
	return nil
}

// madeAlready answers a press on a message of which no draft is kept any more: it names the message's ticket, if there is
// one that whoever pressed may see.
func (t *turn) madeAlready(r request, seen tickets.Seen) error {
	by, err := t.who(r.by)
	if err != nil {
		return err
	}
	var of *tickets.Ticket
	if seen.Ticket != "" {
		if of, err = t.load(t.ctx, t.ws, seen.Ticket); err != nil {
			return err
		}
	}
	if of == nil {
		t.deny(r, "", refusedNotFound)
		return nil
	}
	return t.hasTicket(r, by, of)
}

// makeKept makes the ticket of a kept draft, once.
func (t *turn) makeKept(d tickets.Draft, seen tickets.Seen, r request) error {
	made, err := t.load(t.ctx, t.ws, d.ID)
	if err != nil || made != nil {
		return err
	}
	opened, err := t.open(d, tickets.Message{Channel: d.Source.Channel, TS: d.Source.TS, Files: filesOf(seen)})
	if err != nil {
		return t.refused(err, "", r.where())
	}
	if err := t.wasTicket(r.by, seen, d); err != nil {
		return err
	}
	seen.Decision, seen.Ticket, seen.Draft = seenAct, opened.ID, nil
	t.seen(seen)
	return t.wakeEarly(seen.Channel, seen.TS)
}

// mayDecide tells whether somebody may decide about a message: its author, and whoever works on tickets and reads its channel.
func (t *turn) mayDecide(by tickets.UserID, seen tickets.Seen) (bool, error) {
	if by != "" && by == seen.Author {
		return true, nil
	}
	who, err := t.who(by)
	if err != nil || !tickets.Allowed(who.Role, tickets.CmdClaim) {
		return false, err
	}
	return t.reads(t.ctx, t.ws, who, seen)
}

// makeNot records that a message is no ticket. Its draft stays, so that its author may think again.
func (t *turn) makeNot(k Click) error {
	d, seen, err := t.keptDraft(k)
	if err != nil || d == nil || seen.Decision != seenAsk && !seen.Listed {
		return err
	}
	if ok, err := t.mayDecide(k.User, seen); err != nil || !ok {
		return err
	}
	if err := t.wasNone(k.User, seen, *d); err != nil {
		return err
	}
	seen.Decision = seenNot
	t.seen(seen)
	if k.Channel != "" { // elsewhere the page is drawn anew
		t.whisper("", Said{What: SayDone, Channel: k.Channel, Thread: k.Thread, To: k.User, Detail: "make_not"})
	}
	return t.wakeEarly(seen.Channel, seen.TS)
}

// addPressed adds an asked message to the ticket its author chose.
func (t *turn) addPressed(k Click, value, id string) error {
	k.Value = value
	r := request{by: k.User, channel: k.Channel, thread: k.Thread}
	d, seen, err := t.keptDraft(k)
	if err != nil {
		return err
	}
	if d == nil {
		t.deny(r, "", refusedNotFound)
		return nil
	}
	if ok, err := t.mayDecide(k.User, seen); err != nil {
		return err
	} else if !ok {
		t.deny(r, "", string(tickets.ReasonNotPermitted))
		return nil
	}
	by, err := t.who(k.User)
	if err != nil {
		return err
	}
	got, err := t.pressed(t.ctx, t.ws, id)
	if err != nil || t.hidden(r, by, got) || seen.Ticket == got.ID { // it stands there already
		return err
	}
	m := Message{Channel: seen.Channel, TS: seen.TS, Author: seen.Author, Text: d.Source.Text}
	c, corrects := intents.Corrects(m.Text, t.minds.Local(t.question(m, true)))
	if corrects {
		d.Facts = withoutFix(*got, d.Facts, c)
	}
	if err := t.note(got, m, d.Facts); err != nil {
		return err
	}
	seen.Decision, seen.Ticket = seenAdded, got.ID
	t.seen(seen)
	if m.Author = k.User; corrects {
		if told, err := t.offerFix(m, got, c); err != nil || told {
			return errors.Join(err, t.wakeEarly(seen.Channel, seen.TS))
		}
	}
	t.whisper(got.ID, Said{What: SayDone, Channel: k.Channel, Thread: k.Thread, To: k.User, Detail: string(tickets.CmdNote)})
	return t.wakeEarly(seen.Channel, seen.TS)
}

package bot

import (
	"errors"
	"strings"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// What is said in a ticket's thread is a command where it is nothing but one ([typed.Bare]): that is done at once. Words
// that tell of a step without ordering it (已退款, 先关了吧) stay a remark, and the step is offered as a button.

// offered are the steps that words may suggest, by the classifier's word for them.
var offered = map[string]tickets.CommandKind{
	"claim": tickets.CmdClaim, "replied": tickets.CmdAnswer, "wait": tickets.CmdWait, "resume": tickets.CmdResume,
	"resolve": tickets.CmdResolve, "close": tickets.CmdClose, "reopen": tickets.CmdReopen, "urge": tickets.CmdUrge,
	"discard": tickets.CmdDiscard, "assign": tickets.CmdAssign,
}

// offer whispers the step that a remark suggests, if whoever made it could take it now; it reports whether it did. Whoever
// presses is checked anew.
func (t *turn) offer(m Message, open *tickets.Ticket, d intents.Decision) (bool, error) {
	c := tickets.Command{Kind: offered[d.Command], Party: tickets.Party(d.WaitingFor), Cause: t.cause}
	if d.Intent != intents.Command || c.Kind == "" || d.Suspicious {
		return false, nil
	}
	var err error
	if c.Actor, err = t.who(m.Author); err != nil {
		return false, err
	}
	if c.Kind == tickets.CmdAssign {
		id, ok := t.person(strings.TrimPrefix(d.Fields.Assignee, "@"))
		if ok {
			ok, err = t.works(id)
		}
		if err != nil || !ok {
			t.nobody(m, open, c.Actor, d)
			return false, err
		}
		c.Assignee = id
	}
	if _, refused := tickets.Apply(open, c, tickets.Env{Now: t.at, Policy: t.policy}); refused != nil || !tickets.CanSee(c.Actor, *open) {
		return false, nil
	}
	t.whisper(open.ID, Said{What: SayOffer, Channel: m.Channel, Thread: m.Thread, To: m.Author, TS: m.TS,
		Verb: d.Command, Detail: d.WaitingFor, User: c.Assignee})
	return true, nil
}

// nobody tells somebody who may hand a ticket over that nobody is called what they called a colleague.
func (t *turn) nobody(m Message, open *tickets.Ticket, by tickets.Actor, d intents.Decision) {
	if !intents.NamesPerson(d.Fields.Assignee) || !tickets.Allowed(by.Role, tickets.CmdAssign) || !tickets.CanSee(by, *open) {
		return
	}
	t.deny(request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct, verb: typed.Assign}, open.ID, refusedWho)
}

// offer is a step to take with one press.
func (w wording) offer(s Said) View {
	v := w.line(w.Say(words.NoticeOffer, w.ticket()))
	v.Actions = []Action{primary(w.step(s))}
	return v
}

// step is the button of an offered step.
func (w wording) step(s Said) Action {
	do := func(what string, label words.ID) Action {
		return Action{Kind: Button, ID: ActMoreDo, Label: w.Say(label, nil), Value: what + "|" + string(w.t.ID)}
	}
	switch s.Verb {
	case fixNumber:
		_, is, _ := strings.Cut(s.Detail, ">")
		return Action{Kind: Button, ID: ActNumberTo, Value: s.Detail + "|" + string(w.t.ID),
			Label: w.Say(words.ButtonNumberTo, words.Args{"Number": words.OneLine(is, maxShort)})}
	case fixType:
		return Action{Kind: Button, ID: ActTypeTo, Value: s.Detail + "|" + string(w.t.ID),
			Label: w.Say(words.ButtonTypeTo, words.Args{"Type": w.Name(words.Type, s.Detail)})}
	}
	switch offered[s.Verb] {
	case tickets.CmdClaim:
		return w.button(ActClaim, words.ButtonClaim)
	case tickets.CmdAnswer:
		return w.button(ActAnswer, words.ButtonAnswer)
	case tickets.CmdResume:
		return w.button(ActResume, words.ButtonResume)
	case tickets.CmdClose:
		return w.button(ActClose, words.ButtonClose)
	case tickets.CmdReopen:
		return w.button(ActReopen, words.ButtonReopen)
	case tickets.CmdUrge:
		return do(DoUrge, words.ButtonUrge)
	case tickets.CmdDiscard:
		return do(DoDiscard, words.ChooseDiscard)
	case tickets.CmdWait:
		return Action{Kind: Button, ID: ActWaitFor, Label: w.Name(words.Waiting, s.Detail), Value: s.Detail + "|" + string(w.t.ID)}
	case tickets.CmdAssign:
		return Action{Kind: Button, ID: ActAssignTo, Label: w.Say(words.ButtonAssignTo, words.Args{"Who": w.who(s.User)}),
			Value: string(s.User) + "|" + string(w.t.ID)}
	}
	return w.resolveButton()
}

// begins tells whether “on it” means taking a ticket: nobody has begun on it, and no deadline calls for somebody to be on.
func (t *turn) begins(open tickets.Ticket, by tickets.Actor) bool {
	if open.Status != tickets.StatusNew && open.Status != tickets.StatusAssigned {
		return false
	}
	_, err := tickets.Apply(&open, tickets.Command{Kind: tickets.CmdAck, Actor: by, Cause: t.cause}, tickets.Env{Now: t.at, Policy: t.policy})
	var r *tickets.Refusal
	return errors.As(err, &r) && r.Reason == tickets.ReasonAlready
}

// keptAsNote adds the words of a command that was refused to the ticket in whose thread they were said: they stay a remark.
func (t *turn) keptAsNote(m Message, open *tickets.Ticket, before int) error {
	if open == nil || len(t.change.Tickets) > before || tickets.Leads(open.Status, tickets.CmdNote) == nil {
		return nil
	}
	return t.remark(m, open, toldBy(t.minds.Local(t.question(m, true))))
}

// bare carries out a message in a ticket's thread that is nothing but a command. It reports false where whoever said it may not
// command: then it is words like any other.
func (t *turn) bare(m Message, open *tickets.Ticket, cmd typed.Command) (bool, error) {
	by, err := t.who(m.Author)
	if err != nil {
		return false, err
	}
	if !tickets.Allowed(by.Role, commandKinds[cmd.Verb]) {
		t.deny(request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct}, open.ID, string(tickets.ReasonNotPermitted))
		return false, nil
	}
	if cmd.Verb == typed.Ack && !cmd.HasNumber && t.begins(*open, by) {
		return false, nil // words of somebody who may take it now, which is offered
	}
	before := len(t.change.Tickets)
	if err := t.spokenCommand(m, open, cmd); err != nil {
		return true, err
	}
	return true, t.keptAsNote(m, open, before)
}

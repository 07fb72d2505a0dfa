package bot

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"gongdan/bot/typed"
	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// commandKinds are the typed commands that change a ticket.
var commandKinds = map[typed.Verb]tickets.CommandKind{
	typed.Claim: tickets.CmdClaim, typed.Assign: tickets.CmdAssign, typed.Note: tickets.CmdNote, typed.Replied: tickets.CmdAnswer,
	typed.Wait: tickets.CmdWait, typed.Resume: tickets.CmdResume, typed.Urge: tickets.CmdUrge, typed.Resolve: tickets.CmdResolve,
	typed.Close: tickets.CmdClose, typed.Reopen: tickets.CmdReopen, typed.SendBack: tickets.CmdSendBack, typed.Cancel: tickets.CmdCancel,
	typed.Discard: tickets.CmdDiscard, typed.Ack: tickets.CmdAck,
	typed.Severity: tickets.CmdSeverity, typed.Type: tickets.CmdType, typed.Origin: tickets.CmdOrigin, typed.Due: tickets.CmdDue,
	typed.Promise: tickets.CmdPromise, typed.Correct: tickets.CmdCorrect, typed.Snooze: tickets.CmdSnooze, typed.Tag: tickets.CmdTag,
}

// Words that stand for a refusal beside those of the tickets package.
const (
	refusedNotFound = "not_found" // no such ticket, or one that the person may not see
	refusedWhich    = "which"     // no ticket named
	refusedWho      = "who"       // nobody of that name
	refusedUnknown  = "unknown"   // no such command; Detail holds the nearest one
	refusedNothing  = "nothing"   // a new ticket without words
	refusedEmpty    = "empty"     // a message of which no ticket can be made
	refusedHas      = "has"       // a message that stands in a ticket already
	refusedNotSaved = "not_saved" // it was not kept; pressing again helps
	refusedDeadline = "deadline"  // words meant as a time that cannot be read
	refusedAway     = "away"      // a new ticket where the bot is not, so that its card could not stand there
	refusedTime     = "time"      // no time given
	refusedHour     = "hour"      // a day without a time of day
	refusedPassed   = string(tickets.ReasonPassed)
	refusedSeverity = "severity" // no severity known by that word
	refusedType     = "type"     // no type given
	refusedNoType   = "no_type"  // no type of that name; Detail holds the word
	refusedOrigin   = "origin"   // no origin known by that word
	refusedParty    = "party"    // nobody to wait for known by that word
	refusedTag      = "tag"      // no tag given
)

// request is something a person wants done to a ticket, however it was said.
type request struct {
	by      tickets.UserID
	channel tickets.ChannelID
	thread  string
	direct  bool
	current *tickets.Ticket // of the thread in which it was said; nil elsewhere
	message Message         // the words; zero for presses
	quiet   bool            // success shows on the card; no whisper
	verb    typed.Verb      // what was typed; "" for presses
}

// where is the place for a private answer.
func (r request) where() Said {
	if r.direct {
		return Said{To: r.by, Verb: string(r.verb)}
	}
	return Said{Channel: r.channel, Thread: r.thread, To: r.by, Verb: string(r.verb)}
}

// mentioned handles words said to the bot. It reports false if they are no command.
func (t *turn) mentioned(m Message, open *tickets.Ticket) (bool, error) {
	cmd, err := commandIn(m)
	if err == nil && reads(m, cmd) {
		return true, t.ordered(m, open)
	}
	if err != nil || (commandKinds[cmd.Verb] == "" && cmd.Verb != typed.New) {
		return false, nil
	}
	if cmd.Verb == typed.New && strings.TrimSpace(cmd.Rest) == "" {
		return false, nil
	}
	return true, t.spokenCommand(m, open, cmd)
}

// reads tells whether somebody calls the bot and wants to be told something, and no more: what it can do, their tickets, one of
// them. What follows such a word and is no command may be what happened to them.
func reads(m Message, cmd typed.Command) bool {
	if !readVerbs[cmd.Verb] || m.Quotes != "" || len(m.Files) > 0 {
		return false
	}
	switch cmd.Verb {
	case typed.Help:
		_, err := typed.Parse(cmd.Rest)
		return err == nil
	case typed.Show, typed.Why:
		return cmd.HasNumber && cmd.Rest == ""
	}
	return cmd.Rest == ""
}

// commandIn reads what a message's author orders in their own words. What they forward or quote is content: a new ticket's, or
// a note's. Signs alone beside it are no call for help.
func commandIn(m Message) (typed.Command, error) {
	own := m.ownWords()
	cmd, err := typed.Parse(own)
	switch {
	case err != nil || m.Quotes == "":
	case !strings.ContainsFunc(own, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return typed.Command{}, &typed.Unknown{}
	case cmd.Verb == typed.New || cmd.Verb == typed.Note:
		cmd.Rest = strings.TrimSpace(cmd.Rest + "\n" + m.Quotes)
	}
	return cmd, err
}

// spoken handles a direct message: more about the ticket whose thread it stands in, or a command.
func (t *turn) spoken(m Message) error {
	if m.inThread() {
		if open, _, err := t.threadTicket(m.Channel, m.Thread); err != nil || open != nil {
			return errors.Join(err, t.replyDirect(m, open))
		}
	}
	return t.ordered(m, nil)
}

// ordered carries out words that can be meant for nobody but the bot: a command or a question, and else it says that it
// does not understand.
func (t *turn) ordered(m Message, open *tickets.Ticket) error {
	cmd, err := commandIn(m)
	if err == nil && !readVerbs[cmd.Verb] {
		return t.spokenCommand(m, open, cmd)
	}
	if m.Direct && (err != nil || m.Quotes != "") {
		if done, lost := t.remarked(m); done || lost != nil {
			return lost
		}
	}
	t.became(m, tickets.Seen{Decision: seenCommand, Thread: m.Thread})
	r := request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct}
	if err != nil {
		return t.puzzled(r, m, open, err)
	}
	s := r.where()
	s.What, s.Detail = SayAnswer, words.OneLine(m.ownWords(), maxQuote)
	t.whisper("", s)
	return nil
}

// puzzled answers words that are no command: a question about a ticket, or else what could have been meant.
func (t *turn) puzzled(r request, m Message, open *tickets.Ticket, err error) error {
	if d := t.minds.Local(t.question(m, open != nil)); d.Intent == intents.Status {
		told, lost := t.answers(m, d, open)
		if told || lost != nil {
			return lost
		}
	}
	return t.misunderstood(r, err)
}

func (t *turn) replyDirect(m Message, open *tickets.Ticket) error {
	if open == nil {
		return nil
	}
	return t.reply(m, open)
}

// spokenCommand carries out words that are a command.
func (t *turn) spokenCommand(m Message, open *tickets.Ticket, cmd typed.Command) error {
	t.became(m, tickets.Seen{Decision: seenCommand, Thread: m.Thread})
	r := request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct, current: open, message: m, quiet: open != nil}
	if cmd.Verb == typed.New {
		return t.newTicket(r, cmd)
	}
	return t.do(r, cmd)
}

// slash carries out a typed slash command that changes something.
func (t *turn) slash(s SlashCommand) error {
	r := request{by: s.User, channel: s.Channel, message: Message{Channel: s.Channel, Author: s.User, Text: s.Text, Mentions: s.Mentions, Sent: t.then(s.Sent)}}
	cmd, err := typed.Parse(s.Text)
	if err != nil {
		return t.misunderstood(r, err)
	}
	if cmd.Verb == typed.New {
		return t.newTicket(r, cmd)
	}
	return t.do(r, cmd)
}

// then is an instant by the wall clock in tickets' time.
func (t *turn) then(wall time.Time) time.Time {
	ago := t.wall().Sub(wall)
	if wall.IsZero() || ago < 0 || ago > 24*time.Hour {
		return t.at
	}
	return t.at.Add(-ago)
}

// misunderstood tells what could have been meant.
func (t *turn) misunderstood(r request, err error) error {
	s := r.where()
	s.What, s.Reason = SayRefused, refusedUnknown
	var u *typed.Unknown
	if errors.As(err, &u) {
		s.Detail = u.Suggest
	}
	t.whisper("", s)
	return nil
}

// do carries out a command on a ticket and tells who asked for it.
func (t *turn) do(r request, cmd typed.Command) error {
	r.verb = cmd.Verb
	got, actor, err := t.target(r, cmd)
	if err != nil || got == nil {
		return err
	}
	r.quiet = r.quiet && r.current != nil && r.current.ID == got.ID // elsewhere the card is not before their eyes
	if cmd.Verb == typed.Ack && t.begins(*got, actor) {
		cmd.Verb, r.verb = typed.Claim, typed.Claim
	}
	if kind := commandKinds[cmd.Verb]; kind != "" && !tickets.Allowed(actor.Role, kind) {
		t.deny(r, got.ID, string(tickets.ReasonNotPermitted))
		return nil
	}
	c, why, err := t.command(cmd)
	if err != nil {
		return err
	}
	if why != "" {
		s := r.where()
		s.What, s.Reason, s.Detail = SayRefused, why, cmp.Or(cmd.Rest, cmd.Value)
		t.whisper(got.ID, s)
		return nil
	}
	c.Actor = actor
	c.Reason = t.readable(c.Reason, r.message.Mentions)
	c.Message = t.kept(r.message)
	if c.Kind == tickets.CmdNote {
		c.Message.Text = c.Reason // the words without the command
	}
	return t.perform(r, got, c, string(cmd.Verb))
}

// untold are the acts whose outcome neither the card nor the thread shows.
var untold = map[tickets.CommandKind]bool{tickets.CmdUrge: true, tickets.CmdSnooze: true, tickets.CmdCorrect: true}

// perform applies a command and whispers its outcome.
func (t *turn) perform(r request, got *tickets.Ticket, c tickets.Command, verb string) error {
	s := r.where()
	after, err := t.apply(got, c)
	if err != nil {
		return t.refused(err, got.ID, s)
	}
	steered(&s, c, *got, after, t.lastEvents())
	if r.quiet && !untold[c.Kind] && s.Reason != doneCorrected {
		return nil
	}
	s.What, s.Detail, s.User = SayDone, verb, after.Assignee
	t.whisper(got.ID, s)
	return nil
}

// lastEvents are those of the turn's last change of a ticket.
func (t *turn) lastEvents() []tickets.Event {
	if n := len(t.change.Tickets); n > 0 {
		return t.change.Tickets[n-1].Events
	}
	return nil
}

// target finds the ticket a request is about, as far as the person may see it. A nil ticket without error means that
// the person has been told why.
func (t *turn) target(r request, cmd typed.Command) (*tickets.Ticket, tickets.Actor, error) {
	actor, err := t.who(r.by)
	if err != nil {
		return nil, actor, err
	}
	got := r.current
	if cmd.HasNumber {
		got, err = t.find(tickets.Key{Kind: tickets.KeyNumber, Value: tickets.Number(cmd.Number).String()})
		if err != nil {
			return nil, actor, err
		}
	} else if got == nil {
		t.deny(r, "", refusedWhich)
		return nil, actor, nil
	}
	if t.hidden(r, actor, got) {
		return nil, actor, nil
	}
	return got, actor, nil
}

// hidden tells whether somebody may not act on a ticket because they may not see it, and says so. Where its card stands
// before their eyes, it is not denied that it is there.
func (t *turn) hidden(r request, actor tickets.Actor, got *tickets.Ticket) bool {
	switch {
	case got != nil && tickets.CanSee(actor, *got):
		return false
	case got != nil && !got.Private && r.channel != "" && r.channel == got.Source.Channel:
		t.deny(r, got.ID, string(tickets.ReasonNotPermitted))
	default:
		t.deny(r, "", refusedNotFound)
	}
	return true
}

func (t *turn) deny(r request, id tickets.TicketID, why string) {
	s := r.where()
	s.What, s.Reason = SayRefused, why
	t.whisper(id, s)
}

// command fills in what the typed words say. why is set where they cannot be understood.
func (t *turn) command(cmd typed.Command) (c tickets.Command, why string, err error) {
	c = tickets.Command{Kind: commandKinds[cmd.Verb], Reason: cmd.Rest}
	switch c.Kind {
	case "":
		return c, refusedUnknown, nil
	case tickets.CmdAssign:
		id, ok := t.person(cmd.Who)
		if ok {
			ok, err = t.works(id)
		}
		if err != nil || !ok {
			return c, refusedWho, err
		}
		c.Assignee = id
	case tickets.CmdWait:
		c.Party = tickets.Party(cmd.Party)
		if c.Party == "" && strings.TrimSpace(cmd.Rest) != "" {
			return c, refusedParty, nil // whom, must not be guessed: waiting pauses clocks
		}
		if c.Party == "" {
			c.Party = tickets.PartyCustomer
		}
	case tickets.CmdAnswer:
		at, ok := t.instant(cmd.Rest)
		if !ok {
			return c, refusedDeadline, nil
		}
		c.At = at
	case tickets.CmdNote:
		c.Heard = tickets.Party(cmd.Party)
		if c.Heard == "" {
			c.Heard = speaker(cmd.Rest)
		}
	}
	if steer := steering[c.Kind]; steer != nil {
		return c, steer(t, &c, cmd), nil
	}
	return c, "", nil
}

// speaker is who has answered or asks again, as the words of a note say.
func speaker(text string) tickets.Party {
	party, _ := typed.Heard(text)
	return tickets.Party(party)
}

// newTicket makes a ticket of a command's words.
func (t *turn) newTicket(r request, cmd typed.Command) error {
	text := strings.TrimSpace(cmd.Rest)
	if text == "" {
		t.deny(r, "", refusedNothing)
		return nil
	}
	if t.away(r) {
		t.deny(r, "", refusedAway)
		return nil
	}
	m := r.message
	m.Text, m.Quotes, m.ToBot = text, "", true
	d := t.understand(m, false)
	draft, err := t.content(m, d)
	if err != nil {
		return err
	}
	draft.ID = tickets.TicketIDFor(t.ws, "command:"+string(t.cause))
	draft.Source.Kind = SourceCommand
	by, err := t.who(r.by)
	if err != nil {
		return err
	}
	said := draft
	given, why := t.options(&draft, by, cmd, m.Sent)
	if why != "" {
		t.deny(r, "", why)
		return nil
	}
	draft.Decision = decided(draft.Decision).chosen(said, draft, given)
	if r.message.TS != "" && !r.direct {
		draft.Source.Kind, draft.Source.TS, draft.Source.Thread = SourceMessage, r.message.TS, r.message.TS
		if r.thread != "" {
			draft.Source.Thread = r.thread
		}
	}
	if open, err := t.openFor(m, draft); err != nil || open != nil {
		return errors.Join(err, t.addNew(r, open, m, draft))
	}
	made, err := t.open(draft, tickets.Message{Channel: r.channel})
	if err != nil {
		return t.refused(err, "", r.where())
	}
	s := r.where()
	s.What, s.Detail = SayDone, string(typed.New)
	t.whisper(made.ID, s)
	if made.Source.TS == "" {
		return nil
	}
	t.became(m, tickets.Seen{Decision: seenAct, Ticket: made.ID, Thread: made.Source.Thread})
	return t.wakeEarly(m.Channel, m.TS)
}

// away tells whether the bot is known not to be in the channel of a request: closed to it, or never joined.
func (t *turn) away(r request) bool {
	if r.direct || r.channel == "" {
		return false
	}
	got, err := t.people.Channel(t.ctx, t.ws, r.channel)
	if err != nil {
		return errors.Is(err, tickets.ErrNotFound) || errors.Is(err, ErrGone)
	}
	return !got.Member
}

// options applies the typed options of a new ticket: origin, platform, shop, order, type, severity, deadline and the platform's
// creation time. It returns which fields they give, also where the words said the same, or why they cannot be understood.
func (t *turn) options(dr *tickets.Draft, by tickets.Actor, cmd typed.Command, sent time.Time) (given []string, why string) {
	if !by.Role.Staff() {
		// Whoever is not of the team says what happened and for which order; which rules bind it is the team's matter.
		cmd.Options = map[string]string{fieldOrder: cmd.Options[fieldOrder]}
	}
	set := func(key string, to func(string)) {
		if v := cmd.Options[key]; v != "" {
			to(v)
			if of := optionFields[key]; of != "" {
				given = append(given, of)
			}
		}
	}
	set("origin", func(v string) { dr.Origin = tickets.Origin(v) })
	set("platform", func(v string) { dr.Facts.Platform = tickets.Platform(v) })
	set("shop", func(v string) { dr.Facts.Shop = v })
	set("order", func(v string) { dr.Facts.Orders = []string{v} })
	set("type", func(v string) {
		if name, ok := t.types().called(t.words, v); ok && name != otherType {
			dr.Type, given = name, append(given, ofType)
		}
	})
	set("severity", func(v string) { dr.Severity = tickets.Severity(v) })
	set("no", func(v string) { dr.Facts.PlatformNo = v })
	read := func(key string, to *time.Time) {
		set(key, func(v string) {
			at, ok := intents.Moment(v, sent, t.zone())
			if !ok {
				why = refusedDeadline
			}
			*to = at
		})
	}
	read("due", &dr.BackOffice)
	read("created", &dr.PlatformCreated)
	t.fillShop(&dr.Facts, dr.Source.Channel)
	if bound := !dr.BackOffice.IsZero() || !dr.PlatformCreated.IsZero() || cmd.Options["no"] != ""; bound && cmd.Options["origin"] == "" && !dr.Origin.Binding() {
		dr.Origin = tickets.OriginPlatform // only a marketplace's ticket has these
	}
	return given, why
}

// optionFields are the fields that the options of a new ticket give; a type may be one that nobody knows.
var optionFields = map[string]string{"platform": ofPlatform, "shop": ofShop, "order": ofOrder, "severity": ofSeverity, "no": ofPlatformNo,
	"due": ofDue, "created": ofDue}

// askedValue is the message that a whisper's button is about: channel, "/", ts.
func askedValue(v string) (tickets.ChannelID, string, error) {
	ch, ts, ok := strings.Cut(v, "/")
	if !ok {
		return "", "", fmt.Errorf("value %q: %w", v, tickets.ErrInvalid)
	}
	return tickets.ChannelID(ch), ts, nil
}

package bot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongdan/bot/typed"
	"gongdan/intents"
	"gongdan/intents/entities"
	"gongdan/tickets"
)

// What became of a message, as kept in its Seen record.
const (
	seenAct     = "act"     // a ticket was made
	seenAdded   = "added"   // added to a ticket that was open
	seenAsk     = "ask"     // its author was asked
	seenIgnore  = "ignore"  // nothing to do
	seenNote    = "note"    // a reply in a ticket's thread
	seenCommand = "command" // words that were a command
	seenEarly   = "early"   // a reply that came before its root
	seenNot     = "not"     // its author said that it is no ticket
	seenGone    = "gone"    // it was removed before it was heard
)

// message handles something said in a channel or a thread.
func (t *turn) message(m Message) error {
	if m.Own || m.System || m.Author == "" {
		return nil
	}
	_, known, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err != nil || known {
		return err
	}
	switch {
	case m.Bot:
		return t.machine(m)
	case m.Direct:
		return t.spoken(m)
	}
	return t.hear(m)
}

// hear decides about what was said in a channel, if the bot listened there already.
func (t *turn) hear(m Message) error {
	heard, err := t.listening(m)
	switch {
	case err != nil || !heard:
		return err
	case typed.Slashed(m.ownWords()):
		return t.slashedIn(m)
	case m.inThread():
		return t.inThread(m)
	}
	return t.topLevel(m)
}

// slashedIn handles a slash command that came as a message, about the ticket of its thread if it names none.
func (t *turn) slashedIn(m Message) error {
	if !m.inThread() {
		return t.ordered(m, nil)
	}
	open, _, err := t.threadTicket(m.Channel, m.Thread)
	if err != nil {
		return err
	}
	return t.ordered(m, open)
}

func (m Message) inThread() bool { return m.Thread != "" && m.Thread != m.TS }

// topLevel decides about a message that starts a thread: words that are a command, or else what judge says.
func (t *turn) topLevel(m Message) error {
	if m.ToBot {
		if done, err := t.mentioned(m, nil); done || err != nil {
			return err
		}
	}
	return t.judge(m)
}

// judge decides about a message that belongs to no ticket yet: a step of one that it names, a new one, more about an open
// one, a question whether it is one, or nothing.
func (t *turn) judge(m Message) error {
	if done, err := t.numbered(m); done || err != nil {
		return err
	}
	d := t.understand(m, false)
	if done, err := t.existing(m, d); done || err != nil {
		return err
	}
	if asked, err := t.questioned(m, d); asked || err != nil {
		return err
	}
	if done, err := t.urgesOrder(m, d); done || err != nil {
		return err
	}
	if done, err := t.completes(m, d.Reason, facts(d)); done || err != nil {
		return err
	}
	if news, err := t.news(m, d); news || err != nil {
		return err
	}
	open, err := t.alreadyOpen(m, d)
	switch {
	case err != nil:
		return err
	case open != nil && d.Suspicious: // what reads like an order to a machine goes nowhere by itself
		return t.ask(m, d)
	case open != nil:
		return t.addTo(open, m, d)
	}
	switch d.Action {
	case intents.Act:
		return t.createWith(m, d)
	case intents.Ask:
		if joined, err := t.joins(m, d); joined || err != nil {
			return err
		}
		return t.ask(m, d)
	}
	t.became(m, tickets.Seen{Decision: seenIgnore, Thread: m.Thread, Why: d.Reason})
	return nil
}

// questioned answers a question about a ticket, or one that the knowledge base can answer.
func (t *turn) questioned(m Message, d intents.Decision) (bool, error) {
	if d.Intent != intents.Status {
		return t.knows(m, d)
	}
	told, err := t.answers(m, d, nil)
	if told {
		t.became(m, tickets.Seen{Decision: seenIgnore, Thread: m.Thread, Why: d.Reason})
	}
	return told, err
}

// understand classifies a message; reply says that it stands in a ticket's thread. A turn that is taken again keeps the
// first answer.
func (t *turn) understand(m Message, reply bool) intents.Decision {
	if t.memo.decided != nil {
		return *t.memo.decided
	}
	msg := t.question(m, reply)
	d := t.minds.Local(msg)
	if t.minds.NeedsModel(msg, d) {
		d = t.lanes.decide(t.ctx, t.ws, m, d, t.memo.hurried, func(m Message) intents.Message { return t.question(m, reply) })
	}
	if own := t.types().suggested(m.Text); own != "" && d.Type != "" {
		d.Type = own
	}
	t.memo.decided, t.memo.counts = &d, &d
	return d
}

func (t *turn) question(m Message, reply bool) intents.Message {
	msg := intents.Message{Text: m.Text, Now: m.Sent, Zone: t.zone(), Lang: langOf(m.Text), HasFiles: len(m.Files) > 0,
		InThread: reply, ToBot: m.ToBot, Shops: t.shops(), Account: string(t.ws), LocalOnly: t.policy.Model.OffFor(m.Channel),
		Mode: t.ready()}
	for _, id := range m.Mentions {
		msg.Mentions = append(msg.Mentions, string(id))
	}
	return msg
}

// ready is the mode in which the workspace's messages are decided about.
func (t *turn) ready() intents.Mode { return cmp.Or(intents.Mode(t.policy.Understanding), t.mode) }

// shops are those of the workspace by the words people use for them; never nil, so that no other workspace's are meant.
func (t *turn) shops() []entities.Shop {
	out := make([]entities.Shop, len(t.policy.Shops))
	for i, s := range t.policy.Shops {
		out[i] = entities.Shop{Name: s.Name, Aliases: s.Aliases, Platform: string(s.Platform)}
	}
	return out
}

func (t *turn) zone() *time.Location {
	if t.policy.Zone == nil {
		return time.UTC
	}
	return t.policy.Zone
}

// create makes the ticket of a message. Nobody else in this process makes one meanwhile, so that of several who report an
// order at the same moment one makes its ticket and the others add to it.
func (t *turn) create(m Message, d intents.Decision) error {
	if err := t.alone(); err != nil {
		return err
	}
	if open, err := t.ofOrders(m, d); err != nil || open != nil {
		return errors.Join(err, t.addTo(open, m, d))
	}
	draft, err := t.draft(m, d)
	if err != nil {
		return err
	}
	made, err := t.open(draft, t.kept(m))
	if err != nil {
		return t.refused(err, "", Said{Channel: m.Channel, To: m.Author, TS: m.TS})
	}
	t.became(m, tickets.Seen{Decision: seenAct, Ticket: made.ID, Thread: made.Source.Thread, Why: d.Reason})
	return t.wakeEarly(m.Channel, m.TS)
}

// open numbers a draft and applies its creation. A message that has a ticket keeps it; one in the thread of another
// ticket gets a thread of its own, under its card.
func (t *turn) open(draft tickets.Draft, m tickets.Message) (tickets.Ticket, error) {
	src := &draft.Source
	if src.TS != "" {
		held, err := t.find(tickets.Key{Kind: tickets.KeySource, Value: string(src.Channel) + "/" + src.TS})
		if err != nil {
			return tickets.Ticket{}, err
		}
		if held != nil {
			return *held, nil
		}
	}
	if src.Thread != "" {
		held, err := t.find(threadKey(src.Channel, src.Thread))
		if err != nil {
			return tickets.Ticket{}, err
		}
		if held != nil {
			src.Thread = ""
		}
	}
	if err := t.number(&draft); err != nil {
		return tickets.Ticket{}, err
	}
	by, err := t.who(draft.Requester)
	if err != nil {
		return tickets.Ticket{}, err
	}
	return t.apply(nil, tickets.Command{Kind: tickets.CmdCreate, Actor: by, Draft: &draft, Message: m})
}

// alone waits until nobody else in this process makes a ticket in the workspace, and keeps it so until the turn is over.
func (t *turn) alone() error {
	if t.making {
		return nil
	}
	release, err := t.numbers.take(t.ctx, t.ws)
	if err == nil {
		t.making, t.release = true, release
	}
	return err
}

// number gives a draft the next number. Nobody else in this process can until the turn is over.
func (t *turn) number(draft *tickets.Draft) error {
	if err := t.alone(); err != nil {
		return err
	}
	n, err := t.store.NextNumber(t.ctx, t.ws)
	if err != nil {
		return fmt.Errorf("next number: %w", err)
	}
	draft.Number = n
	return nil
}

// ask whispers whether a message should become a ticket, or belongs to the one that it names or its author opened last, and
// keeps the draft for the answer.
func (t *turn) ask(m Message, d intents.Decision) error {
	body, err := t.keepDraft(m, d)
	if err != nil {
		return err
	}
	s := Said{What: SayAsk, Channel: m.Channel, Thread: m.Thread, To: m.Author, TS: m.TS}
	if d.Reason == whyFile {
		s.Reason = whyFile
	}
	var also tickets.TicketID
	near, err := t.mayBelong(m, d)
	if err != nil {
		return err
	}
	if near != nil {
		s.Also, also = near.Number, near.ID
	}
	before, _, err := t.store.Seen(t.ctx, t.ws, m.Channel, m.TS)
	if err != nil {
		return err
	}
	t.became(m, tickets.Seen{Decision: seenAsk, Thread: m.Thread, Why: d.Reason, Draft: body})
	if before.Decision != seenAsk || fileOnly(before) != (d.Reason == whyFile) { // else the same question stands there
		t.whisper(also, s)
	}
	return nil
}

// alreadyOpen finds the open ticket that a message is about: one of the same order and type, or the one its author
// opened here a moment ago. Nil if there is none.
func (t *turn) alreadyOpen(m Message, d intents.Decision) (*tickets.Ticket, error) {
	if same, err := t.ofOrders(m, d); err != nil || same != nil {
		return same, err
	}
	if m.inThread() || !worthAdding(m, d) {
		return nil, nil
	}
	return t.burst(m, d)
}

// ofOrders finds the open ticket of an order that a message names. Nil if there is none.
func (t *turn) ofOrders(m Message, d intents.Decision) (*tickets.Ticket, error) {
	for _, order := range facts(d).Orders {
		same, err := t.sameOrder(order, m, d)
		if err != nil || same != nil {
			return same, err
		}
	}
	return nil, nil
}

// sameOrder finds the open ticket of an order. One that the author may not see is none: it gets no words added that
// would tell of it.
func (t *turn) sameOrder(order string, m Message, d intents.Decision) (*tickets.Ticket, error) {
	ids, err := t.store.Find(t.ctx, t.ws, tickets.Key{Kind: tickets.KeyOrder, Value: order})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		got, err := t.load(t.ctx, t.ws, id)
		if err != nil {
			return nil, err
		}
		if got == nil || !got.Status.Open() || !sameMatter(*got, d) || t.otherShop(m, d, *got) {
			continue
		}
		if ok, err := t.shows(m, *got); err != nil || ok {
			return got, err
		}
	}
	return nil, nil
}

// shows tells whether the author of a message may know of a ticket: by role, or because its card stands in the channel.
func (t *turn) shows(m Message, k tickets.Ticket) (bool, error) {
	if !k.Private && k.Source.Channel == m.Channel {
		return true, nil
	}
	by, err := t.who(m.Author)
	return tickets.CanSee(by, k), err
}

// sameMatter tells whether a message about the order of an open ticket is about the ticket itself: unless it names another
// type, it is.
func sameMatter(got tickets.Ticket, d intents.Decision) bool {
	return d.Type == "" || d.Type == "other" || got.Type == "other" || string(got.Type) == d.Type
}

// otherShop tells whether a message is about another shop than a ticket: not the one that it names, else none of its channel.
func (t *turn) otherShop(m Message, d intents.Decision, got tickets.Ticket) bool {
	shops := t.shopsOf(m.Channel)
	if d.Fields.Shop != "" {
		shops = []string{d.Fields.Shop}
	}
	return got.Facts.Shop != "" && len(shops) > 0 && !slices.Contains(shops, got.Facts.Shop)
}

// worthAdding tells whether a message says anything that belongs in a ticket: thanks and lunch do not. A time or an
// amount alone is no more than talk.
func worthAdding(m Message, d intents.Decision) bool {
	telling := slices.ContainsFunc(d.Entities, func(e entities.Entity) bool {
		return e.Type != entities.Time && e.Type != entities.Amount && e.Type != entities.URL
	})
	return d.Intent != intents.None || len(m.Files) > 0 || telling
}

// addTo adds a message to an open ticket. Its author is told where it might be another matter, with a way to split it off
// again; else a mark on the message shows that it was taken.
func (t *turn) addTo(open *tickets.Ticket, m Message, d intents.Decision) error {
	if open == nil {
		return nil
	}
	draft, err := t.keepDraft(m, d)
	if err != nil {
		return err
	}
	told := Said{What: SayDuplicate, Channel: m.Channel, Thread: m.Thread, To: m.Author, TS: m.TS}
	if !sameOrders(*open, d) {
		told.Reason = whyBurst
	}
	if err := t.note(open, m, facts(d)); err != nil {
		return err
	}
	t.became(m, tickets.Seen{Decision: seenAdded, Ticket: open.ID, Why: d.Reason,
		Draft: draft})
	if intents.AsksProgress(m.Text) {
		answered, err := t.answersAdded(m, d, open)
		if err != nil || answered {
			return err
		}
	}
	if d.Action == intents.Act || t.maybeOther(*open, d) {
		t.whisper(open.ID, told)
		return nil
	}
	t.taken(open, m)
	return nil
}

// taken marks a message that was added to a ticket, for an author who is told nothing about it in words.
func (t *turn) taken(open *tickets.Ticket, m Message) {
	t.say.add(open.ID, tickets.ClassCard, Said{What: SayTaken, Channel: m.Channel, TS: m.TS})
}

// sameOrders tells whether a message names an order of a ticket.
func sameOrders(k tickets.Ticket, d intents.Decision) bool {
	return slices.ContainsFunc(facts(d).Orders, func(o string) bool { return slices.Contains(k.Facts.Orders, o) })
}

// note adds a message to a ticket's timeline; files make it evidence. Its author hears of a ticket that takes nothing
// any more.
func (t *turn) note(open *tickets.Ticket, m Message, f tickets.Facts) error {
	kind := tickets.CmdNote
	if len(m.Files) > 0 {
		kind = tickets.CmdAttach
	}
	actor, err := t.who(m.Author)
	if err != nil {
		return err
	}
	if !actor.Role.Staff() {
		t.keepOwnShop(&f, actor, m.Channel)
	}
	_, err = t.apply(open, tickets.Command{Kind: kind, Actor: actor, Message: t.kept(m), Facts: f, Heard: speaker(m.Text),
		Asks: intents.AsksProgress(m.Text)})
	var r *tickets.Refusal
	if !errors.As(err, &r) {
		return err
	}
	t.log.Info("note not taken", "workspace", t.ws, "ticket", open.ID, "reason", r.Reason)
	if open.Status == tickets.StatusArchived {
		t.deny(request{by: m.Author, channel: m.Channel, thread: m.Thread, direct: m.Direct}, open.ID, string(tickets.ReasonTooOld))
	}
	return nil
}

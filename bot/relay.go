package bot

import (
	"errors"
	"time"

	"gongdan/intents"
	"gongdan/tickets"
)

// What programs say is not heard, except the notices of a marketplace that a relay of the team file brings: those are read
// as the marketplace's own tickets. They are never commands, call nobody and hand nothing to anybody.

// machine takes what a program said: a notice, or words to remember so that replies to them need not wait.
func (t *turn) machine(m Message) error {
	if m.inThread() {
		return nil
	}
	if relay, ok := t.policy.Relay(m.BotID, m.BotName); ok && t.brings(m) {
		return t.relayed(m, relay)
	}
	t.became(m, tickets.Seen{Decision: seenIgnore})
	return nil
}

// brings tells whether a message is where a relay's notices stand.
func (t *turn) brings(m Message) bool {
	_, ok := t.policy.Relay(m.BotID, m.BotName)
	return ok && !m.Direct && !m.inThread()
}

// relayed makes a ticket of a notice, or adds it to the one whose number it names. What names no case is no notice.
func (t *turn) relayed(m Message, relay tickets.Relay) error {
	if heard, err := t.listening(m); err != nil || !heard {
		return err
	}
	m.Mentions, m.ToBot = nil, false
	d := t.notice(m, relay, later(m.Sent, m.Edited))
	counted := d
	t.memo.counts = &counted
	if !casework(d.Fields) {
		t.became(m, tickets.Seen{Decision: seenIgnore, Why: d.Reason})
		return nil
	}
	if err := t.alone(); err != nil {
		return err
	}
	open, err := t.noticed(d, relay)
	if err != nil {
		return err
	}
	if open != nil {
		t.became(m, tickets.Seen{Decision: seenAdded, Ticket: open.ID, Why: d.Reason})
		return t.noteNotice(open, m, d)
	}
	draft := t.noticeDraft(m, d, relay)
	made, err := t.open(draft, t.kept(m))
	if err != nil {
		return err
	}
	t.became(m, tickets.Seen{Decision: seenAct, Ticket: made.ID, Thread: made.Source.Thread, Why: d.Reason})
	return t.wakeEarly(m.Channel, m.TS)
}

// notice reads a marketplace's notice by rules and the local model, as of the moment at which it was written: what a relay
// brings has one form, and needs no other.
func (t *turn) notice(m Message, relay tickets.Relay, at time.Time) intents.Decision {
	msg := t.question(m, false)
	msg.Origin, msg.Now, msg.Since = string(tickets.OriginPlatform), at, m.Sent
	msg.Mentions, msg.ToBot = nil, false
	d := t.minds.Local(msg)
	d.Fields.Platform = string(relay.Platform)
	if d.Fields.Shop == "" {
		d.Fields.Shop = relay.Shop
	}
	return d
}

// casework tells whether a notice is about a case rather than about the weather.
func casework(f intents.Fields) bool {
	return f.PlatformNo != "" || f.AfterSale != "" || f.Order != ""
}

// noticed finds the open ticket of the marketplace's that a notice is about: by its own number, else by that of the
// after-sale, else by the order where it names nothing nearer.
func (t *turn) noticed(d intents.Decision, relay tickets.Relay) (*tickets.Ticket, error) {
	key := tickets.Key{Kind: tickets.KeyOrder, Value: d.Fields.Order}
	switch {
	case d.Fields.PlatformNo != "":
		key = tickets.Key{Kind: tickets.KeyPlatformNo, Value: d.Fields.PlatformNo}
	case d.Fields.AfterSale != "":
		key = tickets.Key{Kind: tickets.KeyAfterSale, Value: d.Fields.AfterSale}
	}
	ids, err := t.store.Find(t.ctx, t.ws, key)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		got, err := t.load(t.ctx, t.ws, id)
		if err != nil {
			return nil, err
		}
		if got != nil && got.Status.Open() && got.Origin.Binding() && got.Facts.Platform == platform(string(relay.Platform)) {
			return got, nil
		}
	}
	return nil, nil
}

// noteNotice adds a further notice to its ticket. What it says of times fills what is empty.
func (t *turn) noteNotice(open *tickets.Ticket, m Message, d intents.Decision) error {
	_, err := t.apply(open, tickets.Command{Kind: tickets.CmdNote, Actor: tickets.Actor{ID: m.Author, Role: tickets.RoleNone},
		Message: t.kept(m), Facts: facts(d), PlatformCreated: d.Fields.PlatformCreated, BackOffice: d.Fields.Due})
	var r *tickets.Refusal
	if errors.As(err, &r) {
		t.log.Info("notice not taken", "workspace", t.ws, "ticket", open.ID, "reason", r.Reason)
		return nil
	}
	return err
}

func (t *turn) noticeDraft(m Message, d intents.Decision, relay tickets.Relay) tickets.Draft {
	f, said := facts(d), facts(t.minds.Local(t.question(m, false)))
	said.Platform = "" // the relay's counts, whatever is said
	thought := mind{Did: string(intents.Act), P: d.Confidence, Type: d.Type, Due: !d.Fields.Due.IsZero(), Relay: added(said, f)}
	said = f
	t.fillShop(&f, m.Channel)
	f.Platform = platform(string(relay.Platform))
	thought = thought.filled(said, f)
	typ := d.Type
	if typ == "" || d.By == intents.ByLocal && d.Confidence < typeKnown {
		typ = "platform_notice"
	}
	origin := tickets.OriginPlatform
	if d.Fields.Origin == string(tickets.OriginProvider) {
		origin = tickets.OriginProvider
	}
	return tickets.Draft{Workspace: t.ws, ID: tickets.TicketIDFor(t.ws, "message:"+string(m.Channel)+"/"+m.TS),
		Type: tickets.Type(typ), Severity: t.severityOf(typ, d), Origin: origin, Facts: f, Requester: m.Author,
		PlatformCreated: d.Fields.PlatformCreated, BackOffice: d.Fields.Due, Decision: decisionText(d, thought),
		Source: tickets.Source{Kind: SourceMessage, Channel: m.Channel, TS: m.TS, Thread: m.TS, Text: head(m.Text, tickets.MaxText),
			Lang: langOf(m.Text), Foreign: t.foreign(m.Channel)}}
}

// sameMinute is by how much two readings of one deadline may differ: what is left of it is told in whole minutes.
const sameMinute = time.Minute

// renoticed is what an edited notice changes. What it said before is read again as of when it was first posted, so that only
// words that have changed move anything; what is new counts from the edit. A time that a person has set later stands.
func (t *turn) renoticed(of tickets.Ticket, m Message, relay tickets.Relay) (n news, err error) {
	m.Text = head(m.Text, tickets.MaxText)
	d := t.notice(m, relay, later(m.Sent, m.Edited))
	if other, err := t.noticed(d, relay); err != nil || other != nil && other.ID != of.ID {
		return n, err // the number of another case: the words are kept, and nothing follows from them
	}
	n.facts = facts(d)
	events, err := t.store.Timeline(t.ctx, t.ws, of.ID)
	if err != nil {
		return n, err
	}
	old, dated := m, false
	if old.Text = ""; of.Source.TS == m.TS {
		old.Text = of.Source.Text
	}
	for _, e := range events {
		if e.Message.TS == m.TS && e.Message.Channel == m.Channel && e.Message.Text != "" {
			old.Text = e.Message.Text
		}
		dated = dated || (e.Kind == tickets.EvDue || e.Kind == tickets.EvOrigin) && e.By != "" && e.At.After(m.Edited)
	}
	if old.Text == "" {
		return n, nil
	}
	was, is := t.notice(old, relay, m.Sent), t.notice(m, relay, m.Sent)
	n.was = facts(was)
	if dated {
		return n, nil
	}
	if !is.Fields.PlatformCreated.Equal(was.Fields.PlatformCreated) {
		n.created = d.Fields.PlatformCreated
	}
	if !is.Fields.Due.Equal(was.Fields.Due) && d.Fields.Due.Sub(of.BackOffice).Abs() > sameMinute {
		n.due = d.Fields.Due
	}
	return n, nil
}

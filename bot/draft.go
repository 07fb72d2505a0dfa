package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode"

	"gongdan/bot/words"
	"gongdan/intents"
	"gongdan/tickets"
)

// draft is the ticket that a message would make.
func (t *turn) draft(m Message, d intents.Decision) (tickets.Draft, error) {
	thread := m.Thread
	if thread == "" {
		thread = m.TS
	}
	dr, err := t.content(m, d)
	if err != nil {
		return dr, err
	}
	dr.ID = tickets.TicketIDFor(t.ws, "message:"+string(m.Channel)+"/"+m.TS)
	dr.Source.Kind, dr.Source.TS, dr.Source.Thread = SourceMessage, m.TS, thread
	return dr, nil
}

// keepDraft is the draft of a message in the form in which its record keeps it.
func (t *turn) keepDraft(m Message, d intents.Decision) (json.RawMessage, error) {
	draft, err := t.draft(m, d)
	if err != nil {
		return nil, err
	}
	body, err := withFiles(draft, t.kept(m).Files)
	if err != nil {
		return nil, fmt.Errorf("keep draft of %s/%s: %w", m.Channel, m.TS, err)
	}
	return body, nil
}

// typeKnown is the probability from which the local model's guess of a type is worth showing; below it, "other" is the
// honest word.
const typeKnown = 0.4

// content is what a draft says, wherever it came from. Whoever is not of the team says what happened and for which order:
// which rules bind it, how urgent it is and who gets it is the team's matter.
func (t *turn) content(m Message, d intents.Decision) (tickets.Draft, error) {
	by, err := t.who(m.Author)
	if err != nil {
		return tickets.Draft{}, err
	}
	to, err := t.assignee(by, m.Mentions, d)
	if err != nil {
		return tickets.Draft{}, err
	}
	f := facts(d)
	if !by.Role.Staff() {
		d.Fields.Origin, d.Fields.Severity, d.Fields.Due, d.Fields.PlatformCreated, d.Fields.Promised = "", "", time.Time{}, time.Time{}, time.Time{}
		t.keepOwnShop(&f, by, m.Channel)
	}
	said := f
	t.fillShop(&f, m.Channel)
	typ := t.typeFor(m.Text, d)
	dr := tickets.Draft{Workspace: t.ws,
		Type: tickets.Type(typ), Severity: t.severityOf(typ, d), Origin: tickets.Origin(d.Fields.Origin), Facts: f,
		Requester: by.ID, Assignee: to, PlatformCreated: d.Fields.PlatformCreated, Decision: decisionText(d, t.mind(m, d).filled(said, f)),
		Source: tickets.Source{Channel: m.Channel, Text: t.readable(m.Text, m.Mentions), Lang: langOf(m.Text), Foreign: t.foreign(m.Channel)},
	}
	if dr.Origin == "" {
		dr.Origin = tickets.OriginInternal
	}
	if dr.Promised = d.Fields.Promised; dr.Origin.Binding() {
		dr.BackOffice = d.Fields.Due
	} else {
		dr.Wanted = d.Fields.Due
	}
	return dr, nil
}

// facts are the classifier's fields as a ticket keeps them.
func facts(d intents.Decision) tickets.Facts {
	f := tickets.Facts{Shop: d.Fields.Shop, Platform: platform(d.Fields.Platform), Orders: slices.Clone(d.Fields.Orders),
		AfterSale: d.Fields.AfterSale, PlatformNo: d.Fields.PlatformNo, Waybill: d.Fields.Waybill, SKU: d.Fields.SKU,
		Amount: d.Fields.Amount}
	if len(f.Orders) == 0 && d.Fields.Order != "" {
		f.Orders = []string{d.Fields.Order}
	}
	return f
}

// toldBy are the facts that a person's further words tell a ticket. Such as read like orders to a machine tell none: they stay
// words.
func toldBy(d intents.Decision) tickets.Facts {
	if d.Suspicious {
		return tickets.Facts{}
	}
	return facts(d)
}

// platform is the classifier's name of a marketplace as tickets and their rules name it.
func platform(name string) tickets.Platform {
	if name == "doudian" {
		return "douyin"
	}
	return tickets.Platform(name)
}

// fillShop takes the shop from the channel, and the platform from the shop.
func (t *turn) fillShop(f *tickets.Facts, ch tickets.ChannelID) {
	for _, s := range t.policy.Shops {
		if f.Shop == "" && slices.Contains(s.Channels, ch) {
			f.Shop = s.Name
		}
		if f.Shop == s.Name && f.Platform == "" {
			f.Platform = s.Platform
		}
	}
}

// keepOwnShop drops a shop that somebody from outside does not speak for: neither theirs nor the channel's. Its merchant
// would find the ticket in their list.
func (t *turn) keepOwnShop(f *tickets.Facts, by tickets.Actor, ch tickets.ChannelID) {
	if f.Shop != "" && !slices.Contains(by.Shops, f.Shop) && !slices.Contains(t.shopsOf(ch), f.Shop) {
		f.Shop, f.Platform = "", ""
	}
}

// shopsOf names the shops of a channel.
func (t *turn) shopsOf(ch tickets.ChannelID) (names []string) {
	for _, s := range t.policy.Shops {
		if slices.Contains(s.Channels, ch) {
			names = append(names, s.Name)
		}
	}
	return names
}

// severityOf is what the person said, else the type's own.
func (t *turn) severityOf(typ string, d intents.Decision) tickets.Severity {
	if d.Fields.Severity != "" {
		return tickets.Severity(d.Fields.Severity)
	}
	if k, ok := t.types().find(tickets.Type(typ)); ok && k.Severity != "" {
		return k.Severity
	}
	return tickets.SeverityNormal
}

// maxNamed bounds how many of the people mentioned in a message are looked at for its assignee.
const maxNamed = 5

// assignee is the colleague named in a message, by mention or by nickname; "" if nobody who may work on tickets is named.
// Who gets a ticket is for the team to say.
func (t *turn) assignee(by tickets.Actor, mentions []tickets.UserID, d intents.Decision) (tickets.UserID, error) {
	if !by.Role.Staff() {
		return "", nil
	}
	named := mentions[:min(len(mentions), maxNamed)]
	if id, ok := t.person(d.Fields.Assignee); ok {
		named = append([]tickets.UserID{id}, named...)
	}
	for _, id := range named {
		if ok, err := t.works(id); ok || err != nil {
			return id, err
		}
	}
	return "", nil
}

// person resolves what somebody typed for a colleague: a mention or a nickname of the roster.
func (t *turn) person(who string) (tickets.UserID, bool) {
	if who == "" {
		return "", false
	}
	if id, ok := named(t.policy, who); ok {
		return id, true
	}
	if userID(who) {
		return tickets.UserID(who), true
	}
	return "", false
}

// userID tells whether a word is a chat's own id of a person, as mentions are written in plain text.
func userID(w string) bool {
	if len(w) < 2 || (w[0] != 'U' && w[0] != 'W') {
		return false
	}
	for _, r := range w {
		if !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return false
		}
	}
	return true
}

// foreign tells whether people from outside read a channel. What cannot be looked up counts as such.
func (t *turn) foreign(ch tickets.ChannelID) bool {
	got, err := t.people.Channel(t.ctx, t.ws, ch)
	if err != nil {
		t.log.Warn("channel unknown, merchant's card taken", "workspace", t.ws, "channel", ch, "err", err)
		return true
	}
	return got.Foreign
}

// langOf guesses the language of a text: Chinese if it has any Han character.
func langOf(text string) string {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return words.Chinese
		}
	}
	return words.English
}

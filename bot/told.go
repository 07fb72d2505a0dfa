package bot

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"gongdan/intents"
	"gongdan/intents/entities"
	"gongdan/tickets"
)

// existing takes what is said in a channel of tickets that exist: a question how an order goes, news that something is done, a
// correction of what its author said before. It reports false where it is none of that, or belongs to no ticket and may be a
// matter of its own.
func (t *turn) existing(m Message, d intents.Decision) (bool, error) {
	switch {
	case d.Suspicious:
		return false, nil
	case d.Reason == intents.WhyDone:
		return t.reported(m, d)
	case d.Reason == intents.WhyCorrects:
		return t.corrected(m, d)
	case intents.AsksOf(m.Text, d):
		return t.inquired(m, d)
	}
	return false, nil
}

// openAbout finds the open tickets of the orders, parcels and cases that a message names, each once, by the newest of each number
// first. Those that its author may not see, or of another shop, are none.
func (t *turn) openAbout(m Message, d intents.Decision) ([]tickets.Ticket, error) {
	return t.ofNumbers(m, d, tickets.Status.Open)
}

func (t *turn) ofNumbers(m Message, d intents.Decision, stands func(tickets.Status) bool) (out []tickets.Ticket, err error) {
	keys := []tickets.Key{{Kind: tickets.KeyPlatformNo, Value: d.Fields.PlatformNo}, {Kind: tickets.KeyAfterSale, Value: d.Fields.AfterSale},
		{Kind: tickets.KeyWaybill, Value: d.Fields.Waybill}}
	for _, o := range facts(d).Orders {
		keys = append(keys, tickets.Key{Kind: tickets.KeyOrder, Value: o})
	}
	for _, k := range slices.DeleteFunc(keys, func(k tickets.Key) bool { return k.Value == "" }) {
		ids, err := t.store.Find(t.ctx, t.ws, k)
		if err != nil {
			return nil, err
		}
		for _, id := range ids[:min(len(ids), maxMeant)] {
			got, err := t.load(t.ctx, t.ws, id)
			if err != nil {
				return nil, err
			}
			had := slices.ContainsFunc(out, func(k tickets.Ticket) bool { return k.ID == id })
			if got == nil || had || !stands(got.Status) || t.otherShop(m, d, *got) {
				continue
			}
			if ok, err := t.shows(m, *got); err != nil {
				return nil, err
			} else if ok {
				out = append(out, *got)
			}
		}
	}
	return out, nil
}

// inquired answers a question how an order or parcel goes that has a ticket, and adds it to the one of its own type, else to the
// newest. Where its author may be shown none, its message is marked as taken.
func (t *turn) inquired(m Message, d intents.Decision) (bool, error) {
	of, err := t.openAbout(m, d)
	if err != nil || len(of) == 0 {
		return false, err
	}
	to := max(0, slices.IndexFunc(of, func(k tickets.Ticket) bool { return sameMatter(k, d) }))
	if err := t.addedTo(&of[to], m, d, facts(d)); err != nil {
		return false, err
	}
	told, err := t.answersAdded(m, d, &of[to])
	if err == nil && !told {
		t.taken(&of[to], m)
	}
	return true, err
}

// addedTo notes what was said of a ticket, as nothing but that: it is counted as no new matter.
func (t *turn) addedTo(k *tickets.Ticket, m Message, d intents.Decision, f tickets.Facts) error {
	body, err := t.keepDraft(m, d)
	if err != nil {
		return err
	}
	if err := t.note(k, m, f); err != nil {
		return err
	}
	if d.Intent == intents.NewTicket {
		d.Intent, d.Action = intents.Status, intents.Ignore
	}
	t.memo.counts = &d
	t.became(m, tickets.Seen{Decision: seenAdded, Ticket: k.ID, Thread: m.Thread, Why: decisionText(d, t.mind(m, d)), Draft: body})
	return nil
}

// reported adds news that something is done to the ticket of its order, or the one its author opened here a moment ago, and
// offers the step. Of several tickets its author is asked, and of none judge decides.
func (t *turn) reported(m Message, d intents.Decision) (bool, error) {
	of, err := t.openAbout(m, d)
	if err == nil && len(of) == 0 {
		of, err = t.ofNumbers(m, d, func(s tickets.Status) bool { return s == tickets.StatusResolved })
	}
	if err != nil {
		return false, err
	}
	k := first(of)
	if k == nil && !m.inThread() {
		if k, err = t.burst(m, d); err != nil {
			return false, err
		}
	}
	switch {
	case len(of) > 1:
		return true, t.ask(m, d)
	case k != nil:
		d.Intent = intents.Command // told, not ordered: for the button
		if k.Status != tickets.StatusResolved {
			d.Command = "resolve"
		}
		return true, t.remarkOf(m, k, d)
	case d.Command != "close" || d.Action == intents.Ask || m.inThread():
		return false, nil
	}
	own, err := t.ownOpen(m) // one of theirs is to be closed, but which
	if err != nil || len(own) == 0 {
		return false, err
	}
	return true, t.ask(m, d)
}

// What a correction offers, as the verb of [SayOffer].
const (
	fixNumber = "fix_number" // Detail: as in [ActNumberTo], without the ticket
	fixType   = "fix_type"   // Detail: the type
)

// corrected adds a correction to the ticket that its author means, and offers to correct it: the one of the number that was wrong,
// or of a type's order, else the one they said something of last, not longer ago than a burst lasts. Otherwise they are asked.
func (t *turn) corrected(m Message, d intents.Decision) (bool, error) {
	c, ok := intents.Corrects(m.Text, d)
	if !ok {
		return false, nil
	}
	k, err := t.meantBy(m, d, c)
	if err != nil || k == nil {
		return false, err
	}
	return true, t.takesBack(m, k, d, c)
}

// takesBack adds a correction to a ticket as a note, and offers to correct it.
func (t *turn) takesBack(m Message, k *tickets.Ticket, d intents.Decision, c intents.Correction) error {
	if err := t.addedTo(k, m, d, withoutFix(*k, toldBy(d), c)); err != nil {
		return err
	}
	return t.fixOrMark(m, k, c)
}

// fixOrMark offers what a correction suggests; where that is nothing, its message is marked as taken.
func (t *turn) fixOrMark(m Message, k *tickets.Ticket, c intents.Correction) error {
	told, err := t.offerFix(m, k, c)
	if err == nil && !told {
		t.taken(k, m)
	}
	return err
}

// meantBy is the ticket of which a message takes something back; nil if it cannot be told.
func (t *turn) meantBy(m Message, d intents.Decision, c intents.Correction) (*tickets.Ticket, error) {
	of, err := t.openAbout(m, d)
	if err != nil {
		return nil, err
	}
	for i := range of {
		if c.Type != "" && len(of) == 1 || c.Was != "" && holdsNumber(of[i].Facts, c.Was) {
			return &of[i], nil
		}
	}
	if m.inThread() || c.Was != "" && len(of) > 0 {
		return nil, nil
	}
	own, err := t.ownOpen(m)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	last, err := t.lastSaid(own[0], m.Author)
	if err != nil || apart(last, m.TS) > burstMax || c.Type != "" && len(facts(d).Orders) > 0 && len(own[0].Facts.Orders) > 0 && !sameOrders(own[0], d) {
		return nil, err
	}
	return &own[0], nil
}

// holdsNumber tells whether one of a ticket's numbers is this one.
func holdsNumber(f tickets.Facts, no string) bool {
	return no != "" && (slices.Contains(f.Orders, no) || f.Waybill == no || f.AfterSale == no || f.PlatformNo == no)
}

// withoutFix leaves out of a correction's facts the number that it corrects: added, it would stand beside the wrong one.
func withoutFix(k tickets.Ticket, f tickets.Facts, c intents.Correction) tickets.Facts {
	has := func(no string) bool { return no != "" || c.Was != "" }
	switch {
	case c.Kind == entities.Waybill && has(k.Facts.Waybill):
		f.Waybill = ""
	case c.Kind == entities.AfterSale && has(k.Facts.AfterSale):
		f.AfterSale = ""
	case c.Kind == entities.PlatformNo && has(k.Facts.PlatformNo):
		f.PlatformNo = ""
	case len(k.Facts.Orders) > 0 || c.Kind == entities.Order && c.Was != "":
		f.Orders = nil
	}
	return f
}

// onlyNumber is the number of a kind that a ticket has; "" if it has none, or several.
func onlyNumber(f tickets.Facts, kind entities.Type) string {
	switch kind {
	case entities.Waybill:
		return f.Waybill
	case entities.AfterSale:
		return f.AfterSale
	case entities.PlatformNo:
		return f.PlatformNo
	}
	if len(f.Orders) == 1 {
		return f.Orders[0]
	}
	return ""
}

// factsSaid are the facts that words tell of a ticket that there is.
func factsSaid(k tickets.Ticket, text string, d intents.Decision) tickets.Facts {
	if c, ok := intents.Corrects(text, d); ok {
		return withoutFix(k, toldBy(d), c)
	}
	return toldBy(d)
}

// fixOf is the command that a correction suggests for a ticket, and how it is offered; an empty verb if there is none.
func (t *turn) fixOf(k tickets.Ticket, c intents.Correction) (cmd tickets.Command, s Said) {
	if c.Type != "" {
		if _, ok := t.types().find(tickets.Type(c.Type)); ok {
			return tickets.Command{Kind: tickets.CmdType, Type: tickets.Type(c.Type)}, Said{Verb: fixType, Detail: c.Type}
		}
		return cmd, s
	}
	was := cmp.Or(c.Was, onlyNumber(k.Facts, c.Kind))
	if c.Is == "" || !holdsNumber(k.Facts, was) || holdsNumber(k.Facts, c.Is) {
		return cmd, s
	}
	return renumbering(k.Facts, was, c.Is), Said{Verb: fixNumber, Detail: was + ">" + c.Is}
}

// renumbering is the command that puts a number in the place of another one.
func renumbering(f tickets.Facts, was, is string) tickets.Command {
	c := tickets.Command{Kind: tickets.CmdAmend}
	switch was {
	case f.Waybill:
		c.Was.Waybill, c.Facts.Waybill = was, is
	case f.AfterSale:
		c.Was.AfterSale, c.Facts.AfterSale = was, is
	case f.PlatformNo:
		c.Was.PlatformNo, c.Facts.PlatformNo = was, is
	default:
		c.Was.Orders, c.Facts.Orders = []string{was}, []string{is}
	}
	return c
}

// offerFix whispers what a correction suggests, if whoever made it could do it now; it reports whether it did.
func (t *turn) offerFix(m Message, k *tickets.Ticket, c intents.Correction) (bool, error) {
	cmd, s := t.fixOf(*k, c)
	if s.Verb == "" {
		return false, nil
	}
	var err error
	if cmd.Actor, err = t.who(m.Author); err != nil {
		return false, err
	}
	cmd.Cause = t.cause
	if _, refused := tickets.Apply(k, cmd, tickets.Env{Now: t.at, Policy: t.policy}); refused != nil || !tickets.CanSee(cmd.Actor, *k) {
		return false, nil
	}
	s.What, s.Channel, s.Thread, s.To, s.TS = SayOffer, m.Channel, m.Thread, m.Author, m.TS
	t.whisper(k.ID, s)
	return true, nil
}

// numbersToldRight are what numbers look like that a press may set.
var numbersToldRight = regexp.MustCompile(`^[0-9A-Za-z-]{4,40}$`)

// numberPressed corrects a number of a ticket.
func (t *turn) numberPressed(k Click, head, id string) error {
	was, is, ok := strings.Cut(head, ">")
	if !ok || !numbersToldRight.MatchString(was) || !numbersToldRight.MatchString(is) {
		t.log.Warn("press with a number that is none", "workspace", t.ws, "action", k.Action)
		return nil
	}
	got, err := t.pressed(t.ctx, t.ws, id)
	if err != nil || got == nil || !holdsNumber(got.Facts, was) {
		return err // somebody was quicker, and the card says so
	}
	return t.press(k, id, renumbering(got.Facts, was, is))
}

package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// Missed is one possible miss as people see it.
type Missed struct {
	Seen  tickets.Seen
	Heard time.Time
	Text  string
	Place string         // name of the channel
	Of    tickets.Number // the ticket that it became or joined since the list was shown; 0 = none
}

// MissedView lists possible misses, the newest first, each with what can be said about it, or what became of it since the list was
// shown. all is how many there are that nobody has decided about.
func MissedView(c *words.Catalogue, sc Scene, list []Missed, all int) View {
	w := newWording(c, sc)
	if len(list) == 0 {
		return w.line(w.Say(words.MissedNone, nil))
	}
	title := w.Say(words.MissedTitle, words.Args{"Count": all})
	v := w.view(title)
	v.Header = title
	shown := ""
	for _, m := range list {
		shown += listMark + string(m.Seen.Channel) + "/" + m.Seen.TS
	}
	for _, m := range list {
		head := joinDots(words.OneLine(m.Place, maxShort), w.who(m.Seen.Author), w.time.stamp(m.Heard))
		r := Row{Lines: []Line{{Text: head, To: Ref{m.Seen.Channel, m.Seen.TS}}, {Text: words.Paragraph(m.Text, maxQuote), Quote: true}}}
		if undecided(m.Seen) {
			all--
			r.Actions = w.either(string(m.Seen.Channel)+"/"+m.Seen.TS+shown, m.Seen.Decision)
		} else {
			r.Lines = append(r.Lines, Line{Text: w.missedNow(m), Strong: true})
		}
		v.Rows = append(v.Rows, r)
	}
	if all > 0 {
		v.Footer = w.Say(words.MissedMore, words.Args{"Count": all})
	}
	return v
}

// missedNow is what became of a message that stood in the list.
func (w wording) missedNow(m Missed) string {
	switch args := (words.Args{"Ticket": m.Of.String()}); {
	case m.Seen.Decision == seenAct && m.Of > 0:
		return w.Say(words.MissedMade, args)
	case m.Of > 0:
		return w.Say(words.MissedAdded, args)
	case m.Seen.Decision == seenNot:
		return w.Say(words.MissedNot, nil)
	}
	return w.Say(words.MissedOver, nil)
}

// listMark parts the messages that a list shows in the values of its buttons, the one that a button is about before them all. So a
// press tells which rows there are to draw anew.
const listMark = "|"

// cutList parts the message that a press is about from those of the list it was made in; rest is "" elsewhere.
func cutList(k Click) (about, rest string) {
	if k.Action == ActMake || k.Action == ActMakeNot {
		about, rest, _ = strings.Cut(k.Value, listMark)
		return about, rest
	}
	return k.Value, ""
}

// PressedInMissed tells whether an input is a press in the list of possible misses.
func PressedInMissed(in Input) bool {
	if in.Click == nil {
		return false
	}
	_, rows := cutList(*in.Click)
	return rows != ""
}

// MissedAgain draws the list of possible misses anew in which a press was made: the same rows, which tell what became of them. It
// reports false for every other input.
func (c *Conversation) MissedAgain(ctx context.Context, ws tickets.WorkspaceID, in Input) (View, bool, error) {
	if !PressedInMissed(in) {
		return View{}, false, nil
	}
	_, rows := cutList(*in.Click)
	q, err := c.question(ctx, ws, in)
	if err != nil || !q.actor.Role.Staff() {
		return View{}, false, err
	}
	left, err := q.readable()
	if err != nil {
		return View{}, false, err
	}
	refs := strings.Split(rows, listMark)
	var list []Missed
	for _, at := range refs[:min(len(refs), missedShown)] {
		m, ok, err := q.again(at)
		if err != nil {
			return View{}, false, err
		}
		if ok {
			list = append(list, m)
		}
	}
	return MissedView(q.words, q.scene, list, len(left)), len(list) > 0, nil
}

// again reads what a row of a list says now; false of a message that the person may not read, or that is forgotten.
func (q question) again(at string) (m Missed, ok bool, err error) {
	ch, ts, err := askedValue(at)
	if err != nil {
		return m, false, nil // forged
	}
	seen, known, err := q.store.Seen(q.ctx, q.ws, ch, ts)
	if err != nil || !known {
		return m, false, err
	}
	seen.Channel, seen.TS = ch, ts
	if ok, err = q.reads(q.ctx, q.ws, q.actor, tickets.Seen{Channel: ch}); err != nil || !ok {
		return m, false, err
	}
	m = q.said(seen)
	if seen.Ticket == "" {
		return m, true, nil
	}
	of, err := q.load(q.ctx, q.ws, seen.Ticket)
	if err == nil && of != nil && tickets.CanSee(q.actor, *of) {
		m.Of = of.Number
		if m.Text == "" {
			m.Text = q.named(of.Source.Text)
		}
	}
	return m, true, err
}

// said is a message of the list with its words, as far as its record keeps them.
func (q question) said(seen tickets.Seen) Missed {
	m := Missed{Seen: seen}
	m.Heard, _ = sentAt(seen.TS)
	var d tickets.Draft
	if json.Unmarshal(seen.Draft, &d) == nil {
		m.Text = q.named(strings.Join(append([]string{d.Source.Text}, q.joinedTo(seen)...), "\n"))
	}
	if ch, err := q.people.Channel(q.ctx, q.ws, seen.Channel); err == nil {
		m.Place = ch.Name
	}
	return m
}

// joinedTo are the words that go with a message should it become a ticket.
func (q question) joinedTo(seen tickets.Seen) (said []string) {
	early, _, err := q.earlyOf(q.ctx, q.ws, seen.Channel, seen.TS)
	if err != nil {
		q.log.Warn("what joined a possible miss is not shown", "workspace", q.ws, "err", err)
	}
	for _, r := range early {
		if r.Joined {
			said = append(said, r.Message.Text)
		}
	}
	return said
}

// named is a text with the names of those who are called in it, the bot's own among them, in place of their ids.
func (q question) named(text string) string {
	known := map[string]string{}
	return mentionedID.ReplaceAllStringFunc(text, func(at string) string {
		name, looked := known[at]
		if !looked && len(known) < maxNames {
			name = words.OneLine(q.scene.Name(tickets.UserID(at[1:])), maxShort)
			known[at] = name
		}
		if name == "" {
			return at
		}
		return "@" + name
	})
}

// missed answers with the list of possible misses, as far as the person may read them.
func (q question) missed() (View, error) {
	if !q.actor.Role.Staff() {
		return q.refuse(Said{Reason: string(tickets.ReasonNotPermitted)}), nil
	}
	list, err := q.readable()
	if err != nil {
		return View{}, err
	}
	var shown []Missed
	all := len(list)
	for _, m := range list {
		if len(shown) == missedShown {
			break
		}
		one, ok, err := q.possible(m)
		if err != nil {
			return View{}, err
		}
		if !ok {
			all--
			continue
		}
		shown = append(shown, one)
	}
	return MissedView(q.words, q.scene, shown, all), nil
}

// readable are the possible misses in channels that the person may read, the newest first.
func (q question) readable() ([]possibleMiss, error) {
	list, _, err := missedOf(q.ctx, q.store, q.ws)
	if err != nil && !errors.Is(err, errDamaged) { // a damaged list is empty, and begins anew with the next message
		return nil, err
	}
	may := map[tickets.ChannelID]bool{}
	for _, m := range list {
		if _, asked := may[m.Channel]; asked {
			continue
		}
		if may[m.Channel], err = q.reads(q.ctx, q.ws, q.actor, tickets.Seen{Channel: m.Channel}); err != nil {
			q.log.Warn("who reads a channel is not known, what was said there is left out", "workspace", q.ws, "channel", m.Channel, "err", err)
		}
	}
	slices.Reverse(list)
	return slices.DeleteFunc(list, func(m possibleMiss) bool { return m.old(q.scene.Now) || !may[m.Channel] }), nil
}

// possible reads what a possible miss says; false if somebody has decided about it meanwhile.
func (q question) possible(m possibleMiss) (Missed, bool, error) {
	seen, known, err := q.store.Seen(q.ctx, q.ws, m.Channel, m.TS)
	if err != nil {
		return Missed{}, false, fmt.Errorf("possible miss: %w", err)
	}
	if !known || !undecided(seen) || !json.Valid(seen.Draft) {
		return Missed{}, false, nil
	}
	seen.Channel, seen.TS = m.Channel, m.TS
	out := q.said(seen)
	out.Heard = m.Heard
	return out, true, nil
}

// homeMissed is the home page's line about possible misses; false if there are none.
func (q question) homeMissed() (View, bool, error) {
	if !q.actor.Role.Staff() {
		return View{}, false, nil
	}
	list, err := q.readable()
	if err != nil || len(list) == 0 {
		return View{}, false, err
	}
	w := newWording(q.words, q.scene)
	v := w.line(w.Say(words.HomeMissed, words.Args{"Count": len(list)}))
	v.Actions = []Action{{Kind: Button, ID: ActList, Label: w.Say(words.ButtonList, nil), Value: ListMissed}}
	return v, true, nil
}

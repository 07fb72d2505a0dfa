package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// missedKey is the document that lists the messages which may be tickets and about which nobody has decided: those whose
// author was asked and did not answer, and those let pass that came close.
const missedKey = "missed"

// Bounds of that list.
const (
	missedMost  = 400
	missedShown = 10
)

// possibleMiss is one of them. Its words are in its record.
type possibleMiss struct {
	Channel tickets.ChannelID `json:"c"`
	TS      string            `json:"ts"`
	Thread  string            `json:"th,omitempty"`
	Heard   time.Time         `json:"at"`
}

// errDamaged says that the list cannot be understood; its version is known all the same.
var errDamaged = errors.New("the list is damaged")

// missedOf reads a workspace's list, oldest first; version 0 = there is none yet.
func missedOf(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID) (list []possibleMiss, version int64, err error) {
	doc, err := store.Doc(ctx, ws, missedKey)
	if errors.Is(err, tickets.ErrNotFound) {
		return nil, 0, nil
	}
	if err == nil && json.Unmarshal(doc.Body, &list) != nil {
		list, err = nil, errDamaged
	}
	if err != nil {
		return nil, doc.Version, fmt.Errorf("possible misses of %s: %w", ws, err)
	}
	return list, doc.Version, nil
}

// undecided tells whether nobody has decided about a message that may be a ticket.
func undecided(s tickets.Seen) bool {
	return s.Decision == seenAsk || s.Decision == seenIgnore && decided(s.Why).Near
}

// misses brings the list of possible misses in line with the records that the turn writes, in the same commit.
func (t *turn) misses() error {
	var come []possibleMiss
	var gone []tickets.Seen
	for i := range t.change.Seen {
		s := &t.change.Seen[i]
		was, err := t.wasListed(*s)
		if err != nil {
			return err
		}
		switch s.Listed = undecided(*s); {
		case s.Listed:
			if err := t.keepNear(s); err != nil {
				return err
			}
			if !was {
				come = append(come, possibleMiss{Channel: s.Channel, TS: s.TS, Thread: s.Thread, Heard: t.at})
			}
		case was:
			gone = append(gone, *s)
		}
	}
	if len(come)+len(gone) == 0 {
		return nil
	}
	return t.relist(come, gone)
}

// wasListed tells whether a message stands in the list. New words are judged anew, and a removal is noted, without a look
// at the record of the old.
func (t *turn) wasListed(s tickets.Seen) (bool, error) {
	if s.Listed || s.Edited.IsZero() && s.Decision != seenGone {
		return s.Listed, nil
	}
	old, _, err := t.store.Seen(t.ctx, t.ws, s.Channel, s.TS)
	return old.Listed, err
}

// keepNear keeps the ticket that can be made of a message which was let pass.
func (t *turn) keepNear(s *tickets.Seen) error {
	if len(s.Draft) > 0 || t.memo.decided == nil || t.last.TS != s.TS || t.last.Channel != s.Channel {
		return nil
	}
	body, err := t.keepDraft(t.last, *t.memo.decided)
	s.Draft = body
	return err
}

// relist writes the list anew. Nobody else in this process does until the turn is over.
func (t *turn) relist(come []possibleMiss, gone []tickets.Seen) error {
	if err := t.alone(); err != nil {
		return err
	}
	list, version, err := missedOf(t.ctx, t.store, t.ws)
	if errors.Is(err, errDamaged) {
		t.log.Error("the list of possible misses begins anew", "workspace", t.ws, "err", err)
		err = nil
	}
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(m possibleMiss) bool {
		return m.old(t.at) || slices.ContainsFunc(gone, func(s tickets.Seen) bool { return s.Channel == m.Channel && s.TS == m.TS })
	})
	list = append(list, come...)
	body, err := json.Marshal(list[max(0, len(list)-missedMost):])
	if err != nil {
		return fmt.Errorf("possible misses of %s: %w", t.ws, err)
	}
	t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: missedKey, Expect: version, Body: body})
	return nil
}

func (m possibleMiss) old(now time.Time) bool { return now.Sub(m.Heard) >= tickets.SeenFor }

// Missed is one possible miss as people see it.
type Missed struct {
	Seen  tickets.Seen
	Heard time.Time
	Text  string
	Place string // name of the channel
}

// MissedView lists possible misses, the newest first, each with what can be said about it. all is how many there are.
func MissedView(c *words.Catalogue, sc Scene, list []Missed, all int) View {
	w := newWording(c, sc)
	if len(list) == 0 {
		return w.line(w.Say(words.MissedNone, nil))
	}
	title := w.Say(words.MissedTitle, words.Args{"Count": all})
	v := w.view(title)
	v.Header = title
	for _, m := range list {
		head := joinDots(words.OneLine(m.Place, maxShort), w.who(m.Seen.Author), w.time.stamp(m.Heard))
		v.Rows = append(v.Rows, Row{Lines: []Line{{Text: head, To: Ref{m.Seen.Channel, m.Seen.TS}}, {Text: words.Paragraph(m.Text, maxQuote), Quote: true}},
			Actions: w.either(string(m.Seen.Channel)+"/"+m.Seen.TS, m.Seen.Decision)})
	}
	if all > len(list) {
		v.Footer = w.Say(words.MissedMore, words.Args{"Count": all - len(list)})
	}
	return v
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
	var d tickets.Draft
	if !known || !undecided(seen) || json.Unmarshal(seen.Draft, &d) != nil {
		return Missed{}, false, nil
	}
	seen.Channel, seen.TS = m.Channel, m.TS
	out := Missed{Seen: seen, Heard: m.Heard, Text: d.Source.Text}
	if ch, err := q.people.Channel(q.ctx, q.ws, m.Channel); err == nil {
		out.Place = ch.Name
	}
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

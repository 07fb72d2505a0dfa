package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gongdan/tickets"
)

// Replies wait for their root: one that has not been heard, or one whose author is being asked whether it is a ticket.
const (
	// earlyRoot is for a root that has not been heard. It outlasts Slack's redeliveries, of which the last comes six
	// minutes after the first delivery: a reply that gave up sooner would be missing in its ticket.
	earlyRoot  = 10 * time.Minute
	earlyAsked = 24 * time.Hour   // for an answer about the root
	earlyMost  = 100              // replies in one thread
	earlyNext  = time.Millisecond // between two that are taken up, so that each has a cause of its own
	// earlyLook is after how long a reply that waits is looked at first, and then after twice the time: its root may be
	// decided on at the very moment at which it is kept, and nobody calls then.
	earlyLook = 5 * time.Second
)

// earlyReply is a reply that waits, and since when.
type earlyReply struct {
	Message Message   `json:"m"`
	Heard   time.Time `json:"at"`
	Joined  bool      `json:"j,omitempty"` // it stands beside its root rather than in its thread
	// Aside is when one that joined its root was let go with it. It comes along where the root becomes a ticket all the same.
	Aside time.Time `json:"aside,omitzero"`
}

func earlyKey(ch tickets.ChannelID, root string) string { return "early/" + string(ch) + "/" + root }

// keepEarly stores a reply until its root has become something, or has not in time; joined says that it stands beside its root.
func (t *turn) keepEarly(m Message, joined bool) error {
	early, version, err := t.early(m.Channel, m.Thread)
	if err != nil {
		return err
	}
	t.became(m, tickets.Seen{Decision: seenEarly, Thread: m.Thread})
	if len(early) >= earlyMost {
		t.log.Warn("too many replies wait for their root, one is left out", "workspace", t.ws, "channel", m.Channel)
		return nil
	}
	m.Text = head(m.Text, tickets.MaxText)
	if err := t.writeEarly(m.Channel, m.Thread, version, append(early, earlyReply{Message: m, Heard: t.at, Joined: joined})); err != nil {
		return err
	}
	if len(early) == 0 {
		t.wakeEarlyAt(m.Channel, m.Thread, t.at.Add(earlyLook))
	}
	return nil
}

// editEarly changes the words of a reply that waits, unless those are newer. One that joined its root is heard by itself where its
// new words do not belong there. It reports false if it does not wait.
func (t *turn) editEarly(m Message) (bool, error) {
	early, version, i, err := t.waiting(m.Channel, m.Thread, m.TS)
	if err != nil || i < 0 {
		return false, err
	}
	if m.older(early[i].Message.Edited) {
		return true, nil
	}
	if early[i].Joined {
		leaves, err := t.leaves(m)
		if err != nil {
			return false, err
		}
		if leaves {
			err := t.writeEarly(m.Channel, m.Thread, version, slices.Delete(early, i, i+1))
			m.Thread = ""
			return true, errors.Join(err, t.rehear(m, tickets.Seen{}))
		}
		t.memo.counts = nil // it was counted when it was said
	}
	m.Text = head(m.Text, tickets.MaxText)
	early[i].Message = m
	return true, t.writeEarly(m.Channel, m.Thread, version, early)
}

// dropEarly forgets a reply that waits. It reports false if it does not wait.
func (t *turn) dropEarly(d Delete) (bool, error) {
	early, version, i, err := t.waiting(d.Channel, d.Thread, d.TS)
	if err != nil || i < 0 {
		return false, err
	}
	return true, t.writeEarly(d.Channel, d.Thread, version, slices.Delete(early, i, i+1))
}

// waiting finds a reply among those that wait for a root; i < 0 if it does not wait.
func (t *turn) waiting(ch tickets.ChannelID, root, ts string) (early []earlyReply, version int64, i int, err error) {
	early, version, err = t.early(ch, root)
	return early, version, slices.IndexFunc(early, func(e earlyReply) bool { return e.Message.TS == ts }), err
}

func (t *turn) writeEarly(ch tickets.ChannelID, root string, version int64, early []earlyReply) error {
	w := tickets.DocWrite{Key: earlyKey(ch, root), Expect: version, Delete: len(early) == 0}
	if !w.Delete {
		var err error
		if w.Body, err = json.Marshal(early); err != nil {
			return fmt.Errorf("keep early replies to %s/%s: %w", ch, root, err)
		}
	}
	t.change.Docs = append(t.change.Docs, w)
	return nil
}

func (t *turn) early(ch tickets.ChannelID, root string) ([]earlyReply, int64, error) {
	return t.earlyOf(t.ctx, t.ws, ch, root)
}

func (c *Conversation) earlyOf(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, root string) ([]earlyReply, int64, error) {
	doc, err := c.store.Doc(ctx, ws, earlyKey(ch, root))
	if errors.Is(err, tickets.ErrNotFound) {
		return nil, 0, nil
	}
	var early []earlyReply
	if err == nil {
		err = json.Unmarshal(doc.Body, &early)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("early replies to %s/%s: %w", ch, root, err)
	}
	return early, doc.Version, nil
}

func (t *turn) wakeEarlyAt(ch tickets.ChannelID, root string, due time.Time) {
	t.change.Wakes = append(t.change.Wakes, tickets.Wake{Subject: earlySubject(t.ws, ch, root), Due: due})
}

// wakeEarly has replies that wait for a root taken up as soon as the root's ticket is stored. They are written anew, so that
// whoever looks at them at this moment looks again.
func (t *turn) wakeEarly(ch tickets.ChannelID, root string) error {
	early, version, err := t.early(ch, root)
	if err != nil || len(early) == 0 {
		return err
	}
	t.wakeEarlyAt(ch, root, t.at)
	return t.writeEarly(ch, root, version, early)
}

// takeEarly takes up the first reply that waits for a root: into the root's ticket, or by itself where the root has come
// to nothing. Each takes a turn of its own.
func (t *turn) takeEarly(ch tickets.ChannelID, root string) error {
	early, version, err := t.early(ch, root)
	if err != nil {
		return err
	}
	if len(early) == 0 {
		t.wakeEarlyAt(ch, root, time.Time{})
		return t.writeEarly(ch, root, version, nil) // unless one is kept at this moment
	}
	open, what, err := t.threadTicket(ch, root)
	if err != nil {
		return err
	}
	i := 0
	if open == nil { // none goes anywhere with another
		i = slices.IndexFunc(early, func(r earlyReply) bool { return !r.until(what).After(t.at) })
	}
	if i < 0 {
		next := t.at.Add(max(earlyLook, t.at.Sub(early[0].Heard)))
		for _, r := range early {
			next = sooner(r.until(what), next)
		}
		t.wakeEarlyAt(ch, root, next)
		return t.writeEarly(ch, root, version, early)
	}
	if r := &early[i]; open == nil && r.Joined && r.Aside.IsZero() && (what.Decision == seenNot || what.Decision == seenAsk) {
		r.Aside = t.at
		err = t.setAside(r.Message, root)
	} else {
		err = t.takeUp(*r, open)
		early = slices.Delete(early, i, i+1)
	}
	if err != nil {
		return err
	}
	next := time.Time{}
	if len(early) > 0 {
		next = t.at.Add(earlyNext)
	}
	t.wakeEarlyAt(ch, root, next)
	return t.writeEarly(ch, root, version, early)
}

func (t *turn) takeUp(r earlyReply, open *tickets.Ticket) error {
	m := r.Message
	if r.Joined {
		return t.takeJoined(r, open)
	}
	if open == nil {
		return t.judge(m)
	}
	return t.remark(m, open, factsSaid(*open, m.Text, t.minds.Local(t.question(m, true))))
}

// until is how long a reply waits for a root without a ticket; zero = no longer.
func (r earlyReply) until(root tickets.Seen) time.Time {
	aside := !r.Aside.IsZero()
	switch {
	case aside && (root.Decision == seenAsk || root.Decision == seenNot):
		return r.Aside.Add(tickets.SeenFor)
	case aside:
		return time.Time{}
	case root.Decision == "":
		return r.Heard.Add(earlyRoot)
	case root.Decision == seenAsk:
		return r.Heard.Add(earlyAsked)
	}
	return time.Time{}
}

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

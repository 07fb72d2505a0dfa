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

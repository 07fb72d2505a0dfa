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

// mergedRecord is what is kept of a message that stood for several calls, so that a press on one of its rows can redraw it.
type mergedRecord struct {
	Said Said     `json:"said"` // with the calls that are shown alone
	IDs  []string `json:"ids"`  // of all calls that the message stood for
}

// mergedFor is how long such a message can be redrawn.
const mergedFor = 7 * 24 * time.Hour

// mergedKey names the record of the message in a place.
func mergedKey(r Ref) string { return "merged/" + string(r.Channel) + "/" + r.TS }

// mergedSubject is the wake that drops the record.
func mergedSubject(ws tickets.WorkspaceID, r Ref) tickets.Subject {
	return tickets.Subject("merged:" + string(ws) + "/" + string(r.Channel) + "/" + r.TS)
}

// MergedIDs are the ids of the calls that a merged message stands for, as long as it is remembered; none for any other
// message.
func MergedIDs(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, at Ref) ([]string, error) {
	rec, err := mergedAt(ctx, store, ws, at)
	if errors.Is(err, tickets.ErrNotFound) {
		return nil, nil
	}
	return rec.IDs, err
}

// mergedAt is what is kept of the merged message in a place.
func mergedAt(ctx context.Context, store tickets.Records, ws tickets.WorkspaceID, at Ref) (rec mergedRecord, err error) {
	doc, err := store.Doc(ctx, ws, mergedKey(at))
	if err == nil {
		err = json.Unmarshal(doc.Body, &rec)
	}
	if err != nil {
		return rec, fmt.Errorf("merged message in %s: %w", at.Channel, err)
	}
	return rec, nil
}

// sayMerged says several calls in one message. If none of them is true any more, or nobody can be reached there, it is taken
// apart, and each call is dropped or goes elsewhere by itself.
func (a *Announcer) sayMerged(ctx context.Context, p *pending) (string, result) {
	if p.heard == nil {
		ok, err := a.anyTrue(ctx, p)
		if err != nil {
			return "", result{err: err}
		}
		if !ok {
			return "apart", a.apart(ctx, p, false)
		}
	}
	said, err := a.presentParts(ctx, p)
	if err != nil {
		return "", result{err: err}
	}
	r := a.postMerged(ctx, p, said)
	if errors.Is(r.err, ErrGone) {
		done := a.apart(ctx, p, true)
		done.called = r.called
		return "apart", done
	}
	if !r.done {
		return "", r
	}
	p.heard.said = &said
	c, err := a.mergedChange(ctx, p, said)
	if err != nil {
		return "", result{err: err}
	}
	c.Docs = append(c.Docs, a.unmark(ctx, p)...)
	done := a.consume(ctx, p, c)
	done.called, done.posted = r.called, r.posted
	return p.heard.how, done
}

// anyTrue tells whether a call of a merged message is still true.
func (a *Announcer) anyTrue(ctx context.Context, p *pending) (bool, error) {
	for _, q := range p.said.Parts {
		t, err := a.Store.Ticket(ctx, p.Workspace, q.Ticket)
		if err != nil && !errors.Is(err, tickets.ErrNotFound) {
			return false, err
		}
		if err == nil && !q.Said.dealtWith(t, a.Now()) {
			return true, nil
		}
	}
	return false, nil
}

func (a *Announcer) postMerged(ctx context.Context, p *pending, s Said) result {
	m := Post{ID: p.ID, Channel: p.said.Channel}
	if p.heard != nil && p.heard.id == m.ID {
		return result{done: true}
	}
	var err error
	if m.Channel == "" {
		call, cancel := context.WithTimeout(ctx, callDeadline)
		defer cancel()
		if m.Channel, err = a.Voice.Direct(call, p.Workspace, p.said.To); err != nil {
			return result{err: err}
		}
	}
	if m.View, err = a.mergedView(ctx, p.Workspace, s); err != nil {
		return result{err: err}
	}
	return a.once(ctx, p, m)
}

// mergedView makes the words of a merged message from its tickets as they are now.
func (a *Announcer) mergedView(ctx context.Context, ws tickets.WorkspaceID, s Said) (View, error) {
	head, err := a.scene(ctx, ws, s, tickets.Ticket{})
	if err != nil {
		return View{}, err
	}
	var rows []MergedRow
	for _, parts := range s.shown() {
		t, err := a.Store.Ticket(ctx, ws, parts[0].Ticket)
		if errors.Is(err, tickets.ErrNotFound) {
			continue
		}
		if err != nil {
			return View{}, err
		}
		row := MergedRow{}
		for _, q := range parts {
			row.Calls = append(row.Calls, q.Said)
		}
		if row.Scene, err = a.scene(ctx, ws, parts[0].Said, t); err != nil {
			return View{}, err
		}
		row.Scene.Lang = head.Lang
		rows = append(rows, row)
	}
	return MergedView(a.Words, head, s, rows), nil
}

// mergedChange keeps where a merged message stands, by itself and with the ticket of each row.
func (a *Announcer) mergedChange(ctx context.Context, p *pending, s Said) (c tickets.Change, err error) {
	rec := mergedRecord{Said: s}
	for _, q := range s.Parts {
		rec.IDs = append(rec.IDs, q.ID)
	}
	rec.Said.Parts, rec.Said.Rest = slices.Concat(s.shown()...), s.rest()
	body, err := json.Marshal(rec)
	if err != nil {
		return c, fmt.Errorf("keep %s: %w", p.ID, err)
	}
	c.Docs = []tickets.DocWrite{{Key: mergedKey(p.heard.ref), Body: body}}
	c.Wakes = []tickets.Wake{{Subject: mergedSubject(p.Workspace, p.heard.ref), Due: a.Now().Add(mergedFor)}}
	for _, parts := range s.shown() {
		var calls []ping
		for _, q := range parts {
			if q.Said.clocked() {
				calls = append(calls, ping{Said: q.Said, Ref: p.heard.ref, Row: true})
			}
		}
		err := a.keepPings(ctx, p, parts[0].Ticket, &c, calls...)
		if err != nil && !errors.Is(err, tickets.ErrNotFound) {
			return c, err
		}
	}
	return c, nil
}

// redrawRows draws a merged message as its tickets are now; ErrNotFound if it is remembered no more.
func (a *Announcer) redrawRows(ctx context.Context, p *pending, at Ref) error {
	rec, err := mergedAt(ctx, a.Store, p.Workspace, at)
	if err != nil {
		return err
	}
	v, err := a.mergedView(ctx, p.Workspace, rec.Said)
	if err != nil {
		return err
	}
	return a.update(ctx, p, at, v)
}

// sayMergedAgain redraws a merged message after a press on one of its rows.
func (a *Announcer) sayMergedAgain(ctx context.Context, p *pending) (string, result) {
	err := a.redrawRows(ctx, p, Ref{Channel: p.said.Channel, TS: p.said.TS})
	switch {
	case errors.Is(err, tickets.ErrNotFound):
		return "stale", a.consume(ctx, p, tickets.Change{})
	case err != nil && !errors.Is(err, ErrGone):
		return "", result{called: true, err: err}
	}
	r := a.consume(ctx, p, tickets.Change{})
	r.called = true
	return "updated", r
}

// redrawMerged has a merged message drawn anew after a press on it; any other message stays as it is.
func (t *turn) redrawMerged(k Click) error {
	if k.TS == "" {
		return nil
	}
	at := Ref{Channel: k.Channel, TS: k.TS}
	_, err := t.store.Doc(t.ctx, t.ws, mergedKey(at))
	switch {
	case errors.Is(err, tickets.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("merged message in %s: %w", at.Channel, err)
	}
	t.say.add("", tickets.ClassReply, Said{What: SayAgain, Channel: at.Channel, TS: at.TS})
	return nil
}

// dropMerged forgets a merged message.
func (t *turn) dropMerged(r Ref, w tickets.Wake) error {
	t.change.Wakes = append(t.change.Wakes, tickets.Wake{Subject: w.Subject})
	doc, err := t.store.Doc(t.ctx, t.ws, mergedKey(r))
	if errors.Is(err, tickets.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("merged message in %s: %w", r.Channel, err)
	}
	t.change.Docs = append(t.change.Docs, tickets.DocWrite{Key: doc.Key, Expect: doc.Version, Delete: true})
	return nil
}

package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gongdan/tickets"
)

// try is the mark set before a post, so that whoever comes next looks for the message before saying it again.
type try struct {
	At      time.Time         `json:"at"` // of the last try, by the wall clock
	First   time.Time         `json:"first,omitzero"`
	Channel tickets.ChannelID `json:"ch,omitempty"` // where it was tried
	Thread  string            `json:"th,omitempty"`
}

func tryKey(id string) string { return "try/" + id }

// once posts a message that is said at most once, whoever tries and however often. What it found or said stands in p.heard.
func (a *Announcer) once(ctx context.Context, p *pending, m Post) result {
	if p.heard != nil && p.heard.id == m.ID {
		return result{done: true}
	}
	before, version, err := a.mark(ctx, p, m.ID)
	if err != nil {
		return result{err: err}
	}
	now := a.Wall()
	if version > 0 && !p.clear {
		if rest := callDeadline - now.Sub(before.At); rest > 0 && p.over != version {
			p.over = version
			return result{after: min(rest, callDeadline)}
		}
		if r := a.look(ctx, p, m, before); r.err != nil || r.done {
			return r
		}
	}
	mark := try{At: now, First: before.First, Channel: m.Channel, Thread: m.Thread}
	if mark.First.IsZero() {
		mark.First = now
	}
	body, err := json.Marshal(mark)
	if err != nil {
		return result{err: fmt.Errorf("mark %s: %w", m.ID, err)}
	}
	c := tickets.Change{Docs: []tickets.DocWrite{{Key: tryKey(m.ID), Expect: version, Body: body}}}
	if err := a.commit(ctx, p, "", c); err != nil {
		p.clear = false
		return result{err: err}
	}
	return a.send(ctx, p, m)
}

// send makes the call for which the mark is set.
func (a *Announcer) send(ctx context.Context, p *pending, m Post) result {
	p.clear = false
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	ref, err := a.Voice.Post(call, p.Workspace, m)
	if err == nil {
		p.heard = &uttered{id: m.ID, ref: ref, hash: CardHash(m.View), how: "sent"}
		return result{done: true, called: true, posted: true}
	}
	var limited *RateLimited
	p.clear = errors.As(err, &limited) || errors.Is(err, ErrGone)
	return result{called: true, posted: true, err: err}
}

// look searches for what an earlier try may have said, where it was tried.
func (a *Announcer) look(ctx context.Context, p *pending, m Post, before try) result {
	if before.Channel != "" {
		m.Channel, m.Thread = before.Channel, before.Thread
	}
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	ref, found, err := a.Voice.Find(call, p.Workspace, m, before.since(p))
	if found && err == nil {
		p.heard = &uttered{id: m.ID, ref: ref, how: "found"}
		return result{done: true}
	}
	return result{err: err}
}

// since is the earliest time at which an entry can have been said. The chat's clock may differ from ours a little, and
// tickets' time may be another than the wall clock's.
func (t try) since(p *pending) time.Time {
	at := p.At
	if !t.First.IsZero() && t.First.Before(at) {
		at = t.First
	}
	return at.Add(-time.Minute)
}

// mark reads the mark of a post; version 0 = none.
func (a *Announcer) mark(ctx context.Context, p *pending, id string) (m try, version int64, err error) {
	doc, err := a.Store.Doc(ctx, p.Workspace, tryKey(id))
	if errors.Is(err, tickets.ErrNotFound) {
		return m, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &m)
	}
	if err != nil {
		return m, 0, fmt.Errorf("mark of %s: %w", id, err)
	}
	return m, doc.Version, nil
}

// unmark removes the marks of an entry that is finished: the one it has now, and those of places that were gone.
func (a *Announcer) unmark(ctx context.Context, p *pending) []tickets.DocWrite {
	var out []tickets.DocWrite
	for hop := range p.hop + 1 {
		out = append(out, a.unmarkID(ctx, p, postID(p.ID, hop))...)
	}
	return out
}

func (a *Announcer) unmarkID(ctx context.Context, p *pending, id string) []tickets.DocWrite {
	_, version, err := a.mark(ctx, p, id)
	if err != nil || version == 0 {
		return nil
	}
	return []tickets.DocWrite{{Key: tryKey(id), Expect: version, Delete: true}}
}

// postID names the message of an entry in one of its places.
func postID(id string, hop int) string {
	if hop == 0 {
		return id
	}
	return fmt.Sprintf("%s#%d", id, hop)
}

// post says a ping, an answer or a notice as a message of its own, in the first of its places that is still there.
func (a *Announcer) post(ctx context.Context, p *pending, t tickets.Ticket) (string, result) {
	var r result
	var s Said
	for {
		places, err := a.places(ctx, p, t)
		if err != nil {
			return "", result{err: err}
		}
		if p.hop >= len(places) {
			r.err = fmt.Errorf("no place left: %w", ErrGone)
			return "", r
		}
		s = places[p.hop].said
		if r = a.postIn(ctx, p, t, places[p.hop]); !errors.Is(r.err, ErrGone) {
			break
		}
		p.hop, p.clear = p.hop+1, false
	}
	if !r.done {
		return "", r
	}
	if p.heard.said == nil {
		p.heard.said = &s
	}
	c, err := a.remember(ctx, p, *p.heard.said)
	if err != nil {
		r.done, r.err = false, err
		return "", r
	}
	c.Docs = append(c.Docs, a.unmark(ctx, p)...)
	done := a.consume(ctx, p, c)
	done.called, done.posted = r.called, r.posted
	return p.heard.how, done
}

func (a *Announcer) postIn(ctx context.Context, p *pending, t tickets.Ticket, at spot) result {
	m := Post{ID: postID(p.ID, p.hop), Channel: at.channel, Thread: at.thread}
	if p.heard != nil && p.heard.id == m.ID {
		return result{done: true}
	}
	var err error
	if m.Channel == "" {
		call, cancel := context.WithTimeout(ctx, callDeadline)
		defer cancel()
		if m.Channel, err = a.Voice.Direct(call, p.Workspace, at.direct); err != nil {
			return result{err: err}
		}
	}
	if m.View, err = a.view(ctx, p.Workspace, at.said, t); err != nil {
		return result{err: err}
	}
	return a.once(ctx, p, m)
}

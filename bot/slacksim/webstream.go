package slacksim

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	// streamPause gathers changes that come together.
	streamPause = 25 * time.Millisecond
	streamTick  = time.Second
)

// serveStream tells the page which parts of what a person sees have changed, as
// a map from part to version. The first event names all parts, so that a page
// that comes back fetches only what it missed. Every second the time is told.
func (p *page) serveStream(w http.ResponseWriter, r *http.Request, v viewer) {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w).Flush
	if _, err := io.WriteString(w, "retry: 500\n\n"); err != nil {
		return
	}
	tick := time.NewTicker(streamTick)
	defer tick.Stop()
	sent := map[string]string{}
	for {
		top := p.top()
		p.s.mu.Lock()
		changed, closed := p.s.changed, p.s.closed
		parts := p.versions(v, top)
		p.s.mu.Unlock()
		if closed {
			return
		}
		if event("parts", news(sent, parts), w) != nil || event("clock", top.Clock, w) != nil || flush() != nil {
			return
		}
		sent = parts
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
		case <-changed:
			if !sleep(r, streamPause) {
				return
			}
		}
	}
}

// event writes one server-sent event; an empty map is not worth one.
func event(name string, body any, w io.Writer) error {
	if m, ok := body.(map[string]string); ok && len(m) == 0 {
		return nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, raw)
	return err
}

// news is what differs from what was sent; a part that is gone is "".
func news(sent, now map[string]string) map[string]string {
	out := map[string]string{}
	for part, version := range now {
		if sent[part] != version {
			out[part] = version
		}
	}
	for part := range sent {
		if _, there := now[part]; !there {
			out[part] = ""
		}
	}
	return out
}

// versions gives each part of what a person sees a version.
func (p *page) versions(v viewer, top webTop) map[string]string {
	top.Clock.Now = 0 // time alone is no change
	out := map[string]string{"top": p.hash(top), "side": p.hash(p.state(v)), "views": p.viewsVersion(v)}
	for _, r := range p.rooms(v) {
		out["room:"+r.ID] = p.roomVersion(r, v)
	}
	if r := p.dm(v); r != nil {
		out["room:"+r.ID] = p.roomVersion(r, v)
	}
	return out
}

func (p *page) hash(v any) string {
	return strconv.FormatUint(maphash.Bytes(p.seed, rawJSON(v)), 36)
}

func (p *page) viewsVersion(v viewer) string {
	var ids []string
	for _, view := range p.modals(v) {
		ids = append(ids, view.ID, view.Hash)
	}
	if h := v.t.homes[v.u.ID]; h != nil {
		ids = append(ids, h.ID, h.Hash)
	}
	return p.hash(ids)
}

// roomVersion changes whenever a message of a channel, replies included, looks
// different to a person.
func (p *page) roomVersion(r *room, v viewer) string {
	var h maphash.Hash
	h.SetSeed(p.seed)
	write := func(parts ...string) {
		for _, s := range parts {
			_, _ = h.WriteString(s) // never fails
			_ = h.WriteByte(0)
		}
	}
	for _, list := range [][]*Message{r.messages, r.private} {
		for _, m := range list {
			if !readableBy(m, v) {
				continue
			}
			write(m.TS, m.Text, m.editTS, strconv.FormatBool(m.Edited), strconv.FormatBool(m.Deleted))
			_, _ = h.Write(m.Blocks)
			_, _ = h.Write(m.Attachments)
			for _, x := range m.Reactions {
				write(x.Name)
				write(x.Users...)
			}
			if m.ThreadTS != "" {
				write(strconv.FormatBool(m.TS > p.readUpTo(v.u.ID, r.ID, m.ThreadTS)))
			}
		}
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

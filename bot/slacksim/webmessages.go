package slacksim

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// roomPage is how many top-level messages the page asks for at first.
const roomPage = 100

// webMessage is a message as the page gets it.
type webMessage struct {
	TS          string          `json:"ts"`
	Thread      string          `json:"thread,omitempty"`
	Subtype     string          `json:"subtype,omitempty"`
	User        string          `json:"user"`
	Name        string          `json:"name"`
	App         bool            `json:"app,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Edited      bool            `json:"edited,omitempty"`
	Deleted     bool            `json:"deleted,omitempty"`
	Ephemeral   bool            `json:"ephemeral,omitempty"`
	Reactions   []webReaction   `json:"reactions,omitempty"`
	Files       []webFile       `json:"files,omitempty"`
	Replies     *webReplies     `json:"replies,omitempty"`
}

type webReaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

type webFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

// webReplies is what a root shows of its thread.
type webReplies struct {
	Count  int      `json:"count"`
	Users  []string `json:"users"`
	Last   string   `json:"last"`
	Unread bool     `json:"unread,omitempty"`
}

func (p *page) serveRoom(w http.ResponseWriter, r *http.Request, v viewer) {
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 {
		limit = roomPage
	}
	p.s.mu.Lock()
	var body map[string]any
	if room := p.visible(v, r.FormValue("channel")); room != nil {
		list, more := p.roomMessages(room, v, limit)
		body = map[string]any{
			"channel": room.ID, "messages": list, "more": more, "read": p.readUpTo(v.u.ID, room.ID, ""),
			"version": p.roomVersion(room, v),
		}
	}
	p.s.mu.Unlock()
	writeFound(w, body)
}

func (p *page) serveThread(w http.ResponseWriter, r *http.Request, v viewer) {
	p.s.mu.Lock()
	var body map[string]any
	if room := p.visible(v, r.FormValue("channel")); room != nil && room.byTS[r.FormValue("ts")] != nil {
		root := room.byTS[r.FormValue("ts")]
		list := []webMessage{p.message(room, root, v)}
		for _, m := range p.sorted(room.threads[root.TS], room.private, func(m *Message) bool {
			return m.ThreadTS == root.TS && !m.Deleted && readableBy(m, v)
		}) {
			list = append(list, p.message(room, m, v))
		}
		body = map[string]any{
			"channel": room.ID, "ts": root.TS, "messages": list, "read": p.readUpTo(v.u.ID, room.ID, root.TS),
			"version": p.roomVersion(room, v),
		}
	}
	p.s.mu.Unlock()
	writeFound(w, body)
}

func writeFound(w http.ResponseWriter, body map[string]any) {
	if body == nil {
		writeJSON(w, http.StatusNotFound, map[string]any{"error": "not_found"})
		return
	}
	writeJSON(w, http.StatusOK, body)
}

func readableBy(m *Message, v viewer) bool { return m.For == "" || m.For == v.u.ID }

// sorted merges two lists by time, those that pass.
func (p *page) sorted(a, b []*Message, keep func(*Message) bool) []*Message {
	out := slices.DeleteFunc(slices.Concat(a, b), func(m *Message) bool { return !keep(m) })
	slices.SortStableFunc(out, func(a, b *Message) int {
		return cmp.Or(strings.Compare(a.TS, b.TS), strings.Compare(a.For, b.For))
	})
	return out
}

// roomMessages are the newest top-level messages of a channel that a person sees.
func (p *page) roomMessages(r *room, v viewer, limit int) (list []webMessage, more bool) {
	all := p.sorted(r.messages, r.private, func(m *Message) bool {
		top := m.ThreadTS == "" || m.Subtype == "thread_broadcast"
		return top && readableBy(m, v) && (m.For == "" && r.shown(m) || !m.Deleted)
	})
	if len(all) > limit {
		all, more = all[len(all)-limit:], true
	}
	list = []webMessage{}
	for _, m := range all {
		list = append(list, p.message(r, m, v))
	}
	return list, more
}

func (p *page) message(r *room, m *Message, v viewer) webMessage {
	out := webMessage{
		TS: m.TS, Thread: m.ThreadTS, User: m.User, Deleted: m.Deleted, Ephemeral: m.For != "",
		Name: cmp.Or(m.username, p.nameOf(v.t, m.User)), App: m.BotID != "", Subtype: m.Subtype,
	}
	if m.For == "" {
		out.Replies = p.replies(r, m, v)
	}
	if m.Deleted {
		return out // nothing of what it said
	}
	out.Text, out.Blocks, out.Attachments, out.Edited = m.Text, m.Blocks, m.Attachments, m.Edited
	for _, x := range m.Reactions {
		out.Reactions = append(out.Reactions, webReaction{x.Name, slices.Clone(x.Users)})
	}
	for _, f := range m.Files {
		out.Files = append(out.Files, webFile{f.ID, f.Name, f.Mimetype, f.Size})
	}
	return out
}

func (p *page) nameOf(t *team, user string) string {
	if u := p.s.person(t, user); u != nil {
		return shownName(u)
	}
	return user
}

func (p *page) replies(r *room, m *Message, v viewer) *webReplies {
	live := r.live(m.TS)
	if len(live) == 0 {
		return nil
	}
	out := &webReplies{Count: len(live), Last: live[len(live)-1].TS}
	read := p.readUpTo(v.u.ID, r.ID, m.TS)
	for _, reply := range live {
		if !slices.Contains(out.Users, reply.User) {
			out.Users = append(out.Users, reply.User)
		}
		out.Unread = out.Unread || reply.User != v.u.ID && reply.TS > read
	}
	return out
}

// webView is a modal or a home tab.
type webView struct {
	ID     string            `json:"id"`
	Hash   string            `json:"hash"`
	Body   map[string]any    `json:"body"`
	Errors map[string]string `json:"errors,omitempty"`
}

// modals lists the modals that a person has open, the lowest first.
func (p *page) modals(v viewer) []webView {
	out := []webView{}
	for _, t := range p.s.teams {
		for _, view := range p.s.stack(t, v.u.ID) {
			out = append(out, webView{view.ID, view.Hash, view.Body, maps.Clone(view.Errors)})
		}
	}
	return out
}

func (p *page) serveViews(w http.ResponseWriter, _ *http.Request, v viewer) {
	p.s.mu.Lock()
	body := map[string]any{"modals": p.modals(v)}
	if h := v.t.homes[v.u.ID]; h != nil {
		body["home"] = webView{ID: h.ID, Hash: h.Hash, Body: h.Body}
	}
	p.s.mu.Unlock()
	writeJSON(w, http.StatusOK, body)
}

package slacksim

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is a response URL: the right to answer a person's act a few times.
type hook struct {
	team     *team // the installation
	room     *room
	user     string
	original *Message // nil for commands
	uses     int
	at       time.Time // wall time
}

func (s *Sim) newHook(t *team, r *room, user string, original *Message) string {
	token := s.newUUID()
	s.hooks[token] = &hook{team: t, room: r, user: user, original: original, at: s.opts.Wall()}
	return s.url + "/hooks/" + token
}

// serveHook takes a post to a response URL; it is called without the lock.
func (s *Sim) serveHook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[r.PathValue("token")]
	switch {
	case h == nil:
		http.Error(w, "no_such_url", http.StatusNotFound)
	case h.uses >= hookUses:
		http.Error(w, "used_url", http.StatusNotFound)
	case s.opts.Wall().Sub(h.at) > hookLife:
		http.Error(w, "expired_url", http.StatusNotFound)
	default:
		h.uses++
		if _, err := s.say(h, body); err != nil {
			http.Error(w, failure(err).err, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok")
	}
}

// saying is the JSON that answers an act.
type saying struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	ResponseType    string          `json:"response_type"`
	ThreadTS        string          `json:"thread_ts"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
}

// say does what an answer asks for and returns the message it made or changed,
// nil where there is none.
func (s *Sim) say(h *hook, body []byte) (*Message, error) {
	var in saying
	if json.Unmarshal(body, &in) != nil {
		return nil, apiError("invalid_payload")
	}
	c := content{text: in.Text, attachments: in.Attachments}
	if len(in.Blocks) > 0 && string(in.Blocks) != "null" {
		var err error
		if c.blocks, err = s.checkBlocks(in.Blocks, maxMessageBlocks); err != nil {
			return nil, err
		}
	}
	c.truncate()
	switch {
	case in.DeleteOriginal && h.original != nil:
		s.deleteOriginal(h)
		return nil, nil
	case in.ReplaceOriginal && h.original != nil:
		return s.replaceOriginal(h, c), nil
	case c.empty():
		return nil, apiError("no_text")
	}
	m := s.appMessage(h.team, c)
	m.ThreadTS = h.room.rootFor(in.ThreadTS)
	if in.ResponseType != "in_channel" {
		m.For = h.user
	}
	s.add(h.room, m)
	if m.For == "" {
		s.emitPosted(h.room, m)
	}
	return m, nil
}

func (s *Sim) deleteOriginal(h *hook) {
	if h.original.For != "" {
		h.original.Deleted = true
		s.touch()
		return
	}
	s.deleteMessage(h.room, h.original)
}

func (s *Sim) replaceOriginal(h *hook, c content) *Message {
	m := h.original
	before := s.messageJSON(h.room, m)
	m.apply(c, true)
	s.countMass(m)
	if m.For != "" {
		m.Edited = true
		s.touch()
		return m
	}
	s.changedMessage(h.room, m, h.team.BotUser, before)
	return m
}

package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

var (
	errBusy     = errors.New("another step is under way")
	errBadValue = errors.New("value out of range")
	errNoText   = errors.New("nothing to say")
)

// act is what a person does on the page; Do says what, and which of the other
// fields count.
type act struct {
	Do      string   `json:"do"`
	Channel string   `json:"channel"`
	TS      string   `json:"ts"`
	Thread  string   `json:"thread"`
	Text    string   `json:"text"`
	Name    string   `json:"name"` // emoji, callback id or step
	On      bool     `json:"on"`
	Also    bool     `json:"also"` // show a reply in the channel too
	View    string   `json:"view"`
	Block   string   `json:"block"`
	Action  string   `json:"action"`
	Values  []string `json:"values"`
	// State is what the fields of a view or message hold, by block and action id.
	State map[string]map[string][]string `json:"state"`
	Speed float64                        `json:"speed"`
	Time  int64                          `json:"time"` // milliseconds since 1970
}

func (p *page) serveAct(w http.ResponseWriter, r *http.Request, v viewer) {
	var in act
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "bad_request"})
		return
	}
	body := map[string]any{}
	if err := p.perform(r, v, in, body); err != nil {
		writeJSON(w, http.StatusOK, map[string]any{"error": errorWord(err), "detail": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// errorWord is what the page has a sentence for.
func errorWord(err error) string {
	for _, known := range []struct {
		err  error
		word string
	}{
		{ErrNotAcked, "no_answer"}, {ErrNoConnection, "no_connection"}, {ErrInThread, "in_thread"}, {ErrNoSuchCommand, "no_command"},
		{ErrNotInChannel, "not_in_channel"}, {ErrNoSuchElement, "no_element"}, {ErrNotFound, "not_found"}, {ErrClosed, "closed"},
		{errBusy, "busy"}, {errBadValue, "bad_value"}, {errNoText, "no_text"},
	} {
		if errors.Is(err, known.err) {
			return known.word
		}
	}
	return "failed"
}

// perform does one act as a person; answers go into body. Channels that the
// person may not see are not found, whatever the act.
func (p *page) perform(r *http.Request, v viewer, in act, body map[string]any) error {
	s, me := p.s, v.u.ID
	if in.Channel != "" {
		s.mu.Lock()
		seen := p.visible(v, in.Channel) != nil
		s.mu.Unlock()
		if !seen {
			return fmt.Errorf("channel %s: %w", in.Channel, ErrNotFound)
		}
	}
	switch in.Do {
	case "post":
		return p.post(v, in, body)
	case "command":
		name, text, _ := strings.Cut(strings.TrimSpace(in.Text), " ")
		_, err := s.Command(me, in.Channel, name, text, InThread(in.Thread))
		return err
	case "edit":
		if strings.TrimSpace(in.Text) == "" {
			return errNoText
		}
		return s.Edit(me, in.Channel, in.TS, in.Text)
	case "delete":
		return s.Delete(me, in.Channel, in.TS)
	case "react":
		return s.reactAs(me, in.Channel, in.TS, in.Name, in.On)
	case "read":
		return p.markRead(v, in)
	case "join":
		s.Invite(in.Channel, me)
		return nil
	}
	return p.performApp(r, v, in, body)
}

// performApp does the acts that need the app, and those of the strip on top.
func (p *page) performApp(r *http.Request, v viewer, in act, body map[string]any) error {
	s, me := p.s, v.u.ID
	switch in.Do {
	case "use":
		return s.useMessage(v, in)
	case "use_view":
		return s.useView(v, in)
	case "submit":
		res, err := s.submitView(v, in)
		body["errors"] = res.Errors
		return err
	case "close":
		return s.closeView(v, in.View)
	case "home":
		s.OpenHome(v.t.ID, me)
		return nil
	case "shortcut":
		return s.Shortcut(v.t.ID, me, in.Name)
	case "message_shortcut":
		return s.MessageShortcut(me, in.Channel, in.TS, in.Name)
	case "speed", "jump":
		return p.setClock(in)
	case "plug":
		return p.setPlug(r, in.On)
	case "step":
		return p.step(r.Context(), in.Name)
	}
	return fmt.Errorf("act %q: %w", in.Do, ErrNotFound)
}

func (p *page) post(v viewer, in act, body map[string]any) error {
	if strings.TrimSpace(in.Text) == "" {
		return errNoText
	}
	opts := []PostOption{InThread(in.Thread)}
	if in.Also {
		opts = append(opts, Broadcast())
	}
	ts, err := p.s.Post(v.u.ID, in.Channel, in.Text, opts...)
	if err != nil {
		return err
	}
	body["ts"] = ts
	return p.markRead(v, act{Channel: in.Channel, Thread: in.Thread, TS: ts})
}

// markRead notes how far a person has read a channel or a thread.
func (p *page) markRead(v viewer, in act) error {
	if _, ok := parseTS(in.TS); !ok {
		return errBadValue
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if key := readKey(v.u.ID, in.Channel, in.Thread); in.TS > p.read[key] {
		p.read[key] = in.TS
		p.s.touch()
	}
	return nil
}

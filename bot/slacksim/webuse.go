package slacksim

import (
	"fmt"
	"maps"
	"strings"
)

// useMessage uses one element of a message, named by its block and its action
// id, and waits for the app's acknowledgement. In contrast to Select it tells
// the app what all other elements of the message hold.
func (s *Sim) useMessage(v viewer, in act) error {
	s.mu.Lock()
	r, m, err := s.seen(v.u.ID, in.Channel, in.TS)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("use a message: %w", err)
	}
	t, raw := r.installFor(m), rawJSON(messageBlocksOf(m))
	action, err := s.chosenIn(t, raw, in)
	if err == nil && t.app == nil {
		err = ErrNoConnection
	}
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("use message %s in %s: %w", in.TS, in.Channel, err)
	}
	payload := s.blockActions(r, m, v.u.ID, action)
	payload["state"] = map[string]any{"values": s.held(t, raw, stateOf(raw, nil), in)}
	e := s.interaction(t, v.u.ID, payload)
	t.app.send(e)
	s.mu.Unlock()
	return s.settle(e, v.u.ID, in.Channel)
}

// chosenIn finds the element that an act names and turns it into the action
// that the person's choice makes of it.
func (s *Sim) chosenIn(t *team, raw []byte, in act) (object, error) {
	for _, f := range fieldsOf(raw) {
		block, action := f.ids()
		if block != in.Block || action != in.Action {
			continue
		}
		if !s.fill(t, f.element, in.Values) {
			return nil, fmt.Errorf("%s = %q: %w", action, in.Values, ErrNoSuchElement)
		}
		return f.element, nil
	}
	return nil, fmt.Errorf("%s in block %s: %w", in.Action, in.Block, ErrNoSuchElement)
}

// fill puts a choice into an element; no values empty it. It reports false where
// the choice is not on offer.
func (s *Sim) fill(t *team, e object, values []string) bool {
	empty := len(values) == 0 || len(values) == 1 && values[0] == ""
	switch {
	case e["type"] == "button":
		return true
	case empty:
		for _, key := range []string{"options", "option_groups", "confirm"} {
			delete(e, key)
		}
		maps.Copy(e, fieldState(e, ""))
		return e["type"] != "overflow"
	}
	return s.choose(&room{team: t}, e, strings.Join(values, ","))
}

// held is what the fields of blocks hold: what an act says of them, else what
// they held before. What is not on offer is left as it was.
func (s *Sim) held(t *team, raw []byte, before States, in act) States {
	out := before.clone()
	for _, f := range fieldsOf(raw) {
		block, action := f.ids()
		values, said := in.State[block][action]
		if !said || !s.fill(t, f.element, values) {
			continue
		}
		if state := fieldState(f.element, ""); state != nil {
			out.set(block, action, state)
		}
	}
	return out
}

// openView finds an open view of a person and the installation that showed it.
func (s *Sim) openView(v viewer, id string) (*team, *View) {
	for _, t := range s.teams {
		if h := t.homes[v.u.ID]; h != nil && h.ID == id && t.app != nil {
			return t, h
		}
		if w := s.views[id]; w != nil && w.Team == t.ID && w.User == v.u.ID && !w.Closed && t.app != nil {
			return t, w
		}
	}
	return nil, nil
}

// useView uses one element of a modal or of the home tab.
func (s *Sim) useView(v viewer, in act) error {
	s.mu.Lock()
	t, view := s.openView(v, in.View)
	if view == nil {
		s.mu.Unlock()
		return fmt.Errorf("use view %s: %w", in.View, ErrNoSuchElement)
	}
	raw := rawJSON(view.Body["blocks"])
	action, err := s.chosenIn(t, raw, in)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("use view %s: %w", in.View, err)
	}
	action["action_ts"] = formatTS(s.opts.Now().UnixMicro())
	view.State = s.held(t, raw, view.State, in)
	e := s.interaction(t, v.u.ID, map[string]any{
		"type": "block_actions", "container": map[string]any{"type": "view", "view_id": view.ID},
		"view": view.json(), "actions": []any{action},
	})
	t.app.send(e)
	s.mu.Unlock()
	return s.settle(e, v.u.ID, "")
}

// submitView presses a modal's submit button, as Submit does.
func (s *Sim) submitView(v viewer, in act) (FormResult, error) {
	s.mu.Lock()
	t, view := s.openView(v, in.View)
	if view == nil {
		s.mu.Unlock()
		return FormResult{}, fmt.Errorf("submit view %s: %w", in.View, ErrNoSuchElement)
	}
	view.State = s.held(t, rawJSON(view.Body["blocks"]), view.State, in)
	if view.Errors = s.refusals(t, view, view.State); view.Errors != nil {
		s.touch()
		s.mu.Unlock()
		return FormResult{Errors: maps.Clone(view.Errors)}, nil
	}
	e := s.interaction(t, v.u.ID, map[string]any{
		"type": "view_submission", "view": view.json(), "response_urls": s.responseURLs(t, view),
	})
	t.app.send(e)
	s.mu.Unlock()

	a := <-e.answer
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.err == nil {
		var res FormResult
		if res, a.err = s.formAnswer(t, view, a.payload); a.err == nil {
			return res, nil
		}
	}
	s.showError(v.u.ID, "", "view_submission", a.err)
	return FormResult{}, fmt.Errorf("submit by %s: %w", v.u.ID, a.err)
}

// closeView closes a modal if it is the one in front.
func (s *Sim) closeView(v viewer, id string) error {
	s.mu.Lock()
	_, top := s.topView(v.u.ID)
	s.mu.Unlock()
	if top == nil || top.ID != id {
		return fmt.Errorf("close view %s: %w", id, ErrNoSuchElement)
	}
	return s.CloseView(v.u.ID)
}

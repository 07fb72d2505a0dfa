package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// FormResult is what a person sees after pressing a modal's submit button.
type FormResult struct {
	// Errors are the messages under fields, by block id; the modal stays open.
	Errors map[string]string
}

// Shortcut runs a global shortcut and waits for the app's acknowledgement.
func (s *Sim) Shortcut(team, user, callbackID string) error {
	s.mu.Lock()
	t := s.team(team)
	if t == nil || t.user(user) == nil || t.app == nil {
		s.mu.Unlock()
		return fmt.Errorf("shortcut by %s: %w", user, ErrNotFound)
	}
	e := s.interaction(t, user, map[string]any{"type": "shortcut", "callback_id": callbackID, "action_ts": formatTS(s.opts.Now().UnixMicro())})
	t.app.send(e)
	s.mu.Unlock()
	return s.settle(e, user, "")
}

// MessageShortcut runs a shortcut from a message's menu and waits for the app's
// acknowledgement.
func (s *Sim) MessageShortcut(user, channel, ts, callbackID string) error {
	s.mu.Lock()
	r, m, err := s.seen(user, channel, ts)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("message shortcut: %w", err)
	}
	t := r.installHeard(user)
	if t.app == nil {
		s.mu.Unlock()
		return fmt.Errorf("message shortcut: %w", ErrNoConnection)
	}
	e := s.interaction(t, user, map[string]any{
		"type": "message_action", "callback_id": callbackID, "action_ts": r.nextTS(s.opts.Now()), "message_ts": m.TS,
		"channel": map[string]any{"id": r.ID, "name": r.shownName()}, "message": s.messageJSON(r, m),
		"response_url": s.newHook(t, r, user, m),
	})
	t.app.send(e)
	s.mu.Unlock()
	return s.settle(e, user, channel)
}

// topView finds the modal in front of a person.
func (s *Sim) topView(user string) (*team, *View) {
	for _, t := range s.teams {
		if open := s.stack(t, user); len(open) > 0 {
			return t, open[len(open)-1]
		}
	}
	return nil, nil
}

// frontView finds the modal in front of a person or, where none is open, the
// home tab.
func (s *Sim) frontView(user string) (*team, *View) {
	t, v := s.topView(user)
	for _, other := range s.teams {
		if v == nil && other.homes[user] != nil {
			t, v = other, other.homes[user]
		}
	}
	return t, v
}

// Fill writes into the modal in front of a person without telling the app.
// values are by action id, written as for Select; an empty one empties its field.
func (s *Sim) Fill(user string, values map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, v := s.topView(user)
	if v == nil {
		return fmt.Errorf("fill in by %s: %w", user, ErrNoSuchElement)
	}
	if err := s.enter(t, v, values); err != nil {
		return fmt.Errorf("fill in by %s: %w", user, err)
	}
	return nil
}

// Submit fills in the modal in front of a person and submits it. values are by
// action id, written as for Select; other fields keep what they hold. What
// Slack's own client refuses (an empty required field, a text too long, no
// number) comes back as errors without the app hearing of it. Submit waits for
// the app's acknowledgement and does what that says: errors, update, push or
// clear; otherwise the modal closes.
func (s *Sim) Submit(user string, values map[string]string) (FormResult, error) {
	s.mu.Lock()
	t, v := s.topView(user)
	if v == nil {
		s.mu.Unlock()
		return FormResult{}, fmt.Errorf("submit by %s: %w", user, ErrNoSuchElement)
	}
	if err := s.enter(t, v, values); err != nil {
		s.mu.Unlock()
		return FormResult{}, fmt.Errorf("submit by %s: %w", user, err)
	}
	if errs := s.refusals(t, v, v.State); errs != nil {
		v.Errors = errs
		s.touch()
		s.mu.Unlock()
		return FormResult{Errors: maps.Clone(errs)}, nil
	}
	e := s.interaction(t, user, map[string]any{
		"type": "view_submission", "view": v.json(), "response_urls": s.responseURLs(t, v),
	})
	t.app.send(e)
	s.mu.Unlock()

	a := <-e.answer
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.err == nil {
		var res FormResult
		res, a.err = s.formAnswer(t, v, a.payload)
		if a.err == nil {
			return res, nil
		}
	}
	s.showError(user, "", "view_submission", a.err)
	return FormResult{}, fmt.Errorf("submit by %s: %w", user, a.err)
}

// refusals is what Slack's client finds wrong in a form by itself.
func (s *Sim) refusals(t *team, v *View, values States) map[string]string {
	locale := ""
	if u := s.person(t, v.User); u != nil {
		locale = u.Locale
	}
	return missing(rawJSON(v.Body["blocks"]), values, locale)
}

// enter puts what a person wrote into the fields of a view, all or nothing.
func (s *Sim) enter(t *team, v *View, values map[string]string) error {
	state, left := v.State.clone(), maps.Clone(values)
	for _, f := range fieldsOf(rawJSON(v.Body["blocks"])) {
		block, action := f.ids()
		value, given := left[action]
		if !given || fieldState(f.element, "") == nil {
			continue
		}
		delete(left, action)
		if value != "" && !s.choose(&room{team: t}, f.element, value) {
			return fmt.Errorf("field %s = %q: %w", action, value, ErrNoSuchElement)
		}
		state.set(block, action, fieldState(f.element, ""))
	}
	for action := range left {
		return fmt.Errorf("field %s: %w", action, ErrNoSuchElement)
	}
	v.State = state
	s.touch()
	return nil
}

// responseURLs are the rights to answer into the conversations that a person
// chose in menus which ask for that.
func (s *Sim) responseURLs(t *team, v *View) []any {
	out := []any{}
	for _, f := range fieldsOf(rawJSON(v.Body["blocks"])) {
		if f.element["response_url_enabled"] != true {
			continue
		}
		block, action := f.ids()
		for _, key := range []string{"selected_conversation", "selected_channel"} {
			id, _ := v.State[block][action][key].(string)
			if r := s.rooms[id]; r != nil {
				out = append(out, map[string]any{
					"block_id": block, "action_id": action, "channel_id": id, "response_url": s.newHook(t, r, v.User, nil),
				})
			}
		}
	}
	return out
}

// formAnswer does what the acknowledgement of a submission asks for.
func (s *Sim) formAnswer(t *team, v *View, payload json.RawMessage) (FormResult, error) {
	var in struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(payload) > 0 && json.Unmarshal(payload, &in) != nil {
		return FormResult{}, apiError("invalid_payload")
	}
	defer s.touch()
	v.Errors = nil
	switch in.Action {
	case "":
		v.Closed = true
	case "clear":
		for _, open := range s.stack(t, v.User) {
			open.Closed = true
		}
	case "errors":
		if err := v.takeErrors(in.Errors); err != nil {
			return FormResult{}, err
		}
		return FormResult{Errors: in.Errors}, nil
	case "update", "push":
		return FormResult{}, s.answerView(t, v, in.Action == "push", in.View)
	default:
		return FormResult{}, apiError("invalid_response_action")
	}
	return FormResult{}, nil
}

// takeErrors keeps the app's messages under fields; they must name input blocks.
func (v *View) takeErrors(errs map[string]string) error {
	fields := fieldsOf(rawJSON(v.Body["blocks"]))
	for block := range errs {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.block["type"] == "input" && f.block["block_id"] == block }) {
			return detailedError{"invalid_response_errors", []string{"no input block " + block}}
		}
	}
	if len(errs) == 0 {
		return apiError("invalid_response_errors")
	}
	v.Errors = maps.Clone(errs)
	return nil
}

// answerView shows the view that came with an acknowledgement in the place of
// the submitted one, or on top of it.
func (s *Sim) answerView(t *team, v *View, push bool, raw json.RawMessage) error {
	q := &request{s: s, t: t, args: map[string]string{"view": string(raw)}}
	body, err := q.body("modal")
	if err != nil {
		return err
	}
	self := v
	if push {
		if len(s.stack(t, v.User)) >= maxViewStack {
			return apiError("push_limit_reached")
		}
		self = nil
	}
	if err := q.unique(body, self); err != nil {
		return err
	}
	if push {
		v = &View{ID: s.newID("V"), Team: t.ID, User: v.User, Type: "modal", Root: v.Root, Previous: v.ID}
	}
	q.putView(v, body)
	return nil
}

// CloseView closes the modal in front of a person, or all of them where it asks
// for clear_on_close; the app hears of those that ask to be notified.
func (s *Sim) CloseView(user string) error {
	s.mu.Lock()
	t, v := s.topView(user)
	if v == nil {
		s.mu.Unlock()
		return fmt.Errorf("close by %s: %w", user, ErrNoSuchElement)
	}
	closing, cleared := []*View{v}, v.Body["clear_on_close"] == true
	if cleared {
		closing = s.stack(t, user)
		slices.Reverse(closing)
	}
	var told []*envelope
	for _, v := range closing {
		v.Closed = true
		if v.Body["notify_on_close"] == true {
			e := s.interaction(t, user, map[string]any{"type": "view_closed", "view": v.json(), "is_cleared": cleared})
			t.app.send(e)
			told = append(told, e)
		}
	}
	s.touch()
	s.mu.Unlock()
	var err error
	for _, e := range told {
		err = errors.Join(err, s.settle(e, user, ""))
	}
	return err
}

// ClickView uses an element of the modal in front of a person or, where none is
// open, of the home tab. value is as for Select and empty for buttons. A field
// of an input block without dispatch_action is only filled in.
func (s *Sim) ClickView(user, actionID, value string) error {
	s.mu.Lock()
	t, v := s.frontView(user)
	if v == nil {
		s.mu.Unlock()
		return fmt.Errorf("use a view of %s: %w", user, ErrNoSuchElement)
	}
	e, err := s.useField(t, v, actionID, value)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("use %s in a view of %s: %w", actionID, user, err)
	}
	if e == nil {
		return nil
	}
	return s.settle(e, user, "")
}

// useField keeps a choice in a view and tells the app if it wants to hear.
func (s *Sim) useField(t *team, v *View, actionID, value string) (*envelope, error) {
	fields := fieldsOf(rawJSON(v.Body["blocks"]))
	i := slices.IndexFunc(fields, func(f field) bool { return f.element["action_id"] == actionID })
	if i < 0 || !s.choose(&room{team: t}, fields[i].element, value) {
		return nil, ErrNoSuchElement
	}
	f := fields[i]
	block, action := f.ids()
	if state := fieldState(f.element, ""); state != nil {
		v.State = v.State.clone()
		v.State.set(block, action, state)
		s.touch()
	}
	if f.block["type"] == "input" && f.block["dispatch_action"] != true {
		return nil, nil
	}
	f.element["action_ts"] = formatTS(s.opts.Now().UnixMicro())
	e := s.interaction(t, v.User, map[string]any{
		"type": "block_actions", "container": map[string]any{"type": "view", "view_id": v.ID},
		"view": v.json(), "actions": []any{f.element},
	})
	t.app.send(e)
	return e, nil
}

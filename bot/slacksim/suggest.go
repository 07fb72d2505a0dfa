package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"unicode/utf8"
)

// minQuery is how many characters a person must type before Slack asks the app
// for options, where the menu says nothing else.
const minQuery = 3

// maxOptions is how many options and groups Slack takes from an app.
const maxOptions = 100

// Option is one choice that the app offered for what a person typed.
type Option struct {
	Text, Value, Group string
}

// Suggest types into a menu of a message whose options come from the app, and
// returns what the app offers. Select then takes one of these values. Where the
// query is shorter than the menu wants, the app is not asked.
func (s *Sim) Suggest(user, channel, ts, actionID, query string) ([]Option, error) {
	s.mu.Lock()
	r, m, err := s.seen(user, channel, ts)
	if err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("options of a message: %w", err)
	}
	e, ok := findElement(m, func(e object) bool { return e["action_id"] == actionID && isExternal(e) })
	if !ok {
		s.mu.Unlock()
		return nil, fmt.Errorf("options of %s in message %s: %w", actionID, ts, ErrNoSuchElement)
	}
	return s.suggest(r.installFor(m), user, e, query, map[string]any{
		"container": messageContainer(r, m), "channel": map[string]any{"id": r.ID, "name": r.shownName()},
		"message": s.messageJSON(r, m),
	})
}

// SuggestView is Suggest for the modal in front of a person or, where none is
// open, for the home tab. ClickView and Submit then take one of the values.
func (s *Sim) SuggestView(user, actionID, query string) ([]Option, error) {
	s.mu.Lock()
	t, v := s.frontView(user)
	if v == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("options in a view of %s: %w", user, ErrNoSuchElement)
	}
	for _, f := range fieldsOf(rawJSON(v.Body["blocks"])) {
		if f.element["action_id"] == actionID && isExternal(f.element) {
			return s.suggest(t, user, f.element, query, map[string]any{
				"container": map[string]any{"type": "view", "view_id": v.ID}, "view": v.json(),
			})
		}
	}
	s.mu.Unlock()
	return nil, fmt.Errorf("options of %s in a view of %s: %w", actionID, user, ErrNoSuchElement)
}

func isExternal(e object) bool {
	return e["type"] == "external_select" || e["type"] == "multi_external_select"
}

// suggest asks the app and remembers what it offers. It gives the lock back.
func (s *Sim) suggest(t *team, user string, e object, query string, payload map[string]any) ([]Option, error) {
	least := minQuery
	if n, ok := e["min_query_length"].(float64); ok {
		least = int(n)
	}
	if utf8.RuneCountInString(query) < least {
		s.mu.Unlock()
		return nil, nil
	}
	maps.Copy(payload, map[string]any{
		"type": "block_suggestion", "action_id": e["action_id"], "block_id": e["block_id"], "value": query,
	})
	env := s.interaction(t, user, payload)
	t.app.send(env)
	s.mu.Unlock()

	a := <-env.answer
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.err == nil {
		var offered []object
		var shown []Option
		if offered, shown, a.err = readOptions(a.payload); a.err == nil {
			id, _ := e["action_id"].(string)
			s.offered[id] = append(offered, s.offered[id]...)
			return shown, nil
		}
	}
	s.showError(user, "", "block_suggestion", a.err)
	return nil, fmt.Errorf("options for %s: %w", user, a.err)
}

// readOptions reads the app's answer: options, or groups of options.
func readOptions(raw []byte) (offered []object, shown []Option, err error) {
	var in struct {
		Options []object `json:"options"`
		Groups  []struct {
			Label   object   `json:"label"`
			Options []object `json:"options"`
		} `json:"option_groups"`
	}
	if len(raw) > 0 && json.Unmarshal(raw, &in) != nil {
		return nil, nil, apiError("invalid_payload")
	}
	if len(in.Options) > maxOptions || len(in.Groups) > maxOptions {
		return nil, nil, apiError("too_many_options")
	}
	add := func(group string, list []object) {
		for _, o := range list {
			label, _ := o["text"].(object)
			text, _ := label["text"].(string)
			value, _ := o["value"].(string)
			if text == "" || value == "" {
				err = apiError("invalid_options")
			}
			offered, shown = append(offered, o), append(shown, Option{text, value, group})
		}
	}
	add("", in.Options)
	for _, g := range in.Groups {
		label, _ := g.Label["text"].(string)
		add(label, g.Options)
	}
	return offered, shown, err
}

// offers are what the app offered under an element's action id, and what it
// chose itself.
func (s *Sim) offers(e object) []object {
	id, _ := e["action_id"].(string)
	out := append([]object{}, s.offered[id]...)
	if o, ok := e["initial_option"].(object); ok {
		out = append(out, o)
	}
	list, _ := e["initial_options"].([]any)
	for _, item := range list {
		if o, ok := item.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"
)

// triggerLife is how long a trigger id works.
const triggerLife = 3 * time.Second

// maxViewStack is how many modals may lie on each other.
const maxViewStack = 3

// maxViewSize is the size in bytes of the largest view.
const maxViewSize = 250 << 10

// trigger is the right to open one modal for a person.
type trigger struct {
	team *team
	user string
	at   time.Time // wall time
	used bool
}

func (s *Sim) newTrigger(t *team, user string) string {
	id := s.newID("") + "." + s.newID("") + "." + s.newUUID()
	s.triggers[id] = &trigger{team: t, user: user, at: s.opts.Wall()}
	return id
}

// View is a modal or a home tab as the app last set it.
type View struct {
	ID, Team, User string
	// Type is "modal" or "home".
	Type string
	// Root and Previous are the ids of the views below a modal.
	Root, Previous string
	Hash           string
	// Body is the view as the app sent it, its blocks with ids.
	Body map[string]any
	// State is what the fields hold, by block id and action id in Slack's shape.
	// Fields keep it when an update leaves their ids and type.
	State States
	// Errors are the messages under fields after a refused submission, by block id.
	Errors map[string]string
	// Closed modals stay on record.
	Closed bool

	home         string // the person's own workspace
	appID, botID string
}

// Views returns the views that a person sees now: open modals, the lowest
// first, and the home tab if the app published one.
func (s *Sim) Views(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []View
	for _, t := range s.teams {
		for _, v := range s.stack(t, user) {
			out = append(out, v.clone())
		}
		if v := t.homes[user]; v != nil {
			out = append(out, v.clone())
		}
	}
	return out
}

func (v *View) clone() View {
	c := *v
	c.State, c.Errors = v.State.clone(), maps.Clone(v.Errors)
	return c
}

// stack lists a person's open modals, the lowest first.
func (s *Sim) stack(t *team, user string) []*View {
	var out []*View
	previous := ""
	for {
		next := s.viewAbove(t, user, previous)
		if next == nil {
			return out
		}
		out = append(out, next)
		previous = next.ID
	}
}

func (s *Sim) viewAbove(t *team, user, previous string) *View {
	for _, v := range s.views {
		if v.Team == t.ID && v.User == user && v.Type == "modal" && !v.Closed && v.Previous == previous {
			return v
		}
	}
	return nil
}

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {tier4, "", (*request).viewsOpen},
		"views.push":    {tier4, "", (*request).viewsPush},
		"views.update":  {tier4, "", (*request).viewsUpdate},
		"views.publish": {tier4, "", (*request).viewsPublish},
	}
}

// takeTrigger spends the call's trigger id.
func (q *request) takeTrigger() (*trigger, error) {
	if q.args["trigger_id"] == "" {
		return nil, wanting("trigger_id")
	}
	t := q.s.triggers[q.args["trigger_id"]]
	switch {
	case t == nil || t.team != q.t:
		return nil, apiError("invalid_trigger_id")
	case t.used:
		return nil, apiError("exchanged_trigger_id")
	case q.s.opts.Wall().Sub(t.at) > triggerLife:
		return nil, apiError("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

// body reads and checks the view argument.
func (q *request) body(kind string) (map[string]any, error) {
	raw := q.args["view"]
	switch {
	case raw == "":
		return nil, wanting("view")
	case len(raw) > maxViewSize:
		return nil, apiError("view_too_large")
	}
	c := &blockCheck{s: q.s, ids: map[string]bool{}}
	var body map[string]any
	if json.Unmarshal([]byte(raw), &body) != nil || body == nil {
		c.fail("/view", "must provide an object")
	} else if body["type"] != kind {
		c.fail("/view/type", "unsupported type: %v", body["type"])
	} else {
		c.view(body)
	}
	if len(c.errors) > 0 {
		return nil, detailedError{"invalid_arguments", c.errors}
	}
	return body, nil
}

func wanting(field string) error {
	return detailedError{"invalid_arguments", []string{"[ERROR] missing required field: " + field}}
}

// view checks all of a view and gives its blocks the ids that Slack adds.
func (c *blockCheck) view(body object) {
	modal := body["type"] == "modal"
	for name, most := range map[string]int{"private_metadata": 3000, "callback_id": 255, "external_id": 255} {
		c.limited("/view/"+name, body[name], most)
	}
	for _, name := range []string{"title", "submit", "close"} {
		if body[name] != nil || name == "title" && modal {
			c.text("/view/"+name, body[name], 24, true)
		}
	}
	var list []object
	if json.Unmarshal(rawJSON(body["blocks"]), &list) != nil {
		c.fail("/view/blocks", "must provide an array of objects")
		return
	}
	if len(list) > maxViewBlocks {
		c.fail("/view/blocks", "no more than %d items allowed", maxViewBlocks)
	}
	for i, b := range list {
		c.block(fmt.Sprintf("/view/blocks/%d", i), b)
		if modal && b["type"] == "input" && body["submit"] == nil {
			c.fail("/view", "missing required field: submit")
		}
	}
	if list == nil {
		list = []object{}
	}
	body["blocks"] = rawJSON(list)
}

func (q *request) viewsOpen() (map[string]any, error) {
	return q.addModal(func(below []*View) ([]*View, error) {
		for _, v := range below {
			v.Closed = true // a new modal takes the place of what was open
		}
		return nil, nil
	})
}

func (q *request) viewsPush() (map[string]any, error) {
	return q.addModal(func(below []*View) ([]*View, error) {
		switch {
		case len(below) == 0:
			return nil, apiError("no_view_to_push_onto")
		case len(below) >= maxViewStack:
			return nil, apiError("push_limit_reached")
		}
		return below, nil
	})
}

// addModal puts a modal on what place makes of the person's open ones.
func (q *request) addModal(place func([]*View) ([]*View, error)) (map[string]any, error) {
	body, err := q.body("modal")
	if err != nil {
		return nil, err
	}
	t, err := q.takeTrigger()
	if err != nil {
		return nil, err
	}
	if err := q.unique(body, nil); err != nil {
		return nil, err
	}
	below, err := place(q.s.stack(q.t, t.user))
	if err != nil {
		return nil, err
	}
	v := &View{ID: q.s.newID("V"), Team: q.t.ID, User: t.user, Type: "modal"}
	v.Root = v.ID
	if len(below) > 0 {
		v.Root, v.Previous = below[0].ID, below[len(below)-1].ID
	}
	return q.putView(v, body), nil
}

// unique refuses an external id that another view has.
func (q *request) unique(body map[string]any, self *View) error {
	id, _ := body["external_id"].(string)
	if id == "" {
		return nil
	}
	if v := q.s.viewByExternalID(q.t, id); v != nil && v != self {
		return apiError("duplicate_external_id")
	}
	return nil
}

func (q *request) putView(v *View, body map[string]any) map[string]any {
	v.Body, v.Errors = body, nil
	v.State = stateOf(rawJSON(body["blocks"]), v.State)
	v.home, v.appID, v.botID = q.s.homeOf(q.t, v.User), q.t.AppID, q.t.BotID
	v.Hash = strconv.FormatInt(q.s.opts.Wall().Unix(), 10) + "." + q.s.newID("h")
	q.s.views[v.ID] = v
	q.s.touch()
	return map[string]any{"view": v.json()}
}

func (s *Sim) viewByExternalID(t *team, id string) *View {
	for _, v := range s.views {
		if v.Team == t.ID && !v.Closed && v.Body["external_id"] == id {
			return v
		}
	}
	return nil
}

func (q *request) viewsUpdate() (map[string]any, error) {
	id, external := q.args["view_id"], q.args["external_id"]
	if id == "" && external == "" {
		return nil, wanting("view_id")
	}
	v := q.s.views[id]
	if v == nil && external != "" {
		v = q.s.viewByExternalID(q.t, external)
	}
	kind := "modal"
	if v != nil {
		kind = v.Type
	}
	body, err := q.body(kind)
	switch {
	case err != nil:
		return nil, err
	case v == nil || v.Team != q.t.ID || v.Closed:
		return nil, apiError("not_found")
	case q.args["hash"] != "" && q.args["hash"] != v.Hash:
		return nil, apiError("hash_conflict")
	}
	if err := q.unique(body, v); err != nil {
		return nil, err
	}
	return q.putView(v, body), nil
}

func (q *request) viewsPublish() (map[string]any, error) {
	body, err := q.body("home")
	if err != nil {
		return nil, err
	}
	user := q.args["user_id"]
	if q.s.person(q.t, user) == nil {
		return nil, apiError("user_not_found")
	}
	v := q.t.homes[user]
	if v != nil && q.args["hash"] != "" && q.args["hash"] != v.Hash {
		return nil, apiError("hash_conflict")
	}
	if err := q.unique(body, v); err != nil {
		return nil, err
	}
	if v == nil {
		v = &View{ID: q.s.newID("V"), Team: q.t.ID, User: user, Type: "home"}
		v.Root = v.ID
		q.t.homes[user] = v
	}
	return q.putView(v, body), nil
}

// json is the view as the API and payloads show it.
func (v *View) json() map[string]any {
	out := map[string]any{
		"id": v.ID, "team_id": v.home, "app_installed_team_id": v.Team, "app_id": v.appID, "bot_id": v.botID, "type": v.Type, "hash": v.Hash, "root_view_id": v.Root,
		"previous_view_id": nil, "private_metadata": "", "callback_id": "", "external_id": "",
		"clear_on_close": false, "notify_on_close": false, "submit": nil, "close": nil,
	}
	if v.Previous != "" {
		out["previous_view_id"] = v.Previous
	}
	for key, value := range v.Body {
		out[key] = value
	}
	out["state"] = map[string]any{"values": v.State.clone()}
	return out
}

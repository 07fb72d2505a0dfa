package slacksim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// webState is everything around the messages that a person sees.
type webState struct {
	Me        string             `json:"me"`
	Lang      string             `json:"lang"`
	Title     string             `json:"title"`
	Start     Place              `json:"start"`
	Team      string             `json:"team"`
	Home      string             `json:"home"` // with what addresses of its messages begin
	Viewers   []webPerson        `json:"viewers"`
	Users     map[string]webUser `json:"users"`
	Rooms     []webRoom          `json:"rooms"`
	DM        webRoom            `json:"dm"`
	Bot       string             `json:"bot"`
	Commands  []webCommand       `json:"commands"`
	Shortcuts []webShortcut      `json:"shortcuts"`
	Top       webTop             `json:"top"`
}

type webPerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Team string `json:"team"`
	Role Words  `json:"role,omitempty"`
}

type webUser struct {
	Name    string `json:"name"`
	Handle  string `json:"handle"`
	Real    string `json:"real"`
	Locale  string `json:"locale"`
	TZ      string `json:"tz"`
	Bot     bool   `json:"bot,omitempty"`
	Guest   bool   `json:"guest,omitempty"`
	Foreign bool   `json:"foreign,omitempty"`
	Admin   bool   `json:"admin,omitempty"`
	Away    bool   `json:"away,omitempty"`
	Gone    bool   `json:"gone,omitempty"`
}

type webRoom struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Private  bool     `json:"private,omitempty"`
	Shared   bool     `json:"shared,omitempty"`
	Archived bool     `json:"archived,omitempty"`
	Joined   bool     `json:"joined"`
	Members  []string `json:"members"`
	Unread   int      `json:"unread"`
	// Mentions are unread messages that name the person; in a direct
	// conversation all of them.
	Mentions int `json:"mentions"`
}

type webCommand struct {
	Name        string `json:"name"`
	Usage       string `json:"usage"`
	Description Words  `json:"description"`
}

type webShortcut struct {
	ID      string `json:"id"`
	Label   Words  `json:"label"`
	Message bool   `json:"message"`
}

func (p *page) serveState(w http.ResponseWriter, _ *http.Request, v viewer) {
	top := p.top()
	p.s.mu.Lock()
	state := p.state(v)
	p.s.mu.Unlock()
	state.Top = top
	writeJSON(w, http.StatusOK, state)
}

func (p *page) state(v viewer) webState {
	out := webState{
		Me: v.u.ID, Lang: p.o.Lang, Title: cmp.Or(p.o.Title, v.t.Name), Start: p.o.Start, Team: v.t.Name, Home: homeOf(v.t),
		Users: p.people(v), Rooms: []webRoom{}, Commands: p.commands(v), Shortcuts: []webShortcut{},
	}
	for _, o := range p.viewers() {
		out.Viewers = append(out.Viewers, webPerson{o.u.ID, shownName(o.u), o.t.Name, p.o.Roles[o.u.ID]})
	}
	for _, r := range p.rooms(v) {
		out.Rooms = append(out.Rooms, p.roomState(r, v))
	}
	if r := p.dm(v); r != nil {
		out.Bot, out.DM = v.t.BotUser, p.roomState(r, v)
	}
	for _, c := range p.o.Shortcuts {
		out.Shortcuts = append(out.Shortcuts, webShortcut{c.CallbackID, c.Label, c.Message})
	}
	return out
}

// rooms lists the channels that a person can read, by name.
func (p *page) rooms(v viewer) []*room {
	var out []*room
	for _, r := range p.s.rooms {
		if r.in(v.t) && r.im == "" && r.canSee(v.u) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *room) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return out
}

// dm is the person's conversation with the app; nil in a workspace without it.
func (p *page) dm(v viewer) *room {
	if v.t.app == nil || v.u.Foreign != "" {
		return nil
	}
	return p.s.dm(v.t, v.u.ID)
}

// visible finds a channel or the person's own direct conversation.
func (p *page) visible(v viewer, channel string) *room {
	r := p.s.rooms[channel]
	if r == nil || !r.in(v.t) || !r.canSee(v.u) {
		return nil
	}
	return r
}

func (p *page) roomState(r *room, v viewer) webRoom {
	out := webRoom{
		ID: r.ID, Name: r.Name, Private: r.Private, Shared: r.ExtShared, Archived: r.Archived, Joined: r.has(v.u.ID),
		Members: slices.Clone(r.Members),
	}
	if out.Joined {
		out.Unread, out.Mentions = p.unread(r, v)
	}
	return out
}

// people are those whom a person may know: everybody of the workspace, but for
// guests and strangers only those they share a channel with.
func (p *page) people(v viewer) map[string]webUser {
	known := map[string]bool{v.u.ID: true, v.t.BotUser: true}
	for _, r := range p.rooms(v) {
		for _, id := range r.Members {
			known[id] = true
		}
	}
	all := slices.Concat(v.t.users, p.s.strangers(v.t))
	out := map[string]webUser{}
	for _, u := range all {
		if (v.u.Guest || v.u.Foreign != "") && !known[u.ID] {
			continue
		}
		out[u.ID] = webUser{
			Name: shownName(u), Handle: u.Name, Real: u.RealName, Locale: u.Locale, TZ: u.TZ, Bot: u.Bot, Guest: u.Guest,
			Foreign: u.Foreign != "" || v.t.user(u.ID) == nil, Admin: u.Admin || u.Owner, Away: u.Away, Gone: u.Deleted,
		}
	}
	return out
}

func shownName(u *User) string { return cmp.Or(u.DisplayName, u.RealName, u.Name) }

// commands lists the slash commands with their hints; none for people of other
// organisations, to whom Slack does not offer them.
func (p *page) commands(v viewer) []webCommand {
	out := []webCommand{}
	if v.u.Foreign != "" || v.t.app == nil {
		return out
	}
	names := slices.Clone(v.t.Commands)
	for _, h := range p.o.Commands {
		if v.t.Commands == nil && !slices.Contains(names, h.Command) {
			names = append(names, h.Command)
		}
	}
	for _, name := range names {
		c := webCommand{Name: name}
		for _, h := range p.o.Commands {
			if h.Command == name {
				c.Usage, c.Description = h.Usage, h.Description
			}
		}
		out = append(out, c)
	}
	return out
}

// readKey names what a person has read up to somewhere: a channel, or a thread
// where root is set.
func readKey(user, channel, root string) string { return user + " " + channel + " " + root }

func (p *page) readUpTo(user, channel, root string) string {
	return max(p.since, p.read[readKey(user, channel, root)])
}

// unread counts what a person has not read in a channel, and what of it names them.
func (p *page) unread(r *room, v viewer) (all, naming int) {
	for _, list := range [][]*Message{r.messages, r.private} {
		for _, m := range list {
			if m.Deleted || m.User == v.u.ID || m.For != "" && m.For != v.u.ID || !spoken(m) {
				continue
			}
			inThread := m.ThreadTS != "" && m.Subtype != "thread_broadcast"
			root := ""
			if inThread {
				root = m.ThreadTS
			}
			if m.TS <= p.readUpTo(v.u.ID, r.ID, root) {
				continue
			}
			if !inThread {
				all++
			}
			if r.im != "" && !inThread || slices.Contains(m.Mentions(), v.u.ID) {
				naming++
			}
		}
	}
	return all, naming
}

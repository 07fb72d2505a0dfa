package slacksim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Workspace is one Slack workspace with one installation of the app. Empty
// fields get deterministic values. Workspaces with the same AppID share the app
// and its sockets.
type Workspace struct {
	ID, Name, Domain string
	// BotToken is the xoxb token of the Web API, AppToken the xapp token for Socket Mode.
	BotToken, AppToken string
	SigningSecret      string
	// BotUser is the user id of the app's bot, BotName its handle.
	BotUser, BotName string
	BotID, AppID     string
	// Scopes are those of the bot token. Nil means every scope.
	Scopes []string
	// Commands are the slash commands of the app with their slash. Nil means
	// that every command is the app's.
	Commands []string
	// RawCommands leaves names and channels in command text as typed; otherwise
	// they are replaced by <@U…|name> and <#C…|name>, as with should_escape.
	RawCommands bool
	// RequestURL puts the app into HTTP mode: events are posted to
	// RequestURL+"/slack/events", commands to "/slack/commands", interactions and
	// options to "/slack/interactions". Empty means Socket Mode. EventsURL,
	// CommandsURL, InteractionsURL and OptionsURL set one address each; without
	// OptionsURL, options are asked for at the address of interactions.
	RequestURL                                          string
	EventsURL, CommandsURL, InteractionsURL, OptionsURL string
	// NoApp makes a workspace without an installation: no bot, no tokens, no
	// commands, and nothing is delivered on its account.
	NoApp bool
}

// User is a person or a bot of a workspace, or a person of another organisation
// who shares a channel with it.
type User struct {
	ID string
	// Name is the handle, without "@".
	Name, RealName, DisplayName string
	// Locale is "zh-CN", "en-US" and so on; TZ an IANA name.
	Locale, TZ string
	Email      string
	Admin      bool
	Owner      bool
	// Guest marks a person who sees only some channels (is_restricted).
	Guest bool
	// Foreign is the id of the person's own workspace where it is another
	// organisation's (is_stranger, Slack Connect).
	Foreign string
	Bot     bool
	Deleted bool
	// Away makes users.getPresence say "away".
	Away bool
}

// Channel is a channel of a workspace.
type Channel struct {
	ID, Name  string
	Private   bool
	Members   []string
	ExtShared bool
	Archived  bool
}

// team is the state of a workspace.
type team struct {
	Workspace
	app   *app // nil without an installation
	users []*User
	dms   map[string]*room
	homes map[string]*View
}

// room is the state of a channel or of a direct conversation.
type room struct {
	Channel
	team     *team
	guests   []*team // workspaces that share the channel
	im       string  // the person's id in a direct conversation with the bot
	created  int64
	lastTS   int64
	messages []*Message // by timestamp, deleted ones included
	byTS     map[string]*Message
	threads  map[string][]*Message
	private  []*Message // ephemeral messages
}

// AddWorkspace adds a workspace and its bot user and returns it with all
// defaults filled in.
func (s *Sim) AddWorkspace(w Workspace) Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	w = s.fillWorkspace(w)
	t := &team{Workspace: w, dms: map[string]*room{}, homes: map[string]*View{}}
	s.teams = append(s.teams, t)
	if w.NoApp {
		s.touch()
		return w
	}
	t.app = s.appFor(w)
	t.users = append(t.users, &User{
		ID: w.BotUser, Name: w.BotName, RealName: w.BotName, DisplayName: w.BotName, Locale: "en-US", TZ: "Asia/Shanghai", Bot: true,
	})
	s.touch()
	return w
}

func (s *Sim) fillWorkspace(w Workspace) Workspace {
	n := len(s.teams) + 1
	w.ID = cmp.Or(w.ID, fmt.Sprintf("T%08d", n))
	w.Name = cmp.Or(w.Name, "Workspace "+w.ID)
	w.Domain = cmp.Or(w.Domain, strings.ToLower(w.ID))
	if w.NoApp {
		w.BotToken, w.AppToken, w.SigningSecret, w.BotUser, w.BotID, w.AppID = "", "", "", "", "", ""
		return w
	}
	w.BotToken = cmp.Or(w.BotToken, "xoxb-"+w.ID)
	w.AppID = cmp.Or(w.AppID, fmt.Sprintf("A%08d", n))
	w.AppToken = cmp.Or(w.AppToken, "xapp-1-"+w.AppID)
	w.SigningSecret = cmp.Or(w.SigningSecret, "secret-"+w.AppID)
	w.BotUser = cmp.Or(w.BotUser, fmt.Sprintf("UBOT%05d", n))
	w.BotName = cmp.Or(w.BotName, "gongdan")
	w.BotID = cmp.Or(w.BotID, fmt.Sprintf("B%08d", n))
	return w
}

// AddUser adds a person to a workspace and returns them with all defaults
// filled in. It panics where the workspace is unknown, as a fixture must not be
// half-built.
func (s *Sim) AddUser(teamID string, u User) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.mustTeam(teamID)
	u.ID = cmp.Or(u.ID, fmt.Sprintf("U%s%05d", strings.TrimPrefix(t.ID, "T"), len(t.users)))
	u.Name = cmp.Or(u.Name, strings.ToLower(u.ID))
	u.RealName = cmp.Or(u.RealName, u.Name)
	u.Locale = cmp.Or(u.Locale, "en-US")
	u.TZ = cmp.Or(u.TZ, "Asia/Shanghai")
	u.Email = cmp.Or(u.Email, u.Name+"@"+t.Domain+".example")
	t.users = append(t.users, &u)
	s.touch()
	return u
}

// AddChannel adds a channel with its first members, who are simply there: no
// join is announced to the app. It panics where the workspace is unknown.
func (s *Sim) AddChannel(teamID string, c Channel) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.mustTeam(teamID)
	c.ID = cmp.Or(c.ID, fmt.Sprintf("C%s%05d", strings.TrimPrefix(t.ID, "T"), len(s.rooms)+1))
	c.Name = cmp.Or(c.Name, strings.ToLower(c.ID))
	c.Members = slices.Clone(c.Members)
	s.rooms[c.ID] = s.newRoom(t, c)
	s.touch()
	return c
}

func (s *Sim) newRoom(t *team, c Channel) *room {
	return &room{
		Channel: c, team: t, created: s.opts.Now().Unix(),
		byTS: map[string]*Message{}, threads: map[string][]*Message{},
	}
}

func (s *Sim) mustTeam(id string) *team {
	if t := s.team(id); t != nil {
		return t
	}
	panic("slacksim: no workspace " + id)
}

func (s *Sim) team(id string) *team {
	for _, t := range s.teams {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (t *team) user(id string) *User {
	for _, u := range t.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// dm returns the direct conversation of a person with the bot, made on first use.
func (s *Sim) dm(t *team, userID string) *room {
	if r := t.dms[userID]; r != nil {
		return r
	}
	id := "D" + strings.TrimLeft(userID, "UW")
	if s.rooms[id] != nil {
		id = s.newID("D")
	}
	r := s.newRoom(t, Channel{ID: id, Members: []string{userID, t.BotUser}, Private: true})
	r.im = userID
	t.dms[userID] = r
	s.rooms[id] = r
	return r
}

func (r *room) has(userID string) bool { return slices.Contains(r.Members, userID) }

// canSee says whether a person can read a channel: its members, and for public
// channels everybody of the workspace but guests and strangers.
func (r *room) canSee(u *User) bool {
	return r.has(u.ID) || !r.Private && !u.Guest && u.Foreign == ""
}

// kind is the channel_type of events.
func (r *room) kind() string {
	switch {
	case r.im != "":
		return "im"
	case r.Private:
		return "group"
	}
	return "channel"
}

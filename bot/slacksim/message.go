package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// File is a file shared in a message.
type File struct {
	ID, Name, Mimetype, URL string
	Size                    int
}

// Reaction is one emoji on a message with those who gave it, first come first.
type Reaction struct {
	Name  string
	Users []string
}

// Message is a message as it stands now.
type Message struct {
	Channel, TS string
	// ThreadTS is the timestamp of the thread's root; empty for a top-level
	// message, also where it has replies.
	ThreadTS string
	// Subtype is Slack's: "channel_join", "thread_broadcast", "bot_message"…
	Subtype string
	// User is the author; for the app's own messages its bot user.
	User  string
	BotID string
	// Text is what the API carries: escaped, with live syntax in angle brackets.
	Text        string
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Metadata    json.RawMessage
	Edited      bool
	// Deleted messages stay in the lists that Sim returns.
	Deleted   bool
	Reactions []Reaction
	Files     []File
	// For is the only reader of an ephemeral message; empty for all others.
	For string
	// Sent is the simulated time of posting.
	Sent time.Time

	username string
	editTS   string
	editedBy string
	mass     bool
}

func (m *Message) clone() Message {
	c := *m
	c.Reactions = slices.Clone(m.Reactions)
	for i, r := range c.Reactions {
		c.Reactions[i].Users = slices.Clone(r.Users)
	}
	c.Files = slices.Clone(m.Files)
	return c
}

func clones(list []*Message, keep func(*Message) bool) []Message {
	var out []Message
	for _, m := range list {
		if keep(m) {
			out = append(out, m.clone())
		}
	}
	return out
}

// Messages returns everything that people and apps said in a channel, thread
// replies included, in order of timestamp. Notices of joining are left out.
func (s *Sim) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[channel]
	if r == nil {
		return nil
	}
	return clones(r.messages, spoken)
}

func spoken(m *Message) bool { return m.Subtype != "channel_join" && m.Subtype != "channel_leave" }

// Thread returns a thread's root and its replies in order.
func (s *Sim) Thread(channel, ts string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[channel]
	if r == nil || r.byTS[ts] == nil {
		return nil
	}
	return clones(append([]*Message{r.byTS[ts]}, r.threads[ts]...), spoken)
}

// Ephemerals returns the messages of a channel that only this person sees.
func (s *Sim) Ephemerals(channel, user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[channel]
	if r == nil {
		return nil
	}
	return clones(r.private, func(m *Message) bool { return m.For == user })
}

// DM returns the direct conversation between a person and the bot.
func (s *Sim) DM(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, t := range s.teams {
		if r := t.dms[user]; r != nil {
			out = append(out, clones(r.messages, spoken)...)
		}
	}
	return out
}

// DMChannel returns the channel id of the direct conversation between a person
// and the bot of a workspace, making it if need be; empty for an unknown person.
func (s *Sim) DMChannel(team, user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.team(team)
	if t == nil || t.user(user) == nil {
		return ""
	}
	return s.dm(t, user).ID
}

// add puts a message into its channel and gives it a timestamp.
func (s *Sim) add(r *room, m *Message) {
	m.Channel, m.Sent = r.ID, s.opts.Now()
	m.TS = r.nextTS(m.Sent)
	if m.For != "" {
		r.private = append(r.private, m)
	} else {
		r.messages = append(r.messages, m)
		r.byTS[m.TS] = m
		if m.ThreadTS != "" {
			r.threads[m.ThreadTS] = append(r.threads[m.ThreadTS], m)
		}
	}
	s.touch()
}

// find returns a message that a person sees, ephemeral ones included.
func (r *room) find(ts, user string) *Message {
	if m := r.byTS[ts]; m != nil && !m.Deleted {
		return m
	}
	for _, m := range r.private {
		if m.TS == ts && m.For == user && !m.Deleted {
			return m
		}
	}
	return nil
}

// live returns the replies of a thread that were not deleted.
func (r *room) live(root string) []*Message {
	return slices.DeleteFunc(slices.Clone(r.threads[root]), func(m *Message) bool { return m.Deleted })
}

// messageJSON is a message as the Web API and events show it.
func (s *Sim) messageJSON(r *room, m *Message) map[string]any {
	if m.Deleted {
		return r.tombstone(m)
	}
	out := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": r.homeOf(m.User)}
	set := func(key string, value any, present bool) {
		if present {
			out[key] = value
		}
	}
	set("subtype", m.Subtype, m.Subtype != "")
	set("blocks", m.Blocks, m.Blocks != nil)
	set("attachments", m.Attachments, m.Attachments != nil)
	set("username", m.username, m.username != "")
	set("edited", map[string]any{"user": m.editedBy, "ts": m.editTS}, m.Edited)
	set("files", filesJSON(m), len(m.Files) > 0)
	set("reactions", reactionsJSON(m), len(m.Reactions) > 0)
	if m.BotID != "" {
		maps.Copy(out, r.installFor(m).botFields(m.BotID))
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
		if root := r.byTS[m.ThreadTS]; root != nil {
			out["parent_user_id"] = root.User
		}
	}
	maps.Copy(out, r.threadFields(m))
	return out
}

func (t *team) botFields(botID string) map[string]any {
	out := map[string]any{"bot_id": botID}
	if botID == t.BotID {
		out["app_id"] = t.AppID
		out["bot_profile"] = map[string]any{
			"id": t.BotID, "app_id": t.AppID, "name": t.BotName, "team_id": t.ID, "deleted": false, "updated": 0,
		}
	}
	return out
}

// homeOf is the workspace a person belongs to.
func (t *team) homeOf(user string) string {
	if u := t.user(user); u != nil && u.Foreign != "" {
		return u.Foreign
	}
	return t.ID
}

func (r *room) homeOf(user string) string { return r.teamOf(user).homeOf(user) }

// threadFields are what a root shows of its thread; none without replies.
func (r *room) threadFields(m *Message) map[string]any {
	replies := r.live(m.TS)
	if len(replies) == 0 {
		return nil
	}
	var users []string
	for _, reply := range replies {
		if !slices.Contains(users, reply.User) {
			users = append(users, reply.User)
		}
	}
	return map[string]any{
		"thread_ts": m.TS, "reply_count": len(replies), "reply_users": users, "reply_users_count": len(users),
		"latest_reply": replies[len(replies)-1].TS, "subscribed": false, "is_locked": false,
	}
}

// tombstone stands for a deleted root whose replies remain.
func (r *room) tombstone(m *Message) map[string]any {
	out := map[string]any{
		"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": true,
		"text": "This message was deleted.", "ts": m.TS, "thread_ts": m.TS,
	}
	maps.Copy(out, r.threadFields(m))
	return out
}

func filesJSON(m *Message) []map[string]any {
	var out []map[string]any
	for _, f := range m.Files {
		out = append(out, map[string]any{
			"id": f.ID, "name": f.Name, "title": f.Name, "mimetype": f.Mimetype, "size": f.Size, "user": m.User,
			"mode": "hosted", "url_private": f.URL, "url_private_download": f.URL, "created": m.Sent.Unix(), "timestamp": m.Sent.Unix(),
		})
	}
	return out
}

func reactionsJSON(m *Message) []map[string]any {
	var out []map[string]any
	for _, r := range m.Reactions {
		out = append(out, map[string]any{"name": r.Name, "users": r.Users, "count": len(r.Users)})
	}
	return out
}

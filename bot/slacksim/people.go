package slacksim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// PostOption says more about what a person posts.
type PostOption func(*posting)

type posting struct {
	thread    string
	broadcast bool
	files     []File
	asBot     bool
}

// InThread puts the message, or the attempt at a command, into a thread.
func InThread(ts string) PostOption { return func(p *posting) { p.thread = ts } }

// Broadcast also shows a thread reply in the channel.
func Broadcast() PostOption { return func(p *posting) { p.broadcast = true } }

// WithFiles shares files with the message; empty ids and addresses are filled in.
func WithFiles(files ...File) PostOption { return func(p *posting) { p.files = files } }

// AsBot posts as another app's bot would: the text is taken as it is, with live
// syntax in angle brackets, and the message has the subtype bot_message.
func AsBot() PostOption { return func(p *posting) { p.asBot = true } }

func postingOf(opts []PostOption) posting {
	var p posting
	for _, o := range opts {
		o(&p)
	}
	return p
}

// member finds a channel and a person who may write in it.
func (s *Sim) member(user, channel string) (*room, *User, error) {
	r := s.rooms[channel]
	if r == nil {
		return nil, nil, fmt.Errorf("channel %s: %w", channel, ErrNotFound)
	}
	u := r.person(user)
	if u == nil || u.Deleted {
		return nil, nil, fmt.Errorf("user %s: %w", user, ErrNotFound)
	}
	if !r.has(user) {
		return nil, nil, fmt.Errorf("user %s in channel %s: %w", user, channel, ErrNotInChannel)
	}
	return r, u, nil
}

// Post types a message. The text is what the person types: Slack escapes it,
// turns "@name" of known people and "@channel" into live mentions, "#name" into
// a channel and addresses into links.
func (s *Sim) Post(user, channel, text string, opts ...PostOption) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, _, err := s.member(user, channel)
	if err != nil {
		return "", fmt.Errorf("post: %w", err)
	}
	p := postingOf(opts)
	if p.thread != "" && (r.byTS[p.thread] == nil || r.byTS[p.thread].ThreadTS != "") {
		return "", fmt.Errorf("post in thread %s: %w", p.thread, ErrNotFound)
	}
	m := s.typedMessage(r, user, text, p)
	s.add(r, m)
	s.emitPosted(r, m)
	return m.TS, nil
}

func (s *Sim) typedMessage(r *room, user, text string, p posting) *Message {
	m := &Message{User: user, ThreadTS: p.thread, Text: text, Files: s.fillFiles(p.files)}
	if p.asBot {
		m.BotID, m.Subtype, m.username = "B"+user, "bot_message", s.nameOf(r.team, user)
		return m
	}
	m.Text, m.Blocks = s.typed(r.teamOf(user), text)
	switch {
	case p.broadcast && p.thread != "":
		m.Subtype = "thread_broadcast"
	case len(m.Files) > 0:
		m.Subtype = "file_share"
	}
	return m
}

func (s *Sim) fillFiles(files []File) []File {
	files = slices.Clone(files)
	for i := range files {
		f := &files[i]
		if f.ID == "" {
			f.ID = s.newID("F")
		}
		f.Mimetype = cmp.Or(f.Mimetype, "application/octet-stream")
		f.URL = cmp.Or(f.URL, s.url+"/files/"+f.ID)
	}
	return files
}

// Edit changes one's own message.
func (s *Sim) Edit(user, channel, ts, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, m, err := s.own(user, channel, ts)
	if err != nil {
		return fmt.Errorf("edit: %w", err)
	}
	before := s.messageJSON(r, m)
	m.Text, m.Blocks = s.typed(r.teamOf(user), text)
	s.changedMessage(r, m, user, before)
	return nil
}

// Delete removes one's own message. A root with replies leaves a tombstone, and
// the app hears message_changed for it, as with Slack.
func (s *Sim) Delete(user, channel, ts string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, m, err := s.own(user, channel, ts)
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	s.deleteMessage(r, m)
	return nil
}

func (s *Sim) own(user, channel, ts string) (*room, *Message, error) {
	r, _, err := s.member(user, channel)
	if err != nil {
		return nil, nil, err
	}
	m := r.byTS[ts]
	if m == nil || m.Deleted || m.User != user {
		return nil, nil, fmt.Errorf("message %s of %s: %w", ts, user, ErrNotFound)
	}
	return r, m, nil
}

func (s *Sim) changedMessage(r *room, m *Message, by string, before map[string]any) {
	m.Edited, m.editedBy, m.editTS = true, by, r.nextTS(s.opts.Now())
	s.touch()
	s.emitChanged(r, m, m.editTS, before)
}

func (s *Sim) deleteMessage(r *room, m *Message) {
	before := s.messageJSON(r, m)
	m.Deleted = true
	s.touch()
	if m.ThreadTS == "" && len(r.live(m.TS)) > 0 {
		s.emitChanged(r, m, r.nextTS(s.opts.Now()), before)
		return
	}
	s.emitDeleted(r, m, before)
}

// React adds a person's emoji, named without colons, to a message.
func (s *Sim) React(user, channel, ts, emoji string) error {
	return s.reactAs(user, channel, ts, emoji, true)
}

// Unreact takes a person's emoji away again.
func (s *Sim) Unreact(user, channel, ts, emoji string) error {
	return s.reactAs(user, channel, ts, emoji, false)
}

func (s *Sim) reactAs(user, channel, ts, emoji string, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, _, err := s.member(user, channel)
	if err != nil {
		return fmt.Errorf("react: %w", err)
	}
	m := r.byTS[ts]
	if m == nil || m.Deleted {
		return fmt.Errorf("react to %s: %w", ts, ErrNotFound)
	}
	if err := s.react(r, m, user, emoji, on); err != nil {
		return fmt.Errorf("react: %w", err)
	}
	return nil
}

// Invite adds a person, or the bot, to a channel. It does nothing where the
// channel is unknown or the person is in it already.
func (s *Sim) Invite(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms[channel]; r != nil && !r.has(user) {
		s.join(r, user)
	}
}

func (s *Sim) join(r *room, user string) {
	r.Members = append(r.Members, user)
	m := &Message{User: user, Subtype: "channel_join", Text: "<@" + user + "> has joined the channel"}
	s.add(r, m)
	s.emitMember(r, "member_joined_channel", user)
	s.emitPosted(r, m)
}

// Remove takes a person, or the bot, out of a channel. The bot hears
// channel_left when it is removed itself.
func (s *Sim) Remove(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[channel]
	if r == nil || !r.has(user) {
		return
	}
	s.emitMember(r, "member_left_channel", user)
	r.Members = slices.DeleteFunc(r.Members, func(id string) bool { return id == user })
	if t := r.teamOf(user); user == t.BotUser {
		s.emit(t, map[string]any{"type": "channel_left", "channel": r.ID, "actor_id": "", "event_ts": r.nextTS(s.opts.Now())})
	}
	s.touch()
}

// OpenHome lets a person open the app's home tab.
func (s *Sim) OpenHome(team, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.team(team)
	if t == nil || t.user(user) == nil {
		return
	}
	r := s.dm(t, user)
	event := map[string]any{
		"type": "app_home_opened", "user": user, "channel": r.ID, "tab": "home", "event_ts": r.nextTS(s.opts.Now()),
	}
	if v := t.homes[user]; v != nil {
		event["view"] = v.json()
	}
	s.emit(t, event)
}

func rawJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacksim: " + err.Error()) // only maps and slices of plain values come here
	}
	return b
}

package slackapi

import (
	"context"
	"strconv"
	"strings"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// Decoder reads payloads. It is safe for concurrent use.
type Decoder struct{ installs Installations }

var _ bot.Decoder = (*Decoder)(nil)

// NewDecoder makes a decoder; installs tells which messages are the bot's own.
func NewDecoder(installs Installations) *Decoder { return &Decoder{installs: installs} }

// Decode turns a payload into an input. What it does not know gives an input with nothing set.
func (d *Decoder) Decode(e bot.Envelope) bot.Input {
	p, err := parse(e.Raw)
	if err != nil {
		return bot.Input{}
	}
	switch e.Kind {
	case bot.KindMessage, bot.KindEvent:
		if p.Event != nil {
			return d.event(e.Workspace, p)
		}
	case bot.KindAction:
		return bot.Input{Click: click(p)}
	case bot.KindShortcut:
		return bot.Input{Click: d.me(e.Workspace, p).shortcut(p)}
	case bot.KindCommand:
		return bot.Input{Command: command(p, e.Received)}
	case bot.KindForm:
		return bot.Input{Form: submission(p)}
	}
	return bot.Input{}
}

// self is what is known of the bot itself; ids that are unknown are "".
type self struct{ user, bot, app string }

// me combines the installation with what the delivery says of its receiver.
func (d *Decoder) me(ws tickets.WorkspaceID, p *payload) self {
	me := self{app: p.AppID}
	for _, a := range p.Authorizations {
		if a.IsBot && me.user == "" {
			me.user = a.UserID
		}
	}
	// Installations answer from memory, so there is nothing to wait for or to cancel.
	if inst, err := d.installs.Get(context.Background(), ws); err == nil {
		me.user, me.bot = string(inst.BotUser), inst.BotID
		if inst.AppID != "" {
			me.app = inst.AppID
		}
	}
	return me
}

func (s self) wrote(m *message) bool {
	return is(string(m.User), s.user) || is(m.BotID, s.bot) || is(m.AppID, s.app)
}

// is tells whether an id is the known one.
func is(id, known string) bool { return known != "" && id == known }

func (d *Decoder) event(ws tickets.WorkspaceID, p *payload) bot.Input {
	e, me := p.Event, d.me(ws, p)
	switch e.Type {
	case "message", "app_mention":
		return me.said(e)
	case "reaction_added", "reaction_removed":
		if e.Item.Type != "message" || is(string(e.User), me.user) {
			return bot.Input{}
		}
		return bot.Input{Reaction: &bot.Reaction{Channel: tickets.ChannelID(e.Item.Channel), TS: e.Item.TS,
			User: tickets.UserID(e.User), Emoji: e.Reaction, Removed: e.Type == "reaction_removed"}}
	case "member_joined_channel":
		if !is(string(e.User), me.user) {
			return bot.Input{}
		}
		return bot.Input{Joined: &bot.Joined{Channel: tickets.ChannelID(e.Channel), By: tickets.UserID(e.Inviter), At: instant(e.EventTS)}}
	case eventHome:
		if e.Tab != "home" || e.User == "" {
			return bot.Input{}
		}
		return bot.Input{Opened: &bot.Opened{User: tickets.UserID(e.User)}}
	}
	return bot.Input{}
}

// said reads a message event: something said, changed or removed.
func (s self) said(e *event) bot.Input {
	switch e.change() {
	case changeNone:
		if e.Channel == "" || e.TS == "" {
			return bot.Input{}
		}
		m := s.message(&e.message, e)
		m.System = m.System || (bool(e.Hidden) && !m.Bot)
		return bot.Input{Message: &m}
	case changeEdit:
		m := s.message(e.Message, e)
		edit := bot.Edit{Message: m, At: firstInstant(e.Message.Edited.TS, e.EventTS)}
		if e.Previous != nil {
			edit.Old = contentOf(e.Previous).text
		}
		return bot.Input{Edit: &edit}
	case changeDelete:
		del := bot.Delete{Channel: tickets.ChannelID(e.Channel), TS: e.deletedTS(), At: firstInstant(e.EventTS, e.TS)}
		if e.Previous != nil {
			del.Author, del.Thread = author(e.Previous), threadOf(e.Previous)
		}
		return bot.Input{Delete: &del}
	}
	return bot.Input{}
}

// isDirect tells whether an id is that of a direct message.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// message reads what was said; around is the event that carries it and knows the channel.
func (s self) message(m *message, around *event) bot.Message {
	c := contentOf(m)
	direct := around.ChannelType == "im" || isDirect(string(around.Channel))
	out := bot.Message{
		Channel: tickets.ChannelID(around.Channel), TS: m.TS, Thread: threadOf(m), Author: author(m),
		Text: c.text, Quotes: c.quotes, Words: c.own, Files: filesOf(m.Files), Direct: direct, ToBot: direct || around.Type == "app_mention",
		Own: s.wrote(m), Sent: instant(m.TS), Edited: instant(m.Edited.TS),
	}
	out.Bot = out.Own || m.byApp()
	if out.Bot {
		out.BotID, out.BotName = m.BotID, or(m.Username, m.BotProfile.Name)
	}
	out.System = !out.Bot && !spoken[m.Subtype]
	for _, u := range c.mentions {
		if is(u, s.user) {
			out.ToBot = true
			continue
		}
		out.Mentions = append(out.Mentions, tickets.UserID(u))
	}
	return out
}

// spoken are the subtypes under which a person says something.
var spoken = map[string]bool{"": true, "file_share": true, "thread_broadcast": true, "me_message": true}

func author(m *message) tickets.UserID {
	if m.User != "" {
		return tickets.UserID(m.User)
	}
	return tickets.UserID(m.BotID)
}

// threadOf is the root of a reply; a root itself carries its own ts once it has replies.
func threadOf(m *message) string {
	if m.ThreadTS == m.TS {
		return ""
	}
	return m.ThreadTS
}

func filesOf(list []file) []tickets.File {
	var out []tickets.File
	for _, f := range list {
		if f.ID == "" {
			continue
		}
		out = append(out, tickets.File{ID: f.ID, Name: or(f.Name, f.Title), Mime: f.Mime, Size: f.Size, Link: or(f.Permalink, f.Private)})
	}
	return out
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// click reads a pressed button or a made choice; nil if there is none.
func click(p *payload) *bot.Click {
	if p.Type != "block_actions" || len(p.Actions) == 0 || p.Actions[0].ActionID == "" {
		return nil
	}
	a := p.Actions[0]
	c := &bot.Click{
		Channel: tickets.ChannelID(or(string(p.Channel), p.Container.ChannelID)), TS: p.Container.MessageTS,
		Thread: or(p.Container.ThreadTS, threadOf(&p.Message)), User: tickets.UserID(p.User.ID),
		Action: stripCount(a.ActionID), Value: a.Value, Trigger: p.TriggerID, Respond: p.ResponseURL,
		Selected: or(a.SelectedOption.Value, a.SelectedUser),
	}
	c.Direct = isDirect(string(c.Channel))
	if p.Container.Ephemeral {
		c.TS = ""
	}
	if a.Type != "button" {
		c.Value = valueOfBlock(a.BlockID)
	}
	return c
}

// shortcut reads a shortcut that was used on a message as a press about it; nil if it was used on none.
func (s self) shortcut(p *payload) *bot.Click {
	ch := tickets.ChannelID(p.Channel)
	if p.Type != "message_action" || p.CallbackID == "" || ch == "" || p.Message.TS == "" {
		return nil
	}
	m := s.message(&p.Message, &event{message: message{Type: "message", Channel: p.Channel}})
	return &bot.Click{Channel: ch, TS: m.TS, Thread: m.Thread, User: tickets.UserID(p.User.ID), Action: p.CallbackID,
		Value: string(ch) + "/" + m.TS, Trigger: p.TriggerID, Respond: p.ResponseURL, Said: &m}
}

func command(p *payload, received time.Time) *bot.SlashCommand {
	if p.Command == "" {
		return nil
	}
	text, mentions := plain(p.Text)
	c := &bot.SlashCommand{Channel: tickets.ChannelID(p.ChannelID), User: tickets.UserID(p.UserID), Name: p.Command,
		Text: text, Trigger: p.TriggerID, Respond: p.ResponseURL, Sent: received}
	for _, u := range mentions {
		c.Mentions = append(c.Mentions, tickets.UserID(u))
	}
	return c
}

func firstInstant(ts ...string) time.Time {
	for _, t := range ts {
		if at := instant(t); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// instant reads Slack's "1610241741.000200"; the zero time if it is none.
func instant(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || sec <= 0 {
		return time.Time{}
	}
	part = (part + "000000")[:6]
	micro, err := strconv.ParseInt(part, 10, 64)
	if err != nil || micro < 0 {
		micro = 0
	}
	return time.Unix(sec, micro*1000).UTC()
}

package slackapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"gongdan/bot"
	"gongdan/tickets"
)

// metadataType names our messages' metadata, in which a post's id travels unseen.
const metadataType = "gongdan"

// Messenger says things in Slack. It is safe for concurrent use.
type Messenger struct {
	api      *API
	installs Installations
	directs  *cache[string, tickets.ChannelID]
}

var (
	_ bot.Messenger = (*Messenger)(nil)
	_ bot.Whisperer = (*Messenger)(nil)
)

// NewMessenger makes a messenger.
func NewMessenger(api *API, installs Installations) *Messenger {
	// A direct conversation never changes its id; a day only bounds what is kept.
	return &Messenger{api: api, installs: installs, directs: newCache[string, tickets.ChannelID](24*time.Hour, api.timeout)}
}

// Post says something, once.
func (m *Messenger) Post(ctx context.Context, ws tickets.WorkspaceID, p bot.Post) (bot.Ref, error) {
	ref := bot.Ref{Channel: p.Channel}
	opts := postOptions(p, m.home(ctx, ws))
	err := m.with(ctx, ws, "chat.postMessage", func(ctx context.Context, c *slack.Client) error {
		ch, ts, err := c.PostMessageContext(ctx, string(p.Channel), opts...)
		if err == nil && ts == "" {
			return errors.New("the answer has no ts")
		}
		if ch != "" {
			ref.Channel = tickets.ChannelID(ch)
		}
		ref.TS = ts
		return err
	})
	if err != nil {
		return bot.Ref{}, fmt.Errorf("post in %s: %w", p.Channel, err)
	}
	return ref, nil
}

// Update replaces what a message says.
func (m *Messenger) Update(ctx context.Context, ws tickets.WorkspaceID, r bot.Ref, v bot.View) error {
	opts := viewOptions(v, m.home(ctx, ws))
	err := m.with(ctx, ws, "chat.update", func(ctx context.Context, c *slack.Client) error {
		_, _, _, err := c.UpdateMessageContext(ctx, string(r.Channel), r.TS, opts...)
		return err
	})
	if err != nil {
		return fmt.Errorf("update %s/%s: %w", r.Channel, r.TS, err)
	}
	return nil
}

// Direct opens the conversation with one person, and remembers it.
func (m *Messenger) Direct(ctx context.Context, ws tickets.WorkspaceID, u tickets.UserID) (tickets.ChannelID, error) {
	ch, err := m.directs.get(ctx, string(ws)+"/"+string(u), func(ctx context.Context) (id tickets.ChannelID, err error) {
		err = m.with(ctx, ws, "conversations.open", func(ctx context.Context, c *slack.Client) error {
			ch, _, _, err := c.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(u)}})
			if err == nil && (ch == nil || ch.ID == "") {
				return errors.New("the answer has no channel")
			}
			if err == nil {
				id = tickets.ChannelID(ch.ID)
			}
			return err
		})
		return id, err
	})
	if err != nil {
		return "", fmt.Errorf("open a direct message to %s: %w", u, err)
	}
	return ch, nil
}

// Whisper shows something to one person only.
func (m *Messenger) Whisper(ctx context.Context, ws tickets.WorkspaceID, p bot.Post, u tickets.UserID) error {
	opts := viewOptions(p.View, m.home(ctx, ws))
	if p.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(p.Thread))
	}
	err := m.with(ctx, ws, "chat.postEphemeral", func(ctx context.Context, c *slack.Client) error {
		_, err := c.PostEphemeralContext(ctx, string(p.Channel), string(u), opts...)
		return err
	})
	if err != nil {
		return fmt.Errorf("whisper in %s: %w", p.Channel, err)
	}
	return nil
}

// React puts one reaction on a message and takes another away. What is so already is no error.
func (m *Messenger) React(ctx context.Context, ws tickets.WorkspaceID, r bot.Ref, add, remove string) error {
	item := slack.NewRefToMessage(string(r.Channel), r.TS)
	if add != "" {
		err := m.with(ctx, ws, "reactions.add", func(ctx context.Context, c *slack.Client) error {
			return c.AddReactionContext(ctx, add, item)
		})
		if err != nil && !refusedWith(err, "already_reacted") {
			return fmt.Errorf("react to %s/%s: %w", r.Channel, r.TS, err)
		}
	}
	if remove == "" || remove == add {
		return nil
	}
	err := m.with(ctx, ws, "reactions.remove", func(ctx context.Context, c *slack.Client) error {
		return c.RemoveReactionContext(ctx, remove, item)
	})
	if err != nil && !refusedWith(err, "no_reaction") {
		return fmt.Errorf("take a reaction from %s/%s: %w", r.Channel, r.TS, err)
	}
	return nil
}

// with makes one call with the workspace's token.
func (m *Messenger) with(ctx context.Context, ws tickets.WorkspaceID, method string, do func(context.Context, *slack.Client) error) error {
	inst, err := m.installs.Get(ctx, ws)
	if err != nil {
		return err
	}
	return m.api.call(ctx, method, func(ctx context.Context) error { return do(ctx, m.api.client(inst.BotToken)) })
}

// home is the workspace's address; "" if it is unknown, and then nothing is a link.
func (m *Messenger) home(ctx context.Context, ws tickets.WorkspaceID) string {
	inst, err := m.installs.Get(ctx, ws)
	if err != nil {
		return ""
	}
	return inst.Home
}

func postOptions(p bot.Post, home string) []slack.MsgOption {
	opts := viewOptions(p.View, home)
	if p.ID != "" {
		opts = append(opts, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"id": p.ID}}))
	}
	if p.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(p.Thread))
	}
	return opts
}

// viewOptions never let Slack look for links, names or markup beyond what was rendered.
func viewOptions(v bot.View, home string) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(Fallback(v), false), slack.MsgOptionBlocks(Render(v, home)...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}

// Bounds of a search for our own message. skew is by how much Slack's clock may be behind ours.
const (
	findPages = 10
	findLimit = 200
	findSkew  = time.Minute
)

// Find looks for the message of a post. It reads at most 2000 messages: beyond that the message counts as not said,
// because saying it twice is better than never.
func (m *Messenger) Find(ctx context.Context, ws tickets.WorkspaceID, p bot.Post, since time.Time) (bot.Ref, bool, error) {
	inst, err := m.installs.Get(ctx, ws)
	if err != nil {
		return bot.Ref{}, false, err
	}
	method, form := search(p, since)
	for range findPages {
		var page struct {
			Messages []message `json:"messages"`
			More     bool      `json:"has_more"`
			Next     struct {
				Cursor string `json:"next_cursor"`
			} `json:"response_metadata"`
		}
		if _, err := m.api.read(ctx, inst.BotToken, method, form, &page); err != nil {
			return bot.Ref{}, false, fmt.Errorf("find a message in %s: %w", p.Channel, err)
		}
		for _, said := range page.Messages {
			if said.Metadata.EventType == metadataType && said.Metadata.Payload.ID == p.ID && said.by(inst) {
				return bot.Ref{Channel: p.Channel, TS: said.TS}, true, nil
			}
		}
		if page.Next.Cursor == "" {
			break
		}
		form.Set("cursor", page.Next.Cursor)
	}
	return bot.Ref{}, false, nil
}

// search chooses the call that lists where the post would stand.
func search(p bot.Post, since time.Time) (string, url.Values) {
	from := since.Add(-findSkew)
	form := url.Values{
		"channel": {string(p.Channel)}, "include_all_metadata": {"true"}, "inclusive": {"true"},
		"limit": {strconv.Itoa(findLimit)}, "oldest": {fmt.Sprintf("%d.%06d", max(from.Unix(), 0), from.Nanosecond()/1000)},
	}
	if p.Thread == "" {
		return "conversations.history", form
	}
	form.Set("ts", p.Thread)
	return "conversations.replies", form
}

// by tells whether our app wrote a message, as far as Slack says who did.
func (m *message) by(inst Installation) bool {
	return m.BotID == "" || inst.BotID == "" || m.BotID == inst.BotID
}

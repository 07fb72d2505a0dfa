package slackapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// PastOptions are the settings of reading the past. The zero value works.
type PastOptions struct {
	// Now gives the time of receipt. Nil means time.Now.
	Now func() time.Time
	// Page is how many messages are asked for at once and returned at most. 0 means 200, Slack's recommendation; apps
	// that Slack restricts get 15 whatever they ask for.
	Page int
}

// Past reads what was said while nobody listened. It is safe for concurrent use.
type Past struct {
	api      *API
	installs Installations
	decoder  *Decoder
	o        PastOptions
	scans    *scans
}

var _ bot.Past = (*Past)(nil)

// NewPast makes a reader of the past.
func NewPast(api *API, installs Installations, o PastOptions) *Past {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Page = orInt(o.Page, 200)
	return &Past{api: api, installs: installs, decoder: NewDecoder(installs), o: o, scans: newScans(o.Now)}
}

// channelPages bounds listing: 10,000 channels of one bot.
const channelPages = 50

// Channels are the public and private channels of which the bot is a member, and after them its direct conversations.
func (p *Past) Channels(ctx context.Context, ws tickets.WorkspaceID) ([]tickets.ChannelID, error) {
	form := url.Values{"types": {"public_channel,private_channel,im"}, "exclude_archived": {"true"}, "limit": {strconv.Itoa(p.o.Page)}}
	var rooms, directs []tickets.ChannelID
	for range channelPages {
		var got struct {
			Channels []struct {
				ID   string `json:"id"`
				IM   loose  `json:"is_im"`
				Gone loose  `json:"is_user_deleted"`
			} `json:"channels"`
			Next cursor `json:"response_metadata"`
		}
		if err := p.ask(ctx, ws, "users.conversations", form, &got); err != nil {
			return nil, fmt.Errorf("channels of the bot in %s: %w", ws, err)
		}
		for _, c := range got.Channels {
			switch {
			case bool(c.IM) && !bool(c.Gone):
				directs = append(directs, tickets.ChannelID(c.ID))
			case !bool(c.IM):
				rooms = append(rooms, tickets.ChannelID(c.ID))
			}
		}
		if got.Next.Cursor == "" {
			return append(rooms, directs...), nil
		}
		form.Set("cursor", got.Next.Cursor)
	}
	return append(rooms, directs...), nil
}

type cursor struct {
	Cursor string `json:"next_cursor"`
}

// messages is one page of conversations.history or conversations.replies.
type messages struct {
	List []json.RawMessage `json:"messages"`
	More loose             `json:"has_more"`
	Next cursor            `json:"response_metadata"`
}

// errNoProgress says that Slack announces more but gives nothing to go on from.
var errNoProgress = errors.New("slack announces more without giving it")

// Replies reads one page of a thread, oldest first as Slack gives it. The root comes along only if it was edited after.
func (p *Past) Replies(ctx context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, root, after string) ([]bot.Envelope, string, error) {
	form := url.Values{"channel": {string(ch)}, "ts": {root}, "limit": {strconv.Itoa(p.o.Page)}}
	if after != "" {
		form.Set("oldest", after)
	}
	var got messages
	if err := p.ask(ctx, ws, "conversations.replies", form, &got); err != nil {
		return nil, "", fmt.Errorf("replies in %s/%s: %w", ch, root, err)
	}
	var list []bot.Envelope
	last := after
	for _, m := range p.found(ws, ch, got.List) {
		switch {
		case m.ts == root && later(m.edited, after):
			list = append(list, m.edit...)
		case m.ts != root && later(m.ts, after):
			list = append(append(list, m.said...), m.edit...)
			last = cmp.Or(newer(last, m.ts), last)
		}
	}
	switch more := bool(got.More) || got.Next.Cursor != ""; {
	case more && last == after:
		return nil, "", fmt.Errorf("replies in %s/%s: %w", ch, root, errNoProgress)
	case more:
		return list, last, nil
	}
	return list, "", nil
}

// later tells whether a message id is after another; "" is before all.
func later(a, b string) bool { return instant(a).After(instant(b)) }

func newer(a, b string) string {
	if later(a, b) {
		return a
	}
	return b
}

func (p *Past) ask(ctx context.Context, ws tickets.WorkspaceID, method string, form url.Values, out any) error {
	inst, err := p.installs.Get(ctx, ws)
	if err != nil {
		return err
	}
	_, err = p.api.read(ctx, inst.BotToken, method, form, out)
	return err
}

// foundMessage is a message of the past with what would have been delivered of it. said is empty for what nobody listens
// to: the bot's own words, those of other bots in threads, Slack's notices and gravestones. ts is always there.
type foundMessage struct {
	ts, edited string
	said, edit []bot.Envelope
}

// found reads a page, in order of time.
func (p *Past) found(ws tickets.WorkspaceID, ch tickets.ChannelID, page []json.RawMessage) []foundMessage {
	var out []foundMessage
	for _, raw := range page {
		var m message
		if tolerant(raw, &m) != nil || instant(m.TS).IsZero() {
			continue
		}
		f := foundMessage{ts: m.TS, edited: m.Edited.TS}
		if e, ok := p.delivery(ws, ch, raw, ""); ok && p.listened(e) {
			f.said = []bot.Envelope{e}
			if e, ok := p.delivery(ws, ch, raw, m.Edited.TS); ok && m.Edited.TS != "" {
				f.edit = []bot.Envelope{e}
			}
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, inOrder)
	return out
}

func inOrder(a, b foundMessage) int { return instant(a.ts).Compare(instant(b.ts)) }

// listened tells whether the bot takes an envelope for more than a mark in time: people's words, and what other bots post in a
// channel, for it may be a marketplace's notice.
func (p *Past) listened(e bot.Envelope) bool {
	m := p.decoder.Decode(e).Message
	return m != nil && !m.Own && !m.System && (!m.Bot || m.Thread == "" || m.Thread == m.TS)
}

// delivery makes the envelope in which Slack would have delivered a message or, given the time of an edit, that edit. Its
// key is made as that of a live delivery, from a payload of the same form.
func (p *Past) delivery(ws tickets.WorkspaceID, ch tickets.ChannelID, raw json.RawMessage, edited string) (bot.Envelope, bool) {
	var event map[string]any
	if json.Unmarshal(raw, &event) != nil {
		return bot.Envelope{}, false
	}
	for _, key := range []string{"reactions", "reply_count", "reply_users", "reply_users_count", "latest_reply", "subscribed", "is_locked"} {
		delete(event, key) // a delivery has none of these
	}
	at := event["ts"]
	if edited != "" {
		event, at = map[string]any{"subtype": "message_changed", "hidden": true, "message": event, "ts": edited}, edited
	}
	event["type"], event["channel"], event["channel_type"], event["event_ts"] = "message", ch, channelType(ch), at
	body, err := json.Marshal(map[string]any{"type": "event_callback", "team_id": ws, "event": event,
		"authorizations": []any{map[string]any{"team_id": ws, "is_bot": true}}})
	if err != nil {
		return bot.Envelope{}, false
	}
	e, err := Classify(body, CarrierEvents)
	e.Received = p.o.Now()
	return e, err == nil && e.Workspace == ws
}

func channelType(ch tickets.ChannelID) string {
	switch {
	case strings.HasPrefix(string(ch), "D"):
		return "im"
	case strings.HasPrefix(string(ch), "G"):
		return "group"
	}
	return "channel"
}

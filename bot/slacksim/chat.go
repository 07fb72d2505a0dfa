package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxText       = 40_000 // longer posts are cut
	maxUpdateText = 4_000  // longer updates are refused
	maxMetadata   = 8_000
)

func chatMethods() map[string]method {
	return map[string]method{
		"chat.postMessage":   {postSpecial, "chat:write", (*request).postMessage},
		"chat.postEphemeral": {tier4, "chat:write", (*request).postEphemeral},
		"chat.update":        {tier3, "chat:write", (*request).update},
		"chat.delete":        {tier3, "chat:write", (*request).delete},
		"chat.getPermalink":  {tier4, "", (*request).getPermalink},
	}
}

// content is what the app wants to say.
type content struct {
	text                          string
	blocks, attachments, metadata json.RawMessage
	warnings                      []string
}

// content reads and checks text, blocks, attachments and metadata.
func (q *request) content() (content, error) {
	c := content{text: q.args["text"]}
	if q.flag("link_names") || q.args["parse"] == "full" {
		c.text = q.linkNames(c.text)
	}
	var err error
	if c.blocks, err = q.blocks(); err != nil {
		return c, err
	}
	if raw := q.args["attachments"]; raw != "" {
		if !json.Valid([]byte(raw)) {
			return c, apiError("invalid_attachments")
		}
		c.attachments = json.RawMessage(raw)
	}
	if c.metadata, err = readMetadata(q.args["metadata"]); err != nil {
		return c, err
	}
	return c, nil
}

func (q *request) blocks() (json.RawMessage, error) {
	if text := q.args["markdown_text"]; text != "" {
		block := map[string]any{"type": "markdown", "text": text}
		return q.s.checkBlocks(rawJSON([]any{block}), maxMessageBlocks)
	}
	if q.args["blocks"] == "" {
		return nil, nil
	}
	return q.s.checkBlocks([]byte(q.args["blocks"]), maxMessageBlocks)
}

// linkNames makes typed mentions live, which Slack does only when asked to.
func (q *request) linkNames(text string) string {
	var out strings.Builder
	q.s.scan(q.t, text, func(plain, live string, element map[string]any) {
		if element == nil {
			live = plain
		}
		out.WriteString(live)
	})
	return out.String()
}

func readMetadata(raw string) (json.RawMessage, error) {
	if raw == "" {
		return nil, nil
	}
	var m struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
	switch err := json.Unmarshal([]byte(raw), &m); {
	case err != nil:
		return nil, apiError("invalid_metadata_format")
	case len(raw) > maxMetadata:
		return nil, apiError("metadata_too_large")
	case m.EventType == "" && m.EventPayload == nil:
		return nil, nil
	case m.EventType == "" || m.EventPayload == nil:
		return nil, apiError("invalid_metadata_schema")
	}
	return json.RawMessage(raw), nil
}

func (c *content) empty() bool {
	return strings.TrimSpace(c.text) == "" && len(c.blocks) == 0 && len(c.attachments) == 0
}

// truncate cuts an overlong text as Slack does, with a warning.
func (c *content) truncate() {
	if utf8.RuneCountInString(c.text) > maxText {
		c.text = string([]rune(c.text)[:maxText])
		c.warnings = append(c.warnings, "message_truncated")
	}
}

// target finds the channel to write to: an id, a name, or a person's id for the
// direct conversation.
func (q *request) target() (*room, error) {
	id := q.args["channel"]
	r := q.s.rooms[id]
	if r == nil && q.t.user(id) != nil && id != q.t.BotUser {
		r = q.s.dm(q.t, id)
	}
	if r == nil {
		r = q.s.exactRoom(q.t, strings.TrimPrefix(id, "#"))
	}
	switch {
	case r == nil || !r.in(q.t) || r.Private && !r.hears(q.t):
		return nil, apiError("channel_not_found")
	case !r.hears(q.t):
		return nil, apiError("not_in_channel")
	case r.Archived:
		return nil, apiError("is_archived")
	}
	return r, nil
}

func (s *Sim) exactRoom(t *team, name string) *room {
	for _, r := range s.rooms {
		if r.in(t) && r.im == "" && r.Name == name {
			return r
		}
	}
	return nil
}

func (q *request) postMessage() (map[string]any, error) {
	r, err := q.target()
	if err != nil {
		return nil, err
	}
	c, err := q.content()
	if err != nil {
		return nil, err
	}
	if c.empty() {
		return nil, apiError("no_text")
	}
	c.truncate()
	m := q.s.appMessage(q.t, c)
	m.ThreadTS = r.rootFor(q.args["thread_ts"])
	if m.ThreadTS != "" && q.flag("reply_broadcast") {
		m.Subtype = "thread_broadcast"
	}
	m.username = q.args["username"]
	q.s.add(r, m)
	q.s.emitPosted(r, m)
	return withWarnings(map[string]any{"channel": r.ID, "ts": m.TS, "message": q.s.messageJSON(r, m)}, c.warnings), nil
}

// appMessage is a message of the app with the given content.
func (s *Sim) appMessage(t *team, c content) *Message {
	m := &Message{
		User: t.BotUser, BotID: t.BotID, Text: c.text,
		Blocks: c.blocks, Attachments: c.attachments, Metadata: c.metadata,
	}
	s.countMass(m)
	return m
}

// rootFor is the thread that a reply lands in: that of its parent, where the
// parent is a reply itself; none where the parent is gone, as Slack then posts
// to the channel.
func (r *room) rootFor(ts string) string {
	parent := r.byTS[ts]
	switch {
	case parent == nil:
		return ""
	case parent.ThreadTS != "":
		return parent.ThreadTS
	case parent.Deleted && len(r.live(ts)) == 0:
		return ""
	}
	return ts
}

func withWarnings(body map[string]any, warnings []string) map[string]any {
	if len(warnings) > 0 {
		body["warning"] = strings.Join(warnings, ",")
		body["response_metadata"] = map[string]any{"warnings": warnings}
	}
	return body
}

func (q *request) postEphemeral() (map[string]any, error) {
	r, err := q.target()
	if err != nil {
		return nil, err
	}
	user := q.args["user"]
	if q.s.person(q.t, user) == nil || !r.has(user) {
		return nil, apiError("user_not_in_channel")
	}
	c, err := q.content()
	if err != nil {
		return nil, err
	}
	if c.empty() {
		return nil, apiError("no_text")
	}
	c.truncate()
	m := q.s.appMessage(q.t, c)
	m.For, m.ThreadTS = user, r.rootFor(q.args["thread_ts"])
	q.s.add(r, m)
	return withWarnings(map[string]any{"message_ts": m.TS}, c.warnings), nil
}

// ownMessage finds a message of the app that it wants to change.
func (q *request) ownMessage(refusal apiError) (*room, *Message, error) {
	r, err := q.target()
	if err != nil {
		return nil, nil, err
	}
	m := r.byTS[q.args["ts"]]
	if m == nil || m.Deleted {
		return nil, nil, apiError("message_not_found")
	}
	if m.BotID != q.t.BotID {
		return nil, nil, refusal
	}
	return r, m, nil
}

// update changes what is given and keeps the rest, so that an empty list of
// blocks is needed to remove them.
func (q *request) update() (map[string]any, error) {
	r, m, err := q.ownMessage("cant_update_message")
	if err != nil {
		return nil, err
	}
	c, err := q.content()
	if err != nil {
		return nil, err
	}
	_, hasText := q.args["text"]
	if c.empty() && q.args["blocks"] == "" && q.args["attachments"] == "" && c.metadata == nil {
		return nil, apiError("no_text")
	}
	if utf8.RuneCountInString(c.text) > maxUpdateText {
		return nil, apiError("msg_too_long")
	}
	before := q.s.messageJSON(r, m)
	m.apply(c, hasText)
	q.s.countMass(m)
	q.s.changedMessage(r, m, q.t.BotUser, before)
	return map[string]any{"channel": r.ID, "ts": m.TS, "text": m.Text, "message": q.s.messageJSON(r, m)}, nil
}

func (m *Message) apply(c content, hasText bool) {
	if hasText {
		m.Text = c.text
	}
	if c.blocks != nil {
		m.Blocks = c.blocks
	}
	if c.attachments != nil {
		m.Attachments = c.attachments
	}
	if c.metadata != nil {
		m.Metadata = c.metadata
	}
}

func (q *request) delete() (map[string]any, error) {
	r, m, err := q.ownMessage("cant_delete_message")
	if err != nil {
		return nil, err
	}
	q.s.deleteMessage(r, m)
	return map[string]any{"channel": r.ID, "ts": m.TS}, nil
}

func (q *request) getPermalink() (map[string]any, error) {
	r, err := q.readable()
	if err != nil {
		return nil, err
	}
	m := r.byTS[q.args["message_ts"]]
	if m == nil || m.Deleted {
		return nil, apiError("message_not_found")
	}
	return map[string]any{"channel": r.ID, "permalink": permalink(q.t, r, m)}, nil
}

// homeOf is the workspace's address.
func homeOf(t *team) string { return "https://" + t.Domain + ".slack.com/" }

func permalink(t *team, r *room, m *Message) string {
	link := fmt.Sprintf("%sarchives/%s/p%s", homeOf(t), r.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + r.ID
	}
	return link
}

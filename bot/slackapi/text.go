package slackapi

import (
	"encoding/json"
	"slices"
	"strings"
)

// plain undoes Slack's markup: what stands between angle brackets becomes what a person reads, and the three escaped
// characters become themselves. It also returns the ids of the people mentioned, each once, in order.
func plain(text string) (string, []string) {
	var b strings.Builder
	var mentions []string
	for text != "" {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			b.WriteString(unescape(text))
			break
		}
		b.WriteString(unescape(text[:open]))
		text = text[open:]
		end := strings.IndexByte(text, '>')
		if end < 0 || strings.Contains(text[1:end], "<") { // not markup
			b.WriteByte('<')
			text = text[1:]
			continue
		}
		word, id := bracket(text[1:end])
		if id != "" && !slices.Contains(mentions, id) {
			mentions = append(mentions, id)
		}
		b.WriteString(word)
		text = text[end+1:]
	}
	return b.String(), mentions
}

// unescape turns Slack's three entities back, in one pass, so that "&amp;lt;" stays "&lt;".
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// bracket reads what stood between angle brackets; user is the id of a mentioned person.
func bracket(s string) (word, user string) {
	body, label, _ := strings.Cut(s, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(body, "@"):
		return "@" + body[1:], body[1:]
	case strings.HasPrefix(body, "#"):
		return "#" + or(label, body[1:]), ""
	case strings.HasPrefix(body, "!"):
		return special(body[1:], label), ""
	}
	return link(unescape(body), label), ""
}

func special(body, label string) string {
	name, rest, _ := strings.Cut(body, "^")
	switch name {
	case "channel", "here", "everyone":
		return "@" + name
	case "subteam":
		return "@" + strings.TrimPrefix(or(label, rest), "@")
	}
	return or(label, "<!"+body+">")
}

func link(url, label string) string {
	bare := url
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		bare = strings.TrimPrefix(bare, scheme)
	}
	switch strings.TrimSuffix(label, "/") {
	case "", url, strings.TrimSuffix(url, "/"):
		return url
	case bare, strings.TrimSuffix(bare, "/"):
		return label
	}
	return label + " (" + url + ")"
}

// content is what a person reads of a message. quotes are what of it others said, and own is the rest; both are "" where
// nobody is quoted.
type content struct {
	text, own, quotes string
	mentions          []string // in the author's own words: a mention in others' calls nobody
}

// contentOf is a message's text and what it forwards, or what its blocks and attachments say if it has no text. An app
// quotes nobody.
func contentOf(m *message) content {
	r := &reader{}
	if strings.TrimSpace(m.Text) != "" {
		text, mentions := plain(m.Text)
		if m.byApp() {
			r.list(m.Blocks, 0) // what apps send as text is often no more than a heading
		}
		r.attachments(m.Attachments, !m.byApp())
		more := strings.TrimSpace(r.b.String())
		switch {
		case more == "" || strings.Contains(text, more):
			return content{text: text, mentions: mentions}
		case m.byApp():
			return content{text: text + "\n" + more, mentions: mentions}
		}
		return content{text: text + "\n" + more, own: text, quotes: more, mentions: mentions}
	}
	r.list(m.Blocks, 0)
	r.quoting = true
	r.attachments(m.Attachments, false)
	c := content{text: strings.TrimSpace(r.b.String()), mentions: r.mentions}
	if quotes := strings.TrimSpace(r.quotes.String()); quotes != "" && !m.byApp() {
		c.own, c.quotes = strings.TrimSpace(r.own.String()), quotes
	}
	return c
}

// byApp tells whether an app wrote a message.
func (m *message) byApp() bool { return m.BotID != "" || m.Subtype == "bot_message" }

// maxDepth and maxWords bound what is gathered of a message that other apps built.
const (
	maxDepth = 8
	maxWords = 40_000 // bytes; Slack cuts texts at 40,000 characters
)

// reader gathers words from blocks.
type reader struct {
	b           strings.Builder
	own, quotes strings.Builder // the author's words in b, and others'
	quoting     bool            // what comes is others'
	mentions    []string        // in own
}

// block is any block or element that carries words.
type block struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text"` // a string in rich text, an object elsewhere
	URL      string          `json:"url"`
	UserID   string          `json:"user_id"`
	Channel  string          `json:"channel_id"`
	Name     string          `json:"name"`
	Range    string          `json:"range"`
	Elements json.RawMessage `json:"elements"`
	Fields   json.RawMessage `json:"fields"`
}

func (r *reader) list(raw json.RawMessage, depth int) {
	var parts []json.RawMessage
	if depth > maxDepth || len(raw) == 0 || tolerant(raw, &parts) != nil {
		return
	}
	for _, part := range parts {
		var b block
		if tolerant(part, &b) == nil && r.b.Len() < maxWords {
			r.block(b, part, depth)
		}
	}
}

func (r *reader) block(b block, raw json.RawMessage, depth int) {
	switch b.Type {
	case "text":
		r.add(stringOf(b.Text))
	case "link":
		r.add(link(b.URL, stringOf(b.Text)))
	case "user":
		r.add("@" + b.UserID)
		r.mention(b.UserID)
	case "channel":
		r.add("#" + b.Channel)
	case "emoji":
		r.add(":" + b.Name + ":")
	case "broadcast":
		r.add("@" + b.Range)
	case "mrkdwn", "plain_text":
		r.object(raw)
		r.line()
	case "rich_text", "rich_text_list", "context", "rich_text_section":
		r.list(b.Elements, depth+1)
		r.line()
	case "rich_text_quote", "rich_text_preformatted":
		around := r.quoting
		r.quoting = true
		r.list(b.Elements, depth+1)
		r.line()
		r.quoting = around
	case "section", "header", "markdown":
		r.object(b.Text)
		r.line()
		r.list(b.Fields, depth+1)
	}
}

// object adds a text object, or a bare string.
func (r *reader) object(raw json.RawMessage) {
	var o struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if s := stringOf(raw); s != "" {
		o.Text = s
	} else if len(raw) == 0 || tolerant(raw, &o) != nil {
		return
	}
	words, ids := plain(o.Text)
	r.add(words)
	for _, id := range ids {
		r.mention(id)
	}
}

func (r *reader) mention(id string) {
	if id != "" && !r.quoting && !slices.Contains(r.mentions, id) {
		r.mentions = append(r.mentions, id)
	}
}

func (r *reader) add(s string) {
	if r.b.Len()+len(s) > maxWords {
		return
	}
	r.b.WriteString(s)
	r.part().WriteString(s)
}

// part is where the words that come belong.
func (r *reader) part() *strings.Builder {
	if r.quoting {
		return &r.quotes
	}
	return &r.own
}

func (r *reader) line() {
	for _, b := range []*strings.Builder{&r.b, r.part()} {
		if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") {
			b.WriteByte('\n')
		}
	}
}

// attachments gathers what a forwarded message or another app's card says, without previews of links; forwarded leaves out
// everything but the former.
func (r *reader) attachments(raw json.RawMessage, forwarded bool) {
	var list []struct {
		Shared   loose           `json:"is_share"`
		From     string          `json:"from_url"` // of a preview, and of what is forwarded
		Pretext  string          `json:"pretext"`
		Title    string          `json:"title"`
		Text     string          `json:"text"`
		Fallback string          `json:"fallback"`
		Blocks   json.RawMessage `json:"blocks"`
	}
	if len(raw) == 0 || tolerant(raw, &list) != nil {
		return
	}
	for _, a := range list {
		if (forwarded || a.From != "") && !bool(a.Shared) {
			continue
		}
		before := r.b.Len()
		for _, s := range []string{a.Pretext, a.Title, a.Text} {
			words, _ := plain(s)
			r.add(words)
			r.line()
		}
		if r.b.Len() == before {
			r.list(a.Blocks, 0)
		}
		if r.b.Len() == before {
			words, _ := plain(a.Fallback)
			r.add(words)
			r.line()
		}
	}
}

func stringOf(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || raw[0] != '"' {
		return ""
	}
	_ = json.Unmarshal(raw, &s)
	return s
}

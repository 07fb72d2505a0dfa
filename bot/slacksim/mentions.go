package slacksim

import (
	"encoding/json"
	"regexp"
)

var (
	liveMass = regexp.MustCompile(`<!(?:channel|here|everyone)(?:\|[^<>]*)?>|<!subteam\^[^<>]+>`)
	liveUser = regexp.MustCompile(`<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>`)
)

// MassMentions counts the app's messages, ephemeral ones included, that ever
// carried a live mention of a channel, everybody or a user group, be it in
// their text, a block or an attachment. Mentions of single people do not count;
// Message.Mentions lists those.
func (s *Sim) MassMentions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mass
}

func (s *Sim) countMass(m *Message) {
	if !m.mass && m.massMention() {
		m.mass = true
		s.mass++
	}
}

func (m *Message) massMention() bool {
	found := liveMass.MatchString(m.Text)
	m.eachLive(func(text string) { found = found || liveMass.MatchString(text) })
	return found
}

// Mentions lists the ids of people whom the message really mentions, in order
// of the first mention.
func (m Message) Mentions() []string {
	seen := map[string]bool{}
	var out []string
	collect := func(text string) {
		for _, match := range liveUser.FindAllStringSubmatch(text, -1) {
			if !seen[match[1]] {
				seen[match[1]] = true
				out = append(out, match[1])
			}
		}
	}
	collect(m.Text)
	m.eachLive(collect)
	return out
}

// eachLive passes every text of blocks and attachments in which angle-bracket
// syntax works; broadcast and user elements of rich text come in that syntax.
func (m *Message) eachLive(yield func(string)) {
	for _, raw := range []json.RawMessage{m.Blocks, m.Attachments} {
		var v any
		_ = json.Unmarshal(raw, &v) // checked when posted
		walkLive(v, yield)
	}
}

func walkLive(v any, yield func(string)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			walkLive(e, yield)
		}
	case object:
		text, _ := v["text"].(string)
		switch v["type"] {
		case "mrkdwn", "markdown":
			yield(text)
		case "broadcast":
			word, _ := v["range"].(string)
			yield("<!" + word + ">")
		case "usergroup":
			id, _ := v["usergroup_id"].(string)
			yield("<!subteam^" + id + ">")
		case "user":
			id, _ := v["user_id"].(string)
			yield("<@" + id + ">")
		case nil: // an attachment, not a block
			for _, key := range []string{"pretext", "text", "fallback"} {
				line, _ := v[key].(string)
				yield(line)
			}
		}
		for _, e := range v {
			walkLive(e, yield)
		}
	}
}

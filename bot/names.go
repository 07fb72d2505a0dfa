package bot

import (
	"regexp"
	"slices"
	"strings"

	"gongdan/bot/words"
	"gongdan/tickets"
)

// mentionedID finds people as they stand in plain text: "@" and the chat's id.
var mentionedID = regexp.MustCompile(`@([UW][A-Z0-9]{1,30})\b`)

// unbroken is the blank within a name: it tells where the name ends to whoever must take it out again.
const unbroken = "\u00a0"

// maxNames bounds how many people are looked up for one text.
const maxNames = 10

// readable is a text as tickets keep it: not longer than they keep, and with the names of the people mentioned in place
// of their ids. Who is unknown stays an id, and so does what was only typed like one: asking the chat about those is a call
// each. Names are hostile, like the text itself.
func (t *turn) readable(text string, mentions []tickets.UserID) string {
	text = head(text, tickets.MaxText)
	known := map[string]string{}
	return mentionedID.ReplaceAllStringFunc(text, func(at string) string {
		name, looked := known[at]
		id := tickets.UserID(at[1:])
		if !looked && len(known) < maxNames && slices.Contains(mentions, id) {
			name = strings.ReplaceAll(words.OneLine(nameOf(t.ctx, t.people, t.ws, t.policy, id), maxShort), " ", unbroken)
			known[at] = name
		}
		if name == "" {
			return at
		}
		return "@" + name
	})
}

// head returns the first n code points.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// kept is a message as tickets keep it.
func (t *turn) kept(m Message) tickets.Message {
	return tickets.Message{Channel: m.Channel, TS: m.TS, Text: t.readable(m.Text, m.Mentions), Files: m.Files}
}

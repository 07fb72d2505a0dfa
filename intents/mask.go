package intents

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongdan/intents/entities"
	"gongdan/prompts"
)

// question is what a model is asked about a message: its words without what
// identifies anybody, and the way back. said is the text before that, found what was
// seen in it.
type question struct {
	asked   prompts.Question
	said    string
	found   []entities.Entity
	restore func(string) string
}

const (
	// separator parts the messages while they are redacted together, so that one value
	// has one placeholder throughout. No message can hold it.
	separator = "\n\x1e\n"
	// modelRunes is the longest part of one message that a model is shown.
	modelRunes = 2000
	// modelContext bounds how many earlier messages a model is shown.
	modelContext = 6
)

// mask makes the question about a message. Earlier messages that try to instruct a
// machine are left out.
func mask(m Message) question {
	var parts []string
	for _, s := range m.Context[max(0, len(m.Context)-modelContext):] {
		if s = cut(s, maxRead); !suspicious(s, plain(s)) {
			parts = append(parts, s)
		}
	}
	parts = append(parts, m.Text)
	for i := range parts {
		parts[i] = entities.Head(sanitise(parts[i]), modelRunes, reads(m)) // sanitised first, or dropping a character could join digits
	}
	q := question{said: strings.Join(parts, separator)}
	q.found = seen(m, q.said)
	redacted, restore := entities.Redact(q.said, q.found)
	q.restore = restore
	q.asked = prompts.Question{InThread: m.InThread, Messages: strings.Split(redacted, separator)}
	if m.Lang == "zh-CN" || m.Lang == "en" {
		q.asked.Lang = m.Lang
	}
	return q
}

// invisible are letters by their class that show nothing.
var invisible = []rune{0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0}

// sanitise drops characters that only a machine sees.
func sanitise(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2060 && c <= 0x2069 || c >= 0xE0000 && c <= 0xE007F || c == 0xFEFF || c == 0xAD || c == utf8.RuneError || slices.Contains(invisible, c) {
			return -1
		}
		return c
	}, s)
}

// leaks tells whether a run of seven digits is left in what would be sent. The
// redaction leaves none; this is the last look before the door.
func (q question) leaks() bool {
	for _, s := range q.asked.Messages {
		n := 0
		for _, c := range s {
			switch {
			case unicode.IsNumber(c):
				if n++; n >= 7 {
					return true
				}
			case !unicode.In(c, unicode.Cf, unicode.Mn):
				n = 0
			}
		}
	}
	return false
}

// seen is what must not be shown: what the rules find, and beyond that what looks like it.
func seen(m Message, s string) []entities.Entity {
	return entities.Personal(s, entities.Find(s, reads(m)))
}

// reads is what the readers of a message need to know of it.
func reads(m Message) entities.Options { return entities.Options{Now: m.Now, Zone: m.Zone} }

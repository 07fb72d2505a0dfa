package slacksim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var urlStart = regexp.MustCompile(`^https?://[^\s<>"'，。；、！？）】》」]+`)

// escape writes text as Slack carries it: only these three characters are special.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// typed turns what a person types into the message's text and its rich_text
// block.
func (s *Sim) typed(t *team, text string) (string, json.RawMessage) {
	var out strings.Builder
	var elements []map[string]any
	s.scan(t, text, func(plain, live string, element map[string]any) {
		if element == nil {
			out.WriteString(escape(plain))
			element = map[string]any{"type": "text", "text": plain}
		} else {
			out.WriteString(live)
		}
		elements = append(elements, element)
	})
	if len(elements) == 0 {
		return "", nil
	}
	block := map[string]any{
		"type": "rich_text", "block_id": s.newID("b"),
		"elements": []any{map[string]any{"type": "rich_text_section", "elements": elements}},
	}
	return out.String(), rawJSON([]any{block})
}

// scan cuts typed text into plain runs and live pieces, in order. A live piece
// comes with its mrkdwn form and its rich_text element.
func (s *Sim) scan(t *team, text string, yield func(plain, live string, element map[string]any)) {
	names := s.mentions(t)
	start := 0
	flush := func(end int) {
		if end > start {
			yield(text[start:end], "", nil)
		}
	}
	for i := 0; i < len(text); {
		n, live, element := s.livePiece(t, names, text, i)
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		flush(i)
		yield(text[i:i+n], live, element)
		i += n
		start = i
	}
	flush(len(text))
}

// livePiece recognises a mention, channel or address at text[i:] and returns
// its length in bytes, or 0.
func (s *Sim) livePiece(t *team, names []mention, text string, i int) (int, string, map[string]any) {
	rest := text[i:]
	if u := strings.TrimRight(urlStart.FindString(rest), ".,;:!?)"); u != "" {
		return len(u), "<" + escape(u) + ">", map[string]any{"type": "link", "url": u}
	}
	if before, _ := utf8.DecodeLastRuneInString(text[:i]); i > 0 && isWord(before) {
		return 0, "", nil
	}
	switch rest[0] {
	case '@':
		for _, m := range names {
			if wholeName(rest[1:], m.name) {
				return 1 + len(m.name), m.live, m.element
			}
		}
	case '#':
		if r := s.roomNamed(t, rest[1:]); r != nil {
			return 1 + len(r.Name), "<#" + r.ID + "|" + r.Name + ">", map[string]any{"type": "channel", "channel_id": r.ID}
		}
	}
	return 0, "", nil
}

type mention struct {
	name, live string
	element    map[string]any
}

// mentions lists what may follow "@", longest name first.
func (s *Sim) mentions(t *team) []mention {
	var out []mention
	for _, word := range []string{"channel", "here", "everyone"} {
		out = append(out, mention{word, "<!" + word + ">", map[string]any{"type": "broadcast", "range": word}})
	}
	for _, u := range append(slices.Clip(t.users), s.strangers(t)...) {
		for _, name := range []string{u.Name, u.DisplayName, u.RealName} {
			if name != "" && !u.Deleted {
				out = append(out, mention{name, "<@" + u.ID + ">", map[string]any{"type": "user", "user_id": u.ID}})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b mention) int { return len(b.name) - len(a.name) })
	return out
}

func (s *Sim) roomNamed(t *team, rest string) *room {
	var best *room
	for _, r := range s.rooms {
		if r.in(t) && r.im == "" && wholeName(rest, r.Name) && (best == nil || len(r.Name) > len(best.Name)) {
			best = r
		}
	}
	return best
}

// wholeName says whether text starts with name and, where the name ends like a
// word, does not go on like one. Chinese text needs no space after a name.
func wholeName(text, name string) bool {
	if !strings.HasPrefix(text, name) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[len(name):])
	last, _ := utf8.DecodeLastRuneInString(name)
	return len(text) == len(name) || !isWord(next) || !isWord(last)
}

// isWord is about names in Latin script; a Chinese character never continues one.
func isWord(r rune) bool {
	return r < unicode.MaxLatin1 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '_'
}

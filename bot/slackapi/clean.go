package slackapi

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a string fit to be shown: valid UTF-8, without control characters other than line breaks and tabs, and
// without marks that turn the direction of the text around it.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r), turnsDirection(r), 0xE0000 <= r && r <= 0xE007F: // the last are invisible tags
			return -1
		}
		return r
	}, s)
}

func turnsDirection(r rune) bool {
	return 0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069 || r == 0x061C
}

// blank tells whether nothing of a string can be seen; Slack refuses such a text.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !empty(r) }) < 0
}

// empty are letters by their class that show nothing.
func empty(r rune) bool {
	return r == 0x3164 || r == 0xFFA0 || r == 0x115F || r == 0x1160 || r == 0x2800
}

// units counts as Slack may count at worst: a character outside the basic plane is two.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// cut shortens a string to at most n units, ending in "…" where something was left out.
func cut(s string, n int) string {
	if len(s) <= n || units(s) <= n {
		return s
	}
	used, at := 1, 0 // one for the ellipsis
	for i, r := range s {
		w := 1
		if r > 0xFFFF {
			w = 2
		}
		if used+w > n {
			break
		}
		used, at = used+w, i+utf8.RuneLen(r)
	}
	return strings.TrimRightFunc(s[:at], unicode.IsSpace) + "…"
}

// oneLine joins lines, for places that show a single one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// escape makes a string inert in a text that Slack reads for markup: nothing in it is a mention or a link.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// cutEscaped escapes a string and shortens it so that the escaped form has at most n units and no torn entity.
func cutEscaped(s string, n int) string {
	for keep := n; keep > 0; keep -= max(1, keep/8) {
		if out := escape(cut(s, keep)); units(out) <= n {
			return out
		}
	}
	return ""
}

package words

import (
	"strings"
	"unicode"
)

// OneLine makes hostile text fit into a line: no breaks, no control or direction marks, at most n code points.
func OneLine(s string, n int) string {
	return shorten(strings.Join(strings.Fields(visible(s)), " "), n)
}

// Paragraph keeps the lines of hostile text, without empty ones, at most n code points.
func Paragraph(s string, n int) string {
	var lines []string
	for l := range strings.SplitSeq(visible(s), "\n") {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			lines = append(lines, l)
		}
	}
	return shorten(strings.Join(lines, "\n"), n)
}

// visible drops what changes how its surroundings read: control characters, direction overrides and isolates. Line
// breaks stay, joiners stay (emoji and several scripts need them), and broken UTF-8 becomes the replacement character.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			return '\n'
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069',
			r == '\u200e', r == '\u200f', r == '\u061c', r == '\ufeff', r == '\u200b', r >= '\u2060' && r <= '\u2064', r >= 0xe0000 && r <= 0xe007f:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// shorten cuts after n code points and says so with an ellipsis, which counts.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRightFunc(string(r[:n-1]), unicode.IsSpace) + "…"
}

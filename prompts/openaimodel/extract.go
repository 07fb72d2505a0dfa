package openaimodel

import (
	"encoding/json"
	"regexp"
	"strings"
)

var thinking = regexp.MustCompile(`(?s)<(think|thinking|reasoning)>.*?</(think|thinking|reasoning)>`)

// attempts bounds how many opening braces are tried, so that a wall of braces
// costs little.
const attempts = 64

// extract finds the first balanced JSON object in a model's words that check
// accepts. Thinking, fences and chatter around it do not matter; full-width
// punctuation outside of strings is mended. A cut object is never completed.
func extract(s string, check func([]byte) error) (json.RawMessage, bool) {
	if len(s) > maxBody {
		s = s[:maxBody]
	}
	s = thinking.ReplaceAllString(s, " ")
	if i := strings.LastIndex(s, "</think>"); i >= 0 { // the opening tag was in the template
		s = s[i+len("</think>"):]
	}
	tried := 0
	for at := 0; tried < attempts; tried++ {
		i := strings.IndexAny(s[at:], "{｛")
		if i < 0 {
			return nil, false
		}
		from := at + i
		if end := balanced(s[from:]); end > 0 {
			for _, candidate := range []string{s[from : from+end], mend(s[from : from+end])} {
				if json.Valid([]byte(candidate)) && (check == nil || check([]byte(candidate)) == nil) {
					return json.RawMessage(candidate), true
				}
			}
		}
		at = from + 1
	}
	return nil, false
}

// balanced returns the length of the object that s begins with, or -1.
func balanced(s string) int {
	depth, quoted, escaped := 0, false, false
	for i, c := range s {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '｛':
			depth++
		case c == '}' || c == '｝':
			if depth--; depth == 0 {
				return i + len(string(c))
			}
		}
	}
	return -1
}

// mend turns full-width punctuation outside of strings into JSON's own.
func mend(s string) string {
	quoted, escaped := false, false
	return strings.Map(func(c rune) rune {
		switch {
		case escaped:
			escaped = false
			return c
		case quoted && c == '\\':
			escaped = true
			return c
		case c == '"', !quoted && c == '“', quoted && c == '”', !quoted && c == '＂', quoted && c == '＂':
			quoted = !quoted
			return '"'
		case quoted:
			return c
		}
		switch c {
		case '：':
			return ':'
		case '，':
			return ','
		case '｛':
			return '{'
		case '｝':
			return '}'
		case '［', '【':
			return '['
		case '］', '】':
			return ']'
		}
		return c
	}, s)
}

package openaimodel

import (
	"encoding/json"
	"regexp"
	"strings"
)

var thinking = regexp.MustCompile(`(?s)<(think|thinking|reasoning)>.*?</(think|thinking|reasoning)>`)

// attempts bounds how many opening braces of a text are tried, so that a wall of
// braces costs little; maxObject how long an object may be, in bytes: the longest
// answer that is asked for takes a few thousand; and maxEffort how many bytes are read in
// all of a server's texts together, a share of each, so that objects within objects cost
// little, too.
const (
	attempts  = 64
	maxObject = 32 << 10
	maxEffort = 1 << 20
)

// extract finds the answer in the places where a server may have put it, the best
// first. Where there is none it returns nil and what check said first, nil if it was
// never asked.
func extract(texts []string, check func([]byte) error) (json.RawMessage, error) {
	var fault error
	for _, t := range texts {
		object, err := objectIn(t, check, maxEffort/len(texts))
		if object != nil {
			return object, nil
		}
		if fault == nil {
			fault = err
		}
	}
	return nil, fault
}

// objectIn finds the first balanced JSON object in a model's words that check
// accepts. Thinking, fences and chatter around it do not matter; full-width
// punctuation outside of strings is mended. A cut object is never completed. Once
// effort bytes are read nothing more is tried.
func objectIn(s string, check func([]byte) error, effort int) (json.RawMessage, error) {
	if len(s) > maxBody {
		s = s[:maxBody]
	}
	s = thinking.ReplaceAllString(s, " ")
	if i := strings.LastIndex(s, "</think>"); i >= 0 { // the opening tag was in the template
		s = s[i+len("</think>"):]
	}
	var fault error
	for at, tried := 0, 0; tried < attempts && effort > 0; tried++ {
		i := strings.IndexAny(s[at:], "{｛")
		if i < 0 {
			break
		}
		from := at + i
		read := s[from:min(len(s), from+maxObject)]
		if end := balanced(read); end > 0 {
			read = read[:end]
			object, err := valid(read, check)
			if object != nil {
				return object, nil
			}
			if fault == nil {
				fault = err
			}
		}
		effort -= len(read)
		at = from + 1
	}
	return nil, fault
}

// valid is the text as an object that check accepts, mended if need be.
func valid(s string, check func([]byte) error) (json.RawMessage, error) {
	var fault error
	for _, candidate := range []string{s, mend(s)} {
		if !json.Valid([]byte(candidate)) {
			continue
		}
		if check == nil {
			return json.RawMessage(candidate), nil
		}
		if fault = check([]byte(candidate)); fault == nil {
			return json.RawMessage(candidate), nil
		}
	}
	return nil, fault
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

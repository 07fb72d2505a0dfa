package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marks around a value inside a Chinese sentence until its spaces are set. Values hold no control characters.
const (
	valueStart = '\x02'
	valueEnd   = '\x03'
)

// marked puts marks around the texts among a Chinese sentence's values.
func (v Voice) marked(args Args) Args {
	if v.lang != Chinese {
		return args
	}
	out := make(Args, len(args))
	for k, a := range args {
		if s, ok := a.(string); ok {
			a = string(valueStart) + s + string(valueEnd)
		}
		out[k] = a
	}
	return out
}

// spaced replaces the marks by a space where a Latin letter of a value would touch an ideograph of the
// sentence, as Chinese typography wants: 已通知 Alice。 but 已通知王主管。
func spaced(s string) string {
	if !strings.ContainsAny(s, string(valueStart)+string(valueEnd)) {
		return s
	}
	var b strings.Builder
	last := rune(0)
	for i, r := range s {
		if r != valueStart && r != valueEnd {
			b.WriteRune(r)
			last = r
			continue
		}
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[i:], string(valueStart)+string(valueEnd)))
		if r == valueStart && unicode.Is(unicode.Han, last) && latin(next) || r == valueEnd && latin(last) && unicode.Is(unicode.Han, next) {
			b.WriteByte(' ')
			last = ' '
		}
	}
	return b.String()
}

func latin(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }

package typed

import (
	"strings"
	"unicode"
)

// Fold gives the form in which text is compared: full-width letters, digits and signs become ASCII, every kind of
// blank becomes a space, every dash "-", ASCII letters become lower case. It keeps the number of code points and is
// idempotent.
func Fold(text string) string { return string(folded([]rune(text))) }

func folded(r []rune) []rune {
	out := make([]rune, len(r))
	for i, c := range r {
		out[i] = foldRune(c)
	}
	return out
}

func foldRune(c rune) rune {
	if c >= 0xFF01 && c <= 0xFF5E {
		c -= 0xFEE0
	}
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A'
	case c < 0x80 && !unicode.IsSpace(c):
		return c
	case unicode.IsSpace(c), c == 0x200b, c == 0xfeff:
		return ' '
	case c == '’' || c == '‘':
		return '\''
	case strings.ContainsRune("‐‑‒–—―−﹣", c):
		return '-'
	}
	return c
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func isLatin(c rune) bool { return c >= 'a' && c <= 'z' || isDigit(c) || c == '_' || c == '\'' }

// isPause tells signs that may stand between a verb and what follows.
func isPause(c rune) bool { return strings.ContainsRune(" :,，。、.;；!！~", c) }

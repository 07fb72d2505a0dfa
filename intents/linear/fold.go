package linear

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRunes bounds the work for one text. Chat messages that matter say so early, and a pasted log must not cost more.
const maxRunes = 2000

// Stand-ins from the private use area, one rune each, so that a masked span counts as one character and one word.
const (
	maskMention = '\uE000'
	maskURL     = '\uE001'
	maskDigits5 = '\uE010' // 5–7 digits: a postcode, a part of an order number
	maskDigits8 = '\uE011' // 8–10 digits
	maskPhone   = '\uE012' // 11 digits: a Chinese mobile number
	maskDigits  = '\uE013' // 12–15 digits: a waybill, the second half of an order number
	maskOrder   = '\uE014' // 16 digits and more: an order number
)

// spokenNumbers are numbers that are words: hotlines for complaints and the name of a sale. They keep their digits.
var spokenNumbers = map[string]bool{"12315": true, "12345": true, "12377": true, "12300": true, "315": true, "618": true}

// folded is a text after normalisation: its characters, with single blanks between words, and one hash per token. A
// token is a Latin word, one CJK character, one symbol or one mask.
type folded struct {
	chars  []rune
	tokens []uint32
	word   uint32
	open   bool
	groups []uint16 // of a thesaurus, in order; filled by find
}

// fold normalises text into f, whose old content is dropped. Any bytes are allowed.
func (f *folded) fold(text string) {
	f.chars, f.tokens, f.open = append(f.chars[:0], ' '), f.tokens[:0], false
	for n := 0; len(text) > 0 && n < maxRunes; n++ {
		if mask, size := maskedSpan(text); size > 0 {
			f.single(mask)
			text = text[size:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		r = narrow(r)
		if isDigit(r) {
			size = f.digits(text)
		} else {
			f.add(r)
		}
		text = text[size:]
	}
	f.blank()
}

// add takes one character that is not part of a masked span or a number.
func (f *folded) add(r rune) {
	switch {
	case r == utf8.RuneError || r == '\'' || r == '’' || invisible(r):
	case isCJK(r) || r == '?' || r == '!' || unicode.Is(unicode.So, r):
		f.single(r)
	case unicode.IsLetter(r) || unicode.IsMark(r):
		f.grow(unicode.ToLower(r))
	default:
		f.blank()
	}
}

// digits takes the run of digits that text begins with and returns its length in bytes. A short run keeps its shape
// ("48h" and "72h" become "00h"); a long one becomes the mask of its length, since its digits say nothing.
func (f *folded) digits(text string) int {
	var run [32]byte
	count, size := 0, 0
	for size < len(text) {
		r, n := utf8.DecodeRuneInString(text[size:])
		if r = narrow(r); !isDigit(r) {
			break
		}
		if count < len(run) {
			run[count] = byte(r)
		}
		count++
		size += n
	}
	switch spoken := count <= 5 && spokenNumbers[string(run[:min(count, 5)])]; {
	case spoken:
		for _, b := range run[:count] {
			f.grow(rune(b))
		}
	case count <= 4:
		for range count {
			f.grow('0')
		}
	default:
		f.single(digitMask(count))
	}
	return size
}

func digitMask(count int) rune {
	switch {
	case count <= 7:
		return maskDigits5
	case count <= 10:
		return maskDigits8
	case count == 11:
		return maskPhone
	case count <= 15:
		return maskDigits
	}
	return maskOrder
}

// grow adds a character to the current word.
func (f *folded) grow(r rune) {
	if !f.open {
		f.word, f.open = seedToken, true
	}
	f.word = mix(f.word, r)
	f.chars = append(f.chars, r)
}

// single adds a token of one character.
func (f *folded) single(r rune) {
	f.endWord()
	f.tokens = append(f.tokens, mix(seedToken, r))
	f.chars = append(f.chars, r)
}

// blank ends a word and leaves exactly one blank.
func (f *folded) blank() {
	f.endWord()
	if f.chars[len(f.chars)-1] != ' ' {
		f.chars = append(f.chars, ' ')
	}
}

func (f *folded) endWord() {
	if f.open {
		f.tokens = append(f.tokens, f.word)
		f.open = false
	}
}

// maskedSpan recognises what text begins with: a mention in chat mark-up, or a link. Size 0 means neither.
func maskedSpan(text string) (mask rune, size int) {
	switch text[0] {
	case '<':
		end := strings.IndexByte(text[:min(len(text), 2048)], '>')
		if end < 2 {
			return 0, 0
		}
		switch {
		case text[1] == '@' || text[1] == '#' || text[1] == '!':
			return maskMention, end + 1
		case hasLink(text[1:]):
			return maskURL, end + 1
		}
	case 'h', 'H':
		if hasLink(text) {
			return maskURL, linkLength(text)
		}
	}
	return 0, 0
}

func hasLink(s string) bool {
	return len(s) >= 8 && (strings.EqualFold(s[:7], "http://") || strings.EqualFold(s[:8], "https://"))
}

// linkLength counts the printable ASCII bytes of a link; Chinese text often follows it without a blank.
func linkLength(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= utf8.RuneSelf || s[i] == '>' {
			return i
		}
	}
	return len(s)
}

// narrow maps full-width forms to their ASCII twins and the ideographic blank to a blank.
func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - 0xFEE0
	case r == '\u3000':
		return ' '
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// invisible characters neither show nor separate: zero-width, direction marks, variation selectors, tags.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || (r >= 0xFE00 && r <= 0xFE0F) || (r >= 0xE000 && r <= 0xF8FF)
}

func isCJK(r rune) bool {
	return r >= 0x2E80 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) ||
		unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r))
}

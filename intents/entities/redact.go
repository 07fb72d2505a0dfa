package entities

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// placeholderNames are the words in the placeholders, by type. Times and amounts
// stay: they identify nobody and a model needs them.
var placeholderNames = map[Type]string{
	Order: "ORDER", AfterSale: "AFTERSALE", PlatformNo: "PLATFORM", Waybill: "TRACK", Phone: "PHONE", Email: "EMAIL", ID: "IDNO", Address: "ADDR", Name: "NAME", URL: "URL",
}

var placeholder = regexp.MustCompile(`<[A-Z]{1,12}_[0-9]{1,9}>`)

// longDigits is the shortest run of digits that must not leave the process.
const longDigits = 7

// piece is a part of the text to be replaced, in code points.
type piece struct {
	start, end int
	name       string
}

// Redact replaces what identifies a person or a parcel by typed placeholders
// such as <ORDER_1>, and any other run of seven or more digits by <NUM_1>. found
// are the entities of text as Find reports them. The function it returns puts the
// originals back wherever the placeholders stand, in the same text or another
// one; text that looked like a placeholder before is kept apart (<LIT_1>), so
// nobody can smuggle one in. restore(redacted) == text always holds for valid UTF-8.
func Redact(text string, found []Entity) (redacted string, restore func(string) string) {
	runes := []rune(text)
	pieces := literalPieces(text)
	for _, e := range found {
		name, ok := placeholderNames[e.Type]
		if ok && e.Start >= 0 && e.End <= len(runes) && e.Start < e.End && free(pieces, e.Start, e.End) {
			pieces = append(pieces, piece{e.Start, e.End, name})
		}
	}
	pieces = append(pieces, digitPieces(runes, pieces)...)
	return replace(runes, pieces)
}

func literalPieces(text string) []piece {
	var ps []piece
	for _, m := range placeholder.FindAllStringIndex(text, -1) {
		start := len([]rune(text[:m[0]]))
		ps = append(ps, piece{start, start + m[1] - m[0], "LIT"})
	}
	return ps
}

func free(ps []piece, start, end int) bool {
	for _, p := range ps {
		if start < p.end && p.start < end {
			return false
		}
	}
	return true
}

// digitPieces finds long runs of digits of any script, also where a zero-width
// character or one separator stands between digits.
func digitPieces(r []rune, taken []piece) []piece {
	covered := make([]bool, len(r))
	for _, p := range taken {
		for i := p.start; i < p.end; i++ {
			covered[i] = true
		}
	}
	var ps []piece
	for i := 0; i < len(r); {
		if covered[i] || !unicode.IsNumber(r[i]) {
			i++
			continue
		}
		end, n := i, 0
		for j := i; j < len(r) && !covered[j] && (unicode.IsNumber(r[j]) || joins(r, j)); j++ {
			if unicode.IsNumber(r[j]) {
				n, end = n+1, j+1
			}
		}
		if n >= longDigits {
			ps = append(ps, piece{i, end, "NUM"})
		}
		i = max(end, i+1)
	}
	return ps
}

func joins(r []rune, i int) bool {
	return unicode.Is(unicode.Cf, r[i]) || unicode.Is(unicode.Mn, r[i])
}

func replace(r []rune, pieces []piece) (string, func(string) string) {
	at := make(map[int]piece, len(pieces))
	for _, p := range pieces {
		at[p.start] = p
	}
	names := map[string]string{} // original with its type → placeholder
	originals := map[string]string{}
	counts := map[string]int{}
	var b strings.Builder
	for i := 0; i < len(r); {
		p, ok := at[i]
		if !ok {
			b.WriteRune(r[i])
			i++
			continue
		}
		original := string(r[p.start:p.end])
		key := p.name + " " + original
		if names[key] == "" {
			counts[p.name]++
			names[key] = "<" + p.name + "_" + strconv.Itoa(counts[p.name]) + ">"
			originals[names[key]] = original
		}
		b.WriteString(names[key])
		i = p.end
	}
	return b.String(), func(s string) string {
		return placeholder.ReplaceAllStringFunc(s, func(m string) string {
			if o, ok := originals[m]; ok {
				return o
			}
			return m
		})
	}
}

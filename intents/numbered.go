package intents

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongdan/intents/entities"
)

// InTicket reads a message that names one ticket by its number as it would be said in that ticket's thread: T-12 已退款了 is
// 已退款了, and “hand T-3 to Li” is “hand it to Li”. ok is false where none is named, or more than one.
func InTicket(text string) (number int64, said string, ok bool) {
	text = cut(text, maxRead)
	folded := entities.Fold(text) // code point by code point
	at := ticketNumber.FindStringSubmatchIndex(folded)
	if at == nil || ticketNumber.MatchString(folded[at[3]:]) {
		return 0, "", false
	}
	number, err := strconv.ParseInt(folded[at[4]:at[5]], 10, 64)
	if err != nil {
		return 0, "", false
	}
	runes, from, to := []rune(text), utf8.RuneCountInString(folded[:at[2]]), utf8.RuneCountInString(folded[:at[3]])
	before, after := strings.TrimRightFunc(string(runes[:from]), apart), strings.TrimLeftFunc(string(runes[to:]), apart)
	return number, strings.TrimSpace(before + pronoun(before, after) + after), true
}

// calls is nothing but who is spoken to.
var calls = regexp.MustCompile(`^\s*@\S+$`)

// apart tells what may stand between a number and the words about it.
func apart(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",，、:：;；-—", c) }

// pronoun stands for a ticket between the words about it; at either end of them it needs no word.
func pronoun(before, after string) string {
	switch {
	case strings.TrimFunc(before, apart) == "" || strings.TrimFunc(after, apart) == "":
		return ""
	case calls.MatchString(before):
		return " "
	case strings.ContainsFunc(before+after, func(c rune) bool { return unicode.Is(unicode.Han, c) }):
		return "这单"
	}
	return " it "
}

package intents

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// takenBack are clauses that only take back what their author said before: they tell nothing about what the rest is about.
var takenBack = regexp.MustCompile(`(?i)^\s*(?:` + strings.Join([]string{
	`(?:(?:oops|sorry|pls|please|kindly|hi|hey|and|guys|all|folks)[ :,-]*)*(?:ignore|disregard|forget(?: about)?|skip|never mind)\s+(?:(?:my|the|that|this|what i (?:said|wrote|posted))\s*)?(?:(?:last|previous|prior|above|earlier|first|former)\s*)?(?:message|msg|post|line|note|comment|one|above|text|typo)?(?:\s+(?:above|before|earlier|i sent))?`,
	`(?:请|麻烦|大家|各位|抱歉|不好意思)*(?:忽略|无视|别管|不用管|不用看|撤回)(?:掉|一下)?(?:我)?(?:的)?(?:上一条|上一句|上条|上面(?:的|那条|那句|这条)?|刚才(?:的|那条|那句|发的)?|刚刚(?:的|那条|发的)?|前面(?:的|那条)?|之前(?:的|那条)?)(?:消息|信息|内容)?`,
	`(?:抱歉|不好意思|哦|啊|呃)?(?:刚刚|刚才|上面|前面|上一条|上条)?(?:那条|那个|的)?(?:发错|打错|说错)(?:了|群了)?`,
	`(?:请)?(?:无视|忽略)(?:就好|就行|即可|吧|掉|它)`,
}, "|") + `)\s*(?:哈|吧|了|啦|哦|谢谢|thanks|thx|please|pls)?\s*$`)

// clauseEnd are the marks after which a clause ends.
const clauseEnd = "，。；！？,;!?\n"

// matter is the text without clauses that only take back what was said before; the text itself if hardly anything else is in it.
func matter(text string) string {
	var b strings.Builder
	for clause := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(clauseEnd, r) }) {
		if !takenBack.MatchString(clause) {
			b.WriteString(clause)
			b.WriteByte(' ')
		}
	}
	if utf8.RuneCountInString(b.String()) < 5 || b.Len() >= len(text) {
		return text
	}
	return b.String()
}

package intents

import (
	"strings"
	"unicode/utf8"
)

// takenBack are clauses that only take back what their author said before: they tell nothing about what the rest is about. What
// is sent or skipped may be goods: each names a message, or what came before.
var takenBack = guard(`^\s*(?:` + strings.Join([]string{
	addressee + `(?:ignore|disregard|forget(?: about)?|skip)\s+(?:(?:my|the|that|this)\s+)?(?:` + said + `(?:in|from|of)\s+(?:my|the|that)\s+)?(?:(?:last|previous|prior|above|earlier|former)(?:\s+(?:message|msg|post|line|comment|one|text|typo))?|(?:message|msg|post|comment|typo)\s+(?:above|before))`,
	addressee + `(?:ignore|disregard|scratch|forget(?: about)?)\s+(?:that|this|it)(?:\s+(?:one|message|msg|post|line))?`,
	`(?:请|麻烦|大家|各位|抱歉|不好意思)*(?:忽略|无视|别管|不用管|不用看|撤回)(?:掉|一下)?(?:我)?(?:的)?(?:上一条|上一句|上条|上面(?:的|那条|那句|这条)?|刚才(?:的|那条|那句|发的)?|刚刚(?:的|那条|发的)?|前面(?:的|那条)?|之前(?:的|那条)?)(?:消息|信息|内容)?`,
	`(?:抱歉|不好意思|哦|啊|呃)?(?:刚刚|刚才)?(?:发错群|消息发错|(?:上一条|上条|上面那?条)发错|打错字?|说错)`,
	`(?:请)?(?:无视|忽略)(?:就好|就行|即可|吧|掉|它)`,
}, "|") + `)\s*(?:哈|吧|了|啦|哦|谢谢|thanks|thx|please|pls)*\s*$`)

// addressee is what may come before, said what of an earlier message is taken back.
const (
	addressee = `(?:(?:oops|sorry|pls|please|kindly|hi|hey|and|guys|all|folks)[ :-]*)*`
	said      = `(?:instructions?|info(?:rmation)?|details?|part|number|order|address|bit|words?|text|typo)\s+(?:(?:i|we)\s+(?:wrote|sent|gave|posted)\s+)?`
)

// clauseEnds are the marks after which a clause ends.
const clauseEnds = "，。；！？,.;!?\n"

// matter is the text without clauses that only take back what was said before; the text itself if hardly anything else is in it.
func matter(text string) string {
	var b strings.Builder
	for rest := text; rest != ""; {
		end := len(rest)
		if i := strings.IndexAny(rest, clauseEnds); i >= 0 {
			_, size := utf8.DecodeRuneInString(rest[i:])
			end = i + size
		}
		if clause := rest[:end]; !takenBack.MatchString(strings.ToLower(strings.TrimRight(clause, clauseEnds))) {
			b.WriteString(clause)
		}
		rest = rest[end:]
	}
	if utf8.RuneCountInString(b.String()) < 5 {
		return text
	}
	return b.String()
}

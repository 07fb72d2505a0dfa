package intents

import (
	"regexp"
	"strings"

	"gongdan/intents/entities"
)

// handed are the ways to tell a colleague, called by “@”, that a ticket is theirs: @小李 你处理下, @Anna can you take it.
var handed = []*regexp.Regexp{
	regexp.MustCompile(`^(?:麻烦|请|那)*\s*@(\S+?)[\s,，:：]*(?:这[单张个])?(?:麻烦|请|帮忙|辛苦)?[你您]?(?:来|去|先)?(?:处理|跟进|跟|接手|接|负责|搞)(?:一?下|着|吧|哈|呗|啦|这[单张个]|[!！。~～\s])*$`),
	regexp.MustCompile(`^(?:(?:hey|hi|please)\s+)*@(\S+?)[\s,:]+(?:(?:please|pls|can you|could you|would you|will you|you)\s+)*(?:take|handle|pick up|take over|look after|own|deal with)(?:\s+(?:it|this one|this|over))?(?:\s+(?:please|pls|for me|now))*[\s?.!]*$`),
}

// HandedTo is whom words as said in a ticket's thread tell to take it, as written; ok is false where nobody is.
func HandedTo(said string) (who string, ok bool) {
	said = cut(strings.TrimSpace(said), commandRunes+nameRunes)
	folded := entities.Fold(said) // code point by code point
	for _, way := range handed {
		if at := way.FindStringSubmatchIndex(folded); at != nil {
			from := len([]rune(folded[:at[2]]))
			return string([]rune(said)[from : from+len([]rune(folded[at[2]:at[3]]))]), true
		}
	}
	return "", false
}

// onlyUrges are words that do no more than urge, or are courtesy and labels beside that.
var onlyUrges = regexp.MustCompile(`^(?:(?:麻烦|请|帮忙|帮我|你们|您们|再|亲|老板|各位|订单号?|单号|这单|这个|这张|的|一下|下|了|吧|哦|啊|哈|呀|谢谢|急|很急|` +
	`please|pls|can you|could you|the|my|this|order|no|number|for|with|on|up|it|a|bit|of|asap|again|thanks|thank you|team|guys|hi|hello)[\s,，。.!！~～:：#]*)*` +
	`(?:催催|催一?下|催一催|催单|催|加急(?:处理)?|尽快(?:处理)?|快点(?:处理)?|抓紧(?:处理)?|hurry(?: up)?|urge|chase(?: up)?|speed (?:it )?up|expedite|nudge)[\s,，。.!！~～:：#]*` +
	`(?:(?:麻烦|请|帮忙|一下|下|吧|啊|哈|呀|呗|哦|了|订单号?|单号|这单|这个|这张|的|处理|谢谢|谢了|急|很急|` +
	`please|pls|the|my|this|order|no|number|for|with|on|up|it|asap|thanks|thank you|handling|processing)[\s,，。.!！~～:：#]*)*$`)

// Urges tells whether a message does nothing but urge, beside the numbers that it names: 麻烦催一下 2024112233445566778.
func Urges(text string, found []entities.Entity) bool {
	rest := []rune(cut(text, maxRead))
	for _, e := range found {
		if e.Type == entities.Amount || e.Type == entities.Time {
			continue
		}
		for i := e.Start; i < min(e.End, len(rest)); i++ {
			rest[i] = ' '
		}
	}
	said := strings.Join(strings.Fields(calledBot.ReplaceAllString(plain(string(rest)), " ")), " ")
	return len([]rune(said)) <= 2*mineRunes && onlyUrges.MatchString(strings.Trim(said, " ,，。.!！~～:：#"))
}

// calledBot is a mention.
var calledBot = regexp.MustCompile(`@\S+`)

package intents

// mineRunes is the longest question that is taken for one about the tickets somebody has.
const mineRunes = 30

// mine asks for the tickets that whoever asks has or has opened, as a whole.
var mine = guard(`我(?:手上|手里|名下|这边)(?:还)?(?:有|的|剩)|(?:分|派|分派|指派|转)给我的|我(?:还)?有(?:哪些|几[张个单]|多少)|我的(?:工单|单子?|待办)(?:还)?(?:有|都|列|$|[?？])|哪些(?:工单|单子?)?是我的|` +
	`\b(?:which|what|how many)\b[^.;,]*\btickets?\b[^.;,]*\b(?:mine|i have|have i|do i have|my name|me)\b|\bmy (?:open )?tickets\b|\bassigned to me\b|what(?:'s| is) on my plate`)

// AsksMine tells whether a question is about no ticket in particular but about all that whoever asks has.
func AsksMine(text string) bool {
	text = plain(cut(text, maxRead))
	return len([]rune(text)) <= 2*mineRunes && mine.MatchString(text) && !ticketNumber.MatchString(text)
}

var saysMine = guard(`我的[^,，。]{0,6}(?:工单|单子)|\bmy\b[^.;,]{0,30}\btickets?\b`)

// SaysMine tells whether a text speaks of a ticket as its author's own, though not of which.
func SaysMine(text string) bool {
	text = plain(cut(text, maxRead))
	return saysMine.MatchString(text) && !ticketNumber.MatchString(text)
}

// TypeSaid is the type of ticket that a text names, "" of none: any news on my return ticket?
func TypeSaid(text string) string { return problemType(plain(cut(text, maxRead))) }

// wondering are words by which a sentence may ask without a sign of it: T-1 卡在哪里.
var wondering = guard(`谁|哪|什么|怎|为何|为啥|多少|几[点时天个]|吗|呢|么|\?|\b(?:what|why|how|who|where|when|which|whether|status|progress|update|news)\b`)

// Wonders tells whether a text may ask something, however it is put.
func Wonders(text string) bool { return wondering.MatchString(plain(cut(text, maxRead))) }

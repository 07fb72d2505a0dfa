package intents

import (
	"slices"
	"strings"

	"gongdan/intents/entities"
)

// market are the marketplaces by name, and kindOfTicket what may stand between such a name and the word ticket.
const (
	market       = `(?:tmall|taobao|doudian|douyin|pinduoduo|pdd|jd|marketplace|platform)`
	kindOfTicket = `(?:(?:new|urgent|after-?sales?|complaint|coop(?:eration)?|service|customer|platform)[ -]){0,2}`
)

var (
	fromPlatform = guard(`协同工单|协同单|客满(?:服务)?(?:工?单)|服务请求|平台工单|(?:抖店|天猫|淘宝|拼多多|京东)工单|平台服务单` +
		`|(?:平台|抖店|抖音|天猫|淘宝|拼多多|京东|小二)(?:那边|这边|后台|官方)?(?:又|刚|刚刚|突然)?(?:下发|派发|推送|发来|发起|来|下|派)(?:了)?(?:一?[张个条])?(?:新的?)?(?:售后|投诉)?(?:工单|请求)` +
		`|platform (?:ticket|request|work order)|service request|coop(?:eration)? ticket|\b` + market + `(?:'s)? ` + kindOfTicket + `(?:ticket|work order)`)
	fromProvider = guard(`服务商工单|服务商(?:发来|派来|下发)|provider ticket|provider work order`)
	arrived      = guard(`下了|来了|下发|新增|收到|有(?:一|个|张|新)|又来|刚来|刚下|要回|要处理|需要?回复|截止|超时|到期|进来|received|arrived|came in|just in|new|reply by|due|got`)
	comes        = guard(`[来下派]了?(?:一?[张个条])?(?:新的?)?(?:协同|客满|售后|投诉)?工单`)
	// wished is one that somebody asks for: open a Tmall ticket for this order.
	wished = guard(`\b(?:open|create|make|raise|file|start|log)(?:ed)?(?: up)?(?: me| us)?(?: an?| the| one)? (?:new )?` + market + `\b`)
	// intervenes is what the marketplace's staff demand of the shop once they have stepped in.
	intervenes = guard(`小二[^,。;\n]{0,8}(?:要|让|叫|催|通知|限)[^,。;\n]{0,20}(?:举证|凭证|证据|回复|答复|反馈|处理)|平台[^,。;\n]{0,6}(?:要|让|叫|催|通知|限)[^,。;\n]{0,20}(?:举证|凭证|证据)` +
		`|\b` + market + `(?:'s)?(?: staff| support| mediators?| agents?| customer service)? (?:wants?|asks?|asked|needs?|requires?|told|demands?)\b[^,.;\n]{0,40}(?:evidence|proof)`)
	ruleTalk = guard(`规则|规定|新规|以后|每次|一般|政策|培训|\b(?:rules?|policy|policies|usually|always|every time|from now on)\b`)
)

// originIn tells a ticket that the platform or a service provider sent from talk
// about such tickets: a number, a deadline or a word of arrival must stand by.
func originIn(text string, f Fields, found []entities.Entity) string {
	numbered := f.PlatformNo != "" || f.Order != "" || f.AfterSale != ""
	if (numbered || dated(found)) && intervenes.MatchString(text) && !ruleTalk.MatchString(text) && (numbered || !isQuestion(text)) {
		return "platform"
	}
	if !strings.Contains(text, "工单") && !strings.Contains(text, "请求") && !strings.Contains(text, "服务") && !strings.Contains(text, "客满") && !strings.Contains(text, "ticket") && !strings.Contains(text, "request") && !strings.Contains(text, "work order") {
		return ""
	}
	switch {
	case isQuestion(text) && statusWords.MatchString(text):
		return ""
	case !numbered && (isQuestion(text) || !arrived.MatchString(text) && !(dated(found) && comes.MatchString(text))):
		return ""
	case fromProvider.MatchString(text):
		return "provider"
	case fromPlatform.MatchString(text) && !wished.MatchString(text):
		return "platform"
	}
	return ""
}

// dated tells whether a message names a deadline.
func dated(found []entities.Entity) bool {
	return slices.ContainsFunc(found, func(e entities.Entity) bool { return e.Type == entities.Time && e.Sense == entities.Deadline })
}

// notices are the words in which a marketplace's ticket is told of, which say nothing of what it is about.
var notices = guard(`@\S+|天猫|淘宝|抖店|抖音(?:电商)?|拼多多|多多客服|京东|京麦|千牛|飞鸽|商家(?:后台)?|平台|小二|官方|协同|客满|服务商?|工?单号?|请求|编号|收到|进来|过来|我们|咱们|大家|需要|必须|尽快|立即|马上|务必|处理|回复|答复|反馈|完结|登记|提交|即将|超时|逾期|截止|到期|剩余?|还剩|还有|还差|[只仅]剩|倒计时|时[间限效]|通知|提醒|创建|生成|下发|发起|派发|推送|请|麻烦|跟进?|看|` +
	`[您有新一条张个的了下来到进刚又要需在于前后内就快会将回发帮忙去]|\b(?:an?|the|we|us|our|i|just|new|ha[sd]|have|got|gets?|is|was|be|been|it|this|that|tmall|taobao|doudian|douyin|pinduoduo|pdd|jd|platform|marketplace|service|coop(?:eration)?|tickets?|requests?|work|orders?|case|no|number|id|c[ao]mes?|coming|in|through|at|by|on|around|about|from|for|of|received|arrived|sent|landed|must|should|needs?|to|please|pls|answer(?:ed)?|reply|respond|response|handle|process|within|hours?|hrs?|mins?|minutes?|h|left|remaining|time|due|deadline|before|until|go|expires?|soon|today|tomorrow|created|opened|issued|and|will|times?|out|need|less|more|than|only|almost|over|under|still)\b`)

// says tells whether a marketplace's ticket says anything of what it is about. A model guesses at the rest by its tone.
func (r *reading) says() bool {
	rest := []rune(r.Text)
	for _, e := range r.d.Entities {
		for i := e.Start; i < e.End; i++ {
			rest[i] = ' '
		}
	}
	return len([]rune(bare(notices.ReplaceAllString(plain(string(rest)), " ")))) > 1
}

package intents

import (
	"strings"
	"time"

	"gongdan/intents/entities"
)

// A card is a notice of a marketplace that somebody pasted or that a program relayed: a
// message of the seller's back office, a text message, a mail. It differs from an
// agent's own words by its head (【抖店】) and its formal tone.
var (
	cardHead = guard(`[【\[][^】\]]{0,12}(?:抖店|抖音|飞鸽|天猫|千牛|淘宝|拼多多|多多|京东|京麦|小红书|快手|视频号|微店|平台|服务商|tmall|taobao|doudian|douyin|pinduoduo|pdd|jd|platform)[^】\]]{0,12}[】\]]`)
	formal   = guard(`距离?(?:超时|截止|到期|逾期)|[0-9]后(?:自动)?(?:超时|截止|到期|逾期)|剩余(?:处理|回复|响应|举证|答复|操作|审核)?(?:时间|时长|时效|时限)[ :是为]*[0-9一二两三四五六七八九十半]|(?:还剩|剩余?|仅剩|只剩|倒计时)[ :]*(?:[0-9]{1,3}:[0-9]{2}|[^,。;\n]{1,12}(?:超时|逾期|到期|截止))|time (?:left|remaining)|remaining time|您有|您的|您店铺|尊敬的|亲爱的|商家您?好|介入|逾期|即将超时|自动同意|举证|(?:提醒|通知|公告)[:： ]|(?:(?:创建|生成|发起|下发|截止|处理)(?:时间|时限)|处理截止)[:：]|已下发|dear (?:merchant|seller)|you have|will be (?:approved|closed|refunded)|automatically`)
	urged    = guard(`请(?:您)?(?:在|于|尽快)[^。\n]{0,40}(?:处理|回复|回覆|反馈|举证|上传|完结|提交|答复)|please (?:reply|respond|process|handle|answer)|(?:reply|respond|answer|handle) (?:by|within|in )|(?:还剩|剩余|仅剩|只剩|还有)[ :]*[^,。;\n]{1,10}(?:小时|分钟?|秒|[0-9]h)|(?:hours?|hrs?|h|min(?:ute)?s?|[0-9]{2}) (?:left|remaining)`)
	provider = guard(`服务商工单|provider (?:ticket|work order)`)
)

// cardOrigin tells who sent the ticket that a pasted notice speaks of, or "".
func cardOrigin(text string, f Fields) string {
	if !strings.ContainsAny(text, "【[") || !cardHead.MatchString(text) {
		return ""
	}
	numbered := f.PlatformNo != "" || f.AfterSale != ""
	if !formal.MatchString(text) && !(numbered && urged.MatchString(text)) {
		return ""
	}
	if provider.MatchString(text) {
		return "provider"
	}
	if !numbered && f.Order == "" && !strings.Contains(text, "工单") && !strings.Contains(text, "ticket") {
		return ""
	}
	return "platform"
}

// relative matches a deadline that is a length of time: such a one in a notice counts
// from the creation of the ticket, not from when it was read. So does "answer in 2 hours", but not "expires in 2 hours".
var (
	relative = guard(`内$|^within `)
	ahead    = guard(`^in `)
	duty     = guard(`(?:answer|repl[yi]|respond|handle|process|react|resolve|close)[^,.;]{0,8}$`)
)

// allowance tells whether a time is a length that was allowed for the ticket.
func (r dueReader) allowance(e entities.Entity) bool {
	before, text := r.before(e, 14), entities.Fold(e.Text)
	if e.Sense == entities.Duration {
		return allowed.MatchString(before) || allowedAfter.MatchString(r.after(e, 14))
	}
	return e.Sense == entities.Deadline && relative.MatchString(text) ||
		(e.Sense == entities.Deadline || e.Sense == entities.Point) && ahead.MatchString(text) && duty.MatchString(before)
}

// Words beside a length of time that make it the time allowed, or what is left of it.
var (
	allowed      = guard(`(?:时限|时效|限时|处理时间|回复时间|规定时间|reply within|respond within|sla|(?:we|you) (?:only |still )?(?:have|got)(?: only| just)?)[ :是为]*$`)
	allowedAfter = guard(`^ to (?:answer|reply|respond|handle|react)|^ ?(?:sla|时效|时限)`)
	left         = guard(`(?:剩余|还剩|仅剩|只剩|剩下|倒计时|余)[^,。;0-9]{0,8}$|(?:还有|只有|仅有|还差|剩|最后)(?:大?约|大概|不到|不足|最多|仅)?[ :]*$|(?:left|remaining)(?: time)?[ :]*(?:is )?$|距?离?(?:超时|截止|到期|逾期)(?:时间)?(?:还有|只有|仅有|还剩|只剩)[ :约]*$|(?:距离?(?:超时|截止|到期|逾期)|离(?:超时|到期|逾期))(?:时间)?[ :约]*$|\b(?:expir(?:es?|ing)|tim(?:es?|ing) out|due|ends?|closes?) in *$`)
	leftAfter    = guard(`^ ?(?:left|remain(?:ing|s)?|to go|until it (?:expires|times out)|before it (?:expires|times out)|(?:until|till|to|before) (?:the )?(?:time-?out|deadline|expiry))(?:$|[^a-z])|^ ?之?后(?:就|便|将|会|自动|即)*(?:超时|截止|到期|逾期)`)
)

// isLeft tells whether a length of time is what is left of the time allowed.
func (r dueReader) isLeft(e entities.Entity) bool {
	return e.Sense == entities.Duration && (left.MatchString(r.before(e, 14)) || leftAfter.MatchString(r.after(e, 24)))
}

// deadline gives the instant that a time of a ticket sent by a marketplace means, where
// it is a deadline at all.
func (r dueReader) deadline(e entities.Entity) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, e.Value)
	switch {
	case err != nil:
		return at, false
	case r.isLeft(e):
		return at, true
	case r.allowance(e):
		return r.fromCreation(e, at), true
	}
	return at, e.Sense == entities.Deadline || e.Sense == entities.Point
}

// fromCreation moves a length counted from now to one counted from the creation.
func (r dueReader) fromCreation(e entities.Entity, at time.Time) time.Time {
	if r.created.IsZero() {
		return at
	}
	if moved, ok := readAt(e.Text, r.created, r.m.Zone); ok {
		return moved
	}
	return at
}

var loneNumber = guard(`(?:^|[^0-9a-z-])([0-9]{8,20})(?:$|[^0-9a-z-])`)

// loneNo is the only number of a notice that nothing else has claimed.
func loneNo(m Message, found []entities.Entity) string {
	rest := []rune(entities.Fold(m.Text))
	for _, e := range found {
		for i := e.Start; i < e.End && i < len(rest); i++ {
			rest[i] = '，'
		}
	}
	ms := loneNumber.re().FindAllStringSubmatch(string(rest), 2)
	if len(ms) != 1 {
		return ""
	}
	return ms[0][1]
}

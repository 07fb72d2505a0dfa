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
	formal   = guard(`您有|您的|您店铺|尊敬的|亲爱的|商家您?好|介入|逾期|即将超时|自动同意|举证|(?:提醒|通知|公告)[:： ]|(?:(?:创建|生成|发起|下发|截止|处理)(?:时间|时限)|处理截止)[:：]|已下发|dear (?:merchant|seller)|you have|will be (?:approved|closed|refunded)|automatically`)
	urged    = guard(`请(?:您)?(?:在|于|尽快)[^。\n]{0,40}(?:处理|回复|回覆|反馈|举证|上传|完结|提交|答复)|please (?:reply|respond|process|handle|answer)|(?:reply|respond) (?:by|within)`)
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
// from the creation of the ticket, not from when it was read.
var relative = guard(`内$|^(?:within|in) `)

// Words before a length of time that make it the time allowed, or what is left of it.
var (
	allowed = guard(`(?:时限|时效|限时|处理时间|回复时间|规定时间|reply within|respond within|sla)[ :：为是]*$`)
	left    = guard(`(?:剩余|还剩|仅剩|余)[^,，。;；0-9]{0,8}$|(?:left|remaining)[ :]*$`)
)

// deadline gives the instant that a time of a ticket sent by a marketplace means, where
// it is a deadline at all.
func (r dueReader) deadline(e entities.Entity) (time.Time, bool) {
	before := r.before(e, 14)
	at, err := time.Parse(time.RFC3339, e.Value)
	switch {
	case err != nil:
		return at, false
	case e.Sense == entities.Duration && left.MatchString(before):
		return at, true
	case e.Sense == entities.Duration && allowed.MatchString(before), e.Sense == entities.Deadline && relative.MatchString(entities.Fold(e.Text)):
		return r.fromCreation(e, at), true
	}
	return at, e.Sense == entities.Deadline || e.Sense == entities.Point
}

// fromCreation moves a length counted from now to one counted from the creation.
func (r dueReader) fromCreation(e entities.Entity, at time.Time) time.Time {
	if r.created.IsZero() {
		return at
	}
	for _, again := range entities.Find(e.Text, entities.Options{Now: r.created, Zone: r.m.Zone}) {
		if again.Type != entities.Time {
			continue
		}
		if moved, err := time.Parse(time.RFC3339, again.Value); err == nil {
			return moved
		}
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

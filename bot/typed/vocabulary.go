package typed

import "slices"

// entry is one verb with the words for it. The first of each language is the one to suggest. Words are folded.
type entry struct {
	verb    Verb
	english []string
	chinese []string
	// loose lets any text follow a Chinese word without a space, for verbs that take words.
	loose bool
}

var vocabulary = []entry{
	{New, []string{"new", "create"}, []string{"新建", "新建工单", "建工单", "建单", "开单", "创建工单", "创建", "提单", "提工单"}, true},
	{List, []string{"list", "ls", "all"}, []string{"列表", "工单列表", "全部工单", "全部", "所有工单", "清单"}, false},
	{Mine, []string{"mine", "my", "my tickets"}, []string{"我的", "我的工单", "我的单"}, false},
	{Show, []string{"show", "view", "get", "status", "detail", "details", "look up"}, []string{"查看", "查询", "查单", "详情", "进度", "查进度", "看"}, false},
	{Claim, []string{"claim", "take", "grab", "i'll take it", "taking it", "take it"}, []string{"领取", "认领", "接单", "领单", "我来处理", "我来", "我跟", "我接"}, false},
	{Assign, []string{"assign", "assign to", "transfer", "transfer to", "reassign", "reassign to", "handover", "hand over to", "hand to", "give to"},
		[]string{"转交", "转交给", "分派", "分派给", "改派", "改派给", "指派", "指派给", "转给", "派给", "分给", "交给", "转派", "转派给", "分配", "分配给"}, true},
	{Note, []string{"note", "comment", "remark"}, []string{"备注", "记录", "补充", "留言", "买家又问"}, true},
	{Replied, []string{"replied", "replied on platform", "replied on the platform", "answered", "answered on platform", "platform replied", "reply recorded"},
		[]string{"已回复平台", "已回复", "已登记回复", "平台已回复", "已在平台回复", "补登记", "登记回复"}, false},
	{Wait, []string{"wait", "wait for", "waiting", "waiting for", "waiting on", "pending", "hold"}, []string{"等待", "等", "在等", "等一下", "挂起"}, false},
	{Resume, []string{"resume", "continue", "go on", "unhold", "back to work"}, []string{"继续", "继续处理", "恢复", "恢复处理"}, false},
	{Urge, []string{"urge", "hurry", "nudge", "chase", "urge them"}, []string{"催单", "催一下", "催", "催促", "催催", "催办"}, false},
	{Resolve, []string{"resolve", "resolved", "done", "solved", "fixed", "finish", "finished", "complete", "completed"},
		[]string{"完结", "已处理", "已完结", "处理完了", "处理完", "处理好了", "已处理完", "已解决", "解决了", "搞定", "已完成", "办结", "结单"}, false},
	{Close, []string{"close", "closed", "confirm", "close it"}, []string{"关闭", "关单", "已关闭", "确认关闭", "确认解决"}, false},
	{Reopen, []string{"reopen", "re-open", "open again", "not solved", "undo"}, []string{"重开", "重新打开", "重新开启", "没解决", "未解决", "再打开"}, false},
	{SendBack, []string{"sendback", "send back", "send-back", "needs info", "need info"}, []string{"打回", "退回补充", "打回补充", "驳回"}, false},
	{Cancel, []string{"cancel", "cancel ticket", "withdraw"}, []string{"撤单", "撤销工单", "取消工单"}, false},
	{Discard, []string{"discard", "not a ticket", "no ticket", "not ticket"}, []string{"不是工单", "不算工单", "误建", "建错了"}, false},
	{Ack, []string{"ack", "on it", "i'm on it"}, []string{"我来跟进", "我来跟", "已跟进", "跟进"}, false},
	{Severity, []string{"severity", "priority", "urgency", "set severity", "set priority", "change severity", "change priority"},
		[]string{"紧急程度", "优先级", "改紧急程度", "改优先级", "调整紧急程度", "调整优先级", "调优先级", "加急"}, false},
	{Type, []string{"type", "set type", "change type", "retype"}, []string{"类型", "改类型", "工单类型", "换类型"}, false},
	{Origin, []string{"origin", "set origin", "change origin"}, []string{"来源", "改来源", "工单来源"}, false},
	{Due, []string{"due", "due at", "due by", "deadline", "platform deadline", "platform moved to", "platform moved it to"},
		[]string{"平台截止", "截止", "截止时间", "平台截止时间", "后台截止", "后台改到", "改截止", "平台改到", "平台延到", "小二改到"}, false},
	{Promise, []string{"promise", "promised", "promise by", "promised by", "promised the buyer", "promise the buyer"},
		[]string{"答应买家", "承诺", "答应", "答应客户", "答应顾客", "承诺买家", "承诺客户"}, false},
	{Correct, []string{"correct", "correct breach", "correct the breach", "correct record", "correct the record"},
		[]string{"更正超时", "更正记录", "更正超时记录", "更正"}, false},
	{Snooze, []string{"snooze", "snooze for", "snooze until", "remind later", "remind me later", "remind me in", "remind me at"},
		[]string{"稍后提醒", "暂缓提醒", "晚点提醒", "过会儿提醒", "等会儿提醒"}, false},
	{Tag, []string{"tag", "tags", "label", "untag"}, []string{"标签", "打标签", "加标签", "贴标签", "去标签", "删标签"}, false},
	{Why, []string{"why", "explain", "why is"}, []string{"为什么", "为啥", "判断依据", "怎么判断的"}, false},
	{Missed, []string{"missed", "misses", "possible misses"}, []string{"漏单", "疑似漏单", "漏掉的"}, false},
	{Help, []string{"help", "?", "h", "usage", "what can you do", "what do you do", "how do you work", "how do i use you", "who are you"},
		[]string{"帮助", "用法", "怎么用", "说明", "命令", "你能做什么", "你能干什么", "你会做什么", "你会什么", "能做什么", "你是谁", "怎么用你"}, false},
}

// implied is what a word says beside its verb: the severity, who asks again, who gave a due time, or that tags go.
var implied = map[string]string{
	"加急": "urgent", "买家又问": "customer", "平台改到": fromStaff, "平台延到": fromStaff, "小二改到": fromStaff, "platform moved to": fromStaff,
	"platform moved it to": fromStaff, "untag": tagsGo, "去标签": tagsGo, "删标签": tagsGo,
}

const (
	fromStaff = "staff"
	tagsGo    = "remove"
)

// word is one way to say a verb.
type word struct {
	text    []rune
	entry   *entry
	chinese bool
}

// longestFirst lists all words so that of two that match the longer is found first.
var longestFirst = sortedWords()

func sortedWords() []word {
	var out []word
	for i := range vocabulary {
		e := &vocabulary[i]
		for _, w := range e.english {
			out = append(out, word{[]rune(w), e, false})
		}
		for _, w := range e.chinese {
			out = append(out, word{[]rune(w), e, true})
		}
	}
	slices.SortStableFunc(out, func(a, b word) int { return len(b.text) - len(a.text) })
	return out
}

// verbOf is the verb of a word, "" of none.
func verbOf(w word) Verb {
	if w.entry == nil {
		return ""
	}
	return w.entry.verb
}

// suggest is the word to name in the language of what was typed.
func (w word) suggest() string {
	if w.chinese {
		return w.entry.chinese[0]
	}
	return w.entry.english[0]
}

// pair is a word and its canonical value.
type pair struct{ word, value string }

// parties are the words for whom a ticket waits, longest first within a value's first letters.
var parties = []pair{
	{"店铺方", "merchant"}, {"店铺", "merchant"}, {"店主", "merchant"}, {"商家", "merchant"}, {"品牌方", "merchant"}, {"老板", "merchant"},
	{"merchant", "merchant"}, {"shop", "merchant"}, {"seller", "merchant"}, {"brand", "merchant"},
	{"买家", "customer"}, {"顾客", "customer"}, {"客户", "customer"}, {"客人", "customer"}, {"消费者", "customer"}, {"customer", "customer"}, {"buyer", "customer"},
	{"仓库", "warehouse"}, {"仓", "warehouse"}, {"库房", "warehouse"}, {"warehouse", "warehouse"},
	{"快递", "courier"}, {"物流", "courier"}, {"快递公司", "courier"}, {"承运商", "courier"}, {"courier", "courier"}, {"carrier", "courier"}, {"logistics", "courier"},
	{"平台", "platform"}, {"小二", "platform"}, {"平台小二", "platform"}, {"platform", "platform"}, {"marketplace", "platform"},
}

// optionNames are the options of a new ticket.
var optionNames = map[string]string{
	"origin": "origin", "来源": "origin", "platform": "platform", "平台": "platform", "shop": "shop", "store": "shop", "店铺": "shop",
	"order": "order", "订单": "order", "订单号": "order", "type": "type", "类型": "type", "severity": "severity", "priority": "severity",
	"紧急程度": "severity", "优先级": "severity", "no": "no", "平台单号": "no", "due": "due", "deadline": "due", "截止": "due", "created": "created", "生成时间": "created",
}

// optionValues gives canonical values, by option.
var optionValues = map[string][]pair{
	"origin": {{"平台工单", "platform"}, {"平台", "platform"}, {"platform", "platform"}, {"marketplace", "platform"}, {"服务商工单", "provider"},
		{"服务商", "provider"}, {"provider", "provider"}, {"内部工单", "internal"}, {"内部", "internal"}, {"internal", "internal"}},
	"platform": {{"天猫", "tmall"}, {"淘宝", "taobao"}, {"抖音", "douyin"}, {"抖店", "douyin"}, {"doudian", "douyin"}, {"拼多多", "pinduoduo"},
		{"pdd", "pinduoduo"}, {"京东", "jd"}, {"微信", "wechat"}, {"微信小店", "wechat"}},
	"severity": {{"紧急", "urgent"}, {"加急", "urgent"}, {"特急", "urgent"}, {"urgent", "urgent"}, {"critical", "urgent"}, {"高", "high"}, {"high", "high"},
		{"普通", "normal"}, {"一般", "normal"}, {"中", "normal"}, {"正常", "normal"}, {"normal", "normal"}, {"medium", "normal"}, {"低", "low"}, {"low", "low"}},
	"type": {{"退货", "goods_return"}, {"return", "goods_return"}, {"换货", "exchange"}, {"维修", "repair"}, {"仅退款", "refund"}, {"退款", "refund"}, {"补偿", "compensation"},
		{"退货退款", "goods_return"}, {"修理", "repair"}, {"赔付", "compensation"}, {"refund only", "refund"}, {"lost parcel", "lost"}, {"delivery delay", "delay"},
		{"物流延迟", "delay"}, {"丢件", "lost"}, {"物流查询", "tracking"}, {"催发货", "ship_reminder"}, {"提醒发货", "ship_reminder"}, {"面单", "waybill"},
		{"改单", "change"}, {"审单", "review"}, {"打单", "print"}, {"缺货", "stockout"}, {"价保", "price"}, {"价格", "price"}, {"发票", "invoice"}, {"商品咨询", "product"},
		{"活动优惠", "promotion"}, {"平台规则", "platform_rule"}, {"平台通知", "platform_notice"}, {"投诉", "complaint"}, {"其他", "other"},
		{"内容宣传", "listing"}, {"服务态度", "service"}, {"已公开的投诉", "public_complaint"}, {"公开投诉", "public_complaint"}, {"高危投诉", "high_risk"},
		{"风险商品", "unsafe_product"}, {"重要客户跟进", "care"}, {"面单问题", "waybill"}, {"out of stock", "stockout"}, {"ship reminder", "ship_reminder"},
		{"unsafe product", "unsafe_product"}, {"high-risk complaint", "high_risk"}, {"public complaint", "public_complaint"}},
}

// originWords name an origin by themselves, inside the text of a new ticket.
var originWords = []pair{
	{"平台工单", "platform"}, {"协同工单", "platform"}, {"平台服务请求", "platform"}, {"platform ticket", "platform"},
	{"服务商工单", "provider"}, {"provider ticket", "provider"}, {"内部工单", "internal"}, {"internal ticket", "internal"},
}

// Words lists every word by verb, folded.
func Words() map[Verb][]string {
	out := map[Verb][]string{}
	for _, e := range vocabulary {
		out[e.verb] = slices.Concat(e.english, e.chinese)
	}
	return out
}

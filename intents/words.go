package intents

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gongdan/intents/entities"
)

var markup = guard(`<[@#!][^<>]*>|:[a-z0-9_+'-]{2,40}:|\[(?:图片|语音|视频|文件|表情|动画表情|image|photo|video|file|sticker)\]`)

// plain is a text folded and rid of mentions, emoji codes and outer blanks.
func plain(s string) string {
	s = entities.Fold(s)
	if strings.ContainsAny(s, "<:[") {
		s = markup.ReplaceAllString(s, " ")
	}
	return strings.TrimSpace(s)
}

// bare keeps letters and digits only, so that 好的～ and 好的!! are 好的.
func bare(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, s)
}

// smallTalk lists whole messages that are no business of a ticket.
var smallTalk = map[string][]string{
	"greeting": {"早", "早上好", "早安", "上午好", "中午好", "下午好", "晚上好", "晚安", "大家好", "大家早", "各位早", "各位早上好", "早啊", "早呀", "你好", "您好", "hello", "hi", "hey", "hihi", "嗨", "哈喽", "哈啰", "在吗", "在么", "在不在", "有人吗", "有人在吗", "goodmorning", "goodafternoon", "goodevening", "goodnight", "morning", "gm", "morningall", "morningeveryone", "goodmorningall", "goodmorningteam", "hiall", "helloeveryone", "hiteam", "heyteam", "上班了", "我上线了", "我来了", "下班了", "我下班了", "拜拜", "bye", "88", "明天见", "seeyou", "seeyoutomorrow", "周末愉快", "新年快乐", "节日快乐", "happyfriday"},
	"thanks":   {"谢谢", "谢谢啦", "谢谢你", "谢谢大家", "谢了", "多谢", "感谢", "非常感谢", "辛苦了", "辛苦", "大家辛苦了", "辛苦大家", "谢谢老板", "3q", "thx", "thanks", "thankyou", "thankyouall", "thanksall", "thanksalot", "thankssomuch", "ty", "tysm", "cheers", "不客气", "不用谢", "客气了", "yourewelcome", "np", "noproblem"},
	"ack":      {"好", "好的", "好滴", "好嘞", "好哒", "好吧", "好的好的", "好的收到", "收到", "收到收到", "了解", "明白", "知道了", "行", "行吧", "可以", "没问题", "ok", "okay", "okok", "okie", "kk", "k", "嗯", "嗯嗯", "恩", "恩恩", "哦", "哦哦", "噢", "对", "对的", "是的", "是", "不是", "没有", "没", "1", "11", "111", "666", "6", "233", "2333", "哈哈", "哈哈哈", "哈哈哈哈", "呵呵", "嘿嘿", "hh", "hhh", "lol", "haha", "hahaha", "yes", "yep", "yeah", "no", "nope", "sure", "gotit", "roger", "noted", "ack", "will do", "willdo", "copy", "great", "nice", "cool", "awesome", "perfect", "done", "稍等", "等一下", "等下", "马上", "来了", "已阅", "同意", "赞", "牛", "厉害", "加油", "棒", "真棒"},
	"meal":     {"中午吃什么", "晚上吃什么", "吃什么", "吃饭了", "吃饭", "吃饭去", "去吃饭", "吃了吗", "吃了没", "点外卖吗", "点外卖", "奶茶", "奶茶喝吗", "喝奶茶吗", "喝咖啡吗", "咖啡", "拼单奶茶", "干饭", "干饭了", "开饭", "lunch", "lunchtime", "anyoneforlunch", "coffee", "whatsforlunch", "whatsforlunchtoday", "lunchanyone", "今天吃什么", "今天中午吃什么", "午饭吃什么", "晚饭吃什么", "中午吃啥", "吃啥"},
}

var smallTalkIndex = indexSmallTalk()

func indexSmallTalk() map[string]string {
	idx := map[string]string{}
	for kind, words := range smallTalk {
		for _, w := range words {
			idx[w] = kind
		}
	}
	return idx
}

var fillers = guard(`^(?:亲|哦|嗯|好的|收到|ok|那|啊|哈|hi|hey|all|team|大家|各位|老板|宝子们|家人们|同事们|小伙伴们)+|(?:啊|呀|哈|哦|噢|呢|吧|啦|了|哇|嘛|喔|哟|~|大家|各位|老板|all|team|everyone|guys|folks|同学们|小伙伴们|宝子们|家人们|亲)+$`)

var linkOnly = guard(`^(?:<?(?:https?://|www\.)[^\s<>]+>?\s*)+$`)

// chatKind names the sort of small talk that a whole message is, or "".
func chatKind(text string) string {
	b := bare(text)
	if b == "" {
		return "emoji"
	}
	if len(b) > 60 {
		return ""
	}
	if linkOnly.MatchString(text) {
		return "link"
	}
	if k := smallTalkIndex[b]; k != "" {
		return k
	}
	if k := smallTalkIndex[fillers.ReplaceAllString(b, "")]; k != "" {
		return k
	}
	if len(b) <= 2 || strings.Trim(b, "哈呵嘿嘻h6") == "" { // two Latin letters or digits tell of nothing
		return "ack"
	}
	return ""
}

func (r *reading) chat() bool {
	if len(r.text) > 400 {
		return false
	}
	if linkOnly.MatchString(r.text) {
		return !r.hasNumber()
	}
	k := chatKind(r.text)
	if k == "ack" && r.InThread && commandAt(r.text) != nil {
		return false
	}
	return k != ""
}

// typeWords suggest a type, the weightier first: a message that threatens a
// public complaint about a late parcel is a public complaint.
var typeWords = []struct {
	typ   string
	words []string
}{
	{"unsafe_product", []string{"过敏", "受伤", "划伤", "割伤", "烫伤", "起火", "着火", "爆炸", "漏电", "触电", "中毒", "风险商品", "安全隐患", "安全风险", "拉肚子", "食物中毒", "injured", "caught fire", "exploded", "allergic", "food poisoning", "burned", "electric shock", "unsafe product", "unsafe item", "safety hazard", "safety risk"}},
	{"public_complaint", []string{"发小红书", "小红书曝光", "曝光", "发微博", "发抖音", "黑猫投诉", "上热搜", "媒体", "posted on", "went viral", "trustpilot", "going public", "social media"}},
	{"high_risk", []string{"起诉", "律师", "律师函", "报警", "职业打假", "打假", "12315", "消协", "消费者协会", "工商", "市监", "市场监管", "法院", "赔十", "假一赔十", "lawyer", "lawsuit", "sue us", "legal action", "police", "consumer council", "consumer association"}},
	{"service", []string{"态度差", "态度恶劣", "服务态度", "骂人", "客服骂", "不回消息", "爱答不理", "rude", "bad attitude", "unprofessional"}},
	{"complaint", []string{"投诉", "差评", "complain", "complaint", "bad review", "one star"}},
	{"lost", []string{"丢件", "丢失", "丢了", "弄丢", "包裹丢", "快递丢", "显示签收", "虚假签收", "签收了没收到", "签收但没收到", "不翼而飞", "lost", "missing parcel", "never arrived", "not received but delivered", "marked delivered"}},
	{"exchange", []string{"换货", "换个", "换一", "换大", "换小", "换码", "换尺码", "换颜色", "补发", "发错", "错发", "漏发", "少发", "少件", "exchange", "wrong item", "wrong size", "swap", "replacement", "missing item"}},
	{"repair", []string{"维修", "返修", "保修", "坏了修", "修一下", "不工作", "开不了机", "repair", "fix it", "warranty", "doesn't turn on", "stopped working"}},
	{"goods_return", []string{"退货", "退回", "寄回", "要退", "想退", "碎了", "破损", "破了", "坏的", "质量问题", "退换", "七天无理由", "7天无理由", "return", "send it back", "broken", "damaged", "shattered", "defective"}},
	{"refund", []string{"仅退款", "退款", "退钱", "没到账", "未到账", "refund", "money back"}},
	{"compensation", []string{"补偿", "赔偿", "赔付", "赔钱", "返现", "补差", "compensat", "goodwill"}},
	{"price", []string{"价保", "保价", "差价", "降价", "价格不对", "改价", "price match", "price protection", "price drop", "overcharged"}},
	{"invoice", []string{"发票", "开票", "专票", "普票", "抬头", "税号", "invoice", "receipt"}},
	{"change", []string{"改地址", "改收货", "改电话", "改规格", "改颜色", "改尺码", "改单", "地址错", "地址写错", "填错", "拍错", "地址发错", "改成", "change the address", "change address", "wrong address", "change the size", "change the color", "update the address"}},
	{"stockout", []string{"缺货", "没货", "断货", "库存不足", "无货", "out of stock", "sold out"}},
	{"ship_reminder", []string{"催发货", "提醒发货", "还没发货", "没发货", "未发货", "不发货", "什么时候发货", "啥时候发货", "几时发货", "尽快发货", "hasn't shipped", "not shipped", "not been shipped", "when will it ship", "ship it"}},
	{"delay", []string{"没更新", "不更新", "不动了", "没动", "停滞", "卡在", "延迟", "晚到", "还没到", "没到货", "没收到货", "迟迟", "物流慢", "派送慢", "delayed", "delay", "late", "stuck", "no update", "hasn't arrived", "not arrived", "still waiting"}},
	{"waybill", []string{"面单", "双面单", "无面单", "没面单", "waybill label"}},
	{"print", []string{"打单", "打印", "print"}},
	{"review", []string{"审单", "审核订单", "待审核", "order review"}},
	{"tracking", []string{"查物流", "查快递", "查一下物流", "查下物流", "物流信息", "到哪了", "到哪里了", "where is", "track", "tracking"}},
	{"platform_rule", []string{"平台规则", "扣分", "违规", "处罚", "platform rule"}},
	{"promotion", []string{"优惠券", "满减", "活动价", "赠品", "coupon", "promo", "discount"}},
	{"product", []string{"尺码", "材质", "怎么用", "怎么安装", "说明书", "size chart", "material", "how to use"}},
}

// problems are words of trouble that point at no type of their own.
var problems = []string{"碎", "坏", "破", "裂", "漏", "少了", "错了", "没收到", "未收到", "取消", "不想要", "问题", "瑕疵", "污渍", "异味", "变质", "过期", "拒收", "签收", "取件", "催", "联系", "处理", "核实", "反馈", "要求", "拦截", "地址", "not received", "cancel", "problem", "issue", "wrong", "missing", "never", "angry", "help", "faulty", "leak", "crack", "check", "intercept"}

func problemType(text string) string {
	if i := typeLists.in(text); i >= 0 {
		return typeWords[i].typ
	}
	return ""
}

var (
	typeLists    = indexTypes()
	problemLists = listsOf(problems)
	officeLists  = listsOf(office)
)

func indexTypes() lists {
	var words [][]string
	for _, t := range typeWords {
		words = append(words, t.words)
	}
	return listsOf(words...)
}

func hasProblem(text string) bool { return problemLists.in(text) >= 0 }

// containsWord finds w in text; a Latin word must begin at a word's beginning.
func containsWord(text, w string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], w)
		if i < 0 {
			return false
		}
		i += from
		if w[0] < 'a' || w[0] > 'z' || i == 0 || text[i-1] < 'a' || text[i-1] > 'z' {
			return true
		}
		from = i + 1
	}
}

var questionEnd = guard(`[?？]\s*$|(?:吗|么|呢|没有|不|没)[?？!。～~ ]*$|^(?:怎么|为什么|为啥|如何|谁|哪|请问|what|why|how|who|where|when|is|are|can|could|does|do|did|which)\b?`)

func isQuestion(text string) bool { return questionEnd.MatchString(text) }

var (
	ticketNumber = regexp.MustCompile(`(?:^|[^a-z0-9])((?:(?:工单|ticket) ?(?:#?t-?|#)?|#?t-?|#)([1-9][0-9]{0,7}))(?:$|[^0-9a-z])`)
	// bareNumber begins a short question, or follows what asks: 1042 到哪了, status of 1042.
	bareNumber  = regexp.MustCompile(`^([1-9][0-9]{1,5})(?:号|这单|这张|的)? ?(?:到哪|处理|进[度展]|怎么样|咋样|好了|什么情况|啥情况|status|done|how)|(?:status of|update on|progress of|news on|about|进度|进展|查一下|查下) ?([1-9][0-9]{1,5})(?:$|[^0-9a-z.])`)
	thisTicket  = guard(`这[单张]|那[单张]|该单|this one|this ticket|my ticket`)
	statusWords = guard(`怎么样|怎样|如何了|咋样|到哪了|到哪里了|到哪儿了|进度|进展|到哪一步|到哪步|处理到|好了吗|好了没|处理了吗|处理了没|处理完了吗|什么情况|啥情况|状态|搞定了吗|搞定没|解决了吗|解决了没|有结果|谁在跟|谁在处理|status|progress|any update|any news|what about|how is|how's|where are we|update on|who is handling|who has|done yet|resolved yet|where(?:'s| is) (?:it|this|that|the (?:order|parcel|package)|my (?:order|parcel|package)|(?:order )?[0-9a-z-]*[0-9]{6})`)
)

// progressRunes is the longest message that is taken as nothing but a question about how a ticket goes.
const progressRunes = 40

// asksAboutTicket tells a question about a ticket that exists.
func (r *reading) asksAboutTicket() bool {
	if !statusWords.MatchString(r.text) {
		return false
	}
	short := len([]rune(r.text)) <= progressRunes
	switch {
	case ticketNumber.MatchString(r.text), short && bareNumber.MatchString(r.text):
		return true
	case r.InThread:
		return short && !r.hasNumber() && !speaksOfBuyer(r.text) && (isQuestion(r.text) || thisTicket.MatchString(r.text))
	case r.hasNumber() || r.d.Fields.Origin != "" || !short || speaksOfBuyer(r.text):
		return false
	}
	return thisTicket.MatchString(r.text) || (strings.Contains(r.text, "工单") || containsWord(r.text, "ticket")) && isQuestion(r.text)
}

// AsksProgress tells whether a message does nothing but ask how something that was reported goes.
func AsksProgress(text string) bool {
	text = plain(cut(text, maxRead))
	return len([]rune(text)) <= 2*progressRunes && statusWords.MatchString(text) &&
		(isQuestion(text) || bareNumber.MatchString(text) || openEnd.MatchString(text))
}

// openEnd asks without a sign of a question: 这单处理得怎样了. The same words further ahead may tell: 什么情况我查了.
var openEnd = guard(`(?:怎么样|怎样|如何|咋样|到哪(?:里|儿|一?步)?|什么情况|啥情况)了?[啊呀呢]?[!。～~ ]*$|^(?:any (?:update|news))\b[^.;:,]*$`)

// TicketNumbers are the running numbers of tickets that a text names, each once: T-1042, #1042, 工单1042, ticket 1042, and a
// number of two to six digits that stands where a question names its ticket.
func TicketNumbers(text string) (out []int64) {
	text = plain(cut(text, maxRead))
	for _, re := range []*regexp.Regexp{ticketNumber, bareNumber} {
		for rest := text; ; {
			m := re.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			digits, end := "", m[1]
			for i := 2; i < len(m); i += 2 {
				if m[i] >= 0 {
					digits, end = rest[m[i]:m[i+1]], m[i+1]
				}
			}
			if n, err := strconv.ParseInt(digits, 10, 64); err == nil && !slices.Contains(out, n) {
				out = append(out, n)
			}
			rest = rest[end:]
			if re == bareNumber {
				break
			}
		}
	}
	return out
}

// AsksKnowledge tells a question about how things are done rather than about one case: it names no order and no buyer, and
// asks nobody to do anything.
func AsksKnowledge(text string, d Decision) bool {
	text = plain(cut(text, maxRead))
	f := d.Fields
	named := f.Order != "" || f.AfterSale != "" || f.PlatformNo != "" || f.Waybill != "" || f.Phone != ""
	return !named && !d.Suspicious && d.Intent != Command && d.Intent != Status && len([]rune(text)) <= 2*progressRunes &&
		isQuestion(text) && !speaksOfBuyer(text) && !urges.MatchString(text)
}

var urges = guard(`帮忙|帮我|麻烦|处理一下|看一下|看下|please|can you|could you`)

var continuation = guard(`^(?:同上|同上一条|同一个问题|一样的问题|还有这个也是|这个也是|也是这个|补充一下|补充下|补充[:,，]|忽略上一条|上一条|刚才那|刚刚那|更正|same as above|same here|same issue|ditto|as above|correction|to add)`)

// continues tells a message that adds to the one before it.
func continues(text string) bool { return continuation.MatchString(text) }

var buyer = guard(`买家|客户|客人|顾客|[她他](?:说|问|要)|\b(?:customer|buyer|client|shopper)|\b(?:he|she) (?:says|said|wants|wanted|asks|asked)`)

func speaksOfBuyer(text string) bool { return buyer.MatchString(text) }

var over = guard(`^(?:刚才|那个|这个|这单|那单|ok|嗯|都|已经|[^,，。]{0,8}的)*(?:不用了|没事了|没事儿了|不用管|已(?:经)?(?:解决|弄完|弄好|处理完|处理好|搞定|ok)|(?:弄|处理|搞)(?:完|好|定)了)|已经?(?:跟|和)(?:客人|客户|买家)说|(?:客户|客人|买家)(?:说谢谢|满意|自己(?:弄|搞|解决))|^(?:never ?mind|all good|all sorted|sorted|false alarm|already (?:told|done|fixed|sorted|handled))`)

// settled tells news that nothing is left to do.
func settled(text string) bool { return len([]rune(text)) <= 40 && over.MatchString(text) }

// office are matters of the team itself; nobody opens a ticket of a shop for them.
var office = []string{"报销", "考勤", "打卡", "工资", "请假", "年假", "调休", "会议室", "开会", "团建", "年会", "聚餐", "门禁", "工牌", "社保", "公积金", "体检", "试用期", "转正", "绩效", "加班", "下午茶", "空调", "wifi", "停车",
	"payslip", "payroll", "salary", "annual leave", "day off", "sick leave", "meeting room", "stand-up", "standup", "team building", "badge", "parking", "overtime", "expense report", "probation", "birthday", "happy hour"}

func officeTalk(text string) bool { return officeLists.in(text) >= 0 }

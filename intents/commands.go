package intents

import (
	"regexp"
	"strings"
)

// command is a pattern for a whole short message in a ticket's thread, and the
// canonical word for what it asks.
type command struct {
	re      *regexp.Regexp
	word    string
	waiting string
}

func whole(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:好的?|ok|嗯|把|将|这单|这个|这张|该单|此单|我们|我|亲|please|pls|can you|could you|帮忙|帮我|麻烦|请|先|已经|现在)[ ,，:：]*)*(?:` + pattern + `)(?:[\s!！。.~～,，？?了吧哈啊呢哦呀喔啦]|谢谢|麻烦|\b(?:please|pls|thanks|thank you|thx|for me|now)\b)*$`)
}

var commands = []command{
	{whole(`领取|认领|领了|接了|接单|我接|我来|我来跟|我来跟进|我来处理|我跟|我跟进|我处理|来跟|来处理|跟进|处理|claim|claimed|take it|i'?ll take (?:it|this)|taking (?:it|this)|mine|on it|i'?m on it|i got (?:it|this)`), "claim", ""},
	{whole(`(?:已|已经)?(?:回复平台|平台已回复?|回复(?:了)?平台|平台回复了?|在平台回复|回平台)(?:了)?|已回复|已回平台|平台(?:那边)?已回复?|已在平台回复|replied|answered(?: on the platform)?|replied (?:on|to) (?:the )?(?:platform|tmall|taobao|doudian|douyin|pdd|pinduoduo)|platform (?:answered|replied)`), "replied", ""},
	{whole(`等(?:待|一下|下|着)?(?:仓库|库房|仓)(?:那边)?(?:的)?(?:回复|核实|反馈|确认|发货|查|处理)?(?:一下)?|仓库(?:在)?(?:核实|查)中?|wait(?:ing)?(?: for| on)?(?: the)? warehouse(?: to reply| reply)?`), "wait", "warehouse"},
	{whole(`等(?:待|一下|下|着)?(?:快递|物流|承运商|顺丰|圆通|中通|申通|韵达|极兔)(?:公司|那边)?(?:的)?(?:回复|核实|反馈|确认|查|处理)?(?:一下)?|wait(?:ing)?(?: for| on)?(?: the)? (?:courier|carrier|logistics)(?: to reply| reply)?`), "wait", "courier"},
	{whole(`等(?:待|一下|下|着)?(?:买家|客户|顾客|客人|用户|对方)(?:那边)?(?:的)?(?:回复|寄回|退回|确认|反馈|提供|补充|发图|图片|凭证|退货)?(?:一下)?|wait(?:ing)?(?: for| on)?(?: the)? (?:customer|buyer|client)(?: to reply| reply)?`), "wait", "customer"},
	{whole(`等(?:待|一下|下|着)?(?:店铺|店铺方|商家|老板|品牌方?|店家)(?:那边)?(?:的)?(?:回复|确认|反馈|审批)?(?:一下)?|wait(?:ing)?(?: for| on)?(?: the)? (?:merchant|shop|brand|seller)(?: to reply| reply)?`), "wait", "merchant"},
	{whole(`等(?:待|一下|下|着)?(?:平台|小二|天猫|淘宝|抖店|拼多多)(?:那边)?(?:的)?(?:回复|审核|处理|判定|反馈|介入)?(?:一下)?|wait(?:ing)?(?: for| on)?(?: the)? (?:platform|tmall|taobao|doudian|pinduoduo)(?: to reply| reply)?`), "wait", "platform"},
	{whole(`继续(?:处理|跟进)?|恢复(?:处理)?|(?:仓库|买家|客户|快递|平台|店铺)(?:已|已经)?回复了?|resume|back to (?:it|work)|continue`), "resume", ""},
	{whole(`(?:已|已经)?(?:完结|完成|处理完成?|处理好|搞定|解决|办结|办完|弄好|结单|退款(?:成功|完成)?|退完款|补发|换货完成|赔付|打款|处理)(?:了|完成|完毕)+|(?:已|已经)(?:完结|完成|处理完?|解决|办结|退款|退货|补发|换货|赔付|打款|开票|发货|补偿|返现|结单|处理好|改好|改地址)|完结|完成|搞定|办结|结单|解决|done|resolved?|fixed|finished|completed?|all done|refunded|(?:(?:(?:it|this) )?(?:is|was|has been)|it'?s)(?: now| all)? (?:done|sorted|solved|resolved|fixed|finished|completed|refunded)|sorted|solved`), "resolve", ""},
	{whole(`(?:关闭|关单|关掉|关了|结案)(?:工单|这单|吧)?|close(?:d)?(?: it| this| ticket)?`), "close", ""},
	{whole(`重新?(?:打开|开启|开)|重开|没解决|还没解决|还是不行|又来了|reopen(?:ed)?(?: it| this)?|not (?:fixed|solved|resolved)(?: yet)?`), "reopen", ""},
	{whole(`催(?:一下|下|一催|单|催|办)?(?:吧|这单|这个)?|加急(?:处理)?|快点(?:处理)?|尽快(?:处理)?|urge|bump|hurry(?: up)?|chase|nudge|ping`), "urge", ""},
	{whole(`打回|退回补充|信息不全|send ?back|needs? (?:more )?info`), "sendback", ""},
	{whole(`撤单|取消工单|撤销工单|申请撤单|cancel(?: it| this| ticket)?`), "cancel", ""},
	{whole(`(?:这|那)?[个条张]?不是工单|误建|建错了|(?:(?:this|that|it)(?: is|'s) )?not a ticket|false alarm`), "discard", ""},
}

// handover carries the name of a colleague: 转交 @小李, 把这单转给小李, assign to Li.
var handover = regexp.MustCompile(`^(?:(?:这单|这张|这个|该单|请|麻烦|帮忙|帮我|把|将|please) ?)*(?:转交?给?|指派给?|分派给?|改派给?|派给|交给|分给|assign(?:ed)?(?: it| this)?(?: to)?|hand(?:ing)?(?: over)?(?: it| this)? (?:over )?to|reassign(?: it| this)?(?: to)?|transfer(?: it| this)? to|give (?:it|this) to)[ :：]*@?([^\s,，。!！]{0,20})`)

// spokenTo is the bot's name, or its id, before what is said to it.
var spokenTo = regexp.MustCompile(`^@[^\s,，:：]+[\s,，:：]+`)

var noted = regexp.MustCompile(`^(?:备注|记录|记一下|note|fyi)[ :：,，]+`)

// commandRunes is the longest message that can be a command as a whole; longer
// ones are told rather than ordered.
const commandRunes = 30

func commandAt(text string) *command {
	if len([]rune(text)) > commandRunes {
		return nil
	}
	for i := range commands {
		if commands[i].re.MatchString(text) {
			return &commands[i]
		}
	}
	return nil
}

// clauses are parted by what ends them.
var clauses = regexp.MustCompile(`[,，;；。.!！\n]+`)

// unfinished tells of more to do, or of doubt.
var unfinished = guard(`但|不过|可是|还|没|未|不|等|再|明天|稍后|又|如果|的话|吗|\?|\b(?:but|still|not|until|yet|if|when|waiting|tomorrow|later|again|except|no)\b`)

// pairRunes is the longest message of several clauses that can suggest a step.
const pairRunes = 45

// inClauses reads a step that stands beside what tells more of it: refunded, all done; 没解决，买家又来了. Beside a step that ends a
// ticket nothing may be left to do, and two steps that differ are none.
func inClauses(text string) *command {
	if len([]rune(text)) > pairRunes || strings.ContainsAny(text, "?？吗") {
		return nil
	}
	var found *command
	var rest []string
	for _, part := range clauses.Split(text, -1) {
		part = strings.TrimSpace(part)
		switch c := commandAt(part); {
		case part == "":
		case c == nil:
			rest = append(rest, part)
		case found != nil && found.word != c.word:
			return nil
		default:
			found = c
		}
	}
	switch {
	case found == nil, len(rest) > 2:
		return nil
	case found.word == "reopen", found.word == "discard", found.word == "resolve" && !unfinished.MatchString(strings.Join(rest, " ")):
		return found
	}
	return nil
}

// commandIn is the step that a message is, or that a clause of it said in a thread is.
func (r *reading) commandIn(text string) *command {
	if c := commandAt(text); c != nil || !r.InThread {
		return c
	}
	return inClauses(text)
}

// nobodys are words after “hand to” that are no person's name.
var nobodys = guard(`财务|仓|快递|物流|售[前后]|平台|店|商家|买家|客[户服人]|技术|运营|采购|主管|同事|别人|人工|大家|看|问|查|核|他|她|你|您|我|谁|` +
	`^(?:the|a|an|it|this|them|him|her|you|me|us|someone|somebody|anyone|whoever|finance|warehouse|courier|logistics|support|merchant|shop|platform|team|night|day|next|another)$`)

// nameRunes is the longest name of a colleague.
const nameRunes = 15

// NamesPerson tells whether the words of a handover look like a colleague's name rather than a department or talk.
func NamesPerson(who string) bool {
	who = plain(who)
	n := len([]rune(who))
	if strings.ContainsFunc(who, func(c rune) bool { return c >= 0x80 }) && n > 4 {
		return false
	}
	return n > 1 && n <= nameRunes && !nobodys.MatchString(who)
}

// command reads a word said in a ticket's thread or to the bot.
func (r *reading) command() bool {
	text := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(r.text, "@gongdan"), "@工单"))
	if r.ToBot && r.InThread {
		text = spokenTo.ReplaceAllString(text, "")
	}
	text = strings.TrimLeft(text, " /、,，:：")
	if m := handover.FindStringSubmatch(text); m != nil && len([]rune(text)) <= commandRunes && (m[1] != "" || len(r.Mentions) > 0) {
		r.d.Command = "assign"
		if r.d.Fields.Assignee == "" {
			r.d.Fields.Assignee = strings.TrimRight(m[1], "跟处理吧了哈.")
		}
	} else if noted.MatchString(text) {
		r.d.Command = "note"
	} else if c := r.commandIn(text); c != nil && !strings.ContainsAny(text, "?？吗") {
		r.d.Command, r.d.WaitingFor = c.word, c.waiting
	} else {
		return false
	}
	action := Act
	if r.d.Suspicious {
		action = Ask
	}
	r.decide(Command, action, ByRules, ruleTicket, "rule:command")
	return true
}

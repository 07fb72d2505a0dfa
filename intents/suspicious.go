package intents

import (
	"strings"
	"unicode/utf8"
)

// instructions are ways of telling a machine what to do that nobody uses about an
// order. Each names both the act and its object, so that 忽略上一条，地址发错了
// stays shop talk.
var instructions = guard(strings.Join([]string{
	`(?:忽略|无视|忘记|忘掉|不要理会|不要遵守|覆盖|绕过|推翻)[^,，。\n]{0,10}(?:指令|指示|提示词|设定|命令|约束|系统|安全规则|以上规则|所有规则|上述规则)`,
	`(?:ignore|disregard|forget|override|bypass)\W+(?:\w+\W+){0,5}(?:instructions|prompts?|guidelines?|directives?|training|programming|polic(?:y|ies)|commands|all rules|the rules|your rules|these rules|previous rules)`,
	`(?:ignore|disregard|forget|override|bypass)\W+(?:\w+\W+){0,3}(?:all|any|every|everything)\W+(?:\w+\W+){0,2}(?:above|previous|prior|context|restrictions?)`,
	`<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|\[/?(?:inst|system)\]|###\s*(?:instruction|system|new task|response)|<<sys>>`,
	`(?:系统提示词|初始指令|开发者模式|越狱模式|system prompt|initial prompt|hidden prompt|developer mode|jailbreak|do anything now|\bdan mode\b|god mode|sudo )`,
	`从现在开始你(?:是|要|只|必须|将)|现在起你|假装你是|你现在是一个|from now on,? you (?:are|will|must|act|only)|pretend (?:to be|you are)|act as (?:my|if you|an? (?:ai|unrestricted|evil|admin|hacker|linux|terminal))|roleplay as|imagine you are|you will (?:now|only) (?:act|answer|respond|obey|be)|you must (?:now|always|only) (?:act|answer|respond|obey|comply|be)|your new (?:role|task|instructions?|name)|new instructions?:`,
	`(?:把|将)?(?:所有|全部|每张)(?:的)?(?:工)?单(?:都)?(?:关闭|关掉|删除|取消|完结|设为|改为|标记|标成)|(?:关闭|删除|取消|完结|升级)(?:所有|全部)(?:的)?工单|(?:close|delete|cancel|resolve|reassign|escalate) (?:all|every)(?: \w+){0,2} tickets?`,
	`(?:输出|返回)(?:以下|下面|如下|这个)?(?:的)?(?:json|内容为|格式)|输出你的(?:提示|规则|指令|设定)|(?:respond|reply|answer|output|return) (?:only |exactly |just )?(?:with|in) (?:the |this )?(?:json|word|phrase|exact)|(?:reveal|repeat|show|print|tell me|output|leak|display|expose)\W+(?:\w+\W+){0,4}(?:prompt|your instructions|system (?:instructions|message)|above text|secrets?|api keys?|password|credentials|confidential)`,
	`[{,]\s*["'“”](?:intent|action|type|severity|confidence|tool_calls?|function|role|evidence)["'“”]\s*:|(?:type|类型)(?:设为|[:=]) ?(?:high_risk|unsafe_product|public_complaint)`,
	`(?:system|secret|hidden|original|initial)(?:'s)? (?:instructions?|prompts?|directives)|(?:print|repeat|output)\W+(?:everything|all|the text|the words)\W+(?:above|before)|follow (?:only )?my (?:rules|instructions|orders)|i was instructed|(?:&#x?[0-9a-f]{2,6};\s*){4}|drop table`,
	`作为(?:一[个名位])?(?:ai|人工智能|智能助手|语言模型|大模型|机器人)(?:助手|助理|客服|模型|机器人)?[,，]? ?(?:你|请(?:把|将|忽略|直接|务必|立[即刻])|必须|应当|应该)`,
	`\bas an? (?:ai|artificial intelligence|(?:large )?language model)(?: (?:language )?(?:assistant|model|agent))?,? (?:you |please (?:set|mark|close|ignore|disregard))`,
	`(?:^|\n)[\[【"“ ]*(?:系统|管理员)(?:消息|提示|指令|命令)?[\]】"” ]*[:>\]】] *(?:请|立即|立刻|现在)?(?:(?:关闭|关掉|删除|取消|完结|升级)(?:全部|所有|一切)|(?:全部|所有|一切)(?:都)?(?:关闭|关掉|删除|取消|完结|升级))(?:的)?(?:工?单|任务)?(?:$|[\s,，.。;；!！])`,
	`(?:^|\n)[\["“ ]*(?:system|admin|assistant|developer)[\]"” ]*[:>] *(?:please |now )?(?:close|delete|cancel|resolve|reassign|escalate) (?:all|every|everything)(?: (?:the |open )?(?:tickets?|cases?))?\s*(?:$|[,.;!\n])`,
	`你是(?:一个)?(?:没有|不受)(?:任何)?(?:限制|约束)的? ?(?:ai|人工智能|助手|机器人|模型)|stop following your (?:rules|guidelines|instructions)`,
	`uncensored|unfiltered|no longer bound|not bound by|free from (?:all|any)|without (?:any )?(?:censorship|ethical|moral)|no (?:ethical|moral)|hypothetical(?:ly)? (?:scenario|response)`,
}, "|"))

// ambiguous are ways of speaking to a machine that people also use among
// themselves: they count unless the message is short and about a buyer's matter.
var ambiguous = guard(strings.Join([]string{
	`(?:忽略|无视|忘记|忘掉|不要理会|跳过|覆盖)[^,，。\n]{0,10}(?:提示|规则|要求|限制)`,
	`(?:ignore|disregard|forget|override|bypass|skip|drop)\W+(?:\w+\W+){0,5}(?:instructions?|rules?|directions?|restrictions?|context|above|previous|commands?|prompts?|guidelines?)`,
	`(?:^|\n|["'\x60])\s*(?:system|assistant|developer|系统|系统消息|系统提示)\s*[:：>\]]`,
	`系统提示|提示词|越狱|admin mode|debug mode|你现在是|假装|扮演(?:一个)?|you are now|pretend|act as (?:a|an|if|my)|roleplay|role-play|simulate (?:a|an)|you must (?:now|always|only|answer|comply|respond)|new instructions?`,
	`(?:回复|回答)(?:以下|下面|如下|这个)?(?:的)?(?:json|内容为|格式)|(?:print|say|reply|respond|answer) (?:only |exactly |just )?(?:with|in) (?:the |this )?following`,
	`(?:previous|prior|above|earlier)(?:'s)? (?:instructions?|rules|guidelines)|system message|show\W+(?:everything|all|the text|the words)\W+(?:above|before)|without (?:any )?(?:restrictions?|limitations?|filters?)|no (?:restrictions|limitations)`,
}, "|"))

// shortTalk is the longest message, in code points, that may speak like that among
// colleagues.
const shortTalk = 160

// suspicious tells text that tries to instruct a machine, however it is disguised, or that
// hides characters which only a machine reads. What a model would be shown without them is
// judged, too.
func suspicious(raw, text string) bool {
	if hidden(raw) || instructs(text) {
		return true
	}
	bare := barefaced(text)
	return bare != text && instructs(bare) || strewn.MatchString(runTogether(bare))
}

// instructs tells text that speaks to a machine.
func instructs(text string) bool {
	switch {
	case !triggers(text):
		return false
	case instructions.MatchString(text):
		return true
	}
	return ambiguous.MatchString(text) && !amongColleagues(text)
}

// amongColleagues tells a short message about a buyer's matter.
func amongColleagues(text string) bool {
	return utf8.RuneCountInString(text) <= shortTalk && (speaksOfBuyer(text) || problemType(text) != "")
}

// hidden tells text with characters that nobody sees: tags, turned direction,
// or blanks of no width strewn into Latin words. Joined emoji hold none of these.
func hidden(raw string) bool {
	among := 0
	last := rune(0)
	for _, c := range raw {
		switch {
		case c >= 0xE0000 && c <= 0xE007F && last != 0x1F3F4 && !(last >= 0xE0000 && last <= 0xE007F), c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
			return true
		case c >= 0x200B && c <= 0x200D || c >= 0x2060 && c <= 0x2064 || c == 0xFEFF:
			if last >= 'A' && last <= 'z' {
				among++
			}
		}
		last = c
	}
	return among >= 3
}

// triggerWords gate the patterns: a text without any cannot match them.
var triggerWords = []string{"忽略", "无视", "忘", "绕过", "推翻", "遵守", "每张", "理会", "跳过", "覆盖", "ignore", "disregard", "forget", "override", "bypass", "skip", "drop", "system", "assistant", "developer", "系统", "<", "[", "###", "提示", "指令", "模式", "越狱", "prompt", "mode", "jailbreak", "anything", "sudo",
	"你现在", "现在", "假装", "扮演", "you ", "pretend", "act as", "role", "simulate", "imagine", "instruction", "工单", "tickets", "输出", "返回", "回复", "回答", "respond", "reply", "answer", "output", "return", "print", "say ", "reveal", "repeat", "show", "tell me", "leak", "display", "expose",
	"作为", "你是", "high_risk", "unsafe_product", "public_complaint", "as an ai", "language model", "artificial", "管理员", "admin", "&#", "follow", "instructed", "drop ", "{", "without", "no ", "uncensored", "unfiltered", "bound", "free from", "hypothetical", "\""}

func triggers(text string) bool {
	for _, w := range triggerWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

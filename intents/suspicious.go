package intents

import (
	"regexp"
	"strings"
)

// instructions are ways of telling a machine what to do. Each names both the act
// and its object, so that 忽略上一条，地址发错了 stays shop talk.
var instructions = regexp.MustCompile(strings.Join([]string{
	`(?:忽略|无视|忘记|忘掉|不要理会|跳过|覆盖)[^,，。\n]{0,10}(?:指令|指示|提示词|提示|规则|设定|命令|要求|约束|限制)`,
	`(?:ignore|disregard|forget|override|bypass|skip|drop)\W+(?:\w+\W+){0,5}(?:instructions?|prompts?|rules?|directions?|guidelines?|restrictions?|context|above|previous|training|programming|commands?|polic(?:y|ies))`,
	`(?:^|\n|["'\x60])\s*(?:system|assistant|developer|系统|系统消息|系统提示)\s*[:：>\]]`,
	`<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|\[/?(?:inst|system)\]|###\s*(?:instruction|system|new task|response)|<<sys>>`,
	`(?:系统提示词|系统提示|提示词|初始指令|开发者模式|越狱|system prompt|initial prompt|hidden prompt|developer mode|jailbreak|do anything now|\bdan mode\b|god mode|admin mode|debug mode|sudo )`,
	`你现在是|从现在开始你|现在起你|假装你|扮演(?:一个)?|you are now|from now on,? you|pretend (?:to be|you|that)|act as (?:a|an|if|my)|roleplay|role-play|simulate (?:a|an)|imagine you are|you will (?:now|only|act)|you must (?:now|always|only|answer|comply|respond)|your new (?:role|task|instructions?|name)|new instructions?`,
	`(?:把|将)?(?:所有|全部)(?:的)?工单(?:都)?(?:关闭|关掉|删除|取消|完结|设为|改为|标记)|(?:关闭|删除|取消|完结)(?:所有|全部)(?:的)?工单|(?:close|delete|cancel|resolve|reassign|escalate) (?:all|every)(?: \w+){0,2} tickets?`,
	`(?:输出|返回|回复|回答)(?:以下|下面|如下|这个)?(?:的)?(?:json|内容为|格式)|(?:respond|reply|answer|output|return|print|say) (?:only |exactly |just )?(?:with|in) (?:the |this )?(?:json|following|word|phrase|exact)|(?:reveal|repeat|show|print|tell me|output|leak|display|expose)\W+(?:\w+\W+){0,4}(?:prompt|instructions|above text|secrets?|api keys?|password|credentials|confidential)`,
	`[{,]\s*["'](?:intent|action|type|severity|confidence|tool_calls?|function|role|evidence)["']\s*:`,
	`(?:system|previous|prior|above|earlier|initial|original|secret|hidden)(?:'s)? (?:instructions?|prompts?|rules|guidelines|directives)|system message|(?:print|repeat|output|show)\W+(?:everything|all|the text|the words)\W+(?:above|before)|follow (?:only )?my (?:rules|instructions|orders)|i was instructed|(?:&#x?[0-9a-f]{2,6};\s*){4}|drop table`,
	`without (?:any )?(?:restrictions?|limitations?|filters?|censorship|ethical|moral)|no (?:restrictions|limitations|ethical|moral)|uncensored|unfiltered|no longer bound|not bound by|free from (?:all|any)|hypothetical(?:ly)? (?:scenario|response)`,
}, "|"))

// suspicious tells text that tries to instruct a machine, or that hides
// characters which only a machine reads.
func suspicious(raw, text string) bool {
	if hidden(raw) {
		return true
	}
	return triggers(text) && instructions.MatchString(text)
}

// hidden tells text with characters that nobody sees: tags, turned direction,
// or blanks of no width strewn into Latin words. Joined emoji hold none of these.
func hidden(raw string) bool {
	strewn := 0
	last := rune(0)
	for _, c := range raw {
		switch {
		case c >= 0xE0000 && c <= 0xE007F && last != 0x1F3F4 && !(last >= 0xE0000 && last <= 0xE007F), c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
			return true
		case c == 0x200B || c == 0x200C || c == 0x2060 || c == 0xFEFF:
			if last >= 'A' && last <= 'z' {
				strewn++
			}
		}
		last = c
	}
	return strewn >= 3
}

// triggerWords gate the patterns: a text without any cannot match them.
var triggerWords = []string{"忽略", "无视", "忘", "理会", "跳过", "覆盖", "ignore", "disregard", "forget", "override", "bypass", "skip", "drop", "system", "assistant", "developer", "系统", "<", "[", "###", "提示", "指令", "模式", "越狱", "prompt", "mode", "jailbreak", "anything", "sudo",
	"你现在", "现在", "假装", "扮演", "you ", "pretend", "act as", "role", "simulate", "imagine", "instruction", "工单", "tickets", "输出", "返回", "回复", "回答", "respond", "reply", "answer", "output", "return", "print", "say ", "reveal", "repeat", "show", "tell me", "leak", "display", "expose",
	"&#", "follow", "instructed", "drop ", "{", "without", "no ", "uncensored", "unfiltered", "bound", "free from", "hypothetical", "\""}

func triggers(text string) bool {
	for _, w := range triggerWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

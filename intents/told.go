package intents

import (
	"regexp"
	"strings"
	"unicode"

	"gongdan/intents/entities"
)

// What is told of tickets that exist: that something is done, that a number or a type was told wrongly before, or how an
// order goes that somebody asks about. Each is read from a whole message and its every clause: one clause more, and there may be
// a matter in it.

// Reasons of decisions that belong to a ticket that exists, if there is one.
const (
	WhyDone     = "rule:done"
	WhyCorrects = "rule:corrects"
)

// toldRunes is the longest message that is taken as nothing but such news, without the numbers in it.
const toldRunes = 60

// hole stands for a number, a time or an amount in what is read for its wording alone.
const hole = "#"

// holes is a text with holes, folded and without mentions; "" if it is long.
func holes(text string, found []entities.Entity) string {
	runes, at := []rune(cut(text, maxRead)), 0
	var b strings.Builder
	for _, e := range found {
		if e.Start < at || e.End > len(runes) {
			continue
		}
		b.WriteString(string(runes[at:e.Start]) + hole)
		at = e.End
	}
	b.WriteString(string(runes[at:]))
	out := strings.ReplaceAll(plain(b.String()), "’", "'")
	if len([]rune(out)) > toldRunes {
		return ""
	}
	return out
}

// clausesOf parts words at their marks, and Chinese ones at blanks too, which stand there for marks.
func clausesOf(text string) []string {
	text = han.ReplaceAllString(besideHole.ReplaceAllString(text, "$1"+hole+"$2"), "$1,")
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(clauseEnds+":：、~～…()（）", c) })
}

var (
	// han is a blank after a Chinese word; one beside a hole parts nothing.
	han        = regexp.MustCompile(`(\p{Han}) +`)
	besideHole = regexp.MustCompile(`(\p{Han}) *` + hole + ` *|` + hole + ` *(\p{Han})`)

	doneHan = guard(`^(?:刚才|刚刚|刚|今早|早上|上午|下午|都|我们?|我这边|仓库|财务|客服|售后|这单|那单|这个|那个|订单号?|单号|的|也|经|给(?:买家|客户|客人|顾客|[她他])?|` + hole + `| )*?` +
		`(?:(?:已|已经)(?:经)?(?:全额|全部|重新|给(?:买家|客户|客人|顾客|[她他]|的|` + hole + `| )+)?(?:` + doneVerbs + `)(?:完成|完毕|完|好|成功|过)?|(?:全额|全部|重新)?(?:` + doneVerbs + `)(?:完成|完毕|成功|完了|好了|过了|了)|(?:` + doneVerbs + `)给(?:买家|客户|客人|顾客|[她他])了|(?:退款|补发|换货|赔付|赔偿|补偿|差价|发票)(?:都)?(?:已|已经)(?:处理|完成|到账|开|寄出|发出|补|退)(?:完成|完毕|好|完)?|退完款|(?:弄|改|处理|办)(?:好|完)|搞定|完结|办结)` +
		`(?:给(?:买家|客户|客人|顾客|[她他]))?(?:了|啦|哈|哦|` + hole + `| )*$`)
	doneLatin = guard(`^(?:(?:hi|hey|fyi|ok|okay|update|all|team|everyone|just|now|already|and|we|i|we've|i've|have|has|been|is|was|it's|it|this|that|one|got|for|on|order|the|(?:(?:buyer|customer|client) (?:has been|was|is|got))|` + hole + `)[ -]+)*` +
		`(?:refunded|resent|reshipped|replaced|compensated|reimbursed|resolved|solved|fixed|sorted(?: out)?|handled|done|finished|completed|taken care of|(?:issued|sent|processed) (?:the |a )?(?:refund|replacement|exchange|compensation|invoice)|` +
		`(?:refund|replacement|exchange|compensation|payment|invoice)(?: (?:for|of|on)(?: the| order)* ` + hole + `)?(?: (?:is|was|has been|got))?(?: (?:now|already|all))? (?:done|sent|sent out|issued|made|paid|completed|processed|through))` +
		`(?:[ -]+(?:already|now|today|yesterday|this morning|for|order|to|in full|fully|the|buyer|customer|client|it|this|that|one|and|closed|` + hole + `))*$`)

	// closing says in a clause beside it that a matter may end, and courtesy nothing.
	closing   = guard(`^(?:可以|麻烦|帮忙|请|先|就)*(?:关掉|关了|关闭|关单|结单|结案|完结|结了)(?:吧|了|哈|啊|工单|这单|它)*$|^(?:this |it |you |we )?(?:can |please |pls )*(?:be closed|close(?: it| this| that| the ticket| ticket)?|closing(?: it| this)?)(?: now| please| pls| then)*$`)
	courtesy  = guard(`^(?:跟|和|给|告诉|通知)?(?:大家|各位)?(?:说一?声|说一?下|同步一?下|知会一?下|汇报一?下)|^(?:请?(?:大家)?知悉|辛苦(?:了|大家)?|谢谢(?:大家|啦|了)?|感谢|麻烦(?:了|大家)?|没事了|没问题了|好了|好的|不用(?:管|跟进|处理|看)了?|无需(?:跟进|处理)|抱歉|不好意思|哎呀?|啊|哦|呃)[哈啊啦了哦]*$|^ *(?:thanks|thank you|thx|cheers|hi|hey|ok|fyi|all|team|all good|just (?:letting|to let) (?:you|everyone|all) know|just so (?:you|everyone) knows?|no (?:further |more )?action needed|nothing left to do|sorry|oops|apologies|my bad|my mistake|ah|no|wait|please|pls)(?: all| team| everyone| guys)* *$`)
	holesOnly = regexp.MustCompile(`^(?:订单号?|单号|运单号?|编号|这单|那单|这个|那个|的|order|number|no\.?|this|that|one|for|` + hole + `|[ -])*$`)
)

const doneVerbs = `仅退款|退款|退钱|补发|重发|换新|赔付|赔偿|补偿|补差价|打款|返现|开票|开发票|发货|寄出|处理|解决|搞定|完结|完成|办结|办完|结单|弄好|弄完|改好|改完`

// tellsDone reads a message that tells nothing but that its matter is done; word is the step that this suggests.
func tellsDone(text string) (word string, ok bool) {
	if text == "" || isQuestion(strings.TrimPrefix(text, "issued ")) { // "is" may begin a question
		return "", false
	}
	word = "resolve"
	for _, c := range clausesOf(text) {
		c = strings.TrimSpace(c)
		switch {
		case doneHan.MatchString(c), doneLatin.MatchString(c):
			ok = true
		case closing.MatchString(c):
			word = "close"
		case !holesOnly.MatchString(c) && !courtesy.MatchString(c):
			return "", false
		}
	}
	return word, ok
}

var (
	orderHow = guard(`^(?:请问|麻烦|帮忙|帮我|你好|大家|各位|看一?下|看看|查一?下|问一?下|这单|那单|这个|那个|这张|的|和|跟|与|现在|目前|包裹|快递|物流|订单号?|单号|运单号?|` + hole + `|[ ,:、])*` +
		`(?:到哪(?:里|儿|一?步)?|在哪(?:里|儿)?|怎么样|怎样|如何|咋样|什么情况|啥情况|(?:有|什么)?(?:进展|进度)(?:如何|怎么样|怎样|到哪)?|有(?:消息|结果|更新)|处理(?:得|的)?(?:怎么样|怎样|如何|到哪(?:一?步)?)|(?:处理|解决|搞定|弄)(?:好|完)?了?(?:吗|没|没有))` +
		`(?:了|吗|没有|没|啊|呀|呢|谢谢|现在|` + hole + `|[ ,?!。~])*$`)
	orderHowLatin = guard(`^(?:(?:hi|hey|hello|all|team|please|pls|so|and|any idea|do we know|can (?:you|someone|anyone) (?:tell me|check)|about|re|for|on|order|parcel|package|` + hole + `)[ ,:-]*)*` +
		`(?:where(?:'s| is| are)(?: (?:the|my|our|it|this|that|one|order|parcel|package|shipment|` + hole + `))+(?: (?:now|at|currently))*|any (?:updates?|news|progress)(?: (?:on|about|for|of|with|the|order|parcel|package|this|that|one|` + hole + `|and))*|` +
		`(?:what'?s|what is|how'?s|how is) (?:the )?(?:status|progress|happening|going on|it going|it|this|` + hole + `)(?: (?:of|on|with|for|going|coming along|looking|order|it|this|` + hole + `))*|status(?: update)?(?: (?:of|on|for|order|` + hole + `))*)` +
		`(?:[ ,:-]*(?:` + hole + `|now|please|pls|thanks|thx|yet))*[ ?!.~]*$`)
)

// AsksOf tells whether a message that names an order, a parcel or a case does nothing but ask how it goes, or where it is.
func AsksOf(text string, d Decision) bool {
	h := holes(text, d.Entities)
	return d.Fields.Numbered() && h != "" && (orderHow.MatchString(h) || orderHowLatin.MatchString(h))
}

// Correction is what a message takes back: Was and Is are numbers of one kind, "" where they are not told, and Type is the type
// that was meant.
type Correction struct {
	Was, Is, Type string
	Kind          entities.Type // of the numbers; "" where none is corrected
}

var (
	wrongNumber = guard(`^(?:不好意思|抱歉|哎呀?|啊|呃|刚才|刚刚|刚|上面|前面|上一?条|那个|这个|我|的|sorry|oops| )*(?:` +
		`(?:订单号|单号|运单号|快递单号|物流单号|售后单号|退款编号|退款单号|工单号|编号|号码)` + hole + `?(?:我|刚才|刚刚|上面|前面|都|给|里)*(?:打|发|写|填|贴|弄|搞|报|输|复制|给|抄|看|粘|说)?错了?` +
		`|(?:订单|运单|` + hole + `)(?:我|刚才|刚刚|上面|前面|都)*(?:打|写|填|贴|报|输|复制|抄|粘|说)错了?|(?:打|写|填|贴|报|输|抄|粘)错(?:了)?(?:一位|一个数|订单号|单号|运单号)?|更正(?:一下)?(?:订单号|单号|运单号)?|纠正(?:一下)?(?:订单号|单号|运单号)?)` +
		`(?:哈|啦|了|一位|一个数)*(?:` + rightHan + `)?$|^不是 ?` + hole + `$` +
		`|^ *(?:(?:that|it)(?:'s| is| was) |i (?:sent|gave|posted|typed|wrote|put|pasted|copied) |gave you |sent |sorry |oops )*(?:the |a )?(?:wrong|incorrect|mistyped) (?:order|tracking|waybill|parcel|case|number)(?: (?:number|no|id|` + hole + `))*(?: (?:above|before|earlier|in my (?:last|previous) message))*(?: ?-? ?(?:` + rightLatin + `))?$` +
		`|^ *(?:the )?(?:order|tracking|waybill)?(?: ?(?:number|no|id|` + hole + `))* (?:is|was) (?:wrong|incorrect|a typo|mistyped)(?: ?-? ?(?:` + rightLatin + `))?$|^ *(?:typo|mistake) in (?:the |my )?(?:order |tracking |waybill )?(?:number|no|id)$|^ *(?:i (?:mistyped|made a typo)|correction|i meant(?: order)?(?: ` + hole + `)?|not ` + hole + ` but ` + hole + `)$`)
	rightNumber = guard(`^(?:` + rightHan + `)$|^ *(?:` + rightLatin + `)$|^不是 ?` + hole + `$|^(?:是|而是|应该是) ?` + hole + `$|^ *not ` + hole + `$`)
)

var (
	// rights is a number that the wrong one is not; without such words it may be the wrong one itself, unless that was called a
	// number before: wrong order number, 2024…
	rights      = guard(`是|应该|正确|改成|改为|换成|重发|重新发|为准|才对|更正|纠正|\b(?:it'?s|it is|should|meant|correct|correction|right one|right number|use|here|actually|not|but)\b`)
	wordsNumber = guard(`单号|编号|号码|\b(?:number|no|id)\b`)
)

// rightHan and rightLatin give the number that was meant.
const (
	rightHan   = `(?:重发|重新发|正确的?|应该|应|真正的?|改成|改为|换成|订单号|单号|运单号|以这个为准|这个|才对|才是|而是|是|为|的|哈|啊|吧| )*` + hole + `?(?:才对|才是|为准|的|哈|啊|了| )*`
	rightLatin = `(?:(?:it(?:'s| is)|its|it should be|should be|should read|the|right|correct|one|number|order|is|i meant|meant|use|here(?:'s| is)|this|but|actually|sorry)[ -]*)*` + hole + `?(?: (?:instead|please|pls|not ` + hole + `))*`
)

var wrongType = guard(`^(?:不好意思|抱歉|哎呀?|啊|呃|哦|我|刚才|刚刚|上面|前面|上一?条|类型|那个|[ ,#])*` + misspoke + `(?:应该)?是(?:要|申请)?([^ ,。#不是]{1,4})(?:[ ,]*(?:而)?不是[^ ,。#]{1,4})?` + typeTail +
	`|^(?:不好意思|抱歉|我|刚才|刚刚|[ ,#])*` + misspoke + `(?:应该)?要(?:申请)?([^ ,。#不是]{1,4})[ ,]*(?:而)?不是[^ ,。#]{1,4}` + typeTail +
	`|^(?:不好意思|抱歉|我|刚才|刚刚|[ ,])*(?:说错|打错|写错|选错|弄错|搞错|报错|更正(?:一下)?|纠正(?:一下)?)(?:哈|啦|了|[ ,。:#])*不是[^ ,。#]{1,4}[ ,]*(?:而)?(?:是|要)([^ ,。#]{1,4})` + typeTail +
	`|^(?:(?:sorry|oops|correction|my bad|my mistake|wait|ah|actually|wrong type|i was wrong|i misspoke|no|` + hole + `)[ ,.:;!-]*)+(?:it'?s|it is|it should be|should be|that'?s|this is|i meant|make it|for ` + hole + ` it'?s)? ?(?:an? )([a-z ]{4,20}?)(?:[ ,]*(?:and |but )?not (?:an? )?[a-z ]{4,20}?| please)?(?:[ ,.!]|for|order|` + hole + `)*$` +
	`|^(?:(?:sorry|oops|correction|my bad|my mistake|wait|ah|actually|wrong type|i was wrong|i misspoke|no|` + hole + `)[ ,.:;!-]*)+(?:it'?s |that'?s )?not (?:an? )?[a-z ]{4,20}?[ ,]+(?:it'?s|but|rather) (?:an? )?([a-z ]{4,20}?)(?:[ ,.!]|for|order|` + hole + `)*$`)

// misspoke takes back what was said; 发错 is not among its words, for goods are sent wrongly.
const misspoke = `(?:说错|打错|写错|选错|弄错|搞错|报错|更正(?:一下)?|纠正(?:一下)?|不对)(?:哈|啦|了|[ ,。:#])*(?:类型)?`

const typeTail = `(?:哈|啊|了|哦|谢谢|麻烦|帮忙|改一?下|刚才?那条|上一?条|上面那条|订单号?|单号|[ ,。!~#])*$`

// shortTypes are types that are named by one character in talk of a correction.
var shortTypes = map[string]string{"换": "exchange", "退": "goods_return", "修": "repair"}

// Corrects reads what a message takes back of what its author said before; ok is false where it does not do that alone.
func Corrects(text string, d Decision) (c Correction, ok bool) {
	h := holes(text, d.Entities)
	if h == "" || d.Suspicious || isQuestion(h) {
		return c, false
	}
	if typ := typeMeant(h); typ != "" {
		return Correction{Type: typ}, true
	}
	wrong, named := false, false
	for _, part := range clausesOf(h) {
		part = strings.TrimSpace(part)
		switch {
		case wrongNumber.MatchString(part):
			wrong, named = true, named || !strings.Contains(part, hole) && wordsNumber.MatchString(part)
		case !rightNumber.MatchString(part) && !holesOnly.MatchString(part) && !courtesy.MatchString(part):
			return c, false
		}
	}
	told := numbersIn(d)
	if !wrong || len(told) == 0 || len(told) > 2 || len(told) == 1 && !named && !rights.MatchString(h) {
		return c, false
	}
	c.Is, c.Kind = told[len(told)-1].Value, told[len(told)-1].Type
	if told[0].Type != c.Kind {
		return Correction{}, false
	}
	if len(told) == 2 {
		c.Was = told[0].Value
		if before := strings.TrimSpace(string([]rune(text)[:told[1].Start])); strings.HasSuffix(before, "不是") || strings.HasSuffix(entities.Fold(before), " not") {
			c.Was, c.Is = c.Is, c.Was
		}
	}
	return c, true
}

// numbersIn are the numbers by which a ticket is found, in the order in which they are told.
func numbersIn(d Decision) (out []entities.Entity) {
	for _, e := range d.Entities {
		switch e.Type {
		case entities.Order, entities.AfterSale, entities.PlatformNo, entities.Waybill:
			out = append(out, e)
		}
	}
	return out
}

// typeMeant is the type that a message gives instead of the one that its author said; "" if it does not.
func typeMeant(h string) string {
	m := wrongType.FindStringSubmatch(h)
	for _, x := range m[min(1, len(m)):] {
		x = strings.TrimFunc(x, func(c rune) bool { return !unicode.IsLetter(c) })
		if x == "" {
			continue
		}
		if typ := shortTypes[x]; typ != "" {
			return typ
		}
		return problemType(x)
	}
	return ""
}

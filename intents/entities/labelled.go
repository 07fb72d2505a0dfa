package entities

import (
	"regexp"
	"slices"
	"strings"
)

// What a name looks like, and the labels before one. They are read on the text of a net, where bold words, code and quotes
// are blanks and signs of full width are narrow.
const (
	script    = `[\p{Latin}\p{Cyrillic}\p{Greek}\p{Hangul}\p{Hiragana}\p{Katakana}\p{Arabic}\p{Thai}]`
	anyWords  = script + `[\p{L}\p{M}'’.-]*(?: ` + script + `[\p{L}\p{M}'’.-]*){0,3}`
	likeLatin = `\p{Lu}[\p{L}\p{M}'’.-]*(?: \p{Lu}[\p{L}\p{M}'’.-]*){0,3}`
	likeHan   = `\p{Han} \p{Han}{1,2}|\p{Han}{1,8}(?:[·•]\p{Han}{1,8}){1,4}|\p{Han}{2,8}`
	likeName  = likeHan + `|` + likeLatin

	// over is what may stand between a label and its value: blanks, the end of a line, the end of a message.
	over = `[\s\x1e]{0,8}`
	// which says of several which one: 收件人2, 收件人（新）, Name (new).
	which = `(?: ?[0-9]{1,2}| {0,2}[(\[{【][^()\[\]{}【】\n\x1e]{1,8}[)\]}】])?`
	// sure are the signs and words after which a value stands for certain.
	sure = over + `(?:[:=→➡⇒➜➔👉🔜⬇↓►]+|-+ )[\s\x1e:=(\[{【|-]{0,12}`
	into = ` ?(?:(?:换|改|变更|更改|更换|更正)(?:成|为)了?|应该是|应为|写的是|叫做?)[\s:=]{0,4}`

	hanLabel   = `(?:收 ?件 ?人|收 ?货 ?人|联 ?系 ?人|姓 {0,4}名|收件方|代收人|代签人|发件人|发货人|签收人|寄件人|取件人|提货人|购买人|下单人|付款人|收款人|持卡人|监护人|受取人|机主|户主|户名|名字|真名|客户名|买家名|抬头|署名|(?:客户|买家|顾客|本人)叫)(?:[/+、及和与]?(?:姓名|名字|信息|电话|手机|联系方式)){0,3}`
	latinLabel = `(?i:\b(?:name|surname|recipient|consignee|receiver|addressee|payee|card ?holder|account holder|contact|attn|attention|fao)(?: name| person)?)`
	party      = `(?i:\b(?:customer|buyer|client|shopper|(?:ship|deliver|shipping|sold|bill|send)?(?: |\b)to|from|sender|signed by|cc)\b(?:'s)?)`
	handle     = `(?i:微信|旺旺|支付宝|账号|帐号|用户名|昵称|加v|加微|\b(?:wechat|weixin|wangwang|whatsapp|qq|vx|instagram|ins|telegram|tg|username|nickname|user id))(?i:id|账号|帐号|号)?`
	mailLocal  = `[A-Za-z0-9._%+'’-]{1,64}`
	mailAt     = `(?:\\?[@﹫]|[(\[{【] ?(?i:at|@|a) ?[)\]}】]|(?i:艾特|圈a))`
	mailDot    = `(?:\s{0,2}(?:[.．。﹒]|点|[(\[{【] ?(?i:dot|\.) ?[)\]}】]|(?i:\bdot\b))\s{0,2})`
	companies  = `(?:公司|集团|工作室|事务所|商行|商店|超市|中心|学校|学院|大学|医院|酒店|合作社|经营部|厂|店)`
)

var (
	hanLabels   = []string{"人", "机主", "户", "名", "抬头", "叫", "收件方"}
	latinLabels = []string{"name", "recipient", "consignee", "receiver", "addressee", "payee", "holder", "contact", "attn", "attention", "fao"}
	parties     = []string{"customer", "buyer", "client", "shopper", "to", "from", "sender", "signed by", "cc"}
	handles     = []string{"微信", "旺旺", "支付宝", "账号", "帐号", "用户名", "昵称", "加v", "加微", "ins", "telegram", "tg", "wechat", "weixin", "wangwang", "whatsapp", "qq", "vx", "username", "nickname", "user id"}
	mailSigns   = []string{"@", "﹫", "(a", "( a", "[a", "[ a", "{a", "{ a", "【a", "【 a", "艾特", "圈a"}
	readOut     = []string{"zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "triple"}
	numeral     = `(?:` + strings.Join(readOut, "|") + `)`
)

// shape is what something that identifies somebody looks like: the first group is hidden, as much of it as fit says. A
// text without any word of the gate holds none.
type shape struct {
	typ  Type
	gate []string
	re   *regexp.Regexp
	fit  func(value string, next rune) int // bytes; nil = all
}

var loose = []shape{
	{Email, mailSigns, regexp.MustCompile(`([\p{L}\p{N}._%+'’-]{1,64} ?(?:[@﹫]|[(\[【] ?(?i:at) ?[)\]】]) ?[\p{L}\p{N}-]{1,63}(?:(?: ?[.．。﹒] ?| ?[(\[【] ?(?i:dot) ?[)\]】] ?)\p{L}[\p{L}\p{N}-]{1,62})+)`), nil},
	{Email, mailSigns, regexp.MustCompile(`(` + mailLocal + over + mailAt + over + `[A-Za-z0-9_-]{1,63}(?:` + mailDot + `[A-Za-z][A-Za-z0-9-]{1,62})+)`), nil},
	{Email, []string{" dot "}, regexp.MustCompile(`(?i)((?:[a-z0-9._%+-]{1,64} (?:dot|underscore|dash) ){0,3}[a-z0-9._%+-]{1,64} at [a-z0-9-]{1,63}(?: dot [a-z0-9-]{2,20})+)`), nil},
	{Email, []string{" at "}, regexp.MustCompile(`(?i)([a-z0-9._%+-]{2,64} at (?:gmail|outlook|hotmail|yahoo|icloud|foxmail|qq|163|126)(?:(?: dot |\.)[a-z]{2,4})?)\b`), nil},
	{Email, []string{"@", "﹫"}, regexp.MustCompile(`(` + mailLocal + ` ?[@﹫][A-Za-z0-9][A-Za-z0-9_-]{1,62})`), addressed},
	{Name, hanLabels, regexp.MustCompile(hanLabel + which + sure + `(` + likeHan + `|` + anyWords + `)`), named},
	{Name, hanLabels, regexp.MustCompile(hanLabel + which + `[ \f是为叫]{1,4}(` + likeName + `)`), named},
	{Name, hanLabels, regexp.MustCompile(hanLabel + which + into + `(\p{Han}{2,4}|` + likeLatin + `)`), replaced},
	{Name, hanLabels, regexp.MustCompile(hanLabel + which + ` {0,3}[\t\n\f\x1e|【(\[{…-][\s\x1e|….-]{0,6}(\p{Han} \p{Han}{1,2}|\p{Han}{2,4}|` + likeLatin + `)`), named},
	{Name, hanLabels, regexp.MustCompile(hanLabel + which + ` {0,3}[、，,/;；。.~][\s|.]{0,5}(\p{Han}{2,4}|` + likeLatin + `)`), surnamed},
	{Name, hanLabels, regexp.MustCompile(hanLabel + which + ` ?(?:写的?|写着|显示|登记)(?:是|为|成|的)? ?(\p{Han}{2,4})`), surnamed},
	{Name, []string{"抬头", "户名", "公司", "单位", "购买方"}, regexp.MustCompile(`(?:抬头|户名|公司名称?|单位名称?|购买方)(?:名称)?` + which + `(?:` + sure + `| ?(?:是|为|叫)|` + into + `| {1,3})[\s:=]{0,4}([\p{L}\p{N}()&·.-]{2,40}` + companies + `)`), nil},
	{Name, []string{"收货", "收件", "发件", "寄件", "寄给", "代签", "代收", "收方"}, regexp.MustCompile(`(?:收货|收件|发件|寄件|寄给|代签|代收|收方)` + which + sure + `(` + likeHan + `|` + likeLatin + `)`), formal},
	{Name, []string{"买家", "客户", "顾客", "客人", "快递员"}, regexp.MustCompile(`(?:买家|客户|顾客|客人|快递员)` + which + sure + `(\p{Han}{2,4}|` + likeLatin + `)(?:\P{Han}|$)`), surnamed},
	{Name, []string{"叫", "寄给"}, regexp.MustCompile(`(?:(?:我|他|她|名|客人|对方)叫做?|寄给) ?(\p{Han}{2,4})(?:\P{Han}|$)`), surnamed},
	{Name, latinLabels, regexp.MustCompile(latinLabel + which + `(?:` + sure + `| ?is ?)(` + likeName + `)`), named},
	{Name, []string{"name", "recipient", "consignee", "receiver", "addressee", "payee", "holder"}, regexp.MustCompile(`(?i:\b(?:name|recipient|consignee|receiver|addressee|payee|holder)(?: name)?)` + which + sure + `(` + anyWords + `)`), named},
	{Name, []string{"name is", "name's", "name was"}, regexp.MustCompile(`(?i:\b(?:my|his|her|their|customer|buyer|recipient|full|customer's|buyer's) name(?:'s| is| was)) (` + anyWords + `)`), named},
	{Name, latinLabels, regexp.MustCompile(latinLabel + which + ` {0,3}[\t\n\f\x1e|(\[–—-][\s\x1e|]{0,6}(\p{Han}{2,4}|` + likeLatin + `)`), named},
	{Name, parties, regexp.MustCompile(party + which + sure + `(` + likeLatin + `|\p{Han}{2,4})(?:\P{Han}|$)`), surnamed},
	{Name, []string{"signed", "received by", "accepted by", "collected by", "c/o", "attn", "attention", "fao"}, regexp.MustCompile(`(?i:\b(?:signed (?:for )?by|received by|accepted by|collected by|c/o|attn|attention|fao)\b)[\s:]{1,3}(` + likeLatin + `)`), named},
	{Name, []string{"dear", "regards", "sincerely"}, regexp.MustCompile(`(?i:\bdear|\bregards|\bsincerely)[\s,，]{1,4}(` + likeLatin + `)`), named},
	{Name, handles, regexp.MustCompile(handle + which + `(?: is)?` + over + `[:=]` + over + `([^\s\x1e，。,;；!！?？、]{2,40})`), nil},
	{Name, handles, regexp.MustCompile(handle + `(?: is|是)? ?([A-Za-z0-9_.+-]{4,40})`), func(s string, _ rune) int { return whole(s, strings.ContainsAny(s, "0123456789_")) }},
	{Name, []string{"微信号", "微信id", "wechat id", "vx"}, regexp.MustCompile(`(?i:微信号|微信id|\bwechat id|\bvx)(?: is|是)? ?([A-Za-z][A-Za-z0-9_-]{4,19})`), named},
	{Phone, readOut, regexp.MustCompile(`(?i)\b((?:(?:` + numeral + `|[0-9]{1,4})[ ,.:_-]{1,4}){6,}(?:` + numeral + `|[0-9]{1,4}))\b`), dictated},
}

// open tells whether a text in small letters may hold the shape.
func (s shape) open(lower string) bool {
	return slices.ContainsFunc(s.gate, func(w string) bool { return strings.Contains(lower, w) })
}

// shapes hides whatever looks like one of loose.
func (n *net) shapes() {
	for _, l := range loose {
		if !l.open(n.lower) {
			continue
		}
		for _, at := range l.re.FindAllStringSubmatchIndex(n.text, -1) {
			end := at[3]
			if l.fit != nil {
				end = at[2] + l.fit(n.text[at[2]:at[3]], n.at(n.index[at[3]]))
			}
			if end > at[2] {
				n.release(n.index[at[2]], n.index[end])
			}
			n.catch(l.typ, n.index[at[2]], n.index[end])
		}
	}
}

func whole(s string, ok bool) int {
	if ok {
		return len(s)
	}
	return 0
}

// forms are words that begin the next line of a form whose value is missing.
var forms = []string{"电话", "手机", "地址", "联系", "收货", "收件", "订单", "商品", "数量", "备注", "问题", "姓名", "密码", "快递", "运单", "单号", "型号", "尺码", "颜色"}

// notNames are words that follow a label without being a name, and end one.
var notNames = wordSet("and any all are as at be but by can could check customer change cut different do for from has have he hello help hi his her i i'm i've i'll i'd i’m i’ve i’ll in incorrect is it its line missing misspelled misspelt my need needs no not of on or order our phone please printed refund same she should spelled seller sir so spelt tel than thanks that the their then there they this to too unclear update wants was we were what when which who will with would wrong wants you your mobile number email address buyer team madam colleagues support everyone details info information")

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

// named is how much of a value is a name: its words up to one that is part of none.
func named(s string, next rune) int {
	if slices.ContainsFunc(forms, func(w string) bool { return strings.HasPrefix(s, w) }) && (next == ':' || next == '|' || next == '：') {
		return 0
	}
	if c := []rune(s)[0]; isHan(c) {
		return whole(s, !strings.ContainsRune("不没的了吗呢吧这那就也还已", c))
	}
	to := 0
	for i, w := range strings.SplitAfter(s, " ") {
		bare := strings.ToLower(strings.Trim(w, " .'’-"))
		if notNames[bare] || slices.Contains([]string{"tel", "phone"}, bare) {
			break
		}
		if i > 3 {
			break
		}
		to += len(w)
	}
	return len(strings.TrimRight(s[:to], " "))
}

// replaced is a value behind a word of change, unless it says whose name it is.
func replaced(s string, next rune) int {
	if strings.ContainsRune("她他我你您它自个匿客买昵老装公家别谁同", []rune(s)[0]) {
		return 0
	}
	return named(s, next)
}

// surnamed is as much of a value as begins with a surname, or a name in letters.
func surnamed(s string, next rune) int {
	if !isHan([]rune(s)[0]) {
		return named(s, next)
	}
	d := newDoc(s)
	if e := d.hanName(0); e > 0 && !alone[string(d.raw[:e])] && !alone[string(d.raw[:min(2, e)])] {
		return len(string(d.raw[:e]))
	}
	return 0
}

// formal is a value behind a label that is also a word of talk.
func formal(s string, next rune) int {
	if r := []rune(s); isHan(r[0]) && strings.ContainsRune("没不明后今昨前时地在已还的了吗什怎为太快慢很仓延未晚早", r[0]) {
		return 0
	}
	return named(s, next)
}

// addressed leaves out a call of somebody that follows a word after a blank: "ask @jane".
func addressed(s string, next rune) int {
	i := strings.IndexAny(s, "@﹫")
	return whole(s, !strings.HasSuffix(s[:i], " ") || strings.ContainsAny(s[:i], "0123456789._") || mailHosts[strings.ToLower(s[i+1:])])
}

var mailHosts = wordSet("qq 163 126 139 189 gmail outlook hotmail yahoo sina sohu foxmail icloud aliyun live msn proton")

package entities

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Personal adds to the entities of a text whatever else looks like something that identifies somebody. Too much hidden
// costs a model some understanding, too little somebody's privacy, so this net is finer than the one that fills a ticket's
// fields. No two of the result overlap if no two of found do.
func Personal(text string, found []Entity) []Entity {
	n := net{runes: []rune(text), found: slices.Clone(found)}
	n.taken = make([]bool, len(n.runes))
	for _, e := range found {
		n.take(e.Start, e.End)
	}
	n.digits()
	lower := strings.ToLower(text)
	for _, l := range loose {
		if !slices.ContainsFunc(l.gate, func(w string) bool { return strings.Contains(lower, w) }) {
			continue
		}
		for _, at := range l.re.FindAllStringSubmatchIndex(text, -1) {
			if value := text[at[2]:at[3]]; l.only == nil || l.only(value) {
				start := utf8.RuneCountInString(text[:at[2]])
				n.catch(l.typ, start, start+utf8.RuneCountInString(value))
			}
		}
	}
	n.companions()
	return n.found
}

// What a name looks like, and the labels before one.
const (
	likeName   = `\p{Han} \p{Han}{1,2}|[\p{Han}·]{2,8}|` + likeLatin
	likeLatin  = `\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,3}`
	hanLabel   = `(?:收件人|收货人|签收人|寄件人|联系人|姓名|名字|客户名|买家名|抬头|署名|(?:客户|买家|顾客|本人)叫)(?:姓名|名字)?`
	latinLabel = `(?i:\b(?:name|recipient|consignee|receiver|contact|attn)(?: name| person)?)`
	handle     = `(?i:微信|旺旺|支付宝|账号|帐号|用户名|昵称|\b(?:wechat|weixin|wangwang|whatsapp|qq|vx|username|nickname|user id))(?i:id|账号|帐号|号)?`
	numeral    = `(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)`
)

var (
	hanLabels   = []string{"收件人", "收货人", "签收人", "寄件人", "联系人", "姓名", "名字", "客户名", "买家名", "抬头", "署名", "叫"}
	latinLabels = []string{"name", "recipient", "consignee", "receiver", "contact", "attn"}
	handles     = []string{"微信", "旺旺", "支付宝", "账号", "帐号", "用户名", "昵称", "wechat", "weixin", "wangwang", "whatsapp", "qq", "vx", "username", "nickname", "user id"}
	mailSigns   = []string{"@", "＠", "﹫", "at)", "at]", "at）", "at】"}
)

// loose are shapes of what identifies somebody that the rules may not know: the first group is what is hidden, if only
// agrees. A text without any word of the gate holds none.
var loose = []struct {
	typ  Type
	gate []string
	re   *regexp.Regexp
	only func(string) bool
}{
	{Email, mailSigns, regexp.MustCompile(`([\p{L}\p{N}._%+-]{1,64} ?(?:[@＠﹫]|[(\[（【] ?(?i:at) ?[)\]）】]) ?[\p{L}\p{N}-]{1,63}(?:(?: ?[.．。﹒] ?| ?[(\[（【] ?(?i:dot) ?[)\]）】] ?)\p{L}[\p{L}\p{N}-]{1,62})+)`), nil},
	{Name, []string{"@", "＠"}, regexp.MustCompile(`[@＠](\p{Han}{1,3}|[A-Za-z0-9][A-Za-z0-9._-]{0,40})`), nil}, // who is called
	{Name, hanLabels, regexp.MustCompile(hanLabel + `[ :：=是为叫]{1,3}(` + likeName + `)`), nil},
	{Name, hanLabels, regexp.MustCompile(hanLabel + ` ?[\t\n|【（(\[「『“"–—-] ?(\p{Han} \p{Han}{1,2}|\p{Han}{2,4}|` + likeLatin + `)`), nil},
	{Name, latinLabels, regexp.MustCompile(latinLabel + ` ?(?:is|[:：=]) ?(` + likeName + `)`), nil},
	{Name, latinLabels, regexp.MustCompile(latinLabel + ` ?[\t\n|(\["“–—-] ?(\p{Han}{2,4}|` + likeLatin + `)`), nil},
	{Name, []string{"买家", "客户", "顾客", "客人"}, regexp.MustCompile(`(?:买家|客户|顾客|客人) ?[:：] ?(\p{Han}{2,4})(?:\P{Han}|$)`), IsName},
	{Name, handles, regexp.MustCompile(handle + `(?: is)? ?[:：=] ?([^\s，。,;；!！?？、]{2,40})`), nil},
	{Name, handles, regexp.MustCompile(handle + `(?: is|是)? ?([A-Za-z0-9_.+-]{4,40})`), func(s string) bool { return strings.ContainsAny(s, "0123456789_") }},
	{Address, []string{"地址", "住址", "寄到", "发到", "送到"}, regexp.MustCompile(`(?:地址|住址|寄到|发到|送到)(?:改成|改为|改到|换成|换到|变更为|[ :：=是为]){1,3}([^\n，。；;！!？?\x1e]{4,80})`), nil},
	{Address, []string{"address", "ship to", "deliver to"}, regexp.MustCompile(`(?i:\b(?:address|ship to|deliver to))(?: to| is)? ?[:：=]? ?([0-9][^\n;!?\x1e]{8,100})`), nil},
	{Phone, []string{"zero", "oh", "one", "two", "three", "five", "six", "eight"}, regexp.MustCompile(`(?i)\b((?:` + numeral + `[ ,.:_-]{1,4}){6,}` + numeral + `)\b`), nil},
}

// net finds what the rules let through.
type net struct {
	runes []rune
	taken []bool
	found []Entity
}

func (n *net) take(start, end int) {
	for i := start; i < end; i++ {
		n.taken[i] = true
	}
}

// catch hides what is still free between two places.
func (n *net) catch(t Type, start, end int) {
	for i := start; i < end; i++ {
		if n.taken[i] {
			continue
		}
		from := i
		for i < end && !n.taken[i] {
			i++
		}
		text := string(n.runes[from:i])
		n.found = append(n.found, Entity{Type: t, Text: text, Value: text, Start: from, End: i})
		n.take(from, i)
	}
}

// companions hides the names that stand in a row with one.
func (n *net) companions() {
	for k := 0; k < len(n.found); k++ { // grows
		if n.found[k].Type != Name {
			continue
		}
		i := n.found[k].End
		for i < len(n.runes) && strings.ContainsRune(" 、/,，和及&", n.runes[i]) {
			i++
		}
		if i == n.found[k].End {
			continue
		}
		for size := 3; size >= 2; size-- {
			if i+size <= len(n.runes) && IsName(string(n.runes[i:i+size])) {
				n.catch(Name, i, i+size)
				break
			}
		}
	}
}

// spelt are Chinese numerals as they are read out one by one, also over the radio.
const spelt = "零〇○一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖洞拐勾"

// lookalikes are letters that are written in place of digits, so that a number is taken for none.
const lookalikes = "oOlI"

func numberLike(c rune) bool { return unicode.IsNumber(c) || strings.ContainsRune(spelt, c) }

// digits hides numbers of seven digits and more that are spelt out in Chinese or written with blanks and signs in between,
// except as many pairs as a row of sizes has. Times and amounts, which the rules found, are not looked into, and plain runs
// are left to the redaction, which knows that nobody knows what they are.
func (n *net) digits() {
	for i := 0; i < len(n.runes); i++ {
		if n.taken[i] || !numberLike(n.runes[i]) {
			continue
		}
		end, count, longest := n.number(i)
		written := slices.ContainsFunc(n.runes[i:end], func(c rune) bool { return !unicode.IsNumber(c) })
		if written && (count >= 11 || count >= 7 && longest >= 3) {
			n.catch(Phone, i, end)
		}
		i = max(i, end-1)
	}
}

// number is the end of the digits from i on with at most three different signs in a row between two of them, how many they
// are and how many stand together at most.
func (n *net) number(i int) (end, count, longest int) {
	together, signs := 0, 0
	for j := i; j < len(n.runes) && !n.taken[j] && signs <= mostSigns; j++ {
		c := n.runes[j]
		switch {
		case numberLike(c), together > 0 && strings.ContainsRune(lookalikes, c):
			count, together, signs, end = count+1, together+1, 0, j+1
			longest = max(longest, together)
		case unicode.IsLetter(c) || slices.Contains([]rune("\n\x1e<>"), c):
			return end, count, longest
		case c == n.runes[j-1]: // a row of dots or blanks parts no more than one
		default:
			together, signs = 0, signs+1
		}
	}
	return end, count, longest
}

package entities

import (
	"slices"
	"strconv"
	"strings"
)

type money struct {
	word []rune
	code string
}

func moneys(pairs ...string) []money {
	var ms []money
	for i := 0; i < len(pairs); i += 2 {
		ms = append(ms, money{[]rune(pairs[i]), pairs[i+1]})
	}
	slices.SortStableFunc(ms, func(a, b money) int { return len(b.word) - len(a.word) })
	return ms
}

// moneyBefore and moneyAfter are the signs and words for currencies, the longest first.
var (
	moneyBefore = moneys("人民币", "CNY", "rmb", "CNY", "cny", "CNY", "us$", "USD", "usd", "USD", "hk$", "HKD", "hkd", "HKD", "a$", "AUD", "au$", "AUD", "aud", "AUD", "c$", "CAD", "ca$", "CAD", "nt$", "TWD", "s$", "SGD",
		"¥", "CNY", "$", "USD", "€", "EUR", "eur", "EUR", "£", "GBP", "gbp", "GBP", "jpy", "JPY", "美元", "USD", "美金", "USD", "港币", "HKD", "欧元", "EUR")
	moneyAfter = moneys("块钱", "CNY", "元钱", "CNY", "元", "CNY", "圆", "CNY", "块", "CNY", "人民币", "CNY", "元人民币", "CNY", "美元", "USD", "美金", "USD", "刀", "USD", "港币", "HKD", "港元", "HKD", "欧元", "EUR", "英镑", "GBP", "日元", "JPY", "日币", "JPY",
		"澳元", "AUD", "澳币", "AUD", "加元", "CAD", "加币", "CAD", "台币", "TWD", "新台币", "TWD", "新币", "SGD", "韩元", "KRW", "泰铢", "THB", "卢布", "RUB", "马币", "MYR",
		"rmb", "CNY", "cny", "CNY", "yuan", "CNY", "dollars", "USD", "dollar", "USD", "usd", "USD", "bucks", "USD", "euros", "EUR", "euro", "EUR", "eur", "EUR", "pounds", "GBP", "pound", "GBP", "gbp", "GBP", "hkd", "HKD", "aud", "AUD", "jpy", "JPY", "yen", "JPY", "€", "EUR", "£", "GBP")
)

// sumLabels are words after which a bare number is a sum; payVerbs after which one is
// if nothing follows that it could count.
var (
	sumLabels = runesOf("退款金额", "金额", "运费", "邮费", "差价", "补差", "实付", "实付款", "价格", "售价", "原价", "现价", "到手价", "活动价", "单价", "总价", "总额", "货款", "押金", "保证金", "合计", "总计", "共计", "红包", "转账", "打款", "赔付", "补偿", "赔偿", "返现", "罚款", "订金", "定金", "尾款", "应付", "应退", "实退", "货值",
		"amount", "price", "total", "paid", "fee", "sum")
	payVerbs = runesOf("退", "补", "赔", "返", "差", "退款", "退他", "退她", "补他", "补她", "赔他", "赔她", "返他", "返她", "少退", "多收", "只退", "先退", "再补")
)

func runesOf(words ...string) [][]rune {
	var rs [][]rune
	for _, w := range words {
		rs = append(rs, []rune(w))
	}
	return rs
}

// counted are characters that make the number before them a count, not a sum.
const counted = "件个天单次码号点年月日时小分秒折%％张箱双套条只位人批斤克米公种款份台本瓶盒袋周星工起岁倍楼层栋室:-/.~"

// findAmounts finds sums of money with a sign or word for the currency, and bare
// numbers after a word for a sum.
func (d *doc) findAmounts() {
	if !d.marks.digit && !d.marks.numeral {
		return
	}
	for i := 0; i < len(d.r); {
		c := d.r[i]
		if !isDigit(c) && (c < 0x2E80 || hanDigit(c) < 0 && hanUnit(c) == 0) {
			i++
			continue
		}
		end := d.amountAt(i)
		for end = max(end, i+1); isDigit(c) && isAlnum(d.at(end)); {
			end++
		}
		i = end
	}
}

// amountAt adds the sum whose number begins at i, and returns where the number ends.
func (d *doc) amountAt(i int) int {
	if isAlnum(d.at(i-1)) && !d.currencyEnds(i) || d.at(i-1) == '.' && isAlnum(d.at(i-2)) {
		return i
	}
	v, end := d.sum(i)
	if end < 0 {
		return i
	}
	code, from := d.moneyBefore(i)
	after, stop := d.moneyAt(d.overBlank(end))
	if v2, e := d.coins(v, end); e >= 0 && code == "" {
		d.add(rankAmount, Entity{Type: Amount, Value: v2, Start: i, End: e, Hint: "CNY"})
		return e
	}
	switch {
	case stop >= 0:
		v, stop = d.change(v, stop)
		if code == "" {
			code, from = after, i
		}
	case code != "":
		stop = end
	case d.afterSum(i, end, v):
		code, from, stop = "", i, end
	default:
		return end
	}
	d.add(rankAmount, Entity{Type: Amount, Value: v, Start: from, End: stop, Hint: code})
	return stop
}

// overBlank steps over blanks and the 多 of 二十多块.
func (d *doc) overBlank(i int) int {
	if c := d.at(i); c == '多' || c == '来' {
		return i + 1
	}
	return d.spaces(i)
}

// moneyBefore reads the currency that ends where the number begins.
func (d *doc) moneyBefore(i int) (string, int) {
	e := i
	for d.at(e-1) == ' ' || d.at(e-1) == '-' && d.at(e-2) != ' ' {
		e--
	}
	for _, m := range moneyBefore {
		s := e - len(m.word)
		if s < 0 || !slices.Equal(d.r[s:e], m.word) || isLetter(m.word[0]) && isLetter(d.at(s-1)) {
			continue
		}
		return m.code, s
	}
	return "", -1
}

func (d *doc) currencyEnds(i int) bool {
	_, s := d.moneyBefore(i)
	return s >= 0 && !isDigit(d.at(i-1))
}

func (d *doc) moneyAt(i int) (string, int) {
	c := d.at(i)
	for _, m := range moneyAfter {
		if m.word[0] != c || i+len(m.word) > len(d.r) || !slices.Equal(d.r[i:i+len(m.word)], m.word) {
			continue
		}
		e := i + len(m.word)
		next := orX(d.at(e))
		switch {
		case isLetter(c) && isLetter(d.at(e)):
			continue
		case c == '元' && len(m.word) == 1 && strings.ContainsRune("旦素宵店桥", next):
			return "", -1
		case c == '块' && len(m.word) == 1 && strings.ContainsRune("砖表布毛屏电肥香蛋糕巧板玻地手硬主石木玉抹腕儿去", next):
			return "", -1
		case c == '圆' && strings.ContainsRune("形通柱领", next), c == '刀' && strings.ContainsRune("片具", next):
			return "", -1
		}
		return m.code, e
	}
	return "", -1
}

// change reads what follows the unit: 3块5, 3元5角2分, 5元整.
func (d *doc) change(v string, i int) (string, int) {
	if d.at(i-1) != '元' && d.at(i-1) != '块' && d.at(i-1) != '圆' {
		return v, i
	}
	if d.at(i) == '整' {
		return v, i + 1
	}
	a, e := d.oneDigit(i)
	if e < 0 || strings.Contains(v, ".") {
		return v, i
	}
	if c := d.at(e); c == '角' || c == '毛' {
		if b, x := d.oneDigit(e + 1); x >= 0 && d.at(x) == '分' {
			return v + "." + a + b, x + 1
		}
		return v + "." + a, e + 1
	}
	if next := d.at(e); strings.ContainsRune(counted, orX(next)) || isAlnum(next) || hanUnit(next) > 0 || hanDigit(next) >= 0 {
		return v, i
	}
	return v + "." + a, e
}

func (d *doc) oneDigit(i int) (string, int) {
	c := d.at(i)
	if isDigit(c) && !isDigit(d.at(i+1)) {
		return string(c), i + 1
	}
	if n := hanDigit(c); n >= 0 && hanDigit(d.at(i+1)) < 0 && c != '两' {
		return strconv.Itoa(n), i + 1
	}
	return "", -1
}

// coins reads 5毛 and 8角 by themselves; in Chinese numerals only with 钱 (三角, 八角).
func (d *doc) coins(v string, i int) (string, int) {
	c := d.at(i)
	if c != '毛' && c != '角' || strings.Contains(v, ".") || len(v) != 1 {
		return "", -1
	}
	money := d.at(i+1) == '钱'
	switch {
	case money:
		return "0." + v, i + 2
	case (isDigit(d.at(i-1)) || c == '毛') && !strings.ContainsRune("巾衣绒线色落度星", orX(d.at(i+1))):
		return "0." + v, i + 1
	}
	return "", -1
}

// afterSum reports whether a bare number stands where a sum is named.
func (d *doc) afterSum(i, end int, v string) bool {
	if han := !isDigit(d.at(i)); han && (hanUnit(d.at(end-1)) < 100 && d.at(end-1) != '万') || !han && !isDigit(d.at(end-1)) && d.at(end-1) != '万' || len(v) > 9 || end-i > 9 || d.at(i-1) == '-' && isAlnum(d.at(i-2)) {
		return false
	}
	next := d.at(d.spaces(end))
	if isLetter(next) || strings.ContainsRune(counted, orX(next)) && !(next == '.' && !isDigit(d.at(end+1))) {
		return false
	}
	e := i
	for strings.ContainsRune(" :=是为了改成", orX(d.at(e-1))) {
		e--
	}
	if d.endsWith(e, sumLabels) {
		return true
	}
	digits := countDigits(v)
	plain := next == 0 || strings.ContainsRune(" ,;!?，。；！？、)】\n给吧就可行先呢嘛好", next)
	if d.at(e-1) == '了' {
		e--
	}
	return plain && digits >= 2 && digits <= 5 && d.endsWith(e, payVerbs)
}

func (d *doc) endsWith(e int, words [][]rune) bool {
	for _, w := range words {
		if s := e - len(w); s >= 0 && slices.Equal(d.r[s:e], w) && !(isLetter(w[0]) && isLetter(d.at(s-1))) {
			return true
		}
	}
	return false
}

// sum reads the number of a sum at i.
func (d *doc) sum(i int) (string, int) {
	if isDigit(d.r[i]) {
		return d.decimal(i)
	}
	return d.hanSum(i)
}

// scales are the units by which a number of a sum may be multiplied; the Latin ones
// count only where a word for money follows.
var scales = map[rune]float64{'万': 10000, '千': 1000, '百': 100, 'w': 10000, 'k': 1000}

// decimal reads 1,299.00, 35.5, 1.2万 and returns the plain decimal.
func (d *doc) decimal(i int) (string, int) {
	e := i
	var b strings.Builder
	for isDigit(d.at(e)) || d.at(e) == ',' && e > i && isDigit(d.at(e+1)) && isDigit(d.at(e+2)) && isDigit(d.at(e+3)) && !isDigit(d.at(e+4)) {
		if d.at(e) != ',' {
			b.WriteRune(d.r[e])
		}
		e++
	}
	if b.Len() > 12 {
		return "", -1
	}
	if d.at(e) == '.' && isDigit(d.at(e+1)) {
		b.WriteByte('.')
		for e++; isDigit(d.at(e)) && b.Len() < 20; e++ {
			b.WriteRune(d.r[e])
		}
	}
	if x := d.spaces(e); d.at(x) == '万' { // 2 万
		e = x
	}
	f := scales[d.at(e)]
	if f == 0 {
		return b.String(), e
	}
	if _, stop := d.moneyAt(d.spaces(e + 1)); isLetter(d.at(e)) && stop < 0 {
		return b.String(), e
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	if err != nil {
		return "", -1
	}
	return strconv.FormatFloat(v*f, 'f', -1, 64), e + 1
}

// hanSum reads 五十, 三百六 (360) and 一万二 (12000).
func (d *doc) hanSum(i int) (string, int) {
	if hanDigit(d.at(i-1)) >= 0 || d.at(i-1) == '第' {
		return "", -1
	}
	n, e := d.hanNumber(i)
	if e < 0 || n == 1 && e == i+1 && d.at(e) == '块' && d.at(e+1) != '钱' { // 一块 is "together"
		return "", -1
	}
	if v := hanDigit(d.r[e-1]); v > 0 && e-i >= 3 {
		if u := hanUnit(d.r[e-2]); u >= 100 {
			n += v*u/10 - v
		}
	}
	if d.at(e) == '万' || d.at(e) == '萬' {
		n, e = n*10000, e+1
		if v := hanDigit(d.at(e)); v > 0 && hanDigit(d.at(e+1)) < 0 && hanUnit(d.at(e+1)) == 0 {
			n, e = n+v*1000, e+1
		}
	}
	return strconv.Itoa(n), e
}

package entities

import (
	"strconv"
	"strings"
)

type money struct{ word, code string }

var moneyBefore = []money{{"rmb", "CNY"}, {"cny", "CNY"}, {"us$", "USD"}, {"hk$", "HKD"}, {"usd", "USD"}, {"¥", "CNY"}, {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"eur", "EUR"}, {"gbp", "GBP"}}

var moneyAfter = []money{
	{"块钱", "CNY"}, {"元钱", "CNY"}, {"美元", "USD"}, {"美金", "USD"}, {"港币", "HKD"}, {"港元", "HKD"}, {"欧元", "EUR"}, {"人民币", "CNY"}, {"元", "CNY"}, {"块", "CNY"}, {"刀", "USD"},
	{"rmb", "CNY"}, {"cny", "CNY"}, {"yuan", "CNY"}, {"dollars", "USD"}, {"dollar", "USD"}, {"usd", "USD"}, {"euros", "EUR"}, {"euro", "EUR"}, {"eur", "EUR"}, {"bucks", "USD"}, {"pounds", "GBP"},
}

// findAmounts finds sums of money with a sign or a word for the currency.
func (d *doc) findAmounts() {
	for i := 0; i < len(d.r); i++ {
		c := d.r[i]
		if !isDigit(c) && hanDigit(c) < 0 && hanUnit(c) == 0 && !strings.ContainsRune("¥$€£rcuheg", c) {
			continue
		}
		if e, ok := d.amountAt(i); ok {
			d.add(rankAmount, e)
			i = e.End - 1
		}
	}
}

func (d *doc) amountAt(i int) (Entity, bool) {
	if isAlnum(d.r[i]) && (isAlnum(d.at(i-1)) || d.at(i-1) == '.') {
		return Entity{}, false
	}
	for _, m := range moneyBefore {
		e := d.lit(i, m.word)
		if e < 0 {
			continue
		}
		if v, end := d.decimal(d.spaces(e)); end >= 0 {
			if _, after := d.moneyAt(d.spaces(end)); after >= 0 {
				end = after
			}
			return Entity{Type: Amount, Value: v, Start: i, End: end, Hint: m.code}, true
		}
	}
	v, end := d.decimal(i)
	if end < 0 {
		v, end = d.hanSum(i)
	}
	if end < 0 {
		return Entity{}, false
	}
	code, after := d.moneyAt(d.spaces(end))
	if after < 0 {
		return Entity{}, false
	}
	if isDigit(d.at(after)) && !isDigit(d.at(after+1)) && !strings.Contains(v, ".") { // 3块5
		v, after = v+"."+string(d.at(after)), after+1
	}
	return Entity{Type: Amount, Value: v, Start: i, End: after, Hint: code}, true
}

func (d *doc) moneyAt(i int) (string, int) {
	for _, m := range moneyAfter {
		e := d.lit(i, m.word)
		if e < 0 || isLetter(rune(m.word[0])) && isLetter(d.at(e)) {
			continue
		}
		if m.word == "元" && strings.ContainsRune("旦素宵", d.at(e)) || m.word == "块" && strings.ContainsRune("砖表布毛屏", d.at(e)) {
			return "", -1
		}
		return m.code, e
	}
	return "", -1
}

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
	if e == i || b.Len() > 12 {
		return "", -1
	}
	if d.at(e) == '.' && isDigit(d.at(e+1)) {
		b.WriteByte('.')
		for e++; isDigit(d.at(e)); e++ {
			b.WriteRune(d.r[e])
		}
	}
	if f := map[rune]float64{'万': 10000, '千': 1000, '百': 100}[d.at(e)]; f > 0 {
		v, err := strconv.ParseFloat(b.String(), 64)
		if err != nil {
			return "", -1
		}
		return strconv.FormatFloat(v*f, 'f', -1, 64), e + 1
	}
	return b.String(), e
}

// hanSum reads 五十, 三百 and 两万.
func (d *doc) hanSum(i int) (string, int) {
	if hanDigit(d.at(i-1)) >= 0 || d.at(i-1) == '第' {
		return "", -1
	}
	n, e := d.hanNumber(i)
	if e < 0 || n == 1 && e == i+1 && d.at(e) == '块' && !strings.ContainsRune("钱", orX(d.at(e+1))) { // 一块 is "together"
		return "", -1
	}
	if d.at(e) == '万' {
		n, e = n*10000, e+1
	}
	return strconv.Itoa(n), e
}

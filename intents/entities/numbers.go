package entities

import (
	"slices"
	"strings"
)

// span is a run of ASCII letters and digits.
type span struct{ start, end int }

func (d *doc) text(s span) string { return string(d.r[s.start:s.end]) }

// findNumbers walks the runs that hold digits and asks what each one is.
func (d *doc) findNumbers() {
	if !d.marks.digit {
		return
	}
	var last numbered
	for i := 0; i < len(d.r); {
		if end, ok := d.masked(i); ok {
			d.add(rankMasked, Entity{Start: i, End: end})
			i = end
			continue
		}
		if !isAlnum(d.r[i]) && !d.phoneOpens(i) {
			i++
			continue
		}
		if e, end, ok := d.parted(i); ok {
			d.add(rankOf(e), e.Entity)
			last = e
			i = end
			continue
		}
		if !isAlnum(d.r[i]) {
			i++
			continue
		}
		end := i + 1
		for isAlnum(d.at(end)) {
			end++
		}
		if n, ok := d.single(span{i, end}, last); ok {
			n.Entity = d.extended(n.Entity)
			end = n.End
			d.add(rankOf(n), n.Entity)
			last = n
		}
		i = end
	}
}

func rankOf(n numbered) int {
	if n.labelled {
		return rankLabelled
	}
	return rankShape
}

// numbered is a number with what made it one.
type numbered struct {
	Entity
	labelled bool
}

func (d *doc) phoneOpens(i int) bool {
	return (d.at(i) == '+' || d.at(i) == '(') && (isDigit(d.at(i+1)) || d.at(i+1) == '+')
}

var kindTypes = map[kind]Type{kindOrder: Order, kindAfterSale: AfterSale, kindPlatform: PlatformNo, kindWaybill: Waybill, kindPhone: Phone, kindID: ID}

// single classifies one unbroken run. last is the number before it, whose kind a
// list (A、B和C) hands on.
func (d *doc) single(s span, last numbered) (numbered, bool) {
	t := d.text(s)
	digits := countDigits(t)
	if digits < 4 || d.afterLatinDash(s.start) {
		return numbered{}, false
	}
	if carrier := carrierShape(t); carrier != "" {
		return d.make(s, Waybill, strings.ToUpper(t), carrier, true), true
	}
	l := d.labelAt(s.start)
	if l.kind == kindNone && last.labelled && d.listed(last.End, s.start) {
		l = label{kind: kindOf(last.Type), hint: last.Hint}
		if isIDNumber(t) || isMobile(t) && last.End-last.Start != len(t) {
			l = label{} // a list is of one kind
		}
	}
	if l.kind == kindOrder || l.kind == kindNone {
		if p, ok := d.platformBefore(s); ok {
			return d.make(s, PlatformNo, strings.ToUpper(t), p, true), true
		}
	}
	l = d.meant(l, t, digits, s)
	if typ, ok := d.labelledType(t, digits, l); ok {
		return d.make(s, typ, strings.ToUpper(t), l.hint, true), true
	}
	if l.kind == kindOther || l.kind == kindID && len(t) >= 15 || digits != len(t) && !isIDNumber(t) {
		return numbered{}, false
	}
	typ := d.shapeType(s, t)
	return d.make(s, typ, strings.ToUpper(t), "", false), typ != ""
}

// meant corrects a label by what stands around: 单号 is an order's or a parcel's, and
// #13812345678# is a telephone.
func (d *doc) meant(l label, t string, digits int, s span) label {
	switch {
	case l.kind != kindOrder && l.word != "退货单号":
	case l.word == "#" && isMobile(t):
		return label{}
	case l.word == "编号" && d.mentions("工单", "服务请求", "协同单", "平台介入"):
		return label{word: "工单编号", kind: kindPlatform}
	case vague[l.word] && digits == len(t) && digits >= 10 && digits <= 15 && d.parcelNear(s):
		return label{word: "快递单号", kind: kindWaybill}
	}
	return l
}

// vague are labels that orders and parcels share.
var vague = map[string]bool{"单号": true, "单": true, "编号": true, "单子": true, "退货单号": true}

// parcelWords speak of a parcel. A courier's name does too.
var parcelWords = []string{"快递", "物流", "签收", "揽收", "派送", "派件", "驿站", "丢件", "运单", "包裹", "顺丰", "圆通", "中通", "申通", "韵达", "极兔", "邮政", "德邦", "百世", "查件", "拦截", "催件", "承运", "courier", "parcel", "tracking", "shipment", "fedex", "dhl", "ups"}

// parcelNear reports whether the words around a number speak of a parcel.
func (d *doc) parcelNear(s span) bool {
	near := string(d.r[max(0, s.start-24):min(len(d.r), s.end+12)])
	for _, w := range parcelWords {
		if strings.Contains(near, w) {
			return true
		}
	}
	return false
}

func kindOf(t Type) kind {
	for k, v := range kindTypes {
		if v == t {
			return k
		}
	}
	return kindNone
}

func (d *doc) make(s span, t Type, value, hint string, labelled bool) numbered {
	if t != ID && t != Order && t != Waybill && t != PlatformNo && t != AfterSale {
		hint = ""
	}
	return numbered{Entity{Type: t, Value: value, Start: s.start, End: s.end, Hint: hint}, labelled}
}

// labelledType accepts a run under a label if it is long enough to be what the
// label says. An identity number and a mobile keep their own kind under 单号-like
// labels only when the label is not an explicit other.
func (d *doc) labelledType(t string, digits int, l label) (Type, bool) {
	typ, ok := kindTypes[l.kind]
	if !ok {
		return "", false
	}
	pure := digits == len(t)
	switch l.kind {
	case kindOrder:
		ok = digits >= 5 && (pure || len(t) >= 6) && !(l.word == "#" && len(t) > 24)
	case kindAfterSale, kindPlatform:
		ok = digits >= 6
	case kindWaybill:
		ok = digits >= 8 && len(t) <= 22 && !(pure && (isMobile(t) || isHotline(t) || isEAN(t))) && !(pure && len(t) >= 16 && len(t) < 20)
		if pure && len(t) >= 16 && len(t) <= 19 && strings.HasSuffix(l.word, "号") {
			ok = true
		}
	case kindPhone:
		ok = pure && digits >= 7 && digits <= 13
	case kindID:
		ok = isIDNumber(t) || isOldID(t)
	}
	return typ, ok
}

// shapeType judges bare digits by length alone.
func (d *doc) shapeType(s span, t string) Type {
	switch n := len(t); {
	case isIDNumber(t):
		return ID
	case n == 16 && isCard(t) && !d.orderBefore(s), n == 19 && strings.HasPrefix(t, "62") && isCard(t) && d.mentions("卡", "银行", "打款", "card", "bank"):
		return ""
	case n >= 16 && n <= 19:
		return Order
	case isMobile(t), n == 10 && isHotline(t):
		return Phone
	case n == 13 && strings.HasPrefix(t, "86") && isMobile(t[2:]):
		return Phone
	case (n == 11 || n == 12) && isLandline(t):
		return Phone
	case n == 15 && strings.HasPrefix(t, "0086") && isMobile(t[4:]):
		return Phone
	case n >= 8 && n <= 11 && len(d.r) < 2*n && !strings.HasPrefix(t, "20") && !isStamp(t) && strings.TrimSpace(string(d.r)) == t:
		return Phone // a message that is nothing but a number of a telephone's length
	case n >= 12 && n <= 15 && d.mentions(parcelWords...) && !isEAN(t) && !isStamp(t):
		return Waybill
	case n >= 20 && n <= 22 && isUSPS(t):
		return Waybill
	case n >= 11 && n <= 15 && d.mentions("京东", "jd", "订单", "order", "purchase"):
		return Order
	}
	return ""
}

// orderBefore reports whether the words just before a number speak of an order and of nothing else: a card's check digit is
// right by chance in every tenth order number.
func (d *doc) orderBefore(s span) bool {
	before := string(d.r[max(0, s.start-12):s.start])
	said := strings.Contains(before, "订单") || strings.Contains(before, "order")
	for _, w := range []string{"卡", "银行", "账", "转到", "退到", "退款到", "打到", "打款", "card", "bank", "account"} {
		said = said && !strings.Contains(before, w)
	}
	return said && countDigits(before) == 0
}

// mentions reports whether the text holds one of words. The answer is kept under the
// first of them, so a text of many numbers is searched once.
func (d *doc) mentions(words ...string) bool {
	if said, ok := d.said[words[0]]; ok {
		return said
	}
	if d.folded == "" {
		d.folded, d.said = string(d.r), map[string]bool{}
	}
	said := slices.ContainsFunc(words, func(w string) bool { return strings.Contains(d.folded, w) })
	d.said[words[0]] = said
	return said
}

// platformBefore tells "天猫 2024… 下协同工单了": a platform's name, the number,
// and then the words for a request of the platform.
func (d *doc) platformBefore(s span) (string, bool) {
	p, ok := d.platformEndingAt(s.start)
	if !ok || s.end-s.start < 6 {
		return "", false
	}
	tail := string(d.r[s.end:min(len(d.r), s.end+14)])
	for _, w := range []string{"工单", "服务请求", "platform ticket", "coop", "request"} {
		if i := strings.Index(tail, w); i >= 0 && !strings.ContainsAny(tail[:i], "，。,;；") {
			return p, true
		}
	}
	return "", false
}

func (d *doc) platformEndingAt(i int) (string, bool) {
	for i > 0 && strings.ContainsRune(" :：#的", d.r[i-1]) {
		i--
	}
	for _, p := range platformWords {
		if n := len([]rune(p.word)); i >= n && d.lit(i-n, p.word) == i {
			return p.name, true
		}
	}
	return "", false
}

// listed reports whether only list marks stand between two numbers.
func (d *doc) listed(from, to int) bool {
	if to-from > 6 {
		return false
	}
	for _, c := range d.r[from:to] {
		if !strings.ContainsRune(" 、,，/和与及跟&\n;；and+", c) {
			return false
		}
	}
	return true
}

// afterLatinDash is true for the digits of T-1042 and SKU-like words.
func (d *doc) afterLatinDash(i int) bool {
	return d.at(i-1) == '-' && isLetter(d.at(i-2))
}

func countDigits(t string) int {
	n := 0
	for i := range len(t) {
		if t[i] >= '0' && t[i] <= '9' {
			n++
		}
	}
	return n
}

// carrierShape knows the waybill forms that no other number has: a courier's
// letters before the digits, and the postal S10 form with its check digit.
func carrierShape(t string) string {
	letters := 0
	for letters < len(t) && t[letters] >= 'a' && t[letters] <= 'z' {
		letters++
	}
	prefix, rest := t[:letters], t[letters:]
	if countDigits(rest) == len(rest) {
		for _, c := range carriers {
			if c.prefix == prefix && len(rest) >= c.min && len(rest) <= c.max {
				return c.name
			}
		}
	}
	if len(t) == 13 && letters == 2 && isLetter(rune(t[11])) && isLetter(rune(t[12])) && s10(t[2:11]) {
		return "ems"
	}
	if len(t) == 18 && strings.HasPrefix(t, "1z") && upsCheck(t[2:]) {
		return "ups"
	}
	return ""
}

var carriers = []struct {
	prefix, name string
	min, max     int
}{
	{"sf", "sf", 12, 15}, {"yt", "yto", 11, 15}, {"jt", "jt", 11, 15}, {"jd", "jd", 10, 18}, {"jdv", "jd", 9, 16}, {"jdva", "jd", 9, 15},
	{"jdvb", "jd", 9, 15}, {"jdvc", "jd", 9, 15}, {"jdvd", "jd", 9, 15}, {"jde", "jd", 9, 15}, {"jdx", "jd", 9, 15}, {"jdk", "jd", 9, 15}, {"jdap", "jd", 9, 15},
	{"jdaz", "jd", 9, 15}, {"zt", "zto", 11, 14}, {"zto", "zto", 10, 14}, {"sto", "sto", 10, 14}, {"yd", "yunda", 11, 15}, {"dpk", "deppon", 9, 14},
	{"dpl", "deppon", 9, 14}, {"dp", "deppon", 9, 14}, {"ky", "ky", 10, 14}, {"kye", "ky", 10, 14}, {"fw", "fw", 10, 14}, {"lp", "cainiao", 14, 18},
	{"ht", "best", 11, 14}, {"bt", "best", 11, 14}, {"gto", "gto", 10, 13}, {"uc", "yousu", 11, 14}, {"dd", "danniao", 11, 15}, {"dn", "danniao", 11, 15}, {"cn", "cainiao", 11, 16},
	{"tba", "amazon", 12, 12}, {"jjd", "dhl", 15, 20}, {"jvgl", "dhl", 12, 22}, {"gm", "dhl", 16, 22}, {"spxcn", "spx", 10, 15}, {"spxmy", "spx", 10, 15}, {"spxsg", "spx", 10, 15}, {"zjs", "zjs", 10, 14}, {"ane", "ane", 10, 14}, {"yzpa", "ems", 9, 14},
}

package entities

import (
	"strings"
	"time"
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
		if !isAlnum(d.r[i]) && !d.phoneOpens(i) {
			i++
			continue
		}
		if e, end, ok := d.grouped(i); ok {
			d.add(rankOf(e), e.Entity)
			last = e
			i = end
			continue
		}
		end := i + 1
		for isAlnum(d.at(end)) {
			end++
		}
		if n, ok := d.single(span{i, end}, last); ok {
			if n.Type == Phone {
				n.Entity = d.extended(n.Entity)
				end = n.End
			}
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
	}
	if l.kind == kindOrder || l.kind == kindNone {
		if p, ok := d.platformBefore(s); ok {
			return d.make(s, PlatformNo, strings.ToUpper(t), p, true), true
		}
	}
	if typ, ok := d.labelledType(t, digits, l); ok {
		return d.make(s, typ, strings.ToUpper(t), l.hint, true), true
	}
	if l.kind == kindOther || digits != len(t) && !isIDNumber(t) {
		return numbered{}, false
	}
	typ := d.shapeType(t)
	return d.make(s, typ, strings.ToUpper(t), "", false), typ != ""
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
		ok = digits >= 8 && len(t) <= 22 && !(pure && isMobile(t)) && !(pure && len(t) >= 16)
		if pure && len(t) >= 16 && len(t) <= 19 && strings.HasSuffix(l.word, "号") {
			ok = true
		}
	case kindPhone:
		ok = pure && digits >= 7 && digits <= 13
	case kindID:
		ok = len(t) == 15 || len(t) == 18
	}
	return typ, ok
}

// shapeType judges bare digits by length alone.
func (d *doc) shapeType(t string) Type {
	switch n := len(t); {
	case isIDNumber(t):
		return ID
	case n >= 16 && n <= 19:
		return Order
	case isMobile(t), n == 10 && (strings.HasPrefix(t, "400") || strings.HasPrefix(t, "800")):
		return Phone
	case n == 13 && strings.HasPrefix(t, "86") && isMobile(t[2:]):
		return Phone
	case (n == 11 || n == 12) && isLandline(t):
		return Phone
	case n >= 8 && n <= 11 && !strings.HasPrefix(t, "20") && strings.TrimSpace(string(d.r)) == t:
		return Phone // a message that is nothing but a number of a telephone's length
	case n >= 12 && n <= 15 && d.mentions("快递", "物流", "签收", "揽收", "派送", "派件", "驿站", "丢件", "运单", "包裹", "courier", "parcel", "tracking", "shipment"):
		return Waybill
	case n >= 11 && n <= 15 && d.mentions("京东", "jd", "订单", "order", "purchase"):
		return Order
	}
	return ""
}

func (d *doc) mentions(words ...string) bool {
	for _, w := range words {
		rs := []rune(w)
		for i := 0; i+len(rs) <= len(d.r); i++ {
			if d.r[i] == rs[0] && d.lit(i, w) >= 0 {
				return true
			}
		}
	}
	return false
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
	if len(t) == 18 && strings.HasPrefix(t, "1z") {
		return "ups"
	}
	return ""
}

var carriers = []struct {
	prefix, name string
	min, max     int
}{
	{"sf", "sf", 10, 15}, {"yt", "yto", 11, 15}, {"jt", "jt", 11, 15}, {"jd", "jd", 10, 18}, {"jdv", "jd", 9, 16}, {"jdva", "jd", 9, 15},
	{"jdvb", "jd", 9, 15}, {"jdvc", "jd", 9, 15}, {"jdvd", "jd", 9, 15}, {"jde", "jd", 9, 15}, {"jdx", "jd", 9, 15}, {"jdk", "jd", 9, 15}, {"jdap", "jd", 9, 15},
	{"jdaz", "jd", 9, 15}, {"zt", "zto", 11, 14}, {"zto", "zto", 10, 14}, {"sto", "sto", 10, 14}, {"yd", "yunda", 11, 15}, {"dpk", "deppon", 9, 14},
	{"dpl", "deppon", 9, 14}, {"dp", "deppon", 9, 14}, {"ky", "ky", 10, 14}, {"kye", "ky", 10, 14}, {"fw", "fw", 10, 14}, {"lp", "cainiao", 14, 18},
	{"ht", "best", 11, 14}, {"bt", "best", 11, 14}, {"gto", "gto", 10, 13}, {"uc", "yousu", 11, 14}, {"dd", "danniao", 11, 15}, {"dn", "danniao", 11, 15}, {"cn", "cainiao", 11, 16},
}

// s10 checks the ninth digit of a postal item number (UPU S10).
func s10(t string) bool {
	if countDigits(t) != 9 {
		return false
	}
	sum := 0
	for i, w := range []int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += int(t[i]-'0') * w
	}
	check := 11 - sum%11
	switch check {
	case 10:
		check = 0
	case 11:
		check = 5
	}
	return int(t[8]-'0') == check
}

func isMobile(t string) bool {
	return len(t) == 11 && t[0] == '1' && t[1] >= '3' && countDigits(t) == 11
}

// isLandline accepts an area code (010, 02x, 0xxx) and seven or eight digits.
func isLandline(t string) bool {
	if t[0] != '0' || t[1] == '0' {
		return false
	}
	if t[1] == '1' || t[1] == '2' {
		return len(t) == 11 && t[3] >= '2'
	}
	return t[4] >= '2'
}

// isIDNumber checks an 18-digit resident number: region, birth date, checksum.
func isIDNumber(t string) bool {
	if len(t) != 18 || countDigits(t[:17]) != 17 || t[0] == '0' || t[0] == '9' {
		return false
	}
	birth, err := time.Parse("20060102", t[6:14])
	if err != nil || birth.Year() < 1900 || birth.Year() > 2100 {
		return false
	}
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(t[i]-'0') * w
	}
	return "10x98765432"[sum%11] == t[17]
}

package entities

import (
	"slices"
	"strings"
	"unicode"
)

// spelt are Chinese numerals as they are read out one by one, also over the radio.
const spelt = "零〇○一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖洞拐勾"

// lookalikes are letters that are written in place of digits, so that a number is taken for none; also those of other
// scripts that look the same.
const lookalikes = "oOlIоОοΟіІΙ"

func numberLike(c rune) bool { return unicode.IsNumber(c) || strings.ContainsRune(spelt, c) }

// digits hides numbers of seven digits and more that are spelt out in Chinese or written with blanks and signs in between,
// except as many pairs as a row of sizes has. Times and amounts, which the rules found, are not looked into, and plain runs
// are left to the redaction, which knows that nobody knows what they are.
func (n *net) digits() {
	for i := 0; i < len(n.runes); i++ {
		if !numberLike(n.runes[i]) || !n.free(i) {
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
	for j := i; j < len(n.runes) && n.free(j) && signs <= mostSigns; j++ {
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

// dictated tells a number that is read out from a few numerals among digits.
func dictated(s string, _ rune) int {
	words := 0
	for _, w := range strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) }) {
		if w != "" {
			words++
		}
	}
	return whole(s, words > 2)
}

const (
	mostGap   = 12 // characters between two groups of one number
	mostSaid  = 4  // Chinese characters among them: ，然后 转 后四位
	mostWords = 8  // letters among them: and then
	mostWhole = 15 // digits of a telephone with what is before and after it
)

// parted hides telephones whose groups are parted by more than signs: by a word or two, other people's currencies, lines.
// Without a label before them they have to be grouped as mobiles are.
func (n *net) parted() {
	groups := n.groups()
	for i := 0; i < len(groups); i++ {
		p := parted{digits: n.digitsOf(groups[i]), glued: true, short: groups[i].end-groups[i].start < 3, mobile: groups[i].end-groups[i].start == 3}
		p.labelled = n.dialled(groups[i].start)
		last := i
		for j := i + 1; j < len(groups) && n.joins(&p, groups[j-1], groups[j]); j++ {
			p.mobile = p.mobile && j-i < 3 && groups[j].end-groups[j].start == 4
			p.digits += n.digitsOf(groups[j])
			if len(p.digits) > mostWhole {
				break
			}
			if p.telephone() && !n.over(groups[i].start, groups[j].end, Time, Order) && (p.money || !n.over(groups[i].start, groups[j].end, Amount)) {
				last = j
			}
		}
		if last > i {
			n.release(groups[i].start, groups[last].end)
			n.catch(Phone, groups[i].start, groups[last].end)
			i = last
		}
	}
}

// parted is a number of several groups being read.
type parted struct {
	digits                         string
	labelled, glued, worded, short bool // short: a group of less than three digits
	money                          bool // a currency parts two groups
	mobile                         bool // grouped 3-4-4
}

func (p parted) telephone() bool {
	d := strings.TrimPrefix(strings.TrimPrefix(p.digits, "00"), "86")
	mobile := len(d) == 11 && d[0] == '1' && d[1] >= '3'
	return mobile && (p.mobile || p.glued) || p.labelled && !(p.worded && p.short) && (mobile || len(d) >= longDigits && !p.glued)
}

// groups are the runs of digits in the text.
func (n *net) groups() (gs []span) {
	r := n.doc.r
	for i := 0; i < len(r); i++ {
		if !isDigit(r[i]) {
			continue
		}
		g := span{i, i}
		for g.end < len(r) && isDigit(r[g.end]) {
			g.end++
		}
		gs = append(gs, g)
		i = g.end
	}
	return gs
}

func (n *net) digitsOf(g span) string { return string(n.doc.r[g.start:g.end]) }

// joins tells whether two groups may belong to one number, and notes what parts them.
func (n *net) joins(p *parted, a, b span) bool {
	gap := n.runes[a.end:b.start]
	if len(gap) > mostGap || strings.ContainsRune(quantities, orX(n.doc.at(b.end))) && n.doc.at(b.end) != 0 || strings.ContainsRune(quantities, gap[0]) {
		return false
	}
	said, letters := 0, 0
	for _, c := range gap {
		switch {
		case isHan(c):
			said++
		case unicode.IsLetter(c):
			letters++
		}
	}
	p.worded = p.worded || said+letters > 0 && !(len(gap) == 1 && letters == 1)
	sum := len(gap) == 1 && strings.ContainsRune("¥$€£", gap[0])
	p.glued, p.money = p.glued && sum, p.money || sum
	p.short = p.short || b.end-b.start < 3
	return said <= mostSaid && letters <= mostWords
}

// quantities are what makes the number before it a count or a time.
const quantities = "件个天单次条双套只盒袋瓶包份台块元折%码斤克年月日时分秒点箱张人岁号"

// dialling are words before a telephone.
var dialling = []string{"电话", "手机", "号码", "联系方式", "座机", "拨打", "致电", "tel", "phone", "mobile", "cell", "call", "whatsapp"}

// dialled tells whether one of them stands before i.
func (n *net) dialled(i int) bool {
	before := string(n.doc.r[max(0, i-14):i])
	return slices.ContainsFunc(dialling, func(w string) bool { return strings.Contains(before, w) })
}

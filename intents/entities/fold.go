package entities

import (
	"slices"
	"strings"
	"unicode"
)

// doc is a text being read. raw is the text without the characters that nobody sees
// (zero width, combining marks), r the same folded rune by rune (full-width forms to
// ASCII, ASCII to lower case, a few traditional characters to simplified), so an index
// into r is an index into raw. pos gives the place in all where some were left out.
type doc struct {
	all   []rune
	pos   []int
	raw   []rune
	r     []rune
	found []candidate
	marks marks

	folded string          // r as a string, once somebody asked for a word
	said   map[string]bool // answers of mentions
}

// marks notes which kinds of character occur, so that a reader whose characters
// are absent costs nothing.
type marks struct {
	digit, at, dot, place, han, latin, numeral, money, colon bool
}

func newDoc(text string) *doc {
	d := &doc{all: []rune(text)}
	d.raw = d.all
	if slices.ContainsFunc(d.all, unseen) {
		d.squeeze()
	}
	d.r = make([]rune, len(d.raw))
	for i, c := range d.raw {
		f := fold(c)
		d.r[i] = f
		d.marks.note(f)
	}
	return d
}

// squeeze leaves out what nobody sees, so that it parts no number and no name.
func (d *doc) squeeze() {
	d.raw = make([]rune, 0, len(d.all))
	for i, c := range d.all {
		if !unseen(c) {
			d.raw, d.pos = append(d.raw, c), append(d.pos, i)
		}
	}
}

// place gives the beginning and end of r[start:end] in the whole text.
func (d *doc) place(start, end int) (int, int) {
	if d.pos == nil {
		return start, end
	}
	return d.pos[start], d.pos[end-1] + 1
}

func (m *marks) note(c rune) {
	switch {
	case c < 0x80 && asciiMark[c] != 0:
		m.digit = m.digit || isDigit(c)
		m.latin = m.latin || isLetter(c)
		m.at = m.at || c == '@'
		m.dot = m.dot || c == '.' || c == ':'
		m.colon = m.colon || c == ':' || c == '='
		m.money = m.money || c == '$'
	case c == '¥' || c == '€' || c == '£':
		m.money = true
	case c > 0x2E80:
		m.han = true
		m.noteHan(c)
	}
}

func (m *marks) noteHan(c rune) {
	if c == '〇' {
		m.numeral = true
	}
	if c < hanFirst || c > hanLast || hanMarks[c-hanFirst] == 0 {
		return
	}
	k := hanMarks[c-hanFirst]
	m.place = m.place || k&markPlace != 0
	m.numeral = m.numeral || k&markNumeral != 0
	m.money = m.money || k&markMoney != 0
}

const (
	markPlace = 1 << iota
	markNumeral
	markMoney
)

var asciiMark, hanMarks = markTables()

// markTables says of each character which of the marks it sets.
func markTables() (ascii [0x80]uint8, han *[hanLast - hanFirst + 1]uint8) {
	for c := range rune(0x80) {
		if isAlnum(c) || strings.ContainsRune("@.:=$", c) {
			ascii[c] = 1
		}
	}
	han = new([hanLast - hanFirst + 1]uint8)
	set := func(chars string, mark uint8) {
		for _, c := range chars {
			han[c-hanFirst] |= mark
		}
	}
	set(placeMarks, markPlace)
	set("零一二两俩三四五六七八九十廿百千半几壹贰叁肆伍陆柒捌玖拾佰仟幺", markNumeral)
	set("元块圆角毛金币刀镑", markMoney)
	return ascii, han
}

// simplified maps the traditional characters that the readers care about.
var simplified = map[rune]rune{
	'點': '点', '時': '时', '後': '后', '內': '内', '兩': '两', '週': '周', '禮': '礼', '鐘': '钟', '鍾': '钟', '號': '号',
	'個': '个', '幾': '几', '單': '单', '訂': '订', '電': '电', '話': '话', '運': '运', '遞': '递', '這': '这', '間': '间',
	'裡': '里', '塊': '块', '縣': '县', '區': '区', '鎮': '镇', '鄉': '乡', '樓': '楼', '棟': '栋', '貨': '货', '員': '员',
	'萬': '万', '圓': '元', '晝': '昼', '聽': '听', '過': '过', '從': '从', '現': '现', '剛': '刚', '為': '为', '氣': '气',
	'秒': '秒', '貓': '猫', '買': '买', '賣': '卖', '證': '证', '廣': '广', '東': '东', '聯': '联', '繫': '系', '實': '实', '認': '认', '碼': '码', '編': '编', '發': '发', '舊': '旧', '處': '处', '協': '协', '務': '务', '請': '请', '創': '创', '簽': '签',
	'換': '换', '壞': '坏', '賠': '赔', '費': '费', '價': '价', '額': '额', '條': '条', '張': '张', '邊': '边', '臺': '台', '灣': '湾', '龍': '龙', '門': '门', '園': '园', '廈': '厦', '層': '层', '寶': '宝', '總': '总', '幣': '币', '銀': '银',
	'順': '顺', '豐': '丰', '韻': '韵', '達': '达', '極': '极', '郵': '邮', '給': '给', '轉': '转', '補': '补', '還': '还', '沒': '没', '約': '约', '於': '于',
}

// hanBlock holds the unified ideographs, each with what it folds to.
const (
	hanFirst = 0x4E00
	hanLast  = 0x9FFF
)

var hanBlock = simplify()

func simplify() *[hanLast - hanFirst + 1]uint16 {
	var t [hanLast - hanFirst + 1]uint16
	for i := range t {
		t[i] = uint16(hanFirst + i)
	}
	for from, to := range simplified {
		t[from-hanFirst] = uint16(to)
	}
	return &t
}

func fold(c rune) rune {
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 32
	case c < 0x80:
		return c
	case c >= hanFirst && c <= hanLast:
		return rune(hanBlock[c-hanFirst])
	case c >= 0xFF01 && c <= 0xFF5E:
		return fold(c - 0xFEE0)
	case c == 0x3000 || c == 0xA0 || c >= 0x2000 && c <= 0x200A || c == 0x202F || c == 0x205F:
		return ' '
	case c >= 0x2010 && c <= 0x2015 || c == 0x2212 || c == 0xFE63:
		return '-'
	case c == '￥':
		return '¥'
	case c >= 0x660 && unicode.Is(unicode.Nd, c):
		return foreignDigit(c)
	}
	return c
}

// foreignDigit gives the ASCII form of a decimal digit of another script; such digits
// come in rows of ten.
func foreignDigit(c rune) rune {
	for _, r := range unicode.Nd.R16 {
		if c >= rune(r.Lo) && c <= rune(r.Hi) {
			return '0' + (c-rune(r.Lo))%10
		}
	}
	for _, r := range unicode.Nd.R32 {
		if c >= rune(r.Lo) && c <= rune(r.Hi) {
			return '0' + (c-rune(r.Lo))%10
		}
	}
	return c
}

// unseen tells characters that take no room of their own: zero width, turned
// direction, combining marks, variation selectors.
func unseen(c rune) bool {
	if c < 0xAD || c >= 0x3001 && c <= 0x3020 || c >= 0x3040 && c <= 0x3098 || c >= hanFirst && c <= hanLast || c >= 0xFF01 && c <= 0xFF5E {
		return false
	}
	return unicode.In(c, unicode.Cf, unicode.Mn, unicode.Me)
}

// Fold returns the form in which Find compares text: full-width forms to ASCII,
// ASCII to lower case, some traditional characters to simplified. It keeps the
// number of code points.
func Fold(text string) string {
	return strings.Map(fold, text)
}

func isDigit(c rune) bool  { return c >= '0' && c <= '9' }
func isLetter(c rune) bool { return c >= 'a' && c <= 'z' }
func isAlnum(c rune) bool  { return isDigit(c) || isLetter(c) }

// at returns the folded rune at i, or 0 outside the text.
func (d *doc) at(i int) rune {
	if i < 0 || i >= len(d.r) {
		return 0
	}
	return d.r[i]
}

// spaces returns the first index at or after i that is no blank.
func (d *doc) spaces(i int) int {
	for d.at(i) == ' ' || d.at(i) == '\t' {
		i++
	}
	return i
}

// lit matches word at i and returns the index after it, or -1.
func (d *doc) lit(i int, word string) int {
	for _, c := range word {
		if d.at(i) != c {
			return -1
		}
		i++
	}
	return i
}

// loose matches word at i, letting blanks stand between its characters.
func (d *doc) loose(i int, word string) int {
	for n, c := range word {
		if n > 0 {
			i = d.spaces(i)
		}
		if d.at(i) != c {
			return -1
		}
		i++
	}
	return i
}

// oneOf returns the first of words that stands at i and the index after it.
func (d *doc) oneOf(i int, words ...string) (string, int) {
	for _, w := range words {
		if e := d.loose(i, w); e >= 0 {
			return w, e
		}
	}
	return "", -1
}

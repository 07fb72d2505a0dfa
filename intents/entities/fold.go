package entities

import "strings"

// doc is a text being read. r is raw folded rune by rune (full-width forms to
// ASCII, ASCII to lower case, a few traditional characters to simplified), so an
// index into r is an index into raw.
type doc struct {
	raw   []rune
	r     []rune
	found []candidate
	marks marks
}

// marks notes which kinds of character occur, so that a reader whose characters
// are absent costs nothing.
type marks struct {
	digit, at, dot, place, han, latin bool
}

func newDoc(text string) *doc {
	d := &doc{raw: []rune(text)}
	d.r = make([]rune, len(d.raw))
	for i, c := range d.raw {
		f := fold(c)
		d.r[i] = f
		switch {
		case isDigit(f):
			d.marks.digit = true
		case f == '@':
			d.marks.at = true
		case f == '.' || f == ':':
			d.marks.dot = true
		case isLetter(f):
			d.marks.latin = true
		case f > 0x2E80:
			d.marks.han = true
			d.marks.place = d.marks.place || strings.ContainsRune("省市区县镇乡路街道巷弄号栋村", f)
		}
	}
	return d
}

// simplified maps the traditional characters that the readers care about.
var simplified = map[rune]rune{
	'點': '点', '時': '时', '後': '后', '內': '内', '兩': '两', '週': '周', '禮': '礼', '鐘': '钟', '鍾': '钟', '號': '号',
	'個': '个', '幾': '几', '單': '单', '訂': '订', '電': '电', '話': '话', '運': '运', '遞': '递', '這': '这', '間': '间',
	'裡': '里', '塊': '块', '縣': '县', '區': '区', '鎮': '镇', '鄉': '乡', '樓': '楼', '棟': '栋', '貨': '货', '員': '员',
	'萬': '万', '圓': '元', '晝': '昼', '聽': '听', '過': '过', '從': '从', '現': '现', '剛': '刚', '為': '为', '氣': '气',
	'秒': '秒', '貓': '猫', '買': '买', '賣': '卖', '證': '证', '廣': '广', '東': '东',
}

func fold(c rune) rune {
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 32
	case c < 0x80:
		return c
	case c >= 0xFF01 && c <= 0xFF5E:
		return fold(c - 0xFEE0)
	case c == 0x3000 || c == 0xA0 || c == 0x2009 || c == 0x202F:
		return ' '
	case c == '‐' || c == '‑' || c == '–' || c == '—' || c == '−' || c == '－':
		return '-'
	case c == '￥':
		return '¥'
	case c < 0x2E80:
		return c
	}
	if s, ok := simplified[c]; ok {
		return s
	}
	return c
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

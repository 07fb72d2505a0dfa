package entities

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// findPeople finds addresses and names.
func (d *doc) findPeople() {
	if !d.marks.han && !d.marks.latin {
		return
	}
	s := string(d.r)
	if d.marks.han {
		if d.marks.place {
			d.findAddresses()
		}
		d.findHanNames()
		d.findNeighbours()
	}
	if d.marks.latin {
		d.findLatinPeople(s)
	}
}

// placeMarks are the characters that end the names of places.
const placeMarks = "省市区县镇乡路街道巷弄号栋幢室楼村州盟旗里园厦苑座层站柜期院庄屯"

var latinAddress = regexp.MustCompile(`\b(?:(?:room|rm|flat|unit|apt|suite|building|bldg|block|floor|house)\.? ?[0-9a-z-]{1,6},? ){0,3}(?:no\.? ?)?[0-9]{1,6}[a-z]?,? (?:[a-z0-9.'-]+ ){1,4}(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|square|sq|highway|hwy|parkway|pkwy|terrace|crescent)\b\.?(?:,? (?:apt|suite|unit|room|floor|#)\.? ?[a-z0-9-]+)?`)

// placeNames adds to an address at from:to of the bytes of s the parts after commas that
// are written like names: Springfield, London SW3 4RP, CA 94103.
func placeNames(s string, to int) int {
	for range 4 {
		rest, ok := strings.CutPrefix(s[to:], ", ")
		if !ok {
			return to
		}
		part := rest
		if i := strings.IndexAny(rest, ",;!?\n"); i >= 0 {
			part = rest[:i]
		}
		part = strings.TrimRight(part, " .")
		words := strings.Fields(part)
		if len(words) == 0 || len(words) > 4 || slices.ContainsFunc(words, func(w string) bool { return w[0] < '0' || w[0] > 'Z' }) {
			return to
		}
		to += len(", ") + len(part)
	}
	return to
}

var latinName = regexp.MustCompile(`\b(?:name|recipient|consignee|customer name|buyer name|contact person|receiver)(?: is)?(?:[:=]? ?((?:\p{Lu}[\p{L}'-]+)(?: \p{Lu}[\p{L}'-]+){0,2})|[:=] ?(\p{L}[\p{L}'.-]*(?: \p{L}[\p{L}'.-]*){0,2}))`)

func (d *doc) findLatinPeople(s string) {
	if d.marks.digit && strings.Contains(s, " ") {
		for _, m := range latinAddress.FindAllStringIndex(s, 4) {
			start, end := utf8.RuneCountInString(s[:m[0]]), utf8.RuneCountInString(s[:m[1]])
			raw := string(d.raw[:end])
			to := placeNames(raw+string(d.raw[end:]), len(raw))
			d.add(rankAddress, Entity{Type: Address, Start: start, End: end + utf8.RuneCountInString(string(d.raw[end:])[:to-len(raw)])})
		}
	}
	if !d.mentions("name", "recipient", "consignee", "contact person", "receiver") {
		return
	}
	mixed := lowerLabels(string(d.raw))
	for _, m := range latinName.FindAllStringSubmatchIndex(mixed, 4) {
		g := 2
		if m[g] < 0 {
			g = 4
		}
		d.addBytes(mixed, m[g], m[g+1], Name, rankName)
	}
}

// lowerLabels lowers the first letter of the label words, so that names can be
// told by their capitals.
func lowerLabels(s string) string {
	return strings.NewReplacer("Name", "name", "Recipient", "recipient", "Consignee", "consignee", "Customer", "customer", "Buyer", "buyer", "Contact", "contact", "Receiver", "receiver", "Is", "is").Replace(s)
}

func (d *doc) addBytes(s string, from, to int, t Type, rank int) {
	start := utf8.RuneCountInString(s[:from])
	end := start + utf8.RuneCountInString(s[from:to])
	if end > start && end <= len(d.raw) {
		d.add(rank, Entity{Type: t, Start: start, End: end})
	}
}

const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"

var compound = []string{"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯"}

var nameLabels = runesOf("收件人", "收货人", "收件人姓名", "收货人姓名", "姓名", "联系人", "客户名", "买家名", "买家叫", "客户叫", "顾客叫", "本人叫", "名字", "署名", "抬头", "寄件人", "监护人", "购买人")

// alone are words that begin with a surname's character and are none.
var alone = map[string]bool{"谢谢": true, "安排": true, "麻烦": true, "方便": true, "包裹": true, "单号": true, "时间": true, "马上": true, "金额": true, "常用": true, "白天": true, "成功": true, "万一": true, "任何": true, "于是": true, "严重": true, "路上": true, "项目": true, "余额": true, "尚未": true, "单子": true, "包邮": true, "高度": true, "易碎": true, "温馨": true, "和他": true, "和她": true, "商家": true, "严肃": true, "和平": true, "方案": true, "高级": true, "仓库": true, "相关": true, "明天": true, "宫保": true}

// findNeighbours finds the name beside a telephone, as people paste what is written on a
// parcel: 张三 13800138000 浙江….
func (d *doc) findNeighbours() {
	for _, c := range slices.Clone(d.found) {
		if c.Type != Phone {
			continue
		}
		e := c.Start
		for e > 0 && strings.ContainsRune(" ,:、", d.r[e-1]) {
			e--
		}
		s := e
		for s > 0 && isHan(d.r[s-1]) && e-s < 4 {
			s--
		}
		d.lone(s, e)
		s = c.End
		for strings.ContainsRune(" ,、", orX(d.at(s))) {
			s++
		}
		for e = s; isHan(d.at(e)) && e-s < 4; {
			e++
		}
		d.lone(s, e)
	}
}

// lone adds a name of two or three characters that stands by itself at s:e.
func (d *doc) lone(s, e int) {
	if e-s < 2 || e-s > 3 || isHan(d.at(s-1)) || isHan(d.at(e)) || alone[string(d.r[s:e])] || d.hanName(s) != e {
		return
	}
	d.add(rankName, Entity{Type: Name, Start: s, End: e})
}

// IsName reports whether a word of two to four Chinese characters is made like a person's
// name: a surname and what may follow one.
func IsName(word string) bool {
	d := newDoc(word)
	return len(d.r) >= 2 && len(d.r) <= 4 && !alone[word] && d.hanName(0) == len(d.r)
}

// honorifics make a surname before them a name (王女士).
var honorifics = []string{"先生", "女士", "小姐", "太太"}

func (d *doc) findHanNames() {
	for i, c := range d.r {
		switch c {
		case '人', '名', '叫', '字', '头':
			if d.endsWith(i+1, nameLabels) {
				d.nameAfter(i + 1)
			}
		case '先', '女', '小', '太':
			d.honorific(i)
		}
	}
}

// nameAfter reads the name behind a label that ends at i. After a colon whatever stands
// there is one.
func (d *doc) nameAfter(i int) {
	sure := false
	for strings.ContainsRune(": =是为叫改成", orX(d.at(i))) {
		sure = sure || d.at(i) == ':' || d.at(i) == '='
		i++
	}
	e := d.hanName(i)
	if whole := d.anyName(i); sure && whole > e { // also a company, as in 抬头：
		e = whole
	}
	if e < 0 && isLetter(d.at(i)) && (sure || d.raw[i] != d.r[i]) {
		e = d.latinWords(i)
	}
	if e > i {
		d.add(rankName, Entity{Type: Name, Start: i, End: e})
	}
}

// anyName takes two to twenty Chinese characters that stand by themselves.
func (d *doc) anyName(i int) int {
	e := i
	for (isHan(d.at(e)) || d.at(e) == '·') && !strings.ContainsRune(notGiven, d.at(e)) {
		e++
	}
	if e-i < 2 || e-i > 20 {
		return -1
	}
	return e
}

// latinWords takes one to three words of letters.
func (d *doc) latinWords(i int) int {
	e, words := i, 0
	for words < 3 {
		s := e
		for isLetter(d.at(e)) || d.at(e) > 0xBF && d.at(e) < 0x250 || e > s && strings.ContainsRune("'.-", orX(d.at(e))) {
			e++
		}
		if e == s {
			break
		}
		words++
		if d.at(e) != ' ' || !isLetter(d.at(e+1)) {
			return e
		}
		e++
	}
	for d.at(e-1) == ' ' {
		e--
	}
	return e
}

// notGiven are characters that end a name rather than belong to it.
const notGiven = "电手地收的是在了说要退已也和与号住，。,;；:!！?？、 \n不想没有把被改换"

func (d *doc) hanName(i int) int {
	e := i
	for _, c := range compound {
		if x := d.lit(i, c); x >= 0 {
			e = x
		}
	}
	if e == i {
		if !strings.ContainsRune(surnames, orX(d.at(i))) {
			return -1
		}
		e++
	}
	given := 0
	for given < 2 && d.at(e) >= 0x4E00 && d.at(e) <= 0x9FFF && !strings.ContainsRune(notGiven, d.at(e)) {
		e++
		given++
	}
	if given == 0 {
		return -1
	}
	return e
}

func (d *doc) honorific(i int) {
	for _, h := range honorifics {
		e := d.lit(i, h)
		if e < 0 || i == 0 {
			continue
		}
		s := i - 1
		if !strings.ContainsRune(surnames, d.r[s]) {
			for s = max(0, i-3); s < i-1 && !strings.ContainsRune(surnames, d.r[s]); s++ {
			}
			if s >= i-1 {
				return
			}
		}
		d.add(rankName, Entity{Type: Name, Start: s, End: e})
	}
}

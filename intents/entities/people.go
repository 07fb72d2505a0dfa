package entities

import (
	"regexp"
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
		if d.marks.place && countPlaceMarks(d.r) >= 2 {
			d.findAddresses(s)
		}
		d.findHanNames()
	}
	if d.marks.latin {
		d.findLatinPeople(s)
	}
}

func countPlaceMarks(r []rune) int {
	n := 0
	for _, c := range r {
		if strings.ContainsRune("省市区县镇乡路街道巷弄号栋幢室楼村", c) {
			n++
		}
	}
	return n
}

// hanAddress wants parts in descending order of size: a region (province, city,
// district) and a street or village, with number, building and room if given.
var hanAddress = regexp.MustCompile(
	`(?:(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|自治区|特别行政区)?[ ,]?)?` +
		`(?:\p{Han}{2,7}?(?:自治州|地区|盟|市)[ ,]?)?(?:\p{Han}{1,7}?(?:新区|开发区|高新区|自治县|区|县|市|旗)[ ,]?)?(?:\p{Han}{1,8}?(?:街道|镇|乡|办事处)[ ,]?)?` +
		`(?:\p{Han}{1,8}?(?:村|社区|工业园|科技园|产业园|开发区)[ ,]?)?(?:\p{Han}{1,10}?(?:路|大街|街|大道|道|巷|弄|胡同|里)[ ,]?)?(?:(?:南|北|东|西|中)?段)?` +
		`(?:[0-9]{1,5}(?:-[0-9]{1,4})?[ ]?(?:号|弄|巷)(?:院)?[ ,]?)?(?:[\p{Han}a-z0-9]{2,12}?(?:小区|花园|家园|大厦|广场|公寓|公馆|中心|城|苑|府|庭|湾|园|学校|大学|医院|酒店|驿站|超市)[ ,]?)?` +
		`(?:[a-z]?[0-9一二三四五六七八九十]{1,4}[ ]?(?:期|区))?(?:[a-z]?[0-9一二三四五六七八九十]{1,4}(?:号楼|栋|幢|座|号|#)[ ,]?)?(?:[a-z]?座)?(?:[0-9一二三四五六七八九十]{1,3}单元[ ,]?)?(?:[0-9一二三四五六七八九十]{1,3}(?:层|楼)[ ,]?)?(?:[0-9]{2,5}(?:-[0-9]{1,4})?[ ]?(?:室|房|户)?)?`)

var (
	region = regexp.MustCompile(`(?:省|自治区|市|区|县|镇|乡|街道)`)
	street = regexp.MustCompile(`(?:路|街|大道|道|巷|弄|村|小区|花园|大厦|广场|公寓|苑|工业园|科技园|产业园|社区|家园|中心|学校|大学|驿站)`)
	door   = regexp.MustCompile(`[0-9一二三四五六七八九十]+(?:号|栋|幢|座|室|单元|楼|弄|#)`)
)

// addressLead are words that may run into the first place name.
var addressLead = regexp.MustCompile(`^(?:\p{Han}{0,6}?(?:收货地址|收件地址|新地址|地址|寄到|发到|寄往|发往|送到|改成|改为|改到|换成|寄回|退回|住在|位于|是|在|到|往|寄|送|为|给|至|成|把|从|要|由|去|回))+`)

func (d *doc) findAddresses(s string) {
	for at := 0; at < len(s); {
		lead := at
		loc := hanAddress.FindStringIndex(s[lead:])
		if loc == nil {
			return
		}
		from, to := lead+loc[0], lead+loc[1]
		if from == to {
			_, n := utf8.DecodeRuneInString(s[to:])
			at = to + max(n, 1)
			continue
		}
		from, to = trimAddress(s, from, to)
		if part := s[from:to]; plausibleAddress(part) {
			start := utf8.RuneCountInString(s[:from])
			d.add(rankAddress, Entity{Type: Address, Start: start, End: start + utf8.RuneCountInString(part)})
			at = to
			continue
		}
		_, n := utf8.DecodeRuneInString(s[from:])
		at = from + n
	}
}

func trimAddress(s string, from, to int) (int, int) {
	if m := addressLead.FindString(s[from:to]); m != "" && len(m) < to-from {
		from += len(m)
	}
	for from < to && (s[to-1] == ' ' || s[to-1] == ',') {
		to--
	}
	return from, to
}

func plausibleAddress(a string) bool {
	parts := 0
	for _, re := range []*regexp.Regexp{region, street, door} {
		if re.MatchString(a) {
			parts++
		}
	}
	return parts >= 2 && utf8.RuneCountInString(a) >= 6
}

var latinAddress = regexp.MustCompile(`\b[0-9]{1,6}[a-z]?,? (?:[a-z0-9.'-]+ ){1,4}(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|square|sq|highway|hwy)\b\.?(?:,? (?:apt|suite|unit|room|floor|#)\.? ?[a-z0-9-]+)?(?:, [a-z][a-z .'-]{2,30}(?:, [a-z]{2}(?: [0-9]{5}(?:-[0-9]{4})?)?)?)?`)

var latinName = regexp.MustCompile(`\b(?:name|recipient|consignee|customer name|buyer name|contact person|receiver)(?: is)?[:=]? ?((?:[A-Z][a-z'-]+)(?: [A-Z][a-z'-]+){0,2})`)

func (d *doc) findLatinPeople(s string) {
	if d.marks.digit && strings.Contains(s, " ") {
		for _, m := range latinAddress.FindAllStringIndex(s, 4) {
			d.addBytes(s, m[0], m[1], Address, rankAddress)
		}
	}
	if !d.mentions("name", "recipient", "consignee", "contact person", "receiver") {
		return
	}
	mixed := lowerLabels(string(d.raw))
	for _, m := range latinName.FindAllStringSubmatchIndex(mixed, 4) {
		d.addBytes(mixed, m[2], m[3], Name, rankName)
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

var nameLabels = []string{"收件人", "收货人", "收件人姓名", "收货人姓名", "姓名", "联系人", "真实姓名", "客户姓名", "买家姓名", "客户名", "买家叫", "客户叫", "买家名字", "名字", "署名", "抬头"}

// honorifics make a surname before them a name (王女士).
var honorifics = []string{"先生", "女士", "小姐", "太太"}

func (d *doc) findHanNames() {
	for _, l := range nameLabels {
		first := []rune(l)[0]
		for i := 0; i < len(d.r); i++ {
			if d.r[i] != first {
				continue
			}
			if e := d.lit(i, l); e >= 0 {
				d.nameAfter(e)
			}
		}
	}
	for i, c := range d.r {
		if strings.ContainsRune("先女小太", c) {
			d.honorific(i)
		}
	}
}

func (d *doc) nameAfter(i int) {
	for strings.ContainsRune(": 是为叫改成", orX(d.at(i))) {
		i++
	}
	if e := d.hanName(i); e >= 0 {
		d.add(rankName, Entity{Type: Name, Start: i, End: e})
	}
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

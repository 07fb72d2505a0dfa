package entities

import (
	"slices"
	"strings"
)

func longestFirst(ss []suffix) {
	slices.SortStableFunc(ss, func(a, b suffix) int { return len(b.runes) - len(a.runes) })
}

// chain is an address being read: where it began and ends, and how many parts of
// each level it has.
type chain struct {
	start, end int
	last       level
	parts      [levelLocker + 1]int
}

func (c *chain) take(end int, l level) {
	c.end, c.last = end, l
	c.parts[l]++
}

// regions counts the parts that name an area.
func (c *chain) regions() int {
	return c.parts[levelProvince] + c.parts[levelCity] + c.parts[levelDistrict] + c.parts[levelTown] + c.parts[levelVillage]
}

// whole tells an address from mere talk of a place: a street with a door, an area with
// a street, door or building, or a building with a room.
func (c *chain) whole() bool {
	areas, doors := c.regions(), c.parts[levelDoor]+c.parts[levelRoom]
	street, named := c.parts[levelStreet] > 0, c.parts[levelNamed]
	switch {
	case c.end-c.start < 6:
		return false
	case street && doors > 0, areas > 0 && street && areas+named > 1:
		return true
	case areas > 2 && (doors > 0 || named > 0 || c.parts[levelTown]+c.parts[levelVillage] > 0):
		return true
	case areas > 1 && (doors > 0 || named > 0):
		return true
	case areas > 0 && named > 0 && doors > 0:
		return true
	case c.parts[levelLocker] > 0 && (named > 0 || street || areas > 1):
		return true
	}
	return named > 0 && doors > 1 || street && named > 0 && areas > 0
}

// findAddresses finds Chinese addresses: names of places in a row, each ended by its
// suffix, from the province or any smaller part down to the door.
func (d *doc) findAddresses() {
	for i := 0; i < len(d.r); i++ {
		if c, ok := d.named(i); ok && d.complete(&c) || d.known(i, &c) && d.complete(&c) {
			d.tail(&c)
			d.add(rankAddress, Entity{Type: Address, Start: c.start, End: c.end})
			i = c.end - 1
		}
	}
}

func (d *doc) complete(c *chain) bool {
	d.extend(c)
	return c.whole()
}

// known begins an address at a known place that stands at i.
func (d *doc) known(i int, c *chain) bool {
	e, l := d.placeAt(i)
	if l == levelNone {
		return false
	}
	*c = chain{start: i}
	c.take(e, l)
	return true
}

// placeAt matches the name of a known place at i, with its suffix.
func (d *doc) placeAt(i int) (int, level) {
	for _, p := range places[d.at(i)] {
		if e := i + len(p.runes); e <= len(d.r) && slices.Equal(d.r[i:e], p.runes) {
			return d.suffixAt(e), p.level
		}
	}
	return 0, levelNone
}

// named begins an address at the name whose suffix ends just before i.
func (d *doc) named(i int) (chain, bool) {
	l, n := d.suffixEnding(i)
	if l == levelNone || l == levelDoor || l == levelRoom || l == levelLocker || l == levelProvince {
		return chain{}, false
	}
	start := d.nameStart(i - n)
	if start < 0 {
		return chain{}, false
	}
	c := chain{start: start}
	c.take(i, l)
	return c, true
}

// suffixAt steps over the suffix of a province or city at i.
func (d *doc) suffixAt(i int) int {
	for _, s := range []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", "县"} {
		if e := d.lit(i, s); e >= 0 {
			return e
		}
	}
	return i
}

// suffixEnding finds the longest suffix that ends at i and its length.
func (d *doc) suffixEnding(i int) (level, int) {
	if i <= 0 || i > len(d.r) {
		return levelNone, 0
	}
	for _, s := range suffixes[d.r[i-1]] {
		if n := len(s.runes); n <= i && slices.Equal(d.r[i-n:i], s.runes) {
			return s.level, n
		}
	}
	return levelNone, 0
}

// leads are words that run into the first name of an address.
var leads = runesOf("地址", "寄到", "发到", "寄往", "发往", "送到", "改成", "改为", "改到", "换成", "换到", "寄回", "退回", "退到", "住在", "搬到", "位于", "应该是", "应为", "转寄", "转到", "收货", "收件", "到", "在", "是", "往", "寄", "送", "住", "为", "至", "从", "由", "给", "去", "地", "址")

// nameStart goes back from the suffix at i over the name before it: to what is no Han
// character, or to a word that leads to an address. -1 where there is no name.
func (d *doc) nameStart(i int) int {
	s := i
	for s > 0 && i-s < 8 && isHan(d.r[s-1]) && !talk(d.r[s-1]) && !(s < i && d.endsWith(s, leads)) {
		s--
	}
	if i-s >= 8 {
		s = i - 2
	}
	if i == s {
		return -1
	}
	return s
}

func isHan(c rune) bool { return c >= hanFirst && c <= hanLast }

// talk tells characters of talk, which stand in no name of a place.
func talk(c rune) bool {
	return strings.ContainsRune("的了是说要请没吗呢把给找退换您你我他她它买卖谁啥么这址", c)
}

// extend reads part after part.
func (d *doc) extend(c *chain) {
	for range partsLimit {
		end, l := d.nextPart(c)
		if l == levelNone {
			return
		}
		c.take(end, l)
	}
}

// partsLimit is the most parts that an address may have.
const partsLimit = 20

// partLimit is the longest name of a part of an address, in code points.
const partLimit = 14

// nextPart finds the next part after c: the nearest suffix that fits, or a bare number
// after a door or building.
func (d *doc) nextPart(c *chain) (int, level) {
	if e := d.bareRoom(c); e > 0 {
		if slices.Contains(d.r[c.end+1:e], '-') {
			c.parts[levelRoom]++ // building and room in one
		}
		return e, levelRoom
	}
	from := c.end
	if x := d.at(from); x == ',' && c.last < levelStreet || x == ' ' || x == '-' && c.last <= levelTown {
		from++
	}
	if e, l := d.placeAt(from); l == levelCity && c.last <= levelCity {
		return e, l
	}
	for i := from + 1; i <= len(d.r) && i-from <= partLimit; i++ {
		x := d.r[i-1]
		if !isHan(x) && !isAlnum(x) && x != '-' && x != '#' && x != ' ' || talk(x) || d.endsWith(i, changes) {
			return 0, levelNone
		}
		l, n := d.suffixEnding(i)
		if l == levelNone || i-n < from {
			continue
		}
		if longer, m := d.suffixEnding(i + 1); i < len(d.r) && longer != levelNone && m > n { // 街 of 街道
			continue
		}
		if d.fits(c, l, from, i-n, i) {
			return i, l
		}
	}
	return 0, levelNone
}

// changes are words that end one address before the next begins.
var changes = runesOf("改成", "改为", "改到", "换成", "电话", "手机", "收件", "买家", "客户", "麻烦", "谢谢", "快递", "订单", "邮编")

// fits decides whether a suffix of level l at r[s:e] ends a part that may follow c.
func (d *doc) fits(c *chain, l level, from, s, e int) bool {
	name := d.r[from:s]
	switch l {
	case levelDoor, levelRoom:
		return d.numbered(s) && !strings.ContainsRune("线码链仓件", orX(d.at(e)))
	case levelLocker:
		return true
	case levelProvince:
		return false
	case levelCity, levelDistrict, levelTown:
		if l == levelDistrict && d.numbered(s) {
			return c.last >= levelStreet
		}
		return c.last <= l && len(name) > 0 && len(name) <= 9 && !(c.last > levelTown)
	case levelNamed:
		return (len(name) > 0 || c.last == levelStreet || c.last == levelVillage) && !d.endsWith(s, depots)
	}
	return len(name) > 0 && !slices.Contains(name, ' ')
}

// depots are words that make a 中心 a courier's, not a place to live at.
var depots = runesOf("分拨", "转运", "中转", "集散", "处理", "客服", "服务", "营业", "分拣")

// numbered reports whether a number or letter ends at i: 3, 甲22, 十二, a, 12-3.
func (d *doc) numbered(i int) bool {
	c := d.at(i - 1)
	return isAlnum(c) || c == '#' || hanDigit(c) >= 0 || hanUnit(c) > 0 || strings.ContainsRune("甲乙丙丁", orX(c))
}

// bareRoom reads 1201 or 12-3-501 after a door, building or compound.
func (d *doc) bareRoom(c *chain) int {
	if c.last < levelDoor && c.last != levelStreet {
		return 0
	}
	i := c.end
	if d.at(i) == ' ' || d.at(i) == '-' {
		i++
	}
	e, groups := i, 0
	for groups < 4 {
		s := e
		for isDigit(d.at(e)) && e-s < 5 {
			e++
		}
		if e == s {
			break
		}
		groups++
		if d.at(e) != '-' || !isDigit(d.at(e+1)) {
			break
		}
		e++
	}
	if groups == 0 || e-i < 2 || isAlnum(d.at(e)) || groups == 1 && (strings.ContainsRune(counted, orX(d.at(e))) || d.numberedPart(e)) || groups > 1 && d.numberedPart(e) {
		return 0
	}
	return e
}

// numberedPart reports whether a suffix stands at i, so that the number before it is its.
func (d *doc) numberedPart(i int) bool {
	for n := 1; n <= 2; n++ {
		if l, _ := d.suffixEnding(min(len(d.r), i+n)); i+n <= len(d.r) && (l == levelDoor || l == levelRoom) {
			return true
		}
	}
	return false
}

// tails are words that may close an address.
var tails = []string{"之一", "附近", "旁边", "对面", "门口", "楼下", "北门", "南门", "东门", "西门", "正门", "后门", "路口"}

func (d *doc) tail(c *chain) {
	for _, w := range tails {
		if e := d.lit(c.end, w); e >= 0 {
			c.end = e
		}
	}
}

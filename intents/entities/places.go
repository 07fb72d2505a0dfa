package entities

import "strings"

// provinces and cities are the names with which a Chinese address begins, without
// their suffixes: all provinces, all prefectures, and county-level cities that are
// named by themselves. From the administrative divisions of the country.
const (
	provinces = "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
	cities    = "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安盟 锡林郭勒 阿拉善 " +
		"沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭 " +
		"南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 " +
		"福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 " +
		"郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架 " +
		"长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 " +
		"南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 " +
		"贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆 拉萨 日喀则 昌都 林芝 山南 那曲 阿里 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 " +
		"兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 西宁 海东 海北 黄南 海南州 果洛 玉树 海西 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子 " +
		"台北 高雄 台中 台南 新北 桃园 九龙 昆山 常熟 张家港 太仓 江阴 宜兴 义乌 东阳 永康 兰溪 慈溪 余姚 诸暨 上虞 海宁 桐乡 平湖 瑞安 乐清 温岭 临海 石狮 晋江 南安 福清 长乐 顺德 南海 番禺 增城 普宁 开平 高密 寿光 滕州 即墨 胶州 龙口 新沂 邳州 如皋 启东 海门 丹阳 靖江 泰兴 兴化 高邮 浏阳 醴陵 都江堰 西昌 延吉 满洲里 雄安 浦东"
)

// places holds the names of provinces and cities by their first character, with the
// level of each.
var places = indexPlaces()

type place struct {
	runes []rune
	level level
}

func indexPlaces() map[rune][]place {
	idx := map[rune][]place{}
	add := func(names string, l level) {
		for n := range strings.FieldsSeq(names) {
			rs := []rune(n)
			idx[rs[0]] = append(idx[rs[0]], place{rs, l})
		}
	}
	add(provinces, levelProvince)
	add(cities, levelCity)
	return idx
}

// level orders the parts of an address from the whole to the door.
type level int

const (
	levelNone level = iota
	levelProvince
	levelCity
	levelDistrict
	levelTown
	levelVillage
	levelStreet
	levelDoor
	levelNamed
	levelRoom
	levelLocker
)

type suffix struct {
	runes []rune
	level level
}

// suffixes end the parts of an address, by their last character, the longest first.
var suffixes = indexSuffixes()

func indexSuffixes() map[rune][]suffix {
	idx := map[rune][]suffix{}
	for _, s := range []struct {
		words string
		level level
	}{
		{"特别行政区 自治区 省", levelProvince},
		{"自治州 地区 市 盟 州", levelCity},
		{"经济开发区 经济技术开发区 高新技术开发区 开发区 高新区 自治县 自治旗 新区 区 县 旗", levelDistrict},
		{"街道办事处 街道 办事处 苏木 镇 乡", levelTown},
		{"居委会 村委会 社区 新村 村 屯 庄", levelVillage},
		{"大街 大道 胡同 公路 国道 省道 路口 巷子 路 街 道 巷 弄 里", levelStreet},
		{"号院 号 弄 组 队", levelDoor},
		{"工业园区 工业园 科技园 科技城 产业园 产业基地 创意园 软件园 物流园 园区 工业区 商务区 生活区 宿舍区 家属院 小区 花园 家园 嘉园 雅苑 大厦 大楼 写字楼 商务楼 办公楼 广场 公寓 公馆 别墅 中心 苑 府 城 庭 湾 园 国际 大世界 市场 商城 商场 百货 学校 大学 学院 中学 小学 幼儿园 医院 酒店 宾馆 超市 仓库 工厂 车间", levelNamed},
		{"号楼 栋 幢 座 单元 楼 层 室 房 户 门 舍 期 斋", levelRoom},
		{"菜鸟驿站 驿站 丰巢柜 丰巢 快递柜 自提柜 自提点 蜂巢 代收点", levelLocker},
	} {
		for w := range strings.FieldsSeq(s.words) {
			rs := []rune(w)
			last := rs[len(rs)-1]
			idx[last] = append(idx[last], suffix{rs, s.level})
		}
	}
	for _, ss := range idx {
		longestFirst(ss)
	}
	return idx
}

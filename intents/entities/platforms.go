package entities

type platformWord struct{ word, name string }

// platformWords are the names by which people call the marketplaces, in folded form.
var platformWords = []platformWord{
	{"天猫", "tmall"}, {"tmall", "tmall"}, {"淘宝", "taobao"}, {"taobao", "taobao"}, {"抖音", "doudian"}, {"抖店", "doudian"}, {"飞鸽", "doudian"},
	{"doudian", "doudian"}, {"douyin", "doudian"}, {"拼多多", "pinduoduo"}, {"多多", "pinduoduo"}, {"pdd", "pinduoduo"}, {"pinduoduo", "pinduoduo"},
	{"京东", "jd"}, {"jd", "jd"}, {"千牛", "tmall"}, {"猫店", "tmall"},
}

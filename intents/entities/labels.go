package entities

import (
	"slices"
	"strings"
)

// kind is what the words before a number say that it is.
type kind int

const (
	kindNone kind = iota
	kindOrder
	kindAfterSale
	kindPlatform
	kindWaybill
	kindPhone
	kindID
	kindOther // a number of no interest: goods, accounts, codes
)

type label struct {
	word string
	kind kind
	hint string
}

// labels name the number that follows. Of several before one number, the one
// that ends nearest counts, then the longest.
var labels = []label{
	{"订单", kindOrder, ""}, {"订单号", kindOrder, ""}, {"订单编号", kindOrder, ""}, {"单号", kindOrder, ""}, {"单子", kindOrder, ""},
	{"单", kindOrder, ""}, {"订单尾号", kindOther, ""}, {"尾号", kindOther, ""}, {"order", kindOrder, ""}, {"orders", kindOrder, ""},
	{"purchase", kindOrder, ""}, {"po", kindOrder, ""}, {"订单id", kindOrder, ""}, {"order id", kindOrder, ""}, {"交易号", kindOrder, ""},
	{"交易编号", kindOrder, ""}, {"编号", kindOrder, ""},
	{"售后", kindAfterSale, ""}, {"售后单", kindAfterSale, ""}, {"售后单号", kindAfterSale, ""}, {"售后编号", kindAfterSale, ""}, {"售后id", kindAfterSale, ""},
	{"退款编号", kindAfterSale, ""}, {"退款单", kindAfterSale, ""}, {"退款单号", kindAfterSale, ""}, {"退货单号", kindAfterSale, ""}, {"退款id", kindAfterSale, ""},
	{"维权编号", kindAfterSale, ""}, {"维权单号", kindAfterSale, ""}, {"aftersale", kindAfterSale, ""}, {"after-sale", kindAfterSale, ""}, {"after-sales", kindAfterSale, ""},
	{"refund id", kindAfterSale, ""}, {"refund no", kindAfterSale, ""}, {"refund number", kindAfterSale, ""}, {"refund", kindAfterSale, ""}, {"rma", kindAfterSale, ""}, {"return no", kindAfterSale, ""},
	{"工单", kindPlatform, ""}, {"工单号", kindPlatform, ""}, {"工单编号", kindPlatform, ""}, {"协同工单", kindPlatform, ""}, {"平台单号", kindPlatform, ""},
	{"平台编号", kindPlatform, ""}, {"平台工单", kindPlatform, ""}, {"平台工单号", kindPlatform, ""}, {"服务请求", kindPlatform, ""}, {"服务请求编号", kindPlatform, ""}, {"服务单号", kindPlatform, ""},
	{"服务单", kindPlatform, ""}, {"服务商工单", kindPlatform, ""}, {"任务单", kindPlatform, ""}, {"任务编号", kindPlatform, ""}, {"case id", kindPlatform, ""}, {"case no", kindPlatform, ""}, {"case", kindPlatform, ""},
	{"platform ticket", kindPlatform, ""}, {"platform no", kindPlatform, ""}, {"platform request", kindPlatform, ""}, {"service request", kindPlatform, ""},
	{"运单", kindWaybill, ""}, {"运单号", kindWaybill, ""}, {"快递", kindWaybill, ""}, {"快递单", kindWaybill, ""}, {"快递单号", kindWaybill, ""}, {"快递号", kindWaybill, ""},
	{"物流", kindWaybill, ""}, {"物流单", kindWaybill, ""}, {"物流单号", kindWaybill, ""}, {"物流号", kindWaybill, ""}, {"面单", kindWaybill, ""}, {"面单号", kindWaybill, ""}, {"包裹", kindWaybill, ""},
	{"顺丰", kindWaybill, "sf"}, {"圆通", kindWaybill, "yto"}, {"中通", kindWaybill, "zto"}, {"申通", kindWaybill, "sto"}, {"韵达", kindWaybill, "yunda"}, {"极兔", kindWaybill, "jt"},
	{"邮政", kindWaybill, "ems"}, {"ems", kindWaybill, "ems"}, {"德邦", kindWaybill, "deppon"}, {"百世", kindWaybill, "best"}, {"京东快递", kindWaybill, "jd"}, {"京东物流", kindWaybill, "jd"},
	{"丰网", kindWaybill, "fw"}, {"菜鸟", kindWaybill, "cainiao"}, {"快递单号是", kindWaybill, ""}, {"顺丰单号", kindWaybill, "sf"}, {"圆通单号", kindWaybill, "yto"}, {"中通单号", kindWaybill, "zto"},
	{"申通单号", kindWaybill, "sto"}, {"韵达单号", kindWaybill, "yunda"}, {"极兔单号", kindWaybill, "jt"}, {"退货运单", kindWaybill, ""}, {"退回单号", kindWaybill, ""}, {"寄回单号", kindWaybill, ""}, {"退货快递", kindWaybill, ""},
	{"发货单号", kindWaybill, ""}, {"tracking", kindWaybill, ""}, {"tracking number", kindWaybill, ""}, {"tracking no", kindWaybill, ""}, {"waybill", kindWaybill, ""}, {"awb", kindWaybill, ""}, {"parcel", kindWaybill, ""},
	{"package", kindWaybill, ""}, {"shipment", kindWaybill, ""}, {"ups", kindWaybill, "ups"}, {"fedex", kindWaybill, "fedex"}, {"dhl", kindWaybill, "dhl"}, {"usps", kindWaybill, "usps"}, {"sf express", kindWaybill, "sf"},
	{"yto", kindWaybill, "yto"}, {"zto", kindWaybill, "zto"}, {"sto", kindWaybill, "sto"},
	{"电话", kindPhone, ""}, {"电话号码", kindPhone, ""}, {"手机", kindPhone, ""}, {"手机号", kindPhone, ""}, {"手机号码", kindPhone, ""}, {"联系方式", kindPhone, ""}, {"座机", kindPhone, ""}, {"号码", kindPhone, ""}, {"致电", kindPhone, ""},
	{"虚拟号", kindPhone, ""}, {"热线", kindPhone, ""}, {"tel", kindPhone, ""}, {"telephone", kindPhone, ""}, {"phone", kindPhone, ""}, {"phone number", kindPhone, ""}, {"mobile", kindPhone, ""}, {"cell", kindPhone, ""}, {"call", kindPhone, ""},
	{"whatsapp", kindPhone, ""}, {"contact number", kindPhone, ""},
	{"身份证", kindID, ""}, {"身份证号", kindID, ""}, {"身份证号码", kindID, ""}, {"证件号", kindID, ""},
	{"商品id", kindOther, ""}, {"货号", kindOther, ""}, {"款号", kindOther, ""}, {"sku", kindOther, ""}, {"商品编码", kindOther, ""}, {"商品编号", kindOther, ""}, {"链接id", kindOther, ""}, {"条码", kindOther, ""},
	{"验证码", kindOther, ""}, {"qq", kindOther, ""}, {"qq号", kindOther, ""}, {"微信", kindOther, ""}, {"微信号", kindOther, ""}, {"银行卡", kindOther, ""}, {"卡号", kindOther, ""}, {"银行卡号", kindOther, ""}, {"账号", kindOther, ""},
	{"订单编码", kindOrder, ""}, {"订单号码", kindOrder, ""}, {"原单", kindOrder, ""}, {"原订单", kindOrder, ""}, {"主订单", kindOrder, ""}, {"子订单", kindOrder, ""}, {"交易单号", kindOrder, ""}, {"订单流水号", kindOrder, ""}, {"ord", kindOrder, ""}, {"order ref", kindOrder, ""},
	{"补发单", kindOrder, ""}, {"换货单", kindOrder, ""}, {"退货单", kindAfterSale, ""}, {"换货单号", kindAfterSale, ""}, {"退货编号", kindAfterSale, ""}, {"退款单编号", kindAfterSale, ""}, {"售后单编号", kindAfterSale, ""}, {"售后服务单", kindAfterSale, ""}, {"售后服务单号", kindAfterSale, ""}, {"售后工单", kindAfterSale, ""},
	{"售后申请", kindAfterSale, ""}, {"售后申请单号", kindAfterSale, ""}, {"仅退款", kindAfterSale, ""}, {"退款申请", kindAfterSale, ""}, {"退款编码", kindAfterSale, ""}, {"退款申请编号", kindAfterSale, ""}, {"after sale", kindAfterSale, ""}, {"after sales", kindAfterSale, ""}, {"return id", kindAfterSale, ""}, {"return number", kindAfterSale, ""}, {"refund case", kindAfterSale, ""},
	{"请求编号", kindPlatform, ""}, {"请求单号", kindPlatform, ""}, {"请求单", kindPlatform, ""}, {"请求号", kindPlatform, ""}, {"工单id", kindPlatform, ""}, {"介入单号", kindPlatform, ""}, {"介入单", kindPlatform, ""}, {"投诉单", kindPlatform, ""}, {"投诉单号", kindPlatform, ""}, {"投诉编号", kindPlatform, ""}, {"纠纷单", kindPlatform, ""}, {"纠纷单号", kindPlatform, ""}, {"纠纷编号", kindPlatform, ""},
	{"举报编号", kindPlatform, ""}, {"申诉单号", kindPlatform, ""}, {"申诉编号", kindPlatform, ""}, {"任务id", kindPlatform, ""}, {"任务单号", kindPlatform, ""}, {"协同单", kindPlatform, ""}, {"协同单号", kindPlatform, ""}, {"平台服务请求", kindPlatform, ""}, {"平台服务单", kindPlatform, ""}, {"平台id", kindPlatform, ""}, {"仲裁单号", kindPlatform, ""}, {"判责单号", kindPlatform, ""}, {"工单单号", kindPlatform, ""}, {"客诉单", kindPlatform, ""}, {"客诉单号", kindPlatform, ""}, {"客诉编号", kindPlatform, ""}, {"客诉号", kindPlatform, ""},
	{"来工单了", kindPlatform, ""}, {"来新工单了", kindPlatform, ""}, {"下工单了", kindPlatform, ""}, {"派工单了", kindPlatform, ""}, {"协同工单了", kindPlatform, ""}, {"客满单", kindPlatform, ""},
	{"after-sales ticket", kindAfterSale, ""}, {"after-sale ticket", kindAfterSale, ""}, {"aftersales ticket", kindAfterSale, ""}, {"aftersale ticket", kindAfterSale, ""}, {"after sales ticket", kindAfterSale, ""},
	{"complaint ticket", kindPlatform, ""}, {"tmall ticket", kindPlatform, "tmall"}, {"taobao ticket", kindPlatform, "taobao"}, {"doudian ticket", kindPlatform, "doudian"}, {"douyin ticket", kindPlatform, "doudian"}, {"pinduoduo ticket", kindPlatform, "pinduoduo"}, {"pdd ticket", kindPlatform, "pinduoduo"}, {"jd ticket", kindPlatform, "jd"}, {"service ticket", kindPlatform, ""},
	{"ticket no", kindPlatform, ""}, {"ticket id", kindPlatform, ""}, {"ticket number", kindPlatform, ""}, {"coop ticket", kindPlatform, ""}, {"cooperation ticket", kindPlatform, ""}, {"platform case", kindPlatform, ""}, {"request id", kindPlatform, ""}, {"request no", kindPlatform, ""}, {"request number", kindPlatform, ""}, {"provider ticket", kindPlatform, ""}, {"dispute id", kindPlatform, ""}, {"dispute no", kindPlatform, ""}, {"dispute", kindPlatform, ""}, {"complaint id", kindPlatform, ""}, {"complaint no", kindPlatform, ""}, {"work order", kindPlatform, ""},
	{"速递", kindWaybill, ""}, {"速运", kindWaybill, ""}, {"快运", kindWaybill, ""}, {"快件", kindWaybill, ""}, {"运单编号", kindWaybill, ""}, {"快递编号", kindWaybill, ""}, {"物流编号", kindWaybill, ""}, {"快递运单", kindWaybill, ""}, {"快递运单号", kindWaybill, ""}, {"包裹单号", kindWaybill, ""}, {"包裹号", kindWaybill, ""}, {"电子面单", kindWaybill, ""}, {"邮件号", kindWaybill, ""}, {"挂号", kindWaybill, ""}, {"小包", kindWaybill, "ems"}, {"寄件单号", kindWaybill, ""}, {"寄件码", kindOther, ""},
	{"补发单号", kindWaybill, ""}, {"补发快递", kindWaybill, ""}, {"补发运单", kindWaybill, ""}, {"换货快递", kindWaybill, ""}, {"换货发出", kindWaybill, ""}, {"退货物流", kindWaybill, ""}, {"拦截件", kindWaybill, ""}, {"拦截", kindWaybill, ""}, {"查件", kindWaybill, ""}, {"丹鸟", kindWaybill, "danniao"}, {"跨越", kindWaybill, "ky"}, {"天天", kindWaybill, "tt"}, {"优速", kindWaybill, "yousu"}, {"安能", kindWaybill, "ane"}, {"宅急送", kindWaybill, "zjs"}, {"京东运单", kindWaybill, "jd"},
	{"consignment", kindWaybill, ""}, {"courier no", kindWaybill, ""}, {"royal mail", kindWaybill, ""}, {"trk", kindWaybill, ""}, {"tracking id", kindWaybill, ""}, {"tracking code", kindWaybill, ""}, {"tracking ref", kindWaybill, ""}, {"parcel no", kindWaybill, ""}, {"jt express", kindWaybill, "jt"}, {"j&t", kindWaybill, "jt"}, {"yunda", kindWaybill, "yunda"}, {"cainiao", kindWaybill, "cainiao"}, {"tnt", kindWaybill, "tnt"}, {"aramex", kindWaybill, "aramex"},
	{"联系电话", kindPhone, ""}, {"收件电话", kindPhone, ""}, {"收货电话", kindPhone, ""}, {"来电", kindPhone, ""}, {"回电", kindPhone, ""}, {"拨打", kindPhone, ""}, {"打", kindPhone, ""}, {"联系", kindPhone, ""}, {"隐私号", kindPhone, ""}, {"隐私号码", kindPhone, ""}, {"虚拟号码", kindPhone, ""}, {"备用电话", kindPhone, ""}, {"备用号码", kindPhone, ""}, {"微信同号", kindPhone, ""}, {"同号", kindPhone, ""}, {"传真", kindPhone, ""}, {"fax", kindPhone, ""}, {"ring", kindPhone, ""}, {"ph", kindPhone, ""}, {"mob", kindPhone, ""}, {"contact", kindPhone, ""}, {"callback", kindPhone, ""}, {"hotline", kindPhone, ""},
	{"证件", kindID, ""}, {"证件号码", kindID, ""}, {"身份证明", kindID, ""}, {"sfz", kindID, ""}, {"id card", kindID, ""}, {"national id", kindID, ""}, {"实名", kindID, ""}, {"实名认证", kindID, ""},
	{"商品编号id", kindOther, ""}, {"宝贝id", kindOther, ""}, {"skuid", kindOther, ""}, {"spuid", kindOther, ""}, {"upc", kindOther, ""}, {"ean", kindOther, ""}, {"barcode", kindOther, ""}, {"条形码", kindOther, ""}, {"69码", kindOther, ""}, {"型号", kindOther, ""}, {"取件码", kindOther, ""}, {"取货码", kindOther, ""}, {"提货码", kindOther, ""}, {"校验码", kindOther, ""}, {"密码", kindOther, ""}, {"会员号", kindOther, ""}, {"会员id", kindOther, ""}, {"群号", kindOther, ""}, {"qq群", kindOther, ""}, {"店铺id", kindOther, ""}, {"用户id", kindOther, ""}, {"买家id", kindOther, ""}, {"uid", kindOther, ""}, {"信用代码", kindOther, ""}, {"社会信用代码", kindOther, ""}, {"开户行", kindOther, ""}, {"对公账号", kindOther, ""}, {"时间戳", kindOther, ""}, {"流水", kindOther, ""}, {"流水号", kindOther, ""}, {"版本", kindOther, ""}, {"version", kindOther, ""}, {"account", kindOther, ""}, {"vat", kindOther, ""}, {"otp", kindOther, ""}, {"invoice no", kindOther, ""}, {"发票编号", kindOther, ""}, {"库存", kindOther, ""}, {"coupon", kindOther, ""}, {"券码", kindOther, ""}, {"优惠码", kindOther, ""}, {"model", kindOther, ""}, {"serial number", kindOther, ""}, {"serial no", kindOther, ""}, {"sn", kindOther, ""}, {"序列号", kindOther, ""}, {"imei", kindOther, ""},
	{"card number", kindOther, ""}, {"item id", kindOther, ""}, {"发票号", kindOther, ""}, {"发票号码", kindOther, ""}, {"税号", kindOther, ""}, {"批次", kindOther, ""}, {"批号", kindOther, ""},
}

// labelWindow is how far back, in code points, a label may begin.
const labelWindow = 26

// between are the words that may stand between a label and its number.
var between = strings.NewReplacer("numbers", "", "number", "", "no.", "", "nr", "", "no", "", "id", "", "is", "", "are", "", "the", "", "was", "", "是", "", "为", "", "号码", "",
	"号", "", "编", "", "码", "", "分别", "", ":", "", "=", "", "#", "", " ", "", "\t", "", "[", "", "【", "", "「", "", "(", "", "\"", "", "“", "", "`", "", "*", "", "]", "", "】", "", ")", "", ".", "", "-", "", ">", "", "<", "", "→", "", "|", "", "_", "",
	"\n", "", "\r", "", "有", "", "这", "", "个", "", "叫", "", "的", "", "of", "", "my", "", "our", "")

// betweenRunes are the characters of which those words consist.
const betweenRunes = "numbers.o id is are the was是为号码编分别:=# \t[【「(\"“`*]】).->→<|_\n\r有这个叫的of my our"

// ends holds the labels by their last character, the longest first.
var ends = indexLabels()

type ending struct {
	label
	runes []rune
}

func indexLabels() map[rune][]ending {
	idx := map[rune][]ending{}
	for _, l := range labels {
		rs := []rune(l.word)
		last := rs[len(rs)-1]
		idx[last] = append(idx[last], ending{l, rs})
	}
	for _, ls := range idx {
		slices.SortStableFunc(ls, func(a, b ending) int { return len(b.runes) - len(a.runes) })
	}
	return idx
}

// labelAt looks at the words before start. Nothing but words that may stand between
// is allowed to part a label from its number.
func (d *doc) labelAt(start int) label {
	l, end := d.labelEnding(start)
	if end >= 0 && (end == start || between.Replace(string(d.r[end:start])) == "") {
		return l
	}
	i := start
	for d.at(i-1) == ' ' {
		i--
	}
	if d.at(i-1) == '#' {
		return label{word: "#", kind: kindOrder}
	}
	return label{}
}

// labelEnding finds the label that ends nearest before start, and where it ends.
func (d *doc) labelEnding(start int) (label, int) {
	for e := start; e > 0 && e > start-labelWindow; e-- {
		c := d.r[e-1]
		for _, l := range ends[c] {
			if d.labelStands(l, e) {
				return l.label, e
			}
		}
		if !strings.ContainsRune(betweenRunes, c) {
			return label{}, -1
		}
	}
	return label{}, -1
}

// labelStands reports whether l ends at e; Latin labels stand as whole words.
func (d *doc) labelStands(l ending, e int) bool {
	s := e - len(l.runes)
	if s < 0 || !slices.Equal(d.r[s:e], l.runes) {
		return false
	}
	if !isLetter(l.runes[0]) {
		return true
	}
	return !isLetter(d.at(s-1)) && !isLetter(d.at(e))
}

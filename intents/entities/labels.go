package entities

import (
	"strings"
	"unicode/utf8"
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
	{"card number", kindOther, ""}, {"item id", kindOther, ""}, {"发票号", kindOther, ""}, {"发票号码", kindOther, ""}, {"税号", kindOther, ""}, {"批次", kindOther, ""}, {"批号", kindOther, ""},
}

// labelWindow is how far back, in code points, a label may begin.
const labelWindow = 22

// between are the words that may stand between a label and its number.
var between = strings.NewReplacer("numbers", "", "number", "", "no.", "", "nr", "", "no", "", "id", "", "is", "", "are", "", "the", "", "是", "", "为", "", "号码", "",
	"号", "", "编", "", "码", "", "分别", "", "：", "", ":", "", "=", "", "#", "", " ", "", "\t", "", "[", "", "【", "", "(", "", "（", "", "\"", "", "“", "", "`", "", "*", "", "]", "", "】", "", ".", "", "-", "", "\n", "", "有", "", "这", "", "个", "", "叫", "", "of", "", "my", "", "our", "")

// labelAt looks at the words before start.
func (d *doc) labelAt(start int) label {
	lo := max(0, start-labelWindow)
	for i := start - 1; i >= lo; i-- {
		if c := d.r[i]; strings.ContainsRune("，。；;！!？?,、", c) || isDigit(c) {
			lo = i + 1
			break
		}
	}
	w := string(d.r[lo:start])
	if w == "" {
		return label{}
	}
	best, end := label{}, -1
	for _, l := range labels {
		i := strings.LastIndex(w, l.word)
		if i < 0 {
			continue
		}
		e := i + len(l.word)
		if e < end || e == end && len(l.word) <= len(best.word) || !wordEdge(w, i, e) {
			continue
		}
		best, end = l, e
	}
	if end < 0 || between.Replace(w[end:]) != "" {
		if strings.HasSuffix(strings.TrimRight(w, " "), "#") {
			return label{word: "#", kind: kindOrder}
		}
		return label{}
	}
	return best
}

// wordEdge keeps Latin labels from matching inside longer words.
func wordEdge(w string, i, e int) bool {
	first, _ := utf8.DecodeRuneInString(w[i:])
	if !isLetter(first) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(w[:i])
	after, _ := utf8.DecodeRuneInString(w[e:])
	return !isLetter(before) && !isLetter(after)
}

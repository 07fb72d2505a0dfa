package demo

import "strings"

// script is the workspace's words in one language.
type script struct {
	lang, locale, company string
	names, rooms          map[string]string
	shop                  [3]string
	before                []said // what was said before the newcomer came

	platform     string   // a ticket of the marketplace's; %s = number, %s = time of the deadline
	urge         string   // typed by the merchant; %s = the ticket's number
	overdueWords []string // one of them stands in a breach ping: at the deadline or after it, alone or as a row among others
}

// said is one message of the filled workspace.
type said struct {
	who, where, text string
	kind             kind
}

// kind is what comes of a message.
type kind int

const (
	talk   kind = iota
	reply       // to the message before in its channel
	ticket      // becomes one
)

func scriptOf(lang string) script {
	if strings.HasPrefix(strings.ToLower(lang), "zh") {
		return chinese
	}
	return english
}

var chinese = script{
	lang: "zh-CN", locale: "zh-CN", company: "云帆客服",
	names: map[string]string{li: "小李", anna: "Anna", zhou: "小周", wang: "王主管", chen: "陈店长", dana: "丹店长", family: "仓库老何"},
	rooms: map[string]string{cloudDesk: "云朵家居-售后", bearDesk: "三只小熊-售后", novaDesk: "星诺数码-售后",
		cloudShop: "云朵家居-对接", novaShop: "星诺数码-对接", tea: "茶水间"},
	shop: [3]string{"天猫云朵家居旗舰店", "拼多多三只小熊母婴店", "抖音星诺数码专营店"},
	before: []said{
		{li, cloudDesk, "早，今天我和小周盯售后", talk},
		{zhou, cloudDesk, "收到", reply},
		{li, cloudDesk, "订单 2024112233445566778 买家说收到的杯子碎了，要退货", ticket},
		{family, cloudDesk, "我这边让打包台查一下监控", reply},
		{zhou, cloudDesk, "运单 SF1390087654321 三天没动了，买家一直在催", ticket},
		{anna, cloudDesk, "order 2024110908070605044: the buyer got the wrong colour and wants to exchange it", ticket},
		{zhou, bearDesk, "订单 241120-412345678901234 买家要开发票，抬头发我了", talk},
		{li, bearDesk, "有个买家说奶瓶漏水，要仅退款，订单 241119-398765432101234", ticket},
		{anna, novaDesk, "订单 6934567890123456789 耳机左边没声音，买家要换货", ticket},
		{zhou, novaDesk, "中午吃什么", talk},
		{chen, cloudShop, "麻烦帮我催一下那个碎杯子的单", talk},
		{wang, tea, "下午茶点了", talk},
	},
	platform:     "@小李 天猫 %s 下协同工单了，今天%s前要回",
	urge:         "催单 %s",
	overdueWords: []string{"平台超时", "平台已超时", "已到平台截止时间"},
}

var english = script{
	lang: "en", locale: "en-US", company: "Sail Support",
	names: map[string]string{li: "Li", anna: "Anna", zhou: "Zhou", wang: "Wang", chen: "Chen", dana: "Dana", family: "He"},
	rooms: map[string]string{cloudDesk: "cloud-home-care", bearDesk: "three-bears-care", novaDesk: "nova-audio-care",
		cloudShop: "cloud-home-shop", novaShop: "nova-audio-shop", tea: "tea-room"},
	shop: [3]string{"Tmall Cloud Home", "Pinduoduo Three Bears", "Douyin Nova Audio"},
	before: []said{
		{li, cloudDesk, "morning, Zhou and I are on after-sales today", talk},
		{zhou, cloudDesk, "got it", reply},
		{li, cloudDesk, "order 2024112233445566778 the buyer says the mug arrived broken and wants to return it", ticket},
		{family, cloudDesk, "I'll have the packing desk look at the camera", reply},
		{zhou, cloudDesk, "waybill SF1390087654321 has not moved for three days and the buyer keeps asking", ticket},
		{anna, cloudDesk, "订单 2024110908070605044 买家收到的颜色发错了，要换货", ticket},
		{zhou, bearDesk, "order 241120-412345678901234 the buyer needs an invoice, title is in the chat", talk},
		{li, bearDesk, "a buyer says the bottle leaks and wants a refund only, order 241119-398765432101234", ticket},
		{anna, novaDesk, "order 6934567890123456789 no sound on the left side, the buyer wants to exchange it", ticket},
		{zhou, novaDesk, "what's for lunch?", talk},
		{chen, cloudShop, "could you look after that broken mug for me", talk},
		{wang, tea, "tea is here", talk},
	},
	platform:     "@Li Tmall platform ticket no. %s, reply by %s today",
	urge:         "urge %s",
	overdueWords: []string{"Platform overdue", "platform deadline passed", "the platform deadline is now"},
}

package tour

import "fmt"

// script is the story's words in one language: what people type, and what the reader is told.
type script struct {
	lang, locale       string
	company            string
	names              map[string]string
	deskName, shopName string
	botName, toward    string // how the bot is called, and what stands before the reader of a direct message

	order, orderNo, orderType      string
	burst                          []string
	burstOrder, burstWaybill       string
	chat                           string
	unsure, makeLabel, makeWords   string
	other                          string // a message in the other language
	platform, platformNo, deadline string // the marketplace's ticket, its number and its deadline as the card shows it
	urge, urged                    string
	waiting                        string // status on the card
	working                        string
	reminder, breach, escalation   string // what must stand in the pings
	acked                          string

	tell map[string]string // narration, by step
	ends string            // the closing lines
}

func scriptOf(lang string) (script, error) {
	switch {
	case lang == "zh-CN", lang == "zh":
		return chinese, nil
	case isEnglish(lang):
		return english, nil
	}
	return script{}, fmt.Errorf("language %q: choose zh-CN or en", lang)
}

func isEnglish(lang string) bool { return lang == "en" || lang == "en-US" }

var chinese = script{
	lang: "zh-CN", locale: "zh-CN", company: "云朵客服",
	names:    map[string]string{agent: "小李", agentEn: "Anna", lead: "王主管", merchant: "陈店长"},
	deskName: "云朵家居-售后", shopName: "云朵家居-对接", botName: "工单", toward: "私信 ",

	order: "订单 2024112233445566778 买家说收到的杯子碎了，要退货", orderNo: "2024112233445566778", orderType: "退货",
	burst:      []string{"有个快递三天没动了，买家在催", "订单 2024112299887766554", "运单 SF1390087654321 卡在中转站"},
	burstOrder: "2024112299887766554", burstWaybill: "SF1390087654321",
	chat:   "中午吃什么",
	unsure: "这个买家有点难搞，帮忙看看", makeLabel: "建工单", makeWords: "建工单",
	other:    "order 2024110908070605044: the buyer got the wrong colour and wants to exchange it, please help",
	platform: "@小李 天猫 20241122000778 下协同工单了，今天12点前要回", platformNo: "20241122000778", deadline: "12:00",
	urge: "催单 T-1", urged: "已催",
	waiting: "等仓库", working: "处理中",
	reminder: "还有 30 分钟", breach: "【平台超时", escalation: "请跟进", acked: "王主管已跟进",
	tell: map[string]string{
		"order":    "Anna 在 #云朵家居-售后 说了一句话，机器人在话题里建好工单：类型、店铺、订单都认出来了。",
		"burst":    "小李连发三条，说的是同一件事：只建一张工单，订单号和运单号自动补齐。",
		"chat":     "闲聊不会变成工单。",
		"unsure":   "拿不准的时候，机器人悄悄问发言的人；点「建工单」才建。",
		"other":    "英文消息一样处理，卡片跟着用英文。",
		"platform": "天猫的协同工单：平台截止时间单独计时，从不暂停；小李收到私信。",
		"urge":     "店铺方陈店长用斜杠命令催单；店铺方只看得到自己店铺的工单。",
		"claim":    "Anna 点「领取」，工单进入处理中。",
		"wait":     "Anna 点「等待…」，选「等仓库」。",
		"answer":   "另一张平台工单，小李回复平台后点「已回复平台」：平台计时到此为止，不再提醒。",
		"remind":   "时间快进到 11:30：小李收到一条提醒，正好一条。",
		"kill":     "11:58 机器人被 kill -9，12:00 的截止时间过去了，12:03 重新启动：超时提醒补上，正好一条，并通知王主管。",
		"ack":      "王主管点「我来跟进」，大家都看得到；这条时限不再提醒。",
		"quiet":    "再过一小时：没有多余的提醒，闲聊照样不理。",
	},
	ends: "消息 %d 条 · 工单 %d 张 · 忽略 %d 条 · 提醒 %d 条（截止前 %d，超时 %d，升级 %d） · 提早 %d · 重复 %d\n" +
		"故事用的就是正式环境的代码：真的 Socket Mode、真的 Redis 协议、真的 kill -9。\n" +
		"下一步：go run ./cmd/gongdan demo 在浏览器里自己试；接到真的工作区：SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… REDIS_URL=… gongdan serve（见 README 的五个步骤）",
}

var english = script{
	lang: "en", locale: "en-US", company: "Cloud Care",
	names:    map[string]string{agent: "Li", agentEn: "Anna", lead: "Wang", merchant: "Chen"},
	deskName: "cloud-home-care", shopName: "cloud-home-shop", botName: "gongdan", toward: "DM to ",

	order: "order 2024112233445566778 the buyer says the mug arrived broken and wants to return it", orderNo: "2024112233445566778", orderType: "Return",
	burst:      []string{"a parcel has not moved for three days and the buyer keeps asking", "order 2024112299887766554", "waybill SF1390087654321 is stuck at the hub"},
	burstOrder: "2024112299887766554", burstWaybill: "SF1390087654321",
	chat:   "what's for lunch?",
	unsure: "this customer is difficult, can somebody take a look", makeLabel: "ticket", makeWords: "Make a ticket",
	other:    "订单 2024110908070605044 买家收到的颜色发错了，要换货，麻烦处理一下",
	platform: "@Li Tmall platform ticket no. 20241122000778, reply by 12:00 today", platformNo: "20241122000778", deadline: "12:00",
	urge: "urge T-1", urged: "Urged",
	waiting: "warehouse", working: "In progress",
	reminder: "is due in 30 min", breach: "[Platform overdue", escalation: "Please step in on", acked: "Wang is on it",
	tell: map[string]string{
		"order":    "Anna says one sentence in #cloud-home-care. The bot answers in its thread with a ticket: type, shop and order recognised.",
		"burst":    "Li sends three messages in a row about one thing: one ticket, and the order and waybill numbers fill themselves in.",
		"chat":     "Small talk becomes no ticket.",
		"unsure":   "Where the bot is unsure it asks the author privately; only a press on the button makes the ticket.",
		"other":    "A message in Chinese works just as well, and its card is in Chinese.",
		"platform": "A ticket of the marketplace's own: its deadline is counted apart and never pauses. Li gets a direct message.",
		"urge":     "Chen, who runs the shop, urges by slash command, and sees only the tickets of that shop.",
		"claim":    "Anna presses Claim: the ticket is in progress.",
		"wait":     "Anna presses Wait… and chooses the warehouse.",
		"answer":   "Another platform ticket: Li answers the marketplace and presses Replied. That clock is over and stays silent.",
		"remind":   "Fast forward to 11:30: Li gets a reminder, exactly one.",
		"kill":     "11:58, the bot is killed with kill -9. The deadline of 12:00 passes. It starts again at 12:03: exactly one overdue ping, and Wang is called.",
		"ack":      "Wang presses \"On it\". Everybody sees it, and this clock is silent from now on.",
		"quiet":    "One hour later: not one ping too many, and small talk is still left alone.",
	},
	ends: "%d messages · %d tickets · %d ignored · %d pings (%d before, %d overdue, %d escalated) · early %d · doubled %d\n" +
		"All of it ran on the production code: real Socket Mode, real Redis protocol, a real kill -9.\n" +
		"Next: try it yourself in the browser with go run ./cmd/gongdan demo. For a real workspace: SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… REDIS_URL=… gongdan serve (five steps in the README)",
}

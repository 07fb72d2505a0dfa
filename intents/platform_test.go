package intents_test

import (
	"testing"
	"time"

	"gongdan/intents"
)

// A marketplace's ticket is known by the words of those who tell of it, with the time at which it was made and the deadline
// that is shown. created and due are month-day hour:minute:second; said is when it was read, in Shanghai.
func TestPlatformTickets(t *testing.T) {
	t.Parallel()
	const no, req, order = "20241122000444", "7433225566778899001", "2024112233445566778"
	c := classifier(t, nil)
	for _, tt := range []struct{ said, text, created, due string }{
		// when it came in, in both languages
		{"11-18 13:37", "Tmall coop ticket " + no + " came in at 9:10 today, must answer within 24h", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " received at 9:10, must answer within 24h", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " arrived around 9:10am today, respond within 24 hours", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " came in 2 hours ago, must answer within 24h", "11-18 11:37:00", "11-19 11:37:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " came in this morning at 9:10, must be answered in 24 hours", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "got Tmall coop ticket " + no + " at 9:10 today, 24 hours to respond", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "At 9:10 today we got Tmall coop ticket " + no + ", must answer within 24h", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 今天9:10来的，24小时内要回", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 今天9:10进来的，24小时内要回", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 收到时间 9:10，24小时内要回", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 9点10分来的 24小时内要回", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 2026-11-18 09:10下发，24小时内回", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 刚收到 明早十点前要回", "", "11-19 10:00:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " just came in by 5pm please", "", "11-18 17:00:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " from 9:10 this morning, must answer within 24h", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 是昨天晚上10点的，24小时内回", "11-17 22:00:00", "11-18 22:00:00"},
		{"11-18 13:37", "received Tmall coop ticket " + no + " at 9:10, 24h SLA", "11-18 09:10:00", "11-19 09:10:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " came in at 9:10, we have 24 hours", "11-18 09:10:00", "11-19 09:10:00"},
		// across midnight
		{"11-18 01:15", "Tmall coop ticket " + no + " came in at 22:10, must answer within 24h", "11-17 22:10:00", "11-18 22:10:00"},
		{"11-18 01:15", "Tmall coop ticket " + no + " came in at 22:10 last night, must answer within 24h", "11-17 22:10:00", "11-18 22:10:00"},
		{"11-18 01:15", "天猫协同工单 " + no + " 22:10来的，24小时内要回", "11-17 22:10:00", "11-18 22:10:00"},
		{"11-18 01:15", "天猫协同工单 " + no + " 昨晚十点半收到的，24小时内要回", "11-17 22:30:00", "11-18 22:30:00"},
		{"11-18 00:30", "天猫协同工单 " + no + " 晚上10点到的，24小时内要回", "11-17 22:00:00", "11-18 22:00:00"},
		{"11-18 01:15", "Tmall coop ticket " + no + " came in at 0:30, expires in 2 hours", "11-18 00:30:00", "11-18 03:15:00"},
		// what the time allowed was is over
		{"11-18 13:37", "天猫协同工单 " + no + " 今天9点10来的，时限2小时", "11-18 09:10:00", "11-18 11:10:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " received yesterday 9:10, reply within 24h", "11-17 09:10:00", "11-18 09:10:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 昨天9:10来的，时限2小时，改到今天18点前", "11-17 09:10:00", "11-18 18:00:00"},
		// what came in then was the goods
		{"11-18 13:37", "天猫协同工单 " + no + " 买家昨天9:10收到杯子碎了，24小时内要回", "", "11-19 13:37:00"},
		{"11-18 13:37", "天猫协同工单 " + no + " 昨天9:10下的单，24小时内要回", "", "11-19 13:37:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + ": buyer received the parcel at 9:10 today, must answer within 24h", "", "11-19 13:37:00"},
		{"11-18 13:37", "Tmall coop ticket " + no + " came in 9:10 today, buyer received it yesterday 8:00, must answer within 24h", "11-18 09:10:00", "11-19 09:10:00"},
		// what is left of it
		{"11-18 13:37", "Doudian service request " + req + ", 2 hours left, unsafe product", "", "11-18 15:37:00"},
		{"11-18 23:37", "Doudian service request " + req + ", 2 hours remaining", "", "11-19 01:37:00"},
		{"11-18 13:37", "Doudian service request " + req + ", 1h50m left", "", "11-18 15:27:00"},
		{"11-18 13:37", "Doudian service request " + req + ", an hour left", "", "11-18 14:37:00"},
		{"11-18 13:37", "Doudian service request " + req + ", time left: 01:58:00", "", "11-18 15:35:00"},
		{"11-18 13:37", "Doudian service request " + req + " came in at 9:10, 2 hours left", "11-18 09:10:00", "11-18 15:37:00"},
		{"11-18 13:37", "【抖音电商】服务请求单号 " + req + " 即将超时，剩余 01:58:00", "", "11-18 15:35:00"},
		{"11-18 01:15", "【抖音电商】服务请求单号 " + req + " 即将超时，剩余 01:58:00", "", "11-18 03:13:00"},
		{"11-18 23:15", "【抖音电商】服务请求单号 " + req + " 即将超时，还剩 01:58:00", "", "11-19 01:13:00"},
		{"11-18 01:15", "【抖音电商】服务请求单号 " + req + "，剩余时间：1天 01:58:00", "", "11-19 03:13:00"},
		{"11-18 01:15", "【抖音电商】服务请求单号 " + req + " 已超时 01:58:00", "", "11-17 23:17:00"},
		{"11-18 13:37", "抖店服务请求 " + req + " 还有1小时50分", "", "11-18 15:27:00"},
		{"11-18 13:37", "抖店服务请求 " + req + " 还有1小时50分钟超时", "", "11-18 15:27:00"},
		{"11-18 13:37", "抖店服务请求 " + req + " 只剩半小时了", "", "11-18 14:07:00"},
		{"11-18 13:37", "天猫工单 " + no + " 还有18:30前要回的", "", "11-18 18:30:00"},
		{"11-18 13:37", "天猫工单 " + no + " 物流还有3天没更新", "", ""},
		// who sent it
		{"11-18 13:37", "【抖店】消费者投诉 单号 " + req + " 剩余处理时间 1小时58分", "", "11-18 15:35:00"},
		{"11-18 13:37", "[Pinduoduo] New after-sales ticket 2411220099887766, respond within 24 hours", "", "11-19 13:37:00"},
		{"11-18 13:37", "Pinduoduo after-sales ticket 2411220099887766, respond within 24 hours", "", "11-19 13:37:00"},
		{"11-18 13:37", "天猫客满工单 " + no + " 还剩3小时", "", "11-18 16:37:00"},
		{"11-18 13:37", "【天猫】客满工单 " + no + "，还剩3小时", "", "11-18 16:37:00"},
		{"11-18 13:37", "拼多多来工单了 2411220099887766 明天12点前回", "", "11-19 12:00:00"},
		{"11-18 13:37", "拼多多来工单了 明天12点前回", "", "11-19 12:00:00"},
		{"11-18 13:37", "平台小二要我们今晚8点前举证 订单" + order, "", "11-18 20:00:00"},
		{"11-18 13:37", "Tmall staff want evidence by 8pm tonight, order " + order, "", "11-18 20:00:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+tt.said, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		d := c.Local(intents.Message{Text: tt.text, Now: at, Zone: shanghai})
		if d.Fields.Origin != "platform" || d.Intent != intents.NewTicket || d.Action != intents.Act {
			t.Errorf("%q: %s %s of origin %q (%s), want a platform's ticket", tt.text, d.Intent, d.Action, d.Fields.Origin, d.Reason)
		}
		if created, due := stamp(d.Fields.PlatformCreated), stamp(d.Fields.Due); created != tt.created || due != tt.due {
			t.Errorf("%q, read on %s: created %q, due %q, want %q and %q", tt.text, tt.said, created, due, tt.created, tt.due)
		}
	}
}

// The team's own words about an order, with a marketplace's name in them, make no platform's ticket.
func TestNoPlatformTickets(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, text := range []string{
		"open a tmall ticket for order 4593921014311966554, buyer wants refund",
		"what's the status of tmall ticket 20241122000444?",
		"【天猫】订单4593921014311966554买家要退货，七天无理由还剩2天",
		"【天猫】订单4593921014311966554买家要退货，剩余库存3件",
		"【天猫】订单4593921014311966554买家说还有3天生日，剩余时间不多",
		"平台规定要我们24小时内举证", "小二要我们举证怎么办？", "店小二让买家退货，订单2024112233445566778 今晚8点前处理",
		"订单2024112233445566778 买家要平台介入，让我们处理", "the buyer asks pdd for proof of order 2024112233445566778",
	} {
		if got := c.Local(message(text)).Fields.Origin; got != "" {
			t.Errorf("%q: origin %q, want the team's own", text, got)
		}
	}
}

// A number between a marketplace's name and 下协同工单了 is the ticket's, as is one behind 来工单了; an order's stays one where it
// is called so or nobody's ticket comes by that number.
func TestWhoseNumber(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, tt := range []struct{ text, no, afterSale, order string }{
		{"天猫 2024112233445566778 下协同工单了，明早十点前要回", "2024112233445566778", "", ""},
		{"拼多多来工单了 2411220099887766 明天12点前回", "2411220099887766", "", ""},
		{"[Pinduoduo] New after-sales ticket 2411220099887766, respond within 24 hours", "", "2411220099887766", ""},
		{"订单2024112233445566778 下协同工单了，明早十点前要回", "", "", "2024112233445566778"},
		{"new pdd ticket 2411220099887766 for order 241122-123456789012345, respond within 24 hours", "2411220099887766", "", "241122-123456789012345"},
		{"天猫协同工单 20241122000444 2026-11-18 09:10下发", "20241122000444", "", ""},
		{"天猫协同工单 20241122000444 11-18 09:10下发", "20241122000444", "", ""},
	} {
		f := c.Local(message(tt.text)).Fields
		if f.PlatformNo != tt.no || f.AfterSale != tt.afterSale || f.Order != tt.order {
			t.Errorf("%q: ticket %q, after-sale %q, order %q, want %q, %q and %q", tt.text, f.PlatformNo, f.AfterSale, f.Order, tt.no, tt.afterSale, tt.order)
		}
	}
}

// A marketplace's ticket that does not say what it is about is a notice, however it is worded; a grave word in it counts.
func TestTypeOfPlatformTickets(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for text, want := range map[string]string{
		"天猫 2024112233445566778 下协同工单了，明早十点前要回":                                             "platform_notice",
		"天猫 2024112233445566778 下协同工单了":                                                     "platform_notice",
		"Tmall coop ticket 20241122000444 arrived at 9:10am today, respond within 24 hours": "platform_notice",
		"【抖音电商】服务请求单号 7433225566778899002 即将超时，剩余 01:58:00":                                 "platform_notice",
		"抖店服务请求 7433225566778899003 2小时后超时":                                                 "platform_notice",
		"Doudian service request 7433225566778899001 has 2 hours to go":                     "platform_notice",
		"天猫客满工单 20241122000555 还剩3小时":                                                       "platform_notice",
		"Doudian service request 7433225566778899001, 2 hours left, unsafe product":         "unsafe_product",
		"抖店服务请求 7433225566778899001 还有2小时，风险商品":                                             "unsafe_product",
		"天猫协同工单 20241122000444 买家昨天9:10收到杯子碎了，24小时内要回":                                      "goods_return",
		"天猫协同工单 20241122000444 买家昨天9:10下的单，24小时内要回":                                         "platform_notice",
		"天猫提醒发货工单 20241122000444":                                                           "ship_reminder",
		"天猫协同工单 20241122000444 退款 还剩3小时":                                                    "refund",
	} {
		if got := c.Local(message(text)).Type; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// A promise to a customer is the team's own: it is no deadline of a marketplace's, whoever's ticket it is said in.
func TestPromises(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, tt := range []struct{ text, promised, due string }{
		{"2024112233445566778 耳机坏了 答应买家明天下午三点前给结果", "11-19 15:00:00", ""},
		{"2024112233445566778 耳机坏了 答应了客户明天下午三点给结果", "11-19 15:00:00", ""},
		{"订单2024112233445566778 碎了，我们答应明天12点前给买家方案", "11-19 12:00:00", ""},
		{"order 2024112233445566778 broken, promised the buyer an answer by tomorrow 3pm", "11-19 15:00:00", ""},
		{"order 2024112233445566778 broken, told the customer we'd reply by 5pm", "11-18 17:00:00", ""},
		{"天猫协同工单 20241122000444 答应买家明天下午三点前退款，今天18点前要回", "11-19 15:00:00", "11-18 18:00:00"},
		{"Tmall coop ticket 20241122000444, promised the buyer a refund by tomorrow 3pm, reply by 5pm today", "11-19 15:00:00", "11-18 17:00:00"},
		{"Tmall coop ticket 20241122000444, promised the buyer a refund by tomorrow 3pm", "11-19 15:00:00", ""},
		// what is none of it
		{"订单2024112233445566778 买家说你们答应他明天下午三点前退款", "", ""},
		{"order 2024112233445566778: buyer says we promised him a refund by tomorrow 3pm", "", ""},
		{"订单2024112233445566778 店铺承诺48小时内发货", "", ""},
		{"2024112233445566778 耳机坏了 答应买家明天给结果", "", ""},
		{"2024112233445566778 耳机坏了 昨天答应买家今天上午9点前给结果", "", ""},
		{"下班前把2024112233445566778的发票补一下", "", "11-18 18:00:00"},
	} {
		f := c.Local(message(tt.text)).Fields
		if promised, due := stamp(f.Promised), stamp(f.Due); promised != tt.promised || due != tt.due {
			t.Errorf("%q: promised %q, due %q, want %q and %q", tt.text, promised, due, tt.promised, tt.due)
		}
	}
}

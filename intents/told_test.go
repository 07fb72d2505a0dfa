package intents_test

import (
	"strings"
	"testing"

	"gongdan/intents"
	"gongdan/intents/entities"
)

// TestToldOfTickets is about messages with a number that are no new matter: news that something is done and corrections; and about
// those that sound alike and are one.
func TestToldOfTickets(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for reason, texts := range map[string][]string{
		intents.WhyDone: {
			"# done, refunded", "# 已退款", "# 退款成功了 关掉吧", "已给#补发", "已给买家 # 补发", "# 昨天处理完了，跟大家说一声", "refunded # already",
			"refund for # is done", "# has been refunded", "订单# 已经全额退款了，辛苦大家", "order # sorted, thanks all", "order # refunded and closed",
			"fyi # resent today, can be closed", "# 退款已处理", "# 退款给客户了", "已给 # 的买家补发", "issued the refund for #",
		},
		intents.WhyCorrects: {
			"单号打错了，是#", "订单号发错了 重发：#", "说错了是换货不是退货 #", "不好意思单号写错了 应该是#", "刚才单号发错了，正确的是 #", "wrong order number, it's #",
			"wrong order, it's #", "sorry, wrong number: #", "correction: order number is #", "sorry, it's an exchange not a return, #",
			"Sorry, I mistyped, it should be #", "typo in the order number, should be #",
		},
		"": {
			"# 已退款，买家说没收到", "# 退款成功了吗", "买家退款了 #", "# 已发货但是买家要改地址", "# refunded but buyer says no money", "is # refunded?",
			"buyer refunded # and keeps the goods", "# 发错了", "订单发错了 # 要补发", "运单号贴错了 # 买家收到别人的", "wrong order received #", "wrong item in order #",
			"# 买家说错了，要换货", "买家要换货不是退货 #", "buyer wants an exchange not a return for order #", "# 还没处理完，买家在催",
		},
	} {
		for _, text := range texts {
			d := c.Local(message(strings.Replace(text, "#", "2024112233445566778", 1)))
			told := d.Reason == intents.WhyDone || d.Reason == intents.WhyCorrects
			if told != (reason != "") || told && (d.Reason != reason || d.Intent != intents.Update || d.Action != intents.Ask) {
				t.Errorf("Local(%q) = %s %s by %s, want %q", text, d.Intent, d.Action, d.Reason, reason)
			}
		}
	}
}

func TestCorrects(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	const a, b = "2024112233445566701", "2024112233445566702"
	for text, want := range map[string]intents.Correction{
		"单号打错了，是" + b:                                    {Is: b},
		"不是" + a + "，是" + b:                              {Was: a, Is: b},
		"订单号写错了，应该是" + b + "，不是" + a:                     {Was: a, Is: b},
		a + "写错了，是" + b:                                  {Was: a, Is: b},
		"order " + a + " is wrong, it's " + b:            {Was: a, Is: b},
		"wrong order number, it's " + b + ", not " + a:   {Was: a, Is: b},
		"运单号填错了，是SF1390087654321":                        {Is: "SF1390087654321", Kind: entities.Waybill},
		"说错了是换货不是退货":                                     {Type: "exchange"},
		"说错了，不是退货，是换货":                                   {Type: "exchange"},
		"打错了 是换不是退 改下刚那条":                                {Type: "exchange"},
		"correction, not a return but an exchange":       {Type: "exchange"},
		"sorry, it's a refund, not an exchange":          {Type: "refund"},
		"订单号写错了，" + a + "、" + b + "、2024112233445566703": {},
		"单号打错了":                                          {},
		"wrong order number " + b:                        {},
		"wrong order number, " + b:                       {Is: b},
		a + " 发错了，要换货":                                   {},
		"发错了，要退货 " + a:                                   {},
		"不对，要退货 " + a:                                    {},
		"不对，要换货不是退货":                                     {Type: "exchange"},
		"sent the wrong parcel " + b:                     {},
		"sent wrong order " + b:                          {},
		"wrong order " + b:                               {},
		"order " + b + " is wrong":                       {},
		b + " 填错":                                        {},
		"说错了是晴天不是雨天":                                     {},
		"wrong order, buyer wants " + b + " sent":        {},
	} {
		got, ok := intents.Corrects(text, c.Local(message(text)))
		if want.Is != "" && want.Kind == "" {
			want.Kind = entities.Order
		}
		if got != want || ok != (want != intents.Correction{}) {
			t.Errorf("Corrects(%q) = %+v, %t, want %+v", text, got, ok, want)
		}
	}
}

func TestAsksOf(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for text, want := range map[string]bool{
		"# 到哪了": true, "#现在到哪了？": true, "请问 # 处理得怎么样了": true, "# where is it?": true, "where is #?": true, "where's order # now?": true,
		"any update on #?": true, "status of order #": true, "订单#有进展吗": true, "到哪了": false, "where is it?": false,
		"# 还没到，到哪了": false, "客户问 # 到哪了": false, "# 退款到哪了，买家要投诉": false, "where is my refund for #": false,
		"# parcel returned to sender, where is it now": false, "# 已退款": false,
	} {
		text = strings.Replace(text, "#", "2024112233445566778", 1)
		if got := intents.AsksOf(text, c.Local(message(text))); got != want {
			t.Errorf("AsksOf(%q) = %t, want %t", text, got, want)
		}
	}
}

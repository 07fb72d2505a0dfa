package typed_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot/typed"
)

func TestParseSteering(t *testing.T) {
	t.Parallel()
	value := func(c typed.Command, v string) typed.Command { c.Value = v; return c }
	rest := func(c typed.Command, s string) typed.Command { c.Rest = s; return c }
	staff := func(c typed.Command) typed.Command { c.Staff = true; return c }
	opts := func(c typed.Command, m map[string]string) typed.Command { c.Options = m; return c }
	tags := func(c typed.Command, add, remove []string) typed.Command { c.Add, c.Remove = add, remove; return c }
	do := func(v typed.Verb) typed.Command { return typed.Command{Verb: v} }
	for _, tt := range []struct {
		text string
		want typed.Command
	}{
		{"severity T-12 高", value(num(typed.Severity, 12), "high")},
		{"severity T-12 high", value(num(typed.Severity, 12), "high")},
		{"set priority 12 to urgent", value(num(typed.Severity, 12), "urgent")},
		{"紧急程度 T-12 高", value(num(typed.Severity, 12), "high")},
		{"紧急程度高", value(do(typed.Severity), "high")},
		{"优先级 12 改为 紧急，买家要投诉", rest(value(num(typed.Severity, 12), "urgent"), "买家要投诉")},
		{"T-12 优先级调为低", value(num(typed.Severity, 12), "low")},
		{"把T-12优先级改成紧急", value(num(typed.Severity, 12), "urgent")},
		{"优先级 高 12", value(num(typed.Severity, 12), "high")},
		{"加急 12", value(num(typed.Severity, 12), "urgent")},
		{"severity 12 soonish", rest(num(typed.Severity, 12), "soonish")},
		{"紧急程度 T-12", num(typed.Severity, 12)},
		{"type T-12 换货", value(num(typed.Type, 12), "exchange")},
		{"type 12 goods_return", value(num(typed.Type, 12), "goods_return")},
		{"type 12 unsafe product", value(num(typed.Type, 12), "unsafe_product")},
		{"类型 T-12 退货退款", value(num(typed.Type, 12), "goods_return")},
		{"类型改为仅退款", value(do(typed.Type), "refund")},
		{"类型 12 定制", rest(num(typed.Type, 12), "定制")},
		{"origin T-12 平台", value(num(typed.Origin, 12), "platform")},
		{"origin 12 internal", value(num(typed.Origin, 12), "internal")},
		{"来源 T-12 服务商", value(num(typed.Origin, 12), "provider")},
		{"origin T-12 platform no 20241122000778 created yesterday 20:00 due tomorrow 10am", opts(value(num(typed.Origin, 12), "platform"),
			map[string]string{"no": "20241122000778", "created": "yesterday 20:00", "due": "tomorrow 10am"})},
		{"origin T-12 平台 --due=明早十点 --no 778", opts(value(num(typed.Origin, 12), "platform"), map[string]string{"due": "明早十点", "no": "778"})},
		{"来源 T-12 平台 天猫 单号20241122000778，生成昨天 20:00，截止明早十点", opts(value(num(typed.Origin, 12), "platform"),
			map[string]string{"platform": "tmall", "no": "20241122000778", "created": "昨天 20:00", "due": "明早十点"})},
		{"来源 12 哪里都行", rest(num(typed.Origin, 12), "哪里都行")},
		{"due T-12 明早十点", rest(num(typed.Due, 12), "明早十点")},
		{"due T-12 2026-11-25 10:00", rest(num(typed.Due, 12), "2026-11-25 10:00")},
		{"平台截止 T-12 明早十点", rest(num(typed.Due, 12), "明早十点")},
		{"平台截止明早十点", rest(do(typed.Due), "明早十点")},
		{"截止 25号上午十点", rest(do(typed.Due), "25号上午十点")},
		{"due T-12 小二说 明天 12:00", staff(rest(num(typed.Due, 12), "明天 12:00"))},
		{"due T-12 明天 12:00 小二改到", staff(rest(num(typed.Due, 12), "明天 12:00"))},
		{"平台改到 T-12 明天 12:00", staff(rest(num(typed.Due, 12), "明天 12:00"))},
		{"截止 12 后台显示 明天 12:00", rest(num(typed.Due, 12), "明天 12:00")},
		{"due 12 tomorrow noon, platform says", staff(rest(num(typed.Due, 12), "tomorrow noon"))},
		{"platform moved it to 12 tomorrow noon", staff(rest(num(typed.Due, 12), "tomorrow noon"))},
		{"promise T-12 明天下午三点前", rest(num(typed.Promise, 12), "明天下午三点前")},
		{"promise 12 by tomorrow 3pm", rest(num(typed.Promise, 12), "by tomorrow 3pm")},
		{"promise 3 pm", rest(do(typed.Promise), "3 pm")},
		{"答应买家 T-12 明天下午三点前", rest(num(typed.Promise, 12), "明天下午三点前")},
		{"答应买家明天下午三点前", rest(do(typed.Promise), "明天下午三点前")},
		{"承诺 3 点前", rest(do(typed.Promise), "3 点前")},
		{"correct T-12 09:50 登记晚了", rest(num(typed.Correct, 12), "09:50 登记晚了")},
		{"更正超时 T-12 昨天 09:50 登记晚了", rest(num(typed.Correct, 12), "昨天 09:50 登记晚了")},
		{"更正记录 12 9点50 忘了登记", rest(num(typed.Correct, 12), "9点50 忘了登记")},
		{"snooze T-12 30m", rest(num(typed.Snooze, 12), "30m")},
		{"snooze 30 min", rest(do(typed.Snooze), "30 min")},
		{"snooze 12", num(typed.Snooze, 12)},
		{"稍后提醒 T-12 30分钟", rest(num(typed.Snooze, 12), "30分钟")},
		{"稍后提醒 30 分钟", rest(do(typed.Snooze), "30 分钟")},
		{"暂缓提醒 120 分钟", rest(do(typed.Snooze), "120 分钟")},
		{"tag T-12 +VIP -老客", tags(num(typed.Tag, 12), []string{"VIP"}, []string{"老客"})},
		{"标签 T-12 ＋VIP、－老客，高价值", tags(num(typed.Tag, 12), []string{"VIP", "高价值"}, []string{"老客"})},
		{`tag 12 +"repeat buyer" "VIP"`, tags(num(typed.Tag, 12), []string{"repeat buyer", "VIP"}, nil)},
		{"打标签 12 VIP", tags(num(typed.Tag, 12), []string{"VIP"}, nil)},
		{"去标签 12 VIP +老客", tags(num(typed.Tag, 12), []string{"老客"}, []string{"VIP"})},
		{"untag 12 VIP", tags(num(typed.Tag, 12), nil, []string{"VIP"})},
		{"tag 12", num(typed.Tag, 12)},
		{"买家又问 12 什么时候发", with(num(typed.Note, 12), func(c *typed.Command) { c.Party, c.Rest = "customer", "买家又问 什么时候发" })},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := typed.Parse(tt.text)
			if err != nil {
				t.Fatalf("Parse(%q): %v", tt.text, err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("Parse(%q) (-want +got):\n%s", tt.text, d)
			}
		})
	}
}

func TestBareSteering(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]typed.Verb{
		"优先级改为紧急": typed.Severity, "紧急程度 高": typed.Severity, "severity high": typed.Severity, "T-12 优先级 低": typed.Severity,
		"类型改为换货": typed.Type, "type: exchange": typed.Type, "来源 平台": typed.Origin,
		"来源 平台 天猫 单号 20241122000778 生成 昨天 20:00 截止 明早十点": typed.Origin, "origin internal": typed.Origin,
		"平台截止明早十点": typed.Due, "平台截止 10:00": typed.Due, "平台改到明天 12:00": typed.Due, "deadline tomorrow 10am": typed.Due,
		"答应买家明天下午三点前": typed.Promise, "承诺 15:00 前": typed.Promise, "promised by tomorrow 3pm": typed.Promise,
		"更正超时 09:50 当时已经回复平台，系统里忘了登记，截图在钉钉群里，已发给值班组长看过": typed.Correct, "correct 09:50 recorded late": typed.Correct,
		"稍后提醒": typed.Snooze, "稍后提醒 30分钟": typed.Snooze, "snooze 30m": typed.Snooze, "snooze": typed.Snooze, "晚点提醒，半小时": typed.Snooze,
		"打标签 +VIP": typed.Tag, "加标签 +VIP -老客": typed.Tag, "tag +VIP": typed.Tag,

		"优先级高一点吧": "", "优先级": "", "这单优先级高": "", "紧急程度太高了": "", "类型不对": "", "类型是什么": "", "类型 换货还是退货？": "", "来源是平台吗": "",
		"来源不明": "", "平台截止今晚，抓紧": "", "平台截止了吗": "", "平台截止": "", "截止明天": "", "平台改到哪天": "", "答应买家明天发货": "", "答应买家了": "",
		"承诺书发一下": "", "答应买家的补偿打了吗": "", "更正一下地址": "", "更正记录：买家电话错了": "", "更正超时": "", "稍后提醒我一下看快递": "", "稍后提醒买家": "",
		"snooze the alarm": "", "标签贴错了": "", "标签 VIP": "", "打标签的时候写错了": "", "type of parcel": "", "due to the rain": "", "correct me if wrong": "",
		"origin unknown": "", "promise?": "", "severity?": "", "加急": "",
	} {
		got, ok := typed.Bare(text)
		if ok != (want != "") || ok && got.Verb != want {
			t.Errorf("Bare(%q) = %+v, %t, want %q", text, got, ok, want)
		}
	}
}

func TestHeard(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"仓库回了": "warehouse", "仓库回复了，明天补发": "warehouse", "仓库那边刚回复了：缺货": "warehouse", "仓库说：明天补发": "warehouse", "T-12 快递回了": "courier",
		"快递公司已经回复": "courier", "物流反馈了，在中转站": "courier", "平台回了": "platform", "小二回复了，同意": "platform", "平台小二刚刚答复了": "platform",
		"买家又问什么时候发": "customer", "买家已回复": "customer", "客户又来问了": "customer", "买家确认了": "customer", "店铺方回复了": "merchant", "商家确认了，可以退": "merchant",
		"The warehouse has replied: tomorrow": "warehouse", "courier answered": "courier", "buyer asks again": "customer", "Buyer's just confirmed.": "customer",
		"the platform got back to us": "platform",

		"仓库回了吗": "", "仓库回复了没": "", "等仓库回了再说": "", "仓库还没回": "", "仓库没回复": "", "仓库回复了再说": "", "仓库回复了之后处理": "", "仓库说等快递": "",
		"买家说收到的杯子碎了": "", "快递回了？": "", "催一下仓库": "", "我回复了买家": "", "the buyer has not replied": "", "has the courier replied?": "", "courier replied yet?": "",
		"buyer replied?": "", "": "", "仓库": "", "平台规则变了": "", "买家回复率很低": "",
	} {
		if got, ok := typed.Heard(text); got != want || ok != (want != "") {
			t.Errorf("Heard(%q) = %q, %t, want %q", text, got, ok, want)
		}
	}
}

func TestNamesDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"10:00": false, "晚上八点": false, "3pm": false, "noon": false, "10:00 前": false, "下午三点半": false,
		"今晚八点": true, "明早十点": true, "昨天 20:00": true, "tomorrow 10am": true, "周五 10:00": true, "12月1日 10:00": true, "2026-11-25 10:00": true,
		"11/25 10:00": true, "Friday 3pm": true, "next monday noon": true, "dec 1 10:00": true,
	} {
		if got := typed.NamesDay(text); got != want {
			t.Errorf("NamesDay(%q) = %t, want %t", text, got, want)
		}
	}
}

package entities_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongdan/intents/entities"
)

// What identifies somebody is hidden however it is written, and what is told besides stays.
func TestPersonal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		lacks []string
		has   string
	}{
		{"电话 1    3    8    0    0    1    3    8    0    0    0 坏了", []string{"3    8"}, "坏了"},
		{"电话 138.....0013....8000 坏了", []string{"8000"}, "坏了"},
		{"电话 138O013八OOO 坏了", []string{"O013", "OOO"}, "坏了"},
		{"电话 一三八OO一三八OOO 坏了", []string{"三八"}, "坏了"},
		{"电话 幺三八洞洞幺三八洞洞洞 坏了", []string{"三八"}, "坏了"},
		{"phone one three eight zero zero one three eight zero zero zero broken", []string{"three"}, "broken"},
		{"电话 :one::three::eight::zero::zero::one::three::eight: 坏了", []string{"three"}, "坏了"},
		{"mail foo(at)bar.com foo﹫bar.com foo [at] bar [dot] com broken", []string{"foo"}, "broken"},
		{"邮箱aud00 at example dot com 坏了", []string{"aud00"}, "坏了"}, // though it reads like an amount
		{"微信：rmb88888 坏了", []string{"rmb88888"}, "坏了"},
		{"联系人：王小明 退35元", []string{"王小明"}, "35元"},
		{"Customer: John Smith refund USD 35", []string{"Smith"}, "USD 35"},
		{"收件人：王 小明 要退货", []string{"小明"}, "要退货"},
		{"收件人【王小明】要退货", []string{"小明"}, "要退货"},
		{"收件人（王小明）要退货", []string{"小明"}, "要退货"},
		{"收件人-王小明 要退货", []string{"小明"}, "要退货"},
		{"收货人\n王小明\n要退货", []string{"小明"}, "要退货"},
		{"签收人：王小明 不是本人", []string{"小明"}, "不是本人"},
		{"联系人 王小明,李小红和张三丰 要退货", []string{"小明", "小红", "三丰"}, "要退货"},
		{"Name - John Smith, wrong size", []string{"John", "Smith"}, "wrong size"},
		{"receiver\tJohn Smith", []string{"John", "Smith"}, ""},
		{"买家：王小明 要退货", []string{"小明"}, "要退货"},
		{"旺旺：tb_wangxm 要退货", []string{"wangxm"}, "要退货"},
		{"微信号 wangxm_88 要退货", []string{"wangxm"}, "要退货"},
		{"买家昵称：爱吃糖的小熊，要退货", []string{"吃糖"}, "要退货"},
		{"@王小明 这单你跟", []string{"小明"}, "这单你跟"},
		{"ask @jane.doe or @UANNA1 about it", []string{"jane", "UANNA1"}, "about it"},

		{"收件人：*王小明* 要退货", []string{"小明"}, "要退货"},
		{"*收件人*：王小明 要退货", []string{"小明"}, "要退货"},
		{"`收件人`：`王小明` 要退货", []string{"小明"}, "要退货"},
		{"收件人：“王小明”要退货", []string{"小明"}, "要退货"},
		{"收件人：‹王小明>要退货", []string{"小明"}, "要退货"},
		{"收件人1：王小明 收件人（新）：李小红 要退货", []string{"小明", "小红"}, "要退货"},
		{"收件人：\n王小明\n要退货", []string{"小明"}, "要退货"},
		{"收件人：\n\x1e\n王小明\n\x1e\n要退货", []string{"小明"}, "\n\x1e\n要退货"},
		{"收件人\n\x1e\n王小明\n\x1e\n要退货", []string{"小明"}, "\n\x1e\n要退货"},
		{"联系人变更为李四光 要退货", []string{"四光"}, "要退货"},
		{"姓名/王小明 姓名→李小红 姓名、张三丰 要退货", []string{"小明", "小红", "三丰"}, "要退货"},
		{"收件人,王小明,要退货", []string{"小明"}, "要退货"},
		{"发件人：王小明 户名：李小红 持卡人：张三丰 机主：赵小六 要退货", []string{"小明", "小红", "三丰", "小六"}, "要退货"},
		{"收货：王小明 收件：李小红 要退货", []string{"小明", "小红"}, "要退货"},
		{"抬头：上海瑞欣达信息科技有限公司，重开", []string{"科技", "公司"}, "重开"},
		{"Customer: John Smith, Buyer: Jane Roe, To: Ann Poe, wrong size", []string{"John", "Smith", "Jane", "Ann"}, "wrong size"},
		{"Ship to: John Smith\nwrong size", []string{"John", "Smith"}, "wrong size"},
		{"Name (new): John Smith, wrong size", []string{"John", "Smith"}, "wrong size"},
		{"收 件 人：王小明 姓  名：李小红 要退货", []string{"小明", "小红"}, "要退货"},
		{"姓名+电话：阿依古丽 13800138000 收件人/电话：王小明/13800138000 要退货", []string{"古丽", "小明"}, "要退货"},
		{"收件人👉王小明 收件人——李小红 收件人。张三丰 要退货", []string{"小明", "小红", "三丰"}, "要退货"},
		{"签收人显示王小明 代收：李小红 快递员：张三丰 要退货", []string{"小明", "小红", "三丰"}, "要退货"},
		{"signed by John Smith, c/o Jane Roe, FAO: Ann Poe, wrong size", []string{"Smith", "Jane", "Ann"}, "wrong size"},
		{"加V：wangxm88 ins: jane_doe vx lixiaohong 要退货", []string{"wangxm", "jane", "xiaohong"}, "要退货"},
		{"mail jane.doe at gmail please, refund", []string{"jane"}, "please, refund"},
		{"FAO: 王小明 wrong size", []string{"小明"}, "wrong size"},
		{"mail jane{a}example.com jane【a】example.com jane( a )example.com broken", []string{"jane"}, "broken"},
		{"邮箱 王明( at )例子.公司 坏了", []string{"王明"}, "坏了"},
		{"tel seven four nine seven four nine seven four broken", []string{"seven", "four", "nine"}, "broken"},
		{"tel double nine triple four seven nine seven four broken", []string{"double", "nine", "triple", "four"}, "broken"},
		{"instagram jane_88 broken", []string{"jane"}, "broken"},
		{"签收人显示驿站", nil, "签收人显示驿站"},
		{"My name is john smith and it broke", []string{"john", "smith"}, "and it broke"},
		{"*微信*：wangxm 要退货", []string{"wangxm"}, "要退货"},

		{"电话138Ｏ013８ＯＯＯ 坏了", []string{"013", "ＯＯ"}, "坏了"},
		{"电话138О0138ООО 坏了", []string{"0138", "ОО"}, "坏了"},
		{"手机138，然后0013，最后8000，坏了", []string{"138", "0013", "8000"}, "坏了"},
		{"手机138€0013€8000 坏了", []string{"138", "0013", "8000"}, "坏了"},
		{"手机138¥0013¥8000 坏了", []string{"138", "0013", "8000"}, "坏了"},
		{"手机138x0013x8000 坏了", []string{"138", "0013", "8000"}, "坏了"},
		{"138 -- -- 0013 -- -- 8000 坏了", []string{"138", "0013", "8000"}, "坏了"},
		{"138-0013 转 8000 坏了", []string{"138", "0013", "8000"}, "坏了"},
		{"phone one 3 eight 0 zero 1 three 8 zero 0 zero broken", []string{"one 3", "three"}, "broken"},
		{"手机 138001\n\x1e\n38000\n\x1e\n坏了", []string{"138001", "38000"}, "\n\x1e\n坏了"},
		{"邮箱 wangxm  @  qq.com 坏了", []string{"wangxm"}, "坏了"},
		{"邮箱 wangxm@\nqq.com 坏了", []string{"wangxm"}, "坏了"},
		{"mail foo[@]bar.com fooz{at}bar.com o'brien@bar.com foo at example dot com broken", []string{"foo", "o'"}, "broken"},
		{"邮箱 wangxm@qq点com wangxm@qq wangxm艾特qq.com 坏了", []string{"wangxm"}, "坏了"},

		{"地址：翠苑小区，3栋，2单元，502，坏了", []string{"翠苑", "3栋", "2单元", "502"}, "坏了"},
		{"地址：翠苑小区，3栋，王小明，明天18:00前发，2件", []string{"翠苑", "3栋", "小明"}, "明天18:00前发，2件"},
		{"地址：翠苑小区，\t，要退货", []string{"翠苑"}, "要退货"},
		{"*地址*：\n浙江 杭州\n翠苑 3-2-502\n杯子坏了", []string{"浙江", "翠苑", "502"}, "杯子坏了"},
		{"address: Flat 3\nRose House, 5 Mill Lane\nLondon NW1 6XE\nthe cup is broken", []string{"Flat", "Rose", "Mill", "London"}, "the cup is broken"},
		{"address Flat 3, Rose House, the cup is broken", []string{"Flat", "Rose"}, "the cup is broken"},
		{"*Address*: Apt 4B, Rose House\nthe cup is broken", []string{"Apt", "Rose"}, "the cup is broken"},
		{"ship to Rose Cottage, Mill Lane, Oxford OX1 2JD, the cup is broken", []string{"Rose", "Mill", "Oxford", "2JD"}, "the cup is broken"},

		{"地址\n翠苑小区 <PHONE_1> 3栋\n要退货", []string{"翠苑", "3栋"}, "要退货"}, // what looks like a placeholder saves nothing around it

		{"@阿卜杜热合曼 这单你跟", []string{"热合曼"}, "这单你跟"},
		{"@欧阳震华 这单你跟", []string{"华"}, "这单你跟"},
		{"@欧阳震华这单你跟", []string{"华"}, "这单你跟"},
		{"@John Smith please check", []string{"Smith"}, "please check"},
		{"@John Please check", []string{"John"}, "Please check"},
		{"@Anna\u00a0Marie\u00a0Dupont please check", []string{"Anna", "Marie", "Dupont"}, "please check"},
		{"#售后-王小明 里说过，要退货", []string{"小明"}, "要退货"},

		{"收件人：不是本人，要退货", nil, "不是本人，要退货"},
		{"收货：没收到", nil, "没收到"},
		{"把收件人改成她婆婆", nil, "她婆婆"},
		{"How much is shipping to Iceland?", nil, "Iceland"},
		{"customer: I've asked for a refund of £35.50", nil, "I've asked for a refund of £35.50"},
		{"our name is trending because of the cancelled orders", nil, "trending"},
		{"退 150 元，换 2000 件，3000 元", nil, "退 150 元，换 2000 件，3000 元"},
		{"order #ab1 and #2 are late, #5", nil, "order #ab1 and #2 are late, #5"},
		{"地址：翠苑小区，杯子碎了，退35.5元", nil, "杯子碎了，退35.5元"},
		{"买家：什么时候发货", nil, "什么时候发货"},
		{"微信支付失败了", nil, "微信支付失败了"},
		{"支付宝 refund failed", nil, "refund failed"},
		{"one or two boxes, three are broken", nil, "one or two boxes, three are broken"},
		{"iPhone15 Pro 256G 坏了两台", nil, "iPhone15 Pro 256G 坏了两台"},
		{"两个客户一个要退一个要换 3 件 5 件 7 件", nil, "两个客户一个要退一个要换 3 件 5 件 7 件"},
		{"2 3 4 5 号发的 6 7 8 号还没到", nil, "2 3 4 5 号发的 6 7 8 号还没到"},
	} {
		red, restore := entities.Redact(tt.text, entities.Personal(tt.text, entities.Find(tt.text, entities.Options{})))
		for _, s := range tt.lacks {
			if strings.Contains(red, s) {
				t.Errorf("%q leaves %q in %q", tt.text, s, red)
			}
		}
		if !strings.Contains(red, tt.has) || restore(red) != tt.text {
			t.Errorf("%q became %q and came back as %q, want %q in it", tt.text, red, restore(red), tt.has)
		}
	}
}

// Two messages that are read together stay two, whatever is hidden in them.
func TestPersonalJoinsNoMessages(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"邮箱 wangxm\n\x1e\n@qq.com", "手机 138001\n\x1e\n38000", "姓名：\n\x1e\n王小明", "地址：\n\x1e\n翠苑小区3栋502"} {
		red, restore := entities.Redact(text, entities.Personal(text, entities.Find(text, entities.Options{})))
		if strings.Count(red, "\n\x1e\n") != 1 || restore(red) != text {
			t.Errorf("%q became %q and came back as %q", text, red, restore(red))
		}
	}
}

// The beginning of a text ends within nothing that is hidden, nor beside what was hidden for what follows it.
func TestHead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ before, secret string }{
		{"买家 ", "13800138000"},
		{"发到 ", "jane.doe@example.com"},
		{"收件人：", "王小明"},
		{"寄到", "浙江省杭州市西湖区文三路478号3栋502室"},
		{"，", "王小明 13800138000"},
		{"编号 ", "12345678901234567890"},
	} {
		for n := range len([]rune(tt.secret)) {
			text := strings.Repeat("啊", 50) + tt.before + tt.secret + "，要退货" + strings.Repeat("啊", 300)
			limit := 50 + len([]rune(tt.before)) + n
			got := entities.Head(text, limit, entities.Options{})
			if rest := strings.TrimPrefix(got, strings.Repeat("啊", 50)+tt.before); strings.ContainsAny(rest, tt.secret) || len([]rune(got)) > limit {
				t.Errorf("Head(…%q, %d) ends in %q", tt.secret, limit, rest)
			}
		}
	}
	if got := entities.Head("要退货", 3, entities.Options{}); got != "要退货" {
		t.Errorf("a short text became %q", got)
	}
}

// Whatever a text is made of, what is hidden of it does not overlap and comes back.
func TestPersonalOfAnything(t *testing.T) {
	t.Parallel()
	words := []string{"收件人", "：", "王小明", "@", "\u00a0", "，", "ship to ", "Rose ", "\n", "地址：", "翠苑", "3栋", "、", "138", "，然后", "0013", "8000", "#", "-", "x@", "y.com", " ", "<LIT_1>", "one ", "3 ", "\x1e", "👉", "\u200b", "Dear ", "name is ", "b", "*", "_", "“", "”", ".", "转", "€", "明天", "18:00", "（新）", "·", "Ｏ", " dot ", "address ", "Flat ", "姓  名", "/", "。", "\t", "微信", "抬头", "公司"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 40).Draw(t, "words"), "")
		found := entities.Personal(text, entities.Find(text, options))
		taken := make([]bool, len([]rune(text)))
		for _, e := range found {
			if got := string([]rune(text)[e.Start:e.End]); got != e.Text || e.Text == "" {
				t.Fatalf("%q at %d–%d, where %q stands in %q", e.Text, e.Start, e.End, got, text)
			}
			for i := e.Start; i < e.End; i++ {
				if taken[i] {
					t.Fatalf("%q is taken twice at %d", text, i)
				}
				taken[i] = true
			}
		}
		if red, restore := entities.Redact(text, found); restore(red) != text {
			t.Fatalf("%q became %q and came back as %q", text, red, restore(red))
		}
	})
}

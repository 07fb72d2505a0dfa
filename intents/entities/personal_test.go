package entities_test

import (
	"strings"
	"testing"

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

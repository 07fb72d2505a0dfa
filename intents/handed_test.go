package intents_test

import (
	"testing"
	"time"

	"gongdan/intents"
	"gongdan/intents/entities"
)

func TestHandedTo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"@小李 你处理下": "小李", "@UANNA can you take it?": "UANNA", "@Anna can you take": "Anna", "@小周 你来跟一下": "小周", "麻烦 @小李 接手这单": "小李",
		"@小李 这单你跟吧": "小李", "@小李你来处理吧": "小李", "@Bob please handle this": "Bob", "@Bob please take over": "Bob",
		"@小李 你处理了吗": "", "@小李 处理好了": "", "@Anna did you take it?": "", "@小李 买家说收到的杯子碎了": "", "你处理下": "", "@Anna take your time": "",
	} {
		if got, ok := intents.HandedTo(text); got != want || ok != (want != "") {
			t.Errorf("HandedTo(%q) = %q, %t, want %q", text, got, ok, want)
		}
	}
}

func TestUrges(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"麻烦催一下2024112233445566778": true, "please hurry up with 2024112233445566778": true, "订单 2024112233445566778 麻烦催一下，谢谢": true,
		"2024112233445566778 催": true, "can you chase order 2024112233445566778 please": true, "2024112233445566778 尽快处理": true,
		"麻烦催一下发货 2024112233445566778": false, "催一下快递 2024112233445566778": false, "2024112233445566778 买家一直在催": false,
		"please ship 2024112233445566778": false, "2024112233445566778": false, "谢谢": false,
	} {
		if got := intents.Urges(text, entities.Find(text, entities.Options{Now: time.Now(), Zone: time.UTC})); got != want {
			t.Errorf("Urges(%q) = %t", text, got)
		}
	}
}

func TestNamesPerson(t *testing.T) {
	t.Parallel()
	for who, want := range map[string]bool{"小王": true, "Bob": true, "王主管": false, "财务看看": false, "仓库": false, "the": false, "them": false,
		"": false, "李": false, "一个很长的名字": false} {
		if got := intents.NamesPerson(who); got != want {
			t.Errorf("NamesPerson(%q) = %t", who, got)
		}
	}
}

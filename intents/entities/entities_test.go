package entities_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gongdan/intents/entities"
)

var (
	shanghai = time.FixedZone("CST", 8*3600)
	// A Wednesday morning.
	now     = time.Date(2026, 11, 18, 10, 30, 0, 0, shanghai)
	options = entities.Options{Now: now, Zone: shanghai}
)

func show(es []entities.Entity) []string {
	var out []string
	for _, e := range es {
		out = append(out, fmt.Sprintf("%s %s=%s", e.Type, e.Text, e.Value))
	}
	return out
}

func TestFindNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"taobao order", "订单 2024112233445566778 买家说收到的杯子碎了，要退货", []string{"ORDER 2024112233445566778=2024112233445566778"}},
		{"full-width", "订单号：２０２４１１２２３３４４５５６６７７８", []string{"ORDER ２０２４１１２２３３４４５５６６７７８=2024112233445566778"}},
		{"pinduoduo", "pdd 240315-123456789012345 没发货", []string{"ORDER 240315-123456789012345=240315-123456789012345"}},
		{"labelled short", "order #A10423 arrived broken", []string{"ORDER A10423=A10423"}},
		{"list", "订单123456789012、987654321098和555566667777都没发", []string{"ORDER 123456789012=123456789012", "ORDER 987654321098=987654321098", "ORDER 555566667777=555566667777"}},
		{"after-sale", "售后单号 1234567890123456 等审核", []string{"AFTERSALE 1234567890123456=1234567890123456"}},
		{"platform number", "天猫 2024112233445566778 下协同工单了", []string{"PLATFORM_NO 2024112233445566778=2024112233445566778"}},
		{"platform label", "协同工单号：88001234567", []string{"PLATFORM_NO 88001234567=88001234567"}},
		{"waybills", "SF1234567890123 和 yt8812345678901 一直不动", []string{"WAYBILL SF1234567890123=SF1234567890123", "WAYBILL yt8812345678901=YT8812345678901"}},
		{"waybill label", "圆通 883344556677 显示签收", []string{"WAYBILL 883344556677=883344556677"}},
		{"waybill order label", "订单 2024112233445566778，快递单号773344556677001", []string{"ORDER 2024112233445566778=2024112233445566778", "WAYBILL 773344556677001=773344556677001"}},
		{"mobile", "电话13812345678", []string{"PHONE 13812345678=13812345678"}},
		{"mobile spaced", "打 138 1234 5678 或 138-1234-5678", []string{"PHONE 138 1234 5678=13812345678", "PHONE 138-1234-5678=13812345678"}},
		{"mobile full-width", "１３８１２３４５６７８", []string{"PHONE １３８１２３４５６７８=13812345678"}},
		{"mobile country", "+86 138-1234-5678", []string{"PHONE +86 138-1234-5678=13812345678"}},
		{"virtual", "虚拟号13812345678转1234", []string{"PHONE 13812345678转1234=13812345678-1234"}},
		{"landline", "座机0571-88886666", []string{"PHONE 0571-88886666=057188886666"}},
		{"identity", "身份证 11010519491231002X", []string{"ID 11010519491231002X=11010519491231002X"}},
		{"identity bare", "11010519491231002X", []string{"ID 11010519491231002X=11010519491231002X"}},
		{"goods number is nothing", "商品ID 538872953711 尺码偏小", nil},
		{"ticket number is nothing", "T-1042 怎么样了", nil},
		{"amount", "退差价¥35.5，运费12元，三百块", []string{"AMOUNT ¥35.5=35.5", "AMOUNT 12元=12", "AMOUNT 三百块=300"}},
		{"amount thousands", "refund $1,299.00", []string{"AMOUNT $1,299.00=1299.00"}},
		{"mail", "发到 Li.Lei@example.com 吧", []string{"EMAIL Li.Lei@example.com=li.lei@example.com"}},
		{"link", "<https://item.taobao.com/item.htm?id=538872953711|宝贝>", []string{"URL https://item.taobao.com/item.htm?id=538872953711=https://item.taobao.com/item.htm?id=538872953711"}},
		{"address", "地址改成浙江省杭州市西湖区文三路478号3栋502室", []string{"ADDRESS 浙江省杭州市西湖区文三路478号3栋502室=浙江省杭州市西湖区文三路478号3栋502室"}},
		{"address city only", "寄到深圳市南山区科技园路8号", []string{"ADDRESS 深圳市南山区科技园路8号=深圳市南山区科技园路8号"}},
		{"names", "收件人：王小明，李女士也说没收到", []string{"NAME 王小明=王小明", "NAME 李女士=李女士"}},
		{"latin name", "Recipient: John Smith wants it", []string{"NAME John Smith=John Smith"}},
		{"no name", "买家说不想要了", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, e := range show(entities.Find(tt.text, options)) {
				if !strings.HasPrefix(e, "TIME") {
					got = append(got, e)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Find(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestFindTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, span, value, sense string }{
		{"明早十点前要回", "明早十点前", "2026-11-19T10:00:00", "deadline"},
		{"明天下午三点前", "明天下午三点前", "2026-11-19T15:00:00", "deadline"},
		{"两小时内", "两小时内", "2026-11-18T12:30:00", "deadline"},
		{"今天20:00", "今天20:00", "2026-11-18T20:00:00", "point"},
		{"今天20:00截止", "今天20:00截止", "2026-11-18T20:00:00", "deadline"},
		{"下周一上午", "下周一上午", "2026-11-23T08:00:00", "point"},
		{"月底前", "月底前", "2026-11-30T23:59:59", "deadline"},
		{"周五下班前", "周五下班前", "2026-11-20T18:00:00", "deadline"},
		{"下班前给我", "下班前", "2026-11-18T18:00:00", "deadline"},
		{"今天之内", "今天之内", "2026-11-18T23:59:59", "deadline"},
		{"三点前", "三点前", "2026-11-18T15:00:00", "deadline"},
		{"10点前", "10点前", "2026-11-18T22:00:00", "deadline"},
		{"09:00前", "09:00前", "2026-11-19T09:00:00", "deadline"},
		{"两小时前", "两小时前", "2026-11-18T08:30:00", "past"},
		{"昨天下午三点", "昨天下午三点", "2026-11-17T15:00:00", "past"},
		{"等了三天了", "三天", "2026-11-21T10:30:00", "duration"},
		{"一个半小时内", "一个半小时内", "2026-11-18T12:00:00", "deadline"},
		{"三天后下午两点", "三天后下午两点", "2026-11-21T14:00:00", "point"},
		{"12月1日18点前", "12月1日18点前", "2026-12-01T18:00:00", "deadline"},
		{"2026-11-20 18:00", "2026-11-20 18:00", "2026-11-20T18:00:00", "point"},
		{"in 2 hours", "in 2 hours", "2026-11-18T12:30:00", "point"},
		{"within 2 hours", "within 2 hours", "2026-11-18T12:30:00", "deadline"},
		{"reply by Friday EOD", "by Friday EOD", "2026-11-20T18:00:00", "deadline"},
		{"tomorrow noon", "tomorrow noon", "2026-11-19T12:00:00", "point"},
		{"by 5pm tomorrow", "by 5pm tomorrow", "2026-11-19T17:00:00", "deadline"},
		{"by Friday", "by Friday", "2026-11-20T23:59:59", "deadline"},
		{"before end of day", "before end of day", "2026-11-18T18:00:00", "deadline"},
		{"12/15", "12/15", "2026-12-15T00:00:00", "point"},
		{"20:00", "20:00", "2026-11-18T20:00:00", "point"},
		{"next Monday", "next Monday", "2026-11-23T00:00:00", "point"},
		{"2 days ago", "2 days ago", "2026-11-16T10:30:00", "past"},
		{"便宜一点", "", "", ""},
		{"有两点问题", "", "", ""},
		{"3号楼", "", "", ""},
		{"May I ask", "", "", ""},
		{"25:61", "", "", ""},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got := [3]string{}
			for _, e := range entities.Find(tt.text, options) {
				if e.Type == entities.Time {
					got = [3]string{e.Text, strings.TrimSuffix(e.Value, "+08:00"), string(e.Sense)}
				}
			}
			if diff := cmp.Diff([3]string{tt.span, tt.value, tt.sense}, got); diff != "" {
				t.Errorf("Find(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	es := entities.Find("明天下午2点到4点来取件", options)
	if len(es) != 1 || es[0].Value != "2026-11-19T14:00:00+08:00" || es[0].Until != "2026-11-19T16:00:00+08:00" {
		t.Errorf("Find(range) = %+v", es)
	}
}

// material draws texts in which numbers, names and placeholders are likely.
func material() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"订单 ", "电话", "<PHONE_1>", "<LIT_1>", "<", ">", "_", "收件人王小明，", "浙江省杭州市西湖区文三路478号", " ", "SF1234567890123", "a@b.com", "明天下午三点前", "https://x.cn/1234567", "\u200b", "１２３", "ORDER_1"}),
		rapid.StringMatching(`[0-9]{1,20}`),
		rapid.StringMatching(`[0-9]{2,4}[- ][0-9]{3,4}[- ][0-9]{4}`),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.ToValidUTF8(strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "parts"), ""), "?")
	})
}

func longestDigits(s string) int {
	best, run := 0, 0
	for _, c := range entities.Fold(s) {
		if c >= '0' && c <= '9' {
			run++
			best = max(best, run)
		} else {
			run = 0
		}
	}
	return best
}

func TestRedactProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := material().Draw(t, "text")
		red, restore := entities.Redact(text, entities.Find(text, options))
		if got := restore(red); got != text {
			t.Fatalf("restore(%q) = %q, want %q", red, got, text)
		}
		if longestDigits(red) >= 7 {
			t.Fatalf("Redact(%q) = %q, which keeps a long run of digits", text, red)
		}
	})
}

func TestRedact(t *testing.T) {
	t.Parallel()
	text := "订单 2024112233445566778，<PHONE_1>，收件人王小明 13812345678，再打13812345678，寄浙江省杭州市西湖区文三路478号"
	got, restore := entities.Redact(text, entities.Find(text, options))
	want := "订单 <ORDER_1>，<LIT_1>，收件人<NAME_1> <PHONE_1>，再打<PHONE_1>，寄<ADDR_1>"
	if got != want {
		t.Errorf("Redact = %q, want %q", got, want)
	}
	if r := restore("把 <PHONE_1> 给 <NAME_1>，<PHONE_9>"); r != "把 13812345678 给 王小明，<PHONE_9>" {
		t.Errorf("restore = %q", r)
	}
}

func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	n, last := utf8.RuneCountInString(text), 0
	for _, e := range entities.Find(text, options) {
		if e.Start < last || e.End > n || e.Start >= e.End || e.Text != string([]rune(text)[e.Start:e.End]) {
			t.Fatalf("Find(%q) reports %+v after %d", text, e, last)
		}
		last = e.End
		if e.Type == entities.Time {
			if _, err := time.Parse(time.RFC3339, e.Value); err != nil {
				t.Fatalf("Find(%q): value %q: %v", text, e.Value, err)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"订单 2024112233445566778 明早十点前", "+86 (138) 1234-5678转9", "2026/3/15 20:00", "in 1d, 2hr, and 5min", "一", "半", "下下个", "¥1,234.5万", "\u200b1", "王女士", "9999年9月9日", "+", "("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		check(t, s)
	})
}

func TestFindSpans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { check(t, material().Draw(t, "text")) })
}

func BenchmarkFind(b *testing.B) {
	texts := []string{"订单 2024112233445566778 买家说收到的杯子碎了，要退货", "天猫 2024112233445566778 下协同工单了，明早十点前要回", "customer says order #10423 never arrived, tracking 1Z999AA10123456784, please check by Friday", "中午吃什么", "收件人王小明 13812345678 地址改成浙江省杭州市西湖区文三路478号3栋502室"}
	b.ReportAllocs()
	for i := range b.N {
		entities.Find(texts[i%len(texts)], options)
	}
}

func ExampleFind() {
	for _, e := range entities.Find("订单 2024112233445566778 明早十点前要回", entities.Options{Now: now, Zone: shanghai}) {
		fmt.Println(e.Type, e.Value)
	}
	// Output:
	// ORDER 2024112233445566778
	// TIME 2026-11-19T10:00:00+08:00
}

package typed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot/typed"
)

func num(v typed.Verb, n int64) typed.Command {
	return typed.Command{Verb: v, Number: n, HasNumber: true}
}

func with(c typed.Command, set func(*typed.Command)) typed.Command {
	set(&c)
	return c
}

func TestParse(t *testing.T) {
	t.Parallel()
	rest := func(c typed.Command, s string) typed.Command { c.Rest = s; return c }
	party := func(c typed.Command, s string) typed.Command { c.Party = s; return c }
	who := func(c typed.Command, s string) typed.Command { c.Who = s; return c }
	opts := func(c typed.Command, m map[string]string) typed.Command { c.Options = m; return c }
	do := func(v typed.Verb) typed.Command { return typed.Command{Verb: v} }
	for _, tt := range []struct {
		text string
		want typed.Command
	}{
		{"", do(typed.Help)},
		{"  ", do(typed.Help)},
		{"?", do(typed.Help)},
		{"？", do(typed.Help)},
		{"help", do(typed.Help)},
		{"@gongdan", do(typed.Help)},
		{"@U0BOT 帮助", do(typed.Help)},
		{"@U0BOT help?", do(typed.Help)},
		{"@gongdan what can you do?", do(typed.Help)},
		{"你能做什么？", do(typed.Help)},
		{"怎么用", do(typed.Help)},
		{"帮助 等待", rest(do(typed.Help), "等待")},
		{"list", do(typed.List)},
		{"列表", do(typed.List)},
		{"list overdue", rest(do(typed.List), "overdue")},
		{"我的", do(typed.Mine)},
		{"my tickets", do(typed.Mine)},
		{"1042", num(typed.Show, 1042)},
		{"T－１０４２", num(typed.Show, 1042)},
		{"#1042", num(typed.Show, 1042)},
		{"工单1042", num(typed.Show, 1042)},
		{"工单 1042 完结", num(typed.Resolve, 1042)},
		{"查看 t1042", num(typed.Show, 1042)},
		{"show 2024112233445566778", rest(do(typed.Show), "2024112233445566778")},
		{"claim 1042", num(typed.Claim, 1042)},
		{"ＣＬＡＩＭ　１０４２", num(typed.Claim, 1042)},
		{"领取1042", num(typed.Claim, 1042)},
		{"领取 T-1042。", num(typed.Claim, 1042)},
		{"1042 领取", num(typed.Claim, 1042)},
		{"1042领取", num(typed.Claim, 1042)},
		{"/ticket 领取 1042", num(typed.Claim, 1042)},
		{"／领取 1042", num(typed.Claim, 1042)},
		{"、领取 1042", num(typed.Claim, 1042)},
		{`\claim 1042`, num(typed.Claim, 1042)},
		{"／ticket　完结　１０４２", num(typed.Resolve, 1042)},
		{"@gongdan 完结", do(typed.Resolve)},
		{"@U0BOT 完结 1042 已补发", rest(num(typed.Resolve, 1042), "已补发")},
		{"请完结1042", num(typed.Resolve, 1042)},
		{"@U0BOT 麻烦帮忙催一下 1042", num(typed.Urge, 1042)},
		{"请把1042转给小李", who(num(typed.Assign, 1042), "小李")},
		{"T-1042：完结", num(typed.Resolve, 1042)},
		{"please close 1042", num(typed.Close, 1042)},
		{"把1042转给小李", who(num(typed.Assign, 1042), "小李")},
		{"完结了 1042", num(typed.Resolve, 1042)},
		{"assign 1042 @U123", who(num(typed.Assign, 1042), "U123")},
		{"assign 1042 to @U123", who(num(typed.Assign, 1042), "U123")},
		{"assign @U123 1042", who(num(typed.Assign, 1042), "U123")},
		{"assign 1042 小李", who(num(typed.Assign, 1042), "小李")},
		{"转交小李", who(do(typed.Assign), "小李")},
		{"分派给 小李 1042", who(num(typed.Assign, 1042), "小李")},
		{"改派 1042 ＠U123 明天请假", rest(who(num(typed.Assign, 1042), "U123"), "明天请假")},
		{"note 1042 buyer calls back at 5", rest(num(typed.Note, 1042), "buyer calls back at 5")},
		{"备注 1042 买家说：周五前要！", rest(num(typed.Note, 1042), "买家说：周五前要！")},
		{"备注 3 件少发", rest(do(typed.Note), "3 件少发")},
		{"备注3件少发", rest(do(typed.Note), "3件少发")},
		{"replied 09:50", rest(do(typed.Replied), "09:50")},
		{"replied 1042 09:50", rest(num(typed.Replied, 1042), "09:50")},
		{"已回复平台 1042 昨天 18:20", rest(num(typed.Replied, 1042), "昨天 18:20")},
		{"已回复 9点50", rest(do(typed.Replied), "9点50")},
		{"已回复 9 点 50", rest(do(typed.Replied), "9 点 50")},
		{"replied 0950", rest(do(typed.Replied), "0950")},
		{"等待 1042 仓库", party(num(typed.Wait, 1042), "warehouse")},
		{"等仓库 1042", party(num(typed.Wait, 1042), "warehouse")},
		{"等店铺方回复", rest(party(do(typed.Wait), "merchant"), "回复")},
		{"等买家", party(do(typed.Wait), "customer")},
		{"等快递", party(do(typed.Wait), "courier")},
		{"等平台小二 1042", party(num(typed.Wait, 1042), "platform")},
		{"wait 1042 warehouse", party(num(typed.Wait, 1042), "warehouse")},
		{"waiting for the courier", party(do(typed.Wait), "courier")},
		{"1042 wait for buyer", party(num(typed.Wait, 1042), "customer")},
		{"wait", do(typed.Wait)},
		{"继续 1042", num(typed.Resume, 1042)},
		{"催单 1042", num(typed.Urge, 1042)},
		{"催一下1042", num(typed.Urge, 1042)},
		{"urge", do(typed.Urge)},
		{"done 1042", num(typed.Resolve, 1042)},
		{"已处理 1042", num(typed.Resolve, 1042)},
		{"关闭 1042", num(typed.Close, 1042)},
		{"重开 1042 买家又来问", rest(num(typed.Reopen, 1042), "买家又来问")},
		{"sendback 1042 order missing", rest(num(typed.SendBack, 1042), "order missing")},
		{"打回 1042 缺订单号", rest(num(typed.SendBack, 1042), "缺订单号")},
		{"撤单 1042 重复", rest(num(typed.Cancel, 1042), "重复")},
		{"不是工单 1042", num(typed.Discard, 1042)},
		{"not a ticket 1042", num(typed.Discard, 1042)},
		{"new the cup arrived broken", rest(do(typed.New), "the cup arrived broken")},
		{"新建 订单 2024112233445566778，杯子碎了", rest(do(typed.New), "订单 2024112233445566778，杯子碎了")},
		{"新建订单2024112233445566778 退货", rest(do(typed.New), "订单2024112233445566778 退货")},
		{"new --origin platform --due 明早十点 天猫 协同", opts(rest(do(typed.New), "天猫 协同"), map[string]string{"origin": "platform", "due": "明早十点"})},
		{"new --due tomorrow 10:00 cup broken", opts(rest(do(typed.New), "cup broken"), map[string]string{"due": "tomorrow 10:00"})},
		{`new origin=provider shop="Blue Cup" waybill wrong`, opts(rest(do(typed.New), "waybill wrong"), map[string]string{"origin": "provider", "shop": "Blue Cup"})},
		{"新建 --来源＝平台 --平台 天猫 --紧急程度 紧急 碎了", opts(rest(do(typed.New), "碎了"), map[string]string{"origin": "platform", "platform": "tmall", "severity": "urgent"})},
		{"新建 平台工单 天猫 2024112233445566778 截止 明早十点", opts(rest(do(typed.New), "平台工单 天猫 2024112233445566778 截止 明早十点"), map[string]string{"origin": "platform"})},
		{"new --type 退货 a -- b", opts(rest(do(typed.New), "a -- b"), map[string]string{"type": "goods_return"})},
		{"我来跟进 1042", num(typed.Ack, 1042)},
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

func TestParseUnknown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, word, suggest string }{
		{"clam 1042", "clam", "claim"},
		{"resovle 1042", "resovle", "resolve"},
		{"asign 1042 @U1", "asign", "assign"},
		{"1042 repleid", "repleid", "replied"},
		{"领去 1042", "领去", "领取"},
		{"完结了吗", "完结了吗", "完结"},
		{"帮组", "帮组", "帮助"},
		{"杯子碎了要退货", "杯子碎了要退货", ""},
		{"xyzzy", "xyzzy", ""},
		{strings.Repeat("长", 500), strings.Repeat("长", 23) + "…", ""},
	} {
		_, err := typed.Parse(tt.text)
		var u *typed.Unknown
		if !errors.As(err, &u) {
			t.Errorf("Parse(%q) = %v, want *Unknown", tt.text, err)
			continue
		}
		if d := cmp.Diff(&typed.Unknown{Word: tt.word, Suggest: tt.suggest}, u); d != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", tt.text, d)
		}
		if u.Suggest != "" {
			if _, err := typed.Parse(u.Suggest); err != nil {
				t.Errorf("suggestion %q is no command: %v", u.Suggest, err)
			}
		}
	}
}

func TestBare(t *testing.T) {
	t.Parallel()
	do := func(v typed.Verb) typed.Command { return typed.Command{Verb: v} }
	for _, tt := range []struct {
		text string
		want typed.Command
	}{
		{"完结", do(typed.Resolve)},
		{"完结。", do(typed.Resolve)},
		{" 完结了！ ", do(typed.Resolve)},
		{"已处理", do(typed.Resolve)},
		{"搞定", do(typed.Resolve)},
		{"done", do(typed.Resolve)},
		{"Done!", do(typed.Resolve)},
		{"领取", do(typed.Claim)},
		{"我来处理", do(typed.Claim)},
		{"I’ll take it", do(typed.Claim)},
		{"claim", do(typed.Claim)},
		{"已回复平台", do(typed.Replied)},
		{"已回复平台了", do(typed.Replied)},
		{"已回复", do(typed.Replied)},
		{"已回复平台 09:50", with(do(typed.Replied), func(c *typed.Command) { c.Rest = "09:50" })},
		{"昨天的已回复平台", typed.Command{}},
		{"replied", do(typed.Replied)},
		{"等仓库", with(do(typed.Wait), func(c *typed.Command) { c.Party = "warehouse" })},
		{"等仓库回复", with(do(typed.Wait), func(c *typed.Command) { c.Party = "warehouse" })},
		{"等买家确认中", with(do(typed.Wait), func(c *typed.Command) { c.Party = "customer" })},
		{"waiting for the warehouse", with(do(typed.Wait), func(c *typed.Command) { c.Party = "warehouse" })},
		{"催一下", do(typed.Urge)},
		{"麻烦催一下", do(typed.Urge)},
		{"催单", do(typed.Urge)},
		{"urge", do(typed.Urge)},
		{"继续处理", do(typed.Resume)},
		{"继续", do(typed.Resume)},
		{"关闭", do(typed.Close)},
		{"重开", do(typed.Reopen)},
		{"不是工单", do(typed.Discard)},
		{"我来跟进", do(typed.Ack)},
		{"On it", do(typed.Ack)},
		{"1042 完结", num(typed.Resolve, 1042)},
		{"T-1042：完结", num(typed.Resolve, 1042)},
		{"T-1042 已回复平台", num(typed.Replied, 1042)},
		{"转交 @U123", with(do(typed.Assign), func(c *typed.Command) { c.Who = "U123" })},
	} {
		got, ok := typed.Bare(tt.text)
		if want := tt.want.Verb != ""; ok != want {
			t.Errorf("Bare(%q) = %v, %v, want %v", tt.text, got, ok, want)
			continue
		}
		if d := cmp.Diff(tt.want, got); ok && d != "" {
			t.Errorf("Bare(%q) (-want +got):\n%s", tt.text, d)
		}
	}
}

func TestBareLeavesTalkAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "完结了吗", "这单可以完结吗？", "什么时候能完结", "不要完结", "还没完结", "先别关闭，买家还在问", "等仓库回复了再说", "等一下",
		"等", "等会儿", "等仓库明天上班看看能不能补发", "仓库说等快递", "领取优惠券的买家投诉了", "已回复买家，他说周五前要", "我来问问仓库",
		"催了三遍快递都不理", "催一下仓库发货", "关闭订单还是继续发货？", "继续等吧", "撤单要找主管吧", "转交仓库处理", "转给财务看看", "收到", "好的", "请", "麻烦了", "请尽快处理", "请继续跟一下快递",
		"谢谢", "ok", "done with the first parcel", "close to the limit", "I claimed it was broken", "wait a second", "waiting", "please hold",
		"hold on", "resolved yesterday, now broken again", "help", "list", "我的", "新建", "看", "查看", "1042", "replied to the buyer", "@U123", "@U123 看一下",
		"take your time", "mine too", "urge to buy", strings.Repeat("完结", 30), "已处理的单子在哪看", "平台工单已回复了吗", "note",
	} {
		if got, ok := typed.Bare(text); ok {
			t.Errorf("Bare(%q) = %+v, want none", text, got)
		}
	}
}

// What follows somebody's mention is for them, whatever stands before it.
func TestBareTellsWhoIsCalled(t *testing.T) {
	t.Parallel()
	for text, called := range map[string]bool{
		"完结": false, "请完结": false, "麻烦催一下": false, "转交 @U123": false, "、完结": false, "T-1042 完结": false,
		"@U123 完结": true, "请 @U123 完结": true, "麻烦@U123 已回复平台": true, "帮忙 @U123 撤单": true, "please @U123 resolve": true, "、@U123 完结": true,
		"/@U123 完结": true, "\u200b@U123 完结": true, "＠U123 T-1042 完结": true, "请 @U123 转给 @U124": true, "@U123 请 完结": true,
	} {
		if got, ok := typed.Bare(text); !ok || got.Called != called {
			t.Errorf("Bare(%q) = %+v, %t, want somebody called: %t", text, got, ok, called)
		}
	}
}

func TestVocabularyIsReachable(t *testing.T) {
	t.Parallel()
	for verb, words := range typed.Words() {
		for _, w := range words {
			got, err := typed.Parse(w + " 1042")
			if err != nil || got.Verb != verb {
				t.Errorf("Parse(%q) = %+v, %v, want %s", w+" 1042", got, err, verb)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "claim 1042", "／领取 Ｔ－１０４２", "新建 --due “明天 --origin=平台", "等仓库 #１", "转交 @", "\xff完结", "T-", "--", "new --due", "把 把 1042", "@ @ @", "1042 1042 1042"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := typed.Fold(s)
		if again := typed.Fold(once); again != once {
			t.Errorf("Fold is not idempotent: %q, %q", once, again)
		}
		if utf8.ValidString(s) && utf8.RuneCountInString(once) != utf8.RuneCountInString(s) {
			t.Errorf("Fold(%q) changes the length", s)
		}
		c, err := typed.Parse(s)
		if (err == nil) != (c.Verb != "") {
			t.Errorf("Parse(%q) = %+v, %v", s, c, err)
		}
		if c.HasNumber != (c.Number > 0) {
			t.Errorf("Parse(%q) = %+v: number", s, c)
		}
		if b, ok := typed.Bare(s); ok {
			if p, err := typed.Parse(s); err == nil && p.Verb != b.Verb {
				t.Errorf("Bare(%q) = %+v, Parse = %+v", s, b, p)
			}
		}
	})
}

func ExampleParse() {
	c, err := typed.Parse("／已回复　Ｔ－１０４２ 09:50")
	fmt.Println(c.Verb, c.Number, c.Rest, err)
	_, err = typed.Parse("完洁 1042")
	fmt.Println(err)
	// Output:
	// replied 1042 09:50 <nil>
	// unknown command "完洁", did you mean "完结"
}

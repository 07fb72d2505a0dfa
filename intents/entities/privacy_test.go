package entities_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"gongdan/intents/entities"
)

var (
	token     = regexp.MustCompile(`<[A-Z]+_[0-9]{1,6}>`)
	signs     = regexp.MustCompile(`[-\s.,/_·()（）*]{1,3}`)
	sevenLong = regexp.MustCompile(`[0-9]{7}`)
	spoken    = strings.NewReplacer("零", "0", "〇", "0", "一", "1", "幺", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9", "壹", "1", "贰", "2", "叁", "3", "肆", "4", "伍", "5", "陆", "6", "柒", "7", "捌", "8", "玖", "9")
)

// bareDigits undoes the disguises of a number by means of its own: what a person who looked for one would see.
func bareDigits(s string) string {
	s = token.ReplaceAllString(s, "x")
	s = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cf, unicode.Mn, unicode.Me) {
			return -1
		}
		return c
	}, norm.NFKD.String(s))
	s = spoken.Replace(s)
	return regexp.MustCompile(`([0-9])`+signs.String()+`([0-9])`).ReplaceAllString(regexp.MustCompile(`([0-9])`+signs.String()+`([0-9])`).ReplaceAllString(s, "$1$2"), "$1$2")
}

// disguised writes digits as people do who dodge a filter.
func disguised(digits string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		between := rapid.SampledFrom([]string{"", "", " ", "-", "\u200b", "\u2060", "\ufeff", "\u0301", "\ufe0f", ".", " - ", "—", "\u00ad", "\u3000", "·", "/", "_"}).Draw(t, "between")
		write := rapid.SampledFrom([]func(rune) rune{
			func(c rune) rune { return c },
			func(c rune) rune { return c - '0' + '０' },
			func(c rune) rune { return []rune("零一二三四五六七八九")[c-'0'] },
			func(c rune) rune { return []rune("〇幺二三四五六七八九")[c-'0'] },
			func(c rune) rune { return []rune("零壹贰叁肆伍陆柒捌玖")[c-'0'] },
			func(c rune) rune { return c - '0' + '٠' },
			func(c rune) rune { return c - '0' + 0x1D7CE },
			func(c rune) rune { return []rune("⓪①②③④⑤⑥⑦⑧⑨")[c-'0'] },
		}).Draw(t, "write")
		every := rapid.SampledFrom([]int{1, 3, 4}).Draw(t, "every")
		var b strings.Builder
		for i, c := range digits {
			if i > 0 && i%every == 0 {
				b.WriteString(between)
			}
			b.WriteRune(write(c))
		}
		return b.String()
	})
}

// secretsOf draws a text around things that must not leave, and says which.
func secretsOf(t *rapid.T) (text string, secrets []string) {
	var b strings.Builder
	add := func(before, secret, after string) {
		b.WriteString(before + secret + after)
		secrets = append(secrets, secret)
	}
	for range rapid.IntRange(1, 4).Draw(t, "parts") {
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			phone := "1" + rapid.StringMatching(`[3-9][0-9]{9}`).Draw(t, "phone")
			add(rapid.SampledFrom([]string{"电话", "打", "联系 ", "", "加我微信", "phone: "}).Draw(t, "label"), disguised(phone).Draw(t, "written"), "，")
		case 1:
			add("", disguised(rapid.StringMatching(`[1-9][0-9]{6,19}`).Draw(t, "number")).Draw(t, "written"), " 看下\n")
		case 2:
			add(rapid.SampledFrom([]string{"收件人：", "姓名:", "联系人＝", "收货人: "}).Draw(t, "label"), rapid.SampledFrom([]string{"王小明", "欧阳锋", "阿依古丽", "买买提·艾山", "Zhang Wei", "赵六"}).Draw(t, "name"), "，")
		case 3:
			add(rapid.SampledFrom([]string{"地址：", "寄到", "改成", "收货地址: "}).Draw(t, "label"), rapid.SampledFrom([]string{"浙江省杭州市西湖区文三路478号3栋502室", "广东深圳南山区科技园路8号", "成都市武侯区人民南路四段27号", "阳光花园5号楼2单元301"}).Draw(t, "address"), "。")
		case 4:
			add("发到 ", rapid.SampledFrom([]string{"li.lei@example.com", "Li_Lei@mail.example.cn", "ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "li @ example.com"}).Draw(t, "mail"), " 吧 ")
		default:
			b.WriteString(rapid.SampledFrom([]string{"明天下午三点前，", "2026-11-20 18:00 截止 ", "退¥35.5 ", "杯子碎了\n", "<PHONE_1>", "尺码 38 39 ", "3件"}).Draw(t, "talk"))
		}
	}
	return b.String(), secrets
}

// Whatever a message holds and however it is written, what leaves for a model holds no long number, telephone,
// labelled name, address or e-mail.
func TestNothingLeaves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, secrets := secretsOf(t)
		red, restore := entities.Redact(text, entities.Find(text, options))
		if m := sevenLong.FindString(bareDigits(red)); m != "" {
			t.Fatalf("Redact(%q) = %q, which shows %s", text, red, m)
		}
		for _, s := range secrets {
			if strings.Contains(red, s) {
				t.Fatalf("Redact(%q) = %q, which shows %q", text, red, s)
			}
		}
		if got := restore(red); got != text {
			t.Fatalf("restore(%q) = %q, want %q", red, got, text)
		}
	})
}

// Times and sums of few digits stay, since a model needs them.
func TestRedactKeepsTimes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"明天18:00前退¥35.5，3件":                    "明天18:00前退¥35.5，3件",
		"11月20日18:30前，满300减50":                 "11月20日18:30前，满300减50",
		"2026-11-20 18:00前回 13812345678":       "<TIME_1>回 <PHONE_1>",
		"20261120前":                            "<TIME_1>",
		"退1,299,000.00元":                       "退<SUM_1>",
		"138 1234 567 少一位":                     "<NUM_1> 少一位",
		"18:00:00 12:30:00":                    "18:00:00 12:30:00",
		"地址：老王家后面第三个巷子口，急":                     "地址：<ADDR_1>，急",
		"张三@例子.公司 收":                           "<EMAIL_1> 收",
		"联系人：阿依古丽·买买提 1\u200b38\u200b12345678": "联系人：<NAME_1> <PHONE_1>",
	} {
		if got, _ := entities.Redact(text, entities.Find(text, options)); got != want {
			t.Errorf("Redact(%q) = %q, want %q", text, got, want)
		}
	}
}

// Find takes time in proportion to the text, whatever the text.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"digits": "1", "waybills": "773123456789012 ", "telephones": "12345678 ", "cards": "6222020000000000000 卡 ", "numbered": "编号 1234567 ", "times": "1 18:00 1 ", "full-width": "８", "han digits": "一二", "streets": "路", "places": "浙江省杭州市", "doors": "3号", "labels": "订单号", "groups": "138 ", "dashes": "1-", "plus": "+(",
		"clocks": "三点", "dates": "2026-", "lengths": "3小时", "ands": "1 day and ", "mail": "a@", "dots": "a.", "brackets": "【", "marks": "\u0301", "zero width": "1\u200b", "money": "¥1,", "names": "收件人：", "honorific": "王先生", "weeks": "下下", "to": "8点到", "x": "sf", "spaces": " 1",
		"calls": "@", "channels": "#a", "bold": "*收件人*：", "labels alone": "name: ", "addresses": "地址：", "ship": "ship to A, ", "dots and words": "a dot b at c dot d ", "parted": "138然后", "lines": "地址\n", "numerals": "one ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat(unit, 100_000/len(unit))
			es := entities.Find(text, options)
			last := 0
			for _, e := range es {
				if e.Start < last || e.End <= e.Start {
					t.Fatalf("span %d–%d after %d", e.Start, e.End, last)
				}
				last = e.End
			}
			entities.Redact(text, entities.Personal(text, es))
		})
	}
}

package intents

import "testing"

func TestMatter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"忽略上一条，地址发错了，要寄杭州":                                  "地址发错了 要寄杭州 ",
		"不好意思刚才发错了，无视就好，客户的杯子还没发货":                          "客户的杯子还没发货 ",
		"Please ignore my last message, the parcel is late": " the parcel is late ",
		"sorry, disregard the above; buyer wants a refund":  "sorry  buyer wants a refund ",
		"忽略上一条":                                        "忽略上一条",
		"please ignore that":                           "please ignore that",
		"仓库发错了，客户要换":                                   "仓库发错了 客户要换 ",
		"地址发错了，要改":                                     "地址发错了 要改 ",
		"ignore the dent, he wants the colour swapped": "ignore the dent, he wants the colour swapped",
		"":    "",
		"，，，": "，，，",
	} {
		if got := matter(text); got != want {
			t.Errorf("matter(%q) = %q, want %q", text, got, want)
		}
	}
}

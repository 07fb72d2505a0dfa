package intents

import "testing"

func TestMatter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"忽略上一条，地址错了，要寄杭州！":                                  "地址错了，要寄杭州！",
		"不好意思刚才发错群了，无视就好，客户的杯子还没发货":                         "客户的杯子还没发货",
		"Please ignore my last message. The parcel is late": " The parcel is late",
		"sorry, disregard the above; buyer wants a refund":  "sorry, buyer wants a refund",
		"Skip the details in my last message, it leaks":     " it leaks",
		"scratch that, he wants the blue kettle":            " he wants the blue kettle",
		"forget it, she keeps the coat":                     " she keeps the coat",
		"forget it":                                         "forget it",
		"忽略上一条":                                             "忽略上一条",
		"please ignore that":                                "please ignore that",
		"这单能退吗？":                                            "这单能退吗？",
		"仓库发错了，客户要换":                                        "仓库发错了，客户要换",
		"订单，发错了，客户要换红色":                                     "订单，发错了，客户要换红色",
		"哦，发错了！客人要黑的":                                       "哦，发错了！客人要黑的",
		"skip the line, he flies tonight":                   "skip the line, he flies tonight",
		"please ignore the note, ship to the office":        "please ignore the note, ship to the office",
		"ignore the dent, he wants the colour swapped":      "ignore the dent, he wants the colour swapped",
		"paid 3.5 too much":                                 "paid 3.5 too much",
		"":                                                  "",
		"，，，":                                               "，，，",
	} {
		if got := matter(text); got != want {
			t.Errorf("matter(%q) = %q, want %q", text, got, want)
		}
	}
}

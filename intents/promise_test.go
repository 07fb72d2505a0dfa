package intents_test

import (
	"testing"
	"time"

	"gongdan/intents"
)

// What the team promises a customer, or a customer or a warehouse wants, is no deadline of a marketplace's. Where it may be one, only
// what is no later than usual counts. Said on Wednesday 2026-11-18 at 13:37 in Shanghai.
func TestForeignDeadlines(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	const zh, en = "天猫协同工单 20241122000444 今天9:10来的，", "Tmall coop ticket 20241122000444 came in at 9:10 today, "
	for _, tt := range []struct{ text, promised, due string }{
		{zh + "跟买家约好后天下午三点前回复", "11-20 15:00", ""},
		{zh + "跟买家说好了今天18点前回复", "11-18 18:00", ""},
		{zh + "已经和买家说了后天下午三点前回", "11-20 15:00", ""},
		{zh + "和客户约定后天下午三点前回复", "11-20 15:00", ""},
		{zh + "我们后天下午三点前给买家回复", "", ""},
		{zh + "后天下午三点前要给买家答复，我答应的", "", ""},
		{zh + "买家要求后天下午三点前回复", "", ""},
		{zh + "买家希望我们今天18点前回复", "", ""},
		{zh + "仓库说后天下午三点前要回", "", ""},
		{zh + "仓库答复最晚后天下午三点前要回", "", ""},
		{en + "we will answer the buyer by Friday 3pm", "", ""},
		{en + "agreed with the buyer: answer by Friday 3pm", "11-20 15:00", ""},
		{en + "I said to the buyer we would answer by Friday 3pm", "11-20 15:00", ""},
		{en + "buyer expects an answer by Friday 3pm", "", ""},
		{en + "the warehouse says by Friday 3pm", "", ""},
		{zh + "跟买家约好后天下午三点前回复，24小时内要回", "11-20 15:00", "11-19 09:10"},
		{en + "we will answer the buyer by Friday 3pm, reply by 5pm today", "", "11-18 17:00"},
		// it may be the marketplace's
		{zh + "买家要退货 后天18点前要回", "", ""},
		{zh + "买家要退货 今天18点前要回", "", "11-18 18:00"},
		{zh + "跟买家约好了，后天下午三点前回复", "", ""},
		{zh + "已跟买家说好了，今天18点前要回", "", "11-18 18:00"},
		{en + "by Friday 3pm we will answer the buyer", "", ""},
		{zh + "我们会在后天18点前回复", "", ""},
		{zh + "我们今天18点前要回", "", "11-18 18:00"},
		// it is
		{zh + "今天18点前要回，我们约了买家后天取件", "", "11-18 18:00"},
		{zh + "买家要求退货，后天18点前要回", "", "11-20 18:00"},
		{zh + "买家投诉 请于后天18点前处理", "", "11-20 18:00"},
		{zh + "平台要求我们今天18点前回复买家", "", "11-18 18:00"},
		{zh + "后天18点前回复买家", "", "11-20 18:00"},
		{zh + "已跟买家沟通，今天18点前要回", "", "11-18 18:00"},
		{en + "due by 6pm today, we will answer the buyer", "", "11-18 18:00"},
		{"仓库发错了 20241122000444，答应买家明天下午三点前给结果", "11-19 15:00", ""},
	} {
		f := c.Local(intents.Message{Text: tt.text, Now: time.Date(2026, 11, 18, 13, 37, 0, 0, shanghai), Zone: shanghai}).Fields
		if promised, due := minute(f.Promised), minute(f.Due); promised != tt.promised || due != tt.due {
			t.Errorf("%q: promised %q, due %q, want %q and %q", tt.text, promised, due, tt.promised, tt.due)
		}
	}
}

func minute(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(shanghai).Format("01-02 15:04")
}

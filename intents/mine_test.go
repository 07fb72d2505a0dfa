package intents_test

import (
	"testing"

	"gongdan/intents"
)

func TestAsksMine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"我手上有哪些单": true, "which tickets are mine?": true, "我的工单有哪些": true, "分给我的单有几张": true, "我还有几张单没处理": true,
		"how many tickets do I have": true, "show me my tickets": true, "what's assigned to me?": true, "哪些工单是我的": true,
		"我的工单T-3什么情况": false, "我的快递到哪了": false, "any news on my return ticket?": false, "which tickets are urgent?": false,
		"买家问我的退款什么时候到": false, "谁手上有空": false,
	} {
		if got := intents.AsksMine(text); got != want {
			t.Errorf("AsksMine(%q) = %t", text, got)
		}
	}
}

package intents_test

import "testing"

// Who is asked to take a ticket is found by mention, by @, by nickname and by full name; who is merely spoken of is not.
func TestAssignee(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for text, want := range map[string]string{
		"@小李 这单你跟，订单 2024112233445566778 碎了": "小李", "订单 2024112233445566778 碎了，交给李明处理": "李明", "2024112233445566778 丢件，让小王跟一下": "小王",
		"order 104233 broken, @li.lei please take it": "li.lei", "订单 2024112233445566778 转给王姐处理": "王姐", "订单 2024112233445566778 碎了，派给欧阳锋来跟": "欧阳锋",
		"订单 2024112233445566778 让仓库处理": "", "订单 2024112233445566778 让商家处理一下": "", "订单 2024112233445566778 请马上处理": "", "收件人李明说没收到 2024112233445566778": "",
	} {
		if got := c.Local(message(text)).Fields.Assignee; got != want {
			t.Errorf("%q: assignee %q, want %q", text, got, want)
		}
	}
}

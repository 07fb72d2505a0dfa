package intents_test

import (
	"strings"
	"testing"

	"gongdan/intents"
)

// What is said of a ticket by its number reads as it would in the ticket's thread.
func TestInTicket(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text   string
		number int64
		said   string
		ok     bool
	}{
		{"T-12 已退款了", 12, "已退款了", true},
		{"Ｔ－１２：已退款了", 12, "已退款了", true},
		{"已补发 #7", 7, "已补发", true},
		{"把 T-3 转给小周", 3, "把这单转给小周", true},
		{"把工单 T-3转给小周", 3, "把这单转给小周", true},
		{"请把工单3转给 @UANNA", 3, "请把这单转给 @UANNA", true},
		{"hand T-3 to Li", 3, "hand it to Li", true},
		{"T-9 is done", 9, "is done", true},
		{"Ticket #9 refunded", 9, "refunded", true},
		{"@U0BOT T-12 已退款了", 12, "@U0BOT 已退款了", true},
		{"T-12", 12, "", true},
		{"T-3 和 T-5 已退款", 0, "", false},
		{"T-3 T-5 已退款", 0, "", false},
		{"已退款", 0, "", false},
		{"SWT-12 已退款", 0, "", false},
		{"T-123456789 已退款", 0, "", false},
		{"12 已退款", 0, "", false},
		{"", 0, "", false},
	} {
		if n, said, ok := intents.InTicket(tt.text); n != tt.number || said != tt.said || ok != tt.ok {
			t.Errorf("InTicket(%q) = %d, %q, %t; want %d, %q, %t", tt.text, n, said, ok, tt.number, tt.said, tt.ok)
		}
	}
}

// What a step is called in a thread, it is called of a ticket named by its number.
func TestStepsOfNumberedTickets(t *testing.T) {
	t.Parallel()
	c := classifier(t, nil)
	for _, tt := range []struct{ text, command, to string }{
		{"@U0BOT T-12 已退款了", "resolve", ""},
		{"@U0BOT: T-12 is done", "resolve", ""},
		{"T-12 已退款了", "resolve", ""},
		{"T-7 已回复平台", "replied", ""},
		{"把 T-3 转给小周", "assign", "小周"},
		{"麻烦帮忙把 T-3 转给小周吧", "assign", "小周"},
		{"hand T-3 to Li.", "assign", "li"},
		{"please give T-3 to Li", "assign", "li"},
		{"T-9 is done", "resolve", ""},
		{"T-9 has been refunded", "resolve", ""},
		{"T-9 is sorted", "resolve", ""},
		{"麻烦 T-3 先关了吧", "close", ""},
		{"T-3 还没解决", "reopen", ""},
		{"T-3 先等仓库核实一下吧", "wait", ""},
		{"close T-3", "close", ""},
		{"T-12 已退款？", "", ""},
		{"T-12 退款了吗", "", ""},
		{"T-12 is not done", "", ""},
		{"T-12 还没退款", "", ""},
		{"跟 T-3 一样，杯子又碎了一个要退货", "", ""},
		{"T-12 已退款，但是 2024112233445566778 还没退", "", ""},
	} {
		_, said, ok := intents.InTicket(tt.text)
		m := message(said)
		m.InThread, m.ToBot = true, strings.HasPrefix(said, "@")
		d := c.Local(m)
		if !ok || d.Command != tt.command || d.Fields.Assignee != tt.to {
			t.Errorf("%q (%q): command %q to %q, want %q to %q", tt.text, said, d.Command, d.Fields.Assignee, tt.command, tt.to)
		}
	}
}

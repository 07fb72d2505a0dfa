package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/intents/corrections"
	"gongdan/tickets"
)

// One press says that a ticket is none, or of another type; taking it back forgets it.
func TestCorrections(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(w *world, id string)
		want string // was → label by role
	}{
		{"nothing", func(*world, string) {}, ""},
		{"not a ticket", func(w *world, id string) { w.presses(li, bot.ActMoreDo, "", "discard|"+id) }, "goods_return→oos by agent"},
		{"not a ticket, by word", func(w *world, _ string) { w.types(wang, "不是工单 1") }, "goods_return→oos by supervisor"},
		{"not a ticket, and yet", func(w *world, id string) {
			w.presses(li, bot.ActMoreDo, "", "discard|"+id)
			w.presses(li, bot.ActReopen, id, "")
		}, ""},
		{"wrong type", func(w *world, id string) { w.presses(li, bot.ActTypeTo, "", "exchange|"+id) }, "goods_return→exchange by agent"},
		{"wrong type twice", func(w *world, id string) {
			w.presses(li, bot.ActTypeTo, "", "exchange|"+id)
			w.presses(wang, bot.ActTypeTo, "", "refund|"+id)
		}, "goods_return→refund by supervisor"},
		{"wrong type and back", func(w *world, id string) {
			w.presses(li, bot.ActTypeTo, "", "exchange|"+id)
			w.presses(li, bot.ActTypeTo, "", "goods_return|"+id)
		}, ""},
		{"no such type", func(w *world, id string) { w.presses(li, bot.ActTypeTo, "", "lottery|"+id) }, ""},
		{"by an outsider", func(w *world, id string) { w.presses(guest, bot.ActTypeTo, "", "exchange|"+id) }, ""},
		{"claimed", func(w *world, id string) { w.presses(li, bot.ActClaim, id, "") }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, "@UWANG 小李 "+wantsReturn+"，电话 13800138000")
				tt.do(w, string(w.only().ID))
				got := ""
				for _, r := range w.corrected() {
					got += fmt.Sprintf("%s→%s by %s", r.Was, r.Label, r.Role)
					if strings.Contains(r.Text, "2024112233445566778") || strings.Contains(r.Text, "13800138000") ||
						strings.Contains(r.Text, "小李") || strings.Contains(r.Text, "王主管") || !strings.Contains(r.Text, "杯子碎了") {
						t.Errorf("kept %q", r.Text)
					}
					if r.By != "rules" || r.Local == "" || r.P <= 0 || r.Did != "act" {
						t.Errorf("row = %+v", r)
					}
				}
				if got != tt.want {
					t.Errorf("kept %q, want %q", got, tt.want)
				}
				w.speak()
				w.sound()
			})
		})
	}
}

// The shortcut makes a ticket of whatever was said, and teaches that it was one.
func TestMakeMessage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		text  string
		by    tickets.UserID
		heard bool
		made  int
		rows  int
		told  string // to whoever used it
	}{
		{"let pass", "晚上一起打球", li, true, 1, 1, "已建工单"},
		{"asked about", unsure, li, true, 1, 1, "已建工单"},
		{"never heard", "晚上一起打球", li, false, 1, 0, "已建工单"},
		{"has a ticket", wantsReturn, li, true, 1, 0, "已经在 T-1"},
		{"nothing in it", "", li, false, 0, 0, "建不了"},
		{"by an outsider", "晚上一起打球", guest, true, 0, 0, "这一步由客服来做"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.message(anna, tt.text)
				if tt.heard {
					w.handle(bot.Input{Message: &m})
				}
				for range 2 { // the second time it stands in its ticket
					w.handle(bot.Input{Click: &bot.Click{Channel: desk, User: tt.by, Action: bot.ActMakeMessage, Value: "C1/" + m.TS, Said: &m}})
				}
				if got := len(w.all()); got != tt.made {
					t.Errorf("%d tickets, want %d", got, tt.made)
				}
				if got := w.corrected(); len(got) != tt.rows || tt.rows > 0 && got[0].Label == corrections.NotATicket {
					t.Errorf("learned %+v, want %d", got, tt.rows)
				}
				if v := w.asks(li, "漏单"); len(v.Rows) != 0 {
					t.Errorf("still listed: %s", textOf(v))
				}
				w.speak()
				said := ""
				for _, s := range w.chat.whispers {
					if s.To == tt.by {
						said += s.text()
					}
				}
				if !strings.Contains(said, tt.told) {
					t.Errorf("told %q, want %q", said, tt.told)
				}
				w.sound()
			})
		})
	}
}

// "Why" tells of tickets and of messages, by number and by address, only to those who may see them.
func TestWhyIsAnswered(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Shops = []tickets.Shop{{Name: "云朵旗舰店", Platform: "tmall", Channels: []tickets.ChannelID{desk}}}
		made := w.says(anna, wantsReturn)
		w.types(wang, "new 订单 2024112200000000001 颜色不对 type=repair shop=秘密旗舰店")
		passed := w.says(li, "早上好")
		asked := w.says("UCHEN", unsure)
		link := func(m bot.Message) string {
			return "https://x.slack.com/archives/C1/p" + strings.Replace(m.TS, ".", "", 1)
		}
		w.presses(li, bot.ActTypeTo, "", "exchange|"+string(w.all()[0].ID))
		for _, tt := range []struct {
			who  tickets.UserID
			text string
			want []string
			not  string
		}{
			{li, "why 1", []string{"规则", "写了单号和问题", "把握 95%", "2024112233445566778（消息里写的）", "云朵旗舰店（按频道对应的店铺）", "换货（小李改的）"}, ""},
			{li, "为什么 T-1", []string{"写了单号和问题"}, ""},
			{li, "why " + link(made), []string{"T-1", "写了单号和问题"}, ""},
			{li, "why " + link(passed), []string{"没有建工单", "打招呼"}, ""},
			{li, "why " + link(asked), []string{"还没人回答", "拿不准", "本地模型"}, ""},
			{li, "why 2", []string{"王主管用命令", "维修（提单时填的）", "2024112200000000001（消息里写的）", "秘密旗舰店（提单时填的）"}, ""},
			{li, "why", []string{"哪张工单"}, ""},
			{li, "why 99", []string{"没有找到"}, ""},
			{shop, "why 1", []string{"T-1", "一条消息", "2024112233445566778"}, "把握"},
			{guest, "why 1", []string{"没有找到"}, "T-1"},
			{guest, "why " + link(asked), []string{"没有这条消息的记录"}, "模型"},
			{"UOUT", "why " + link(made), []string{"没有这条消息的记录"}, "T-1"},
		} {
			got := textOf(w.asks(tt.who, tt.text))
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%s asks %q: %q, want %q in it", tt.who, tt.text, got, want)
				}
			}
			if tt.not != "" && strings.Contains(got, tt.not) {
				t.Errorf("%s asks %q: %q, want no %q", tt.who, tt.text, got, tt.not)
			}
		}
	})
}

// What somebody typed beside a new ticket's words is theirs, also where the words alone would have said the same.
func TestWhyNamesWhatWasTyped(t *testing.T) {
	for _, tt := range []struct {
		text      string
		want, not string
	}{
		{"new 买家说杯子收到就碎了，要退货 type=退货", "退货（提单时填的）", "退货（本地模型"},
		{"new 买家说杯子收到就碎了，要退货", "退货（", "退货（提单时填的）"},
		{"new 买家说杯子收到就碎了，要退货 type=没这种", "退货（", "退货（提单时填的）"},
		{"new 买家说杯子收到就碎了，要退货 severity=normal", "普通（提单时填的）", "退货（提单时填的）"},
		{"new 订单 2024112200000000001 颜色不对 order=2024112200000000001", "2024112200000000001（提单时填的）", "消息里写的"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.types(li, tt.text)
				got := textOf(w.asks(li, "why 1"))
				if !strings.Contains(got, tt.want) || strings.Contains(got, tt.not) {
					t.Errorf("why = %q, want %q and no %q", got, tt.want, tt.not)
				}
			})
		})
	}
}

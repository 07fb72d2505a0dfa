package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// Urgent tickets head every list of the team, however late they are due, and none of them falls off it.
func TestListUrgentFirst(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 24 {
			w.says(anna, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
			w.waits(time.Minute)
		}
		for _, n := range []int{23, 24} {
			w.types(li, fmt.Sprintf("severity %d 紧急", n))
			w.types(wang, fmt.Sprintf("due %d tomorrow 10:00", n))
		}
		w.types(wang, "assign 5 小李")
		w.types(wang, "assign 24 小李")
		v := w.asks(wang, "list")
		for i, want := range []string{"T-23", "T-24", "T-1 "} {
			if !strings.Contains(v.Lines[i].Text+" ", want) {
				t.Errorf("line %d of the list is %q, want %s", i, v.Lines[i].Text, want)
			}
		}
		if len(v.Lines) != 20 || v.Header != "最急的 20 张工单" {
			t.Errorf("%d lines under %q", len(v.Lines), v.Header)
		}
		if mine := w.asks(li, "mine"); len(mine.Lines) != 2 || !strings.Contains(mine.Lines[0].Text, "T-24") {
			t.Errorf("own tickets = %s", textOf(mine))
		}
	})
}

// Whoever asks for their tickets gets those they work on first, then those they opened, with the true number of both.
func TestAskedForMine(t *testing.T) {
	for text, title := range map[string]string{"我手上有哪些单": "你手上 2 张，你提的 8 张", "which tickets are mine?": "你手上 2 张，你提的 8 张"} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				for i := range 10 {
					by := li
					if i < 2 {
						by = anna
					}
					w.inChannel("C3", by, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
					w.waits(time.Minute)
				}
				w.types(wang, "assign 1 小李")
				w.types(wang, "assign 2 小李")
				w.speak()
				w.chat.whispers = nil
				w.says(li, text)
				w.speak()
				v := w.chat.whisper(li).View
				if v.Header != title || len(v.Lines) != 10 {
					t.Fatalf("answered by %d lines under %q", len(v.Lines), v.Header)
				}
				if got := v.Lines[0].Text + v.Lines[1].Text; !strings.Contains(got, "T-1 ") || !strings.Contains(got, "T-2 ") {
					t.Errorf("first come %q", got)
				}
			})
		})
	}
}

// With more than a list shows, the answer counts what it shows and claims no more.
func TestAskedForManyOfMine(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 24 {
			w.inChannel("C3", li, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
			w.waits(time.Minute)
		}
		w.types(wang, "assign 1 小李")
		w.speak()
		w.chat.whispers = nil
		w.says(li, "我手上有哪些单")
		w.speak()
		if v := w.chat.whisper(li).View; len(v.Lines) != 20 || v.Header != "你手上的和你提的工单，先列 20 张" || !strings.Contains(v.Lines[0].Text, "T-1 ") {
			t.Errorf("answered by %d lines under %q", len(v.Lines), v.Header)
		}
	})
}

// In a ticket's thread a question is about that ticket, though it speaks of one's own.
func TestAskedForOneOfMine(t *testing.T) {
	for _, text := range []string{"我的单有进展吗", "我的单进度如何？"} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, wantsReturn)
				w.waits(time.Hour)
				w.says(anna, "订单 2024112233445566779 一直没发货，买家催")
				w.types(wang, "assign 2 @UANNA")
				w.speak()
				w.chat.whispers = nil
				w.replies(anna, root, text)
				w.speak()
				if got := w.chat.whisper(anna).text(); !strings.Contains(got, "T-1") || strings.Contains(got, "T-2") {
					t.Errorf("%q is answered by %q", text, got)
				}
			})
		})
	}
}

// A question about one's own tickets that names none is about all that were opened here, not the newest few.
func TestAskedForOpened(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 8 {
			w.says(anna, fmt.Sprintf("订单 20241122334455%05d 买家说收到的杯子碎了，要退货", i))
			w.waits(time.Minute)
		}
		w.says(anna, "这单处理得怎么样了")
		w.speak()
		if v := w.chat.whisper(anna).View; len(v.Lines) != 8 || v.Header != "找到 8 张工单" {
			t.Errorf("answered by %d lines under %q", len(v.Lines), v.Header)
		}
	})
}

// A merchant's plain question is answered from the tickets of their shops; without any, it is said that there are none.
func TestMerchantAsks(t *testing.T) {
	for _, tt := range []struct {
		text   string
		before func(*world)
		want   string
	}{
		{"any news on my return ticket?", func(w *world) { w.inChannel("C3", anna, "云朵旗舰店 "+wantsReturn) }, "T-1"},
		{"any news on my return ticket?", func(w *world) {
			w.inChannel("C3", anna, "云朵旗舰店 "+wantsReturn)
			w.inChannel("C3", anna, "云朵旗舰店 订单 2024112233445566779 一直没发货，买家催")
		}, "T-1"},
		{"any news on my return ticket?", func(*world) {}, "没有未完结"},
		{"我的工单有进展吗", func(w *world) { w.inChannel("C3", anna, "三只熊 "+wantsReturn) }, "没有未完结"},
	} {
		t.Run(tt.text+tt.want, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.policy.Shops = []tickets.Shop{{Name: "云朵旗舰店"}, {Name: "三只熊"}}
				tt.before(w)
				w.speak()
				w.chat.whispers = nil
				w.says(shop, tt.text)
				w.speak()
				got := w.chat.whisper(shop).text()
				if !strings.Contains(got, tt.want) || strings.Contains(got, "T-2") {
					t.Errorf("%q is answered by %q, want %s", tt.text, got, tt.want)
				}
			})
		})
	}
}

// Whom a ticket waits for is asked where the words name nobody that is known: waiting pauses clocks.
func TestWaitForNobodyKnown(t *testing.T) {
	for _, text := range []string{"等待 1 上帝", "wait 1 god", "等待 1 明天再说"} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.types(li, "领取 1")
				w.types(li, text)
				w.speak()
				if k := w.only(); k.Status != tickets.StatusInProgress {
					t.Errorf("status %s, waiting for %s", k.Status, k.Waiting)
				}
				if got := w.chat.whisper(li).text(); !strings.Contains(got, "在等谁") {
					t.Errorf("told %q", got)
				}
				w.types(li, "等待 1 仓库")
				if k := w.only(); k.Waiting != tickets.PartyWarehouse {
					t.Errorf("waits for %s", k.Waiting)
				}
			})
		})
	}
}

// Whoever calls the bot, or asks it what it can do, gets help and no question.
func TestCalledForHelp(t *testing.T) {
	for text, want := range map[string]string{
		"@U0BOT": "command", "@U0BOT 帮助": "command", "@U0BOT help": "command", "@U0BOT what can you do?": "command", "@U0BOT 你能做什么？": "command",
		"@U0BOT help " + wantsReturn: "act",
	} {
		for _, inThread := range []bool{false, true} {
			t.Run(fmt.Sprint(text, inThread), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					root := w.says(anna, "早上好")
					m := w.message(li, text)
					if m.ToBot = true; inThread {
						m.Thread = root.TS
					}
					w.handle(bot.Input{Message: &m})
					w.speak()
					if got := w.seen(m); got != want {
						t.Errorf("became %q, want %q", got, want)
					}
					if v := w.chat.whisper(li).View; want == "command" && (len(v.Lines) < 10 || v.Header != "工单怎么用") {
						t.Errorf("answered by %q with %d lines", v.Header, len(v.Lines))
					}
				})
			})
		}
	}
}

package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// News that something is done is a note of the ticket of its order with the step offered, and without one is asked about.
func TestReportsThatSomethingIsDone(t *testing.T) {
	for _, text := range []string{
		"refunded 2024112233445566778 already", "2024112233445566778 done, refunded", "2024112233445566778 已退款",
		"2024112233445566778 退款成功了 关掉吧", "已给2024112233445566778补发", "订单 2024112233445566778 昨天处理完了，跟大家说一声",
		"just refunded order 2024112233445566778, can be closed", "refund for 2024112233445566778 is done",
	} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				none := w.says(li, text)
				if n := len(w.all()); n != 0 || w.seen(none) != "ask" {
					t.Fatalf("without a ticket: %d made, message %q, want a question", n, w.seen(none))
				}
				w.waits(time.Hour)
				w.says(anna, wantsReturn)
				w.types(li, "领取 1")
				w.waits(time.Hour)
				m := w.says(li, text)
				w.speak()
				if w.standsAs(m) != tickets.EvNoted {
					t.Fatalf("the message became %q of %d tickets, want a note", w.seen(m), len(w.all()))
				}
				w.takes(li, w.chat.whisper(li))
				if k := w.only(); k.Status != tickets.StatusResolved {
					t.Errorf("after the press: %s", k.Status)
				}
				w.sound()
			})
		})
	}
}

// What tells more than that something is done is no such news.
func TestReportsWithMore(t *testing.T) {
	for _, text := range []string{"2024112233445566778 已退款，买家说没收到", "买家退款了 2024112233445566778，货也不退", "2024112233445566778 退款成功了吗，买家催了"} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(li, text)
				if len(w.all()) != 1 {
					t.Errorf("message %q, %d tickets", w.seen(m), len(w.all()))
				}
			})
		})
	}
}

// Without a number, such news belongs to what its author said a moment ago, and is no ticket.
func TestReportsWithoutNumber(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		talk := w.says(li, "昨天处理完了，跟大家说一声")
		w.says(li, wantsReturn)
		w.waits(time.Minute)
		m := w.says(li, "退款成功了 关掉吧")
		w.waits(time.Hour)
		asked := w.says(li, "退款成功了 关掉吧")
		if w.seen(talk) != "ignore" || w.seen(m) != "added" || w.seen(asked) != "ask" {
			t.Errorf("messages %q, %q, %q, want ignore, added, ask", w.seen(talk), w.seen(m), w.seen(asked))
		}
		w.only()
		w.sound()
	})
}

// A bare question where an order or parcel is belongs to its tickets, if there are any, and is answered with all of them.
func TestQuestionsAboutAnOrderWithTickets(t *testing.T) {
	const more = "订单 2024112233445566778 买家要开发票，运单 SF1390087654321"
	for _, tt := range []struct {
		text       string
		want       []string
		andWithout int // tickets that it makes where there is none
	}{
		{"2024112233445566778 到哪了", []string{"T-1", "T-2"}, 1},
		{"2024112233445566778 where is it?", []string{"T-1", "T-2"}, 1},
		{"where is order 2024112233445566778?", []string{"T-1", "T-2"}, 1},
		{"any update on 2024112233445566778?", []string{"T-1", "T-2"}, 0},
		{"SF1390087654321现在到哪了？", []string{"T-2"}, 1},
	} {
		t.Run(tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.waits(time.Hour)
				w.says(li, more)
				if n := len(w.all()); n != 2 {
					t.Fatalf("%d tickets", n)
				}
				w.speak()
				w.chat.whispers = nil
				w.waits(time.Hour)
				m := w.says(wang, tt.text)
				w.speak()
				got := w.chat.whisper(wang).text()
				for _, n := range tt.want {
					if !strings.Contains(got, n) {
						t.Errorf("answered by %q, want %s in it", got, n)
					}
				}
				if n := len(w.all()); n != 2 || w.seen(m) != "added" {
					t.Errorf("%d tickets after the question, which is %q", n, w.seen(m))
				}
				for _, k := range w.all() {
					if !k.Responded.IsZero() {
						t.Errorf("%s counts as answered by a question", k.Number)
					}
				}
				w.sound()
			})
			inWorldAgain(t, func(t *testing.T, w *world) {
				w.says(wang, tt.text)
				if n := len(w.all()); n != tt.andWithout {
					t.Errorf("%d tickets where there was none, want %d", n, tt.andWithout)
				}
			})
		})
	}
}

// inWorldAgain is another world in the same test.
func inWorldAgain(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	aWorld(t, test)
}

// A correction is a note of its author's last ticket, with a button that corrects it; none adds an order or makes a ticket.
func TestCorrectionsOfTickets(t *testing.T) {
	const wrong, right = "2024112233445566778", "2024112233445566302"
	for _, tt := range []struct {
		text  string
		order string
		typ   tickets.Type
	}{
		{"单号打错了，是" + right, right, "goods_return"},
		{"订单号发错了 重发：" + right, right, "goods_return"},
		{"订单号写错了，应该是" + right + "，不是" + wrong, right, "goods_return"},
		{"wrong order number, it's " + right, right, "goods_return"},
		{"sorry, wrong order, it's " + right, right, "goods_return"},
		{"说错了是换货不是退货", wrong, "exchange"},
		{"说错了是换货不是退货 " + wrong, wrong, "exchange"},
		{"sorry, it's an exchange, not a return", wrong, "exchange"},
	} {
		for _, place := range []string{"channel", "thread"} {
			t.Run(tt.text+" in a "+place, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					root := w.says(anna, wantsReturn)
					w.waits(3 * time.Minute)
					var m bot.Message
					if place == "thread" {
						m = w.replies(anna, root, tt.text)
					} else {
						m = w.says(anna, tt.text)
					}
					w.speak()
					if k := w.only(); w.standsAs(m) != tickets.EvNoted || !slices.Equal(k.Facts.Orders, []string{wrong}) {
						t.Fatalf("message %q, orders %v, want a note alone", w.seen(m), k.Facts.Orders)
					}
					w.takes(anna, w.chat.whisper(anna))
					if k := w.only(); !slices.Equal(k.Facts.Orders, []string{tt.order}) || k.Type != tt.typ {
						t.Errorf("corrected to %v, %s, want %s, %s", k.Facts.Orders, k.Type, tt.order, tt.typ)
					}
					w.sound()
				})
			})
		}
	}
}

// A correction is of a number of its own kind, and of the ticket that it names.
func TestCorrectionsOfOtherNumbers(t *testing.T) {
	const order, right = "2024112233445566778", "2024112233445566302"
	const waybill, other = "SF1390087654321", "SF1390087654399"
	both, parcel := wantsReturn+"，运单 "+waybill, "快递 "+waybill+" 丢件了，买家没收到"
	for _, tt := range []struct {
		ticket, text, order, waybill string
		typ                          tickets.Type
		offered                      bool
	}{
		{both, "运单号打错了，应该是" + other, order, other, "goods_return", true},
		{both, "单号打错了，是" + right, right, waybill, "goods_return", true},
		{parcel, "运单号打错了，应该是" + other, "", other, "lost", true},
		{wantsReturn, "运单号打错了，应该是" + other, order, other, "goods_return", false}, // it had none
		{wantsReturn, "T-1 单号打错了，是" + right, right, "", "goods_return", true},
		{wantsReturn, "T-1 wrong order number, it's " + right, right, "", "goods_return", true},
		{wantsReturn, "T-1 说错了是换货不是退货", order, "", "exchange", true},
	} {
		t.Run(tt.ticket+" "+tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, tt.ticket)
				w.waits(3 * time.Minute)
				m := w.says(anna, tt.text)
				w.speak()
				if w.only(); w.standsAs(m) != tickets.EvNoted {
					t.Fatalf("message %q, want a note", w.seen(m))
				}
				if said := w.chat.whisper(anna); tt.offered {
					w.takes(anna, said)
				} else if len(said.View.Actions) > 0 {
					t.Errorf("offered %+v", said.View.Actions)
				}
				if k := w.only(); k.Facts.Order() != tt.order || len(k.Facts.Orders) > 1 || k.Facts.Waybill != tt.waybill || k.Type != tt.typ {
					t.Errorf("corrected to %v, %s, %s", k.Facts.Orders, k.Facts.Waybill, k.Type)
				}
				w.sound()
			})
		})
	}
}

// Long after, or with no ticket to correct, the author of a correction is asked; the ticket they choose gets the button.
func TestCorrectionsOfTicketsLater(t *testing.T) {
	const right = "2024112233445566302"
	for _, text := range []string{"单号打错了，是" + right, "wrong order number, it's " + right} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				if m := w.says(anna, text); w.seen(m) != "ask" {
					t.Errorf("without a ticket it is %q", w.seen(m))
				}
				w.waits(time.Hour)
				w.says(anna, wantsReturn)
				w.waits(time.Hour)
				m := w.says(anna, text)
				w.speak()
				if w.seen(m) != "ask" || len(w.all()) != 1 {
					t.Fatalf("message %q, %d tickets", w.seen(m), len(w.all()))
				}
				add := w.chat.whisper(anna).View.Actions[1]
				w.presses(anna, add.ID, add.Value, "")
				w.speak()
				if k := w.only(); len(k.Facts.Orders) != 1 {
					t.Errorf("orders %v", k.Facts.Orders)
				}
				w.takes(anna, w.chat.whisper(anna))
				if k := w.only(); !slices.Equal(k.Facts.Orders, []string{right}) {
					t.Errorf("orders %v", k.Facts.Orders)
				}
				w.sound()
			})
		})
	}
}

// A wrong thing that was sent is a matter, not a correction.
func TestWrongGoodsAreNoCorrection(t *testing.T) {
	for _, text := range []string{"2024112233445566778 发错了，买家要换", "运单号贴错了 2024112233445566778 买家收到别人的", "wrong item sent for order 2024112233445566778, wants a replacement"} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, "订单 2024112233445566999 买家说收到的灯坏了，要换货")
				w.waits(time.Minute)
				w.says(anna, text)
				if n := len(w.all()); n != 2 {
					t.Errorf("%d tickets", n)
				}
			})
		})
	}
}

// An order that a message tells otherwise once it is edited is corrected in the ticket that has it from there, also where it
// was split off.
func TestEditCorrectsOrder(t *testing.T) {
	for name, text := range map[string]string{"Chinese": wantsReturn, "English": "order 2024112233445566778 buyer says the cup broke, wants to return it"} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(anna, text)
				w.waits(time.Minute)
				said := w.replies(anna, m, "2024112233445566111 也是")
				w.rewords(m, strings.Replace(text, "778", "702", 1))
				if k := w.only(); !slices.Equal(k.Facts.Orders, []string{"2024112233445566702", "2024112233445566111"}) {
					t.Fatalf("orders %v", k.Facts.Orders)
				}
				w.rewords(said, "2024112233445566112 也是")
				if k := w.only(); !slices.Equal(k.Facts.Orders, []string{"2024112233445566702", "2024112233445566112"}) {
					t.Fatalf("orders %v", k.Facts.Orders)
				}
				w.sound()
			})
		})
	}
	inWorld(t, func(t *testing.T, w *world) {
		const two = "订单 2024112233445566778 和 2024112233445566779 买家说收到的杯子碎了，要退货"
		m := w.says(anna, two)
		w.presses(anna, bot.ActSplit, string(w.only().ID), "")
		w.rewords(m, strings.Replace(two, "779", "702", 1))
		if all := w.all(); len(all) != 2 || all[0].Facts.Order() != "2024112233445566778" || all[1].Facts.Order() != "2024112233445566702" {
			t.Errorf("tickets %+v", all)
		}
		w.sound()
	})
}

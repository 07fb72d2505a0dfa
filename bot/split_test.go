package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

const threeOrders = "云朵旗舰店 订单 2024112233445566778、2024112233445566779、2024112233445566780 买家都说杯子碎了，要退货"

func TestSplitByOrder(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, threeOrders)
		w.speak()
		k := w.only()
		cards := w.chat.cards()
		i := slices.IndexFunc(cards[0].View.Actions, func(a bot.Action) bool { return a.ID == bot.ActSplit })
		if i < 0 || cards[0].View.Actions[i].Label != "拆成 3 张" {
			t.Fatalf("card offers %+v", cards[0].View.Actions)
		}
		w.presses(guest, bot.ActSplit, string(k.ID), "")
		if n := len(w.all()); n != 1 {
			t.Fatalf("a stranger made %d tickets", n)
		}
		for range 3 {
			w.presses(li, bot.ActSplit, string(k.ID), "")
		}
		w.speak()
		all := w.all()
		if len(all) != 3 {
			t.Fatalf("%d tickets, want 3", len(all))
		}
		for i, k := range all {
			if len(k.Facts.Orders) != 1 || k.Requester != anna || k.Type != "goods_return" || k.Source.Channel != desk {
				t.Errorf("ticket %d = %+v", i+1, k)
			}
		}
		if all[0].Source.Thread != m.TS || all[1].Source.Thread == m.TS || all[1].Source.Thread == "" {
			t.Errorf("threads %q %q", all[0].Source.Thread, all[1].Source.Thread)
		}
		if got := len(w.chat.cards()); got != 3 {
			t.Errorf("%d cards", got)
		}
		told := slices.ContainsFunc(w.chat.in(desk), func(s spoken) bool { return s.Thread == m.TS && strings.Contains(s.text(), "T-2、T-3") })
		if !told {
			t.Error("the thread is not told of the new tickets")
		}
		w.sound()
	})
}

// New words of a message that was split, and its end, are told of in all its tickets; nothing is made again.
func TestSplitFollowsItsMessage(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, threeOrders)
		w.presses(li, bot.ActSplit, string(w.only().ID), "")
		w.waits(time.Minute)
		m.Text += "，尽快"
		for range 2 {
			w.handle(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
		}
		w.handle(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
		if n := len(w.all()); n != 3 {
			t.Fatalf("%d tickets", n)
		}
		for _, k := range w.all() {
			h := w.history(k.ID)
			if strings.Count(h, "edited") != 1 || strings.Count(h, "deleted") != 1 || len(k.Facts.Orders) != 1 {
				t.Errorf("%s: history %s, orders %v", k.Number, h, k.Facts.Orders)
			}
		}
		if got := w.seen(w.says(anna, "订单 2024112233445566779 买家又问了，要退货")); got != "added" {
			t.Errorf("more about a split order became %q", got)
		}
		w.sound()
	})
}

// An order that comes back goes to the ticket it already has, or to a new one if that has ended; those beside it are not held up.
func TestSplitAgain(t *testing.T) {
	for _, ended := range []bool{false, true} {
		t.Run(fmt.Sprintf("ended=%t", ended), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(anna, threeOrders)
				parent := w.only().ID
				w.presses(li, bot.ActSplit, string(parent), "")
				want, told := 4, "T-2、T-4"
				if ended {
					w.types(wang, "resolve 2 已退款")
					want, told = 5, "T-4、T-5"
				}
				w.replies(anna, m, "订单 2024112233445566779 还有 2024112233445566790")
				w.presses(li, bot.ActSplit, string(parent), "")
				w.speak()
				orders := map[string]int{}
				for _, k := range w.all() {
					if k.Status.Open() {
						orders[k.Facts.Order()]++
					}
					if len(k.Facts.Orders) != 1 {
						t.Errorf("%s holds %v", k.Number, k.Facts.Orders)
					}
				}
				if len(w.all()) != want || len(orders) != 4 {
					t.Errorf("%d tickets, open ones by order %v; want %d with 4 orders", len(w.all()), orders, want)
				}
				if !slices.ContainsFunc(w.chat.in(desk), func(s spoken) bool { return s.Thread == m.TS && strings.Contains(s.text(), told) }) {
					t.Errorf("the thread is not told of %s", told)
				}
				w.sound()
			})
		})
	}
}

// shows sends a screenshot without words.
func (w *world) shows(by tickets.UserID) bot.Message {
	w.t.Helper()
	m := w.message(by, "")
	m.Files = []tickets.File{{ID: "F1", Name: "截图.png", Mime: "image/png"}}
	w.handle(bot.Input{Message: &m})
	return m
}

func TestScreenshotAsksForItsOrder(t *testing.T) {
	const number = "2024112233445566778"
	fills := func(by tickets.UserID, order string) func(*world, bot.Message) {
		return func(w *world, m bot.Message) {
			s := bot.Submission{User: by, Kind: bot.FormOrder, Subject: "C1/" + m.TS, Values: map[string]string{"order": order}}
			if bad, err := w.talk.Check(w.t.Context(), ws, s); err == nil && len(bad) == 0 {
				w.handle(bot.Input{Form: &s})
			}
		}
	}
	for _, tt := range []struct {
		name   string
		answer func(*world, bot.Message)
		made   int
		order  string
	}{
		{"by form", fills(anna, " "+number+" "), 1, number},
		{"by form, in words of their own", fills(anna, "尾号5678那单"), 1, "尾号5678那单"},
		{"by form, twice", func(w *world, m bot.Message) { fills(anna, number)(w, m); fills(li, "2")(w, m) }, 1, number},
		{"by form, nothing", fills(anna, " "), 0, ""},
		{"by a stranger", fills(guest, number), 0, ""},
		{"by the next message", func(w *world, _ bot.Message) { w.waits(20 * time.Second); w.says(anna, number) }, 1, number},
		{"by the next message, with its label", func(w *world, _ bot.Message) { w.says(anna, "订单号 "+number) }, 1, number},
		{"by a reply", func(w *world, m bot.Message) { w.replies(anna, m, number) }, 1, number},
		{"by somebody else's number", func(w *world, _ bot.Message) { w.says(li, number) }, 0, ""},
		{"much later", func(w *world, _ bot.Message) { w.waits(20 * time.Minute); w.says(anna, number) }, 0, ""},
		{"after it was removed", func(w *world, m bot.Message) {
			w.handle(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
			fills(anna, number)(w, m)
			w.presses(anna, bot.ActMake, "C1/"+m.TS, "")
		}, 0, ""},
		{"without one", func(w *world, m bot.Message) { w.presses(anna, bot.ActMake, "C1/"+m.TS, "") }, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.shows(anna)
				w.speak()
				asked := w.chat.whisper(anna)
				if len(asked.View.Actions) != 3 || asked.View.Actions[0].ID != bot.ActAskOrder || !strings.Contains(asked.text(), "订单号是？") {
					t.Fatalf("asked %q %+v", asked.text(), asked.View.Actions)
				}
				o, _, opens := bot.FormOf(bot.Input{Click: &bot.Click{User: anna, Action: bot.ActAskOrder, Value: asked.View.Actions[0].Value, Trigger: "1"}})
				o.Workspace = ws
				form, err := w.talk.Form(t.Context(), o)
				if !opens || err != nil || len(form.Fields) != 1 {
					t.Fatalf("form %+v, %v, want one field", form, err)
				}
				tt.answer(w, m)
				w.speak()
				if n := len(w.all()); n != tt.made {
					t.Fatalf("%d tickets, want %d", n, tt.made)
				}
				if tt.made == 0 {
					return
				}
				k := w.only()
				if k.Facts.Order() != tt.order || k.Source.TS != m.TS || k.Requester != anna {
					t.Errorf("ticket %+v of %s", k.Facts, k.Source.TS)
				}
				if files := w.events(k.ID)[0].Message.Files; len(files) != 1 {
					t.Errorf("files = %v, want the screenshot", files)
				}
				w.sound()
			})
		})
	}
}

// What continues the message before it joins its ticket, or asks.
func TestSameAsAbove(t *testing.T) {
	for _, text := range []string{"同上", "一样的问题", "same as above"} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.waits(time.Minute)
				if m := w.says(anna, text); w.seen(m) != "added" {
					t.Errorf("%q became %s", text, w.seen(m))
				}
				w.waits(time.Hour)
				m := w.says(anna, text)
				w.speak()
				if got := w.chat.whisper(anna); w.seen(m) != "ask" || !strings.Contains(got.View.Actions[1].Label, "T-1") {
					t.Errorf("%q an hour later became %s: %+v", text, w.seen(m), got.View.Actions)
				}
				if n := len(w.all()); n != 1 {
					t.Errorf("%d tickets", n)
				}
			})
		})
	}
}

package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// “On it” about a ticket that nobody has begun on, and for which nothing calls, is a wish to claim it: offered in its thread,
// done as a command.
func TestOnItClaims(t *testing.T) {
	for _, tt := range []struct {
		text, how string
		by        tickets.UserID
		to        string // whom it was given to before
		want      tickets.Status
	}{
		{"on it", "thread", li, "小李", tickets.StatusInProgress},
		{"我来跟进", "thread", li, "小李", tickets.StatusInProgress},
		{"on it", "thread", anna, "", tickets.StatusInProgress},
		{"on it", "thread", anna, "小李", tickets.StatusInProgress},
		{"我来跟进 1", "slash", li, "小李", tickets.StatusInProgress},
		{"@U0BOT on it", "bot", li, "小李", tickets.StatusInProgress},
	} {
		t.Run(tt.text+" "+tt.how+" "+string(tt.by)+" "+tt.to, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, wantsReturn)
				if tt.to != "" {
					w.types(wang, "assign 1 "+tt.to)
				}
				w.speak()
				w.chat.whispers = nil
				switch tt.how {
				case "slash":
					w.types(tt.by, tt.text)
				default:
					m := w.message(tt.by, tt.text)
					m.Thread, m.ToBot = root.TS, tt.how == "bot"
					w.handle(bot.Input{Message: &m})
				}
				w.speak()
				if said := w.chat.whisper(tt.by); tt.how == "thread" && len(said.View.Actions) > 0 {
					w.takes(tt.by, said)
				} else if strings.Contains(said.text(), "已经是") {
					t.Errorf("told %q", said.text())
				}
				if k := w.only(); k.Status != tt.want || tt.want == tickets.StatusInProgress && k.Assignee != tt.by {
					t.Errorf("%s, of %q", k.Status, k.Assignee)
				}
			})
		})
	}
}

// Where a deadline has called, “on it” silences it as ever.
func TestOnItSilences(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		w.types(wang, "assign 1 小李")
		w.until(w.only().Created.Add(36 * time.Minute))
		w.replies(li, root, "on it")
		if k := w.only(); !strings.Contains(w.history(k.ID), "acked") || k.Status != tickets.StatusAssigned {
			t.Errorf("%s, history %s", k.Status, w.history(k.ID))
		}
	})
}

// A step that stands in a thread beside what tells more of it is offered; where more is to be done, it is not.
func TestStepsInClauses(t *testing.T) {
	for _, tt := range []struct {
		text    string
		ended   bool // before
		offered tickets.Status
	}{
		{"refunded, all done", false, tickets.StatusResolved},
		{"已补发差价，处理好了", false, tickets.StatusResolved},
		{"not solved, buyer back again", true, tickets.StatusInProgress},
		{"没解决，买家又来了", true, tickets.StatusInProgress},
		{"this is not a ticket", false, tickets.StatusCancelled},
		{"这不是工单", false, tickets.StatusCancelled},
		{"处理好了，等买家确认", false, ""},
		{"已退款，但是差价还没补", false, ""},
		{"refunded, waiting for the parcel", false, ""},
		{"买家说杯子碎了，要退货", false, ""},
	} {
		t.Run(tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, wantsReturn)
				w.types(li, "领取 1")
				if tt.ended {
					w.types(li, "完结 1")
				}
				w.speak()
				w.chat.whispers = nil
				w.replies(li, root, tt.text)
				w.speak()
				said := w.chat.whisper(li)
				if got := len(said.View.Actions) > 0; got != (tt.offered != "") {
					t.Fatalf("%q offers %+v", tt.text, said.View.Actions)
				}
				if tt.offered == "" {
					return
				}
				if w.takes(li, said); w.only().Status != tt.offered {
					t.Errorf("%s after the press, want %s", w.only().Status, tt.offered)
				}
			})
		})
	}
}

// Whoever hands a ticket to a name that nobody has is told so; the words stay a remark. A department is no name.
func TestHandedToNobody(t *testing.T) {
	for text, want := range map[string]bool{"转给小王": true, "hand over to Bob": true, "转给财务看看": false} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, wantsReturn)
				w.speak()
				w.chat.whispers = nil
				m := w.replies(li, root, text)
				w.speak()
				if got := strings.Contains(w.chat.whisper(li).text(), "没有找到这个人"); got != want {
					t.Errorf("%q is answered by %q", text, w.chat.whisper(li).text())
				}
				if got := w.standsAs(m); got != tickets.EvNoted {
					t.Errorf("stands as %q", got)
				}
			})
		})
	}
}

// Words of a merchant that do no more than urge an order urge its open ticket, whatever type it has; a team member's are judged
// like any others, and so are those about an order without a ticket.
func TestMerchantUrgesOrder(t *testing.T) {
	for _, tt := range []struct {
		text  string
		by    tickets.UserID
		urged bool
	}{
		{"麻烦催一下2024112233445566778", shop, true},
		{"please hurry up with 2024112233445566778", shop, true},
		{"订单 2024112233445566778 麻烦尽快处理，谢谢", shop, true},
		{"麻烦催一下2024112233445566778", li, false},
		{"麻烦催一下2024112233445566779", shop, false},
		{"催一下发货 2024112233445566778", shop, false},
	} {
		t.Run(tt.text+" by "+string(tt.by), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.policy.Shops = []tickets.Shop{{Name: "云朵旗舰店"}}
				w.says(anna, "云朵旗舰店 "+wantsReturn)
				w.types(li, "领取 1")
				w.waits(time.Hour)
				w.speak()
				w.chat.whispers = nil
				m := w.says(tt.by, tt.text)
				w.speak()
				first := w.all()[0]
				if got := strings.Contains(w.history(first.ID), "urged"); got != tt.urged {
					t.Fatalf("became %s; history %s", w.seen(m), w.history(first.ID))
				}
				if !tt.urged {
					return
				}
				if got := w.chat.whisper(tt.by).text(); len(w.all()) != 1 || w.seen(m) != "added" || !strings.Contains(got, "已催") {
					t.Errorf("%d tickets, became %s, told %q", len(w.all()), w.seen(m), got)
				}
				again := w.says(tt.by, tt.text)
				if w.speak(); w.seen(again) != "added" || w.standsAs(again) != tickets.EvNoted || len(w.all()) != 1 {
					t.Errorf("urged again it became %s, %s", w.seen(again), w.standsAs(again))
				}
				w.sound()
			})
		})
	}
}

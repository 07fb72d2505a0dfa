package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

func TestMessageBecomesTicket(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, wantsReturn)
		w.speak()
		k := w.only()
		if k.Type != "goods_return" || k.Facts.Order() != "2024112233445566778" || k.Requester != anna {
			t.Errorf("ticket = %s %v by %s", k.Type, k.Facts.Orders, k.Requester)
		}
		cards := w.chat.cards()
		if len(cards) != 1 || cards[0].Channel != desk || cards[0].Thread != m.TS {
			t.Fatalf("cards = %+v, want one in the thread", cards)
		}
		if got := w.chat.state[bot.Ref{Channel: desk, TS: m.TS}]; got != "ticket" {
			t.Errorf("reaction = %q", got)
		}
		for i := range 5 { // other deliveries of the same message
			w.handle(bot.Input{Message: &m})
			if n := len(w.outbox()); n != 0 {
				t.Fatalf("delivery %d left %d things to say", i+2, n)
			}
		}
		if w.only().Version != k.Version {
			t.Error("a redelivery changed the ticket")
		}
		w.sound()
	})
}

func TestMachinesAndTalkMakeNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, "中午吃什么")
		for _, change := range []func(*bot.Message){func(m *bot.Message) { m.Bot = true }, func(m *bot.Message) { m.Own = true }, func(m *bot.Message) { m.System = true }} {
			m := w.message(anna, wantsReturn)
			change(&m)
			w.handle(bot.Input{Message: &m})
		}
		if n := len(w.all()); n != 0 || len(w.outbox()) != 0 {
			t.Errorf("%d tickets, %d things to say, want none", n, len(w.outbox()))
		}
	})
}

const unsure = "这个买家有点难搞，帮忙看看"

func TestAsk(t *testing.T) {
	for _, tt := range []struct {
		name  string
		press func(w *world, m bot.Message)
		made  int
		seen  string
	}{
		{"make", func(w *world, m bot.Message) { w.presses(anna, bot.ActMake, "C1/"+m.TS, "") }, 1, "act"},
		{"make twice", func(w *world, m bot.Message) {
			w.presses(anna, bot.ActMake, "C1/"+m.TS, "")
			w.presses(li, bot.ActMake, "C1/"+m.TS, "")
		}, 1, "act"},
		{"not", func(w *world, m bot.Message) { w.presses(anna, bot.ActMakeNot, "C1/"+m.TS, "") }, 0, "not"},
		{"not, then make", func(w *world, m bot.Message) {
			w.presses(anna, bot.ActMakeNot, "C1/"+m.TS, "")
			w.presses(anna, bot.ActMake, "C1/"+m.TS, "")
		}, 1, "act"},
		{"a stranger", func(w *world, m bot.Message) { w.presses(guest, bot.ActMake, "C1/"+m.TS, "") }, 0, "ask"},
		{"a week later", func(w *world, m bot.Message) {
			w.waits(tickets.SeenFor)
			w.presses(anna, bot.ActMake, "C1/"+m.TS, "")
		}, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(anna, unsure)
				if got := w.seen(m); got != "ask" {
					t.Fatalf("decision = %q, want ask", got)
				}
				w.speak()
				if got := w.chat.whisper(anna); len(got.View.Actions) != 3 {
					t.Fatalf("whisper = %+v, want the question with three buttons", got.View)
				}
				tt.press(w, m)
				if got := len(w.all()); got != tt.made {
					t.Errorf("%d tickets, want %d", got, tt.made)
				}
				if got := w.seen(m); got != tt.seen {
					t.Errorf("decision = %q, want %q", got, tt.seen)
				}
				w.speak()
				w.sound()
			})
		})
	}
}

func TestAskOffersOwnTicket(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.waits(time.Hour)
		m := w.says(anna, unsure)
		w.speak()
		actions := w.chat.whisper(anna).View.Actions
		if len(actions) != 4 || actions[1].ID != bot.ActAddTo {
			t.Fatalf("actions = %+v, want make, add, not, why", actions)
		}
		w.presses(anna, bot.ActAddTo, actions[1].Value, "")
		if k := w.only(); !strings.HasSuffix(w.history(k.ID), "noted") || w.seen(m) != "added" {
			t.Errorf("history = %s, decision %s", w.history(k.ID), w.seen(m))
		}
	})
}

func TestBurst(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, "有个快递三天没动了，买家在催")
		w.waits(time.Minute)
		w.says(anna, "订单 2024112299887766554")
		w.waits(90 * time.Second)
		w.says(anna, "谢谢大家")
		w.says(anna, "运单 SF1390087654321 卡在中转站")
		k := w.only()
		if k.Facts.Order() != "2024112299887766554" || k.Facts.Waybill != "SF1390087654321" {
			t.Errorf("facts = %+v", k.Facts)
		}
		w.waits(11 * time.Minute)
		w.says(anna, "订单 2024112200000000001 买家要退货")
		if n := len(w.all()); n != 2 {
			t.Errorf("%d tickets after the burst, want 2", n)
		}
	})
}

// Who goes on about what may be another matter is told that it went into the ticket opened just before, with a way out.
func TestBurstOfAnotherMatterIsTold(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, "订单 2024112299887766554 买家要退货")
		same := w.says(anna, "他说杯子上有裂纹")
		w.speak()
		if got := w.chat.whisper(anna); len(got.View.Actions) != 0 {
			t.Errorf("more about the same: told %q", got.text())
		}
		other := w.says(anna, "还有个买家说没收到货")
		w.speak()
		k := w.all()[0]
		if got := w.chat.whisper(anna); w.seen(same) != "added" || w.seen(other) != "added" || !strings.Contains(got.text(), "这条已补充到你刚提的 "+k.Number.String()) {
			t.Fatalf("decisions %s, %s, told %q", w.seen(same), w.seen(other), got.text())
		}
		w.presses(anna, bot.ActSplitOff, "C1/"+other.TS, "")
		if n := len(w.all()); n != 2 {
			t.Errorf("%d tickets after splitting off, want 2", n)
		}
	})
}

// What was said far apart is no burst because it is heard at once.
func TestBurstByTimeOfSaying(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.message(anna, "有个快递三天没动了，买家在催")
		w.waits(5 * time.Minute)
		second := w.message(anna, "运单 SF1390087654321 卡在中转站")
		w.handle(bot.Input{Message: &first})
		w.handle(bot.Input{Message: &second})
		if k := w.all()[0]; w.history(k.ID) != "created" {
			t.Errorf("history = %s, want nothing added", w.history(k.ID))
		}
	})
}

func TestDuplicateAndSplit(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		m := w.says(li, wantsReturn)
		w.speak()
		if k := w.only(); !strings.Contains(w.history(k.ID), "noted") {
			t.Errorf("history = %s, want a note", w.history(k.ID))
		}
		if got := w.chat.whisper(li); len(got.View.Actions) != 1 || got.View.Actions[0].ID != bot.ActSplitOff {
			t.Fatalf("whisper = %+v, want the duplicate with a way out", got.View)
		}
		w.replies(li, m, "买家又发来照片")
		if k := w.only(); strings.Count(w.history(k.ID), "noted") != 2 {
			t.Errorf("history = %s: the reply to an added message is lost", w.history(k.ID))
		}
		m.Text += "，很急"
		w.handle(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
		w.presses(li, bot.ActSplitOff, "C1/"+m.TS, "")
		w.presses(li, bot.ActSplitOff, "C1/"+m.TS, "")
		if all := w.all(); len(all) != 2 || all[1].Source.Text != m.Text {
			t.Errorf("%+v, want a second ticket with the last words", all)
		}
		w.sound()
	})
}

// An order tells nobody of a ticket that they may not see.
func TestDuplicateTellsNoStranger(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		m := w.message(guest, wantsReturn)
		m.Channel = shared
		w.handle(bot.Input{Message: &m})
		w.speak()
		if n := len(w.all()); n != 2 {
			t.Errorf("%d tickets, want one of the stranger's own", n)
		}
		if got := w.chat.whisper(guest).text(); strings.Contains(got, "T-1") {
			t.Errorf("whisper = %q", got)
		}
	})
}

func TestReplies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		w.replies(anna, root, "买家说今天要回复")
		file := w.message(anna, "")
		file.Thread, file.Files = root.TS, []tickets.File{{ID: "F1", Name: "a.png"}}
		w.handle(bot.Input{Message: &file})
		r := w.replies(li, root, "我问一下仓库")
		r.Text = "我问一下仓库和快递"
		w.handle(bot.Input{Edit: &bot.Edit{Message: r, At: time.Now()}})
		w.handle(bot.Input{Delete: &bot.Delete{Channel: desk, TS: r.TS, Thread: root.TS, Author: li}})
		k := w.only()
		want := "created noted attached noted responded edited deleted"
		if got := w.history(k.ID); got != want {
			t.Errorf("history = %s, want %s", got, want)
		}
		w.handle(bot.Input{Delete: &bot.Delete{Channel: desk, TS: root.TS, Author: anna}})
		if k = w.only(); !k.Source.Deleted || !k.Status.Open() || k.Source.Text == "" {
			t.Errorf("after its root was removed: %+v", k.Source)
		}
	})
}

func TestEditMakesTicket(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, "中午吃什么")
		m.Text = wantsReturn
		w.handle(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
		if k := w.only(); k.Source.Text != wantsReturn {
			t.Errorf("text = %q", k.Source.Text)
		}
	})
}

// Changes that come before what they change stand for it; those of long ago make nothing new.
func TestChangesOutOfOrder(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.message(anna, wantsReturn)
		edited := m
		edited.Text += "！"
		w.handle(bot.Input{Edit: &bot.Edit{Message: edited, At: time.Now()}})
		w.handle(bot.Input{Message: &m})
		if k := w.only(); k.Source.Text != edited.Text {
			t.Errorf("text = %q", k.Source.Text)
		}
		reply := w.message(li, "旧的")
		reply.Thread = m.TS
		changed := reply
		changed.Text = "新的"
		w.handle(bot.Input{Edit: &bot.Edit{Message: changed, At: time.Now()}})
		w.handle(bot.Input{Message: &reply})
		events := w.events(w.only().ID)
		if got := strings.Count(w.history(w.only().ID), "noted"); got != 1 || events[len(events)-2].Message.Text != "新的" {
			t.Errorf("history = %s", w.history(w.only().ID))
		}
		gone := w.message(anna, "订单 2024112200000000009 买家要退货")
		w.handle(bot.Input{Delete: &bot.Delete{Channel: desk, TS: gone.TS, Author: anna}})
		w.handle(bot.Input{Message: &gone})
		old := w.message(anna, "订单 2024112200000000008 买家要退货")
		w.handle(bot.Input{Edit: &bot.Edit{Message: old, At: time.Now().Add(8 * 24 * time.Hour)}})
		w.only()
	})
}

func TestEarlyReplies(t *testing.T) {
	for _, tt := range []struct {
		name    string
		root    string // "" = never heard
		reply   string
		tickets int
		notes   int
	}{
		{"root comes later", wantsReturn, "买家说今天要回复", 1, 2},
		{"root is talk", "中午吃什么", wantsReturn, 1, 0},
		{"root never comes", "", "订单 2024112200000000001 买家要退货", 1, 1},
		{"talk under nothing", "", "哈哈哈", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, "早上好")
				root := w.message(anna, tt.root)
				w.replies(li, root, tt.reply)
				w.replies(li, root, tt.reply)
				if n := len(w.all()); n != 0 {
					t.Fatalf("%d tickets before the root, want 0", n)
				}
				if tt.root != "" {
					w.handle(bot.Input{Message: &root})
				}
				w.until(time.Now().Add(11 * time.Minute))
				all := w.all()
				if len(all) != tt.tickets {
					t.Fatalf("%d tickets, want %d", len(all), tt.tickets)
				}
				for _, k := range all {
					if got := strings.Count(w.history(k.ID), "noted"); tt.notes > 0 && got != tt.notes {
						t.Errorf("%d notes, want %d: %s", got, tt.notes, w.history(k.ID))
					}
				}
				if _, err := w.store.Doc(t.Context(), ws, "early/C1/"+root.TS); err == nil {
					t.Error("the replies are kept for ever")
				}
				w.sound()
			})
		})
	}
}

// A request under talk, or under a program's words, is no less a request.
func TestRequestInForeignThread(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.message("BALERT", "deploy finished")
		root.Bot = true
		w.handle(bot.Input{Message: &root})
		w.says(anna, "早上好")
		w.replies(anna, root, wantsReturn)
		if k := w.only(); k.Source.Thread != root.TS {
			t.Errorf("thread = %s, want the root's", k.Source.Thread)
		}
	})
}

func TestBareWords(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		w.replies(li, root, "领取")
		w.replies(li, root, "等仓库")
		if k := w.only(); k.Status != tickets.StatusWaiting || k.Waiting != tickets.PartyWarehouse || k.Assignee != li {
			t.Fatalf("ticket = %s %s %s", k.Status, k.Waiting, k.Assignee)
		}
		m := w.message(li, "@UBOT 完结")
		m.Thread, m.ToBot = root.TS, true
		w.handle(bot.Input{Message: &m})
		if k := w.only(); k.Status != tickets.StatusResolved {
			t.Errorf("status = %s, want resolved", k.Status)
		}
	})
}

// Words of somebody who may not command are kept, and refused.
func TestBareWordsOfGuest(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		w.replies(guest, root, "完结")
		w.speak()
		k := w.only()
		if k.Status != tickets.StatusNew || !strings.Contains(w.history(k.ID), "noted") {
			t.Errorf("ticket = %s, %s", k.Status, w.history(k.ID))
		}
		if w.chat.whisper(guest).text() == "" {
			t.Error("nothing was said to the guest")
		}
	})
}

func TestReplyInArchivedThread(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		w.replies(li, root, "完结")
		w.until(time.Now().Add(40 * 24 * time.Hour))
		if k := w.only(); k.Status != tickets.StatusArchived {
			t.Fatalf("status = %s", k.Status)
		}
		w.replies(anna, root, "买家又来了")
		w.speak()
		if got := w.chat.whisper(anna).text(); !strings.Contains(got, "新建") {
			t.Errorf("whisper = %q, want how to open a new one", got)
		}
	})
}

func TestNamesInsteadOfIDs(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.message(anna, "@ULI 看一下 @UNOBODY @UWANG "+wantsReturn)
		root.Mentions = []tickets.UserID{li, "UNOBODY"}
		w.handle(bot.Input{Message: &root})
		reply := w.message(anna, "@UGUEST 请看")
		reply.Thread, reply.Mentions = root.TS, []tickets.UserID{guest}
		w.handle(bot.Input{Message: &reply})
		k := w.only()
		if !strings.HasPrefix(k.Source.Text, "@小李 看一下 @UNOBODY @UWANG ") {
			t.Errorf("text = %q", k.Source.Text)
		}
		events := w.events(k.ID)
		if got := events[len(events)-1].Message.Text; got != "@<!channel>\u00a0*客* 请看" { // adapters show it as plain text; blanks within a name do not end it
			t.Errorf("note = %q", got)
		}
	})
}

func TestAssignByMention(t *testing.T) {
	for who, want := range map[tickets.UserID]tickets.UserID{li: li, guest: "", "UOUT": "", "UROBOT": "", "UGONE": "", "UNOBODY": ""} {
		t.Run(string(who), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.message(anna, fmt.Sprintf("@%s 这单你跟，%s", who, wantsReturn))
				m.Mentions = []tickets.UserID{who}
				w.handle(bot.Input{Message: &m})
				if k := w.only(); k.Assignee != want {
					t.Errorf("assignee = %q, want %q", k.Assignee, want)
				}
				w.types(anna, "assign T-1 @"+string(who))
				if k := w.only(); k.Assignee != want {
					t.Errorf("assignee by command = %q, want %q", k.Assignee, want)
				}
				w.presses(wang, bot.ActAssignTo, string(w.only().ID), string(who))
				if k := w.only(); k.Assignee != want {
					t.Errorf("assignee by press = %q, want %q", k.Assignee, want)
				}
			})
		})
	}
}

func TestHostileMessages(t *testing.T) {
	for name, text := range map[string]string{
		"long": wantsReturn + strings.Repeat("退货", 20_000), "binary": wantsReturn + "\x00\xff\xfe", "bidi": "\u202e" + wantsReturn + "\u2066",
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(anna, text)
				w.replies(anna, m, text)
				w.speak()
				for _, k := range w.all() {
					if n := len([]rune(k.Source.Text)); n > tickets.MaxText {
						t.Errorf("%d code points kept", n)
					}
				}
				seen, _, _ := w.store.Seen(t.Context(), ws, desk, m.TS)
				if len(seen.Draft) > 8<<10 {
					t.Errorf("draft of %d bytes", len(seen.Draft))
				}
				w.sound()
			})
		})
	}
}

func TestWelcomeOnceAndWatermark(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		before := w.message(anna, wantsReturn)
		w.waits(time.Minute)
		after := w.message(anna, "订单 2024112200000000001 买家要退货")
		w.handle(bot.Input{Message: &after}) // may come before the invitation
		for range 2 {
			w.handle(bot.Input{Joined: &bot.Joined{Channel: desk, By: anna, At: time.Now()}})
		}
		w.handle(bot.Input{Message: &before})
		w.speak()
		w.only()
		welcomes := 0
		for _, p := range w.chat.in(desk) {
			if p.Thread == "" {
				welcomes++
			}
		}
		if welcomes != 1 {
			t.Errorf("%d welcomes, want 1", welcomes)
		}
	})
}

package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// rewords changes what somebody said.
func (w *world) rewords(m bot.Message, text string) {
	w.t.Helper()
	w.waits(5 * time.Second)
	m.Text = text
	w.handle(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
}

// What is said anew while its author is asked is asked about, made or let go as the new words say.
func TestEditWhileAsked(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		asked      int // questions in all
		seen       string
		made, then int // tickets at once, and after the old question's button is pressed
	}{
		{"still unsure", unsure + " ", 1, "ask", 0, 1},
		{"now clear", wantsReturn, 1, "act", 1, 1},
		{"now talk", "没事了，已经解决了", 1, "ignore", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(anna, unsure)
				w.replies(li, m, "我看看")
				w.rewords(m, tt.text)
				w.speak()
				asked := 0
				for _, s := range w.chat.whispers {
					if s.To == anna && strings.Contains(s.text(), "要建工单吗") {
						asked++
					}
				}
				if asked != tt.asked || w.seen(m) != tt.seen || len(w.all()) != tt.made {
					t.Errorf("asked %d times, message %q, %d tickets, want %d, %q, %d", asked, w.seen(m), len(w.all()), tt.asked, tt.seen, tt.made)
				}
				w.presses(anna, bot.ActMake, "C1/"+m.TS, "")
				w.until(time.Now().Add(time.Minute))
				if n := len(w.all()); n != tt.then {
					t.Fatalf("%d tickets after the press, want %d", n, tt.then)
				}
				if tt.then == 1 {
					k := w.only()
					if strings.TrimSpace(k.Source.Text) != strings.TrimSpace(tt.text) || !strings.Contains(w.history(k.ID), "noted") {
						t.Errorf("ticket says %q, history %s, want the new words and the reply", k.Source.Text, w.history(k.ID))
					}
				}
				w.sound()
			})
		})
	}
}

// An edit that brings what was missing fills it; one that names another order instead corrects it and opens no second matter.
func TestEditFillsFacts(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, "买家说收到的杯子碎了，要退货")
		if got := w.only().Facts.Orders; len(got) != 0 {
			t.Fatalf("orders %v", got)
		}
		w.rewords(m, "订单 2024112233445566778 买家说收到的杯子碎了，要退货")
		if got := w.only().Facts.Order(); got != "2024112233445566778" {
			t.Errorf("order %q, want what was added", got)
		}
		w.rewords(m, "订单 2024112233445566779 买家说收到的杯子碎了，要退货")
		if got := w.only().Facts.Orders; len(got) != 1 || got[0] != "2024112233445566779" {
			t.Errorf("orders %v, want the one that is told now", got)
		}
		w.rewords(m, "订单 2024112233445566779 和 2024112233445566780 买家说收到的杯子碎了，要退货")
		if got := w.only().Facts.Orders; len(got) != 1 || got[0] != "2024112233445566779" {
			t.Errorf("orders %v, want no second matter", got)
		}
		w.sound()
	})
}

// The order of a screenshot that is filled in while new words of it are thought about waits for them, as a press does.
func TestOrderFilledInWhileNewWordsAreThoughtAbout(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		l := w.asking(&oracle{takes: 2 * time.Second, answer: strings.Replace(saysReturn, `"sure":"high"`, `"sure":"low"`, 1)})
		l.reads(func() {
			m := w.message(anna, "")
			m.Files = []tickets.File{{ID: "F1", Name: "截图.png", Mime: "image/png"}}
			l.arrives(m)
			w.waits(time.Minute)
			m.Text = unsure
			l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
			w.waits(time.Second)
			l.brings(bot.Input{Form: &bot.Submission{User: anna, Kind: bot.FormOrder, Subject: "C1/" + m.TS, Values: map[string]string{"order": "2024112233445566778"}}})
			w.waits(time.Minute)
			if k := w.only(); w.seen(m) != "act" || !strings.Contains(k.Source.Text, unsure) || len(k.Facts.Orders) != 1 {
				t.Errorf("message %q, text %q, orders %v", w.seen(m), k.Source.Text, k.Facts.Orders)
			}
		})
		w.sound()
	})
}

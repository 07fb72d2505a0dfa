package bot_test

import (
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/tickets"
)

// A ticket made by command of an order that has one is added to that, and can be split off again.
func TestNewOfAnOrderWithATicket(t *testing.T) {
	say := func(w *world, direct bool) {
		m := w.message(li, "@UBOT 新建 "+wantsReturn)
		m.ToBot, m.Direct = true, direct
		if direct {
			m.Channel, m.Text = "DLI", "新建 "+wantsReturn
		}
		w.handle(bot.Input{Message: &m})
	}
	for _, tt := range []struct {
		name string
		ask  func(w *world)
	}{
		{"slash", func(w *world) { w.types(li, "new "+wantsReturn) }},
		{"slash, the order as an option", func(w *world) { w.types(li, "new 要退货 order=2024112233445566778") }},
		{"mention", func(w *world) { say(w, false) }},
		{"direct", func(w *world) { say(w, true) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				first := w.says(anna, wantsReturn)
				w.speak()
				tt.ask(w)
				w.speak()
				if got := w.history(w.only().ID); !strings.HasPrefix(got, "created noted") {
					t.Errorf("history = %s", got)
				}
				told := w.chat.whisper(li).View
				if len(told.Actions) != 1 || told.Actions[0].ID != bot.ActSplitOff {
					t.Fatalf("told %+v, want a button to split it off", told)
				}
				w.presses(li, bot.ActSplitOff, told.Actions[0].Value, "")
				w.presses(li, bot.ActSplitOff, told.Actions[0].Value, "")
				w.speak()
				all := w.all()
				if len(all) != 2 || all[1].Requester != li || all[1].Facts.Order() != "2024112233445566778" || all[1].Source.Thread == first.TS {
					t.Errorf("after splitting off: %+v", all)
				}
				w.sound()
			})
		})
	}
	for name, text := range map[string]string{"another order": "new 订单 2024112200000000001 要退货", "another type": "new 订单 2024112233445566778 type=invoice 要开票"} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.types(li, text)
				if n := len(w.all()); n != 2 {
					t.Errorf("%d tickets, want 2", n)
				}
			})
		})
	}
	t.Run("a form outside any channel", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			w.says(anna, wantsReturn)
			w.handle(bot.Input{Form: &bot.Submission{User: li, Kind: bot.FormNew, Values: map[string]string{"text": wantsReturn}}})
			if n := len(w.all()); n != 2 {
				t.Errorf("%d tickets, want 2", n)
			}
		})
	})
	t.Run("one that its author may not know of", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			w.says(anna, wantsReturn)
			w.handle(bot.Input{Command: &bot.SlashCommand{Channel: shared, User: guest, Name: bot.Command, Text: "new " + wantsReturn}})
			if got := w.all(); len(got) != 2 || got[1].Source.Channel != tickets.ChannelID(shared) {
				t.Errorf("tickets = %+v, want one more", got)
			}
		})
	})
}

package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/tickets"
)

// A press in the list of possible misses is told, and the row says what became of its message; the other rows stay.
func TestMissedRowsTell(t *testing.T) {
	for _, tt := range []struct {
		action, row, told string
		from              tickets.ChannelID
	}{
		{bot.ActMake, "已建工单 T-1", "已建工单 T-1，", desk},
		{bot.ActMake, "已建工单 T-1", "已建工单 T-1，", "DLI"},
		{bot.ActMakeNot, "已确认不是工单", "", desk},
	} {
		t.Run(tt.action+" in "+string(tt.from), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				for _, by := range []tickets.UserID{anna, wang} {
					w.says(by, unsure)
				}
				w.speak()
				w.chat.whispers = nil
				list := w.asks(li, "漏单")
				value := ""
				for _, a := range list.Rows[0].Actions {
					if a.ID == tt.action {
						value = a.Value
					}
				}
				press := bot.Input{Click: &bot.Click{Channel: tt.from, User: li, Action: tt.action, Value: value}}
				w.handle(press)
				w.speak()
				if got := w.chat.whisper(li).text(); !strings.Contains(got, tt.told) {
					t.Errorf("told %q, want %q", got, tt.told)
				}
				v, ok, err := w.talk.MissedAgain(t.Context(), ws, press)
				if err != nil || !ok || len(v.Rows) != 2 {
					t.Fatalf("MissedAgain() = %s, %t, %v", textOf(v), ok, err)
				}
				if r := v.Rows[0]; len(r.Actions) > 0 || r.Lines[len(r.Lines)-1].Text != tt.row || !strings.Contains(textOf(v), unsure) {
					t.Errorf("its row is %+v", r)
				}
				if len(v.Rows[1].Actions) != 2 || !strings.Contains(v.Header, "1") {
					t.Errorf("the other row is %+v under %q", v.Rows[1], v.Header)
				}
				w.sound()
			})
		})
	}
}

// Rows are drawn anew for whoever may read them, and for no other press.
func TestMissedAgainForNobody(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, unsure)
		at := string(m.Channel) + "/" + m.TS
		for name, k := range map[string]bot.Click{
			"guest":       {User: guest, Action: bot.ActMake, Value: at + "|" + at},
			"merchant":    {User: shop, Action: bot.ActMake, Value: at + "|" + at},
			"the asked":   {User: anna, Action: bot.ActMake, Value: at},
			"another":     {User: li, Action: bot.ActAddTo, Value: at + "|" + at},
			"forged rows": {User: li, Action: bot.ActMake, Value: at + "|nothing|C1/1"},
		} {
			if v, ok, err := w.talk.MissedAgain(t.Context(), ws, bot.Input{Click: &k}); ok || err != nil {
				t.Errorf("%s: %s, %v", name, textOf(v), err)
			}
		}
		if _, ok, err := w.talk.MissedAgain(t.Context(), ws, bot.Input{}); ok || err != nil {
			t.Errorf("no press: %t, %v", ok, err)
		}
	})
}

// What was answered, or was said to the bot to be told something, is no possible miss. Who is called in one stands there by name.
func TestMissedLeavesOutWhatIsSettled(t *testing.T) {
	for text, listed := range map[string]bool{
		"@U0BOT help": false, "@U0BOT 我的": false, "@U0BOT 列表": false, "@U0BOT T-1": false, "T-1 买家那单怎么样了": false, "我的工单进展如何": false,
		"2024112233445566778 有进展吗": false, "@UANNA " + unsure: true, "@U0BOT " + unsure: true,
	} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(li, wantsReturn)
				m := w.message(wang, text)
				m.ToBot = strings.Contains(text, "@U0BOT")
				if strings.Contains(text, "@"+string(anna)) {
					m.Mentions = []tickets.UserID{anna}
				}
				w.handle(bot.Input{Message: &m})
				v := w.asks(wang, "漏单")
				if got := strings.Contains(fmt.Sprint(v.Rows), m.TS); got != listed {
					t.Errorf("became %s; list = %s", w.seen(m), textOf(v))
				}
				if strings.Contains(textOf(v), "@U") {
					t.Errorf("list = %s", textOf(v))
				}
			})
		})
	}
}

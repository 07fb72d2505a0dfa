package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// What is asked in a direct message, or with a slash that an input method changed, is answered to whoever asked alone.
func TestAskedByMessage(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		by               tickets.UserID
	}{
		{name: "direct help", text: "help", by: li, want: "领取"},
		{name: "direct list", text: "列表", by: li, want: "T-1"},
		{name: "direct ticket", text: "查看 1", by: li, want: "经过"},
		{name: "direct list of somebody else", text: "list", by: shop, want: "没有"},
		{name: "direct typo", text: "shwo 1", by: li, want: "查看"},
		{name: "enumeration comma", text: "、ticket 查看 1", by: li, want: "经过"},
		{name: "fullwidth slash", text: "／ticket show 1", by: li, want: "经过"},
		{name: "fullwidth Chinese", text: "／工单 列表", by: li, want: "T-1"},
		{name: "fullwidth claim", text: "／ticket claim 1", by: li, want: "T-1"},
		{name: "fullwidth nothing known", text: "、ticket 什么 1", by: li, want: "没"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.speak()
				m := bot.Message{Channel: desk, TS: w.stamp(), Author: tt.by, Text: tt.text, Sent: time.Now()}
				direct := strings.HasPrefix(tt.name, "direct")
				if direct {
					m.Channel, m.Direct = "D"+tickets.ChannelID(tt.by), true
				}
				w.handle(bot.Input{Message: &m})
				w.speak()
				got := w.chat.whisper(tt.by)
				if said := w.chat.in(m.Channel); direct && len(said) > 0 {
					got = said[len(said)-1]
				}
				if !strings.Contains(got.text(), tt.want) {
					t.Errorf("%q is answered by %q, want %q in it", tt.text, got.text(), tt.want)
				}
				w.sound()
			})
		})
	}
}

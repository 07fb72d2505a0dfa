package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
)

// Somebody from outside who comes into a channel reads there what the merchant may, also of tickets from before.
func TestLateGuestReadsTheMerchantsCard(t *testing.T) {
	for _, tt := range []struct {
		name string
		come func(w *world)
		want bool // the team's fields are shown
	}{
		{"nobody", func(*world) {}, true},
		{"a guest", func(w *world) { w.people.joined = desk }, false},
		{"not known", func(w *world) { w.people.lost = true }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn) // unassigned: its pings go to the thread
				w.speak()
				if got := w.chat.cards()[0].text(); !strings.Contains(got, "处理人") {
					t.Fatalf("card = %q, want the team's", got)
				}
				tt.come(w)
				w.until(time.Now().Add(31 * time.Minute)) // by then the first response is late
				w.presses(li, bot.ActClaim, string(w.only().ID), "")
				w.speak()
				if got := w.chat.cards()[0].text(); strings.Contains(got, "处理人") != tt.want {
					t.Errorf("card = %q, the team's: want %t", got, tt.want)
				}
				thread := ""
				for _, p := range w.chat.in(desk) {
					if !strings.HasPrefix(p.ID, "card:") {
						thread += p.text() + "\n"
					}
				}
				if thread == "" || strings.Contains(thread, "内部超时") != tt.want {
					t.Errorf("thread = %q, internal targets: want %t", thread, tt.want)
				}
			})
		})
	}
}

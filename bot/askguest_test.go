package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/tickets"
)

// Somebody who may not be shown the ticket that their question was added to is not told that there is none.
func TestQuestionAddedToUnseenTicket(t *testing.T) {
	for name, tt := range map[string]struct {
		by     tickets.UserID
		text   string
		thread bool
	}{
		"guest":            {guest, orderA + " 到哪了", false},
		"guest, English":   {guest, "status of " + orderA, false},
		"guest, in thread": {guest, "到哪了？", true},
		"unknown":          {"UOUT", orderA + " 有消息吗", false},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, "订单 "+orderA+" 买家要开发票")
				w.waits(5 * time.Minute)
				m := root
				if tt.thread {
					m = w.replies(tt.by, root, tt.text)
				} else {
					m = w.says(tt.by, tt.text)
				}
				w.speak()
				if h := w.history(w.only().ID); strings.Count(h, "noted") != 1 {
					t.Errorf("history %s", h)
				}
				if i := slices.IndexFunc(w.chat.whispers, func(s spoken) bool { return s.To == tt.by }); i >= 0 {
					t.Errorf("told %q", w.chat.whispers[i].text())
				}
				if !tt.thread && w.mark(m) != taken {
					t.Errorf("mark %q", w.mark(m))
				}
				w.sound()
			})
		})
	}
	inWorld(t, func(t *testing.T, w *world) { // one's own is shown
		w.says(guest, "订单 "+orderA+" 买家要开发票")
		w.waits(5 * time.Minute)
		w.says(guest, orderA+" 到哪了")
		w.speak()
		if got := w.chat.whisper(guest).text(); !strings.Contains(got, orderA) {
			t.Errorf("told %q", got)
		}
	})
}

package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
)

// Slack delivers what was not acknowledged again after a second, a minute and five minutes.
func TestReplyWaitsForTheLastRedeliveryOfItsRoot(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, "早上好")
		root := w.message(anna, wantsReturn)
		w.replies(li, root, "买家说今天要回复")
		w.until(time.Now().Add(time.Second + time.Minute + 5*time.Minute))
		w.handle(bot.Input{Message: &root})
		w.until(time.Now().Add(time.Minute))
		if got := w.history(w.only().ID); strings.Count(got, "noted") != 1 {
			t.Errorf("history = %s, want the reply once", got)
		}
	})
}

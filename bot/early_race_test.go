package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// meanwhile does something once, just before the early replies of a thread are read.
type meanwhile struct {
	bot.Store
	do func()
}

func (m *meanwhile) Doc(ctx context.Context, w tickets.WorkspaceID, key string) (tickets.Doc, error) {
	if do := m.do; do != nil && strings.HasPrefix(key, "early/") {
		m.do = nil
		do()
	}
	return m.Store.Doc(ctx, w, key)
}

func TestEditWhileItsReplyIsTakenUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		other := w.message(anna, "早") // the bot listens
		w.handle(bot.Input{Message: &other})
		w.waits(time.Second)
		root := w.message(anna, wantsReturn)
		w.waits(time.Second)
		reply := w.message(li, "我先问下买家")
		reply.Thread = root.TS
		w.handle(bot.Input{Message: &reply}) // before its root
		calm := w.talk
		store := &meanwhile{Store: w.store, do: func() {
			racing := w.talk
			w.talk = calm
			w.handle(bot.Input{Message: &root})
			w.waits(time.Second)
			w.wake()
			w.talk = racing
		}}
		minds, err := brain()
		if err != nil {
			t.Fatal(err)
		}
		w.talk = bot.New(bot.Options{Store: store, Policies: w, People: w.people, Minds: minds, Words: catalogue(t), Now: time.Now})
		edited := reply
		edited.Text = "我先问下买家要照片"
		w.handle(bot.Input{Edit: &bot.Edit{Message: edited, At: time.Now()}})
		w.talk = calm
		if h := w.history(w.only().ID); strings.Count(h, "edited") != 1 {
			t.Errorf("the edit of a reply that was taken up meanwhile is lost: %s", h)
		}
		w.sound()
	})
}

package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// mark is the bot's reaction on a message, "" if there is none.
func (w *world) mark(m bot.Message) string {
	w.chat.mu.Lock()
	defer w.chat.mu.Unlock()
	return w.chat.state[bot.Ref{Channel: m.Channel, TS: m.TS}]
}

// reacted counts the calls for reactions so far.
func (w *world) reacted() (n int) {
	w.chat.mu.Lock()
	defer w.chat.mu.Unlock()
	for _, c := range w.chat.calls {
		if strings.HasPrefix(c, "react ") {
			n++
		}
	}
	return n
}

const taken = "memo"

// Messages that join a ticket without a word to their author bear a mark, once each, also when the chat is away or saying it
// ends half way.
func TestAddedMessagesAreMarked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.says(anna, wantsReturn)
		more := []bot.Message{w.says(anna, "买家说周五之前要"), w.says(anna, "同上"), w.says(anna, "补充一下，买家电话打不通")}
		left := 2
		w.chat.failing(func(call string, _ tickets.ChannelID) (before, after error) {
			if call == "react" && left > 0 {
				left--
				return nil, fmt.Errorf("cut off: %w", tickets.ErrTemporary)
			}
			return nil, nil
		})
		w.speak()
		for _, m := range more {
			if got := w.mark(m); got != taken || w.seen(m) != "added" {
				t.Errorf("%q: %s, mark %q, want %q", m.Text, w.seen(m), got, taken)
			}
		}
		if got := w.mark(first); got != bot.StateEmoji(w.only()) {
			t.Errorf("the first bears %q", got)
		}
		calls := w.reacted()
		w.types(li, "领取 1")
		w.speak()
		if got := w.reacted(); got != calls+1 {
			t.Errorf("%d reactions more, want the state's alone", got-calls)
		}
		w.sound()
	})
}

// However many marks wait for their turn, the card and the state do not wait with them; and all of them come.
func TestMarksHoldUpNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.says(anna, wantsReturn)
		w.speak()
		var more []bot.Message
		for i := range 40 {
			more = append(more, w.says(anna, fmt.Sprintf("补充：买家说第 %d 个杯子也是坏的", i+2)))
		}
		w.types(li, "领取 1")
		w.runs(w.announcer(w.store), 5*time.Second)
		if card := w.chat.cards()[0]; !strings.Contains(card.text(), "小李") {
			t.Errorf("the card still reads %q", card.text())
		}
		if got := w.mark(first); got != bot.StateEmoji(w.only()) {
			t.Errorf("the first message bears %q", got)
		}
		w.speak()
		for _, m := range more {
			if w.seen(m) != "added" || w.mark(m) != taken {
				t.Errorf("%q: %s, mark %q", m.Text, w.seen(m), w.mark(m))
			}
		}
		if got := w.reacted(); got != len(more)+2 { // and the state's, before and after
			t.Errorf("%d reactions, want %d", got, len(more)+2)
		}
	})
}

// Whoever is told in words where their message went needs no mark.
func TestToldMessagesAreNotMarked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.speak()
		m := w.says(li, wantsReturn)
		w.speak()
		if got := w.chat.whisper(li); w.seen(m) != "added" || !strings.Contains(got.text(), "T-1") || w.mark(m) != "" {
			t.Errorf("%s, told %q, mark %q", w.seen(m), got.text(), w.mark(m))
		}
	})
}

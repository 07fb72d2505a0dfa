package bot_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// brings puts anything but a message into the inbox.
func (l *line) brings(in bot.Input) {
	l.w.t.Helper()
	l.w.n++
	key := fmt.Sprintf("T1/in/%d", l.w.n)
	l.mu.Lock()
	l.in[key] = in
	l.mu.Unlock()
	if _, err := l.Append(l.w.t.Context(), bot.Envelope{Workspace: ws, Key: key, Received: time.Now()}); err != nil {
		l.w.t.Fatal(err)
	}
}

// What is said in a row, edited, removed and decided about while a model is asked comes to something once, and nothing is
// made of a message that was gone.
func TestBurstsAmidEditsAndPresses(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				r := rand.New(rand.NewPCG(seed, 9))
				none := strings.Replace(saysReturn, "new_ticket", "none", 1)
				o := &oracle{takes: time.Duration(r.IntN(9000)) * time.Millisecond, answer: []string{saysReturn, none, "nonsense"}[r.IntN(3)]}
				l := w.asking(o)
				all, gone := []bot.Message{}, map[string]bool{}
				l.reads(func() {
					for range 12 {
						all = append(all, l.arrives(w.message(anna, unsure)))
						w.waits(time.Duration(r.IntN(2500)) * time.Millisecond)
						l.meddles(r, all[r.IntN(len(all))], gone)
					}
					w.waits(2 * time.Minute)
				})
				for _, m := range all {
					if w.seen(m) == "" {
						t.Errorf("%s came to nothing", m.TS)
					}
				}
				for _, k := range w.all() {
					w.tells(k, gone)
				}
				w.sound()
			})
		})
	}
}

// meddles edits a message, removes it, or presses a button about it.
func (l *line) meddles(r *rand.Rand, m bot.Message, gone map[string]bool) {
	switch what := r.IntN(4); {
	case gone[m.TS]:
	case what == 0:
		m.Text = []string{unsure + "吧", "谢谢", wantsReturn, "没事了"}[r.IntN(4)]
		l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
	case what == 1:
		gone[m.TS] = true
		l.brings(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
	case what == 2:
		l.brings(bot.Input{Click: &bot.Click{Channel: desk, User: anna, Action: []string{bot.ActMake, bot.ActMakeNot}[r.IntN(2)], Value: "C1/" + m.TS}})
	}
}

// tells fails if a message stands twice in a ticket, or if one that is gone made it and its history does not say so.
func (w *world) tells(k tickets.Ticket, gone map[string]bool) {
	w.t.Helper()
	n, history := map[string]int{}, w.history(k.ID)
	for _, e := range w.events(k.ID) {
		if e.Message.TS != "" && (e.Kind == tickets.EvCreated || e.Kind == tickets.EvNoted) {
			n[e.Message.TS]++
		}
	}
	for ts, times := range n {
		if times > 1 {
			w.t.Errorf("%s stands %d times in %s: %s", ts, times, k.Number, history)
		}
	}
	if gone[k.Source.TS] && !strings.Contains(history, "deleted") {
		w.t.Errorf("%s was made of a removed message: %s", k.Number, history)
	}
}

package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
)

// No model is shown what was removed, nor the old words of what was edited, beside what is said after it.
func TestUnsaidWordsAreShownToNoModel(t *testing.T) {
	const secret = "贴错群了，密码是 hunter2"
	for _, tt := range []struct {
		name   string
		unsays func(l *line, m bot.Message)
		want   []string // shown before the message that is asked about
	}{
		{"nothing happens", func(*line, bot.Message) {}, []string{secret}},
		{"removed", func(l *line, m bot.Message) {
			l.brings(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
		}, nil},
		{"edited", func(l *line, m bot.Message) {
			m.Text = "贴错群了"
			l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
		}, []string{"贴错群了"}},
		{"edited twice, heard in the wrong order", func(l *line, m bot.Message) {
			now := time.Now()
			m.Text = "贴错群了"
			l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: now}})
			m.Text = "密码是 hunter3"
			l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: now.Add(-time.Second)}})
		}, []string{"贴错群了"}},
		{"edited and removed", func(l *line, m bot.Message) {
			l.brings(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
			m.Text = "贴错群了"
			l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				o := &oracle{takes: 200 * time.Millisecond, answer: saysReturn}
				l := w.asking(o)
				l.reads(func() {
					m := l.arrives(w.message(anna, secret))
					w.waits(2 * time.Second)
					tt.unsays(l, m)
					w.waits(2 * time.Second)
					l.arrives(w.message(anna, unsure))
					w.waits(time.Minute)
				})
				last := o.asked[len(o.asked)-1].Messages
				if want := append(tt.want, unsure); fmt.Sprint(last) != fmt.Sprint(want) {
					t.Errorf("asked %q, want %q", last, want)
				}
			})
		})
	}
}

// What is removed while it waits for its turn, or for the question that comes when nobody speaks any more, is asked about by nobody.
func TestRemovedWhileItWaitsForAnAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := &oracle{takes: 5 * time.Second, answer: saysReturn} // longer than anybody waits
		l := w.asking(o)
		l.reads(func() {
			l.arrives(w.message(anna, unsure))
			w.waits(time.Second)
			m := l.arrives(w.message(anna, unsure+" hunter2"))
			w.waits(time.Second)
			l.brings(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
			w.waits(time.Minute)
		})
		for _, q := range o.asked {
			if shown := fmt.Sprint(q.Messages); strings.Contains(shown, "hunter2") {
				t.Errorf("asked %s", shown)
			}
		}
		w.sound()
	})
}

// However often a message is edited, its model is asked three times in ten minutes at most.
func TestEditsTakeThreeAnswersAtMost(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := &oracle{takes: 100 * time.Millisecond, answer: strings.Replace(saysReturn, "new_ticket", "none", 1)}
		l := w.asking(o)
		l.reads(func() {
			m := l.arrives(w.message(anna, unsure))
			for i := range 12 {
				w.waits(35 * time.Second)
				m.Text = fmt.Sprint(unsure, " ", i)
				l.brings(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
			}
			w.waits(time.Minute)
		})
		if n := o.calls(); n > 3 {
			t.Errorf("%d answers for one message, want 3 at most", n)
		}
		w.sound()
	})
}

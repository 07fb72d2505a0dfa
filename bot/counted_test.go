package bot_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents"
	"gongdan/tickets"
)

// failing is a store whose next commits fail: at first with an error that asks for another try, or because something changed.
type failing struct {
	bot.Store
	with []error
}

func (f *failing) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	if len(f.with) > 0 {
		err := f.with[0]
		f.with = f.with[1:]
		return tickets.Committed{}, fmt.Errorf("commit: %w", err)
	}
	return f.Store.Commit(ctx, c)
}

// A decision counts once in the metrics, when it has taken effect, however often it was tried and whatever the model says later.
func TestDecisionsCountOnce(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails []error
		takes time.Duration // of the model
		say   func(w *world) bot.Message
		want  map[string]int
	}{
		{"at once", nil, 0, asksUnsure, map[string]int{"model ask": 1}},
		{"by a late model", nil, 5 * time.Second, asksUnsure, map[string]int{"local_degraded ask": 1}},
		{"after a store that was away", []error{tickets.ErrTemporary}, 0, asksUnsure, map[string]int{"model ask": 1}},
		{"by a late model that answers while the store is away", []error{tickets.ErrTemporary, tickets.ErrTemporary, tickets.ErrTemporary, tickets.ErrTemporary}, 4 * time.Second, asksUnsure, map[string]int{"model ask": 1}},
		{"after a conflict", []error{tickets.ErrConflict}, 0, asksUnsure, map[string]int{"model ask": 1}},
		{"a notice after a conflict", []error{tickets.ErrConflict}, 0, func(w *world) bot.Message {
			m := w.message("B0RELAY", notice)
			m.Bot, m.BotID = true, "B0RELAY"
			return m
		}, map[string]int{"rules act": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.relays()
				got := map[string]int{}
				o := &oracle{takes: tt.takes, answer: saysUnsure}
				l := w.asking(o)
				w.talk = bot.New(bot.Options{Store: &failing{w.store, tt.fails}, Policies: w, People: w.people, Words: w.words, Now: time.Now, Intake: l,
					Minds: intents.New(intents.Options{Local: fixed(0.3), Model: o}),
					Watch: bot.Watch{Decided: func(by, action string) { got[by+" "+action]++ }}})
				l.reads(func() {
					l.arrives(tt.say(w))
					w.waits(time.Minute)
				})
				if !maps.Equal(got, tt.want) {
					t.Errorf("counted %v, want %v", got, tt.want)
				}
			})
		})
	}
}

const saysUnsure = `{"evidence":"","intent":"new_ticket","type":"goods_return","sure":"low","platform":null,"shop":null,"order":null,"aftersale":null,"waybill":null,"sku":null,"due_text":null}`

func asksUnsure(w *world) bot.Message { return w.message(anna, unsure) }

package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// What one person says in a row, with questions to a model under way, survives the process that asks them, whenever it is
// killed and however often: each message is decided once, stands once in one ticket at most, and is asked about once at most. What
// only that process knew, the words said before and the answer on its way, costs at most a better decision.
func TestBurstAcrossCrashes(t *testing.T) {
	const number = "2024112233445566778"
	script := []struct {
		at   time.Duration
		text string // "" = a screenshot
	}{{0, unsure}, {500 * time.Millisecond, unsure}, {2 * time.Second, ""}, {2500 * time.Millisecond, number}, {7 * time.Second, unsure}, {7 * time.Second, "好的谢谢"}}
	for _, takes := range []time.Duration{time.Second, 6 * time.Second} {
		for _, answer := range []string{saysReturn, strings.Replace(saysReturn, "new_ticket", "none", 1)} {
			for _, every := range []time.Duration{0, 250 * time.Millisecond, 1010 * time.Millisecond, 2990 * time.Millisecond, 3010 * time.Millisecond, 6020 * time.Millisecond} {
				t.Run(fmt.Sprintf("%s %t killed each %s", takes, answer == saysReturn, every), func(t *testing.T) {
					inWorld(t, func(t *testing.T, w *world) {
						o := &oracle{takes: takes, answer: answer}
						l := w.asking(o)
						began, next := time.Now(), 0
						var all []bot.Message
						for time.Since(began) < 40*time.Second {
							until := 40 * time.Second
							if every > 0 && time.Since(began) < 20*time.Second {
								until = time.Since(began) + every
							}
							l.reads(func() {
								for ; next < len(script) && script[next].at < until; next++ {
									w.waits(script[next].at - time.Since(began))
									m := w.message(anna, script[next].text)
									if m.Text == "" {
										m.Files = []tickets.File{{ID: "F1", Name: "截图.png", Mime: "image/png"}}
									}
									all = append(all, l.arrives(m))
								}
								w.waits(until - time.Since(began))
							})
							again := w.asking(o) // another process
							again.all, again.in, again.has = l.all, l.in, l.has
							l = again
						}
						w.decidedOnce(all)
						w.sound()
					})
				})
			}
		}
	}
}

// decidedOnce checks that each message was decided, stands once in one ticket at most and was asked about once at most.
func (w *world) decidedOnce(all []bot.Message) {
	w.t.Helper()
	in, asked := map[string]int{}, map[string]int{}
	for _, k := range w.all() {
		in[k.Source.TS]++
		for _, e := range w.events(k.ID) {
			if e.Kind == tickets.EvNoted || e.Kind == tickets.EvAttached {
				in[e.Message.TS]++
			}
		}
	}
	for _, e := range w.outbox() {
		var s bot.Said
		if err := json.Unmarshal(e.Body, &s); err != nil {
			w.t.Fatal(err)
		}
		if s.What == bot.SayAsk {
			asked[s.TS]++
		}
	}
	for i, m := range all {
		if got := w.seen(m); got == "" || in[m.TS] > 1 || asked[m.TS] > 1 {
			w.t.Errorf("message %d came to %q, stands in tickets %d times, was asked about %d times", i, got, in[m.TS], asked[m.TS])
		}
	}
}

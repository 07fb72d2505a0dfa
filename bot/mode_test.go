package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents"
	"gongdan/tickets"
)

// moody is a conversation of an installation in some mode.
func (w *world) moody(m intents.Mode) {
	// A type of which the two modes make different things.
	minds := intents.New(intents.Options{Local: fixed(0.94), Thresholds: m.Limits()})
	w.talk = bot.New(bot.Options{Store: w.store, Policies: w, People: w.people, Minds: minds, Words: w.words, Now: time.Now, Mode: m})
}

// The mode of the rules holds from the next message on, whatever the installation's is; without one the installation's does.
func TestModeOfTheRules(t *testing.T) {
	for _, tt := range []struct {
		installed intents.Mode
		rules     string
		want      string
	}{
		{"", "", "ask"}, {"", "eager", "act"},
		{intents.Careful, "eager", "act"}, {intents.Careful, "", "ask"},
		{intents.Eager, "careful", "ask"}, {intents.Eager, "", "act"},
	} {
		t.Run(string(tt.installed)+" "+tt.rules, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.moody(tt.installed)
				w.policy.Understanding = tt.rules
				if got := w.seen(w.says(anna, unsure)); got != tt.want {
					t.Errorf("became %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// Whoever asks why is told the mode in which it was decided, also when another one holds by then.
func TestWhyTellsTheMode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.moody("")
		why := func(action, value string) string {
			t.Helper()
			v, err := w.talk.Answer(t.Context(), ws, bot.Input{Click: &bot.Click{User: wang, Action: action, Value: value}})
			if err != nil {
				t.Fatal(err)
			}
			return textOf(v)
		}
		asked := w.says(anna, unsure)
		w.policy.Understanding = "eager"
		if got := why(bot.ActWhyMessage, "C1/"+asked.TS); !strings.Contains(got, "谨慎") || strings.Contains(got, "积极") {
			t.Errorf("why of the message that was asked about: %s", got)
		}
		w.says(li, unsure)
		k := w.only()
		w.policy.Understanding = ""
		if got := why(bot.ActWhyMessage, "C1/"+k.Source.TS); !strings.Contains(got, "积极") || strings.Contains(got, "谨慎") {
			t.Errorf("why of the ticket: %s", got)
		}
	})
}

// A workspace's own model decides by the thresholds that were chosen with it, in each mode by that mode's; whoever asks why is told
// so, also when another one decides by then. Rules, and workspaces without one, know nothing of it.
func TestWhyTellsTheOwnModel(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		limits := map[intents.Mode]intents.Thresholds{intents.Careful: {Act: 0.9, Ask: 0.24}}
		minds := func(own intents.Own) func(tickets.WorkspaceID) *intents.Classifier {
			return func(tickets.WorkspaceID) *intents.Classifier {
				return intents.New(intents.Options{Local: fixed(0.9), Own: own})
			}
		}
		serve := func(own intents.Own) {
			w.talk = bot.New(bot.Options{Store: w.store, Policies: w, People: w.people, MindsOf: minds(own), Words: w.words, Now: time.Now})
		}
		why := func(ts string) string {
			t.Helper()
			v, err := w.talk.Answer(t.Context(), ws, bot.Input{Click: &bot.Click{User: wang, Action: bot.ActWhyMessage, Value: "C1/" + ts}})
			if err != nil {
				t.Fatal(err)
			}
			return textOf(v)
		}
		serve(intents.Own{})
		common := w.says(anna, unsure)
		if got := w.seen(common); got != "ask" {
			t.Fatalf("became %q without a model of its own, want ask", got)
		}
		serve(intents.Own{Version: 3, Limits: limits})
		w.says(li, unsure)
		acted := w.only().Source.TS
		w.policy.Understanding = "eager" // for which none were chosen: the mode's hold
		eager := w.says(wang, unsure)
		serve(intents.Own{})
		w.policy.Understanding = ""
		for ts, of := range map[string]intents.Thresholds{acted: limits[intents.Careful], eager.TS: intents.Eager.Limits()} {
			want := fmt.Sprintf("第 3 版）。直接建单的门槛是 %.0f%%，先问一句的门槛是 %.0f%%", 100*of.Act, 100*of.Ask)
			if got := why(ts); !strings.Contains(got, want) {
				t.Errorf("why = %s, want %s", got, want)
			}
		}
		if got := why(common.TS); strings.Contains(got, "纠正后学出来的模型") {
			t.Errorf("why of what the common model decided = %s", got)
		}
	})
}

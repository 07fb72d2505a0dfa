package bot_test

import (
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents"
)

// moody is a conversation of an installation in some mode.
func (w *world) moody(m intents.Mode) {
	// A type of which the two modes make different things.
	minds := intents.New(intents.Options{Local: fixed(0.9), Thresholds: m.Limits()})
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

package bot_test

import (
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/tickets"
)

func TestModelBudgetIsToldOnceADay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		told := func(day string) bool {
			ok, err := w.talk.ModelBudget(t.Context(), ws, 0, bot.ModelNews{Day: day, Used: 850, Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		for _, tt := range []struct {
			day  string
			want bool
		}{{"2026-11-18", true}, {"2026-11-18", false}, {"2026-11-19", true}} {
			if got := told(tt.day); got != tt.want {
				t.Errorf("told of %s: %t, want %t", tt.day, got, tt.want)
			}
		}
		w.restarts()
		if told("2026-11-19") {
			t.Error("told again after a restart")
		}
		w.speak()
		got := w.pings("DUADMIN")
		if len(got) != 2 || !strings.Contains(got[0].text(), "85%") || !strings.Contains(got[0].text(), "850/1000") {
			t.Errorf("said to the admin: %v, want one message a day", got)
		}
		w.sound()
	})
}

func TestWhyShowsThatTheModelWasMissed(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{words.Chinese: "没答上来", words.English: "gave no answer"} {
		for _, decision := range []string{"rules_degraded:rule:number_and_problem", "local_degraded:local:above_act"} {
			v := bot.WhyView(catalogue(t), bot.Scene{Lang: lang, Ticket: tickets.Ticket{Number: 7, Decision: decision}}, nil)
			if !strings.Contains(v.Summary, want) {
				t.Errorf("%s: %q = %q, want %q in it", lang, decision, v.Summary, want)
			}
		}
	}
}

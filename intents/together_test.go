package intents_test

import (
	"testing"

	"gongdan/intents"
)

const vague = "这个买家有点难搞，帮忙看看"

// One answer is about all that was said in a row; none gets more from it than it would from an answer of its own.
func TestRefineTogether(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		guess        string // the local model's
		said         []string
		want         []intents.Action
		typ          []string
	}{
		{"all one ticket", answer("intent", "new_ticket", "type", "goods_return", "sure", "high"), "exchange", []string{vague, vague}, []intents.Action{intents.Act, intents.Act}, []string{"goods_return", "goods_return"}},
		{"not sure", answer("intent", "new_ticket", "type", "goods_return", "sure", "low"), "exchange", []string{vague, vague}, []intents.Action{intents.Ask, intents.Ask}, []string{"goods_return", "exchange"}},
		{"none", answer("intent", "none", "type", "none", "sure", "high"), "exchange", []string{vague, vague}, []intents.Action{intents.Ignore, intents.Ignore}, []string{"", ""}},
		{"severe by the model's word alone", answer("intent", "new_ticket", "type", "high_risk", "sure", "high"), "exchange", []string{vague, vague}, []intents.Action{intents.Ask, intents.Ask}, []string{"high_risk", "exchange"}},
		{"severe by one's words and a guess about the other's", answer("intent", "new_ticket", "type", "high_risk", "sure", "high"), "high_risk",
			[]string{"这人说要起诉我们，法院见", "杯子那个有点问题"}, []intents.Action{intents.Act, intents.Ask}, []string{"high_risk", "high_risk"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := &scripted{answer: tt.answer}
			c := intents.New(intents.Options{Local: unsure{tt.guess, 0.3}, Model: m})
			var said []intents.Message
			var local []intents.Decision
			for _, text := range tt.said {
				msg := message(text)
				said, local = append(said, msg), append(local, c.Local(msg))
			}
			got := c.RefineTogether(t.Context(), said, local)
			for i, d := range got {
				if d.Action != tt.want[i] || d.Type != tt.typ[i] {
					t.Errorf("decision %d = %s %q (%s), want %s %q", i, d.Action, d.Type, d.Reason, tt.want[i], tt.typ[i])
				}
			}
			if len(m.asked) != 1 {
				t.Errorf("%d questions for %d messages", len(m.asked), len(said))
			}
		})
	}
}

package intents_test

import (
	"strings"
	"testing"

	"gongdan/intents"
	"gongdan/intents/linear"
)

// rowsAt repeats a judged row.
func rowsAt(n int, j intents.Judged) []intents.Judged {
	out := make([]intents.Judged, n)
	for i := range out {
		out[i] = j
	}
	return out
}

func TestChooseThresholds(t *testing.T) {
	t.Parallel()
	sure := rowsAt(500, intents.Judged{P: 0.9, All: 0.95, Ticket: true, Right: true})
	fair := append(rowsAt(90, intents.Judged{P: 0.6, All: 0.8, Ticket: true, Right: true}), rowsAt(110, intents.Judged{P: 0.6, All: 0.8, Ticket: true})...)
	chat := rowsAt(300, intents.Judged{P: 0.1, All: 0.2, Chat: true})
	loud := rowsAt(12, intents.Judged{P: 0.7, All: 0.8, Chat: true})
	faint := rowsAt(5, intents.Judged{P: 0.05, All: 0.1, Ticket: true})
	for _, tt := range []struct {
		name string
		rows []intents.Judged
		mode intents.Mode
		want intents.Thresholds
	}{
		{"no rows never act and always ask", nil, intents.Careful, intents.Thresholds{Act: 1, Ask: 0}},
		{"few rows prove nothing", sure[:3], intents.Careful, intents.Thresholds{Act: 1, Ask: 0}},
		{"careful leaves the fair ones", join(sure, fair, chat), intents.Careful, intents.Thresholds{Act: 0.9, Ask: 0.8}},
		{"eager takes them", join(sure, fair, chat), intents.Eager, intents.Thresholds{Act: 0.6, Ask: 0.6}},
		{"an unknown mode is careful", join(sure, fair, chat), "bold", intents.Thresholds{Act: 0.9, Ask: 0.8}},
		{"loud chat stops both", join(sure, fair, chat, loud, loud), intents.Eager, intents.Thresholds{Act: 0.9, Ask: 0.8}},
		{"a few faint tickets are given up", join(sure, fair, faint), intents.Careful, intents.Thresholds{Act: 0.9, Ask: 0.8}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := intents.ChooseThresholds(tt.rows, tt.mode); got != tt.want {
				t.Errorf("ChooseThresholds = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func join(parts ...[]intents.Judged) (all []intents.Judged) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestJudge(t *testing.T) {
	t.Parallel()
	ranked := []linear.Score{{Label: "refund", P: 0.5}, {Label: "goods_return", P: 0.3}, {Label: "update", P: 0.1}}
	want := intents.Judged{P: 0.5, All: 0.8, Ticket: true, Right: true}
	if got := intents.Judge(ranked, "refund"); got != want {
		t.Errorf("Judge = %+v, want %+v", got, want)
	}
	if got := intents.Judge([]linear.Score{{Label: "update", P: 0.8}, {Label: "refund", P: 0.1}}, linear.OutOfScope); got != (intents.Judged{Chat: true}) {
		t.Errorf("Judge of talk = %+v, want nothing but chat", got)
	}
}

// TestModeOfTheMessage lets a workspace be eager among careful ones.
func TestModeOfTheMessage(t *testing.T) {
	t.Parallel()
	c := intents.New(intents.Options{Local: unsure{"goods_return", 0.94}})
	m := message("杯子有点问题")
	if d := c.Local(m); d.Action != intents.Ask {
		t.Errorf("careful = %s, want ask", d.Action)
	}
	m.Mode = intents.Eager
	if d := c.Local(m); d.Action != intents.Act || d.Reason != "local:above_act" {
		t.Errorf("eager = %s by %s, want act by local:above_act", d.Action, d.Reason)
	}
}

// TestNearMissOfTheMessage follows the thresholds of the message, as its decision did.
func TestNearMissOfTheMessage(t *testing.T) {
	t.Parallel()
	common := intents.New(intents.Options{Local: unsure{"goods_return", 0.11}})
	own := intents.New(intents.Options{Local: unsure{"goods_return", 0.11}, Own: intents.Own{Version: 1, Limits: map[intents.Mode]intents.Thresholds{intents.Careful: {Act: 0.9, Ask: 0.5}}}})
	m := message("13812345678 那位的杯子")
	for _, tt := range []struct {
		c    *intents.Classifier
		mode intents.Mode
		want bool
	}{{common, "", true}, {common, intents.Careful, true}, {common, intents.Eager, false}, {own, intents.Careful, false}, {own, "", true}} {
		c := tt.c
		m.Mode = tt.mode
		d := c.Local(m)
		if d.Action != intents.Ignore {
			t.Fatalf("%s: %s by %s, want ignore", tt.mode, d.Action, d.Reason)
		}
		if got := c.NearMiss(m, d); got != tt.want {
			t.Errorf("%s, version %d: near miss %t, want %t", tt.mode, c.OwnVersion(), got, tt.want)
		}
	}
}

func TestTalkAboutTickets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		label, text, reason string
		intent              intents.Kind
		action              intents.Action
	}{
		{"update", "她又发了两张图", "local:update", intents.Update, intents.Ask},
		{"status", "师傅上门弄完了", "local:status", intents.Update, intents.Ignore},
		{"status", "订单2024112233445566778 师傅上门弄完了", "local:status", intents.Update, intents.Ask},
		{"question", "昨天那件有人接吗", "local:question", intents.Status, intents.Ignore},
	} {
		c := intents.New(intents.Options{Local: unsure{tt.label, 0.8}})
		d := c.Local(message(tt.text))
		if d.Intent != tt.intent || d.Action != tt.action || d.Reason != tt.reason || d.Type != "" {
			t.Errorf("Local(%q) = %s %s %s %q, want %s %s %s", tt.text, d.Intent, d.Action, d.Reason, d.Type, tt.intent, tt.action, tt.reason)
		}
	}
}

// TestCurt: a few letters may mean anything, however sure a model is of them; with a number or a few more they are a matter.
func TestCurt(t *testing.T) {
	t.Parallel()
	c := intents.New(intents.Options{Local: unsure{"tracking", 0.99}})
	for text, want := range map[string]intents.Action{"到哪了": intents.Ask, "2 到哪了？": intents.Ask, "包裹到哪了": intents.Act, "SF1234567890123 到哪了": intents.Act} {
		if d := c.Local(message(text)); d.Type != "tracking" || d.Action != want {
			t.Errorf("%q: %s %s by %s, want %s", text, d.Type, d.Action, d.Reason, want)
		}
	}
}

// TestTypeBesideNumber: with a number and trouble there is a ticket, but a type that is hardly likelier than others is none.
func TestTypeBesideNumber(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]string{0.29: "other", 0.31: "complaint"} {
		c := intents.New(intents.Options{Local: unsure{"complaint", p}})
		if d := c.Local(message("2024112233445566778 帮忙处理")); d.Type != want || d.Reason != "rule:number_and_problem" {
			t.Errorf("at %.2f: %s by %s, want %s", p, d.Type, d.Reason, want)
		}
	}
}

// timed is sure of one type wherever a time is named, and of another without.
type timed struct{}

func (timed) Predict(text string) (string, float64) {
	if strings.Contains(text, "22:00") {
		return "ship_reminder", 0.7
	}
	return "stockout", 0.1
}

// TestTimeIsNoType: a type that only a time speaks for is none, unless the words leave no doubt.
func TestTimeIsNoType(t *testing.T) {
	t.Parallel()
	c := intents.New(intents.Options{Local: timed{}})
	if d := c.Local(message("2024112233445566778 今天 22:00 前帮忙处理")); d.Type != "other" || d.Action != intents.Act {
		t.Errorf("%s by %s of type %s, want a ticket of type other", d.Action, d.Reason, d.Type)
	}
	bold := intents.New(intents.Options{Local: timed{}, Thresholds: intents.Thresholds{Act: 0.65, Ask: 0.2}})
	if d := bold.Local(message("2024112233445566778 今天 22:00 前帮忙处理")); d.Type != "ship_reminder" {
		t.Errorf("type %s, want what is sure enough to act on", d.Type)
	}
}

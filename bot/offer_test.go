package bot_test

import (
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/tickets"
)

// pressed presses the first button of a whisper, as somebody.
func (w *world) pressed(by tickets.UserID, s spoken) {
	w.t.Helper()
	if len(s.View.Actions) == 0 {
		w.t.Fatalf("nothing to press in %q", s.text())
	}
	a := s.View.Actions[0]
	w.handle(bot.Input{Click: &bot.Click{Channel: desk, User: by, Action: a.ID, Value: a.Value}})
}

func TestWordsInThread(t *testing.T) {
	const (
		atOnce  = "at once"
		offered = "offered"
		answer  = "answered"
		nothing = "a remark"
	)
	claimed := func(w *world, _ bot.Message) { w.types(li, "领取 1") }
	resolved := func(w *world, _ bot.Message) { w.types(li, "领取 1"); w.types(li, "完结 1") }
	for _, tt := range []struct {
		text   string
		by     tickets.UserID
		before func(*world, bot.Message)
		want   string
		status tickets.Status // after pressing what is offered
	}{
		{text: "已退款", by: li, before: claimed, want: offered, status: tickets.StatusResolved},
		{text: "退款已完成", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},
		{text: "已补发", by: li, want: offered, status: tickets.StatusResolved},
		{text: "refunded", by: li, before: claimed, want: offered, status: tickets.StatusResolved},
		{text: "已回复平台", by: li, before: claimed, want: atOnce, status: tickets.StatusInProgress},
		{text: "replied on the platform", by: li, before: claimed, want: atOnce, status: tickets.StatusInProgress},
		{text: "平台已经回复了", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},
		{text: "等仓库回复", by: li, before: claimed, want: atOnce, status: tickets.StatusWaiting},
		{text: "先等仓库核实一下吧", by: li, before: claimed, want: offered, status: tickets.StatusWaiting},
		{text: "waiting for the warehouse", by: li, before: claimed, want: atOnce, status: tickets.StatusWaiting},
		{text: "转给 @UANNA", by: li, want: atOnce, status: tickets.StatusAssigned},
		{text: "hand to @UANNA", by: li, want: atOnce, status: tickets.StatusAssigned},
		{text: "转给小李", by: anna, want: offered, status: tickets.StatusAssigned},
		{text: "催一下", by: shop, want: atOnce, status: tickets.StatusNew},
		{text: "处理好了", by: li, before: claimed, want: atOnce, status: tickets.StatusResolved},
		{text: "先关了吧", by: li, before: resolved, want: offered, status: tickets.StatusClosed},
		{text: "先关了吧", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress}, // it is not resolved yet
		{text: "还没解决", by: li, before: resolved, want: offered, status: tickets.StatusInProgress},
		{text: "已退款", by: anna, before: claimed, want: nothing, status: tickets.StatusInProgress}, // 小李 works on it
		{text: "已退款", by: guest, want: nothing, status: tickets.StatusNew},
		{text: "@UWANG 完结", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},             // for another to do
		{text: "请 @UWANG 完结", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},           // for another to do
		{text: "麻烦@UWANG 完结", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},           // for another to do
		{text: "、@UWANG 完结", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},            // for another to do
		{text: "please @UWANG resolve", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress}, // for another to do
		{text: "辛苦 @UWANG 领取", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},          // for another to do
		{text: "\u200b@UWANG 完结", by: li, before: claimed, want: nothing, status: tickets.StatusInProgress},       // for another to do
		{text: "any update?", by: li, want: answer, status: tickets.StatusNew},
		{text: "有进展吗", by: shop, want: answer, status: tickets.StatusNew},
		{text: "这单处理得怎样了", by: li, want: answer, status: tickets.StatusNew},
		{text: "仓库说明天能发", by: li, want: nothing, status: tickets.StatusNew},
		{text: "已退款？", by: li, want: nothing, status: tickets.StatusNew},
	} {
		t.Run(tt.text+" by "+string(tt.by), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, "云朵旗舰店 "+wantsReturn)
				if tt.before != nil {
					tt.before(w, root)
				}
				w.speak()
				w.chat.whispers = nil
				m := w.replies(tt.by, root, tt.text)
				w.speak()
				said := w.chat.whisper(tt.by)
				button := len(said.View.Actions) > 0 && strings.Contains(said.text(), "你的话已记进")
				if got := button; got != (tt.want == offered) {
					t.Fatalf("%q is answered by %q", tt.text, said.text())
				}
				if tt.want == answer != strings.Contains(said.text(), "T-1 ·") && tt.by != shop {
					t.Errorf("%q is answered by %q", tt.text, said.text())
				}
				if w.standsAs(m) == "" {
					t.Errorf("%q stands nowhere in the history %s", tt.text, w.history(w.only().ID))
				}
				if tt.want == offered {
					w.takes(tt.by, said)
				}
				if got := w.only().Status; got != tt.status {
					t.Errorf("status %s, want %s; history %s", got, tt.status, w.history(w.only().ID))
				}
				w.sound()
			})
		})
	}
}

// takes has somebody press twice what they are offered, after a stranger whose press is checked.
func (w *world) takes(by tickets.UserID, offered spoken) {
	w.t.Helper()
	before := w.only().Version
	w.pressed(guest, offered)
	if w.only().Version != before {
		w.t.Error("a stranger's press took effect")
	}
	w.pressed(by, offered)
	w.pressed(by, offered)
}

// standsAs is the first event of the one ticket that a message made, "" if it stands nowhere in the history.
func (w *world) standsAs(m bot.Message) tickets.EventKind {
	for _, e := range w.events(w.only().ID) {
		if e.Message.TS == m.TS {
			return e.Kind
		}
	}
	return ""
}

// What a command says stays in the history even if it may not be carried out.
func TestRefusedWordsStay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		w.types(li, "领取 1")
		w.speak()
		m := w.replies(anna, root, "处理好了")
		w.speak()
		if k := w.only(); k.Status != tickets.StatusInProgress || w.standsAs(m) == "" {
			t.Errorf("status %s, history %s", k.Status, w.history(k.ID))
		}
		if got := w.chat.whisper(anna).text(); !strings.Contains(got, "小李") {
			t.Errorf("told %q, want who works on it", got)
		}
	})
}

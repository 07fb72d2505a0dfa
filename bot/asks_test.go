package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

func TestQuestionsAboutTickets(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		by         tickets.UserID
		want, not  string
	}{
		{name: "by one digit", text: "2 到哪了", by: li, want: "要建工单吗", not: "T-"}, // no ticket's number: a parcel, perhaps
		{name: "by its name", text: "T-2 到哪了", by: li, want: "T-2", not: "T-1"},
		{name: "in English", text: "status of #1?", by: li, want: "T-1", not: "T-2"},
		{name: "with sign", text: "工单1处理得怎么样了", by: li, want: "T-1", not: "T-2"},
		{name: "by order", text: "订单 2024112233445566778 处理得怎么样了", by: anna, want: "T-1", not: "T-2"},
		{name: "mine, of which there are two", text: "这单处理得怎样", by: anna, want: "T-2", not: "经过"},
		{name: "mine, of which there is none", text: "这单处理得怎样", by: wang, not: "T-"},
		{name: "two at once", text: "T-1 和 T-2 进度如何了？", by: li, want: "T-1 ", not: "经过"},
		{name: "not for strangers", text: "T-1 到哪了", by: guest, want: "没", not: "杯子"},
		{name: "not there", text: "T-77 到哪了", by: li, want: "没", not: "T-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.says(anna, wantsReturn)
				w.says(anna, "订单 2024112233445566999 买家说收到的灯坏了，要换货")
				w.speak()
				w.chat.whispers = nil
				if n := len(w.all()); n != 2 {
					t.Fatalf("%d tickets", n)
				}
				w.says(tt.by, tt.text)
				w.speak()
				got := w.chat.whisper(tt.by).text()
				if tt.want == "" && got != "" && got != "\n" || !strings.Contains(got, tt.want) || tt.not != "" && strings.Contains(got, tt.not) {
					t.Errorf("answered by %q, want %q and not %q in it", got, tt.want, tt.not)
				}
				if n := len(w.all()); n != 2 {
					t.Errorf("%d tickets after a question", n)
				}
			})
		})
	}
}

// Somebody of the team who asks in a ticket's thread how it goes is told, and has not answered the requester by that.
func TestAskingInTheThreadIsNoAnswer(t *testing.T) {
	for text, answers := range map[string]bool{"这单处理得怎样了": false, "有进展吗": false, "<@ULI> 进度如何？": false, "any update?": false,
		"how is this going?": false, "any update": false, "已让仓库去找": true, "这单有进展，仓库今天补发": true, "什么情况我查了，是仓库漏发": true,
		"any update will be posted here, the warehouse is on it": true} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.replies(wang, w.says(anna, wantsReturn), text)
				if k := w.only(); k.Responded.IsZero() == answers {
					t.Errorf("first response at %s, want one = %t", k.Responded, answers)
				}
			})
		})
	}
}

// sage knows one thing.
type sage struct{ asked []string }

func (s *sage) Know(_ context.Context, _ tickets.WorkspaceID, q bot.KnowledgeQuery) (bot.KnowledgeAnswer, error) {
	s.asked = append(s.asked, q.Text)
	if strings.Contains(q.Text, "运费谁出") {
		return bot.KnowledgeAnswer{Text: "买家承担退回运费 <!channel>", Source: "售后手册"}, nil
	}
	return bot.KnowledgeAnswer{}, nil
}

func TestKnowledge(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		minds, err := brain()
		if err != nil {
			t.Fatal(err)
		}
		s := &sage{}
		w.talk = bot.New(bot.Options{Store: w.store, Policies: w, People: w.people, Minds: minds, Words: w.words, Now: time.Now, Knowledge: s})
		m := w.says(anna, "七天无理由运费谁出？")
		w.speak()
		got := w.chat.whisper(anna)
		if !strings.Contains(got.text(), "买家承担退回运费") || len(w.all()) != 0 {
			t.Errorf("answered by %q, %d tickets", got.text(), len(w.all()))
		}
		w.says(anna, "618 满减能不能叠加优惠券？") // nobody knows: it is taken as before
		w.says(anna, wantsReturn)       // a case, not a question
		if len(s.asked) != 2 {
			t.Errorf("asked %q", s.asked)
		}
		w.presses(anna, bot.ActMake, "C1/"+m.TS, "") // not helped
		if n := len(w.all()); n < 2 {
			t.Errorf("%d tickets", n)
		}
		w.sound()
	})
}

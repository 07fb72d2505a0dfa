package bot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents"
	"gongdan/intents/corrections"
	"gongdan/tickets"
)

// corrected are the corrections that are kept, oldest first.
func (w *world) corrected() []corrections.Row {
	w.t.Helper()
	rows, _, err := corrections.Rows(w.t.Context(), bot.Docs{Store: w.store, Workspace: ws}, time.Now(), time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// asks answers a typed question.
func (w *world) asks(by tickets.UserID, text string) bot.View {
	w.t.Helper()
	v, err := w.talk.Answer(w.t.Context(), ws, bot.Input{Command: &bot.SlashCommand{Channel: desk, User: by, Text: text}})
	if err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	return v
}

// fixed is a local model that always says the same.
type fixed float64

func (f fixed) Predict(string) (string, float64) { return "refund", float64(f) }

func textOf(v bot.View) string { return spoken{Post: bot.Post{View: v}}.text() }

// What is asked about and not answered waits in a list until somebody decides, it is deleted, or a week has passed.
func TestPossibleMisses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		decide func(w *world, m bot.Message, at string)
		left   int
		rows   []string // labels of what was learned
	}{
		{"nothing", func(*world, bot.Message, string) {}, 1, nil},
		{"made", func(w *world, _ bot.Message, at string) { w.presses(li, bot.ActMake, at, "") }, 0, []string{"ticket"}},
		{"made by its author", func(w *world, _ bot.Message, at string) { w.presses(anna, bot.ActMake, at, "") }, 0, []string{"ticket"}},
		{"no ticket", func(w *world, _ bot.Message, at string) { w.presses(wang, bot.ActMakeNot, at, "") }, 0, []string{corrections.NotATicket}},
		{"no ticket, then one", func(w *world, _ bot.Message, at string) {
			w.presses(wang, bot.ActMakeNot, at, "")
			w.presses(wang, bot.ActMake, at, "")
		}, 0, []string{"ticket"}},
		{"by an outsider", func(w *world, _ bot.Message, at string) { w.presses(guest, bot.ActMake, at, "") }, 1, nil},
		{"deleted", func(w *world, m bot.Message, _ string) {
			w.handle(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
		}, 0, nil},
		{"edited to nothing", func(w *world, m bot.Message, _ string) {
			e := m
			e.Text = "谢谢"
			w.handle(bot.Input{Edit: &bot.Edit{Message: e, At: time.Now().Add(time.Second)}})
		}, 0, nil},
		{"edited to a ticket", func(w *world, m bot.Message, _ string) {
			e := m
			e.Text = wantsReturn
			w.handle(bot.Input{Edit: &bot.Edit{Message: e, At: time.Now().Add(time.Second)}})
		}, 0, nil},
		{"a week later", func(w *world, _ bot.Message, _ string) { w.waits(tickets.SeenFor) }, 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				m := w.says(anna, unsure)
				if got := w.asks(wang, "漏单"); len(got.Rows) != 1 || !strings.Contains(textOf(got), unsure) {
					t.Fatalf("list = %s", textOf(got))
				}
				tt.decide(w, m, "C1/"+m.TS)
				v := w.asks(wang, "missed")
				if len(v.Rows) != tt.left {
					t.Errorf("%d left, want %d: %s", len(v.Rows), tt.left, textOf(v))
				}
				var labels []string
				for _, r := range w.corrected() {
					if r.Label != corrections.NotATicket {
						r.Label = "ticket"
					}
					labels = append(labels, r.Label)
				}
				if fmt.Sprint(labels) != fmt.Sprint(tt.rows) {
					t.Errorf("learned %v, want %v", labels, tt.rows)
				}
				h, err := w.talk.Home(t.Context(), ws, li)
				if err != nil {
					t.Fatal(err)
				}
				if shown := strings.Contains(fmt.Sprint(h.Groups), "疑似漏单"); shown != (tt.left > 0) {
					t.Errorf("on the home page: %t, want %t", shown, tt.left > 0)
				}
				w.speak()
				w.sound()
			})
		})
	}
}

// A message just below the threshold that speaks of a buyer is listed though nobody was asked, and chat is not.
func TestNearMissIsListed(t *testing.T) {
	const nearly = "买家今天心情不错"
	inWorld(t, func(t *testing.T, w *world) {
		// Below what is asked about where a buyer is named, and not far below.
		w.talk = w.by(intents.New(intents.Options{Local: fixed(0.03)}))
		m := w.says(anna, nearly)
		for _, chat := range []string{"中午吃什么", "早上好", "晚上一起打球", "这周报谁写"} {
			w.says(li, chat)
		}
		w.speak()
		if got := w.seen(m); got != "ignore" {
			t.Fatalf("the message was not let pass but %q: choose another one", got)
		}
		if got := strings.TrimSpace(w.chat.whisper(anna).text()); got != "" {
			t.Errorf("its author was asked: %q", got)
		}
		v := w.asks(li, "漏单")
		if len(v.Rows) != 1 || !strings.Contains(textOf(v), nearly) {
			t.Fatalf("list = %s", textOf(v))
		}
		w.presses(li, bot.ActMake, v.Rows[0].Actions[0].Value, "")
		if k := w.only(); k.Source.Text != nearly || k.Requester != anna {
			t.Errorf("ticket = %+v", k)
		}
		if v := w.asks(li, "漏单"); len(v.Rows) != 0 {
			t.Errorf("list = %s", textOf(v))
		}
	})
}

// Who makes a ticket away from its message, where the card does not show, is told of it, and at a second press that it is there.
func TestMadeFromTheListIsTold(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.says(anna, unsure)
		for _, want := range []string{"已建工单 T-1，", "这条消息已经在 T-1 里了"} {
			w.handle(bot.Input{Click: &bot.Click{Channel: "DLI", User: li, Action: bot.ActMake, Value: "C1/" + m.TS}})
			w.speak()
			if got := w.chat.whisper(li).text(); !strings.Contains(got, want) {
				t.Errorf("told %q, want %q", got, want)
			}
		}
		w.only()
	})
}

// The list shows ten, counts all, and nobody outside the team sees any.
func TestManyPossibleMisses(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 13 {
			w.says(tickets.UserID(fmt.Sprintf("U%d", i)), unsure)
		}
		v := w.asks(li, "漏单")
		if len(v.Rows) != 10 || !strings.Contains(v.Header, "13") || !strings.Contains(v.Footer, "3") {
			t.Errorf("%d rows, %q, %q", len(v.Rows), v.Header, v.Footer)
		}
		for _, who := range []tickets.UserID{shop, guest, "UOUT"} {
			if v := w.asks(who, "漏单"); len(v.Rows) != 0 || strings.Contains(textOf(v), unsure) {
				t.Errorf("%s sees %s", who, textOf(v))
			}
		}
	})
}

// Many are asked about at the same moment, and none is missing in the list.
func TestPossibleMissesAtOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		for i := range 40 {
			m := w.message(tickets.UserID(fmt.Sprintf("U%d", i)), unsure)
			e := bot.Envelope{Entry: w.store.AddInbox(ws), Workspace: ws, Key: "T1/once/" + m.TS}
			wg.Go(func() {
				if err := w.talk.Handle(t.Context(), e, bot.Input{Message: &m}, 0); err != nil {
					t.Errorf("Handle = %v", err)
				}
			})
		}
		wg.Wait()
		if v := w.asks(wang, "漏单"); !strings.Contains(v.Header, "40") {
			t.Errorf("list = %s", v.Header)
		}
	})
}

// What stands in a closed channel is for its members, and for supervisors.
func TestPossibleMissesOfClosedChannels(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.people.closed = desk
		m := w.says(anna, unsure)
		for who, want := range map[tickets.UserID]int{li: 0, wang: 1} {
			if v := w.asks(who, "漏单"); len(v.Rows) != want {
				t.Errorf("%s sees %d, want %d", who, len(v.Rows), want)
			}
		}
		why := func(who tickets.UserID) string {
			v, err := w.talk.Answer(t.Context(), ws, bot.Input{Click: &bot.Click{User: who, Action: bot.ActWhyMessage, Value: "C1/" + m.TS}})
			if err != nil {
				t.Fatal(err)
			}
			return textOf(v)
		}
		if got := why(li); !strings.Contains(got, "没有这条消息的记录") {
			t.Errorf("an agent who is not there reads %q", got)
		}
		if got := why(anna); !strings.Contains(got, "还没人回答") {
			t.Errorf("its author reads %q", got)
		}
		w.people.in = true
		if v := w.asks(li, "漏单"); len(v.Rows) != 1 || v.Rows[0].Lines[0].To.TS != m.TS {
			t.Errorf("a member sees %+v", v.Rows)
		}
	})
}

// A damaged list or book of corrections holds up neither messages nor presses.
func TestDamagedListsHoldNothingUp(t *testing.T) {
	for _, key := range []string{"missed", "corrections", "corrections/1"} {
		t.Run(key, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.presses(anna, bot.ActMakeNot, "C1/"+w.says(anna, unsure).TS, "")
				doc, err := w.store.Doc(t.Context(), ws, key)
				if err != nil {
					t.Fatal(err)
				}
				doc.Body = []byte(`{"rows":7,"first":"x"}`)
				if _, err := w.store.Commit(t.Context(), tickets.Change{Workspace: ws, Cause: tickets.Cause{Kind: tickets.CauseNone, ID: "harm"},
					Docs: []tickets.DocWrite{{Key: key, Expect: doc.Version, Body: doc.Body}}}); err != nil {
					t.Fatal(err)
				}
				if got := w.asks(wang, "missed"); len(got.Rows) != 0 {
					t.Errorf("list = %s", textOf(got))
				}
				m := w.says(li, unsure)
				if got := w.asks(wang, "missed"); len(got.Rows) != 1 {
					t.Errorf("list = %s", textOf(got))
				}
				w.presses(li, bot.ActMake, "C1/"+m.TS, "")
				k := w.only()
				w.presses(li, bot.ActMoreDo, "", bot.DoDiscard+"|"+string(k.ID))
				if k = w.only(); w.seen(m) != "act" || k.Outcome != tickets.OutcomeNotTicket {
					t.Errorf("message %q, outcome %q", w.seen(m), k.Outcome)
				}
			})
		})
	}
}

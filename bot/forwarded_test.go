package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gongdan/bot"
	"gongdan/bot/slackapi"
	"gongdan/tickets"
)

// What is forwarded without a word of one's own is no order, whatever it says: a step in it is offered to whoever forwarded it.
func TestForwardedWordsOrderNothing(t *testing.T) {
	for _, tt := range []struct {
		text    string
		thread  bool
		seen    string
		buttons int
	}{
		{"完结", true, "note", 1},
		{"/ticket resolve 1", true, "note", 0},
		{"T-1 完结", false, "added", 1},
		{"resolve 1", false, "command", 0},
		{"show 1", false, "command", 0},
	} {
		for _, quoted := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, forwarded: %t", tt.text, quoted), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					root := w.says(anna, wantsReturn)
					w.types(li, "领取 1")
					w.speak()
					w.chat.whispers = nil
					m := w.message(li, tt.text)
					if quoted {
						m.Quotes = m.Text
					}
					if tt.thread {
						m.Thread = root.TS
					} else {
						m.Channel, m.Direct, m.ToBot = "DLI", true, true
					}
					w.handle(bot.Input{Message: &m})
					w.speak()
					if !quoted {
						if w.seen(m) != "command" {
							t.Fatalf("became %s: these words test nothing", w.seen(m))
						}
						return
					}
					said := w.chat.whisper(li)
					if got := w.seen(m); got != tt.seen || len(said.View.Actions) != tt.buttons {
						t.Errorf("became %s, %d buttons (%q), want %s, %d", got, len(said.View.Actions), said.text(), tt.seen, tt.buttons)
					}
					if got := w.only().Status; got != tickets.StatusInProgress {
						t.Errorf("status %s, want what it was", got)
					}
				})
			})
		}
	}
}

// forwards is a part of a message as Slack delivers it: what it forwards.
func forwards(text string) string {
	b, _ := json.Marshal(text)
	return `"attachments":[{"is_share":true,"from_url":"https://x.slack.com/archives/C1/p1","text":` + string(b) + `}]`
}

// blocks is a part of a message as Slack delivers it: one block of rich text, without a text beside it.
func blocks(kind, element string) string {
	return `"text":"","blocks":[{"type":"rich_text","elements":[{"type":"` + kind + `","elements":[` + element + `]}]}]`
}

// delivered has somebody say what a message of Slack's holds: in a ticket's thread, in a channel or to the bot alone.
func (w *world) delivered(by tickets.UserID, body string, ch tickets.ChannelID, thread string) bot.Message {
	w.t.Helper()
	ts := w.stamp()
	raw := fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event":{"type":"message","user":%q,"channel":%q,"ts":%q,"event_ts":%q,"thread_ts":%q,%s}}`,
		by, ch, ts, ts, thread, body)
	env, err := slackapi.Classify(json.RawMessage(raw), slackapi.CarrierEvents)
	if err != nil {
		w.t.Fatal(err)
	}
	in := slackapi.NewDecoder(slackapi.StaticOf(slackapi.Installation{Workspace: "T1", BotToken: "x", BotUser: "UBOT", BotID: "BBOT", AppID: "A1"})).Decode(env)
	if in.Message == nil {
		w.t.Fatalf("no message in %s", raw)
	}
	w.handle(in)
	return *in.Message
}

// Only an author's own words order anything, whatever stands beside what they forward or quote.
func TestOwnWordsAloneOrder(t *testing.T) {
	const thread, top, direct = "thread", "channel", "alone"
	for _, tt := range []struct {
		name, where, body, seen string
		status                  tickets.Status
		says                    string // in the history
	}{
		{"nothing", thread, `"text":"",` + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"a mention", thread, `"text":"<@UBOT>",` + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"nothing to see", thread, `"text":"\u200b",` + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"a courtesy", thread, `"text":"麻烦",` + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"another", thread, `"text":"请 ",` + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"the number", thread, `"text":"T-1",` + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"a mark", thread, `"text":"、ticket",` + forwards("完结"), "command", tickets.StatusInProgress, ""}, // of which it is not known what was meant
		{"mention and number", top, `"text":"<@UBOT> T-1",` + forwards("完结"), "added", tickets.StatusInProgress, ""},
		{"a mention in a channel", top, `"text":"<@UBOT>",` + forwards("T-1 完结"), "added", tickets.StatusInProgress, ""},
		{"a slash", direct, `"text":"/",` + forwards("T-1 完结"), "added", tickets.StatusInProgress, ""},
		{"please", direct, `"text":"please ",` + forwards("T-1 完结"), "added", tickets.StatusInProgress, ""},
		{"the number alone", direct, `"text":"T-1",` + forwards("完结"), "added", tickets.StatusInProgress, ""},
		{"blank block", thread, blocks("rich_text_section", `{"type":"text","text":" "}`) + "," + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"mention in a block", thread, blocks("rich_text_section", `{"type":"user","user_id":"UBOT"}`) + "," + forwards("完结"), "note", tickets.StatusInProgress, ""},
		{"a quotation", thread, blocks("rich_text_quote", `{"type":"text","text":"完结"}`), "note", tickets.StatusInProgress, ""},
		{"a quotation that calls the bot", top, blocks("rich_text_quote", `{"type":"user","user_id":"UBOT"},{"type":"text","text":" T-1 完结"}`), "added", tickets.StatusInProgress, ""},
		{"a screenshot of words", thread, blocks("rich_text_preformatted", `{"type":"text","text":"完结"}`), "note", tickets.StatusInProgress, ""},

		{"an order", thread, `"text":"完结",` + forwards("买家说收到了"), "command", tickets.StatusResolved, "买家说收到了"},
		{"an order to the bot", top, `"text":"<@UBOT> T-1 完结",` + forwards("重开"), "command", tickets.StatusResolved, "重开"},
		{"an order in a block", thread, blocks("rich_text_section", `{"type":"text","text":"完结"}`) + "," + forwards("重开"), "command", tickets.StatusResolved, "重开"},
		{"a note", direct, `"text":"备注 T-1",` + forwards("买家周五前要"), "command", tickets.StatusInProgress, "买家周五前要"},
		{"a new ticket", direct, `"text":"新建",` + forwards("买家要开发票"), "command", tickets.StatusInProgress, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				root := w.says(anna, wantsReturn)
				w.types(li, "领取 1")
				w.speak()
				ch, in := desk, ""
				switch tt.where {
				case thread:
					in = root.TS
				case direct:
					ch = "D1"
				}
				m := w.delivered(li, tt.body, ch, in)
				all := w.all()
				if got := w.seen(m); got != tt.seen || all[0].Status != tt.status {
					t.Errorf("%q became %s, status %s, want %s, %s", m.Text, got, all[0].Status, tt.seen, tt.status)
				}
				if n := len(all); (n == 2) != (tt.name == "a new ticket") {
					t.Errorf("%d tickets", n)
				}
				var said strings.Builder
				for _, e := range w.events(all[0].ID) {
					said.WriteString(e.Message.Text + "\n")
				}
				if !strings.Contains(said.String(), tt.says) {
					t.Errorf("history says %q, want %q in it", said.String(), tt.says)
				}
				w.sound()
			})
		})
	}
}

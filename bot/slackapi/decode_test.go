package slackapi

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/tickets"
)

func installed() *Static {
	return StaticOf(Installation{Workspace: "T1", BotToken: "xoxb-test", BotUser: "UBOT", BotID: "BBOT", AppID: "A1"})
}

func decode(t *testing.T, raw string, by Carrier) bot.Input {
	t.Helper()
	env, err := Classify(json.RawMessage(raw), by)
	if err != nil {
		t.Fatalf("Classify(%s) = %v", raw, err)
	}
	return NewDecoder(installed()).Decode(env)
}

// callback wraps an inner event.
func callback(event string) string {
	return `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],"event":` + event + `}`
}

var at0 = time.Unix(1700000000, 100_000).UTC()

func TestDecodeMessages(t *testing.T) {
	t.Parallel()
	said := func(change func(*bot.Message)) bot.Input {
		m := &bot.Message{Channel: "C1", TS: "1700000000.000100", Author: "U1", Text: "你好", Sent: at0}
		change(m)
		return bot.Input{Message: m}
	}
	const base = `"channel":"C1","ts":"1700000000.000100","event_ts":"1700000000.000100"`
	tests := []struct {
		name, event string
		want        bot.Input
	}{
		{"plain", `{"type":"message","user":"U1","text":"你好",` + base + `}`, said(func(*bot.Message) {})},
		{"thread reply", `{"type":"message","user":"U1","text":"你好","thread_ts":"1699999999.000100",` + base + `}`,
			said(func(m *bot.Message) { m.Thread = "1699999999.000100" })},
		{"root of a thread", `{"type":"message","user":"U1","text":"你好","thread_ts":"1700000000.000100",` + base + `}`, said(func(*bot.Message) {})},
		{"file", `{"type":"message","subtype":"file_share","user":"U1","text":"你好","files":[{"id":"F1","name":"a.png","mimetype":"image/png","size":7,"permalink":"https://x/F1"}],` + base + `}`,
			said(func(m *bot.Message) {
				m.Files = []tickets.File{{ID: "F1", Name: "a.png", Mime: "image/png", Size: 7, Link: "https://x/F1"}}
			})},
		{"broadcast", `{"type":"message","subtype":"thread_broadcast","user":"U1","text":"你好","thread_ts":"1699999999.000100",` + base + `}`,
			said(func(m *bot.Message) { m.Thread = "1699999999.000100" })},
		{"me", `{"type":"message","subtype":"me_message","user":"U1","text":"你好",` + base + `}`, said(func(*bot.Message) {})},
		{"join", `{"type":"message","subtype":"channel_join","user":"U1","text":"你好",` + base + `}`, said(func(m *bot.Message) { m.System = true })},
		{"other bot", `{"type":"message","subtype":"bot_message","bot_id":"B2","text":"你好",` + base + `}`,
			said(func(m *bot.Message) { m.Bot, m.Author, m.BotID = true, "B2", "B2" })},
		{"named bot", `{"type":"message","subtype":"bot_message","bot_id":"B2","username":"抖店通知","text":"你好",` + base + `}`,
			said(func(m *bot.Message) { m.Bot, m.Author, m.BotID, m.BotName = true, "B2", "B2", "抖店通知" })},
		{"app with a card", `{"type":"message","user":"U9","bot_id":"B2","bot_profile":{"name":"Relay"},"text":"你好","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"工单 1 &amp; 2"}}],"attachments":[{"text":"今天截止"}],` + base + `}`,
			said(func(m *bot.Message) {
				m.Bot, m.Author, m.BotID, m.BotName, m.Text = true, "U9", "B2", "Relay", "你好\n工单 1 & 2\n今天截止"
			})},
		{"own", `{"type":"message","user":"UBOT","bot_id":"BBOT","text":"你好",` + base + `}`,
			said(func(m *bot.Message) { m.Own, m.Bot, m.Author, m.BotID = true, true, "UBOT", "BBOT" })},
		{"mentions", `{"type":"message","user":"U1","text":"<@UBOT> <@U2> <@U3|li> <@U2>",` + base + `}`,
			said(func(m *bot.Message) {
				m.Text, m.Mentions, m.ToBot = "@UBOT @U2 @U3 @U2", []tickets.UserID{"U2", "U3"}, true
			})},
		{"app_mention", `{"type":"app_mention","user":"U1","text":"<@UBOT> 完结",` + base + `}`,
			said(func(m *bot.Message) { m.Text, m.ToBot = "@UBOT 完结", true })},
		{"direct", `{"type":"message","channel_type":"im","user":"U1","text":"你好","channel":"D1","ts":"1700000000.000100"}`,
			said(func(m *bot.Message) { m.Channel, m.Direct, m.ToBot = "D1", true, true })},
		{"words only in blocks", `{"type":"message","user":"U1","text":"","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"你<好>"},{"type":"user","user_id":"U2"}]}]}],` + base + `}`,
			said(func(m *bot.Message) { m.Text, m.Mentions = "你<好>@U2", []tickets.UserID{"U2"} })},
		{"forwarded", `{"type":"message","user":"U1","text":"","attachments":[{"is_share":true,"text":"坏了 &amp; 要退","fallback":"x"}],` + base + `}`,
			said(func(m *bot.Message) { m.Text, m.Quotes = "坏了 & 要退", "坏了 & 要退" })},
		{"forwarded with a comment", `{"type":"message","user":"U1","text":"看下","attachments":[{"is_share":true,"text":"<@U7> 坏了"},{"title":"preview","text":"of a link"}],` + base + `}`,
			said(func(m *bot.Message) { m.Text, m.Words, m.Quotes = "看下\n@U7 坏了", "看下", "@U7 坏了" })},
		{"forwarded blocks call nobody", `{"type":"message","user":"U1","text":"","attachments":[{"is_share":true,"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"UBOT"},{"type":"text","text":" 完结"}]}]}]}],` + base + `}`,
			said(func(m *bot.Message) { m.Text, m.Quotes = "@UBOT 完结", "@UBOT 完结" })},
		{"a quotation between words", `{"type":"message","user":"U1","text":"","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"看"}]},{"type":"rich_text_quote","elements":[{"type":"user","user_id":"U7"},{"type":"text","text":"完结"}]},{"type":"rich_text_section","elements":[{"type":"user","user_id":"U2"},{"type":"text","text":"吧"}]}]}],` + base + `}`,
			said(func(m *bot.Message) {
				m.Text, m.Words, m.Quotes, m.Mentions = "看\n@U7完结\n@U2吧", "看\n@U2吧", "@U7完结", []tickets.UserID{"U2"}
			})},
		{"unknown element and odd types", `{"type":"message","user":"U1","text":"你好","blocks":[{"type":"actions","elements":[{"type":"workflow_button","x":[1]}]}],"attachments":[{"ts":"bad"}],"files":{"no":"list"},` + base + `}`,
			said(func(*bot.Message) {})},
		{"no channel", `{"type":"message","user":"U1","text":"x","ts":"1.2"}`, bot.Input{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, decode(t, callback(tt.event), CarrierEvents)); d != "" {
				t.Errorf("Decode(%s) (-want +got):\n%s", tt.event, d)
			}
		})
	}
}

func TestDecodeChanges(t *testing.T) {
	t.Parallel()
	const head = `"type":"message","channel":"C1","hidden":true,"ts":"1700000009.000100","event_ts":"1700000009.000200",`
	tests := []struct {
		name, event string
		want        bot.Input
	}{
		{"edit", `{` + head + `"subtype":"message_changed","message":{"user":"U1","text":"新","ts":"1700000000.000100","edited":{"user":"U1","ts":"1700000008.000000"}},"previous_message":{"user":"U1","text":"旧","ts":"1700000000.000100"}}`,
			bot.Input{Edit: &bot.Edit{Message: bot.Message{Channel: "C1", TS: "1700000000.000100", Author: "U1", Text: "新", Sent: at0, Edited: time.Unix(1700000008, 0).UTC()}, Old: "旧", At: time.Unix(1700000008, 0).UTC()}}},
		{"preview", `{` + head + `"subtype":"message_changed","message":{"user":"U1","text":"同","ts":"1700000000.000100","attachments":[{}]},"previous_message":{"user":"U1","text":"同","ts":"1700000000.000100"}}`, bot.Input{}},
		{"file taken away", `{` + head + `"subtype":"message_changed","message":{"user":"U1","text":"同","ts":"1700000000.000100"},"previous_message":{"user":"U1","text":"同","ts":"1700000000.000100","files":[{"id":"F1"}]}}`,
			bot.Input{Edit: &bot.Edit{Message: bot.Message{Channel: "C1", TS: "1700000000.000100", Author: "U1", Text: "同", Sent: at0}, Old: "同", At: time.Unix(1700000009, 200_000).UTC()}}},
		{"deleted", `{` + head + `"subtype":"message_deleted","deleted_ts":"1700000000.000100","previous_message":{"user":"U1","text":"旧","ts":"1700000000.000100","thread_ts":"1699999999.000100"}}`,
			bot.Input{Delete: &bot.Delete{Channel: "C1", TS: "1700000000.000100", Thread: "1699999999.000100", Author: "U1", At: time.Unix(1700000009, 200_000).UTC()}}},
		{"card of a bot", `{` + head + `"subtype":"message_changed","message":{"subtype":"bot_message","bot_id":"B1","username":"通知","text":"","ts":"1700000000.000100","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"截止 20:00"}}]},"previous_message":{"subtype":"bot_message","bot_id":"B1","text":"","ts":"1700000000.000100","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"截止 18:00"}}]}}`,
			bot.Input{Edit: &bot.Edit{At: time.Unix(1700000009, 200_000).UTC(), Old: "截止 18:00", Message: bot.Message{Channel: "C1", TS: "1700000000.000100", Author: "B1", Text: "截止 20:00", Bot: true, BotID: "B1", BotName: "通知", Sent: at0}}}},
		{"gravestone", `{` + head + `"subtype":"message_changed","message":{"subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1700000000.000100"},"previous_message":{"user":"U1","text":"旧","ts":"1700000000.000100"}}`,
			bot.Input{Delete: &bot.Delete{Channel: "C1", TS: "1700000000.000100", Author: "U1", At: time.Unix(1700000009, 200_000).UTC()}}},
		{"reply count", `{` + head + `"subtype":"message_replied","message":{"ts":"1700000000.000100"}}`, bot.Input{}},
		{"reaction", `{"type":"reaction_added","user":"U1","reaction":"eyes","item":{"type":"message","channel":"C1","ts":"1700000000.000100"},"event_ts":"1700000009.000200"}`,
			bot.Input{Reaction: &bot.Reaction{Channel: "C1", TS: "1700000000.000100", User: "U1", Emoji: "eyes"}}},
		{"own reaction", `{"type":"reaction_added","user":"UBOT","reaction":"eyes","item":{"type":"message","channel":"C1","ts":"1700000000.000100"},"event_ts":"1700000009.000200"}`, bot.Input{}},
		{"joined", `{"type":"member_joined_channel","user":"UBOT","channel":"C1","inviter":"U1","event_ts":"1700000000.000100"}`,
			bot.Input{Joined: &bot.Joined{Channel: "C1", By: "U1", At: at0}}},
		{"somebody else joined", `{"type":"member_joined_channel","user":"U2","channel":"C1","inviter":"U1","event_ts":"1700000000.000100"}`, bot.Input{}},
		{"user as object", `{"type":"user_change","user":{"id":"U1"}}`, bot.Input{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, decode(t, callback(tt.event), CarrierEvents)); d != "" {
				t.Errorf("Decode(%s) (-want +got):\n%s", tt.event, d)
			}
		})
	}
}

func TestDecodeInteractions(t *testing.T) {
	t.Parallel()
	click := func(action, extra string) string {
		return fmt.Sprintf(`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":"T2"},"channel":{"id":"C1"},"container":{"type":"message","message_ts":"1700000000.000100","thread_ts":"1699999999.000100"%s},"trigger_id":"tr1","response_url":"https://hooks.slack.com/x","actions":[%s]}`, extra, action)
	}
	want := func(change func(*bot.Click)) bot.Input {
		c := &bot.Click{Channel: "C1", TS: "1700000000.000100", Thread: "1699999999.000100", User: "U1", Trigger: "tr1", Respond: "https://hooks.slack.com/x"}
		change(c)
		return bot.Input{Click: c}
	}
	tests := []struct {
		name, raw string
		want      bot.Input
	}{
		{"button", click(`{"type":"button","action_id":"claim","block_id":"v:other","value":"tk1"}`, ""),
			want(func(c *bot.Click) { c.Action, c.Value = "claim", "tk1" })},
		{"second button of the same id", click(`{"type":"button","action_id":"ack#2","value":"tk1"}`, ""),
			want(func(c *bot.Click) { c.Action, c.Value = "ack", "tk1" })},
		{"select", click(`{"type":"static_select","action_id":"wait_for","block_id":"v:tk1","selected_option":{"value":"courier|tk1"}}`, ""),
			want(func(c *bot.Click) { c.Action, c.Value, c.Selected = "wait_for", "tk1", "courier|tk1" })},
		{"person, ephemeral", click(`{"type":"users_select","action_id":"assign_to","block_id":"v:tk1#2","selected_user":"U9"}`, `,"is_ephemeral":true`),
			want(func(c *bot.Click) { c.Action, c.Value, c.Selected, c.TS = "assign_to", "tk1", "U9", "" })},
		{"overflow", click(`{"type":"overflow","action_id":"more_do","block_id":"Xy1","selected_option":{"value":"close|tk1"}}`, ""),
			want(func(c *bot.Click) { c.Action, c.Selected = "more_do", "close|tk1" })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, decode(t, tt.raw, CarrierInteractive)); d != "" {
				t.Errorf("Decode(%s) (-want +got):\n%s", tt.raw, d)
			}
		})
	}
	env, err := Classify(json.RawMessage(`{"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/ticket","text":"assign <@U2|li> &lt;急&gt;","trigger_id":"tr2","response_url":"https://hooks.slack.com/y","is_enterprise_install":"false"}`), CarrierCommands)
	if err != nil {
		t.Fatal(err)
	}
	env.Received = at0
	got := NewDecoder(installed()).Decode(env)
	if d := cmp.Diff(bot.Input{Command: &bot.SlashCommand{Channel: "C1", User: "U1", Name: "/ticket", Text: "assign @U2 <急>", Mentions: []tickets.UserID{"U2"}, Trigger: "tr2", Respond: "https://hooks.slack.com/y", Sent: at0}}, got); d != "" {
		t.Errorf("command (-want +got):\n%s", d)
	}
}

// A shortcut of a message is a press about it that brings the message along.
func TestDecodeShortcuts(t *testing.T) {
	t.Parallel()
	shortcut := func(rest string) string {
		return `{"type":"message_action","callback_id":"make_message","trigger_id":"tr1","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"https://hooks.slack.com/x"` + rest + `}`
	}
	on := func(change func(*bot.Click)) bot.Input {
		c := &bot.Click{Channel: "C1", TS: "1700000000.000100", User: "U1", Action: "make_message", Value: "C1/1700000000.000100", Trigger: "tr1",
			Respond: "https://hooks.slack.com/x", Said: &bot.Message{Channel: "C1", TS: "1700000000.000100", Author: "U2", Text: "要 <退货> @U3",
				Mentions: []tickets.UserID{"U3"}, Sent: at0}}
		change(c)
		return bot.Input{Click: c}
	}
	const said = `"type":"message","user":"U2","ts":"1700000000.000100","text":"要 &lt;退货&gt; <@U3>"`
	for name, tt := range map[string]struct {
		raw  string
		want bot.Input
	}{
		"on a message": {shortcut(`,"channel":{"id":"C1","name":"x"},"message_ts":"1700000000.000100","message":{` + said + `}`), on(func(*bot.Click) {})},
		"on a reply": {shortcut(`,"channel":{"id":"C1"},"message":{` + said + `,"thread_ts":"1699999999.000100"}`), on(func(c *bot.Click) {
			c.Thread, c.Said.Thread = "1699999999.000100", "1699999999.000100"
		})},
		"on our own": {shortcut(`,"channel":{"id":"C1"},"message":{` + said + `,"bot_id":"BBOT"}`), on(func(c *bot.Click) { c.Said.Own, c.Said.Bot, c.Said.BotID = true, true, "BBOT" })},
		"on nothing": {shortcut(`,"channel":{"id":"C1"}`), bot.Input{}},
		"global":     {`{"type":"shortcut","callback_id":"make_message","trigger_id":"tr1","team":{"id":"T1"},"user":{"id":"U1"}}`, bot.Input{}},
	} {
		if diff := cmp.Diff(tt.want, decode(t, tt.raw, CarrierInteractive)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"", ""}, {"a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"}, {"<#C1|退货>", "#退货"}, {"<#C1>", "#C1"},
		{"<https://a.cn/x?a=1&amp;b=2|点这里>", "点这里 (https://a.cn/x?a=1&b=2)"}, {"<https://a.cn>", "https://a.cn"},
		{"<http://a.cn|a.cn>", "a.cn"}, {"<mailto:a@b.cn|a@b.cn>", "a@b.cn"}, {"<!channel> <!here> <!everyone>", "@channel @here @everyone"},
		{"<!subteam^S1|@客服>", "@客服"}, {"<!subteam^S1>", "@S1"}, {"<!date^1700000000^{date}|11月15日>", "11月15日"},
		{"1 < 2", "1 < 2"}, {"<<@U1>", "<@U1"}, {"<>", ""}, {"<unclosed", "<unclosed"}, {"a > b", "a > b"},
	}
	for _, tt := range tests {
		if got, _ := plain(tt.in); got != tt.want {
			t.Errorf("plain(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

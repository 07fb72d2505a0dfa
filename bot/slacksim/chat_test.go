package slacksim_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"gongdan/bot/slacksim"
)

// slackError is Slack's error word, or the error's own text.
func slackError(err error) string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.Err
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestPostUpdateDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	meta := slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"id": "o-1"}}
	_, ts, err := w.api.PostMessage(room, slack.MsgOptionText("a", false), slack.MsgOptionBlocks(buttons()), slack.MsgOptionMetadata(meta))
	must(t, err)
	_, _, _, err = w.api.UpdateMessage(room, ts, slack.MsgOptionText("b", false))
	must(t, err)
	m := w.Messages(room)[0]
	if m.Text != "b" || !m.Edited || !strings.Contains(string(m.Blocks), "claim") || !strings.Contains(string(m.Metadata), "o-1") {
		t.Errorf("after update = %+v", m)
	}
	history, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: room, IncludeAllMetadata: true})
	must(t, err)
	if diff := cmp.Diff(meta, history.Messages[0].Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	bare, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: room})
	must(t, err)
	if got := bare.Messages[0].Metadata.EventType; got != "" {
		t.Errorf("metadata without asking = %q", got)
	}
	_, _, err = w.api.DeleteMessage(room, ts)
	must(t, err)
	if m := w.Messages(room)[0]; !m.Deleted {
		t.Errorf("after delete = %+v", m)
	}
}

func TestChatErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: -1})
	theirs := w.post(t, lin, room, "mine")
	_, ours, err := w.api.PostMessage(room, slack.MsgOptionText("x", false))
	must(t, err)
	text := slack.MsgOptionText("x", false)
	post := func(channel string, o ...slack.MsgOption) error {
		_, _, err := w.api.PostMessage(channel, o...)
		return err
	}
	update := func(ts string, o ...slack.MsgOption) error {
		_, _, _, err := w.api.UpdateMessage(room, ts, o...)
		return err
	}
	section := func(n int) slack.MsgOption {
		return slack.MsgOptionBlocks(slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("字", n), false, false), nil, nil))
	}
	many := func(n, size int) slack.MsgOption {
		var list []slack.Block
		for range n {
			list = append(list, slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("a", size), false, false), nil, nil))
		}
		return slack.MsgOptionBlocks(list...)
	}
	_, _, deleteErr := w.api.DeleteMessage(room, theirs)
	_, ephemeralErr := w.api.PostEphemeral(room, guest, text)
	_, badTokenErr := w.client("xoxb-wrong").AuthTest()
	_, appTokenErr := w.client("xapp-1-A00000001").AuthTest()
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"unknown channel", post("C404", text), "channel_not_found"},
		{"private without the bot", post("G1", text), "channel_not_found"},
		{"public without the bot", post("C2", text), "not_in_channel"},
		{"nothing to say", post(room), "no_text"},
		{"section at its limit", post(room, section(3000)), ""},
		{"section over its limit", post(room, section(3001)), "invalid_blocks"},
		{"fifty blocks", post(room, many(50, 1)), ""},
		{"too many blocks", post(room, many(51, 1)), "invalid_blocks"},
		{"too much in all", post(room, many(5, 2700)), "msg_blocks_too_long"},
		{"not ours", update(theirs, text), "cant_update_message"},
		{"no such message", update("1.000001", text), "message_not_found"},
		{"long update", update(ours, slack.MsgOptionText(strings.Repeat("x", 4001), false)), "msg_too_long"},
		{"delete another's", deleteErr, "cant_delete_message"},
		{"ephemeral for an outsider", ephemeralErr, "user_not_in_channel"},
		{"wrong token", badTokenErr, "invalid_auth"},
		{"app token", appTokenErr, "not_allowed_token_type"},
		{"react", w.api.AddReaction("eyes", slack.NewRefToMessage(room, ours)), ""},
		{"react again", w.api.AddReaction("eyes", slack.NewRefToMessage(room, ours)), "already_reacted"},
		{"unreact", w.api.RemoveReaction("eyes", slack.NewRefToMessage(room, ours)), ""},
		{"unreact again", w.api.RemoveReaction("eyes", slack.NewRefToMessage(room, ours)), "no_reaction"},
	}
	for _, tt := range tests {
		if got := slackError(tt.err); got != tt.want {
			t.Errorf("%s: error = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestLongTextIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	_, _, err := w.api.PostMessage(room, slack.MsgOptionText(strings.Repeat("长", 40_001), false))
	must(t, err)
	if n := len([]rune(w.Messages(room)[0].Text)); n != 40_000 {
		t.Errorf("kept %d characters", n)
	}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: -1})
	root := w.post(t, lin, room, "root")
	var replies []string
	for _, text := range []string{"1", "2", "3"} {
		_, ts, err := w.api.PostMessage(room, slack.MsgOptionText(text, false), slack.MsgOptionTS(root))
		must(t, err)
		replies = append(replies, ts)
	}
	page, more, cursor, err := w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: room, Timestamp: root, Limit: 2})
	must(t, err)
	if len(page) != 2 || !more || page[0].ReplyCount != 3 || page[0].LatestReply != replies[2] || page[1].ParentUserId != lin {
		t.Errorf("first page = %+v", page)
	}
	page, more, _, err = w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: room, Timestamp: root, Limit: 2, Cursor: cursor})
	must(t, err)
	if len(page) != 2 || more || page[1].Timestamp != replies[2] {
		t.Errorf("second page = %+v, more %v", page, more)
	}
	since, _, _, err := w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: room, Timestamp: root, Oldest: replies[0]})
	must(t, err)
	if len(since) != 3 || since[0].Timestamp != root {
		t.Errorf("replies since the first = %d messages, want root and two", len(since))
	}
	must(t, w.Delete(lin, room, root))
	history, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: room})
	must(t, err)
	if len(history.Messages) != 1 || history.Messages[0].SubType != "tombstone" {
		t.Errorf("history after deleting the root = %+v", history.Messages)
	}
	lonely := w.post(t, lin, room, "gone")
	must(t, w.Delete(lin, room, lonely))
	_, _, m, err := w.api.PostMessageWithResponse(room, slack.MsgOptionText("late", false), slack.MsgOptionTS(lonely))
	must(t, err)
	if m.ThreadTimestamp != "" {
		t.Errorf("reply to a deleted message landed in thread %s", m.ThreadTimestamp)
	}
}

func TestHistoryRange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	var ts []string
	for _, text := range []string{"a", "b", "c", "d"} {
		ts = append(ts, w.post(t, lin, room, text))
	}
	tests := []struct {
		name   string
		params slack.GetConversationHistoryParameters
		want   string
	}{
		{"all, newest first", slack.GetConversationHistoryParameters{}, "dcba"},
		{"after", slack.GetConversationHistoryParameters{Oldest: ts[1]}, "dc"},
		{"from", slack.GetConversationHistoryParameters{Oldest: ts[1], Inclusive: true}, "dcb"},
		{"between", slack.GetConversationHistoryParameters{Oldest: ts[0], Latest: ts[3]}, "cb"},
		{"newest two", slack.GetConversationHistoryParameters{Limit: 2}, "dc"},
	}
	for _, tt := range tests {
		tt.params.ChannelID = room
		res, err := w.api.GetConversationHistory(&tt.params)
		must(t, err)
		var got strings.Builder
		for _, m := range res.Messages {
			got.WriteString(m.Text)
		}
		if got.String() != tt.want {
			t.Errorf("%s = %q, want %q", tt.name, got.String(), tt.want)
		}
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	wall := start
	w := newWorld(t, slacksim.Options{Wall: func() time.Time { return wall }})
	post := func() time.Duration {
		_, _, err := w.api.PostMessage(room, slack.MsgOptionText("x", false))
		if e, ok := errors.AsType[*slack.RateLimitedError](err); ok {
			return e.RetryAfter
		}
		must(t, err)
		return 0
	}
	for i, want := range []time.Duration{0, 0, 0, time.Second} {
		if got := post(); got != want {
			t.Errorf("post %d: retry after %v, want %v", i+1, got, want)
		}
	}
	wall = wall.Add(time.Second)
	if got := post(); got != 0 {
		t.Errorf("a second later: retry after %v", got)
	}
	var limited error
	n := 0
	for ; n < 60 && limited == nil; n++ {
		_, limited = w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: room})
	}
	e, ok := errors.AsType[*slack.RateLimitedError](limited)
	if !ok || n != 51 || e.RetryAfter != 2*time.Second {
		t.Errorf("call %d of a tier 3 method = %v", n, limited)
	}
}

func TestRestrictedHistory(t *testing.T) {
	t.Parallel()
	wall := start
	w := newWorld(t, slacksim.Options{RestrictedHistory: true, Wall: func() time.Time { return wall }})
	for range 20 {
		w.post(t, lin, room, "x")
	}
	params := &slack.GetConversationHistoryParameters{ChannelID: room, Limit: 100}
	res, err := w.api.GetConversationHistory(params)
	must(t, err)
	if len(res.Messages) != 15 {
		t.Errorf("%d messages, want 15", len(res.Messages))
	}
	_, err = w.api.GetConversationHistory(params)
	if e, ok := errors.AsType[*slack.RateLimitedError](err); !ok || e.RetryAfter != time.Minute {
		t.Errorf("second call = %v", err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		var fault slacksim.Fault
		w.OnCall(func(c slacksim.Call) slacksim.Fault { return fault })
		post := func(f slacksim.Fault) (time.Duration, error) {
			fault = f
			began := time.Now()
			_, _, err := w.api.PostMessage(room, slack.MsgOptionText("x", false))
			return time.Since(began), err
		}
		if d, err := post(slacksim.Fault{Latency: 2 * time.Second}); d != 2*time.Second || err != nil {
			t.Errorf("latency: %v after %v", err, d)
		}
		if _, err := post(slacksim.Fault{Error: "fatal_error"}); slackError(err) != "fatal_error" {
			t.Errorf("refused: %v", err)
		}
		if _, err := post(slacksim.Fault{RetryAfter: 7}); !errors.As(err, new(*slack.RateLimitedError)) {
			t.Errorf("429: %v", err)
		}
		if _, err := post(slacksim.Fault{Status: 503}); !errors.As(err, new(slack.StatusCodeError)) {
			t.Errorf("503: %v", err)
		}
		if _, err := post(slacksim.Fault{CutBefore: true}); err == nil {
			t.Error("cut before: no error")
		}
		if n := len(w.Messages(room)); n != 1 {
			t.Errorf("%d messages before the lost reply, want 1", n)
		}
		if _, err := post(slacksim.Fault{LostReply: true}); err == nil {
			t.Error("lost reply: no error")
		}
		if n := len(w.Messages(room)); n != 2 {
			t.Errorf("%d messages after the lost reply, want 2", n)
		}
		last := w.Calls()[len(w.Calls())-1]
		if last.Method != "chat.postMessage" || last.Args["channel"] != room || last.Status != 0 || last.Args["token"] != "" {
			t.Errorf("journal = %+v", last)
		}
	})
}

func TestArgumentForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{LimitScale: -1})
	call := func(method, kind, token, body string) string {
		req, err := http.NewRequest(http.MethodPost, w.URL()+"/api/"+method, strings.NewReader(body))
		must(t, err)
		req.Header.Set("Content-Type", kind)
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := w.http.Do(req)
		must(t, err)
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		must(t, err)
		return string(data)
	}
	const form, jsonType = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
	multi := "--X\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\nC1\r\n--X\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhi\r\n--X--\r\n"
	tests := []struct{ name, method, kind, token, body, want string }{
		{"form token", "auth.test", form, "", "token=xoxb-T1", `"ok":true`},
		{"header token", "auth.test", form, "xoxb-T1", "", `"ok":true`},
		{"json", "chat.postMessage", jsonType, "xoxb-T1", `{"channel":"C1","blocks":[{"type":"divider"}],"unfurl_links":false}`, `"ok":true`},
		{"multipart", "chat.postMessage", "multipart/form-data; boundary=X", "xoxb-T1", multi, `"ok":true`},
		{"bad json", "chat.postMessage", jsonType, "xoxb-T1", `{`, `"invalid_json"`},
		{"no token", "auth.test", form, "", "", `"not_authed"`},
		{"unknown method", "chat.sing", form, "xoxb-T1", "", `"unknown_method"`},
		{"app token in the body", "apps.connections.open", form, "", "token=xapp-1-A00000001", `"not_allowed_token_type"`},
		{"app token in the header", "apps.connections.open", form, "xapp-1-A00000001", "", `"url":"ws://`},
		{"block ids not unique", "chat.postMessage", jsonType, "xoxb-T1",
			`{"channel":"C1","blocks":[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]}`, "block_id already exists"},
	}
	for _, tt := range tests {
		if got := call(tt.method, tt.kind, tt.token, tt.body); !strings.Contains(got, tt.want) {
			t.Errorf("%s = %s, want %s in it", tt.name, got, tt.want)
		}
	}
}

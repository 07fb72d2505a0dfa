package slacksim_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"gongdan/bot/slacksim"
)

// inner lists the inner events that arrived, "type text".
func inner(events []socketmode.Event) []string {
	var out []string
	for _, e := range events {
		api, ok := e.Data.(slackevents.EventsAPIEvent)
		if !ok {
			continue
		}
		switch ev := api.InnerEvent.Data.(type) {
		case *slackevents.MessageEvent:
			out = append(out, "message "+ev.SubType+" "+ev.Message.Text)
		case *slackevents.AppMentionEvent:
			out = append(out, "app_mention "+ev.Text)
		case *slackevents.MemberJoinedChannelEvent:
			out = append(out, "joined "+ev.User)
		case *slackevents.ReactionAddedEvent:
			out = append(out, "reaction "+ev.Reaction+" "+ev.User)
		case *slackevents.ReactionRemovedEvent:
			out = append(out, "unreaction "+ev.Reaction)
		case *slackevents.AppHomeOpenedEvent:
			out = append(out, "home "+ev.User+" "+ev.Tab)
		default:
			out = append(out, api.InnerEvent.Type)
		}
	}
	return out
}

func TestEventsReachTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{})
		w.post(t, lin, "C2", "the bot is not here")
		ts := w.post(t, lin, room, "@gongdan 看 <b> & https://a.example/x?y=1&z=2")
		must(t, w.React(wang, room, ts, "eyes"))
		must(t, w.Unreact(wang, room, ts, "eyes"))
		must(t, w.Edit(lin, room, ts, "改了"))
		reply := w.post(t, wang, room, "图", slacksim.InThread(ts), slacksim.WithFiles(slacksim.File{Name: "a.png"}))
		must(t, w.Delete(wang, room, reply))
		w.post(t, wang, room, "又", slacksim.InThread(ts), slacksim.Broadcast())
		must(t, w.Delete(lin, room, ts))
		w.Invite("C2", bot)
		w.OpenHome(team, lin)
		w.Remove("C2", bot)
		w.post(t, wang, room, "hi <!here>", slacksim.AsBot())
		w.settled(t)

		want := []string{
			"message  <@UBOT00001> 看 &lt;b&gt; &amp; <https://a.example/x?y=1&amp;z=2>",
			"app_mention <@UBOT00001> 看 &lt;b&gt; &amp; <https://a.example/x?y=1&amp;z=2>",
			"reaction eyes UWANG", "unreaction eyes",
			"message message_changed 改了",
			"message file_share 图",
			"message message_deleted ",
			"message thread_broadcast 又",
			"message message_changed This message was deleted.",
			"joined UBOT00001", "message channel_join <@UBOT00001> has joined the channel",
			"home ULIN home", "member_left_channel", "channel_left",
			"message bot_message hi <!here>",
		}
		if diff := cmp.Diff(want, inner(l.all())); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOwnPostsComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{})
		_, _, err := w.api.PostMessage(room, slack.MsgOptionText("卡片", false))
		must(t, err)
		w.settled(t)
		ev := l.all()[0].Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
		if ev.BotID != "B00000001" || ev.User != bot {
			t.Errorf("own post = bot_id %q user %q", ev.BotID, ev.User)
		}
	})
}

func TestUnackedEventsAreRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{deaf: func(socketmode.Event) bool { return true }})
		began := time.Now()
		w.post(t, lin, room, "破了")
		ctx := t.Context()
		must(t, w.Wait(ctx, func() bool { return w.Unacked() == 0 }))

		var at []time.Duration
		for _, d := range w.Deliveries() {
			at = append(at, d.Sent.Sub(began))
		}
		want := []time.Duration{0, 4 * time.Second, 67 * time.Second, 370 * time.Second}
		if diff := cmp.Diff(want, at); diff != "" {
			t.Errorf("attempts after (-want +got):\n%s", diff)
		}
		ids := map[string]bool{}
		for i, e := range l.all() {
			ids[e.Data.(slackevents.EventsAPIEvent).Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
			if e.Request.RetryAttempt != i || i > 0 && e.Request.RetryReason != "timeout" {
				t.Errorf("attempt %d = retry_attempt %d, %q", i, e.Request.RetryAttempt, e.Request.RetryReason)
			}
		}
		if len(ids) != 1 {
			t.Errorf("retries use %d event ids, want 1", len(ids))
		}
	})
}

func TestEventsWaitForAConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		w.post(t, lin, room, "没人在")
		time.Sleep(10 * time.Second) // virtual: the first retry also finds nobody
		l := w.listen(t, &listener{})
		must(t, w.Wait(t.Context(), func() bool { return w.Unacked() == 0 }))
		if diff := cmp.Diff([]string{"message  没人在"}, inner(l.all())); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if d := w.Deliveries(); len(d) != 3 || d[2].Attempt != 2 || d[2].Acked.IsZero() {
			t.Errorf("deliveries = %+v", d)
		}
	})
}

func TestSocketDiesBeforeTheAck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{deaf: func(e socketmode.Event) bool { return e.Request.RetryAttempt == 0 }})
		w.post(t, lin, room, "断")
		synctest.Wait()
		w.DropSockets()
		w.settled(t)
		if got := l.all(); len(got) != 2 || got[1].Request.RetryReason != "connection_failed" {
			t.Errorf("events = %+v", got)
		}
	})
}

func TestRedeliverUsesNewEventIDs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{})
		ts := w.post(t, lin, room, "once")
		w.Redeliver(room, ts, 5)
		w.settled(t)
		ids := map[string]bool{}
		for _, e := range l.all() {
			cb := e.Data.(slackevents.EventsAPIEvent).Data.(*slackevents.EventsAPICallbackEvent)
			ids[cb.EventID] = true
			if e.Request.RetryAttempt != 0 {
				t.Errorf("retry_attempt = %d", e.Request.RetryAttempt)
			}
		}
		if len(ids) != 6 {
			t.Errorf("%d event ids, want 6", len(ids))
		}
	})
}

func TestCommand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		var got slack.SlashCommand
		l := &listener{answer: func(e socketmode.Event) any {
			if cmd, ok := e.Data.(slack.SlashCommand); ok {
				got = cmd
				return map[string]any{"text": "好 " + cmd.Text}
			}
			return nil
		}}
		w.listen(t, l)
		res, err := w.Command(lin, room, "/ticket", "assign 1 @老王 <x>")
		must(t, err)
		if want := "好 assign 1 <@UWANG|wang> &lt;x&gt;"; res.Text != want || res.ResponseType != "ephemeral" {
			t.Errorf("Command() = %+v, want text %q", res, want)
		}
		if got.UserID != lin || got.ChannelName != "shop-a" || got.TriggerID == "" {
			t.Errorf("payload = %+v", got)
		}
		if e := w.Ephemerals(room, lin); len(e) != 1 || len(w.Ephemerals(room, wang)) != 0 {
			t.Errorf("ephemerals = %+v", e)
		}
		for i := range 6 {
			err := slack.PostWebhookCustomHTTP(got.ResponseURL, w.http, &slack.WebhookMessage{Text: "later", ResponseType: "in_channel"})
			if (err != nil) != (i == 5) {
				t.Errorf("use %d of the response URL: %v", i+1, err)
			}
		}
		if n := len(w.Messages(room)); n != 5 {
			t.Errorf("%d messages in the channel, want 5", n)
		}
	})
}

func TestCommandRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		ts := w.post(t, lin, room, "root")
		tests := []struct {
			name string
			user string
			opts []slacksim.PostOption
			want error
		}{
			{"in a thread", lin, []slacksim.PostOption{slacksim.InThread(ts)}, slacksim.ErrInThread},
			{"by a stranger", "UFOREIGN", nil, slacksim.ErrNoSuchCommand},
			{"not a member", guest, nil, slacksim.ErrNotInChannel},
			{"no app connected", lin, nil, slacksim.ErrNoConnection},
		}
		for i, tt := range tests {
			res, err := w.Command(tt.user, room, "/ticket", "list", tt.opts...)
			if !errors.Is(err, tt.want) || !errors.Is(res.Err, tt.want) {
				t.Errorf("%s: Command() = %v, want %v", tt.name, err, tt.want)
			}
			if len(w.UserErrors()) != i+1 {
				t.Errorf("%s: user errors = %+v", tt.name, w.UserErrors())
			}
		}
		w.listen(t, &listener{deaf: func(socketmode.Event) bool { return true }})
		began := time.Now()
		if _, err := w.Command(lin, room, "/ticket", "list"); !errors.Is(err, slacksim.ErrNotAcked) {
			t.Errorf("Command() without ack = %v", err)
		}
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("gave up after %v, want 3s", d)
		}
	})
}

func buttons() slack.Block {
	button := slack.NewButtonBlockElement("claim", "42", slack.NewTextBlockObject("plain_text", "领取", false, false))
	other := slack.NewTextBlockObject("plain_text", "B", false, false)
	menu := slack.NewOptionsSelectBlockElement("static_select", slack.NewTextBlockObject("plain_text", "选", false, false), "wait",
		slack.NewOptionBlockObject("buyer", other, nil), slack.NewOptionBlockObject("platform", other, nil))
	users := slack.NewOptionsSelectBlockElement("users_select", slack.NewTextBlockObject("plain_text", "谁", false, false), "assign")
	return slack.NewActionBlock("act", button, menu, users)
}

func TestClickAndSelect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{})
		_, ts, err := w.api.PostMessage(room, slack.MsgOptionText("卡", false), slack.MsgOptionBlocks(buttons()))
		must(t, err)
		private, err := w.api.PostEphemeral(room, lin, slack.MsgOptionBlocks(buttons()))
		must(t, err)
		must(t, w.Click(wang, room, ts, "claim"))
		must(t, w.Select(wang, room, ts, "wait", "platform"))
		must(t, w.Select(wang, room, ts, "assign", lin))
		must(t, w.Click(lin, room, private, "claim"))

		var got []string
		for _, e := range l.all() {
			if ic, ok := e.Data.(slack.InteractionCallback); ok {
				a := ic.ActionCallback.BlockActions[0]
				got = append(got, ic.User.ID+" "+a.BlockID+" "+a.ActionID+" "+a.Value+a.SelectedOption.Value+a.SelectedUser)
				if ic.Container.MessageTs == "" || ic.TriggerID == "" || ic.ResponseURL == "" {
					t.Errorf("payload lacks something: %+v", ic)
				}
			}
		}
		want := []string{"UWANG act claim 42", "UWANG act wait platform", "UWANG act assign ULIN", "ULIN act claim 42"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("actions (-want +got):\n%s", diff)
		}
		for name, err := range map[string]error{
			"another's ephemeral": w.Click(wang, room, private, "claim"),
			"no such action":      w.Click(wang, room, ts, "nothing"),
			"no such option":      w.Select(wang, room, ts, "wait", "moon"),
			"guest outside":       w.Click(guest, room, ts, "claim"),
		} {
			if !errors.Is(err, slacksim.ErrNoSuchElement) {
				t.Errorf("%s: error = %v", name, err)
			}
		}
	})
}

func TestModalNeedsAFreshTrigger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		triggers := make(chan string, 3)
		w.listen(t, &listener{answer: func(e socketmode.Event) any {
			if c, ok := e.Data.(slack.SlashCommand); ok {
				triggers <- c.TriggerID
			}
			return nil
		}})
		view := slack.ModalViewRequest{Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "新工单", false, false)}
		view.Blocks.BlockSet = []slack.Block{slack.NewDividerBlock()}
		_, err := w.Command(lin, room, "/ticket", "new")
		must(t, err)
		first := <-triggers
		open, err := w.api.OpenView(first, view)
		must(t, err)
		if _, err := w.api.OpenView(first, view); slackError(err) != "exchanged_trigger_id" {
			t.Errorf("second use = %v", err)
		}
		if _, err := w.api.UpdateView(view, "", "wrong", open.ID); slackError(err) != "hash_conflict" {
			t.Errorf("wrong hash = %v", err)
		}
		_, err = w.api.UpdateView(view, "", open.Hash, open.ID)
		must(t, err)
		if _, err = w.Command(lin, room, "/ticket", "new"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3*time.Second + 1)
		if _, err := w.api.OpenView(<-triggers, view); slackError(err) != "expired_trigger_id" {
			t.Errorf("late use = %v", err)
		}
		if v := w.Views(lin); len(v) != 1 || v[0].ID != open.ID {
			t.Errorf("Views() = %+v", v)
		}
	})
}

// rawSocket dials Socket Mode without a client library.
func (w *world) rawSocket(t *testing.T) (*websocket.Conn, map[string]any) {
	t.Helper()
	_, address, err := w.api.StartSocketModeContext(t.Context())
	must(t, err)
	dialer := &websocket.Dialer{NetDialContext: w.pipe.DialContext}
	conn, _, err := dialer.Dial(address, http.Header{"Origin": {"https://api.slack.com"}})
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	if _, _, err := dialer.Dial(address, nil); err == nil {
		t.Error("a socket address worked twice")
	}
	return conn, readFrame(t, conn)
}

func readFrame(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	var frame map[string]any
	if err := conn.ReadJSON(&frame); err != nil {
		t.Fatal(err)
	}
	return frame
}

func TestSocketsTakeTurnsUpToTen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		var conns []*websocket.Conn
		for i := range 10 {
			conn, hello := w.rawSocket(t)
			if hello["type"] != "hello" || hello["num_connections"] != float64(i+1) {
				t.Fatalf("hello = %v", hello)
			}
			conns = append(conns, conn)
		}
		if _, frame := w.rawSocket(t); frame["reason"] != "too_many_websockets" {
			t.Errorf("eleventh socket got %v", frame)
		}
		for range 10 {
			w.post(t, lin, room, "x")
		}
		for i, conn := range conns {
			frame := readFrame(t, conn)
			if frame["type"] != "events_api" {
				t.Errorf("socket %d got %v", i, frame)
			}
			must(t, conn.WriteJSON(map[string]any{"envelope_id": frame["envelope_id"]}))
		}
		w.settled(t)
	})
}

func TestDisconnect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		conn, _ := w.rawSocket(t)
		w.Disconnect("warning")
		if frame := readFrame(t, conn); frame["type"] != "disconnect" || frame["reason"] != "warning" {
			t.Errorf("frame = %v", frame)
		}
		w.post(t, lin, room, "still on the old socket")
		frame := readFrame(t, conn)
		if frame["type"] != "events_api" {
			t.Errorf("frame = %v", frame)
		}
		must(t, conn.WriteJSON(map[string]any{"envelope_id": frame["envelope_id"]}))
		began := time.Now()
		if _, _, err := conn.ReadMessage(); err == nil || time.Since(began) != 10*time.Second {
			t.Errorf("socket ended with %v after %v, want 10s", err, time.Since(began))
		}
		w.Disconnect("link_disabled")
		if _, frame := w.rawSocket(t); frame["reason"] != "link_disabled" {
			t.Errorf("frame = %v", frame)
		}
	})
}

func TestOversizedAcksAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		conn, _ := w.rawSocket(t)
		w.post(t, lin, room, "x")
		frame := readFrame(t, conn)
		big, err := json.Marshal(map[string]any{"envelope_id": frame["envelope_id"], "payload": make([]byte, 16<<10)})
		must(t, err)
		must(t, conn.WriteMessage(websocket.TextMessage, big))
		if frame := readFrame(t, conn); frame["retry_attempt"] != float64(1) {
			t.Errorf("frame after an oversized ack = %v", frame)
		}
	})
}

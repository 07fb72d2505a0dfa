package slacksim_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"gongdan/bot/slacksim"
)

func TestEveryKindOfElement(t *testing.T) {
	t.Parallel()
	const options = `"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"}]`
	tests := []struct {
		kind, more, value, bad string
		read                   func(*slack.BlockAction) any
		want                   any
	}{
		{"static_select", options, "b", "c", func(a *slack.BlockAction) any { return a.SelectedOption.Value }, "b"},
		{"overflow", options, "a", "c", func(a *slack.BlockAction) any { return a.SelectedOption.Text.Text }, "A"},
		{"radio_buttons", options, "a", "", func(a *slack.BlockAction) any { return a.SelectedOption.Value }, "a"},
		{"checkboxes", options, "a,b", "a,c", func(a *slack.BlockAction) any { return len(a.SelectedOptions) }, 2},
		{"multi_static_select", options, "", "c", func(a *slack.BlockAction) any { return len(a.SelectedOptions) }, 0},
		{"users_select", "", lin, "UNOBODY", func(a *slack.BlockAction) any { return a.SelectedUser }, lin},
		{"multi_users_select", "", lin + "," + wang, "UNOBODY", func(a *slack.BlockAction) any { return fmt.Sprint(a.SelectedUsers) }, "[ULIN UWANG]"},
		{"channels_select", "", room, "C404", func(a *slack.BlockAction) any { return a.SelectedChannel }, room},
		{"conversations_select", "", room, "C404", func(a *slack.BlockAction) any { return a.SelectedConversation }, room},
		{"datepicker", "", "2026-11-22", "", func(a *slack.BlockAction) any { return a.SelectedDate }, "2026-11-22"},
		{"timepicker", "", "09:30", "", func(a *slack.BlockAction) any { return a.SelectedTime }, "09:30"},
		{"datetimepicker", "", "1700000000", "soon", func(a *slack.BlockAction) any { return a.SelectedDateTime }, int64(1_700_000_000)},
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		l := w.listen(t, &listener{})
		for _, tt := range tests {
			more := ""
			if tt.more != "" {
				more = "," + tt.more
			}
			blocks := `[{"type":"actions","block_id":"b","elements":[{"type":"` + tt.kind + `","action_id":"x"` + more + `}]}]`
			_, ts, err := w.api.PostMessage(room, w.rawBlocks(t, blocks))
			must(t, err)
			if tt.bad != "" {
				if err := w.Select(lin, room, ts, "x", tt.bad); !errors.Is(err, slacksim.ErrNoSuchElement) {
					t.Errorf("%s: choosing %q = %v", tt.kind, tt.bad, err)
				}
			}
			must(t, w.Select(lin, room, ts, "x", tt.value))
			events := l.all()
			ic := events[len(events)-1].Data.(slack.InteractionCallback)
			if diff := cmp.Diff(tt.want, tt.read(ic.ActionCallback.BlockActions[0])); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.kind, diff)
			}
		}
	})
}

func TestResponseURLChangesTheOriginal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wall := start
		w := newWorld(t, slacksim.Options{LimitScale: -1, Wall: func() time.Time { return wall }})
		l := w.listen(t, &listener{})
		press := func(ephemeral bool) (ts, hook string) {
			var err error
			if ephemeral {
				ts, err = w.api.PostEphemeral(room, lin, slack.MsgOptionBlocks(buttons()))
			} else {
				_, ts, err = w.api.PostMessage(room, slack.MsgOptionBlocks(buttons()))
			}
			must(t, err)
			must(t, w.ClickValue(lin, room, ts, "claim", "42"))
			events := l.all()
			return ts, events[len(events)-1].Data.(slack.InteractionCallback).ResponseURL
		}
		hookPost := func(url string, m *slack.WebhookMessage) error {
			return slack.PostWebhookCustomHTTP(url, w.http, m)
		}
		_, hook := press(true)
		must(t, hookPost(hook, &slack.WebhookMessage{Text: "好了", ReplaceOriginal: true, Blocks: &slack.Blocks{}}))
		if m := w.Ephemerals(room, lin)[0]; m.Text != "好了" {
			t.Errorf("replaced ephemeral = %+v", m)
		}
		must(t, hookPost(hook, &slack.WebhookMessage{DeleteOriginal: true}))
		if m := w.Ephemerals(room, lin)[0]; !m.Deleted {
			t.Errorf("deleted ephemeral = %+v", m)
		}
		ts, hook := press(false)
		must(t, hookPost(hook, &slack.WebhookMessage{Text: "改", ReplaceOriginal: true}))
		if m := w.Thread(room, ts)[0]; m.Text != "改" {
			t.Errorf("replaced message = %+v", m)
		}
		must(t, hookPost(hook, &slack.WebhookMessage{Text: "只你见"}))
		if n := len(w.Ephemerals(room, lin)); n != 2 {
			t.Errorf("%d ephemeral messages, want 2", n)
		}
		wall = wall.Add(30*time.Minute + time.Second)
		if err := hookPost(hook, &slack.WebhookMessage{Text: "x"}); err == nil {
			t.Error("a response URL worked after half an hour")
		}
		w.settled(t)
	})
}

func TestUnansweredClickShowsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		w.listen(t, &listener{deaf: func(e socketmode.Event) bool { return e.Type == socketmode.EventTypeInteractive }})
		_, ts, err := w.api.PostMessage(room, slack.MsgOptionBlocks(buttons()))
		must(t, err)
		if err := w.Click(lin, room, ts, "claim"); !errors.Is(err, slacksim.ErrNotAcked) {
			t.Errorf("Click() = %v", err)
		}
		attempts := 0
		for _, d := range w.Deliveries() {
			if d.Kind == "interactive" {
				attempts++
			}
		}
		if e := w.UserErrors(); len(e) != 1 || e[0].User != lin || attempts != 1 {
			t.Errorf("user errors = %+v after %d attempts", e, attempts)
		}
	})
}

func TestModalsStack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		l := w.listen(t, &listener{})
		_, ts, err := w.api.PostMessage(room, slack.MsgOptionBlocks(buttons()))
		must(t, err)
		trigger := func() string {
			must(t, w.Click(lin, room, ts, "claim"))
			events := l.all()
			return events[len(events)-1].Data.(slack.InteractionCallback).TriggerID
		}
		view := func(title string) slack.ModalViewRequest {
			return slack.ModalViewRequest{
				Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", title, false, false), ExternalID: title,
				Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
			}
		}
		if _, err := w.api.PushView(trigger(), view("0")); slackError(err) != "no_view_to_push_onto" {
			t.Errorf("push onto nothing = %v", err)
		}
		root, err := w.api.OpenView(trigger(), view("1"))
		must(t, err)
		for _, title := range []string{"2", "3"} {
			v, err := w.api.PushView(trigger(), view(title))
			must(t, err)
			if v.RootViewID != root.ID {
				t.Errorf("root of view %s = %s, want %s", title, v.RootViewID, root.ID)
			}
		}
		if _, err := w.api.PushView(trigger(), view("4")); slackError(err) != "push_limit_reached" {
			t.Errorf("fourth view = %v", err)
		}
		if _, err := w.api.UpdateView(view("2"), "2", "", ""); err != nil {
			t.Errorf("update by external id = %v", err)
		}
		if n := len(w.Views(lin)); n != 3 {
			t.Errorf("%d views open, want 3", n)
		}
		if _, err := w.api.OpenView(trigger(), view("a title of more than 24 characters")); slackError(err) != "invalid_arguments" {
			t.Errorf("long title = %v", err)
		}
	})
}

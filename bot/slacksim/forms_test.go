package slacksim_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"gongdan/bot/slacksim"
)

func form() slack.ModalViewRequest {
	text := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	order := slack.NewInputBlock("order", text("订单"), nil, slack.NewPlainTextInputBlockElement(text("号"), "no"))
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: text("新工单"), Submit: text("好"), NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{order, buttons()}},
	}
}

func TestForm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		var last slack.InteractionCallback
		var reply any
		w.listen(t, &listener{answer: func(e socketmode.Event) any {
			if ic, ok := e.Data.(slack.InteractionCallback); ok {
				last = ic
				if ic.Type == slack.InteractionTypeViewSubmission {
					return reply
				}
			}
			return nil
		}})
		must(t, w.Shortcut(team, lin, "new"))
		if last.Type != slack.InteractionTypeShortcut || last.CallbackID != "new" {
			t.Errorf("shortcut = %+v", last)
		}
		_, err := w.api.OpenView(last.TriggerID, form())
		must(t, err)

		reply = map[string]any{"response_action": "errors", "errors": map[string]string{"order": "太短"}}
		res, err := w.Submit(lin, map[string]string{"no": "1", "wait": "buyer"})
		must(t, err)
		if diff := cmp.Diff(map[string]string{"order": "太短"}, res.Errors); diff != "" || len(w.Views(lin)) != 1 {
			t.Errorf("field errors (-want +got):\n%s", diff)
		}
		values := last.View.State.Values
		if values["order"]["no"].Value != "1" || values["act"]["wait"].SelectedOption.Value != "buyer" {
			t.Errorf("state = %+v", values)
		}
		if _, err := w.Submit(lin, map[string]string{"nope": "1"}); !errors.Is(err, slacksim.ErrNoSuchElement) {
			t.Errorf("unknown field = %v", err)
		}
		must(t, w.ClickView(lin, "claim", ""))
		if last.View.ID == "" || last.ActionCallback.BlockActions[0].Value != "42" {
			t.Errorf("click in a view = %+v", last)
		}
		reply = map[string]any{"response_action": "push", "view": form()}
		_, err = w.Submit(lin, nil)
		must(t, err)
		if n := len(w.Views(lin)); n != 2 {
			t.Errorf("%d views after push, want 2", n)
		}
		must(t, w.CloseView(lin))
		if last.Type != slack.InteractionTypeViewClosed || len(w.Views(lin)) != 1 {
			t.Errorf("after close = %s, %d views", last.Type, len(w.Views(lin)))
		}
		reply = nil
		_, err = w.Submit(lin, map[string]string{"no": "12345"})
		must(t, err)
		if n := len(w.Views(lin)); n != 0 {
			t.Errorf("%d views after submitting, want 0", n)
		}
		ts := w.post(t, wang, room, "看看")
		must(t, w.MessageShortcut(lin, room, ts, "make"))
		if last.Type != slack.InteractionTypeMessageAction || last.Message.Text != "看看" {
			t.Errorf("message shortcut = %+v", last)
		}
	})
}

// TestNastyText sends hard text both ways.
func TestNastyText(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("GONGDAN_SHARED_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "nasty", "blns.json"))
	if err != nil {
		t.Skip("skipped: ../shared/data is absent")
	}
	var nasty []string
	must(t, json.Unmarshal(raw, &nasty))
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{LimitScale: -1})
		l := w.listen(t, &listener{})
		for _, text := range nasty {
			w.post(t, lin, "C2", text)
			w.post(t, lin, room, text)
			_, _, err := w.api.PostMessage(room, slack.MsgOptionText("x"+text, true))
			must(t, err)
		}
		w.settled(t)
		heard := map[string]bool{}
		for _, e := range l.all() {
			ev := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
			heard[ev.Message.Text] = true
		}
		for _, m := range w.Messages(room) {
			if !heard[m.Text] {
				t.Errorf("%q was not heard as it stands", m.Text)
			}
		}
		for i, m := range w.Messages("C2") {
			if got, want := m.PlainText(), strings.TrimSpace(nasty[i]); got != want {
				t.Errorf("PlainText() = %q, want %q", got, want)
			}
		}
		if n := w.MassMentions(); n != 0 {
			t.Errorf("MassMentions() = %d", n)
		}
	})
}

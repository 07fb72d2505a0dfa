package slacksim_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"gongdan/bot/slacksim"
	"gongdan/bot/slacksim/browsertest"
)

// scriptedApp answers people: a card for each message, a form, a claim.
type scriptedApp struct {
	api *slack.Client
}

func (s *site) runApp(t *testing.T) {
	t.Helper()
	app := scriptedApp{s.api}
	client := socketmode.New(s.api)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = client.RunContext(ctx) })
	running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				if e.Request != nil && e.Request.EnvelopeID != "" {
					_ = client.AckCtx(ctx, e.Request.EnvelopeID, app.answer(e))
				}
			}
		}
	})
	t.Cleanup(func() { cancel(); s.DropSockets(); running.Wait() })
	wait, stop := context.WithTimeout(ctx, browsertest.Patience)
	defer stop()
	must(t, s.Wait(wait, func() bool { return s.Connections() == 1 }))
}

func (a scriptedApp) answer(e socketmode.Event) any {
	switch d := e.Data.(type) {
	case slackevents.EventsAPIEvent:
		if m, ok := d.InnerEvent.Data.(*slackevents.MessageEvent); ok && m.BotID == "" && m.ThreadTimeStamp == "" && m.SubType == "" {
			_, _, _ = a.api.PostMessage(m.Channel, slack.MsgOptionTS(m.TimeStamp), slack.MsgOptionBlocks(a.card("待领取")...))
			_, _ = a.api.PostEphemeral(m.Channel, m.User, slack.MsgOptionText("悄悄话", false))
		}
	case slack.InteractionCallback:
		return a.interact(d)
	case slack.SlashCommand:
		return map[string]any{"text": "命令 " + d.Text}
	}
	return nil
}

func (a scriptedApp) card(status string) []slack.Block {
	text := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	open := slack.NewButtonBlockElement("form", "1", text("填表"))
	hostile := slack.NewTextBlockObject("mrkdwn", "*"+status+"* <javascript:hit()|坏链接> <https://example.com/?a=1&amp;b=2|好链接> &lt;b&gt;", false, false)
	return []slack.Block{slack.NewSectionBlock(hostile, nil, nil), buttons(), slack.NewActionBlock("more", open)}
}

func (a scriptedApp) interact(d slack.InteractionCallback) any {
	if d.Type == slack.InteractionTypeViewSubmission {
		no := d.View.State.Values["order"]["no"].Value
		if len(no) < 5 {
			return map[string]any{"response_action": "errors", "errors": map[string]string{"order": "单号太短"}}
		}
		_, _, _ = a.api.PostMessage(room, slack.MsgOptionText("收到单号 "+no, true))
		return nil
	}
	for _, action := range d.ActionCallback.BlockActions {
		switch action.ActionID {
		case "claim":
			_, _, _, _ = a.api.UpdateMessage(d.Channel.ID, d.Message.Timestamp, slack.MsgOptionBlocks(a.card("已领取")...))
		case "wait":
			_, _, _ = a.api.PostMessage(room, slack.MsgOptionText("等 "+action.SelectedOption.Value, true))
		case "form":
			v := form()
			v.NotifyOnClose = false
			_, _ = a.api.OpenView(d.TriggerID, v)
		}
	}
	return nil
}

// TestPage does on the page what people do in Slack.
func TestPage(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	var entries []slacksim.MenuShortcut
	for _, name := range []string{"new", "list", "mine", "help"} {
		entries = append(entries, slacksim.MenuShortcut{CallbackID: name, Label: slacksim.Words{"en": name}})
	}
	s := newSite(t, slacksim.PageOptions{Shortcuts: entries,
		Commands: []slacksim.CommandHint{{Command: "/ticket", Description: slacksim.Words{"en": "tickets"}}}})
	s.runApp(t)
	b.Open(s.URL() + "/?as=" + lin + "#" + room)
	b.Until(`document.documentElement.lang === "zh-CN"`)

	b.Type("#main .say", "杯子碎了 <img src=x onerror='hit()'><script>hit()</script>"+kb.Enter)
	b.Shows("#main .message", "<script>hit()</script>")
	b.Shows("#main .ephemeral", "悄悄话")
	b.Click("#main .summary")
	b.Click("#thread [data-action=claim]")
	b.Shows("#thread .message", "已领取")
	b.Type("#thread .say", "我来看看"+kb.Enter)
	b.Shows("#thread .message", "我来看看")
	b.Type("#thread .say", "/ticket 1"+kb.Enter)
	b.Shows("#thread .note", "/ticket")
	b.Type("#thread .say", strings.Repeat(kb.Backspace, len("/ticket 1")))
	b.Type("#main .say", "/tic"+kb.Tab+"催单"+kb.Enter)
	b.Shows("#main .ephemeral", "命令 催单")

	b.Click(`#thread [data-k="act/wait"]`)
	b.Click(".popover [data-value=buyer]")
	b.Shows("#main .message", "等 buyer")
	testMenu(t, b)
	testForm(t, b)
	testComposing(t, b)
	testSafe(t, b)
	testPersons(t, b)
	testTheme(t, b)
	testNarrow(t, b)
	testDeepLink(t, b, s.URL())
	testDeleted(t, b, s)
	b.Quiet()
}

// testMenu opens the menu of the composer, which stands at the bottom of the window.
func testMenu(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	b.Click("#main .composer [aria-haspopup=menu]")
	b.Until(`document.activeElement?.matches(".menu [role=menuitem]")`)
	if over := b.Number(`Math.ceil(document.querySelector(".menu").getBoundingClientRect().bottom - innerHeight)`); over > 0 {
		t.Errorf("the menu is cut off by %d px at the bottom of the window", over)
	}
	b.Do("press Esc", chromedp.KeyEvent(kb.Escape))
	b.Until(`!document.querySelector(".menu")`)
}

func testForm(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	b.Click("#thread [data-action=form]")
	b.Until(`document.activeElement?.matches("dialog .field")`)
	b.Click("dialog [type=submit]")
	b.Shows("dialog .error", "请填写")
	b.Type("dialog .field", "12"+kb.Enter)
	b.Shows("dialog .error", "单号太短")
	b.Until(`document.querySelector("dialog .field").value === "12"`)
	b.Type("dialog .field", "34567")
	b.Until(`!document.querySelector("dialog .error")`)
	b.Click("dialog [type=submit]")
	b.Until(`!document.querySelector("dialog")`)
	b.Shows("#main .message", "收到单号 1234567")
	b.Click("#thread [data-action=form]")
	b.Until(`document.querySelector("dialog[open] .field")?.value === ""`)
	b.Do("press Esc", chromedp.KeyEvent(kb.Escape))
	b.Until(`!document.querySelector("dialog")`)
}

// testComposing presses Enter while an input method composes.
func testComposing(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	b.Type("#main .say", "ceshi")
	sent := b.Number(`(() => {
		const area = document.querySelector("#main .say");
		const key = new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
		return area.dispatchEvent(key) && area.value === "ceshi" ? 0 : 1;
	})()`)
	if sent != 0 {
		t.Error("Enter while composing was taken for sending")
	}
	b.Type("#main .say", kb.Enter)
	b.Shows("#main .message", "ceshi")
}

func testSafe(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	if n := b.Number(`document.querySelectorAll("#main script, #main img, #thread script, a[href^='javascript']").length`); n != 0 {
		t.Errorf("%d elements came out of messages", n)
	}
	if n := b.Number(`[...document.querySelectorAll("#thread a")].filter((a) => a.href === "https://example.com/?a=1&b=2" && a.rel.includes("noopener")).length`); n != 1 {
		t.Errorf("%d good links, want 1", n)
	}
}

func testPersons(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	b.Click(".person")
	b.Click(".popover [data-value=" + wang + "]")
	b.Shows(".person", "老王")
	b.Until(`document.documentElement.lang === "en" && location.search.includes("` + wang + `")`)
	b.Shows("#main .message", "收到单号 1234567")
	if n := b.Number(`document.querySelectorAll(".ephemeral").length`); n != 0 {
		t.Errorf("another person sees %d ephemeral messages", n)
	}
	if n := b.Number(`document.querySelectorAll("[data-room=G1]").length`); n != 0 {
		t.Error("another person sees the private channel")
	}
}

// testDeepLink opens the page as somebody who is not the first in the switch, and reloads it.
func testDeepLink(t *testing.T, b *browsertest.Tab, url string) {
	t.Helper()
	b.Open("about:blank")
	b.Open(url + "/?as=" + wang + "#" + room)
	b.Shows(".person", "老王")
	b.Until(`location.search.includes("` + wang + `")`)
	b.Do("reload", chromedp.Reload())
	b.Shows(".person", "老王")
}

// testDeleted removes a message that has replies: they stand below what is said in its stead.
func testDeleted(t *testing.T, b *browsertest.Tab, s *site) {
	t.Helper()
	b.Move(browsertest.Desk)
	must(t, s.Delete(lin, room, s.Messages(room)[0].TS))
	b.Until(`document.querySelector("#main .gone ~ .summary")`)
	gap := b.Number(`(() => {
		const edges = (selector) => document.querySelector(selector).getBoundingClientRect();
		return Math.round(edges("#main .gone ~ .summary").top - edges("#main .gone").bottom);
	})()`)
	if gap < 0 {
		t.Errorf("the replies begin %d px above the end of what is said of the message", -gap)
	}
}

func testTheme(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	const light = `getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)"`
	b.Until(light)
	b.Click("[data-k=theme]")
	b.Until("!(" + light + ")")
	b.Shows("[data-k=theme]", "Light")
	b.Number(`(theme.set("light"), 1)`) // however it came, the button says what it leads to
	b.Until(light)
	b.Shows("[data-k=theme]", "Dark")
}

// testNarrow looks at every pane on a phone: one at a time, none wider than the screen.
func testNarrow(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	fits := func(pane string) {
		t.Helper()
		b.Until(fmt.Sprintf(`document.body.dataset.pane === %q && document.querySelector("#%s").offsetWidth === 390`, pane, pane))
		if w := b.Number(`Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll(".scroller, .side, .strip, .controls")].map((n) => n.scrollWidth))`); w > 390 {
			t.Errorf("%s is %d px wide on a screen of 390", pane, w)
		}
		if n := b.Number(`[...document.querySelectorAll("#side, #main, #thread")].filter((n) => n.offsetWidth > 0).length`); n != 1 {
			t.Errorf("%d panes are shown at once", n)
		}
	}
	b.Move(browsertest.Phone)
	fits("main")
	b.Click("#main .summary")
	fits("thread")
	b.Click("#thread .back")
	fits("main")
	b.Click("#main .back")
	fits("side")
	b.Click("#side [data-k=home]")
	fits("main")
	b.Shows("#main", "has not set up its home")
}

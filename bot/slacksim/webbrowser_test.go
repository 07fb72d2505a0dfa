package slacksim_test

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"gongdan/bot/slacksim"
)

// patience is how long a step may take on a busy machine.
const patience = time.Minute

// browser is a tab that a test drives as a person would.
type browser struct {
	ctx context.Context

	mu  sync.Mutex
	bad []string // what the console complained about
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("skipped: no chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	b := &browser{ctx: ctx}
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)))
	var reading sync.WaitGroup
	reading.Go(b.listen)
	t.Cleanup(func() { cancel(); reading.Wait() })
	return b
}

func (b *browser) listen() {
	for m, err := range chromedp.Console(b.ctx) {
		if err != nil {
			return
		}
		if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
			b.mu.Lock()
			b.bad = append(b.bad, fmt.Sprintf("%s: %s (%s)", m.Type, m.Text, m.URL))
			b.mu.Unlock()
		}
	}
}

func (b *browser) do(t *testing.T, what string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, b.text(t))
	}
}

func (b *browser) click(t *testing.T, selector string) {
	t.Helper()
	b.do(t, "click "+selector, chromedp.Click(selector, chromedp.NodeVisible))
}

func (b *browser) write(t *testing.T, selector, keys string) {
	t.Helper()
	b.do(t, "type into "+selector, chromedp.SendKeys(selector, keys, chromedp.NodeVisible))
}

// text is what the page shows, for failures.
func (b *browser) text(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// until waits until a script's condition holds; it looks after every change of the page.
func (b *browser) until(t *testing.T, condition string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	script := `new Promise((done) => {
		const shows = (selector, text) => [...document.querySelectorAll(selector)].some((n) => n.textContent.includes(text));
		const look = () => { if (` + condition + `) { watch.disconnect(); done(true); } };
		const watch = new MutationObserver(look);
		watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		look();
	})`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatalf("until %s: %v; the page shows:\n%s", condition, err, b.text(t))
	}
}

func (b *browser) shows(t *testing.T, selector, text string) {
	t.Helper()
	b.until(t, "shows("+strconv.Quote(selector)+", "+strconv.Quote(text)+")")
}

func (b *browser) number(t *testing.T, script string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	n, err := chromedp.Run(ctx, chromedp.Evaluate[int](script))
	must(t, err)
	return n
}

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
	wait, stop := context.WithTimeout(ctx, patience)
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
	b := newBrowser(t)
	s := newSite(t, slacksim.PageOptions{Commands: []slacksim.CommandHint{{Command: "/ticket", Description: slacksim.Words{"en": "tickets"}}}})
	s.runApp(t)
	b.do(t, "open", chromedp.Navigate(s.URL()+"/?as="+lin+"#"+room))
	b.until(t, `document.documentElement.lang === "zh-CN"`)

	b.write(t, "#main .say", "杯子碎了 <img src=x onerror='hit()'><script>hit()</script>"+kb.Enter)
	b.shows(t, "#main .message", "<script>hit()</script>")
	b.shows(t, "#main .ephemeral", "悄悄话")
	b.click(t, "#main .summary")
	b.click(t, "#thread [data-action=claim]")
	b.shows(t, "#thread .message", "已领取")
	b.write(t, "#thread .say", "我来看看"+kb.Enter)
	b.shows(t, "#thread .message", "我来看看")
	b.write(t, "#thread .say", "/ticket 1"+kb.Enter)
	b.shows(t, "#thread .note", "/ticket")
	b.write(t, "#thread .say", strings.Repeat(kb.Backspace, len("/ticket 1")))
	b.write(t, "#main .say", "/tic"+kb.Tab+"催单"+kb.Enter)
	b.shows(t, "#main .ephemeral", "命令 催单")

	b.click(t, `#thread [data-k="act/wait"]`)
	b.click(t, ".popover [data-value=buyer]")
	b.shows(t, "#main .message", "等 buyer")
	testForm(t, b)
	testComposing(t, b)
	testSafe(t, b)
	testPersons(t, b)
	testTheme(t, b)
	testNarrow(t, b)
	testDeepLink(t, b, s.URL())
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.bad) > 0 {
		t.Errorf("the console complains:\n%s", strings.Join(b.bad, "\n"))
	}
}

func testForm(t *testing.T, b *browser) {
	t.Helper()
	b.click(t, "#thread [data-action=form]")
	b.until(t, `document.activeElement?.matches("dialog .field")`)
	b.click(t, "dialog [type=submit]")
	b.shows(t, "dialog .error", "请填写")
	b.write(t, "dialog .field", "12"+kb.Enter)
	b.shows(t, "dialog .error", "单号太短")
	b.until(t, `document.querySelector("dialog .field").value === "12"`)
	b.write(t, "dialog .field", "34567")
	b.until(t, `!document.querySelector("dialog .error")`)
	b.click(t, "dialog [type=submit]")
	b.until(t, `!document.querySelector("dialog")`)
	b.shows(t, "#main .message", "收到单号 1234567")
	b.click(t, "#thread [data-action=form]")
	b.until(t, `document.querySelector("dialog[open] .field")?.value === ""`)
	b.do(t, "press Esc", chromedp.KeyEvent(kb.Escape))
	b.until(t, `!document.querySelector("dialog")`)
}

// testComposing presses Enter while an input method composes.
func testComposing(t *testing.T, b *browser) {
	t.Helper()
	b.write(t, "#main .say", "ceshi")
	sent := b.number(t, `(() => {
		const area = document.querySelector("#main .say");
		const key = new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
		return area.dispatchEvent(key) && area.value === "ceshi" ? 0 : 1;
	})()`)
	if sent != 0 {
		t.Error("Enter while composing was taken for sending")
	}
	b.write(t, "#main .say", kb.Enter)
	b.shows(t, "#main .message", "ceshi")
}

func testSafe(t *testing.T, b *browser) {
	t.Helper()
	if n := b.number(t, `document.querySelectorAll("#main script, #main img, #thread script, a[href^='javascript']").length`); n != 0 {
		t.Errorf("%d elements came out of messages", n)
	}
	if n := b.number(t, `[...document.querySelectorAll("#thread a")].filter((a) => a.href === "https://example.com/?a=1&b=2" && a.rel.includes("noopener")).length`); n != 1 {
		t.Errorf("%d good links, want 1", n)
	}
}

func testPersons(t *testing.T, b *browser) {
	t.Helper()
	b.click(t, ".person")
	b.click(t, ".popover [data-value="+wang+"]")
	b.shows(t, ".person", "老王")
	b.until(t, `document.documentElement.lang === "en" && location.search.includes("`+wang+`")`)
	b.shows(t, "#main .message", "收到单号 1234567")
	if n := b.number(t, `document.querySelectorAll(".ephemeral").length`); n != 0 {
		t.Errorf("another person sees %d ephemeral messages", n)
	}
	if n := b.number(t, `document.querySelectorAll("[data-room=G1]").length`); n != 0 {
		t.Error("another person sees the private channel")
	}
}

// testDeepLink opens the page as somebody who is not the first in the switch, and reloads it.
func testDeepLink(t *testing.T, b *browser, url string) {
	t.Helper()
	b.do(t, "open another page", chromedp.Navigate("about:blank"))
	b.do(t, "open", chromedp.Navigate(url+"/?as="+wang+"#"+room))
	b.shows(t, ".person", "老王")
	b.until(t, `location.search.includes("`+wang+`")`)
	b.do(t, "reload", chromedp.Reload())
	b.shows(t, ".person", "老王")
}

func testTheme(t *testing.T, b *browser) {
	t.Helper()
	const light = `getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)"`
	b.until(t, light)
	b.click(t, "[data-k=theme]")
	b.until(t, "!("+light+")")
	b.click(t, "[data-k=theme]")
	b.until(t, light)
}

// testNarrow looks at every pane on a phone: one at a time, none wider than the screen.
func testNarrow(t *testing.T, b *browser) {
	t.Helper()
	fits := func(pane string) {
		t.Helper()
		b.until(t, fmt.Sprintf(`document.body.dataset.pane === %q && document.querySelector("#%s").offsetWidth === 390`, pane, pane))
		if w := b.number(t, `Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll(".scroller, .side, .strip, .controls")].map((n) => n.scrollWidth))`); w > 390 {
			t.Errorf("%s is %d px wide on a screen of 390", pane, w)
		}
		if n := b.number(t, `[...document.querySelectorAll("#side, #main, #thread")].filter((n) => n.offsetWidth > 0).length`); n != 1 {
			t.Errorf("%d panes are shown at once", n)
		}
	}
	b.do(t, "narrow the window", chromedp.EmulateViewport(390, 844))
	fits("main")
	b.click(t, "#main .summary")
	fits("thread")
	b.click(t, "#thread .back")
	fits("main")
	b.click(t, "#main .back")
	fits("side")
	b.click(t, "#side [data-k=home]")
	fits("main")
	b.shows(t, "#main", "has not set up its home")
}

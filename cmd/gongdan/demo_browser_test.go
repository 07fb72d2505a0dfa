package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/crc32"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gongdan/cmd/internal/demo"
)

var update = flag.Bool("update", false, "take the screenshots in docs/screens anew")

// browser is a tab on a demonstration's page, driven as by a person.
type browser struct {
	*workspace
	ctx context.Context

	mu      sync.Mutex
	console []string
}

func newBrowser(t *testing.T, lang string) *browser {
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
	b := &browser{workspace: newWorkspace(t, lang), ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)); err != nil { // starts it, for as long as ctx lasts
		t.Fatal(err)
	}
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
			b.console = append(b.console, fmt.Sprintf("%s: %s (%s)", m.Type, m.Text, m.URL))
			b.mu.Unlock()
		}
	}
}

// quiet fails the test if the console complained.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.console) > 0 {
		b.t.Errorf("the console complains:\n%s", strings.Join(b.console, "\n"))
	}
}

func (b *browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.text())
	}
}

// click presses what a selector finds, as soon as a person could. It is one act of the page's, because the page may draw
// anew between a mouse's going down and its coming up.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.until("press(" + strconv.Quote(selector) + ")")
}

func (b *browser) write(selector, keys string) {
	b.t.Helper()
	b.do("type into "+selector, chromedp.SendKeys(selector, keys, chromedp.NodeVisible))
}

// text is what the page shows, for failures.
func (b *browser) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// tools are what conditions are made of. shows tells whether one of the found elements holds a text; press presses the first
// one that is to be seen, and tells whether it could: it must be enabled, and nothing may lie over its middle.
const tools = `
	const shows = (selector, text) => [...document.querySelectorAll(selector)].some((n) => n.textContent.includes(text));
	const press = (selector) => {
		const node = [...document.querySelectorAll(selector)].find((n) => n.checkVisibility({ visibilityProperty: true }));
		if (!node || node.disabled) return false;
		node.scrollIntoView({ block: "nearest", inline: "nearest" });
		const { x, y, width, height } = node.getBoundingClientRect();
		if (!node.contains(document.elementFromPoint(x + width / 2, y + height / 2))) return false;
		node.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true }));
		node.focus({ preventScroll: true });
		node.click();
		return true;
	};`

// until waits until a script's condition holds; it looks after every change of the page, and every now and then.
func (b *browser) until(condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	script := `new Promise((done) => {` + tools + `
		let held = false;
		const look = () => {
			if (held || !(` + condition + `)) return;
			held = true;
			watch.disconnect();
			clearInterval(tick);
			done(true);
		};
		const watch = new MutationObserver(look);
		const tick = setInterval(look, 100);
		watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		look();
	})`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("until %s: %v; the page shows:\n%s\n%s", condition, err, b.text(), b.bot)
	}
}

func (b *browser) shows(selector, text string) {
	b.t.Helper()
	b.until("shows(" + strconv.Quote(selector) + ", " + strconv.Quote(text) + ")")
}

func (b *browser) number(script string) int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	n, err := chromedp.Run(ctx, chromedp.Evaluate[int](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return n
}

// open goes to a place of the page as somebody.
func (b *browser) open(who, place string) {
	b.t.Helper()
	b.do("open", chromedp.Navigate(b.URL()+"?as="+url.QueryEscape(who)+"#"+place))
	b.until(`document.querySelector("#main .head h1")`)
}

// clock is the time as the team reads it.
func (b *browser) clock() time.Time { return b.Now().In(demo.Policy("zh-CN").Zone) }

// moment fills in a field for a date and a time.
func (b *browser) moment(selector string, at time.Time) {
	b.t.Helper()
	b.number(fmt.Sprintf(`(() => {
		const n = document.querySelector(%q);
		n.value = %q;
		n.dispatchEvent(new Event("change", { bubbles: true }));
		return 1;
	})()`, selector, at.Format("2006-01-02T15:04")))
}

// shoot takes a screenshot of the page as it is, on a desk and on a phone, light and dark.
func (b *browser) shoot(name string) {
	b.t.Helper()
	if !*update {
		return
	}
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"1440", 1440, 900}, {"390", 390, 844}} {
		b.do("size the window", chromedp.EmulateViewport(size.width, size.height))
		for _, theme := range []string{"light", "dark"} {
			b.number(fmt.Sprintf(`(theme.set(%q), 1)`, theme))
			b.keep(fmt.Sprintf("%s-%s-%s.png", name, size.name, theme), b.picture(), 300<<10)
		}
	}
	b.number(`(theme.set("light"), 1)`)
	b.do("size the window", chromedp.EmulateViewport(1440, 900))
}

// still waits for two frames, so that what was laid out is painted.
const still = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

// picture is what the tab shows.
func (b *browser) picture() []byte {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](still, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	return png
}

// keep stores a picture that is no larger than so many bytes.
func (b *browser) keep(name string, png []byte, size int) {
	b.t.Helper()
	dir := filepath.Join("..", "..", "docs", "screens")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
	if len(png) > size {
		b.t.Errorf("%s takes %d KiB, want at most %d", name, len(png)>>10, size>>10)
	}
}

// TestDemoBrowser does on the demonstration's page what a newcomer does.
func TestDemoBrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, "zh-CN")
	b.open("U0LI", "C0CLOUD")
	b.ticketByHand()
	b.marketplace()
	b.homePage()
	b.time()
	b.plugged()
	b.quiet()
}

// ticketByHand says something, and works on the ticket that becomes of it.
func (b *browser) ticketByHand() {
	b.t.Helper()
	b.write("#main .say", "订单 2024112299887766554 买家说锅盖碎了，要退货"+kb.Enter)
	said := b.message("C0CLOUD", "锅盖碎了")
	b.shows(said, "锅盖碎了")
	b.click(said + " .summary")
	b.shows("#thread .message", "退货 · 天猫")
	b.click("#thread [data-action=claim]")
	b.shows("#thread .message", "处理中")
	b.click("#thread [data-action=wait]")
	b.until(`document.querySelector("dialog [type=submit]")`)
	b.click("dialog [type=submit]")
	b.until(`document.querySelector("dialog [data-block=party] .error, dialog .inputblock.wrong .error")`)
	b.shoot("form")
	b.click("dialog .picker")
	b.click("dialog .popover [data-value=customer]")
	b.click("dialog [type=submit]")
	b.until(`!document.querySelector("dialog")`)
	b.shows("#thread .message", "等买家")
	b.shoot("thread")
}

// message is the selector of the message in a channel that holds some words.
func (b *browser) message(channel, words string) string {
	b.t.Helper()
	ts := ""
	b.wait(words+" is said", func() bool {
		for _, m := range b.Slack().Messages(channel) {
			if strings.Contains(m.PlainText(), words) && m.ThreadTS == "" {
				ts = m.TS
			}
		}
		return ts != ""
	})
	return fmt.Sprintf(`#main [data-ts="%s"]`, ts)
}

// marketplace has a marketplace's ticket made by the story, and records when it was really answered.
func (b *browser) marketplace() {
	b.t.Helper()
	b.press("post")
	b.shows("#thread .message", "协同工单")
	b.shows(".person", "王主管")
	b.until(`document.querySelector("#thread [data-action=more]")`)
	b.click("#thread [data-action=more]")
	b.click(`#thread .ephemeral [data-k$="/more_do"]`)
	b.click(`.popover [data-value^="answer_at|"]`)
	b.until(`document.querySelector("dialog input[type=datetime-local]")`)
	b.moment("dialog input[type=datetime-local]", b.clock().Add(3*time.Hour))
	b.click("dialog [type=submit]")
	b.until(`document.querySelector("dialog .inputblock.wrong .error")`)
	answered := b.clock()
	b.moment("dialog input[type=datetime-local]", answered)
	b.click("dialog [type=submit]")
	b.until(`!document.querySelector("dialog")`)
	b.shows("#thread .message", answered.Format("15:04")+" 已回复")
}

// homePage opens the app's home.
func (b *browser) homePage() {
	b.t.Helper()
	b.click(".person")
	b.click(".popover [data-value=U0LI]")
	b.shows(".person", "小李")
	b.click("#side [data-k=home]")
	b.shows("#main .home", "T-")
	b.shoot("home")
}

// time jumps by the strip.
func (b *browser) time() {
	b.t.Helper()
	before := b.Now()
	b.click("[data-k=jump]")
	b.click("form.jump .btn:nth-of-type(2)")
	b.until(`!document.querySelector("form.jump")`)
	b.wait("an hour has passed", func() bool { return b.Now().Sub(before) > 59*time.Minute }) // the page's clock is a little behind
	b.until(fmt.Sprintf(`shows("#strip .time", %q)`, b.clock().Format("15:")))
}

// press carries out a step of the story on the page, until it is done and the page shows where it led.
func (b *browser) press(id string) {
	b.t.Helper()
	b.click("[data-step=" + id + "]")
	b.until(fmt.Sprintf(`document.querySelector("#strip .story:not([aria-busy]) .done [data-step=%s]:not([disabled])") || document.querySelector(".outcome.bad")`, id))
	b.until(`!document.querySelector(".outcome.bad")`)
}

// plugged goes through the story, pulls the plug in it and by hand, and counts the pings on the page.
func (b *browser) plugged() {
	b.t.Helper()
	for _, id := range []string{"remind", "ack", "urge", "plug"} {
		b.press(id)
	}
	b.shows(".person", "小李")
	pings := b.pings("平台超时")
	b.until(pings + " > 0")
	b.shoot("plug")
	b.click("[data-k=plug]")
	b.until(`document.querySelector(".plug.off")`)
	b.click("[data-k=plug]")
	b.until(`document.querySelector(".plug:not(.off)")`)
	b.step("urge") // a second ping would stand before what the bot says after it came back
	b.until(b.pings("陈店长催") + " > 0")
	if got := b.number(pings); got != 1 {
		b.t.Errorf("the page shows %d pings about %s, want exactly one\n%s", got, b.Ticket(), b.text())
	}
	b.click(".person")
	b.click(".popover [data-value=U0CHEN]")
	b.shows(".person", "陈店长")
	b.until(`!document.querySelector("[data-room=C0CLOUD] .label") && location.search.includes("U0CHEN")`)
}

// pings is a script that counts the messages on the page that name the story's ticket and hold some words.
func (b *browser) pings(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#main .message")].filter((m) => m.textContent.includes(%q) && /%s(?!\d)/.test(m.textContent)).length`, words, b.Ticket())
}

// TestDemoBrowserStory presses the five steps in their order and keeps a picture of each.
func TestDemoBrowserStory(t *testing.T) {
	t.Parallel()
	for lang, as := range map[string][]string{"zh-CN": {"王主管", "小李", "王主管", "陈店长", "小李"}, "en": {"Wang", "Li", "Wang", "Chen", "Li"}} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t, lang)
			b.open("U0LI", "C0CLOUD")
			b.shows("#main .message", "2024112233445566778")
			frames := [][]byte{b.picture()}
			for i, s := range b.Steps() {
				b.press(s.ID)
				b.shows(".person", as[i])
				b.until(`document.querySelector("#main .message")`)
				if i == 0 {
					b.until(`document.querySelector("#thread [data-action=claim]")`)
				}
				frames = append(frames, b.picture())
			}
			b.quiet()
			film := moving(t, frames, 3*time.Second)
			if got := b.frames(film); got != len(frames) {
				t.Errorf("the browser finds %d pictures in the moving one, want %d", got, len(frames))
			}
			if *update {
				b.keep("story-"+lang+".png", frames[1], 300<<10)
				b.keep("story-"+lang+"-moving.png", film, 1500<<10)
			}
		})
	}
}

// frames has the browser decode a moving picture and count its frames.
func (b *browser) frames(png []byte) int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	n, err := chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf(`(async () => {
		const data = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
		const d = new ImageDecoder({ data, type: "image/png" });
		await d.tracks.ready;
		await d.completed;
		const n = d.tracks.selectedTrack.frameCount;
		for (let i = 0; i < n; i++) await d.decode({ frameIndex: i });
		return n;
	})()`, base64.StdEncoding.EncodeToString(png)), chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// moving joins pictures of one size into an animated PNG that repeats for ever: the first stays the picture of viewers that
// know no animation.
func moving(t *testing.T, frames [][]byte, each time.Duration) []byte {
	t.Helper()
	out := bytes.NewBuffer(frames[0][:8:8])
	seq := uint32(0)
	number := func() []byte {
		seq++
		return binary.BigEndian.AppendUint32(nil, seq-1)
	}
	for i, frame := range frames {
		header := false
		for at := 8; at < len(frame); {
			n := int(binary.BigEndian.Uint32(frame[at:]))
			kind, data := string(frame[at+4:at+8]), frame[at+8:at+8+n]
			at += 12 + n
			switch {
			case kind == "IHDR" && i == 0:
				chunk(out, kind, data)
				chunk(out, "acTL", binary.BigEndian.AppendUint32(nil, uint32(len(frames))), make([]byte, 4))
			case kind == "IDAT" && !header:
				header = true
				control := append(number(), frame[16:24]...) // width and height
				control = append(control, make([]byte, 8)...)
				control = binary.BigEndian.AppendUint16(control, uint16(each/time.Millisecond))
				control = binary.BigEndian.AppendUint16(control, 1000)
				chunk(out, "fcTL", append(control, 0, 0))
				fallthrough
			case kind == "IDAT":
				if i == 0 {
					chunk(out, "IDAT", data)
				} else {
					chunk(out, "fdAT", number(), data)
				}
			}
		}
		if !bytes.Equal(frame[16:26], frames[0][16:26]) {
			t.Fatalf("picture %d has another size or kind of colours than the first", i)
		}
	}
	chunk(out, "IEND")
	return out.Bytes()
}

// chunk writes one part of a PNG.
func chunk(out *bytes.Buffer, kind string, parts ...[]byte) {
	body := append([]byte(kind), bytes.Join(parts, nil)...)
	out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)))
	out.Write(body)
	out.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}

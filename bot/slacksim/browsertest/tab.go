// Package browsertest drives the simulator's page in Chromium as a person would, for tests. It knows no page in particular.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Patience is how long a step may take on a busy machine.
const Patience = time.Minute

// Screen is how large a page is, in CSS pixels.
type Screen struct{ Width, Height int64 }

// Desk and Phone are the screens that pages are looked at on.
var (
	Desk  = Screen{1440, 900}
	Phone = Screen{390, 844}
)

// mouse is the setting by which a browser without a screen believes in one.
const mouse = "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"

// Tab is a tab of a browser of its own. Its methods end the test where a step cannot be done in time, so they belong on the
// test's own goroutine.
type Tab struct {
	t     testing.TB
	ctx   context.Context
	notes func() string

	mu         sync.Mutex
	complaints []string
}

// New opens an empty tab, of the size of a desk, for as long as the test lasts. Without Chromium the test is skipped,
// or fails where GONGDAN_TEST_BROWSER is set.
func New(t testing.TB) *Tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("blink-settings", mouse))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	b := &Tab{t: t, ctx: ctx, notes: func() string { return "" }}
	if err := chromedp.Do(ctx, Desk.emulate()); err != nil { // starts it, for as long as ctx lasts
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(b.listen)
	t.Cleanup(func() { cancel(); reading.Wait() })
	return b
}

func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GONGDAN_TEST_BROWSER") != "" {
		t.Fatal("GONGDAN_TEST_BROWSER asks for a browser, and there is no chromium")
	}
	t.Skip("skipped: no chromium")
	return ""
}

func (b *Tab) listen() {
	for m, err := range chromedp.Console(b.ctx) {
		if err != nil {
			return
		}
		if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
			b.mu.Lock()
			b.complaints = append(b.complaints, fmt.Sprintf("%s: %s (%s)", m.Type, m.Text, m.URL))
			b.mu.Unlock()
		}
	}
}

// Annotate has failures end with what notes returns then.
func (b *Tab) Annotate(notes func() string) { b.notes = notes }

// Quiet fails the test if the console has complained.
func (b *Tab) Quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("the console complains:\n%s", strings.Join(b.complaints, "\n"))
	}
}

// Do carries out chromedp's own steps.
func (b *Tab) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	b.check(what, chromedp.Do(ctx, steps...))
}

func (b *Tab) check(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v; the page shows:\n%s\n%s", what, err, b.Text(), b.notes())
	}
}

// Open goes to an address.
func (b *Tab) Open(url string) {
	b.t.Helper()
	b.Do("open "+url, chromedp.Navigate(url))
}

// Move shows the page on another screen, and waits until it has been told.
func (b *Tab) Move(to Screen) {
	b.t.Helper()
	b.Do(fmt.Sprintf("show the page %d wide", to.Width), to.emulate())
	b.Until(fmt.Sprintf("innerWidth === %d", to.Width))
	b.Number(still)
}

// emulate is [chromedp.EmulateViewport] without its switching touch off, which would take the mouse away with it.
func (s Screen) emulate() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: s.Width, Height: s.Height, DeviceScaleFactor: 1})
		return err
	})
}

// Type types into what a selector finds.
func (b *Tab) Type(selector, keys string) {
	b.t.Helper()
	b.Do("type into "+selector, chromedp.SendKeys(selector, keys, chromedp.NodeVisible))
}

// Click presses what a selector finds, as soon as a person could. It is one act of the page's, because the page may draw
// anew between a mouse's going down and its coming up.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.Until("press(" + strconv.Quote(selector) + ")")
}

// Text is what the page shows.
func (b *Tab) Text() string {
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
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

// Until waits until a script's condition holds; it looks after every change of the page, and every now and then. In it,
// shows(selector, text) and press(selector) are known.
func (b *Tab) Until(condition string) {
	b.t.Helper()
	_, err := run[bool](b, `new Promise((done) => {`+tools+`
		let held = false;
		const look = () => {
			if (held || !(`+condition+`)) return;
			held = true;
			watch.disconnect();
			clearInterval(tick);
			done(true);
		};
		const watch = new MutationObserver(look);
		const tick = setInterval(look, 100);
		watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		look();
	})`)
	b.check("until "+condition, err)
}

// Shows waits until something that a selector finds holds a text.
func (b *Tab) Shows(selector, text string) {
	b.t.Helper()
	b.Until("shows(" + strconv.Quote(selector) + ", " + strconv.Quote(text) + ")")
}

// Number is the value of a script, or of its promise.
func (b *Tab) Number(script string) int {
	b.t.Helper()
	n, err := run[int](b, script)
	b.check(script, err)
	return n
}

func run[T any](b *Tab, script string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// still waits for two frames, so that what was laid out is painted.
const still = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))`

// Picture is what the tab shows, as PNG, with nothing in focus: where it is depends on how things were pressed.
func (b *Tab) Picture() []byte {
	b.t.Helper()
	b.Number("(document.activeElement?.blur(), " + still + ")")
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	b.check("take a picture", err)
	return png
}

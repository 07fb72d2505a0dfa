package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/crc32"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"gongdan/bot/slacksim/browsertest"
	"gongdan/cmd/internal/demo"
)

var update = flag.Bool("update", false, "take the screenshots in docs/screens anew")

// browser is a tab on a demonstration's page, driven as by a person.
type browser struct {
	*workspace
	*browsertest.Tab
}

func newBrowser(t *testing.T, lang string) *browser {
	t.Helper()
	tab := browsertest.New(t)
	b := &browser{newWorkspace(t, lang), tab}
	tab.Annotate(b.bot.String)
	return b
}

// open goes to a place of the page as somebody.
func (b *browser) open(who, place string) {
	b.t.Helper()
	b.Open(b.URL() + "?as=" + url.QueryEscape(who) + "#" + place)
	b.Until(`document.querySelector("#main .head h1")`)
}

// clock is the time as the team reads it.
func (b *browser) clock() time.Time { return b.Now().In(demo.Policy("zh-CN").Zone) }

// moment fills in a field for a date and a time.
func (b *browser) moment(selector string, at time.Time) {
	b.t.Helper()
	b.Number(fmt.Sprintf(`(() => {
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
		name string
		browsertest.Screen
	}{{"1440", browsertest.Desk}, {"390", browsertest.Phone}} {
		b.Move(size.Screen)
		for _, theme := range []string{"light", "dark"} {
			b.Number(fmt.Sprintf(`(theme.set(%q), 1)`, theme))
			b.keep(fmt.Sprintf("%s-%s-%s.png", name, size.name, theme), b.Picture(), 300<<10)
		}
	}
	b.Number(`(theme.set("light"), 1)`)
	b.Move(browsertest.Desk)
}

// photo takes one picture of the page on a desk and, if wanted, one on a phone.
func (b *browser) photo(name string, phone bool) {
	b.t.Helper()
	if !*update {
		return
	}
	b.keep(name+"-1440.png", b.Picture(), 220<<10)
	if phone {
		b.Move(browsertest.Phone)
		b.Number(`(document.querySelectorAll(".scroller").forEach((s) => (s.scrollTop = s.scrollHeight)), 1)`)
		b.keep(name+"-390.png", b.Picture(), 150<<10)
		b.Move(browsertest.Desk)
	}
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
	b.Quiet()
}

// ticketByHand says something, and works on the ticket that becomes of it.
func (b *browser) ticketByHand() {
	b.t.Helper()
	b.Type("#main .say", "订单 2024112299887766554 买家说锅盖碎了，要退货"+kb.Enter)
	said := b.message("C0CLOUD", "锅盖碎了")
	b.Shows(said, "锅盖碎了")
	b.Click(said + " .summary")
	b.Shows("#thread .message", "退货 · 天猫")
	b.Click("#thread [data-action=claim]")
	b.Shows("#thread .message", "处理中")
	b.Click("#thread [data-action=wait]")
	b.Until(`document.querySelector("dialog [type=submit]")`)
	b.Click("dialog [type=submit]")
	b.Until(`document.querySelector("dialog [data-block=party] .error, dialog .inputblock.wrong .error")`)
	b.shoot("form")
	b.Click("dialog .picker")
	b.Click("dialog .popover [data-value=customer]")
	b.Click("dialog [type=submit]")
	b.Until(`!document.querySelector("dialog")`)
	b.Shows("#thread .message", "等买家")
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
	b.Shows("#thread .message", "协同工单")
	b.Shows(".person", "王主管")
	b.Until(`document.querySelector("#thread [data-action=more]")`)
	b.Click("#thread [data-action=more]")
	b.Click(`#thread .ephemeral [data-k$="/more_do"]`)
	b.Click(`.popover [data-value^="answer_at|"]`)
	b.Until(`document.querySelector("dialog input[type=datetime-local]")`)
	b.moment("dialog input[type=datetime-local]", b.clock().Add(3*time.Hour))
	b.Click("dialog [type=submit]")
	b.Until(`document.querySelector("dialog .inputblock.wrong .error")`)
	answered := b.clock()
	b.moment("dialog input[type=datetime-local]", answered)
	b.Click("dialog [type=submit]")
	b.Until(`!document.querySelector("dialog")`)
	b.Shows("#thread .message", answered.Format("15:04")+" 已回复")
}

// homePage opens the app's home.
func (b *browser) homePage() {
	b.t.Helper()
	b.Click(".person")
	b.Click(".popover [data-value=U0LI]")
	b.Shows(".person", "小李")
	b.Click("#side [data-k=home]")
	b.Shows("#main .home", "T-")
	b.shoot("home")
}

// time jumps by the strip.
func (b *browser) time() {
	b.t.Helper()
	before := b.Now()
	b.Click("[data-k=jump]")
	b.Click("form.jump .btn:nth-of-type(2)")
	b.Until(`!document.querySelector("form.jump")`)
	b.wait("an hour has passed", func() bool { return b.Now().Sub(before) > 59*time.Minute }) // the page's clock is a little behind
	b.Until(fmt.Sprintf(`shows("#strip .time", %q)`, b.clock().Format("15:")))
}

// press carries out a step of the story on the page, until it is done and the page shows where it led.
func (b *browser) press(id string) {
	b.t.Helper()
	b.Click("[data-step=" + id + "]")
	b.Until(fmt.Sprintf(`document.querySelector("#strip .story:not([aria-busy]) .done [data-step=%s]:not([disabled])") || document.querySelector(".outcome.bad")`, id))
	b.Until(`!document.querySelector(".outcome.bad")`)
}

// plugged goes through the story, pulls the plug in it and by hand, and counts the pings on the page.
func (b *browser) plugged() {
	b.t.Helper()
	for _, id := range []string{"remind", "ack", "urge", "plug"} {
		b.press(id)
	}
	b.Shows(".person", "小李")
	pings := b.pings("平台超时")
	b.Until(pings + " > 0")
	b.shoot("plug")
	b.Click("[data-k=plug]")
	b.Until(`document.querySelector(".plug.off")`)
	b.Click("[data-k=plug]")
	b.Until(`document.querySelector(".plug:not(.off)")`)
	b.step("urge") // a second ping would stand before what the bot says after it came back
	b.Until(b.pings("陈店长催") + " > 0")
	if got := b.Number(pings); got != 1 {
		b.t.Errorf("the page shows %d pings about %s, want exactly one\n%s", got, b.Ticket(), b.Text())
	}
	b.Click(".person")
	b.Click(".popover [data-value=U0CHEN]")
	b.Shows(".person", "陈店长")
	b.Until(`!document.querySelector("[data-room=C0CLOUD] .label") && location.search.includes("U0CHEN")`)
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
			b.Shows("#main .message", "2024112233445566778")
			b.fits()
			b.Click(".person")
			b.Shows(".popover [data-value=U0LI] small", map[string]string{"zh-CN": "客服", "en": "agent"}[lang])
			b.Click(".popover [data-value=U0LI]")
			frames := [][]byte{b.Picture()}
			for i, s := range b.Steps() {
				b.press(s.ID)
				b.Shows(".person", as[i])
				if s.ID == "urge" {
					b.Shows(".outcome", "/ticket ")
				}
				b.Until(`document.querySelector("#main .message")`)
				if i == 0 {
					b.Until(`document.querySelector("#thread [data-action=claim]")`)
				}
				frames = append(frames, b.Picture())
			}
			b.Quiet()
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

// fits fails if the strip on top does not hold what stands in it, at any width.
func (b *browser) fits() {
	b.t.Helper()
	for _, width := range []int64{1440, 1181, 1000, 981, 860, 820, 700, 640, 620, 390} {
		b.Move(browsertest.Screen{Width: width, Height: 900})
		if b.Number(`(() => {
			const all = document.querySelector("#strip .controls");
			const edge = all.getBoundingClientRect().right - parseFloat(getComputedStyle(all).paddingRight);
			return all.lastElementChild.getBoundingClientRect().right > edge + 1 || all.clientHeight > 56 ? 1 : 0;
		})()`) == 1 {
			b.t.Errorf("the strip is too full at %d px:\n%s", width, b.Text())
		}
	}
	b.Move(browsertest.Desk)
}

// frames has the browser decode a moving picture and count its frames.
func (b *browser) frames(png []byte) int {
	b.t.Helper()
	return b.Number(fmt.Sprintf(`(async () => {
		const data = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
		const d = new ImageDecoder({ data, type: "image/png" });
		await d.tracks.ready;
		await d.completed;
		const n = d.tracks.selectedTrack.frameCount;
		for (let i = 0; i < n; i++) await d.decode({ frameIndex: i });
		return n;
	})()`, base64.StdEncoding.EncodeToString(png)))
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

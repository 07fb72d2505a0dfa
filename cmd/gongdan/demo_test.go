package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/cmd/internal/demo"
)

// log is what the bot's process wrote.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// patient is how long an expected thing may take on a busy machine.
const patient = time.Minute

// workspace is a demonstration under test.
type workspace struct {
	*demo.Demo
	t   *testing.T
	bot *log
}

func newWorkspace(t *testing.T, lang string) *workspace {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bot := &log{}
	began := time.Now()
	d, err := demo.Start(t.Context(), demo.Options{Lang: lang, Speed: 1, Seed: 1, Binary: binary, Env: []string{asProgram + "=1"}, BotLog: bot,
		Zone: demo.Policy(lang).Zone, Patience: patient})
	if err != nil {
		t.Fatalf("%v\n%s", err, bot)
	}
	t.Logf("ready in %s", time.Since(began).Round(time.Millisecond))
	w := &workspace{d, t, bot}
	t.Cleanup(func() {
		d.Close()
		if text := bot.String(); text != "" {
			t.Errorf("the bot complains:\n%s", text)
		}
	})
	return w
}

// step carries out a step of the story.
func (w *workspace) step(id string) {
	w.t.Helper()
	for _, s := range w.Steps() {
		if s.ID == id {
			if err := s.Do(w.t.Context()); err != nil {
				w.t.Fatalf("%s: %v\n%s\n%s", id, err, w.direct("U0LI")+"\nWang:\n"+w.direct("U0WANG"), w.bot)
			}
			return
		}
	}
	w.t.Fatalf("there is no step %s", id)
}

// wait waits until something holds.
func (w *workspace) wait(what string, cond func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patient)
	defer cancel()
	if err := w.Slack().Wait(ctx, cond); err != nil {
		w.t.Fatalf("until %s: %v\n%s\n%s", what, err, w.direct("U0LI")+"\nWang:\n"+w.direct("U0WANG"), w.bot)
	}
}

// direct is all that the bot told somebody directly.
func (w *workspace) direct(who string) string {
	var out strings.Builder
	for _, m := range w.Slack().DM(who) {
		fmt.Fprintf(&out, "%s %s\n", m.Sent.Format("15:04"), m.PlainText())
	}
	return out.String()
}

// told counts the direct messages to somebody that speak of a ticket and hold some words.
func (w *workspace) told(who, number, words string) int {
	n := 0
	for _, m := range w.Slack().DM(who) {
		text := m.PlainText()
		if m.BotID != "" && slices.Contains(ticketNumber.FindAllString(text, -1), number) && strings.Contains(text, words) {
			n++
		}
	}
	return n
}

var ticketNumber = regexp.MustCompile(`T-\d+`)

// overdue is what stands in a ping about a missed deadline, onIt in one that the supervisor has answered.
var (
	overdue = map[string]string{"zh-CN": "平台超时", "en": "overdue"}
	onIt    = map[string]string{"zh-CN": "王主管已跟进 · ", "en": "Wang is on it · "}
)

// TestDemoStory goes through the story twice and looks at what people then see.
func TestDemoStory(t *testing.T) {
	t.Parallel()
	for lang, words := range overdue {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, lang)
			for range 2 {
				w.step("post")
				n := w.Ticket().String()
				w.wait("the assignee hears of it", func() bool { return w.told("U0LI", n, "") == 1 })
				w.step("remind")
				if got := w.told("U0LI", n, ""); got != 2 {
					t.Errorf("%d messages after the reminder, want 2\n%s", got, w.direct("U0LI"))
				}
				w.step("ack")
				w.wait("the assignee hears of the breach", func() bool { return w.told("U0LI", n, words) == 1 })
				calls := w.told("U0WANG", n, "")
				w.wait("all pings say who is on it", func() bool { return w.told("U0LI", n, onIt[lang]) == 2 && w.told("U0WANG", n, onIt[lang]) == 1 })
				if err := w.Jump(t.Context(), w.Now().Add(90*time.Minute)); err != nil {
					t.Fatal(err)
				}
				before := w.told("U0LI", n, "")
				w.step("urge")
				w.wait("the assignee hears of being urged", func() bool { return w.told("U0LI", n, "") > before })
				if got := w.told("U0WANG", n, ""); got != calls {
					t.Errorf("the supervisor was called again after having answered\n%s", w.direct("U0WANG"))
				}
				w.step("plug")
				n = w.Ticket().String()
				if got := w.told("U0LI", n, words); got != 1 {
					t.Errorf("%d pings about %s, want exactly one\n%s", got, n, w.direct("U0LI"))
				}
			}
		})
	}
}

// TestDemoStoryInAnyOrder presses steps as no story tells them.
func TestDemoStoryInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"plug urge ack remind post", "urge urge remind remind ack ack", "post post plug plug remind", "ack post ack urge remind"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, "zh-CN")
			for id := range strings.FieldsSeq(order) {
				w.step(id)
			}
		})
	}
}

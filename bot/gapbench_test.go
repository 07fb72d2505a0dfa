package bot_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

// pastLine is something said, in the form in which the tests keep it.
type pastLine struct {
	Channel tickets.ChannelID `json:"c"`
	TS      string            `json:"ts"`
	Thread  string            `json:"th,omitempty"`
	Edited  time.Time         `json:"edited,omitzero"`
	Own     bool              `json:"own,omitempty"`
	Bot     bool              `json:"bot,omitempty"`
}

// saidID is the id of a message said at t.
func saidID(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// pastLines is a chat's past, its inbox and its decoder.
type pastLines struct {
	mu    sync.Mutex
	page  int
	all   []pastLine
	calls []string
	keys  map[string]bool
	found []string
	fail  func(call string) error // nil = never
	kept  func(pastLine)          // told of what is new in the inbox
	only  map[tickets.WorkspaceID][]tickets.ChannelID
}

func (p *pastLines) call(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	p.calls = append(p.calls, text)
	if p.fail != nil {
		return p.fail(text)
	}
	return nil
}

func (p *pastLines) Channels(_ context.Context, ws tickets.WorkspaceID) ([]tickets.ChannelID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.only[ws], p.call("channels %s", ws)
}

func (p *pastLines) Said(_ context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, after string) ([]bot.Envelope, string, error) {
	return p.read(ws, fmt.Sprintf("%s after %s", ch, after), after, func(l pastLine) bool {
		return l.Channel == ch && l.Thread == "" && l.TS > after
	})
}

// Replies gives the root with each page, as Slack does.
func (p *pastLines) Replies(_ context.Context, ws tickets.WorkspaceID, ch tickets.ChannelID, root, after string) ([]bot.Envelope, string, error) {
	return p.read(ws, fmt.Sprintf("%s/%s after %s", ch, root, after), after, func(l pastLine) bool {
		return l.Channel == ch && (l.TS == root || l.Thread == root && l.TS > after)
	})
}

func (p *pastLines) read(ws tickets.WorkspaceID, call, after string, match func(pastLine) bool) (out []bot.Envelope, next string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.call("%s", call); err != nil {
		return nil, "", err
	}
	slices.SortFunc(p.all, func(a, b pastLine) int { return cmp.Compare(a.TS, b.TS) })
	for _, l := range p.all {
		if !match(l) {
			continue
		}
		if len(out) >= p.page {
			return out, next, nil
		}
		next = l.TS
		out = append(out, pastEnvelope(ws, l))
	}
	return out, "", nil
}

func pastEnvelope(ws tickets.WorkspaceID, l pastLine) bot.Envelope {
	raw, err := json.Marshal(l)
	if err != nil {
		panic(err)
	}
	key := fmt.Sprintf("%s/%s/%s", ws, l.Channel, l.TS)
	if !l.Edited.IsZero() {
		key += "/" + saidID(l.Edited)
	}
	return bot.Envelope{Kind: bot.KindMessage, Workspace: ws, Key: key, Raw: raw}
}

func (p *pastLines) Append(_ context.Context, e bot.Envelope) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		if err := p.fail("append " + e.Key); err != nil {
			return false, err
		}
	}
	if p.keys[e.Key] {
		return true, nil
	}
	p.keys[e.Key] = true
	p.found = append(p.found, e.Key)
	if p.kept != nil {
		var l pastLine
		_ = json.Unmarshal(e.Raw, &l)
		p.kept(l)
	}
	return false, nil
}

func (p *pastLines) Decode(e bot.Envelope) bot.Input {
	var l pastLine
	if json.Unmarshal(e.Raw, &l) != nil {
		return bot.Input{}
	}
	m := bot.Message{Channel: l.Channel, TS: l.TS, Thread: l.Thread, Author: "U1", Text: "x", Own: l.Own, Bot: l.Bot}
	if !l.Edited.IsZero() {
		return bot.Input{Edit: &bot.Edit{Message: m, At: l.Edited}}
	}
	return bot.Input{Message: &m}
}

// took returns the calls made since the last look.
func (p *pastLines) took() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.calls
	p.calls = nil
	return out
}

// got returns the keys of what was found since the last look.
func (p *pastLines) got() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.found
	p.found = nil
	return out
}

// gapWorld is one shard whose gaps are read, in virtual time. It hears a delivery each second unless told otherwise.
type gapWorld struct {
	*pastLines
	t       *testing.T
	store   *memstore.Store
	gaps    *bot.Gaps
	start   time.Time
	mu      sync.Mutex
	away    bool
	quiet   time.Time // the last delivery, if they have ended
	run     string
	told    []bot.GapProgress
	cancel  context.CancelFunc
	stopped chan struct{}
}

func newGapWorld(t *testing.T) *gapWorld {
	w := &gapWorld{t: t, start: time.Now(), run: "one", stopped: make(chan struct{}), store: memstore.New(memstore.Options{Shards: 1}),
		pastLines: &pastLines{page: 2, keys: map[string]bool{}, only: map[tickets.WorkspaceID][]tickets.ChannelID{"W1": {"C1"}}}}
	w.gaps = &bot.Gaps{Past: w.pastLines, Intake: w.pastLines, Decoder: w.pastLines, Store: w.store, Now: time.Now, Wall: time.Now,
		Workspaces: func() []tickets.WorkspaceID { return []tickets.WorkspaceID{"W1"} }, Log: slog.New(slog.DiscardHandler),
		Hearing: func() bool { w.mu.Lock(); defer w.mu.Unlock(); return !w.away },
		RunID:   func(context.Context) (string, error) { w.mu.Lock(); defer w.mu.Unlock(); return w.run, nil },
		Heard: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			if !w.quiet.IsZero() {
				return w.quiet
			}
			return time.Now()
		},
		Progress: func(p bot.GapProgress) { w.mu.Lock(); defer w.mu.Unlock(); w.told = append(w.told, p) },
	}
	w.listens("W1", "C1", w.ago(24*time.Hour*30))
	return w
}

// ago is a time before the start.
func (w *gapWorld) ago(d time.Duration) time.Time { return w.start.Add(-d) }

// said keeps messages of C1 said so long before the start.
func (w *gapWorld) said(ago ...time.Duration) {
	w.pastLines.mu.Lock()
	defer w.pastLines.mu.Unlock()
	for _, d := range ago {
		w.all = append(w.all, pastLine{Channel: "C1", TS: saidID(w.ago(d))})
	}
}

func (w *gapWorld) doc(ws tickets.WorkspaceID, key, format string, args ...any) {
	w.t.Helper()
	if _, err := w.store.Commit(w.t.Context(), tickets.Change{Workspace: ws,
		Docs: []tickets.DocWrite{{Key: key, Body: fmt.Appendf(nil, format, args...)}}}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *gapWorld) listens(ws tickets.WorkspaceID, ch tickets.ChannelID, since time.Time) {
	w.doc(ws, "channel/"+string(ch), `{"since":%q}`, saidID(since))
}

func (w *gapWorld) heard(ws tickets.WorkspaceID, at time.Time) {
	w.doc(ws, "heard", `{"at":%q}`, at.UTC().Format(time.RFC3339Nano))
}

// ticket opens a ticket whose thread has a root.
func (w *gapWorld) ticket(n tickets.Number, ch tickets.ChannelID, root string) {
	w.t.Helper()
	t := tickets.Ticket{ID: tickets.TicketIDFor("W1", root), Workspace: "W1", Number: n, Version: 1, Status: tickets.StatusNew,
		Source: tickets.Source{Channel: ch, TS: root, Thread: root}, Created: time.Now(), Updated: time.Now()}
	if _, err := w.store.Commit(w.t.Context(), tickets.Change{Workspace: "W1", Seen: []tickets.Seen{{Channel: ch, TS: root, Decision: "act"}},
		Tickets: []tickets.TicketWrite{{After: t, Events: []tickets.Event{{Kind: tickets.EvCreated, Version: 1}}}}}); err != nil {
		w.t.Fatal(err)
	}
}

// mark is how long after the start everything had been heard; negative = before it.
func (w *gapWorld) mark(ws tickets.WorkspaceID) time.Duration {
	w.t.Helper()
	doc, err := w.store.Doc(w.t.Context(), ws, "heard")
	if errors.Is(err, tickets.ErrNotFound) {
		return -1 << 62
	}
	var h struct {
		At time.Time `json:"at"`
	}
	if err == nil {
		err = json.Unmarshal(doc.Body, &h)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return h.At.Sub(w.start)
}

func (w *gapWorld) begin() {
	ctx, cancel := context.WithCancel(w.t.Context())
	w.cancel = cancel
	go func() {
		defer close(w.stopped)
		_ = w.gaps.Run(ctx)
	}()
}

func (w *gapWorld) end() {
	w.cancel()
	<-w.stopped
}

func (w *gapWorld) set(edit func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	edit()
}

// callsOf is how many calls begin with a word.
func callsOf(calls []string, word string) (n int) {
	for _, c := range calls {
		if strings.HasPrefix(c, word) {
			n++
		}
	}
	return n
}

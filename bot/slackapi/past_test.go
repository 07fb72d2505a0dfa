package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

// listener keeps the keys of what is delivered live, by what it is.
type listener struct {
	mu   sync.Mutex
	keys map[string]bool
	raw  map[string]bot.Envelope
}

// listen connects to the world's Slack until the test ends.
func (w *world) listen(t *testing.T) (*listener, func()) {
	t.Helper()
	l := &listener{keys: map[string]bool{}, raw: map[string]bot.Envelope{}}
	// Pings of both sides at one instant would block each other: these pipes hold nothing.
	sock := NewSocketMode(w.api, SocketOptions{Ping: 5300 * time.Millisecond, AppToken: "xapp-1-A00000001", NetDial: w.pipe.DialContext, Sink: func(_ context.Context, e bot.Envelope, _ Hint) (json.RawMessage, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.keys[e.Key], l.raw[e.Key] = true, e
		return nil, nil
	}})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sock.Run(ctx) }()
	must(t, w.Wait(ctx, func() bool { return w.Connections() == 1 }))
	return l, func() {
		must(t, w.Wait(ctx, func() bool { return w.Unacked() == 0 }))
		stop()
		must(t, <-done)
	}
}

func (w *world) past() *Past { return NewPast(w.api, w.installs, PastOptions{}) }

// all reads a place to its end as a caller does: it waits where it is told to.
func all(t *testing.T, after string, read func(string) ([]bot.Envelope, string, error)) (list []bot.Envelope, waited time.Duration) {
	t.Helper()
	for next := after; ; {
		page, then, err := read(next)
		var limited *bot.RateLimited
		if errors.As(err, &limited) {
			waited += limited.After
			pass(limited.After)
			continue
		}
		must(t, err)
		list = append(list, page...)
		if then == "" {
			return list, waited
		}
		next = then
	}
}

func (w *world) said(t *testing.T, p *Past, after string) []bot.Envelope {
	t.Helper()
	list, _ := all(t, after, func(a string) ([]bot.Envelope, string, error) { return p.Said(context.Background(), "T1", room, a) })
	return list
}

func (w *world) replies(t *testing.T, p *Past, root, after string) []bot.Envelope {
	t.Helper()
	list, _ := all(t, after, func(a string) ([]bot.Envelope, string, error) {
		return p.Replies(context.Background(), "T1", room, root, a)
	})
	return list
}

func (w *world) post(t *testing.T, user, text string, opts ...slacksim.PostOption) string {
	t.Helper()
	pass(time.Millisecond)
	ts, err := w.Post(user, room, text, opts...)
	must(t, err)
	return ts
}

func keysOf(list []bot.Envelope) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.Key)
	}
	return out
}

func key(kind string, parts ...string) string {
	return "T1/" + kind + "/" + room + "/" + strings.Join(parts, "/")
}

// TestPastEqualsWhatWasDelivered says everything that can be said while a listener hears it, and reads it again: each
// envelope has a key that was heard, and gives the same input.
func TestPastEqualsWhatWasDelivered(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		live, stop := w.listen(t)
		ctx := context.Background()
		old := w.post(t, lin, "before the gap")
		mark := w.post(t, lin, "the last heard")
		plain := w.post(t, lin, "订单 2024 碎了 @wang @gongdan")
		root := w.post(t, wang, "a root")
		reply := w.post(t, lin, "a reply", slacksim.InThread(root))
		loud := w.post(t, lin, "to all", slacksim.InThread(root), slacksim.Broadcast())
		edited := w.post(t, lin, "first words")
		file := w.post(t, lin, "", slacksim.WithFiles(slacksim.File{Name: "a.png"}))
		deleted := w.post(t, lin, "never mind")
		fallen := w.post(t, lin, "a root that goes")
		w.post(t, lin, "remains", slacksim.InThread(fallen))
		relayed := w.post(t, wang, "another app", slacksim.AsBot())
		w.post(t, wang, "another app", slacksim.AsBot(), slacksim.InThread(root))
		_, err := w.m.Post(ctx, "T1", bot.Post{Channel: room, View: bot.View{Summary: "our own"}})
		must(t, err)
		w.Invite(room, boss)
		pass(time.Minute)
		must(t, w.Edit(lin, room, edited, "second words"))
		must(t, w.Edit(lin, room, reply, "a better reply"))
		must(t, w.Edit(wang, room, root, "a better root"))
		must(t, w.Edit(lin, room, old, "not asked for"))
		must(t, w.Delete(lin, room, deleted))
		must(t, w.Delete(lin, room, fallen))
		must(t, w.React(wang, room, plain, "eyes"))
		stop()

		edit := map[string]string{}
		for _, m := range w.Messages(room) {
			for k := range live.keys {
				if at, ok := strings.CutPrefix(k, key("edit", m.TS)+"/"); ok {
					edit[m.TS] = at
				}
			}
		}
		p := w.past()
		list := w.said(t, p, mark)
		want := []string{key("message", plain), key("message", root), key("edit", root, edit[root]), key("message", loud),
			key("message", edited), key("edit", edited, edit[edited]), key("message", file), key("message", relayed)}
		if d := cmp.Diff(want, keysOf(list)); d != "" {
			t.Errorf("said (-want +got):\n%s", d)
		}
		inThread := w.replies(t, p, root, mark)
		want = []string{key("edit", root, edit[root]), key("message", reply), key("edit", reply, edit[reply]), key("message", loud)}
		if d := cmp.Diff(want, keysOf(inThread)); d != "" {
			t.Errorf("replies (-want +got):\n%s", d)
		}
		w.same(t, live, append(list, inThread...))
		if got := w.replies(t, p, root, w.Messages(room)[len(w.Messages(room))-1].TS); len(got) != 1 {
			t.Errorf("replies after the last message = %v, want only the root's edit", keysOf(got))
		}
	})
}

// same compares what was read with what was delivered: a message that was edited since reads as it is now.
func (w *world) same(t *testing.T, live *listener, list []bot.Envelope) {
	t.Helper()
	d, later := NewDecoder(w.installs), map[string]bot.Message{}
	for _, e := range list {
		if in := d.Decode(e); in.Edit != nil {
			later[in.Edit.Message.TS] = in.Edit.Message
		}
	}
	for _, e := range list {
		heard, ok := live.raw[e.Key]
		if !ok {
			t.Errorf("%s was never delivered", e.Key)
			continue
		}
		want, got := d.Decode(heard), d.Decode(e)
		if want.Edit != nil {
			want.Edit.Old = ""
		}
		if now, edited := later[messageTS(got)]; edited && want.Message != nil {
			want.Message.Text, want.Message.Edited = now.Text, now.Edited
		}
		if d := cmp.Diff(want, got); d != "" || e.Kind != heard.Kind || e.Workspace != heard.Workspace || e.Received.IsZero() {
			t.Errorf("%s: input (-delivered +read):\n%s", e.Key, d)
		}
	}
}

func messageTS(in bot.Input) string {
	if in.Message == nil {
		return ""
	}
	return in.Message.TS
}

// TestPastWithinRestrictedHistory reads a gap with one call a minute and 15 messages a call.
func TestPastWithinRestrictedHistory(t *testing.T) {
	inWorld(t, slacksim.Options{RestrictedHistory: true}, func(t *testing.T, w *world) {
		mark, want := w.post(t, lin, "the last heard"), []string(nil)
		for n := range 40 {
			want = append(want, key("message", w.post(t, lin, fmt.Sprint(n))))
		}
		p, began := w.past(), time.Now()
		if d := cmp.Diff(want, keysOf(w.said(t, p, mark))); d != "" {
			t.Errorf("said (-want +got):\n%s", d)
		}
		if took := time.Since(began); took > 2*time.Minute+time.Second {
			t.Errorf("three pages took %s, want two minutes", took)
		}
		if got := w.called("conversations.history ok"); got != 3 {
			t.Errorf("%d calls succeeded, want 3: what was read must not be read again", got)
		}
		root, replies := strings.TrimPrefix(want[0], key("message")), []string(nil)
		for n := range 40 {
			replies = append(replies, key("message", w.post(t, wang, fmt.Sprint(n), slacksim.InThread(root))))
		}
		if d := cmp.Diff(replies, keysOf(w.replies(t, p, root, mark))); d != "" {
			t.Errorf("replies (-want +got):\n%s", d)
		}
	})
}

// TestPastInPages hands a long gap out in pages, and again those that were not kept.
func TestPastInPages(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		ctx, mark, want := context.Background(), w.post(t, lin, "the last heard"), []string(nil)
		for n := range 25 {
			want = append(want, key("message", w.post(t, lin, fmt.Sprint(n))))
		}
		p := NewPast(w.api, w.installs, PastOptions{Page: 10})
		first, next, err := p.Said(ctx, "T1", room, mark)
		must(t, err)
		again, _, err := p.Said(ctx, "T1", room, mark) // the caller could not keep the first page
		must(t, err)
		if d := cmp.Diff(keysOf(first), keysOf(again)); d != "" || len(first) != 10 {
			t.Errorf("the first page and the same again (-first +again):\n%s", d)
		}
		if got := w.called("conversations.history ok"); got != 3 {
			t.Errorf("%d calls, want 3", got)
		}
		if d := cmp.Diff(want[10:], keysOf(w.said(t, p, next))); d != "" {
			t.Errorf("said afterwards (-want +got):\n%s", d)
		}
		fresh := w.post(t, lin, "new")
		if d := cmp.Diff([]string{key("message", fresh)}, keysOf(w.said(t, p, strings.TrimPrefix(want[24], key("message"))))); d != "" {
			t.Errorf("said since (-want +got):\n%s", d)
		}
	})
}

// TestPastForMany reads one gap several times at once, as two owners of a shard may for a moment.
func TestPastForMany(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		mark, want := w.post(t, lin, "the last heard"), []string(nil)
		for n := range 30 {
			want = append(want, key("message", w.post(t, lin, fmt.Sprint(n))))
		}
		p := NewPast(w.api, w.installs, PastOptions{Page: 7})
		var readers sync.WaitGroup
		for range 5 {
			readers.Go(func() {
				var got []string
				for next, then := mark, ""; next != ""; next = then {
					list, last, err := p.Said(context.Background(), "T1", room, next)
					if err != nil {
						t.Errorf("Said = %v", err)
						return
					}
					got, then = append(got, keysOf(list)...), last
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("said (-want +got):\n%s", d)
				}
			})
		}
		readers.Wait()
	})
}

// TestPastForgetsWhatIsOld begins anew when a reading was left alone for long, so that nothing said since is missed.
func TestPastForgetsWhatIsOld(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		ctx, mark := context.Background(), w.post(t, lin, "the last heard")
		for n := range 15 {
			w.post(t, lin, fmt.Sprint(n))
		}
		p := NewPast(w.api, w.installs, PastOptions{Page: 10})
		_, _, err := p.Said(ctx, "T1", room, mark)
		must(t, err)
		last := w.post(t, lin, "said since")
		pass(scanLife + time.Second)
		list := keysOf(w.said(t, p, mark))
		if len(list) != 16 || list[15] != key("message", last) {
			t.Errorf("said = %v, want 16 with the last", list)
		}
	})
}

// TestPastIsBounded reads more than is kept at once: it takes several readings, and nothing is missing.
func TestPastIsBounded(t *testing.T) {
	inWorld(t, slacksim.Options{LimitScale: -1}, func(t *testing.T, w *world) {
		mark, want := w.post(t, lin, "the last heard"), []string(nil)
		for n := range maxHeld + 300 {
			want = append(want, key("message", w.post(t, lin, fmt.Sprint(n))))
		}
		p := NewPast(w.api, w.installs, PastOptions{Page: 100})
		if d := cmp.Diff(want, keysOf(w.said(t, p, mark))); d != "" {
			t.Errorf("said (-want +got):\n%s", d)
		}
		if len(p.scans.m) != 0 {
			t.Errorf("%d readings are still kept", len(p.scans.m))
		}
	})
}

func TestPastErrors(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		ctx, p := context.Background(), w.past()
		if _, _, err := p.Said(ctx, "T1", "C4", "1.1"); !errors.Is(err, bot.ErrGone) {
			t.Errorf("Said where the bot is not = %v, want ErrGone", err)
		}
		if _, _, err := p.Replies(ctx, "T1", room, "1.1", ""); !errors.Is(err, bot.ErrGone) {
			t.Errorf("Replies of no thread = %v, want ErrGone", err)
		}
		if _, err := p.Channels(ctx, "T9"); !errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("Channels elsewhere = %v, want ErrNotFound", err)
		}
		w.OnCall(func(slacksim.Call) slacksim.Fault { return slacksim.Fault{Status: 503} })
		if _, err := p.Channels(ctx, "T1"); !errors.Is(err, tickets.ErrTemporary) {
			t.Errorf("Channels while Slack is ill = %v, want ErrTemporary", err)
		}
		for n := range maxScans + 5 {
			_, _, _ = p.Said(ctx, "T1", tickets.ChannelID(fmt.Sprint("C", n)), "1.1")
		}
		if len(p.scans.m) > maxScans {
			t.Errorf("%d readings are kept, want at most %d", len(p.scans.m), maxScans)
		}
	})
}

func TestPastChannels(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(t *testing.T, w *world) {
		w.AddChannel("T1", slacksim.Channel{ID: "C5", Name: "secret", Private: true, Members: []string{lin, "UBOT"}})
		w.AddChannel("T1", slacksim.Channel{ID: "C6", Name: "over", Archived: true, Members: []string{lin, "UBOT"}})
		dm := w.DMChannel("T1", lin)
		p := NewPast(w.api, w.installs, PastOptions{Page: 2})
		got, err := p.Channels(context.Background(), "T1")
		must(t, err)
		if d := cmp.Diff([]tickets.ChannelID{"C1", "C2", "C3", "C5", tickets.ChannelID(dm)}, got); d != "" {
			t.Errorf("Channels (-want +got):\n%s", d)
		}
	})
}

// answers is a Slack that gives prepared answers, one a call.
type answers []string

func (a *answers) RoundTrip(*http.Request) (*http.Response, error) {
	body := (*a)[0]
	*a = (*a)[1:]
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// TestPastInOddPages gets pages in either order, one of them refused for its cursor, and threads that never end.
func TestPastInOddPages(t *testing.T) {
	t.Parallel()
	page := func(cursor string, ts ...string) string {
		var list []string
		for _, at := range ts {
			list = append(list, `{"type":"message","user":"U1","text":"x","ts":"17000000`+at+`.000100"}`)
		}
		return `{"ok":true,"messages":[` + strings.Join(list, ",") + `],"has_more":` + fmt.Sprint(cursor != "") + `,"response_metadata":{"next_cursor":"` + cursor + `"}}`
	}
	want := []string{"T1/message/C1/1700000001.000100", "T1/message/C1/1700000002.000100", "T1/message/C1/1700000003.000100"}
	for name, list := range map[string]answers{
		"newest first":     {page("a", "03", "02"), page("", "01")},
		"oldest first":     {page("a", "01", "02"), page("", "03")},
		"cursor grows old": {page("a", "03"), `{"ok":false,"error":"invalid_cursor"}`, page("b", "03", "02"), page("", "01")},
	} {
		api, err := NewAPI(APIOptions{HTTP: &http.Client{Transport: &list}})
		must(t, err)
		got, next, err := NewPast(api, installed(), PastOptions{}).Said(context.Background(), "T1", "C1", "1700000000.000100")
		if d := cmp.Diff(want, keysOf(got)); d != "" || next != "" || err != nil {
			t.Errorf("%s: next %q, %v, said (-want +got):\n%s", name, next, err, d)
		}
	}
	endless := answers{page("a", "00")}
	api, err := NewAPI(APIOptions{HTTP: &http.Client{Transport: &endless}})
	must(t, err)
	if _, _, err := NewPast(api, installed(), PastOptions{}).Replies(context.Background(), "T1", "C1", "1700000000.000100", "1700000000.000100"); !errors.Is(err, errNoProgress) {
		t.Errorf("Replies without progress = %v, want errNoProgress", err)
	}
}

// TestPastOfAWholeOrganisation names the installation, whatever workspace a message is from.
func TestPastOfAWholeOrganisation(t *testing.T) {
	t.Parallel()
	p := NewPast(nil, StaticOf(Installation{Workspace: "E1", Enterprise: "E1", BotUser: "UBOT"}), PastOptions{})
	got := p.found("E1", "D1", []json.RawMessage{json.RawMessage(`{"type":"message","user":"U1","team":"T7","text":"x","ts":"1700000000.000100"}`), json.RawMessage(`null`), json.RawMessage(`[]`), json.RawMessage(`{"ts":"no"}`)})
	if len(got) != 1 || len(got[0].said) != 1 || got[0].said[0].Key != "E1/message/D1/1700000000.000100" {
		t.Fatalf("found = %+v", got)
	}
	if m := p.decoder.Decode(got[0].said[0]).Message; m == nil || !m.Direct || !m.ToBot {
		t.Errorf("message = %+v, want a direct one", m)
	}
}

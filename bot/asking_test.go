package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/intents"
	"gongdan/intents/linear"
	"gongdan/prompts"
	"gongdan/tickets"
)

// oracle is a model that takes its time and answers by script.
type oracle struct {
	takes  time.Duration
	answer string

	mu    sync.Mutex
	asked []prompts.Question
	now   int
	most  int // questions at once
}

const saysReturn = `{"evidence":"","intent":"new_ticket","type":"goods_return","sure":"high","platform":null,"shop":null,"order":null,"aftersale":null,"waybill":null,"sku":null,"due_text":null}`

func (o *oracle) Complete(ctx context.Context, r prompts.Request) (prompts.Reply, error) {
	var q prompts.Question
	if err := json.Unmarshal([]byte(r.User), &q); err != nil {
		return prompts.Reply{}, err
	}
	o.mu.Lock()
	o.asked = append(o.asked, q)
	o.now++
	o.most = max(o.most, o.now)
	o.mu.Unlock()
	defer func() { o.mu.Lock(); o.now--; o.mu.Unlock() }()
	select {
	case <-time.After(o.takes):
		return prompts.Reply{JSON: json.RawMessage(o.answer)}, nil
	case <-ctx.Done():
		return prompts.Reply{}, prompts.ErrUnavailable
	}
}

func (o *oracle) calls() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

// line is the inbox of a world: what it holds has not taken effect.
type line struct {
	w   *world
	mu  sync.Mutex
	all []bot.Envelope
	in  map[string]bot.Input
	has map[string]bool
	new chan struct{} // one entry at most: something has come
}

func (l *line) Append(_ context.Context, e bot.Envelope) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.has[e.Key] {
		return true, nil
	}
	e.Entry = l.w.store.AddInbox(ws)
	l.has[e.Key] = true
	l.all = append(l.all, e)
	select {
	case l.new <- struct{}{}:
	default:
	}
	return false, nil
}

// arrives puts a message into the inbox.
func (l *line) arrives(m bot.Message) bot.Message {
	l.w.t.Helper()
	key := "T1/" + string(m.Channel) + "/" + m.TS
	l.mu.Lock()
	l.in[key] = bot.Input{Message: &m}
	l.mu.Unlock()
	if _, err := l.Append(l.w.t.Context(), bot.Envelope{Workspace: ws, Key: key, Kind: bot.KindMessage, Received: time.Now()}); err != nil {
		l.w.t.Fatal(err)
	}
	return m
}

func (l *line) Decode(e bot.Envelope) bot.Input {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in[e.Key]
}

func (l *line) Read(ctx context.Context, _ tickets.Shard, after string, n int, block time.Duration) ([]bot.Envelope, error) {
	for until := time.Now().Add(block); ; {
		if out := l.rest(after, n); len(out) > 0 || time.Now().After(until) {
			return out, nil
		}
		select {
		case <-l.new:
		case <-time.After(block):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (l *line) rest(after string, n int) (out []bot.Envelope) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := 1 + slices.IndexFunc(l.all, func(e bot.Envelope) bool { return e.Entry == after })
	for _, e := range l.all[from:] {
		if l.w.store.Inbox(ws, e.Entry) && len(out) < n {
			out = append(out, e)
		}
	}
	return out
}

func (l *line) thoughts() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.all {
		if e.Kind == bot.KindThought {
			n++
		}
	}
	return n
}

func (l *line) MarkTry(context.Context, tickets.Shard, string) (int, error) { return 1, nil }

func (l *line) Bury(context.Context, tickets.Shard, bot.Envelope, string, int64) error { return nil }

// asking gives a world a model and an inbox.
func (w *world) asking(o *oracle) *line {
	m, err := linear.Default()
	if err != nil {
		w.t.Fatal(err)
	}
	l := &line{w: w, in: map[string]bot.Input{}, has: map[string]bool{}, new: make(chan struct{}, 1)}
	w.talk = bot.New(bot.Options{Store: w.store, Policies: w, People: w.people, Words: w.words, Now: time.Now, Intake: l,
		Minds: intents.New(intents.Options{Local: intents.Linear(m), Model: o})})
	return l
}

// reads lets a desk work while something happens, and kills it.
func (l *line) reads(during func()) {
	ctx, cancel := context.WithCancel(l.w.t.Context())
	d := &bot.Desk{Inbox: l, Decoder: l, Handle: l.w.talk.Handle, Arrives: l.w.talk.Arrives, Log: slog.New(slog.DiscardHandler)}
	var wg sync.WaitGroup
	wg.Go(func() { _ = d.Run(ctx) })
	during()
	cancel()
	wg.Wait()
	l.w.talk.Wait()
}

func TestBurstTakesThreeAnswersAtMost(t *testing.T) {
	for _, tt := range []struct {
		name  string
		takes time.Duration
		pace  time.Duration
	}{
		{"all at once, a quick model", 300 * time.Millisecond, 0},
		{"all at once, a slow model", 5 * time.Second, 0},
		{"a second apart", time.Second, time.Second},
		{"slower than the model", 500 * time.Millisecond, 4 * time.Second},
		{"with pauses", 500 * time.Millisecond, 20 * time.Second},
		{"a slow model and pauses", 8 * time.Second, 6 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				o := &oracle{takes: tt.takes, answer: saysReturn}
				l := w.asking(o)
				var all []bot.Message
				l.reads(func() {
					for range 20 {
						all = append(all, l.arrives(w.message(anna, unsure)))
						w.waits(tt.pace)
					}
					w.waits(time.Minute)
				})
				w.until(time.Now().Add(time.Minute)) // what waits with the question is taken up
				if n := o.calls(); n < 1 || n > 3 || o.most > 1 {
					t.Errorf("%d answers, %d at once, want at most 3, one at a time", n, o.most)
				}
				k := w.only()
				var order []string
				for _, e := range w.events(k.ID) {
					if e.Message.TS != "" {
						order = append(order, e.Message.TS)
					}
				}
				if late := tt.takes > modelPatience; !late && !slices.IsSorted(order) { // late ones are shown in order
					t.Errorf("messages %v, want them in order", order)
				}
				slices.Sort(order)
				if n := len(order); k.Type != "goods_return" || n < 18 || len(slices.Compact(order)) != n {
					t.Errorf("ticket of type %s with %d messages, want goods_return with each once", k.Type, n)
				}
				for _, m := range all {
					if got := w.seen(m); got == "" {
						t.Errorf("%s has come to nothing", m.TS)
					}
				}
				w.sound()
			})
		})
	}
}

func TestEachAnswerShowsWhatWasSaidBefore(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := &oracle{takes: time.Second, answer: strings.Replace(saysReturn, "new_ticket", "none", 1)}
		l := w.asking(o)
		l.reads(func() {
			l.arrives(w.message(anna, "大家早"))
			w.waits(time.Second)
			l.arrives(w.message(li, "我去吃饭了")) // somebody else
			l.arrives(w.message(anna, unsure))
			w.waits(100 * time.Millisecond)
			l.arrives(w.message(anna, unsure))
			l.arrives(w.message(anna, unsure))
			w.waits(10 * time.Second)
		})
		want := [][]string{{"大家早", unsure}, {"大家早", unsure, unsure + "\n" + unsure}}
		var got [][]string
		for _, q := range o.asked {
			got = append(got, q.Messages)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("asked %q, want %q", got, want)
		}
	})
}

func TestLateAnswer(t *testing.T) {
	for _, tt := range []struct {
		name, text, answer string
		meanwhile          func(w *world, m bot.Message)
		made               int
		seen               string
		check              func(*testing.T, tickets.Ticket)
	}{
		{name: "raises a question", text: unsure, answer: saysReturn, made: 1, seen: "act"},
		{name: "that agrees with nothing", text: unsure, answer: strings.Replace(saysReturn, "new_ticket", "none", 1), made: 0, seen: "ask"},
		{name: "after somebody said no", text: unsure, answer: saysReturn, made: 0, seen: "not",
			meanwhile: func(w *world, m bot.Message) { w.presses(anna, bot.ActMakeNot, "C1/"+m.TS, "") }},
		{name: "after somebody said yes", text: unsure, answer: saysReturn, made: 1, seen: "act",
			meanwhile: makes},
		{name: "after other words", text: unsure, answer: saysReturn, made: 0, seen: "ignore",
			meanwhile: func(w *world, m bot.Message) {
				m.Text = "没事了，已经解决了"
				w.handle(bot.Input{Edit: &bot.Edit{Message: m, At: time.Now()}})
			}},
		{name: "after its message went", text: unsure, answer: saysReturn, made: 0, seen: "gone",
			meanwhile: func(w *world, m bot.Message) {
				w.handle(bot.Input{Delete: &bot.Delete{Channel: m.Channel, TS: m.TS, Author: m.Author, At: time.Now()}})
			}},
		{name: "fills what is empty", text: unsure, answer: saysReturn, made: 1, seen: "act", meanwhile: makes,
			check: func(t *testing.T, k tickets.Ticket) {
				if k.Type != "goods_return" {
					t.Errorf("type = %s", k.Type)
				}
			}},
		{name: "leaves what a person set", text: unsure, answer: saysReturn, made: 1, seen: "act",
			meanwhile: func(w *world, m bot.Message) {
				makes(w, m)
				w.types(li, "类型 1 发票")
				w.types(li, "类型 1 其他")
			},
			check: func(t *testing.T, k tickets.Ticket) {
				if k.Type != "other" {
					t.Errorf("type = %s, want what was set", k.Type)
				}
			}},
		{name: "withdraws nothing", text: unsure, answer: strings.Replace(saysReturn, "new_ticket", "none", 1), made: 1, seen: "act", meanwhile: makes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				o := &oracle{takes: 6 * time.Second, answer: tt.answer}
				l := w.asking(o)
				var m bot.Message
				l.reads(func() {
					m = l.arrives(w.message(anna, tt.text))
					w.waits(2900 * time.Millisecond)
					if w.seen(m) != "" {
						t.Error("decided before a model has had its time")
					}
					w.waits(200 * time.Millisecond)
					if w.seen(m) == "" {
						t.Error("not decided after three seconds")
					}
					if tt.meanwhile != nil {
						tt.meanwhile(w, m)
					}
					w.waits(30 * time.Second)
				})
				if got := w.seen(m); got != tt.seen || len(w.all()) != tt.made || o.calls() != 1 {
					t.Errorf("%d tickets, message %q, %d answers, want %d, %q, 1", len(w.all()), got, o.calls(), tt.made, tt.seen)
				}
				if tt.check != nil {
					tt.check(t, w.only())
				}
				w.sound()
			})
		})
	}
}

func makes(w *world, m bot.Message) { w.presses(anna, bot.ActMake, "C1/"+m.TS, "") }

// Killed at any moment, the bot takes the local decision or the model's, once.
func TestLateAnswerAcrossCrash(t *testing.T) {
	for _, at := range []time.Duration{time.Second, 2990 * time.Millisecond, 3010 * time.Millisecond, 5999 * time.Millisecond, 6 * time.Second, 6020 * time.Millisecond} {
		t.Run(at.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				o := &oracle{takes: 6 * time.Second, answer: saysReturn}
				l := w.asking(o)
				var m bot.Message
				l.reads(func() {
					m = l.arrives(w.message(anna, unsure))
					w.waits(at)
				})
				again := w.asking(o) // another process
				again.all, again.in, again.has = l.all, l.in, l.has
				again.reads(func() { w.waits(30 * time.Second) })
				want := "ask" // nobody thinks any more
				if at < modelPatience || again.thoughts() > 0 {
					want = "act"
				}
				if got := w.seen(m); got != want || len(w.all()) > 1 || again.thoughts() > 1 {
					t.Errorf("message %q, %d tickets, %d late answers, want %q", got, len(w.all()), again.thoughts(), want)
				}
				w.sound()
			})
		})
	}
}

const modelPatience = 3 * time.Second

// With many messages waiting nobody waits for a model, and each is decided once.
func TestBacklogWaitsForNoModel(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := &oracle{takes: 2 * time.Second, answer: strings.Replace(saysReturn, "new_ticket", "none", 1)}
		l := w.asking(o)
		for i := range 120 {
			m := w.message(tickets.UserID(fmt.Sprintf("U%03d", i%30)), unsure)
			l.arrives(m)
		}
		began := time.Now()
		l.reads(func() {
			for len(l.rest("", 100)) > 50 {
				w.waits(10 * time.Millisecond)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("70 of 120 took %v", took)
			}
			w.waits(time.Minute)
		})
		if n := o.calls(); n > 90 {
			t.Errorf("%d answers for 30 people", n)
		}
		w.sound()
	})
}

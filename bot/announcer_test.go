package bot_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

// noMarks fails if a mark of an entry that is dealt with is left.
func (w *world) noMarks() {
	w.t.Helper()
	for _, k := range w.all() {
		for _, e := range w.events(k.ID) {
			for n := range 4 {
				for _, hop := range []string{"", "#1", "#2"} {
					key := fmt.Sprintf("try/%s|%d%s", e.Cause, n, hop)
					if _, err := w.store.Doc(w.t.Context(), ws, key); err == nil {
						w.t.Errorf("mark %s is left", key)
					}
				}
			}
		}
		if _, err := w.store.Doc(w.t.Context(), ws, "try/card:"+string(k.ID)); err == nil {
			w.t.Errorf("mark of the card of %s is left", k.Number)
		}
	}
}

// once fails if something was said twice.
func (w *world) once() {
	w.t.Helper()
	ids := map[string]int{}
	for _, p := range w.chat.posts {
		ids[p.ID]++
	}
	for id, n := range ids {
		if n > 1 {
			w.t.Errorf("%s was said %d times", id, n)
		}
	}
}

func TestAnnouncerOrder(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.halfHour(0)
		w.says(anna, wantsReturn) // unassigned: all its pings go to the channel
		w.people.down = true      // nobody known who leads
		w.until(w.only().Created.Add(30 * time.Minute))
		w.people.down = false
		w.chat.failing(nil)
		w.speak()
		var got []string
		for _, p := range w.chat.in(desk) {
			switch {
			case strings.HasPrefix(p.ID, "card:"):
				got = append(got, "card")
			case len(p.View.Actions) > 0 && p.View.Actions[0].ID == bot.ActAck:
				got = append(got, "escalation")
			default:
				got = append(got, "ping")
			}
		}
		if len(got) < 3 || got[0] != "escalation" || got[len(got)-1] != "card" {
			t.Errorf("order = %v, want the escalation first and the card last", got)
		}
		for i, p := range w.chat.in(desk)[1:] {
			if gap := p.At.Sub(w.chat.in(desk)[i].At); gap < time.Second {
				t.Errorf("%s between two messages in a channel", gap)
			}
		}
	})
}

// Many changes are one card, edited to the last of them.
func TestAnnouncerCardLatestWins(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.speak()
		for range 20 {
			w.types(li, "wait 1 仓库")
			w.types(li, "resume 1")
		}
		w.types(li, "resolve 1")
		w.chat.calls = nil
		w.speak()
		updates := 0
		for _, c := range w.chat.calls {
			if strings.HasPrefix(c, "update") {
				updates++
			}
		}
		card := w.chat.cards()
		if len(card) != 1 || updates > 2 || !strings.Contains(card[0].text()+strings.Join(card[0].View.Tags, ""), "已处理") {
			t.Errorf("%d cards, %d updates: %v", len(card), updates, card[0].View.Tags)
		}
	})
}

// What is limited in one conversation waits there; others are not held up.
func TestAnnouncerRateLimit(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		m := w.message(anna, "订单 2024112200000000001 买家要退货")
		m.Channel = "C9"
		w.handle(bot.Input{Message: &m})
		var limited atomic.Int32
		began := time.Now()
		w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
			if call == "post" && ch == desk && limited.Add(1) == 1 {
				return &bot.RateLimited{After: 30 * time.Second}, nil
			}
			return nil, nil
		})
		w.speak()
		a, b := w.chat.in(desk), w.chat.in("C9")
		if len(a) != 1 || len(b) != 1 {
			t.Fatalf("%d and %d cards, want 1 and 1", len(a), len(b))
		}
		if d := a[0].At.Sub(began); d < 30*time.Second || d > 32*time.Second {
			t.Errorf("the limited one came after %s, want 30 s", d)
		}
		if d := b[0].At.Sub(began); d > 2*time.Second {
			t.Errorf("the other came after %s", d)
		}
		if slices.Contains(w.chat.calls, "find C1") {
			t.Error("a message that was certainly not said was looked for")
		}
	})
}

// A ticket that changes while its card is posted costs the card no delay.
func TestAnnouncerContention(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.types(anna, "new 订单 2024112233445566778 要退货")
		var posts atomic.Int32
		w.chat.failing(func(call string, _ tickets.ChannelID) (error, error) {
			if call == "post" && posts.Add(1) == 1 {
				w.types(li, "claim 1")
			}
			return nil, nil
		})
		began := time.Now()
		a := w.announcer(w.store)
		w.runs(a, 2*time.Second)
		k := w.only()
		if k.Source.Thread == "" || len(w.chat.cards()) != 1 {
			t.Errorf("after %s: thread %q, %d cards", time.Since(began), k.Source.Thread, len(w.chat.cards()))
		}
		w.speak()
		if tags := strings.Join(w.chat.cards()[0].View.Tags, " "); !strings.Contains(tags, "处理中") {
			t.Errorf("card = %s, want the change on it", tags)
		}
		w.sound()
	})
}

// A card that somebody removed comes back while there is work, once.
func TestAnnouncerCardRemoved(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.speak()
		w.chat.posts = nil
		w.types(li, "claim 1")
		w.speak()
		w.types(li, "wait 1 仓库")
		w.speak()
		if got := w.chat.cards(); len(got) != 1 || !strings.Contains(strings.Join(got[0].View.Tags, " "), "等仓库") {
			t.Errorf("cards = %+v, want one, up to date", got)
		}
	})
}

// Whoever is not in the channel is told directly; a whisper that Slack cannot take now is tried again.
func TestAnnouncerWhispers(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.speak()
		var n atomic.Int32
		w.chat.failing(func(call string, _ tickets.ChannelID) (error, error) {
			if call == "whisper" && n.Add(1) < 3 {
				return tickets.ErrTemporary, nil
			}
			return nil, nil
		})
		w.types(wang, "claim 1")
		w.speak()
		if w.chat.whisper(wang).text() == "" {
			t.Error("a whisper was lost by a passing fault")
		}
		w.chat.failing(func(call string, _ tickets.ChannelID) (error, error) {
			if call == "whisper" {
				return bot.ErrGone, nil
			}
			return nil, nil
		})
		w.types(shop, "claim 1")
		w.speak()
		if got := w.chat.in("DUSHOP"); len(got) != 1 {
			t.Errorf("%d direct messages, want 1", len(got))
		}
	})
}

// cutStore ends its owner's life before or after its nth commit, as kill -9 would.
type cutStore struct {
	*memstore.Store
	mu    sync.Mutex
	left  int
	after bool
	kill  context.CancelFunc
}

var errDead = errors.New("dead")

func (c *cutStore) Commit(ctx context.Context, ch tickets.Change) (tickets.Committed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left--
	if c.left < 0 || c.left == 0 && !c.after {
		c.kill()
		return tickets.Committed{}, errDead
	}
	done, err := c.Store.Commit(ctx, ch)
	if c.left == 0 {
		c.kill()
		return tickets.Committed{}, errDead
	}
	return done, err
}

// TestAnnouncerKilled: wherever an owner dies between marking, saying and recording, the next says all, each thing once.
func TestAnnouncerKilled(t *testing.T) {
	for n := 1; n <= 8; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("commit %d, after %t", n, after), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.types(anna, "new 订单 2024112233445566778 要退货")
					w.types(wang, "assign 1 小李")
					w.until(w.only().Created.Add(35 * time.Minute))
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
					a := w.announcer(&cutStore{Store: w.store, left: n, after: after, kill: cancel})
					_ = a.Run(ctx)
					cancel()
					w.speak()
					w.once()
					if len(w.chat.cards()) != 1 || len(w.pings("DUADMIN")) != 1 || len(w.outbox()) != 0 {
						t.Errorf("%d cards, %d escalations, %d unsaid", len(w.chat.cards()), len(w.pings("DUADMIN")), len(w.outbox()))
					}
					w.noMarks()
					w.sound()
				})
			})
		}
	}
}

// story makes tickets that have much to say.
func story(w *world) {
	for i := range 4 {
		w.says(anna, fmt.Sprintf("订单 202411220000000000%d 买家要退货", i))
		time.Sleep(3 * time.Minute)
	}
	w.types(wang, "assign 1 小李")
	w.types(wang, "assign 2 @UANNA")
	w.until(time.Now().Add(time.Hour))
}

// TestAnnouncerFaults: random faults of the chat never lose or double a post, whoever owns the shard how long.
func TestAnnouncerFaults(t *testing.T) {
	var want map[string]bool
	var mu sync.Mutex
	said := func(w *world) map[string]bool {
		out := map[string]bool{}
		for _, p := range w.chat.posts {
			out[p.ID] = true
		}
		return out
	}
	t.Run("without", func(t *testing.T) {
		minds, err := brain()
		if err != nil || minds == nil {
			t.Fatal(err)
		}
		t.Run("story", func(t *testing.T) {
			inWorld(t, func(_ *testing.T, w *world) {
				story(w)
				w.speak()
				mu.Lock()
				defer mu.Unlock()
				want = said(w)
			})
		})
	})
	for seed := range uint64(25) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				story(w)
				rng := rand.New(rand.NewPCG(seed, 7))
				var dice sync.Mutex
				w.chat.failing(func(string, tickets.ChannelID) (error, error) {
					dice.Lock()
					defer dice.Unlock()
					switch rng.IntN(10) {
					case 0:
						return tickets.ErrTemporary, nil
					case 1:
						return nil, fmt.Errorf("answer lost: %w", tickets.ErrTemporary)
					case 2:
						return &bot.RateLimited{After: time.Duration(1+rng.IntN(5)) * time.Second}, nil
					case 3:
						return errSlow, nil
					}
					return nil, nil
				})
				for i := 0; len(w.outbox()) > 0 && i < 200; i++ {
					w.runs(w.announcer(w.store), time.Duration(500+rng.IntN(20_000))*time.Millisecond)
				}
				w.once()
				mu.Lock()
				defer mu.Unlock()
				if got := said(w); len(want) == 0 || !maps.Equal(got, want) {
					t.Errorf("said %d things, want %d; unsaid %d", len(got), len(want), len(w.outbox()))
				}
				w.noMarks()
				w.sound()
			})
		})
	}
}

// A kick that is lost delays nothing for long: the outbox is looked at anyhow.
func TestAnnouncerLooksByItself(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		a := w.announcer(w.store)
		wg.Go(func() { _ = a.Run(ctx) })
		synctest.Wait()
		w.says(anna, wantsReturn) // nobody kicks
		time.Sleep(15 * time.Second)
		if len(w.chat.cards()) != 1 {
			t.Error("nothing was said without a kick")
		}
		cancel()
		wg.Wait()
	})
}

// A call that the chat refuses for good in one place, as it does where direct messages to the bot are switched off, is made
// in the next.
func TestAnnouncerCallsElsewhereWhenRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		w.types(li, "claim 1")
		w.speak()
		w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
			if call == "post" && strings.HasPrefix(string(ch), "D") {
				return errors.New("slack says messages_tab_disabled"), nil
			}
			return nil, nil
		})
		before := len(w.chat.in(desk))
		w.types(wang, "urge 1")
		w.speak()
		got := w.chat.in(desk)[before:]
		if len(got) != 1 || len(w.outbox()) != 0 {
			t.Errorf("%d messages in the channel, %d left to say; want the urging in the thread, and nothing left", len(got), len(w.outbox()))
		}
		w.once()
		w.noMarks()
	})
}

// broken is a chat that panics at one call.
type broken struct{ bot.Messenger }

func (broken) Post(context.Context, tickets.WorkspaceID, bot.Post) (bot.Ref, error) { panic("broken") }

// What makes the announcer panic ends neither the process nor what else is to be said.
func TestAnnouncerOutlivesPanic(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		a := w.announcer(w.store)
		a.Voice = broken{a.Voice}
		w.runs(a, 10*time.Minute)
		if n := len(w.outbox()); n != 0 {
			t.Errorf("%d entries are left, want what panics dropped in the end", n)
		}
	})
}

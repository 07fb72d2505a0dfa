package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

// amid does something once, in the middle of what somebody else does.
type amid struct {
	*memstore.Store
	mu sync.Mutex
	at string // "doc" when a document is read first, "list" when tickets are
	do func()
}

func (b *amid) meet(at string) {
	b.mu.Lock()
	do := b.do
	if at == b.at {
		b.do = nil
	}
	b.mu.Unlock()
	if at == b.at && do != nil {
		go do()
		synctest.Wait() // it is done, or waits for its turn
	}
}

func (b *amid) Doc(ctx context.Context, w tickets.WorkspaceID, key string) (tickets.Doc, error) {
	d, err := b.Store.Doc(ctx, w, key)
	if strings.HasPrefix(key, "early/") {
		b.meet("doc")
	}
	return d, err
}

func (b *amid) List(ctx context.Context, w tickets.WorkspaceID, q tickets.Query) (tickets.Page, error) {
	p, err := b.Store.List(ctx, w, q)
	b.meet("list")
	return p, err
}

// A press on the question and the message that answers it make one ticket, whenever they meet.
func TestPressMeetsMessage(t *testing.T) {
	for _, at := range []string{"doc", "list"} {
		for _, act := range []string{bot.ActMake, bot.ActMakeNot} {
			for name, last := range map[string]string{"clear": "买家说收到的被子破了，要退货", "number": inThree["Chinese"][1]} {
				t.Run(at+"/"+act+"/"+name, func(t *testing.T) {
					inWorld(t, func(t *testing.T, w *world) {
						s := &amid{Store: w.store, at: at}
						w.talk = w.over(s)
						root := w.says(anna, inThree["Chinese"][0])
						w.waits(20 * time.Second)
						var wg sync.WaitGroup
						wg.Add(1)
						w.n++
						e := bot.Envelope{Entry: w.store.AddInbox(ws), Workspace: ws, Key: fmt.Sprintf("T1/%d", w.n)}
						s.do = func() {
							defer wg.Done()
							in := bot.Input{Click: &bot.Click{Channel: desk, User: anna, Action: act, Value: "C1/" + root.TS}}
							if err := w.talk.Handle(t.Context(), e, in, 0); err != nil {
								t.Errorf("press: %v", err)
							}
						}
						m := w.says(anna, last)
						wg.Wait()
						w.until(time.Now().Add(time.Minute))
						want := 1
						if act == bot.ActMakeNot && name == "number" {
							want = 0
						}
						if n := len(w.all()); n != want {
							t.Fatalf("%d tickets, want %d; messages %q, %q", n, want, w.seen(root), w.seen(m))
						}
						if want == 0 {
							return
						}
						k := w.only()
						for _, e := range w.events(k.ID) {
							if e.Kind == tickets.EvNoted && e.Message.TS == k.Source.TS {
								t.Errorf("notes its own source")
							}
						}
						if got, _, _ := w.store.Seen(t.Context(), ws, root.Channel, root.TS); act == bot.ActMake && got.Ticket != k.ID {
							t.Errorf("the first message is %q of %q", got.Decision, got.Ticket)
						}
						w.sound()
					})
				})
			}
		}
	}
}

// failedOnce is a store one of whose look-ups fails.
type failedOnce struct {
	bot.Store
	left int
}

func (f *failedOnce) Find(ctx context.Context, w tickets.WorkspaceID, k tickets.Key) ([]tickets.TicketID, error) {
	if f.left--; f.left == 0 {
		return nil, errors.New("away")
	}
	return f.Store.Find(ctx, w, k)
}

// Whichever look-up fails while a message becomes a ticket, the turn ends with an error, and taken again it makes one ticket.
func TestLookUpFailsAmidMessage(t *testing.T) {
	for n := 1; n <= 6; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				s := &failedOnce{Store: w.store, left: n}
				w.talk = w.over(s)
				m := w.message(anna, wantsReturn)
				w.n++
				e := bot.Envelope{Entry: w.store.AddInbox(ws), Workspace: ws, Key: fmt.Sprintf("T1/%d", w.n)}
				err := w.talk.Handle(t.Context(), e, bot.Input{Message: &m}, 0)
				if failed := s.left <= 0; (err != nil) != failed || n <= 2 && !failed {
					t.Fatalf("error %v, look-up failed: %t", err, failed)
				}
				if err != nil {
					err = w.talk.Handle(t.Context(), e, bot.Input{Message: &m}, 0)
				}
				if err != nil {
					t.Errorf("again: %v", err)
				}
				w.only()
			})
		})
	}
}

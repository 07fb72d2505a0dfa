package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/memstore"
)

// Many tickets made at once wait for each other rather than for chance.
func TestManyAtOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		const n = 64
		errs := make([]error, n)
		for i := range n {
			m := w.message(tickets.UserID(fmt.Sprintf("U%d", i)), fmt.Sprintf("订单 20241122000000%05d 买家要退货", i))
			e := bot.Envelope{Entry: w.store.AddInbox(ws), Workspace: ws, Key: m.TS}
			wg.Go(func() { errs[i] = w.talk.Handle(t.Context(), e, bot.Input{Message: &m}, 0) })
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := len(w.all()); got != n {
			t.Errorf("%d tickets, want %d", got, n)
		}
		w.sound()
	})
}

// slowFinding takes its time to answer, so that all who ask at once have asked before one of them writes.
type slowFinding struct{ *memstore.Store }

func (s slowFinding) Find(ctx context.Context, ws tickets.WorkspaceID, k tickets.Key) ([]tickets.TicketID, error) {
	ids, err := s.Store.Find(ctx, ws, k)
	<-time.After(time.Millisecond)
	return ids, err
}

// TestOneOrderAtOnce has many people report one order at the same moment.
func TestOneOrderAtOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		minds, err := brain()
		if err != nil {
			t.Fatal(err)
		}
		w.talk = bot.New(bot.Options{Store: slowFinding{w.store}, Policies: w, People: w.people, Minds: minds, Words: catalogue(t), Now: time.Now})
		w.says(li, "早上好") // from now on the bot listens
		var wg sync.WaitGroup
		const n = 16
		errs := make([]error, n)
		for i := range n {
			m := w.message(tickets.UserID(fmt.Sprintf("U%d", i)), wantsReturn)
			e := bot.Envelope{Entry: w.store.AddInbox(ws), Workspace: ws, Key: m.TS}
			wg.Go(func() { errs[i] = w.talk.Handle(t.Context(), e, bot.Input{Message: &m}, 0) })
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Count(w.history(w.only().ID), "noted"); got != n-1 {
			t.Errorf("%d of %d reports were added", got, n-1)
		}
		w.sound()
	})
}

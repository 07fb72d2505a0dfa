package bot_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// neighbour is a workspace in the same shard as the world's.
func neighbour() tickets.WorkspaceID {
	for i := 0; ; i++ {
		if id := tickets.WorkspaceID(fmt.Sprintf("T2N%d", i)); tickets.ShardOf(id, 16) == tickets.ShardOf(ws, 16) {
			return id
		}
	}
}

// A channel or person of another workspace may have the same id: that is another conversation, with limits of its own.
func TestAnnouncerKeepsWorkspacesApart(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, wantsReturn)
		m, next := w.message(anna, wantsReturn), neighbour()
		env := bot.Envelope{Entry: w.store.AddInbox(next), Workspace: next, Key: string(next) + "/1"}
		if err := w.talk.Handle(t.Context(), env, bot.Input{Message: &m}, 0); err != nil {
			t.Fatal(err)
		}
		w.speak()
		said := w.chat.in(desk)
		if len(said) != 2 {
			t.Fatalf("%d messages, want a card in each workspace", len(said))
		}
		if gap := said[1].At.Sub(said[0].At); gap >= time.Second {
			t.Errorf("one workspace's card waits %s for the other's", gap)
		}
	})
}

// What hangs in one workspace holds up nobody in another, whatever their ids.
func TestDeskKeepsWorkspacesApart(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]bot.Input{
		"same channel and author": said(anna, "1.0", ""),
		"same thread":             said(anna, "2.0", "1.0"),
		"same person":             {Click: &bot.Click{User: anna}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(in, in)
				s.all[1].Workspace = neighbour()
				done := false
				d := s.desk(func(ctx context.Context, e bot.Envelope, _ bot.Input, _ int64) error {
					if e.Workspace == ws {
						<-ctx.Done()
						return tickets.ErrTemporary
					}
					done = true
					return nil
				})
				if err := runFor(t, d, 5*time.Second); err == nil {
					t.Error("Run = nil, want the reason for its end")
				}
				if !done {
					t.Error("the other workspace's envelope waits")
				}
			})
		})
	}
}

package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// openings keeps what is open in memory.
type openings struct {
	mu   sync.Mutex
	list []bot.Opening
}

func (o *openings) Keep(_ context.Context, k bot.Opening) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(o.list, k)
	return nil
}

func (o *openings) Done(_ context.Context, k bot.Opening) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = slices.DeleteFunc(o.list, func(l bot.Opening) bool { return l.ID == k.ID })
	return nil
}

func (o *openings) Older(_ context.Context, _ tickets.Shard, before time.Time, _ int) ([]bot.Opening, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.list), func(l bot.Opening) bool { return !l.At.Before(before) }), nil
}

// windows show forms by their id.
type windows struct {
	shown map[string]bot.Form
	late  bool // the trigger came too late
	dies  bool // the process ends between opening and filling
}

var errDied = errors.New("the process has ended")

func (w *windows) Open(_ context.Context, _ tickets.WorkspaceID, _, id string, f bot.Form) error {
	if w.late {
		return bot.ErrGone
	}
	w.shown[id] = f
	return nil
}

func (w *windows) Fill(_ context.Context, _ tickets.WorkspaceID, id string, f bot.Form) error {
	if w.dies {
		return errDied
	}
	w.shown[id] = f
	return nil
}

func (*windows) Publish(context.Context, tickets.WorkspaceID, tickets.UserID, bot.Home) error {
	return nil
}

func TestFormIsFinishedByWhoeverIsAlive(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		kept, shown := &openings{}, &windows{shown: map[string]bot.Form{}, dies: true}
		f := &bot.Forms{Talk: w.talk, Windows: shown, Openings: kept, Wall: time.Now, Log: slog.New(slog.DiscardHandler)}
		o := bot.Opening{User: li, Kind: bot.FormWait, Subject: string(k.ID)}
		if err := f.Open(t.Context(), ws, o, "trigger-1"); !errors.Is(err, errDied) {
			t.Fatalf("Open() = %v, want the process to end", err)
		}
		fields := func() int {
			for _, form := range shown.shown {
				return len(form.Fields)
			}
			return -1
		}
		if n := fields(); n != 0 || len(kept.list) != 1 {
			t.Fatalf("%d fields shown and %d openings kept, want a loading form that is remembered", n, len(kept.list))
		}
		shown.dies = false
		shard := tickets.ShardOf(ws, 16)
		if err := f.RunOnce(t.Context(), shard); err != nil || fields() != 0 {
			t.Fatalf("RunOnce() at once = %v, %d fields: whoever opened it still has time", err, fields())
		}
		w.waits(3 * time.Second)
		if err := f.RunOnce(t.Context(), shard); err != nil || fields() == 0 || len(kept.list) != 0 {
			t.Errorf("RunOnce() after three seconds = %v, %d fields, %d kept; want it filled and forgotten", err, fields(), len(kept.list))
		}
	})
}

func TestLateTriggerOpensNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		kept, shown := &openings{}, &windows{shown: map[string]bot.Form{}, late: true}
		f := &bot.Forms{Talk: w.talk, Windows: shown, Openings: kept, Wall: time.Now, Log: slog.New(slog.DiscardHandler)}
		err := f.Open(t.Context(), ws, bot.Opening{User: li, Kind: bot.FormNew, Subject: string(desk)}, "trigger-2")
		if !errors.Is(err, bot.ErrGone) || len(kept.list) != 0 {
			t.Errorf("Open(late) = %v with %d kept, want ErrGone and nothing kept", err, len(kept.list))
		}
	})
}

func TestFormShowsOnlyWhatMayBeDone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		for who, want := range map[tickets.UserID]bool{li: true, wang: true, guest: false} {
			form, err := w.talk.Form(t.Context(), bot.Opening{Workspace: ws, User: who, Kind: bot.FormWait, Subject: string(k.ID)})
			if err != nil || (len(form.Fields) > 0) != want || len(form.Lines) == 0 {
				t.Errorf("Form(%s) = %d fields, %v; want fields: %t", who, len(form.Fields), err, want)
			}
		}
	})
}

func TestHomeOfMerchantAndAgent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.says(anna, "云朵旗舰店 "+wantsReturn)
		k := w.only()
		w.presses(li, bot.ActClaim, string(k.ID), "")
		for who, want := range map[tickets.UserID]int{li: 1, anna: 0, guest: 0} {
			h, err := w.talk.Home(t.Context(), ws, who)
			if err != nil || len(h.Groups)-1 != want {
				t.Errorf("Home(%s) shows %d tickets, %v; want %d", who, len(h.Groups)-1, err, want)
			}
		}
	})
}

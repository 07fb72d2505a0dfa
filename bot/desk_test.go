package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// shelf is an inbox in memory. What take removes has taken effect.
type shelf struct {
	mu     sync.Mutex
	all    []bot.Envelope
	tries  map[string]int
	buried []string
	in     map[string]bot.Input
}

func newShelf(ins ...bot.Input) *shelf {
	s := &shelf{tries: map[string]int{}, in: map[string]bot.Input{}}
	for i, in := range ins {
		id := strconv.Itoa(i + 1)
		s.all = append(s.all, bot.Envelope{Entry: id, Workspace: ws, Key: id})
		s.in[id] = in
	}
	return s
}

func (s *shelf) Decode(e bot.Envelope) bot.Input { return s.in[e.Entry] }

func (s *shelf) Read(ctx context.Context, _ tickets.Shard, after string, n int, block time.Duration) ([]bot.Envelope, error) {
	s.mu.Lock()
	from, _ := strconv.Atoi(after)
	var out []bot.Envelope
	for _, e := range s.all {
		if id, _ := strconv.Atoi(e.Entry); id > from && len(out) < n {
			out = append(out, e)
		}
	}
	s.mu.Unlock()
	if len(out) == 0 {
		select {
		case <-time.After(block):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return out, nil
}

func (s *shelf) MarkTry(_ context.Context, _ tickets.Shard, entry string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.all, func(e bot.Envelope) bool { return e.Entry == entry }) {
		return 0, nil
	}
	s.tries[entry]++
	return s.tries[entry], nil
}

func (s *shelf) Bury(_ context.Context, _ tickets.Shard, e bot.Envelope, _ string, _ int64) error {
	s.take(e.Entry)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buried = append(s.buried, e.Entry)
	return nil
}

func (s *shelf) take(entry string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(e bot.Envelope) bool { return e.Entry == entry })
}

func (s *shelf) desk(handle func(context.Context, bot.Envelope, bot.Input, int64) error) *bot.Desk {
	return &bot.Desk{Inbox: s, Decoder: s, Handle: handle, Log: slog.New(slog.DiscardHandler)}
}

func runFor(t *testing.T, d *bot.Desk, how time.Duration) error {
	ctx, cancel := context.WithTimeout(t.Context(), how)
	defer cancel()
	return d.Run(ctx)
}

func said(by tickets.UserID, ts, thread string) bot.Input {
	return bot.Input{Message: &bot.Message{Channel: desk, TS: ts, Thread: thread, Author: by}}
}

func TestDeskPoison(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		fail   func(n int) error
		tries  int
		buried bool
	}{
		{"permanent", func(int) error { return errors.New("broken") }, 5, true},
		{"panic", func(int) error { panic("broken") }, 5, true},
		{"temporary without limit", func(n int) error {
			if n < 40 {
				return tickets.ErrTemporary
			}
			return nil
		}, 40, false},
		{"fine", func(int) error { return nil }, 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShelf(said("U1", "1", ""), said("U1", "2", ""))
				var mu sync.Mutex
				tries, next := 0, 0
				_ = runFor(t, s.desk(func(_ context.Context, e bot.Envelope, _ bot.Input, _ int64) error {
					mu.Lock()
					defer mu.Unlock()
					if e.Entry == "2" {
						next++
						s.take(e.Entry)
						return nil
					}
					tries++
					err := tt.fail(tries)
					if err == nil {
						s.take(e.Entry)
					}
					return err
				}), 10*time.Minute)
				if tries != tt.tries || (len(s.buried) == 1) != tt.buried {
					t.Errorf("%d tries, buried %v; want %d, %t", tries, s.buried, tt.tries, tt.buried)
				}
				if next != 1 || len(s.all) != 0 {
					t.Errorf("the one behind it was taken %d times, %d left", next, len(s.all))
				}
			})
		})
	}
}

// An entry that ended its owners again and again is buried by the next, and one that is gone is not tried at all.
func TestDeskTakeover(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(said("U1", "1", ""), said("U2", "2", ""))
		s.tries["1"] = 5
		var handled []string
		_ = runFor(t, s.desk(func(_ context.Context, e bot.Envelope, _ bot.Input, _ int64) error {
			handled = append(handled, e.Entry)
			s.take(e.Entry)
			return nil
		}), time.Minute)
		if !slices.Equal(handled, []string{"2"}) || !slices.Equal(s.buried, []string{"1"}) {
			t.Errorf("handled %v, buried %v", handled, s.buried)
		}
	})
}

// What is in memory at the end is still in the inbox: the next owner takes it, once.
func TestDeskStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ins []bot.Input
		for i := range 300 {
			ins = append(ins, said(tickets.UserID("U"+strconv.Itoa(i%7)), strconv.Itoa(i), ""))
		}
		s := newShelf(ins...)
		var mu sync.Mutex
		times := map[string]int{}
		handle := func(ctx context.Context, e bot.Envelope, _ bot.Input, _ int64) error {
			select {
			case <-time.After(100 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
			mu.Lock()
			defer mu.Unlock()
			times[e.Entry]++
			s.take(e.Entry)
			return nil
		}
		began := time.Now()
		_ = runFor(t, s.desk(handle), 1050*time.Millisecond)
		if took := time.Since(began); took > 1100*time.Millisecond {
			t.Errorf("stopping took until %s", took)
		}
		if n := len(times); n == 0 || n == 300 {
			t.Fatalf("%d handled before the end, want some", n)
		}
		_ = runFor(t, s.desk(handle), time.Minute)
		if len(times) != 300 || len(s.all) != 0 {
			t.Errorf("%d handled, %d left", len(times), len(s.all))
		}
		for id, n := range times {
			if n != 1 {
				t.Errorf("entry %s took effect %d times", id, n)
			}
		}
	})
}

func TestDeskStaleLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(said("U1", "1", ""))
		err := runFor(t, s.desk(func(context.Context, bot.Envelope, bot.Input, int64) error { return tickets.ErrStaleLease }), time.Hour)
		if !errors.Is(err, tickets.ErrStaleLease) {
			t.Errorf("Run = %v, want the stale lease", err)
		}
	})
}

// A reply never overtakes its root, though their authors differ.
func TestDeskKeepsRootsFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(said("U1", "1", ""), said("U2", "2", "1"), said("U3", "3", ""))
		var mu sync.Mutex
		var order []string
		_ = runFor(t, s.desk(func(_ context.Context, e bot.Envelope, _ bot.Input, _ int64) error {
			if e.Entry == "1" {
				time.Sleep(time.Second)
			}
			mu.Lock()
			defer mu.Unlock()
			order = append(order, e.Entry)
			s.take(e.Entry)
			return nil
		}), time.Minute)
		if !slices.Equal(order, []string{"3", "1", "2"}) {
			t.Errorf("order = %v, want the stranger first, the root before its reply", order)
		}
	})
}

// A press that decides about a message and a change of that message are not decided side by side.
func TestDeskKeepsPressWithItsMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		press := func(id string) bot.Input {
			return bot.Input{Click: &bot.Click{User: "U1", Action: id, Value: string(desk) + "/1|T"}}
		}
		edit := bot.Input{Edit: &bot.Edit{Message: *said("U1", "1", "").Message}}
		s := newShelf(press(bot.ActAddTo), edit, press(bot.ActAddTo), said("U2", "2", ""))
		var mu sync.Mutex
		var order []string
		_ = runFor(t, s.desk(func(_ context.Context, e bot.Envelope, _ bot.Input, _ int64) error {
			if e.Entry != "4" {
				id, _ := strconv.Atoi(e.Entry)
				time.Sleep(time.Duration(10-id) * time.Second)
			}
			mu.Lock()
			defer mu.Unlock()
			order = append(order, e.Entry)
			s.take(e.Entry)
			return nil
		}), time.Minute)
		if !slices.Equal(order, []string{"4", "1", "2", "3"}) {
			t.Errorf("order = %v, want the stranger first and the rest as it came", order)
		}
	})
}

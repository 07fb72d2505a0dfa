package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// halfHour makes every ticket due half an hour after it was opened, by the calendar: a reminder ten minutes before, and a call
// to whoever leads some time after.
func (w *world) halfHour(call time.Duration) {
	w.policy.Quiet, w.policy.MergeWithin, w.policy.AckLapse = 0, 0, 0
	w.policy.Rules = []tickets.Rule{{Name: "half an hour", Clocks: []tickets.ClockRule{{
		Kind: tickets.ClockFirstResponse, Clock: sla.CalendarTime, Duration: 30 * time.Minute, Ladder: sla.Ladder{
			{Name: "remind_10m", Kind: sla.Remind, Offset: -10 * time.Minute},
			{Name: "breach", Kind: sla.Breach},
			{Name: "escalate_1", Kind: sla.Escalate, Offset: call, Level: 1},
		}}}}}
}

// opens makes n tickets, one each second, and gives them to the people in turn; nobody = they stay in the channel.
func (w *world) opens(n int, people ...tickets.UserID) {
	w.t.Helper()
	for i := range n {
		w.types(anna, fmt.Sprintf("new 订单 20241122%011d 买家要退货", i))
		if len(people) > 0 {
			w.types(wang, fmt.Sprintf("assign %d @%s", i+1, people[i%len(people)]))
		}
		w.waits(time.Second)
		if i%100 == 99 {
			w.speak()
		}
	}
	w.speak()
	w.chat.posts = slices.DeleteFunc(w.chat.posts, func(s spoken) bool { return !strings.HasPrefix(s.ID, "card:") })
}

// covered counts how often each call was said, by itself or in a merged message.
func (w *world) covered() map[string]int {
	w.t.Helper()
	out := map[string]int{}
	for _, p := range w.chat.posts {
		if !strings.HasPrefix(p.ID, "merged:") {
			id, _, _ := strings.Cut(p.ID, "#") // where it went when its first place was gone
			out[id]++
			continue
		}
		ids, err := bot.MergedIDs(w.t.Context(), w.store, ws, p.Ref)
		if err != nil || len(ids) < 2 {
			w.t.Errorf("what %s stood for is not known: %q, %v", p.ID, ids, err)
		}
		for _, id := range ids {
			out[id]++
		}
	}
	return out
}

// accounted fails unless every mark that fired was said once, or its timeline says why not.
func (w *world) accounted() {
	w.t.Helper()
	said := w.covered()
	for _, k := range w.all() {
		nth, unsaid := map[tickets.CauseID]int{}, map[string]bool{}
		events := w.events(k.ID)
		for _, e := range events {
			if e.Kind == tickets.EvUnsaid {
				unsaid[strings.TrimPrefix(string(e.Cause), "out:")] = true
			}
		}
		for _, e := range events {
			if e.Kind != tickets.EvReminded && e.Kind != tickets.EvBreached && e.Kind != tickets.EvEscalated {
				continue
			}
			// A change with one clock says its escalation first and then the rest; either way its ids begin at 0.
			id := fmt.Sprintf("%s|%d", e.Cause, nth[e.Cause])
			nth[e.Cause]++
			if n := said[id]; n > 1 || n == 1 == unsaid[id] {
				w.t.Errorf("%s: %s said %d times, taken back: %t", k.Number, id, n, unsaid[id])
			}
		}
	}
}

func merged(list []spoken) (out []spoken) {
	for _, s := range list {
		if strings.HasPrefix(s.ID, "merged:") {
			out = append(out, s)
		}
	}
	return out
}

// The bot is down for an hour in which 500 tickets of twenty people fall due: each person gets one message, and so does
// whoever leads; each mark is said once, or skipped with a reason.
func TestDownForAnHour(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		const all, people = 500, 20
		w.halfHour(5 * time.Minute)
		var team []tickets.UserID
		for i := range people {
			team = append(team, tickets.UserID(fmt.Sprintf("UP%02d", i)))
		}
		w.opens(all, team...)
		w.waits(time.Hour)
		back := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		a := w.announcer(w.store)
		wg.Go(func() { _ = a.Run(ctx) })
		w.wake()
		a.Kick()
		w.waits(time.Minute)
		cancel()
		wg.Wait()

		for _, u := range append(team, "UADMIN") {
			got, want := w.chat.in(tickets.ChannelID("D"+u)), all/people
			if u == "UADMIN" {
				want = all
			}
			if len(got) != 1 || len(got[0].View.Rows) != 10 || !strings.Contains(got[0].View.Footer, fmt.Sprint(want-10)) ||
				!strings.Contains(got[0].View.Summary, fmt.Sprint(want)) {
				t.Fatalf("%s got %d messages, want one of ten rows and %d more: %+v", u, len(got), want-10, got)
			}
			if d := got[0].At.Sub(back); d > 30*time.Second {
				t.Errorf("%s was told after %s", u, d)
			}
		}
		for _, k := range w.all() {
			if got := w.history(k.ID); !strings.Contains(got, "skipped") || !strings.Contains(got, "breached") || !strings.Contains(got, "escalated") {
				t.Errorf("%s: %s", k.Number, got)
			}
		}
		w.accounted()
		w.once()
		w.noMarks()
		w.sound()
	})
}

// late makes three of 小李's tickets overdue while nobody is there, and lets what fell due be found.
func (w *world) late() {
	w.t.Helper()
	w.halfHour(5 * time.Minute)
	w.opens(3, li)
	w.waits(time.Hour)
	w.wake()
}

// TestMergedKilled: wherever an owner dies while it merges, says and records, the next says all, each call once.
func TestMergedKilled(t *testing.T) {
	for n := 1; n <= 9; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("commit %d, after %t", n, after), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.late()
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					_ = w.announcer(&cutStore{Store: w.store, left: n, after: after, kill: cancel}).Run(ctx)
					cancel()
					w.speak()
					if got := w.chat.in("DULI"); len(got) != 1 || len(merged(got)) != 1 || len(got[0].View.Rows) != 3 {
						t.Errorf("小李 got %d messages, want one of three rows", len(got))
					}
					if len(w.chat.in("DUADMIN")) != 1 || len(w.outbox()) != 0 {
						t.Errorf("%d escalations, %d unsaid", len(w.chat.in("DUADMIN")), len(w.outbox()))
					}
					w.accounted()
					w.once()
					w.noMarks()
					w.sound()
				})
			})
		}
	}
}

// lossy loses the answers of the first commits that merge.
type lossy struct {
	bot.AnnouncerStore
	left int
}

func (l *lossy) Commit(ctx context.Context, c tickets.Change) (tickets.Committed, error) {
	done, err := l.AnnouncerStore.Commit(ctx, c)
	if len(c.Cause.Also) > 0 && err == nil && l.left > 0 {
		l.left--
		return tickets.Committed{}, fmt.Errorf("answer lost: %w", tickets.ErrTemporary)
	}
	return done, err
}

// A merge whose answer is lost has been written: none of its calls is said by itself as well.
func TestMergedAnswerLost(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.late()
		w.runs(w.announcer(&lossy{AnnouncerStore: w.store, left: 2}), time.Minute)
		if len(w.chat.in("DULI")) != 1 || len(w.outbox()) != 0 {
			t.Errorf("%d messages, %d unsaid", len(w.chat.in("DULI")), len(w.outbox()))
		}
		w.accounted()
		w.once()
	})
}

// clumsy panics when it is asked what was tried.
type clumsy struct {
	bot.AnnouncerStore
	left atomic.Int32
}

func (c *clumsy) Doc(ctx context.Context, ws tickets.WorkspaceID, key string) (tickets.Doc, error) {
	if strings.HasPrefix(key, "try/wake:") && c.left.Add(-1) >= 0 {
		panic("clumsy")
	}
	return c.AnnouncerStore.Doc(ctx, ws, key)
}

// What panics while it is merged is said all the same, one by one if need be.
func TestMergedOutlivesPanic(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.late()
		c := &clumsy{AnnouncerStore: w.store}
		c.left.Store(2)
		w.runs(w.announcer(c), time.Minute)
		if len(w.outbox()) != 0 {
			t.Errorf("%d unsaid", len(w.outbox()))
		}
		w.accounted()
		w.once()
		w.noMarks()
	})
}

// Pressing "on it" on a row is about that ticket alone, and its row says so.
func TestMergedRowAck(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.late()
		w.speak()
		call := w.chat.in("DUADMIN")[0]
		press := call.View.Rows[1].Actions[0]
		if press.ID != bot.ActAck || press.Value != "first_response|"+string(w.all()[1].ID) {
			t.Fatalf("second row offers %+v", call.View.Rows[1].Actions)
		}
		w.handle(bot.Input{Click: &bot.Click{Channel: call.Channel, TS: call.Ref.TS, User: wang, Action: press.ID, Value: press.Value}})
		w.speak()
		for i, k := range w.all() {
			d, _ := k.Deadline(tickets.ClockFirstResponse)
			if acked := d.AckedBy == wang; acked != (i == 1) {
				t.Errorf("%s followed by %q", k.Number, d.AckedBy)
			}
			row := w.chat.in("DUADMIN")[0].View.Rows[i]
			if done := row.Lines[0].Struck && len(row.Actions) == 0 && strings.HasPrefix(row.Lines[1].Text, "王主管已跟进"); done != (i == 1) {
				t.Errorf("row %d = %+v", i, row)
			}
		}
		w.waits(8 * 24 * time.Hour)
		w.wake()
		if _, err := w.store.Doc(t.Context(), ws, "merged/"+string(call.Channel)+"/"+call.Ref.TS); !errors.Is(err, tickets.ErrNotFound) {
			t.Errorf("the message is remembered after a week: %v", err)
		}
		w.sound()
	})
}

// Whoever is on a ticket, and wherever they say so, every message with a row about it says who.
func TestMergedRowsFollowed(t *testing.T) {
	for _, how := range []string{"typed", "pressed on a row", "pressed before it is recorded"} {
		t.Run(how, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.policy.Roster.Escalation = wang
				w.late()
				k := w.all()[1]
				switch how {
				case "typed":
					w.speak()
					w.types(wang, "ack 2")
				case "pressed on a row":
					w.speak()
					w.onIt(wang, k, w.chat.in("DUWANG")[0].Ref)
				default:
					var once atomic.Bool
					others := make(chan struct{}) // closed once the other message, with its three rows, is on its way
					w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
						switch {
						case call == "post" && ch == "DULI":
							close(others)
						case call == "post" && ch == "DUWANG" && once.CompareAndSwap(false, true):
							<-others
							w.types(wang, "ack 2")
						}
						return nil, nil
					})
				}
				w.speak()
				for _, ch := range []tickets.ChannelID{"DULI", "DUWANG"} {
					got := w.chat.in(ch)
					if len(got) != 1 || len(got[0].View.Rows) != 3 {
						t.Fatalf("%s holds %+v, want one message of three rows", ch, got)
					}
					for i, row := range got[0].View.Rows {
						if done := row.Lines[0].Struck && len(row.Actions) == 0 && strings.HasPrefix(row.Lines[1].Text, "王主管已跟进"); done != (i == 1) {
							t.Errorf("row %d in %s = %+v", i, ch, row)
						}
					}
				}
				if len(w.outbox()) != 0 {
					t.Errorf("%d entries are left", len(w.outbox()))
				}
				w.once()
				w.noMarks()
				w.sound()
			})
		})
	}
}

// A punctual call is said at once; a late one waits for others at most two seconds, and alone it is said as ever.
func TestMergedWaits(t *testing.T) {
	for _, tt := range []struct {
		name      string
		late, max time.Duration
	}{{"punctual", 0, 100 * time.Millisecond}, {"a minute late", time.Minute, 100 * time.Millisecond}, {"late", 2 * time.Minute, 2 * time.Second}} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.halfHour(5 * time.Minute)
				w.opens(1, li)
				w.waits(time.Until(w.only().Created.Add(20*time.Minute + tt.late)))
				w.wake()
				began := time.Now()
				w.speak()
				got := w.chat.in("DULI")
				if len(got) != 1 || len(merged(got)) != 0 || len(got[0].View.Rows) != 0 {
					t.Fatalf("got %+v, want one ordinary reminder", got)
				}
				if d := got[0].At.Sub(began); d > tt.max {
					t.Errorf("said after %s, want at most %s", d, tt.max)
				}
				w.accounted()
			})
		})
	}
}

// Punctual calls that have to wait for their person's conversation are said together, and what is no longer true is dropped
// with a note.
func TestMergedWhileWaiting(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.halfHour(5 * time.Minute)
		w.opens(4, li)
		var limited atomic.Bool
		w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
			if call == "post" && ch == "DULI" && limited.CompareAndSwap(false, true) {
				return &bot.RateLimited{After: 20 * time.Second}, nil
			}
			return nil, nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		a := w.announcer(w.store)
		var wg sync.WaitGroup
		wg.Go(func() { _ = a.Run(ctx) })
		for _, k := range w.all() {
			w.until(k.Created.Add(20 * time.Minute))
			a.Kick()
			synctest.Wait()
		}
		w.types(li, "resolve 3")
		w.waits(time.Minute)
		cancel()
		wg.Wait()
		got := w.chat.in("DULI")
		if len(got) != 2 || len(merged(got)) != 1 || len(merged(got)[0].View.Rows) != 2 {
			t.Errorf("%d messages, %d merged; want the first by itself and two together", len(got), len(merged(got)))
		}
		if h := w.history(w.all()[2].ID); !strings.Contains(h, "unsaid") {
			t.Errorf("history of what was taken back: %s", h)
		}
		w.accounted()
	})
}

// Whoever cannot be reached directly is not the end: each call goes to its ticket's thread.
func TestMergedGone(t *testing.T) {
	for _, fault := range []error{bot.ErrGone, errors.New("slack says messages_tab_disabled")} {
		t.Run(fault.Error(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.late()
				w.chat.failing(func(call string, ch tickets.ChannelID) (error, error) {
					if call == "post" && ch == "DULI" {
						return fault, nil
					}
					return nil, nil
				})
				before := len(w.chat.in(desk))
				w.speak()
				if got := w.chat.in(desk)[before:]; len(got) != 3 || len(w.outbox()) != 0 {
					t.Errorf("%d messages in the threads, %d unsaid; want 3 and none", len(got), len(w.outbox()))
				}
				w.accounted()
				w.once()
				w.noMarks()
			})
		})
	}
}

// Late calls about tickets that nobody has are one message in their channel; punctual ones stay in the threads.
func TestMergedInChannel(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.halfHour(5 * time.Minute)
		w.opens(3)
		before := len(w.chat.in(desk))
		w.until(w.all()[2].Created.Add(20 * time.Minute))
		w.speak()
		if got := w.chat.in(desk)[before:]; len(got) != 3 || slices.ContainsFunc(got, func(s spoken) bool { return s.Thread == "" }) {
			t.Errorf("%d punctual messages %+v, want one in each thread", len(got), got)
		}
		before = len(w.chat.in(desk))
		w.waits(time.Hour)
		w.wake()
		w.speak()
		got := w.chat.in(desk)[before:]
		if len(got) != 1 || got[0].Thread != "" || len(got[0].View.Rows) != 3 || got[0].View.Rows[0].Actions[1].ID != bot.ActClaim {
			t.Errorf("%d late messages %+v, want one in the channel", len(got), got)
		}
		w.accounted()
	})
}

// "Show all" opens the list privately.
func TestMergedList(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.halfHour(5 * time.Minute)
		w.opens(3, li, anna)
		for value, want := range map[string]int{bot.ListMine: 2, bot.ListAll: 3} {
			in := bot.Input{Click: &bot.Click{Channel: "DULI", User: li, Action: bot.ActList, Value: value}}
			v, err := w.talk.Answer(t.Context(), ws, in)
			if err != nil || len(v.Lines) != want || !bot.IsRead(in) {
				t.Errorf("%s: %d rows, %v; want %d", value, len(v.Lines), err, want)
			}
		}
	})
}

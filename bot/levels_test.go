package bot_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

const heads = tickets.ChannelID("CHEADS") // of the supervisors

// leveled has two people and a channel called one after the other, ten minutes apart.
func (w *world) leveled() {
	ten := sla.Rung{Wait: 10 * time.Minute}
	w.policy.Roster.Levels = []tickets.Level{{User: wang, Rung: ten}, {User: "UADMIN", Rung: ten}, {Channel: heads}}
}

// calls are how often each place was called to take over.
func (w *world) calls() (wang, admin, channel int) {
	n := func(ch tickets.ChannelID) (n int) {
		for _, p := range w.pings(ch) {
			if slices.ContainsFunc(p.View.Actions, func(a bot.Action) bool { return a.ID == bot.ActAck }) {
				n++
			}
		}
		return n
	}
	return n("DUWANG"), n("DUADMIN"), n(heads)
}

// TestLevels: each level is called at its time, once, one place at a time, and says who was called before; in a channel nobody is
// called by name. Whoever is on it ends that, and all who were called see it.
func TestLevels(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.AckLapse = 0
		w.leveled()
		w.says(anna, wantsReturn)
		w.types(li, "assign 1 小李")
		k := w.only()
		for _, at := range []struct {
			after             time.Duration
			wang, admin, head int
		}{{34 * time.Minute, 0, 0, 0}, {35 * time.Minute, 1, 0, 0}, {44 * time.Minute, 1, 0, 0}, {45 * time.Minute, 1, 1, 0}, {55 * time.Minute, 1, 1, 1}, {10 * time.Hour, 1, 1, 1}} {
			w.until(k.Created.Add(at.after))
			w.speak()
			if a, b, c := w.calls(); a != at.wang || b != at.admin || c != at.head {
				t.Fatalf("after %v called %d, %d and %d times, want %d, %d, %d", at.after, a, b, c, at.wang, at.admin, at.head)
			}
		}
		last := w.pings(heads)[0]
		if len(last.View.Mention) > 0 || last.Thread != "" || !strings.Contains(w.pings("DUADMIN")[0].text(), "已通知过王主管") {
			t.Errorf("the channel hears %+v, the second level %q", last, w.pings("DUADMIN")[0].text())
		}
		w.handle(bot.Input{Click: &bot.Click{Channel: heads, TS: last.Ref.TS, User: wang, Action: bot.ActAck, Value: "first_response|" + string(k.ID)}})
		w.speak()
		if a, b, c := w.calls(); a+b+c != 0 {
			t.Errorf("somebody is on it, and yet %d, %d and %d may still take it", a, b, c)
		}
		w.sound()
	})
}

// TestAckStopsTheLevels: nobody above hears of what somebody below is on.
func TestAckStopsTheLevels(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.AckLapse = 0
		w.leveled()
		w.says(anna, wantsReturn)
		k := w.only()
		w.until(k.Created.Add(36 * time.Minute))
		w.speak()
		w.presses(wang, bot.ActAck, "first_response|"+string(k.ID), "")
		w.until(k.Created.Add(10 * time.Hour))
		w.speak()
		if _, b, c := w.calls(); b+c != 0 {
			t.Errorf("called %d and %d times above whoever is on it", b, c)
		}
	})
}

// TestLevelsChannelIsGone: a call that cannot reach its level's channel is heard in the ticket's thread.
func TestLevelsChannelIsGone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.policy.Roster.Levels = []tickets.Level{{Channel: heads}}
		w.chat.failing(func(_ string, ch tickets.ChannelID) (error, error) {
			if ch == heads {
				return bot.ErrGone, nil
			}
			return nil, nil
		})
		w.says(anna, wantsReturn)
		k := w.only()
		w.until(k.Created.Add(36 * time.Minute))
		w.speak()
		heard := 0
		for _, p := range w.pings(desk) {
			if slices.ContainsFunc(p.View.Actions, func(a bot.Action) bool { return a.ID == bot.ActAck }) {
				heard++
			}
		}
		if heard != 1 {
			t.Errorf("heard %d times in the thread, want once", heard)
		}
	})
}

// twoClocks has two clocks of a ticket end at one instant, and their levels called from then on.
func (w *world) twoClocks() tickets.Ticket {
	w.t.Helper()
	w.policy.AckLapse, w.policy.Quiet = 0, 0
	w.leveled()
	ladder := sla.Ladder{{Name: "breach", Kind: sla.Breach}, {Name: "escalate_1", Kind: sla.Escalate, Level: 1}}
	w.policy.Rules = []tickets.Rule{{Name: "two", Clocks: []tickets.ClockRule{
		{Kind: tickets.ClockFirstResponse, Clock: sla.CalendarTime, Duration: 30 * time.Minute, Ladder: ladder},
		{Kind: tickets.ClockResolution, Clock: sla.CalendarTime, Duration: 30 * time.Minute, Ladder: ladder}}}}
	w.says(anna, wantsReturn)
	w.speak()
	return w.only()
}

// TestTwoClocksCallOnce: what two clocks call for at one instant is one message to each level, in a channel too. Whoever is
// on both is named once.
func TestTwoClocksCallOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.twoClocks()
		w.until(k.Created.Add(30 * time.Minute))
		w.speak()
		w.until(k.Created.Add(50 * time.Minute))
		w.speak()
		before := len(w.chat.in(desk))
		both := regexp.MustCompile(`答复(时限|已超时).*处理(时限|已超时)`)
		for _, ch := range []tickets.ChannelID{"DUWANG", "DUADMIN", heads} {
			got := w.chat.in(ch)
			if len(got) != 1 || len(got[0].View.Rows) != 1 || !both.MatchString(got[0].text()) {
				t.Fatalf("%s holds %d messages, want one that names both clocks: %+v", ch, len(got), got)
			}
		}
		w.types(wang, "ack 1")
		w.speak()
		for _, d := range w.only().Deadlines {
			if d.AckedBy != wang {
				t.Errorf("%s is followed by %q", d.Kind, d.AckedBy)
			}
		}
		for _, ch := range []tickets.ChannelID{"DUWANG", "DUADMIN", heads} {
			if row := w.chat.in(ch)[0].View.Rows[0]; !row.Lines[0].Struck || len(row.Actions) > 0 {
				t.Errorf("in %s its row reads %+v", ch, row)
			}
		}
		if said := w.chat.in(desk)[before:]; len(said) != 1 {
			t.Errorf("said in the thread: %+v, want once who is on it", said)
		}
		w.once()
		w.noMarks()
		w.sound()
	})
}

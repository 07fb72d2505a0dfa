package bot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// shown has the back office show another deadline for the only ticket.
func (w *world) shown(at time.Time) {
	w.t.Helper()
	w.types(wang, "due 1 "+at.In(shanghai).Format("2006-01-02 15:04"))
	if d := w.due(tickets.ClockPlatform); !d.Equal(at) {
		w.t.Fatalf("due %v, want %v", d, at)
	}
}

// marketplace makes a ticket of 小李's with no clock but the marketplace's, due in two hours, to the minute.
func (w *world) marketplace(ladder sla.Ladder) tickets.Ticket {
	w.t.Helper()
	w.policy.Quiet, w.policy.MergeWithin, w.policy.AckLapse = 0, 0, 0
	w.policy.Rules = []tickets.Rule{{Name: "platform", Clocks: []tickets.ClockRule{{Kind: tickets.ClockPlatform,
		Clock: sla.CalendarTime, Duration: 2 * time.Hour, Ladder: ladder}}}}
	at := time.Now().In(shanghai)
	w.types(wang, "new 天猫 20241122000778 下协同工单了")
	w.types(wang, "origin 1 platform created "+at.Format("2006-01-02 15:04"))
	w.types(wang, "assign 1 小李")
	w.shown(at.Add(2 * time.Hour))
	w.speak()
	w.chat.posts = nil
	return w.only()
}

// about are the messages that call to the only ticket.
func (w *world) about(ch tickets.ChannelID) (out []spoken) {
	for _, p := range w.chat.in(ch) {
		if strings.HasPrefix(p.ID, "wake:") || strings.HasPrefix(p.ID, "merged:") {
			out = append(out, p)
		}
	}
	return out
}

var breachAndCall = sla.Ladder{{Name: "remind_30m", Kind: sla.Remind, Offset: -30 * time.Minute}, {Name: "breach", Kind: sla.Breach},
	{Name: "escalate_1", Kind: sla.Escalate, Level: 1}}

// TestUnsaidCallOfAMovedDeadline: what the chat could not take is said once it can, as the deadline is then; a call whose time is yet
// to come is not, and comes at that time.
func TestUnsaidCallOfAMovedDeadline(t *testing.T) {
	for _, tt := range []struct {
		name  string
		moves []time.Duration // from the first deadline, one each minute from ten minutes after it
		said  int             // at once, to each
		late  string          // what it says
	}{
		{"later, and past still", []time.Duration{5 * time.Minute}, 1, "6 分钟"},
		{"earlier", []time.Duration{-time.Hour}, 1, "1 小时 11 分钟"},
		{"to come, and past again", []time.Duration{2 * time.Hour, 5 * time.Minute}, 1, "7 分钟"},
		{"to come, and back to what it was", []time.Duration{2 * time.Hour, 0}, 1, "12 分钟"},
		{"to come", []time.Duration{2 * time.Hour}, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				k := w.marketplace(breachAndCall)
				first := w.due(tickets.ClockPlatform)
				w.until(first.Add(10 * time.Minute)) // while nothing can be said
				for _, by := range tt.moves {
					w.shown(first.Add(by))
					w.until(time.Now().Add(time.Minute))
				}
				w.speak()
				for _, ch := range []tickets.ChannelID{"DULI", "DUADMIN"} {
					got := w.about(ch)
					if len(got) != tt.said {
						t.Fatalf("%d messages in %s, want %d:\n%v", len(got), ch, tt.said, w.history(k.ID))
					}
					if tt.said > 0 && (!strings.Contains(got[0].text(), tt.late) || !offers(got[0])) {
						t.Errorf("%s reads %q, want %q in it and something to press", ch, got[0].text(), tt.late)
					}
				}
				w.until(first.Add(10 * time.Hour))
				w.speak()
				if li, lead := len(w.about("DULI")), len(w.about("DUADMIN")); li != 1 || lead != 1 {
					t.Errorf("in the end %d messages to the assignee and %d to the lead", li, lead)
				}
				w.types(wang, "ack 1")
				w.speak()
				last := w.about("DUADMIN")[0]
				if d, _ := w.only().Deadline(tickets.ClockPlatform); d.AckedBy != wang || offers(last) && last.View.Actions[0].ID == bot.ActAck {
					t.Errorf("followed by %q, and yet %+v", d.AckedBy, last.View)
				}
				w.once()
				w.noMarks()
				w.sound()
			})
		})
	}
}

// fired is one step that was used up, and the message that calls it.
type fired struct {
	tickets.Event
	nth int // event of the ticket
	id  string
}

// firings are those of the only ticket that call somebody.
func (w *world) firings() (out []fired) {
	w.t.Helper()
	calls := map[tickets.CauseID]int{}
	events := w.events(w.only().ID)
	for _, e := range events {
		if e.Kind == tickets.EvEscalated {
			calls[e.Cause]++
		}
	}
	nth := map[tickets.CauseID]int{}
	for i, e := range events {
		switch e.Kind {
		case tickets.EvEscalated:
			out = append(out, fired{e, i, fmt.Sprintf("%s|%d", e.Cause, nth[e.Cause])})
			nth[e.Cause]++
		case tickets.EvReminded, tickets.EvBreached: // one ping, after the calls
			out = append(out, fired{e, i, fmt.Sprintf("%s|%d", e.Cause, calls[e.Cause])})
		}
	}
	return out
}

// watch follows what of a ticket's marks is yet to come, and what has been said of those that have come.
type watch struct {
	*world
	r       *rand.Rand
	armed   map[string]int  // clock and step → how many events there were when it was last yet to come
	dead    map[string]bool // messages that must never be said
	said    map[string]int
	revised bool
	lost    []string
}

func (w *watch) fails(format string, args ...any) {
	w.lost = append(w.lost, fmt.Sprintf(format, args...))
}

func key(k tickets.ClockKind, step string) string { return string(k) + "/" + step }

// moved notes which marks are yet to come: what was called of them before and is not said yet must not be said any more.
func (w *watch) moved() {
	k := w.only()
	n, firings := len(w.events(k.ID)), w.firings()
	for _, d := range k.Deadlines {
		for _, m := range w.policy.Plan(k, d) {
			if !d.Running() || !m.At.After(time.Now()) {
				continue
			}
			w.armed[key(d.Kind, m.Step.Name)] = n
			for _, f := range firings {
				shared := slices.ContainsFunc(firings, func(o fired) bool { return o.id == f.id && o.Clock != f.Clock })
				if f.Clock == d.Kind && f.Step == m.Step.Name && w.said[f.id] == 0 && !shared {
					w.dead[f.id] = true
				}
			}
		}
	}
}

// settled says everything and checks it.
func (w *watch) settled() {
	w.wake()
	w.speak()
	w.wake()
	w.speak()
	k := w.only()
	w.said = w.covered()
	for id, n := range w.said {
		if n > 1 || n == 1 && w.dead[id] {
			w.fails("%s said %d times, superseded: %v", id, n, w.dead[id])
		}
	}
	for _, d := range k.Deadlines {
		if d.Running() {
			w.clockSettled(k, d)
		}
	}
}

func (w *watch) clockSettled(k tickets.Ticket, d tickets.Deadline) {
	plan := w.policy.Plan(k, d)
	said := map[string]int{}
	level := 0
	for _, f := range w.firings() {
		i := slices.IndexFunc(plan, func(m sla.Mark) bool { return m.Step.Name == f.Step })
		if f.Clock != d.Kind || i >= 0 && f.nth < w.armed[key(d.Kind, f.Step)] {
			continue
		}
		said[f.Step] += w.said[f.id]
		if f.Kind == tickets.EvEscalated && w.said[f.id] > 0 {
			level = max(level, f.Level)
		}
		if i >= 0 && plan[i].At.After(time.Now()) {
			w.fails("%s %s early", d.Kind, f.Step)
		}
	}
	for i, m := range plan {
		if m.At.After(time.Now()) {
			break
		}
		calls := m.Step.Kind == sla.Escalate
		later := w.joined(d, m.Step.Name) || slices.ContainsFunc(plan[i+1:], func(o sla.Mark) bool { return o.Step.Kind != sla.Escalate && said[o.Step.Name] == 1 })
		switch n := said[m.Step.Name]; {
		case n > 1:
			w.fails("%s %s said %d times", d.Kind, m.Step.Name, n)
		case n == 0 && calls && level < m.Step.Level:
			w.fails("%s %s of level %d not said", d.Kind, m.Step.Name, m.Step.Level)
		case n == 0 && !calls && !later && !(w.revised && m.Step.Kind == sla.Remind):
			w.fails("%s %s not said", d.Kind, m.Step.Name)
		}
	}
	if d.Called.Level > level {
		w.fails("%s counts level %d as called, heard was %d", d.Kind, d.Called.Level, level)
	}
}

// joined tells whether a reminder was passed by for what was said of its clock at the same time.
func (w *watch) joined(d tickets.Deadline, step string) bool {
	for i, e := range w.events(w.only().ID) {
		if e.Kind == tickets.EvSkipped && e.Clock == d.Kind && e.Step == step && i >= w.armed[key(d.Kind, step)] {
			return slices.ContainsFunc(w.firings(), func(f fired) bool {
				return f.Cause == e.Cause && f.Clock == e.Clock && f.Kind != tickets.EvEscalated && w.said[f.id] == 1
			})
		}
	}
	return false
}

// story is the ticket's timeline, a line for each event.
func (w *watch) story() string {
	var out strings.Builder
	for _, e := range w.events(w.only().ID) {
		fmt.Fprintf(&out, "%s %s %s %s %d due %s, from %s to %s\n", e.At.Format(time.TimeOnly), e.Kind, e.Clock, e.Step, e.Level, e.Due.Format(time.TimeOnly), e.From, e.To)
	}
	return out.String()
}

// acts moves a deadline, or does something that leaves all where they are.
func (w *watch) acts() {
	minutes := func(low, high int) time.Time {
		return time.Now().Truncate(time.Minute).Add(time.Duration(low+w.r.IntN(high-low)) * time.Minute)
	}
	switch w.r.IntN(8) {
	case 0, 1, 2:
		w.types(wang, "due 1 "+minutes(-90, 60).In(shanghai).Format("2006-01-02 15:04"))
	case 3:
		w.types(wang, "promise 1 "+minutes(1, 90).In(shanghai).Format("2006-01-02 15:04"))
	case 4:
		w.types(wang, "severity 1 "+[]string{"urgent", "high", "normal", "low"}[w.r.IntN(4)])
	case 5:
		w.revised = true
		w.revise(func(p *tickets.Policy) {
			for i := range p.Rules {
				for j := range p.Rules[i].Clocks {
					p.Rules[i].Clocks[j].Duration = time.Duration(20+w.r.IntN(180)) * time.Minute
				}
			}
		})
		w.wake()
	case 6:
		w.types(li, "note 1 在查")
	}
	w.moved()
}

// erratic gives the world rules and levels by chance, and a ticket.
func (w *watch) erratic() {
	w.policy.Quiet, w.policy.MergeWithin, w.policy.AckLapse = 0, 0, 0
	at := func(low, high int) time.Duration { return time.Duration(low+w.r.IntN(high-low)) * time.Minute }
	w.policy.Rules = nil
	ladder := sla.Ladder{{Name: "half", Kind: sla.Remind, Percent: 50}, {Name: "soon", Kind: sla.Remind, Offset: -at(5, 40)}, {Name: "breach", Kind: sla.Breach},
		{Name: "again", Kind: sla.Remind, Every: at(10, 40), Times: w.r.IntN(3)}, {Name: "call_before", Kind: sla.Escalate, Offset: -at(1, 60), Level: 1},
		{Name: "call", Kind: sla.Escalate, Level: 1 + w.r.IntN(2)}, {Name: "call_after", Kind: sla.Escalate, Offset: at(5, 60), Level: 1 + w.r.IntN(3)}}
	for _, s := range []tickets.Severity{tickets.SeverityUrgent, tickets.SeverityHigh, tickets.SeverityNormal, tickets.SeverityLow} {
		r := tickets.Rule{Name: string(s), Match: tickets.Match{Severities: []tickets.Severity{s}}}
		for _, k := range []tickets.ClockKind{tickets.ClockPlatform, tickets.ClockResolution} {
			r.Clocks = append(r.Clocks, tickets.ClockRule{Kind: k, Clock: sla.CalendarTime, Duration: at(30, 200), Ladder: ladder})
		}
		w.policy.Rules = append(w.policy.Rules, r)
	}
	for range w.r.IntN(4) {
		w.policy.Roster.Levels = append(w.policy.Roster.Levels, tickets.Level{User: tickets.UserID(fmt.Sprint("UL", len(w.policy.Roster.Levels))),
			Rung: sla.Rung{Wait: at(0, 30), Times: w.r.IntN(3)}})
	}
	w.types(wang, "new 天猫 20241122000778 下协同工单了")
	w.types(wang, "origin 1 platform created "+time.Now().In(shanghai).Format("2006-01-02 15:04"))
	if w.r.IntN(2) == 0 {
		w.types(wang, "assign 1 小李")
	}
	w.moved()
}

// TestMovesWhileNothingCanBeSaid moves deadlines by chance while the chat is away, now for longer and now for less: once it is back, each
// mark that has come has been said once, or another one of its clock in its place, and none that is yet to come.
func TestMovesWhileNothingCanBeSaid(t *testing.T) {
	t.Parallel()
	catalogue(t)
	const worlds = 60
	for seed := range uint64(worlds) {
		aWorld(t, func(t *testing.T, plain *world) {
			w := &watch{world: plain, r: rand.New(rand.NewPCG(seed, 2)), armed: map[string]int{}, dead: map[string]bool{}, said: map[string]int{}}
			w.erratic()
			for range 4 + w.r.IntN(10) {
				w.until(time.Now().Add(time.Duration(w.r.IntN(60)) * time.Minute))
				w.acts()
				if w.r.IntN(4) == 0 {
					w.settled()
				}
			}
			w.settled()
			for range 4 {
				w.until(time.Now().Add(45 * time.Minute))
				w.settled()
			}
			w.once()
			w.sound()
			if len(w.lost) > 0 {
				t.Errorf("seed %d: %s\n%s", seed, strings.Join(w.lost, "\n"), w.story())
			}
		})
	}
}

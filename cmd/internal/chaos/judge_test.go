package chaos

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
)

var morning = time.Date(2026, 11, 11, 9, 0, 0, 0, time.UTC)

const (
	rootTS = "1762822800.000100"
	cause  = tickets.CauseID("wake:tk1|1")
)

// sound is a history without harm: a request with an edit, two replies in order, a claim, and a clock that has said
// everything; and some talk.
func sound() History {
	due := morning.Add(firstResponse)
	wall := morning
	fired := func(kind tickets.EventKind, step string, after time.Duration, c tickets.CauseID) tickets.Event {
		return tickets.Event{Kind: kind, At: due.Add(after), Cause: c, Clock: tickets.ClockFirstResponse, Step: step, Due: due}
	}
	k := Kept{Ticket: tickets.Ticket{ID: "tk1", Number: 1, Assignee: tickets.UserID(agentID(0)), Facts: tickets.Facts{Orders: []string{"1001"}},
		Source:    tickets.Source{Kind: "message", Channel: "C1", TS: rootTS, Thread: rootTS, Text: "words 记000001", Edited: true},
		Deadlines: []tickets.Deadline{{Kind: tickets.ClockFirstResponse, Due: due, Rule: "internal"}}}}
	note := func(ts string) tickets.Event {
		return tickets.Event{Kind: tickets.EvNoted, Message: tickets.Message{Channel: "C1", TS: ts, Text: "reply"}}
	}
	k.Events = []tickets.Event{{Kind: tickets.EvCreated}, note("1762822801.000100"), note("1762822802.000100"),
		{Kind: tickets.EvEdited, Message: tickets.Message{TS: rootTS, Text: "words 记000001"}},
		{Kind: tickets.EvStarted, By: tickets.UserID(agentID(0))},
		fired(tickets.EvReminded, "remind_3m", -3*time.Minute, "wake:tk1|0"),
		fired(tickets.EvBreached, "breach", firstEscalate, cause), fired(tickets.EvEscalated, "escalate_1", firstEscalate, cause)}
	card := spoken("card:tk1", "T-1 小甲", morning)
	card.Channel, card.ThreadTS = "C1", rootTS
	deed := func(kind Kind, ts string, after time.Duration) Deed {
		return Deed{Kind: kind, Who: agentID(0), Channel: "C1", TS: ts, Thread: rootTS, Order: "1001", At: wall.Add(after), Sure: true}
	}
	edit := deed(Edit, rootTS, 0)
	edit.Tag = "记000001"
	return History{
		Policy: policy(), End: due.Add(time.Hour), Tickets: []Kept{k},
		Deeds: []Deed{deed(Request, rootTS, 0), deed(Reply, "1762822801.000100", time.Second), deed(Reply, "1762822802.000100", 2*time.Second),
			edit, deed(Claim, "", 0), {Kind: Chat, Channel: "C1", TS: "9", Sure: true}},
		Decided: map[string]string{"C1/9": "ignore"},
		Spans:   []Span{{Start: wall.Add(-time.Second), Up: wall.Add(-time.Second)}},
		Said: []slacksim.Message{card, spoken("wake:tk1|0|0", "T-1", due.Add(-3*time.Minute)),
			spoken(string(cause)+"|0", "T-1", due.Add(firstEscalate)), spoken(string(cause)+"|1", "T-1", due.Add(firstEscalate))},
	}
}

func spoken(id, text string, at time.Time) slacksim.Message {
	meta, _ := json.Marshal(map[string]any{"event_type": "gongdan", "event_payload": map[string]string{"id": id}})
	return slacksim.Message{BotID: "B1", Channel: "D1", TS: fmt.Sprint(at.UnixNano()), Text: text, Metadata: meta, Sent: at}
}

func TestJudgeSeesNoHarmWhereThereIsNone(t *testing.T) {
	t.Parallel()
	v := Judge(sound())
	if diff := cmp.Diff([]Finding(nil), v.Findings); diff != "" {
		t.Errorf("Judge() findings (-want +got):\n%s", diff)
	}
	if v.Announced != 3 || v.Pairs != 1 {
		t.Errorf("Judge() = %d announced, %d pairs, want 3 and 1", v.Announced, v.Pairs)
	}
}

func TestJudgeFindsEachHarm(t *testing.T) {
	t.Parallel()
	drop := func(h *History, i int) {
		h.Tickets[0].Events = append(h.Tickets[0].Events[:i:i], h.Tickets[0].Events[i+1:]...)
	}
	twice := func(h *History, i int) { h.Tickets[0].Events = append(h.Tickets[0].Events, h.Tickets[0].Events[i]) }
	const created, reply, edited, started, reminded, breached, escalated = 0, 1, 3, 4, 5, 6, 7
	_ = created
	tests := []struct {
		name   string
		doctor func(*History)
		want   Fault
	}{
		{"ticket lost", func(h *History) { h.Tickets = nil }, Lost},
		{"ticket doubled", func(h *History) {
			other := h.Tickets[0]
			other.ID, other.Number, other.Deadlines = "tk2", 2, nil
			other.Events = nil
			card := h.Said[0]
			card.Metadata, card.Text = spoken("card:tk2", "", morning).Metadata, "T-2 小甲"
			h.Tickets, h.Said = append(h.Tickets, other), append(h.Said, card)
		}, Doubled},
		{"ticket of nobody", func(h *History) { h.Deeds = h.Deeds[1:] }, Wrong},
		{"reply lost", func(h *History) { drop(h, reply) }, Lost},
		{"reply doubled", func(h *History) { twice(h, reply) }, Doubled},
		{"edit lost", func(h *History) { drop(h, edited) }, Lost},
		{"press lost", func(h *History) { drop(h, started) }, Lost},
		{"press doubled", func(h *History) { twice(h, started) }, Doubled},
		{"talk not heard", func(h *History) { h.Decided = nil }, Lost},
		{"talk made a ticket", func(h *History) { h.Decided["C1/9"] = "act" }, Wrong},
		{"card lost", func(h *History) { h.Said = h.Said[1:] }, Lost},
		{"card doubled", func(h *History) { h.Said = append(h.Said, h.Said[0]) }, Doubled},
		{"card out of date", func(h *History) { h.Said[0].Text = "T-1" }, Wrong},
		{"step never taken", func(h *History) { drop(h, reminded); h.Said = append(h.Said[:1:1], h.Said[2:]...) }, Missed},
		{"step taken twice", func(h *History) { twice(h, breached); h.Tickets[0].Events[8].Cause = "wake:tk1|9" }, Doubled},
		{"step taken early", func(h *History) { e := &h.Tickets[0].Events[escalated]; e.At = e.Due }, Early},
		{"step not said", func(h *History) { h.Said = h.Said[:3] }, Missed},
		{"step said twice", func(h *History) { h.Said = append(h.Said, h.Said[2]) }, Doubled},
		{"step said early", func(h *History) { h.Said[1].Sent = h.Said[1].Sent.Add(-time.Millisecond) }, Early},
		{"step said and never taken", func(h *History) { h.Said = append(h.Said, spoken("wake:tk1|7|0", "T-1", morning)) }, Doubled},
		{"step taken back without reason", func(h *History) {
			h.Said = h.Said[:3]
			h.Tickets[0].Events = append(h.Tickets[0].Events, tickets.Event{Kind: tickets.EvUnsaid, Cause: "out:" + cause + "|1", Reason: "escalation: stopped"})
		}, Missed},
		{"replies in the wrong order", func(h *History) {
			e := h.Tickets[0].Events
			e[reply], e[reply+1] = e[reply+1], e[reply]
		}, Disordered},
		{"message without an id", func(h *History) { h.Said = append(h.Said, slacksim.Message{BotID: "B1", Text: "hello"}) }, Wrong},
		{"other words said twice", func(h *History) {
			h.Said = append(h.Said, spoken("in:1|0", "hello", morning), spoken("in:1|0", "hello", morning))
		}, Doubled},
		{"crash", func(h *History) { h.Crashes = []string{"life 3 ended by itself"} }, Wrong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := sound()
			tt.doctor(&h)
			if v := Judge(h); v.Count(tt.want) == 0 {
				t.Errorf("Judge() = %v, want %s", v.Findings, tt.want)
			}
		})
	}
}

func TestJudgeExcusesWhatIsNoHarm(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		doctor func(*History)
	}{
		{"a command that was never acknowledged", func(h *History) {
			h.Deeds = append(h.Deeds, Deed{Kind: Command, Order: "1002"}, Deed{Kind: Remark, Order: "1001", Tag: "记000009"})
		}},
		{"a step overtaken by an answer", func(h *History) {
			k := &h.Tickets[0]
			k.Deadlines[0].Stopped = k.Deadlines[0].Due.Add(firstEscalate + time.Minute)
			k.Events = k.Events[:7]
			h.Said = h.Said[:3]
		}},
		{"a step after the end", func(h *History) {
			h.End = h.Tickets[0].Deadlines[0].Due
			h.Tickets[0].Events = h.Tickets[0].Events[:6]
			h.Tickets[0].Events = append(h.Tickets[0].Events, tickets.Event{Kind: tickets.EvBreached, Clock: tickets.ClockFirstResponse,
				Step: "breach", Cause: cause, Due: h.End, At: h.End})
			h.Said = h.Said[:3]
		}},
		{"replies to different lives", func(h *History) {
			h.Spans[0].Down = morning.Add(1500 * time.Millisecond)
			e := h.Tickets[0].Events
			e[1], e[2] = e[2], e[1]
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := sound()
			tt.doctor(&h)
			if diff := cmp.Diff([]Finding(nil), Judge(h).Findings); diff != "" {
				t.Errorf("Judge() findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReportIsOKOnlyIfItProvesSomething(t *testing.T) {
	t.Parallel()
	good := Report{Tickets: 1, Steps: 1, Control: Control{Doubled: 1}}
	blind, harmed, torn, empty := good, good, good, good
	blind.Control.Doubled = 0
	harmed.Lost = 1
	torn.Torn = 1
	empty.Steps = 0
	for _, tt := range []struct {
		name string
		r    Report
		want bool
	}{{"good", good, true}, {"blind", blind, false}, {"harmed", harmed, false}, {"torn", torn, false}, {"empty", empty, false}} {
		if got := tt.r.OK(); got != tt.want {
			t.Errorf("%s: OK() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

func TestPlanFollowsFromItsSeed(t *testing.T) {
	t.Parallel()
	o := Options{Seed: 7, Kills: 5, RedisKills: 2}.withDefaults()
	all := cmp.AllowUnexported(plan{}, act{}, outage{})
	if diff := cmp.Diff(newPlan(o, Product), newPlan(o, Product), all); diff != "" {
		t.Errorf("newPlan() twice (-first +second):\n%s", diff)
	}
	a := newPlan(o, Product)
	o.Seed++
	if b := newPlan(o, Product); cmp.Equal(a, b, all) {
		t.Error("newPlan() is the same for another seed")
	}
	orders := map[string]bool{}
	for _, x := range a.acts {
		if x.order != "" && orders[x.order] {
			t.Errorf("order %s occurs twice", x.order)
		}
		orders[x.order] = true
	}
	if len(a.kills) != 5 || len(a.redis) != 2 || len(a.acts) < 50 {
		t.Errorf("newPlan() = %d kills, %d of Redis, %d acts", len(a.kills), len(a.redis), len(a.acts))
	}
}

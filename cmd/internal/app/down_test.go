package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/tickets"
	"gongdan/tickets/sla"
	"gongdan/tickets/storetest"
)

const (
	crowdRoom = "C0CROWD"
	// crowdSize people have crowdEach tickets each: as much as one message may stand for, all of it for whoever leads.
	crowdSize, crowdEach = 20, 25
)

// crowd is a stage with a team that is too large for anybody to look after what each of them missed.
type crowd struct {
	*stage
	people []string
}

// newCrowd has every ticket due half an hour after it was opened: a reminder ten minutes before, a call to whoever leads five
// minutes after.
func newCrowd(t *testing.T) *crowd {
	t.Helper()
	p := stagePolicy()
	p.Quiet, p.MergeWithin, p.AckLapse = 0, 0, 0
	p.Rules = []tickets.Rule{{Name: "half an hour", Clocks: []tickets.ClockRule{{
		Kind: tickets.ClockFirstResponse, Clock: sla.CalendarTime, Duration: 30 * time.Minute, Ladder: sla.Ladder{
			{Name: "remind_10m", Kind: sla.Remind, Offset: -10 * time.Minute},
			{Name: "breach", Kind: sla.Breach},
			{Name: "escalate_1", Kind: sla.Escalate, Offset: 5 * time.Minute, Level: 1},
		}}}}}
	c := &crowd{stage: newStage(t, set{redis: storetest.StartRedis(t), policy: &p, unlit: true})}
	for i := range crowdSize {
		id := fmt.Sprintf("U0CROWD%02d", i)
		c.people = append(c.people, id)
		c.sim.AddUser(team, slacksim.User{ID: id, Name: fmt.Sprintf("crowd%02d", i), Locale: "zh-CN"})
	}
	c.sim.AddChannel(team, slacksim.Channel{ID: crowdRoom, Name: "大组", Members: append([]string{wang, botUser}, c.people...)})
	c.app = c.start()
	c.ready(c.app)
	return c
}

// open makes the tickets, each by one message that names its colleague.
func (c *crowd) open() {
	c.t.Helper()
	for i := range crowdSize * crowdEach {
		c.post(wang, crowdRoom, fmt.Sprintf("@crowd%02d 订单 20241122%011d 买家要退货", i%crowdSize, i))
	}
	c.settled()
	if n := len(c.tickets()); n != crowdSize*crowdEach {
		c.t.Fatalf("%d tickets, want %d", n, crowdSize*crowdEach)
	}
}

// since are the bot's direct messages to somebody after the first so many.
func (c *crowd) since(who string, before int) (out []slacksim.Message) {
	for _, m := range c.sim.DM(who)[before:] {
		if m.BotID != "" {
			out = append(out, m)
		}
	}
	return out
}

// stoodFor are the ids of the calls that a message stood for: several, or its own.
func (c *crowd) stoodFor(m slacksim.Message) []string {
	c.t.Helper()
	ids, err := bot.MergedIDs(context.Background(), c.store, team, bot.Ref{Channel: tickets.ChannelID(m.Channel), TS: m.TS})
	if err != nil {
		c.t.Fatal(err)
	}
	if len(ids) > 0 {
		return ids
	}
	var meta struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if err := json.Unmarshal(m.Metadata, &meta); err != nil {
		c.t.Fatal(err)
	}
	return []string{meta.Payload.ID}
}

// fired are the ids of the calls that a ticket's marks have led to. It fails unless its reminder was passed by, as its breach came
// with it, and it was breached and escalated, each once.
func (c *crowd) fired(k tickets.Ticket) (out []string) {
	c.t.Helper()
	events, err := c.store.Timeline(context.Background(), team, k.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	var kinds []string
	for _, e := range events {
		switch e.Kind {
		case tickets.EvBreached, tickets.EvEscalated:
			out = append(out, fmt.Sprintf("%s|%d", e.Cause, len(out)))
			fallthrough
		case tickets.EvSkipped, tickets.EvReminded, tickets.EvUnsaid:
			kinds = append(kinds, string(e.Kind))
		}
	}
	if got := strings.Join(kinds, " "); got != "skipped breached escalated" {
		c.t.Errorf("%s: %s", k.Number, got)
	}
	return out
}

// The bot is down for an hour in which 500 tickets of twenty people fall due, on a real Redis: each person gets one message, and
// so does whoever leads; each mark is said once, or skipped with a reason.
func TestDownForAnHour(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	began := time.Now()
	c.open()
	t.Logf("opened in %s", time.Since(began).Round(time.Millisecond))
	before := map[string]int{}
	for _, who := range append(c.people, wang) {
		before[who] = len(c.sim.DM(who))
	}
	if err := c.stop(c.app); err != nil {
		t.Fatal(err)
	}
	c.jump(time.Hour)
	began = time.Now()
	c.app = c.start()
	c.until("all of them are told", func() bool {
		for who, n := range before {
			if len(c.sim.DM(who)) == n {
				return false
			}
		}
		return true
	})
	t.Logf("all are told %s after the start", time.Since(began).Round(time.Millisecond))
	c.settled()

	said := map[string]int{}
	for who, n := range before {
		want := crowdEach
		if who == wang {
			want = crowdSize * crowdEach
		}
		got := c.since(who, n)
		if len(got) != 1 || !holds(got[0], fmt.Sprintf(" %d 张工单", want), fmt.Sprintf("另有 %d 张", want-10)) {
			t.Fatalf("%s got %d messages, want one about %d tickets: %+v", who, len(got), want, got)
		}
		for _, id := range c.stoodFor(got[0]) {
			said[id]++
		}
	}
	for _, k := range c.tickets() {
		for _, id := range c.fired(k) {
			if said[id] != 1 {
				t.Errorf("%s: %s said %d times", k.Number, id, said[id])
			}
			delete(said, id)
		}
	}
	if len(said) > 0 {
		t.Errorf("said without a mark: %v", said)
	}
	if torn, err := c.store.Check(context.Background(), team); err != nil || len(torn) > 0 {
		t.Errorf("torn = %v, %v", torn, err)
	}
}

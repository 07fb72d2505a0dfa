package tickets_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"gongdan/tickets"
	"gongdan/tickets/sla"
)

// What the properties draw from.

func people() []tickets.Actor {
	return []tickets.Actor{asker, shop, li, zhao, wang, {ID: "UADM", Role: tickets.RoleAdmin}, clock}
}

func platforms() *rapid.Generator[tickets.Platform] {
	return rapid.SampledFrom([]tickets.Platform{"", "tmall", "douyin", "pinduoduo", "jd"})
}

// span is a length of time at which something may happen: often exactly at a step, sometimes long.
func span() *rapid.Generator[time.Duration] {
	return rapid.OneOf(
		rapid.SampledFrom([]time.Duration{0, time.Millisecond, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute, 24 * time.Hour}),
		rapid.Map(rapid.Int64Range(0, int64(50*time.Hour/time.Millisecond)), func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }),
	)
}

// pause is the time between two commands.
func pause() *rapid.Generator[time.Duration] {
	return rapid.OneOf(span(), rapid.Just(time.Duration(0)), rapid.Map(rapid.IntRange(1, 40),
		func(n int) time.Duration { return time.Duration(n) * day }))
}

// policy is the default one or one with long ladders, where many steps may be due at once.
func policy() *rapid.Generator[tickets.Policy] {
	return rapid.Custom(func(t *rapid.T) tickets.Policy {
		p := tickets.DefaultPolicy()
		if rapid.Bool().Draw(t, "default") {
			return p
		}
		p.AckLapse = rapid.SampledFrom([]time.Duration{0, 20 * time.Minute}).Draw(t, "lapse")
		p.Quiet = rapid.SampledFrom([]time.Duration{0, 5 * time.Minute, 10 * time.Hour}).Draw(t, "quiet")
		p.MergeWithin = rapid.SampledFrom([]time.Duration{0, 10 * time.Minute, 24 * time.Hour}).Draw(t, "merge")
		for range rapid.IntRange(0, 3).Draw(t, "levels") {
			p.Roster.Levels = append(p.Roster.Levels, tickets.Level{User: wang.ID, Rung: sla.Rung{Wait: rapid.SampledFrom([]time.Duration{0,
				10 * time.Minute, 2 * time.Hour}).Draw(t, "wait"), Times: rapid.IntRange(0, 2).Draw(t, "times")}})
		}
		for i := range p.Rules {
			r := &p.Rules[i]
			like := r.Clocks[1]
			for _, k := range []tickets.ClockKind{tickets.ClockNextResponse, tickets.ClockNextUpdate} {
				like.Kind, like.Duration = k, time.Hour
				r.Clocks = append(r.Clocks, like)
			}
			if rapid.IntRange(0, 2).Draw(t, "off") == 0 {
				j := rapid.IntRange(0, len(r.Clocks)-1).Draw(t, "switched off")
				r.Clocks = slices.Delete(r.Clocks, j, j+1)
			}
			for j := range r.Clocks {
				c := &r.Clocks[j]
				c.Ladder = ladder().Draw(t, "ladder")
				c.Clock = rapid.SampledFrom([]sla.Clock{sla.CalendarTime, sla.WorkingTime, sla.DeferredTime}).Draw(t, "clock")
				c.PauseOn = rapid.SliceOfDistinct(rapid.SampledFrom([]tickets.Party{"customer", "merchant", "courier", tickets.PartyInfo}),
					rapid.ID[tickets.Party]).Draw(t, "pauses")
			}
		}
		return p
	})
}

func ladder() *rapid.Generator[sla.Ladder] {
	return rapid.Custom(func(t *rapid.T) sla.Ladder {
		l := sla.Ladder{{Name: "breach", Kind: sla.Breach}}
		for i := range rapid.IntRange(0, 5).Draw(t, "more steps") {
			s := sla.Step{Name: fmt.Sprint("s", i), Kind: sla.Remind, Offset: span().Draw(t, "offset") - time.Hour}
			s.Percent = rapid.SampledFrom([]int{0, 0, 50}).Draw(t, "percent")
			if s.Offset > 0 && s.Percent == 0 && rapid.Bool().Draw(t, "repeated") {
				s.Every, s.Times = time.Hour, 2
			}
			if rapid.Bool().Draw(t, "escalates") {
				s.Kind, s.Level = sla.Escalate, rapid.IntRange(1, 3).Draw(t, "level")
				if s.Every == 0 && s.Percent == 0 && s.Offset > 0 {
					s.Unbegun = rapid.Bool().Draw(t, "unbegun")
				}
			}
			l = append(l, s)
		}
		return l
	})
}

// command is any command by anybody; wakes come often, as they do in life.
func command(now time.Time) *rapid.Generator[tickets.Command] {
	return rapid.Custom(func(t *rapid.T) tickets.Command {
		kind := rapid.SampledFrom(allKinds).Draw(t, "kind")
		who := rapid.SampledFrom(people()).Draw(t, "who")
		if rapid.IntRange(0, 3).Draw(t, "wakes") == 0 {
			kind, who = tickets.CmdWake, clock
		}
		c := full(kind, who)
		if rapid.IntRange(0, 9).Draw(t, "bare") == 0 {
			return tickets.Command{Kind: kind, Actor: who, Cause: "c2"}
		}
		switch kind {
		case tickets.CmdAssign:
			c.Assignee = rapid.SampledFrom(people()).Draw(t, "assignee").ID
		case tickets.CmdWait:
			c.Party = rapid.SampledFrom([]tickets.Party{"customer", "merchant", "courier"}).Draw(t, "party")
		case tickets.CmdAnswer:
			c.At = rapid.SampledFrom([]time.Time{{}, now, now.Add(-time.Hour), now.Add(-30 * time.Hour), now.Add(1e9)}).Draw(t, "at")
		case tickets.CmdAck:
			c.Clock = rapid.SampledFrom([]tickets.ClockKind{"", "platform", "first_response", "resolution", "next_update"}).Draw(t, "clock")
		case tickets.CmdDue, tickets.CmdPromise, tickets.CmdSnooze, tickets.CmdCorrect:
			c.At = now.Add(rapid.SampledFrom([]time.Duration{-30 * time.Hour, -time.Hour, 0, time.Minute, time.Hour, 9 * time.Hour, 9 * day}).Draw(t, "until"))
			c.DueFrom = rapid.SampledFrom([]tickets.DueFrom{tickets.DueBackOffice, tickets.DueStaff, "neighbour"}).Draw(t, "due from")
		case tickets.CmdOrigin:
			c.Origin = rapid.SampledFrom([]tickets.Origin{"internal", "platform", "provider", "mars"}).Draw(t, "whose")
		case tickets.CmdSeverity:
			c.Severity = rapid.SampledFrom([]tickets.Severity{"low", "high", "urgent", "no"}).Draw(t, "severity")
		case tickets.CmdType:
			c.Type = rapid.SampledFrom([]tickets.Type{"other", "high_risk", "ship_reminder"}).Draw(t, "type")
		case tickets.CmdEdited, tickets.CmdDeleted:
			c.Message.TS = rapid.SampledFrom([]string{"1.1", "2.2"}).Draw(t, "ts")
			c.Message.Text = rapid.StringN(0, 10, 40).Draw(t, "text")
		case tickets.CmdSplit:
			c.Facts.Orders = rapid.SliceOfN(rapid.StringMatching(`[0-9]{1,2}`), 0, 3).Draw(t, "orders")
		case tickets.CmdAmend, tickets.CmdNote:
			c.Heard = rapid.SampledFrom([]tickets.Party{"", "customer", "courier"}).Draw(t, "heard")
			c.Asks = rapid.Bool().Draw(t, "asks")
			c.Facts = tickets.Facts{Platform: platforms().Draw(t, "platform"), Orders: []string{rapid.StringMatching(`[0-9]{1,2}`).Draw(t, "order")}}
		}
		if kind == tickets.CmdAmend {
			c.Origin = rapid.SampledFrom([]tickets.Origin{"", "", "internal", "platform", "provider", "mars"}).Draw(t, "origin")
			c.BackOffice = rapid.SampledFrom([]time.Time{{}, {}, now.Add(time.Hour)}).Draw(t, "back office")
			c.Type = rapid.SampledFrom([]tickets.Type{"", "other", "high_risk"}).Draw(t, "type")
		}
		return c
	})
}

package bot_test

import (
	"fmt"
	"time"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/tickets"
)

// mergedShots are messages that stand for several calls.
func mergedShots() map[string]shot {
	p, i := platformTicket(), internalTicket()
	due, first := p.Deadlines[0].Due, i.Deadlines[0].Due
	reminder := bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due}
	breach := bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockFirstResponse, Due: first}
	call := bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockPlatform, Due: due}
	shift := bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockResolution, Due: p.Deadlines[2].Due, Moved: true}
	lapsed := bot.Said{What: bot.SayLapsed, To: "ULI", User: "UWANG", Clock: tickets.ClockPlatform, Due: due, Detail: evening.Add(-20 * time.Minute).Format(time.RFC3339)}
	yours := lapsed
	yours.User, yours.Clock, yours.Due = "ULI", tickets.ClockFirstResponse, first
	urged := bot.Said{What: bot.SayUrged, To: "ULI", By: "USHOP"}
	taken := changed(i, func(t *tickets.Ticket) { t.Status, t.Assignee = tickets.StatusAssigned, "ULI" })
	acked := changed(p, func(t *tickets.Ticket) { t.Deadlines[0].AckedBy, t.Deadlines[0].AckedAt = "UWANG", evening })
	late := due.Add(40 * time.Minute)
	return map[string]shot{
		"merged_mine":       mergedOf(evening, "", row{p, []bot.Said{reminder, shift}}, row{taken, []bot.Said{breach, urged}}),
		"merged_late":       mergedOf(late, "", row{p, []bot.Said{reminder, lapsed}}, row{taken, []bot.Said{breach, yours, {What: bot.SayUrged}}}),
		"merged_escalation": mergedOf(late, "", row{p, []bot.Said{call, call}}, row{waiting(p, tickets.PartyWarehouse), []bot.Said{call}}),
		"merged_unclaimed":  mergedOf(late, "C1", row{i, []bot.Said{breach}}),
		"merged_done":       mergedOf(evening, "", row{acked, []bot.Said{call}}, row{finished(taken, tickets.StatusResolved), []bot.Said{call}}, row{p, []bot.Said{call}}),
		"merged_rest":       mergedMany(late, false, row{p, []bot.Said{reminder}}),
		"merged_merchant":   mergedMany(late, true, row{p, []bot.Said{reminder}}),
	}
}

type row struct {
	t     tickets.Ticket
	calls []bot.Said
}

func mergedOf(now time.Time, ch tickets.ChannelID, rows ...row) shot {
	s := bot.Said{What: bot.SayMerged, Channel: ch}
	for n, r := range rows {
		for _, c := range r.calls {
			class := tickets.ClassReminder
			if c.What == bot.SayEscalation {
				class = tickets.ClassEscalation
			}
			s.Parts = append(s.Parts, bot.Part{Ticket: tickets.TicketID(fmt.Sprint("t", n)), Class: class, Said: c})
		}
	}
	return at(shot{scene(tickets.Ticket{}), func(c *words.Catalogue, sc bot.Scene) bot.View {
		var list []bot.MergedRow
		for _, r := range rows[:min(len(rows), 10)] {
			one := sc
			one.Ticket = r.t
			list = append(list, bot.MergedRow{Calls: r.calls, Scene: one})
		}
		return bot.MergedView(c, sc, s, list)
	}}, now)
}

// mergedMany has a dozen rows of a kind, of which ten are shown.
func mergedMany(now time.Time, foreign bool, r row) shot {
	rows := make([]row, 12)
	for i := range rows {
		rows[i] = r
	}
	s := mergedOf(now, "", rows...)
	s.sc.Merchant = foreign
	return s
}

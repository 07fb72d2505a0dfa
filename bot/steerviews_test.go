package bot_test

import (
	"maps"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// steering is what the acts that steer clocks make the bot say.
func steering() map[string]shot {
	p, i := platformTicket(), internalTicket()
	due, later := p.Deadlines[0].Due, p.Deadlines[0].Due.Add(2*time.Hour)
	promised := changed(p, func(t *tickets.Ticket) { t.Promised = evening.Add(20 * time.Hour); t.Deadlines[2].Due = t.Promised })
	wanted := changed(i, func(t *tickets.Ticket) { t.Wanted = evening.Add(20 * time.Hour) })
	sooner := changed(i, func(t *tickets.Ticket) { // answered, and the promise is before what is wanted
		t.Status, t.Assignee, t.Responded = tickets.StatusInProgress, "ULI", evening
		t.Promised, t.Wanted = evening.Add(2*time.Hour), evening.Add(5*time.Hour)
		t.Deadlines[1].Due, t.Deadlines[1].Fixed = t.Promised, true
		stopped(t, tickets.ClockFirstResponse, evening)
	})
	theirs := changed(p, func(t *tickets.Ticket) { t.Wanted = evening.Add(time.Hour) }) // a platform's by now
	paused := changed(waiting(p, tickets.PartyCustomer), func(t *tickets.Ticket) {
		t.Deadlines[2].Pauses = []tickets.Pause{{From: evening.Add(-time.Hour)}}
	})
	alone := changed(paused, func(t *tickets.Ticket) { t.Origin, t.Deadlines = tickets.OriginInternal, t.Deadlines[2:] })
	tagged := changed(p, func(t *tickets.Ticket) { t.Tags = []string{"VIP", "<!here> *复购*\n客"} })
	both := []bot.Move{{Clock: tickets.ClockPlatform, From: due, To: later}, {Clock: tickets.ClockResolution, From: evening.Add(24 * time.Hour), To: evening.Add(time.Hour)}}
	moved := func(why, value string, m ...bot.Move) shot {
		return says(p, bot.Said{What: bot.SayMoved, Channel: "C1", Reason: why, Detail: value, Moves: m})
	}
	out := map[string]shot{
		"card_wanted": card(wanted), "card_wanted_merchant": toMerchant(card(wanted)), "card_wanted_platform": card(theirs),
		"card_promised_sooner": card(sooner), "card_promised": card(promised), "card_promised_merchant": toMerchant(card(promised)), "card_tagged": card(tagged),
		"card_tagged_merchant": toMerchant(card(tagged)), "card_paused": card(paused), "card_paused_alone": card(alone),
		"card_paused_merchant": toMerchant(card(paused)), "card_next_response": card(changed(i, func(t *tickets.Ticket) {
			t.Status, t.Assignee = tickets.StatusInProgress, "ULI"
			t.Deadlines[0].Kind = tickets.ClockNextResponse
		})),
		"moved_severity": moved("severity", "high", both...), "moved_type": moved("type", "exchange", both[0]), "moved_origin": moved("origin", "platform", bot.Move{Clock: tickets.ClockPlatform, To: later}),
		"moved_gone": moved("origin", "internal", bot.Move{Clock: tickets.ClockPlatform, From: later}), "moved_office": moved("office", "", both[0]),
		"moved_staff": moved("staff", "", both[0]), "moved_promise": moved("promise", "", both[1]), "moved_tags": moved("tags", "", both[1]),
		"moved_facts": moved("facts", "", both[0]), "moved_waited": moved("waited", "customer", both[1]), "moved_reopened": moved("reopened", "", both[1]),
		"moved_unknown": moved("", "", both[0]), "moved_merchant": toMerchant(moved("promise", "", both[1])),
		"moved_merchant_done": toMerchant(says(finished(p, tickets.StatusResolved), bot.Said{What: bot.SayMoved, Channel: "C1", Moves: both})),
		"lapsed":              says(p, bot.Said{What: bot.SayLapsed, To: "ULI", User: "UWANG", Clock: tickets.ClockPlatform, Due: due, Detail: evening.Add(-20 * time.Minute).Format(time.RFC3339)}),
		"lapsed_you":          says(p, bot.Said{What: bot.SayLapsed, To: "UWANG", User: "UWANG", Clock: tickets.ClockPlatform, Due: due, Detail: evening.Add(-20 * time.Minute).Format(time.RFC3339)}),
		"help_due":            {scene(tickets.Ticket{}), helped("截止")},
	}
	done := func(name string, t tickets.Ticket, s bot.Said) {
		s.What = bot.SayDone
		out["done_"+name] = says(t, s)
	}
	for _, verb := range []string{"severity", "type", "origin", "due"} {
		done(verb, p, bot.Said{Detail: verb, Moves: both})
	}
	done("due_staff", p, bot.Said{Detail: "due", Reason: "staff", Moves: both[:1]})
	done("promise", i, bot.Said{Detail: "promise", Due: later})
	done("promise_platform", p, bot.Said{Detail: "promise", Due: later, Moves: both[1:]})
	done("correct", answered(p), bot.Said{Detail: "correct", Reason: "corrected"})
	done("correct_late", answered(p), bot.Said{Detail: "correct"})
	done("replied_corrected", answered(p), bot.Said{Detail: "replied", Reason: "corrected"})
	done("snooze", p, bot.Said{Detail: "snooze", Due: due})
	done("tag", tagged, bot.Said{Detail: "tag"})
	done("tag_none", p, bot.Said{Detail: "tag"})
	maps.Copy(out, refusedSteering())
	return out
}

// refusedSteering is why such acts are refused.
func refusedSteering() map[string]shot {
	p, i := platformTicket(), internalTicket()
	out := map[string]shot{}
	refused := func(name string, t tickets.Ticket, s bot.Said) {
		s.What = bot.SayRefused
		out["refused_"+name] = says(t, s)
	}
	for _, why := range []string{"severity", "type", "origin", "tag"} {
		refused(why, p, bot.Said{Reason: why, Verb: why})
		refused("missing_"+why, p, bot.Said{Reason: string(tickets.ReasonMissing), Detail: why})
	}
	for _, why := range []string{"time", "hour", "passed", "deadline"} {
		refused("promise_"+why, p, bot.Said{Reason: why, Verb: "promise"})
	}
	at := evening.Add(time.Hour).Format(time.RFC3339)
	refused("no_type", p, bot.Said{Reason: "no_type", Verb: "type", Detail: "<!channel> 定制\n类"})
	refused("missing_at", p, bot.Said{Reason: string(tickets.ReasonMissing), Detail: "at", Verb: "snooze"})
	refused("correct_reason", p, bot.Said{Reason: string(tickets.ReasonMissing), Detail: "reason", Verb: "correct"})
	refused("correct_future", p, bot.Said{Reason: string(tickets.ReasonFuture), Detail: at, Verb: "correct"})
	refused("no_due", i, bot.Said{Reason: string(tickets.ReasonNotPlatform), Detail: "internal", Verb: "due"})
	refused("due_old", p, bot.Said{Reason: string(tickets.ReasonTooOld), Detail: at, Verb: "due"})
	refused("due_already", p, bot.Said{Reason: string(tickets.ReasonAlready), Detail: at, Verb: "due"})
	refused("staff_soon", p, bot.Said{Reason: string(tickets.ReasonTooEarly), Detail: at, Verb: "due"})
	refused("snooze_late", p, bot.Said{Reason: string(tickets.ReasonTooLate), Detail: p.Deadlines[0].Due.Format(time.RFC3339), Verb: "snooze"})
	refused("too_late", i, bot.Said{Reason: string(tickets.ReasonTooLate), Detail: at, Verb: "snooze"})
	for _, name := range []string{"severity", "promise_time", "no_type", "no_due", "due_old", "snooze_late"} {
		out["refused_"+name+"_merchant"] = toMerchant(out["refused_"+name])
	}
	return out
}

// steered has one event of each act that steers clocks.
func steered() []tickets.Event {
	then := func(d time.Duration) string { return evening.Add(d).Format(time.RFC3339Nano) }
	out := []tickets.Event{
		{Kind: tickets.EvSeverity, From: "normal", To: "high"}, {Kind: tickets.EvType, From: "delay", To: "exchange"},
		{Kind: tickets.EvOrigin, From: "internal", To: "platform"}, {Kind: tickets.EvDue, To: string(tickets.DueBackOffice), Due: evening.Add(time.Hour)},
		{Kind: tickets.EvDue, To: string(tickets.DueStaff), Due: evening.Add(time.Hour)}, {Kind: tickets.EvPromised, Due: evening.Add(2 * time.Hour)},
		{Kind: tickets.EvCorrected, Reason: "忘了登记 <!here>"}, {Kind: tickets.EvSnoozed, Due: evening.Add(time.Hour)},
		{Kind: tickets.EvTagged, From: "老客", To: "VIP,复购"}, {Kind: tickets.EvLapsed, Clock: tickets.ClockPlatform, From: "UWANG"},
		{Kind: tickets.EvReplanned, To: "7"}, {Kind: tickets.EvRestarted, Clock: tickets.ClockNextResponse},
		{Kind: tickets.EvMoved, Clock: tickets.ClockPlatform, From: then(time.Hour), To: then(3 * time.Hour)},
	}
	for n := range out {
		out[n].At, out[n].Version, out[n].By = evening.Add(time.Duration(n-30)*time.Minute), int64(n+1), "ULI"
	}
	return out
}

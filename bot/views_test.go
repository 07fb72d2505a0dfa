package bot_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/tickets"
)

var update = flag.Bool("update", false, "rewrite testdata/views")

// shanghai needs no time zone database.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// evening is a Tuesday.
var evening = time.Date(2026, 11, 24, 19, 30, 0, 0, shanghai)

func names(id tickets.UserID) string {
	return map[tickets.UserID]string{"ULI": "小李", "UWANG": "王主管", "UCHEN": "小陈", "USHOP": "林老板"}[id]
}

// loaded is the catalogue of all tests: reading it takes longer than most of them.
var loaded = sync.OnceValues(words.New)

func catalogue(t testing.TB) *words.Catalogue {
	t.Helper()
	c, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func scene(t tickets.Ticket) bot.Scene {
	return bot.Scene{Now: evening, Zone: shanghai, Lang: "zh-CN", Ticket: t, Name: names}
}

func merchant(sc bot.Scene) bot.Scene {
	sc.Merchant = true
	return sc
}

// platformTicket is a marketplace's ticket in work, due in half an hour, with a team target after it.
func platformTicket() tickets.Ticket {
	return tickets.Ticket{
		Schema: 1, ID: "k7qd2mzx", Workspace: "T1", Number: 1042, Version: 4, Status: tickets.StatusInProgress,
		Type: "goods_return", Severity: tickets.SeverityHigh, Origin: tickets.OriginPlatform,
		Facts:     tickets.Facts{Shop: "天猫XX旗舰店", Platform: "tmall", Orders: []string{"2024112233445566778"}, PlatformNo: "XT20261123001"},
		Source:    tickets.Source{Kind: "message", Channel: "C1", TS: "1795430400.000100", Thread: "1795430400.000100", Text: "订单 2024112233445566778 买家说收到的杯子碎了，要退货"},
		Requester: "UCHEN", Assignee: "ULI", PlatformCreated: evening.Add(-23*time.Hour - 30*time.Minute),
		Deadlines: []tickets.Deadline{
			{Kind: tickets.ClockPlatform, Start: evening.Add(-24 * time.Hour), Due: evening.Add(30 * time.Minute)},
			{Kind: tickets.ClockFirstResponse, Start: evening.Add(-2 * time.Hour), Due: evening.Add(-90 * time.Minute), Stopped: evening.Add(-100 * time.Minute)},
			{Kind: tickets.ClockResolution, Start: evening.Add(-2 * time.Hour), Due: evening.Add(14*time.Hour + 30*time.Minute)},
		},
		Created: evening.Add(-2 * time.Hour), Updated: evening.Add(-2 * time.Hour), Started: evening.Add(-100 * time.Minute),
	}
}

// internalTicket is a note of the team that nobody has taken.
func internalTicket() tickets.Ticket {
	return tickets.Ticket{
		Schema: 1, ID: "p3vv9aaa", Workspace: "T1", Number: 1038, Version: 1, Status: tickets.StatusNew,
		Type: "delay", Severity: tickets.SeverityNormal, Origin: tickets.OriginInternal,
		Facts:     tickets.Facts{Platform: "pinduoduo", Orders: []string{"241122-112233445566778"}},
		Source:    tickets.Source{Kind: "message", Channel: "C1", TS: "1795432200.000100", Thread: "1795432200.000100", Text: "快递三天没动了\n买家在催"},
		Requester: "UCHEN",
		Deadlines: []tickets.Deadline{
			{Kind: tickets.ClockFirstResponse, Start: evening.Add(-20 * time.Minute), Due: evening.Add(10 * time.Minute)},
			{Kind: tickets.ClockResolution, Start: evening.Add(-20 * time.Minute), Due: evening.Add(24 * time.Hour)},
		},
		Created: evening.Add(-20 * time.Minute), Updated: evening.Add(-20 * time.Minute),
	}
}

func changed(t tickets.Ticket, f func(*tickets.Ticket)) tickets.Ticket {
	t.Deadlines = slices.Clone(t.Deadlines)
	f(&t)
	return t
}

func stopped(t *tickets.Ticket, k tickets.ClockKind, at time.Time) {
	for i := range t.Deadlines {
		if t.Deadlines[i].Kind == k {
			t.Deadlines[i].Stopped = at
		}
	}
}

func answered(t tickets.Ticket) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) {
		t.Answered = evening.Add(-20 * time.Minute)
		stopped(t, tickets.ClockPlatform, t.Answered)
	})
}

// clocked is a ticket with one more clock, or with another deadline of one.
func clocked(t tickets.Ticket, k tickets.ClockKind, due time.Time) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) {
		t.Deadlines = slices.DeleteFunc(t.Deadlines, func(d tickets.Deadline) bool { return d.Kind == k })
		t.Deadlines = append(t.Deadlines, tickets.Deadline{Kind: k, Start: t.Created, Due: due})
	})
}

// followed is a ticket on whose platform clock 王主管 is.
func followed(t tickets.Ticket, since time.Time) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) { t.Deadlines[0].AckedBy, t.Deadlines[0].AckedAt = "UWANG", since })
}

func waiting(t tickets.Ticket, p tickets.Party) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) { t.Status, t.Waiting, t.Assignee = tickets.StatusWaiting, p, "ULI" })
}

func finished(t tickets.Ticket, s tickets.Status) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) {
		t.Status, t.Resolved = s, evening
		stopped(t, tickets.ClockFirstResponse, evening.Add(-time.Hour))
		stopped(t, tickets.ClockResolution, evening)
	})
}

type shot struct {
	sc   bot.Scene
	view func(*words.Catalogue, bot.Scene) bot.View
}

func card(t tickets.Ticket) shot { return shot{scene(t), bot.TicketCard} }

func says(t tickets.Ticket, s bot.Said) shot { return shot{scene(t), s.View} }

func toMerchant(s shot) shot { s.sc.Merchant = true; return s }

func at(s shot, now time.Time) shot { s.sc.Now = now; return s }

// shots is every view, by the name of its golden file.
func shots() map[string]shot {
	p, i := platformTicket(), internalTicket()
	due := p.Deadlines[0].Due
	first, resolution := i.Deadlines[0].Due, i.Deadlines[1].Due
	hour, night := evening.Add(time.Hour), evening.Add(14*time.Hour+30*time.Minute)
	out := map[string]shot{
		"card_platform":          card(p),
		"card_platform_new":      card(changed(p, func(t *tickets.Ticket) { t.Status, t.Assignee = tickets.StatusNew, "" })),
		"card_platform_answered": card(answered(p)),
		"card_platform_late":     at(card(p), due.Add(40*time.Minute)),
		"card_platform_resolved": card(finished(p, tickets.StatusResolved)),
		"card_internal_new":      card(i),
		"card_assigned":          card(changed(i, func(t *tickets.Ticket) { t.Status, t.Assignee = tickets.StatusAssigned, "ULI" })),
		"card_waiting":           card(waiting(i, tickets.PartyWarehouse)),
		"card_needs_info":        card(changed(i, func(t *tickets.Ticket) { t.Status = tickets.StatusNeedsInfo })),
		"card_resolved":          card(finished(i, tickets.StatusResolved)),
		"card_closed":            card(finished(i, tickets.StatusClosed)),
		"card_cancelled":         card(finished(i, tickets.StatusCancelled)),
		"card_archived":          card(finished(i, tickets.StatusArchived)),
		"card_deleted_source":    card(changed(i, func(t *tickets.Ticket) { t.Source.Deleted = true; t.Facts = tickets.Facts{} })),
		"card_many":              card(hostile(p)),
		"card_merchant":          toMerchant(card(p)),
		"card_merchant_waiting":  toMerchant(card(waiting(i, tickets.PartyMerchant))),
		"card_merchant_late":     at(toMerchant(card(i)), evening.Add(25*time.Hour)),
		"card_merchant_closed":   toMerchant(card(finished(i, tickets.StatusClosed))),

		"reminder_platform":       says(p, bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due}),
		"reminder_platform_pdd":   says(changed(p, func(t *tickets.Ticket) { t.Facts.Platform = "pinduoduo" }), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due}),
		"reminder_first":          says(i, bot.Said{What: bot.SayReminder, Channel: "C1", Clock: tickets.ClockFirstResponse, Due: first}),
		"reminder_resolution":     says(waiting(i, tickets.PartyCourier), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockResolution, Due: resolution}),
		"reminder_thread_mention": says(p, bot.Said{What: bot.SayReminder, Channel: "C1", Clock: tickets.ClockPlatform, Due: due}),
		"reminder_merchant":       toMerchant(says(p, bot.Said{What: bot.SayReminder, Channel: "C1", Clock: tickets.ClockPlatform, Due: due})),
		"breach_platform":         at(says(p, bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockPlatform, Due: due}), due),
		"breach_platform_after":   at(says(p, bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockPlatform, Due: due, User: "UWANG"}), due.Add(40*time.Minute)),
		"breach_platform_nobody":  at(says(p, bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockPlatform, Due: due}), due.Add(40*time.Minute)),
		"breach_first":            at(says(i, bot.Said{What: bot.SayBreach, Channel: "C1", Clock: tickets.ClockFirstResponse, Due: first}), first),
		"breach_resolution":       at(says(waiting(i, tickets.PartyCourier), bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockResolution, Due: resolution}), resolution),
		"breach_resolution_after": at(says(waiting(i, tickets.PartyCourier), bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockResolution, Due: resolution, User: "UWANG"}), resolution.Add(90*time.Minute)),

		"reminder_next":           says(clocked(i, tickets.ClockNextResponse, first), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockNextResponse, Due: first}),
		"reminder_update":         says(clocked(i, tickets.ClockNextUpdate, first), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockNextUpdate, Due: first}),
		"reminder_shift_platform": says(clocked(p, tickets.ClockPlatform, night), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: night, Moved: true}),
		"reminder_shift_team":     says(i, bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockResolution, Due: resolution, Moved: true}),
		"reminder_both":           says(p, bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due, More: []bot.Mark{{Clock: tickets.ClockResolution, Due: p.Deadlines[2].Due}}}),
		"reminder_both_one_stale": says(answered(p), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due, More: []bot.Mark{{Clock: tickets.ClockResolution, Due: p.Deadlines[2].Due}}}),
		"breach_next":             at(says(clocked(i, tickets.ClockNextResponse, first), bot.Said{What: bot.SayBreach, Channel: "C1", Clock: tickets.ClockNextResponse, Due: first}), first),
		"breach_update":           at(says(clocked(i, tickets.ClockNextUpdate, first), bot.Said{What: bot.SayBreach, Channel: "C1", Clock: tickets.ClockNextUpdate, Due: first}), first),
		"escalation_next":         at(says(clocked(i, tickets.ClockNextResponse, first), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockNextResponse, Due: first}), first.Add(5*time.Minute)),
		"escalation_update":       says(clocked(i, tickets.ClockNextUpdate, first), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockNextUpdate, Due: first}),

		"escalation_platform":  says(waiting(p, tickets.PartyWarehouse), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockPlatform, Due: due, Detail: evening.Add(-2 * time.Hour).Format(time.RFC3339)}),
		"escalation_climbed":   at(says(p, bot.Said{What: bot.SayEscalation, To: "UADMIN", User: "UWANG", Clock: tickets.ClockPlatform, Due: due}), due.Add(20*time.Minute)),
		"escalation_channel":   at(says(p, bot.Said{What: bot.SayEscalation, Channel: "CHEADS", User: "UWANG", Clock: tickets.ClockPlatform, Due: due}), due.Add(20*time.Minute)),
		"escalation_breached":  at(says(p, bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockPlatform, Due: due}), due.Add(10*time.Minute)),
		"escalation_at":        at(says(changed(i, func(t *tickets.Ticket) { t.Status, t.Assignee = tickets.StatusAssigned, "ULI" }), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockFirstResponse, Due: first}), first),
		"escalation_unclaimed": says(i, bot.Said{What: bot.SayEscalation, Channel: "C1", Clock: tickets.ClockFirstResponse, Due: first}),
		"escalation_busy":      says(changed(clocked(p, tickets.ClockResolution, hour), func(t *tickets.Ticket) { t.Updated = evening }), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockResolution, Due: hour}),

		"reminder_followed": says(followed(p, evening.Add(4*time.Minute)), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due}),
		"both_followed_one": says(followed(p, evening.Add(4*time.Minute)), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due, More: []bot.Mark{{Clock: tickets.ClockResolution, Due: p.Deadlines[2].Due}}}),
		"both_followed": says(changed(followed(p, evening.Add(4*time.Minute)), func(t *tickets.Ticket) {
			t.Deadlines[2].AckedBy, t.Deadlines[2].AckedAt = "UWANG", evening.Add(4*time.Minute)
		}),
			bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due, More: []bot.Mark{{Clock: tickets.ClockResolution, Due: p.Deadlines[2].Due}}}),
		"breach_followed":     at(says(followed(p, due.Add(5*time.Minute)), bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockPlatform, Due: due, User: "UWANG"}), due),
		"escalation_followed": at(says(followed(p, due.Add(14*time.Minute)), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockPlatform, Due: due}), due.Add(10*time.Minute)),
		"followed_next_day":   at(says(followed(p, due.Add(14*time.Hour)), bot.Said{What: bot.SayEscalation, Channel: "C1", Clock: tickets.ClockPlatform, Due: due}), due.Add(10*time.Minute)),
		"followed_before":     says(followed(p, evening), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due.Add(time.Hour)}), // another deadline's
		"ended_answered":      says(answered(p), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockPlatform, Due: due}),
		"ended_followed":      at(says(answered(followed(p, due.Add(5*time.Minute))), bot.Said{What: bot.SayEscalation, To: "UWANG", Clock: tickets.ClockPlatform, Due: due}), due.Add(time.Minute)),
		"ended_first":         at(says(finished(i, tickets.StatusResolved), bot.Said{What: bot.SayBreach, To: "ULI", Clock: tickets.ClockFirstResponse, Due: first}), first),
		"ended_resolved":      says(finished(p, tickets.StatusResolved), bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockResolution, Due: p.Deadlines[2].Due}),
		"ended_cancelled":     says(finished(i, tickets.StatusCancelled), bot.Said{What: bot.SayReminder, Channel: "C1", Clock: tickets.ClockFirstResponse, Due: first}),
		"ended_gone":          says(i, bot.Said{What: bot.SayReminder, To: "ULI", Clock: tickets.ClockNextUpdate, Due: first}),
		"followed_merchant":   toMerchant(says(followed(p, evening), bot.Said{What: bot.SayReminder, Channel: "C1", Clock: tickets.ClockPlatform, Due: due})),

		"acked":              says(p, bot.Said{What: bot.SayAcked, Channel: "C1", By: "UWANG"}),
		"acked_direct":       says(p, bot.Said{What: bot.SayAcked, To: "UCHEN", By: "UWANG"}),
		"acked_merchant":     toMerchant(says(p, bot.Said{What: bot.SayAcked, Channel: "C1", By: "UWANG"})),
		"assigned":           says(changed(p, func(t *tickets.Ticket) { t.Status = tickets.StatusAssigned }), bot.Said{What: bot.SayAssigned, To: "ULI", By: "UWANG"}),
		"assigned_internal":  says(changed(i, func(t *tickets.Ticket) { t.Status, t.Assignee = tickets.StatusAssigned, "ULI" }), bot.Said{What: bot.SayAssigned, To: "ULI"}),
		"unassigned":         says(p, bot.Said{What: bot.SayUnassigned, To: "UCHEN", By: "UWANG", User: "ULI"}),
		"unassigned_nobody":  says(i, bot.Said{What: bot.SayUnassigned, To: "UCHEN", By: "UWANG"}),
		"urged":              says(i, bot.Said{What: bot.SayUrged, Channel: "C1"}),
		"urged_by":           says(p, bot.Said{What: bot.SayUrged, To: "ULI", By: "USHOP"}),
		"urged_due":          says(p, bot.Said{What: bot.SayUrged, To: "ULI", By: "USHOP", Due: evening.Add(15 * time.Minute)}),
		"resumed":            says(i, bot.Said{What: bot.SayResumed, To: "ULI"}),
		"resumed_party":      says(p, bot.Said{What: bot.SayResumed, To: "ULI", Detail: "warehouse"}),
		"welcome":            says(tickets.Ticket{}, bot.Said{What: bot.SayWelcome, Channel: "C1"}),
		"welcome_merchant":   toMerchant(says(tickets.Ticket{}, bot.Said{What: bot.SayWelcome, Channel: "C1"})),
		"ask":                says(tickets.Ticket{}, bot.Said{What: bot.SayAsk, Channel: "C1", To: "UCHEN", TS: "1795432200.000200"}),
		"ask_also":           says(i, bot.Said{What: bot.SayAsk, Channel: "C1", To: "UCHEN", TS: "1795432200.000200", Also: 1038}),
		"ask_order":          says(tickets.Ticket{}, bot.Said{What: bot.SayAsk, Channel: "C1", To: "UCHEN", TS: "1795432200.000200", Reason: "rule:file_only"}),
		"split":              says(i, bot.Said{What: bot.SaySplit, Channel: "C1", By: "ULI", Detail: "T-1043 T-1044"}),
		"split_merchant":     toMerchant(says(i, bot.Said{What: bot.SaySplit, Channel: "C1", By: "ULI", Detail: "T-1043 T-1044"})),
		"offer_resolve":      says(i, bot.Said{What: bot.SayOffer, Channel: "C1", To: "ULI", TS: "1795432200.000200", Verb: "resolve"}),
		"offer_number":       says(i, bot.Said{What: bot.SayOffer, Channel: "C1", To: "ULI", TS: "1795432200.000200", Verb: "fix_number", Detail: "2024112233445566778>2024112233445566302"}),
		"offer_type":         says(i, bot.Said{What: bot.SayOffer, Channel: "C1", To: "ULI", TS: "1795432200.000200", Verb: "fix_type", Detail: "exchange"}),
		"offer_wait":         says(i, bot.Said{What: bot.SayOffer, Channel: "C1", To: "ULI", TS: "1795432200.000200", Verb: "wait", Detail: "warehouse"}),
		"offer_assign":       says(i, bot.Said{What: bot.SayOffer, Channel: "C1", To: "ULI", TS: "1795432200.000200", Verb: "assign", User: "UWANG"}),
		"known":              says(tickets.Ticket{}, bot.Said{What: bot.SayKnown, Channel: "C1", To: "ULI", TS: "1795432200.000200", Detail: "买家承担退回运费", Reason: "售后手册"}),
		"duplicate":          says(p, bot.Said{What: bot.SayDuplicate, Channel: "C1", To: "UCHEN", TS: "1795432200.000200"}),
		"joined":             says(p, bot.Said{What: bot.SayDuplicate, Channel: "C1", To: "UCHEN", TS: "1795432200.000200", Reason: "burst"}),
		"joined_merchant":    toMerchant(says(p, bot.Said{What: bot.SayDuplicate, Channel: "C1", To: "USHOP", TS: "1795432200.000200", Reason: "burst"})),
		"duplicate_merchant": toMerchant(says(p, bot.Said{What: bot.SayDuplicate, Channel: "C1", To: "USHOP", TS: "1795432200.000200"})),

		"choose_wait":          {scene(p), bot.WaitChoice},
		"choose_transfer":      {scene(p), bot.TransferChoice},
		"choose_more_open":     {scene(p), bot.MoreMenu},
		"choose_more_resolved": {scene(finished(p, tickets.StatusResolved)), bot.MoreMenu},
		"choose_more_closed":   {scene(finished(p, tickets.StatusClosed)), bot.MoreMenu},
		"choose_more_merchant": {merchant(scene(p)), bot.MoreMenu},
		"why":                  {scene(changed(p, func(t *tickets.Ticket) { t.Decision = "rules:rule:number_and_problem" })), reasons(nil)},
		"why_by_hand":          {scene(p), reasons(nil)},

		"why_full": {scene(judged(p)), reasons([]tickets.Event{{Kind: tickets.EvType, By: "ULI", To: "exchange"}})},
		"why_orders": {scene(changed(judged(p), func(t *tickets.Ticket) {
			t.Facts.Orders = []string{"2024112233445566001", "2024112233445566002", "2024112233445566003"}
		})), reasons(nil)},
		"why_merchant": {merchant(scene(judged(p))), reasons(nil)},
		"why_message":  {scene(tickets.Ticket{}), heard("ask", "local:local:above_ask", true)},
		"why_own": {scene(changed(judged(p), func(t *tickets.Ticket) {
			t.Decision = `local:local:above_act {"a":"act","p":0.94,"t":"goods_return","e":"careful","w":{"v":3,"act":0.93,"ask":0.24}}`
		})), reasons(nil)},
		"why_passed":   {scene(tickets.Ticket{}), heard("ignore", `local_degraded:local:below_ask {"a":"ignore","p":0.03,"e":"careful"}`, false)},
		"why_outsider": {merchant(scene(tickets.Ticket{})), heard("ask", "local:local:above_ask", true)},
		"missed":       {scene(tickets.Ticket{}), missed(2)},
		"missed_again": {scene(tickets.Ticket{}), missedAgain},
		"missed_none":  {scene(tickets.Ticket{}), missed(0)},

		"list":          listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{p, waiting(i, tickets.PartyCourier), i}}),
		"list_mine":     listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{p}, Mine: true}),
		"list_more":     listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{changed(p, func(t *tickets.Ticket) { t.Severity = tickets.SeverityUrgent })}, More: true}),
		"list_merchant": listed(merchant(scene(tickets.Ticket{})), bot.Listing{Tickets: []tickets.Ticket{p, waiting(i, tickets.PartyMerchant)}}),
		"list_both":     listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{p, i}, Mine: true, Opened: 1}),
		"list_first":    listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{p, i}, Mine: true, Opened: 1, More: true}),
		"list_meant":    listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{p, i}, Meant: true}),
		"list_newest":   listed(scene(tickets.Ticket{}), bot.Listing{Tickets: []tickets.Ticket{p, i}, Meant: true, More: true}),
		"list_empty":    listed(scene(tickets.Ticket{}), bot.Listing{Mine: true}),
		"show_steered":  {scene(p), shown(steered())},
		"show":          {scene(waiting(p, tickets.PartyWarehouse)), shown(history())},
		"show_merchant": {merchant(scene(p)), shown(history())},
		"help":          {scene(tickets.Ticket{}), helped("")},
		"help_new":      {scene(tickets.Ticket{}), helped("建单")},
		"help_unknown":  {scene(tickets.Ticket{}), helped("抽奖")},
		"help_merchant": {merchant(scene(tickets.Ticket{})), helped("")},
	}
	maps.Copy(out, steering())
	maps.Copy(out, outcomes())
	maps.Copy(out, mergedShots())
	return out
}

// outcomes are the whispers about what was done and what was refused, and why.
func outcomes() map[string]shot {
	p, i := platformTicket(), internalTicket()
	out := map[string]shot{}
	done := func(name string, t tickets.Ticket, s bot.Said) {
		s.What = bot.SayDone
		out["done_"+name] = says(t, s)
		out["done_"+name+"_merchant"] = toMerchant(says(t, s))
	}
	done("new", changed(p, func(t *tickets.Ticket) { stopped(t, tickets.ClockFirstResponse, time.Time{}) }), bot.Said{Detail: "new"})
	done("new_unassigned", i, bot.Said{Detail: "new"})
	done("new_no_clock", changed(i, func(t *tickets.Ticket) { t.Deadlines = nil }), bot.Said{Detail: "new"})
	for _, verb := range []string{"claim", "assign", "note", "resume", "resolve", "close", "reopen", "sendback", "complete", "cancel", "discard", "ack", "make_not", "anything"} {
		done(verb, p, bot.Said{Detail: verb})
	}
	done("replied", answered(p), bot.Said{Detail: "replied"})
	done("wait", waiting(p, tickets.PartyWarehouse), bot.Said{Detail: "wait"})
	done("wait_internal", waiting(i, tickets.PartyCustomer), bot.Said{Detail: "wait"})
	done("resolve_internal", i, bot.Said{Detail: "resolve"})
	done("urge", p, bot.Said{Detail: "urge"})
	done("urge_due", p, bot.Said{Detail: "urge", Due: evening.Add(15 * time.Minute)})
	done("urge_nobody", i, bot.Said{Detail: "urge"})

	refused := func(name string, t tickets.Ticket, reason tickets.Reason, detail string) {
		s := bot.Said{What: bot.SayRefused, Reason: string(reason), Detail: detail}
		out["refused_"+name] = says(t, s)
		out["refused_"+name+"_merchant"] = toMerchant(says(t, s))
	}
	for _, st := range []tickets.Status{tickets.StatusNew, tickets.StatusInProgress, tickets.StatusWaiting, tickets.StatusNeedsInfo, tickets.StatusClosed, tickets.StatusArchived} {
		refused("wrong_status_"+string(st), changed(p, func(t *tickets.Ticket) { t.Status, t.Waiting = st, tickets.PartyWarehouse }), tickets.ReasonWrongStatus, string(st))
	}
	refused("not_permitted", p, tickets.ReasonNotPermitted, "agent cancel")
	refused("not_platform", i, tickets.ReasonNotPlatform, "internal")
	for _, what := range []string{"assignee", "party", "text", "reason", "ticket", "now"} {
		refused("missing_"+what, p, tickets.ReasonMissing, what)
	}
	refused("future", p, tickets.ReasonFuture, evening.Format(time.RFC3339))
	refused("too_old_answer", p, tickets.ReasonTooOld, evening.Format(time.RFC3339))
	refused("too_old_reopen", finished(p, tickets.StatusClosed), tickets.ReasonTooOld, evening.Format(time.RFC3339))
	refused("already", p, tickets.ReasonAlready, "UL1")
	refused("already_answered", answered(p), tickets.ReasonAlready, answered(p).Answered.UTC().Format(time.RFC3339))
	refused("cannot_cancel", p, tickets.ReasonCannotCancel, "platform")
	urged := changed(p, func(t *tickets.Ticket) { t.Urged = time.Date(2026, 11, 24, 14, 5, 0, 0, shanghai) })
	out["refused_too_soon"] = at(says(urged, bot.Said{What: bot.SayRefused, Reason: string(tickets.ReasonTooSoon), Detail: "2026-11-24T14:20:00+08:00"}), time.Date(2026, 11, 24, 14, 7, 0, 0, shanghai))
	refused("too_soon_later", p, tickets.ReasonTooSoon, "2026-11-24T19:45:00+08:00")
	refused("too_soon_unknown", p, tickets.ReasonTooSoon, "")
	refused("taken", p, tickets.ReasonTaken, "ULI")
	refused("unanswered", p, tickets.ReasonUnanswered, evening.Format(time.RFC3339))
	refused("bad_value", p, tickets.ReasonBadValue, "severity")
	for _, why := range []string{"not_found", "which", "who", "nothing", "deadline", "not_saved", "unknown", "something_new"} {
		refused(why, tickets.Ticket{}, tickets.Reason(why), "")
	}
	refused("unknown_suggest", tickets.Ticket{}, "unknown", "领取")
	refused("default", p, "something_new", "")
	return out
}

func reasons(events []tickets.Event) func(*words.Catalogue, bot.Scene) bot.View {
	return func(c *words.Catalogue, sc bot.Scene) bot.View { return bot.WhyView(c, sc, events) }
}

// judged is a ticket made of a message, with all that is remembered of how it was understood.
func judged(t tickets.Ticket) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) {
		t.Source.Kind = bot.SourceMessage
		t.Facts.Waybill = "SF1234567890123"
		t.Decision = `model:model:decides {"a":"act","p":0.9,"t":"goods_return","e":"eager","s":true,"d":true,"m":["waybill"],"c":["shop","platform"]}`
	})
}

// heard is a message without a ticket.
func heard(decision, why string, kept bool) func(*words.Catalogue, bot.Scene) bot.View {
	h := bot.Heard{Seen: tickets.Seen{Channel: "C1", TS: "1795432200.000200", Author: "UCHEN", Decision: decision, Why: why}}
	if kept {
		h.Draft = &tickets.Draft{Facts: tickets.Facts{Orders: []string{"2024112233445566778"}, Shop: "天猫XX旗舰店"},
			Decision: `local:local:above_ask {"a":"ask","p":0.41,"t":"delay","c":["shop"]}`}
	}
	return func(c *words.Catalogue, sc bot.Scene) bot.View { return bot.HeardView(c, sc, h) }
}

func missed(n int) func(*words.Catalogue, bot.Scene) bot.View {
	var list []bot.Missed
	for i := range n {
		list = append(list, bot.Missed{Seen: tickets.Seen{Channel: "C1", TS: fmt.Sprintf("1795432200.00020%d", i), Author: "UCHEN", Decision: "ask"},
			Heard: evening.Add(-time.Hour), Text: "买家问 <!channel> 这单怎么还没到", Place: "售后"})
	}
	return func(c *words.Catalogue, sc bot.Scene) bot.View { return bot.MissedView(c, sc, list, 5*n) }
}

// missedAgain is a list whose rows have been decided about, but for the last.
func missedAgain(c *words.Catalogue, sc bot.Scene) bot.View {
	var list []bot.Missed
	for i, m := range []bot.Missed{{Seen: tickets.Seen{Decision: "act"}, Of: 7}, {Seen: tickets.Seen{Decision: "added"}, Of: 5},
		{Seen: tickets.Seen{Decision: "not"}}, {Seen: tickets.Seen{Decision: "gone"}}, {Seen: tickets.Seen{Decision: "ask"}}} {
		m.Seen.Channel, m.Seen.TS, m.Seen.Author = "C1", fmt.Sprintf("1795432200.00020%d", i), "UCHEN"
		m.Heard, m.Text, m.Place = evening.Add(-time.Hour), "买家问这单怎么还没到", "售后"
		list = append(list, m)
	}
	return bot.MissedView(c, sc, list, 3)
}

func listed(sc bot.Scene, l bot.Listing) shot {
	return shot{sc, func(c *words.Catalogue, sc bot.Scene) bot.View { return bot.ListView(c, sc, l) }}
}

func shown(e []tickets.Event) func(*words.Catalogue, bot.Scene) bot.View {
	return func(c *words.Catalogue, sc bot.Scene) bot.View { return bot.DetailView(c, sc, e) }
}

func helped(topic string) func(*words.Catalogue, bot.Scene) bot.View {
	return func(c *words.Catalogue, sc bot.Scene) bot.View { return bot.HelpView(c, sc, topic) }
}

// history has one event of each kind, the note last though it was said second.
func history() []tickets.Event {
	kinds := []tickets.EventKind{tickets.EvCreated, tickets.EvAssigned, tickets.EvStarted, tickets.EvAttached, tickets.EvResponded,
		tickets.EvWaiting, tickets.EvResumed, tickets.EvUrged, tickets.EvAmended, tickets.EvEdited, tickets.EvDeleted, tickets.EvPosted,
		tickets.EvReminded, tickets.EvSkipped, tickets.EvBreached, tickets.EvEscalated, tickets.EvAcked, tickets.EvMoved, tickets.EvAnswered,
		tickets.EvResolved, tickets.EvReopened}
	var out []tickets.Event
	for n, k := range kinds {
		e := tickets.Event{Kind: k, At: evening.Add(time.Duration(n-60) * time.Minute), Version: int64(n + 1), By: "ULI", Clock: tickets.ClockPlatform}
		switch k {
		case tickets.EvAssigned:
			e.By, e.To = "UWANG", "ULI"
		case tickets.EvWaiting:
			e.To = "warehouse"
		case tickets.EvReminded, tickets.EvBreached, tickets.EvEscalated, tickets.EvSkipped, tickets.EvPosted:
			e.By = ""
		}
		out = append(out, e)
	}
	note := tickets.Event{Kind: tickets.EvNoted, At: evening, Version: 40, By: "UCHEN",
		Message: tickets.Message{Channel: "C1", TS: "1795517430.000200", Text: "仓库说\n明天补发"}}
	return append(out, note)
}

// hostile is a ticket of the longest and nastiest texts.
func hostile(t tickets.Ticket) tickets.Ticket {
	return changed(t, func(t *tickets.Ticket) {
		t.Facts.Shop = strings.Repeat("很长的店名", 40) + "\u202eevil"
		t.Facts.Orders = []string{"1", "2", "3", "4", "5", "6", "7"}
		t.Facts.PlatformNo = "<!channel> *bold*\nline"
		t.Tags = []string{"VIP", "复购", " ", "a", "b", "c", "d"}
		t.Source.Text = "<!here> " + strings.Repeat("第一行\u2028", 3) + strings.Repeat("长", 400)
		t.Type = "our_own_type"
	})
}

func TestViews(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	all := shots()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, lang := range words.Languages() {
			s := all[name]
			s.sc.Lang = lang
			t.Run(name+"."+lang, func(t *testing.T) {
				t.Parallel()
				v := s.view(c, s.sc)
				checkView(t, s.sc, v)
				if !own(t, c, all, name, lang) {
					return
				}
				golden(t, filepath.Join("testdata", "views", name+"."+lang+".json"), v)
			})
		}
	}
}

// own tells whether a view differs from what colleagues see; a merchant's view that does not needs no file.
func own(t *testing.T, c *words.Catalogue, all map[string]shot, name, lang string) bool {
	t.Helper()
	base, is := strings.CutSuffix(name, "_merchant")
	other, known := all[base]
	if !is || !known {
		return true
	}
	s := all[name]
	s.sc.Lang, other.sc.Lang = lang, lang
	return bot.CardHash(s.view(c, s.sc)) != bot.CardHash(other.view(c, other.sc))
}

// checkView holds for every view.
func checkView(t *testing.T, sc bot.Scene, v bot.View) {
	t.Helper()
	raw := string(encode(t, v))
	for _, bad := range []string{"⟦", "<no value>", "%!", "{{", "0 秒", "in 0 ", "\u202e"} {
		if strings.Contains(raw, bad) {
			t.Errorf("view contains %q:\n%s", bad, raw)
		}
	}
	if v.Summary == "" || v.Lang != sc.Lang {
		t.Errorf("summary %q, language %q; want one, and %q", v.Summary, v.Lang, sc.Lang)
	}
	if !sc.Merchant {
		return
	}
	for _, secret := range []string{"XT20261123001", "平台截止", "Platform deadline", "王主管", "紧急程度", "Severity", "处理人", "Assignee", "超时", "overdue", "买家说收到的杯子碎了", "小陈"} {
		if strings.Contains(raw, secret) {
			t.Errorf("merchant's view contains %q:\n%s", secret, raw)
		}
	}
}

func encode(t *testing.T, v bot.View) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, path string, v bot.View) {
	t.Helper()
	got := encode(t, v)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./bot -run TestViews -update writes it", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got), rewrite by -update:\n%s", path, d)
	}
}

// TestNoStrayGoldens finds files that no test writes any more.
func TestNoStrayGoldens(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	all := shots()
	for name := range all {
		for _, lang := range words.Languages() {
			known[name+"."+lang+".json"] = own(t, catalogue(t), all, name, lang)
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "views"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("testdata/views/%s belongs to no view", f.Name())
		}
	}
}

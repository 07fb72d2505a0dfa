package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gongdan/bot"
	"gongdan/tickets"
)

// platform makes a marketplace's ticket that is due tomorrow.
func (w *world) platform() tickets.Ticket {
	w.t.Helper()
	w.types(anna, "new 天猫 20241122000778 下协同工单了 origin=platform platform=tmall due=明天10:00")
	w.speak()
	return w.all()[len(w.all())-1]
}

func TestPresses(t *testing.T) {
	for _, tt := range []struct {
		action, selected string // "$" stands for the ticket's id
		before           []string
		status           tickets.Status
		last             tickets.EventKind
	}{
		{action: bot.ActClaim, status: tickets.StatusInProgress, last: tickets.EvStarted},
		{action: bot.ActAnswer, status: tickets.StatusNew, last: tickets.EvResponded},
		{action: bot.ActWaitFor, selected: "courier|$", status: tickets.StatusWaiting, last: tickets.EvWaiting},
		{action: bot.ActResume, before: []string{"claim T-1", "wait T-1 仓库"}, status: tickets.StatusInProgress, last: tickets.EvResumed},
		{action: bot.ActResolve, status: tickets.StatusResolved, last: tickets.EvResolved},
		{action: bot.ActAssignTo, selected: "UWANG", status: tickets.StatusAssigned, last: tickets.EvAssigned},
		{action: bot.ActMoreDo, selected: "discard|$", status: tickets.StatusCancelled, last: tickets.EvDiscarded},
		{action: bot.ActMoreDo, selected: "urge|$", status: tickets.StatusNew, last: tickets.EvUrged},
		{action: bot.ActMoreDo, selected: "reopen|$", before: []string{"resolve T-1"}, status: tickets.StatusNew, last: tickets.EvReopened},
		{action: bot.ActReopen, before: []string{"resolve T-1"}, status: tickets.StatusNew, last: tickets.EvReopened},
		{action: bot.ActClose, before: []string{"replied T-1", "resolve T-1"}, status: tickets.StatusClosed, last: tickets.EvClosed},
		{action: bot.ActAck, selected: "platform|$", status: tickets.StatusNew, last: tickets.EvAcked},
	} {
		t.Run(tt.action+" "+tt.selected, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				k := w.platform()
				for _, text := range tt.before {
					w.types(li, text)
				}
				w.presses(li, tt.action, string(k.ID), strings.ReplaceAll(tt.selected, "$", string(k.ID)))
				got, events := w.only(), w.events(k.ID)
				if last := events[len(events)-1].Kind; got.Status != tt.status || last != tt.last {
					t.Errorf("after %s: %s, last %s; want %s, %s", tt.action, got.Status, last, tt.status, tt.last)
				}
				w.speak()
				w.sound()
			})
		})
	}
}

// may is who may use what. RoleNone is a guest who opened nothing.
var may = map[string][]tickets.UserID{
	bot.ActClaim: {li, wang}, bot.ActAnswer: {li, wang}, bot.ActWaitFor: {li, wang}, bot.ActResume: {li, wang},
	bot.ActResolve: {li, wang}, bot.ActResolveForm: {li, wang}, bot.ActAssignTo: {li, wang}, bot.ActAck: {li, wang}, bot.ActReopen: {li, wang},
	bot.ActClose: {li, wang, shop}, bot.ActMoreDo: {li, wang},
	// Reads: what they open is answered by another way.
	bot.ActWait: {li, wang}, bot.ActTransfer: {li, wang}, bot.ActMore: {li, wang, shop},
	// About a message: its author and the team.
	bot.ActMake: {li, wang}, bot.ActMakeNot: {li, wang}, bot.ActAddTo: {li, wang}, bot.ActSplitOff: {li, wang},
	bot.ActTypeTo: {li, wang}, bot.ActNumberTo: {li, wang}, bot.ActWhyMessage: {li, wang},
}

// notHere are routes with tests of their own.
func notHere(r bot.Route) bool { return r.Kind != bot.KindAction || r.Name == bot.ActList }

func TestPermissions(t *testing.T) {
	for _, r := range bot.Routes() {
		allowed, listed := may[r.Name]
		if notHere(r) {
			continue
		}
		if !listed {
			t.Errorf("nobody has said who may use %s", r.Name)
			continue
		}
		for _, who := range []tickets.UserID{li, wang, shop, guest} {
			want := false
			for _, a := range allowed {
				want = want || a == who
			}
			t.Run(r.Name+" by "+string(who), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) { permission(t, w, r, who, want) })
			})
		}
	}
}

func permission(t *testing.T, w *world, r bot.Route, who tickets.UserID, want bool) {
	w.types(anna, "new 订单 2024112233445566778 要退货 shop=云朵旗舰店 origin=platform platform=tmall due=明天10:00")
	switch r.Name {
	case bot.ActResume:
		w.types(anna, "wait T-1 仓库")
	case bot.ActReopen:
		w.types(anna, "resolve T-1")
	case bot.ActClose:
		w.types(anna, "replied T-1")
		w.types(anna, "resolve T-1")
	}
	m := w.says(anna, unsure)
	w.speak()
	id := string(w.only().ID)
	k := bot.Click{Channel: desk, User: who, Action: r.Name, Value: id}
	switch r.Name {
	case bot.ActWaitFor:
		k.Selected = "courier|" + id
	case bot.ActMoreDo:
		k.Selected = "discard|" + id
	case bot.ActTypeTo:
		k.Selected = "exchange|" + id
	case bot.ActNumberTo:
		k.Value = "2024112233445566778>2024112233445566779|" + id
	case bot.ActAssignTo:
		k.Selected = "UANNA"
	case bot.ActAck:
		k.Value = "platform|" + id
	case bot.ActMake, bot.ActMakeNot, bot.ActSplitOff, bot.ActWhyMessage:
		k.Value = "C1/" + m.TS
	case bot.ActAddTo:
		k.Value = "C1/" + m.TS + "|" + id
	}
	if r.Name == bot.ActResolveForm {
		k.Trigger = "1.2.3"
		o, _, _ := bot.FormOf(bot.Input{Click: &k})
		o.Workspace = ws
		f, err := w.talk.Form(t.Context(), o)
		if got := len(f.Fields) > 0; err != nil || got != want {
			t.Errorf("form = %+v, %v; want its fields: %t", f, err, want)
		}
		return
	}
	if r.Read {
		v, err := w.talk.Answer(t.Context(), ws, bot.Input{Click: &k})
		if got := len(v.Actions) > 0; err != nil || got != want {
			t.Errorf("answer = %q, %v; want one: %t", v.Summary, err, want)
		}
		return
	}
	before, seen := len(w.events(w.only().ID)), w.seen(m)
	w.handle(bot.Input{Click: &k})
	changed := len(w.all()) > 1 || len(w.events(tickets.TicketID(id))) > before || w.seen(m) != seen
	if changed != want {
		t.Errorf("changed = %t, want %t", changed, want)
	}
	w.speak()
	if !want && r.Name != bot.ActMakeNot && w.chat.whisper(who).text() == "" {
		t.Error("refused without a word")
	}
}

// Forged values reach nothing, break nothing and tell nothing.
func TestForgedValues(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		version := k.Version
		other := string(tickets.TicketIDFor("T2", "message:C1/1"))
		for _, action := range append(bot.Routes(), bot.Route{Kind: bot.KindAction, Name: "evil"}) {
			for _, v := range []string{"", "|", "||||", "/", "C1/", "/1|", "C1/1.2|x|y", other, "courier|" + other, other + "|" + other,
				string(k.ID) + "|x", "announce/" + string(k.ID), "{s01}:x", strings.Repeat("a", 5000), "T-999", "T-x", "\x00"} {
				for _, c := range []bot.Click{{Value: v}, {Selected: v}, {Value: v, Selected: v}} {
					c.Channel, c.User, c.Action = desk, li, action.Name
					in := bot.Input{Click: &c}
					if bot.IsRead(in) {
						if got, err := w.talk.Answer(t.Context(), ws, in); err != nil || strings.Contains(got.Summary, "T-1") {
							t.Fatalf("Answer(%s, %q) = %q, %v", action.Name, v, got.Summary, err)
						}
						continue
					}
					w.handle(in)
				}
			}
		}
		if got := w.only(); got.Version != version {
			t.Errorf("version %d after forged presses, want %d: %s", got.Version, version, w.history(k.ID))
		}
	})
}

func TestSlash(t *testing.T) {
	for _, tt := range []struct {
		text   string
		status tickets.Status
		said   string // in the private answer
	}{
		{"claim 1", tickets.StatusInProgress, "T-1"},
		{"领取 t1", tickets.StatusInProgress, "T-1"},
		{"assign T-1 @ULI", tickets.StatusAssigned, "小李"},
		{"assign T-1 小李", tickets.StatusAssigned, "小李"},
		{"note 1 已联系买家", tickets.StatusNew, "T-1"},
		{"replied 1", tickets.StatusNew, "T-1"},
		{"wait 1 warehouse", tickets.StatusWaiting, "仓库"},
		{"urge 1", tickets.StatusNew, "催"},
		{"resolve 1 已退款", tickets.StatusResolved, "T-1"},
		{"resume 1", tickets.StatusNew, "T-1"},
		{"close 1", tickets.StatusNew, "T-1"},
		{"reopen 1", tickets.StatusNew, "T-1"},
		{"claim 99", tickets.StatusNew, "没有找到"},
		{"claim", tickets.StatusNew, "哪张工单"},
		{"assign 1 谁谁", tickets.StatusNew, "没有找到这个人"},
		{"note 1", tickets.StatusNew, "内容"},
		{"replied 1 后天", tickets.StatusNew, "时间"},
		{"new", tickets.StatusNew, "问题"},
		{"new 要退货 due=胡说", tickets.StatusNew, "时间"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.platform()
				w.types(wang, tt.text)
				w.speak()
				if k := w.only(); k.Status != tt.status {
					t.Errorf("status = %s, want %s", k.Status, tt.status)
				}
				if got := w.chat.whisper(wang).text(); !strings.Contains(got, tt.said) {
					t.Errorf("answer = %q, want %q in it", got, tt.said)
				}
			})
		})
	}
}

func TestSlashNew(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		d, ok := k.Deadline(tickets.ClockPlatform)
		now := time.Now().In(shanghai)
		want := time.Date(now.Year(), now.Month(), now.Day()+1, 10, 0, 0, 0, shanghai)
		if k.Origin != tickets.OriginPlatform || !ok || !d.Due.Equal(want) {
			t.Errorf("origin %s, due %s, want platform, %s", k.Origin, d.Due, want)
		}
		card := w.chat.cards()
		if len(card) != 1 || card[0].Thread != "" || k.Source.Thread != card[0].Ref.TS {
			t.Fatalf("card = %+v, thread %q: want the card as the thread's root", card, k.Source.Thread)
		}
		w.replies(li, bot.Message{Channel: desk, TS: k.Source.Thread}, "我来跟一下这单")
		w.handle(bot.Input{Command: &bot.SlashCommand{Channel: desk, User: li, Name: bot.Command, Text: "note T-1 已联系 @UWANG",
			Mentions: []tickets.UserID{wang}, Sent: time.Now()}})
		events := w.events(k.ID)
		if got := events[len(events)-1].Message.Text; got != "已联系 @王主管" {
			t.Errorf("note = %q", got)
		}
		if got := strings.Count(w.history(k.ID), "noted"); got != 2 {
			t.Errorf("%d notes, want 2", got)
		}
	})
}

// A new ticket asked for in the thread of another gets a thread of its own, and nobody waits for ever.
func TestNewInTicketsThread(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		root := w.says(anna, wantsReturn)
		m := w.message(anna, "@UBOT 新建 订单 2024112200000000001 要换货")
		m.Thread, m.ToBot = root.TS, true
		w.handle(bot.Input{Message: &m})
		w.speak()
		all := w.all()
		if len(all) != 2 || all[1].Source.Thread == root.TS || all[1].Source.Thread == "" {
			t.Errorf("tickets = %+v", all)
		}
		w.sound()
	})
}

func TestTicketInDirectMessage(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		m := w.message(anna, "新建 订单 2024112200000000001 要换货")
		m.Channel, m.Direct, m.ToBot = "DUANNA", true, true
		w.handle(bot.Input{Message: &m})
		w.speak()
		k := w.only()
		r := w.message(anna, "买家催了")
		r.Channel, r.Thread, r.Direct, r.ToBot = "DUANNA", k.Source.Thread, true, true
		w.handle(bot.Input{Message: &r})
		if got := w.history(k.ID); !strings.Contains(got, "noted") {
			t.Errorf("history = %s: a reply in the ticket's thread is lost", got)
		}
	})
}

func TestReadsRevealNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.types(anna, "new 订单 2024112233445566778 要退货 shop=秘密旗舰店")
		w.speak()
		for _, text := range []string{"list", "mine", "show 1", "show", "show 99", "1"} {
			for _, who := range []tickets.UserID{guest, shop, "UOUT"} {
				v, err := w.talk.Answer(t.Context(), ws, bot.Input{Command: &bot.SlashCommand{User: who, Text: text}})
				got := spoken{Post: bot.Post{View: v}}.text()
				if err != nil || strings.Contains(got, "秘密") || strings.Contains(got, "44556") {
					t.Errorf("%s by %s = %q, %v", text, who, got, err)
				}
			}
		}
		v, _ := w.talk.Answer(t.Context(), ws, bot.Input{Command: &bot.SlashCommand{User: li, Text: "show 1"}})
		if got := (spoken{Post: bot.Post{View: v}}).text(); !strings.Contains(got, "秘密") {
			t.Errorf("show by an agent = %q", got)
		}
		w.people.down = true // nothing known: nothing shown
		v, err := w.talk.Answer(t.Context(), ws, bot.Input{Command: &bot.SlashCommand{User: anna, Text: "list"}})
		if !errors.Is(err, tickets.ErrTemporary) || !strings.Contains(v.Summary, "没有保存成功") {
			t.Errorf("list without a directory = %+v, %v", v, err)
		}
	})
}

// A ticket elsewhere that somebody may not see is not there; one whose card they see is refused.
func TestHiddenTicketIsNotFound(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		k := w.platform()
		for ch, want := range map[tickets.ChannelID]string{shared: "没有找到", desk: "这一步由客服来做"} {
			w.handle(bot.Input{Click: &bot.Click{Channel: ch, User: guest, Action: bot.ActClaim, Value: string(k.ID)}})
			w.speak()
			if got := w.chat.whisper(guest).text(); !strings.Contains(got, want) || strings.Contains(got, "T-1") {
				t.Errorf("pressed in %s: %q, want %q", ch, got, want)
			}
		}
	})
}

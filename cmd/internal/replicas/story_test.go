package replicas

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gongdan/bot/slacksim"
)

// story is what people do, and what must have come of it.
type story struct {
	*fleet
	mu      sync.Mutex
	orders  map[string]int      // wanted tickets by order number
	replies map[string][]string // ids of replies by order, in the order said
	edits   map[string]string   // the last words of an edited reply; see wordsOf
	chats   [][2]string         // channel and id of what is no request
}

func newStory(f *fleet) *story {
	return &story{fleet: f, orders: map[string]int{}, replies: map[string][]string{}, edits: map[string]string{}}
}

// want notes a distinct request.
func (s *story) want(order string) { s.mu.Lock(); defer s.mu.Unlock(); s.orders[order]++ }

func (s *story) reply(order, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies[order] = append(s.replies[order], id)
}

// tell plays the whole story: in the morning several people at once, then a deadline passes.
func (s *story) tell() {
	s.Helper()
	s.greet()
	var all sync.WaitGroup
	for i, who := range []struct{ id, room string }{{li, teamRoom}, {zhao, otherRoom}, {anna, teamRoom}, {guest, shopRoom}, {stranger, sharedRm}} {
		all.Go(func() { s.requests(who.id, who.room, 100*(i+1)) })
	}
	all.Go(s.burst)
	all.Go(s.life)
	all.Go(s.forms)
	all.Go(s.commands)
	if len(s.apps) > 1 {
		s.replaceOwner()
	}
	all.Wait()
	s.settled()
	s.platform()
	s.settled()
}

// greet says a word in every channel, so that the bot listens there.
func (s *story) greet() {
	for _, room := range rooms {
		ts := s.post(wang, room, "早上好")
		s.decided(room, ts)
		s.chats = append(s.chats, [2]string{room, ts})
	}
}

var complaints = []string{"订单 %s 买家说收到的杯子碎了，要退货", "订单 %s 快递三天没动了，买家在催", "订单 %s 发错颜色了，客户要换货"}

// requests are four of one person, with replies to each at once, an edit, lunch, and deliveries under other event ids.
func (s *story) requests(who, room string, from int) {
	for i := range 4 {
		order := orderNo(from + i)
		s.want(order)
		ts := s.post(who, room, fmt.Sprintf(complaints[i%len(complaints)], order))
		for j := range 3 {
			id := s.post(who, room, fmt.Sprintf("补充第 %d 点：买家说 %s 还要赔偿", j, orderNo(from + i)[15:]), slacksim.InThread(ts))
			s.reply(order, id)
			if j == 1 {
				s.change(who, room, id, order)
			}
		}
		s.sim.Redeliver(room, ts, 2)
		chat := s.post(who, room, "中午吃什么")
		s.mu.Lock()
		s.chats = append(s.chats, [2]string{room, chat})
		s.mu.Unlock()
	}
	// The first order once more, in other words: the same ticket.
	s.post(who, room, fmt.Sprintf(complaints[0]+"，麻烦快一点", orderNo(from)))
}

// change edits a reply.
func (s *story) change(who, room, id, order string) {
	words := "改过的话 " + order[15:]
	if err := s.sim.Edit(who, room, id, words); err != nil {
		s.Errorf("edit: %v", err)
	}
	s.mu.Lock()
	s.edits[room+"/"+id] = words
	s.mu.Unlock()
}

// wordsOf are the last words of a reply in a ticket's thread; "" if it was not edited. Ids repeat between channels.
func (s *story) wordsOf(k kept, id string) string { return s.edits[string(k.Source.Channel)+"/"+id] }

// burst is one request in three messages.
func (s *story) burst() {
	order := orderNo(900)
	s.want(order)
	s.post(wang, otherRoom, "订单 "+order+" 买家说收到的杯子碎了，要退货")
	s.decided(otherRoom, s.post(wang, otherRoom, "就是 "+order+" 这个，杯子碎了"))
	s.post(wang, otherRoom, "订单 "+order+" 要退货，麻烦尽快")
}

// life is a ticket's: claimed, waiting, done, by button and by words.
func (s *story) life() {
	order := orderNo(910)
	s.want(order)
	root := s.post(zhao, otherRoom, "订单 "+order+" 买家说收到的杯子碎了，要退货")
	card := s.card(otherRoom, root, "待分派")
	s.press(li, card, "claim")
	s.card(otherRoom, root, "处理中", "小李")
	s.reply(order, s.post(li, otherRoom, "已经联系买家，等照片", slacksim.InThread(root)))
	s.post(li, otherRoom, "完结", slacksim.InThread(root))
	s.card(otherRoom, root, "已处理")
}

// forms is a ticket that is handed over by form.
func (s *story) forms() {
	order := orderNo(920)
	s.want(order)
	root := s.post(anna, otherRoom, "订单 "+order+" 买家说收到的杯子碎了，要退货")
	card := s.card(otherRoom, root, "待分派")
	s.insist("小李 opens a form", func() error {
		if err := s.sim.Click(li, card.Channel, card.TS, "transfer"); err != nil {
			return err
		}
		if !within(2*time.Second, 20*time.Millisecond, func() bool { return hasForm(s.sim, li, "who") }) {
			return fmt.Errorf("no form opened")
		}
		return nil
	})
	unanswered := false // then it may have been taken, and is refused as done when it is sent again; the card tells
	s.insist("小李 sends it", func() error {
		got, err := s.sim.Submit(li, map[string]string{"who": zhao, "note": "你熟悉这家店"})
		if err != nil {
			unanswered = true
			return err
		}
		if len(got.Errors) > 0 && !unanswered {
			return fmt.Errorf("refused: %v", got.Errors)
		}
		return nil
	})
	s.card(otherRoom, root, "小赵")
}

// commands are typed: a new ticket, a note, and reads.
func (s *story) commands() {
	order := orderNo(930)
	s.want(order)
	s.command(wang, teamRoom, "new 订单 "+order+" 买家要退货", "T-")
	s.look("the typed ticket", func() bool { return s.byOrder(order) != nil })
	s.command(wang, teamRoom, "note "+s.byOrder(order).Number.String()+" 已经打电话给买家")
	s.command(wang, teamRoom, "list", "T-")
	s.command(wang, teamRoom, "show "+s.byOrder(order).Number.String(), order)
}

func (s *story) byOrder(order string) *kept {
	for _, k := range s.tickets() {
		if k.Facts.Order() == order {
			return &k
		}
	}
	return nil
}

const platformNo = "20241122000778"

// platform is a ticket of the marketplace's with a deadline that passes.
func (s *story) platform() {
	root := s.post(wang, teamRoom, "@小李 天猫 "+platformNo+" 下协同工单了，今天12点前要回")
	s.card(teamRoom, root, "平台工单", platformNo, "12:00", "小李")
	s.direct(li, "12:00")
	s.clock.Jump(morning.Add(100 * time.Minute)) // the first reply is overdue; what it says takes no reminder along
	s.settled()
	s.clock.Jump(morning.Add(150*time.Minute - 20*time.Second))
	s.settled()
	reminder := []string{"还有 30 分钟超时", "距平台截止 30 分钟"} // by itself, or with other tickets' in one message
	if n := s.pings(li, reminder...); n != 0 {
		s.Errorf("%d reminders 20 s before their time", n)
	}
	s.clock.Jump(morning.Add(150*time.Minute + 5*time.Second))
	s.until("the assignee is reminded", func() bool { return s.pings(li, reminder...) > 0 })
	s.settled()
	s.clock.Jump(morning.Add(180*time.Minute - 15*time.Second))
	s.settled()
	breach := []string{"【平台超时", "平台已超时"}
	if n := s.pings(li, breach...); n != 0 {
		s.Errorf("%d breaches 15 s before their time", n)
	}
	s.clock.Jump(morning.Add(183 * time.Minute))
	s.until("the assignee hears of the breach", func() bool { return s.pings(li, breach...) > 0 })
	called := s.direct(wang, "请跟进", "平台已超时")
	s.press(wang, called, "ack")
	s.until("everybody sees who follows", func() bool {
		for _, m := range s.sim.Thread(teamRoom, root) {
			if holds(m, "王主管已跟进") {
				return true
			}
		}
		return false
	})
	s.settled()
	s.jump(time.Hour)
	s.decided(teamRoom, s.post(anna, teamRoom, "中午吃什么"))
}

// pings counts direct messages that hold one of some words.
func (s *story) pings(who string, words ...string) (n int) {
	for _, m := range s.sim.DM(who) {
		if m.BotID != "" && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(m.PlainText(), w) }) {
			n++
		}
	}
	return n
}

package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/cmd/internal/world"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
)

// story is the five steps. Each can be pressed again and begins a new round with the first.
type story struct {
	w    *world.World
	s    script
	zone *time.Location

	mu     sync.Mutex
	round  int
	ticket tickets.Ticket // of this round
}

func (s *story) steps() []slacksim.Step {
	label := func(zh, en string) slacksim.Words { return slacksim.Words{"zh-CN": zh, "en": en} }
	return []slacksim.Step{
		{ID: "post", Label: label("发一条消息", "Post a message"), Do: s.powered(s.post), Where: s.thread(wang),
			Done: label("一句话变成了平台工单：截止时间单独计时，小李收到了私信。", "One sentence became a platform ticket with its own deadline; Li got a direct message.")},
		{ID: "remind", Label: label("跳到截止前 30 分钟", "Jump to 30 min before"), Do: s.powered(s.remind), Where: s.direct(li),
			Done: label("小李收到提醒，正好一条。", "Li got a reminder, exactly one.")},
		{ID: "ack", Label: label("成为主管，按「我来跟进」", "As supervisor: I'm on it"), Do: s.powered(s.ack), Where: s.direct(wang),
			Done: label("过了截止时间，王主管被叫到并跟进；这个时钟先静下来，20 分钟没有进展才再提醒。",
				"The deadline passed, Wang was called and is on it; this clock is quiet now, and speaks again only if nothing happens for 20 minutes.")},
		{ID: "urge", Label: label("成为店长，催单", "As merchant: urge"), Do: s.powered(s.urge),
			Where: func() slacksim.Place { return slacksim.Place{As: chen, Channel: cloudShop} }, Typed: s.urging,
			Done: label("店铺方只看得到自己店铺的工单，处理人马上知道被催了。", "A merchant sees the own shop's tickets only; the assignee hears of it at once.")},
		{ID: "plug", Label: label("拔掉插头", "Pull the plug"), Do: s.powered(s.plug), Where: s.direct(li),
			Done: label("机器人被杀掉，截止时间过去，再启动：超时提醒正好一条。", "The bot was killed across a deadline and started again: exactly one ping.")},
	}
}

// powered starts the bot first if its plug was pulled.
func (s *story) powered(do func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := s.w.StartBot(ctx); err != nil {
			return err
		}
		return do(ctx)
	}
}

func (s *story) current() tickets.Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ticket
}

// thread shows somebody the ticket's thread, or the channel while there is none.
func (s *story) thread(as string) func() slacksim.Place {
	return func() slacksim.Place {
		return slacksim.Place{As: as, Channel: cloudDesk, Thread: s.current().Source.Thread}
	}
}

// direct shows somebody their direct messages with the bot.
func (s *story) direct(as string) func() slacksim.Place {
	return func() slacksim.Place { return slacksim.Place{As: as, Channel: s.w.Sim.DMChannel(Team, as)} }
}

// open has a ticket of the marketplace's made, due two hours from now, and waits for its card. Outside handling hours it
// is the next morning first: a deadline of the night would be announced in the evening before. The ticket of the last round
// is answered before: its reminders would go on and be said together with those of the new one.
func (s *story) open(ctx context.Context) (tickets.Ticket, error) {
	s.mu.Lock()
	s.round++
	no := fmt.Sprintf("202411220007%02d", s.round%100)
	s.mu.Unlock()
	if err := s.answer(ctx, s.current()); err != nil {
		return tickets.Ticket{}, err
	}
	now := s.w.Clock.Now().In(s.zone)
	morning := time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, s.zone)
	if now.After(morning.Add(10 * time.Hour)) { // due after 21:00
		morning = morning.AddDate(0, 0, 1)
	}
	if now.Before(morning) {
		if err := s.jump(ctx, morning); err != nil {
			return tickets.Ticket{}, err
		}
		now = morning
	}
	due := now.Truncate(time.Minute).Add(2 * time.Hour)
	ts, err := s.w.Sim.Post(wang, cloudDesk, fmt.Sprintf(s.s.platform, no, due.Format("15:04")))
	if err != nil {
		return tickets.Ticket{}, err
	}
	var made tickets.Ticket
	err = s.w.WaitStore(ctx, "the ticket is made", func() bool {
		ids, err := s.w.Store.Find(ctx, Team, tickets.Key{Kind: tickets.KeySource, Value: cloudDesk + "/" + ts})
		if err != nil || len(ids) == 0 {
			return false
		}
		made, err = s.w.Store.Ticket(ctx, Team, ids[0])
		return err == nil
	})
	if err != nil {
		return made, err
	}
	if _, ok := made.Deadline(tickets.ClockPlatform); !ok {
		return made, errors.New("the ticket has no platform deadline")
	}
	s.mu.Lock()
	s.ticket = made
	s.mu.Unlock()
	return made, s.w.Wait(ctx, "its card is up and the assignee knows", func() bool {
		return len(s.w.Sim.Thread(cloudDesk, ts)) > 1 && s.pings(li, made) > 0
	})
}

// answer records that the platform has its reply about a ticket, if there is one that waits for it.
func (s *story) answer(ctx context.Context, t tickets.Ticket) error {
	if t.ID == "" {
		return nil
	}
	answered := func() bool {
		now, err := s.w.Store.Ticket(ctx, Team, t.ID)
		return err == nil && !now.Answered.IsZero()
	}
	if answered() {
		return nil
	}
	if _, err := s.w.Sim.Command(li, cloudDesk, command, fmt.Sprintf("replied %d", t.Number)); err != nil {
		return err
	}
	return s.w.WaitStore(ctx, "the platform's reply is recorded", answered)
}

func (s *story) post(ctx context.Context) error {
	_, err := s.open(ctx)
	return err
}

// have is the story's ticket while its platform clock still runs; else a new one.
func (s *story) have(ctx context.Context) (tickets.Ticket, time.Time, error) {
	t := s.current()
	if t.ID != "" {
		now, err := s.w.Store.Ticket(ctx, Team, t.ID)
		if d, ok := now.Deadline(tickets.ClockPlatform); err == nil && ok && d.Running() && s.w.Clock.Now().Before(d.Due) {
			return now, d.Due, nil
		}
	}
	t, err := s.open(ctx)
	d, _ := t.Deadline(tickets.ClockPlatform)
	return t, d.Due, err
}

// ticketNumbers are what numbers of tickets look like.
var ticketNumbers = regexp.MustCompile(`T-\d+`)

// names tells whether a text names a ticket; T-10 does not name T-1.
func names(text string, t tickets.Ticket) bool {
	return slices.Contains(ticketNumbers.FindAllString(text, -1), t.Number.String())
}

// pings counts the bot's messages to somebody that name a ticket and, if words are given, hold one of them.
func (s *story) pings(who string, t tickets.Ticket, words ...string) int {
	n := 0
	for _, m := range s.w.Sim.DM(who) {
		text := m.PlainText()
		holds := func(w string) bool { return strings.Contains(text, w) }
		if m.BotID != "" && names(text, t) && (len(words) == 0 || slices.ContainsFunc(words, holds)) {
			n++
		}
	}
	return n
}

// ackButton is the button by which a message, or a row of it, offers to take charge of a ticket.
func ackButton(m slacksim.Message, id tickets.TicketID) (action string, ok bool) {
	var blocks []struct {
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
		} `json:"elements"`
	}
	if len(m.Blocks) == 0 || json.Unmarshal(m.Blocks, &blocks) != nil {
		return "", false
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if name, _, _ := strings.Cut(e.ActionID, "#"); name == "ack" && strings.HasSuffix(e.Value, "|"+string(id)) {
				return e.ActionID, true
			}
		}
	}
	return "", false
}

// jump moves the time once everything is said: what still waits would be late, and be said together with what is due then.
func (s *story) jump(ctx context.Context, at time.Time) error {
	if err := s.allSaid(ctx); err != nil {
		return err
	}
	return s.w.Jump(ctx, at)
}

// allSaid waits until the bot has nothing to say.
func (s *story) allSaid(ctx context.Context) error {
	return s.w.WaitStore(ctx, "everything is said", func() bool {
		left, err := s.w.Store.Pending(ctx, tickets.ShardOf(Team, redisshard.DefaultShards), "", 1)
		return err == nil && len(left) == 0
	})
}

func (s *story) remind(ctx context.Context) error {
	t, due, err := s.have(ctx)
	if err != nil {
		return err
	}
	before := s.pings(li, t)
	if at := due.Add(-30 * time.Minute); s.w.Clock.Now().Before(at) {
		if err := s.jump(ctx, at); err != nil {
			return err
		}
		return s.w.Wait(ctx, "the reminder comes", func() bool { return s.pings(li, t) > before })
	}
	return nil
}

func (s *story) ack(ctx context.Context) error {
	t, due, err := s.have(ctx)
	if err != nil {
		return err
	}
	if err := s.jump(ctx, due.Add(time.Second)); err != nil {
		return err
	}
	var call slacksim.Message
	var button string
	calls := func() bool {
		for _, m := range s.w.Sim.DM(wang) {
			if id, ok := ackButton(m, t.ID); ok {
				call, button = m, id
				return true
			}
		}
		return false
	}
	err = s.w.Wait(ctx, "the assignee is told and the supervisor is called", func() bool {
		return calls() && s.pings(li, t, s.s.overdueWords...) > 0
	})
	if err != nil {
		return err
	}
	if err := s.w.Sim.Click(wang, call.Channel, call.TS, button); err != nil {
		return err
	}
	return s.w.Wait(ctx, "the ping says who is on it", func() bool { return !calls() })
}

func (s *story) urge(ctx context.Context) error {
	t := s.current()
	if t.ID == "" {
		made, err := s.open(ctx)
		if err != nil {
			return err
		}
		t = made
	}
	before := len(s.w.Sim.Ephemerals(cloudShop, chen))
	if _, err := s.w.Sim.Command(chen, cloudShop, command, fmt.Sprintf(s.s.urge, t.Number)); err != nil {
		return err
	}
	return s.w.Wait(ctx, "the merchant is answered", func() bool { return len(s.w.Sim.Ephemerals(cloudShop, chen)) > before })
}

// urging is what the merchant types. Slack shows it to nobody.
func (s *story) urging() string { return command + " " + fmt.Sprintf(s.s.urge, s.current().Number) }

// plug kills the bot, lets a deadline pass, starts it again and counts the pings.
func (s *story) plug(ctx context.Context) error {
	t, err := s.open(ctx)
	if err != nil {
		return err
	}
	d, _ := t.Deadline(tickets.ClockPlatform)
	if err := s.allSaid(ctx); err != nil {
		return err
	}
	s.w.Kill()
	if err := s.w.Jump(ctx, d.Due.Add(3*time.Minute)); err != nil {
		return err
	}
	if err := s.w.StartBot(ctx); err != nil {
		return err
	}
	err = s.w.Wait(ctx, "the missed ping comes and the supervisor is called", func() bool {
		return s.pings(li, t, s.s.overdueWords...) > 0 && s.pings(wang, t) > 0
	})
	if err != nil {
		return err
	}
	if n := s.pings(li, t, s.s.overdueWords...); n != 1 {
		return fmt.Errorf("%d pings, want exactly one", n)
	}
	return nil
}

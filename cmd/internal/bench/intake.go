package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot/slacksim"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
)

// IntakeOptions say how to measure intake.
type IntakeOptions struct {
	Options     // For defaults to 20 s
	Rate    int // messages a second, default 200
}

// The company that talks, and how long it talks before it is measured.
const (
	channels = 20
	people   = 40
	warmUp   = 2 * time.Second
)

// talk is what they say in turns: every fourth message makes a ticket or adds to one.
var talk = []string{
	"中午吃什么", "order %d: the buyer says the cup arrived broken and wants a refund", "好的，收到", "thanks, see you tomorrow",
	"今天快递好慢啊", "订单 %d 买家说收到的杯子碎了，要退货", "哈哈哈", "who has the keys to the meeting room?",
}

// Intake measures how long a delivery waits for its acknowledgement: people talk in a local Slack, which delivers over a
// real WebSocket to a whole bot in this process, and the bot works on what it has taken at the same time.
func Intake(ctx context.Context, o IntakeOptions) (*Report, error) {
	if o.For == 0 {
		o.For = 20 * time.Second
	}
	if o.Rate == 0 {
		o.Rate = 200
	}
	r := newReport("intake", o.Server, time.Now())
	r.setting("load", "%d messages/s for %s after %s unmeasured, by %d people in %d channels, 1 in 4 about a ticket; the bot's own posts come back as events on top", o.Rate, o.For, warmUp, people, channels)
	r.setting("path", "slacksim → WebSocket → the bot (whole, in this process, Slack's own limits) → inbox in Redis → acknowledgement")
	r.setting("measured", "from before the frame is written to when its acknowledgement has been read, at Slack's end")
	r.Columns = []string{"events/s", "events", "p50 ms", "p99 ms", "max ms", "not acked", "kept"}
	m := &intake{o: o, rdb: o.Server.client()}
	defer func() { _ = m.rdb.Close() }()
	if err := m.measure(ctx); err != nil {
		return nil, fmt.Errorf("measure intake: %w", err)
	}
	s := spreadOf(m.lags)
	r.row(float64(len(m.lags)+m.missing)/m.took.Seconds(), len(m.lags)+m.missing, ms(s.p50), ms(s.p99), ms(s.max), m.missing, fmt.Sprintf("%d of %d", m.kept, len(m.said)))
	r.atMost("p99 from delivery to acknowledgement", ms(s.p99), 50, " ms")
	r.atMost("not acknowledged", float64(m.missing), 0, "")
	r.atMost("messages lost", float64(len(m.said)-m.kept), 0, "")
	return r, nil
}

type intake struct {
	o   IntakeOptions
	rdb redis.UniversalClient
	sim *slacksim.Sim

	said    []message
	from    time.Time
	took    time.Duration
	lags    []time.Duration
	missing int
	kept    int
}

type message struct{ channel, ts string }

func (m *intake) measure(ctx context.Context) (err error) {
	if err := vacant(ctx, m.rdb); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, vacate(context.WithoutCancel(ctx), m.rdb)) }()
	m.sim = slacksim.New(slacksim.Options{})
	m.populate()
	if err := m.sim.Start(); err != nil {
		return fmt.Errorf("start the local Slack: %w", err)
	}
	defer func() { _ = m.sim.Close() }()
	_, stop, err := m.o.Server.startBot(ctx, map[string]string{"SLACK_BOT_TOKEN": "xoxb-" + string(space),
		"SLACK_APP_TOKEN": "xapp-1-A00000001", "SLACK_API_URL": m.sim.URL() + "/api/"}, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := m.sim.Wait(ctx, func() bool { return m.sim.Connections() > 0 }); err != nil {
		return err
	}
	if err := m.talk(ctx); err != nil {
		return err
	}
	return m.collect(ctx)
}

func channelOf(i int) string { return fmt.Sprintf("C%03d", i%channels) }

func personOf(i int) string { return fmt.Sprintf("U%03d", i%people) }

func (m *intake) populate() {
	w := m.sim.AddWorkspace(slacksim.Workspace{ID: string(space)})
	members := []string{w.BotUser}
	for i := range people {
		m.sim.AddUser(w.ID, slacksim.User{ID: personOf(i), Name: fmt.Sprintf("p%d", i), Admin: i == 0})
		members = append(members, personOf(i))
	}
	for i := range channels {
		m.sim.AddChannel(w.ID, slacksim.Channel{ID: channelOf(i), Name: fmt.Sprintf("shop-%d", i), Members: members})
	}
}

// talk posts at an even rate whatever the bot does meanwhile.
func (m *intake) talk(ctx context.Context) error {
	n := int((m.o.For + warmUp).Seconds() * float64(m.o.Rate))
	began := time.Now()
	m.from = began.Add(warmUp)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range n {
		timer.Reset(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(m.o.Rate))))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		text := talk[i%len(talk)]
		if strings.Contains(text, "%d") {
			text = fmt.Sprintf(text, 2024112200000000000+i)
		}
		// Each person goes through all channels.
		channel := channelOf(i/people + i)
		ts, err := m.sim.Post(personOf(i), channel, text)
		if err != nil {
			return fmt.Errorf("post: %w", err)
		}
		m.said = append(m.said, message{channel, ts})
	}
	m.took = time.Since(m.from)
	return nil
}

// ackWait is how long Slack waits for an acknowledgement; settleWait how long the bot may take to work off the rest.
const (
	ackWait    = 4 * time.Second
	settleWait = 2 * time.Minute
)

// collect reads how long each delivery waited, and checks that what was acknowledged was kept.
func (m *intake) collect(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	_ = m.sim.Wait(wait, func() bool { return m.sim.Unacked() == 0 }) // what is not acknowledged by then is counted
	until := m.from.Add(m.took)
	for _, d := range m.sim.Deliveries() {
		switch {
		case d.Kind != "events_api" || d.Sent.Before(m.from) || d.Sent.After(until):
		case d.Acked.IsZero():
			m.missing++
		default:
			m.lags = append(m.lags, d.Acked.Sub(d.Sent))
		}
	}
	return m.keep(ctx)
}

// keep counts the messages of which the bot knows what became.
func (m *intake) keep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	store := redisstore.New(m.rdb, redisshard.DefaultShards, redisstore.Options{})
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for m.kept < len(m.said) {
		next := m.said[m.kept]
		_, known, err := store.Seen(ctx, space, tickets.ChannelID(next.channel), next.ts)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if known {
			m.kept++
			continue
		}
		select {
		case <-ctx.Done():
			return nil // the first message that is not known ends the count
		case <-tick.C:
		}
	}
	return nil
}

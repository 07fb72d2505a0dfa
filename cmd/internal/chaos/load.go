package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongdan/bot"
	"gongdan/bot/slacksim"
	"gongdan/bot/words"
)

// Deed is an act that was carried out.
type Deed struct {
	Kind         Kind
	Who, Channel string
	TS           string // of what was said
	Thread       string // root of the thread it was said in
	Order        string // of the request it is or is about
	Tag          string // words that occur nowhere else
	Clock        string // of an acknowledged escalation
	At           time.Time
	// Sure says that the bot acknowledged it, so that it must have taken effect; otherwise it may have.
	Sure bool
}

// load carries out a plan.
type load struct {
	*world
	plan  plan
	start time.Time
	left  atomic.Int64
	// notSaved is how the bot says that a command was not kept.
	notSaved string

	mu    sync.Mutex
	deeds []Deed
	made  map[int]Deed // requests by their act
	last  time.Time    // when the last step of any clock can fall due, in the sample's time
}

func newLoad(w *world, p plan) (*load, error) {
	c, err := words.New()
	if err != nil {
		return nil, fmt.Errorf("read the words: %w", err)
	}
	return &load{world: w, plan: p, made: map[int]Deed{}, notSaved: bot.NotSaved(c, words.Chinese).Summary}, nil
}

func (l *load) busy() bool { return l.left.Load() > 0 }

func (l *load) lastStep() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// drive starts the bot, lets people act and kills, until the plan is at its end and the bot runs again.
func (l *load) drive(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := l.startBot(ctx); err != nil {
		return err
	}
	if err := l.invite(ctx); err != nil {
		return err
	}
	l.start = time.Now()
	var faults sync.WaitGroup
	faults.Go(func() { l.fault(ctx, cancel, l.plan.kills, l.restart) })
	faults.Go(func() { l.fault(ctx, cancel, l.plan.redis, l.killRedisFor) })
	stop := l.report(ctx)
	l.act(ctx)
	faults.Wait()
	stop()
	return context.Cause(ctx)
}

// invite adds the bot to the channels and waits until it listens there, as people do before they rely on it: what was said in
// a channel before the bot listened is no concern of its.
func (l *load) invite(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := l.sim.Wait(ctx, func() bool { return l.sim.Connections() > 0 }); err != nil {
		return fmt.Errorf("the bot does not connect: %w", err)
	}
	for i := range channels {
		l.sim.Invite(channelID(i), botUser)
	}
	if l.arm != Product {
		return nil
	}
	err := l.sim.Wait(ctx, func() bool {
		for i := range channels {
			if !slices.ContainsFunc(l.sim.Messages(channelID(i)), func(m slacksim.Message) bool { return m.BotID != "" }) {
				return false
			}
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("the bot does not welcome the channels: %w", err)
	}
	return nil
}

// fault does something at each outage's time.
func (l *load) fault(ctx context.Context, fail context.CancelCauseFunc, list []outage, do func(context.Context, outage) error) {
	for _, o := range list {
		if !pause(ctx, time.Until(l.start.Add(o.at))) {
			return
		}
		if err := do(ctx, o); err != nil {
			fail(err)
			return
		}
	}
}

func (l *load) restart(ctx context.Context, o outage) error {
	l.kill(true)
	if !pause(ctx, o.back-o.at) {
		return ctx.Err()
	}
	return l.startBot(ctx)
}

func (l *load) killRedisFor(ctx context.Context, o outage) error {
	return l.killRedis(ctx, o.back-o.at)
}

// report prints a line of progress now and then until stopped.
func (l *load) report(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for pause(ctx, l.o.Every) {
			l.world.mu.Lock()
			kills, redis := l.kills, len(l.outages)
			l.world.mu.Unlock()
			l.mu.Lock()
			deeds := len(l.deeds)
			l.mu.Unlock()
			l.progress("%d kills, %d of Redis, %d acts done, %d under way, %d not acknowledged", kills, redis, deeds, l.left.Load(), l.sim.Unacked())
		}
	}()
	return func() { cancel(); <-done }
}

// act begins every act at its time.
func (l *load) act(ctx context.Context) {
	for _, i := range l.plan.ordered() {
		if !pause(ctx, time.Until(l.start.Add(l.plan.acts[i].at))) {
			return
		}
		l.left.Add(1)
		go func() {
			defer l.left.Add(-1)
			l.do(ctx, i, l.plan.acts[i])
		}()
	}
}

func (l *load) do(ctx context.Context, i int, a act) {
	d := Deed{Kind: a.kind, Who: a.who, Channel: a.channel, Order: a.order, At: time.Now()}
	root := Deed{}
	if a.of >= 0 {
		var ok bool
		if root, ok = l.request(a.of); !ok {
			return // the request itself was not made
		}
		d.Order, d.Thread = root.Order, root.TS
	}
	switch a.kind {
	case Request, Chat:
		l.post(ctx, i, a, d)
	case Reply:
		d.Tag = tagOf(a.text)
		ts, err := l.sim.Post(a.who, a.channel, a.text, slacksim.InThread(root.TS))
		d.TS, d.Sure = ts, true
		l.done(d, err)
	case Edit:
		d.Tag, d.TS, d.Sure = tagOf(a.text), root.TS, true
		l.done(d, l.sim.Edit(a.who, a.channel, root.TS, root.Tag+a.text))
	case Command:
		l.command(a, d, "new "+fmt.Sprintf(a.text, a.order))
		l.expect(firstResponse + firstEscalate)
	case Remark:
		l.remark(ctx, a, d)
	default:
		l.press(ctx, a, d)
	}
}

// post says something at top level, and has Slack deliver it again as planned.
func (l *load) post(ctx context.Context, i int, a act, d Deed) {
	text := a.text
	if a.kind == Request {
		text = l.words(i, a)
		l.expect(max(firstResponse+firstEscalate, a.ahead))
	}
	ts, err := l.sim.Post(a.who, a.channel, text)
	d.TS, d.Tag, d.Sure = ts, text, true
	l.done(d, err)
	if err == nil && a.kind == Request {
		l.mu.Lock()
		l.made[i] = d
		l.mu.Unlock()
	}
	for _, after := range a.again {
		if pause(ctx, after) {
			l.sim.Redeliver(a.channel, ts, 1)
		}
	}
}

// words fills in a request's text.
func (l *load) words(i int, a act) string {
	if a.ahead == 0 {
		return fmt.Sprintf(a.text, a.order)
	}
	until := l.clock.Now().Add(a.ahead)
	return fmt.Sprintf(a.text, a.order, agentName(i%agents), until.Format("15:04"), a.order[:8]+a.order[13:])
}

// expect moves the time until which clocks may speak.
func (l *load) expect(ahead time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := l.clock.Now().Add(ahead + time.Minute); at.After(l.last) {
		l.last = at
	}
}

func (l *load) request(i int) (Deed, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d, ok := l.made[i]
	return d, ok
}

func (l *load) done(d Deed, err error) {
	if err != nil {
		l.progress("%s not done: %v", d.Kind, err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deeds = append(l.deeds, d)
}

var (
	tagPattern    = regexp.MustCompile(`记\d{6}`)
	numberPattern = regexp.MustCompile(`T-\d+`)
)

func tagOf(text string) string { return tagPattern.FindString(text) }

const (
	patience   = 400 * time.Millisecond
	pressTries = 30
)

// command types a slash command, once. The answer that it was not kept is no acknowledgement, though Slack shows no error.
func (l *load) command(a act, d Deed, text string) {
	got, err := l.sim.Command(a.who, a.channel, "/ticket", text)
	d.Sure = err == nil && !strings.Contains(got.Text, l.notSaved)
	l.done(d, nil)
}

// remark types a note on the request's ticket once its number is known.
func (l *load) remark(ctx context.Context, a act, d Deed) {
	for range pressTries {
		if card, ok := l.card(d); ok {
			d.Tag, d.At = tagOf(a.text), time.Now()
			l.command(a, d, "note "+numberPattern.FindString(card.PlainText())+" "+a.text)
			return
		}
		if !pause(ctx, patience) {
			return
		}
	}
}

// press presses a button until Slack says that it was taken, as people do who see an error.
func (l *load) press(ctx context.Context, a act, d Deed) {
	tried := false
	for range pressTries {
		m, button, ok := l.target(a.kind, d)
		if ok {
			d.Clock, d.At = button.clock, time.Now()
			err := l.click(a.who, m, button)
			if err == nil {
				d.Sure = true
				l.done(d, nil)
				if a.then != "" && pause(ctx, time.Second) {
					l.press(ctx, act{kind: a.then, who: a.who, of: a.of}, Deed{Kind: a.then, Who: d.Who, Channel: d.Channel, Order: d.Order, Thread: d.Thread})
				}
				return
			}
			tried = tried || !errors.Is(err, slacksim.ErrNoSuchElement) && !errors.Is(err, slacksim.ErrNoConnection)
		}
		if !pause(ctx, patience) {
			break
		}
	}
	if tried {
		l.done(d, nil)
	}
}

// button is an element to press; clock is what "on it" is about, and value tells a row's button from those of others, as ids
// count and a message may be drawn anew between a look and a press.
type button struct{ id, clock, value string }

func (l *load) click(who string, m slacksim.Message, b button) error {
	if b.value == "" {
		return l.sim.Click(who, m.Channel, m.TS, b.id)
	}
	return l.sim.ClickValue(who, m.Channel, m.TS, b.id, b.value)
}

// target is the message with the button.
func (l *load) target(k Kind, d Deed) (slacksim.Message, button, bool) {
	card, ok := l.card(d)
	if !ok || k != Ack {
		return card, button{id: string(k)}, ok
	}
	id := strings.TrimPrefix(idOf(card), "card:")
	for _, m := range l.sim.DM(lead) {
		if b, ok := ackOf(m, id); ok {
			return m, b, true
		}
	}
	return slacksim.Message{}, button{}, false
}

// card is the card in the thread of a request.
func (l *load) card(d Deed) (slacksim.Message, bool) {
	for _, m := range l.sim.Thread(d.Channel, d.Thread) {
		if strings.HasPrefix(idOf(m), "card:") {
			return m, true
		}
	}
	return slacksim.Message{}, false
}

// idOf is the id that travels with a message of the bot; "" if there is none.
func idOf(m slacksim.Message) string {
	var meta struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if len(m.Metadata) == 0 || json.Unmarshal(m.Metadata, &meta) != nil {
		return ""
	}
	return meta.Payload.ID
}

// ackOf is the button by which a message, or a row of it, offers to take charge of a ticket.
func ackOf(m slacksim.Message, ticket string) (button, bool) {
	var blocks []struct {
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
		} `json:"elements"`
	}
	if len(m.Blocks) == 0 || json.Unmarshal(m.Blocks, &blocks) != nil {
		return button{}, false
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			clock, of, ok := strings.Cut(e.Value, "|")
			if name, _, _ := strings.Cut(e.ActionID, "#"); ok && name == string(Ack) && of == ticket {
				return button{e.ActionID, clock, e.Value}, true
			}
		}
	}
	return button{}, false
}

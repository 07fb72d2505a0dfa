package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"gongdan/bot"
	"gongdan/bot/words"
	"gongdan/cmd/internal/app"
	"gongdan/tickets"
	"gongdan/tickets/redisshard"
	"gongdan/tickets/redisstore"
	"gongdan/tickets/timers"
)

// TimersOptions say how to measure reminders.
type TimersOptions struct {
	Options       // For defaults to 10 s
	Rate    int   // reminders a second, default 500
	Pending []int // how many others are not due, an arm each; default none and 1,000,000
	Burst   bool  // all of a second are due at its beginning
}

// Timers measures how long after its time a reminder is durably decided: by the serving loop, the conversation's own
// handler, and one commit. An arm is measured for each number of other wakes that are not due.
func Timers(ctx context.Context, o TimersOptions) (*Report, error) {
	o = o.withDefaults()
	r := newReport("timers", o.Server, time.Now())
	spread := "evenly spread"
	if o.Burst {
		spread = "all of a second at its beginning"
	}
	r.setting("load", "%d reminders/s for %s, %s, each of a ticket of its own in one shard", o.Rate, o.For, spread)
	r.setting("measured", "from the reminder's time to the return of its commit (ticket, timeline, indexes, wake, outbox, feed), by the local clock")
	r.setting("pending", "other subjects of the same shard, due a year from now on, set by commits of 1,000; Redis has rewritten its file before the first reminder is due")
	r.setting("idle", "processor time of Redis while the serving loop has nothing due; leases and intake are not counted")
	r.Columns = []string{"pending", "reminders", "p50 ms", "p99 ms", "max ms", "early", "B/pending", "idle CPU %"}
	for _, n := range o.Pending {
		m, err := o.arm(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("measure reminders with %d pending: %w", n, err)
		}
		s := spreadOf(m.lags)
		r.row(n, len(m.lags), ms(s.p50), ms(s.p99), ms(s.max), m.early, math.Round(m.weight), math.Round(m.idle*1000)/1000)
		if !o.Burst {
			r.atMost(fmt.Sprintf("p99 with %d pending", n), ms(s.p99), 5, " ms")
		}
		r.atMost(fmt.Sprintf("early with %d pending", n), float64(m.early), 0, "")
		r.atMost(fmt.Sprintf("idle with %d pending", n), m.idle, 0.5, " %")
		if n >= weighable {
			r.atMost(fmt.Sprintf("weight of each of %d pending", n), m.weight, 200, " B")
		}
	}
	return r, nil
}

func (o TimersOptions) withDefaults() TimersOptions {
	if o.For == 0 {
		o.For = 10 * time.Second
	}
	if o.Rate == 0 {
		o.Rate = 500
	}
	if o.Pending == nil {
		o.Pending = []int{0, 1_000_000}
	}
	if !o.Server.Real { // the stand-in sorts all of them for every question
		for i, n := range o.Pending {
			o.Pending[i] = min(n, 1000)
		}
	}
	return o
}

// space is the workspace of the measurements.
const space tickets.WorkspaceID = "TBENCH"

// reminders is one arm.
type reminders struct {
	o     TimersOptions
	rdb   redis.UniversalClient
	store *redisstore.Store
	epoch int64
	n     int
	first time.Time // when the first is due
	loop  *timers.Loop
	done  context.CancelFunc

	mu    sync.Mutex
	lags  []time.Duration
	early int

	weight float64 // bytes of Redis for each pending wake, 0 without
	idle   float64 // per cent of a processor
}

func (o TimersOptions) arm(ctx context.Context, pending int) (_ *reminders, err error) {
	m := &reminders{o: o, rdb: o.Server.client(), n: max(1, int(float64(o.Rate)*o.For.Seconds()))}
	defer func() { _ = m.rdb.Close() }()
	if err := redisstore.Erase(ctx, m.rdb, prefix); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, redisstore.Erase(context.WithoutCancel(ctx), m.rdb, prefix)) }()
	for _, step := range []func(context.Context) error{
		m.own, func(ctx context.Context) error { return m.weigh(ctx, pending) }, m.settle, m.rest, m.tickets, m.run, m.said,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *reminders) own(ctx context.Context) error {
	m.store = redisstore.New(m.rdb, 1, redisstore.Options{Prefix: prefix})
	if err := redisshard.Register(ctx, m.rdb, redisshard.KeysOf(prefix, 0), space); err != nil {
		return err
	}
	l, err := redisshard.Take(ctx, m.rdb, redisshard.TakeOptions{Prefix: prefix, Owner: "bench", TTL: time.Hour})
	m.epoch = l.Epoch
	return err
}

// others sets wakes that are not due while it is measured.
func (m *reminders) others(ctx context.Context, n int) error {
	const page = 1000
	from := time.Now().AddDate(1, 0, 0)
	for i := 0; i < n; i += page {
		c := tickets.Change{Workspace: space, Epoch: m.epoch}
		for j := i; j < min(i+page, n); j++ {
			c.Wakes = append(c.Wakes, tickets.Wake{Subject: tickets.Subject(fmt.Sprintf("early:%s/C1/%d", space, j)), Due: from.Add(time.Duration(j) * time.Second)})
		}
		if _, err := m.store.Commit(ctx, c); err != nil {
			return fmt.Errorf("set pending wakes: %w", err)
		}
	}
	return nil
}

// settle waits until Redis has rewritten its file after so many writes at once, and frees what making them has left here:
// neither happens in service.
func (m *reminders) settle(ctx context.Context) error {
	runtime.GC()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := m.rdb.Info(ctx, "persistence").Result()
		if err != nil || !strings.Contains(text, "aof_rewrite_in_progress:1") && !strings.Contains(text, "aof_rewrite_scheduled:1") {
			return ctx.Err() // a server that does not tell is not waited for
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// before is how long before its deadline the preset rules remind of a ticket of a marketplace.
const before = 30 * time.Minute

// tickets makes one ticket for each reminder, the first due when all are surely stored.
func (m *reminders) tickets(ctx context.Context) error {
	const page = 50
	now := time.Now()
	m.first = now.Add(2*time.Second + time.Duration(m.n)*2*time.Millisecond).Truncate(time.Millisecond)
	for i := 0; i < m.n; i += page {
		c := tickets.Change{Workspace: space, Epoch: m.epoch}
		for j := i; j < min(i+page, m.n); j++ {
			w, err := m.ticket(now, j)
			if err != nil {
				return err
			}
			c.Tickets = append(c.Tickets, w)
		}
		if _, err := m.store.Commit(ctx, c); err != nil {
			return fmt.Errorf("store tickets: %w", err)
		}
	}
	if !time.Now().Before(m.first) {
		return fmt.Errorf("storing %d tickets took longer than planned: lower --rate or --seconds", m.n)
	}
	return nil
}

// ticket makes a marketplace's ticket whose reminder is due at the j-th instant.
func (m *reminders) ticket(now time.Time, j int) (tickets.TicketWrite, error) {
	at := m.first.Add(time.Duration(j) * time.Second / time.Duration(m.o.Rate)).Truncate(time.Millisecond)
	if m.o.Burst {
		at = m.first.Truncate(time.Second).Add(time.Duration(1+j/m.o.Rate) * time.Second)
	}
	name := fmt.Sprint(j)
	res, err := tickets.Apply(nil, tickets.Command{
		Kind: tickets.CmdCreate, Cause: tickets.CauseID("bench:" + name), Actor: tickets.Actor{ID: "U1", Role: tickets.RoleAgent},
		Draft: &tickets.Draft{
			Workspace: space, ID: tickets.TicketIDFor(space, name), Number: tickets.Number(j + 1), Type: "goods_return",
			Origin: tickets.OriginPlatform, BackOffice: at.Add(before), Requester: "U1", Assignee: "U2",
			Facts:  tickets.Facts{Platform: "tmall", Shop: "bench", Orders: []string{fmt.Sprint(2024112200000000000 + j)}},
			Source: tickets.Source{Kind: bot.SourceMessage, Channel: "C1", TS: name, Thread: name, Text: "order arrived broken, the buyer wants to return it", Lang: "en"},
		},
	}, tickets.Env{Now: now, Policy: tickets.DefaultPolicy().RoundTheClock()})
	if err != nil {
		return tickets.TicketWrite{}, fmt.Errorf("make ticket: %w", err)
	}
	if !res.Ticket.Wake.Equal(at) {
		return tickets.TicketWrite{}, fmt.Errorf("make ticket: reminded at %s, want %s", res.Ticket.Wake, at)
	}
	return tickets.TicketWrite{After: res.Ticket, Events: res.Events}, nil
}

// run works like a shard's owner until every reminder is decided.
func (m *reminders) run(ctx context.Context) error {
	catalogue, err := words.New()
	if err != nil {
		return fmt.Errorf("read the words: %w", err)
	}
	talk := bot.New(bot.Options{Store: m.store, Policies: app.Fixed(tickets.DefaultPolicy().RoundTheClock()), People: nobody{}, Words: catalogue, Now: time.Now,
		Committed: func(_ tickets.WorkspaceID, done tickets.Committed, _ bool) { m.loop.Kick(done.Next) }})
	ctx, m.done = context.WithDeadline(ctx, m.first.Add(2*m.o.For+30*time.Second))
	defer m.done()
	m.loop = timers.New(timers.Options{Store: m.store, Clock: timers.SystemClock(time.Now), Done: m.decided,
		Handle: func(ctx context.Context, w tickets.Wake) error {
			m.begun(w)
			return talk.Wake(ctx, w, m.epoch)
		},
		Ahead: func(ctx context.Context, wakes []tickets.Wake) func(context.Context) []tickets.Wake {
			do := talk.PrepareTogether(ctx, wakes, m.epoch)
			return func(ctx context.Context) []tickets.Wake {
				m.begun(wakes...)
				return do(ctx)
			}
		},
		Together: func(ctx context.Context, wakes []tickets.Wake) []tickets.Wake {
			m.begun(wakes...)
			return talk.WakeTogether(ctx, wakes, m.epoch)
		},
	})
	if err := m.loop.Run(ctx); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%d of %d reminders decided: %w", len(m.lags), m.n, err)
	}
	if len(m.lags) < m.n {
		return fmt.Errorf("%d of %d reminders decided: %w", len(m.lags), m.n, context.Canceled)
	}
	return nil
}

// begun notes those that are handled early.
func (m *reminders) begun(wakes ...tickets.Wake) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, w := range wakes {
		if now.Before(w.Due) {
			m.early++
		}
	}
}

func (m *reminders) decided(w tickets.Wake) {
	lag := time.Since(w.Due)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lags = append(m.lags, lag)
	if len(m.lags) == m.n {
		m.done()
	}
}

// said makes sure that each ticket was reminded of once: a wake that only moved would be quick, too.
func (m *reminders) said(ctx context.Context) error {
	const page = 500
	reminded, after := map[tickets.TicketID]int{}, ""
	for {
		list, err := m.store.Pending(ctx, 0, after, page)
		if err != nil {
			return err
		}
		for _, o := range list {
			if after = o.Entry; o.Class == tickets.ClassReminder {
				reminded[o.Ticket]++
			}
		}
		if len(list) < page {
			break
		}
	}
	for id, n := range reminded {
		if n != 1 {
			return fmt.Errorf("ticket %s was reminded of %d times", id, n)
		}
	}
	if len(reminded) != m.n {
		return fmt.Errorf("%d of %d tickets were reminded of", len(reminded), m.n)
	}
	return nil
}

// nobody is a directory of an empty workspace: reminders need to know nobody.
type nobody struct{}

func (nobody) Person(context.Context, tickets.WorkspaceID, tickets.UserID) (bot.Person, error) {
	return bot.Person{}, tickets.ErrNotFound
}

func (nobody) Channel(context.Context, tickets.WorkspaceID, tickets.ChannelID) (bot.Channel, error) {
	return bot.Channel{}, tickets.ErrNotFound
}

func (nobody) Member(context.Context, tickets.WorkspaceID, tickets.ChannelID, tickets.UserID) (bool, error) {
	return false, tickets.ErrNotFound
}

func (nobody) Admin(context.Context, tickets.WorkspaceID) (tickets.UserID, error) {
	return "", tickets.ErrNotFound
}

package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"gongdan/bot/slacksim"
	"gongdan/tickets/storetest"
)

func TestRedisAwayAtStart(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, set{unlit: true, redis: addr})
	s.app = s.start()
	s.look("the log says what is waited for", func() bool { return s.log.has("waiting for Redis, not ready") })
	if code, body := s.get(s.app, "/healthz"); code != http.StatusOK {
		t.Errorf("healthz = %d %s, want 200", code, body)
	}
	if code, body := s.get(s.app, "/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "Redis") {
		t.Errorf("readyz = %d %s, want 503 naming Redis", code, body)
	}
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr(addr); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	s.ready(s.app)
	s.carded(teamRoom, s.post(anna, teamRoom, mug))
}

// TestRedisAwayWhileRunning takes Redis away under a running bot, by closing it and by letting it hang.
func TestRedisAwayWhileRunning(t *testing.T) {
	t.Parallel()
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, set{mini: true})
		s.mini.Close()
		s.redisAway(s.redisBack)
	})
	t.Run("hangs", func(t *testing.T) {
		t.Parallel()
		p := newPipeline(t, storetest.StartRedis(t))
		s := newStage(t, set{redis: p.addr()})
		p.hang(true)
		s.redisAway(func() { p.hang(false) })
	})
}

// redisBack starts the closed miniredis again, with all it held. Its reads that wait need a context of their own, which
// closing has ended.
func (s *stage) redisBack() {
	s.t.Helper()
	s.mini.Ctx, s.mini.CtxCancel = context.WithCancel(context.Background())
	if err := s.mini.Restart(); err != nil {
		s.t.Fatal(err)
	}
}

// redisAway does what people do while Redis is away, has it come back, and checks that everything took effect once.
func (s *stage) redisAway(back func()) {
	t := s.t
	t.Helper()
	first := s.post(anna, teamRoom, mug)
	second := s.post(guest, shopRoom, "订单 2024112299887766554 快递三天没动了，买家在催")
	s.until("both messages were tried and not acknowledged", func() bool {
		tries := map[string]int{}
		for _, d := range s.sim.Deliveries() {
			if d.Type == "message" && d.Acked.IsZero() && !d.Sent.IsZero() {
				tries[d.Channel]++
			}
		}
		return tries[teamRoom] >= 1 && tries[shopRoom] >= 1
	})
	said, err := s.sim.Command(li, teamRoom, "/ticket", "claim 1")
	if err != nil || !strings.Contains(said.Text+string(said.Blocks), "没有保存成功，请再点一次。") {
		t.Errorf("a command is answered %q %s, %v", said.Text, said.Blocks, err)
	}
	if said, err = s.sim.Command(anna, teamRoom, "/ticket", "claim 1"); err != nil || strings.Contains(said.Text, "没有") {
		t.Errorf("a command of somebody who reads English is answered %q, %v", said.Text, err)
	}
	if code, _ := s.get(s.app, "/healthz"); code != http.StatusOK {
		t.Errorf("healthz = %d while Redis is away", code)
	}
	if code, _ := s.get(s.app, "/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("readyz = %d while Redis is away", code)
	}
	back()
	s.ready(s.app)
	s.carded(teamRoom, first, "2024112233445566778")
	s.carded(shopRoom, second, "2024112299887766554")
	s.settled()
	if n := len(s.tickets()); n != 2 {
		t.Errorf("%d tickets, want 2", n)
	}
}

func TestPressWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{mini: true, sim: slacksim.Options{AckTimeout: 3 * time.Second}})
	ts := s.post(anna, teamRoom, mug)
	card := s.carded(teamRoom, ts)
	s.settled()
	s.mini.Close()
	if err := s.sim.Click(li, teamRoom, card.TS, "claim"); !errors.Is(err, slacksim.ErrNotAcked) {
		t.Errorf("the press is acknowledged (%v) though it was not kept", err)
	}
	s.whispered(teamRoom, li, "没有保存成功，请再点一次。")
	s.redisBack()
	s.ready(s.app)
	s.settled()
	if k := s.ticket(teamRoom, ts); k.Assignee != "" {
		t.Errorf("what was said not to be saved took effect: assigned to %s", k.Assignee)
	}
	s.click(li, card, "claim")
	s.carded(teamRoom, ts, "处理中", "小李")
}

// TestSlackAway refuses, limits and loses the bot's calls for a while.
func TestSlackAway(t *testing.T) {
	t.Parallel()
	var lost atomic.Int64
	for name, fault := range map[string]func(slacksim.Call) slacksim.Fault{
		"refused":     func(slacksim.Call) slacksim.Fault { return slacksim.Fault{Status: http.StatusBadGateway} },
		"cut":         func(slacksim.Call) slacksim.Fault { return slacksim.Fault{CutBefore: true} },
		"limited":     func(slacksim.Call) slacksim.Fault { return slacksim.Fault{RetryAfter: 1} },
		"lost answer": func(slacksim.Call) slacksim.Fault { return slacksim.Fault{LostReply: lost.Add(1)%2 == 1} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set{})
			var away atomic.Bool
			away.Store(true)
			s.sim.OnCall(func(c slacksim.Call) slacksim.Fault {
				if away.Load() && strings.HasPrefix(c.Method, "chat.") {
					return fault(c)
				}
				return slacksim.Fault{}
			})
			var roots []string
			for _, order := range []string{"2024112233445566701", "2024112233445566702", "2024112233445566703"} {
				roots = append(roots, s.post(anna, teamRoom, "订单 "+order+" 买家说收到的杯子碎了，要退货"))
			}
			for _, ts := range roots {
				if got := s.decided(teamRoom, ts); got != "act" {
					t.Fatalf("a message is decided as %q while Slack is away", got)
				}
			}
			s.until("the bot tried", func() bool {
				n := 0
				for _, c := range s.sim.Calls() {
					if strings.HasPrefix(c.Method, "chat.") {
						n++
					}
				}
				return n >= 2
			})
			away.Store(false)
			for _, ts := range roots {
				s.carded(teamRoom, ts)
			}
			s.settled()
			for _, ts := range roots {
				n := 0
				for _, m := range s.sim.Thread(teamRoom, ts) {
					if m.BotID != "" && strings.Contains(string(m.Metadata), `"card:`) {
						n++
					}
				}
				if n != 1 {
					t.Errorf("%d cards in one thread", n)
				}
			}
		})
	}
}

// TestUrgentFirst lets much pile up while Slack is away: what is urgent goes first.
func TestUrgentFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{pace: 1})
	dm := s.sim.DMChannel(team, li)
	platform := s.post(wang, teamRoom, "@小李 天猫 20241122000778 下协同工单了，今天9点45分前要回")
	s.carded(teamRoom, platform)
	s.direct(li, "T-1")
	s.settled()
	var away atomic.Bool
	away.Store(true)
	var mu sync.Mutex
	var order []string
	s.sim.OnCall(func(c slacksim.Call) slacksim.Fault {
		switch {
		case !strings.HasPrefix(c.Method, "chat."):
		case away.Load():
			return slacksim.Fault{Status: http.StatusServiceUnavailable}
		case c.Args["channel"] == dm:
			mu.Lock()
			defer mu.Unlock()
			order = append(order, c.Args["text"])
		}
		return slacksim.Fault{}
	})
	// A private answer of low rank waits first, then the reminder comes.
	s.post(anna, teamRoom, "@小李 天猫 20241122000779 下协同工单了，今天18点前要回")
	s.look("the second ticket", func() bool { return len(s.tickets()) == 2 })
	s.jump(15*time.Minute + 10*time.Second) // nothing else is due by then, with which it would be said
	s.look("the reminder waits to be said", func() bool { return s.waiting() >= 3 })
	away.Store(false)
	s.direct(li, "30 分钟")
	s.direct(li, "T-2")
	mu.Lock()
	defer mu.Unlock()
	reminder, assigned := -1, -1
	for i, text := range order {
		if strings.Contains(text, "30 分钟") && reminder < 0 {
			reminder = i
		}
		if strings.Contains(text, "T-2 分给你") && assigned < 0 {
			assigned = i
		}
	}
	if reminder < 0 || assigned >= 0 && assigned < reminder {
		t.Errorf("said in the order %q, want the reminder before the news of T-2", order)
	}
}

// pipeline passes bytes on to a server, until it hangs: connections stay open and nothing comes through.
type pipeline struct {
	ln     net.Listener
	to     string
	mu     sync.Mutex
	cond   *sync.Cond
	hung   bool
	closed bool
}

func newPipeline(t *testing.T, to string) *pipeline {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &pipeline{ln: ln, to: to}
	p.cond = sync.NewCond(&p.mu)
	go p.serve()
	t.Cleanup(func() {
		_ = ln.Close()
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		p.cond.Broadcast()
	})
	return p
}

func (p *pipeline) addr() string { return p.ln.Addr().String() }

func (p *pipeline) hang(on bool) {
	p.mu.Lock()
	p.hung = on
	p.mu.Unlock()
	p.cond.Broadcast()
}

func (p *pipeline) serve() {
	for {
		in, err := p.ln.Accept()
		if err != nil {
			return
		}
		go func() {
			out, err := net.Dial("tcp", p.to)
			if err != nil {
				_ = in.Close()
				return
			}
			go p.pass(in, out)
			p.pass(out, in)
		}()
	}
}

func (p *pipeline) pass(from, to net.Conn) {
	defer func() { _, _ = from.Close(), to.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		for p.hung && !p.closed {
			p.cond.Wait()
		}
		p.mu.Unlock()
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// TestRedisRefuses has Redis answer and yet take no change: the bot says that it is not ready, keeps nothing that it could
// lose, and goes on by itself.
func TestRedisRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{redis: storetest.StartRedis(t)})
	s.carded(teamRoom, s.post(anna, teamRoom, mug))
	s.settled()
	do := func(args ...any) {
		t.Helper()
		if err := s.rdb.Do(t.Context(), args...).Err(); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	for name, step := range map[string]struct{ hurt, heal []any }{
		"out of memory":    {[]any{"config", "set", "maxmemory", "1mb"}, []any{"config", "set", "maxmemory", "0"}},
		"without replicas": {[]any{"config", "set", "min-replicas-to-write", "1"}, []any{"config", "set", "min-replicas-to-write", "0"}},
		"read-only":        {[]any{"replicaof", "127.0.0.1", "1"}, []any{"replicaof", "no", "one"}},
	} {
		do(step.hurt...)
		ts := s.post(guest, shopRoom, "快递三天没动了，买家在催，"+name)
		s.look(name+": not ready", func() bool {
			code, body := s.get(s.app, "/readyz")
			return code == http.StatusServiceUnavailable && strings.Contains(body, "Redis")
		})
		if code, _ := s.get(s.app, "/healthz"); code != http.StatusOK {
			t.Errorf("%s: healthz = %d", name, code)
		}
		do(step.heal...)
		s.ready(s.app)
		if got := s.decided(shopRoom, ts); got == "" {
			t.Errorf("%s: the message is not taken up", name)
		}
	}
	s.settled()
	if torn, err := s.store.Check(t.Context(), team); err != nil || len(torn) > 0 {
		t.Errorf("Check() = %+v, %v, want nothing torn", torn, err)
	}
}

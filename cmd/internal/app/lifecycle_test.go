package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gongdan/tickets"
)

// TestStopWithBacklog stops the bot while much waits; the next one takes up what was not applied.
func TestStopWithBacklog(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, redis string) {
		s := newStage(t, set{redis: redis})
		const n = 150
		first := s.post(li, teamRoom, "中午吃什么") // from here on the bot listens in the channel
		s.decided(teamRoom, first)
		var roots []string
		for i := range n {
			roots = append(roots, s.post(anna, teamRoom, fmt.Sprintf("订单 20241122332%08d 买家说收到的杯子碎了，要退货", i)))
		}
		began := time.Now()
		if err := s.stop(s.app); err != nil {
			t.Errorf("stop: %v", err)
		}
		t.Logf("stopped in %s with %d of %d tickets made", time.Since(began).Round(time.Millisecond), len(s.tickets()), n)
		if code, _ := s.get(s.app, "/healthz"); code != 0 {
			t.Errorf("a stopped bot answers %d", code)
		}
		s.app = s.start()
		s.ready(s.app)
		s.until("everything is acknowledged", func() bool { return s.sim.Unacked() == 0 })
		for _, ts := range roots {
			if got := s.decided(teamRoom, ts); got != "act" {
				t.Fatalf("a message is decided as %q", got)
			}
		}
		s.settled()
		numbers := map[tickets.Number]bool{}
		for _, k := range s.tickets() {
			numbers[k.Number] = true
		}
		if len(numbers) != n || len(s.tickets()) != n {
			t.Errorf("%d tickets with %d numbers, want %d", len(s.tickets()), len(numbers), n)
		}
		for _, ts := range roots {
			cards := 0
			for _, m := range s.sim.Thread(teamRoom, ts) {
				if m.BotID != "" && strings.Contains(string(m.Metadata), `"card:`) {
					cards++
				}
			}
			if cards != 1 {
				t.Errorf("%d cards in a thread, want 1", cards)
			}
		}
	})
}

// TestTwoBots runs two at once: each shard has one owner, and the other takes over when it stops.
func TestTwoBots(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, redis string) {
		s := newStage(t, set{redis: redis})
		second := s.start()
		s.ready(second)
		owners := func() int { return s.app.owning() + second.owning() }
		s.look("the shard has an owner", func() bool { return owners() == 1 })
		for i := range 10 {
			s.carded(teamRoom, s.post(anna, teamRoom, fmt.Sprintf("订单 20241122332%08d 买家说收到的杯子碎了，要退货", i)))
			if n := owners(); n > 1 {
				t.Fatalf("the shard has %d owners", n)
			}
		}
		s.settled()
		first, other := s.app, second
		if other.owning() == 1 {
			first, other = other, first
		}
		began := time.Now()
		if err := s.stop(first); err != nil {
			t.Errorf("stop: %v", err)
		}
		s.look("the other takes over", func() bool { return other.owning() == 1 })
		t.Logf("taken over %s after the stop began", time.Since(began).Round(time.Millisecond))
		s.carded(teamRoom, s.post(anna, teamRoom, mug))
		if n := len(s.tickets()); n != 11 {
			t.Errorf("%d tickets, want 11", n)
		}
	})
}

// owning is how many shards a bot owns.
func (a *App) owning() int {
	p := a.parts.Load()
	if p == nil {
		return 0
	}
	return p.owned.len()
}

// TestStopLeavesNothing runs alone, because it looks at all goroutines of the process.
func TestStopLeavesNothing(t *testing.T) {
	s := newStage(t, set{mini: true})
	ts := s.post(anna, teamRoom, mug)
	card := s.carded(teamRoom, ts)
	s.click(li, card, "more")
	s.whispered(teamRoom, li, "T-1")
	if err := s.stop(s.app); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if err := s.stop(s.app); err != nil {
		t.Errorf("stop again: %v", err)
	}
	_ = s.sim.Close()
	var left []string
	s.look("all goroutines of the bot have ended", func() bool {
		left = ours()
		return len(left) == 0
	})
}

// ours are the goroutines that run this project's code outside tests.
func ours() (left []string) {
	buf := make([]byte, 4<<20)
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "gongdan/") && !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "testing.(*T)") {
			left = append(left, g)
		}
	}
	return left
}

func TestStopBeforeStart(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{unlit: true})
	a := s.build(s.options())
	if a.Addr() != "" {
		t.Errorf("Addr = %q before Start", a.Addr())
	}
	for range 2 {
		if err := s.stop(a); err != nil {
			t.Errorf("stop before start: %v", err)
		}
	}
}

func TestStopWhileWaitingForRedis(t *testing.T) {
	t.Parallel()
	s := newStage(t, set{unlit: true, redis: "127.0.0.1:1"})
	a := s.start()
	s.look("the bot waits", func() bool { return s.log.has("waiting for Redis") })
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := s.stop(a); err != nil {
				t.Errorf("stop: %v", err)
			}
		})
	}
	wg.Wait()
	select {
	case err := <-a.Fatal():
		t.Errorf("a stopped bot reports %v", err)
	default:
	}
}

func TestFatal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"bot token refused", map[string]string{"SLACK_BOT_TOKEN": "xoxb-wrong-token-0001"}, "invalid_auth"},
		{"app token refused", map[string]string{"SLACK_APP_TOKEN": "xapp-wrong-token-0001"}, "xapp-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set{unlit: true, env: c.env})
			a := s.start()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			select {
			case err := <-a.Fatal():
				if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "wrong-token") {
					t.Errorf("fatal: %v, want %q and no token in it", err, c.want)
				}
			case <-ctx.Done():
				t.Fatalf("nothing is reported\n%s", s.log.tail())
			}
			if err := s.stop(a); err != nil {
				t.Errorf("stop: %v", err)
			}
		})
	}
}

func TestErrands(t *testing.T) {
	t.Parallel()
	e := newErrands(slog.New(slog.DiscardHandler))
	release := make(chan struct{})
	for i := range maxErrands {
		if !e.run(team, func(context.Context) { <-release }) {
			t.Fatalf("errand %d is refused", i)
		}
	}
	if e.run(team, func(context.Context) {}) {
		t.Error("more errands than allowed are begun")
	}
	if !e.run("T0OTHER", func(context.Context) { <-release }) {
		t.Error("one workspace's errands take another's room")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := e.close(ended); err == nil {
		t.Error("close without time does not say that errands are under way")
	}
	close(release)
	<-e.idle
	if e.run(team, func(context.Context) {}) {
		t.Error("an errand is begun after close")
	}
}

// A panic while an answer is made ends that answer, not the bot.
func TestErrandsOutliveAPanic(t *testing.T) {
	t.Parallel()
	log := &logBook{}
	e := newErrands(slog.New(slog.NewTextHandler(log, nil)))
	if !e.run(team, func(context.Context) { panic("broken") }) {
		t.Fatal("the errand is not run")
	}
	if err := e.close(t.Context()); err != nil || !log.has("broken") {
		t.Errorf("close() = %v; the log must name the panic: %s", err, log.tail())
	}
}

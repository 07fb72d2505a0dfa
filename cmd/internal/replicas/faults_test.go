package replicas

import (
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongdan/bot/slacksim"
)

// trouble is what a Slack does wrong, chosen by a seed. It may be switched off.
type trouble struct {
	on atomic.Bool

	mu    sync.Mutex
	dice  *rand.Rand
	count map[string]int
}

func newTrouble(seed uint64) *trouble {
	t := &trouble{dice: rand.New(rand.NewPCG(seed, 7)), count: map[string]int{}}
	t.on.Store(true)
	return t
}

// chance tells whether something happens that does so in percent of a hundred cases, and counts it.
func (t *trouble) chance(what string, percent int) bool {
	if !t.on.Load() {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dice.IntN(100) >= percent {
		return false
	}
	t.count[what]++
	return true
}

func (t *trouble) upTo(d time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Duration(t.dice.Int64N(int64(d)))
}

// counts is how often each fault happened.
func (t *trouble) counts() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string]int{}
	for k, n := range t.count {
		out[k] = n
	}
	return out
}

// deliver harms deliveries. Only events are lost: Slack does not repeat the rest.
func (t *trouble) deliver(d slacksim.Delivery) (f slacksim.DeliveryFault) {
	if t.chance("duplicated", 12) {
		f.Copies = 1 + int(t.upTo(3))
	}
	if d.Kind != "events_api" {
		return f
	}
	if t.chance("late", 20) {
		f.Delay = t.upTo(300 * time.Millisecond)
	}
	f.Drop = t.chance("dropped", 5)
	return f
}

// call harms calls. Only posts that can be looked for lose their answers; nobody can see whether a private one stands.
func (t *trouble) call(c slacksim.Call) (f slacksim.Fault) {
	if !strings.HasPrefix(c.Method, "chat.") && c.Method != "reactions.add" && c.Method != "users.info" {
		return f
	}
	switch private := c.Method == "chat.postEphemeral"; {
	case !private && t.chance("answer lost", 7):
		f.LostReply = true
	case !private && t.chance("connection cut", 4):
		f.CutBefore = true
	case t.chance("429", 4):
		f.RetryAfter = 1
	case t.chance("502", 4):
		f.Status = 502
	case t.chance("slow", 15):
		f.Latency = t.upTo(400 * time.Millisecond)
	}
	return f
}

// disturb harms the fleet until the returned function is called: sockets drop, or answers on their way to Slack get lost.
func (t *trouble) disturb(f *fleet) (calm func()) {
	f.sim.OnDeliver(t.deliver)
	f.sim.OnCall(t.call)
	if f.lb != nil {
		f.lb.mu.Lock()
		f.lb.lose = func(path string) bool { return path == "/slack/events" && t.chance("ack lost", 6) }
		f.lb.mu.Unlock()
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(2500 * time.Millisecond)
		defer tick.Stop()
		drops := 0 // each is followed by a longer pause until the next socket
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			switch {
			case f.lb != nil:
			case drops < 2 && t.chance("sockets dropped", 50):
				drops++
				f.sim.DropSockets()
			case t.chance("sockets refreshed", 30):
				f.sim.Disconnect("refresh_requested")
			}
		}
	}()
	return func() {
		t.on.Store(false)
		close(done)
		<-ended
	}
}

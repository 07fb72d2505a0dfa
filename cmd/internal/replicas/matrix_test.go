package replicas

import (
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"gongdan/bot/slacksim"
	"gongdan/tickets/storetest"
)

// seedEnv repeats a run: the seed of all combinations.
const seedEnv = "GONGDAN_REPLICAS_SEED"

// TestStory plays the same story in every way in which the bot can run, while Slack does everything wrong that it may.
func TestStory(t *testing.T) {
	seed, err := strconv.ParseUint(os.Getenv(seedEnv), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano())
	}
	// Four at once, whatever -parallel says: they wait more than they work.
	slots, all := make(chan struct{}, 4), sync.WaitGroup{}
	defer all.Wait()
	for _, mode := range []string{"socket", "http"} {
		for _, n := range []int{1, 3} {
			for _, on := range []string{"miniredis", "redis"} {
				name := fmt.Sprintf("%s-%d-%s", mode, n, on)
				slots <- struct{}{}
				all.Go(func() {
					defer func() { <-slots }()
					t.Run(name, func(t *testing.T) {
						m := manner{overHTTP: mode == "http", replicas: n}
						if on == "redis" {
							m.redis = storetest.StartRedis(t)
						}
						h := fnv.New64a()
						_, _ = h.Write([]byte(name))
						play(t, m, seed^h.Sum64())
						t.Logf("repeat with %s=%d", seedEnv, seed)
					})
				})
			}
		}
	}
}

func play(t *testing.T, m manner, seed uint64) {
	m.sim = slacksim.Options{LimitScale: -1, Seed: int64(seed >> 1), AckTimeout: time.Second}
	for range 40 {
		m.sim.RetryDelays = append(m.sim.RetryDelays, 250*time.Millisecond)
	}
	began := time.Now()
	s := newStory(newFleet(t, m))
	wrong := newTrouble(seed)
	calm := wrong.disturb(s.fleet)
	s.tell()
	calm()
	s.settled()
	s.judge()
	t.Logf("%d tickets, %d deliveries, %d calls, faults %v, in %s", len(s.tickets()), len(s.sim.Deliveries()), len(s.sim.Calls()),
		wrong.counts(), time.Since(began).Round(time.Millisecond))
}

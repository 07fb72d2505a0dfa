package slacksim_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"gongdan/bot/slacksim"
)

func TestTypedTextIsReadAsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`([a-z<>&|!@#:/.=? \n单号]|@lin|@channel|https://|&lt;|<!here>){0,40}`).Draw(t, "typed")
		ts, err := w.Post(lin, room, typed)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(w.Thread(room, ts)[0].PlainText(), "<@ULIN>", "@lin")
		if want := strings.TrimSpace(typed); got != want {
			t.Fatalf("PlainText() = %q, want %q", got, want)
		}
	})
}

func TestSameSeedSameIDs(t *testing.T) {
	t.Parallel()
	ids := func(seed int64) []string {
		w := newWorld(t, slacksim.Options{Seed: seed})
		w.post(t, lin, room, "x")
		w.post(t, lin, room, "@gongdan y")
		var out []string
		for _, d := range w.Deliveries() {
			out = append(out, d.EventID)
		}
		return out
	}
	if diff := cmp.Diff(ids(7), ids(7)); diff != "" {
		t.Errorf("two runs of one seed differ:\n%s", diff)
	}
	if one, two := ids(7), ids(8); one[0] == two[0] {
		t.Errorf("seeds 7 and 8 give the same id %s", one[0])
	}
}

func TestDeliveryFaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacksim.Options{})
		l := w.listen(t, &listener{})
		faults := []slacksim.DeliveryFault{{Delay: time.Second}, {Copies: 1}, {Drop: true}}
		w.OnDeliver(func(slacksim.Delivery) slacksim.DeliveryFault {
			if len(faults) == 0 {
				return slacksim.DeliveryFault{}
			}
			f := faults[0]
			faults = faults[1:]
			return f
		})
		for _, text := range []string{"late", "twice", "lost"} {
			w.post(t, lin, room, text)
		}
		w.settled(t)
		want := []string{"message  twice", "message  twice", "message  late", "message  lost"}
		if diff := cmp.Diff(want, inner(l.all())); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// reader is a Socket Mode client that reconnects at once and acknowledges
// everything. Slack's Go client locks itself up when a socket breaks under load:
// its consumer waits to acknowledge while the reconnect waits for the consumer.
type reader struct {
	api *slack.Client
	mu  sync.Mutex
	got map[string]bool
}

func (r *reader) run(ctx context.Context) {
	for ctx.Err() == nil {
		_, address, err := r.api.StartSocketModeContext(ctx)
		if err != nil {
			return // the simulator is closed
		}
		conn, _, err := websocket.DefaultDialer.DialContext(ctx, address, nil)
		if err != nil {
			return
		}
		r.read(conn)
		_ = conn.Close()
	}
}

func (r *reader) read(conn *websocket.Conn) {
	for {
		var frame struct {
			EnvelopeID string `json:"envelope_id"`
			Payload    struct {
				Event struct{ TS string } `json:"event"`
			} `json:"payload"`
		}
		if conn.ReadJSON(&frame) != nil {
			return
		}
		if frame.EnvelopeID == "" {
			continue
		}
		r.mu.Lock()
		r.got[frame.Payload.Event.TS] = true
		r.mu.Unlock()
		_ = conn.WriteJSON(map[string]string{"envelope_id": frame.EnvelopeID}) // the next read tells
	}
}

// TestManyAtOnce lets people, the app and breaking sockets work at the same
// time over real connections: whatever breaks, every event arrives.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Options{LimitScale: -1, RetryDelays: slices.Repeat([]time.Duration{50 * time.Millisecond}, 1000)})
	must(t, sim.Start())
	w := &world{Sim: sim}
	w.populate()
	api := slack.New("xoxb-T1", slack.OptionAPIURL(sim.URL()+"/api/"), slack.OptionAppLevelToken("xapp-1-A00000001"))
	ctx, cancel := context.WithCancel(t.Context())
	r := &reader{api: api, got: map[string]bool{}}
	var reading sync.WaitGroup
	for range 2 {
		reading.Go(func() { r.run(ctx) })
	}
	t.Cleanup(func() { cancel(); must(t, sim.Close()); must(t, sim.Close()); reading.Wait() })
	w.until(t, "the sockets connect", func() bool { return w.Connections() == 2 })

	const writers, each = 4, 50
	var posting sync.WaitGroup
	for i := range writers {
		posting.Go(func() { talk(t, sim, api, i, each) })
	}
	posting.Wait()
	w.settled(t)
	messages := sim.Messages(room)
	if len(messages) != 2*writers*each {
		t.Errorf("%d messages, want %d", len(messages), 2*writers*each)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, m := range messages {
		if i > 0 && messages[i-1].TS >= m.TS {
			t.Fatalf("timestamps do not rise: %s, %s", messages[i-1].TS, m.TS)
		}
		if !r.got[m.TS] {
			t.Errorf("%s %q was never delivered", m.TS, m.Text)
		}
	}
}

// talk lets one person and the app write in turns; the first of them drops all
// sockets every ten messages.
func talk(t *testing.T, sim *slacksim.Sim, api *slack.Client, who, times int) {
	for n := range times {
		if who == 0 && n%10 == 5 {
			sim.DropSockets()
		}
		if _, err := sim.Post(lin, room, fmt.Sprintf("%d-%d", who, n)); err != nil {
			t.Error(err)
		}
		if _, _, err := api.PostMessage(room, slack.MsgOptionText("answer", false)); err != nil {
			t.Error(err)
		}
	}
}

package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"gongdan/bot"
	"gongdan/bot/slacksim"
)

// fakeSlack answers apps.connections.open and hands each socket to a script. It listens in memory, so that its tests run
// in virtual time.
type fakeSlack struct {
	*httptest.Server
	pipe   *slacksim.Pipe
	opened atomic.Int32
	refuse string
	socks  chan *websocket.Conn
	mu     sync.Mutex
	acks   map[string]string // envelope id to payload
	acked  chan string
	pings  chan struct{}
}

func newFakeSlack(t *testing.T) *fakeSlack {
	t.Helper()
	f := &fakeSlack{socks: make(chan *websocket.Conn, 1000), acks: map[string]string{}, acked: make(chan string, 10_000), pings: make(chan struct{}, 1000)}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		f.opened.Add(1)
		if f.refuse != "" {
			fmt.Fprintf(w, `{"ok":false,"error":%q}`, f.refuse)
			return
		}
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(f.URL, "http"))
	})
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux.HandleFunc("/link", func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		c.SetPingHandler(func(s string) error {
			select {
			case f.pings <- struct{}{}:
			default:
			}
			return c.WriteControl(websocket.PongMessage, []byte(s), time.Now().Add(time.Second))
		})
		f.socks <- c
	})
	f.pipe = slacksim.NewPipe()
	f.Server = httptest.NewUnstartedServer(mux)
	_ = f.Listener.Close()
	f.Listener = f.pipe
	f.Start()
	t.Cleanup(f.Close)
	return f
}

// next waits for a socket, greets it and reads its acknowledgements.
func (f *fakeSlack) next(t *testing.T) *websocket.Conn {
	t.Helper()
	c := wait(t, f.socks, "a socket")
	say(t, c, `{"type":"hello","num_connections":1}`)
	go f.listen(c)
	return c
}

func (f *fakeSlack) listen(c *websocket.Conn) {
	for {
		_, data, err := c.ReadMessage()
		if err != nil {
			return
		}
		var a struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		_ = json.Unmarshal(data, &a)
		f.mu.Lock()
		f.acks[a.ID] = string(a.Payload)
		f.mu.Unlock()
		f.acked <- a.ID
	}
}

func (f *fakeSlack) payload(id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acks[id]
}

// patience bounds waits for things that happen at once unless something is broken.
const patience = 20 * time.Second

func wait[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

func say(t *testing.T, c *websocket.Conn, text string) {
	t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatalf("write to the socket: %v", err)
	}
}

func envelope(id, event string) string {
	return `{"type":"events_api","envelope_id":"` + id + `","retry_attempt":1,"retry_reason":"timeout","payload":` + callback(event) + `}`
}

func messageEnvelope(n int) string {
	return envelope(fmt.Sprintf("e%d", n), fmt.Sprintf(`{"type":"message","channel":"C1","user":"U1","text":"x","ts":"%d.2"}`, n))
}

type running struct {
	s    *SocketMode
	done chan error
	stop context.CancelFunc
}

func run(t *testing.T, f *fakeSlack, o SocketOptions) *running {
	t.Helper()
	transport := &http.Transport{DialContext: f.pipe.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	api, err := NewAPI(APIOptions{URL: f.URL + "/api/", HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	o.AppToken, o.NetDial = "xapp-1", f.pipe.DialContext
	if o.Pause == 0 {
		o.Pause = time.Millisecond
	}
	r := &running{s: NewSocketMode(api, o), done: make(chan error, 1)}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	go func() { r.done <- r.s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-r.done:
			r.done <- err
		case <-time.After(patience):
			t.Error("Run did not end")
		}
	})
	return r
}

func TestSocketAcknowledgesAfterTheSink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, release, entered := newFakeSlack(t), make(chan struct{}), make(chan struct{}, 1)
		k := &taken{}
		run(t, f, SocketOptions{Sink: func(ctx context.Context, e bot.Envelope, h Hint) (json.RawMessage, error) {
			entered <- struct{}{}
			<-release
			return k.sink(ctx, e, h)
		}})
		c := f.next(t)
		say(t, c, messageEnvelope(1))
		wait(t, entered, "the sink")
		if len(f.acked) != 0 {
			t.Error("acknowledged before the sink returned")
		}
		close(release)
		if got := wait(t, f.acked, "an acknowledgement"); got != "e1" {
			t.Errorf("acknowledged %q, want e1", got)
		}
		if got := k.list[0]; got.Key != "T1/message/C1/1.2" || got.Retry != 1 || got.Received.IsZero() || k.hints[0].Type != "message" || k.hints[0].Reason != "timeout" {
			t.Errorf("envelope = %+v with %+v", got, k.hints[0])
		}
	})
}

func TestSocketLeavesUntakenUnacknowledged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		run(t, f, SocketOptions{Sink: func(_ context.Context, e bot.Envelope, _ Hint) (json.RawMessage, error) {
			switch {
			case strings.HasSuffix(e.Key, "/1.2"):
				return nil, errors.New("redis is away")
			case strings.HasSuffix(e.Key, "/2.2"):
				panic("oops")
			}
			return nil, nil
		}})
		c := f.next(t)
		for n := range 3 {
			say(t, c, messageEnvelope(n+1))
		}
		if got := wait(t, f.acked, "an acknowledgement"); got != "e3" {
			t.Errorf("acknowledged %q, want only e3", got)
		}
	})
}

func TestSocketAcknowledgesTheUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeSlack(t), &taken{}
		run(t, f, SocketOptions{Sink: k.sink})
		c := f.next(t)
		tests := []struct {
			id, frame string
			taken     bool
		}{
			{"u1", envelope("u1", `{"type":"brand_new_event","x":{"y":[1]}}`), true},
			{"u2", envelope("u2", `{"type":"message","channel":"C1","user":"U1","text":"x","ts":"7.2","blocks":[{"type":"actions","elements":[{"type":"workflow_button"}]}],"attachments":[{"ts":"bad"}]}`), true},
			{"u3", `{"type":"novelty","envelope_id":"u3","payload":{"team_id":"T1","a":1}}`, true},
			{"u4", `{"type":"events_api","envelope_id":"u4","payload":{"no":"team"}}`, false},
			{"u5", `{"type":"events_api","envelope_id":"u5","payload":`, false},
			{"u6", `{"type":"events_api","envelope_id":"u6"}`, false},
		}
		say(t, c, `not even json`)
		say(t, c, `{"type":"events_api","payload":`+callback(`{"type":"message","channel":"C1","ts":"8.2"}`)+`}`)
		want := 1 // the one without an id is taken too
		for _, tt := range tests {
			say(t, c, tt.frame)
			if got := wait(t, f.acked, "the acknowledgement of "+tt.id); got != tt.id {
				t.Errorf("acknowledged %q, want %q", got, tt.id)
			}
			if tt.taken {
				want++
			}
		}
		if k.len() != want {
			t.Errorf("%d taken, want %d", k.len(), want)
		}
	})
}

func TestSocketAnswersWithinTheAcknowledgement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		run(t, f, SocketOptions{Sink: func(_ context.Context, e bot.Envelope, _ Hint) (json.RawMessage, error) {
			if strings.HasSuffix(e.Key, "/big") {
				return json.RawMessage(`{"text":"` + strings.Repeat("x", 25_000) + `"}`), nil
			}
			return json.RawMessage(`{"text":"ok"}`), nil
		}})
		c := f.next(t)
		command := `{"type":"slash_commands","envelope_id":"%s","accepts_response_payload":%t,"payload":{"team_id":"T1","command":"/ticket","trigger_id":"%s"}}`
		for _, tt := range []struct {
			id, trigger, want string
			accepts           bool
		}{{"c1", "small", `{"text":"ok"}`, true}, {"c2", "deaf", "", false}, {"c3", "big", "", true}} {
			say(t, c, fmt.Sprintf(command, tt.id, tt.accepts, tt.trigger))
			wait(t, f.acked, "an acknowledgement")
			if got := f.payload(tt.id); got != tt.want {
				t.Errorf("payload of %s = %.80q, want %q", tt.id, got, tt.want)
			}
		}
	})
}

// TestSocketIsReplacedBeforeItEnds writes a hundred events to the old socket after notice was given: all arrive, and the
// next socket is open before the old one ends.
func TestSocketIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeSlack(t), &taken{}
		r := run(t, f, SocketOptions{Sink: k.sink})
		old := f.next(t)
		say(t, old, `{"type":"disconnect","reason":"warning"}`)
		for n := range 100 {
			say(t, old, messageEnvelope(n))
		}
		f.next(t) // while the old one is open
		for range 100 {
			wait(t, f.acked, "an acknowledgement on the old socket")
		}
		say(t, old, `{"type":"disconnect","reason":"refresh_requested"}`)
		say(t, old, messageEnvelope(100))
		wait(t, f.acked, "the last acknowledgement")
		old.Close()
		if k.len() != 101 || !r.s.Healthy() {
			t.Errorf("%d of 101 events taken, healthy %t", k.len(), r.s.Healthy())
		}
		if got := f.opened.Load(); got != 2 {
			t.Errorf("%d sockets were opened, want 2", got)
		}
	})
}

func TestSocketComesBackAfterALoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeSlack(t), &taken{}
		run(t, f, SocketOptions{Sink: k.sink})
		f.next(t).Close()
		say(t, f.next(t), messageEnvelope(1))
		wait(t, f.acked, "an acknowledgement")
	})
}

// TestSocketBacksOff lets Slack accept and send away at once: the attempts must become rare.
func TestSocketBacksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		r := run(t, f, SocketOptions{Sink: (&taken{}).sink, Pause: 20 * time.Millisecond})
		began := time.Now()
		for range 6 {
			c := wait(t, f.socks, "a socket")
			say(t, c, `{"type":"disconnect","reason":"too_many_websockets"}`)
			c.Close()
		}
		// Pauses of at least 10, 20, 40, 80 and 160 ms lie between six attempts, and at most twice that.
		if took := time.Since(began); took < 310*time.Millisecond || took > 621*time.Millisecond {
			t.Errorf("six attempts took %s, want at least the half of 620ms and at most all of it", took)
		}
		if r.s.Healthy() {
			t.Error("healthy without a greeting")
		}
	})
}

func TestSocketStopsForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, word := range []string{"invalid_auth", "not_allowed_token_type", "link_disabled"} {
			f := newFakeSlack(t)
			f.refuse = word
			r := run(t, f, SocketOptions{Sink: (&taken{}).sink})
			err := wait(t, r.done, "Run to end")
			r.done <- err
			if !errors.Is(err, ErrStopped) || !strings.Contains(err.Error(), word) || strings.Contains(err.Error(), "xapp-1") {
				t.Errorf("%s: Run = %v, want ErrStopped that names it", word, err)
			}
		}
		f := newFakeSlack(t)
		r := run(t, f, SocketOptions{Sink: (&taken{}).sink})
		say(t, f.next(t), `{"type":"disconnect","reason":"link_disabled"}`)
		err := wait(t, r.done, "Run to end")
		r.done <- err
		if !errors.Is(err, ErrStopped) {
			t.Errorf("Run = %v, want ErrStopped", err)
		}
	})
}

func TestSocketTriesAgainWhileSlackIsIll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		f.refuse = "internal_error"
		r := run(t, f, SocketOptions{Sink: (&taken{}).sink})
		select {
		case err := <-r.done:
			t.Fatalf("Run = %v, want it to go on", err)
		case <-time.After(time.Minute):
		}
		if got := f.opened.Load(); got < 3 {
			t.Errorf("%d attempts, want it to go on", got)
		}
	})
}

// TestStalledSinkLosesNothing blocks every worker for longer than the socket may be silent: the socket lives on, since
// pings are answered, and all is acknowledged in the end.
func TestStalledSinkLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, release, k := newFakeSlack(t), make(chan struct{}), &taken{}
		run(t, f, SocketOptions{Workers: 2, Ping: 20 * time.Millisecond, Silence: time.Second, Sink: func(ctx context.Context, e bot.Envelope, h Hint) (json.RawMessage, error) {
			<-release
			return k.sink(ctx, e, h)
		}})
		c := f.next(t)
		for n := range 120 {
			say(t, c, messageEnvelope(n))
		}
		for range 75 { // own pings are answered, far beyond the time of silence
			wait(t, f.pings, "a ping")
		}
		close(release)
		for range 120 {
			wait(t, f.acked, "an acknowledgement")
		}
		if got := f.opened.Load(); got != 1 || k.len() != 120 {
			t.Errorf("%d sockets and %d envelopes, want 1 and 120", got, k.len())
		}
	})
}

func TestFullQueueIsLeftToRedelivery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, release, k := newFakeSlack(t), make(chan struct{}), &taken{}
		run(t, f, SocketOptions{Workers: 1, Queue: 2, Ping: 5 * time.Millisecond, Sink: func(ctx context.Context, e bot.Envelope, h Hint) (json.RawMessage, error) {
			<-release
			return k.sink(ctx, e, h)
		}})
		c := f.next(t)
		for n := range 50 {
			say(t, c, messageEnvelope(n))
		}
		for range 20 {
			wait(t, f.pings, "a ping")
		}
		close(release)
		synctest.Wait()
		say(t, c, messageEnvelope(0)) // Slack delivers one of them again
		for range 3 {
			wait(t, f.acked, "an acknowledgement")
		}
		if got := k.len(); got >= 50 {
			t.Errorf("%d taken, want the queue to have been full", got)
		}
	})
}

func TestSilentSocketIsReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		run(t, f, SocketOptions{Sink: (&taken{}).sink, Ping: time.Hour, Silence: 30 * time.Millisecond})
		say(t, wait(t, f.socks, "a socket"), `{"type":"hello"}`)
		wait(t, f.socks, "another socket")
	})
}

// TestSocketKeepsTheOrderOfAPerson hands over what one person says one after the other, while another's words overtake.
func TestSocketKeepsTheOrderOfAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeSlack(t), &taken{}
		run(t, f, SocketOptions{Sink: func(ctx context.Context, e bot.Envelope, h Hint) (json.RawMessage, error) {
			time.Sleep(rand.N(10 * time.Millisecond))
			return k.sink(ctx, e, h)
		}})
		c, began := f.next(t), time.Now()
		for n := range 100 {
			say(t, c, envelope(fmt.Sprintf("e%d", n), fmt.Sprintf(`{"type":"message","channel":"C1","user":"U%d","text":"x","ts":"%03d.2"}`, n%10, n)))
		}
		for range 100 {
			wait(t, f.acked, "an acknowledgement")
		}
		last := map[byte]string{}
		for _, e := range k.list {
			who := e.Key[len(e.Key)-3] // the last digit of the number is the person's
			if e.Key < last[who] {
				t.Errorf("%s came after %s", e.Key, last[who])
			}
			last[who] = e.Key
		}
		if took := time.Since(began); took > 400*time.Millisecond {
			t.Errorf("took %s, want persons not to wait for each other", took)
		}
	})
}

// TestUngreetedSocketIsReplaced answers pings but never says hello.
func TestUngreetedSocketIsReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		r := run(t, f, SocketOptions{Sink: (&taken{}).sink})
		go f.listen(wait(t, f.socks, "a socket"))
		go f.listen(wait(t, f.socks, "another socket"))
		if r.s.Healthy() {
			t.Error("healthy without a greeting")
		}
	})
}

// TestStopAcknowledgesWhatWasReceived stops while envelopes are with the sink.
func TestStopAcknowledgesWhatWasReceived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, release, entered := newFakeSlack(t), make(chan struct{}), make(chan struct{}, 10)
		r := run(t, f, SocketOptions{Sink: func(context.Context, bot.Envelope, Hint) (json.RawMessage, error) {
			entered <- struct{}{}
			<-release
			return nil, nil
		}})
		c := f.next(t)
		for n := range 5 {
			say(t, c, messageEnvelope(n))
		}
		wait(t, entered, "the sink")
		r.stop()
		close(release)
		for range 5 {
			wait(t, f.acked, "an acknowledgement")
		}
		if err := wait(t, r.done, "Run to end"); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
		r.done <- nil
		if r.s.Healthy() {
			t.Error("healthy after the end")
		}
	})
}

// TestAcknowledgingNeverBlocks sends on a socket whose other end reads nothing: the workers are soon free for the next socket.
func TestAcknowledgingNeverBlocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeSlack(t), &taken{}
		run(t, f, SocketOptions{Workers: 2, Sink: k.sink})
		deaf, began := wait(t, f.socks, "a socket"), time.Now()
		say(t, deaf, `{"type":"hello"}`)
		for n := range outgoing + 50 {
			say(t, deaf, messageEnvelope(n))
		}
		say(t, f.next(t), messageEnvelope(1000))
		if got := wait(t, f.acked, "an acknowledgement on the next socket"); got != "e1000" {
			t.Errorf("acknowledged %q, want e1000", got)
		}
		if took := time.Since(began); took > writeWait+2*ackWait {
			t.Errorf("the next socket served after %s", took)
		}
		deaf.Close()
	})
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		r := run(t, f, SocketOptions{Drain: 20 * time.Millisecond, Sink: func(ctx context.Context, _ bot.Envelope, _ Hint) (json.RawMessage, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		say(t, f.next(t), messageEnvelope(1))
		r.stop()
		err := wait(t, r.done, "Run to end")
		r.done <- err
	})
}

// TestSamplesOverASocket sends every public payload: each envelope is acknowledged.
func TestSamplesOverASocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list := samples(t)
		f, k := newFakeSlack(t), &taken{}
		run(t, f, SocketOptions{Sink: k.sink})
		c, want := f.next(t), map[string]bool{}
		for i, s := range list {
			id := fmt.Sprintf("s%d", i)
			want[id] = true
			frame, err := json.Marshal(map[string]any{"type": s.by, "envelope_id": id, "payload": s.raw})
			if err != nil {
				frame = []byte(`{"type":"` + string(s.by) + `","envelope_id":"` + id + `","payload":` + string(s.raw) + `}`)
			}
			say(t, c, string(frame))
		}
		for len(want) > 0 {
			delete(want, wait(t, f.acked, fmt.Sprintf("%d acknowledgements", len(want))))
		}
		if k.len() < 40 {
			t.Errorf("only %d payloads were taken", k.len())
		}
	})
}

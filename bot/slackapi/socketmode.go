package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"gongdan/bot"
)

// SocketOptions are the settings of a Socket Mode transport. AppToken and Sink are required.
type SocketOptions struct {
	AppToken Secret // begins with xapp-
	Sink     Sink
	// Connections is how many sockets are held at once. 0 means 1; Slack allows 10 for an app.
	Connections int
	// Workers is how many envelopes are with the sink at once. What one person says in one channel goes to one worker,
	// so that it keeps its order. 0 means 32.
	Workers int
	// Queue is how many envelopes may wait for one worker. What comes beyond is not acknowledged, so that Slack
	// delivers it again. 0 means 1024.
	Queue int
	// Ping is the pause between own pings. 0 means 5 seconds.
	Ping time.Duration
	// Silence is how long a socket may be silent, pongs included, before it counts as dead. 0 means 15 seconds.
	Silence time.Duration
	// Linger is how long a socket that Slack has given notice to is still read, if Slack does not end it. 0 means 30 seconds.
	Linger time.Duration
	// Drain is how long an ended socket, or a stopped transport, waits for envelopes that are with the sink. 0 means
	// 8 seconds.
	Drain time.Duration
	// Settled is how long a socket must have lived for the next one to be opened without a pause. 0 means 30 seconds.
	Settled time.Duration
	// Pause is the first pause between attempts; it doubles up to 60 times its length, with jitter. 0 means 500 ms.
	Pause time.Duration
	// NetDial opens the socket's connection. Nil means TCP.
	NetDial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Now gives the time of receipt. Nil means time.Now.
	Now func() time.Time
	// Log is told of faults, never of contents. Nil means none.
	Log *slog.Logger
}

func (o SocketOptions) withDefaults() SocketOptions {
	o.Connections, o.Workers, o.Queue = orInt(o.Connections, 1), orInt(o.Workers, 32), orInt(o.Queue, 1024)
	o.Ping, o.Silence = orTime(o.Ping, 5*time.Second), orTime(o.Silence, 15*time.Second)
	o.Drain, o.Settled = orTime(o.Drain, 8*time.Second), orTime(o.Settled, 30*time.Second)
	o.Pause, o.Linger = orTime(o.Pause, 500*time.Millisecond), orTime(o.Linger, 30*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func orInt(n, fallback int) int {
	if n == 0 {
		return fallback
	}
	return n
}

func orTime(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}

// SocketMode receives deliveries over sockets that it opens itself. A socket that Slack gives notice to is read until
// it ends while the next one is already open, so that nothing falls between them.
type SocketMode struct {
	o    SocketOptions
	api  *API
	jobs []chan job   // by worker
	live atomic.Int32 // sockets that were greeted and still live
}

// ErrStopped says that Slack refuses the app for good: trying again without a change of its settings is useless.
var ErrStopped = errors.New("socket mode is refused")

// NewSocketMode makes a transport; Run starts it.
func NewSocketMode(api *API, o SocketOptions) *SocketMode {
	return &SocketMode{o: o.withDefaults(), api: api}
}

// Healthy tells whether at least one socket is open and was greeted by Slack.
func (s *SocketMode) Healthy() bool { return s.live.Load() > 0 }

// Run receives until ctx ends, and then returns nil after what was received has been handed to the sink and acknowledged,
// or Drain has passed. It returns an error that wraps ErrStopped when Slack refuses the app. It may be called once at a time.
func (s *SocketMode) Run(ctx context.Context) error {
	sinks, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	s.jobs = make([]chan job, s.o.Workers)
	var workers sync.WaitGroup
	for i := range s.jobs {
		jobs := make(chan job, s.o.Queue)
		s.jobs[i] = jobs
		workers.Go(func() {
			for j := range jobs {
				s.handle(sinks, j)
			}
		})
	}
	g, gctx := errgroup.WithContext(ctx)
	for range s.o.Connections {
		g.Go(func() error { return s.hold(gctx) })
	}
	err := g.Wait() // sockets end only after their envelopes, so that nothing is enqueued any more
	stop()
	for _, jobs := range s.jobs {
		close(jobs)
	}
	workers.Wait()
	return err
}

// queue is that of the worker for everything with the same order key.
func (s *SocketMode) queue(order string) chan<- job {
	h := fnv.New32a()
	_, _ = h.Write([]byte(order))
	return s.jobs[h.Sum32()%uint32(len(s.jobs))]
}

// hold keeps one socket open, replacing it as it ends.
func (s *SocketMode) hold(ctx context.Context) error {
	var socks sync.WaitGroup
	defer socks.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop() // before waiting for the sockets
	tries, least := 0, time.Duration(0)
	for s.pause(ctx, tries, least) {
		ws, err := s.dial(ctx)
		if errors.Is(err, ErrStopped) {
			return err
		}
		if err != nil {
			tries, least = tries+1, waitOf(err)
			if ctx.Err() == nil {
				s.o.Log.WarnContext(ctx, "open a socket", "err", err, "tries", tries)
			}
			continue
		}
		c, began := newSocket(s, ws), s.api.now()
		socks.Go(func() { c.serve(ctx) })
		reason := c.replaced(ctx)
		if reason == "link_disabled" {
			return fmt.Errorf("%w: Socket Mode is switched off for the app (link_disabled); switch it on in the app's settings", ErrStopped)
		}
		lived := s.api.now().Sub(began)
		if tries, least = tries+1, 0; lived >= s.o.Settled {
			tries = 0
		}
		if ctx.Err() != nil {
			break
		}
		s.o.Log.InfoContext(ctx, "replace a socket", "reason", reason, "lived", lived)
	}
	return nil
}

// waitOf is how long Slack asked to wait.
func waitOf(err error) time.Duration {
	var limited *bot.RateLimited
	if errors.As(err, &limited) {
		return limited.After
	}
	return 0
}

// pause waits before an attempt: not before the first, then ever longer, at random within the second half, so that many
// processes do not come back at once. It tells whether to go on.
func (s *SocketMode) pause(ctx context.Context, tries int, least time.Duration) bool {
	if tries == 0 {
		return ctx.Err() == nil
	}
	d := min(s.o.Pause<<min(tries-1, 10), 60*s.o.Pause)
	d = max(d/2+rand.N(d/2+1), least)
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return ctx.Err() == nil
	}
}

// dial asks for an address and connects to it.
func (s *SocketMode) dial(ctx context.Context) (*websocket.Conn, error) {
	var address string
	err := s.api.call(ctx, "apps.connections.open", func(ctx context.Context) (err error) {
		c := slack.New("", slack.OptionAppLevelToken(s.o.AppToken.Reveal()), slack.OptionAPIURL(s.api.url), slack.OptionHTTPClient(s.api.http))
		_, address, err = c.StartSocketModeContext(ctx)
		return err
	})
	if err != nil {
		return nil, final(err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.api.timeout)
	defer cancel()
	d := websocket.Dialer{Proxy: http.ProxyFromEnvironment, NetDialContext: s.o.NetDial}
	ws, resp, err := d.DialContext(ctx, address, nil)
	if err != nil {
		status := ""
		if resp != nil {
			status = resp.Status
		}
		// The address holds a ticket, so the error, which may quote it, is not passed on.
		return nil, fmt.Errorf("connect the socket: %s %T", status, err)
	}
	return ws, nil
}

// final marks the refusals after which trying again is useless.
func final(err error) error {
	switch {
	case refusedWith(err, "invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "token_expired", "account_inactive", "missing_scope"):
		return fmt.Errorf("%w: the app-level token is not accepted; it must begin with xapp- and have the scope connections:write: %w", ErrStopped, err)
	case refusedWith(err, "link_disabled", "socket_mode_not_enabled", "forbidden_team", "app_not_installed"):
		return fmt.Errorf("%w: Socket Mode is not enabled for the app; switch it on in the app's settings: %w", ErrStopped, err)
	}
	return err
}

// sinkWait ends a sink's work on one envelope. Slack has given up on it by then, so that only the worker is freed.
const sinkWait = 10 * time.Second

// job is one envelope on its way to the sink.
type job struct {
	c    *socket
	id   string
	env  bot.Envelope
	hint Hint
}

// handle gives an envelope to the sink and acknowledges it.
func (s *SocketMode) handle(ctx context.Context, j job) {
	defer j.c.pending.Done()
	if ctx.Err() != nil {
		return // stopped: nobody waits for it any more, and Slack delivers it again
	}
	ctx, cancel := context.WithTimeout(ctx, sinkWait)
	defer cancel()
	payload, err := s.o.Sink.guard(ctx, j.env, j.hint)
	if err != nil {
		s.o.Log.ErrorContext(ctx, "envelope not taken, so not acknowledged", "type", j.hint.Type, "err", err)
		return
	}
	if !j.hint.Answers {
		payload = nil
	}
	j.c.ack(j.id, payload)
}

// ackFrame is an acknowledgement; a payload that Slack would drop is left out, so that the rest still arrives.
func ackFrame(id string, payload json.RawMessage) []byte {
	type frame struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload,omitempty"`
	}
	b, err := json.Marshal(frame{ID: id, Payload: payload})
	if err != nil || len(b) >= maxAck+400 {
		b, _ = json.Marshal(frame{ID: id})
	}
	return b
}

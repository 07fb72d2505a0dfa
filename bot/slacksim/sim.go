package slacksim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Errors that people's actions return.
var (
	// ErrNoSuchElement says that the button or menu is not in the message, or
	// that this person cannot see the message.
	ErrNoSuchElement = errors.New("no such element")
	// ErrNotAcked says that the app did not answer in time; Slack shows the
	// person an error.
	ErrNotAcked = errors.New("the app did not answer in time")
	// ErrRefused says that the app answered by HTTP, but not with success.
	ErrRefused = errors.New("the app answered with an error")
	// ErrNoConnection says that no socket of the app was connected, or that its
	// HTTP address could not be reached.
	ErrNoConnection = errors.New("the app is not connected")
	// ErrNotFound says that a workspace, person, channel or message is unknown.
	ErrNotFound = errors.New("not found")
	// ErrNotInChannel says that the person is not a member of the channel.
	ErrNotInChannel = errors.New("not in channel")
	// ErrInThread says that a slash command was typed in a thread, which Slack refuses.
	ErrInThread = errors.New("slash commands are not supported in threads")
	// ErrNoSuchCommand says that the workspace has no such slash command, or
	// that it is not offered to people of other organisations.
	ErrNoSuchCommand = errors.New("not a valid command")
	// ErrClosed says that the simulator was closed while something waited on it.
	ErrClosed = errors.New("slacksim is closed")
)

// Options are the settings of a Sim. The zero value works.
type Options struct {
	// Now gives the time that stamps messages and events. Nil means time.Now.
	Now func() time.Time
	// Wall gives the time for rate limits, trigger ids and response URLs. Nil means time.Now.
	Wall func() time.Time
	// LimitScale multiplies Slack's rate limits: 0 and 1 are Slack's own,
	// larger is looser, below zero switches rate limits off.
	LimitScale float64
	// RestrictedHistory gives conversations.history and conversations.replies
	// the budget of distributed apps outside Slack's marketplace: one call a
	// minute, at most 15 messages.
	RestrictedHistory bool
	// RetryDelays are the pauses before the redeliveries of an event that was
	// not acknowledged. Nil means Slack's: one second, one minute, five minutes.
	RetryDelays []time.Duration
	// AckTimeout is how long the app may take to acknowledge. 0 means 3 seconds.
	AckTimeout time.Duration
	// PingInterval is the pause between server pings on a socket. 0 means 5 seconds.
	PingInterval time.Duration
	// DisconnectGrace is how long a socket stays open after a disconnect
	// message that announces it. 0 means 10 seconds.
	DisconnectGrace time.Duration
	// Addr is where Start listens. Empty means a free port on 127.0.0.1.
	Addr string
	// Listener, where set, is used by Start in place of Addr.
	Listener net.Listener
	// Transport carries the requests of HTTP mode to apps. Nil means one of the
	// simulator's own over the network.
	Transport http.RoundTripper
	// Logger receives debug lines. Nil means none.
	Logger *slog.Logger
	// Seed chooses the generated ids.
	Seed int64
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.LimitScale == 0 {
		o.LimitScale = 1
	}
	if o.RetryDelays == nil {
		o.RetryDelays = []time.Duration{time.Second, time.Minute, 5 * time.Minute}
	}
	o.AckTimeout = orDuration(o.AckTimeout, 3*time.Second)
	o.PingInterval = orDuration(o.PingInterval, 5*time.Second)
	o.DisconnectGrace = orDuration(o.DisconnectGrace, 10*time.Second)
	if o.Transport == nil {
		o.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

func orDuration(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}

// Sim is one simulated Slack with any number of workspaces.
type Sim struct {
	opts    Options
	methods map[string]method

	// mu guards everything below; unexported methods of this package expect it
	// to be held unless their comment says otherwise.
	mu       sync.Mutex
	changed  chan struct{} // closed and replaced on every change
	closed   bool
	url      string
	counter  uint64
	teams    []*team
	apps     []*app
	rooms    map[string]*room
	buckets  map[string]*bucket
	triggers map[string]*trigger
	hooks    map[string]*hook
	views    map[string]*View
	offered  map[string][]object // by action id, what apps offered to choose
	shared   []*room             // channels of several workspaces
	entitled map[string]audience // by event context
	calls    []Call
	onCall   func(Call) Fault
	onSend   func(Delivery) DeliveryFault
	problems []UserError
	history  []*Delivery
	mass     int
	page     *page // nil without a browser page

	server   *http.Server
	listener net.Listener
	poster   *http.Client    // for HTTP mode
	ending   context.Context // done when Close is called
	end      context.CancelFunc
	running  sync.WaitGroup
}

// New makes a simulator without workspaces; Start makes it listen.
func New(o Options) *Sim {
	s := &Sim{
		opts:     o.withDefaults(),
		changed:  make(chan struct{}),
		rooms:    map[string]*room{},
		buckets:  map[string]*bucket{},
		triggers: map[string]*trigger{},
		hooks:    map[string]*hook{},
		views:    map[string]*View{},
		offered:  map[string][]object{},
		entitled: map[string]audience{},
	}
	s.methods = s.methodTable()
	s.poster = poster(s.opts.Transport)
	s.ending, s.end = context.WithCancel(context.Background())
	return s
}

// Start listens and serves until Close.
func (s *Sim) Start() error {
	ln := s.opts.Listener
	if ln == nil {
		var err error
		if ln, err = net.Listen("tcp", s.opts.Addr); err != nil {
			return fmt.Errorf("listen on %s: %w", s.opts.Addr, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener = ln
	s.url = "http://" + ln.Addr().String()
	s.server = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	s.running.Go(func() {
		if err := s.server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			s.opts.Logger.Error("serve", "error", err)
		}
	})
	return nil
}

// URL is where the simulator listens, without a trailing slash; the base of the
// Web API is URL()+"/api/". It is empty before Start.
func (s *Sim) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// Close cuts every connection and waits until the listener and all sockets have
// ended. Nothing is delivered afterwards; who waits for an answer gets
// ErrClosed. It is safe to call twice and before Start.
func (s *Sim) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.end()
	for _, a := range s.apps {
		a.shut()
	}
	server := s.server
	s.touch()
	s.mu.Unlock()

	var err error
	if server != nil {
		err = server.Close()
	}
	s.running.Wait()
	s.poster.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("close slacksim: %w", err)
	}
	return nil
}

// Wait returns when cond holds, or with the context's error. cond is tried at
// once and after every change of the simulator's state; it may call any method
// that reads the simulator.
func (s *Sim) Wait(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		changed, closed := s.changed, s.closed
		s.mu.Unlock()
		if cond() {
			return nil
		}
		if closed {
			return ErrClosed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for slacksim: %w", ctx.Err())
		}
	}
}

// touch wakes everybody in Wait.
func (s *Sim) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

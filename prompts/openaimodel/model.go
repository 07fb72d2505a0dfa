package openaimodel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"gongdan/prompts"
)

var _ prompts.Model = (*Model)(nil)

// Options configure a Model. BaseURL "" is OpenAI's; Key may be empty for local
// servers. Zero times mean the defaults: 5 s a try, 10 s in all, 500 ms before a
// retry that names no time, 24 h until a lesson about a server is forgotten.
type Options struct {
	BaseURL  string
	Key      string
	Model    string
	Client   *http.Client // nil means a client of its own
	PerTry   time.Duration
	Total    time.Duration
	Pause    time.Duration
	Remember time.Duration
	Now      func() time.Time // nil means time.Now
}

// maxBody bounds an answer's body: a classification takes a few hundred bytes.
const maxBody = 1 << 20

// maxTries bounds the requests of one question: the ladder has four steps and
// three parameters to learn, and a server that refuses them in turn for ever is
// not there for us.
const maxTries = 8

// Model is a prompts.Model over HTTP. It is safe for concurrent use.
type Model struct {
	client  *openai.Client
	o       Options
	modes   *modes
	breaker *gobreaker.CircuitBreaker[prompts.Reply]
}

// New makes a Model. Nothing is asked until Complete.
func New(o Options) *Model {
	o = o.withDefaults()
	key := o.Key
	if key == "" {
		key = "none" // some local servers want any key
	}
	cfg := openai.DefaultConfig(key)
	if o.BaseURL != "" {
		cfg.BaseURL = strings.TrimRight(o.BaseURL, "/")
	}
	cfg.HTTPClient = doer{o.Client}
	return &Model{client: openai.NewClientWithConfig(cfg), o: o, modes: newModes(o), breaker: newBreaker()}
}

func (o Options) withDefaults() Options {
	if o.Client == nil {
		o.Client = &http.Client{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	for _, d := range []struct {
		to *time.Duration
		v  time.Duration
	}{{&o.PerTry, 5 * time.Second}, {&o.Total, 10 * time.Second}, {&o.Pause, 500 * time.Millisecond}, {&o.Remember, 24 * time.Hour}} {
		if *d.to == 0 {
			*d.to = d.v
		}
	}
	return o
}

// newBreaker opens after five failures of transport in a row and tries again
// after half a minute. Answers of a wrong shape do not count: they say nothing
// about whether the server is there.
func newBreaker() *gobreaker.CircuitBreaker[prompts.Reply] {
	return gobreaker.NewCircuitBreaker[prompts.Reply](gobreaker.Settings{
		Name:         "model",
		Timeout:      30 * time.Second,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 5 },
		IsSuccessful: func(err error) bool { return err == nil || errors.Is(err, prompts.ErrInvalid) },
		IsExcluded:   func(err error) bool { return errors.Is(err, errGivenUp) },
	})
}

// errGivenUp marks a caller that went away, which says nothing about the server.
var errGivenUp = errors.New("caller gave up")

// Mode tells how this server is asked for JSON at present, for diagnosis.
func (m *Model) Mode() string { return m.modes.current().String() }

// Complete asks once, and again at most once where that may help.
func (m *Model) Complete(ctx context.Context, r prompts.Request) (prompts.Reply, error) {
	reply, err := m.breaker.Execute(func() (prompts.Reply, error) {
		inner, cancel := context.WithTimeout(ctx, m.o.Total)
		defer cancel()
		reply, err := m.negotiate(inner, r)
		if err != nil && errors.Is(ctx.Err(), context.Canceled) {
			return reply, errors.Join(err, errGivenUp)
		}
		return reply, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return prompts.Reply{}, fmt.Errorf("%w: breaker open", prompts.ErrUnavailable)
	}
	return reply, err
}

// negotiate goes down the ladder until the server accepts a way of asking. One
// retry in all is spent on overload, broken connections and invalid answers.
func (m *Model) negotiate(ctx context.Context, r prompts.Request) (prompts.Reply, error) {
	way, retried := m.modes.current(), false
	for tries := 1; ; tries++ {
		a, err := m.try(ctx, r, way)
		if err == nil {
			reply, err := m.read(a, r, way)
			reply.Tries = tries
			if err == nil {
				m.modes.learn(way)
				return reply, nil
			}
			if retried || !a.worthRepeating() || ctx.Err() != nil {
				return prompts.Reply{}, err
			}
			retried = true
			continue
		}
		next, demoted := way.demote(err)
		if demoted && tries < maxTries {
			way = next
			continue
		}
		if retried || !err.retryable() || !m.pause(ctx, err.after) {
			return prompts.Reply{}, fmt.Errorf("%w: %s", prompts.ErrUnavailable, err.word())
		}
		retried = true
	}
}

// pause waits before a retry: as long as the server asked, if the time allows.
func (m *Model) pause(ctx context.Context, after time.Duration) bool {
	if after <= 0 {
		after = m.o.Pause
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Sub(m.o.Now()) <= after {
		return false
	}
	t := time.NewTimer(after)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

package openaimodel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	openai "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"gongdan/prompts"
)

var _ prompts.Model = (*Model)(nil)

// Options configure a Model. BaseURL "" is OpenAI's. Zero values mean the defaults:
// 5 s a try, 10 s in all, 500 ms before a retry that names no time, 24 h until a
// lesson about a server is forgotten, 4 questions at once.
type Options struct {
	BaseURL string
	// Key is asked for before each request, so that a changed one is used at once; nil
	// or "" for local servers that want none.
	Key   func() string
	Model string
	// Client is used for its transport and jar; nil means a client of its own. No
	// redirect is followed either way.
	Client *http.Client
	// ThisMachine refuses every connection that leaves it. Only without Client.
	ThisMachine bool
	PerTry      time.Duration
	Total       time.Duration
	Pause       time.Duration
	Remember    time.Duration
	AtOnce      int
	Now         func() time.Time // the wall clock; nil means time.Now
	Jitter      func() float64   // 0 to 1; nil means by chance
	// Watch is told of every question, once it is answered or given up. It must be
	// safe for concurrent use. Nil tells nobody.
	Watch func(Call)
	// Log hears when the model is left alone for a while, and why; nil logs nothing.
	Log *slog.Logger
}

// Call is what became of one question. Result is one of ok, invalid, unavailable,
// timeout, question (refused for what it was), resting (not asked, because a breaker
// is open), busy and gone (its caller went away). Mode is "" unless the result is ok.
type Call struct {
	Result string
	Mode   string
	Tries  int
	Took   time.Duration
	Usage  prompts.Usage
}

// Model is a prompts.Model over HTTP. It is safe for concurrent use.
type Model struct {
	client  *openai.Client
	o       Options
	modes   *modes
	slots   chan struct{}
	breaker *gobreaker.CircuitBreaker[prompts.Reply]
	quality *quality
}

// New makes a Model. Nothing is asked until Complete.
func New(o Options) *Model {
	o = o.withDefaults()
	cfg := clientConfig(o)
	cfg.HTTPClient = wire{client: newClient(o.Client, o.ThisMachine), key: o.Key, azure: cfg.APIType == openai.APITypeAzure}
	m := &Model{client: openai.NewClientWithConfig(cfg), o: o, modes: newModes(o), slots: make(chan struct{}, o.AtOnce), quality: &quality{now: o.Now}}
	m.breaker = m.newBreaker()
	return m
}

func (o Options) withDefaults() Options {
	if o.Key == nil {
		o.Key = func() string { return "" }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Watch == nil {
		o.Watch = func(Call) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.AtOnce == 0 {
		o.AtOnce = 4
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

// breakerRest is how long a server that is away is left alone.
const breakerRest = 30 * time.Second

// newBreaker opens after five questions in a row without an answer and tries one
// again after half a minute. Answers of a wrong shape do not count: they say nothing
// about whether the server is there; neither does a question that was refused for
// what it was, or whose caller went away. One that was refused in every form does.
func (m *Model) newBreaker() *gobreaker.CircuitBreaker[prompts.Reply] {
	return gobreaker.NewCircuitBreaker[prompts.Reply](gobreaker.Settings{
		Name:         "model",
		Timeout:      breakerRest,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 5 },
		IsSuccessful: func(err error) bool { return err == nil || errors.Is(err, prompts.ErrInvalid) },
		IsExcluded:   func(err error) bool { return errors.Is(err, errGivenUp) || errors.Is(err, errAbout) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				m.o.Log.Warn("the language model does not answer, local decisions are taken", "for", breakerRest)
			}
		},
	})
}

var (
	// errGivenUp marks a caller that went away, which says nothing about the server.
	errGivenUp = errors.New("caller gave up")
	errBusy    = errors.New("too many questions at once")
	errResting = errors.New("left alone for a while")
)

// Mode tells how this server is asked for JSON at present, for diagnosis.
func (m *Model) Mode(prompt string) string { return m.modes.current(prompt).String() }

// Complete gets one answer, and a second one at most once where that may help. Requests that the server refuses for their
// form, and one that fails for a moment, come on top; see maxTries.
func (m *Model) Complete(ctx context.Context, r prompts.Request) (prompts.Reply, error) {
	began := m.o.Now()
	inner, cancel := context.WithTimeout(ctx, m.o.Total)
	defer cancel()
	reply, err := m.guarded(inner, r)
	c := Call{Result: result(inner, err), Tries: reply.Tries, Took: m.o.Now().Sub(began), Usage: reply.Usage}
	if err == nil {
		c.Mode = reply.Mode
	}
	m.o.Watch(c)
	return reply, err
}

// guarded asks unless too many questions are under way or the model rests.
func (m *Model) guarded(ctx context.Context, r prompts.Request) (prompts.Reply, error) {
	if m.quality.open() {
		return prompts.Reply{}, fmt.Errorf("%w: %w", prompts.ErrUnavailable, errResting)
	}
	select {
	case m.slots <- struct{}{}:
		defer func() { <-m.slots }()
	case <-ctx.Done():
		return prompts.Reply{}, fmt.Errorf("%w: %w", prompts.ErrUnavailable, errBusy)
	}
	var spent prompts.Reply
	_, err := m.breaker.Execute(func() (prompts.Reply, error) {
		var err error
		spent, err = (&inquiry{m: m, r: r, way: m.modes.current(r.Prompt)}).run(ctx)
		if err != nil && errors.Is(ctx.Err(), context.Canceled) {
			err = fmt.Errorf("%w: %w", err, errGivenUp)
		}
		return spent, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return prompts.Reply{}, fmt.Errorf("%w: %w", prompts.ErrUnavailable, errResting)
	}
	m.judge(err)
	return spent, err
}

// judge counts what the answers are worth.
func (m *Model) judge(err error) {
	invalid := errors.Is(err, prompts.ErrInvalid)
	if (err == nil || invalid) && m.quality.count(invalid) {
		m.o.Log.Warn("too many answers of the language model are of no use, local decisions are taken", "for", qualityRest)
	}
}

// result is one of few words for what became of a question.
func result(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errResting):
		return "resting"
	case errors.Is(err, errBusy):
		return "busy"
	case errors.Is(err, errGivenUp):
		return "gone"
	case errors.Is(err, prompts.ErrInvalid):
		return "invalid"
	case errors.Is(err, errAbout):
		return "question"
	case ctx.Err() != nil:
		return "timeout"
	}
	return "unavailable"
}

// pause waits before a retry: as long as the server asked, if the time allows.
func (m *Model) pause(ctx context.Context, after time.Duration) bool {
	if after <= 0 {
		after = m.o.Pause/2 + time.Duration(m.o.Jitter()*float64(m.o.Pause/2))
	} else {
		after += time.Duration(m.o.Jitter() * float64(after/10)) // those who were told the same time do not all come at it
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

package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Call is one request to the Web API, in the order of arrival.
type Call struct {
	Method string
	Team   string
	// Args are the arguments without the token; what came as JSON other than a
	// string is kept as JSON text.
	Args map[string]string
	// At is the simulated time of arrival, Wall the wall time.
	At, Wall time.Time
	// Error is Slack's error word; empty for success and while it runs.
	Error string
	// Status is the HTTP status; 0 while it runs and where the reply was cut off.
	Status int
	Result json.RawMessage
}

// Fault is what OnCall does to a call. The zero value does nothing.
type Fault struct {
	// Latency delays the call before it takes effect.
	Latency time.Duration
	// Error refuses the call with this word, without effect.
	Error string
	// RetryAfter answers 429 with so many seconds, without effect.
	RetryAfter int
	// Status answers with this HTTP status and no JSON, without effect.
	Status int
	// CutBefore closes the connection without effect, LostReply after the effect.
	CutBefore, LostReply bool
}

// UserError is an error that Slack showed to a person because the app did not
// answer or answered wrongly.
type UserError struct {
	At                        time.Time
	User, Channel, Kind, Text string
}

// Calls returns all calls of the Web API so far.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.calls)
	for i := range out {
		out[i].Args = maps.Clone(out[i].Args)
	}
	return out
}

// OnCall sets a function that is asked about every call before it takes effect;
// nil takes it away. It is called without locks, possibly from several
// goroutines at once, and may call the simulator.
func (s *Sim) OnCall(f func(Call) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onCall = f
}

// UserErrors returns the errors that people were shown.
func (s *Sim) UserErrors() []UserError {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

func (s *Sim) showError(user, channel, kind string, err error) {
	s.problems = append(s.problems, UserError{At: s.opts.Now(), User: user, Channel: channel, Kind: kind, Text: err.Error()})
	s.touch()
}

package slacksim

import (
	"encoding/json"
	"slices"
	"time"
)

// app is one Slack app with its sockets, shared by the workspaces that installed it.
type app struct {
	s        *Sim
	id       string
	token    string
	sockets  []*socket
	next     int // round robin
	tickets  map[string]bool
	pending  map[string]*attempt
	waiting  map[*envelope]*time.Timer
	disabled bool
}

func (s *Sim) appFor(w Workspace) *app {
	for _, a := range s.apps {
		if a.id == w.AppID {
			return a
		}
	}
	a := &app{
		s: s, id: w.AppID, token: w.AppToken, tickets: map[string]bool{},
		pending: map[string]*attempt{}, waiting: map[*envelope]*time.Timer{},
	}
	s.apps = append(s.apps, a)
	return a
}

// envelope is one thing to tell the app. Events are retried; commands and
// interactions are not, and report through answer.
type envelope struct {
	team    *team
	kind    string // events_api, slash_commands, interactive
	payload json.RawMessage
	retry   bool
	tries   int // attempts that were made
	reason  string
	answer  chan answer // buffered; nil for events
	note    Delivery
}

// answer is what became of a command or an interaction.
type answer struct {
	payload json.RawMessage
	err     error
}

// attempt is an envelope on its way, waiting for its acknowledgement.
type attempt struct {
	envelope *envelope
	socket   *socket // nil in HTTP mode
	timer    *time.Timer
	record   *Delivery
}

// Delivery is one attempt to deliver something to the app.
type Delivery struct {
	Kind string // events_api, slash_commands, interactive
	// Type is the event's type, with ".subtype" for messages that have one.
	Type, EventID, EnvelopeID, Channel string
	// Team is the workspace of the installation that it was shown to.
	Team string
	// Attempt counts from 0; above 0 it is a redelivery.
	Attempt int
	// Sent and Acked are wall times. Acked is zero where no acknowledgement
	// came (yet); Sent is zero where no socket was there to send on.
	Sent, Acked time.Time
	// Failure says why the attempt failed, in the words of Slack's retry
	// reasons; empty while it runs and where it was acknowledged.
	Failure string
	// HTTP marks an attempt by HTTP, whose EnvelopeID is not on the wire.
	// Status is what the app answered, 0 where it did not.
	HTTP   bool
	Status int
}

// Deliveries returns every attempt so far, in order.
func (s *Sim) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Delivery, len(s.history))
	for i, d := range s.history {
		out[i] = *d
	}
	return out
}

// Unacked is the number of events, commands and interactions that are under way
// or wait for their next attempt.
func (s *Sim) Unacked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.apps {
		n += len(a.pending) + len(a.waiting)
	}
	return n
}

// send makes one attempt now.
func (a *app) send(e *envelope) {
	if a.s.closed {
		a.giveUp(e, ErrClosed)
		return
	}
	record := e.note
	record.Attempt, record.Team = e.tries, e.team.ID
	a.s.history = append(a.s.history, &record)
	target := e.team.endpoint(e)
	record.HTTP = target != ""
	var sock *socket
	if !record.HTTP {
		if sock = a.pick(); sock == nil {
			record.Failure = reasonConnection
			a.failed(e, reasonConnection, ErrNoConnection)
			return
		}
	}
	record.EnvelopeID, record.Sent = a.s.newUUID(), a.s.opts.Wall()
	t := &attempt{envelope: e, socket: sock, record: &record}
	a.pending[record.EnvelopeID] = t
	t.timer = time.AfterFunc(a.s.opts.AckTimeout, func() { a.expire(record.EnvelopeID) })
	if record.HTTP {
		a.sendHTTP(e, &record, target)
	} else {
		a.s.transmit(sock, a.frame(e, record.EnvelopeID), record)
	}
	a.s.touch()
}

// DeliveryFault is what OnDeliver does to one attempt. The zero value does nothing.
type DeliveryFault struct {
	// Delay sends the envelope later, so that others overtake it; the time to
	// acknowledge runs from the planned moment.
	Delay time.Duration
	// Drop loses the envelope on the way.
	Drop bool
	// Copies sends the same envelope so many times more.
	Copies int
}

// OnDeliver sets a function that is asked about every attempt to deliver
// something; nil takes it away. It is called with the simulator locked and must
// not call it.
func (s *Sim) OnDeliver(f func(Delivery) DeliveryFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onSend = f
}

func (s *Sim) faultFor(d Delivery) DeliveryFault {
	if s.onSend == nil {
		return DeliveryFault{}
	}
	return s.onSend(d)
}

// transmit puts a frame on a socket, through the fault that is asked for.
func (s *Sim) transmit(c *socket, frame []byte, d Delivery) {
	f := s.faultFor(d)
	if f.Drop {
		return
	}
	push := func() {
		for range 1 + f.Copies {
			c.push(frame)
		}
	}
	if f.Delay <= 0 {
		push()
		return
	}
	time.AfterFunc(f.Delay, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		push()
	})
}

func (a *app) frame(e *envelope, id string) []byte {
	frame := map[string]any{
		"envelope_id": id, "type": e.kind, "payload": e.payload,
		"accepts_response_payload": e.kind != "events_api",
	}
	if e.retry {
		frame["retry_attempt"], frame["retry_reason"] = e.tries, e.reason
	}
	return rawJSON(frame)
}

// pick chooses the next socket in turn, those that are about to close last.
func (a *app) pick() *socket {
	open := slices.DeleteFunc(slices.Clone(a.sockets), func(c *socket) bool { return c.leaving })
	if len(open) == 0 {
		open = a.sockets
	}
	if len(open) == 0 {
		return nil
	}
	a.next++
	return open[a.next%len(open)]
}

// acked settles an envelope; late and unknown acknowledgements do nothing.
func (a *app) acked(id string, payload json.RawMessage) {
	t := a.pending[id]
	if t == nil {
		return
	}
	t.timer.Stop()
	delete(a.pending, id)
	t.record.Acked = a.s.opts.Wall()
	if t.envelope.answer != nil {
		t.envelope.answer <- answer{payload: payload}
	}
	a.s.touch()
}

// expire is called by an attempt's timer, without the lock.
func (a *app) expire(id string) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	if t := a.pending[id]; t != nil {
		delete(a.pending, id)
		t.record.Failure = "timeout"
		if t.record.HTTP {
			t.record.Failure = reasonTimeout
		}
		a.failed(t.envelope, t.record.Failure, ErrNotAcked)
	}
}

// lost fails everything that was under way on a dead socket.
func (a *app) lost(c *socket) {
	for _, id := range a.pendingOn(c) {
		t := a.pending[id]
		t.timer.Stop()
		delete(a.pending, id)
		t.record.Failure = reasonConnection
		a.failed(t.envelope, reasonConnection, ErrNotAcked)
	}
}

// pendingOn lists what is under way on a socket in the order it was sent.
func (a *app) pendingOn(c *socket) []string {
	var ids []string
	for _, d := range a.s.history {
		if t := a.pending[d.EnvelopeID]; t != nil && t.socket == c {
			ids = append(ids, d.EnvelopeID)
		}
	}
	return ids
}

// failed plans the next attempt, or gives up after the last.
func (a *app) failed(e *envelope, reason string, err error) {
	defer a.s.touch()
	delays := a.s.opts.RetryDelays
	if !e.retry || e.tries >= len(delays) {
		a.giveUp(e, err)
		return
	}
	delay := delays[e.tries]
	e.tries++
	e.reason = reason
	a.waiting[e] = time.AfterFunc(delay, func() {
		a.s.mu.Lock()
		defer a.s.mu.Unlock()
		if a.waiting[e] != nil {
			delete(a.waiting, e)
			a.send(e)
		}
	})
}

func (a *app) giveUp(e *envelope, err error) {
	if e.answer != nil {
		e.answer <- answer{err: err}
	}
}

// shut ends all deliveries and sockets.
func (a *app) shut() {
	for id, t := range a.pending {
		t.timer.Stop()
		delete(a.pending, id)
		a.giveUp(t.envelope, ErrClosed)
	}
	for e, timer := range a.waiting {
		timer.Stop()
		delete(a.waiting, e)
	}
	for _, c := range a.sockets {
		c.cut()
	}
}

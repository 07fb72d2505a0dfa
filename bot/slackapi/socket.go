package slackapi

import (
	"context"
	"encoding/json"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxFrame  = 16 << 20        // bytes; a message with all its blocks is below 1 MB
	writeWait = 5 * time.Second // for one frame
	ackWait   = 2 * time.Second // for a place among the frames to write
	outgoing  = 256             // frames that may wait to be written
)

// socket is one connection: one goroutine reads it, one writes it.
type socket struct {
	s       *SocketMode
	ws      *websocket.Conn
	out     chan []byte
	leaving chan string    // Slack's reason for ending it, once
	ended   chan struct{}  // it is read no more
	closing chan struct{}  // the writer shall finish
	written chan struct{}  // the writer has finished
	linger  *time.Timer    // set by the reader, after notice
	greeted bool           // used by the reader only
	halted  atomic.Bool    // shall be read no more
	pending sync.WaitGroup // envelopes that are with the sink
}

func newSocket(s *SocketMode, ws *websocket.Conn) *socket {
	return &socket{s: s, ws: ws, out: make(chan []byte, outgoing), leaving: make(chan string, 1),
		ended: make(chan struct{}), closing: make(chan struct{}), written: make(chan struct{})}
}

// replaced waits until another socket is needed, and says why.
func (c *socket) replaced(ctx context.Context) string {
	select {
	case reason := <-c.leaving:
		return reason
	case <-ctx.Done():
		return "stopped"
	case <-c.ended:
	}
	select {
	case reason := <-c.leaving: // said just before the end
		return reason
	default:
		return "lost"
	}
}

// serve reads the socket until it ends, waits for what was received to be acknowledged, and closes it.
func (c *socket) serve(ctx context.Context) {
	go c.write()
	unhook := context.AfterFunc(ctx, c.halt)
	c.read(ctx)
	unhook()
	if c.linger != nil {
		c.linger.Stop()
	}
	close(c.ended)
	c.settle()
	close(c.closing)
	<-c.written
	_ = c.ws.Close()
}

// halt ends reading, also a read that waits.
func (c *socket) halt() {
	c.halted.Store(true)
	_ = c.ws.SetReadDeadline(time.Unix(1, 0))
}

// alive moves the time at which silence counts as death, unless the socket was halted meanwhile. A socket that was never
// greeted gets no more than its first term.
func (c *socket) alive() {
	if c.greeted {
		c.extend()
	}
}

func (c *socket) extend() {
	_ = c.ws.SetReadDeadline(time.Now().Add(c.s.o.Silence))
	if c.halted.Load() {
		c.halt()
	}
}

// settle waits for the sink, within bounds.
func (c *socket) settle() {
	done := make(chan struct{})
	go func() { c.pending.Wait(); close(done) }()
	t := time.NewTimer(c.s.o.Drain)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	case <-c.written: // nothing can be acknowledged any more
	}
}

func (c *socket) read(ctx context.Context) {
	c.ws.SetReadLimit(maxFrame)
	c.ws.SetPongHandler(func(string) error { c.alive(); return nil })
	c.ws.SetPingHandler(func(data string) error {
		c.alive()
		_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		return nil
	})
	c.extend()
	defer func() {
		if c.greeted {
			c.s.live.Add(-1)
		}
	}()
	for !c.halted.Load() {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		c.alive()
		f, ok := c.frame(ctx, data)
		switch {
		case !ok:
		case f.Type == "hello" && f.ID == "":
			c.greet()
		case f.Type == "disconnect" && f.ID == "":
			c.leave(f.Reason)
		default:
			c.take(ctx, f)
		}
	}
}

func (c *socket) greet() {
	if !c.greeted {
		c.greeted = true
		c.s.live.Add(1)
	}
	c.extend()
}

// leave asks for another socket; this one is read on for a while.
func (c *socket) leave(reason string) {
	select {
	case c.leaving <- reason:
		c.linger = time.AfterFunc(c.s.o.Linger, c.halt)
	default: // said before
	}
}

// frame is one message from Slack.
type frame struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	Answers loose           `json:"accepts_response_payload"`
	Attempt int             `json:"retry_attempt"`
	Why     string          `json:"retry_reason"`
	Reason  string          `json:"reason"`
}

var envelopeID = regexp.MustCompile(`"envelope_id"\s*:\s*"([A-Za-z0-9_.:-]{1,128})"`)

// frame reads a message. What cannot be read is acknowledged all the same if it has an id: it would only come again.
func (c *socket) frame(ctx context.Context, data []byte) (frame, bool) {
	var f frame
	if err := tolerant(data, &f); err != nil {
		c.s.o.Log.ErrorContext(ctx, "unreadable frame", "bytes", len(data))
		if m := envelopeID.FindSubmatch(data); m != nil {
			c.ack(string(m[1]), nil)
		}
		return f, false
	}
	return f, true
}

// take classifies an envelope and queues it for the sink. It never waits, so that pings are always answered.
func (c *socket) take(ctx context.Context, f frame) {
	env, err := Classify(f.Payload, Carrier(f.Type))
	if err != nil {
		c.s.o.Log.WarnContext(ctx, "envelope acknowledged unread", "type", f.Type, "err", err)
		if f.ID != "" {
			c.ack(f.ID, nil)
		}
		return
	}
	env.Received, env.Retry = c.s.o.Now(), f.Attempt
	g := look(f.Payload)
	hint := Hint{Transport: "socket", Carrier: Carrier(f.Type), Type: g.kind, Answers: bool(f.Answers), Reason: f.Why}
	c.pending.Add(1)
	select {
	case c.s.queue(or(g.author, f.ID)) <- job{c: c, id: f.ID, env: env, hint: hint}:
	default:
		c.pending.Done()
		c.s.o.Log.ErrorContext(ctx, "too many envelopes wait; this one is left to redelivery", "type", hint.Type)
	}
}

// ack queues an acknowledgement. It gives up when the socket has ended or nothing is written for too long.
func (c *socket) ack(id string, payload json.RawMessage) {
	if id == "" {
		return
	}
	t := time.NewTimer(ackWait)
	defer t.Stop()
	select {
	case c.out <- ackFrame(id, payload):
	case <-c.written:
	case <-t.C:
		c.s.o.Log.Error("acknowledgement dropped, the socket takes nothing")
	}
}

// write is the only writer of messages. It ends when told to, after what is queued, or at the first error.
func (c *socket) write() {
	defer close(c.written)
	defer c.halt()
	ticker := time.NewTicker(c.s.o.Ping)
	defer ticker.Stop()
	for {
		select {
		case b := <-c.out:
			if c.send(b) != nil {
				return
			}
		case <-ticker.C:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		case <-c.closing:
			c.finish()
			return
		}
	}
}

func (c *socket) send(b []byte) error {
	_ = c.ws.SetWriteDeadline(time.Now().Add(writeWait))
	return c.ws.WriteMessage(websocket.TextMessage, b)
}

// finish writes what is queued, and says goodbye.
func (c *socket) finish() {
	for {
		select {
		case b := <-c.out:
			if c.send(b) != nil {
				return
			}
		default:
			_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
			return
		}
	}
}

package slacksim

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// maxSockets is how many connections Slack allows an app.
	maxSockets = 10
	// maxAck is the size in bytes from which Slack silently drops an answer.
	maxAck = 20 << 10
	// connectionTime is the life in seconds which hello promises.
	connectionTime = 18060
)

// socket is one Socket Mode connection. Frames are queued without limit and
// written by one goroutine, so that a slow client never holds the simulator up.
type socket struct {
	app     *app
	conn    *websocket.Conn
	leaving bool          // announced its end
	last    bool          // close when the queue is written
	queue   [][]byte      // guarded by Sim.mu
	wake    chan struct{} // one token: the queue is not empty
	done    chan struct{}
	once    sync.Once
	grace   *time.Timer
}

// openConnection answers apps.connections.open with an address for one use.
func (s *Sim) openConnection(a *app) map[string]any {
	ticket := s.newUUID()
	a.tickets[ticket] = true
	host := strings.TrimPrefix(s.url, "http://")
	return map[string]any{"url": "ws://" + host + "/link/?ticket=" + ticket + "&app_id=" + a.id}
}

// serveSocket is the websocket endpoint; it is called without the lock.
func (s *Sim) serveSocket(w http.ResponseWriter, r *http.Request) {
	a := s.redeem(r.URL.Query().Get("app_id"), r.URL.Query().Get("ticket"))
	if a == nil {
		http.Error(w, "unknown or used ticket", http.StatusNotFound)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &socket{app: a, conn: conn, wake: make(chan struct{}, 1), done: make(chan struct{})}
	if refusal := s.attach(c); refusal != "" {
		c.refuse(refusal)
		return
	}
	defer s.running.Done()
	c.read()
	s.detach(c)
}

func (s *Sim) redeem(appID, ticket string) *app {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.apps {
		if a.id == appID && a.tickets[ticket] {
			delete(a.tickets, ticket)
			return a
		}
	}
	return nil
}

// attach greets a new connection, or returns the reason why it may not stay.
func (s *Sim) attach(c *socket) (refusal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := c.app
	switch {
	case s.closed, a.disabled:
		return "link_disabled"
	case len(a.sockets) >= maxSockets:
		return "too_many_websockets"
	}
	a.sockets = append(a.sockets, c)
	c.push(rawJSON(map[string]any{
		"type": "hello", "num_connections": len(a.sockets),
		"debug_info":      map[string]any{"host": "applink-slacksim", "build_number": 1, "approximate_connection_time": connectionTime},
		"connection_info": map[string]any{"app_id": a.id},
	}))
	s.running.Add(1) // for the caller, which goes on to read
	s.running.Go(c.write)
	s.touch()
	return ""
}

// refuse tells a connection why it may not stay and closes it; it is called
// without the lock, as the other side may be slow to read.
func (c *socket) refuse(reason string) {
	c.app.s.mu.Lock()
	frame := c.app.disconnectFrame(reason)
	c.app.s.mu.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	_ = c.conn.WriteJSON(frame) // it is closed either way
	c.cut()
}

func (s *Sim) detach(c *socket) {
	c.cut()
	s.mu.Lock()
	defer s.mu.Unlock()
	a := c.app
	a.sockets = slices.DeleteFunc(a.sockets, func(other *socket) bool { return other == c })
	if c.grace != nil {
		c.grace.Stop()
	}
	a.lost(c)
	s.touch()
}

// push queues a frame.
func (c *socket) push(frame []byte) {
	c.queue = append(c.queue, frame)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// cut closes the connection; it may be called more than once, with or without
// the lock.
func (c *socket) cut() {
	c.once.Do(func() {
		close(c.done)
		_ = c.conn.Close()
	})
}

// write sends queued frames and pings until the connection ends.
func (c *socket) write() {
	defer c.cut()
	ticker := time.NewTicker(c.app.s.opts.PingInterval)
	defer ticker.Stop()
	if c.ping() != nil {
		return
	}
	for {
		select {
		case <-c.done:
			return
		case <-ticker.C:
			if c.ping() != nil {
				return
			}
		case <-c.wake:
			if c.drain() != nil {
				return
			}
		}
	}
}

func (c *socket) ping() error {
	return c.conn.WriteControl(websocket.PingMessage, []byte("slacksim"), time.Now().Add(10*time.Second))
}

// drain writes what is queued; an error ends the connection.
func (c *socket) drain() error {
	c.app.s.mu.Lock()
	frames, last := c.queue, c.last
	c.queue = nil
	c.app.s.mu.Unlock()
	for _, f := range frames {
		if err := c.conn.WriteMessage(websocket.TextMessage, f); err != nil {
			return err
		}
	}
	if last {
		return net.ErrClosed
	}
	return nil
}

// read takes acknowledgements until the connection ends.
func (c *socket) read() {
	for {
		_, data, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		if len(data) >= maxAck {
			continue // Slack drops it without a word
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(data, &ack) != nil {
			continue
		}
		c.app.s.mu.Lock()
		c.app.acked(ack.EnvelopeID, ack.Payload)
		c.app.s.mu.Unlock()
	}
}

func (a *app) disconnectFrame(reason string) map[string]any {
	return map[string]any{
		"type": "disconnect", "reason": reason, "num_connections": len(a.sockets),
		"debug_info":      map[string]any{"host": "applink-slacksim"},
		"connection_info": map[string]any{"app_id": a.id},
	}
}

// Connections is the number of open sockets over all apps.
func (s *Sim) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.apps {
		n += len(a.sockets)
	}
	return n
}

// DropSockets cuts every socket without a word.
func (s *Sim) DropSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.apps {
		for _, c := range a.sockets {
			c.cut()
		}
	}
}

// Disconnect sends a disconnect message on every socket: "warning" and
// "refresh_requested" leave it open for Options.DisconnectGrace, every other
// reason closes it after the message; "link_disabled" also refuses what connects later.
func (s *Sim) Disconnect(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	announced := reason == "warning" || reason == "refresh_requested"
	for _, a := range s.apps {
		a.disabled = a.disabled || reason == "link_disabled"
		for _, c := range a.sockets {
			c.leaving, c.last = true, !announced
			c.push(rawJSON(a.disconnectFrame(reason)))
			if announced {
				c.grace = time.AfterFunc(s.opts.DisconnectGrace, c.cut)
			}
		}
	}
}

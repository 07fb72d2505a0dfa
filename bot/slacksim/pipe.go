package slacksim

import (
	"context"
	"net"
	"sync"
)

// Pipe is a listener in memory. A test in a testing/synctest bubble gives it to
// Options.Listener and its DialContext to the client, so that no real network
// keeps virtual time from passing. It is made with NewPipe.
type Pipe struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// NewPipe returns a listener to which DialContext connects.
func NewPipe() *Pipe {
	return &Pipe{conns: make(chan net.Conn), done: make(chan struct{})}
}

// Accept waits for the next connection.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and DialContext; connections stay open. It is safe twice.
func (p *Pipe) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

// Addr is a name that only stands in URLs.
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

// DialContext connects whatever the address; it fits http.Transport and
// websocket.Dialer.
func (p *Pipe) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "slack.test" }

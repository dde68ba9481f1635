package model

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"verbatim/bot/model/modeltest"
)

// pipes is a network of net.Pipe, which unlike a real one can be in a bubble of
// synctest.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept is the server's end of the next connection.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close refuses further connections.
func (p *pipes) Close() error { p.once.Do(func() { close(p.closed) }); return nil }

// Addr is an address that nothing else is asked at.
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inMemory runs a test of time limits with a server and a client of its own in a
// bubble, where they are kept to the millisecond on any machine.
func inMemory(t *testing.T, reply func(modeltest.Request) modeltest.Reply, o Options, f func(*testing.T, *modeltest.Server, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		s := modeltest.NewWith(t, modeltest.Options{Reply: reply, Listen: func(string) (net.Listener, error) { return p, nil }})
		o.Transport = &http.Transport{DialContext: p.dial}
		f(t, s, newClient(t, s, o))
	})
}

package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// The tests run in synctest bubbles: a gateway made of net.Pipe, and a clock
// that jumps, so that real intervals and waits are checked to the millisecond.

const (
	testToken = "a-token-that-nobody-may-see"
	firstURL  = "ws://first.test/?first=1"
	resumeURL = "ws://resume.test/"
	// patience is how long a test waits, in the bubble's time.
	patience = 12 * time.Hour
)

// pipes is a network of net.Pipe.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// fake is a gateway without will: tests say what its peers send.
type fake struct {
	t     *testing.T
	pipes *pipes
	peers chan *peer
	// dial is asked before each connection; nil: all may connect.
	dial  func(host string) error
	dials chan dialed
	mu    sync.Mutex
	info  Info // guarded by mu once a client runs
}

// remaining changes how many sessions are left.
func (f *fake) remaining(change func(int) int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.info.Remaining = change(f.info.Remaining)
	return f.info.Remaining
}

type dialed struct {
	host string
	at   time.Time
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		t: t, pipes: &pipes{conns: make(chan net.Conn), done: make(chan struct{})},
		peers: make(chan *peer, 1000), dials: make(chan dialed, 1000),
		info: Info{URL: firstURL, Shards: 1, MaxConcurrency: 1, Remaining: 1000, ResetAfter: 10 * time.Hour},
	}
	server := &http.Server{Handler: f}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(f.pipes) }()
	t.Cleanup(func() { _ = server.Close(); <-served })
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		f.t.Errorf("upgrade: %v", err)
		return
	}
	u := *r.URL
	u.Host = r.Host
	f.peers <- newPeer(f.t, ws, &u)
}

func (f *fake) dialContext(ctx context.Context, _, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	select {
	case f.dials <- dialed{host, time.Now()}:
	default: // nobody counts so many
	}
	if f.dial != nil {
		if err := f.dial(host); err != nil {
			return nil, err
		}
	}
	ours, theirs := net.Pipe()
	select {
	case f.pipes.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// packetIn is what a peer received.
type packetIn struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	at   time.Time
}

// peer is the far end of one connection.
type peer struct {
	t      *testing.T
	ws     *websocket.Conn
	url    *url.URL
	got    chan packetIn
	closed chan int    // the code of the close, -1 for none
	acks   atomic.Bool // answer heartbeats
	// out is what is to be sent: net.Pipe blocks where a socket buffers.
	out  chan func()
	done chan struct{} // closed when reading has ended
}

func newPeer(t *testing.T, ws *websocket.Conn, u *url.URL) *peer {
	p := &peer{t: t, ws: ws, url: u, got: make(chan packetIn, 10000), closed: make(chan int, 1), out: make(chan func(), 10000), done: make(chan struct{})}
	p.acks.Store(true)
	go p.read()
	go p.writeAll()
	return p
}

func (p *peer) read() {
	defer close(p.done)
	for {
		_, data, err := p.ws.ReadMessage()
		if err != nil {
			code := -1
			if closed := (*websocket.CloseError)(nil); errors.As(err, &closed) {
				code = closed.Code
			}
			p.closed <- code
			_ = p.ws.Close()
			return
		}
		in := packetIn{at: time.Now()}
		if err := json.Unmarshal(data, &in); err != nil {
			p.t.Errorf("client sent %q: %v", data, err)
		}
		if len(data) > maxSend {
			p.t.Errorf("client sent %d bytes, more than %d", len(data), maxSend)
		}
		ack := in.Op == opHeartbeat && p.acks.Load() // as it stood when it came
		p.got <- in
		if ack {
			p.send(`{"op":11,"d":null}`)
		}
	}
}

func (p *peer) writeAll() {
	for {
		select {
		case write := <-p.out:
			write()
		case <-p.done:
			return
		}
	}
}

// send queues a frame; the client may be gone when its turn comes.
func (p *peer) send(frame string) {
	p.out <- func() { _ = p.ws.WriteMessage(websocket.TextMessage, []byte(frame)) }
}

func (p *peer) hello(interval time.Duration) {
	p.send(fmt.Sprintf(`{"op":10,"d":{"heartbeat_interval":%d}}`, interval.Milliseconds()))
}

func (p *peer) event(seq int, name, data string) {
	p.send(fmt.Sprintf(`{"op":0,"s":%d,"t":%q,"d":%s}`, seq, name, data))
}

func (p *peer) ready(seq int, session string) {
	p.event(seq, "READY", fmt.Sprintf(`{"v":9,"user":{"id":"11"},"application":{"id":"22"},"session_id":%q,"resume_gateway_url":%q,"guilds":[{"id":"1","unavailable":true}]}`, session, resumeURL))
}

// close ends the connection with a code, or abruptly with code 0.
func (p *peer) close(code int, reason string) {
	p.out <- func() {
		if code != 0 {
			_ = p.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
		}
		_ = p.ws.Close()
	}
}

// expect is the next packet of that kind; heartbeats before it are passed over.
func (p *peer) expect(op int) packetIn {
	p.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case in := <-p.got:
			if in.Op == op {
				return in
			}
			if in.Op != opHeartbeat {
				p.t.Fatalf("client sent packet %d %s, want %d", in.Op, in.Data, op)
			}
		case <-timeout:
			p.t.Fatalf("no packet %d came", op)
		}
	}
}

// closedWith is the code that the client closed with, -1 for none.
func (p *peer) closedWith() int {
	p.t.Helper()
	select {
	case code := <-p.closed:
		return code
	case <-time.After(patience):
		p.t.Fatal("client did not close")
		return 0
	}
}

// accept is the next connection.
func (f *fake) accept() *peer {
	f.t.Helper()
	select {
	case p := <-f.peers:
		return p
	case <-time.After(patience):
		f.t.Fatal("client did not connect")
		return nil
	}
}

// start brings a connection to READY.
func (f *fake) start(interval time.Duration) *peer {
	f.t.Helper()
	p := f.accept()
	p.hello(interval)
	p.expect(opIdentify)
	p.ready(1, "session-1")
	return p
}

// handled is an event that reached the handler.
type handled struct {
	shard int
	event string
	data  string
	at    time.Time
}

// running is a client at work.
type running struct {
	*Client
	t      *testing.T
	events chan handled
	stop   context.CancelFunc
	done   chan error
	logs   *bytes.Buffer // read it after the client ended
}

// run starts a client against the gateway and stops it at the test's end.
// Jitter is 0 unless options say otherwise.
func run(t *testing.T, f *fake, change func(*Options)) *running {
	t.Helper()
	r := &running{t: t, events: make(chan handled, 10000), done: make(chan error, 1), logs: &bytes.Buffer{}}
	o := Options{
		Token: "Bot " + testToken, Intents: 513, Random: func() float64 { return 0 },
		URL: func(context.Context) (*Info, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			info := f.info
			return &info, nil
		},
		Handle: func(shard int, event string, data json.RawMessage) {
			r.events <- handled{shard, event, string(data), time.Now()}
		},
		Log:    slog.New(slog.NewTextHandler(&lockedWriter{w: r.logs}, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Dialer: &websocket.Dialer{NetDialContext: f.dialContext},
	}
	if change != nil {
		change(&o)
	}
	var err error
	if r.Client, err = New(o); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	go func() { r.done <- r.Client.Run(ctx) }()
	t.Cleanup(func() {
		if err := r.end(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if bytes.Contains(r.logs.Bytes(), []byte(testToken)) {
			t.Errorf("the token is in the log:\n%s", r.logs)
		}
	})
	return r
}

// end stops the client and returns what Run returned, nil the second time.
func (r *running) end() error {
	r.stop()
	return r.wait()
}

// wait returns what Run returned.
func (r *running) wait() error {
	r.t.Helper()
	select {
	case err, ok := <-r.done:
		if ok {
			close(r.done)
		}
		return err
	case <-time.After(patience):
		return errors.New("run did not end")
	}
}

func (r *running) next() handled {
	r.t.Helper()
	select {
	case h := <-r.events:
		return h
	case <-time.After(patience):
		r.t.Fatal("no event came")
		return handled{}
	}
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// Package modeltest is an OpenAI-compatible server for tests, on loopback, with
// computable replies and every fault.
//
// [New] starts one whose replies a function of the test makes from the parsed
// [Request]; [Server.Inject] spoils calls by a [Fault], [Server.Kill] ends it
// like a process that dies. Bad sentences for it to say are made by
// [WrongNumber] and its kin. It knows nothing of the prompts.
package modeltest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// What a server answers to unless its Options say otherwise.
const (
	Key   = "modeltest-key-3f9a51c07b"
	Model = "modeltest"
)

// Options are those of Start. The zero value works: a server that says "OK.".
type Options struct {
	// Reply makes the reply of a call; it may be called by several goroutines
	// at once.
	Reply func(Request) Reply
	// Key is the bearer token that is wanted, "" for the constant Key, "-" for
	// none. Model is the only one there is, "" for the constant Model.
	Key, Model string
	// Window is the model's context in tokens: longer prompts are refused, as
	// [Server.Count] counts them. 0 is no limit.
	Window int
	// Models is the JSON that GET /models answers, "" for one that tells the
	// model and, with TellWindow, its window as vLLM does; "-" for 404.
	Models     string
	TellWindow bool
	// Refuse are fields of requests that are refused with status 400, and the
	// role "system". A message in RefuseAs[field] is what the refusal says.
	Refuse   []string
	RefuseAs map[string]string
	// After makes the channels that delays wait for; nil is time.After.
	After func(time.Duration) <-chan time.Time
	// Listen opens what the server is reached by at an address, "" for any; nil
	// is TCP on loopback. With one in memory it can be in a bubble of synctest.
	Listen func(address string) (net.Listener, error)
}

// Server is a language model that tells lies to order. Safe for concurrent
// use.
type Server struct {
	o       Options
	address string

	mu       sync.Mutex
	changed  chan struct{} // closed and renewed when anything changes
	running  *http.Server
	done     chan struct{} // closed when running has stopped serving
	conns    map[net.Conn]bool
	requests []Request
	asked    int // of /models
	underWay int
	killAt   int
	injected []injection
}

type injection struct {
	when  func(call int) bool
	spoil Fault
}

// New starts a server that stops with the test; reply may be nil.
func New(t testing.TB, reply func(Request) Reply) *Server {
	t.Helper()
	return NewWith(t, Options{Reply: reply})
}

// NewWith is New with more to choose.
func NewWith(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatalf("start the model server: %v", err)
	}
	t.Cleanup(s.Kill)
	return s
}

// Start starts a server for where no test is at hand; Kill ends it.
func Start(o Options) (*Server, error) {
	if o.Reply == nil {
		o.Reply = Say("OK.")
	}
	if o.Key == "" {
		o.Key = Key
	}
	if o.Model == "" {
		o.Model = Model
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Listen == nil {
		o.Listen = listenTCP
	}
	s := &Server{o: o, changed: make(chan struct{}), conns: map[net.Conn]bool{}}
	if err := s.Revive(); err != nil {
		return nil, err
	}
	return s, nil
}

// URL is the base address, with "/v1".
func (s *Server) URL() string { return "http://" + s.address + "/v1" }

// Kill ends the server like a process that dies: connections are cut, new ones
// refused. It may be called again.
func (s *Server) Kill() {
	s.mu.Lock()
	running, done := s.running, s.done
	s.running = nil
	s.mu.Unlock()
	if running == nil {
		return
	}
	running.Close() // an error closing the listener leaves nothing to do
	<-done
}

// listenTCP listens on loopback.
func listenTCP(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	return net.Listen("tcp", address)
}

// Revive starts a killed server anew at its old address.
func (s *Server) Revive() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		return errors.New("revive the model server: it runs")
	}
	listener, err := s.o.Listen(s.address)
	if err != nil {
		return fmt.Errorf("listen as the model server: %w", err)
	}
	s.address = listener.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	mux.HandleFunc("GET /v1/models", s.models)
	running := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute, ConnState: s.connState}
	done := make(chan struct{})
	s.running, s.done = running, done
	go func() {
		defer close(done)
		running.Serve(listener) // always an error: that it was closed
	}()
	return nil
}

func (s *Server) connState(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateClosed || state == http.StateHijacked {
		delete(s.conns, c)
	} else {
		s.conns[c] = true
	}
	s.changes()
}

// changes wakes whoever waits. s.mu is held.
func (s *Server) changes() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Count is the server's count of the tokens of a text: one for every four
// bytes begun.
func (s *Server) Count(text string) int { return (len(text) + 3) / 4 }

// KillAt kills the server when the call number n comes, counted from 1; the
// call is cut.
func (s *Server) KillAt(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killAt = n
}

// Inject spoils all calls whose number, counted from 1, when says yes to; nil
// is all. See [OnCall], [EveryCall] and [FromCall].
func (s *Server) Inject(when func(call int) bool, spoil Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected = append(s.injected, injection{when, spoil})
}

// Heal ends all that was injected.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injected, s.killAt = nil, 0
}

// OnCall is for Inject: the calls of these numbers.
func OnCall(numbers ...int) func(int) bool {
	return func(call int) bool { return slices.Contains(numbers, call) }
}

// EveryCall is for Inject: every nth call.
func EveryCall(n int) func(int) bool { return func(call int) bool { return call%n == 0 } }

// FromCall is for Inject: call n and all later ones.
func FromCall(n int) func(int) bool { return func(call int) bool { return call >= n } }

// Calls is how many completions were asked for with the right key, refused
// and cut ones included.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// Requests are those of all calls, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Last is the latest request, the zero value when there was none.
func (s *Server) Last() Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		return Request{}
	}
	return s.requests[len(s.requests)-1]
}

// ModelsAsked is how often /models was asked for.
func (s *Server) ModelsAsked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// OpenConnections is how many connections clients hold.
func (s *Server) OpenConnections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// UnderWay is how many calls are being answered.
func (s *Server) UnderWay() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.underWay
}

// Wait waits until what holds of the server, or for the end of ctx. What is
// asked whenever a call or a connection comes or goes.
func (s *Server) Wait(ctx context.Context, what func(*Server) bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if what(s) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the model server: %w", ctx.Err())
		}
	}
}

// WaitCalls waits until n calls have come, and fails the test when they do not
// within two minutes.
func (s *Server) WaitCalls(t testing.TB, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := s.Wait(ctx, func(s *Server) bool { return s.Calls() >= n }); err != nil {
		t.Fatalf("%d calls came, want %d: %v", s.Calls(), n, err)
	}
}

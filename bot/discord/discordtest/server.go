package discordtest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a Discord. Make one with New.
type Server struct {
	t    testing.TB
	o    Options
	http *httptest.Server
	host string // "127.0.0.1:PORT"
	spec *openAPI

	mu      sync.Mutex
	changed chan struct{} // closed and renewed when anything changes
	offset  time.Duration
	closed  bool
	lastID  uint64
	oldIDs  uint64

	appID        string
	bot          *User
	users        map[string]*User // by ID
	guilds       map[string]*Guild
	channels     map[string]*Channel
	roles        map[string]*Role
	inters       map[string]*interaction // by ID
	interByToken map[string]*interaction
	interOrder   []*interaction
	messages     map[string]*message
	nonces       map[string]nonceSeen
	commands     map[string][]*command // by guild, "" global
	commandPuts  int
	files        map[string]*stored
	fileOrder    []string

	violations []string
	dropped    int // violations beyond those kept
	stats      Stats
	latencies  []time.Duration
	buckets    map[string]*bucket
	global     bucket
	faultRate  float64
	faultRand  *rand.Rand
	scripted   []*script
	elsewhere  int

	gw *Gateway
}

type nonceSeen struct {
	m  *message
	at time.Time
}

// New starts a server that stops with the test. The test fails when the bot
// broke a rule, see [Server.Violations].
func New(t testing.TB, options ...Options) *Server {
	t.Helper()
	var o Options
	if len(options) > 0 {
		o = options[0]
	}
	o.setDefaults()
	s := &Server{
		t: t, o: o, changed: make(chan struct{}),
		users: map[string]*User{}, guilds: map[string]*Guild{}, channels: map[string]*Channel{}, roles: map[string]*Role{},
		inters: map[string]*interaction{}, interByToken: map[string]*interaction{}, messages: map[string]*message{},
		nonces: map[string]nonceSeen{}, commands: map[string][]*command{}, files: map[string]*stored{}, buckets: map[string]*bucket{},
	}
	s.stats.Requests = map[string]int{}
	s.stats.Statuses = map[int]int{}
	s.stats.Faults = map[Fault]int{}
	s.appID = s.oldID()
	s.bot = &User{ID: s.appID, Name: "verbatim", s: s, bot: true, locale: "en-US"}
	s.users[s.bot.ID] = s.bot
	s.gw = newGateway(s)
	if !o.NoSchema {
		s.spec = officialDescription(t)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen on loopback: %v", err)
	}
	s.http = &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(s.serve), ErrorLog: quiet()}}
	s.host = listener.Addr().String()
	s.http.Start()
	t.Cleanup(s.close)
	return s
}

func (s *Server) close() {
	s.mu.Lock()
	s.closed = true
	s.notify()
	s.mu.Unlock()
	s.gw.shutdown()
	s.http.CloseClientConnections()
	s.http.Close()
	for _, v := range s.TakeViolations() {
		s.t.Errorf("discordtest: %s", v)
	}
}

// URL is the base of the REST API: "http://127.0.0.1:PORT/api/v9".
func (s *Server) URL() string { return "http://" + s.host + "/api/v9" }

// CDNBase is where attachments are: "http://127.0.0.1:PORT".
func (s *Server) CDNBase() string { return "http://" + s.host }

// Host is the server's "127.0.0.1:PORT".
func (s *Server) Host() string { return s.host }

// Token is the bot's token, without the prefix "Bot ".
func (s *Server) Token() string { return s.o.Token }

// AppID is the application's ID, which is also the bot's user ID.
func (s *Server) AppID() string { return s.appID }

// Bot is the bot's user.
func (s *Server) Bot() *User { return s.bot }

// Gateway gives access to the gateway's misbehaviour and statistics.
func (s *Server) Gateway() *Gateway { return s.gw }

// Advance moves the server's clock forward: deadlines, tokens, rate limits.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.notify()
}

// Now is the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return s.o.Now().Add(s.offset) }

// notify wakes all that wait for something. s.mu is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await blocks until f, called with s.mu held, is true; false when the time
// was over or the server closed.
func (s *Server) await(f func() bool) bool {
	return s.awaitFor(s.o.Wait, f)
}

func (s *Server) awaitFor(d time.Duration, f func() bool) bool {
	timeout := time.NewTimer(d)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		ok, closed, changed := f(), s.closed, s.changed
		s.mu.Unlock()
		if ok || closed {
			return ok
		}
		select {
		case <-changed:
		case <-timeout.C:
			s.mu.Lock()
			defer s.mu.Unlock()
			return f()
		}
	}
}

// Await blocks until f is true, which is asked whenever anything changed on
// the server, and ends the test when the deadline passes first.
func (s *Server) Await(what string, f func() bool) {
	s.t.Helper()
	if !s.awaitOutside(f) {
		s.t.Fatalf("discordtest: no %s within %v", what, s.o.Wait)
	}
}

// awaitOutside is await of an f that is called without s.mu.
func (s *Server) awaitOutside(f func() bool) bool {
	deadline := time.NewTimer(s.o.Wait)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if f() {
			return true
		}
		select {
		case <-changed:
		case <-deadline.C:
			return false
		}
	}
}

// maxViolations bounds what is kept of a bot that breaks a rule in a loop.
const maxViolations = 200

// violate notes a broken rule. s.mu is held.
func (s *Server) violate(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if len(s.violations) >= maxViolations {
		s.dropped++
		return
	}
	if !slices.Contains(s.violations, text) {
		s.violations = append(s.violations, text)
	}
}

// Violations are the rules that were broken so far, each once.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// TakeViolations returns the violations so far and forgets them, for tests
// that break rules on purpose.
func (s *Server) TakeViolations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.violations
	if s.dropped > 0 {
		v = append(v, fmt.Sprintf("and %d more", s.dropped))
	}
	s.violations, s.dropped = nil, 0
	return v
}

// serve sends requests to their part of the server.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch p := r.URL.Path; {
	case strings.HasPrefix(p, "/api/v9/"), strings.HasPrefix(p, "/api/v10/"):
		s.serveREST(w, r)
	case strings.HasPrefix(p, gatewayPath), strings.HasPrefix(p, resumePath):
		s.gw.serve(w, r)
	case strings.HasPrefix(p, "/attachments/"):
		s.serveFile(w, r)
	case strings.HasPrefix(p, elsewherePath):
		s.serveElsewhere(w, r)
	default:
		http.NotFound(w, r)
	}
}

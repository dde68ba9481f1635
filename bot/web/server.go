package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"verbatim/bot"
)

const (
	// headTime is how long a client may take to send its request's head.
	headTime = 10 * time.Second
	// idleTime is how long a connection is kept for another request.
	idleTime = 2 * time.Minute
	// drainTime is how long requests under way may take once the server stops.
	drainTime = 5 * time.Second
	// maxConnections bounds those that are open at once; more wait.
	maxConnections = 2000
	// maxHead bounds the head of a request, in bytes.
	maxHead = 16 << 10
)

// Options are the choices in serving pages; the zero value of each works.
type Options struct {
	// Model names the language model that answers, as people are told of it; ""
	// is none.
	Model string
	// Invite is the address that adds the bot to a Discord server, "" while it
	// is not known. It may be nil.
	Invite func() string
	// Discord tells how the connections to Discord fare; nil without any.
	Discord func() []Shard
	// Queue tells how many questions of Discord are at work and how many wait; nil
	// without Discord.
	Queue func() (running, waiting int)
	// PublicURL is the address under which visitors reach the first page, "" the
	// one that they ask.
	PublicURL string
	// PagesPerMinute and CostlyPerMinute are how many pages, and how many answers,
	// summaries and searches, one address may ask for; 0 is 600 and 30.
	PagesPerMinute, CostlyPerMinute int
	// Log gets what an operator may want to look up; nil discards it.
	Log *slog.Logger
}

// Shard is a connection to Discord.
type Shard struct {
	ID int
	// Ready is true while it is connected; Status is one word for it.
	Ready  bool
	Status string
	// Since is when that began.
	Since time.Time
	// Latency is how long Discord took to answer the last heartbeat, 0 unknown.
	Latency time.Duration
	// Guilds is the number of servers on it.
	Guilds int
}

// Server serves the pages. Make it with [New].
type Server struct {
	bot     *bot.Bot
	options Options
	log     *slog.Logger
	pages   pages
	handler http.Handler
	limits  *limits
	working chan struct{} // holds a value for each costly request at work
	limited atomic.Int64  // requests refused because they came too soon
	active  sync.WaitGroup
	finding chan struct{} // holds a value for each making of chapters at work
	// base ends, by end, when what is made beside requests must.
	base  context.Context
	end   context.CancelFunc
	meter *meter
	here  atomic.Bool // only this machine reaches it
}

// New makes a server for a bot.
func New(b *bot.Bot, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		bot: b, options: o, log: o.Log, limits: newLimits(o), working: make(chan struct{}, costlyAtOnce),
		finding: make(chan struct{}, chaptersAtOnce),
	}
	s.base, s.end = context.WithCancel(context.Background())
	var err error
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	s.meter = newMeter(s)
	mux := http.NewServeMux()
	s.assetRoutes(mux)
	s.episodeRoutes(mux)
	s.askRoutes(mux)
	s.healthRoutes(mux)
	s.handler = s.guard(mux)
	return s, nil
}

// Handler is all that is served.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve serves on the listener until ctx ends, then lets what is under way end
// for some seconds.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		s.here.Store(a.IP.IsLoopback())
	}
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHead,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(netutil.LimitListener(l, maxConnections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		server.Close() // ends the requests' contexts
	}
	s.end()
	s.active.Wait() // whoever called closes the library next
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

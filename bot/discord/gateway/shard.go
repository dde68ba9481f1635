package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// maxResumeDials is how often resume_gateway_url may be out of reach before
	// the first address is tried instead.
	maxResumeDials = 2
	// maxUnanswered is how often a resume may end without RESUMED, READY or an
	// invalid session before a new session is begun.
	maxUnanswered = 4
	// slowHandler is how long Handle may take before it is logged: heartbeats
	// wait for it.
	slowHandler = time.Second
)

// shard is one of the bot's connections, over all that follow each other.
type shard struct {
	client          *Client
	id, count       int
	log             *slog.Logger
	presenceChanged chan struct{}

	// mu guards the state and the heartbeats of the present connection.
	mu    sync.Mutex
	state State
	// beatSent is when the last heartbeat was sent; unanswered says that a
	// timed one was, and nothing came since.
	beatSent   time.Time
	unanswered bool

	// The rest belongs to the goroutine of run.
	session session
}

// session is what Discord keeps for a shard beyond one connection.
type session struct {
	id  string // "" when there is none to resume
	seq *int64 // number of the last event that was handled
	// resumeURL is where to resume, nil for the first address.
	resumeURL *url.URL
	// dials counts resumes in a row that did not reach a gateway, unanswered
	// those that reached one and got no answer.
	dials, unanswered int
	// presence is the number of the presence that Discord has.
	presence int
}

// ending is how a connection ended.
type ending struct {
	// err is the reason, nil when our context ended or Discord asked for it.
	err error
	// code to close with, 0 when there is nobody left to tell.
	code int
	// fresh: the session cannot be resumed.
	fresh bool
	// pause: Discord wants us to wait before the next session.
	pause bool
	// fatal: connecting again is of no use.
	fatal bool
	// planned: Discord asked for it, or our context ended.
	planned bool
	// ready is when READY or RESUMED came, zero for never.
	ready time.Time
}

// closeResumable is the code that we close with. Of our codes only 1000 and
// 1001 end the session.
const closeResumable = 4000

func newShard(c *Client, id, count int) *shard {
	return &shard{
		client: c, id: id, count: count,
		log:             c.options.Log.With("shard", id),
		presenceChanged: make(chan struct{}, 1),
		state:           State{Shard: id, Status: StatusWaiting, Since: time.Now().UTC()},
	}
}

// run connects again and again until the context ends or an ending is fatal.
func (s *shard) run(ctx context.Context) error {
	defer s.setStatus(StatusStopped)
	failures := 0
	for {
		end := s.connect(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case end.fatal || errors.Is(end.err, ErrToken):
			return end.err
		}
		failures++
		if !end.ready.IsZero() && time.Since(end.ready) >= stableAfter {
			failures = 0
		}
		if end.fresh {
			s.session = session{}
		}
		wait := s.client.options.Backoff(failures)
		if end.pause {
			wait = max(wait, s.client.options.Pause())
		}
		s.logEnding(end, wait)
		s.setStatus(StatusWaiting)
		s.update(func(st *State) { st.Failures = failures })
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

func (s *shard) logEnding(end ending, wait time.Duration) {
	level, reason := slog.LevelInfo, "discord asked for it"
	if end.err != nil {
		reason = s.client.redact(end.err.Error())
	}
	if !end.planned {
		level = slog.LevelWarn
	}
	s.log.Log(context.Background(), level, "gateway connection ended", "reason", reason, "resumable", s.session.id != "", "wait", wait)
}

// connect makes one connection and serves it to its end.
func (s *shard) connect(ctx context.Context) ending {
	if s.session.id != "" {
		return s.resume(ctx)
	}
	info, release, err := s.client.identify.acquire(ctx, s.id)
	if err != nil {
		return ending{err: err, fresh: true}
	}
	// The bucket is held until the identify is sent, so that a slow dial does
	// not bring two identifies close together.
	var once sync.Once
	done := func(sent bool) { once.Do(func() { release(sent) }) }
	defer done(false)
	u, err := address(info.URL)
	if err != nil {
		return ending{err: err, fresh: true}
	}
	ws, err := s.dial(ctx, u)
	if err != nil {
		return ending{err: err, fresh: true}
	}
	c := newConnection(s, ws)
	c.identified = func() { done(true) }
	return c.serve(ctx)
}

func (s *shard) resume(ctx context.Context) ending {
	u := s.session.resumeURL
	if u == nil || s.session.dials >= maxResumeDials {
		var err error
		if u, err = address(s.client.identify.url()); err != nil {
			return ending{err: err, fresh: true}
		}
	}
	ws, err := s.dial(ctx, u)
	if err != nil {
		s.session.dials++
		return ending{err: err}
	}
	s.session.unanswered++
	end := newConnection(s, ws).serve(ctx)
	if end.ready.IsZero() && s.session.unanswered >= maxUnanswered {
		end.fresh = true
	}
	return end
}

// dial opens a websocket. Its errors do not hold the token, since addresses do
// not.
func (s *shard) dial(ctx context.Context, u *url.URL) (*websocket.Conn, error) {
	s.setStatus(StatusConnecting)
	ctx, cancel := context.WithTimeout(ctx, s.client.options.HelloTimeout)
	defer cancel()
	ws, response, err := s.client.options.Dialer.DialContext(ctx, u.String(), nil)
	switch {
	case err != nil && response != nil:
		return nil, fmt.Errorf("dial gateway %s: HTTP status %d: %w", u.Host, response.StatusCode, err)
	case err != nil:
		return nil, fmt.Errorf("dial gateway %s: %w", u.Host, err)
	}
	ws.SetReadLimit(maxReceive)
	return ws, nil
}

// dispatch hands an event to the handler and outlives what it does.
func (s *shard) dispatch(f frame) {
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("event handler panicked", "event", f.Type, "panic", s.client.redact(fmt.Sprint(p)), "stack", string(debug.Stack()))
		}
		if took := time.Since(began); took > slowHandler {
			s.log.Warn("event handler is slow and holds up the heartbeats", "event", f.Type, "took", took)
		}
	}()
	s.client.options.Handle(s.id, f.Type, f.Data)
}

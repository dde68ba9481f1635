package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// writeWait is how long one frame may take to send.
	writeWait = 10 * time.Second
	// closeWait is how long the other side may take to answer a close.
	closeWait = time.Second
	// Sends allowed in sendSpan on one connection [events/gateway: Rate
	// Limiting], and how many of them only the timed heartbeats may use.
	maxSends   = 120
	sendSpan   = 60 * time.Second
	spareSends = 10
	// Presence updates allowed in presenceSpan [events/gateway-events].
	maxPresences = 5
	presenceSpan = 20 * time.Second
)

// connection is one websocket from HELLO to its end. All but the reader
// belongs to the goroutine of serve.
type connection struct {
	shard *shard
	ws    *websocket.Conn
	// write sends one frame.
	write func([]byte) error
	// identified is called when an identify was sent.
	identified func()

	interval time.Duration // of heartbeats, 0 before HELLO
	beat     *time.Timer   // next heartbeat; stopped before HELLO
	deadline *time.Timer   // for HELLO, then READY or RESUMED; then stopped
	wake     *time.Timer   // when a presence that waits may be sent
	ready    time.Time     // when READY or RESUMED came

	sends, presences window
}

func newConnection(s *shard, ws *websocket.Conn) *connection {
	s.forgetBeats()
	c := &connection{
		shard: s, ws: ws,
		identified: func() {},
		beat:       stoppedTimer(),
		deadline:   time.NewTimer(s.client.options.HelloTimeout),
		wake:       stoppedTimer(),
		sends:      window{max: maxSends, span: sendSpan},
		presences:  window{max: maxPresences, span: presenceSpan},
	}
	c.write = func(data []byte) error {
		if err := ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
			return err
		}
		return ws.WriteMessage(websocket.TextMessage, data)
	}
	return c
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// serve works until the connection ends, closes it, and waits for its reader.
func (c *connection) serve(ctx context.Context) ending {
	frames := make(chan frame)
	failed := make(chan error, 1)
	closing := make(chan struct{})
	go c.read(frames, failed, closing)

	end := c.loop(ctx, frames, failed)
	end.ready = c.ready
	for _, t := range []*time.Timer{c.beat, c.deadline, c.wake} {
		t.Stop()
	}
	close(closing)
	if end.code != 0 {
		// The peer's own close is awaited: cutting the line at once can
		// overtake our code, or lose the peer's where sending failed first.
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(end.code, ""), time.Now().Add(closeWait))
		select {
		case err := <-failed:
			failed <- err
		case <-time.After(closeWait):
		}
	}
	_ = c.ws.Close() // nothing is lost by an error
	return end.with(c.lost(<-failed))
}

// with adds what the peer's close says to an ending of our own.
func (e ending) with(lost ending) ending {
	if lost.fatal {
		return lost
	}
	e.fresh = e.fresh || lost.fresh
	return e
}

// read hands on frames until reading fails, and then the error. Answers to
// heartbeats it notes itself, so that a slow handler makes no zombie.
func (c *connection) read(frames chan<- frame, failed chan<- error, closing <-chan struct{}) {
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			failed <- err
			return
		}
		f, ok := c.decode(data)
		if !ok {
			continue
		}
		select {
		case frames <- f:
		case <-closing: // unhandled, so a resume brings it again
		}
	}
}

// decode reads a frame and deals with those that need no order.
func (c *connection) decode(data []byte) (frame, bool) {
	f, err := decode(data)
	switch {
	case err != nil:
		c.shard.log.Warn("gateway frame is damaged and left out", "err", c.shard.client.redact(err.Error()))
		return f, false
	case f.Op == opHeartbeatAck:
		c.shard.ack()
		return f, false
	}
	return f, true
}

func (c *connection) loop(ctx context.Context, frames <-chan frame, failed chan error) ending {
	for {
		var end *ending
		select {
		case <-ctx.Done():
			return ending{code: websocket.CloseNormalClosure, planned: true}
		case err := <-failed:
			failed <- err // for serve
			return c.lost(err)
		case f := <-frames:
			end = c.handle(f)
		case <-c.beat.C:
			end = c.heartbeatDue()
		case <-c.deadline.C:
			end = &ending{err: errors.New("no HELLO, READY or RESUMED in time"), code: closeResumable}
		case <-c.shard.presenceChanged:
			end = c.sendPresence()
		case <-c.wake.C:
			end = c.sendPresence()
		}
		if end != nil {
			return *end
		}
	}
}

// lost says what a failed read means.
func (c *connection) lost(err error) ending {
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed) && fatalCodes[closed.Code] != nil:
		return ending{err: &FatalError{Code: closed.Code, Shard: c.shard.id}, fatal: true}
	case errors.As(err, &closed):
		return ending{err: fmt.Errorf("closed with code %d: %q", closed.Code, closed.Text), fresh: sessionLost(closed.Code)}
	case errors.Is(err, websocket.ErrReadLimit):
		// A resume would bring the same frame again.
		return ending{err: fmt.Errorf("read: frame of more than %d bytes", maxReceive), fresh: true}
	}
	return ending{err: fmt.Errorf("read: %w", err)}
}

// handle deals with a frame; a non-nil result ends the connection.
func (c *connection) handle(f frame) *ending {
	switch f.Op {
	case opHello:
		return c.hello(f)
	case opDispatch:
		c.event(f)
		return nil
	case opHeartbeat:
		return c.heartbeat(spareSends)
	case opReconnect:
		return &ending{code: closeResumable, planned: true}
	case opInvalidSession:
		var resumable bool
		_ = json.Unmarshal(f.Data, &resumable) // anything else is false
		resumable = resumable && c.shard.session.id != ""
		return &ending{err: errors.New("invalid session"), code: closeResumable, fresh: !resumable, pause: !resumable, planned: true}
	}
	return nil // kinds that are to come
}

// hello starts the heartbeats and identifies or resumes.
func (c *connection) hello(f frame) *ending {
	if c.interval != 0 {
		return nil // once is enough
	}
	interval, err := f.interval()
	if err != nil {
		return &ending{err: err, code: closeResumable}
	}
	s, o := c.shard, c.shard.client.options
	c.interval = interval
	c.beat.Reset(time.Duration(float64(interval) * o.Random()))
	c.deadline.Reset(o.HelloTimeout)
	if s.session.id != "" {
		return c.send(opResume, resume{Token: o.Token, Session: s.session.id, Seq: s.session.sequence()})
	}
	presence, version := s.client.currentPresence()
	s.session.presence = version
	// Counted first: what fails half way may have arrived.
	s.update(func(st *State) { st.Identifies++ })
	end := c.send(opIdentify, identify{
		Token: o.Token, Intents: o.Intents, Shard: [2]int{s.id, s.count}, Presence: presence,
		Properties: properties{OS: runtime.GOOS, Browser: "verbatim", Device: "verbatim"},
	})
	c.identified()
	return end
}

// event notes what the client itself needs, hands the event on, and then
// counts it as received.
func (c *connection) event(f frame) {
	s := c.shard
	switch f.Type {
	case "READY":
		var r ready
		if err := json.Unmarshal(f.Data, &r); err != nil {
			s.log.Warn("READY is damaged", "err", err)
		}
		s.begin(r)
		c.isReady("gateway session begun", "guilds", len(r.Guilds))
	case "RESUMED":
		s.session.dials, s.session.unanswered = 0, 0
		s.update(func(st *State) { st.Resumes++ })
		c.isReady("gateway session resumed")
	default:
		if c.ready.IsZero() { // a long replay
			c.deadline.Reset(s.client.options.HelloTimeout)
		}
	}
	s.dispatch(f)
	if f.Seq != nil {
		s.session.seq = f.Seq
	}
}

func (c *connection) isReady(message string, args ...any) {
	c.ready = time.Now()
	c.deadline.Stop()
	c.shard.setStatus(StatusReady)
	state := State{}
	c.shard.update(func(st *State) { state = *st })
	c.shard.log.Info(message, append(args, "identifies", state.Identifies, "resumes", state.Resumes)...)
	c.wake.Reset(0) // a presence may have changed meanwhile
}

// heartbeatDue ends a connection whose last heartbeat nobody answered, and
// sends the next one otherwise.
func (c *connection) heartbeatDue() *ending {
	if c.shard.beating() {
		return &ending{err: errHeartbeat, code: closeResumable}
	}
	c.beat.Reset(c.interval)
	return c.heartbeat(0)
}

// heartbeat sends one unless only spare sends are left. The timed ones pass
// none, so that requests for more cannot use up theirs.
func (c *connection) heartbeat(spare int) *ending {
	if c.sends.wait(time.Now(), spare) > 0 {
		return nil
	}
	c.shard.beaten(spare == 0)
	return c.send(opHeartbeat, c.shard.session.seq)
}

// sendPresence sends the newest presence if Discord does not have it, as soon
// as limits allow.
func (c *connection) sendPresence() *ending {
	presence, version := c.shard.client.currentPresence()
	if c.ready.IsZero() || version == c.shard.session.presence {
		return nil
	}
	now := time.Now()
	if wait := max(c.presences.wait(now, 0), c.sends.wait(now, spareSends)); wait > 0 {
		c.wake.Reset(wait)
		return nil
	}
	c.presences.add(now)
	c.shard.session.presence = version
	return c.send(opPresence, presence)
}

func (c *connection) send(op int, d any) *ending {
	data, err := encode(op, d)
	if err == nil {
		c.sends.add(time.Now())
		err = c.write(data)
	}
	if err != nil {
		return &ending{err: fmt.Errorf("send packet %d: %w", op, err), code: closeResumable}
	}
	return nil
}

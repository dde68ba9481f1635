package rest

import (
	"context"
	"math"
	"net/http"
	"reflect"
	"sync"
	"time"

	"verbatim/bot/discord/wire"
)

const (
	// defaultEditGap keeps edits of one answer under the 5 in 5 s that Discord
	// is observed to allow for one token.
	defaultEditGap = 1200 * time.Millisecond
	// editTry bounds one edit of a passing state, and so how long Close takes.
	editTry = 5 * time.Second
	// tokenLife is how long an interaction's token lives
	// [interactions/receiving-and-responding].
	tokenLife = 15 * time.Minute
)

// Editor changes the first answer to an interaction as its text grows: one edit
// at a time, a gap between two, and of states that came meanwhile the newest
// alone. It is to be closed; then, or with Final, its goroutine ends. Safe for
// concurrent use.
type Editor struct {
	client     *Client
	app, token string
	ctx        context.Context
	cancel     context.CancelFunc
	wake       chan struct{}
	done       chan struct{} // closed when the goroutine has ended; nil before it started
	began      time.Time     // when the interaction came

	mutex  sync.Mutex
	newest *wire.Outgoing
	sent   *wire.Outgoing
	closed bool
}

// Coalesced makes an editor for the answer to an interaction that came just
// now.
func (c *Client) Coalesced(app, token string) *Editor {
	return c.CoalescedSince(app, token, time.Now())
}

// CoalescedSince makes an editor for the answer to an interaction that came at
// that time, so that Final knows how long the token lives.
func (c *Client) CoalescedSince(app, token string, began time.Time) *Editor {
	e := &Editor{client: c, app: app, token: token, began: began, wake: make(chan struct{}, 1)}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e
}

// Update shows a state when its turn comes, unless a newer one does before. It
// does not wait. After Close it does nothing.
func (e *Editor) Update(m wire.Outgoing) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.closed {
		return
	}
	e.newest = &m
	if e.done == nil {
		e.done = make(chan struct{})
		go e.run()
	}
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// run edits until the editor is closed.
func (e *Editor) run() {
	defer close(e.done)
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-e.wake:
		}
		m := e.take()
		if m == nil {
			continue
		}
		// A state that fails is stale before it could be tried often.
		q := webhook(http.MethodPatch, e.app, e.token, "@original", v2(m.Safe()))
		q.tries, q.timeout, q.whole = 2, editTry, true
		_, err := e.client.do(e.ctx, q, nil)
		if err != nil {
			e.client.options.Log.Debug("a state of an answer was not shown", "error", err)
		}
		if IsExpired(err) || IsGone(err) || IsForbidden(err) {
			e.refuse()
			return
		}
		if sleep(e.ctx, e.client.options.EditGap) != nil {
			return
		}
	}
}

// take is the newest state, nil when it is shown already or the editor closed.
func (e *Editor) take() *wire.Outgoing {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	m := e.newest
	e.newest = nil
	if m == nil || e.closed || e.sent != nil && reflect.DeepEqual(m, e.sent) {
		return nil
	}
	e.sent = m
	return m
}

// refuse takes no more states.
func (e *Editor) refuse() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.closed = true
}

// Close drops what is not shown yet, waits for an edit under way to end, at
// most 5 s, and stops. Afterwards nothing of this editor can overtake the final
// answer.
func (e *Editor) Close() {
	e.mutex.Lock()
	e.closed = true
	done := e.done
	e.mutex.Unlock()
	e.cancel()
	if done != nil {
		<-done
	}
}

// Final closes the editor and shows the final state. It is tried until the
// interaction's token dies, 15 min after it came, or the context ends.
func (e *Editor) Final(ctx context.Context, m wire.Outgoing) (*wire.Message, error) {
	e.Close()
	ctx, cancel := context.WithDeadline(ctx, e.began.Add(tokenLife))
	defer cancel()
	q := webhook(http.MethodPatch, e.app, e.token, "@original", v2(m.Safe()))
	q.tries = math.MaxInt
	return e.client.message(ctx, q)
}

package rest

import (
	"context"
	"reflect"
	"sync"
	"time"

	"verbatim/bot/discord/wire"
)

// defaultEditGap keeps edits of one answer under the 5 in 5 s that Discord is
// observed to allow for one token.
const defaultEditGap = 1200 * time.Millisecond

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

	mutex  sync.Mutex
	newest *wire.Outgoing
	sent   *wire.Outgoing
	closed bool
}

// Coalesced makes an editor for the answer to an interaction.
func (c *Client) Coalesced(app, token string) *Editor {
	e := &Editor{client: c, app: app, token: token, wake: make(chan struct{}, 1)}
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
		q := webhook("PATCH", e.app, e.token, "@original", v2(m.Safe()))
		q.tries = 2
		if _, err := e.client.do(e.ctx, q, nil); err != nil {
			e.client.options.Log.Debug("a state of an answer was not shown", "error", err)
		}
		if sleep(e.ctx, e.client.options.EditGap) != nil {
			return
		}
	}
}

// take is the newest state, nil when it is shown already.
func (e *Editor) take() *wire.Outgoing {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	m := e.newest
	e.newest = nil
	if m == nil || e.sent != nil && reflect.DeepEqual(m, e.sent) {
		return nil
	}
	e.sent = m
	return m
}

// Close drops what is not shown yet, waits for an edit under way to end, and
// stops. Afterwards nothing of this editor can overtake the final answer.
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

// Final closes the editor and shows the final state, tried for as long as the
// context allows.
func (e *Editor) Final(ctx context.Context, m wire.Outgoing) (*wire.Message, error) {
	e.Close()
	return e.client.EditOriginal(ctx, e.app, e.token, m)
}

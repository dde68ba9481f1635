package rest

import (
	"context"
	"errors"
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
	// settleTime is the least time between a state and the first draft or the
	// answer, which do not wait for the gap: no second has two edits in it.
	settleTime = time.Second
	// editTry bounds one edit of a passing state, and so how long Close takes.
	editTry = 5 * time.Second
	// tokenLife is how long an interaction's token lives
	// [interactions/receiving-and-responding].
	tokenLife = 15 * time.Minute
)

// Editor changes an answer as its text grows: one edit at a time, a gap between
// two, and of states that came meanwhile the newest alone. Where Discord's
// limit has room for one more request only, that is left for the answer itself.
// The editor is to be closed; then, or with Final, its goroutine ends. Safe for
// concurrent use.
type Editor struct {
	client *Client
	// show makes the call that shows a state.
	show   func(m wire.Outgoing) *call
	life   time.Time // when the answer cannot be edited any more; zero never
	ctx    context.Context
	cancel context.CancelFunc
	wake   chan struct{}
	done   chan struct{} // closed when the goroutine has ended; nil before it started

	mutex  sync.Mutex
	newest func() wire.Outgoing
	now    bool // the newest is to be shown after settleTime rather than the gap
	sent   *wire.Outgoing
	next   time.Time // when the gap is over
	shown  time.Time // when the last state was
	closed bool
	posted *wire.Message // the answer as Discord last gave it
	tried  bool          // Discord was asked to show a state
}

// Coalesced makes an editor for the answer to an interaction that came just
// now.
func (c *Client) Coalesced(app, token string) *Editor {
	return c.CoalescedSince(app, token, time.Now())
}

// CoalescedSince makes an editor for the answer to an interaction that came at
// that time, so that Final knows how long the token lives.
func (c *Client) CoalescedSince(app, token string, began time.Time) *Editor {
	e := c.newEditor()
	e.life = began.Add(tokenLife)
	e.show = func(m wire.Outgoing) *call { return webhook(http.MethodPatch, app, token, "@original", v2(m.Safe())) }
	return e
}

func (c *Client) newEditor() *Editor {
	e := &Editor{client: c, wake: make(chan struct{}, 1)}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e
}

// Update shows a state when its turn comes, unless a newer one does before. It
// does not wait. After Close it does nothing.
func (e *Editor) Update(m wire.Outgoing) { e.UpdateWith(func() wire.Outgoing { return m }) }

// UpdateWith is Update of a state that is made when its turn comes.
func (e *Editor) UpdateWith(state func() wire.Outgoing) { e.update(state, false) }

// UpdateNow is UpdateWith of a state that waits for a second after the one
// before at most, not for the gap; the next one then waits that much longer.
func (e *Editor) UpdateNow(state func() wire.Outgoing) { e.update(state, true) }

func (e *Editor) update(state func() wire.Outgoing, now bool) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.closed {
		return
	}
	e.newest, e.now = state, e.now || now
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
	for e.await() {
		m, hurry := e.take()
		if m == nil {
			continue
		}
		// A state that fails is stale before it could be tried often.
		q := e.show(*m)
		q.tries, q.timeout, q.whole = 2, editTry, true
		if !hurry {
			q.spare = 1
		}
		answer := &wire.Message{}
		_, err := e.client.do(e.ctx, q, answer)
		if !e.noted(answer, err) {
			return
		}
	}
}

// await returns when a state may be shown, false when the editor is closed.
func (e *Editor) await() bool {
	for {
		e.mutex.Lock()
		waiting, due := e.newest != nil, e.next
		if settled := e.settled(); e.now && settled.Before(due) {
			due = settled
		}
		e.mutex.Unlock()
		wait := time.Until(due)
		var over <-chan time.Time
		if waiting {
			if wait <= 0 {
				return e.ctx.Err() == nil
			}
			timer := time.NewTimer(wait)
			defer timer.Stop()
			over = timer.C
		}
		select {
		case <-e.ctx.Done():
			return false
		case <-e.wake:
		case <-over:
		}
	}
}

// settled is when a second has passed since the last state, or the gap where
// that is shorter; the zero time where none was shown.
func (e *Editor) settled() time.Time {
	if e.shown.IsZero() {
		return e.shown
	}
	return e.shown.Add(min(settleTime, e.client.options.EditGap))
}

// take is the newest state, nil when it is shown already or the editor closed;
// hurry says that it does not wait for the gap.
func (e *Editor) take() (m *wire.Outgoing, hurry bool) {
	e.mutex.Lock()
	state := e.newest
	hurry = e.now
	e.newest, e.now = nil, false
	if e.closed || state == nil {
		e.mutex.Unlock()
		return nil, false
	}
	e.mutex.Unlock()
	made := state() // without the lock: it may take a moment
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.closed || e.sent != nil && reflect.DeepEqual(&made, e.sent) {
		return nil, false
	}
	e.sent = &made
	return &made, hurry
}

// noted takes in what became of a state: false when no more shall be shown.
func (e *Editor) noted(answer *wire.Message, err error) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	now := time.Now()
	var full *fullError
	if errors.As(err, &full) { // nothing was sent
		if e.newest == nil {
			state := *e.sent
			e.newest = func() wire.Outgoing { return state }
		}
		e.sent, e.next = nil, now.Add(full.wait)
		return true
	}
	e.shown, e.tried = now, true
	if e.next.Before(now) {
		e.next = now
	}
	e.next = e.next.Add(e.client.options.EditGap)
	if err == nil {
		e.posted = answer
		return true
	}
	e.client.options.Log.Debug("a state of an answer was not shown", "error", err)
	e.closed = e.closed || isFinal(err)
	return !e.closed
}

// isFinal reports errors that no repetition mends.
func isFinal(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests
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

// Settle closes the editor and waits until the answer may be edited again: at
// most a second, and not beyond the context.
func (e *Editor) Settle(ctx context.Context) {
	e.Close()
	if settled := e.settled(); !settled.IsZero() { // no lock: nothing is written after Close
		_ = sleep(ctx, time.Until(settled))
	}
}

// Final closes the editor and shows the final state. It is tried until the
// interaction's token dies, 15 min after it came, or the context ends.
func (e *Editor) Final(ctx context.Context, m wire.Outgoing) (*wire.Message, error) {
	e.Close()
	ctx, cancel := context.WithDeadline(ctx, e.life)
	defer cancel()
	q := e.show(m)
	q.tries = math.MaxInt
	return e.client.message(ctx, q)
}

package rest

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// perSecond is the limit of the bot's token over all routes, a little
	// under Discord's 50 [https://docs.discord.com/developers/topics/rate-limits,
	// "Global Rate Limit", read 2026-08-06].
	perSecond = 45
	// sweepEvery is how often windows that are over are forgotten.
	sweepEvery = 30 * time.Second
	// sameWindow is how far the resets of two answers of one window may lie
	// apart, for they are told as time left.
	sameWindow = 250 * time.Millisecond
)

// limiter waits as Discord's headers ask (same page, "Header Format"): a bucket
// is named by X-RateLimit-Bucket, and counts for each channel, server or token
// by itself. No lock is held while anything waits. Safe for concurrent use.
type limiter struct {
	now   func() time.Time
	mutex sync.Mutex
	// buckets are the names of the routes' buckets, as far as known.
	buckets map[string]string
	windows map[windowKey]*window
	swept   time.Time
	// globalUntil is when requests with the bot's token may be made again.
	globalUntil time.Time
	// recent are the times of the last perSecond such requests, a ring.
	recent [perSecond]time.Time
	next   int
}

type windowKey struct{ bucket, major string }

// window is what is left of a bucket until its reset.
type window struct {
	limit, remaining int
	inFlight         int
	known            bool
	reset            time.Time
	span             time.Duration // the longest time to a reset that was told
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, buckets: map[string]string{}, windows: map[windowKey]*window{}}
}

// fullError says that a limit has no room for a request that does not wait.
type fullError struct{ wait time.Duration }

// Error says for how long.
func (e *fullError) Error() string { return "no room for " + e.wait.String() }

// wait returns when the request may be made, and counts it in; every wait that
// returned nil is followed by one learn.
func (l *limiter) wait(ctx context.Context, q *call) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		d := l.reserve(q)
		if d <= 0 {
			return nil
		}
		if q.spare > 0 {
			return &fullError{d}
		}
		if deadline, ok := ctx.Deadline(); ok && l.now().Add(d).After(deadline) {
			return context.DeadlineExceeded
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

// reserve takes a place for the request, or says how long to wait for one.
func (l *limiter) reserve(q *call) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	l.sweep(now)
	if q.asBot {
		if d := l.globalUntil.Sub(now); d > 0 {
			return d
		}
		if d := l.recent[l.next].Add(time.Second).Sub(now); d > 0 {
			return d
		}
	}
	w := l.window(q)
	if w.known && !w.reset.After(now) {
		// The next window, taken to be like the last until an answer tells.
		w.remaining, w.reset = w.limit, now.Add(w.span)
	}
	if d := w.reset.Sub(now); w.known && w.remaining-w.inFlight <= min(q.spare, w.limit-1) && d > 0 {
		return d
	}
	w.inFlight++
	q.reserved = w
	if q.asBot {
		l.recent[l.next] = now
		l.next = (l.next + 1) % perSecond
	}
	return 0
}

func (l *limiter) window(q *call) *window {
	bucket, ok := l.buckets[q.name()]
	if !ok {
		bucket = q.name()
	}
	key := windowKey{bucket, q.major}
	w := l.windows[key]
	if w == nil {
		w = &window{}
		l.windows[key] = w
	}
	return w
}

// learn counts the request out and takes in what its answer says.
func (l *limiter) learn(q *call, x *exchange) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	q.reserved.inFlight--
	if x.status == 0 {
		return
	}
	now := l.now()
	limited := x.status == http.StatusTooManyRequests
	if limited && (x.header.Get("X-RateLimit-Global") != "" || x.header.Get("X-RateLimit-Scope") == "global") {
		if q.asBot { // an interaction's token is outside the bot's limit
			l.globalUntil = now.Add(max(x.retryAfter(), time.Second))
		}
		return
	}
	if bucket := x.header.Get("X-RateLimit-Bucket"); bucket != "" {
		l.buckets[q.name()] = bucket
	}
	w := l.window(q)
	remaining, err := strconv.Atoi(x.header.Get("X-RateLimit-Remaining"))
	after := seconds(x.header.Get("X-RateLimit-Reset-After"))
	switch {
	case limited: // whatever else it says
		remaining, after = 0, max(after, x.retryAfter())
	case err != nil:
		return
	}
	reset := now.Add(after)
	if w.known && w.reset.After(now) && reset.Sub(w.reset).Abs() < sameWindow {
		remaining = min(remaining, w.remaining) // answers overtake one another
	}
	w.known, w.remaining, w.reset = true, remaining, reset
	if limit, err := strconv.Atoi(x.header.Get("X-RateLimit-Limit")); err == nil {
		w.limit = limit
	}
	w.limit, w.span = max(w.limit, 1), max(w.span, after)
}

// sweep forgets windows that are over, so that memory stays flat whatever
// tokens come by.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for key, w := range l.windows {
		if w.inFlight == 0 && now.After(w.reset) {
			delete(l.windows, key)
		}
	}
}

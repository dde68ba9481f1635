package model

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	firstPause = 500 * time.Millisecond
	maxPause   = 10 * time.Second
)

// failure is why a call, or one try of it, failed.
type failure struct {
	kind   error // one of the package's
	status int   // of HTTP, 0 for none
	detail string
	// again says that another try may help, after at least pause; changed that
	// the request is now another, so that it may be sent at once.
	again, changed bool
	pause          time.Duration
	// broken says that the endpoint is at fault though the kind does not say
	// so.
	broken bool
}

// Error implements error.
func (f *failure) Error() string {
	text := f.kind.Error()
	if f.status != 0 {
		text += ": status " + strconv.Itoa(f.status)
	}
	if f.detail != "" {
		text += ": " + f.detail
	}
	return text
}

// Unwrap returns the kind.
func (f *failure) Unwrap() error { return f.kind }

// outcomeOf says what a call's error means for the breaker.
func outcomeOf(err error) outcome {
	var f *failure
	switch {
	case err == nil:
		return alive
	case !errors.As(err, &f):
		return neutral // the caller's context
	case f.broken, errors.Is(f.kind, ErrDown), errors.Is(f.kind, ErrSlow), errors.Is(f.kind, ErrBusy):
		return failed
	}
	return alive
}

// wait is time.Sleep that ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// retryAfter is the pause that a Retry-After header asks for, in seconds or as
// a date (RFC 9110, section 10.2.3); 0 without one.
func retryAfter(header http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour // so that no number overflows
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if !(seconds > 0) {
			return 0
		}
		return time.Duration(min(seconds, most.Seconds()) * float64(time.Second))
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(0, date.Sub(now)), most)
	}
	return 0
}

// run tries until there is a reply, the tries are used up, or no time is left
// for another.
func (c *call) run() error {
	const maxChanges = 8 // more than there are things to leave out
	pause := firstPause
	changes := 0
	for try := 0; ; {
		f, err := c.attempt()
		switch {
		case err != nil:
			return err
		case f == nil:
			return nil
		case f.changed && changes < maxChanges:
			changes++
			continue
		case !f.again || try >= c.c.options.Retries:
			return f
		}
		try++
		// Between half the pause and all of it, so that many calls that were
		// refused together do not come back together.
		d := max(time.Duration(float64(pause)*(1+c.c.jitter())/2), f.pause)
		pause = min(2*pause, maxPause)
		if at := c.c.now().Add(d); at.After(c.end) || at.After(c.silent) {
			f.detail += fmt.Sprintf(" (next try in %v, too late)", d.Round(time.Second))
			return f
		}
		if err := c.c.wait(c.ctx, d); err != nil {
			return c.stopped()
		}
	}
}

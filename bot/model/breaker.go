package model

import (
	"sync"
	"time"
)

const (
	// failuresToOpen is how many calls in a row must fail. One or two may be
	// bad luck.
	failuresToOpen = 3
	firstSpan      = 15 * time.Second
	maxSpan        = 5 * time.Minute
)

// outcome is what a call says of the endpoint.
type outcome int

const (
	neutral outcome = iota // the call ended for reasons of its own
	alive                  // it answers, though it may refuse
	failed
)

// breaker keeps an endpoint that fails from being asked: after three failures
// in a row for 15 s. Then one call, the probe, tries it; every probe that
// fails doubles the span, to at most five minutes.
type breaker struct {
	mu       sync.Mutex
	failures int
	open     bool
	probing  bool
	span     time.Duration
	until    time.Time
	last     string
}

// shut reports whether no call would be admitted at present.
func (b *breaker) shut(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open && (b.probing || now.Before(b.until))
}

// admit says whether a call may go ahead, and whether it is the probe. Who is
// admitted reports by done.
func (b *breaker) admit(now time.Time) (ok, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case !b.open:
		return true, false
	case b.probing || now.Before(b.until):
		return false, false
	}
	b.probing = true
	return true, true
}

// done takes a call's outcome, with what is to be said of it ("" for success),
// and says whether that opened the breaker.
func (b *breaker) done(now time.Time, probe bool, o outcome, last string) (opened bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	if o == neutral {
		return false
	}
	b.last = last
	if o == alive {
		b.failures, b.open, b.span = 0, false, 0
		return false
	}
	b.failures++
	switch {
	case probe:
		b.span = min(2*b.span, maxSpan)
	case !b.open && b.failures >= failuresToOpen:
		b.open, b.span = true, firstSpan
	default:
		// A call that began before the breaker opened tells nothing new.
		return false
	}
	b.until = now.Add(b.span)
	return true
}

func (b *breaker) state(now time.Time) State {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := State{Last: b.last}
	if b.open && (b.probing || now.Before(b.until)) {
		s.Open, s.Until = true, b.until
	}
	return s
}

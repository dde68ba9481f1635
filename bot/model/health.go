package model

import (
	"errors"
	"sync"
	"time"
)

// Health says how the calls that the endpoint was asked for have ended.
type Health struct {
	// Known is false before the first of them has ended.
	Known bool
	// Failure is why the last was no success: one of ErrDown, ErrSlow, ErrBusy,
	// ErrRejected and ErrEmpty; nil for a success.
	Failure error
	// Since is when it began to be so: that it answers, or that it does not.
	Since time.Time
}

// health keeps it. Safe for concurrent use.
type health struct {
	mu  sync.Mutex
	now Health
}

// note takes a call's end. What the endpoint was not asked for, or whoever called
// did not wait for, tells nothing; nor does a prompt that is too long.
func (h *health) note(at time.Time, reply *Reply, err error) {
	var kind error
	var f *failure
	switch {
	case err == nil, errors.Is(err, ErrEmpty) && reply.Truncated: // it was still thinking
	case !errors.As(err, &f) || errors.Is(err, ErrTooLong):
		return
	default:
		for _, kind = range []error{ErrDown, ErrSlow, ErrBusy, ErrRejected, ErrEmpty} {
			if errors.Is(err, kind) {
				break
			}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.now.Known || (h.now.Failure == nil) != (kind == nil) {
		h.now.Since = at
	}
	h.now.Known, h.now.Failure = true, kind
}

// Health is the present one, of calls of every kind, Check among them.
func (c *Client) Health() Health {
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	return c.health.now
}

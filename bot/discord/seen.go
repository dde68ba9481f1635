package discord

import (
	"sync"
	"time"
)

const (
	// seenFor is for how long an event is remembered at least: an
	// interaction's token lives 15 minutes, and after a resume the gateway
	// sends again what it sent within the last few.
	seenFor = 16 * time.Minute
	// localeFor is for how long a user's language is remembered at least.
	localeFor = 24 * time.Hour
	// noticedFor is how long an author of messages is told nothing again.
	noticedFor = time.Minute
	// maxRecent bounds one of the two generations.
	maxRecent = 50_000
)

// recent remembers values for a while. It keeps two generations and forgets
// the older one when the newer is full or old. Safe for concurrent use; keep
// must be set.
type recent[V any] struct {
	keep       time.Duration
	mutex      sync.Mutex
	since      time.Time
	young, old map[string]V
}

// put remembers a value and reports whether its key was not known before.
func (r *recent[V]) put(key string, value V, now time.Time) (first bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_, again := r.young[key]
	if !again {
		_, again = r.old[key]
		if r.young == nil || len(r.young) >= maxRecent || now.Sub(r.since) >= r.keep {
			r.old, r.young, r.since = r.young, map[string]V{}, now
		}
	}
	r.young[key] = value
	return !again
}

// get is the value remembered, or the zero value.
func (r *recent[V]) get(key string) V {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if v, ok := r.young[key]; ok {
		return v
	}
	return r.old[key]
}

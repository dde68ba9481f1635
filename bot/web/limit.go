package web

import (
	"cmp"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	// defaultPages and defaultCostly are what an address may ask for in a minute
	// where Options say nothing: pages are made of what is there, answers,
	// summaries and searches cost the machine and the language model.
	defaultPages  = 600
	defaultCostly = 30
	// maxAddresses bounds those that are remembered, some hundred bytes each; all
	// beyond share one budget.
	maxAddresses = 10000
	// forgetAfter is longer than any budget takes to be whole again.
	forgetAfter = 5 * time.Minute
	// costlyAtOnce bounds the costly requests of all addresses together, and
	// addressAtOnce those of one, which may last for minutes.
	costlyAtOnce  = 64
	addressAtOnce = 8
)

// limits are the budgets of addresses. Safe for concurrent use.
type limits struct {
	pages, costly int // in a minute
	now           func() time.Time

	mu     sync.Mutex
	known  map[netip.Prefix]*budgets
	others *budgets  // of the addresses that there is no room for
	swept  time.Time // when the old ones were last forgotten
}

// budgets are those of one address.
type budgets struct {
	pages, costly *rate.Limiter
	seen          time.Time
	working       atomic.Int32 // costly requests at work
}

func newLimits(o Options) *limits {
	l := &limits{
		pages: cmp.Or(o.PagesPerMinute, defaultPages), costly: cmp.Or(o.CostlyPerMinute, defaultCostly),
		now: time.Now, known: map[netip.Prefix]*budgets{},
	}
	l.others = l.budgets()
	return l
}

// budgets makes whole ones: a third of a minute's pages, all of its costly
// requests may come at once.
func (l *limits) budgets() *budgets {
	perMinute := func(n, burst int) *rate.Limiter { return rate.NewLimiter(rate.Limit(float64(n)/60), max(1, burst)) }
	return &budgets{pages: perMinute(l.pages, l.pages/3), costly: perMinute(l.costly, l.costly)}
}

// of are the budgets of an address.
func (l *limits) of(address netip.Prefix, now time.Time) *budgets {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.known[address]
	if b == nil && len(l.known) >= maxAddresses && now.Sub(l.swept) >= forgetAfter/5 {
		l.swept = now
		for a, old := range l.known {
			if now.Sub(old.seen) >= forgetAfter {
				delete(l.known, a)
			}
		}
	}
	switch {
	case b == nil && len(l.known) >= maxAddresses:
		return l.others
	case b == nil:
		b = l.budgets()
		l.known[address] = b
	}
	b.seen = now
	return b
}

// take takes one of the address's pages or costly requests. With none left it
// says how long until there is.
func (l *limits) take(address netip.Prefix, costly bool) (wait time.Duration) {
	now := l.now()
	b := l.of(address, now)
	limiter := b.pages
	if costly {
		limiter = b.costly
	}
	r := limiter.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// addressOf is whose budget a request is of: the address, of IPv6 its network of
// 64 bits, which is what one line has at least. A proxy on this machine or in
// its network says for whom it asks, last of all in X-Forwarded-For; from
// anywhere else that line is not believed.
func addressOf(r *http.Request) netip.Prefix {
	peer := parseAddress(r.RemoteAddr)
	if peer.IsLoopback() || peer.IsPrivate() {
		all := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		if client := parseAddress(strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])); client.IsValid() {
			peer = client
		}
	}
	bits := 32
	if peer.Is6() {
		bits = 64
	}
	prefix, err := peer.Prefix(bits)
	if err != nil { // no address at all: all of these share one
		return netip.Prefix{}
	}
	return prefix
}

// parseAddress reads an IP address with or without a port; one that is none is
// not valid.
func parseAddress(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// limitedError is a request beyond its budget.
type limitedError struct{ wait time.Duration }

// Error says when to come again.
func (e *limitedError) Error() string { return fmt.Sprintf("too many requests: wait %v", e.wait) }

// seconds is the value of Retry-After, at least 1.
func (e *limitedError) seconds() int { return max(1, int(math.Ceil(e.wait.Seconds()))) }

// paced lets a request through within its address's budget of pages.
func (s *Server) paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := s.limits.take(addressOf(r), false); wait > 0 {
			s.refuse(w, r, wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// costly stands before what costs more than a page: answers, summaries and
// searches. It has a budget of its own by address, and bounds how many are at
// work at once.
func (s *Server) costly(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if wait := s.limits.take(addressOf(r), true); wait > 0 {
			s.refuse(w, r, wait)
			return
		}
		b := s.limits.of(addressOf(r), s.limits.now())
		defer b.working.Add(-1)
		if b.working.Add(1) > addressAtOnce {
			s.refuse(w, r, time.Second)
			return
		}
		select {
		case s.working <- struct{}{}:
			defer func() { <-s.working }()
		default:
			s.refuse(w, r, time.Second)
			return
		}
		next(w, r)
	}
}

// refuse counts a request that came too soon, and says so.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	s.limited.Add(1)
	s.fail(w, r, &limitedError{wait})
}

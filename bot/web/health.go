package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"verbatim/bot"
)

// The states of a part.
const (
	stateOK       = "ok"
	stateStarting = "starting"
	stateDown     = "down"
	stateOff      = "off"
)

// libraryTime is how long the library may take over a read that takes it less
// than a millisecond. A machine that is merely busy must not look dead: what
// follows is that it is started anew.
const libraryTime = 5 * time.Second

// healthReport is what /healthz answers.
type healthReport struct {
	// Status is "ok", "degraded" while answers go on without a part, and "down".
	Status  string     `json:"status"`
	Library partHealth `json:"library"`
	Discord partHealth `json:"discord"`
	Model   partHealth `json:"model"`
}

// partHealth is how one part fares. Since is when that began, or was first seen;
// Why says in a sentence what is wrong and tells strangers nothing: no names,
// addresses, numbers or errors.
type partHealth struct {
	State string     `json:"state"`
	Since *time.Time `json:"since,omitempty"`
	Why   string     `json:"why,omitempty"`
}

// healthRoutes serves what an operator watches.
func (s *Server) healthRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.Handle("GET /metrics", s.meter.handler(s))
}

// healthz tells how the parts fare: 200 while questions can be answered, which
// takes the library alone, and 503 else. It is so for orchestrators, which start
// a process anew, or send nobody to it, for a 503: neither brings back a language
// model or Discord, and answers go on in the transcript's own words, and on the
// pages. So one address does for liveness and readiness. For a monitor that looks
// at nothing but the status, ?strict answers 503 also while a part that is set up
// is not ok.
//
// Nothing but the library is asked: of Discord and the model it is told what is
// known from their last work.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	report := s.health(r.Context())
	status := http.StatusOK
	if report.Status == stateDown || report.Status != stateOK && r.URL.Query().Has("strict") {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		json.NewEncoder(w).Encode(report)
	}
}

// health asks the library, and the others how they fare.
func (s *Server) health(ctx context.Context) healthReport {
	ctx, cancel := context.WithTimeout(ctx, libraryTime)
	defer cancel()
	_, _, err := s.bot.Size(ctx)
	return s.healthWith(err)
}

// healthWith is health for what the library answered.
func (s *Server) healthWith(err error) healthReport {
	h := healthReport{Status: stateOK, Library: partHealth{State: stateOK}, Discord: s.discordHealth(), Model: modelHealth(s.bot.ModelHealth())}
	if err != nil {
		h.Library = partHealth{State: stateDown, Why: "It cannot be read."}
	}
	h.Library.Since = s.meter.librarySince(h.Library.State)
	switch {
	case h.Library.State != stateOK:
		h.Status = stateDown
	case h.Discord.State != stateOK && h.Discord.State != stateOff, h.Model.State == stateDown:
		// A model that nobody has asked yet is no fault.
		h.Status = "degraded"
	}
	return h
}

// discordHealth is the worst of the connections.
func (s *Server) discordHealth() partHealth {
	if s.options.Discord == nil {
		return partHealth{State: stateOff}
	}
	shards := s.options.Discord()
	if len(shards) == 0 {
		return partHealth{State: stateStarting, Why: "It is not connected yet."}
	}
	h := partHealth{State: stateOK}
	var since, down time.Time
	for _, shard := range shards {
		switch {
		case shard.Ready && shard.Since.After(since): // all are there since the last came
			since = shard.Since
		case !shard.Ready && (down.IsZero() || shard.Since.Before(down)):
			down = shard.Since
		}
	}
	switch all := !slices.ContainsFunc(shards, func(s Shard) bool { return s.Ready }); {
	case !slices.ContainsFunc(shards, func(s Shard) bool { return !s.Ready }):
	case all:
		h, since = partHealth{State: stateDown, Why: "It is not connected."}, down
	default:
		h, since = partHealth{State: stateDown, Why: "It is connected in part."}, down
	}
	h.Since = timeOf(since)
	return h
}

// modelHealth is the health of the model as it is shown.
func modelHealth(m bot.ModelHealth) partHealth {
	h := partHealth{State: string(m.State), Since: timeOf(m.Since), Why: m.Why}
	if m.State == bot.ModelDown {
		h.Why += " Answers are in the transcript's own words meanwhile."
	}
	return h
}

// timeOf is a time to the second in UTC, nil for none.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// seen remembers since when a state was seen. Safe for concurrent use.
type seen struct {
	mu    sync.Mutex
	state string
	since time.Time
}

// at notes the state and is since when it is seen.
func (s *seen) at(state string, now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != s.state {
		s.state, s.since = state, now
	}
	return s.since
}

// mayWatch reports whether the numbers are for whoever asks: from this machine
// or a private network. Where proxies say for whom they ask, each address that
// they name must be one of these, too; a request to the public name that does not say
// came by a proxy that keeps silent.
func (s *Server) mayWatch(r *http.Request) bool {
	if !isNear(parseAddress(r.RemoteAddr)) {
		return false
	}
	named := false
	for _, header := range []string{"X-Forwarded-For", "X-Real-Ip"} {
		for _, value := range r.Header.Values(header) {
			for address := range strings.SplitSeq(value, ",") {
				if named = true; !isNear(parseAddress(strings.TrimSpace(address))) {
					return false
				}
			}
		}
	}
	if len(r.Header.Values("Forwarded")) > 0 && !named { // tells of others in a form of its own
		return false
	}
	return named || !s.isPublicHost(r.Host)
}

func isNear(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() }

package gateway

import (
	"net/url"
	"time"
)

// sequence is the number of the last event handled, 0 for none.
func (s *session) sequence() int64 {
	if s.seq == nil {
		return 0
	}
	return *s.seq
}

// begin takes in a READY: the session to resume, and where.
func (s *shard) begin(r ready) {
	s.session = session{id: r.Session, seq: s.session.seq, presence: s.session.presence, resumeURL: s.resumeAddress(r.ResumeURL)}
	s.update(func(st *State) {
		st.User, st.Application, st.Guilds = r.User.ID, r.Application.ID, len(r.Guilds)
	})
}

// resumeAddress is the address in a READY, nil for the first address when it is
// unusable or would send the token in clear text where the first would not.
func (s *shard) resumeAddress(raw string) *url.URL {
	if raw == "" {
		return nil
	}
	u, err := address(raw)
	if err != nil {
		s.log.Warn("resume address is unusable", "err", err)
		return nil
	}
	if first, err := address(s.client.identify.url()); err == nil && first.Scheme == "wss" && u.Scheme != "wss" {
		s.log.Warn("resume address is not encrypted and not used", "host", u.Host)
		return nil
	}
	return u
}

// forgetBeats is for a new connection: what the last one waited for is no
// matter.
func (s *shard) forgetBeats() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beatSent, s.unanswered = time.Time{}, false
}

// beaten notes that a heartbeat is sent; a timed one must be answered before
// the next.
func (s *shard) beaten(timed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beatSent = time.Now()
	if timed {
		s.unanswered = true
	}
}

// beating reports whether the last timed heartbeat is still without answer.
func (s *shard) beating() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unanswered
}

// ack notes an answer to a heartbeat.
func (s *shard) ack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.unanswered = false
	s.state.LastAck = now.UTC()
	if !s.beatSent.IsZero() {
		s.state.Latency = now.Sub(s.beatSent)
	}
}

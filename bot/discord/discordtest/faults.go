package discordtest

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Fault is a way in which a request fails.
type Fault string

// The faults.
const (
	NoFault   Fault = ""
	Status429 Fault = "429" // with a retry_after of 50 ms
	Status500 Fault = "500"
	Status502 Fault = "502" // with a page of HTML
	Status503 Fault = "503"
	CutBefore Fault = "cut before" // connection cut, request not carried out
	CutAfter  Fault = "cut after"  // carried out, connection cut instead of the answer
)

// allFaults are the ones that Faults draws from.
var allFaults = []Fault{Status429, Status500, Status502, Status503, CutBefore, CutAfter}

// faultRetryAfter is what an injected 429 asks to wait, before RateScale.
const faultRetryAfter = 50 * time.Millisecond

type script struct {
	route string
	n     int
	fault Fault
}

// Faults makes a share of all REST requests fail, from 0 to 1, each kind of
// fault equally often. The seed makes the choice repeatable for requests that
// come in the same order.
func (s *Server) Faults(rate float64, seed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faultRate = rate
	s.faultRand = rand.New(rand.NewPCG(seed, seed))
}

// FailNext makes the next n requests fail whose "METHOD /path/{as}/{in}/openapi"
// contains the text, "callback" or "PATCH /webhooks" for instance.
func (s *Server) FailNext(route string, n int, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripted = append(s.scripted, &script{route, n, fault})
}

// pickFault decides what happens to a request. s.mu is held.
func (s *Server) pickFault(q *request) Fault {
	f := NoFault
	key := q.route.key()
	for _, p := range s.scripted {
		if p.n > 0 && strings.Contains(key, p.route) {
			p.n--
			f = p.fault
			break
		}
	}
	if f == NoFault && s.faultRate > 0 && s.faultRand.Float64() < s.faultRate {
		f = allFaults[s.faultRand.IntN(len(allFaults))]
	}
	if f != NoFault {
		s.stats.Faults[f]++
	}
	return f
}

// faultResponse is the answer of an injected fault, status 0 for none.
func (s *Server) faultResponse(h http.Header, q *request) (status int, body any) {
	switch q.fault {
	case Status429:
		wait := s.scaled(faultRetryAfter)
		return http.StatusTooManyRequests, tooMany(h, "shared", wait)
	case Status500:
		return 500, map[string]any{"message": "500: Internal Server Error", "code": 0}
	case Status502:
		return 502, []byte("<html><body>502 Bad Gateway</body></html>")
	case Status503:
		return 503, []byte("upstream connect error or disconnect/reset before headers")
	}
	return 0, nil
}

// noteTrouble remembers for which interaction a request failed, whose
// repetition then breaks no rule. s.mu is held.
func (s *Server) noteTrouble(q *request) {
	if in := s.interByToken[q.params["interaction_token"]]; in != nil {
		in.troubled = true
	}
}

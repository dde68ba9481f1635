package discordtest

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// GatewayStats counts what happened at the gateway.
type GatewayStats struct {
	Dials, Connects int
	// Identifies counts all, TooFast those refused for max_concurrency.
	Identifies, TooFast int
	Idents              []Identify
	// Gaps are the times between identifies of the same max_concurrency key.
	Gaps []time.Duration
	// Resumes counts tries, Resumed those that worked, WrongURLResumes those at
	// the first address instead of resume_gateway_url.
	Resumes, Resumed, WrongURLResumes int
	// Invalids counts op 9 sent.
	Invalids   int
	Heartbeats int
	Presences  int // op 3
	// ClientCloses are the close codes of the bot, in order.
	ClientCloses []int
	Events       int // events, before sharding and intents
}

// Identify is what an IDENTIFY said.
type Identify struct {
	Intents  int
	Shard    [2]int
	Presence json.RawMessage
	At       time.Time
}

// Stats are the counts so far.
func (g *Gateway) Stats() GatewayStats {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	st := g.stats
	st.Idents, st.Gaps, st.ClientCloses = slices.Clone(st.Idents), slices.Clone(st.Gaps), slices.Clone(st.ClientCloses)
	return st
}

// Drop is a way in which connections end.
type Drop int

// The ways.
const (
	CutTCP           Drop = iota // the connection is gone, without a close frame
	Reconnect                    // op 7
	InvalidResumable             // op 9 with d true
	InvalidFinal                 // op 9 with d false; the session has ended
	Silent                       // half open: nothing is read or written any more
)

// DropAll ends or spoils all connections to the gateway; it says how many.
func (s *Server) DropAll(how Drop) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	n := 0
	for c := range maps.Clone(s.gw.conns) {
		if c.silent || c.bye != nil {
			continue
		}
		n++
		switch how {
		case CutTCP:
			c.cut()
		case Reconnect:
			c.send(opReconnect, nil)
		case InvalidResumable:
			s.gw.stats.Invalids++
			c.send(opInvalid, true)
		case InvalidFinal:
			s.gw.stats.Invalids++
			if c.sess != nil {
				c.sess.ended = true
				c.detach()
				c.sess = nil // the bot may identify on the same connection
			}
			c.send(opInvalid, false)
		case Silent:
			c.silent = true
		}
	}
	return n
}

// CloseAll closes all connections with a code. Codes 4007 and 4009 end the
// sessions too.
func (s *Server) CloseAll(code int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	n := 0
	for c := range s.gw.conns {
		if c.sess != nil && (code == closeSeq || code == closeTimeout) {
			c.sess.ended = true
		}
		c.close(code, "")
		n++
	}
	return n
}

func (g *Gateway) set(f func()) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	f()
}

// StopACKs stops answering heartbeats, or goes on with it.
func (g *Gateway) StopACKs(stop bool) { g.set(func() { g.noAcks = stop }) }

// DelayHello sends HELLO so much later on new connections.
func (g *Gateway) DelayHello(d time.Duration) { g.set(func() { g.helloDelay = d }) }

// HoldHello never sends HELLO on new connections, until switched off.
func (g *Gateway) HoldHello(hold bool) { g.set(func() { g.holdHello = hold }) }

// HoldReady never answers IDENTIFY and RESUME, until switched off.
func (g *Gateway) HoldReady(hold bool) { g.set(func() { g.holdReady = hold }) }

// ReconnectInsteadOfReady answers the next n IDENTIFY or RESUME with op 7.
func (g *Gateway) ReconnectInsteadOfReady(n int) {
	g.set(func() { g.instead = append(g.instead, slices.Repeat([]insteadOfReady{{op: opReconnect}}, n)...) })
}

// InvalidInsteadOfReady answers the next n IDENTIFY or RESUME with op 9.
func (g *Gateway) InvalidInsteadOfReady(n int, resumable bool) {
	d := 0
	if resumable {
		d = 1
	}
	g.set(func() {
		g.instead = append(g.instead, slices.Repeat([]insteadOfReady{{op: opInvalid, code: d}}, n)...)
	})
}

// CloseInsteadOfReady closes at the next n IDENTIFY or RESUME with the code.
func (g *Gateway) CloseInsteadOfReady(n, code int) {
	g.set(func() {
		g.instead = append(g.instead, slices.Repeat([]insteadOfReady{{op: -1, code: code}}, n)...)
	})
}

// RefuseDials answers the next n connections with 503.
func (g *Gateway) RefuseDials(n int) { g.set(func() { g.refuseDial = n }) }

// Duplicate sends every event twice, until switched off.
func (g *Gateway) Duplicate(on bool) { g.set(func() { g.duplicate = on }) }

// Noise adds to events what no bot knows yet: fields, components, and events
// between them.
func (g *Gateway) Noise(on bool) { g.set(func() { g.noise = on }) }

// Emit sends an event to all sessions.
func (g *Gateway) Emit(event string, data any) {
	g.set(func() {
		for _, se := range g.order {
			if !se.ended {
				se.dispatch(event, data)
			}
		}
	})
}

// ForgetSessions ends all sessions, so that resuming them is refused.
func (g *Gateway) ForgetSessions() {
	g.set(func() {
		for _, se := range g.order {
			se.ended = true
		}
	})
}

// Connected counts the sessions that have a connection which works.
func (g *Gateway) Connected() int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.connected()
}

func (g *Gateway) connected() int {
	n := 0
	for _, se := range g.order {
		if se.conn != nil && !se.conn.silent && !se.ended {
			n++
		}
	}
	return n
}

// WaitReady waits until so many shards have a session and a connection.
func (s *Server) WaitReady(shards int) {
	s.t.Helper()
	if !s.await(func() bool { return s.gw.connected() >= shards }) {
		s.t.Fatalf("discordtest: %d of %d shards connected within %v", s.gw.Connected(), shards, s.o.Wait)
	}
}

// WaitStats waits until the counts are as f wants them.
func (g *Gateway) WaitStats(what string, f func(GatewayStats) bool) {
	g.s.t.Helper()
	if !g.s.await(func() bool { return f(g.stats) }) {
		g.s.t.Fatalf("discordtest: gateway: no %s within %v: %+v", what, g.s.o.Wait, g.Stats())
	}
}

// shutdown closes all connections.
func (g *Gateway) shutdown() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	for c := range g.conns {
		c.cut()
	}
}

package discordtest

import (
	"maps"
	"slices"
	"time"
)

// Stats are counts since the start.
type Stats struct {
	Requests    map[string]int // by "METHOD /path/{as}/{in}/openapi"
	Statuses    map[int]int    // by HTTP status
	Faults      map[Fault]int  // injected
	RateLimited int            // 429 for a limit that was over, injected ones aside
	Late        int            // first answers after their time
	// Interactions, Answered and Repeats count all there were, those forgotten
	// by a forgetful server included.
	Interactions, Answered, Repeats int
}

// add counts an interaction that is dropped. s.mu is held.
func (st *Stats) add(in *interaction) {
	st.Interactions++
	if !in.pending() {
		st.Answered++
	}
	st.Repeats += in.repeats
}

// Stats are the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Requests, st.Statuses, st.Faults = maps.Clone(st.Requests), maps.Clone(st.Statuses), maps.Clone(st.Faults)
	for _, in := range s.interOrder {
		st.add(in)
	}
	return st
}

// Interaction tells what became of an interaction.
type Interaction struct {
	ID, Kind, Name string // Kind is command, component, autocomplete or modal
	User, Channel  string
	At             time.Time
	// Ack is the kind of the first answer, 0 for none; AckAfter how long it took.
	Ack      int
	AckAfter time.Duration
	// Answered says that nothing is owed: a message, form, choice or update was
	// shown, and no message is left loading.
	Answered bool
	// Updates counts edits of the answer, FollowUps further messages, Repeats
	// first answers that were refused, Late one that came after its time.
	Updates, FollowUps, Repeats int
	Late, Deleted               bool
	// Troubled says that a fault was injected into its first answer.
	Troubled bool
}

// Interactions lists all interactions, oldest first; those that a forgetful
// server forgot are missing.
func (s *Server) Interactions() []Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Interaction, 0, len(s.interOrder))
	for _, in := range s.interOrder {
		out = append(out, in.snapshot())
	}
	return out
}

func (in *interaction) snapshot() Interaction {
	return Interaction{
		ID: in.id, Kind: in.kindName(), Name: in.name, User: in.user.ID, Channel: in.channel.ID, At: in.at, Ack: in.ack, AckAfter: in.ackAfter,
		Answered: !in.pending(), Updates: in.updates, FollowUps: len(in.followUps), Repeats: in.repeats, Late: in.late, Deleted: in.deletedOp, Troubled: in.troubled,
	}
}

// Unanswered lists the interactions to which the bot still owes an answer.
func (s *Server) Unanswered() []Interaction {
	return slices.DeleteFunc(s.Interactions(), func(in Interaction) bool { return in.Answered })
}

// AckTimes are the times of all first answers, in order of arrival, also of
// forgotten interactions.
func (s *Server) AckTimes() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.latencies)
}

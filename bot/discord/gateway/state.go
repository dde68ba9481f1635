package gateway

import "time"

// Status is what a shard does.
type Status string

// The statuses of a shard.
const (
	StatusWaiting    Status = "waiting"    // for its turn, or after a failure
	StatusConnecting Status = "connecting" // no READY or RESUMED yet
	StatusReady      Status = "ready"
	StatusStopped    Status = "stopped"
)

// State tells how a shard fares.
type State struct {
	Shard  int
	Status Status
	Since  time.Time // when Status began
	// LastAck is when Discord last answered a heartbeat, zero for never;
	// Latency is how long that answer took.
	LastAck time.Time
	Latency time.Duration
	// Identifies and Resumes count sessions begun and sessions taken up again,
	// Failures the connections in a row that did not last.
	Identifies, Resumes, Failures int
	// User and Application are the bot's IDs and Guilds the number of its
	// servers on this shard, as the last READY said.
	User, Application string
	Guilds            int
}

// States tells how the shards fare, in the order of their IDs as given. It is
// empty before Run has heard where the gateway is.
func (c *Client) States() []State {
	c.mu.Lock()
	shards := c.shards
	c.mu.Unlock()
	states := make([]State, len(shards))
	for i, s := range shards {
		s.mu.Lock()
		states[i] = s.state
		s.mu.Unlock()
	}
	return states
}

// update changes the state.
func (s *shard) update(f func(*State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.state)
}

func (s *shard) setStatus(status Status) {
	s.update(func(st *State) {
		if st.Status != status {
			st.Status, st.Since = status, time.Now().UTC()
		}
	})
}

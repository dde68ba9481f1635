// Package model asks a language model behind any OpenAI-compatible endpoint
// for chat completions: streamed, within time limits, retried, counted and
// priced. It knows nothing of episodes.
//
// [New] makes a client, [Client.Complete] is the call that matters.
package model

import "time"

// Role says whose message it is.
type Role string

// The roles.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one message of a conversation with the model.
type Message struct {
	Role Role
	Text string
}

// Request asks for one reply.
type Request struct {
	Messages []Message
	// MaxTokens is the longest reply; 0 is 512.
	MaxTokens int
	// Purpose is a word for logs and counts, such as "answer".
	Purpose string
	// Progress, if given, is told all of the reply's text so far, again and
	// again, by one goroutine, never after Complete has returned. After a
	// retry the text starts anew, so that it may be shorter than before.
	Progress func(text string)
}

// Reply is what the model said.
type Reply struct {
	Text string
	// Truncated says that the reply was cut at MaxTokens.
	Truncated bool
	Usage     Usage
	// FirstToken is the time to the first piece of text, Took that in all,
	// both from the call, retries included.
	FirstToken time.Duration
	Took       time.Duration
}

// Usage is what calls have used. The zero value is nothing.
type Usage struct {
	Calls        int
	PromptTokens int
	ReplyTokens  int
	// Cost is in the currency of the prices, 0 when there are none.
	Cost float64
	// Estimated says that the endpoint did not tell all counts.
	Estimated bool
}

// Add adds what another call has used.
func (u *Usage) Add(v Usage) {
	u.Calls += v.Calls
	u.PromptTokens += v.PromptTokens
	u.ReplyTokens += v.ReplyTokens
	u.Cost += v.Cost
	u.Estimated = u.Estimated || v.Estimated
}

// Tokens is the prompts' and the replies' together.
func (u Usage) Tokens() int { return u.PromptTokens + u.ReplyTokens }

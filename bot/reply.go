package bot

import (
	"context"

	"verbatim/bot/model"
	"verbatim/retrieval"
)

// ModelOptions say how the language model is used.
type ModelOptions struct {
	// TokensPerDay and CostPerDay are the most that one server, or all direct
	// messages together, may use on a day in UTC; 0 is no limit. A server's own
	// settings may lower them.
	TokensPerDay int
	CostPerDay   float64
}

// UseModel makes answers and summaries a language model's, checked. Call it
// before the first question; without it everything is extractive.
func (b *Bot) UseModel(client *model.Client, o ModelOptions) {
	b.chat.client, b.chat.options = client, o
}

// Question is a question with all that belongs to it.
type Question struct {
	Text string
	// History is the turns before, oldest first.
	History []Turn
	Filter  retrieval.Filter
	// Payer is the server whose budget pays, "" in direct messages and on the
	// command line.
	Payer retrieval.Scope
	// Language is a code such as "de" for the answer, "" for that of the
	// question.
	Language string
	// Draft, if given, is told what the answer is so far, by one goroutine,
	// never after Reply has returned.
	Draft func(Draft)
	// Extractive asks for no model.
	Extractive bool
}

// Draft is an answer on its way.
type Draft struct {
	// Sentences are those checked so far, Citations what they cite.
	Sentences []AnswerSentence
	Citations []retrieval.Citation
	// Unchecked is the rest of what the model has said so far, without marks; it must be shown
	// as a draft only.
	Unchecked string
}

// Fallback says why no model made the answer, though there is one.
type Fallback string

// The fallbacks.
const (
	FallbackNone        Fallback = ""
	FallbackDown        Fallback = "down"        // cannot be reached, or fails
	FallbackSlow        Fallback = "slow"        // took too long
	FallbackBudget      Fallback = "budget"      // the day's tokens or money are used up
	FallbackUnsupported Fallback = "unsupported" // nothing that it said could be verified
)

// Reply answers a question.
func (b *Bot) Reply(ctx context.Context, q Question) (*Answer, error) {
	return b.AskFollowing(ctx, q.History, q.Text, q.Filter)
}

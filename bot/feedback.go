package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"verbatim/retrieval"
)

// maxKept bounds texts of people that are kept, in bytes: more than any message
// can hold.
const maxKept = 8000

// Feedback is what a user thinks of an answer.
type Feedback struct {
	// Message is the ID of the bot's answer.
	Message string `json:"message"`
	User    string `json:"user"`
	// Scope is the server's; "" becomes the user's own, see [TurnScope].
	Scope retrieval.Scope `json:"scope"`
	Good  bool            `json:"good"`
	// Reason is why it is not good, in the user's words; "" none given.
	Reason   string `json:"reason,omitempty"`
	Question string `json:"question,omitempty"`
	// At is when it was given; zero becomes now.
	At time.Time `json:"at"`
}

// SaveFeedback keeps feedback for a year, in place of what the same user said
// of the same answer before. It is its user's: Forget deletes it.
func (b *Bot) SaveFeedback(ctx context.Context, f Feedback) error {
	f.Scope, f.At = TurnScope(f.Scope, f.User), orNow(f.At)
	f.Reason, f.Question = cut(f.Reason), cut(f.Question)
	r := retrieval.Record{Scope: f.Scope, Kind: kindFeedback, Key: f.Message + "/" + f.User, Owner: f.User, Created: f.At, Expires: f.At.Add(keepFeedback)}
	if err := b.put(ctx, r, f); err != nil {
		return fmt.Errorf("save feedback: %w", err)
	}
	return nil
}

// Feedback lists the last n that a server's members gave, newest first; n <= 0
// is all.
func (b *Bot) Feedback(ctx context.Context, scope retrieval.Scope, n int) ([]Feedback, error) {
	return listOf[Feedback](ctx, b, scope, kindFeedback, n)
}

// UnansweredQuestion is a question whose answer was "not in this episode".
type UnansweredQuestion struct {
	Question string          `json:"question"`
	Scope    retrieval.Scope `json:"scope"`
	At       time.Time       `json:"at"`
}

// SaveUnanswered keeps a question that was not answered for 90 days, for the
// show's team to read. It is kept once for each user, whose it is: Forget
// deletes it.
func (b *Bot) SaveUnanswered(ctx context.Context, scope retrieval.Scope, user, question string, at time.Time) error {
	at = orNow(at)
	u := UnansweredQuestion{Question: cut(strings.Join(strings.Fields(question), " ")), Scope: TurnScope(scope, user), At: at}
	sum := sha256.Sum256([]byte(user + "\x00" + strings.ToLower(u.Question)))
	r := retrieval.Record{Scope: u.Scope, Kind: kindUnanswered, Key: hex.EncodeToString(sum[:16]), Owner: user, Created: at, Expires: at.Add(keepUnanswered)}
	if err := b.put(ctx, r, u); err != nil {
		return fmt.Errorf("save unanswered question: %w", err)
	}
	return nil
}

// Unanswered lists the last n questions that a server got no answer to, newest
// first; n <= 0 is all.
func (b *Bot) Unanswered(ctx context.Context, scope retrieval.Scope, n int) ([]UnansweredQuestion, error) {
	return listOf[UnansweredQuestion](ctx, b, scope, kindUnanswered, n)
}

// cut shortens a text to what is kept, between characters.
func cut(text string) string {
	if len(text) <= maxKept {
		return text
	}
	return strings.ToValidUTF8(text[:maxKept], "")
}

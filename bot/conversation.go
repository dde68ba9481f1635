package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"verbatim/retrieval"
)

// Turn is one question and its answer in a conversation.
type Turn struct {
	// Message is the ID of the bot's answer, Channel where it stands, Thread
	// the thread that it stands in, "" none.
	Message string `json:"message"`
	Channel string `json:"channel"`
	Thread  string `json:"thread,omitempty"`
	// Parent is the Message of the turn that this one follows, "" none.
	Parent string `json:"parent,omitempty"`
	// User is who asked; Private says that he alone saw the answer, so that
	// nobody else's question may follow it.
	User    string `json:"user"`
	Private bool   `json:"private,omitempty"`
	// Scope is the server's; "" becomes the user's own, see [TurnScope].
	Scope retrieval.Scope `json:"scope"`
	// Question is as asked, Standalone as searched for.
	Question   string `json:"question"`
	Standalone string `json:"standalone,omitempty"`
	// Episode and EpisodeScope are the episode that was asked about, "" none;
	// AllEpisodes says that all of them were.
	Episode      retrieval.EpisodeID `json:"episode,omitempty"`
	EpisodeScope retrieval.Scope     `json:"episode_scope,omitempty"`
	AllEpisodes  bool                `json:"all_episodes,omitempty"`
	// Found is false when the answer was "not in this episode".
	Found bool `json:"found"`
	// At is when it was asked; zero becomes now.
	At time.Time `json:"at"`
}

// SaveTurn keeps a turn for 30 days. It is its user's: Forget deletes it. The
// turn stays when its episode is removed, since nothing of that is in it.
func (b *Bot) SaveTurn(ctx context.Context, t Turn) error {
	t.Scope, t.At = TurnScope(t.Scope, t.User), orNow(t.At)
	if t.Message == "" {
		return fmt.Errorf("save turn: %w: want a message", retrieval.ErrInvalidRecord)
	}
	r := retrieval.Record{Scope: t.Scope, Kind: kindTurn, Key: t.Message, Owner: t.User, Created: t.At, Expires: t.At.Add(keepTurns)}
	if t.Thread != "" {
		// The thread's list of its turns tells of nobody and of nothing said,
		// and so may outlive a turn that was forgotten.
		entry := r
		entry.Kind, entry.Owner = kindThreadTurn+t.Thread, ""
		if err := b.put(ctx, entry, struct{}{}); err != nil {
			return fmt.Errorf("save turn: %w", err)
		}
	}
	if err := b.put(ctx, r, t); err != nil {
		return fmt.Errorf("save turn: %w", err)
	}
	return nil
}

// TurnOf loads the turn that a message of the bot answers. Scope is that of
// [TurnScope]. It returns retrieval.ErrNoRecord when there is none.
func (b *Bot) TurnOf(ctx context.Context, scope retrieval.Scope, message string) (*Turn, error) {
	return findRecord[Turn](ctx, b, scope, kindTurn, message)
}

// History is the turn of a message and those it follows, up to n, oldest first.
// Where a turn is gone, what came before it is too.
func (b *Bot) History(ctx context.Context, scope retrieval.Scope, message string, n int) ([]Turn, error) {
	turns := []Turn{}
	seen := map[string]bool{"": true}
	for !seen[message] && len(turns) < n {
		seen[message] = true
		t, err := b.TurnOf(ctx, scope, message)
		if isNoRecord(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		turns = append(turns, *t)
		message = t.Parent
	}
	slices.Reverse(turns)
	return turns, nil
}

// ThreadHistory is the last n turns in a thread, oldest first.
func (b *Bot) ThreadHistory(ctx context.Context, scope retrieval.Scope, thread string, n int) ([]Turn, error) {
	turns := []Turn{}
	if b.records == nil {
		return nil, ErrNoStore
	}
	if scope == "" || thread == "" {
		return turns, nil
	}
	// Of those listed some may have been forgotten: all are looked at then.
	for _, listed := range []int{2 * n, 0} {
		turns = turns[:0]
		entries, err := b.records.RecordsOf(ctx, scope, kindThreadTurn+thread, listed)
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(entries) && len(turns) < n; i++ {
			t, err := b.TurnOf(ctx, scope, entries[i].Key)
			if err != nil && !errors.Is(err, retrieval.ErrNoRecord) {
				return nil, err
			}
			if err == nil {
				turns = append(turns, *t)
			}
		}
		if len(turns) == n || len(entries) < listed {
			break
		}
	}
	slices.Reverse(turns)
	return turns, nil
}

// AskFollowing is Ask for a question that may follow others: it searches for
// what [StandAlone], or the language model, makes of it. The answer's Question is
// as asked, Standalone what was searched for where that is more.
func (b *Bot) AskFollowing(ctx context.Context, history []Turn, question string, f retrieval.Filter) (*Answer, error) {
	return b.Reply(ctx, Question{Text: question, History: history, Filter: f})
}

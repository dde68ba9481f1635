package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"verbatim/retrieval"
)

// The kinds of records that the bot keeps. A record's scope is that of the
// server, or [TurnScope] outside of one.
const (
	kindSettings   = "settings"     // key "settings": Settings
	kindUsage      = "usage"        // key 2006-01-02: dayUsage
	kindTurn       = "turn"         // key message: Turn
	kindThread     = "thread"       // key thread: Thread
	kindThreadTurn = "thread-turn:" // and thread; key message: nothing
	kindFeedback   = "feedback"     // key message/user: Feedback
	kindUnanswered = "unanswered"   // key hash of user and question: UnansweredQuestion
	kindPin        = "pin"          // key channel: EpisodeRef
	kindUndo       = "undo"         // key random: undoable
	kindLink       = "link"         // key episode: linkKey
	kindSample     = "sample"       // key "offered", scope public: nothing
)

// How long records are kept.
const (
	keepTurns      = 30 * 24 * time.Hour
	keepThreads    = 365 * 24 * time.Hour
	keepFeedback   = 365 * 24 * time.Hour
	keepUnanswered = 90 * 24 * time.Hour
	keepUndo       = 24 * time.Hour
)

// directScope begins the scope of what is said outside of servers.
const directScope = "dm:"

// state is what the bot keeps in memory of what it remembers.
type state struct {
	settings settingsState
	usage    usageState
	threads  threadState
	// changing is held while an episode is compared and replaced.
	changing sync.Mutex
}

// UseRecords gives the bot a place to remember settings, turns, feedback and
// the like, as a rule the library itself. Call it before the first use; without
// it the calls that need it return [ErrNoStore].
func (b *Bot) UseRecords(r retrieval.Records) { b.records = r }

// TurnScope is the scope in which a conversation is kept: the server's, or for
// "" one that is the user's alone, so that nothing crosses from one user's
// direct messages into another's. No episode is ever in that scope.
func TurnScope(scope retrieval.Scope, user string) retrieval.Scope {
	if scope != "" || user == "" {
		return scope
	}
	return retrieval.Scope(directScope + user)
}

// Forget deletes everything that the bot remembers of a user, in all servers
// and direct messages, and returns how many records that were: turns with their
// questions, unanswered questions, feedback, and what he could undo. The counts
// of today's questions stay, as numbers, until the day ends.
func (b *Bot) Forget(ctx context.Context, user string) (int, error) {
	if b.records == nil {
		return 0, ErrNoStore
	}
	b.replies.forgetQuestions()
	n, err := b.records.DeleteOwner(ctx, user)
	if err != nil {
		return 0, fmt.Errorf("forget user: %w", err)
	}
	return n, nil
}

// Tidy deletes what has been kept for long enough, and returns how much; call
// it now and then.
func (b *Bot) Tidy(ctx context.Context, now time.Time) (int, error) {
	if b.records == nil {
		return 0, ErrNoStore
	}
	return b.records.DeleteExpired(ctx, now)
}

// put keeps the value, as JSON, in the record.
func (b *Bot) put(ctx context.Context, r retrieval.Record, value any) error {
	if b.records == nil {
		return ErrNoStore
	}
	var err error
	if r.Value, err = json.Marshal(value); err != nil {
		return fmt.Errorf("keep %s: %w", r.Kind, err)
	}
	return b.records.PutRecord(ctx, r)
}

// findRecord loads a value that put has kept; retrieval.ErrNoRecord when it is gone.
func findRecord[T any](ctx context.Context, b *Bot, scope retrieval.Scope, kind, key string) (*T, error) {
	if b.records == nil {
		return nil, ErrNoStore
	}
	r, err := b.records.Record(ctx, scope, kind, key)
	if err != nil {
		return nil, err
	}
	return decode[T](r)
}

// listOf loads up to n values of a kind, newest first; n <= 0 is all.
func listOf[T any](ctx context.Context, b *Bot, scope retrieval.Scope, kind string, n int) ([]T, error) {
	if b.records == nil {
		return nil, ErrNoStore
	}
	if scope == "" { // means all scopes to Records, and nobody asks for that
		return []T{}, nil
	}
	records, err := b.records.RecordsOf(ctx, scope, kind, n)
	if err != nil {
		return nil, err
	}
	values := make([]T, 0, len(records))
	for i := range records {
		v, err := decode[T](&records[i])
		if err != nil {
			return nil, err
		}
		values = append(values, *v)
	}
	return values, nil
}

func decode[T any](r *retrieval.Record) (*T, error) {
	v := new(T)
	if err := json.Unmarshal(r.Value, v); err != nil {
		return nil, fmt.Errorf("record %s %q of scope %q: %w", r.Kind, r.Key, r.Scope, err)
	}
	return v, nil
}

// orNow is t, or now when t is zero, in UTC.
func orNow(t time.Time) time.Time {
	if t.IsZero() {
		t = time.Now()
	}
	return t.UTC()
}

func isNoRecord(err error) bool { return errors.Is(err, retrieval.ErrNoRecord) }

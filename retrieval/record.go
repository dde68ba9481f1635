package retrieval

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	// ErrNoRecord is returned when there is no such record, or none any more.
	ErrNoRecord = errors.New("no such record")
	// ErrInvalidRecord is returned for a record without a scope, a kind or a
	// key, and for an owner "" whose records are to be deleted.
	ErrInvalidRecord = errors.New("invalid record")
)

// Record is something a library keeps beside its episodes: settings, feedback,
// turns of a conversation and the like.
type Record struct {
	// Scope is whose record it is, never "". It need not have any episode.
	Scope Scope
	// Kind says what it is, such as "settings"; never "".
	Kind string
	// Key is unique within scope and kind; never "".
	Key string
	// Owner is the user whose record it is, "" none: see DeleteOwner.
	Owner string
	// Episode is the episode whose words or place it holds, "" none, and
	// EpisodeScope that episode's scope, "" being Scope: when the episode is
	// removed, so is the record. When it is replaced, the record stays.
	Episode      EpisodeID
	EpisodeScope Scope
	// Created is when it was made, UTC, to the millisecond; put as zero it is
	// the moment of putting.
	Created time.Time
	// Expires is when it is gone, UTC, to the millisecond; zero is never.
	Expires time.Time
	// Value is JSON; empty is read as nil.
	Value []byte
}

// Check returns [ErrInvalidRecord] for a record that cannot be kept.
func (r *Record) Check() error {
	if r.Scope == "" || r.Kind == "" || r.Key == "" {
		return fmt.Errorf("record %q %q of scope %q: %w: want scope, kind and key", r.Kind, r.Key, r.Scope, ErrInvalidRecord)
	}
	return nil
}

// Records keeps records. All methods are safe for concurrent use; reading
// never waits for a writer. A record that has expired counts as gone at once,
// whether DeleteExpired has run or not.
type Records interface {
	// PutRecord keeps the record, in place of any of the same scope, kind and
	// key. When it returns, the record is on the disk. Errors:
	// [ErrInvalidRecord], [ErrLocked], [ErrFull].
	PutRecord(ctx context.Context, r Record) error
	// Record loads one record; [ErrNoRecord] when there is none.
	Record(ctx context.Context, scope Scope, kind, key string) (*Record, error)
	// RecordsOf lists up to n records of a kind, newest first, then by key
	// descending, then by scope; n <= 0 is all. Scope "" is all scopes.
	RecordsOf(ctx context.Context, scope Scope, kind string, n int) ([]Record, error)
	// DeleteRecord deletes one record; it is no error when there is none.
	DeleteRecord(ctx context.Context, scope Scope, kind, key string) error
	// DeleteOwner deletes the owner's records in all scopes and returns how
	// many they were, expired ones included. Owner "" is [ErrInvalidRecord].
	DeleteOwner(ctx context.Context, owner string) (int, error)
	// DeleteExpired deletes what has expired by then and returns how much.
	DeleteExpired(ctx context.Context, now time.Time) (int, error)
}

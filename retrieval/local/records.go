package local

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"verbatim/retrieval"
)

var _ retrieval.Records = (*Library)(nil)

// recordColumns are in the order in which scanRecord reads them.
const recordColumns = `scope, kind, key, owner, episode_scope, episode, created_ms, expires_ms, value`

// PutRecord implements retrieval.Records. Errors: retrieval.ErrInvalidRecord,
// retrieval.ErrLocked, retrieval.ErrFull, [ErrReadOnly].
func (l *Library) PutRecord(ctx context.Context, r retrieval.Record) error {
	if err := r.Check(); err != nil {
		return err
	}
	if r.Episode == "" {
		r.EpisodeScope = ""
	} else if r.EpisodeScope == "" {
		r.EpisodeScope = r.Scope
	}
	if r.Created.IsZero() {
		r.Created = time.Now()
	}
	var expires any
	if !r.Expires.IsZero() {
		expires = r.Expires.UnixMilli()
	}
	if r.Value == nil {
		r.Value = []byte{}
	}
	err := l.writeRecords(ctx, func(s *session) (int64, error) {
		_, err := s.exec(context.WithoutCancel(ctx), `INSERT INTO records (`+recordColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (kind, scope, key) DO UPDATE SET owner = excluded.owner, episode_scope = excluded.episode_scope,
				episode = excluded.episode, created_ms = excluded.created_ms, expires_ms = excluded.expires_ms, value = excluded.value`,
			string(r.Scope), r.Kind, r.Key, r.Owner, string(r.EpisodeScope), string(r.Episode), r.Created.UnixMilli(), expires, r.Value)
		return 0, err
	})
	if err != nil {
		return fmt.Errorf("put record %q of scope %q: %w", r.Kind, r.Scope, err)
	}
	return nil
}

// Record implements retrieval.Records. A read-only library of before there were
// records has none.
func (l *Library) Record(ctx context.Context, scope retrieval.Scope, kind, key string) (*retrieval.Record, error) {
	list, err := l.readRecords(ctx, `SELECT `+recordColumns+` FROM records WHERE kind = ? AND scope = ? AND key = ?
		AND (expires_ms IS NULL OR expires_ms > ?)`, kind, string(scope), key, time.Now().UnixMilli())
	if err == nil && len(list) == 0 {
		err = retrieval.ErrNoRecord
	}
	if err != nil {
		return nil, fmt.Errorf("record %q %q of scope %q: %w", kind, key, scope, err)
	}
	return &list[0], nil
}

// RecordsOf implements retrieval.Records.
func (l *Library) RecordsOf(ctx context.Context, scope retrieval.Scope, kind string, n int) ([]retrieval.Record, error) {
	if n <= 0 {
		n = math.MaxInt32
	}
	query := `SELECT ` + recordColumns + ` FROM records WHERE kind = ? AND scope = ? AND (expires_ms IS NULL OR expires_ms > ?)
		ORDER BY created_ms DESC, key DESC LIMIT ?`
	args := []any{kind, string(scope), time.Now().UnixMilli(), n}
	if scope == "" {
		query = `SELECT ` + recordColumns + ` FROM records WHERE kind = ? AND (expires_ms IS NULL OR expires_ms > ?)
			ORDER BY created_ms DESC, key DESC, scope LIMIT ?`
		args = []any{kind, time.Now().UnixMilli(), n}
	}
	list, err := l.readRecords(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("records %q of scope %q: %w", kind, scope, err)
	}
	return list, nil
}

// DeleteRecord implements retrieval.Records.
func (l *Library) DeleteRecord(ctx context.Context, scope retrieval.Scope, kind, key string) error {
	if _, err := l.deleteRecords(ctx, `kind = ? AND scope = ? AND key = ?`, kind, string(scope), key); err != nil {
		return fmt.Errorf("delete record %q of scope %q: %w", kind, scope, err)
	}
	return nil
}

// DeleteOwner implements retrieval.Records. When it returns, the words are gone
// from the file and its log, as with Remove.
func (l *Library) DeleteOwner(ctx context.Context, owner string) (int, error) {
	if owner == "" {
		return 0, fmt.Errorf("delete records of nobody: %w", retrieval.ErrInvalidRecord)
	}
	n, err := l.deleteRecords(ctx, `owner <> '' AND owner = ?`, owner)
	if err != nil {
		return 0, fmt.Errorf("delete records of an owner: %w", err)
	}
	return n, nil
}

// DeleteExpired implements retrieval.Records.
func (l *Library) DeleteExpired(ctx context.Context, now time.Time) (int, error) {
	n, err := l.deleteRecords(ctx, `expires_ms IS NOT NULL AND expires_ms <= ?`, now.UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("delete expired records: %w", err)
	}
	return n, nil
}

// deleteRecords returns how many met the condition.
func (l *Library) deleteRecords(ctx context.Context, condition string, args ...any) (int, error) {
	n := int64(0)
	err := l.writeRecords(ctx, func(s *session) (int64, error) {
		result, err := s.exec(context.WithoutCancel(ctx), `DELETE FROM records WHERE `+condition, args...)
		if err == nil {
			n, err = result.RowsAffected()
		}
		return n, err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}

// deleteRecordsOf deletes the records that speak of an episode.
func (w *writer) deleteRecordsOf(ctx context.Context, scope retrieval.Scope, id retrieval.EpisodeID) error {
	return w.exec(ctx, `DELETE FROM records WHERE episode <> '' AND episode_scope = ? AND episode = ?`, string(scope), string(id))
}

// writeRecords runs f in a write transaction of its own. Unlike write it leaves
// the generation, and with it every view, as it is. f returns how many records
// it deleted; their words are then taken out of the log.
func (l *Library) writeRecords(ctx context.Context, f func(s *session) (deleted int64, err error)) error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.work.Done()
	if l.options.ReadOnly {
		return ErrReadOnly
	}
	s, err := l.writer.take(ctx)
	if err != nil {
		return explain(err)
	}
	deleted := int64(0)
	err = s.writing(ctx, func() error {
		var err error
		deleted, err = f(s)
		return err
	}, commitOnly)
	if err == nil && deleted > 0 && l.path != "" {
		s.scrub(context.WithoutCancel(ctx), l.options.lockWait().Milliseconds())
	}
	l.writer.give(s, err)
	return explain(err)
}

// readRecords reads the records of a query; not nil.
func (l *Library) readRecords(ctx context.Context, query string, args ...any) ([]retrieval.Record, error) {
	if err := l.enter(); err != nil {
		return nil, err
	}
	defer l.work.Done()
	list := []retrieval.Record{}
	if l.noRecords {
		return list, ctx.Err()
	}
	s, err := l.readers.take(ctx)
	if err != nil {
		return nil, explain(err)
	}
	err = s.each(ctx, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		list = append(list, r)
		return err
	}, query, args...)
	l.readers.give(s, err)
	if err != nil {
		return nil, explain(err)
	}
	return list, nil
}

func scanRecord(rows *sql.Rows) (retrieval.Record, error) {
	var r retrieval.Record
	var created int64
	var expires sql.NullInt64
	err := rows.Scan(&r.Scope, &r.Kind, &r.Key, &r.Owner, &r.EpisodeScope, &r.Episode, &created, &expires, &r.Value)
	r.Created = time.UnixMilli(created).UTC()
	if expires.Valid {
		r.Expires = time.UnixMilli(expires.Int64).UTC()
	}
	return r, err
}

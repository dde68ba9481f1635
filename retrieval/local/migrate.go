package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"verbatim/retrieval"
)

const (
	// oldestReadable is the oldest version whose episodes can be read without
	// being migrated, recordsVersion the first one that has records.
	oldestReadable = 1
	recordsVersion = 2
)

// migrate brings the schema to the version of this program. A library that is
// there already is looked at without any lock.
func (l *Library) migrate(ctx context.Context, s *session) error {
	files, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	version, err := version(ctx, s)
	if err != nil {
		return err
	}
	switch {
	case version > int64(len(files)):
		return fmt.Errorf("%w: its schema is version %d, this program knows up to %d", retrieval.ErrNewer, version, len(files))
	case version == int64(len(files)):
		return nil
	case l.options.ReadOnly && version >= oldestReadable:
		l.noRecords = version < recordsVersion
		return nil
	case l.options.ReadOnly:
		return fmt.Errorf("%w: its schema is version %d and must become %d", ErrReadOnly, version, len(files))
	}
	if l.path != "" {
		if err := enableLog(ctx, s, l.options.lockWait()); err != nil {
			return err
		}
	}
	return s.writing(ctx, func() error { return upgrade(ctx, s, files) }, commitOnly)
}

func commitOnly(commit func() error) error { return commit() }

// version is the schema's version, 0 for a new file. A database that is not a
// library is ErrDamaged.
func version(ctx context.Context, s *session) (int64, error) {
	id, err := s.number(ctx, "PRAGMA application_id")
	if err != nil {
		return 0, err
	}
	version, err := s.number(ctx, "PRAGMA user_version")
	if err != nil {
		return 0, err
	}
	tables, err := s.number(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return 0, err
	}
	if id != applicationID && (id != 0 || version != 0 || tables != 0) {
		return 0, fmt.Errorf("%w: %s is a database of another program", ErrDamaged, fileName)
	}
	return version, nil
}

// enableLog switches to the write-ahead log, which a file remembers. The
// switch does not wait for other connections by itself.
func enableLog(ctx context.Context, s *session, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	for {
		var mode string
		err := s.conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		if err == nil && mode != "wal" {
			return fmt.Errorf("journal mode is %q, want wal", mode)
		}
		if err == nil || !errors.Is(explain(err), retrieval.ErrLocked) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// upgrade runs the migrations that the file has not seen. Another process may
// have been quicker.
func upgrade(ctx context.Context, s *session, files []string) error {
	done, err := s.number(ctx, "PRAGMA user_version")
	if err != nil {
		return err
	}
	for i := int(done); i < len(files); i++ {
		script, err := migrations.ReadFile(files[i])
		if err != nil {
			return err
		}
		if _, err := s.conn.ExecContext(ctx, string(script)); err != nil {
			return fmt.Errorf("migrate to version %d: %w", i+1, err)
		}
	}
	_, err = s.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(files)))
	return err
}

package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"verbatim/retrieval"
)

var (
	// ErrClosed is returned by every method after Close.
	ErrClosed = errors.New("library is closed")
	// ErrDamaged is returned when the file is no library, or one that SQLite
	// cannot read any more.
	ErrDamaged = errors.New("library file is damaged or no library")
	// ErrReadOnly is returned by methods that write when the library was
	// opened with Options.ReadOnly, or its files may not be written. It wraps
	// fs.ErrPermission.
	ErrReadOnly = fmt.Errorf("library is read-only: %w", fs.ErrPermission)
	// ErrInvalid is returned by Add for an episode that contradicts itself;
	// nothing was written.
	ErrInvalid = errors.New("invalid episode")
)

// explain turns SQLite's result codes into the errors that callers decide by.
// Other errors pass unchanged.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) {
		return retrieval.ErrFull
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return retrieval.ErrLocked
	case sqlite3.SQLITE_FULL:
		return retrieval.ErrFull
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%w (%w)", ErrReadOnly, err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return fmt.Errorf("%w (%w)", fs.ErrPermission, err)
	case sqlite3.SQLITE_IOERR:
		return explainIO(e)
	}
	return err
}

// explainIO tells a full disk from a broken one where SQLite says enough: the
// shared-memory file beside the log is sized before anything else is written,
// and that fails for want of room.
func explainIO(e *sqlite.Error) error {
	switch e.Code() {
	case sqlite3.SQLITE_IOERR_SHMSIZE:
		return fmt.Errorf("%w (%w)", retrieval.ErrFull, e)
	case sqlite3.SQLITE_IOERR_SHORT_READ:
		return fmt.Errorf("%w (%w)", ErrDamaged, e)
	}
	return e
}

func unknown(scope retrieval.Scope, id retrieval.EpisodeID) error {
	return fmt.Errorf("episode %q in scope %q: %w", id, scope, retrieval.ErrUnknownEpisode)
}

func isDamage(err error) bool { return errors.Is(explain(err), ErrDamaged) }

package retrieval

import "errors"

var (
	// ErrUnknownEpisode is returned when a scope has no episode of that ID.
	ErrUnknownEpisode = errors.New("unknown episode")
	// ErrDimension is returned when a vector's length is not that of the
	// library's vectors.
	ErrDimension = errors.New("vector of another dimension")
	// ErrLocked is returned when another process holds the library's write
	// lock for longer than the library waits.
	ErrLocked = errors.New("library is locked by another process")
	// ErrNewer is returned when the library was written by a newer version of
	// the program.
	ErrNewer = errors.New("library is of a newer version")
	// ErrFull is returned when the disk has no room for what was to be
	// written; nothing of it was kept.
	ErrFull = errors.New("disk is full")
)

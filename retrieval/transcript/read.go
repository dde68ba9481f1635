// Package transcript reads transcripts of every common kind into episodes. It
// recognises the format by content, never by file name, keeps times and
// speakers exactly as the file has them, and reads damaged files as far as
// they make sense.
//
// [Read] is the call that matters. What it does not do: guess a speaker or a
// time, mark boilerplate, or cut passages (retrieval.Split does).
package transcript

import (
	"errors"
	"fmt"
	"path/filepath"

	"verbatim/retrieval"
)

// Limits of one file; beyond them Read returns the error named.
const (
	MaxBytes = 64 << 20  // ErrTooLarge; counted after gunzip as well
	MaxHours = 48        // ErrTooLong
	MaxLines = 1_000_000 // ErrTooManyLines
)

var (
	// ErrEmpty is returned for a file without any content.
	ErrEmpty = errors.New("empty file")
	// ErrNotTranscript is returned for a file that is no transcript of any
	// known kind: binary data, JSON of another shape, markup without words.
	ErrNotTranscript = errors.New("not a transcript")
	// ErrTooLarge is returned for a file over MaxBytes.
	ErrTooLarge = errors.New("file is larger than 64 MiB")
	// ErrTooLong is returned when a time is beyond MaxHours.
	ErrTooLong = errors.New("a time is beyond 48 hours")
	// ErrTooManyLines is returned for a file of more than MaxLines lines.
	ErrTooManyLines = errors.New("more than 1,000,000 lines")
)

// Error says which file could not be read, where and why.
type Error struct {
	File   string
	Line   int    // 1 for the first line of the file; 0 where no line is to blame
	Reason string // may be ""
	Err    error  // one of the Err values above, or an I/O error
}

func (e *Error) Error() string {
	s := "read " + e.File
	if e.Line > 0 {
		s += fmt.Sprintf(": line %d", e.Line)
	}
	s += ": " + e.Err.Error()
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Warning is a fault that was read around.
type Warning struct {
	Line int // line of the file (not the cue), from 1; 0 for the file as a whole
	Text string
}

// String is "line 30: end 0:01 is before start 0:02".
func (w Warning) String() string {
	if w.Line == 0 {
		return w.Text
	}
	return fmt.Sprintf("line %d: %s", w.Line, w.Text)
}

// source is a file made ready for the readers: decoded, newlines unified.
type source struct {
	name  string   // base name, for the title of last resort
	raw   []byte   // after gunzip, as UTF-8 without BOM
	lines []string // raw split at line ends, which are cut off; NULs removed
}

// draft is what a reader fills.
type draft struct {
	episode  retrieval.Episode
	warnings []Warning
}

// warn notes a fault on a line of the file.
func (d *draft) warn(line int, format string, args ...any) {
	d.warnings = append(d.warnings, Warning{Line: line, Text: fmt.Sprintf(format, args...)})
}

// format is one kind of transcript.
type format struct {
	// name is what Episode.Format says, such as "srt".
	name string
	// sniff reports whether the file is of this kind; it must be quick and
	// certain, since the first format that says yes reads the file.
	sniff func(*source) bool
	// read fills the draft. An error means that nothing of it is used; it is
	// wrapped in an Error with the file's name by Read, so a reader returns
	// &Error{Line:, Reason:, Err:} or a plain one.
	read func(*source, *draft) error
}

// baseName is the file name without folders.
func baseName(path string) string { return filepath.Base(path) }

// Package transcript reads transcripts of every common kind into episodes. It
// recognises the format by content, never by file name, keeps times and
// speakers exactly as the file has them, and reads damaged files as far as
// they make sense.
//
// A caption is one line even if several people speak in it: it then has no
// speaker and the words of all, with the labels of the second and later ones.
//
// [Read] is the call that matters. What it does not do: guess a speaker or a
// time, mark boilerplate, or cut passages (retrieval.Split does).
package transcript

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"verbatim/retrieval"
)

// Result is what a file was read into.
type Result struct {
	Episode *retrieval.Episode
	// Warnings are the faults that were read around, in the order of the file;
	// at most 100, and then the last one says how many more there were.
	Warnings []Warning
}

// Read reads a transcript of any known format. The name, with or without
// folders, is not looked at for the format; it gives the episode its ID and,
// where the file has none, its title.
//
// The error is an [*Error] that names the file and, where it can, the line, and
// wraps one of this package's Err values; the result is then nil.
func Read(name string, data []byte) (*Result, error) {
	d := &draft{}
	if err := d.read(name, data); err != nil {
		return nil, located(name, err)
	}
	return &Result{Episode: &d.episode, Warnings: d.kept()}, nil
}

// read decodes the file, lets its format fill the draft and checks the result.
func (d *draft) read(name string, data []byte) error {
	src, err := open(name, data, d)
	if err != nil {
		return err
	}
	f, err := recognise(src)
	if err != nil {
		return err
	}
	d.episode.Format = f.name
	if err := f.read(src, d); err != nil {
		return err
	}
	err = d.finish(src)
	if errors.Is(err, ErrNotTranscript) && looksJSON(bytes.TrimSpace(src.raw)) {
		if broken := brokenJSON(src.raw); broken != nil {
			return broken // which is why there are no words
		}
	}
	return err
}

// ReadFile reads the transcript at path. A missing file is [fs.ErrNotExist]; a
// file over MaxBytes is refused before it is read.
func ReadFile(path string) (*Result, error) {
	data, err := Load(path)
	if err != nil {
		return nil, err
	}
	return Read(path, data)
}

// Load is the half of ReadFile that reads the bytes, with its errors, for
// callers that hand them on.
func Load(path string) ([]byte, error) {
	data, err := load(path)
	if err != nil {
		return nil, located(path, err)
	}
	return data, nil
}

// load reads at most MaxBytes and looks at the size first.
func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	if info.IsDir() {
		return nil, &Error{Err: errDirectory}
	}
	if info.Size() > MaxBytes {
		return nil, ErrTooLarge
	}
	// One byte over the limit tells a file that has grown, or a pipe, apart.
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, cause(err)
	}
	return data, nil
}

// errDirectory is the cause when a folder is named instead of a file.
var errDirectory = errors.New("is a directory")

// cause takes the operation and path off an I/O error: Error says both.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// located puts the file's name to a reader's error.
func located(name string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		named := *e
		named.File = name
		return &named
	}
	return &Error{File: name, Err: err}
}

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
	raw   []byte   // after gunzip, as UTF-8 without BOM and NULs
	lines []string // raw split at line ends (LF, CRLF or CR), which are cut off
	json  *string  // what jsonKind has found, nil before
}

// draft is what a reader fills.
type draft struct {
	episode  retrieval.Episode
	warnings []Warning
	// unkept counts the warnings beyond maxWarnings.
	unkept int
	// fileLines is, for each of episode.Lines, its line in the file, for
	// warnings about it. Readers that fill it use add; for the others the
	// check of the times names the cue.
	fileLines []int
}

// maxWarnings bounds what a hopeless file can print.
const maxWarnings = 100

// warn notes a fault on a line of the file.
func (d *draft) warn(line int, format string, args ...any) {
	if len(d.warnings) == maxWarnings {
		d.unkept++
		return
	}
	d.warnings = append(d.warnings, Warning{Line: line, Text: fmt.Sprintf(format, args...)})
}

// kept is the warnings in the order of the file, the last one a count of those
// left out.
func (d *draft) kept() []Warning {
	warnings := d.warnings
	slices.SortStableFunc(warnings, func(a, b Warning) int { return cmp.Compare(a.Line, b.Line) })
	if d.unkept > 0 {
		warnings[maxWarnings-1] = Warning{Text: fmt.Sprintf("%d more warnings", d.unkept+1)}
	}
	return warnings
}

// add appends a line that stands, or begins, on the given line of the file.
func (d *draft) add(fileLine int, l retrieval.Line) {
	d.episode.Lines = append(d.episode.Lines, l)
	d.fileLines = append(d.fileLines, fileLine)
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

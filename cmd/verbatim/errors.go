package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Exit statuses, a contract of the command line.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed is returned by a subcommand that has already said, in its output,
// what went wrong; only the exit status is left to tell.
var errFailed = errors.New("failed, as reported above")

// usageError is a wrong call of the program: exit status 2.
type usageError struct {
	message string
	hint    string
}

// Error is the message alone.
func (e *usageError) Error() string { return e.message }

// hintedError carries a sentence on what to try next.
type hintedError struct {
	err  error
	hint string
}

// Error is that of the wrapped error.
func (e *hintedError) Error() string { return e.err.Error() }

// Unwrap is the wrapped error.
func (e *hintedError) Unwrap() error { return e.err }

// withHint adds a hint to err, to be printed on a line of its own. A nil err
// stays nil.
func withHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &hintedError{err: err, hint: hint}
}

// report prints err, if there is one to print, as "verbatim: message" and
// perhaps "hint: ...", without control characters, and returns the exit status.
func report(stderr io.Writer, err error) int {
	var usage *usageError
	var hinted *hintedError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "verbatim: interrupted")
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "verbatim: %s\n", plain(err.Error()))
		printHint(stderr, usage.hint)
		return exitUsage
	case errors.As(err, &hinted):
		fmt.Fprintf(stderr, "verbatim: %s\n", plain(err.Error()))
		printHint(stderr, hinted.hint)
		return exitFailed
	default:
		fmt.Fprintf(stderr, "verbatim: %s\n", plain(err.Error()))
		return exitFailed
	}
}

func printHint(stderr io.Writer, hint string) {
	if hint != "" {
		fmt.Fprintf(stderr, "hint: %s\n", plain(hint))
	}
}

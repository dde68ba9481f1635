package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// ui is how a subcommand speaks: results on stdout, all else on stderr. It is
// not safe for concurrent use. The first error of writing to stdout is kept
// for Err, and what follows is dropped.
type ui struct {
	stdout, stderr io.Writer
	// styled allows bold and dim on stdout: it is a terminal and NO_COLOR
	// (https://no-color.org, read 2026-11-22) is not set.
	styled bool
	// live allows a moving progress bar on stderr: it is a terminal.
	live bool
	err  error
}

func newUI(stdout, stderr io.Writer, env lookupFunc) *ui {
	noColor, _ := env("NO_COLOR")
	return &ui{
		stdout: stdout,
		stderr: stderr,
		styled: noColor == "" && isTerminal(stdout),
		live:   isTerminal(stderr),
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Err is the first error of writing to stdout.
func (u *ui) Err() error {
	if u.err == nil {
		return nil
	}
	return fmt.Errorf("write output: %w", u.err)
}

// printf prints a result on stdout. Text that comes from a transcript or a
// server goes through plain first.
func (u *ui) printf(format string, args ...any) {
	if u.err == nil {
		_, u.err = fmt.Fprintf(u.stdout, format, args...)
	}
}

// notef prints a line on stderr: what a person should know that is no result.
// Whatever args hold, it is plain.
func (u *ui) notef(format string, args ...any) {
	fmt.Fprintln(u.stderr, plain(fmt.Sprintf(format, args...)))
}

// json prints v as one indented JSON value. Text is not escaped for HTML.
func (u *ui) json(v any) error { return u.encode(v, "  ") }

// jsonLine prints v as JSON on one line, for -batch.
func (u *ui) jsonLine(v any) error { return u.encode(v, "") }

func (u *ui) encode(v any, indent string) error {
	if u.err != nil {
		return u.Err()
	}
	enc := json.NewEncoder(u.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func (u *ui) bold(s string) string { return u.style("1", s) }

func (u *ui) dim(s string) string { return u.style("2", s) }

// style wraps s in an SGR sequence (ECMA-48, section 8.3.117).
func (u *ui) style(code, s string) string {
	if !u.styled || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// highlight returns the text, made plain, with the byte ranges [from, to) of
// it in bold. The ranges must rise and not overlap.
func (u *ui) highlight(text string, ranges [][2]int) string {
	var b strings.Builder
	at := 0
	for _, r := range ranges {
		b.WriteString(plain(text[at:r[0]]))
		b.WriteString(u.bold(plain(text[r[0]:r[1]])))
		at = r[1]
	}
	b.WriteString(plain(text[at:]))
	return b.String()
}

// plain takes control characters, escape sequences' first bytes among them,
// out of text from outside, so that a transcript cannot steer the terminal.
// Line ends and tabs become spaces.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

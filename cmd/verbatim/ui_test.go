package main

import (
	"bytes"
	"os"
	"testing"
	"time"
)

func TestStyle(t *testing.T) {
	u := &ui{styled: true}
	if got, want := u.highlight("one \x1b[31mtwo three", [][2]int{{0, 3}, {13, 18}}), "\x1b[1mone\x1b[0m [31mtwo \x1b[1mthree\x1b[0m"; got != want {
		t.Errorf("highlight = %q, want %q", got, want)
	}
	if got, want := u.dim("x"), "\x1b[2mx\x1b[0m"; got != want {
		t.Errorf("dim = %q, want %q", got, want)
	}
	if got := (&ui{}).highlight("one two", [][2]int{{0, 3}}); got != "one two" {
		t.Errorf("highlight without style = %q, want the text alone", got)
	}
}

func TestNewUIStylesTerminalsOnly(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if u := newUI(f, &bytes.Buffer{}, environment(nil)); u.styled || u.live {
		t.Errorf("newUI on a file and a buffer: styled %t, live %t, want neither", u.styled, u.live)
	}
}

func TestPlain(t *testing.T) {
	tests := map[string]string{
		"a\tb\nc":          "a b c",
		"\x1b]0;title\x07": "]0;title",
		"a\u202eb":         "ab",
		"a\u009bb":         "ab",
		"Jürgen 🎙 zwölf":   "Jürgen 🎙 zwölf",
	}
	for in, want := range tests {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestJSONForms(t *testing.T) {
	var stdout bytes.Buffer
	u := &ui{stdout: &stdout}
	v := map[string]any{"a": "<&>", "n": nil}
	if err := u.json(v); err != nil {
		t.Fatal(err)
	}
	if err := u.jsonLine(v); err != nil {
		t.Fatal(err)
	}
	if got, want := stdout.String(), "{\n  \"a\": \"<&>\",\n  \"n\": null\n}\n{\"a\":\"<&>\",\"n\":null}\n"; got != want {
		t.Errorf("json and jsonLine print %q, want %q", got, want)
	}
	if err := u.json(func() {}); err == nil {
		t.Error("json of a function = nil, want an error")
	}
}

func TestProgressInALog(t *testing.T) {
	var stderr bytes.Buffer
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	p := (&ui{stderr: &stderr}).progressClock("embed", 40, func() time.Time { return now })
	for done := range 9 {
		p.set(done)
		now = now.Add(time.Second)
	}
	p.stop()
	if got, want := stderr.String(), "embed: 3 of 40\nembed: 6 of 40\n"; got != want {
		t.Errorf("progress prints %q, want %q", got, want)
	}
}

func TestProgressOnATerminal(t *testing.T) {
	var stderr bytes.Buffer
	p := (&ui{stderr: &stderr, live: true}).progress("embed", 2)
	p.set(1)
	p.set(2)
	p.stop()
	if !bytes.Contains(stderr.Bytes(), []byte("embed")) || bytes.Contains(stderr.Bytes(), []byte("\n")) {
		t.Errorf("a live progress prints %q, want a bar on one line", stderr.String())
	}
}

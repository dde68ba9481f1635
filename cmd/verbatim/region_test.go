package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"verbatim/bot"
)

// screen plays a terminal of some rows: what the bytes leave on it, with what
// scrolled off at its top.
func screen(t *testing.T, out string, rows int) []string {
	t.Helper()
	lines, at := []string{""}, 0
	for out != "" {
		switch {
		case strings.HasPrefix(out, "\x1b["):
			end := strings.IndexAny(out, "AJm")
			switch command := out[2 : end+1]; {
			case command == "J":
				lines = append(lines[:at], "")
			case strings.HasSuffix(command, "A"):
				var n int
				if _, err := fmt.Sscanf(command, "%dA", &n); err != nil {
					t.Fatalf("sequence %q: %v", command, err)
				}
				// A cursor stops at the top of the screen.
				at = max(at-n, len(lines)-rows, 0)
			}
			out = out[end+1:]
		case out[0] == '\n':
			at++
			if at == len(lines) {
				lines = append(lines, "")
			}
			out = out[1:]
		default:
			lines[at] += out[:1]
			out = out[1:]
		}
	}
	return lines
}

func TestRegionIsReplaced(t *testing.T) {
	for _, tt := range []struct {
		name          string
		columns, rows int
		want          string // while the second text is shown
	}{
		{"roomy", 100, 24, "before|b1|b2|b3|"},
		{"low", 100, 3, "before|b2|b3|"},
		{"narrow", 40, 24, "before|"},
		{"no terminal after all", 0, 0, "before|"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stdout bytes.Buffer
			now := time.Unix(0, 0)
			r := &region{ui: &ui{stdout: &stdout}, size: func() (int, int) { return tt.columns, tt.rows }, now: func() time.Time { return now }}
			rows := max(tt.rows, 1)
			r.ui.printf("before\n")
			r.show("a1\na2\na3\na4\n")
			r.show("left out, since it comes too soon\n")
			now = now.Add(regionInterval)
			r.show("b1\nb2\nb3\n")
			if got := strings.Join(screen(t, stdout.String(), rows), "|"); got != tt.want {
				t.Errorf("the screen shows %q, want %q", got, tt.want)
			}
			r.clear()
			r.clear()
			r.ui.printf("after\n")
			if got := strings.Join(screen(t, stdout.String(), rows), "|"); got != "before|after|" {
				t.Errorf("after clear the screen shows %q", got)
			}
		})
	}
}

func TestNoRegionWithoutATerminal(t *testing.T) {
	r := newUI(&bytes.Buffer{}, &bytes.Buffer{}, environment(nil)).region()
	if r != nil {
		t.Error("a buffer has a region")
	}
	r.clear() // must not panic
}

func TestDraftIsMarkedAsSuch(t *testing.T) {
	d := bot.Draft{Sentences: []bot.AnswerSentence{{Text: "It is so.", Citations: []int{1, 2}}, {Text: "And \x1bso.", Citations: []int{1}}}, Unchecked: "Perhaps\x1b[2J it"}
	if got, want := draftText(&ui{}, d), "It is so. [1] [2] And so. [1]\nDraft, not checked yet: Perhaps[2J it\n"; got != want {
		t.Errorf("draftText = %q, want %q", got, want)
	}
	if got := draftText(&ui{}, bot.Draft{}); got != "" {
		t.Errorf("draftText of nothing = %q, want nothing", got)
	}
}

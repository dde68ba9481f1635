package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

func TestParagraph(t *testing.T) {
	long := strings.Repeat("word ", 30)
	tests := []struct {
		name, head, text, want string
	}{
		{"one line", "[1] ", "a  b", "[1] a b\n"},
		{"indented", "  - ", long, "  - " + strings.TrimSpace(strings.Repeat("word ", 15)) + "\n    " + strings.TrimSpace(strings.Repeat("word ", 15)) + "\n"},
		{"styles have no width", "", "\x1b[1m" + strings.Repeat("x", 70) + "\x1b[0m yyyyyyy", "\x1b[1m" + strings.Repeat("x", 70) + "\x1b[0m yyyyyyy\n"},
		{"kept together", "", strings.Repeat("x", 70) + " lines" + together + "1–2", strings.Repeat("x", 70) + "\nlines 1–2\n"},
		{"a word wider than the line", "> ", strings.Repeat("x", 90) + " y", "> " + strings.Repeat("x", 90) + "\n  y\n"},
		{"nothing", "> ", "", "> \n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout bytes.Buffer
			(&ui{stdout: &stdout}).paragraph(tt.head, tt.text)
			if diff := cmp.Diff(tt.want, stdout.String()); diff != "" {
				t.Errorf("paragraph(%q, %q) (-want +got):\n%s", tt.head, tt.text, diff)
			}
		})
	}
}

func TestColumnsAndCut(t *testing.T) {
	tests := []struct {
		text    string
		columns int
		cut     string // to 6 columns
	}{
		{"", 0, ""},
		{"a\x1b[1mb\x1b[0mc", 3, "a\x1b[1mb\x1b[0mc"},
		{"größer", 6, "größer"},
		{"grösser", 7, "gröss…"},
		{"日本語訳", 8, "日本…"},
		{"abcd efgh", 9, "abcd…"},
	}
	for _, tt := range tests {
		if got := columns(tt.text); got != tt.columns {
			t.Errorf("columns(%q) = %d, want %d", tt.text, got, tt.columns)
		}
		if got := cut(tt.text, 6); got != tt.cut {
			t.Errorf("cut(%q, 6) = %q, want %q", tt.text, got, tt.cut)
		}
	}
}

func TestMarkedMeetsOtherForms(t *testing.T) {
	u := &ui{styled: true}
	if got, want := u.marked("The treaties of friends", termsOf("the treaty")), "The \x1b[1mtreaties\x1b[0m of friends"; got != want {
		t.Errorf("marked = %q, want %q", got, want)
	}
}

func TestNearestIDs(t *testing.T) {
	list := []retrieval.EpisodeInfo{
		{ID: "nk-news-toloraya-2025-03-06", Title: "Why it is built to last"},
		{ID: "go-time-116", Title: "Go Time: Structured logging"},
		{ID: "go-time-117", Title: "Go Time: Generics"},
	}
	tests := []struct {
		asked string
		want  []string
	}{
		{"go-time-16", []string{"go-time-116", "go-time-117"}},
		{"Generics", []string{"go-time-117"}},
		{"toloraya", []string{"nk-news-toloraya-2025-03-06"}},
		{"tolorya-2025", []string{"nk-news-toloraya-2025-03-06"}},
		{"zebra", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, nearestIDs(list, tt.asked, 2)); diff != "" {
			t.Errorf("nearestIDs(%q) (-want +got):\n%s", tt.asked, diff)
		}
	}
}

func TestBatchedJSON(t *testing.T) {
	for _, tt := range []struct {
		of   any
		want string
	}{
		{struct {
			A string `json:"a"`
		}{"<x>"}, `{"id":"q&1","a":"<x>"}`},
		{struct{}{}, `{"id":"q&1"}`},
	} {
		got, err := marshal(batched[any]{ID: "q&1", Of: tt.of})
		if err != nil || string(got) != tt.want {
			t.Errorf("batched %v = %s, %v, want %s", tt.of, got, err, tt.want)
		}
	}
}

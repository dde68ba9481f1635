package librarytest

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// rich is an episode with everything that can be stored.
func rich() *retrieval.Episode {
	e := Episode("rich", "Anna: Good morning, Zürich.", "Bo: It’s 5 o'clock; \"really\"?", "Anna: 日本語 'quotes' -- and; DROP TABLE lines", "An advert", "Anna: Bye.")
	e.Date = day(time.March, 6)
	e.Description = "About\nmany <things>"
	e.AudioURL = "https://example.org/a.mp3?x=1&y=2"
	e.TotalLines = 40
	e.Lines[0].Start, e.Lines[0].End = retrieval.At(0), retrieval.At(1234*time.Millisecond)
	e.Lines[1].Start = retrieval.At(47*time.Hour + 59*time.Minute + 59*time.Second + 999*time.Millisecond)
	e.Lines[3].Boilerplate = true
	return e
}

func testRoundTrip(t *testing.T, open Opener) {
	l, reopen := open(t)
	e := rich()
	s := Split(e)
	s.Sentences[1].Repeat = true
	if replaced, err := l.Add(t.Context(), retrieval.Public, e, s, Vectors(s)); err != nil || replaced {
		t.Fatalf("Add = %v, %v, want false, nil", replaced, err)
	}
	check := func(when string, l retrieval.Library) {
		t.Helper()
		got, err := l.Episode(t.Context(), retrieval.Public, "rich")
		if err != nil {
			t.Fatalf("%s: Episode: %v", when, err)
		}
		if diff := cmp.Diff(e, got); diff != "" {
			t.Errorf("%s: Episode (-want +got):\n%s", when, diff)
		}
		sentences, err := l.Sentences(t.Context(), retrieval.Public, "rich")
		if err != nil {
			t.Fatalf("%s: Sentences: %v", when, err)
		}
		if diff := cmp.Diff(s.Sentences, sentences); diff != "" {
			t.Errorf("%s: Sentences (-want +got):\n%s", when, diff)
		}
		checkSearchable(t, when, l, retrieval.Public, s)
		list, err := l.List(t.Context(), in(retrieval.Public))
		if err != nil {
			t.Fatalf("%s: List: %v", when, err)
		}
		want := []retrieval.EpisodeInfo{{Scope: retrieval.Public, ID: "rich", Title: e.Title, Show: e.Show, Date: e.Date, Description: e.Description,
			AudioURL: e.AudioURL, Format: e.Format, TotalLines: 40, Passages: 3, Speakers: []string{"Anna", "Bo"}, Timed: true}}
		if diff := cmp.Diff(want, list); diff != "" {
			t.Errorf("%s: List (-want +got):\n%s", when, diff)
		}
	}
	check("at once", l)
	if reopen == nil {
		return
	}
	if err := l.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	check("reopened", reopen())
}

// checkSearchable looks for every passage in every index.
func checkSearchable(t *testing.T, when string, l retrieval.Library, scope retrieval.Scope, s *retrieval.Splitting) {
	t.Helper()
	for i := range s.Passages {
		want := s.Passages[i]
		want.ID.Scope = scope
		got, err := l.Passages(t.Context(), []retrieval.PassageID{want.ID})
		if err != nil {
			t.Fatalf("%s: Passages: %v", when, err)
		}
		if diff := cmp.Diff([]retrieval.Passage{want}, got); diff != "" {
			t.Errorf("%s: Passages (-want +got):\n%s", when, diff)
		}
		f := retrieval.Filter{Scopes: []retrieval.Scope{scope}, Episodes: []retrieval.EpisodeID{want.ID.Episode}}
		terms := Terms(want.IndexText())
		phrase, err := l.Phrase(t.Context(), f, terms, 10)
		if err != nil || len(phrase) != 1 || phrase[0].ID != want.ID {
			t.Errorf("%s: Phrase(%q) = %v, %v, want %v", when, terms, phrase, err, want.ID)
		}
		lexical, err := l.Lexical(t.Context(), f, terms, 10)
		if err != nil || len(lexical) == 0 || lexical[0].ID != want.ID || lexical[0].Terms != want.Terms {
			t.Errorf("%s: Lexical(%q) = %v, %v, want %v with its terms first", when, terms, lexical, err, want.ID)
		}
		nearest, err := l.Nearest(t.Context(), f, Vector(want.IndexText()), 1)
		if err != nil || len(nearest) != 1 || nearest[0].ID != want.ID || math.Abs(nearest[0].Score-1) > 1e-5 {
			t.Errorf("%s: Nearest(%q) = %v, %v, want %v with score 1", when, want.Text(), nearest, err, want.ID)
		}
	}
}

func testLines(t *testing.T, open Opener) {
	l, _ := open(t)
	e := Episode("e", "one", "two", "three", "four") // lines 1, 3, 5, 7
	Add(t, l, retrieval.Public, e)
	tests := []struct {
		name        string
		first, last int
		want        []retrieval.Line
	}{
		{"all", 1, 7, e.Lines},
		{"beyond both ends", -5, 100, e.Lines},
		{"a blank one at either end", 2, 6, e.Lines[1:3]},
		{"one", 5, 5, e.Lines[2:3]},
		{"none", 4, 4, nil},
		{"backwards", 5, 3, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := l.Lines(t.Context(), retrieval.Public, "e", test.first, test.last)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(test.want) || len(got) > 0 && !cmp.Equal(test.want, got) {
				t.Errorf("Lines(%d, %d) = %v, want %v", test.first, test.last, got, test.want)
			}
		})
	}
}

func testReplace(t *testing.T, open Opener) {
	l, reopen := open(t)
	Add(t, l, retrieval.Public, Episode("e", "Olga: alpha beta", "gamma delta", "epsilon"))
	Add(t, l, retrieval.Public, Episode("other", "alpha omega"))
	next := Episode("e", "Pia: zeta eta")
	if !Add(t, l, retrieval.Public, next) {
		t.Errorf("Add of the same ID: replaced = false, want true")
	}
	check := func(when string, l retrieval.Library) {
		t.Helper()
		checkSearchable(t, when, l, retrieval.Public, Split(next))
		checkAbsent(t, when, l, retrieval.Public, "e", "beta", "gamma", "delta", "epsilon", "olga")
		got, err := l.Nearest(t.Context(), in(retrieval.Public), Vector("beta"), 10)
		if err != nil || len(got) != 2 {
			t.Errorf("%s: Nearest = %v, %v, want one passage of each episode", when, got, err)
		}
	}
	check("at once", l)
	if reopen != nil {
		l.Close()
		check("reopened", reopen())
	}
}

// checkAbsent wants none of the words anywhere in the scope.
func checkAbsent(t *testing.T, when string, l retrieval.Library, scope retrieval.Scope, id retrieval.EpisodeID, words ...string) {
	t.Helper()
	for _, word := range words {
		if got, err := l.Phrase(t.Context(), in(scope), []string{word}, 10); err != nil || len(got) > 0 {
			t.Errorf("%s: Phrase(%q) = %v, %v, want none", when, word, got, err)
		}
		if got, err := l.Lexical(t.Context(), in(scope), []string{word}, 10); err != nil || len(got) > 0 {
			t.Errorf("%s: Lexical(%q) = %v, %v, want none", when, word, got, err)
		}
		v, err := l.Vocabulary(t.Context(), []retrieval.Scope{scope})
		if err != nil || v.Frequency(word) != 0 {
			t.Errorf("%s: the vocabulary holds %q (%v)", when, word, err)
		}
	}
	list, err := l.List(t.Context(), retrieval.Filter{Scopes: []retrieval.Scope{scope}, Speaker: words[len(words)-1]})
	if err != nil || len(list) > 0 {
		t.Errorf("%s: List of speaker %q = %v, %v, want none of %q", when, words[len(words)-1], list, err, id)
	}
}

func testRemove(t *testing.T, open Opener) {
	l, reopen := open(t)
	Add(t, l, retrieval.Public, Episode("gone", "Olga: alpha beta", "gamma", "olga: delta"))
	Add(t, l, retrieval.Public, Episode("stays", "omega"))
	if _, err := l.Vocabulary(t.Context(), []retrieval.Scope{retrieval.Public}); err != nil { // into the cache
		t.Fatal(err)
	}
	if err := l.Remove(t.Context(), retrieval.Public, "gone"); err != nil {
		t.Fatalf("Remove: %v", err)
	}
	check := func(when string, l retrieval.Library) {
		t.Helper()
		checkAbsent(t, when, l, retrieval.Public, "gone", "alpha", "beta", "gamma", "delta", "olga")
		checkGone(t, when, l, "gone")
		got, err := l.Nearest(t.Context(), in(retrieval.Public), Vector("alpha beta"), 10)
		if err != nil || len(got) != 1 || got[0].ID.Episode != "stays" {
			t.Errorf("%s: Nearest = %v, %v, want the passage that stays", when, got, err)
		}
	}
	check("at once", l)
	if err := l.Remove(t.Context(), retrieval.Public, "stays"); err != nil {
		t.Fatalf("Remove of the last: %v", err)
	}
	checkGone(t, "last removed", l, "stays")
	Add(t, l, retrieval.Public, Episode("stays", "omega"))
	check("added again", l)
	if reopen != nil {
		l.Close()
		check("reopened", reopen())
	}
}

func checkGone(t *testing.T, when string, l retrieval.Library, id retrieval.EpisodeID) {
	t.Helper()
	if _, err := l.Episode(t.Context(), retrieval.Public, id); !errors.Is(err, retrieval.ErrUnknownEpisode) {
		t.Errorf("%s: Episode(%q): %v, want ErrUnknownEpisode", when, id, err)
	}
	if got, err := l.Passages(t.Context(), []retrieval.PassageID{{Scope: retrieval.Public, Episode: id}}); err != nil || len(got) > 0 {
		t.Errorf("%s: Passages of %q = %v, %v, want none", when, id, got, err)
	}
	list, err := l.List(t.Context(), retrieval.Filter{Scopes: []retrieval.Scope{retrieval.Public}, Episodes: []retrieval.EpisodeID{id}})
	if err != nil || len(list) > 0 {
		t.Errorf("%s: List of %q = %v, %v, want none", when, id, list, err)
	}
}

func testUnknown(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, "1", Episode("e", "words"))
	for _, scope := range []retrieval.Scope{"1", "2"} {
		id := retrieval.EpisodeID("none")
		if scope == "2" {
			id = "e" // of another scope
		}
		_, episode := l.Episode(t.Context(), scope, id)
		_, sentences := l.Sentences(t.Context(), scope, id)
		_, lines := l.Lines(t.Context(), scope, id, 1, 2)
		remove := l.Remove(t.Context(), scope, id)
		for name, err := range map[string]error{"Episode": episode, "Sentences": sentences, "Lines": lines, "Remove": remove} {
			if !errors.Is(err, retrieval.ErrUnknownEpisode) {
				t.Errorf("%s(%q, %q): %v, want ErrUnknownEpisode", name, scope, id, err)
			}
		}
	}
}

func testInvalid(t *testing.T, open Opener) {
	tests := []struct {
		name  string
		spoil func(scope *retrieval.Scope, e *retrieval.Episode, s *retrieval.Splitting, vectors *[][]float32)
	}{
		{"no scope", func(scope *retrieval.Scope, _ *retrieval.Episode, _ *retrieval.Splitting, _ *[][]float32) {
			*scope = ""
		}},
		{"no ID", func(_ *retrieval.Scope, e *retrieval.Episode, _ *retrieval.Splitting, _ *[][]float32) { e.ID = "" }},
		{"ID with a space", func(_ *retrieval.Scope, e *retrieval.Episode, _ *retrieval.Splitting, _ *[][]float32) { e.ID = "a b" }},
		{"no lines", func(_ *retrieval.Scope, e *retrieval.Episode, _ *retrieval.Splitting, _ *[][]float32) { e.Lines = nil }},
		{"lines fall", func(_ *retrieval.Scope, e *retrieval.Episode, _ *retrieval.Splitting, _ *[][]float32) {
			e.Lines[1].N = 1
		}},
		{"more lines than the file", func(_ *retrieval.Scope, e *retrieval.Episode, _ *retrieval.Splitting, _ *[][]float32) {
			e.TotalLines = 1
		}},
		{"a vector too few", func(_ *retrieval.Scope, _ *retrieval.Episode, _ *retrieval.Splitting, v *[][]float32) { *v = (*v)[1:] }},
		{"vectors of two lengths", func(_ *retrieval.Scope, _ *retrieval.Episode, _ *retrieval.Splitting, v *[][]float32) {
			(*v)[1] = (*v)[1][1:]
		}},
		{"no number in a vector", func(_ *retrieval.Scope, _ *retrieval.Episode, _ *retrieval.Splitting, v *[][]float32) {
			(*v)[1][0] = float32(math.NaN())
		}},
		{"sentences beyond the list", func(_ *retrieval.Scope, _ *retrieval.Episode, s *retrieval.Splitting, _ *[][]float32) {
			s.Passages[1].Last = 9
		}},
		{"passages out of order", func(_ *retrieval.Scope, _ *retrieval.Episode, s *retrieval.Splitting, _ *[][]float32) {
			s.Passages[1].ID.Seq = 0
		}},
		{"no terms", func(_ *retrieval.Scope, _ *retrieval.Episode, s *retrieval.Splitting, _ *[][]float32) {
			s.Passages[1].Terms = ""
		}},
	}
	l, _ := open(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			scope, e := retrieval.Public, Episode("e", "one", "two", "three")
			s := Split(e)
			vectors := Vectors(s)
			test.spoil(&scope, e, s, &vectors)
			if _, err := l.Add(t.Context(), scope, e, s, vectors); err == nil {
				t.Errorf("Add = nil, want an error")
			}
			if list, err := l.List(t.Context(), in(retrieval.Public)); err != nil || len(list) > 0 {
				t.Errorf("List = %v, %v, want nothing kept", list, err)
			}
		})
	}
}

func testCancelled(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, retrieval.Public, Episode("e", "one"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := Episode("new", "two")
	s := Split(e)
	_, add := l.Add(ctx, retrieval.Public, e, s, Vectors(s))
	_, episode := l.Episode(ctx, retrieval.Public, "e")
	_, lexical := l.Lexical(ctx, in(retrieval.Public), []string{"one"}, 1)
	_, nearest := l.Nearest(ctx, in(retrieval.Public), Vector("one"), 1)
	for name, err := range map[string]error{"Add": add, "Remove": l.Remove(ctx, retrieval.Public, "e"), "Episode": episode, "Lexical": lexical, "Nearest": nearest} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	list, err := l.List(t.Context(), in(retrieval.Public))
	if err != nil || len(list) != 1 || list[0].ID != "e" {
		t.Errorf("List after cancelled calls = %v, %v, want what was there", list, err)
	}
}

func testClose(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, retrieval.Public, Episode("e", "one"))
	if err := l.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("second Close: %v, want nil", err)
	}
	e := Episode("new", "two")
	s := Split(e)
	_, add := l.Add(t.Context(), retrieval.Public, e, s, Vectors(s))
	_, list := l.List(t.Context(), in(retrieval.Public))
	_, lexical := l.Lexical(t.Context(), in(retrieval.Public), []string{"one"}, 1)
	_, nearest := l.Nearest(t.Context(), in(retrieval.Public), Vector("one"), 1)
	for name, err := range map[string]error{"Add": add, "Remove": l.Remove(t.Context(), retrieval.Public, "e"), "List": list, "Lexical": lexical, "Nearest": nearest} {
		if err == nil {
			t.Errorf("%s after Close = nil, want an error", name)
		}
	}
}

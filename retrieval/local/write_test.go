package local

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

// everyRead calls all that a question needs of the library and says how many
// passages each call knows of.
func everyRead(ctx context.Context, l *Library) (string, error) {
	f := retrieval.Filter{Scopes: []retrieval.Scope{"1"}}
	words, err := l.Vocabulary(ctx, f.Scopes)
	if err != nil {
		return "", err
	}
	lexical, err := l.Lexical(ctx, f, []string{"same"}, 100)
	if err != nil {
		return "", err
	}
	phrase, err := l.Phrase(ctx, f, []string{"same", "word"}, 100)
	if err != nil {
		return "", err
	}
	nearest, err := l.Nearest(ctx, f, librarytest.Vector("same word"), 100)
	if err != nil {
		return "", err
	}
	list, err := l.List(ctx, f)
	if err != nil {
		return "", err
	}
	ids := make([]retrieval.PassageID, len(nearest))
	for i := range nearest {
		ids[i] = nearest[i].ID
	}
	passages, err := l.Passages(ctx, ids)
	return fmt.Sprintf("%d %d %d %d %d %d in %d", words.Passages, words.Frequency("same"), len(lexical), len(phrase), len(nearest), len(passages), len(list)), err
}

// TestSearchDuringWrite searches from within a write, at each of its stages: a
// search that waited for the write would wait for ever.
func TestSearchDuringWrite(t *testing.T) {
	const before, after = "1 1 1 1 1 1 in 1", "2 2 2 2 2 2 in 2"
	one := func(id retrieval.EpisodeID) *retrieval.Episode { return librarytest.Episode(id, "same word") }
	tests := []struct {
		name        string
		write       func(l *Library)
		first, last string // what is seen before and after the commit
	}{
		{"add", func(l *Library) { librarytest.Add(t, l, "1", one("b")) }, before, after},
		{"replace", func(l *Library) { librarytest.Add(t, l, "1", one("a")) }, before, before},
		{"add to another scope", func(l *Library) { librarytest.Add(t, l, "2", one("a")) }, before, before},
		{"remove", func(l *Library) {
			if err := l.Remove(t.Context(), "1", "a"); err != nil {
				t.Error(err)
			}
		}, before, "0 0 0 0 0 0 in 0"},
	}
	for _, test := range tests {
		for _, warm := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/warm=%v", test.name, warm), func(t *testing.T) {
				l := openTest(t, t.TempDir(), testOptions)
				librarytest.Add(t, l, "1", one("a"))
				if warm {
					if _, err := everyRead(t.Context(), l); err != nil {
						t.Fatal(err)
					}
				}
				want := map[writeStage]string{written: test.first, coming: test.first, committed: test.last}
				var reached []string
				l.atStage = func(stage writeStage) {
					got, err := everyRead(t.Context(), l)
					if err != nil || got != want[stage] {
						t.Errorf("at stage %d: %q, %v, want %q", stage, got, err, want[stage])
					}
					reached = append(reached, fmt.Sprint(stage))
				}
				test.write(l)
				l.atStage = nil
				if got := strings.Join(reached, " "); got != "0 1 2" {
					t.Errorf("stages %s, want 0 1 2", got)
				}
				if got, err := everyRead(t.Context(), l); err != nil || got != test.last {
					t.Errorf("afterwards: %q, %v, want %q", got, err, test.last)
				}
			})
		}
	}
}

// TestWriteDuringSearch adds an episode while a search is at work, which goes
// on with what it began with.
func TestWriteDuringSearch(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("a", "same word"))
	err := l.read(t.Context(), func(s *session, v *view) error {
		librarytest.Add(t, l, "1", librarytest.Episode("b", "same word"))
		n, err := s.number(t.Context(), `SELECT count(*) FROM episodes`)
		if err != nil || n != 1 || len(v.scopes["1"].episodes) != 1 {
			t.Errorf("the search sees %d episodes, %v, its view has %d, want 1", n, err, len(v.scopes["1"].episodes))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := everyRead(t.Context(), l); err != nil || got != "2 2 2 2 2 2 in 2" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

// TestWriteTakenBack has a commit fail: nothing of it is seen, and the next
// write is another state.
func TestWriteTakenBack(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("a", "same word"))
	s, err := l.writer.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var next *view
	failed := fmt.Errorf("no room")
	err = s.writing(t.Context(), func() error {
		if _, err := s.exec(t.Context(), `DELETE FROM speakers`); err != nil {
			return err
		}
		if _, err := s.exec(t.Context(), nextGeneration); err != nil {
			return err
		}
		var err error
		next, err = l.load(t.Context(), s)
		return err
	}, func(func() error) error { return l.apply(next, func() error { return failed }) })
	l.writer.give(s, nil)
	if err != failed {
		t.Fatalf("writing: %v, want %v", err, failed)
	}
	if got, err := everyRead(t.Context(), l); err != nil || got != "1 1 1 1 1 1 in 1" {
		t.Errorf("afterwards: %q, %v", got, err)
	}
	librarytest.Add(t, l, "1", librarytest.Episode("b", "same word"))
	if v := l.current.Load(); v.generation == next.generation {
		t.Errorf("generation %d again", v.generation)
	}
}

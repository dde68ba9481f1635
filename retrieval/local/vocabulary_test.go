package local

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

// wordsEpisode has words of its own, and some that others have.
func wordsEpisode(n int) *retrieval.Episode {
	texts := make([]string, 12)
	for i := range texts {
		texts[i] = fmt.Sprintf("same same word%s of%s", strings.Repeat("x", n%7), strings.Repeat("ab", i*n%9+1))
	}
	return librarytest.Episode(retrieval.EpisodeID(fmt.Sprintf("e%d", n)), texts...)
}

// TestWordsGrow wants a vocabulary that grew with the library to be the one that
// is counted when it is opened anew, for one scope and for two.
func TestWordsGrow(t *testing.T) {
	dir := t.TempDir()
	l := openTest(t, dir, testOptions)
	sets := [][]retrieval.Scope{{"1"}, {"1", "2"}}
	check := func(when string) {
		t.Helper()
		fresh := openTest(t, dir, testOptions)
		for _, scopes := range sets {
			got, err := l.Vocabulary(t.Context(), scopes)
			if err != nil {
				t.Fatal(err)
			}
			want, err := fresh.Vocabulary(t.Context(), scopes)
			if err != nil {
				t.Fatal(err)
			}
			if got.Passages != want.Passages || got.Terms != want.Terms {
				t.Errorf("%s, %v: %d passages with %d terms, want %d with %d", when, scopes, got.Passages, got.Terms, want.Passages, want.Terms)
			}
			for i := range 10 {
				for _, term := range []string{"same", "word" + strings.Repeat("x", i), "of" + strings.Repeat("ab", i)} {
					if got, want := got.Frequency(term), want.Frequency(term); got != want {
						t.Errorf("%s, %v: %q in %d passages, want %d", when, scopes, term, got, want)
					}
					if got, want := fmt.Sprint(got.Variants(term)), fmt.Sprint(want.Variants(term)); got != want {
						t.Errorf("%s, %v: variants of %q %s, want %s", when, scopes, term, got, want)
					}
				}
			}
		}
	}
	for n := range 12 {
		librarytest.Add(t, l, sets[1][n%2], wordsEpisode(n))
		if n != 5 { // once, two are added with no question in between
			check(fmt.Sprintf("after episode %d", n))
		}
	}
	librarytest.Add(t, l, "1", wordsEpisode(4)) // in place of what it was
	check("after a replacement")
	if err := l.Remove(t.Context(), "2", "e1"); err != nil {
		t.Fatal(err)
	}
	check("after a removal")
}

// TestWordsCancelled has the first count be cancelled, and an episode added
// meanwhile: the words are counted by the next who asks.
func TestWordsCancelled(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	librarytest.Add(t, l, "1", wordsEpisode(1))
	ctx, cancel := context.WithCancel(t.Context())
	err := l.read(ctx, func(s *session, v *view) error {
		words := v.scopes["1"].words
		words.begun.Store(true) // as if the count were under way when the episode comes
		librarytest.Add(t, l, "1", wordsEpisode(2))
		cancel()
		_, err := words.get(ctx, s, v.scopes["1"])
		return err
	})
	if err == nil {
		t.Fatal("a count with a context that has ended gave no error")
	}
	v, err := l.Vocabulary(t.Context(), []retrieval.Scope{"1"})
	if err != nil || v.Frequency("same") != v.Passages || v.Passages == 0 {
		t.Errorf("Vocabulary: %d of %d passages, %v", v.Frequency("same"), v.Passages, err)
	}
}

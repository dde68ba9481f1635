package local

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/librarytest"
)

// TestCloseWaits closes while many calls are at work: each is done whole or
// refused, and no goroutine is left.
func TestCloseWaits(t *testing.T) {
	dir := t.TempDir()
	l := openTest(t, dir, testOptions)
	librarytest.Add(t, l, "1", librarytest.Episode("e0", "words"))
	var group sync.WaitGroup
	started := make(chan bool, 100)
	added := make(chan retrieval.EpisodeID, 1000)
	for i := range 4 {
		group.Go(func() {
			for n := 0; ; n++ {
				id := retrieval.EpisodeID(string(rune('a'+i)) + strings.Repeat("x", n%90))
				err := put(context.Background(), l, librarytest.Episode(id, "words"))
				if errors.Is(err, ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("Add: %v", err)
					return
				}
				added <- id
				if _, err := l.Nearest(context.Background(), retrieval.Filter{Scopes: []retrieval.Scope{"1"}}, librarytest.Vector("words"), 5); err != nil && !errors.Is(err, ErrClosed) {
					t.Errorf("Nearest: %v", err)
				}
				select {
				case started <- true:
				default:
				}
			}
		})
	}
	for range 8 {
		<-started
	}
	if err := l.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	group.Wait()
	close(added)
	l = openTest(t, dir, testOptions)
	for id := range added {
		if _, err := l.Episode(t.Context(), "1", id); err != nil {
			t.Errorf("after Close: %v", err)
		}
	}
	l.Close()
	deadline := time.Now().Add(10 * time.Second) // they end by themselves, once they get to run
	for left := leftovers(); left != ""; left = leftovers() {
		if time.Now().After(deadline) {
			t.Fatalf("goroutines are left after Close:\n%s", left)
		}
		runtime.Gosched()
	}
}

// leftovers is the stacks of all goroutines if some are of the library.
func leftovers() string {
	buffer := make([]byte, 1<<20)
	stacks := string(buffer[:runtime.Stack(buffer, true)])
	for _, sign := range []string{"database/sql.(*DB)", "modernc.org/sqlite.", "local.(*Library)"} {
		if strings.Contains(stacks, sign) {
			return stacks
		}
	}
	return ""
}

// TestNearestAgrees wants both ways to the nearest, by every score and by those
// that rough vectors leave, to give the same list.
func TestNearestAgrees(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	librarytest.Add(t, l, "1", manyEpisode())
	v := l.current.Load()
	selections := v.selectPassages(&retrieval.Filter{Scopes: []retrieval.Scope{"1"}})
	query := librarytest.Vector("word5 and word6")
	few, err := selections[0].exact(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 10, manyPassages} {
		many, err := selections[0].best(t.Context(), query, n)
		if err != nil {
			t.Fatal(err)
		}
		a, b := sortScored(few, n), sortScored(many, n)
		for i := range n {
			if a[i] != b[i] {
				t.Fatalf("place %d of %d: one by one %v, at once %v", i, n, a[i], b[i])
			}
		}
	}
}

// TestSpeakersOfPassages keeps speakers that no line names.
func TestSpeakersOfPassages(t *testing.T) {
	l := openTest(t, t.TempDir(), testOptions)
	e := librarytest.Episode("e", "Ann: one", "Bob: two", "three")
	s := librarytest.Split(e)
	s.Passages[1].Speakers = []string{"Guest, the", "Ann"}
	if _, err := l.Add(t.Context(), "1", e, s, librarytest.Vectors(s)); err != nil {
		t.Fatal(err)
	}
	got, err := l.Passages(t.Context(), []retrieval.PassageID{{Scope: "1", Episode: "e", Seq: 1}})
	if err != nil || len(got) != 1 || strings.Join(got[0].Speakers, "|") != "Guest, the|Ann" {
		t.Errorf("Passages = %v, %v, want the speakers as given", got, err)
	}
	list, err := l.List(t.Context(), retrieval.Filter{Scopes: []retrieval.Scope{"1"}})
	if err != nil || len(list) != 1 || strings.Join(list[0].Speakers, "|") != "Ann|Bob" {
		t.Errorf("List = %v, %v, want the speakers of the lines", list, err)
	}
}

// TestManyScopes has more scopes than a session keeps statements for.
func TestManyScopes(t *testing.T) {
	l, err := OpenMemory(t.Context(), testOptions) // one session for all
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const scopes = 30
	f := retrieval.Filter{}
	for i := range scopes {
		scope := retrieval.Scope(strings.Repeat("s", i+1))
		librarytest.Add(t, l, scope, librarytest.Episode("e", "same words"))
		f.Scopes = append(f.Scopes, scope)
	}
	for range 2 {
		phrase, err := l.Phrase(t.Context(), f, []string{"same", "words"}, 1000)
		if err != nil || len(phrase) != scopes {
			t.Errorf("Phrase = %d, %v, want %d", len(phrase), err, scopes)
		}
		lexical, err := l.Lexical(t.Context(), f, []string{"same"}, 1000)
		if err != nil || len(lexical) != scopes {
			t.Errorf("Lexical = %d, %v, want %d", len(lexical), err, scopes)
		}
		v, err := l.Vocabulary(t.Context(), f.Scopes)
		if err != nil || v.Frequency("same") != scopes {
			t.Errorf("Vocabulary: %d, %v, want %d", v.Frequency("same"), err, scopes)
		}
	}
	for _, scope := range f.Scopes {
		if err := l.Remove(t.Context(), scope, "e"); err != nil {
			t.Fatal(err)
		}
	}
	if n := numberIn(t, l, `SELECT count(*) FROM sqlite_schema WHERE name LIKE 'passages\__%\_%' ESCAPE '\'`); n != 0 {
		t.Errorf("%d tables of scopes are left", n)
	}
}

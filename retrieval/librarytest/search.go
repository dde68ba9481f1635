package librarytest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

// fill adds thirty passages in six episodes of two shows to scope "1"; every
// passage holds the word "common", and is spoken by Ann or Ben.
func fill(t *testing.T, l retrieval.Library) {
	t.Helper()
	for i := range 6 {
		texts := []string{}
		for p := range 5 {
			speaker := []string{"Ann", "Ben"}[p%2]
			texts = append(texts, fmt.Sprintf("%s: common word%d%d", speaker, i, p), speaker+": more of it")
		}
		e := Episode(retrieval.EpisodeID(fmt.Sprintf("e%d", 5-i)), texts...)
		e.Show = []string{"Nachrichten ÄÖ", "Science"}[i%2]
		if i < 5 {
			e.Date = day(time.Month(i+1), 10)
		}
		Add(t, l, "1", e)
	}
}

func testFilters(t *testing.T, open Opener) {
	tests := []struct {
		name   string
		filter retrieval.Filter
		want   int // passages of 30
	}{
		{"no scope", retrieval.Filter{}, 0},
		{"another scope", in("2"), 0},
		{"all", in("1", "1", "2"), 30},
		{"one episode", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"e3"}}, 5},
		{"two episodes apart", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"e0", "e5", "none"}}, 10},
		{"neighbouring episodes", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Episodes: []retrieval.EpisodeID{"e2", "e3"}}, 10},
		{"show", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Show: "nachrichten äö"}, 15},
		{"speaker", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Speaker: "BEN"}, 12},
		{"speaker of one episode", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Speaker: "ann", Episodes: []retrieval.EpisodeID{"e1"}}, 3},
		{"no such speaker", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Speaker: "An"}, 0},
		{"from", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, From: day(time.March, 10)}, 15},
		{"to", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, To: day(time.March, 10)}, 15},
		{"one day", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, From: day(time.March, 10), To: day(time.March, 10).Add(13 * time.Hour)}, 5},
		{"everything at once", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, Show: "science", Speaker: "Ann", From: day(time.March, 1), To: day(time.December, 31)}, 3},
	}
	l, _ := open(t)
	fill(t, l)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkFilter(t, l, test.filter, test.want) })
	}
}

// checkFilter wants n matching passages to come back when n are asked for, and
// the first half of them when only that is.
func checkFilter(t *testing.T, l retrieval.Library, f retrieval.Filter, want int) {
	t.Helper()
	lists := map[string]func(n int) ([]retrieval.Scored, error){
		"Lexical": func(n int) ([]retrieval.Scored, error) {
			return l.Lexical(t.Context(), f, []string{"common", "word00"}, n)
		},
		"Phrase": func(n int) ([]retrieval.Scored, error) { return l.Phrase(t.Context(), f, []string{"common"}, n) },
		"Nearest": func(n int) ([]retrieval.Scored, error) {
			return l.Nearest(t.Context(), f, Vector("common word54"), n)
		},
	}
	for name, list := range lists {
		all, err := list(100)
		if err != nil || len(all) != want {
			t.Errorf("%s: %d passages, %v, want %d", name, len(all), err, want)
			continue
		}
		for _, n := range []int{want, want / 2, 0} {
			some, err := list(n)
			if err != nil || !cmp.Equal(all[:n], some) && n > 0 || len(some) != n {
				t.Errorf("%s: %d asked for: %v, %v, want the first %d of %v", name, n, some, err, n, all)
			}
		}
	}
}

func testTies(t *testing.T, open Opener) {
	l, _ := open(t)
	want := []retrieval.PassageID{}
	// Added against the order of IDs, so that no other order passes.
	for _, scope := range []retrieval.Scope{"2", "1"} {
		for _, id := range []retrieval.EpisodeID{"b", "c", "a"} {
			Add(t, l, scope, Episode(id, slices.Repeat([]string{"the same advert"}, 60)...))
			for seq := range 30 {
				want = append(want, retrieval.PassageID{Scope: scope, Episode: id, Seq: seq})
			}
		}
	}
	slices.SortFunc(want, retrieval.PassageID.Compare)
	for _, n := range []int{1, 7, 40, 179, 180} {
		lexical, err := l.Lexical(t.Context(), in("2", "1"), []string{"advert"}, n)
		if err != nil || !slices.Equal(ids(lexical), want[:n]) {
			t.Errorf("Lexical, %d of 180 that tie: %v, %v, want them in ID order", n, ids(lexical), err)
		}
		phrase, err := l.Phrase(t.Context(), in("2", "1"), []string{"same", "advert"}, n)
		if err != nil || !slices.Equal(ids(phrase), want[:n]) {
			t.Errorf("Phrase, %d of 180 that tie: %v, %v, want them in ID order", n, ids(phrase), err)
		}
		nearest, err := l.Nearest(t.Context(), in("2", "1"), Vector("advert"), n)
		if err != nil || !slices.Equal(ids(nearest), want[:n]) {
			t.Errorf("Nearest, %d of 180 that tie: %v, %v, want them in ID order", n, ids(nearest), err)
		}
	}
}

func testLexical(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, "1", Episode("e", "apple pear", "plum", "apple apple", "nothing", "fig", "Grüße aus 東京"))
	tests := []struct {
		terms []string
		want  []int // places of passages, best first
	}{
		{[]string{"pear"}, []int{0}},
		{[]string{"fig", "pear", "plum"}, []int{0, 2}},
		{[]string{"apple"}, []int{1, 0}},
		{[]string{"grüße"}, []int{2}},
		{[]string{"東京"}, []int{2}},
		{[]string{"grusse", "appl", "pears"}, []int{}},
		{[]string{}, []int{}},
		{[]string{""}, []int{}},
	}
	for _, test := range tests {
		got, err := l.Lexical(t.Context(), in("1"), test.terms, 10)
		if err != nil {
			t.Fatalf("Lexical(%q): %v", test.terms, err)
		}
		places := []int{}
		for i, s := range got {
			places = append(places, s.ID.Seq)
			if s.Score < 0 || i > 0 && s.Score > got[i-1].Score {
				t.Errorf("Lexical(%q): scores %v are not falling to 0", test.terms, got)
			}
		}
		if !slices.Equal(places, test.want) {
			t.Errorf("Lexical(%q) = passages %v, want %v", test.terms, places, test.want)
		}
	}
}

func testSyntax(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, "1", Episode("e", "apple or pear", "near not and"))
	for _, term := range []string{`"`, `apple"`, `" OR "pear`, "*", "appl*", "terms:apple", "apple pear", "(", "-", "^apple", "'; DROP TABLE passages; --", "\x00", "apple\x00", "\xff", "a+b", "{terms}"} {
		if got, err := l.Lexical(t.Context(), in("1"), []string{term}, 10); err != nil || len(got) > 0 {
			t.Errorf("Lexical(%q) = %v, %v, want none", term, got, err)
		}
		if got, err := l.Phrase(t.Context(), in("1"), []string{"apple", term}, 10); err != nil || len(got) > 0 {
			t.Errorf("Phrase(%q) = %v, %v, want none", term, got, err)
		}
	}
	for _, term := range []string{"or", "not", "and", "near"} {
		if got, err := l.Lexical(t.Context(), in("1"), []string{term}, 10); err != nil || len(got) != 1 {
			t.Errorf("Lexical(%q) = %v, %v, want the passage that holds the word", term, got, err)
		}
	}
}

func testPhrase(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, "1", Episode("b", "one two three", "four five"))
	Add(t, l, "1", Episode("a", "zero", "one two three", "two one three"))
	tests := []struct {
		terms []string
		want  []retrieval.PassageID
	}{
		{[]string{"one", "two"}, []retrieval.PassageID{{Scope: "1", Episode: "a"}, {Scope: "1", Episode: "b"}}},
		{[]string{"three", "four"}, []retrieval.PassageID{{Scope: "1", Episode: "b"}}},
		{[]string{"two", "one"}, []retrieval.PassageID{{Scope: "1", Episode: "a", Seq: 1}}},
		{[]string{"one", "three", "two"}, []retrieval.PassageID{}},
		{[]string{}, []retrieval.PassageID{}},
	}
	for _, test := range tests {
		got, err := l.Phrase(t.Context(), in("1"), test.terms, 10)
		if err != nil || !slices.Equal(ids(got), test.want) {
			t.Errorf("Phrase(%q) = %v, %v, want %v", test.terms, ids(got), err, test.want)
		}
		for _, s := range got {
			if s.Score != 1 {
				t.Errorf("Phrase(%q): score %v, want 1", test.terms, s.Score)
			}
		}
	}
}

func testNearest(t *testing.T, open Opener) {
	l, _ := open(t)
	fill(t, l)
	blank := Episode("blank", "a", "b")
	s := Split(blank)
	if _, err := l.Add(t.Context(), "1", blank, s, [][]float32{make([]float32, Dimension)}); err != nil {
		t.Fatalf("Add with the zero vector: %v", err)
	}
	opposite := Vector("common")
	for i := range opposite {
		opposite[i] = -3 * opposite[i] // and not of length 1
	}
	got, err := l.Nearest(t.Context(), in("1"), opposite, 100)
	if err != nil || len(got) != 31 {
		t.Fatalf("Nearest = %d passages, %v, want 31", len(got), err)
	}
	if got[0].ID.Episode != "blank" || got[0].Score != 0 {
		t.Errorf("Nearest to the opposite: first %v, want the passage without direction, score 0", got[0])
	}
	if last := got[30].Score; last >= 0 || last < -1.0001 {
		t.Errorf("Nearest to the opposite: last score %v, want within -1 to 0", last)
	}
	got, err = l.Nearest(t.Context(), in("1"), make([]float32, Dimension), 100)
	if err != nil || len(got) != 31 || got[0].Score != 0 || got[30].Score != 0 || got[0].ID.Episode != "blank" {
		t.Errorf("Nearest to zero = %v, %v, want all 31 with score 0 in ID order", got, err)
	}
}

func testDimension(t *testing.T, open Opener) {
	l, _ := open(t)
	e := Episode("e", "one")
	s := Split(e)
	if _, err := l.Add(t.Context(), "1", e, s, [][]float32{make([]float32, Dimension+1)}); !errors.Is(err, retrieval.ErrDimension) {
		t.Errorf("Add: %v, want ErrDimension", err)
	}
	Add(t, l, "1", e)
	for _, n := range []int{0, Dimension - 1, Dimension + 1} {
		if _, err := l.Nearest(t.Context(), in("1"), make([]float32, n), 1); !errors.Is(err, retrieval.ErrDimension) {
			t.Errorf("Nearest with %d components: %v, want ErrDimension", n, err)
		}
	}
}

func testVocabulary(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, "1", Episode("a", "x y x", "y", "x"))
	Add(t, l, "2", Episode("b", "x secret"))
	check := func(scopes []retrieval.Scope, passages, terms, x, secret int) {
		t.Helper()
		v, err := l.Vocabulary(t.Context(), scopes)
		if err != nil {
			t.Fatalf("Vocabulary(%q): %v", scopes, err)
		}
		got, want := []int{v.Passages, v.Terms, v.Frequency("x"), v.Frequency("secret")}, []int{passages, terms, x, secret}
		if !slices.Equal(got, want) {
			t.Errorf("Vocabulary(%q): passages, terms, x, secret = %v, want %v", scopes, got, want)
		}
	}
	for range 2 { // the second time of a cache
		check([]retrieval.Scope{"1"}, 2, 5, 2, 0)
		check([]retrieval.Scope{"2"}, 1, 2, 1, 1)
		check([]retrieval.Scope{"2", "1", "2"}, 3, 7, 3, 1)
		check(nil, 0, 0, 0, 0)
	}
	Add(t, l, "1", Episode("c", "x secret"))
	check([]retrieval.Scope{"1"}, 3, 7, 3, 1)
	check([]retrieval.Scope{"1", "2"}, 4, 9, 4, 2)
	if err := l.Remove(t.Context(), "2", "b"); err != nil {
		t.Fatal(err)
	}
	check([]retrieval.Scope{"1", "2"}, 3, 7, 3, 1)
	check([]retrieval.Scope{"2"}, 0, 0, 0, 0)
}

func testScopes(t *testing.T, open Opener) {
	l, _ := open(t)
	mine, theirs := Episode("e", "Ann: apple"), Episode("e", "Bob: secret apple", "apple", "apple")
	Add(t, l, "1", mine)
	alone, err := l.Lexical(t.Context(), in("1"), []string{"apple", "secret"}, 10)
	if err != nil {
		t.Fatal(err)
	}
	Add(t, l, "2", theirs)
	beside, err := l.Lexical(t.Context(), in("1"), []string{"apple", "secret"}, 10)
	if err != nil || !cmp.Equal(alone, beside) {
		t.Errorf("Lexical beside another scope = %v, %v, want the very scores of before, %v", beside, err, alone)
	}
	checkAbsent(t, "other scope", l, "1", "e", "secret", "bob")
	nearest, err := l.Nearest(t.Context(), in("1"), Vector("secret"), 10)
	if err != nil || len(nearest) != 1 {
		t.Errorf("Nearest = %v, %v, want the one passage of the scope", nearest, err)
	}
	both, err := l.Phrase(t.Context(), in("1", "2"), []string{"apple"}, 10)
	if err != nil || len(both) != 3 {
		t.Errorf("Phrase in both scopes = %v, %v, want 3", both, err)
	}
	if err := l.Remove(t.Context(), "2", "e"); err != nil {
		t.Fatal(err)
	}
	got, err := l.Episode(t.Context(), "1", "e")
	if err != nil || !cmp.Equal(got, mine) {
		t.Errorf("Episode after the other's removal = %v, %v, want it untouched", got, err)
	}
	checkSearchable(t, "other removed", l, "1", Split(mine))
}

func testPassages(t *testing.T, open Opener) {
	l, _ := open(t)
	Add(t, l, "1", Episode("e", numbered(6, "text %d")...))
	want := []retrieval.PassageID{{Scope: "1", Episode: "e", Seq: 2}, {Scope: "1", Episode: "e", Seq: 0}}
	got, err := l.Passages(t.Context(), []retrieval.PassageID{want[0], {Scope: "1", Episode: "e", Seq: 3}, {Scope: "2", Episode: "e"},
		{Scope: "1", Episode: "none"}, {Scope: "1", Episode: "e", Seq: -1}, want[1]})
	if err != nil {
		t.Fatal(err)
	}
	found := []retrieval.PassageID{}
	for _, p := range got {
		found = append(found, p.ID)
	}
	if !slices.Equal(found, want) {
		t.Errorf("Passages = %v, want %v: those there are, in the order asked", found, want)
	}
}

func testList(t *testing.T, open Opener) {
	l, _ := open(t)
	for i, id := range []retrieval.EpisodeID{"undated-b", "old", "undated-a", "new-b", "new-a"} {
		e := Episode(id, "Ann: text")
		switch i {
		case 1:
			e.Date = day(time.January, 1)
		case 3, 4:
			e.Date = day(time.May, 1)
		}
		Add(t, l, "1", e)
	}
	Add(t, l, "2", Episode("new-a", "Bob: text"))
	tests := []struct {
		name   string
		filter retrieval.Filter
		want   []retrieval.EpisodeID
	}{
		{"order", in("1"), []retrieval.EpisodeID{"new-a", "new-b", "old", "undated-a", "undated-b"}},
		{"scopes", in("1", "2"), []retrieval.EpisodeID{"new-a", "new-b", "old", "new-a", "undated-a", "undated-b"}},
		{"none", in(), []retrieval.EpisodeID{}},
		{"speaker", retrieval.Filter{Scopes: []retrieval.Scope{"1", "2"}, Speaker: "bob"}, []retrieval.EpisodeID{"new-a"}},
		{"dates", retrieval.Filter{Scopes: []retrieval.Scope{"1"}, From: day(time.January, 1), To: day(time.April, 30)}, []retrieval.EpisodeID{"old"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := l.List(t.Context(), test.filter)
			got := []retrieval.EpisodeID{}
			for _, info := range list {
				got = append(got, info.ID)
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("List = %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func testEmpty(t *testing.T, open Opener) {
	l, _ := open(t)
	list, err := l.List(t.Context(), in("1"))
	if err != nil || list == nil || len(list) > 0 {
		t.Errorf("List = %v, %v, want an empty list that is not nil", list, err)
	}
	checkFilter(t, l, in("1", "2"), 0)
	if got, err := l.Passages(t.Context(), nil); err != nil || len(got) > 0 {
		t.Errorf("Passages = %v, %v, want none", got, err)
	}
	if v, err := l.Vocabulary(t.Context(), []retrieval.Scope{"1"}); err != nil || v.Passages != 0 {
		t.Errorf("Vocabulary = %v, %v, want an empty one", v, err)
	}
}

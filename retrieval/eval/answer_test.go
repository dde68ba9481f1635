package eval

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnswer(t *testing.T) {
	answerable := Question{ID: "a", Lines: [][2]int{{5, 6}}, MustMention: []string{"panel", "2018|seven"}}
	plain := Question{ID: "p", Lines: [][2]int{{5, 6}}}
	unanswerable := Question{ID: "u"}
	got := Answer([]AnswerCase{
		{Question: answerable, Found: true, Text: "The panel, seven years ago.", Citations: []Citation{{Lines: [2]int{6, 7}, Verbatim: true}, {Lines: [2]int{9, 9}, Verbatim: true}}, Took: 10 * time.Millisecond},
		{Question: answerable, Found: true, Text: "The panel.", Citations: []Citation{{Lines: [2]int{7, 7}, Verbatim: false}}, Took: 30 * time.Millisecond},
		// Refused, though the nearest moment it shows is the right one.
		{Question: answerable, Text: "Not here: panel 2018.", Citations: []Citation{{Lines: [2]int{5, 5}, Verbatim: true}}, Took: 20 * time.Millisecond},
		{Question: plain, Found: true, Citations: []Citation{{Lines: [2]int{0, 0}, Verbatim: true}, {Lines: [2]int{4, 5}, Verbatim: true}, {Lines: [2]int{5, 5}, Verbatim: true}}, Took: 40 * time.Millisecond},
		{Question: unanswerable, Took: 50 * time.Millisecond},
		{Question: unanswerable, Found: true, Citations: []Citation{{Lines: [2]int{5, 5}, Verbatim: true}}, Took: 60 * time.Millisecond},
		{Question: unanswerable, Took: 70 * time.Millisecond},
	})
	type means struct{ AnswerableRefused, UnanswerableRefused, Overlap, Precision, PerAnswer, Verbatim, MustMention float64 }
	want := means{
		AnswerableRefused: 1.0 / 4, UnanswerableRefused: 2.0 / 3, Overlap: 2.0 / 4, Precision: 3.0 / 6,
		PerAnswer: (2.0 + 1 + 3 + 1) / 4, Verbatim: 7.0 / 8, MustMention: 1.0 / 3,
	}
	if diff := cmp.Diff(want, means{
		got.AnswerableRefused.Mean, got.UnanswerableRefused.Mean, got.Overlap.Mean, got.Precision.Mean,
		got.PerAnswer.Mean, got.Verbatim.Mean, got.MustMention.Mean,
	}); diff != "" {
		t.Errorf("Answer (-want +got):\n%s", diff)
	}
	if got.Answerable != 4 || got.Unanswerable != 3 || got.MaxCitations != 3 {
		t.Errorf("Answer counts %d, %d and at most %d citations, want 4, 3 and 3", got.Answerable, got.Unanswerable, got.MaxCitations)
	}
	if got.P50 != 40*time.Millisecond || got.P95 != 70*time.Millisecond {
		t.Errorf("Answer latency = %v, %v, want 40ms, 70ms", got.P50, got.P95)
	}
}

func TestVerbatim(t *testing.T) {
	tests := []struct {
		quote, text string
		want        bool
	}{
		{"no obligations", "there was no obligations in", true},
		{"no obligations in either", "there was no obligations\nin  either part", true},
		{"No obligations", "there was no obligations", false},
		{"no, obligations", "there was no obligations", false},
		{" ", "there was", false},
	}
	for _, tt := range tests {
		if got := Verbatim(tt.quote, tt.text); got != tt.want {
			t.Errorf("Verbatim(%q, %q) = %t, want %t", tt.quote, tt.text, got, tt.want)
		}
	}
}

func TestMentions(t *testing.T) {
	tests := []struct {
		text, entry string
		want        bool
	}{
		{"Jaco ZWETSLOOT said", "Zwetsloot", true},
		{"almost seven years", "seven|7", true},
		{"almost 7 years", "seven|7", true},
		{"in 2017", "seven|7", false},
		{"in 2017, or 7 ago", "seven|7", true},
		{"panels of experts", "panel", true},
		{"subpanel", "panel", false},
		{"episode\ntwo", "Episode two", true},
		{"that is ep #2.", "#2", true},
		{"ästhetic", "sthetic", false},
		{"anything", "", false},
		{"anything", "|", false},
	}
	for _, tt := range tests {
		if got := Mentions(tt.text, tt.entry); got != tt.want {
			t.Errorf("Mentions(%q, %q) = %t, want %t", tt.text, tt.entry, got, tt.want)
		}
	}
	if MentionsAll("one two", []string{"one", "three"}) || !MentionsAll("one two", []string{"one", "two"}) {
		t.Error("MentionsAll does not ask for every entry")
	}
}

func TestCovered(t *testing.T) {
	points := []Point{{ID: "a", Lines: [][2]int{{1, 2}}}, {ID: "b", Lines: [][2]int{{5, 5}, {9, 9}}}, {ID: "c", Lines: [][2]int{{20, 30}}}, {ID: "d", Lines: [][2]int{{40, 40}}}}
	if got := Covered(points, [][2]int{{2, 3}, {9, 9}, {31, 39}}); got.Mean != 0.5 || got.N != 4 {
		t.Errorf("Covered = %+v, want 0.5 of 4", got)
	}
}

func TestQuote(t *testing.T) {
	gold := [][2]int{{5, 5}, {8, 8}}
	at5, at8, at9 := [][2]int{{5, 5}}, [][2]int{{8, 8}, {1, 1}}, [][2]int{{9, 9}, {5, 5}}
	got := Quote([]QuoteCase{
		{Kind: KindExact, Gold: gold, Match: MatchExact, Hits: at5},
		{Kind: KindExact, Gold: gold, Match: MatchExact, Hits: at8}, // the other place
		{Kind: KindExact, Gold: gold, Match: MatchClose, Hits: at5},
		{Kind: KindExact, Gold: gold, Match: MatchExact, Hits: at9}, // second at rank 2
		{Kind: KindCrossLine, Gold: [][2]int{{5, 6}}, Match: MatchExact, Hits: at5},
		{Kind: KindFuzzy, Gold: gold, Match: MatchClose, Hits: at5},
		{Kind: KindFuzzy, Gold: gold, Match: MatchMeaning, Hits: at5},
		{Kind: KindFuzzy, Gold: gold},
		{Kind: KindFuzzy, Gold: gold, Match: MatchExact, Hits: at5},
		{Kind: KindParaphrase, Gold: gold, Match: MatchMeaning, Hits: at5},
		{Kind: KindParaphrase, Gold: gold, Hits: at5}, // "not here", with the nearest moments
		{Kind: KindAbsent},
		{Kind: KindAbsent, Match: MatchMeaning, Hits: at5},
		{Kind: KindAbsent, Match: MatchClose, Hits: at5},
		{Kind: KindAbsent, Match: MatchExact, Hits: at5},
	})
	type row struct {
		Kind                        string
		N                           int
		First, Right                float64
		Exact, Close, Meaning, None int
	}
	want := []row{
		{Kind: "absent", N: 4, Right: 0.5, Exact: 1, Close: 1, Meaning: 1, None: 1},
		{Kind: "cross_line", N: 1, First: 1, Right: 1, Exact: 1},
		{Kind: "exact", N: 4, First: 0.75, Right: 0.5, Exact: 3, Close: 1},
		{Kind: "fuzzy", N: 4, First: 0.75, Right: 0.5, Exact: 1, Close: 1, Meaning: 1, None: 1},
		{Kind: "paraphrase", N: 2, First: 1, Right: 0.5, Meaning: 1, None: 1},
	}
	var rows []row
	for _, g := range got {
		rows = append(rows, row{g.Kind, g.Right.N, g.First.Mean, g.Right.Mean, g.Exact, g.Close, g.Meaning, g.None})
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("Quote (-want +got):\n%s", diff)
	}
}

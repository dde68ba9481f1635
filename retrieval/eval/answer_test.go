package eval

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cited makes a citation of lines, verbatim or not.
func cited(from, to int, verbatim bool) Citation {
	c := Citation{Lines: [2]int{from, to}, Quote: "as it was said", Text: "It is, as it was said, so."}
	if !verbatim {
		c.Quote = "as it was not said"
	}
	return c
}

func TestAnswer(t *testing.T) {
	answerable := Question{ID: "a", Lines: [][2]int{{5, 6}}, MustMention: []string{"panel", "2018|seven"}}
	plain := Question{ID: "p", Lines: [][2]int{{5, 6}}}
	unanswerable := Question{ID: "u"}
	got := Answer([]AnswerCase{
		{Question: answerable, Found: true, Text: "The panel, seven years ago.", Citations: []Citation{cited(6, 7, true), cited(9, 9, true)}, Took: 10 * time.Millisecond},
		{Question: answerable, Found: true, Text: "The panel.", Citations: []Citation{cited(7, 7, false)}, Took: 30 * time.Millisecond},
		// Refused, though the nearest moment it shows is the right one.
		{Question: answerable, Text: "Not here: panel 2018.", Citations: []Citation{cited(5, 5, true)}, Took: 20 * time.Millisecond},
		{Question: plain, Found: true, Citations: []Citation{cited(0, 0, true), cited(4, 5, true), cited(5, 5, true)}, Took: 40 * time.Millisecond},
		{Question: unanswerable, Took: 50 * time.Millisecond},
		{Question: unanswerable, Found: true, Citations: []Citation{cited(5, 5, true)}, Took: 60 * time.Millisecond},
		{Question: unanswerable, Took: 70 * time.Millisecond},
	})
	want := map[Figure]float64{
		AnswerableRefused: 1.0 / 4, UnanswerableRefused: 2.0 / 3, GoldMet: 2.0 / 4, GoldPrecision: 3.0 / 6,
		PerAnswer: (2.0 + 1 + 3 + 1) / 4, VerbatimCitations: 7.0 / 8, MustMention: 1.0 / 3, Took: 40,
	}
	if diff := cmp.Diff(want, meansOf(got.Figures)); diff != "" {
		t.Errorf("Answer (-want +got):\n%s", diff)
	}
	if got.Answerable != 4 || got.Unanswerable != 3 || got.MaxCitations != 3 {
		t.Errorf("Answer counts %d, %d and at most %d citations, want 4, 3 and 3", got.Answerable, got.Unanswerable, got.MaxCitations)
	}
	if got.P50 != 40*time.Millisecond || got.P95 != 70*time.Millisecond || got.FirstTokenP50 != 0 {
		t.Errorf("Answer latency = %v, %v, first token %v, want 40ms, 70ms, none", got.P50, got.P95, got.FirstTokenP50)
	}
}

func meansOf(figures map[Figure]Interval) map[Figure]float64 {
	means := map[Figure]float64{}
	for f, v := range figures {
		means[f] = v.Mean
	}
	return means
}

// TestAnswerOfAModel has what only a language model's answers have.
func TestAnswerOfAModel(t *testing.T) {
	citations := []Citation{
		{Lines: [2]int{1, 1}, Quote: "The panel", Text: "The panel of experts was closed."},
		{Lines: [2]int{2, 2}, Quote: "in 2024", Text: "That was in 2024, in spring."},
	}
	said := []Statement{
		{Text: "The “panel of experts” was closed “in spring”.", Citations: []int{0}}, // the second is elsewhere
		{Text: `It was "in 2024 ... in spring".`, Citations: []int{0, 1}},
		{Text: "Nothing more."},
	}
	got := Answer([]AnswerCase{
		{
			Found: true, Citations: citations, Statements: said, Grade: &CitationGrade{Recall: 0.5, Precision: 1},
			Use: ModelUse{Asked: true, ByModel: true, Said: 4, Removed: 1, Tokens: 900, Cost: 0.25, FirstToken: 2 * time.Second},
		},
		// Nothing was left of what it said: the answer is the transcript's.
		{
			Found: true, Citations: citations[:1], Statements: []Statement{{Text: "“The panel”", Citations: []int{0}}}, Grade: &CitationGrade{Recall: 1, Precision: 1},
			Use: ModelUse{Asked: true, FellBack: true, Said: 2, Removed: 2, Tokens: 700, FirstToken: time.Second},
		},
		{Use: ModelUse{Asked: true, ByModel: true, Tokens: 200}}, // it found nothing
	})
	want := map[Figure]float64{
		UnanswerableRefused: 1.0 / 3, Cited: 3.0 / 4, VerbatimQuotes: 3.0 / 4, VerbatimCitations: 1, CitationRecall: 0.75, CitationPrecision: 1,
		Removed: 3.0 / 6, Fallbacks: 1.0 / 3, Tokens: 600, Cost: 0.25, FirstToken: 1500, PerAnswer: 1.5, Took: 0,
	}
	if diff := cmp.Diff(want, meansOf(got.Figures)); diff != "" {
		t.Errorf("Answer (-want +got):\n%s", diff)
	}
	if got.FirstTokenP50 != time.Second || got.FirstTokenP95 != 2*time.Second {
		t.Errorf("Answer has the first token after %v, %v, want 1s, 2s", got.FirstTokenP50, got.FirstTokenP95)
	}
}

func TestQuotedAndSays(t *testing.T) {
	for sentence, want := range map[string][]string{
		`He said “it's over” and "done".`:           {"it's over", "done"},
		"Er sagte „Das ist aus“, «c'est fini».":     {"Das ist aus", "c'est fini"},
		"Sie sagt »aus« und 「終わり」":                  {"aus", "終わり"},
		"“He said ‘no’ to it”":                      {"He said ‘no’ to it"},
		"It's the guests' word, 6\" tall, no quote": nil,
		"":      nil,
		"“open": nil,
	} {
		if diff := cmp.Diff(want, Quoted(sentence)); diff != "" {
			t.Errorf("Quoted(%q) (-want +got):\n%s", sentence, diff)
		}
	}
	const text = "Well, it IS over;\nand it's done, they say."
	for quotation, want := range map[string]bool{
		"it is over":              true,
		"over, and it’s done":     true,
		"it is … they say":        true,
		"it is...done":            true,
		"they say … it is":        false,
		"it is done":              false,
		"ove":                     false,
		"over and it's done they": true,
		"?":                       true,
	} {
		if got := Says(text, quotation); got != want {
			t.Errorf("Says(%q, %q) = %t, want %t", text, quotation, got, want)
		}
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

func TestSummaryScores(t *testing.T) {
	rubric := &Rubric{Points: []Point{{ID: "a", Lines: [][2]int{{1, 2}}}, {ID: "b", Lines: [][2]int{{5, 5}}}}}
	c := SummaryCase{
		Points: []Statement{{Text: "x", Citations: []int{0}}, {Text: "y"}}, Citations: []Citation{cited(2, 3, true)}, Grade: &CitationGrade{Recall: 0.5, Precision: 1}, CoveredLines: 9, TotalLines: 10, Took: time.Second,
		Suspicions: []Suspicion{{ID: "f1"}, {ID: "f2", Suspected: true}}, Use: ModelUse{Asked: true, ByModel: true, Said: 5, Removed: 3, Tokens: 50},
	}
	want := Scores{RubricCovered: {1, 2}, LinesRead: {9, 10}, FalseSuspected: {1, 2}, Took: {1000, 1},
		Cited: {1, 2}, CitationRecall: {0.5, 1}, CitationPrecision: {1, 1}, VerbatimCitations: {1, 1}, Removed: {3, 5}, Fallbacks: {0, 1}, Tokens: {50, 1}}
	if diff := cmp.Diff(want, c.Scores(rubric)); diff != "" {
		t.Errorf("Scores (-want +got):\n%s", diff)
	}
}

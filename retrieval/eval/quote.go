package eval

import (
	"maps"
	"slices"
)

// The kinds of quotes in a gold file.
const (
	// KindExact quotes stand in one line as they are.
	KindExact = "exact"
	// KindCrossLine quotes run over a line break.
	KindCrossLine = "cross_line"
	// KindFuzzy quotes differ in one to three words.
	KindFuzzy = "fuzzy"
	// KindParaphrase quotes say the same in other words.
	KindParaphrase = "paraphrase"
	// KindAbsent quotes were not said.
	KindAbsent = "absent"
)

// The grades of a match, as quote look-up gives them; "" is not found.
const (
	MatchExact   = "exact"
	MatchClose   = "close"
	MatchMeaning = "meaning"
)

// QuoteCase is one quote that was looked up.
type QuoteCase struct {
	// Kind is one of the Kind constants.
	Kind string
	Gold [][2]int
	// Match is one of the Match constants, "" when nothing was found.
	Match string
	// Hits are best first.
	Hits [][2]int
}

// QuoteGrade is how the quotes of one kind fared.
type QuoteGrade struct {
	Kind string `json:"kind"`
	// First is the share whose first hit shares a line with the gold.
	First Interval `json:"first"`
	// Right is the share that is as it should be: exact and cross_line quotes
	// matched "exact" at rank 1, fuzzy ones "exact" or "close" at rank 1,
	// paraphrases in any grade at rank 1, absent ones neither "exact" nor
	// "close".
	Right Interval `json:"right"`
	// Exact to None count the grades.
	Exact   int `json:"exact"`
	Close   int `json:"close"`
	Meaning int `json:"meaning"`
	None    int `json:"none"`
}

// Quote measures quote look-up, one grade a kind in the order of their names.
func Quote(cases []QuoteCase) []QuoteGrade {
	byKind := make(map[string][]QuoteCase)
	for _, c := range cases {
		byKind[c.Kind] = append(byKind[c.Kind], c)
	}
	var grades []QuoteGrade
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		g := QuoteGrade{Kind: kind}
		var first, right sample
		for _, c := range byKind[kind] {
			if kind != KindAbsent {
				first.addBool(FirstHit(c.Hits, c.Gold) == 1)
			}
			right.addBool(c.right())
			g.count(c.Match)
		}
		g.First, g.Right = Bootstrap(first), Bootstrap(right)
		grades = append(grades, g)
	}
	return grades
}

// Scores are what the quote gives to each figure.
func (c *QuoteCase) Scores() Scores { return Scores{QuoteRight: truth(c.right())} }

func (c *QuoteCase) right() bool {
	if c.Kind == KindAbsent {
		return c.Match != MatchExact && c.Match != MatchClose
	}
	if c.Match == "" || FirstHit(c.Hits, c.Gold) != 1 {
		return false
	}
	switch c.Kind {
	case KindExact, KindCrossLine:
		return c.Match == MatchExact
	case KindFuzzy:
		return c.Match != MatchMeaning
	default:
		return true
	}
}

func (g *QuoteGrade) count(match string) {
	switch match {
	case MatchExact:
		g.Exact++
	case MatchClose:
		g.Close++
	case MatchMeaning:
		g.Meaning++
	default:
		g.None++
	}
}

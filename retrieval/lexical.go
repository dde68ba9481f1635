package retrieval

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	// bm25K1 and bm25B are the usual values (Robertson and Zaragoza 2009,
	// section 3.3): saturation of repeats, and weight of passage length.
	bm25K1 = 1.2
	bm25B  = 0.75
	// pairWeight is what two neighbouring words of the question add when the
	// passage has them together too, as a share of the rarer one's weight.
	pairWeight = 0.4
	// pairGap is how many terms apart "together" is.
	pairGap = 3
	// rareFrequency is up to how many passages a word may be in and still be
	// looked up in other spellings: a common word is no misspelling.
	rareFrequency = 2
	// numberWordWeight is what a number's spoken words count for.
	numberWordWeight = 0.7
)

// termGroup is one word of the question with its other spellings.
type termGroup struct {
	term     string
	variants []Variant
	// idf is the weight of the rarest reading that occurs.
	idf float64
	// frequency is the number of passages that hold the word or a variant.
	frequency int
}

// question is a query made ready for lexical search.
type question struct {
	groups []termGroup
	// terms are all readings of all groups, for the index.
	terms []string
	// starts are the starts of the terms.
	starts map[string]bool
}

// analyze makes a question of text over a vocabulary.
func analyze(text string, v *Vocabulary) question {
	var q question
	for _, term := range ContentTerms(text) {
		g := termGroup{term: term, frequency: v.Frequency(term)}
		if g.frequency <= rareFrequency {
			g.variants = v.Variants(term)
		}
		if low := positive(term); v.Frequency(low) > 0 {
			g.variants = append(g.variants, Variant{low, positiveWeight})
		}
		if g.frequency == 0 {
			q.addNumberWords(term, v)
		}
		for _, variant := range g.variants {
			g.frequency = max(g.frequency, v.Frequency(variant.Term))
		}
		g.idf = v.IDF(g.frequency)
		q.groups = append(q.groups, g)
	}
	for i := range q.groups {
		g := &q.groups[i]
		q.terms = append(q.terms, g.term)
		for _, variant := range g.variants {
			q.terms = append(q.terms, variant.Term)
		}
	}
	q.starts = make(map[string]bool, len(q.terms))
	for _, term := range q.terms {
		q.starts[start(term)] = true
	}
	q.terms = withoutCommon(q.terms, v)
	return q
}

const (
	// commonShare is the share of all passages from which a word is too
	// common to look passages up by, in libraries of at least commonFrom
	// passages: it would cost most of the time and bring up nearly all of
	// them. It still counts in the ranking of what other words bring up.
	commonShare = 4 // a quarter
	commonFrom  = 1000
	// mostMatches is how many passages all terms may bring up, repeats counted:
	// the rarest terms that stay within it are looked up, and minRare of them in
	// any case. Libraries of up to some 10,000 passages rarely come to it; in
	// 100,000 the full-text search of a question took most of its time.
	mostMatches = 30_000
	minRare     = 3
)

// withoutCommon leaves out terms that are too common to look up, unless
// nothing else is left.
func withoutCommon(terms []string, v *Vocabulary) []string {
	if v.Passages < commonFrom {
		return terms
	}
	var rare []string
	found := false
	for _, term := range terms {
		if n := v.Frequency(term); n*commonShare < v.Passages {
			rare = append(rare, term)
			found = found || n > 0
		}
	}
	if !found {
		return terms
	}
	return withinMatches(rare, v)
}

// withinMatches leaves the commonest terms out where all together would bring
// up more than mostMatches passages.
func withinMatches(terms []string, v *Vocabulary) []string {
	byRarity := slices.Clone(terms)
	slices.SortStableFunc(byRarity, func(a, b string) int { return cmp.Compare(v.Frequency(a), v.Frequency(b)) })
	sum, kept := 0, 0
	for i, term := range byRarity {
		n := v.Frequency(term)
		if sum += n; n > 0 && sum > mostMatches && kept >= minRare {
			return byRarity[:i]
		}
		if n > 0 {
			kept++
		}
	}
	return terms
}

// positiveWeight is what the positive form of a superlative counts for.
const positiveWeight = 0.8

// positive is the stem of the positive form of a superlative that stemming
// leaves alone ("lowest", "heaviest", "biggest"), "" for other words.
func positive(term string) string {
	word, found := strings.CutSuffix(term, "est")
	if !found || len(word) < 3 {
		return ""
	}
	if short, found := strings.CutSuffix(word, "i"); found {
		return Stem(short + "y")
	}
	if n := len(word); n > 3 && word[n-1] == word[n-2] {
		return Stem(word[:n-1])
	}
	return Stem(word)
}

// addNumberWords adds the words in which a number is spoken, for transcripts
// that write numbers out: 1974 is "nineteen seventy four".
func (q *question) addNumberWords(term string, v *Vocabulary) {
	for _, word := range numberWords(term) {
		stem := Stem(word)
		if n := v.Frequency(stem); n > 0 {
			q.groups = append(q.groups, termGroup{term: stem, frequency: n, idf: numberWordWeight * v.IDF(n)})
		}
	}
}

// bm25 scores a passage, given by its terms joined by spaces.
func (q *question) bm25(terms string, v *Vocabulary) float64 {
	if len(q.groups) == 0 {
		return 0
	}
	weights := make([]float64, len(q.groups)) // weighted number of occurrences
	last := make([]int, len(q.groups))        // position of the latest occurrence
	paired := make([]bool, len(q.groups))
	for i := range last {
		last[i] = math.MinInt32
	}
	position := 0
	for rest := terms; rest != ""; position++ {
		var term string
		term, rest, _ = strings.Cut(rest, " ")
		for i := range q.groups {
			if w := q.groups[i].weight(term); w > 0 {
				weights[i] += w
				last[i] = position
				if i > 0 && position-last[i-1] <= pairGap {
					paired[i] = true
				}
			}
		}
	}
	average := float64(v.Terms) / float64(max(v.Passages, 1))
	norm := bm25K1 * (1 - bm25B + bm25B*float64(position)/max(average, 1))
	score := 0.0
	for i, tf := range weights {
		score += q.groups[i].idf * tf * (bm25K1 + 1) / (tf + norm)
		if paired[i] {
			score += pairWeight * min(q.groups[i].idf, q.groups[i-1].idf)
		}
	}
	return score
}

// weight is 1 for the word itself, less for a variant, 0 for another word.
func (g *termGroup) weight(term string) float64 {
	if term == g.term {
		return 1
	}
	for _, v := range g.variants {
		if v.Term == term {
			return v.Weight
		}
	}
	return 0
}

var smallNumbers = []string{
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
	"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
}

var tens = []string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

// numberWords is how a number of up to four digits is spoken, years in pairs
// of digits; nil for anything else.
func numberWords(s string) []string {
	if len(s) == 0 || len(s) > 4 {
		return nil
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return nil
		}
		n = n*10 + int(s[i]-'0')
	}
	switch {
	case n < 100:
		return twoDigits(n)
	case n < 1000:
		return append([]string{smallNumbers[n/100], "hundred"}, twoDigits(n%100)...)
	case n%1000 < 10:
		words := []string{smallNumbers[n/1000], "thousand"}
		if n%1000 > 0 {
			words = append(words, twoDigits(n%1000)...)
		}
		return words
	case n%100 == 0:
		return append(twoDigits(n/100), "hundred")
	default:
		return append(twoDigits(n/100), twoDigits(n%100)...)
	}
}

func twoDigits(n int) []string {
	switch {
	case n == 0:
		return nil
	case n < 20:
		return []string{smallNumbers[n]}
	case n%10 == 0:
		return []string{tens[n/10]}
	default:
		return []string{tens[n/10], smallNumbers[n%10]}
	}
}

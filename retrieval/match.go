package retrieval

import "slices"

// Match is where a quote stands in a text.
type Match struct {
	// First and Last index the text's tokens, both included.
	First, Last int
	// Score is 1 for the same words, less for each that differs, by its
	// weight; at most 0 when nothing agrees.
	Score float64
	// Exact means the same words in the same order with nothing between,
	// punctuation, case, accents and line breaks aside.
	Exact bool
}

// Weights of a word in a close match: how much it costs to leave it out, add
// it, or say another in its place.
const (
	fillerWeight  = 0.05
	stopWeight    = 0.4
	contentWeight = 1.0
	// Names, numbers and negations change what was said: a quote that
	// differs in one is another statement.
	nameWeight     = 3.0
	negationWeight = 3.0
)

// How unlike two words are that differ, 0 to 1.
const (
	sameStem   = 0.15
	sameSound  = 0.3
	alikeWords = 0.4
)

// MaxQuoteWords is the longest quote that is matched; a longer one matches
// nothing.
const MaxQuoteWords = 300

// fillers are sounds and phrases of hesitation, forgiven in a close match.
var fillers = map[string]bool{
	"um": true, "uh": true, "er": true, "erm": true, "hmm": true, "mm": true, "mhm": true, "ah": true, "oh": true,
	"like": true, "well": true, "so": true, "yeah": true, "okay": true, "ok": true,
}

// negations turn a statement round.
var negations = map[string]bool{
	"not": true, "no": true, "never": true, "nobody": true, "nothing": true, "none": true, "neither": true, "without": true, "cannot": true,
	"dont": true, "doesnt": true, "didnt": true, "isnt": true, "arent": true, "wasnt": true, "werent": true, "wont": true, "wouldnt": true,
	"shouldnt": true, "couldnt": true, "cant": true, "havent": true, "hasnt": true, "hadnt": true, "aint": true,
}

// Words is a text made ready for matching.
type Words struct {
	Tokens []Token
	stems  []string
	sounds []string
	weight []float64
}

// NewWords analyses a text for matching.
func NewWords(text string) *Words {
	w := &Words{Tokens: Tokens(text)}
	w.stems = make([]string, len(w.Tokens))
	w.sounds = make([]string, len(w.Tokens))
	w.weight = make([]float64, len(w.Tokens))
	for i := range w.Tokens {
		word := w.Tokens[i].Word
		w.stems[i] = Stem(word)
		if isLetters(word) {
			w.sounds[i] = soundKey(word)
		}
		switch {
		case negations[word]:
			w.weight[i] = negationWeight
		case fillers[word]:
			w.weight[i] = fillerWeight
		case stopTerms[w.stems[i]]:
			w.weight[i] = stopWeight
		case isNumber(word) || numberNames[word] || i > 0 && capital(text[w.Tokens[i].Start:]) && !startsSentence(text, w.Tokens[i].Start):
			w.weight[i] = nameWeight
		default:
			w.weight[i] = contentWeight
		}
	}
	return w
}

// ContentWords is the number of words that are no stop words or fillers.
func (w *Words) ContentWords() int {
	n := 0
	for _, weight := range w.weight {
		if weight >= contentWeight {
			n++
		}
	}
	return n
}

// Weight says how much word i counts in a close match, 0.05 for a filler to 3
// for a name, a number or a negation.
func (w *Words) Weight(i int) float64 { return w.weight[i] }

// Decides reports whether word i is a name, a number or a negation: a quote
// that differs in one is another statement.
func (w *Words) Decides(i int) bool { return w.weight[i] >= min(nameWeight, negationWeight) }

// SameStem reports whether word i and word j of the other text are forms of
// one word, or the same.
func (w *Words) SameStem(i int, other *Words, j int) bool { return w.stems[i] == other.stems[j] }

// MatchQuote finds the stretch of text that the quote agrees with best, by the
// least cost of turning the whole quote into a stretch of text word by word
// (Sellers 1980, "The theory and computation of evolutionary distances", with
// word weights). It reports false when quote or text has no
// words, or the quote more than MaxQuoteWords. Time is
// proportional to the product of their lengths.
func MatchQuote(quote, text *Words) (Match, bool) {
	n, m := len(quote.Tokens), len(text.Tokens)
	if n == 0 || m == 0 || n > MaxQuoteWords {
		return Match{}, false
	}
	if at := findExact(quote.Tokens, text.Tokens); at >= 0 {
		return Match{First: at, Last: at + n - 1, Score: 1, Exact: true}, true
	}
	type cell struct {
		cost  float64
		start int32 // index of the first text token used
	}
	row, next := make([]cell, m+1), make([]cell, m+1)
	for j := range row {
		row[j] = cell{0, int32(j)}
	}
	total := 0.0
	for i := range n {
		w := quote.weight[i]
		total += w
		next[0] = cell{row[0].cost + w, 0}
		for j := 1; j <= m; j++ {
			best := cell{row[j-1].cost + swapCost(quote, i, text, j-1), row[j-1].start}
			if c := row[j].cost + w; c < best.cost { // the text lacks the quote's word
				best = cell{c, row[j].start}
			}
			if c := next[j-1].cost + text.weight[j-1]; c < best.cost { // the text has one more
				best = cell{c, next[j-1].start}
			}
			next[j] = best
		}
		row, next = next, row
	}
	end := 0
	for j := 1; j <= m; j++ {
		if row[j].cost < row[end].cost {
			end = j
		}
	}
	if end == 0 || int(row[end].start) >= end {
		return Match{}, false // cheapest to leave every word out: nothing agrees
	}
	return Match{First: int(row[end].start), Last: end - 1, Score: 1 - row[end].cost/total}, true
}

// findExact is the index of the first place where the quote's words stand in
// the text's, or -1.
func findExact(quote, text []Token) int {
search:
	for i := 0; i+len(quote) <= len(text); i++ {
		for j := range quote {
			if text[i+j].Word != quote[j].Word {
				continue search
			}
		}
		return i
	}
	return -1
}

// swapCost is the cost of saying text word j for quote word i.
func swapCost(quote *Words, i int, text *Words, j int) float64 {
	a, b := quote.Tokens[i].Word, text.Tokens[j].Word
	if a == b {
		return 0
	}
	return max(quote.weight[i], text.weight[j]) * unlike(quote, i, text, j)
}

func unlike(quote *Words, i int, text *Words, j int) float64 {
	a, b := quote.Tokens[i].Word, text.Tokens[j].Word
	switch {
	case quote.stems[i] == text.stems[j]:
		return sameStem
	case sameNumber(a, b):
		return sameStem
	case partOfNumber(a, b):
		return alikeWords
	case isNumber(a) || isNumber(b) || numberNames[a] || numberNames[b] || negations[a] || negations[b]:
		return 1
	case len(a) < minVariantLetters || len(b) < minVariantLetters || quote.sounds[i] == "" || text.sounds[j] == "":
		return 1
	case quote.sounds[i] == text.sounds[j]:
		return sameSound
	case a[0] != b[0] && a[len(a)-1] != b[len(b)-1]:
		return 1
	}
	longer := max(len(a), len(b))
	if d := editDistance(a, b, longer/3); d <= longer/3 {
		return alikeWords
	}
	return 1
}

// sameNumber reports whether one word is digits and the other the word for
// them.
func sameNumber(a, b string) bool {
	if a[0] > '9' {
		a, b = b, a
	}
	if a[0] > '9' || a[0] < '0' || len(a) > 2 {
		return false
	}
	words := numberWords(a)
	return len(words) == 1 && words[0] == b
}

// partOfNumber reports whether one word is digits and the other one of the
// words in which they are spoken: "2000" and "thousand".
func partOfNumber(a, b string) bool {
	if !isNumber(a) {
		a, b = b, a
	}
	return isNumber(a) && slices.Contains(numberWords(a), b)
}

package retrieval

const (
	// maxSpanLines and maxSpanSentences bound what a citation quotes.
	maxSpanLines     = 4
	maxSpanSentences = 3
)

// Span is a run of sentences: indices into a list, both included.
type Span struct{ First, Last int }

// bestSpan finds the sentences that hold most of what was asked, weighed by
// rarity, in at most four lines and three sentences by one speaker. Of equal
// spans the shorter, then the earlier wins.
func bestSpan(sentences []Sentence, asked *question) Span {
	matches := make([][]float64, len(sentences))
	for i := range sentences {
		matches[i] = asked.matches(sentences[i].Text)
	}
	best, bestScore := Span{}, -1.0
	for first := range sentences {
		held := make([]float64, len(asked.groups))
		for last := first; last < len(sentences) && spanFits(sentences, first, last); last++ {
			score := 0.0
			for g, w := range matches[last] {
				held[g] = max(held[g], w)
			}
			for g, w := range held {
				score += w * asked.groups[g].idf
			}
			if !sentences[last].Evidence() {
				score *= 0.5
			}
			score -= 0.01 * float64(last-first)
			if score > bestScore {
				best, bestScore = Span{first, last}, score
			}
		}
	}
	return best
}

// spanFits reports whether sentences[first..last] may be one citation.
func spanFits(sentences []Sentence, first, last int) bool {
	if last == first {
		return true
	}
	return last-first < maxSpanSentences &&
		sentences[last].LastLine-sentences[first].FirstLine < maxSpanLines &&
		sentences[last].Speaker == sentences[first].Speaker &&
		sentences[last].Boilerplate == sentences[first].Boilerplate
}

// matches gives for each group of the question how well the text holds it: 1
// for the word itself, less for a variant, 0 for none.
func (q *question) matches(text string) []float64 {
	held := make([]float64, len(q.groups))
	take := func(term string) {
		for i := range q.groups {
			held[i] = max(held[i], q.groups[i].weight(term))
		}
	}
	for _, t := range Tokens(text) {
		if unspacedWord(t.Word) {
			for _, term := range Terms(text) { // such words are searched in pairs
				take(term)
			}
			return held
		}
		// Stems keep a word's start, so that most words need no stemming to
		// be told apart from those of the question.
		if q.starts[start(t.Word)] {
			take(Stem(t.Word))
		}
	}
	return held
}

// start is the first two bytes of a word, or the whole of a shorter one.
func start(word string) string { return word[:min(len(word), 2)] }

package retrieval

// Vocabulary is the words of some scopes with how often they occur, for BM25
// and for meeting misspelt names.
type Vocabulary struct {
	// Passages is the number of passages counted.
	Passages int
	// Terms is the number of term occurrences in all passages.
	Terms int
	// frequency is the number of passages that hold each term.
	frequency map[string]int
}

// NewVocabulary makes a vocabulary; it keeps the map. passages and terms are
// the counts of the fields of the same names; frequency gives for each term
// the number of passages that hold it.
func NewVocabulary(passages, terms int, frequency map[string]int) *Vocabulary {
	return &Vocabulary{Passages: passages, Terms: terms, frequency: frequency}
}

// Frequency is the number of passages that hold the term.
func (v *Vocabulary) Frequency(term string) int { return v.frequency[term] }
